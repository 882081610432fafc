/* Building queries. */

#include <math.h>
#include <string.h>

#include "model/row.h"
#include "session/cursor.h"
#include "session/objects.h"
#include "session/query.h"
#include "session/relation.h"

cuvee_query *cuvee_select(cuvee_session *session, const cuvee_model *model)
{
    if (!cv_session_good(session))
        return NULL;
    struct cv_home *home = cv_home_of(session, model);
    if (!home)
        return NULL;
    cuvee_query *query = cv_arena_zero(&session->handles, sizeof *query);
    if (!query) {
        cv_error_memory(&session->error);
        return NULL;
    }
    query->session = session;
    query->home = home;
    query->select = (struct cv_select){.plan = home->route->plan};
    return query;
}

cuvee_session *cv_query_session(const cuvee_query *query)
{
    return query ? query->session : NULL;
}

const struct cv_plan *cv_query_plan(const cuvee_query *query)
{
    return query ? query->select.plan : NULL;
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

/* Fields of joined models are told apart by the model's name. */
static bool is_new_source(cuvee_query *query, const struct cv_plan *plan)
{
    for (size_t i = 0; i <= query->select.join_count; i++)
        if (cv_select_source(&query->select, i) == plan)
            return cv_query_misuse(query, "%s is in the query already; ask for its other rows with cuvee_in_query",
                                   plan->model->name);
    return true;
}

/* Whether a home can be joined, and by what. */
static bool find_partner(cuvee_query *query, const struct cv_home *home, const char *on, const char *equals,
                         struct cv_join *join)
{
    const struct cv_plan *plan = home->route->plan;
    const char *name = plan->model->name;
    if (!is_new_source(query, plan) || !cv_query_field(query, equals, &join->equals))
        return false;
    if (home->route->pool != query->home->route->pool)
        return cv_query_misuse(query, "%s is in another database and cannot be joined; load it by a relation", name);
    join->on = on ? cv_plan_find(plan, on) : plan->count;
    if (join->on == plan->count)
        return cv_query_misuse_field(query, on, "there is no such field in %s", name);
    if (plan->fields[join->on].kind != cv_select_field(&query->select, join->equals)->kind)
        return cv_query_misuse_field(query, equals, "%s.%s is of another kind", name, on);
    return true;
}

static void join(cuvee_query *query, const cuvee_model *model, const char *on, const char *equals, bool outer)
{
    if (!cv_query_good(query))
        return;
    const struct cv_home *home = cv_home_of(query->session, model);
    struct cv_join found = {.plan = home ? home->route->plan : NULL, .outer = outer};
    if (!home || !find_partner(query, home, on, equals, &found))
        return;
    struct cv_join *joins = append(query, query->select.joins, &query->select.join_count, sizeof *query->select.joins);
    if (!joins)
        return;
    joins[query->select.join_count - 1] = found;
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
    if (!cv_relation_is_chain(query->session, query->select.plan->model, relation))
        return;
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
        return cv_query_misuse_field(query, field, "it is no number: it has no sum or average");
    if ((aggregate == CUVEE_MIN || aggregate == CUVEE_MAX) && !orderly)
        return cv_query_misuse_field(query, field, "its kind has no least or greatest");
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
static bool having_fits(cuvee_query *query, const struct cv_pick *pick, const char *field, cuvee_value *value)
{
    cuvee_kind kind = cv_pick_kind(&query->select, pick);
    bool integer = value->kind == CUVEE_INT32 || value->kind == CUVEE_INT64;
    if (!pick->all_rows && pick->aggregate != CUVEE_COUNT && cv_select_field(&query->select, pick->ref)->kind == kind)
        return cv_query_value(query, pick->ref, CUVEE_EQ, value);
    if (kind == CUVEE_DOUBLE && integer)
        *value = cuvee_double_value((double)value->as.integer);
    if (kind == CUVEE_INT64 && integer)
        value->kind = CUVEE_INT64;
    if (kind == value->kind && (kind != CUVEE_DOUBLE || isfinite(value->as.real)))
        return true;
    return cv_query_misuse_field(query, field, "its aggregate is compared with a value of another kind");
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
    if (!having_fits(query, &having.pick, field, &having.value))
        return;
    struct cv_having *havings =
        append(query, query->select.havings, &query->select.having_count, sizeof *query->select.havings);
    if (!havings)
        return;
    havings[query->select.having_count - 1] = having;
    query->select.havings = havings;
}
