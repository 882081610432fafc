/** Security schemes as OpenAPI shows them. */
#ifndef CV_WEB_REQUEST_SECURITY_H
#define CV_WEB_REQUEST_SECURITY_H

#include <jansson.h>

#include <cuvee/security.h>

/** The scheme's name in the document. */
const char *cv_security_name(const cuvee_security *security);
/** What the document says about it. New reference; NULL: no memory. */
json_t *cv_security_schema(const cuvee_security *security);

#endif
