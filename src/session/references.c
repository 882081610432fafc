/*
 * References to rows of another database, which no engine can check: before rows are written, the rows that they refer to are
 * looked for. Between this look and the commit someone else can delete such a row; nothing short of a lock in both databases
 * prevents that (docs/session.md).
 */
#include "session/references.h"

#include "model/row.h"
#include "session/value_set.h"

enum { KEYS_PER_PAGE = 512 };

static bool complain(cuvee_session *session, const struct cv_home *home, const struct cv_field *field,
                     const cuvee_value *value, const struct cv_route *parent)
{
    cuvee_error *error = &session->error;
    const char *name = home->route->plan->model->name;
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
    size_t key = parent->plan->keys[0];
    for (size_t from = 0; from < wanted->count; from += KEYS_PER_PAGE) {
        size_t left = wanted->count - from;
        cuvee_expr in = {.kind = CV_EXPR_IN,
                         .ref = cv_ref_make(0, key),
                         .values = wanted->values + from,
                         .value_count = left < KEYS_PER_PAGE ? left : KEYS_PER_PAGE};
        struct cv_pick pick = {.ref = cv_ref_make(0, key)};
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

static bool check_field(cuvee_session *session, const struct cv_home *home, const uint32_t *numbers, size_t count,
                        const struct cv_field *field, const struct cv_route *parent)
{
    struct cv_value_set wanted = {0};
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        cuvee_value value = cv_row_get(field, session->changes[numbers[i]].row);
        good = !value.kind || cv_value_set_add(&wanted, &value) != SIZE_MAX;
    }
    bool *found = good ? cv_arena_zero(&session->arena, wanted.count + 1) : NULL;
    good = found ? look_for(session, parent, &wanted, found) : cv_error_memory(&session->error);
    for (size_t i = 0; good && i < wanted.count; i++)
        good = found[i] || complain(session, home, field, &wanted.values[i], parent);
    cv_value_set_free(&wanted);
    return good;
}

bool cv_references_check(cuvee_session *session, const struct cv_home *home, const uint32_t *numbers, size_t count,
                         const struct cv_field_set *fields)
{
    const struct cv_plan *plan = home->route->plan;
    for (size_t f = 0; f < plan->count; f++) {
        const cuvee_model *refers = plan->fields[f].declared->refers;
        const struct cv_route *parent = refers ? cv_blend_route(session->blend, refers) : NULL;
        if (!parent || parent->pool == home->route->pool || parent->plan->key_count != 1)
            continue;
        if (fields && !cv_fields_has(fields, f))
            continue;
        if (!check_field(session, home, numbers, count, &plan->fields[f], parent))
            return false;
    }
    return true;
}
