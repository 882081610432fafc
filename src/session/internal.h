/**
 * What the files of the session room share.
 *
 * A session has one branch per database (its lease and transaction there), one home per model (objects and identity map), and
 * one list of pending changes (the unit of work).
 */
#ifndef CV_SESSION_INTERNAL_H
#define CV_SESSION_INTERNAL_H

#include <cuvee/query.h>
#include <cuvee/session.h>

#include <pthread.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "blend/blend.h"
#include "session/cursor.h"
#include "sql/sql.h"

/* ---- branch.c: a session's part in one database ---- */

struct cv_branch {
    struct cv_pool *pool;
    struct cv_connection *connection; /* NULL: none leased */
    size_t born_level;                /* savepoints that were open when its transaction began */
    bool writing;                     /* its transaction has begun for writing */
    bool past_objects;                /* rows were written in it that objects do not stand for */
};

/** A connection for reading; begins a transaction only in a snapshot session. NULL: the session has the error. */
struct cv_connection *cv_branch_read(cuvee_session *session, struct cv_pool *pool);
/** A connection in a transaction for writing. */
struct cv_connection *cv_branch_write(cuvee_session *session, struct cv_pool *pool);
/** Notes that a statement wrote rows that the session may have loaded, or will load, and that no object stands for. */
void cv_branch_past_objects(cuvee_session *session, const struct cv_pool *pool);
/** Doubts the rows that the session has of its database, if some of them may never have been. */
void cv_branch_doubt_rows(cuvee_session *session, const struct cv_branch *branch);
/** Rolls back all branches. */
void cv_branches_roll_back(cuvee_session *session);
/** Gives back all connections, which must be out of their transactions. */
void cv_branches_end(cuvee_session *session);

/* ---- objects.c: where loaded and added rows live, and which row is which object ---- */

/* A piece of a home's rows, and beside each row the number of its pending change (0: none). */
struct cv_slab {
    struct cv_home *home;
    char *rows;
    uint32_t *changes; /* NULL in a read-only session */
    uint32_t used;
};

/* In cv_slab.changes, instead of a number: */
#define CV_LEFT_SESSION UINT32_MAX       /* the object is no more of the session */
#define CV_UNSURE       (UINT32_MAX - 1) /* its row may be another by now, or gone: it is read again before it counts */

struct cv_slot {
    uint32_t hash;
    uint32_t number; /* of the row in its home, plus one; 0: empty place */
};

struct cv_loaded;

/* What a session holds of one model. */
struct cv_home {
    const struct cv_route *route;
    struct cv_slab **slabs; /* each of `1 << slab_bits` rows */
    size_t slab_count, slab_room;
    unsigned slab_bits;
    size_t last_slab;         /* where the last row asked for lay */
    struct cv_slot *slots;    /* identity map: open addressing, at most 7/8 full */
    size_t slot_mask;         /* 0: no slots yet */
    size_t known;             /* rows in the identity map */
    bool unsure;              /* some of its rows may be unsure */
    struct cv_loaded *loaded; /* relations of its rows, relation.h */
    uint32_t *pending;        /* numbers of the changes of this model, in order */
    size_t pending_count, pending_room;
};

/* An object's place. */
struct cv_place_of {
    struct cv_slab *slab;
    uint32_t index;
};

/** The home of a model, made when it is first asked for. NULL: MISUSE (in no bound base) or MEMORY. */
struct cv_home *cv_home_of(cuvee_session *session, const cuvee_model *model);
/** A new zeroed row. NULL: out of memory (in the session). */
void *cv_home_new_row(cuvee_session *session, struct cv_home *home);
/** The row with these key values if the session has it; keys are values of the key fields' kinds. */
void *cv_home_find(const struct cv_home *home, const cuvee_value *keys);
/**
 * The slot of these keys: the one that is filled with them, or an empty one (number 0) for cv_home_fill, before anything else is
 * done with the home's slots. NULL: out of memory.
 */
struct cv_slot *cv_home_slot(cuvee_session *session, struct cv_home *home, const cuvee_value *keys);
void cv_home_fill(struct cv_home *home, struct cv_slot *slot, const void *row);
/** The row of this number. */
void *cv_home_row(const struct cv_home *home, uint32_t number);
/** Puts a row into the identity map, under its own key; an object that stood there leaves the session. Takes it out again. */
bool cv_home_know(cuvee_session *session, struct cv_home *home, const void *row);
void cv_home_forget(struct cv_home *home, const void *row);
/** All rows of a home may have been changed or deleted without their objects: each is read again when it is next asked for. */
void cv_home_doubt(cuvee_session *session, struct cv_home *home);
/** The row's number in its home, from 0, in the order in which rows were made. */
uint32_t cv_home_number(struct cv_home *home, const void *row);
/** Where this object of the session lies; false when it is none of it. */
bool cv_object_find(cuvee_session *session, const void *object, struct cv_place_of *place);
void cv_homes_free(cuvee_session *session);

/* ---- changes.c and flush.c: the unit of work ---- */

enum cv_state {
    CV_STATE_NEW = 1, /* to be inserted */
    CV_STATE_EDITED,  /* to be compared with `written`, and updated where it differs */
    CV_STATE_STORED,  /* as it stands in the open transaction */
    CV_STATE_DELETED, /* to be deleted */
    CV_STATE_GONE,    /* deleted in the open transaction */
    CV_STATE_EXPUNGED,
};

/* A pending change of one object; lives until commit or rollback. */
struct cv_pending {
    void *row;
    struct cv_home *home;
    void *original; /* the row as it was loaded; NULL when it was added in this unit of work */
    void *written;  /* the row as it was last written; NULL: not edited since */
    enum cv_state state;
    bool born;                  /* added in this unit of work */
    bool unsure;                /* as CV_UNSURE */
    const struct cv_link *link; /* whose key it takes when it is inserted; NULL: nobody's */
};

/* A new row that gets its parent's key. */
struct cv_link {
    const void *parent;
    const struct cv_field *parent_field;
    const struct cv_field *field;
};

/** Whether rows of this model may be changed or locked through this session; READ_ONLY otherwise. */
bool cv_can_write(cuvee_session *session, const struct cv_route *route);
/** The same for raw SQL on a base. */
bool cv_can_write_base(cuvee_session *session, const cuvee_base *base);
/** Where an object lies that is still in the session; false: MISUSE, in the name of `verb`. */
bool cv_object_of_session(cuvee_session *session, const void *object, const char *verb, struct cv_place_of *place);
/** Whether the object was added and not flushed yet. */
bool cv_object_is_new(cuvee_session *session, const void *object);
/** Whether it has a row in the database, as far as this session knows. */
bool cv_object_is_written(cuvee_session *session, const void *object);
/** Whether it is to be deleted at flush. */
bool cv_object_is_deleted(cuvee_session *session, const void *object);
/** Whether its row must be read again before it counts. False while it has edits that would be lost. */
bool cv_object_is_unsure(cuvee_session *session, const void *object);
/** What was edited in the object and not flushed is no more: its values were read again, and count as written. */
void cv_object_renewed(cuvee_session *session, const void *object);
/** The object is no more of the session, and what is pending of it is given up. */
void cv_object_leaves(cuvee_session *session, const struct cv_place_of *place);
/** Writes pending changes of the databases of this pool (NULL: of all). */
bool cv_flush_pool(cuvee_session *session, const struct cv_pool *pool);
/** Undoes the pending changes from number `from` on: objects that were added leave, others are as they were loaded. */
void cv_changes_undo_from(cuvee_session *session, size_t from);
/** The unit of work is over: what it held is as committed, or is undone. */
void cv_changes_settled(cuvee_session *session);
/** It is over, and nobody knows which of it stands: its objects leave the session. */
void cv_changes_abandoned(cuvee_session *session);
void cv_changes_undone(cuvee_session *session);

/* ---- tree.c ---- */

/** How many fields of a model refer to the model itself. */
size_t cv_tree_references(const struct cv_plan *plan);
/** Sorts changes (numbers into session->changes) to rows of such a model so that children come before their parents. */
bool cv_tree_sort(cuvee_session *session, const struct cv_plan *plan, uint32_t *numbers, size_t count);

/* ---- savepoint.c ---- */

/** How many savepoints are open. */
size_t cv_savepoint_level(const cuvee_session *session);
/** All savepoints end: their transaction did. */
void cv_savepoints_end(cuvee_session *session);

/* ---- the session ---- */

struct cuvee_session {
    cuvee_blend *blend;
    cuvee_session_options options;
    cuvee_error error;
    struct cv_arena arena;
    pthread_mutex_t leases;     /* guards the connections in `branches` against cuvee_cancel */
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
    size_t links;                      /* rows that wait for their parent's key */
    bool in_hook;                      /* on_statement is running: no commit, no rollback now */
    bool committing;                   /* under `leases`: cuvee_cancel must not reach a commit that is on its way */
    uint64_t statements;               /* run so far */
    size_t to_flush;                   /* changes that may have something to write */
    uint64_t written;                  /* rows that statements changed since the unit of work began */
    struct cv_buffer shape;            /* scratch: the shape and the parameters of the statement being started */
    struct cv_buffer params;
};

/** Whether the session can go on: not NULL and without error. */
static inline bool cv_session_good(const cuvee_session *session)
{
    return session && session->error.kind == CUVEE_ERROR_NONE;
}

/** Makes room for one more element in a malloc'ed array. False: out of memory (in the session). */
bool cv_session_grow(cuvee_session *session, void *array, size_t *room, size_t count, size_t element);

/** Names the database in a fresh error that names none. Always false. */
bool cv_session_name_pool(cuvee_session *session, const struct cv_pool *pool);
/** Adds what the driver cannot know to a fresh error: base, model, and fields instead of columns. */
void cv_session_explain(cuvee_session *session, const struct cv_route *route);

/* ---- statement.c ---- */

/** A statement for `select` on this connection, kept or made; NULL: the session has the error. */
struct cv_statement *cv_statement_for_select(cuvee_session *session, const struct cv_route *route,
                                             struct cv_connection *connection, const struct cv_select *select);
struct cv_statement *cv_statement_for_change(cuvee_session *session, const struct cv_route *route,
                                             struct cv_connection *connection, const struct cv_change *change);
struct cv_statement *cv_statement_for_mass(cuvee_session *session, const struct cv_route *route,
                                           struct cv_connection *connection, const struct cv_mass *mass);

struct cv_statement *cv_statement_for_upsert(cuvee_session *session, const struct cv_route *route,
                                             struct cv_connection *connection, const struct cv_upsert *upsert);
/**
 * Runs a statement without rows with the parameters in session->params and gives it back. How many rows it changed; -1: the session
 * has the error.
 */
int64_t cv_statement_run(cuvee_session *session, const struct cv_pool *pool, struct cv_statement *statement);

/** When a statement starts, and that it is over: counts it, and tells the hook. */
int64_t cv_statement_begins(cuvee_session *session);
void cv_statement_over(cuvee_session *session, const struct cv_pool *pool, const struct cv_statement *statement,
                       int64_t began, uint64_t rows);

/* ---- load.c: rows into objects ---- */

/** A cursor over a statement that is in use for it, and starts the run with session->params. NULL: the session has the error. */
struct cv_cursor *cv_cursor_over(cuvee_session *session, const struct cv_pool *pool, const struct cv_route *route,
                                 struct cv_statement *statement, size_t width);
/** Ends the runs of all open cursors: their connections are given back. `closing`: the session goes too. */
void cv_cursors_cut_off(cuvee_session *session, bool closing);
/** Runs a select; see session/cursor.h. */
struct cv_cursor *cv_cursor_run(cuvee_session *session, const struct cv_route *route, const struct cv_select *select);
/** The same, after the pending changes of the database that it reads are flushed. */
struct cv_cursor *cv_cursor_start(cuvee_session *session, const struct cv_route *route, const struct cv_select *select);
/**
 * The object for a row of cells: the one that the session knows, or a new one. `renew`: a known one takes the cells' values.
 * NULL: the session has the error.
 */
void *cv_object_load(cuvee_session *session, struct cv_home *home, const cuvee_value *cells, bool renew);

#endif
