/* Runs of a prepared statement. */
#include "driver/mariadb/mariadb.h"

#include <string.h>

#include "base/error.h"

static struct cv_maria_connection *connection_of(const struct cv_maria_statement *statement)
{
    return (struct cv_maria_connection *)statement->base.connection;
}

static void stop_working(struct cv_maria_statement *statement)
{
    atomic_store(&connection_of(statement)->working, false);
    cv_remote_run_over(&statement->run);
}

/* A statement that gives rows changed as many as it gave, if any. */
static void count_changes(struct cv_maria_statement *statement)
{
    if (mysql_stmt_field_count(statement->handle) > 0) {
        statement->run.changes = statement->base.reads ? 0 : statement->rows;
        return;
    }
    statement->run.changes = (int64_t)mysql_stmt_affected_rows(statement->handle);
    if (statement->upserts && statement->run.changes > 1)
        statement->run.changes = 1;
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
    if (!cv_maria_bind(statement, params, error) || !cv_remote_run_guard(&statement->run, error))
        return false;
    statement->rows = 0;
    statement->run.changes = 0;
    atomic_store(&connection->working, true);
    bool good = execute(statement, error);
    if (!good)
        stop_working(statement);
    return good;
}

bool cv_maria_start(struct cv_statement *base, const cuvee_value *params, cuvee_error *error)
{
    struct cv_maria_statement *statement = (struct cv_maria_statement *)base;
    if (!cv_remote_run_is_idle(&statement->run, error) || !cv_maria_enter(connection_of(statement), error) ||
        !run(statement, params, error))
        return false;
    cv_remote_run_started(&statement->run, base->column_count > 0);
    if (base->column_count > 0)
        return true;
    count_changes(statement);
    stop_working(statement);
    return true;
}

/* ---- rows ---- */

static enum cv_step receive(struct cv_statement *base, cuvee_error *error)
{
    struct cv_maria_statement *statement = (struct cv_maria_statement *)base;
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

static bool read_cells(struct cv_statement *base, cuvee_value *cells, cuvee_error *error)
{
    return cv_maria_cells((struct cv_maria_statement *)base, cells, error);
}

static bool command(struct cv_connection *base, const char *sql, cuvee_error *error)
{
    return cv_maria_do((struct cv_maria_connection *)base, sql, error);
}

const struct cv_remote cv_maria_remote = {.command = command, .receive = receive, .cells = read_cells};

enum cv_step cv_maria_next(struct cv_statement *base, cuvee_value *cells, cuvee_error *error)
{
    return cv_remote_run_next(&((struct cv_maria_statement *)base)->run, cells, error);
}

void cv_maria_finish(struct cv_statement *base, int64_t *changes)
{
    cv_remote_run_finish(&((struct cv_maria_statement *)base)->run, changes);
}

/* ---- many runs ---- */

/* The key that a run's RETURNING gave, or that the server assigned. */
static bool take_key(struct cv_maria_statement *statement, int64_t *key, cuvee_error *error)
{
    *key = (int64_t)mysql_stmt_insert_id(statement->handle);
    if (statement->base.column_count == 0)
        return true;
    cv_remote_run_streams(&statement->run);
    enum cv_step step = receive(&statement->base, error);
    bool good = step == CV_DONE || (step == CV_ROW && cv_maria_cells(statement, statement->run.cells, error));
    if (step == CV_ROW && good && statement->run.cells[0].kind == CUVEE_INT64)
        *key = statement->run.cells[0].as.integer;
    cv_remote_run_throw_away(&statement->run);
    return good;
}

static bool run_one(struct cv_maria_statement *statement, const struct cv_batch *batch, size_t i, cuvee_error *error)
{
    int64_t key;
    if (!batch->row(batch->arg, i, statement->params) || !run(statement, statement->params, error) ||
        !take_key(statement, &key, error))
        return false;
    count_changes(statement);
    return !batch->done || batch->done(batch->arg, i, statement->run.changes, key);
}

bool cv_maria_run_many(struct cv_statement *base, const struct cv_batch *batch, cuvee_error *error)
{
    struct cv_maria_statement *statement = (struct cv_maria_statement *)base;
    if (!cv_remote_run_is_idle(&statement->run, error) || !cv_maria_enter(connection_of(statement), error))
        return false;
    bool good = true;
    for (size_t i = 0; good && i < batch->count; i++)
        good = run_one(statement, batch, i, error);
    atomic_store(&connection_of(statement)->working, false);
    return good;
}
