/* Loading: rows become objects. */
#include <stdlib.h>
#include <string.h>

#include "model/row.h"
#include "session/internal.h"
#include "session/query.h"
#include "session/relation.h"
#include "session/rows.h"

/* A new row with these cells. */
static void *new_object(cuvee_session *session, struct cv_home *home, const cuvee_value *cells)
{
    void *row = cv_home_new_row(session, home);
    if (row && cv_row_load(home->route->plan, row, cells, &session->arena, &session->error))
        return row;
    cv_session_explain(session, home->route);
    return NULL;
}

static bool renew_object(cuvee_session *session, struct cv_home *home, void *row, const cuvee_value *cells)
{
    if (cv_row_load(home->route->plan, row, cells, &session->arena, &session->error)) {
        cv_object_renewed(session, row);
        return true;
    }
    cv_session_explain(session, home->route);
    return false;
}

void *cv_object_load(cuvee_session *session, struct cv_home *home, const cuvee_value *cells, bool renew)
{
    if (session->options.read_only)
        return new_object(session, home, cells);
    const struct cv_plan *plan = home->route->plan;
    cuvee_value keys[CV_MAX_KEYS];
    for (size_t i = 0; i < plan->key_count; i++)
        keys[i] = cells[plan->keys[i]];
    struct cv_slot *slot = cv_home_slot(session, home, keys);
    if (!slot)
        return NULL;
    if (slot->number) {
        void *known = cv_home_row(home, slot->number - 1);
        renew = renew || (home->unsure && cv_object_is_unsure(session, known));
        return !renew || renew_object(session, home, known, cells) ? known : NULL;
    }
    void *row = new_object(session, home, cells);
    if (row)
        cv_home_fill(home, slot, row);
    return row;
}

bool cv_objects_add(struct cv_objects *objects, const void *object)
{
    if (!object ||
        !cv_session_grow(objects->session, &objects->items, &objects->room, objects->count, sizeof *objects->items))
        return false;
    objects->items[objects->count++] = object;
    return true;
}

cuvee_list cv_objects_end(struct cv_objects *objects)
{
    cuvee_session *session = objects->session;
    cuvee_list list = {NULL, 0};
    size_t size = objects->count * sizeof *objects->items;
    if (cv_session_good(session) && objects->count > 0) {
        const void **kept = cv_arena_alloc(&session->arena, size);
        if (kept)
            list = (cuvee_list){memcpy(kept, objects->items, size), objects->count};
        else
            cv_error_memory(&session->error);
    }
    free(objects->items);
    return list;
}

/* Runs the query for at most `most` rows. An empty list on error. */
static cuvee_list load(cuvee_query *query, size_t most)
{
    if (cv_query_good(query) && query->select.pick_count > 0)
        cv_query_misuse(query, "a query with picks gives values: run it with cuvee_rows_open and cuvee_next_values");
    struct cv_cursor *cursor = cv_cursor_open(query);
    if (!cursor)
        return (cuvee_list){NULL, 0};
    struct cv_objects objects = {.session = query->session};
    const cuvee_value *cells;
    while (objects.count < most && (cells = cv_cursor_next(cursor)) != NULL)
        if (!cv_objects_add(&objects, cv_object_load(query->session, query->home, cells, query->select.lock)))
            break;
    cuvee_list list = cv_objects_end(&objects);
    cv_cursor_close(cursor);
    for (size_t i = 0; list.count > 0 && i < query->relation_count; i++)
        if (!cv_relations_load(query->session, query->home, list, query->relations[i]))
            return (cuvee_list){NULL, 0};
    return list;
}

cuvee_list cuvee_all(cuvee_query *query)
{
    return load(query, SIZE_MAX);
}

/* The query for at most `most` rows, without changing the caller's. */
static cuvee_list load_few(cuvee_query *query, uint64_t most)
{
    if (!cv_query_good(query))
        return (cuvee_list){NULL, 0};
    cuvee_query few = *query;
    if (!few.select.limited || few.select.limit > most)
        cuvee_limit(&few, most);
    return load(&few, (size_t)most);
}

const void *cuvee_first(cuvee_query *query)
{
    cuvee_list list = load_few(query, 1);
    return list.count ? list.items[0] : NULL;
}

const void *cuvee_one(cuvee_query *query)
{
    cuvee_list list = load_few(query, 2);
    if (!cv_query_good(query))
        return NULL;
    const char *name = query->select.plan->model->name;
    if (list.count == 0)
        cv_error_set(&query->session->error, CUVEE_ERROR_MISSING, "there is no such %s", name);
    else if (list.count > 1)
        cv_query_misuse(query, "cuvee_one found more than one row");
    cv_session_explain(query->session, query->home->route);
    return list.count == 1 ? list.items[0] : NULL;
}

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

/* The row with this key; one that is locked takes the values that it has now, also when the session knows it already. */
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
    bool good = cells && renew_object(session, home, row, cells);
    cv_cursor_close(cursor);
    if (!good && cv_session_good(session)) {
        cv_error_set(&session->error, CUVEE_ERROR_MISSING, "the %s to be refreshed is no longer there",
                     plan->model->name);
        cv_session_explain(session, home->route);
    }
    return good;
}
