/* Filters as SQL. */
#include "sql/sql.h"
#include "sql/shape.h"

static const char *const signs[] = {
    [CUVEE_EQ] = " = ",  [CUVEE_NE] = " <> ", [CUVEE_LT] = " < ",
    [CUVEE_LE] = " <= ", [CUVEE_GT] = " > ",  [CUVEE_GE] = " >= ",
};

const char *cv_comparison_sign(cuvee_comparison comparison)
{
    return signs[comparison];
}

enum { MOST_ROUNDED = 4096 }; /* a longer list could be rounded over an engine's limit of parameters */

/*
 * Lists of like length share a statement: the count is rounded up to a power of two, and the last value fills the rest.
 */
static size_t rounded(size_t count)
{
    size_t size = 1;
    while (size < count && count <= MOST_ROUNDED)
        size *= 2;
    return size < count ? count : size;
}

void cv_where_shape(const cuvee_expr *expr, struct cv_buffer *shape)
{
    if (!expr) {
        cv_shape_number(shape, 0);
        return;
    }
    cv_shape_number(shape, (size_t)expr->kind | (size_t)expr->comparison << 8);
    switch (expr->kind) {
    case CV_EXPR_IN:
        cv_shape_number(shape, expr->value_count ? rounded(expr->value_count) : 0);
        cv_shape_number(shape, expr->ref);
        break;
    case CV_EXPR_FIELDS:
        cv_shape_number(shape, expr->other);
        cv_shape_number(shape, expr->ref);
        break;
    case CV_EXPR_IN_SELECT:
        cv_shape_number(shape, expr->ref);
        cv_select_shape(expr->sub, shape);
        break;
    case CV_EXPR_COMPARE:
    case CV_EXPR_BETWEEN:
    case CV_EXPR_IS_NULL: cv_shape_number(shape, expr->ref); break;
    case CV_EXPR_AND:
    case CV_EXPR_OR:
        cv_where_shape(expr->left, shape);
        cv_where_shape(expr->right, shape);
        break;
    case CV_EXPR_NOT: cv_where_shape(expr->left, shape); break;
    case CV_EXPR_FALSE: break;
    }
}

void cv_ref_name(const struct cv_select *select, cv_ref ref, struct cv_sql *sql)
{
    if (select->join_count > 0)
        cv_buffer_format(&sql->text, "t%zu.", cv_ref_source(ref));
    cv_sql_name(sql, cv_select_field(select, ref)->column);
}

void cv_ref_text(const struct cv_select *select, cv_ref ref, struct cv_sql *sql)
{
    bool json = cv_select_field(select, ref)->kind == CUVEE_JSON;
    const struct cv_dialect *dialect = sql->dialect;
    if (json && dialect->json_before)
        cv_sql_put(sql, dialect->json_before);
    cv_ref_name(select, ref, sql);
    if (json && dialect->json_behind)
        cv_sql_put(sql, dialect->json_behind);
}

static void write_in(const struct cv_select *select, const cuvee_expr *expr, struct cv_sql *sql)
{
    if (expr->value_count == 0) {
        cv_sql_put(sql, "1 = 0");
        return;
    }
    cv_ref_text(select, expr->ref, sql);
    cv_sql_put(sql, " IN (");
    for (size_t i = 0; i < rounded(expr->value_count); i++) {
        if (i > 0)
            cv_sql_put(sql, ", ");
        cv_sql_compared(sql, cv_select_field(select, expr->ref)->kind);
    }
    cv_sql_put(sql, ")");
}

/* LIKE is the dialect's own; it gets both sides as text. */
static void write_like(const struct cv_select *select, const cuvee_expr *expr, struct cv_sql *sql)
{
    struct cv_sql sides;
    cv_sql_init(&sides, sql->dialect);
    cv_ref_text(select, expr->ref, &sides);
    cv_buffer_char(&sides.text, '\0');
    size_t parameter = sides.text.size;
    if (sql->dialect->numbered)
        cv_buffer_format(&sides.text, "$%zu", sql->params.size + 1);
    else
        cv_buffer_char(&sides.text, '?');
    const char *column = cv_buffer_text(&sides.text);
    if (column)
        sql->dialect->like(&sql->text, column, column + parameter, expr->comparison == CUVEE_ILIKE);
    else
        sql->text.failed = CV_BUFFER_NO_MEMORY;
    cv_buffer_char(&sql->params, (char)CUVEE_TEXT);
    cv_sql_free(&sides);
}

static void write_compare(const struct cv_select *select, const cuvee_expr *expr, struct cv_sql *sql)
{
    if (expr->comparison == CUVEE_LIKE || expr->comparison == CUVEE_ILIKE) {
        write_like(select, expr, sql);
        return;
    }
    cv_ref_text(select, expr->ref, sql);
    cv_sql_put(sql, signs[expr->comparison]);
    cv_sql_compared(sql, cv_select_field(select, expr->ref)->kind);
}

static void write_between(const struct cv_select *select, const cuvee_expr *expr, struct cv_sql *sql)
{
    cuvee_kind kind = cv_select_field(select, expr->ref)->kind;
    cv_ref_text(select, expr->ref, sql);
    cv_sql_put(sql, " BETWEEN ");
    cv_sql_compared(sql, kind);
    cv_sql_put(sql, " AND ");
    cv_sql_compared(sql, kind);
}

/* Parentheses where AND and OR meet only: engines bound the depth to which they nest. */
static void write_side(const struct cv_select *select, const cuvee_expr *expr, enum cv_expr_kind around,
                       struct cv_sql *sql)
{
    bool apart = expr->kind != around && (expr->kind == CV_EXPR_AND || expr->kind == CV_EXPR_OR);
    cv_sql_put(sql, apart ? "(" : "");
    cv_where_text(select, expr, sql);
    cv_sql_put(sql, apart ? ")" : "");
}

static void write_joined(const struct cv_select *select, const cuvee_expr *expr, const char *word, struct cv_sql *sql)
{
    write_side(select, expr->left, expr->kind, sql);
    cv_sql_put(sql, word);
    write_side(select, expr->right, expr->kind, sql);
}

/* The columns of a sub-select are no columns of the statement's result. */
static void write_sub_select(const struct cv_select *select, const cuvee_expr *expr, struct cv_sql *sql)
{
    size_t columns = sql->columns.size;
    bool inside = sql->dialect->limit_inside && (expr->sub->limited || expr->sub->skips);
    cv_ref_text(select, expr->ref, sql);
    cv_sql_put(sql, inside ? " IN (SELECT * FROM (" : " IN (");
    cv_select_text(expr->sub, sql);
    cv_sql_put(sql, inside ? ") AS limited)" : ")");
    sql->columns.size = columns;
}

void cv_where_text(const struct cv_select *select, const cuvee_expr *expr, struct cv_sql *sql)
{
    switch (expr->kind) {
    case CV_EXPR_COMPARE: write_compare(select, expr, sql); break;
    case CV_EXPR_IN: write_in(select, expr, sql); break;
    case CV_EXPR_BETWEEN: write_between(select, expr, sql); break;
    case CV_EXPR_IS_NULL:
        cv_ref_text(select, expr->ref, sql);
        cv_sql_put(sql, " IS NULL");
        break;
    case CV_EXPR_FIELDS:
        cv_ref_text(select, expr->ref, sql);
        cv_sql_put(sql, signs[expr->comparison]);
        cv_ref_text(select, expr->other, sql);
        break;
    case CV_EXPR_IN_SELECT: write_sub_select(select, expr, sql); break;
    case CV_EXPR_AND: write_joined(select, expr, " AND ", sql); break;
    case CV_EXPR_OR: write_joined(select, expr, " OR ", sql); break;
    case CV_EXPR_NOT:
        cv_sql_put(sql, "NOT (");
        cv_where_text(select, expr->left, sql);
        cv_sql_put(sql, ")");
        break;
    case CV_EXPR_FALSE: cv_sql_put(sql, "1 = 0"); break;
    }
}

void cv_push_value(struct cv_buffer *params, const cuvee_value *value)
{
    cv_buffer_bytes(params, (const char *)value, sizeof *value);
}

void cv_where_params(const cuvee_expr *expr, struct cv_buffer *params)
{
    if (!expr)
        return;
    switch (expr->kind) {
    case CV_EXPR_COMPARE: cv_push_value(params, &expr->values[0]); break;
    case CV_EXPR_BETWEEN:
        cv_push_value(params, &expr->values[0]);
        cv_push_value(params, &expr->values[1]);
        break;
    case CV_EXPR_IN:
        for (size_t i = 0; expr->value_count && i < rounded(expr->value_count); i++)
            cv_push_value(params, &expr->values[i < expr->value_count ? i : expr->value_count - 1]);
        break;
    case CV_EXPR_IN_SELECT: cv_select_params(expr->sub, params); break;
    case CV_EXPR_AND:
    case CV_EXPR_OR:
        cv_where_params(expr->left, params);
        cv_where_params(expr->right, params);
        break;
    case CV_EXPR_NOT: cv_where_params(expr->left, params); break;
    case CV_EXPR_IS_NULL:
    case CV_EXPR_FIELDS:
    case CV_EXPR_FALSE: break;
    }
}
