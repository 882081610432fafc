/* Loading: rows become objects. */
#include <stdlib.h>
#include <string.h>

#include "model/row.h"
#include "session/changes.h"
#include "session/load.h"

/* A new row with these cells. */
static void *new_object(cuvee_session *session, struct cv_home *home, const cuvee_value *cells)
{
    void *row = cv_home_new_row(session, home);
    if (row && cv_row_load(home->route->plan, row, cells, &session->arena, &session->error))
        return row;
    cv_session_explain(session, home->route);
    return NULL;
}

bool cv_object_renew(cuvee_session *session, struct cv_home *home, void *row, const cuvee_value *cells)
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
        return !renew || cv_object_renew(session, home, known, cells) ? known : NULL;
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
