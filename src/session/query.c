/* Building queries. */
#include "session/query.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/row.h"
#include "session/internal.h"
#include "session/relation.h"

cuvee_query *cuvee_select(cuvee_session *session, const cuvee_model *model)
{
    if (!cv_session_good(session))
        return NULL;
    struct cv_home *home = cv_home_of(session, model);
    if (!home)
        return NULL;
    cuvee_query *query = cv_arena_zero(&session->arena, sizeof *query);
    if (!query) {
        cv_error_memory(&session->error);
        return NULL;
    }
    query->session = session;
    query->home = home;
    query->select = (struct cv_select){.plan = home->route->plan};
    return query;
}

const struct cv_plan *cv_query_plan(const cuvee_query *query)
{
    return query ? query->select.plan : NULL;
}

bool cv_query_good(const cuvee_query *query)
{
    return query && cv_session_good(query->session);
}

void cv_query_record(cuvee_query *query, const char *format, ...)
{
    char message[sizeof query->session->error.message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    cv_error_set(&query->session->error, CUVEE_ERROR_MISUSE, "%s: %s", query->select.plan->model->name, message);
}

/* The source that "Model." in front of a field's name means; the query's own without it. */
static bool find_source(cuvee_query *query, const char *name, size_t *source, const char **field)
{
    const char *dot = strchr(name, '.');
    *source = 0;
    *field = dot ? dot + 1 : name;
    if (!dot)
        return true;
    size_t size = (size_t)(dot - name);
    for (*source = 0; *source <= query->select.join_count; ++*source) {
        const char *model = cv_select_source(&query->select, *source)->model->name;
        if (strlen(model) == size && strncmp(model, name, size) == 0)
            return true;
    }
    return cv_query_misuse(query, "%s names a model that is not joined", name);
}

bool cv_query_field(cuvee_query *query, const char *name, cv_ref *ref)
{
    size_t source;
    const char *field;
    if (!name)
        return cv_query_misuse(query, "the field's name is NULL");
    if (!find_source(query, name, &source, &field))
        return false;
    const struct cv_plan *plan = cv_select_source(&query->select, source);
    size_t index = cv_plan_find(plan, field);
    if (index == plan->count)
        return cv_query_misuse(query, "%s has no field %s", plan->model->name, field);
    *ref = cv_ref_make(source, index);
    return true;
}

static void *append(cuvee_query *query, const void *array, size_t *count, size_t element)
{
    char *longer = cv_arena_alloc(&query->session->arena, (*count + 1) * element);
    if (!longer) {
        cv_error_memory(&query->session->error);
        return NULL;
    }
    if (*count > 0)
        memcpy(longer, array, *count * element);
    ++*count;
    return longer;
}

void cuvee_where(cuvee_query *query, const cuvee_expr *condition)
{
    if (!cv_query_good(query))
        return;
    if (!condition)
        cv_query_misuse(query, "the condition given to cuvee_where is NULL");
    else
        query->select.where = query->select.where ? cuvee_and(query, query->select.where, condition) : condition;
}

void cuvee_order_by_nulls(cuvee_query *query, const char *field, cuvee_direction direction, bool nulls_first)
{
    cv_ref ref;
    if (!cv_query_good(query) || !cv_query_field(query, field, &ref))
        return;
    struct cv_order *orders =
        append(query, query->select.orders, &query->select.order_count, sizeof *query->select.orders);
    if (!orders)
        return;
    orders[query->select.order_count - 1] = (struct cv_order){ref, direction == CUVEE_DESCENDING, nulls_first};
    query->select.orders = orders;
}

void cuvee_order_by(cuvee_query *query, const char *field, cuvee_direction direction)
{
    cuvee_order_by_nulls(query, field, direction, direction == CUVEE_DESCENDING);
}

void cuvee_limit(cuvee_query *query, uint64_t count)
{
    if (!query)
        return;
    query->select.limited = true;
    query->select.limit = count;
}

void cuvee_offset(cuvee_query *query, uint64_t count)
{
    if (!query)
        return;
    query->select.skips = count > 0;
    query->select.offset = count;
}

static void join(cuvee_query *query, const cuvee_model *model, const char *on, const char *equals, bool outer)
{
    if (!cv_query_good(query))
        return;
    cv_ref other;
    const struct cv_home *home = cv_home_of(query->session, model);
    if (!home || !cv_query_field(query, equals, &other))
        return;
    if (home->route->pool != query->home->route->pool) {
        cv_query_misuse(query, "%s is in another database and cannot be joined; load it by a relation", model->name);
        return;
    }
    size_t index = on ? cv_plan_find(home->route->plan, on) : home->route->plan->count;
    if (index == home->route->plan->count) {
        cv_query_misuse(query, "%s has no field %s", model->name, on ? on : "NULL");
        return;
    }
    if (home->route->plan->fields[index].kind != cv_select_field(&query->select, other)->kind) {
        cv_query_misuse(query, "%s.%s and %s are of different kinds", model->name, on, equals);
        return;
    }
    struct cv_join *joins = append(query, query->select.joins, &query->select.join_count, sizeof *query->select.joins);
    if (!joins)
        return;
    joins[query->select.join_count - 1] = (struct cv_join){home->route->plan, index, other, outer};
    query->select.joins = joins;
}

void cuvee_join(cuvee_query *query, const cuvee_model *model, const char *on, const char *equals)
{
    join(query, model, on, equals, false);
}

void cuvee_left_join(cuvee_query *query, const cuvee_model *model, const char *on, const char *equals)
{
    join(query, model, on, equals, true);
}

void cuvee_with(cuvee_query *query, const char *relation)
{
    if (!cv_query_good(query))
        return;
    const cuvee_model *model = query->select.plan->model;
    if (!relation || !cv_relation_find(model, relation, strcspn(relation, "."))) {
        cv_query_misuse(query, "there is no relation %s", relation ? relation : "NULL");
        return;
    }
    const char *copy = cv_arena_text(&query->session->arena, relation);
    const char **relations = append(query, query->relations, &query->relation_count, sizeof *query->relations);
    if (relations && copy) {
        relations[query->relation_count - 1] = copy;
        query->relations = relations;
    } else {
        query->relation_count = 0;
        cv_error_memory(&query->session->error);
    }
}

void cuvee_distinct(cuvee_query *query)
{
    if (query)
        query->select.distinct = true;
}

void cuvee_for_update(cuvee_query *query)
{
    if (query)
        query->select.lock = CV_LOCK_ROWS;
}

/* What is picked: a field, or an aggregate that its kind allows. */
static bool make_pick(cuvee_query *query, cuvee_aggregate aggregate, const char *field, struct cv_pick *pick)
{
    *pick = (struct cv_pick){.aggregate = aggregate, .all_rows = aggregate == CUVEE_COUNT && !field};
    if (pick->all_rows)
        return true;
    if (!cv_query_field(query, field, &pick->ref))
        return false;
    cuvee_kind kind = cv_select_field(&query->select, pick->ref)->kind;
    bool number = kind == CUVEE_INT32 || kind == CUVEE_INT64 || kind == CUVEE_DOUBLE || kind == CUVEE_DECIMAL;
    bool orderly = kind != CUVEE_BOOL && kind != CUVEE_BLOB && kind != CUVEE_JSON && kind != CUVEE_UUID;
    if ((aggregate == CUVEE_SUM || aggregate == CUVEE_AVG) && !number)
        return cv_query_misuse(query, "%s is no number: it has no sum or average", field);
    if ((aggregate == CUVEE_MIN || aggregate == CUVEE_MAX) && !orderly)
        return cv_query_misuse(query, "%s is of a kind that has no least or greatest", field);
    return true;
}

static void add_pick(cuvee_query *query, cuvee_aggregate aggregate, const char *field)
{
    struct cv_pick pick;
    if (!cv_query_good(query) || !make_pick(query, aggregate, field, &pick))
        return;
    struct cv_pick *picks = append(query, query->select.picks, &query->select.pick_count, sizeof *query->select.picks);
    if (!picks)
        return;
    picks[query->select.pick_count - 1] = pick;
    query->select.picks = picks;
}

void cuvee_pick(cuvee_query *query, const char *field)
{
    add_pick(query, 0, field);
}

void cuvee_pick_aggregate(cuvee_query *query, cuvee_aggregate aggregate, const char *field)
{
    if (!cv_query_good(query))
        return;
    if (aggregate < CUVEE_COUNT || aggregate > CUVEE_MAX)
        cv_query_misuse(query, "%d is no aggregate", (int)aggregate);
    else
        add_pick(query, aggregate, field);
}

void cuvee_group_by(cuvee_query *query, const char *field)
{
    cv_ref ref;
    if (!cv_query_good(query) || !cv_query_field(query, field, &ref))
        return;
    cv_ref *groups = append(query, query->select.groups, &query->select.group_count, sizeof *query->select.groups);
    if (!groups)
        return;
    groups[query->select.group_count - 1] = ref;
    query->select.groups = groups;
}

/* The value that an aggregate is compared with, in the aggregate's own kind. */
static bool having_fits(cuvee_query *query, const struct cv_pick *pick, cuvee_value *value)
{
    cuvee_kind kind = cv_pick_kind(&query->select, pick);
    if (kind == CUVEE_DOUBLE && value->kind == CUVEE_INT64)
        *value = cuvee_double_value((double)value->as.integer);
    if (kind == value->kind)
        return true;
    return !pick->all_rows && pick->aggregate != CUVEE_COUNT && cv_query_value(query, pick->ref, CUVEE_EQ, value) &&
           value->kind == kind;
}

void cuvee_having_value(cuvee_query *query, cuvee_aggregate aggregate, const char *field, cuvee_comparison comparison,
                        cuvee_value value)
{
    struct cv_having having = {.comparison = comparison, .value = value};
    if (!cv_query_good(query))
        return;
    if (aggregate < CUVEE_COUNT || aggregate > CUVEE_MAX || comparison < CUVEE_EQ || comparison > CUVEE_GE) {
        cv_query_misuse(query, "cuvee_having takes an aggregate and a comparison other than LIKE");
        return;
    }
    if (!make_pick(query, aggregate, field, &having.pick))
        return;
    if (!having_fits(query, &having.pick, &having.value)) {
        cv_query_misuse(query, "cuvee_having compares %s with a value of another kind", field ? field : "the count");
        return;
    }
    struct cv_having *havings =
        append(query, query->select.havings, &query->select.having_count, sizeof *query->select.havings);
    if (!havings)
        return;
    havings[query->select.having_count - 1] = having;
    query->select.havings = havings;
}
