/* A transaction as a participant in a commit. */
#include "driver/sqlite/sqlite.h"

#include <string.h>
#include <time.h>

#include "base/error.h"

/* Leaves the transaction, whatever state it is in. */
static void abandon(struct cv_sqlite_connection *connection)
{
    if (!sqlite3_get_autocommit(connection->db))
        cv_sqlite_run_own(connection, CV_SQLITE_ROLLBACK);
    if (!sqlite3_get_autocommit(connection->db))
        connection->base.lost = true; /* closing the handle rolls it back */
    connection->base.in_transaction = false;
}

bool cv_sqlite_begin(struct cv_connection *base, enum cv_begin mode, cuvee_error *error)
{
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    if (base->in_transaction)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the connection is in a transaction already");
    if (!cv_sqlite_enter(connection, error))
        return false;
    int code = cv_sqlite_run_own(connection, mode == CV_BEGIN_WRITE ? CV_SQLITE_BEGIN_WRITE : CV_SQLITE_BEGIN);
    /* A deferred transaction has no snapshot until it reads. */
    if (code == SQLITE_OK && mode != CV_BEGIN_WRITE)
        code = cv_sqlite_run_own(connection, CV_SQLITE_FIRST_READ);
    if (code == SQLITE_OK) {
        base->in_transaction = true;
        return true;
    }
    cv_sqlite_fail(connection, code, error);
    abandon(connection);
    return false;
}

bool cv_sqlite_lock(struct cv_connection *base, cuvee_error *error)
{
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    if (!cv_sqlite_enter(connection, error))
        return false;
    int code = cv_sqlite_run_own(connection, CV_SQLITE_LOCK);
    return code == SQLITE_OK || cv_sqlite_fail(connection, code, error);
}

bool cv_sqlite_vote(struct cv_connection *base, cuvee_error *error)
{
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    if (!base->in_transaction)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "there is no transaction to vote on");
    if (!cv_sqlite_enter(connection, error))
        return false;
    if (cv_sqlite_has_moved(connection->database, connection->db))
        return cv_sqlite_moved(connection->database, error);
    int open = 0;
    int highest = 0;
    sqlite3_db_status(connection->db, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0);
    if (open == 0)
        return true;
    cv_error_set(error, CUVEE_ERROR_FOREIGN_KEY, "a reference checked at commit leads to no row");
    memcpy(error->sqlstate, "23503", 6);
    error->vendor_code = SQLITE_CONSTRAINT_FOREIGNKEY;
    return false;
}

/* BUSY and INTERRUPT leave the transaction as it was: the same COMMIT may succeed a moment later. */
static int commit_patiently(struct cv_sqlite_connection *connection)
{
    enum { TRIES = 100, PAUSE_NS = 10 * 1000 * 1000 };
    int code = cv_sqlite_run_own(connection, CV_SQLITE_COMMIT);
    for (int i = 0; i < TRIES && ((code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_INTERRUPT); i++) {
        if (sqlite3_get_autocommit(connection->db))
            break;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
        code = cv_sqlite_run_own(connection, CV_SQLITE_COMMIT);
    }
    return code;
}

enum cv_committed cv_sqlite_commit(struct cv_connection *base, cuvee_error *error)
{
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    if (!base->in_transaction) {
        cv_error_set(error, CUVEE_ERROR_MISUSE, "there is no transaction to commit");
        return CV_NOT_COMMITTED;
    }
    int code = SQLITE_ABORT;
    if (cv_sqlite_has_moved(connection->database, connection->db))
        cv_sqlite_moved(connection->database, error);
    else if (cv_sqlite_enter(connection, error))
        code = commit_patiently(connection);
    if (code == SQLITE_OK) {
        base->in_transaction = false;
        return CV_COMMITTED;
    }
    cv_sqlite_fail(connection, code, error); /* the first error stays */
    abandon(connection);
    /*
     * All frames were written, the last with the commit's mark, and only the sync failed: after a crash they may count.
     */
    return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC ? CV_UNKNOWN : CV_NOT_COMMITTED;
}

void cv_sqlite_rollback(struct cv_connection *base)
{
    abandon((struct cv_sqlite_connection *)base);
}
