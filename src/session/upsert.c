/* Upsert: insert a row, or update the one that is in its way. */
#include <string.h>

#include "model/row.h"
#include "session/branch.h"
#include "session/changes.h"
#include "session/flush.h"
#include "session/match.h"
#include "session/references.h"
#include "session/statement.h"

/* Adds the fields that a list of names ("email, tenant") means. */
static bool parse_fields(cuvee_session *session, const struct cv_plan *plan, const char *names,
                         struct cv_field_set *fields, size_t *count)
{
    *fields = (struct cv_field_set){{0}};
    *count = 0;
    for (const char *rest = names + strspn(names, ", "); *rest;) {
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

/*
 * Whether no two rows can have equal values in these fields: only then does the engine notice that a row is in the way.
 */
static bool are_unique(const struct cv_plan *plan, const struct cv_field_set *fields)
{
    struct cv_field_set keys = {{0}};
    for (size_t i = 0; i < plan->key_count; i++)
        cv_fields_add(&keys, plan->keys[i]);
    if (cv_fields_equal(fields, &keys))
        return !plan->auto_key;
    for (size_t f = 0; f < plan->count; f++) {
        struct cv_field_set alone = {{0}};
        cv_fields_add(&alone, f);
        if (plan->fields[f].declared->unique && cv_fields_equal(fields, &alone))
            return true;
    }
    for (size_t u = 0; u < plan->unique_count; u++) {
        struct cv_field_set together = {{0}};
        for (size_t i = 0; i < plan->uniques[u].count; i++)
            cv_fields_add(&together, plan->uniques[u].fields[i]);
        if (cv_fields_equal(fields, &together))
            return true;
    }
    return false;
}

static bool can_be_updated(cuvee_session *session, const struct cv_plan *plan, const struct cv_field_set *fields)
{
    for (size_t i = 0; i < plan->key_count; i++)
        if (cv_fields_has(fields, plan->keys[i]))
            return cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "cuvee_upsert: %s.%s is the key and cannot be set",
                                plan->model->name, plan->fields[plan->keys[i]].name);
    if (plan->version < plan->count && cv_fields_has(fields, plan->version))
        return cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                            "cuvee_upsert: %s.%s is the version, which every update raises", plan->model->name,
                            plan->fields[plan->version].name);
    return true;
}

/* What is to happen, from the names of the fields. */
static bool make_upsert(cuvee_session *session, const char *conflict, const char *update, struct cv_upsert *upsert)
{
    const struct cv_plan *plan = upsert->plan;
    size_t count;
    if (!parse_fields(session, plan, conflict, &upsert->conflict, &count) ||
        !parse_fields(session, plan, update, &upsert->update, &count) ||
        !can_be_updated(session, plan, &upsert->update))
        return false;
    return are_unique(plan, &upsert->conflict) ||
           cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                        "cuvee_upsert of %s: \"%s\" is not what the model declares to be unique together",
                        plan->model->name, conflict);
}

/* NULL is equal to nothing: such a row would never be in another's way, nor be found again. */
static bool has_conflict_values(cuvee_session *session, const struct cv_upsert *upsert, const void *row)
{
    const struct cv_plan *plan = upsert->plan;
    for (size_t f = 0; f < plan->count; f++)
        if (cv_fields_has(&upsert->conflict, f) && !cv_row_get(&plan->fields[f], row).kind) {
            cv_error_set(&session->error, CUVEE_ERROR_VALUE,
                         "%s.%s tells whether a row is in the way and cannot be NULL", plan->model->name,
                         plan->fields[f].name);
            cv_error_text(session->error.fields, sizeof session->error.fields, plan->fields[f].name);
            return false;
        }
    return true;
}

/* The row as it will be written: a copy with defaults, checked. */
static void *prepare_row(cuvee_session *session, const struct cv_home *home, const void *row, struct cv_arena *scratch)
{
    const struct cv_plan *plan = home->route->plan;
    const struct cv_clock *clock = cv_blend_clock(session->blend);
    void *copy = cv_row_copy(plan, row, scratch);
    if (!copy || !cv_row_fill(plan, copy, clock->now_us(clock->arg), scratch)) {
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
        cv_statement_for(session, home->route, connection, (struct cv_purpose){.upsert = upsert});
    if (!statement)
        return false;
    cv_buffer_clear(&session->params);
    for (size_t f = 0; f < plan->count; f++) {
        cuvee_value value = cv_row_get(&plan->fields[f], row);
        if (!plan->fields[f].auto_key)
            cv_push_value(&session->params, &value);
    }
    cv_branch_past_objects(session, home->route->pool);
    if (cv_statement_run(session, home->route->pool, statement) >= 0)
        return true;
    cv_references_blame(session, home, row, NULL);
    return false;
}

/* The row that is there now, found by the fields that tell conflicts: no more than a key may have; they are unique. */
static const void *find_row(cuvee_session *session, struct cv_home *home, const struct cv_field_set *conflict,
                            const void *row)
{
    const struct cv_plan *plan = home->route->plan;
    struct cv_match match;
    match.count = 0;
    for (size_t f = 0; f < plan->count; f++)
        if (cv_fields_has(conflict, f))
            cv_match_add(&match, f, cv_row_get(&plan->fields[f], row));
    return cv_match_load(session, home, &match, CV_NO_LOCK, true);
}

/* An engine that takes any unique index for a conflict has updated another row instead, which a rollback undoes. */
static void row_is_missing(cuvee_session *session, const char *conflict)
{
    if (!cv_session_good(session))
        return;
    cv_error_set(&session->error, CUVEE_ERROR_UNIQUE,
                 "a row that is equal in another unique index than that of \"%s\" exists already", conflict);
    cv_error_text(session->error.sqlstate, sizeof session->error.sqlstate, "23505");
}

/* Writes a row, and reads what is there then; NULL without an error: it is not there. */
static const void *write_row(cuvee_session *session, struct cv_home *home, const struct cv_upsert *upsert,
                             const void *row)
{
    struct cv_arena scratch; /* a session may live for many of them */
    cv_arena_init(&scratch, 0);
    const void *object = NULL;
    const void *copy = prepare_row(session, home, row, &scratch);
    if (copy && has_conflict_values(session, upsert, copy) && cv_flush_pool(session, NULL) &&
        cv_references_check_row(session, home, copy, NULL) && run(session, home, upsert, copy))
        object = find_row(session, home, &upsert->conflict, copy);
    cv_arena_free(&scratch);
    return object;
}

const void *cuvee_upsert(cuvee_session *session, const cuvee_model *model, const void *row, const char *conflict,
                         const char *update)
{
    struct cv_home *home = cv_session_good(session) ? cv_home_of(session, model) : NULL;
    if (!home || !cv_can_write(session, home->route))
        return NULL;
    struct cv_upsert upsert = {.plan = home->route->plan};
    if (!row || !conflict || !update) {
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "cuvee_upsert of %s: an argument is NULL", model->name);
        return NULL;
    }
    if (!make_upsert(session, conflict, update, &upsert)) {
        cv_session_explain(session, home->route);
        return NULL;
    }
    const void *object = write_row(session, home, &upsert, row);
    if (object)
        return object;
    row_is_missing(session, conflict);
    cv_session_explain(session, home->route);
    return NULL;
}
