/**
 * Numbers that jansson cannot hold: integers beyond int64 and reals beyond every double. It refuses a whole text for one of
 * them, but they are JSON, and a decimal field can take the first and a bound must name the second. So a text that jansson
 * refused for that reason is read once more with these numbers as texts, which are marked in a way that no text from
 * outside can have: by a first byte that is no UTF-8.
 */
#ifndef CV_MODEL_JSON_BIG_H
#define CV_MODEL_JSON_BIG_H

#include <jansson.h>
#include <stdbool.h>

/** Reads `size` bytes that are JSON (cv_json_locate finds no fault). NULL when memory or randomness is out. */
json_t *cv_json_big_load(const char *text, size_t size);

/** The number's own characters if the value is such a number, else NULL. Borrowed. */
const char *cv_json_big(const json_t *json, size_t *size);

#endif
