/* Upsert: insert a row, or update the one that is in its way. */
#include <string.h>

#include "model/row.h"
#include "session/internal.h"
#include "session/query.h"
#include "session/references.h"

/* Adds the fields that a list of names ("email, tenant") means. */
static bool parse_fields(cuvee_session *session, const struct cv_plan *plan, const char *names,
                         struct cv_field_set *fields, size_t *count)
{
    *fields = (struct cv_field_set){{0}};
    *count = 0;
    for (const char *rest = names; *rest;) {
        size_t size = strcspn(rest, ", ");
        size_t f = 0;
        while (f < plan->count &&
               (strlen(plan->fields[f].name) != size || strncmp(plan->fields[f].name, rest, size) != 0))
            f++;
        if (f == plan->count)
            return cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "%s has no field %.*s", plan->model->name,
                                (int)size, rest);
        cv_fields_add(fields, f);
        ++*count;
        rest += size;
        rest += strspn(rest, ", ");
    }
    return *count > 0 ||
           cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "cuvee_upsert of %s names no field", plan->model->name);
}

/* The row as it will be written: a copy with defaults, checked. */
static void *prepare_row(cuvee_session *session, const struct cv_home *home, const void *row)
{
    const struct cv_plan *plan = home->route->plan;
    const struct cv_clock *clock = cv_blend_clock(session->blend);
    void *copy = cv_row_copy(plan, row, &session->arena);
    if (!copy || !cv_row_fill(plan, copy, clock->now_us(clock->arg), &session->arena)) {
        cv_error_memory(&session->error);
        return NULL;
    }
    return cv_row_check(plan, copy, &session->error) ? copy : NULL;
}

static bool run(cuvee_session *session, const struct cv_home *home, const struct cv_upsert *upsert, const void *row)
{
    const struct cv_plan *plan = home->route->plan;
    struct cv_connection *connection = cv_branch_write(session, home->route->pool);
    struct cv_statement *statement =
        connection ? cv_statement_for_upsert(session, home->route, connection, upsert) : NULL;
    if (!statement)
        return false;
    cv_buffer_clear(&session->params);
    for (size_t f = 0; f < plan->count; f++) {
        cuvee_value value = cv_row_get(&plan->fields[f], row);
        if (!plan->fields[f].auto_key)
            cv_push_value(&session->params, &value);
    }
    cv_branch_past_objects(session, home->route->pool);
    return cv_statement_run(session, home->route->pool, statement) >= 0;
}

/* The row that is there now, found by the fields that tell conflicts. */
static const void *find_row(cuvee_session *session, struct cv_home *home, const struct cv_field_set *conflict,
                            const void *row)
{
    const struct cv_plan *plan = home->route->plan;
    cuvee_query *query = cuvee_select(session, plan->model);
    for (size_t f = 0; f < plan->count; f++) {
        if (!cv_fields_has(conflict, f))
            continue;
        cuvee_value value = cv_row_get(&plan->fields[f], row);
        cuvee_where(query, cuvee_compare(query, plan->fields[f].name, CUVEE_EQ, value));
    }
    if (!cv_query_good(query))
        return NULL;
    struct cv_cursor *cursor = cv_cursor_open(query);
    const cuvee_value *cells = cv_cursor_next(cursor);
    const void *object = cells ? cv_object_load(session, home, cells, true) : NULL;
    cv_cursor_close(cursor);
    return object;
}

const void *cuvee_upsert(cuvee_session *session, const cuvee_model *model, const void *row, const char *conflict,
                         const char *update)
{
    struct cv_home *home = cv_session_good(session) ? cv_home_of(session, model) : NULL;
    if (!home || !cv_can_write(session, home->route))
        return NULL;
    struct cv_upsert upsert = {.plan = home->route->plan};
    size_t count;
    if (!row || !conflict || !update) {
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "cuvee_upsert of %s: an argument is NULL", model->name);
        return NULL;
    }
    if (!parse_fields(session, upsert.plan, conflict, &upsert.conflict, &count) ||
        !parse_fields(session, upsert.plan, update, &upsert.update, &count))
        return NULL;
    const void *copy = prepare_row(session, home, row);
    const void *object = NULL;
    if (copy && cv_flush_pool(session, NULL) && cv_references_check_row(session, home, copy) &&
        run(session, home, &upsert, copy))
        object = find_row(session, home, &upsert.conflict, copy);
    if (!object)
        cv_session_explain(session, home->route);
    return object;
}
