/**
 * Builder: JSON text into jansson's values. jansson's own reader is not used: it aborts the program when memory runs
 * out in the middle of a text (an assertion in 2.14), and it refuses numbers beyond int64 and double, which are JSON,
 * and which a decimal field can take. Such a number is kept as a text that is marked by a first byte which is no UTF-8,
 * so that no text from outside can be mistaken for one.
 */
#ifndef CV_MODEL_JSON_BUILD_H
#define CV_MODEL_JSON_BUILD_H

#include <jansson.h>

#include "model/json_scan.h"

/* Most values inside each other: what walks over them recurses, on stacks that may be small. */
enum { CV_JSON_BUILD_DEPTH = 256 };

/**
 * The value that `size` bytes of valid UTF-8 are; the caller releases it. NULL: FAULT in *result, with *fault, or
 * STOPPED when memory is out. Of two members of one name the last counts, in the place of the first.
 */
json_t *cv_json_build(const char *text, size_t size, enum cv_json_scan *result, struct cv_json_fault *fault);

/** The number's own characters if the value is one that jansson cannot hold, else NULL. Borrowed. */
const char *cv_json_big(const json_t *json, size_t *size);

#endif
