/* Filters: expressions built in C, checked against the model while they are built. */
#include <string.h>

#include "model/row.h"
#include "session/internal.h"
#include "session/query.h"

static cuvee_expr *new_expr(cuvee_query *query, enum cv_expr_kind kind)
{
    cuvee_expr *expr = cv_arena_zero(&query->session->arena, sizeof *expr);
    if (expr)
        expr->kind = kind;
    else
        cv_error_memory(&query->session->error);
    return expr;
}

/* A node about one field; NULL on error. */
static cuvee_expr *field_expr(cuvee_query *query, enum cv_expr_kind kind, const char *field)
{
    cv_ref ref;
    if (!cv_query_good(query) || !cv_query_field(query, field, &ref))
        return NULL;
    cuvee_expr *expr = new_expr(query, kind);
    if (expr)
        expr->ref = ref;
    return expr;
}

/* Texts are copied: the caller's may be gone when the query runs. */
static bool own(cuvee_query *query, cuvee_value *value)
{
    bool text = value->kind == CUVEE_TEXT || value->kind == CUVEE_DECIMAL || value->kind == CUVEE_BLOB ||
                value->kind == CUVEE_JSON;
    if (!text)
        return true;
    const char *copy = cv_arena_copy(&query->session->arena, value->as.text.data, value->as.text.size);
    if (!copy)
        return cv_error_memory(&query->session->error);
    value->as.text.data = copy;
    return true;
}

bool cv_query_value(cuvee_query *query, cv_ref ref, cuvee_comparison comparison, cuvee_value *value)
{
    cuvee_session *session = query->session;
    const struct cv_plan *plan = cv_select_source(&query->select, cv_ref_source(ref));
    const struct cv_field *field = &plan->fields[cv_ref_field(ref)];
    if (!value->kind)
        return cv_query_misuse(query, "%s is compared with NULL, which is never true; use cuvee_is_null", field->name);
    bool like = comparison == CUVEE_LIKE || comparison == CUVEE_ILIKE;
    if (like && (field->kind != CUVEE_TEXT || value->kind != CUVEE_TEXT))
        return cv_query_misuse(query, "%s: like compares text with text", field->name);
    if (cv_row_fits(plan, field, value, &session->arena, &session->error))
        return own(query, value);
    if (session->error.kind != CUVEE_ERROR_MEMORY)
        session->error.kind = CUVEE_ERROR_MISUSE;
    return false;
}

static const cuvee_expr *with_values(cuvee_query *query, cuvee_expr *expr, const cuvee_value *values, size_t count)
{
    cuvee_value *copies = cv_arena_alloc(&query->session->arena, (count ? count : 1) * sizeof *copies);
    if (!copies) {
        cv_error_memory(&query->session->error);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        copies[i] = values[i];
        if (!cv_query_value(query, expr->ref, expr->comparison, &copies[i]))
            return NULL;
    }
    expr->values = copies;
    expr->value_count = count;
    return expr;
}

const cuvee_expr *cuvee_is_null(cuvee_query *query, const char *field)
{
    return field_expr(query, CV_EXPR_IS_NULL, field);
}

static bool is_comparison(cuvee_query *query, cuvee_comparison comparison, cuvee_comparison last)
{
    if (comparison >= CUVEE_EQ && comparison <= last)
        return true;
    return cv_query_misuse(query, "%d is no comparison that can be used here", (int)comparison);
}

const cuvee_expr *cuvee_compare(cuvee_query *query, const char *field, cuvee_comparison comparison, cuvee_value value)
{
    if (value.kind == 0 && comparison == CUVEE_EQ)
        return cuvee_is_null(query, field);
    if (value.kind == 0 && comparison == CUVEE_NE)
        return cuvee_not(query, cuvee_is_null(query, field));
    cuvee_expr *expr = field_expr(query, CV_EXPR_COMPARE, field);
    if (!expr || !is_comparison(query, comparison, CUVEE_ILIKE))
        return NULL;
    expr->comparison = comparison;
    return with_values(query, expr, &value, 1);
}

const cuvee_expr *cuvee_compare_fields(cuvee_query *query, const char *field, cuvee_comparison comparison,
                                       const char *other)
{
    cuvee_expr *expr = field_expr(query, CV_EXPR_FIELDS, field);
    if (!expr || !is_comparison(query, comparison, CUVEE_GE) || !cv_query_field(query, other, &expr->other))
        return NULL;
    expr->comparison = comparison;
    if (cv_select_field(&query->select, expr->ref)->kind != cv_select_field(&query->select, expr->other)->kind) {
        cv_query_misuse(query, "%s and %s are of different kinds", field, other);
        return NULL;
    }
    return expr;
}

const cuvee_expr *cuvee_between_values(cuvee_query *query, const char *field, cuvee_value low, cuvee_value high)
{
    cuvee_expr *expr = field_expr(query, CV_EXPR_BETWEEN, field);
    return expr ? with_values(query, expr, (cuvee_value[]){low, high}, 2) : NULL;
}

const cuvee_expr *cuvee_in(cuvee_query *query, const char *field, const cuvee_value *values, size_t count)
{
    cuvee_expr *expr = field_expr(query, CV_EXPR_IN, field);
    return expr ? with_values(query, expr, values, count) : NULL;
}

const cuvee_expr *cuvee_in_query(cuvee_query *query, const char *field, cuvee_query *sub, const char *column)
{
    cuvee_expr *expr = field_expr(query, CV_EXPR_IN_SELECT, field);
    struct cv_pick pick = {0};
    if (!expr || !cv_query_good(sub) || !cv_query_field(sub, column, &pick.ref))
        return NULL;
    if (sub->session != query->session || sub->home->route->pool != query->home->route->pool) {
        cv_query_misuse(query, "the sub-select on %s is of another session or database", sub->select.plan->model->name);
        return NULL;
    }
    if (cv_select_field(&query->select, expr->ref)->kind != cv_select_field(&sub->select, pick.ref)->kind) {
        cv_query_misuse(query, "%s and %s.%s are of different kinds", field, sub->select.plan->model->name, column);
        return NULL;
    }
    struct cv_select *select = cv_arena_alloc(&query->session->arena, sizeof *select);
    struct cv_pick *picks = cv_arena_alloc(&query->session->arena, sizeof *picks);
    if (!select || !picks) {
        cv_error_memory(&query->session->error);
        return NULL;
    }
    *picks = pick;
    *select = sub->select;
    select->picks = picks;
    select->pick_count = 1;
    expr->sub = select;
    return expr;
}

/* A node over one or two others; refuses trees so deep that walking them would endanger the stack. */
static const cuvee_expr *join(cuvee_query *query, enum cv_expr_kind kind, const cuvee_expr *left,
                              const cuvee_expr *right)
{
    if (!cv_query_good(query))
        return NULL;
    if (!left || (!right && kind != CV_EXPR_NOT)) {
        cv_query_misuse(query, "a filter joins a NULL expression");
        return NULL;
    }
    unsigned depth = left->depth;
    if (right && right->depth > depth)
        depth = right->depth;
    if (depth + 1 > CV_EXPR_MAX_DEPTH) {
        cv_query_misuse(query, "a filter is nested more than %d deep", CV_EXPR_MAX_DEPTH);
        return NULL;
    }
    cuvee_expr *expr = new_expr(query, kind);
    if (!expr)
        return NULL;
    expr->left = left;
    expr->right = right;
    expr->depth = depth + 1;
    return expr;
}

const cuvee_expr *cuvee_and(cuvee_query *query, const cuvee_expr *a, const cuvee_expr *b)
{
    return join(query, CV_EXPR_AND, a, b);
}

const cuvee_expr *cuvee_or(cuvee_query *query, const cuvee_expr *a, const cuvee_expr *b)
{
    return join(query, CV_EXPR_OR, a, b);
}

const cuvee_expr *cuvee_not(cuvee_query *query, const cuvee_expr *a)
{
    return join(query, CV_EXPR_NOT, a, NULL);
}
