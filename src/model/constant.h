/**
 * Constants: values from the text that a descriptor carries, and their order.
 *
 * The text is what a URL would carry: "true", "18", "2.50", "2024-01-31", "2024-01-31T10:00:00Z", a UUID, base64 for a
 * blob, JSON. Nothing around it, one form for each kind; what people may write beyond that is the business of
 * json_read.
 */
#ifndef CV_MODEL_CONSTANT_H
#define CV_MODEL_CONSTANT_H

#include <cuvee/value.h>

#include "base/arena.h"

enum cv_constant { CV_CONSTANT_GOOD = 0, CV_CONSTANT_WRONG, CV_CONSTANT_NO_MEMORY };

/** Reads the whole text as a value of `kind` (no OBJECT, no ARRAY); its own texts and bytes live in `arena`. */
enum cv_constant cv_constant_read(cuvee_kind kind, const char *text, size_t size, struct cv_arena *arena,
                                  cuvee_value *value);

/** Whether values of this kind have an order that bounds can use: numbers, times, dates. */
bool cv_kind_has_order(cuvee_kind kind);
/** Less than, equal to or greater than zero as a is below, equal to or above b. Both of one kind that has an order. */
int cv_value_compare(const cuvee_value *a, const cuvee_value *b);
/** The kind in words: "int64", "text". "unknown" for what is none. Never NULL. */
const char *cv_kind_name(cuvee_kind kind);

/** Whether `size` bytes are one JSON value as RFC 8259 has it, in UTF-8, without NUL in any text. */
bool cv_json_is(const char *text, size_t size);

#endif
