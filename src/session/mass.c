/* UPDATE and DELETE by filter. */
#include <string.h>

#include "model/row.h"
#include "session/branch.h"
#include "session/changes.h"
#include "session/flush.h"
#include "session/query.h"
#include "session/references.h"
#include "session/statement.h"

static int64_t run_mass(cuvee_query *query, const struct cv_mass *mass)
{
    cuvee_session *session = query->session;
    const struct cv_route *route = query->home->route;
    if (!cv_flush_pool(session, route->pool))
        return -1;
    struct cv_connection *connection = cv_branch_write(session, route->pool);
    struct cv_statement *statement = cv_statement_for(session, route, connection, (struct cv_purpose){.mass = mass});
    if (!statement)
        return -1;
    cv_buffer_clear(&session->params);
    cv_mass_params(mass, &session->params);
    cv_branch_past_objects(session, route->pool);
    cv_changes_doubt(session, query->home);
    int64_t changes = cv_statement_run(session, route->pool, statement);
    cv_session_explain(session, route);
    return changes;
}

static bool can_run(cuvee_query *query, const char *verb)
{
    if (!cv_query_good(query) || !cv_can_write(query->session, query->home->route))
        return false;
    const struct cv_select *select = &query->select;
    bool shaped = select->join_count || select->order_count || select->limited || select->skips || select->pick_count ||
                  select->group_count || select->having_count || select->distinct;
    return !shaped || cv_query_misuse(query, "%s takes conditions only, no joins, order, limit or groups", verb);
}

int64_t cuvee_delete_where(cuvee_query *query)
{
    if (!can_run(query, "cuvee_delete_where"))
        return -1;
    struct cv_mass mass = {.plan = query->select.plan, .kind = CV_DELETE, .where = query->select.where};
    return run_mass(query, &mass);
}

/* What is set: the values of `fields` in `row`, and where each is among the statement's parameters. */
struct setting {
    void *row;
    struct cv_field_set fields;
    size_t *numbers;
    cuvee_value *values;
};

static bool can_be_set(cuvee_query *query, const struct setting *setting, const char *name, size_t field)
{
    const struct cv_plan *plan = query->select.plan;
    for (size_t i = 0; i < plan->key_count; i++)
        if (plan->keys[i] == field)
            return cv_query_misuse_field(query, name, "it is the key and cannot be set");
    if (field == plan->version)
        return cv_query_misuse_field(query, name, "it is the version, which every update raises");
    return !cv_fields_has(&setting->fields, field) || cv_query_misuse_field(query, name, "it is set twice");
}

/* NULL where the field takes it, else a value of its kind that the model allows. */
static bool add_set(cuvee_query *query, const cuvee_set *set, size_t number, struct setting *setting)
{
    cv_ref ref;
    cuvee_session *session = query->session;
    const struct cv_plan *plan = query->select.plan;
    if (!cv_query_field(query, set->field, &ref) || !can_be_set(query, setting, set->field, cv_ref_field(ref)))
        return false;
    const struct cv_field *field = &plan->fields[cv_ref_field(ref)];
    cuvee_value value = set->value;
    if (!cv_row_fits(plan, field, &value, &session->arena, &session->error))
        return false;
    if (!cv_row_set(field, setting->row, &value, &session->arena))
        return cv_error_memory(&session->error);
    cv_fields_add(&setting->fields, cv_ref_field(ref));
    setting->numbers[number] = cv_ref_field(ref);
    setting->values[number] = cv_row_get(field, setting->row); /* with the arena's copy of its text */
    return cv_row_check_field(plan, field, setting->row, &session->error);
}

static bool make_setting(cuvee_query *query, const cuvee_set *sets, size_t count, struct setting *setting)
{
    struct cv_arena *arena = &query->session->arena;
    if (!sets || count == 0)
        return cv_query_misuse(query, "cuvee_update_where is to set no field");
    setting->row = cv_model_zero(query->select.plan->model, arena);
    setting->numbers = cv_arena_alloc(arena, count * sizeof *setting->numbers);
    setting->values = cv_arena_alloc(arena, count * sizeof *setting->values);
    if (!setting->row || !setting->numbers || !setting->values)
        return cv_error_memory(&query->session->error);
    for (size_t i = 0; i < count; i++)
        if (!add_set(query, &sets[i], i, setting))
            return false;
    return true;
}

int64_t cuvee_update_where(cuvee_query *query, const cuvee_set *sets, size_t count)
{
    struct setting setting = {.row = NULL};
    if (!can_run(query, "cuvee_update_where"))
        return -1;
    if (!make_setting(query, sets, count, &setting) || !cv_flush_pool(query->session, NULL) ||
        !cv_references_check_row(query->session, query->home, setting.row, &setting.fields)) {
        cv_session_explain(query->session, query->home->route);
        return -1;
    }
    struct cv_mass mass = {.plan = query->select.plan,
                           .kind = CV_UPDATE,
                           .fields = setting.numbers,
                           .values = setting.values,
                           .field_count = count,
                           .where = query->select.where};
    int64_t changes = run_mass(query, &mass);
    if (changes < 0) {
        cv_references_blame(query->session, query->home, setting.row, &setting.fields);
        cv_session_explain(query->session, query->home->route);
    }
    return changes;
}
