/**
 * The session: a unit of work over all databases of a blend.
 *
 *     cuvee_session *s = cuvee_session_open(blend);
 *     const User *user = cuvee_get(s, &user_model, 42);
 *     if (user) {
 *         User *edit = cuvee_edit(s, user);
 *         edit->name = "Jane Doe";
 *     }
 *     const Order *order = cuvee_add(s, &order_model, &(Order){.item = "Lamp", .quantity = 1});
 *     if (cuvee_commit(s) != CUVEE_COMMITTED)
 *         puts(cuvee_session_error(s)->message);
 *     cuvee_session_close(s);
 *
 * Each model goes to the database that its base is bound to. Nothing is connected before the first statement. Reads run
 * outside a transaction (each sees what is committed when it starts); the first write to a database begins a
 * transaction there, and commit settles all of them.
 *
 * Objects belong to the session: what `get`, `select` and `add` return lives until cuvee_session_close, also after
 * commit and rollback. The same row is the same object (unless the session is read-only, which keeps no such map).
 * Objects are const; cuvee_edit gives the one mutable pointer. Queries, and texts that are read again, take memory
 * until then too: open a session for each unit of work, not one for the whole life of a program.
 *
 * Errors stay put: after the first error every call does nothing and returns NULL, false, 0 or CUVEE_ROLLED_BACK, until
 * cuvee_rollback clears it. A NULL session behaves like one with an error, so handlers need one check at the end.
 *
 * A session belongs to one thread at a time. What a second one calls while the first is in a statement, a commit or a
 * rollback does nothing and is CUVEE_ERROR_MISUSE for both; closing it so does not close it. cuvee_cancel alone may be
 * called from any thread.
 *
 * What is called with a closed session, or with its queries, conditions, rows and savepoints, does nothing and is
 * CUVEE_ERROR_MISUSE: the blend remembers the sessions that were closed last (256 KiB of them: about a hundred) until
 * it is freed. What came from a session to be read, that is objects, lists and texts, is freed with it.
 */
#ifndef CUVEE_SESSION_H
#define CUVEE_SESSION_H

#include <cuvee/blend.h>
#include <cuvee/error.h>
#include <cuvee/model.h>
#include <cuvee/outcome.h>
#include <cuvee/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_session cuvee_session;

/** What reads of a session see. */
typedef enum cuvee_isolation {
    CUVEE_READ_COMMITTED = 0, /**< each statement sees what is committed when it starts */
    CUVEE_SNAPSHOT,           /**< per database: what was committed at the session's first statement there */
} cuvee_isolation;

/** One statement that was run: for logs, metrics and tests. */
typedef struct cuvee_statement_info {
    const char *database; /**< name of the base (the first one bound to its database) */
    const char *sql;      /**< its text; values are bound and never in it */
    uint64_t rows;        /**< read, or changed */
    int64_t microseconds; /**< from start to end, with the time that the caller took between rows */
    bool failed;
} cuvee_statement_info;

/**
 * Hears of each statement when it is over, in the session's thread. What it is given lives until it returns. It is
 * called in the middle of what the session does and may not use it: what it calls does nothing and is MISUSE. Its error
 * and its count can be read.
 */
typedef void (*cuvee_statement_hook)(void *arg, const cuvee_statement_info *statement);

/**
 * Called in the session's thread before changes are written (only when there are some), or before a commit. It may add,
 * edit, delete and query, but not commit, roll back or close. False refuses: CHECK, unless the session has an error
 * already.
 */
typedef bool (*cuvee_before_hook)(void *arg, cuvee_session *session);
/** Hears how a commit ended, when the session can be used again; it may not commit, roll back or close. */
typedef void (*cuvee_after_hook)(void *arg, cuvee_session *session, cuvee_outcome outcome);

/** Options of a session. Zero means the default. */
typedef struct cuvee_session_options {
    bool read_only; /**< refuses writes; keeps no identity map, so loads are faster and smaller */
    cuvee_isolation isolation;
    bool no_autoflush;     /**< queries do not flush first */
    unsigned statement_ms; /**< a statement that works longer is stopped: CANCELLED. Default: no limit */
    cuvee_statement_hook on_statement;
    void *on_statement_arg;
    cuvee_before_hook before_flush;
    cuvee_before_hook before_commit; /**< before the flush that a commit begins with */
    cuvee_after_hook after_commit;
    void *hook_arg; /**< of these three */
    size_t size;    /**< sizeof(cuvee_session_options); set by the macro */
} cuvee_session_options;

/**
 * Opens a session: cuvee_session_open(blend), cuvee_session_open(blend, .read_only = true). Connects to nothing. NULL
 * when memory is out. Close it with cuvee_session_close, before the blend is freed. Thread-safe.
 */
cuvee_session *cuvee_session_open_with(cuvee_blend *blend, const cuvee_session_options *options);
#define cuvee_session_open(...)         CUVEE_SESSION_OPEN_(__VA_ARGS__, .size = sizeof(cuvee_session_options))
#define CUVEE_SESSION_OPEN_(blend, ...) cuvee_session_open_with(blend, &(cuvee_session_options){__VA_ARGS__})

/**
 * Rolls back what was not committed, closes open rows, gives back the connections, and frees all objects. From now on
 * the session's error is MISUSE, "the session is closed". NULL is fine, and so is a second time. A hook must not:
 * MISUSE, and the session stays open.
 */
void cuvee_session_close(cuvee_session *session);

/**
 * The session's first error; kind NONE when there is none. Never NULL; borrowed: it changes with the next call, and
 * lives as long as the session is remembered (see above).
 */
const cuvee_error *cuvee_session_error(const cuvee_session *session);

/**
 * Adds a new row: copies the struct and its texts, checks them against the model, and returns the live object, whose
 * key and defaults are filled in at flush. A key that the database assigns is ignored in `row`. Defaults (`.fallback`)
 * replace what counts as not given: NULL, an optional that is not set, a time or date of 0 (1970), a UUID of zeros; a
 * zero number is a value. NULL on error: VALUE, CHECK or NOT_NULL (names the field), MISUSE (model not bound),
 * READ_ONLY, MEMORY.
 */
const void *cuvee_add(cuvee_session *session, const cuvee_model *model, const void *row);

/** The same for `count` structs side by side. False on error: then rollback. */
bool cuvee_add_all(cuvee_session *session, const cuvee_model *model, const void *rows, size_t count);

/**
 * Inserts a row, or updates the one that has equal values in the fields `conflict`: the key if the caller gives it, or
 * what the model declares to be unique ("email", or "tenant, number"). There the fields `update` ("name, phone") take
 * the new values, and a version is raised. Runs at once, after a flush. Returns the row's object, as it is in the
 * database now, NULL on error: MISUSE for other fields, VALUE for a NULL in `conflict`, UNIQUE when another unique
 * index refuses the row, and as cuvee_add. When both do, MariaDB may update the row of the other index.
 */
const void *cuvee_upsert(cuvee_session *session, const cuvee_model *model, const void *row, const char *conflict,
                         const char *update);

/**
 * The row with this key, or NULL when there is none (that is no error): cuvee_get(s, &user_model, 42). NULL on error
 * too: VALUE for a value of another kind, MISUSE for another number of values or a model that is not bound.
 */
const void *cuvee_get_by_key(cuvee_session *session, const cuvee_model *model, const cuvee_value *key, size_t count);
#define cuvee_get(session, model, key) cuvee_get_by_key(session, model, (cuvee_value[]){CUVEE_VALUE(key)}, 1)

/**
 * The same, locked until commit or rollback, and as it is now even if the session has it already. Begins a transaction.
 * READ_ONLY where the row could not be changed either.
 */
const void *cuvee_get_locked_by_key(cuvee_session *session, const cuvee_model *model, const cuvee_value *key,
                                    size_t count);
#define cuvee_get_locked(session, model, key)                                                                          \
    cuvee_get_locked_by_key(session, model, (cuvee_value[]){CUVEE_VALUE(key)}, 1)

/**
 * The one pointer through which an object may be changed; what changed is checked and written at flush. The pointer is
 * the object's own address and stays good until the session closes; call cuvee_edit again after commit or rollback
 * before changing it further: without, the change is not noticed and not written. Texts that you put in must live until
 * flush; flush copies them. NULL on error: MISSING for NULL (so cuvee_edit(s, cuvee_get(…)) of a row that is not there
 * says so), MISUSE (not an object of this session), READ_ONLY, MEMORY. The same kinds come from the functions below
 * that take an object.
 */
void *cuvee_edit(cuvee_session *session, const void *object);

/** Deletes the row at flush. False on error. */
bool cuvee_delete(cuvee_session *session, const void *object);

/**
 * Reads the object's row again; what was edited and not flushed is flushed before (or, without autoflush, lost). False
 * on error: MISSING when the row is gone.
 */
bool cuvee_refresh(cuvee_session *session, const void *object);

/**
 * Takes the object out of the session: changes that were not flushed are forgotten. Its memory stays. False on error.
 */
bool cuvee_expunge(cuvee_session *session, const void *object);

/**
 * Stops the statement that the session is running, if any: it fails with CANCELLED, and so does a commit that begins
 * before the server was told. From any thread. Returns when the server was told; the session does not wait for that,
 * nor does its end.
 */
void cuvee_cancel(cuvee_session *session);

/** The number of statements that the session ran so far: what a test asserts to find N+1. */
uint64_t cuvee_session_statements(const cuvee_session *session);

/**
 * Writes pending changes to their databases, inside their transactions: parents before children, whichever base they
 * are in. A reference to a row of another base that is not there is refused, and so is deleting a row that another
 * base's rows refer to (FOREIGN_KEY; between this look and the commit somebody else may still come in between). False
 * on error; then only rollback helps.
 */
bool cuvee_flush(cuvee_session *session);

/**
 * Flushes and commits every written database. Anything but CUVEE_COMMITTED leaves the reason in cuvee_session_error.
 */
cuvee_outcome cuvee_commit(cuvee_session *session);

/**
 * Whether the session has changes that are not committed: pending ones, and rows that its open transactions changed.
 * False for NULL.
 */
bool cuvee_session_has_changes(const cuvee_session *session);

/**
 * Undoes what was not committed: transactions roll back, added objects leave the session (their memory stays), edited
 * objects return to the values that they were loaded with. Objects of a database that was written without them (raw
 * SQL, cuvee_upsert, updates and deletes of many) are read again when they are next asked for. Clears the session's
 * error. False in a hook (MISUSE), and for a session that cannot be used at all: NULL, closed, or of a blend with an
 * error.
 */
bool cuvee_rollback(cuvee_session *session);

/* ---- savepoints ---- */

/** A place in the unit of work that one can go back to. Belongs to the session. */
typedef struct cuvee_savepoint cuvee_savepoint;

/** Flushes, and marks the place in every database. Savepoints may stand in each other. NULL on error. */
cuvee_savepoint *cuvee_savepoint_set(cuvee_session *session);
/**
 * Goes back: undoes what was written since, in every database, and brings objects back to what they were. Clears an
 * error that came up since. The savepoint is over. False on error: MISUSE when it was over before.
 */
bool cuvee_savepoint_rollback(cuvee_session *session, cuvee_savepoint *savepoint);
/** Flushes and keeps what was done since; the savepoint is over. False on error: MISUSE when it was over before. */
bool cuvee_savepoint_release(cuvee_session *session, cuvee_savepoint *savepoint);

/* ---- running again ---- */

/** A unit of work. Returns whether it is to be committed. Must do nothing that cannot be done twice. */
typedef bool (*cuvee_work)(cuvee_session *session, void *arg);

/**
 * Runs `work` in a fresh session and commits; when the databases ask for it (error kind RETRY: deadlock, serialization
 * failure, moved snapshot) again in another one, three times in all with growing, jittered pauses. *error (may be NULL)
 * is the last one's.
 */
cuvee_outcome cuvee_run(cuvee_blend *blend, cuvee_work work, void *arg, cuvee_error *error);

#ifdef __cplusplus
}
#endif
#endif
