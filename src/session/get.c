/* Rows by their keys. */
#include "model/row.h"
#include "session/changes.h"
#include "session/flush.h"
#include "session/load.h"
#include "session/match.h"

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
    struct cv_match match;
    match.count = 0;
    for (size_t i = 0; i < count; i++) {
        cv_match_add(&match, plan->keys[i], key[i]);
        if (cv_row_fits(plan, &plan->fields[plan->keys[i]], &match.values[i], &session->arena, &session->error))
            continue;
        cv_session_explain(session, home->route);
        return NULL;
    }
    /* One that is locked takes the values that its row has now, also when the session knows it already. */
    void *object = lock ? NULL : cv_home_find(home, match.values);
    if (!object || (home->unsure && cv_object_is_unsure(session, object)))
        object = cv_match_load(session, home, &match, lock, lock != CV_NO_LOCK);
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
    struct cv_match match;
    match.count = 0;
    for (size_t i = 0; i < plan->key_count; i++)
        cv_match_add(&match, plan->keys[i], cv_row_get(&plan->fields[plan->keys[i]], object));
    struct cv_cursor *cursor = cv_match_open(session, home->route, &match, CV_NO_LOCK);
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
