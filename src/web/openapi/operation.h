/** The document's operations: one for each endpoint. */
#ifndef CV_WEB_OPENAPI_OPERATION_H
#define CV_WEB_OPENAPI_OPERATION_H

#include "web/app/app.h"
#include "web/openapi/component.h"

/** Which schema an endpoint's body has. */
enum cv_schema_use cv_body_use(const struct cv_endpoint *endpoint);
/** One endpoint's entry under its path and method. New reference; NULL: no memory. */
json_t *cv_openapi_operation(const struct cv_endpoint *endpoint, const struct cv_component *components);

#endif
