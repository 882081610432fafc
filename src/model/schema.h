/** JSON Schema (2020-12, as OpenAPI 3.1 embeds it) out of a descriptor. */
#ifndef CV_MODEL_SCHEMA_H
#define CV_MODEL_SCHEMA_H

#include <jansson.h>

#include "model/plan.h"

/* What a schema is of: what leaves, a body, or a body that is a part of an object. */
enum cv_schema_use { CV_SCHEMA_OUT = 0, CV_SCHEMA_IN, CV_SCHEMA_PART, CV_SCHEMA_USES };

/**
 * The schema of one field's value (type, format, bounds, default, description, examples). New reference; NULL: no
 * memory.
 */
json_t *cv_schema_field(const struct cv_field *field, enum cv_schema_use use);
/**
 * The schema of a whole struct: {"properties":…,"type":"object","required":[…],"title":…}. IN leaves out keys that the
 * database assigns and read-only fields, PART all keys, and requires nothing; OUT leaves out hidden ones. Nested models
 * are {"$ref": "#/components/schemas/NAME"} with the model's name.
 */
json_t *cv_schema_object(const struct cv_plan *plan, enum cv_schema_use use);
/**
 * Whether the two uses give different schemas, so that components need "User-Input" and "User-Output", as in FastAPI.
 */
bool cv_schema_differs(const struct cv_plan *plan);

#endif
