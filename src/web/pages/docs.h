/** The routes that every application has: /openapi.json, /docs (Swagger UI) and /redoc, all without internet. */
#ifndef CV_WEB_PAGES_DOCS_H
#define CV_WEB_PAGES_DOCS_H

#include "web/app/app.h"

/** Adds them, except where the application has a route of its own at the same place. Errors go to the application. */
void cv_docs_add_routes(cuvee_app *app);

#endif
