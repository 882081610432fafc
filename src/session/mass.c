/* UPDATE and DELETE by filter. */
#include <string.h>

#include "model/row.h"
#include "session/internal.h"
#include "session/query.h"

static int64_t run_mass(cuvee_query *query, const struct cv_mass *mass)
{
    cuvee_session *session = query->session;
    const struct cv_route *route = query->home->route;
    if (!cv_flush_pool(session, route->pool))
        return -1;
    struct cv_connection *connection = cv_branch_write(session, route->pool);
    struct cv_statement *statement = connection ? cv_statement_for_mass(session, route, connection, mass) : NULL;
    if (!statement)
        return -1;
    cv_buffer_clear(&session->params);
    cv_mass_params(mass, &session->params);
    cv_branch_past_objects(session, route->pool);
    int64_t changes = cv_statement_run(session, route->pool, statement);
    cv_session_explain(session, route);
    return changes;
}

static bool can_run(cuvee_query *query, const char *verb)
{
    if (!cv_query_good(query) || !cv_can_write(query->session, query->home->route))
        return false;
    const struct cv_select *select = &query->select;
    if (select->join_count == 0 && select->order_count == 0 && !select->limited && !select->skips)
        return true;
    return cv_query_misuse(query, "%s takes conditions only, no joins, order or limit", verb);
}

int64_t cuvee_delete_where(cuvee_query *query)
{
    if (!can_run(query, "cuvee_delete_where"))
        return -1;
    struct cv_mass mass = {.plan = query->select.plan, .kind = CV_DELETE, .where = query->select.where};
    return run_mass(query, &mass);
}

/* The value for one field that is set: NULL where the field takes it, else of its kind and allowed by the model. */
static bool check_set(cuvee_query *query, const cuvee_set *set, size_t *field, cuvee_value *value)
{
    cv_ref ref;
    cuvee_session *session = query->session;
    const struct cv_plan *plan = query->select.plan;
    if (!cv_query_field(query, set->field, &ref))
        return false;
    *field = cv_ref_field(ref);
    *value = set->value;
    for (size_t i = 0; i < plan->key_count; i++)
        if (plan->keys[i] == *field)
            return cv_query_misuse(query, "%s is the key and cannot be set", set->field);
    void *row = cv_arena_zero(&session->arena, plan->model->struct_size);
    if (!row)
        return cv_error_memory(&session->error);
    if (!cv_row_fits(plan, &plan->fields[*field], value, &session->arena, &session->error))
        return false;
    if (!cv_row_set(&plan->fields[*field], row, value, &session->arena))
        return cv_error_memory(&session->error);
    if (!cv_row_check_field(plan, &plan->fields[*field], row, &session->error))
        return false;
    *value = cv_row_get(&plan->fields[*field], row); /* the copy in the arena */
    return true;
}

int64_t cuvee_update_where(cuvee_query *query, const cuvee_set *sets, size_t count)
{
    if (!can_run(query, "cuvee_update_where"))
        return -1;
    if (count == 0 || count > CV_MAX_FIELDS) {
        cv_query_misuse(query, "cuvee_update_where sets between 1 and %d fields", CV_MAX_FIELDS);
        return -1;
    }
    size_t *fields = cv_arena_alloc(&query->session->arena, count * sizeof *fields);
    cuvee_value *values = cv_arena_alloc(&query->session->arena, count * sizeof *values);
    if (!fields || !values) {
        cv_error_memory(&query->session->error);
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        if (check_set(query, &sets[i], &fields[i], &values[i]))
            continue;
        cv_session_explain(query->session, query->home->route);
        return -1;
    }
    struct cv_mass mass = {.plan = query->select.plan,
                           .kind = CV_UPDATE,
                           .fields = fields,
                           .values = values,
                           .field_count = count,
                           .where = query->select.where};
    return run_mass(query, &mass);
}
