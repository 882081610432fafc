/* The unit of work: what was added, edited and deleted, and how it ends. */
#include <stdlib.h>
#include <string.h>

#include "model/row.h"
#include "session/branch.h"
#include "session/changes.h"
#include "session/relation.h"

bool cv_can_write_base(cuvee_session *session, const cuvee_base *base)
{
    if (session->options.read_only)
        return cv_error_set(&session->error, CUVEE_ERROR_READ_ONLY, "the session is read-only");
    if (cv_blend_base_read_only(session->blend, base))
        return cv_error_set(&session->error, CUVEE_ERROR_READ_ONLY, "base %s is read-only", base->name);
    return true;
}

bool cv_can_write(cuvee_session *session, const struct cv_route *route)
{
    const char *name = route->plan->model->name;
    if (session->options.read_only)
        return cv_error_set(&session->error, CUVEE_ERROR_READ_ONLY,
                            "the session is read-only: %s cannot be changed or locked", name);
    if (route->read_only)
        return cv_error_set(&session->error, CUVEE_ERROR_READ_ONLY,
                            "base %s is read-only: %s cannot be changed or locked", route->base->name, name);
    return true;
}

static struct cv_pending *pending_of(cuvee_session *session, const struct cv_place_of *place)
{
    struct cv_slab *slab = place->slab;
    struct cv_home *home = slab->home;
    uint32_t number = slab->changes[place->index];
    if (number && number != CV_UNSURE)
        return &session->changes[number - 1];
    if (!cv_session_grow(session, &session->changes, &session->change_room, session->change_count,
                         sizeof *session->changes) ||
        !cv_session_grow(session, &home->pending, &home->pending_room, home->pending_count, sizeof *home->pending))
        return NULL;
    struct cv_pending *change = &session->changes[session->change_count];
    size_t size = home->route->plan->model->struct_size;
    *change = (struct cv_pending){.row = slab->rows + place->index * size, .home = home, .state = CV_STATE_STORED};
    change->unsure = number == CV_UNSURE;
    change->number = &slab->changes[place->index];
    home->pending[home->pending_count++] = (uint32_t)session->change_count++;
    slab->changes[place->index] = (uint32_t)session->change_count;
    return change;
}

static void *keep_copy(cuvee_session *session, const struct cv_pending *change)
{
    size_t size = change->home->route->plan->model->struct_size;
    void *copy = cv_model_alloc(change->home->route->plan->model, 1, &session->arena);
    if (copy)
        memcpy(copy, change->row, size); /* texts of a loaded or flushed row are the session's own and stay */
    else
        cv_error_memory(&session->error);
    return copy;
}

/* Automatic keys are the database's to give. */
static void clear_auto_key(const struct cv_plan *plan, void *row)
{
    if (!plan->auto_key)
        return;
    const struct cv_field *key = &plan->fields[plan->keys[0]];
    memset((char *)row + key->offset, 0, key->kind == CUVEE_INT32 ? sizeof(int32_t) : sizeof(int64_t));
}

/* Takes over the parent's key, if it has one already. */
static bool follow_link(cuvee_session *session, const struct cv_link *link, void *row)
{
    cuvee_value key = cv_row_get(link->parent_field, link->parent);
    return cv_row_set(link->field, row, &key, &session->arena) || cv_error_memory(&session->error);
}

/* A new row: with defaults, checked, with its own texts. */
static void *make_row(cuvee_session *session, struct cv_home *home, const void *row, const struct cv_link *link)
{
    const struct cv_plan *plan = home->route->plan;
    const struct cv_clock *clock = cv_blend_clock(session->blend);
    void *object = cv_home_new_row(session, home);
    if (!object)
        return NULL;
    memcpy(object, row, plan->model->struct_size);
    if (plan->fills && !cv_row_fill(plan, object, clock->now_us(clock->arg), &session->arena)) {
        cv_error_memory(&session->error);
        return NULL;
    }
    clear_auto_key(plan, object);
    if (link && !follow_link(session, link, object))
        return NULL;
    return cv_row_take(plan, object, &session->arena, &session->error) ? object : NULL;
}

static const void *add(cuvee_session *session, struct cv_home *home, const void *row, const struct cv_link *link)
{
    if (!cv_can_write(session, home->route))
        return NULL;
    if (!row) {
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "the row of %s to be added is NULL",
                     home->route->plan->model->name);
        return NULL;
    }
    void *object = make_row(session, home, row, link);
    if (!object) {
        cv_session_explain(session, home->route);
        return NULL;
    }
    struct cv_slab *slab = home->slabs[home->slab_count - 1];
    struct cv_pending *change = pending_of(session, &(struct cv_place_of){slab, slab->used - 1});
    if (!change)
        return NULL;
    change->state = CV_STATE_NEW;
    change->born = true;
    change->link = link;
    session->links += link != NULL;
    session->to_flush++;
    return object;
}

const void *cuvee_add(cuvee_session *session, const cuvee_model *model, const void *row)
{
    struct cv_home *home = cv_session_good(session) ? cv_home_of(session, model) : NULL;
    return home ? add(session, home, row, NULL) : NULL;
}

bool cuvee_add_all(cuvee_session *session, const cuvee_model *model, const void *rows, size_t count)
{
    struct cv_home *home = cv_session_good(session) ? cv_home_of(session, model) : NULL;
    if (!home)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add(session, home, (const char *)rows + i * model->struct_size, NULL))
            return false;
    return true;
}

/*
 * Whether rows refer to the parent by this relation (NULL: there is none of the name); a hint says what else can be
 * done.
 */
static bool takes_rows(cuvee_session *session, const cuvee_model *model, const cuvee_relation *declared,
                       const char *name)
{
    if (declared && !declared->through && !declared->here)
        return true;
    cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "%s has no relation %s that rows can be added to", model->name,
                 name ? name : "NULL");
    if (declared)
        cv_error_text(session->error.hint, sizeof session->error.hint,
                      declared->through ? "Add the other row, flush, and add the pair with both keys."
                                        : "Add the other row, flush, and set the field that refers to it.");
    return false;
}

const void *cuvee_add_related(cuvee_session *session, const void *parent, const char *relation, const void *row)
{
    struct cv_place_of place;
    if (!cv_session_good(session) || !cv_object_of_session(session, parent, "cuvee_add_related", &place))
        return NULL;
    const struct cv_home *home = place.slab->home;
    const struct cv_plan *plan = home->route->plan;
    const cuvee_relation *declared = relation ? cv_relation_find(plan->model, relation, strlen(relation)) : NULL;
    if (!takes_rows(session, plan->model, declared, relation))
        return NULL;
    struct cv_ends ends;
    struct cv_link *link = cv_arena_alloc(&session->arena, sizeof *link);
    if (!link)
        cv_error_memory(&session->error);
    if (!link || !cv_relation_ends(session, home, declared, &ends))
        return NULL;
    *link = (struct cv_link){parent, &plan->fields[ends.here], &ends.other->route->plan->fields[ends.there]};
    return add(session, ends.other, row, link);
}

bool cv_object_of_session(cuvee_session *session, const void *object, const char *verb, struct cv_place_of *place)
{
    if (!object) /* what cuvee_get returned, say: then the row is missing, and a request for it is answered so */
        return cv_error_set(&session->error, CUVEE_ERROR_MISSING, "%s got NULL: there is no such row", verb);
    if (!cv_object_find(session, object, place))
        return cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "%s: the pointer is no object of this session", verb);
    const char *name = place->slab->home->route->plan->model->name;
    uint32_t number = place->slab->changes ? place->slab->changes[place->index] : 0;
    if (number == CV_LEFT_SESSION)
        return cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "%s: this %s left the session", verb, name);
    enum cv_state state = number && number != CV_UNSURE ? session->changes[number - 1].state : CV_STATE_STORED;
    if (state == CV_STATE_DELETED || state == CV_STATE_GONE)
        return cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "%s: this %s was deleted", verb, name);
    return true;
}

/* The object's pending change, or NULL. */
static struct cv_pending *find_change(cuvee_session *session, const void *object)
{
    struct cv_place_of place;
    if (session->change_count == 0 || !cv_object_find(session, object, &place))
        return NULL;
    uint32_t number = place.slab->changes[place.index];
    return number && number < CV_UNSURE ? &session->changes[number - 1] : NULL;
}

bool cv_object_is_new(cuvee_session *session, const void *object)
{
    const struct cv_pending *change = find_change(session, object);
    return change && change->state == CV_STATE_NEW;
}

bool cv_object_is_written(cuvee_session *session, const void *object)
{
    const struct cv_pending *change = find_change(session, object);
    return !change || change->state == CV_STATE_STORED || change->state == CV_STATE_EDITED;
}

bool cv_object_is_deleted(cuvee_session *session, const void *object)
{
    const struct cv_pending *change = session->to_flush > 0 ? find_change(session, object) : NULL;
    return change && change->state == CV_STATE_DELETED;
}

/* Whether there is an edit that is not written yet. */
static bool has_edits(const struct cv_pending *change)
{
    const struct cv_plan *plan = change->home->route->plan;
    for (size_t f = 0; change->written && f < plan->count; f++)
        if (!cv_row_same_field(&plan->fields[f], change->row, change->written))
            return true;
    return false;
}

bool cv_object_is_unsure(cuvee_session *session, const void *object)
{
    struct cv_place_of place;
    if (!cv_object_find(session, object, &place))
        return false;
    const struct cv_pending *change = find_change(session, object);
    return change ? change->unsure && !has_edits(change) : place.slab->changes[place.index] == CV_UNSURE;
}

void cv_object_renewed(cuvee_session *session, const void *object)
{
    struct cv_place_of place;
    struct cv_pending *change = find_change(session, object);
    if (change && change->written) /* which is `original` too, when nothing of the edit was ever written */
        memcpy(change->written, object, change->home->route->plan->model->struct_size);
    if (change)
        change->unsure = false;
    else if (cv_object_find(session, object, &place) && place.slab->changes &&
             place.slab->changes[place.index] == CV_UNSURE)
        place.slab->changes[place.index] = 0;
}

/* An object that may be changed or deleted; an error otherwise. */
static struct cv_pending *change_of(cuvee_session *session, const void *object, const char *verb)
{
    struct cv_place_of place;
    if (!cv_object_of_session(session, object, verb, &place) || !cv_can_write(session, place.slab->home->route))
        return NULL;
    return pending_of(session, &place);
}

void *cuvee_edit(cuvee_session *session, const void *object)
{
    if (!cv_session_good(session))
        return NULL;
    struct cv_pending *change = change_of(session, object, "cuvee_edit");
    if (!change)
        return NULL;
    if (change->state == CV_STATE_NEW && !change->written) {
        change->written = keep_copy(session, change);
        if (!change->written)
            return NULL;
    } else if (change->state == CV_STATE_STORED) {
        change->written = keep_copy(session, change);
        if (!change->written)
            return NULL;
        if (!change->born && !change->original)
            change->original = change->written;
        change->state = CV_STATE_EDITED;
        session->to_flush++;
    }
    return change->row;
}

/* What was edited and not written is no matter any more. */
static void drop_edit(struct cv_pending *change)
{
    if (change->written)
        memcpy(change->row, change->written, change->home->route->plan->model->struct_size);
    change->written = NULL;
}

/* A change that has nothing to write any more. */
static void give_up(cuvee_session *session, struct cv_pending *change, enum cv_state state)
{
    session->to_flush -=
        change->state == CV_STATE_NEW || change->state == CV_STATE_EDITED || change->state == CV_STATE_DELETED;
    session->links -= change->link != NULL;
    change->link = NULL;
    change->state = state;
}

bool cuvee_delete(cuvee_session *session, const void *object)
{
    if (!cv_session_good(session))
        return false;
    struct cv_pending *change = change_of(session, object, "cuvee_delete");
    if (!change)
        return false;
    drop_edit(change);
    if (change->state == CV_STATE_NEW) { /* never written: nothing to delete */
        give_up(session, change, CV_STATE_GONE);
        return true;
    }
    if (change->state == CV_STATE_STORED) {
        if (!change->born && !change->original)
            change->original = keep_copy(session, change);
        session->to_flush++;
    }
    change->state = CV_STATE_DELETED;
    return session->error.kind == CUVEE_ERROR_NONE;
}

/* Whether there is something of this change that flush would write. */
static bool is_unwritten(const struct cv_pending *change)
{
    switch (change->state) {
    case CV_STATE_NEW:
    case CV_STATE_DELETED: return true;
    case CV_STATE_EDITED: return has_edits(change);
    default: return false;
    }
}

bool cuvee_session_has_changes(const cuvee_session *session)
{
    if (!session)
        return false;
    bool found = session->written > 0;
    for (size_t i = 0; !found && session->to_flush > 0 && i < session->change_count; i++)
        found = is_unwritten(&session->changes[i]);
    return found;
}

/* The object is no more of the session, and what is pending of it is given up. Whether that was something to write. */
static bool leave(cuvee_session *session, const struct cv_place_of *place)
{
    uint32_t number = place->slab->changes[place->index];
    struct cv_pending *change = number && number < CV_UNSURE ? &session->changes[number - 1] : NULL;
    bool unwritten = change && is_unwritten(change);
    if (change) {
        drop_edit(change);
        give_up(session, change, CV_STATE_EXPUNGED);
    }
    place->slab->changes[place->index] = CV_LEFT_SESSION;
    return unwritten;
}

bool cv_object_known(cuvee_session *session, struct cv_home *home, const void *object, bool *given_up)
{
    struct cv_place_of before;
    if (!cv_home_know(session, home, object, &before))
        return false;
    *given_up = before.slab && leave(session, &before);
    return true;
}

void cv_changes_doubt(cuvee_session *session, struct cv_home *home)
{
    home->unsure = home->slab_count > 0;
    for (size_t s = 0; s < home->slab_count; s++) {
        const struct cv_slab *slab = home->slabs[s];
        for (uint32_t i = 0; i < slab->used; i++) {
            if (slab->changes[i] == 0)
                slab->changes[i] = CV_UNSURE;
            else if (slab->changes[i] < CV_UNSURE)
                session->changes[slab->changes[i] - 1].unsure = true;
        }
    }
}

void cv_changes_doubt_past_objects(cuvee_session *session, const struct cv_branch *branch)
{
    for (size_t i = 0; branch->past_objects && i < session->home_count; i++)
        if (session->homes[i]->route->pool == branch->pool)
            cv_changes_doubt(session, session->homes[i]);
}

/* Takes the changes from number `from` on out of the lists. */
static void forget_from(cuvee_session *session, size_t from)
{
    for (size_t i = 0; i < session->home_count; i++) {
        struct cv_home *home = session->homes[i];
        while (home->pending_count > 0 && home->pending[home->pending_count - 1] >= from)
            home->pending_count--;
    }
    session->change_count = from;
    session->to_flush = session->links = 0;
    for (size_t i = 0; i < from; i++)
        session->to_flush += session->changes[i].state == CV_STATE_EDITED;
}

/* What stands beside a row whose change is over. */
static uint32_t settled(const struct cv_pending *change)
{
    return change->unsure ? CV_UNSURE : 0;
}

void cv_changes_settled(cuvee_session *session)
{
    for (size_t i = 0; i < session->change_count; i++) {
        const struct cv_pending *change = &session->changes[i];
        if (*change->number != CV_LEFT_SESSION)
            *change->number = change->state == CV_STATE_GONE ? CV_LEFT_SESSION : settled(change);
    }
    forget_from(session, 0);
}

void cv_changes_abandoned(cuvee_session *session)
{
    for (size_t i = 0; i < session->change_count; i++) {
        struct cv_pending *change = &session->changes[i];
        cv_home_forget(change->home, change->row);
        *change->number = CV_LEFT_SESSION;
    }
    forget_from(session, 0);
}

static void undo(cuvee_session *session, struct cv_pending *change)
{
    bool given_up; /* is undone too */
    if (change->state == CV_STATE_EXPUNGED)
        return;
    drop_edit(change); /* a text of the caller's must not stay, nor a key that was changed */
    if (change->born && change->state != CV_STATE_NEW)
        cv_home_forget(change->home, change->row);
    if (change->original)
        memcpy(change->row, change->original, change->home->route->plan->model->struct_size);
    if (!change->born && change->state == CV_STATE_GONE)
        cv_object_known(session, change->home, change->row, &given_up);
    *change->number = change->born ? CV_LEFT_SESSION : settled(change);
}

void cv_changes_undo_from(cuvee_session *session, size_t from)
{
    for (size_t i = from; i < session->change_count; i++)
        undo(session, &session->changes[i]);
    forget_from(session, from);
}

void cv_changes_undone(cuvee_session *session)
{
    cv_changes_undo_from(session, 0);
}

bool cuvee_expunge(cuvee_session *session, const void *object)
{
    struct cv_place_of place;
    if (!cv_session_good(session) || !cv_object_of_session(session, object, "cuvee_expunge", &place))
        return false;
    if (!place.slab->changes)
        return true; /* a read-only session keeps no track of its objects */
    leave(session, &place);
    cv_home_forget(place.slab->home, object);
    return true;
}
