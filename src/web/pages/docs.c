#include "web/pages/docs.h"

#include <string.h>

#include <zlib.h>

#include "base/error.h"
#include "web/front/front.h"
#include "web/pages/assets.h"
#include "web/request/request.h"

/* The pages may reach nothing but this server, whatever their scripts try: the browser is told so. */
static const char policy[] = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                             "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; "
                             "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/* What starts the pages' scripts; the root path stands between. */
struct script {
    const char *before;
    const char *after;
};

static const struct script swagger_start = {"window.ui = SwaggerUIBundle({\n"
                                            "  url: '",
                                            "/openapi.json',\n"
                                            "  dom_id: '#swagger-ui',\n"
                                            "  deepLinking: true,\n"
                                            "  showExtensions: true,\n"
                                            "  showCommonExtensions: true,\n"
                                            "  validatorUrl: null\n"
                                            "});\n"};

static const struct script redoc_start = {"Redoc.init('", "/openapi.json', {}, document.getElementById('redoc'));\n"};

/* ---- replies that can be kept by the client ---- */

/* True when the client's copy is still good; the reply is 304 then. */
static bool begin_kept(cuvee_request *request, const char *content_type, const char *etag)
{
    bool known = cv_header_has(request, "If-None-Match", etag);
    cv_reply_begin(request->reply, known ? 304 : 200, known ? NULL : content_type);
    return !cv_add_header(request, "ETag", etag) || !cv_add_header(request, "Cache-Control", "no-cache") || known;
}

static void read_openapi(cuvee_request *request)
{
    const cuvee_app *app = request->service->app;
    if (!begin_kept(request, CV_JSON_TYPE, app->openapi_etag))
        request->reply->fixed = app->openapi;
}

/* ---- the pages' files ---- */

static const struct cv_web_asset *asset_of(const char *path)
{
    for (size_t i = 0; i < cv_web_asset_count; i++)
        if (strcmp(cv_web_assets[i].path, path) == 0)
            return &cv_web_assets[i];
    return NULL;
}

static bool inflate_all(z_stream *stream, struct cv_buffer *out)
{
    enum { STEP = 64 * 1024, GZIP_WINDOW = 15 + 16 };
    if (inflateInit2(stream, GZIP_WINDOW) != Z_OK)
        return false;
    int state = Z_OK;
    while (state == Z_OK) {
        stream->next_out = (Bytef *)cv_buffer_reserve(out, STEP);
        stream->avail_out = STEP;
        if (!stream->next_out)
            break;
        state = inflate(stream, Z_NO_FLUSH);
        out->size += STEP - stream->avail_out;
    }
    inflateEnd(stream);
    return state == Z_STREAM_END;
}

static void reply_inflated(cuvee_request *request, const struct cv_web_asset *asset)
{
    z_stream stream = {.next_in = (Bytef *)asset->bytes, .avail_in = (uInt)asset->size};
    cv_reply_begin(request->reply, 200, asset->content_type);
    if (!inflate_all(&stream, &request->reply->body))
        cv_fail(request, "%s cannot be decompressed", asset->path);
    else
        cv_add_header(request, "Vary", "Accept-Encoding");
}

static void read_asset(cuvee_request *request)
{
    const struct cv_web_asset *asset = asset_of(request->endpoint->path);
    if (!cv_wants_gzip(&request->in->headers))
        reply_inflated(request, asset);
    else if (!begin_kept(request, asset->content_type, asset->etag) &&
             cv_add_header(request, "Content-Encoding", "gzip") && cv_add_header(request, "Vary", "Accept-Encoding"))
        request->reply->fixed = (struct cv_slice){(const char *)asset->bytes, asset->size};
}

/* ---- the pages ---- */

static void put_escaped(struct cv_buffer *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            cv_buffer_put(out, "&lt;");
        else if (*text == '&')
            cv_buffer_put(out, "&amp;");
        else
            cv_buffer_char(out, *text);
    }
}

struct page {
    const char *name;
    const char *style; /* NULL: none */
    const char *body;
    const char *script; /* the asset */
    const char *start;
};

/* What stands in front of the paths, as the browser sees them; it is made of characters that need no escape. */
static const char *root_of(const cuvee_request *request)
{
    struct cv_slice root = request->service->app->front->root_path;
    return root.size > 0 ? root.data : "";
}

static void reply_page(cuvee_request *request, const struct page *page)
{
    cv_reply_begin(request->reply, 200, "text/html; charset=utf-8");
    struct cv_buffer *out = &request->reply->body;
    const char *root = root_of(request);
    cv_buffer_put(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<link rel=\"icon\" href=\"data:,\">\n<title>");
    put_escaped(out, request->service->app->options.title);
    cv_buffer_format(out, " - %s</title>\n", page->name);
    if (page->style && asset_of(page->style))
        cv_buffer_format(out, "<link rel=\"stylesheet\" href=\"%s%s\">\n", root, page->style);
    cv_buffer_format(out, "</head>\n<body>\n%s\n", page->body);
    if (asset_of(page->script))
        cv_buffer_format(out, "<script src=\"%s%s\"></script>\n<script src=\"%s%s\"></script>\n", root, page->script,
                         root, page->start);
    else
        cv_buffer_format(out,
                         "<p>This program was built without the files of this page. "
                         "<a href=\"%s/openapi.json\">/openapi.json</a> describes the API.</p>\n",
                         root);
    cv_buffer_put(out, "</body>\n</html>\n");
    cv_add_header(request, "Content-Security-Policy", policy);
}

static void read_docs(cuvee_request *request)
{
    static const struct page page = {"Swagger UI", CV_SWAGGER_STYLE, "<div id=\"swagger-ui\"></div>", CV_SWAGGER_SCRIPT,
                                     "/docs/start.js"};
    reply_page(request, &page);
}

static void read_redoc(cuvee_request *request)
{
    static const struct page page = {"ReDoc", NULL, "<div id=\"redoc\"></div>", CV_REDOC_SCRIPT, "/redoc/start.js"};
    reply_page(request, &page);
}

static void reply_script(cuvee_request *request, const struct script *script)
{
    cv_reply_begin(request->reply, 200, "text/javascript; charset=utf-8");
    cv_buffer_format(&request->reply->body, "%s%s%s", script->before, root_of(request), script->after);
}

static void read_docs_start(cuvee_request *request)
{
    reply_script(request, &swagger_start);
}

static void read_redoc_start(cuvee_request *request)
{
    reply_script(request, &redoc_start);
}

/* ---- routes ---- */

static void add_route(cuvee_app *app, const char *path, cuvee_handler handler)
{
    for (const struct cv_endpoint *endpoint = app->endpoints; endpoint; endpoint = endpoint->next)
        if (strcmp(endpoint->path, path) == 0)
            return;
    cv_app_add_page(app, "GET", path, handler, app);
    cv_app_add_page(app, "HEAD", path, handler, app);
}

void cv_docs_add_routes(cuvee_app *app)
{
    add_route(app, "/openapi.json", read_openapi);
    add_route(app, "/docs", read_docs);
    add_route(app, "/docs/start.js", read_docs_start);
    add_route(app, "/redoc", read_redoc);
    add_route(app, "/redoc/start.js", read_redoc_start);
    for (size_t i = 0; i < cv_web_asset_count; i++)
        add_route(app, cv_web_assets[i].path, read_asset);
}
