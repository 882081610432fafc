/** Rows: moving values between a struct and cuvee_value by a field's plan. */
#ifndef CV_MODEL_ROW_H
#define CV_MODEL_ROW_H

#include "base/arena.h"
#include "model/plan.h"

/** The member's value, borrowed from the struct. Not for OBJECT and ARRAY. */
cuvee_value cv_row_get(const struct cv_field *field, const void *row);

/** The same for one item of an array of plain values, of this kind. */
cuvee_value cv_item_get(cuvee_kind kind, const void *item);
/** Puts `value`, which is not NULL, into one item of an array of plain values. False only when memory is out. */
bool cv_item_set(cuvee_kind kind, void *item, const cuvee_value *value, struct cv_arena *arena);

/**
 * Puts `value` into the member; texts and blobs are copied into `arena`. The value must be of the field's kind, or NULL
 * where the field is nullable (cv_row_fits). False only when memory is out.
 */
bool cv_row_set(const struct cv_field *field, void *row, const cuvee_value *value, struct cv_arena *arena);

/** Copies one member from struct to struct of the same model as it is: what it points to is the same in both. */
void cv_row_share(const struct cv_field *field, void *to, const void *from);

/**
 * Fills a whole row from one cell per field, each of its field's kind or NULL. Texts and blobs are copied into `arena`,
 * or with a NULL arena borrowed from the cells, where texts end with NUL. False: MEMORY, or SCHEMA for a NULL that the
 * model does not allow; then the row is undefined.
 */
bool cv_row_load(const struct cv_plan *plan, void *row, const cuvee_value *cells, struct cv_arena *arena,
                 cuvee_error *error);

/**
 * Whether a value can stand in this field without loss, converting between the integer kinds (range checked), from
 * integers to double (exact only), decimal and bool (0 and 1), and from text to decimal, time, date, UUID and JSON
 * (when the text is one). On success *value has the field's kind; converted texts live in `arena`. On failure the error
 * (VALUE or NOT_NULL) names model and field.
 */
bool cv_row_fits(const struct cv_plan *plan, const struct cv_field *field, cuvee_value *value, struct cv_arena *arena,
                 cuvee_error *error);

/**
 * Checks a whole row against the model before it is written: values that their kinds cannot hold (invalid UTF-8, NaN,
 * …), bounds, length, pattern, format, choices. The first failure goes to *error (VALUE, CHECK, NOT_NULL) naming model
 * and field.
 */
bool cv_row_check(const struct cv_plan *plan, const void *row, cuvee_error *error);
/** The same for one field. */
bool cv_row_check_field(const struct cv_plan *plan, const struct cv_field *field, const void *row, cuvee_error *error);
/**
 * Checks a whole row of a table whose texts and blobs are the caller's: it gets copies of its own, in `arena`. False
 * also when memory is out (MEMORY); then the row must not be used.
 */
bool cv_row_take(const struct cv_plan *plan, void *row, struct cv_arena *arena, cuvee_error *error);

/** A copy of the struct and of all its texts, and of what it points to. NULL when memory is out. */
void *cv_row_copy(const struct cv_plan *plan, const void *row, struct cv_arena *arena);
/**
 * Fills in defaults where the row has what no value can be: a NULL text, decimal or JSON, an optional that is not set,
 * a time or date of 0, a UUID of zeros, NULL blob data. `now_us` is the time for CUVEE_NOW. False when memory or
 * randomness is out.
 */
bool cv_row_fill(const struct cv_plan *plan, void *row, int64_t now_us, struct cv_arena *arena);

/**
 * The field's default as a value (NULL if it has none), borrowed from the plan. False when randomness is out. Not for
 * ARRAY.
 */
bool cv_fallback_value(const struct cv_field *field, int64_t now_us, cuvee_value *value);

/** Equal in every respect that the database can see. */
bool cv_row_same_field(const struct cv_field *field, const void *a, const void *b);

#endif
