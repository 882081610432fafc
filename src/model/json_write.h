/** JSON out of a descriptor: rows and structs written straight into a buffer, no tree in between. */
#ifndef CV_MODEL_JSON_WRITE_H
#define CV_MODEL_JSON_WRITE_H

#include "base/buffer.h"
#include "model/plan.h"

/** One value: numbers as numbers (doubles shortest round trip), times RFC 3339 with Z, UUID, decimal as strings, blob base64. */
void cv_json_value(struct cv_buffer *out, const cuvee_value *value);
/** A JSON string of `size` bytes of valid UTF-8, quotes included. */
void cv_json_string(struct cv_buffer *out, const char *text, size_t size);
/** An object from one value per field of the plan (in its order); hidden fields are left out. */
void cv_json_cells(struct cv_buffer *out, const struct cv_plan *plan, const cuvee_value *cells);
/** An object from a struct; nested objects and arrays too. */
void cv_json_row(struct cv_buffer *out, const struct cv_plan *plan, const void *row);

#endif
