/* A connection: its set-up, its waiting for locks, and stopping it. */
#include "driver/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/error.h"
#include "driver/statements.h"

enum { LOOK_AGAIN_US = 100 * 1000 };

/* ---- waiting ---- */

/*
 * SQLite's busy handler: waits a little and says whether to try again. The limit is for a whole call, however often
 * SQLite begins to wait anew inside it. Short waits first, since most locks are held for less than a millisecond.
 */
static int wait_for_lock(void *arg, int times)
{
    static const int waits_us[] = {50, 100, 200, 500, 1000, 2000, 5000, 10000};
    enum { STEPS = sizeof waits_us / sizeof waits_us[0] };
    struct cv_sqlite_connection *connection = arg;
    int64_t now = cv_ticks_us();
    if (connection->wait_until_us == 0)
        connection->wait_until_us = now + (int64_t)connection->database->busy_ms * 1000;
    if (now >= connection->wait_until_us || atomic_load_explicit(&connection->cancelled, memory_order_relaxed))
        return 0;
    int64_t wait = waits_us[times < STEPS ? times : STEPS - 1];
    if (wait > connection->wait_until_us - now)
        wait = connection->wait_until_us - now;
    nanosleep(&(struct timespec){.tv_nsec = (long)wait * 1000}, NULL);
    return 1;
}

bool cv_sqlite_enter(struct cv_sqlite_connection *connection, cuvee_error *error)
{
    connection->wait_until_us = 0;
    if (connection->base.limit_ms)
        connection->stop_at_us = cv_ticks_us() + (int64_t)connection->base.limit_ms * 1000;
    atomic_store_explicit(&connection->cancelled, false, memory_order_relaxed);
    if (!connection->base.in_transaction || !sqlite3_get_autocommit(connection->db))
        return true;
    cv_error_set(error, CUVEE_ERROR_DATABASE, "the transaction was ended by an earlier error; roll back first");
    memcpy(error->sqlstate, "25P02", 6);
    return false;
}

void cv_sqlite_cancel(struct cv_connection *base)
{
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    atomic_store_explicit(&connection->cancelled, true, memory_order_relaxed);
    sqlite3_interrupt(connection->db);
}

/* SQLite's progress handler: not 0 stops the statement. */
static int is_over(void *arg)
{
    const struct cv_sqlite_connection *connection = arg;
    return cv_ticks_us() >= connection->stop_at_us;
}

bool cv_sqlite_limit(struct cv_connection *base, unsigned ms, cuvee_error *error)
{
    enum { STEPS_BETWEEN_LOOKS = 1000 }; /* of SQLite's virtual machine: some ten microseconds */
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    (void)error;
    base->limit_ms = ms;
    sqlite3_progress_handler(connection->db, STEPS_BETWEEN_LOOKS, ms ? is_over : NULL, connection);
    return true;
}

/* ---- set-up ---- */

static int set_switches(sqlite3 *db)
{
    static const struct {
        int name;
        int on;
    } switches[] = {
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1},    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 1}, {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
    };
    int code = SQLITE_OK;
    for (size_t i = 0; i < sizeof switches / sizeof switches[0] && code == SQLITE_OK; i++)
        code = sqlite3_db_config(db, switches[i].name, switches[i].on, NULL);
    return code;
}

static int note_mode(void *is_wal, int count, char **values, char **names)
{
    (void)names;
    *(bool *)is_wal = count == 1 && values[0] && strcmp(values[0], "wal") == 0;
    return 0;
}

/* SQLite does not wait by itself for the lock that the first change to WAL needs. */
static int use_wal(struct cv_sqlite_connection *connection, bool *is_wal)
{
    for (int times = 0;; times++) {
        int code = sqlite3_exec(connection->db, "PRAGMA journal_mode=WAL", note_mode, is_wal, NULL);
        if ((code & 0xFF) != SQLITE_BUSY || !wait_for_lock(connection, times))
            return code;
    }
}

static bool set_journal(struct cv_sqlite_connection *connection, cuvee_error *error)
{
    const struct cv_sqlite_database *database = connection->database;
    if (database->memory || database->read_only)
        return true;
    bool is_wal = false;
    int code = use_wal(connection, &is_wal);
    if (code != SQLITE_OK)
        return cv_sqlite_cannot_open(database, connection->db, code, error);
    if (is_wal)
        return true;
    return cv_error_set(error, CUVEE_ERROR_CONNECT, "cannot open %s: its file system cannot hold a write-ahead log",
                        database->path);
}

static bool set_up(struct cv_sqlite_connection *connection, cuvee_error *error)
{
    const struct cv_sqlite_database *database = connection->database;
    sqlite3 *db = connection->db;
    sqlite3_busy_handler(db, wait_for_lock, connection);
    int code = set_switches(db);
    if (code == SQLITE_OK)
        code = cv_sqlite_register_decimal(db);
    if (code != SQLITE_OK)
        return cv_sqlite_cannot_open(database, db, code, error);
    if (!set_journal(connection, error))
        return false;
    /* The read of the schema shows a file that is no database, or a damaged one. */
    code = sqlite3_exec(
        db, database->durability == CUVEE_NORMAL ? "PRAGMA synchronous=NORMAL;" : "PRAGMA synchronous=FULL;", NULL,
        NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "PRAGMA case_sensitive_like=ON; SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL);
    if (code == SQLITE_OK && database->read_only)
        code = sqlite3_exec(db, "PRAGMA query_only=ON", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_set_authorizer(db, cv_sqlite_guard, connection);
    return code == SQLITE_OK || cv_sqlite_cannot_open(database, db, code, error);
}

struct cv_connection *cv_sqlite_connect(const struct cv_database *base, cuvee_error *error)
{
    struct cv_sqlite_connection *connection = cv_connection_new(sizeof *connection, base, error);
    if (!connection)
        return NULL;
    connection->database = (const struct cv_sqlite_database *)base;
    atomic_init(&connection->cancelled, false);
    connection->db = cv_sqlite_open(connection->database, error);
    if (!connection->db || !set_up(connection, error)) {
        cv_sqlite_disconnect(&connection->base);
        return NULL;
    }
    return &connection->base;
}

void cv_sqlite_disconnect(struct cv_connection *base)
{
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    cv_statements_free(base->kept);
    for (size_t i = 0; i < CV_SQLITE_OWN_COUNT; i++)
        sqlite3_finalize(connection->own[i]);
    sqlite3_close(connection->db);
    free(connection);
}

/* ---- use ---- */

/*
 * A file that was removed or replaced under an open handle would swallow whatever is written to it. Looked for ten
 * times a second at most, since it takes a call of the system.
 */
static bool is_in_place(struct cv_sqlite_connection *connection)
{
    int64_t now = cv_ticks_us();
    if (connection->database->memory || (connection->looked_us != 0 && now < connection->looked_us + LOOK_AGAIN_US))
        return true;
    connection->looked_us = now;
    return !cv_sqlite_has_moved(connection->database, connection->db);
}

bool cv_sqlite_usable(struct cv_connection *base)
{
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    return !base->lost && sqlite3_get_autocommit(connection->db) && is_in_place(connection);
}

bool cv_sqlite_execute(struct cv_connection *base, const char *sql, cuvee_error *error)
{
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    if (!cv_sqlite_enter(connection, error))
        return false;
    connection->author = CV_SQLITE_SCRIPT;
    int code = sqlite3_exec(connection->db, sql, NULL, NULL, NULL);
    connection->author = CV_SQLITE_STATEMENT;
    return code == SQLITE_OK || cv_sqlite_fail(connection, code, error);
}

int cv_sqlite_run_own(struct cv_sqlite_connection *connection, enum cv_sqlite_own which)
{
    static const char *const texts[CV_SQLITE_OWN_COUNT] = {
        [CV_SQLITE_BEGIN] = "BEGIN",
        [CV_SQLITE_BEGIN_WRITE] = "BEGIN IMMEDIATE",
        [CV_SQLITE_FIRST_READ] = "SELECT 1 FROM sqlite_schema LIMIT 1",
        [CV_SQLITE_LOCK] = "PRAGMA main.incremental_vacuum(1)", /* a write that hardly ever has anything to do */
        [CV_SQLITE_COMMIT] = "COMMIT",
        [CV_SQLITE_ROLLBACK] = "ROLLBACK",
    };
    sqlite3_stmt **own = &connection->own[which];
    connection->author = CV_SQLITE_DRIVER;
    int code = SQLITE_OK;
    if (!*own)
        code = sqlite3_prepare_v3(connection->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, own, NULL);
    if (code == SQLITE_OK) {
        sqlite3_step(*own);
        code = sqlite3_reset(*own);
    }
    connection->author = CV_SQLITE_STATEMENT;
    return code;
}
