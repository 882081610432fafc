/**
 * Statement text from plan, filter and dialect.
 *
 * Each kind of statement has a shape (bytes that tell texts apart, cheap to make: the key under which a connection
 * keeps the prepared statement), a text (made once per connection and shape), and its parameters (made for every run,
 * in the text's order). Values never enter a text.
 */
#ifndef CV_SQL_SQL_H
#define CV_SQL_SQL_H

#include "base/buffer.h"
#include "driver/driver.h"
#include "sql/expr.h"

/* ---- a statement's text as it is written ---- */

enum { CV_SQL_MAX_PARAMS = 32000 };

struct cv_sql {
    const struct cv_dialect *dialect;
    struct cv_buffer text;
    struct cv_buffer params;  /* one byte per parameter: its kind */
    struct cv_buffer columns; /* one byte per result column: its kind */
};

void cv_sql_init(struct cv_sql *sql, const struct cv_dialect *dialect);
void cv_sql_free(struct cv_sql *sql);
/** The finished text for the driver; borrowed from `sql`. False when memory ran out. */
bool cv_sql_finish(struct cv_sql *sql, struct cv_statement_text *text);

/** Pieces, for the writers of this room. */
void cv_sql_put(struct cv_sql *sql, const char *text);
void cv_sql_name(struct cv_sql *sql, const char *name);
void cv_sql_param(struct cv_sql *sql, cuvee_kind kind);
/** The same for a parameter that a field is compared with. */
void cv_sql_compared(struct cv_sql *sql, cuvee_kind kind);

/* ---- SELECT ---- */

/* Another model's rows beside the query's own: those whose field `on` equals field `equals` of an earlier source. */
struct cv_join {
    const struct cv_plan *plan;
    size_t on;
    cv_ref equals;
    bool outer; /* rows without a partner stay */
};

/* One result column: a field, or an aggregate over it. */
struct cv_pick {
    cuvee_aggregate aggregate; /* 0: the field itself */
    bool all_rows;             /* COUNT(*) */
    cv_ref ref;
};

struct cv_having {
    struct cv_pick pick;
    cuvee_comparison comparison;
    cuvee_value value;
};

struct cv_order {
    cv_ref ref;
    bool descending;
    bool nulls_first;
};

enum cv_lock { CV_NO_LOCK = 0, CV_LOCK_ROWS };

/* A query. Without picks its rows are all fields of its own model. */
struct cv_select {
    const struct cv_plan *plan;
    const struct cv_join *joins;
    size_t join_count;
    const struct cv_pick *picks;
    size_t pick_count;
    bool distinct;
    bool exists;             /* one column, and a row if there is any */
    bool counts;             /* one column: how many rows there would be; unordered, without limit and lock */
    const cuvee_expr *where; /* NULL: all rows */
    const cv_ref *groups;
    size_t group_count;
    const struct cv_having *havings;
    size_t having_count;
    const struct cv_order *orders;
    size_t order_count; /* 0: by primary key, unless there are picks */
    bool unordered;     /* no ORDER BY at all */
    bool limited, skips;
    uint64_t limit, offset;
    enum cv_lock lock;
};

/** The number of result columns. */
size_t cv_select_width(const struct cv_select *select);
/** The plan of a source: 0 is the select's own model. */
const struct cv_plan *cv_select_source(const struct cv_select *select, size_t source);
const struct cv_field *cv_select_field(const struct cv_select *select, cv_ref ref);
/** The kind of a result column. */
cuvee_kind cv_pick_kind(const struct cv_select *select, const struct cv_pick *pick);

void cv_select_shape(const struct cv_select *select, struct cv_buffer *shape);
void cv_select_text(const struct cv_select *select, struct cv_sql *sql);
/** Appends the values to `params`, an array of cuvee_value in a buffer's bytes. */
void cv_select_params(const struct cv_select *select, struct cv_buffer *params);

/* ---- INSERT, UPDATE, DELETE of single rows ---- */

/* Which of a plan's fields; one bit each. */
struct cv_field_set {
    uint64_t bits[CV_MAX_FIELDS / 64];
};
void cv_fields_add(struct cv_field_set *set, size_t field);
bool cv_fields_has(const struct cv_field_set *set, size_t field);
bool cv_fields_equal(const struct cv_field_set *a, const struct cv_field_set *b);

enum cv_change_kind { CV_INSERT = 1, CV_UPDATE, CV_DELETE };

/* One statement for changes of one kind to one model's rows. */
struct cv_change {
    const struct cv_plan *plan;
    enum cv_change_kind kind;
    struct cv_field_set fields; /* CV_UPDATE: the columns that are set */
};

/**
 * Parameters, in order. INSERT: every field but an automatic key. UPDATE: the fields of the set, then the keys, then
 * the version that the row must still have. DELETE: the keys, then the version.
 */
void cv_change_shape(const struct cv_change *change, struct cv_buffer *shape);
void cv_change_text(const struct cv_change *change, struct cv_sql *sql);

/* ---- upsert ---- */

/* INSERT that updates the row in its way: the one with equal values in the fields of `conflict`. */
struct cv_upsert {
    const struct cv_plan *plan;
    struct cv_field_set conflict;
    struct cv_field_set update; /* what is set in that row, to the values of the new one */
};

/** Parameters: as of an INSERT. */
void cv_upsert_shape(const struct cv_upsert *upsert, struct cv_buffer *shape);
void cv_upsert_text(const struct cv_upsert *upsert, struct cv_sql *sql);

/* ---- UPDATE and DELETE by filter ---- */

struct cv_mass {
    const struct cv_plan *plan;
    enum cv_change_kind kind;  /* CV_UPDATE or CV_DELETE */
    const size_t *fields;      /* CV_UPDATE: what is set, … */
    const cuvee_value *values; /* … and to what */
    size_t field_count;
    const cuvee_expr *where; /* over the model's own fields */
};

void cv_mass_shape(const struct cv_mass *mass, struct cv_buffer *shape);
void cv_mass_text(const struct cv_mass *mass, struct cv_sql *sql);
void cv_mass_params(const struct cv_mass *mass, struct cv_buffer *params);

/* ---- raw SQL ---- */

/** A statement as the caller wrote it, with `?` for each parameter; `plan` (or NULL): what its rows become. */
void cv_raw_shape(const struct cv_plan *plan, const char *text, const cuvee_value *values, size_t count,
                  struct cv_buffer *shape);
void cv_raw_text(const char *text, const cuvee_value *values, size_t count, struct cv_sql *sql);

/* ---- filters, for the writers above: over the sources of a select ---- */

void cv_where_shape(const cuvee_expr *expr, struct cv_buffer *shape);
void cv_where_text(const struct cv_select *select, const cuvee_expr *expr, struct cv_sql *sql);
void cv_where_params(const cuvee_expr *expr, struct cv_buffer *params);
/** A field's column, with its source's name in front when there are several. */
void cv_ref_name(const struct cv_select *select, cv_ref ref, struct cv_sql *sql);
/** The same as it is compared, sorted and grouped. */
void cv_ref_text(const struct cv_select *select, cv_ref ref, struct cv_sql *sql);
/** Appends a value to an array of parameters. */
void cv_push_value(struct cv_buffer *params, const cuvee_value *value);
/** " = ", " < ", … */
const char *cv_comparison_sign(cuvee_comparison comparison);

/* ---- DDL ---- */

/** The plan of another model whose table is in the same database; NULL when it is in none or in another. */
typedef const struct cv_plan *(*cv_neighbour)(void *arg, const cuvee_model *other);
/** CREATE TABLE IF NOT EXISTS for a model. A foreign key is declared only when what it refers to is a neighbour. */
void cv_table_text(const struct cv_plan *plan, cv_neighbour neighbour, void *arg, struct cv_sql *sql);
/** CREATE [UNIQUE] INDEX IF NOT EXISTS number `n` of the model; false when there are fewer. */
bool cv_index_text(const struct cv_plan *plan, size_t n, struct cv_sql *sql);

#endif
