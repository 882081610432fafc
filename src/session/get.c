/* Rows by their keys. */
#include "model/row.h"
#include "session/ask.h"
#include "session/changes.h"
#include "session/flush.h"
#include "session/load.h"

/* The values of a key as the session holds them, and the condition that asks for them. */
struct key_filter {
    cuvee_value values[CV_MAX_KEYS];
    cuvee_expr compares[CV_MAX_KEYS];
    cuvee_expr ands[CV_MAX_KEYS];
};

static const cuvee_expr *key_condition(const struct cv_plan *plan, struct key_filter *filter)
{
    const cuvee_expr *where = NULL;
    for (size_t i = 0; i < plan->key_count; i++) {
        filter->compares[i] = (cuvee_expr){.kind = CV_EXPR_COMPARE,
                                           .comparison = CUVEE_EQ,
                                           .ref = cv_ref_make(0, plan->keys[i]),
                                           .values = &filter->values[i],
                                           .value_count = 1};
        filter->ands[i] = (cuvee_expr){.kind = CV_EXPR_AND, .left = where, .right = &filter->compares[i]};
        where = i == 0 ? &filter->compares[0] : &filter->ands[i];
    }
    return where;
}

/* A cursor over the row with this key. */
static struct cv_cursor *select_by_key(cuvee_session *session, const struct cv_route *route, struct key_filter *filter,
                                       enum cv_lock lock)
{
    struct cv_select select = {.plan = route->plan, .unordered = true, .lock = lock};
    select.where = key_condition(route->plan, filter);
    return cv_cursor_start(session, route, &select);
}

/*
 * The row with this key; one that is locked takes the values that it has now, also when the session knows it already.
 */
static void *load_by_key(cuvee_session *session, struct cv_home *home, struct key_filter *filter, enum cv_lock lock)
{
    struct cv_cursor *cursor = select_by_key(session, home->route, filter, lock);
    const cuvee_value *cells = cv_cursor_next(cursor);
    void *object = cells ? cv_object_load(session, home, cells, lock != CV_NO_LOCK) : NULL;
    cv_cursor_close(cursor);
    return object;
}

static const void *get(cuvee_session *session, const cuvee_model *model, const cuvee_value *key, size_t count,
                       enum cv_lock lock)
{
    struct cv_home *home = cv_session_good(session) ? cv_home_of(session, model) : NULL;
    if (!home)
        return NULL;
    const struct cv_plan *plan = home->route->plan;
    if (count != plan->key_count || !key) {
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "the key of %s has %zu fields, %zu values were given",
                     model->name, plan->key_count, key ? count : 0);
        return NULL;
    }
    struct key_filter filter;
    for (size_t i = 0; i < count; i++) {
        filter.values[i] = key[i];
        if (cv_row_fits(plan, &plan->fields[plan->keys[i]], &filter.values[i], &session->arena, &session->error))
            continue;
        cv_session_explain(session, home->route);
        return NULL;
    }
    void *object = lock ? NULL : cv_home_find(home, filter.values);
    if (!object || (home->unsure && cv_object_is_unsure(session, object)))
        object = load_by_key(session, home, &filter, lock);
    return object && cv_object_is_deleted(session, object) ? NULL : object;
}

const void *cuvee_get_by_key(cuvee_session *session, const cuvee_model *model, const cuvee_value *key, size_t count)
{
    return get(session, model, key, count, CV_NO_LOCK);
}

const void *cuvee_get_locked_by_key(cuvee_session *session, const cuvee_model *model, const cuvee_value *key,
                                    size_t count)
{
    return get(session, model, key, count, CV_LOCK_ROWS);
}

bool cuvee_refresh(cuvee_session *session, const void *object)
{
    if (!cv_session_good(session))
        return false;
    struct cv_place_of place;
    if (!cv_object_of_session(session, object, "cuvee_refresh", &place))
        return false;
    struct cv_home *home = place.slab->home;
    if (cv_object_is_new(session, object) && !cv_flush_pool(session, home->route->pool))
        return false;
    const struct cv_plan *plan = home->route->plan;
    struct key_filter filter;
    for (size_t i = 0; i < plan->key_count; i++)
        filter.values[i] = cv_row_get(&plan->fields[plan->keys[i]], object);
    struct cv_cursor *cursor = select_by_key(session, home->route, &filter, CV_NO_LOCK);
    const cuvee_value *cells = cv_cursor_next(cursor);
    char *row = place.slab->rows + place.index * plan->model->struct_size; /* the object, which is ours to change */
    bool good = cells && cv_object_renew(session, home, row, cells);
    cv_cursor_close(cursor);
    if (!good && cv_session_good(session)) {
        cv_error_set(&session->error, CUVEE_ERROR_MISSING, "the %s to be refreshed is no longer there",
                     plan->model->name);
        cv_session_explain(session, home->route);
    }
    return good;
}
