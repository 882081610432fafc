/* A transaction as a participant in a commit. */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/error.h"

static bool refuse(cuvee_error *error, cuvee_error_kind kind, const char *sqlstate, const char *message)
{
    if (error->kind != CUVEE_ERROR_NONE)
        return false;
    cv_error_set(error, kind, "%s", message);
    cv_error_text(error->sqlstate, sizeof error->sqlstate, sqlstate);
    return false;
}

bool cv_pg_begin(struct cv_connection *base, enum cv_begin mode, cuvee_error *error)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    if (base->in_transaction)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the connection is in a transaction already");
    if (!cv_pg_enter(connection, error))
        return false;
    /* A snapshot is taken by the first statement that needs one. */
    static const char *const sql[] = {
        [CV_BEGIN_WRITE] = "BEGIN",
        [CV_BEGIN_SNAPSHOT] = "BEGIN ISOLATION LEVEL REPEATABLE READ;SELECT 1",
        [CV_BEGIN_LOOK] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;SELECT 1",
    };
    base->in_transaction = cv_pg_do(connection, sql[mode], error);
    if (!base->in_transaction && !base->lost)
        cv_pg_rollback(base);
    return base->in_transaction;
}

bool cv_pg_vote(struct cv_connection *base, cuvee_error *error)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    if (!base->in_transaction)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "there is no transaction to vote on");
    if (!cv_pg_enter(connection, error))
        return false;
    if (PQtransactionStatus(connection->pg) == PQTRANS_INERROR)
        return refuse(error, CUVEE_ERROR_DATABASE, "25P02",
                      "a statement of the transaction failed; it can only roll back");
    return cv_pg_do(connection, "SET CONSTRAINTS ALL IMMEDIATE", error);
}

/* The server says ROLLBACK, and nothing of an error, when a statement of the transaction had failed. */
static enum cv_committed outcome_of(struct cv_pg_connection *connection, PGresult *result, cuvee_error *error)
{
    if (PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(result), "COMMIT") == 0)
        return CV_COMMITTED;
    if (PQresultStatus(result) == PGRES_COMMAND_OK)
        refuse(error, CUVEE_ERROR_DATABASE, "25P02", "a statement of the transaction had failed: it was rolled back");
    else
        cv_pg_fail(connection, result, error);
    return connection->base.lost ? CV_UNKNOWN : CV_NOT_COMMITTED;
}

enum cv_committed cv_pg_commit(struct cv_connection *base, cuvee_error *error)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    if (!base->in_transaction) {
        cv_error_set(error, CUVEE_ERROR_MISUSE, "there is no transaction to commit");
        return CV_NOT_COMMITTED;
    }
    if (!cv_pg_enter(connection, error)) {
        cv_pg_rollback(base);
        return CV_NOT_COMMITTED; /* nothing was asked of the server, whatever has become of it */
    }
    PGresult *result = cv_pg_command(connection, "COMMIT");
    enum cv_committed outcome = outcome_of(connection, result, error);
    PQclear(result);
    base->in_transaction = false;
    if (outcome == CV_NOT_COMMITTED)
        cv_pg_rollback(base);
    return outcome;
}

void cv_pg_rollback(struct cv_connection *base)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    cv_remote_run_set_aside(connection->streaming);
    if (PQtransactionStatus(connection->pg) != PQTRANS_IDLE && !base->lost)
        base->lost = !cv_pg_do(connection, "ROLLBACK", &ignored);
    base->in_transaction = false;
}
