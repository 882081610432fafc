/**
 * Values from outside, read the way Pydantic 2 reads them in lax mode: a number from "12", a bool from "yes", a time
 * from a number of seconds. Whatever cannot be read becomes a mistake in Pydantic's words.
 *
 * Parts: lax.c rules, lax_number.c, lax_time.c, lax_text.c the kinds, lax_fault.c the mistakes.
 */
#ifndef CV_MODEL_LAX_H
#define CV_MODEL_LAX_H

#include "model/json_read.h"
#include "model/rule.h"

enum cv_input_type {
    CV_INPUT_NULL,
    CV_INPUT_BOOL,
    CV_INPUT_INTEGER,
    CV_INPUT_REAL,
    CV_INPUT_BIG, /* a number that neither int64 nor double holds, as its text */
    CV_INPUT_TEXT,
    CV_INPUT_ARRAY,
    CV_INPUT_OBJECT,
};

/* What was sent: a value of a body, or the text of a parameter. */
struct cv_input {
    enum cv_input_type type;
    bool boolean;
    int64_t integer;
    double real;
    const char *text;            /* TEXT, BIG */
    size_t size;                 /* of it, or the number of texts */
    const struct cv_text *texts; /* ARRAY of a repeated parameter */
    const json_t *json;          /* NULL: of a parameter */
};

struct cv_input cv_input_json(const json_t *json);
struct cv_input cv_input_text(const char *text, size_t size);

/* One value on its way. */
struct cv_lax {
    const struct cv_field *field; /* whose rules hold */
    struct cv_input input;
    const struct cv_loc *loc;
    struct cv_arena *arena;
    struct cv_issues *issues;
};

/**
 * Reads the input as a value of `kind` (a field's, or its items') that keeps the field's rules. False: mistakes were
 * added.
 */
bool cv_lax_value(const struct cv_lax *lax, cuvee_kind kind, cuvee_value *value);

/* The kinds. Each returns false when a mistake was added. Texts of the value live in the input or in the arena. */
bool cv_lax_bool(const struct cv_lax *lax, cuvee_value *value);
/**
 * ABOVE and BELOW are integers that int64 cannot hold; to add the mistake is left to the caller, who knows the bounds.
 */
enum cv_lax_integer { CV_LAX_READ, CV_LAX_FAULT, CV_LAX_ABOVE, CV_LAX_BELOW };
enum cv_lax_integer cv_lax_int(const struct cv_lax *lax, int64_t *integer);
bool cv_lax_double(const struct cv_lax *lax, cuvee_value *value);
bool cv_lax_decimal(const struct cv_lax *lax, cuvee_value *value);
bool cv_lax_time(const struct cv_lax *lax, cuvee_value *value);
bool cv_lax_date(const struct cv_lax *lax, cuvee_value *value);
bool cv_lax_text(const struct cv_lax *lax, cuvee_value *value);
bool cv_lax_uuid(const struct cv_lax *lax, cuvee_value *value);
bool cv_lax_blob(const struct cv_lax *lax, cuvee_value *value);
bool cv_lax_json(const struct cv_lax *lax, cuvee_value *value);

/* Mistakes. All return false. */
bool cv_lax_no_memory(const struct cv_lax *lax);
/** One without ctx. */
bool cv_lax_fault(const struct cv_lax *lax, const char *type, const char *msg);
/** `before` + error + `after` is the message, and {"name": error} the ctx. */
bool cv_lax_fault_of(const struct cv_lax *lax, const char *type, const char *before, const char *name,
                     const char *error, const char *after);
/** The same with a number instead of the error. */
bool cv_lax_fault_number(const struct cv_lax *lax, const char *type, const char *before, const char *name,
                         int64_t number, const char *after);
/** The mistake that breaking the rule is. */
bool cv_lax_fault_rule(const struct cv_lax *lax, enum cv_rule rule, const cuvee_value *value);
/** An array with too few or too many items. */
bool cv_lax_fault_count(const struct cv_lax *lax, enum cv_rule rule, size_t count);
/** The bound that every value of the kind has: "less_than_equal" 2147483647 and the like. */
bool cv_lax_fault_limit(const struct cv_lax *lax, cuvee_kind kind, bool above);

#endif
