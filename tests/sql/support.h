/** What the tests of statement texts share: models, made-up dialects, and short forms of the calls. */
#ifndef TESTS_SQL_SUPPORT_H
#define TESTS_SQL_SUPPORT_H

#include "support/check.h"

#include "sql/shape.h"
#include "sql/sql.h"

/* ---- models ---- */

extern const cuvee_model town_model;   /* a text key that the caller gives */
extern const cuvee_model person_model; /* an automatic key, a reference to a town, NULLs, a unique pair */
extern const cuvee_model pair_model;   /* a key of two fields and nothing else */
extern const cuvee_model note_model;   /* a version, and a reference to a pair */
extern const cuvee_model odd_model;    /* names that need their quotes */
extern const cuvee_model paper_model;  /* JSON, and a reference to a town that has no index of its own */
extern const cuvee_model ticket_model; /* an automatic key and nothing else */

/* Fields of person_model by number. */
enum { PERSON_ID, PERSON_NAME, PERSON_NICK, PERSON_AGE, PERSON_TOWN, PERSON_WAGE, PERSON_ACTIVE, PERSON_FIELDS };

/** The plan of one of them, made once per program and freed at its end. */
const struct cv_plan *plan_of(const cuvee_model *model);
/** Frees all plans and texts: the group's teardown. */
int free_plans(void **state);

/* ---- dialects ---- */

/* Parameters $1, $2, …; "names"; keys come back by RETURNING; NULLs last, and told where else; FOR UPDATE. */
extern const struct cv_dialect numbered_dialect;
/* Parameters ?; `names`; ON DUPLICATE KEY; NULLs first, and no words to say otherwise; FOR UPDATE. */
extern const struct cv_dialect ticked_dialect;

/* ---- texts ---- */

/** Statements as text; the texts live until free_plans. */
const char *select_text(const struct cv_dialect *dialect, const struct cv_select *select);
const char *change_text(const struct cv_dialect *dialect, const struct cv_change *change);
const char *upsert_text(const struct cv_dialect *dialect, const struct cv_upsert *upsert);
const char *mass_text(const struct cv_dialect *dialect, const struct cv_mass *mass);
const char *raw_text(const struct cv_dialect *dialect, const char *text, const cuvee_value *values, size_t count);

/** The kinds of the parameters and columns of the text that was written last, a letter each: b bool, i int32, l int64,
 * d double, t text, T time, D date, n decimal, u UUID, x blob, j JSON, 0 none. */
const char *last_params(void);
const char *last_columns(void);

/** Integers among the parameters of a run, in order, with spaces between; texts as they are. */
const char *select_values(const struct cv_select *select);
const char *mass_values(const struct cv_mass *mass);

/* ---- filters ---- */

#define REF(field)           cv_ref_make(0, field)
#define OTHER(source, field) cv_ref_make(source, field)
#define NUMBERS(...)         ((const cuvee_value[]){__VA_ARGS__})

#define FIELD_SET(...) field_set((const size_t[]){__VA_ARGS__}, sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t))
struct cv_field_set field_set(const size_t *fields, size_t count);

cuvee_expr compares(cv_ref ref, cuvee_comparison comparison, const cuvee_value *value);
cuvee_expr joins(enum cv_expr_kind kind, const cuvee_expr *left, const cuvee_expr *right);

#endif
