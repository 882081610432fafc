/* The session itself: open, close, commit, rollback. */
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "commit/commit.h"
#include "session/branch.h"
#include "session/changes.h"
#include "session/flush.h"
#include "session/relation.h"
#include "session/rows.h"
#include "session/running.h"
#include "session/savepoint.h"

static const cuvee_error anothers = {
    .kind = CUVEE_ERROR_MISUSE,
    .message = "another thread is using the session at this moment",
    .hint = "Open one session per thread.",
};
static const cuvee_error closed = {
    .kind = CUVEE_ERROR_MISUSE,
    .message = "the session is closed",
    .hint = "Close a session after the last use of it, and of its queries and objects; open another one for more.",
};
static const cuvee_error no_session = {.kind = CUVEE_ERROR_MEMORY, .message = "there is no session: out of memory"};

/* The first of its own handles: one piece of memory is enough with its branches and a few queries. NULL: no memory. */
static cuvee_session *new_session(void)
{
    struct cv_arena handles;
    cv_arena_init(&handles, sizeof(cuvee_session) + 1024);
    cuvee_session *session = cv_arena_zero(&handles, sizeof *session);
    if (!session || pthread_mutex_init(&session->leases, NULL) != 0) {
        cv_arena_free(&handles);
        return NULL;
    }
    session->handles = handles;
    return session;
}

static void free_session(cuvee_session *session)
{
    struct cv_arena handles = session->handles;
    pthread_mutex_destroy(&session->leases);
    cv_arena_free(&handles);
}

cuvee_session *cuvee_session_open_with(cuvee_blend *blend, const cuvee_session_options *options)
{
    cuvee_session *session = new_session();
    if (!session)
        return NULL;
    session->blend = blend;
    cv_take_options(&session->options, sizeof session->options, options, options ? options->size : 0);
    cv_arena_init(&session->arena, 0);
    cv_buffer_init(&session->shape, 0);
    cv_buffer_init(&session->params, 0);
    if (!cv_blend_freeze(blend, &session->error))
        return session;
    session->branches = cv_arena_zero(&session->handles, (cv_blend_pool_count(blend) + 1) * sizeof *session->branches);
    if (!session->branches) {
        free_session(session);
        return NULL;
    }
    session->branch_count = cv_blend_pool_count(blend);
    return session;
}

static void free_retired(struct cv_retired *retired)
{
    free_session((cuvee_session *)retired);
}

/*
 * What is left has nothing to work with any more: every function that may be called with it finds none, and this error.
 */
static void become_closed(cuvee_session *session)
{
    session->homes = NULL;
    session->slabs = NULL;
    session->changes = NULL;
    session->cursors = NULL;
    session->home_count = session->slab_count = session->change_count = session->to_flush = 0;
    session->error = closed;
    session->retired.bytes = session->handles.total;
    session->retired.free = free_retired;
}

/* Whether nothing of the session is running, and nobody closed it before. */
static bool may_close(cuvee_session *session)
{
    if (cv_session_intrudes(session))
        return false;
    if (session->in_hook)
        return cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                            "a hook must not close the session that it is called for");
    return !atomic_exchange(&session->closed, true);
}

void cuvee_session_close(cuvee_session *session)
{
    if (!session || !may_close(session))
        return;
    cv_rows_end_all(session);
    cv_cursors_cut_off(session);
    cv_savepoints_end(session);
    cv_branches_roll_back(session);
    cv_branches_end(session);
    for (size_t i = 0; i < session->home_count; i++)
        cv_relations_free(session->homes[i]);
    cv_homes_free(session);
    cv_arena_free(&session->arena);
    cv_buffer_free(&session->shape);
    cv_buffer_free(&session->params);
    free(session->changes);
    become_closed(session);
    if (!cv_branches_take(session))
        cv_blend_retire(session->blend, &session->retired);
}

const cuvee_error *cuvee_session_error(const cuvee_session *session)
{
    if (session && cv_session_is_anothers(session))
        return &anothers;
    return session ? &session->error : &no_session;
}

uint64_t cuvee_session_statements(const cuvee_session *session)
{
    return session ? session->statements : 0;
}

/* False (MISUSE) in a child process, whose parent may still go on with what would be committed. */
static bool are_ours(cuvee_session *session)
{
    for (size_t i = 0; i < session->branch_count; i++)
        if (session->branches[i].connection && !cv_pool_is_ours(session->branches[i].pool, &session->error))
            return false;
    return true;
}

/* Every written branch as a participant. The others are only let go. */
static size_t collect(cuvee_session *session, struct cv_participant *participants)
{
    size_t count = 0;
    for (size_t i = 0; i < session->branch_count; i++) {
        struct cv_branch *branch = &session->branches[i];
        if (!branch->connection || !branch->connection->in_transaction)
            continue;
        if (branch->writing)
            participants[count++] = (struct cv_participant){
                .connection = branch->connection, .name = cv_pool_name(branch->pool), .rank = i};
        else
            branch->connection->driver->rollback(branch->connection);
    }
    return count;
}

static void doubt_rows(cuvee_session *session)
{
    for (size_t i = 0; i < session->branch_count; i++)
        cv_changes_doubt_past_objects(session, &session->branches[i]);
}

/* Undoes everything that is not committed; the error stays. */
static void undo_all(cuvee_session *session)
{
    cv_cursors_cut_off(session);
    cv_savepoints_end(session);
    cv_branches_roll_back(session);
    doubt_rows(session);
    cv_branches_end(session);
    cv_changes_undone(session);
}

/* A hook is called in the middle of a flush or a commit: the transaction cannot end there. */
static bool may_end(cuvee_session *session)
{
    return !session->in_hook || cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                                             "a hook must not commit or roll back the session that it is called for");
}

static cuvee_outcome commit_branches(cuvee_session *session)
{
    struct cv_participant *participants = calloc(session->branch_count + 1, sizeof *participants);
    if (!participants) {
        cv_error_memory(&session->error);
        return CUVEE_ROLLED_BACK;
    }
    cuvee_outcome outcome = CUVEE_ROLLED_BACK;
    size_t count = collect(session, participants);
    if (cv_branches_shut(session)) {
        outcome = cv_commit_all(participants, count, &session->error);
        cv_branches_reopen(session);
    }
    free(participants);
    return outcome;
}

/* The commit itself, and what becomes of objects and connections. */
static cuvee_outcome commit(cuvee_session *session)
{
    cuvee_outcome outcome = CUVEE_ROLLED_BACK;
    if (cv_session_good(session) && cv_session_hook(session, session->options.before_commit, "before_commit") &&
        cv_flush_pool(session, NULL) && are_ours(session)) {
        cv_cursors_cut_off(session);
        outcome = commit_branches(session);
    }
    if (outcome == CUVEE_ROLLED_BACK) {
        undo_all(session);
        return outcome;
    }
    cv_savepoints_end(session);
    if (outcome == CUVEE_COMMITTED || outcome == CUVEE_PENDING) {
        cv_changes_settled(session);
    } else {
        doubt_rows(session);
        cv_changes_abandoned(session);
    }
    cv_branches_end(session);
    return outcome;
}

cuvee_outcome cuvee_commit(cuvee_session *session)
{
    if (!session || cv_session_intrudes(session) || !session->branches || !may_end(session))
        return CUVEE_ROLLED_BACK;
    uintptr_t outer = cv_session_enter(session);
    cuvee_outcome outcome = commit(session);
    if (session->options.after_commit) {
        session->in_hook = true;
        session->options.after_commit(session->options.hook_arg, session, outcome);
        session->in_hook = false;
    }
    if (outcome == CUVEE_COMMITTED) /* what came in between did nothing, and the unit of work is whole */
        atomic_store(&session->intruded, false);
    cv_session_leave(session, outer);
    return outcome;
}

bool cuvee_rollback(cuvee_session *session)
{
    if (!session || cv_session_intrudes(session) || !session->branches || !may_end(session))
        return false;
    uintptr_t outer = cv_session_enter(session);
    cv_error_clear(&session->error);
    undo_all(session);
    cv_session_leave(session, outer);
    return session->error.kind == CUVEE_ERROR_NONE;
}
