/**
 * The files of the docs pages, compiled into the library.
 *
 * They come from the npm registry at build time; a generated C file defines the table. A build without them has an
 * empty one, and /docs and /redoc then say so.
 */
#ifndef CV_WEB_PAGES_ASSETS_H
#define CV_WEB_PAGES_ASSETS_H

#include <stddef.h>

struct cv_web_asset {
    const char *path;           /* under which it is served; the pages ask for those below */
    const char *content_type;   /* "text/css; charset=utf-8" */
    const unsigned char *bytes; /* compressed with gzip */
    size_t size;                /* of bytes */
    const char *etag;           /* made from the content, quotes included: "\"4c1d…\"" */
};

#define CV_SWAGGER_STYLE  "/docs/swagger-ui.css"
#define CV_SWAGGER_SCRIPT "/docs/swagger-ui-bundle.js"
#define CV_REDOC_SCRIPT   "/redoc/redoc.standalone.js"

extern const struct cv_web_asset cv_web_assets[];
extern const size_t cv_web_asset_count;

#endif
