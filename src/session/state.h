/** The session as a whole. Its parts are described by the headers of the files that look after them. */
#ifndef CV_SESSION_STATE_H
#define CV_SESSION_STATE_H

#include <cuvee/session.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "blend/blend.h"

struct cv_branch;
struct cv_cursor;
struct cv_home;
struct cv_pending;
struct cv_slab;

struct cuvee_session {
    struct cv_retired retired; /* the first member */
    atomic_bool closed;
    cuvee_blend *blend;
    cuvee_session_options options;
    cuvee_error error;
    struct cv_arena arena;      /* what the caller reads, and what is freed at close */
    struct cv_arena handles;    /* what the caller calls functions with, this first: these find out that it is closed */
    atomic_uintptr_t user;      /* the thread that is in a statement, a commit or a rollback; 0: none */
    atomic_bool intruded;       /* another thread came meanwhile */
    pthread_mutex_t leases;     /* guards the connections in `branches`, and what cancel.c says */
    size_t cancels;             /* calls of cuvee_cancel that are on their way … */
    bool left;                  /* … in a session that was closed meanwhile: the last of them retires it */
    struct cv_branch *branches; /* by the pool's rank */
    size_t branch_count;
    struct cv_home **homes;
    size_t home_count, home_room;
    struct cv_slab **slabs; /* of all homes, by address */
    size_t slab_count, slab_room;
    struct cv_pending *changes;
    size_t change_count, change_room;
    struct cv_cursor *cursors;         /* that are open */
    struct cuvee_savepoint *savepoint; /* the innermost */
    size_t level;                      /* how many savepoints are open */
    size_t links;                      /* rows that wait for their parent's key */
    bool in_hook;                      /* a hook is running: no commit, no rollback, no close now */
    bool hears;                        /* the hook that hears of statements is running: nothing at all now */
    bool before_flush;                 /* that hook is running */
    bool committing;                   /* no cancel begins now */
    uint64_t statements;               /* run so far */
    size_t to_flush;                   /* changes that may have something to write */
    uint64_t written;                  /* rows that statements changed since the unit of work began */
    struct cv_buffer shape;            /* scratch: the shape and the parameters of the statement being started */
    struct cv_buffer params;
};

/** A number of the running thread: the address of what every thread has its own of. */
static inline uintptr_t cv_this_thread(void)
{
    return (uintptr_t)&errno;
}

/** Whether another thread is in the session at this moment. */
static inline bool cv_session_is_anothers(const cuvee_session *session)
{
    uintptr_t user = atomic_load_explicit(&session->user, memory_order_relaxed);
    return user != 0 && user != cv_this_thread();
}

/**
 * Whether whoever calls comes in the middle of a statement: another thread, which is left to learn of it, or a hook.
 */
static inline bool cv_session_intrudes(cuvee_session *session)
{
    bool another = cv_session_is_anothers(session);
    if (another)
        atomic_store(&session->intruded, true);
    return another || (session->hears && !cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                                                       "a hook must not use the session whose statement it hears of"));
}

/** Marks the session as used by this thread, until cv_session_leave gets what this returns. May be nested. */
static inline uintptr_t cv_session_enter(cuvee_session *session)
{
    uintptr_t outer = atomic_load_explicit(&session->user, memory_order_relaxed);
    atomic_store_explicit(&session->user, cv_this_thread(), memory_order_relaxed);
    return outer;
}
/** When another thread came in between, that is MISUSE. */
void cv_session_leave(cuvee_session *session, uintptr_t outer);

/** Whether the session can go on: not NULL, without error, and not in use by another thread. */
static inline bool cv_session_good(cuvee_session *session)
{
    return session && !cv_session_intrudes(session) && session->error.kind == CUVEE_ERROR_NONE;
}

/** Runs a hook (NULL: there is none). False: it refused, and the session has an error. */
bool cv_session_hook(cuvee_session *session, cuvee_before_hook hook, const char *name);

/** Makes room for one more element in a malloc'ed array. False: out of memory (in the session). */
bool cv_session_grow(cuvee_session *session, void *array, size_t *room, size_t count, size_t element);

/**
 * Copies a value's text, if it has one, so that it lives as long as the session. False: out of memory (in the session).
 */
bool cv_session_own(cuvee_session *session, cuvee_value *value);

/** Names the database in a fresh error that names none. Always false. */
bool cv_session_name_pool(cuvee_session *session, const struct cv_pool *pool);
/** Adds what the driver cannot know to a fresh error: base, model, and fields instead of columns. */
void cv_session_explain(cuvee_session *session, const struct cv_route *route);

#endif
