/**
 * Queries: which rows of a model, in which order.
 *
 *     cuvee_query *q = cuvee_select(s, &user_model);
 *     cuvee_where(q, cuvee_eq(q, "email", "jane@example.com"));
 *     cuvee_order_by(q, "name", CUVEE_ASCENDING);
 *     cuvee_list users = cuvee_all(q);
 *     for (size_t i = 0; i < users.count; i++) {
 *         const User *user = users.items[i];
 *         …
 *     }
 *
 * Field names and value types are checked against the model when a filter is built; a mistake is the session's error (MISUSE)
 * and names model and field. Values are always bound, never part of the statement's text.
 *
 * Queries and expressions belong to their session and are freed with it; they are used by its thread. Texts given as
 * values are copied. NULL queries are accepted everywhere and find nothing.
 */
#ifndef CUVEE_QUERY_H
#define CUVEE_QUERY_H

#include <cuvee/session.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_query cuvee_query;
typedef struct cuvee_expr cuvee_expr;

typedef enum cuvee_direction {
    CUVEE_ASCENDING = 0,
    CUVEE_DESCENDING,
} cuvee_direction;

/** Comparisons. */
typedef enum cuvee_comparison {
    CUVEE_EQ = 1,
    CUVEE_NE,
    CUVEE_LT,
    CUVEE_LE,
    CUVEE_GT,
    CUVEE_GE,
    CUVEE_LIKE,  /**< case-sensitive; % and _ are wildcards, backslash takes their meaning away */
    CUVEE_ILIKE, /**< the same without regard to case (of ASCII letters) */
} cuvee_comparison;

/** Loaded objects; the array belongs to the session. */
typedef struct cuvee_list {
    const void *const *items;
    size_t count;
} cuvee_list;

/** A query for all rows of `model`. NULL on error: MISUSE (model in no bound base), MEMORY. */
cuvee_query *cuvee_select(cuvee_session *session, const cuvee_model *model);

/** Adds a condition; several are joined by AND. A NULL expression is ignored when the session has an error already. */
void cuvee_where(cuvee_query *query, const cuvee_expr *condition);

/** `field` compared with a value: NULL compares by IS NULL under EQ and IS NOT NULL under NE, else it is an error. */
const cuvee_expr *cuvee_compare(cuvee_query *query, const char *field, cuvee_comparison comparison, cuvee_value value);
#define cuvee_eq(q, field, x)    cuvee_compare(q, field, CUVEE_EQ, CUVEE_VALUE(x))
#define cuvee_ne(q, field, x)    cuvee_compare(q, field, CUVEE_NE, CUVEE_VALUE(x))
#define cuvee_lt(q, field, x)    cuvee_compare(q, field, CUVEE_LT, CUVEE_VALUE(x))
#define cuvee_le(q, field, x)    cuvee_compare(q, field, CUVEE_LE, CUVEE_VALUE(x))
#define cuvee_gt(q, field, x)    cuvee_compare(q, field, CUVEE_GT, CUVEE_VALUE(x))
#define cuvee_ge(q, field, x)    cuvee_compare(q, field, CUVEE_GE, CUVEE_VALUE(x))
#define cuvee_like(q, field, x)  cuvee_compare(q, field, CUVEE_LIKE, CUVEE_VALUE(x))
#define cuvee_ilike(q, field, x) cuvee_compare(q, field, CUVEE_ILIKE, CUVEE_VALUE(x))

/** `field` equal to one of `count` values; none at all is a condition that no row meets. */
const cuvee_expr *cuvee_in(cuvee_query *query, const char *field, const cuvee_value *values, size_t count);
const cuvee_expr *cuvee_is_null(cuvee_query *query, const char *field);
const cuvee_expr *cuvee_and(cuvee_query *query, const cuvee_expr *a, const cuvee_expr *b);
const cuvee_expr *cuvee_or(cuvee_query *query, const cuvee_expr *a, const cuvee_expr *b);
const cuvee_expr *cuvee_not(cuvee_query *query, const cuvee_expr *a);

/** Adds a sort key. Without any, rows come in the order of the primary key. NULLs come last ascending, first descending. */
void cuvee_order_by(cuvee_query *query, const char *field, cuvee_direction direction);
/** At most `count` rows. */
void cuvee_limit(cuvee_query *query, uint64_t count);
/** Leaves out the first `count` rows. */
void cuvee_offset(cuvee_query *query, uint64_t count);

/** Runs the query and loads all rows. An empty list with an error in the session on failure. */
cuvee_list cuvee_all(cuvee_query *query);
/** The first row, or NULL. */
const void *cuvee_first(cuvee_query *query);
/** The only row. NULL when there is none (error MISSING) or more than one (error MISUSE). */
const void *cuvee_one(cuvee_query *query);
/** How many rows there are, without limit and offset. 0 on error. */
int64_t cuvee_count(cuvee_query *query);

#ifdef __cplusplus
}
#endif
#endif
