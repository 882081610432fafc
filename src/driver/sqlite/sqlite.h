/**
 * The SQLite driver, inside.
 *
 * Files: database.c (URL, identity), open.c (opening a file and saying why it cannot be), connection.c (set-up, waiting
 * for locks, cancel), guard.c (what SQL may not do), statement.c (runs), bind.c and cell.c (values in and out),
 * transaction.c (participant), catalog.c, dialect.c (how kinds are stored), decimal.c (collation and sum), error.c
 * (codes).
 */
#ifndef CV_DRIVER_SQLITE_SQLITE_H
#define CV_DRIVER_SQLITE_SQLITE_H

#include <sqlite3.h>
#include <stdatomic.h>

#include "driver/driver.h"

extern const struct cv_driver cv_sqlite_driver;
extern const struct cv_dialect cv_sqlite_dialect;

/* Which file a database is, from the first connection on: a path may come to name another. */
struct cv_sqlite_file {
    atomic_ullong device; /* 0 with inode 0: no connection has been made yet */
    atomic_ullong inode;
};

struct cv_sqlite_database {
    struct cv_database base;
    struct cv_sqlite_file *file;
    char *path; /* absolute; of an in-memory database its URI */
    bool memory;
    bool read_only;
    unsigned busy_ms;
    cuvee_durability durability;
    sqlite3 *keeper; /* an in-memory database lives as long as one connection; NULL for files */
};

/* The driver's own statements, prepared at first use. */
enum cv_sqlite_own {
    CV_SQLITE_BEGIN,
    CV_SQLITE_BEGIN_WRITE,
    CV_SQLITE_FIRST_READ,
    CV_SQLITE_LOCK,
    CV_SQLITE_COMMIT,
    CV_SQLITE_ROLLBACK,
    CV_SQLITE_OWN_COUNT,
};

/* Whose SQL is being prepared, least trusted first: see guard.c. */
enum cv_sqlite_author { CV_SQLITE_STATEMENT = 0, CV_SQLITE_SCRIPT, CV_SQLITE_DRIVER };

struct cv_sqlite_connection {
    struct cv_connection base;
    sqlite3 *db;
    const struct cv_sqlite_database *database;
    sqlite3_stmt *own[CV_SQLITE_OWN_COUNT];
    enum cv_sqlite_author author;
    const char *refusal;   /* why the guard refused, until it is reported */
    int64_t wait_until_us; /* when the call that is going on gives up waiting for locks; 0: it did not wait yet */
    int64_t stop_at_us;    /* when the call that is going on has worked for too long; 0: never */
    int64_t looked_us;     /* when the file was last seen in its place */
    atomic_bool cancelled; /* the call that is going on is to stop */
};

struct cv_sqlite_statement {
    struct cv_statement base;
    sqlite3_stmt *handle;
    enum { CV_SQLITE_IDLE = 0, CV_SQLITE_RUNNING, CV_SQLITE_ENDED } state;
    bool fresh; /* no row of this run was read yet */
    int64_t changes;
    int64_t changed_before; /* the connection's total when the run began */
    cuvee_value *params;    /* run_many's, made at its first use */
    uint8_t kinds[];        /* wanted of each column; 0: as the engine has it */
};

/* ---- open.c ---- */

/** Opens the database as a handle; NULL on error (CONNECT, …), which names the path. */
sqlite3 *cv_sqlite_open(const struct cv_sqlite_database *database, cuvee_error *error);
/** Whether the file that the handle has open is no longer where its path says: what is written to it would be lost. */
bool cv_sqlite_has_moved(const struct cv_sqlite_database *database, sqlite3 *db);
/** Sets the error for that. False. */
bool cv_sqlite_moved(const struct cv_sqlite_database *database, cuvee_error *error);
/** Sets the error for a handle that could not be opened or set up: the reason, the path, and what to do. False. */
bool cv_sqlite_cannot_open(const struct cv_sqlite_database *database, sqlite3 *db, int code, cuvee_error *error);

/* ---- connection.c ---- */

struct cv_connection *cv_sqlite_connect(const struct cv_database *database, cuvee_error *error);
void cv_sqlite_disconnect(struct cv_connection *connection);
bool cv_sqlite_usable(struct cv_connection *connection);
void cv_sqlite_cancel(struct cv_connection *connection);
bool cv_sqlite_limit(struct cv_connection *connection, unsigned ms, cuvee_error *error);
bool cv_sqlite_execute(struct cv_connection *connection, const char *sql, cuvee_error *error);
/**
 * Every call that can wait or be cancelled begins with this. False (error set) when the engine has ended the
 * connection's transaction by itself: whatever ran now would be committed on its own.
 */
bool cv_sqlite_enter(struct cv_sqlite_connection *connection, cuvee_error *error);
/** Runs one of the driver's own statements to its first row or end. SQLite's code: OK, or an error. */
int cv_sqlite_run_own(struct cv_sqlite_connection *connection, enum cv_sqlite_own which);

/* ---- guard.c ---- */

/** SQLite's authorizer; `connection` is a struct cv_sqlite_connection. */
int cv_sqlite_guard(void *connection, int action, const char *first, const char *second, const char *schema,
                    const char *trigger);

/* ---- statement.c ---- */

struct cv_statement *cv_sqlite_prepare(struct cv_connection *connection, const struct cv_statement_text *text,
                                       cuvee_error *error);
void cv_sqlite_finalize(struct cv_statement *statement);
const char *cv_sqlite_column_name(const struct cv_statement *statement, size_t column);
bool cv_sqlite_start(struct cv_statement *statement, const cuvee_value *params, cuvee_error *error);
enum cv_step cv_sqlite_next(struct cv_statement *statement, cuvee_value *cells, cuvee_error *error);
void cv_sqlite_finish(struct cv_statement *statement, int64_t *changes);
bool cv_sqlite_run_many(struct cv_statement *statement, const struct cv_batch *batch, cuvee_error *error);

/* ---- bind.c, cell.c ---- */

/** Binds all parameters without copying their texts. */
bool cv_sqlite_bind(struct cv_sqlite_statement *statement, const cuvee_value *params, cuvee_error *error);
/** Reads the row that the statement stands on: CV_ROW, or CV_ERROR. */
enum cv_step cv_sqlite_cells(struct cv_sqlite_statement *statement, cuvee_value *cells, cuvee_error *error);

/* ---- transaction.c ---- */

bool cv_sqlite_begin(struct cv_connection *connection, enum cv_begin mode, cuvee_error *error);
bool cv_sqlite_lock(struct cv_connection *connection, cuvee_error *error);
bool cv_sqlite_vote(struct cv_connection *connection, cuvee_error *error);
enum cv_committed cv_sqlite_commit(struct cv_connection *connection, cuvee_error *error);
void cv_sqlite_rollback(struct cv_connection *connection);

/* ---- catalog.c ---- */

bool cv_sqlite_describe(struct cv_connection *connection, const char *table, struct cv_arena *arena,
                        struct cv_table *description, cuvee_error *error);

/* ---- decimal.c ---- */

/** Registers the collation CUVEE_DECIMAL and the aggregate cuvee_sum. SQLite's code. */
int cv_sqlite_register_decimal(sqlite3 *db);

/* ---- error.c ---- */

/** Sets the error from the connection's last failure, whose code this is. False. */
bool cv_sqlite_fail(struct cv_sqlite_connection *connection, int code, cuvee_error *error);
/** The kind that a result code stands for; its SQLSTATE goes to `sqlstate` (6 bytes). */
cuvee_error_kind cv_sqlite_kind(int code, const char *message, char *sqlstate);

#endif
