/* Filters: expressions built in C, checked against the model while they are built. */
#include <string.h>

#include "model/row.h"
#include "session/objects.h"
#include "session/query.h"
#include "session/state.h"

static cuvee_expr *new_expr(cuvee_query *query, enum cv_expr_kind kind)
{
    cuvee_expr *expr = cv_arena_zero(&query->session->handles, sizeof *expr);
    if (expr)
        *expr = (cuvee_expr){.kind = kind, .query = query, .depth = CV_EXPR_LEAF_DEPTH, .size = 1};
    else
        cv_error_memory(&query->session->error);
    return expr;
}

const cuvee_expr *cv_query_never(cuvee_query *query)
{
    return new_expr(query, CV_EXPR_FALSE);
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
        cv_query_misuse_field(query, field, "%s is of another kind", other);
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
    if (!expr)
        return NULL;
    if (values || count == 0)
        return with_values(query, expr, values, count);
    cv_query_misuse_field(query, field, "the list of values is NULL");
    return NULL;
}

static const cuvee_expr *small_enough(cuvee_query *query, const cuvee_expr *expr)
{
    if (expr->depth > CV_EXPR_MAX_DEPTH)
        cv_query_misuse(query, "a filter is nested too deeply");
    else if (expr->size > CV_EXPR_MAX_SIZE)
        cv_query_misuse(query, "a filter has more than %d conditions; cuvee_in compares with a list of values",
                        CV_EXPR_MAX_SIZE);
    else
        return expr;
    return NULL;
}

/*
 * Whether one statement can hold both. Another session's query may be one that is closed: nothing more is asked of it.
 */
static bool is_beside(cuvee_query *query, const cuvee_query *sub, const char *field)
{
    if (!sub)
        return cv_query_misuse_field(query, field, "the sub-select is NULL");
    if (sub->session != query->session)
        return cv_query_misuse_field(query, field, "the sub-select is of another session");
    return sub->home->route->pool == query->home->route->pool ||
           cv_query_misuse_field(query, field, "the sub-select on %s is of another database",
                                 sub->select.plan->model->name);
}

const cuvee_expr *cuvee_in_query(cuvee_query *query, const char *field, cuvee_query *sub, const char *column)
{
    cuvee_expr *expr = field_expr(query, CV_EXPR_IN_SELECT, field);
    struct cv_pick pick = {0};
    if (!expr || !is_beside(query, sub, field) || !cv_query_field(sub, column, &pick.ref))
        return NULL;
    const char *other = sub->select.plan->model->name;
    if (cv_select_field(&query->select, expr->ref)->kind != cv_select_field(&sub->select, pick.ref)->kind) {
        cv_query_misuse_field(query, field, "%s.%s is of another kind", other, column);
        return NULL;
    }
    struct cv_select *select = cv_arena_alloc(&query->session->arena, sizeof *select);
    struct cv_pick *picks = cv_arena_alloc(&query->session->arena, sizeof *picks);
    if (!select || !picks) {
        cv_error_memory(&query->session->error);
        return NULL;
    }
    *picks = pick;
    cuvee_query column_only = *sub;
    column_only.select.picks = picks;
    column_only.select.pick_count = 1;
    column_only.select.lock = CV_NO_LOCK; /* the rows found are this query's */
    if (!cv_query_makes_sense(&column_only))
        return NULL;
    *select = column_only.select;
    expr->sub = select;
    expr->depth = CV_EXPR_SUB_DEPTH + (select->where ? select->where->depth : 0);
    expr->size += select->where ? select->where->size : 0;
    return small_enough(query, expr);
}

/* Whether a condition was built for this query: it names the query's fields by number. */
static bool is_own(cuvee_query *query, const cuvee_expr *expr)
{
    if (!expr)
        return cv_query_misuse(query, "a condition is NULL");
    return expr->query == query || cv_query_misuse(query, "the condition was built for another query");
}

static unsigned side_depth(const cuvee_expr *side, enum cv_expr_kind around)
{
    bool apart = side->kind != around && (side->kind == CV_EXPR_AND || side->kind == CV_EXPR_OR);
    return side->depth + apart; /* the parenthesis; see where.c in the SQL room */
}

static const cuvee_expr *join(cuvee_query *query, enum cv_expr_kind kind, const cuvee_expr *left,
                              const cuvee_expr *right)
{
    if (!cv_query_good(query) || !is_own(query, left) || !is_own(query, right))
        return NULL;
    cuvee_expr *expr = new_expr(query, kind);
    if (!expr)
        return NULL;
    unsigned before = side_depth(left, kind);
    unsigned behind = side_depth(right, kind) + (right->kind == kind ? 0 : 2); /* the left side and the word */
    expr->left = left;
    expr->right = right;
    expr->depth = before > behind ? before : behind;
    expr->size = left->size + right->size;
    return small_enough(query, expr);
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
    if (!cv_query_good(query) || !is_own(query, a))
        return NULL;
    if (a->kind == CV_EXPR_NOT)
        return a->left;
    cuvee_expr *expr = new_expr(query, CV_EXPR_NOT);
    if (!expr)
        return NULL;
    expr->left = a;
    expr->depth = a->depth + 2; /* the word and the parenthesis */
    expr->size = a->size;
    return small_enough(query, expr);
}

void cuvee_where(cuvee_query *query, const cuvee_expr *condition)
{
    if (!cv_query_good(query) || !is_own(query, condition))
        return;
    query->select.where = query->select.where ? cuvee_and(query, query->select.where, condition) : condition;
}
