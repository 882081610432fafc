/**
 * jansson's values as text, as Python's json writes them: compact, in order, non-ASCII as it is, doubles as repr has
 * them.
 */
#ifndef CV_MODEL_JSON_DUMP_H
#define CV_MODEL_JSON_DUMP_H

#include <jansson.h>

#include "base/buffer.h"

/** Writes the value; also one that cv_json_parse made, with numbers that jansson cannot hold. */
void cv_json_dump(struct cv_buffer *out, const json_t *json);

#endif
