/* Runs of a prepared statement. */
#include "driver/mariadb/mariadb.h"

#include <string.h>

#include "base/error.h"

/* Rows that are worth reading to their end before asking the server to stop sending. */
enum { PATIENCE = 200 };

static struct cv_maria_connection *connection_of(const struct cv_maria_statement *statement)
{
    return (struct cv_maria_connection *)statement->base.connection;
}

/* Raw SQL outside of a transaction gets one that only reads. */
static bool put_guard(struct cv_maria_statement *statement, cuvee_error *error)
{
    struct cv_maria_connection *connection = connection_of(statement);
    if (!statement->base.raw)
        return true;
    connection->base.marked = true;
    if (connection->base.in_transaction)
        return true;
    statement->guarded = cv_maria_do(connection, "START TRANSACTION READ ONLY", error);
    return statement->guarded;
}

static void take_guard(struct cv_maria_statement *statement)
{
    struct cv_maria_connection *connection = connection_of(statement);
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    if (statement->guarded && !connection->base.lost)
        connection->base.lost = !cv_maria_do(connection, "ROLLBACK", &ignored);
    statement->guarded = false;
}

static void stop_working(struct cv_maria_statement *statement)
{
    struct cv_maria_connection *connection = connection_of(statement);
    statement->streams = false;
    if (connection->streaming == statement)
        connection->streaming = NULL;
    atomic_store(&connection->working, false);
    take_guard(statement);
}

/* A statement that gives rows changed as many as it gave, if any. */
static void count_changes(struct cv_maria_statement *statement)
{
    if (mysql_stmt_field_count(statement->handle) > 0) {
        statement->changes = statement->base.reads ? 0 : statement->rows;
        return;
    }
    statement->changes = (int64_t)mysql_stmt_affected_rows(statement->handle);
    if (statement->upserts && statement->changes > 1)
        statement->changes = 1;
}

/* ---- start ---- */

/* Rows that nobody asked for. */
static bool skip_rows(struct cv_maria_statement *statement, cuvee_error *error)
{
    int code = 0;
    if (mysql_stmt_field_count(statement->handle) == 0)
        return true;
    while ((code = mysql_stmt_fetch(statement->handle)) == 0 || code == MYSQL_DATA_TRUNCATED)
        statement->rows++;
    bool good = code == MYSQL_NO_DATA || cv_maria_fail_run(statement, error);
    mysql_stmt_free_result(statement->handle);
    return good;
}

static bool execute(struct cv_maria_statement *statement, cuvee_error *error)
{
    if (mysql_stmt_execute(statement->handle) != 0)
        return cv_maria_fail_run(statement, error);
    if (statement->base.column_count == 0)
        return skip_rows(statement, error);
    /* Types that depend on the parameters' are known only now; columns whose kinds we want are a table's. */
    if ((statement->description && statement->kinds) || cv_maria_make_slots(statement, error))
        return true;
    mysql_stmt_free_result(statement->handle);
    return false;
}

/* After it the statement has done its work, or its rows can be fetched. */
static bool run(struct cv_maria_statement *statement, const cuvee_value *params, cuvee_error *error)
{
    struct cv_maria_connection *connection = connection_of(statement);
    if (!cv_maria_bind(statement, params, error) || !put_guard(statement, error))
        return false;
    statement->rows = 0;
    statement->changes = 0;
    atomic_store(&connection->working, true);
    bool good = execute(statement, error);
    if (!good)
        stop_working(statement);
    return good;
}

bool cv_maria_start(struct cv_statement *base, const cuvee_value *params, cuvee_error *error)
{
    struct cv_maria_statement *statement = (struct cv_maria_statement *)base;
    if (statement->state != CV_MARIA_IDLE)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement is running already");
    if (!cv_maria_enter(connection_of(statement), error) || !run(statement, params, error))
        return false;
    cv_error_clear(&statement->late);
    statement->state = CV_MARIA_RUNNING;
    if (base->column_count > 0) {
        statement->streams = true;
        connection_of(statement)->streaming = statement;
        return true;
    }
    count_changes(statement);
    stop_working(statement);
    statement->state = CV_MARIA_ENDED;
    return true;
}

/* ---- rows ---- */

static enum cv_step receive(struct cv_maria_statement *statement, cuvee_error *error)
{
    int code = mysql_stmt_fetch(statement->handle);
    if (code == 0 || code == MYSQL_DATA_TRUNCATED) {
        statement->rows++;
        return CV_ROW;
    }
    bool good = code == MYSQL_NO_DATA || cv_maria_fail_run(statement, error);
    mysql_stmt_free_result(statement->handle);
    if (good)
        count_changes(statement);
    stop_working(statement);
    return good ? CV_DONE : CV_ERROR;
}

static enum cv_step next_set_aside(struct cv_maria_statement *statement, cuvee_value *cells, cuvee_error *error)
{
    if (cv_spill_take(&statement->spill, cells, statement->base.column_count))
        return CV_ROW;
    if (statement->late.kind == CUVEE_ERROR_NONE)
        return CV_DONE;
    cv_error_keep(error, &statement->late);
    return CV_ERROR;
}

enum cv_step cv_maria_next(struct cv_statement *base, cuvee_value *cells, cuvee_error *error)
{
    struct cv_maria_statement *statement = (struct cv_maria_statement *)base;
    if (statement->state == CV_MARIA_IDLE) {
        cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement was not started");
        return CV_ERROR;
    }
    if (statement->state == CV_MARIA_ENDED)
        return CV_DONE;
    enum cv_step step = statement->streams ? receive(statement, error) : next_set_aside(statement, cells, error);
    if (step == CV_ROW && statement->streams && !cv_maria_cells(statement, cells, error))
        return CV_ERROR;
    if (step != CV_ROW)
        statement->state = CV_MARIA_ENDED;
    return step;
}

void cv_maria_set_aside(struct cv_maria_statement *statement)
{
    cuvee_error *late = &statement->late;
    while (statement->streams && receive(statement, late) == CV_ROW)
        if (!late->kind && cv_maria_cells(statement, statement->cells, late) &&
            !cv_spill_add(&statement->spill, statement->cells, statement->base.column_count))
            cv_error_memory(late);
}

/* Reads what is left; of a long read the server is told to stop. */
static void throw_away(struct cv_maria_statement *statement)
{
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    for (int rows = 0; statement->streams && receive(statement, &ignored) == CV_ROW; rows++)
        if (rows == PATIENCE && statement->base.reads)
            cv_maria_cancel(statement->base.connection);
}

void cv_maria_finish(struct cv_statement *base, int64_t *changes)
{
    struct cv_maria_statement *statement = (struct cv_maria_statement *)base;
    throw_away(statement);
    cv_spill_free(&statement->spill);
    if (changes)
        *changes = statement->state == CV_MARIA_IDLE ? 0 : statement->changes;
    statement->state = CV_MARIA_IDLE;
}

/* ---- many runs ---- */

/* The key that a run's RETURNING gave, or that the server assigned. */
static bool take_key(struct cv_maria_statement *statement, int64_t *key, cuvee_error *error)
{
    *key = (int64_t)mysql_stmt_insert_id(statement->handle);
    if (statement->base.column_count == 0)
        return true;
    statement->streams = true;
    enum cv_step step = receive(statement, error);
    bool good = step == CV_DONE || (step == CV_ROW && cv_maria_cells(statement, statement->cells, error));
    if (step == CV_ROW && good && statement->cells[0].kind == CUVEE_INT64)
        *key = statement->cells[0].as.integer;
    throw_away(statement);
    return good;
}

static bool run_one(struct cv_maria_statement *statement, const struct cv_batch *batch, size_t i, cuvee_error *error)
{
    int64_t key;
    if (!batch->row(batch->arg, i, statement->params) || !run(statement, statement->params, error) ||
        !take_key(statement, &key, error))
        return false;
    count_changes(statement);
    return !batch->done || batch->done(batch->arg, i, statement->changes, key);
}

bool cv_maria_run_many(struct cv_statement *base, const struct cv_batch *batch, cuvee_error *error)
{
    struct cv_maria_statement *statement = (struct cv_maria_statement *)base;
    if (statement->state != CV_MARIA_IDLE)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement is running already");
    if (!cv_maria_enter(connection_of(statement), error))
        return false;
    bool good = true;
    for (size_t i = 0; good && i < batch->count; i++)
        good = run_one(statement, batch, i, error);
    atomic_store(&connection_of(statement)->working, false);
    return good;
}
