/* Runs of a prepared statement. */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/error.h"
#include "driver/sqlstate.h"

/* Rows that are worth reading to their end before asking the server to stop sending. */
enum { PATIENCE = 200 };

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

/* Raw SQL outside of a transaction gets one that only reads. */
static bool put_guard(struct cv_pg_statement *statement, cuvee_error *error)
{
    struct cv_pg_connection *connection = connection_of(statement);
    if (!statement->base.raw)
        return true;
    connection->base.marked = true;
    if (connection->base.in_transaction)
        return true;
    statement->guarded = cv_pg_do(connection, "BEGIN READ ONLY", error);
    return statement->guarded;
}

static void take_guard(struct cv_pg_statement *statement)
{
    struct cv_pg_connection *connection = connection_of(statement);
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    if (statement->guarded && !connection->base.lost)
        connection->base.lost = !cv_pg_do(connection, "ROLLBACK", &ignored);
    statement->guarded = false;
}

static void end_stream(struct cv_pg_statement *statement)
{
    statement->streams = false;
    connection_of(statement)->streaming = NULL;
    take_guard(statement);
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
        statement->changes = cv_pg_changes(result);
    PQclear(result);
    cv_pg_discard(connection);
    return good;
}

bool cv_pg_start(struct cv_statement *base, const cuvee_value *params, cuvee_error *error)
{
    struct cv_pg_statement *statement = (struct cv_pg_statement *)base;
    if (statement->state != CV_PG_IDLE)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement is running already");
    if (!cv_pg_enter(connection_of(statement), error) || !cv_pg_encode_params(statement, params, error) ||
        !put_guard(statement, error))
        return false;
    statement->changes = 0;
    cv_error_clear(&statement->late);
    bool good = send_run(statement, error) && (base->column_count > 0 || take_result(statement, error));
    if (!good || base->column_count == 0)
        take_guard(statement);
    if (!good)
        return false;
    statement->state = base->column_count == 0 ? CV_PG_ENDED : CV_PG_RUNNING;
    statement->streams = base->column_count > 0;
    connection_of(statement)->streaming = statement->streams ? statement : NULL;
    return true;
}

/* ---- rows ---- */

/* The next row on the wire into statement->row. */
static enum cv_step receive(struct cv_pg_statement *statement, cuvee_error *error)
{
    struct cv_pg_connection *connection = connection_of(statement);
    PQclear(statement->row);
    statement->row = cv_pg_result(connection);
    if (PQresultStatus(statement->row) == PGRES_SINGLE_TUPLE)
        return CV_ROW;
    bool good = PQresultStatus(statement->row) == PGRES_TUPLES_OK || fail(statement, statement->row, error);
    if (good)
        statement->changes = cv_pg_changes(statement->row);
    cv_pg_discard(connection);
    end_stream(statement);
    return good ? CV_DONE : CV_ERROR;
}

static enum cv_step next_set_aside(struct cv_pg_statement *statement, cuvee_value *cells, cuvee_error *error)
{
    if (cv_spill_take(&statement->spill, cells, statement->base.column_count))
        return CV_ROW;
    if (statement->late.kind == CUVEE_ERROR_NONE)
        return CV_DONE;
    cv_error_keep(error, &statement->late);
    return CV_ERROR;
}

enum cv_step cv_pg_next(struct cv_statement *base, cuvee_value *cells, cuvee_error *error)
{
    struct cv_pg_statement *statement = (struct cv_pg_statement *)base;
    if (statement->state == CV_PG_IDLE) {
        cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement was not started");
        return CV_ERROR;
    }
    if (statement->state == CV_PG_ENDED)
        return CV_DONE;
    enum cv_step step = statement->streams ? receive(statement, error) : next_set_aside(statement, cells, error);
    if (step == CV_ROW && statement->streams && !cv_pg_cells(statement, cells, error))
        return CV_ERROR;
    if (step != CV_ROW)
        statement->state = CV_PG_ENDED;
    return step;
}

bool cv_pg_set_aside(struct cv_pg_statement *statement)
{
    cuvee_error *late = &statement->late;
    while (statement->streams && receive(statement, late) == CV_ROW)
        if (!late->kind && cv_pg_cells(statement, statement->cells, late) &&
            !cv_spill_add(&statement->spill, statement->cells, statement->base.column_count))
            cv_error_memory(late);
    return !statement->base.connection->lost;
}

/* Reads what is left; of a long read outside a transaction the server is told to stop (in one, that would end it). */
static void throw_away(struct cv_pg_statement *statement)
{
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    struct cv_connection *connection = statement->base.connection;
    for (int rows = 0; statement->streams && receive(statement, &ignored) == CV_ROW; rows++)
        if (rows == PATIENCE && statement->base.reads && !connection->in_transaction)
            cv_pg_cancel(connection);
}

void cv_pg_finish(struct cv_statement *base, int64_t *changes)
{
    struct cv_pg_statement *statement = (struct cv_pg_statement *)base;
    throw_away(statement);
    PQclear(statement->row);
    statement->row = NULL;
    cv_spill_free(&statement->spill);
    if (changes)
        *changes = statement->state == CV_PG_IDLE ? 0 : statement->changes;
    statement->state = CV_PG_IDLE;
}
