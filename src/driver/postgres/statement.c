/* Runs of a prepared statement. */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/error.h"
#include "driver/sqlstate.h"

static struct cv_pg_connection *connection_of(const struct cv_pg_statement *statement)
{
    return (struct cv_pg_connection *)statement->base.connection;
}

int64_t cv_pg_changes(PGresult *result)
{
    int64_t changes = 0;
    if (strncmp(PQcmdStatus(result), "SELECT", 6) == 0)
        return 0; /* rows that were read, not changed */
    for (const char *digit = PQcmdTuples(result); *digit; digit++)
        changes = changes * 10 + (*digit - '0');
    return changes;
}

/* The server does not know the statement any more, or its tables were changed so that it gives other columns. */
static bool is_outdated(const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
    return sqlstate && (strcmp(sqlstate, "26000") == 0 ||
                        (strcmp(sqlstate, "0A000") == 0 && function && strcmp(function, "RevalidateCachedQuery") == 0));
}

/* An error of a run; one that is outdated is prepared anew when the whole is done again. */
static bool fail(struct cv_pg_statement *statement, const PGresult *result, cuvee_error *error)
{
    bool first = error->kind == CUVEE_ERROR_NONE;
    bool outdated = is_outdated(result);
    cv_pg_fail(connection_of(statement), result, error);
    statement->base.stale = statement->base.stale || outdated;
    if (!outdated || !first)
        return false;
    error->kind = CUVEE_ERROR_RETRY;
    cv_error_text(error->hint, sizeof error->hint, cv_sqlstate_hint(CUVEE_ERROR_RETRY));
    return false;
}

/* ---- start ---- */

static bool send_run(struct cv_pg_statement *statement, cuvee_error *error)
{
    struct cv_pg_connection *connection = connection_of(statement);
    atomic_store(&connection->working, true);
    if (PQsendQueryPrepared(connection->pg, statement->name, (int)statement->base.param_count, statement->values,
                            statement->lengths, statement->formats, statement->text_format ? 0 : 1) &&
        (statement->base.column_count == 0 || PQsetSingleRowMode(connection->pg)))
        return true;
    atomic_store(&connection->working, false);
    return fail(statement, NULL, error);
}

/* The result of a statement that gives no rows. */
static bool take_result(struct cv_pg_statement *statement, cuvee_error *error)
{
    struct cv_pg_connection *connection = connection_of(statement);
    PGresult *result = cv_pg_result(connection);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK || fail(statement, result, error);
    if (good)
        statement->run.changes = cv_pg_changes(result);
    PQclear(result);
    cv_pg_discard(connection);
    return good;
}

bool cv_pg_start(struct cv_statement *base, const cuvee_value *params, cuvee_error *error)
{
    struct cv_pg_statement *statement = (struct cv_pg_statement *)base;
    bool gives_rows = base->column_count > 0;
    if (!cv_remote_run_is_idle(&statement->run, error) || !cv_pg_enter(connection_of(statement), error) ||
        !cv_pg_encode_params(statement, params, error) || !cv_remote_run_guard(&statement->run, error))
        return false;
    statement->run.changes = 0;
    bool good = send_run(statement, error) && (gives_rows || take_result(statement, error));
    if (good)
        cv_remote_run_started(&statement->run, gives_rows);
    if (!good || !gives_rows)
        cv_remote_run_over(&statement->run);
    return good;
}

/* ---- rows ---- */

/* The next row on the wire into statement->row. */
static enum cv_step receive(struct cv_statement *base, cuvee_error *error)
{
    struct cv_pg_statement *statement = (struct cv_pg_statement *)base;
    struct cv_pg_connection *connection = connection_of(statement);
    PQclear(statement->row);
    statement->row = cv_pg_result(connection);
    if (PQresultStatus(statement->row) == PGRES_SINGLE_TUPLE)
        return CV_ROW;
    bool good = PQresultStatus(statement->row) == PGRES_TUPLES_OK || fail(statement, statement->row, error);
    if (good)
        statement->run.changes = cv_pg_changes(statement->row);
    cv_pg_discard(connection);
    cv_remote_run_over(&statement->run);
    return good ? CV_DONE : CV_ERROR;
}

static bool read_cells(struct cv_statement *base, cuvee_value *cells, cuvee_error *error)
{
    return cv_pg_cells((struct cv_pg_statement *)base, cells, error);
}

static bool command(struct cv_connection *base, const char *sql, cuvee_error *error)
{
    return cv_pg_do((struct cv_pg_connection *)base, sql, error);
}

const struct cv_remote cv_pg_remote = {
    .command = command,
    .receive = receive,
    .cells = read_cells,
    .stop_ends_transaction = true,
};

enum cv_step cv_pg_next(struct cv_statement *base, cuvee_value *cells, cuvee_error *error)
{
    return cv_remote_run_next(&((struct cv_pg_statement *)base)->run, cells, error);
}

void cv_pg_finish(struct cv_statement *base, int64_t *changes)
{
    struct cv_pg_statement *statement = (struct cv_pg_statement *)base;
    cv_remote_run_finish(&statement->run, changes);
    PQclear(statement->row);
    statement->row = NULL;
}
