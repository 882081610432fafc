/*
 * References to rows of another database, which no engine can check: before rows are written, the rows that they refer
 * to are looked for, and before rows are deleted, rows that refer to them. Between this look and the commit someone
 * else can delete or add such a row; nothing short of a lock in both databases prevents that (docs/session.md).
 *
 * Inside one database the engine checks. Where it does not say which reference it refused, the same look tells
 * afterwards.
 */

#include <stdlib.h>
#include <string.h>

#include "model/row.h"
#include "session/changes.h"
#include "session/references.h"
#include "session/running.h"
#include "session/value_set.h"

static bool complain(cuvee_session *session, const struct cv_route *route, const struct cv_field *field,
                     const cuvee_value *value, const struct cv_route *parent)
{
    cuvee_error *error = &session->error;
    const char *name = route->plan->model->name;
    const char *other = parent->plan->model->name;
    if (value->kind == CUVEE_INT32 || value->kind == CUVEE_INT64)
        cv_error_set(error, CUVEE_ERROR_FOREIGN_KEY, "%s.%s refers to %s %lld, which is not in base %s", name,
                     field->name, other, (long long)value->as.integer, parent->base->name);
    else
        cv_error_set(error, CUVEE_ERROR_FOREIGN_KEY, "%s.%s refers to a %s that is not in base %s", name, field->name,
                     other, parent->base->name);
    cv_error_text(error->fields, sizeof error->fields, field->name);
    return false;
}

/* Takes the values out of `missing` that are keys of the parent, a page at a time. */
static bool look_for(cuvee_session *session, const struct cv_route *parent, const struct cv_value_set *wanted,
                     bool *found)
{
    struct cv_pick pick = {.ref = cv_ref_make(0, parent->plan->keys[0])};
    cuvee_expr in;
    for (size_t from = 0; cv_value_set_page(wanted, &from, pick.ref, &in);) {
        struct cv_select select = {
            .plan = parent->plan, .picks = &pick, .pick_count = 1, .where = &in, .unordered = true};
        struct cv_cursor *cursor = cv_cursor_run(session, parent, &select);
        const cuvee_value *cells;
        while ((cells = cv_cursor_next(cursor)) != NULL) {
            size_t number = cv_value_set_find(wanted, &cells[0]);
            if (number != SIZE_MAX)
                found[number] = true;
        }
        cv_cursor_close(cursor);
        if (!cv_session_good(session))
            return false;
    }
    return true;
}

/* Whether all these values of a field are keys of the parent's rows. */
static bool check_values(cuvee_session *session, const struct cv_route *route, const struct cv_field *field,
                         const struct cv_value_set *wanted, const struct cv_route *parent)
{
    bool *found = calloc(wanted->count + 1, sizeof *found);
    if (!found)
        return cv_error_memory(&session->error);
    bool good = look_for(session, parent, wanted, found);
    for (size_t i = 0; good && i < wanted->count; i++)
        good = found[i] || complain(session, route, field, &wanted->values[i], parent);
    free(found);
    return good;
}

/* Which references are looked at: those that the engine checks itself, or the others. */
enum side { ELSEWHERE, HERE };

/* Where the rows live that a field refers to, if that is on this side. */
static const struct cv_route *parent_of(const cuvee_session *session, const struct cv_route *route,
                                        const struct cv_field *field, enum side side)
{
    const cuvee_model *refers = field->declared->refers;
    const struct cv_route *parent = refers ? cv_blend_route(session->blend, refers) : NULL;
    return parent && (parent->pool == route->pool) == (side == HERE) && parent->plan->key_count == 1 ? parent : NULL;
}

static bool check_field(cuvee_session *session, const struct cv_route *route, const uint32_t *numbers, size_t count,
                        const struct cv_field *field)
{
    const struct cv_route *parent = parent_of(session, route, field, ELSEWHERE);
    struct cv_value_set wanted = {.seed = cv_blend_seed(session->blend)};
    bool good = true;
    for (size_t i = 0; parent && good && i < count; i++) {
        cuvee_value value = cv_row_get(field, session->changes[numbers[i]].row);
        good = !value.kind || cv_value_set_add(&wanted, &value) != SIZE_MAX;
    }
    if (!good)
        cv_error_memory(&session->error);
    good = good && (wanted.count == 0 || check_values(session, route, field, &wanted, parent));
    cv_value_set_free(&wanted);
    return good;
}

bool cv_references_check(cuvee_session *session, const struct cv_home *home, const uint32_t *numbers, size_t count,
                         const struct cv_field_set *fields)
{
    const struct cv_plan *plan = home->route->plan;
    for (size_t f = 0; f < plan->count; f++)
        if ((!fields || cv_fields_has(fields, f)) &&
            !check_field(session, home->route, numbers, count, &plan->fields[f]))
            return false;
    return true;
}

static bool check_row(cuvee_session *session, const struct cv_home *home, const void *row,
                      const struct cv_field_set *fields, enum side side)
{
    const struct cv_plan *plan = home->route->plan;
    for (size_t f = 0; f < plan->count; f++) {
        const struct cv_route *parent = parent_of(session, home->route, &plan->fields[f], side);
        cuvee_value value = cv_row_get(&plan->fields[f], row);
        struct cv_value_set wanted = {.seed = cv_blend_seed(session->blend)};
        if (!parent || !value.kind || (fields && !cv_fields_has(fields, f)))
            continue;
        if (cv_value_set_add(&wanted, &value) == SIZE_MAX)
            return cv_error_memory(&session->error);
        bool good = check_values(session, home->route, &plan->fields[f], &wanted, parent);
        cv_value_set_free(&wanted);
        if (!good)
            return false;
    }
    return true;
}

bool cv_references_check_row(cuvee_session *session, const struct cv_home *home, const void *row,
                             const struct cv_field_set *fields)
{
    return check_row(session, home, row, fields, ELSEWHERE);
}

/* ---- before rows are deleted ---- */

static bool complain_of_use(cuvee_session *session, const struct cv_route *child, const struct cv_field *field,
                            const struct cv_home *home, const cuvee_value *value)
{
    const char *name = home->route->plan->model->name;
    const char *other = child->plan->model->name;
    if (value->kind == CUVEE_INT32 || value->kind == CUVEE_INT64)
        return cv_error_set(&session->error, CUVEE_ERROR_FOREIGN_KEY, "%s.%s in base %s still refers to %s %lld", other,
                            field->name, child->base->name, name, (long long)value->as.integer);
    return cv_error_set(&session->error, CUVEE_ERROR_FOREIGN_KEY, "%s.%s in base %s still refers to a %s", other,
                        field->name, child->base->name, name);
}

/* Looks for one row of the child's whose field has one of the keys, a page at a time. */
static bool is_unused(cuvee_session *session, const struct cv_home *home, const struct cv_value_set *keys,
                      const struct cv_route *child, size_t field)
{
    struct cv_pick pick = {.ref = cv_ref_make(0, field)};
    cuvee_expr in;
    bool good = true;
    for (size_t from = 0; good && cv_value_set_page(keys, &from, pick.ref, &in);) {
        struct cv_select select = {.plan = child->plan,
                                   .picks = &pick,
                                   .pick_count = 1,
                                   .where = &in,
                                   .unordered = true,
                                   .limited = true,
                                   .limit = 1};
        struct cv_cursor *cursor = cv_cursor_run(session, child, &select);
        const cuvee_value *cells = cv_cursor_next(cursor);
        if (cells)
            complain_of_use(session, child, &child->plan->fields[field], home, &cells[0]);
        cv_cursor_close(cursor);
        good = cv_session_good(session);
    }
    return good;
}

static bool keys_of(const cuvee_session *session, const struct cv_home *home, const uint32_t *numbers, size_t count,
                    struct cv_value_set *keys)
{
    const struct cv_field *key = &home->route->plan->fields[home->route->plan->keys[0]];
    for (size_t i = 0; i < count; i++) {
        cuvee_value value = cv_row_get(key, session->changes[numbers[i]].row);
        if (cv_value_set_add(keys, &value) == SIZE_MAX)
            return false;
    }
    return true;
}

/* Rows to be deleted; their keys are gathered when somebody may refer to them. */
struct doomed {
    const struct cv_home *home;
    const uint32_t *numbers;
    size_t count;
    struct cv_value_set keys;
};

static bool is_unused_by(cuvee_session *session, struct doomed *doomed, const struct cv_route *child)
{
    for (size_t f = 0; f < child->plan->count; f++) {
        if (child->plan->fields[f].declared->refers != doomed->home->route->plan->model)
            continue;
        if (doomed->keys.count == 0 && !keys_of(session, doomed->home, doomed->numbers, doomed->count, &doomed->keys))
            return cv_error_memory(&session->error);
        if (!is_unused(session, doomed->home, &doomed->keys, child, f))
            return false;
    }
    return true;
}

static bool are_unused(cuvee_session *session, const struct cv_home *home, const uint32_t *numbers, size_t count,
                       enum side side)
{
    struct doomed doomed = {home, numbers, count, {.seed = cv_blend_seed(session->blend)}};
    bool good = true;
    for (size_t b = 0; home->route->plan->key_count == 1 && good && b < cuvee_blend_base_count(session->blend); b++) {
        const cuvee_base *base = cuvee_blend_base(session->blend, b);
        if ((cv_blend_base_pool(session->blend, base) == home->route->pool) != (side == HERE))
            continue;
        for (size_t m = 0; good && m < base->model_count; m++)
            good = is_unused_by(session, &doomed, cv_blend_route(session->blend, base->models[m]));
    }
    cv_value_set_free(&doomed.keys);
    return good;
}

bool cv_references_unused(cuvee_session *session, const struct cv_home *home, const uint32_t *numbers, size_t count)
{
    return are_unused(session, home, numbers, count, ELSEWHERE);
}

/* ---- after the engine refused ---- */

/* Whether the session's error wants explaining; then it is put aside. */
static bool begin_blame(cuvee_session *session, cuvee_error *refusal)
{
    if (session->error.kind != CUVEE_ERROR_FOREIGN_KEY || session->error.fields[0])
        return false;
    *refusal = session->error;
    cv_error_clear(&session->error);
    return true;
}

/* What was found says more than the engine; without it, the engine's error stands as it was. */
static void end_blame(cuvee_session *session, const cuvee_error *refusal)
{
    if (session->error.kind != CUVEE_ERROR_FOREIGN_KEY) {
        session->error = *refusal;
        return;
    }
    memcpy(session->error.sqlstate, refusal->sqlstate, sizeof refusal->sqlstate);
    session->error.vendor_code = refusal->vendor_code;
}

void cv_references_blame(cuvee_session *session, const struct cv_home *home, const void *row,
                         const struct cv_field_set *fields)
{
    cuvee_error refusal;
    if (!begin_blame(session, &refusal))
        return;
    check_row(session, home, row, fields, HERE);
    end_blame(session, &refusal);
}

void cv_references_blame_use(cuvee_session *session, const struct cv_home *home, uint32_t number)
{
    cuvee_error refusal;
    if (!begin_blame(session, &refusal))
        return;
    are_unused(session, home, &number, 1, HERE);
    end_blame(session, &refusal);
}
