/**
 * JSON out of a descriptor: rows and structs written straight into a buffer, no tree in between.
 *
 * What is written is valid JSON whatever the values are: bytes that are no UTF-8 become U+FFFD, a JSON value that is
 * none becomes a string, and infinity, NaN and times outside of the years 1 to 9999 become null. Failure is the
 * buffer's.
 */
#ifndef CV_MODEL_JSON_WRITE_H
#define CV_MODEL_JSON_WRITE_H

#include "base/buffer.h"
#include "model/plan.h"

/* Most structs inside each other; beyond it, as in a circle of pointers, the buffer fails as over its limit. */
enum { CV_JSON_WRITE_DEPTH = 256 };

/**
 * One value: numbers as numbers (doubles shortest round trip), times RFC 3339 with Z, UUID, decimal as strings, blob
 * base64.
 */
void cv_json_value(struct cv_buffer *out, const cuvee_value *value);
/** A JSON string of `size` bytes of UTF-8, quotes included. */
void cv_json_string(struct cv_buffer *out, const char *text, size_t size);
/**
 * An object from one value per field of the plan (in its order); hidden fields are left out. OBJECT and ARRAY become
 * null.
 */
void cv_json_cells(struct cv_buffer *out, const struct cv_plan *plan, const cuvee_value *cells);
/** An object from a struct; nested objects and arrays too. */
void cv_json_row(struct cv_buffer *out, const struct cv_plan *plan, const void *row);
/** The same without the members that are null, in nested objects too. */
void cv_json_cells_set(struct cv_buffer *out, const struct cv_plan *plan, const cuvee_value *cells);
void cv_json_row_set(struct cv_buffer *out, const struct cv_plan *plan, const void *row);

#endif
