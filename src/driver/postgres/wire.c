/* Commands to the server and results from it. */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/error.h"

static bool has_ended_by_itself(const struct cv_pg_connection *connection)
{
    return connection->base.in_transaction && PQtransactionStatus(connection->pg) == PQTRANS_IDLE;
}

bool cv_pg_enter(struct cv_pg_connection *connection, cuvee_error *error)
{
    cv_remote_run_set_aside(connection->streaming);
    if (PQstatus(connection->pg) != CONNECTION_OK)
        return cv_pg_fail(connection, NULL, error);
    if (!has_ended_by_itself(connection))
        return true;
    cv_error_set(error, CUVEE_ERROR_DATABASE, "the transaction was ended by an earlier statement; roll back first");
    memcpy(error->sqlstate, "25P02", 6);
    return false;
}

PGresult *cv_pg_result(struct cv_pg_connection *connection)
{
    PGresult *result = PQgetResult(connection->pg);
    if (!result)
        atomic_store(&connection->working, false);
    return result;
}

/* COPY from or to the client in raw SQL: there is nobody to give or take its rows. */
static void end_copy(PGconn *pg, ExecStatusType status)
{
    char *row = NULL;
    if (status == PGRES_COPY_IN)
        PQputCopyEnd(pg, "COPY FROM STDIN is not for here");
    while (status == PGRES_COPY_OUT && PQgetCopyData(pg, &row, 0) > 0)
        PQfreemem(row);
}

void cv_pg_discard(struct cv_pg_connection *connection)
{
    PGresult *result;
    while (PQstatus(connection->pg) == CONNECTION_OK && (result = cv_pg_result(connection)) != NULL) {
        end_copy(connection->pg, PQresultStatus(result));
        PQclear(result);
    }
    atomic_store(&connection->working, false);
}

static bool is_error(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY;
}

PGresult *cv_pg_command(struct cv_pg_connection *connection, const char *sql)
{
    atomic_store(&connection->working, true);
    if (!PQsendQuery(connection->pg, sql)) {
        atomic_store(&connection->working, false);
        return PQmakeEmptyPGresult(connection->pg, PGRES_FATAL_ERROR);
    }
    PGresult *last = NULL;
    PGresult *result;
    while ((!last || !is_error(last)) && (result = cv_pg_result(connection)) != NULL) {
        PQclear(last);
        last = result;
    }
    cv_pg_discard(connection);
    return last;
}

bool cv_pg_do(struct cv_pg_connection *connection, const char *sql, cuvee_error *error)
{
    PGresult *result = cv_pg_command(connection, sql);
    bool good = result && !is_error(result);
    if (!good)
        cv_pg_fail(connection, result, error);
    PQclear(result);
    return good;
}

void cv_pg_end_pipeline(struct cv_pg_connection *connection)
{
    /* Each command's results end with NULL, so only the pipeline's own end, or a lost connection, is the end. */
    while (PQstatus(connection->pg) == CONNECTION_OK) {
        PGresult *result = PQgetResult(connection->pg);
        bool ended = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
        if (ended)
            break;
    }
    PQexitPipelineMode(connection->pg);
    atomic_store(&connection->working, false);
}
