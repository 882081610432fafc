/*
 * Flush: pending changes become statements.
 *
 * Inserts first, parents before children; then updates; then deletes, children before parents. Changes of one kind to
 * one model follow each other as a batch of one statement.
 */
#include <stdlib.h>
#include <string.h>

#include "driver/statements.h"
#include "model/row.h"
#include "session/branch.h"
#include "session/changes.h"
#include "session/flush.h"
#include "session/references.h"
#include "session/statement.h"
#include "session/tree.h"

/* A run of pending changes of one model that one statement writes. */
struct batch {
    cuvee_session *session;
    struct cv_home *home;
    const uint32_t *numbers; /* of the changes */
    size_t at;               /* the one that is being written */
    struct cv_change change;
};

static struct cv_pending *pending_at(const struct batch *batch, size_t i)
{
    return &batch->session->changes[batch->numbers[i]];
}

static size_t put_keys(const struct cv_plan *plan, const void *row, cuvee_value *params)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->key_count; i++)
        params[count++] = cv_row_get(&plan->fields[plan->keys[i]], row);
    if (plan->version < plan->count)
        params[count++] = cv_row_get(&plan->fields[plan->version], row);
    return count;
}

static bool insert_row(void *arg, size_t i, cuvee_value *params)
{
    struct batch *batch = arg;
    batch->at = i;
    const struct cv_plan *plan = batch->home->route->plan;
    const void *row = pending_at(batch, i)->row;
    for (size_t f = 0; f < plan->count; f++)
        if (!plan->fields[f].auto_key)
            *params++ = cv_row_get(&plan->fields[f], row);
    return true;
}

static void put_integer(const struct cv_field *field, void *row, int64_t value)
{
    if (field->kind == CUVEE_INT32)
        *(int32_t *)(void *)((char *)row + field->offset) = (int32_t)value;
    else
        *(int64_t *)(void *)((char *)row + field->offset) = value;
}

/* A row that is not there as it was loaded: someone else changed or deleted it. */
static bool lost(const struct batch *batch, const struct cv_pending *pending)
{
    const struct cv_plan *plan = batch->home->route->plan;
    cuvee_error *error = &batch->session->error;
    cuvee_value key = cv_row_get(&plan->fields[plan->keys[0]], pending->row);
    if (key.kind == CUVEE_INT64 || key.kind == CUVEE_INT32)
        cv_error_set(error, CUVEE_ERROR_VERSION, "%s %s=%lld was changed or deleted by someone else", plan->model->name,
                     plan->fields[plan->keys[0]].name, (long long)key.as.integer);
    else
        cv_error_set(error, CUVEE_ERROR_VERSION, "a row of %s was changed or deleted by someone else",
                     plan->model->name);
    cv_error_text(error->hint, sizeof error->hint, "load it again in a new session and repeat the change");
    return false;
}

static bool inserted(void *arg, size_t i, int64_t changes, int64_t id)
{
    const struct batch *batch = arg;
    const struct cv_plan *plan = batch->home->route->plan;
    struct cv_pending *pending = pending_at(batch, i);
    if (changes != 1) {
        cv_error_set(&batch->session->error, CUVEE_ERROR_DATABASE, "the database took a row of %s and did not keep it",
                     plan->model->name);
        cv_error_text(batch->session->error.hint, sizeof batch->session->error.hint,
                      "a trigger or a conflict clause of the table ignores rows");
        return false;
    }
    if (plan->auto_key) {
        const struct cv_field *key = &plan->fields[plan->keys[0]];
        if (key->kind == CUVEE_INT32 && (id > INT32_MAX || id < INT32_MIN))
            return cv_error_set(&batch->session->error, CUVEE_ERROR_FULL, "%s.%s: the new key %lld does not fit int32",
                                plan->model->name, key->name, (long long)id);
        put_integer(key, pending->row, id);
    }
    if (pending->written) { /* its edit pointer is out */
        memcpy(pending->written, pending->row, plan->model->struct_size);
        pending->state = CV_STATE_EDITED;
    } else {
        pending->state = CV_STATE_STORED;
        batch->session->to_flush--;
    }
    bool given_up; /* the key was another object's, whose row was not there any more */
    return cv_object_known(batch->session, batch->home, pending->row, &given_up) && (!given_up || lost(batch, pending));
}

static bool update_row(void *arg, size_t i, cuvee_value *params)
{
    struct batch *batch = arg;
    batch->at = i;
    const struct cv_plan *plan = batch->home->route->plan;
    const struct cv_pending *pending = pending_at(batch, i);
    for (size_t f = 0; f < plan->count; f++)
        if (cv_fields_has(&batch->change.fields, f))
            *params++ = cv_row_get(&plan->fields[f], pending->row);
    put_keys(plan, pending->written, params);
    return true;
}

static bool updated(void *arg, size_t i, int64_t changes, int64_t id)
{
    const struct batch *batch = arg;
    struct cv_pending *pending = pending_at(batch, i);
    (void)id;
    if (changes != 1)
        return lost(batch, pending);
    /* It stays edited: whoever has the pointer may change the row further, until the transaction ends. */
    size_t size = batch->home->route->plan->model->struct_size;
    if (pending->written == pending->original)
        pending->written = cv_model_alloc(batch->home->route->plan->model, 1, &batch->session->arena);
    if (!pending->written)
        return cv_error_memory(&batch->session->error);
    memcpy(pending->written, pending->row, size);
    return true;
}

static bool delete_row(void *arg, size_t i, cuvee_value *params)
{
    struct batch *batch = arg;
    batch->at = i;
    put_keys(batch->home->route->plan, pending_at(batch, i)->row, params);
    return true;
}

static bool deleted(void *arg, size_t i, int64_t changes, int64_t id)
{
    const struct batch *batch = arg;
    struct cv_pending *pending = pending_at(batch, i);
    (void)id;
    if (changes != 1)
        return lost(batch, pending);
    cv_home_forget(batch->home, pending->row);
    pending->state = CV_STATE_GONE;
    batch->session->to_flush--;
    return true;
}

static bool key_changed(cuvee_session *session, const struct cv_plan *plan, size_t field)
{
    for (size_t k = 0; k < plan->key_count; k++)
        if (plan->keys[k] == field)
            return !cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                                 "%s.%s is the key: delete the row and add another instead of changing it",
                                 plan->model->name, plan->fields[field].name);
    return false;
}

static bool points_somewhere(const struct cv_field *field)
{
    return field->kind == CUVEE_TEXT || field->kind == CUVEE_DECIMAL || field->kind == CUVEE_JSON ||
           field->kind == CUVEE_BLOB;
}

/* A text that the caller put in becomes the session's own, also where it says the same as before. */
static bool own_text(cuvee_session *session, const struct cv_pending *pending, const struct cv_field *field)
{
    cuvee_value value = cv_row_get(field, pending->row);
    cuvee_value before = cv_row_get(field, pending->written);
    if (!value.kind || (before.kind && value.as.text.data == before.as.text.data))
        return true;
    return cv_row_set(field, pending->row, &value, &session->arena) || cv_error_memory(&session->error);
}

/* Which fields of an edited row differ from what it was; their new values are checked. */
static bool compare(cuvee_session *session, const struct cv_pending *pending, struct cv_field_set *fields, bool *any)
{
    const struct cv_plan *plan = pending->home->route->plan;
    *fields = (struct cv_field_set){{0}};
    *any = false;
    for (size_t f = 0; f < plan->count; f++) {
        const struct cv_field *field = &plan->fields[f];
        if (!cv_row_same_field(field, pending->row, pending->written)) {
            if (pending->state != CV_STATE_NEW && key_changed(session, plan, f))
                return false;
            if (!cv_row_check_field(plan, field, pending->row, &session->error))
                return false;
            cv_fields_add(fields, f);
            *any = true;
        }
        if (points_somewhere(field) && !own_text(session, pending, field))
            return false;
    }
    return true;
}

/* New rows that were edited since they were added. */
static bool check_edits(const struct batch *batch, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cv_pending *pending = pending_at(batch, i);
        struct cv_field_set fields;
        bool any;
        if (pending->written && !compare(batch->session, pending, &fields, &any))
            return false;
    }
    return true;
}

/* Rows that waited for their parent's key: it has been written by now. */
static bool follow_links(struct batch *batch, size_t count)
{
    for (size_t i = 0; batch->session->links > 0 && i < count; i++) {
        struct cv_pending *pending = pending_at(batch, i);
        if (!pending->link)
            continue;
        if (!cv_object_is_written(batch->session, pending->link->parent))
            return cv_error_set(&batch->session->error, CUVEE_ERROR_MISUSE,
                                "a %s was added to a parent that is not in the database",
                                batch->home->route->plan->model->name);
        cuvee_value key = cv_row_get(pending->link->parent_field, pending->link->parent);
        if (!cv_row_set(pending->link->field, pending->row, &key, &batch->session->arena))
            return cv_error_memory(&batch->session->error);
        pending->link = NULL;
        batch->session->links--;
    }
    return true;
}

/* What must be true before the rows are written. */
static bool prepare(struct batch *batch, size_t count)
{
    if (batch->change.kind == CV_DELETE)
        return cv_references_unused(batch->session, batch->home, batch->numbers, count);
    bool insert = batch->change.kind == CV_INSERT;
    if (insert && (!check_edits(batch, count) || !follow_links(batch, count) ||
                   !cv_home_reserve(batch->session, batch->home, count)))
        return false;
    return cv_references_check(batch->session, batch->home, batch->numbers, count,
                               insert ? NULL : &batch->change.fields);
}

/* New rows by the engine's quickest way, when they are many enough for it. */
static bool insert_many(const struct batch *batch, struct cv_connection *connection, const struct cv_batch *runs)
{
    const struct cv_plan *plan = batch->home->route->plan;
    const char *columns[CV_MAX_FIELDS];
    uint8_t kinds[CV_MAX_FIELDS];
    struct cv_bulk bulk = {.table = plan->model->table, .columns = columns, .kinds = kinds, .rows = *runs};
    for (size_t f = 0; f < plan->count; f++) {
        if (plan->fields[f].auto_key) {
            bulk.key = plan->fields[f].column;
            continue;
        }
        columns[bulk.column_count] = plan->fields[f].column;
        kinds[bulk.column_count++] = (uint8_t)plan->fields[f].kind;
    }
    return connection->driver->insert_many(connection, &bulk, &batch->session->error);
}

static bool are_many(const struct batch *batch, const struct cv_driver *driver, size_t count)
{
    const struct cv_plan *plan = batch->home->route->plan;
    return batch->change.kind == CV_INSERT && driver->insert_many && count >= driver->insert_many_from &&
           plan->count > plan->auto_key;
}

/* What a failure is about, where the engine does not say. */
static void explain(const struct batch *batch)
{
    uint32_t number = batch->numbers[batch->at];
    if (batch->change.kind == CV_DELETE)
        cv_references_blame_use(batch->session, batch->home, number);
    else
        cv_references_blame(batch->session, batch->home, batch->session->changes[number].row,
                            batch->change.kind == CV_INSERT ? NULL : &batch->change.fields);
    cv_session_explain(batch->session, batch->home->route);
}

static bool run(struct batch *batch, size_t count)
{
    cuvee_session *session = batch->session;
    const struct cv_route *route = batch->home->route;
    batch->at = 0;
    if (!prepare(batch, count))
        return false;
    struct cv_connection *connection = cv_branch_write(session, route->pool);
    struct cv_statement *statement =
        cv_statement_for(session, route, connection, (struct cv_purpose){.change = &batch->change});
    if (!statement)
        return false;
    struct cv_batch runs = {.count = count, .arg = batch};
    switch (batch->change.kind) {
    case CV_INSERT: runs.row = insert_row, runs.done = inserted; break;
    case CV_UPDATE: runs.row = update_row, runs.done = updated; break;
    case CV_DELETE: runs.row = delete_row, runs.done = deleted; break;
    }
    uintptr_t outer = cv_session_enter(session);
    int64_t began = cv_statement_begins(session);
    bool good = are_many(batch, connection->driver, count)
                    ? insert_many(batch, connection, &runs)
                    : connection->driver->run_many(statement, &runs, &session->error);
    cv_statement_over(session, route->pool, statement, began, count);
    cv_session_leave(session, outer);
    cv_statement_give_back(statement, NULL);
    if (!good || session->error.kind) {
        explain(batch);
        return false;
    }
    session->written += count;
    return true;
}

/* Whether a new row takes the key of one that is not written yet, and so cannot go in one batch with it. */
static bool waits_for_key(cuvee_session *session, const struct cv_pending *change)
{
    return change->link && cv_object_is_new(session, change->link->parent);
}

/* The length of the run of changes in one state that begins at `from`, as far as they follow each other. */
static size_t run_length(cuvee_session *session, const struct cv_home *home, size_t from, enum cv_state state)
{
    size_t count = 0;
    while (from + count < home->pending_count) {
        const struct cv_pending *change = &session->changes[home->pending[from + count]];
        if (change->state != state || (count > 0 && waits_for_key(session, change)))
            break;
        count++;
    }
    return count;
}

static bool flush_state(cuvee_session *session, struct cv_home *home, enum cv_state state, enum cv_change_kind kind)
{
    struct batch batch = {.session = session, .home = home};
    batch.change = (struct cv_change){.plan = home->route->plan, .kind = kind};
    for (size_t i = 0; i < home->pending_count; i++) {
        size_t count = run_length(session, home, i, state);
        if (count == 0)
            continue;
        batch.numbers = home->pending + i;
        if (!run(&batch, count))
            return false;
        i += count - 1;
    }
    return true;
}

/* A versioned row goes up by one, whatever the caller put there. */
static void raise_version(const struct cv_pending *pending, struct cv_field_set *fields)
{
    const struct cv_plan *plan = pending->home->route->plan;
    if (plan->version >= plan->count)
        return;
    const struct cv_field *version = &plan->fields[plan->version];
    put_integer(version, pending->row, cv_row_get(version, pending->written).as.integer + 1);
    cv_fields_add(fields, plan->version);
}

/* Deletes of a model that refers to itself: all in one batch, children before parents. */
static bool flush_tree_deletes(cuvee_session *session, struct cv_home *home)
{
    const struct cv_plan *plan = home->route->plan;
    uint32_t *numbers = malloc((home->pending_count + 1) * sizeof *numbers);
    size_t count = 0;
    if (!numbers)
        return cv_error_memory(&session->error);
    for (size_t i = 0; i < home->pending_count; i++)
        if (session->changes[home->pending[i]].state == CV_STATE_DELETED)
            numbers[count++] = home->pending[i];
    struct batch batch = {.session = session, .home = home, .numbers = numbers};
    batch.change = (struct cv_change){.plan = plan, .kind = CV_DELETE};
    bool good = count == 0 || (cv_tree_sort(session, plan, numbers, count) && run(&batch, count));
    free(numbers);
    return good;
}

static bool flush_deletes(cuvee_session *session, struct cv_home *home)
{
    return cv_tree_references(home->route->plan) > 0 ? flush_tree_deletes(session, home)
                                                     : flush_state(session, home, CV_STATE_DELETED, CV_DELETE);
}

/* Updates of one model: consecutive ones that set the same columns go in one batch. */
static bool flush_updates(cuvee_session *session, struct cv_home *home)
{
    struct batch batch = {.session = session, .home = home};
    batch.change = (struct cv_change){.plan = home->route->plan, .kind = CV_UPDATE};
    size_t count = 0; /* changes in the batch so far; they end just before i */
    for (size_t i = 0; i < home->pending_count; i++) {
        struct cv_pending *pending = &session->changes[home->pending[i]];
        struct cv_field_set fields;
        bool any = false;
        if (pending->state == CV_STATE_EDITED && !compare(session, pending, &fields, &any))
            return false;
        if (any)
            raise_version(pending, &fields);
        bool joins = any && count > 0 && cv_fields_equal(&fields, &batch.change.fields);
        if (count > 0 && !joins && !run(&batch, count))
            return false;
        if (any && !joins) {
            batch.numbers = home->pending + i;
            batch.change.fields = fields;
        }
        count = joins ? count + 1 : any;
    }
    return count == 0 || run(&batch, count);
}

/* The largest depth of reference among the models that this session touched. */
static size_t deepest(const cuvee_session *session)
{
    size_t depth = 0;
    for (size_t i = 0; i < session->home_count; i++)
        if (session->homes[i]->route->depth > depth)
            depth = session->homes[i]->route->depth;
    return depth;
}

/* What is flushed of a home, in one of the three passes. */
enum pass { PASS_INSERT, PASS_UPDATE, PASS_DELETE };

static bool flush_depth(cuvee_session *session, const struct cv_pool *pool, size_t depth, enum pass pass)
{
    for (size_t i = 0; i < session->home_count; i++) {
        struct cv_home *home = session->homes[i];
        bool good = true;
        if (home->pending_count == 0 || home->route->depth != depth || (pool && home->route->pool != pool))
            continue;
        switch (pass) {
        case PASS_INSERT: good = flush_state(session, home, CV_STATE_NEW, CV_INSERT); break;
        case PASS_UPDATE: good = flush_updates(session, home); break;
        case PASS_DELETE: good = flush_deletes(session, home); break;
        }
        if (!good) {
            cv_session_explain(session, home->route);
            return false;
        }
    }
    return true;
}

/* Whether changes of this database may be to rows that refer to rows of another one. */
static bool refers_elsewhere(const cuvee_session *session, const struct cv_pool *pool)
{
    for (size_t i = 0; i < session->home_count; i++) {
        const struct cv_home *home = session->homes[i];
        const struct cv_plan *plan = home->route->plan;
        for (size_t f = 0; home->pending_count > 0 && home->route->pool == pool && f < plan->count; f++) {
            const cuvee_model *refers = plan->fields[f].declared->refers;
            const struct cv_route *parent = refers ? cv_blend_route(session->blend, refers) : NULL;
            if (parent && parent->pool != pool)
                return true;
        }
    }
    return false;
}

/* Not again for what the hook itself makes the session write. */
static bool may_flush(cuvee_session *session)
{
    if (session->before_flush)
        return true;
    session->before_flush = true;
    bool good = cv_session_hook(session, session->options.before_flush, "before_flush");
    session->before_flush = false;
    return good;
}

bool cv_flush_pool(cuvee_session *session, const struct cv_pool *pool)
{
    if (session->to_flush == 0)
        return true;
    if (!may_flush(session))
        return false;
    if (pool && (session->links > 0 || refers_elsewhere(session, pool)))
        pool = NULL; /* parents in another database may have to be written first */
    size_t last = deepest(session);
    for (size_t depth = 0; depth <= last; depth++)
        if (!flush_depth(session, pool, depth, PASS_INSERT))
            return false;
    for (size_t depth = 0; depth <= last; depth++)
        if (!flush_depth(session, pool, depth, PASS_UPDATE))
            return false;
    for (size_t depth = last + 1; depth-- > 0;)
        if (!flush_depth(session, pool, depth, PASS_DELETE))
            return false;
    return true;
}

bool cuvee_flush(cuvee_session *session)
{
    return cv_session_good(session) && cv_flush_pool(session, NULL);
}
