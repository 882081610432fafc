/** OpenAPI: the document that describes an application, as FastAPI writes it. */
#ifndef CV_WEB_OPENAPI_OPENAPI_H
#define CV_WEB_OPENAPI_OPENAPI_H

#include "web/app/app.h"

/** Writes the document into app->openapi. False: the application's error. */
bool cv_openapi_make(cuvee_app *app);

#endif
