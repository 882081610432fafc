/*
 * Savepoints over every database in which the session has a transaction.
 *
 * A transaction that begins after a savepoint has no mark for it: going back ends it as a whole, unless it only read.
 * Objects return to what they were when the savepoint was set, so their pending changes are copied then.
 */
#include <stdlib.h>
#include <string.h>

#include "session/branch.h"
#include "session/changes.h"
#include "session/flush.h"
#include "session/running.h"
#include "session/savepoint.h"

struct cuvee_savepoint {
    size_t level; /* 1 for the outermost; 0: over */
    struct cuvee_savepoint *outer;
    struct cv_arena memory;     /* of what follows, until it is over: a session may set one for every row */
    struct cv_pending *changes; /* as they were, … */
    void **rows;                /* … and copies of their rows */
    size_t count;
    uint64_t written; /* rows changed until then */
};

enum { MAX_LEVEL = 100 };

static bool in_transaction(const struct cv_branch *branch)
{
    return branch->connection && branch->connection->in_transaction;
}

static bool execute(cuvee_session *session, struct cv_branch *branch, const char *command, size_t level)
{
    struct cv_buffer sql;
    cv_buffer_init(&sql, 0);
    cv_buffer_format(&sql, "%s cuvee_%zu", command, level);
    const char *text = cv_buffer_text(&sql);
    struct cv_connection *connection = branch->connection;
    bool good =
        text ? connection->driver->execute(connection, text, &session->error) : cv_error_memory(&session->error);
    cv_buffer_free(&sql);
    return good || cv_session_name_pool(session, branch->pool);
}

static bool copy_changes(cuvee_session *session, struct cuvee_savepoint *savepoint)
{
    size_t count = session->change_count;
    savepoint->changes = cv_arena_alloc(&savepoint->memory, (count + 1) * sizeof *savepoint->changes);
    savepoint->rows = cv_arena_alloc(&savepoint->memory, (count + 1) * sizeof *savepoint->rows);
    if (!savepoint->changes || !savepoint->rows)
        return cv_error_memory(&session->error);
    for (size_t i = 0; i < count; i++) {
        const struct cv_pending *change = &session->changes[i];
        size_t size = change->home->route->plan->model->struct_size;
        savepoint->changes[i] = *change;
        savepoint->rows[i] = cv_model_alloc(change->home->route->plan->model, 1, &savepoint->memory);
        if (!savepoint->rows[i])
            return cv_error_memory(&session->error);
        memcpy(savepoint->rows[i], change->row, size);
    }
    savepoint->count = count;
    return true;
}

/* Marks the place in every database that has a transaction. */
static bool mark(cuvee_session *session, size_t level)
{
    for (size_t i = 0; i < session->branch_count; i++)
        if (in_transaction(&session->branches[i]) && !execute(session, &session->branches[i], "SAVEPOINT", level))
            return false;
    return true;
}

static void end(struct cuvee_savepoint *savepoint)
{
    savepoint->level = 0;
    cv_arena_free(&savepoint->memory);
}

cuvee_savepoint *cuvee_savepoint_set(cuvee_session *session)
{
    if (!cv_session_good(session) || !cv_flush_pool(session, NULL))
        return NULL;
    size_t level = session->savepoint ? session->savepoint->level + 1 : 1;
    if (level > MAX_LEVEL) {
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "more than %d savepoints in each other", MAX_LEVEL);
        return NULL;
    }
    struct cuvee_savepoint *savepoint = cv_arena_zero(&session->handles, sizeof *savepoint);
    if (!savepoint) {
        cv_error_memory(&session->error);
        return NULL;
    }
    cv_arena_init(&savepoint->memory, 0);
    if (!copy_changes(session, savepoint) || !mark(session, level)) {
        end(savepoint);
        return NULL;
    }
    savepoint->written = session->written;
    savepoint->level = level;
    savepoint->outer = session->savepoint;
    session->savepoint = savepoint;
    session->level = level;
    return savepoint;
}

void cv_savepoints_end(cuvee_session *session)
{
    for (struct cuvee_savepoint *s = session->savepoint; s; s = s->outer)
        end(s);
    session->savepoint = NULL;
    session->level = 0;
}

/* Whether the branch's transaction has a mark for savepoints of this level. */
static bool is_marked(const struct cv_branch *branch, size_t level)
{
    return branch->born_level < level;
}

/* The level is over: a transaction that began in it belongs to the savepoint around it now. */
static void leave_level(cuvee_session *session, size_t level)
{
    for (size_t i = 0; i < session->branch_count; i++)
        if (session->branches[i].born_level >= level)
            session->branches[i].born_level = level - 1;
}

/* Ends this savepoint and those set after it. False: it is over already, or of another session. */
static bool unwind(cuvee_session *session, struct cuvee_savepoint *savepoint)
{
    struct cuvee_savepoint *found = session->savepoint;
    while (found && found != savepoint)
        found = found->outer;
    if (!found || !savepoint)
        return cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                            "the savepoint is over: it was released or rolled back, or its transaction ended");
    while (session->savepoint != savepoint) {
        end(session->savepoint);
        session->savepoint = session->savepoint->outer;
    }
    session->savepoint = savepoint->outer;
    session->level = savepoint->level - 1;
    return true;
}

bool cuvee_savepoint_release(cuvee_session *session, cuvee_savepoint *savepoint)
{
    if (!cv_session_good(session) || !cv_flush_pool(session, NULL))
        return false;
    if (!unwind(session, savepoint))
        return false;
    size_t level = savepoint->level;
    end(savepoint);
    for (size_t i = 0; i < session->branch_count; i++) {
        struct cv_branch *branch = &session->branches[i];
        if (in_transaction(branch) && is_marked(branch, level) && !execute(session, branch, "RELEASE SAVEPOINT", level))
            return false;
    }
    leave_level(session, level);
    return true;
}

/* Objects that were changed before the savepoint, as they were then. */
static void restore_objects(cuvee_session *session, const struct cuvee_savepoint *savepoint)
{
    cv_changes_undo_from(session, savepoint->count);
    session->to_flush = 0;
    for (size_t i = 0; i < savepoint->count; i++) {
        struct cv_pending *change = &session->changes[i];
        if (change->state == CV_STATE_EXPUNGED)
            continue;
        bool unsure = change->unsure, given_up;
        *change = savepoint->changes[i];
        change->unsure = unsure;
        memcpy(change->row, savepoint->rows[i], change->home->route->plan->model->struct_size);
        if (change->written)
            memcpy(change->written, savepoint->rows[i], change->home->route->plan->model->struct_size);
        if (change->state == CV_STATE_STORED || change->state == CV_STATE_EDITED)
            cv_object_known(session, change->home, change->row, &given_up);
        session->to_flush += change->state == CV_STATE_EDITED;
    }
}

static void go_back(cuvee_session *session, struct cv_branch *branch, size_t level)
{
    cv_changes_doubt_past_objects(session, branch);
    if (is_marked(branch, level)) {
        if (execute(session, branch, "ROLLBACK TO SAVEPOINT", level))
            execute(session, branch, "RELEASE SAVEPOINT", level);
    } else if (branch->writing) {
        branch->connection->driver->rollback(branch->connection);
        branch->writing = branch->past_objects = false;
    }
}

bool cuvee_savepoint_rollback(cuvee_session *session, cuvee_savepoint *savepoint)
{
    if (!session || cv_session_intrudes(session))
        return false;
    cuvee_error before = session->error;
    cv_error_clear(&session->error);
    if (!unwind(session, savepoint)) {
        session->error = before.kind ? before : session->error;
        return false;
    }
    size_t level = savepoint->level;
    cv_cursors_cut_off(session);
    for (size_t i = 0; cv_session_good(session) && i < session->branch_count; i++)
        if (in_transaction(&session->branches[i]))
            go_back(session, &session->branches[i], level);
    leave_level(session, level);
    session->written = savepoint->written;
    restore_objects(session, savepoint);
    end(savepoint);
    if (!cv_session_good(session) && before.kind)
        session->error = before; /* what went wrong first is what one wants to know */
    return cv_session_good(session);
}
