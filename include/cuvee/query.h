/**
 * Queries: which rows of a model, in which order, and what comes back of them.
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
 * Field names and value types are checked against the model when a filter is built; a mistake is the session's error
 * (MISUSE) and names model and field. Values are always bound, never part of the statement's text. A field of a joined
 * model is named with that model's name: "Order.item". A filter has at most 900 conditions, nested about twenty deep
 * where AND and OR alternate: what every engine takes.
 *
 * Queries and expressions belong to their session and are freed with it; they are used by its thread. Texts given as
 * values are copied. NULL queries are accepted everywhere and find nothing. A query first flushes the pending changes
 * of the database that it reads.
 */
#ifndef CUVEE_QUERY_H
#define CUVEE_QUERY_H

#include <cuvee/expr.h>
#include <cuvee/session.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_query cuvee_query;
typedef struct cuvee_rows cuvee_rows;

/** Loaded objects; the array belongs to the session. */
typedef struct cuvee_list {
    const void *const *items;
    size_t count;
} cuvee_list;

/** A query for all rows of `model`. NULL on error: MISUSE (model in no bound base), MEMORY. */
cuvee_query *cuvee_select(cuvee_session *session, const cuvee_model *model);

/* ---- conditions ---- */

/**
 * Adds a condition that was built for this query; several are joined by AND. NULL is MISUSE, unless the session has an
 * error.
 */
void cuvee_where(cuvee_query *query, const cuvee_expr *condition);

/** `field` compared with a value: NULL compares by IS NULL under EQ and IS NOT NULL under NE, else it is MISUSE. */
const cuvee_expr *cuvee_compare(cuvee_query *query, const char *field, cuvee_comparison comparison, cuvee_value value);
#define cuvee_eq(q, field, x)    cuvee_compare(q, field, CUVEE_EQ, CUVEE_VALUE(x))
#define cuvee_ne(q, field, x)    cuvee_compare(q, field, CUVEE_NE, CUVEE_VALUE(x))
#define cuvee_lt(q, field, x)    cuvee_compare(q, field, CUVEE_LT, CUVEE_VALUE(x))
#define cuvee_le(q, field, x)    cuvee_compare(q, field, CUVEE_LE, CUVEE_VALUE(x))
#define cuvee_gt(q, field, x)    cuvee_compare(q, field, CUVEE_GT, CUVEE_VALUE(x))
#define cuvee_ge(q, field, x)    cuvee_compare(q, field, CUVEE_GE, CUVEE_VALUE(x))
#define cuvee_like(q, field, x)  cuvee_compare(q, field, CUVEE_LIKE, CUVEE_VALUE(x))
#define cuvee_ilike(q, field, x) cuvee_compare(q, field, CUVEE_ILIKE, CUVEE_VALUE(x))

/** `field` compared with another field of the same kind; not LIKE. */
const cuvee_expr *cuvee_compare_fields(cuvee_query *query, const char *field, cuvee_comparison comparison,
                                       const char *other);
/** `field` between two values, both included. */
const cuvee_expr *cuvee_between_values(cuvee_query *query, const char *field, cuvee_value low, cuvee_value high);
#define cuvee_between(q, field, low, high) cuvee_between_values(q, field, CUVEE_VALUE(low), CUVEE_VALUE(high))
/** `field` equal to one of `count` values, none of them NULL; none at all is a condition that no row meets. */
const cuvee_expr *cuvee_in(cuvee_query *query, const char *field, const cuvee_value *values, size_t count);
/** `field` among the values of `column` in the rows that another query of the same database finds. */
const cuvee_expr *cuvee_in_query(cuvee_query *query, const char *field, cuvee_query *sub, const char *column);
const cuvee_expr *cuvee_is_null(cuvee_query *query, const char *field);
const cuvee_expr *cuvee_and(cuvee_query *query, const cuvee_expr *a, const cuvee_expr *b);
const cuvee_expr *cuvee_or(cuvee_query *query, const cuvee_expr *a, const cuvee_expr *b);
const cuvee_expr *cuvee_not(cuvee_query *query, const cuvee_expr *a);

/* ---- order and pages ---- */

/**
 * Adds a sort key. Without any, rows come in the order of the primary key, picks in none. NULLs come last ascending,
 * first descending.
 */
void cuvee_order_by(cuvee_query *query, const char *field, cuvee_direction direction);
/** The same, and says where NULLs stand. */
void cuvee_order_by_nulls(cuvee_query *query, const char *field, cuvee_direction direction, bool nulls_first);
/** At most `count` rows. */
void cuvee_limit(cuvee_query *query, uint64_t count);
/** Leaves out the first `count` rows. Counts through them: for deep pages use cuvee_after. */
void cuvee_offset(cuvee_query *query, uint64_t count);
/**
 * A page: only rows that come after `last` (an object of the query's model, the last of the page before) in the query's
 * order; NULL for the first page. Call it when the order is complete: the primary key is added as the last sort key, so
 * that pages neither overlap nor leave out a row. Not with joins or picks.
 */
void cuvee_after(cuvee_query *query, const void *last);

/* ---- several models of one database ---- */

/**
 * Joins the rows of `model` whose field `on` equals `equals`, a field of the query's model ("id") or of one joined
 * before ("Order.id"). Objects that come back are still those of the query's own model, each once per match
 * (cuvee_distinct). MISUSE when the model is in another database (use a relation there), or in the query already
 * (cuvee_in_query asks for its other rows).
 */
void cuvee_join(cuvee_query *query, const cuvee_model *model, const char *on, const char *equals);
/** The same, and rows without a partner stay. */
void cuvee_left_join(cuvee_query *query, const cuvee_model *model, const char *on, const char *equals);

/* ---- what comes back ---- */

/** Each row once. What it is ordered by must be in the row. */
void cuvee_distinct(cuvee_query *query);
/** Asks for values instead of objects: adds a column to the rows of cuvee_next_values. */
void cuvee_pick(cuvee_query *query, const char *field);
/** The same for an aggregate; a NULL field with CUVEE_COUNT counts rows. */
void cuvee_pick_aggregate(cuvee_query *query, cuvee_aggregate aggregate, const char *field);
/**
 * One row per distinct value of the fields that are grouped by. Of fields, these alone can be picked and ordered by
 * then.
 */
void cuvee_group_by(cuvee_query *query, const char *field);
/** Only groups whose aggregate compares so; not LIKE, and not with NULL. */
void cuvee_having_value(cuvee_query *query, cuvee_aggregate aggregate, const char *field, cuvee_comparison comparison,
                        cuvee_value value);
#define cuvee_having(q, aggregate, field, comparison, x)                                                               \
    cuvee_having_value(q, aggregate, field, comparison, CUVEE_VALUE(x))
/**
 * Locks the rows that are found until commit or rollback, and brings loaded objects up to date. Begins a transaction.
 * READ_ONLY where the rows could not be changed either.
 */
void cuvee_for_update(cuvee_query *query);

/* ---- running ---- */

/** Runs the query and loads all rows. An empty list with an error in the session on failure. */
cuvee_list cuvee_all(cuvee_query *query);
/** The first row, or NULL. */
const void *cuvee_first(cuvee_query *query);
/** The only row. NULL when there is none (error MISSING) or more than one (error MISUSE). */
const void *cuvee_one(cuvee_query *query);
/**
 * How many rows there are, without limit and offset: of a grouped query the groups, of a distinct one each once. 0 on
 * error.
 */
int64_t cuvee_count(cuvee_query *query);
/** Whether there is any row. False on error. */
bool cuvee_exists(cuvee_query *query);
/**
 * One aggregate over all rows, without limit and offset; texts live as long as the session. NULL (kind 0) on error:
 * MISUSE also for a grouped or distinct query.
 */
cuvee_value cuvee_aggregate_of(cuvee_query *query, cuvee_aggregate aggregate, const char *field);

/**
 * Runs the query row by row, with memory for one row, and without relations. NULL on error. Close it before the session
 * ends its transaction; the database's connection serves other statements meanwhile.
 */
cuvee_rows *cuvee_rows_open(cuvee_query *query);
/**
 * The next row as a struct of the query's model, overwritten by the next call: no object of the session, it cannot be
 * edited. NULL at the end and on error (then the session has it), and for queries with picks.
 */
const void *cuvee_next(cuvee_rows *rows);
/**
 * The next row as values: the picks, or every field of the model. Valid until the next call. NULL at the end and on
 * error.
 */
const cuvee_value *cuvee_next_values(cuvee_rows *rows);
/** The number of values in a row. */
size_t cuvee_rows_width(const cuvee_rows *rows);
/** Also done by cuvee_session_close. NULL is fine, and so is a second time; reading on is MISUSE. */
void cuvee_rows_close(cuvee_rows *rows);

/* ---- many rows in one statement ---- */

/** One field and what it is set to: {"state", CUVEE_VALUE("paid")}. */
typedef struct cuvee_set {
    const char *field;
    cuvee_value value;
} cuvee_set;

/**
 * Sets fields in all rows that the query's conditions name (no joins, limit or order), after a flush; a version is
 * raised. Values are checked against the model, and that what they refer to in other databases is there. Objects of the
 * model keep their values until they are next asked for: cuvee_get and queries read them again then. Returns the number
 * of rows, -1 on error: MISUSE for the key or the version, or a field twice.
 */
int64_t cuvee_update_where(cuvee_query *query, const cuvee_set *sets, size_t count);
/**
 * Deletes all rows that the query's conditions name, after a flush. Returns their number, -1 on error. Objects of the
 * model stay where they are; cuvee_get finds no deleted row's. Rows of other databases that refer to them are not
 * looked for, as they are for cuvee_delete.
 */
int64_t cuvee_delete_where(cuvee_query *query);

#ifdef __cplusplus
}
#endif
#endif
