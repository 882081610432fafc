/* Prepared statements and their runs. */
#include "driver/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/check.h"

static struct cv_sqlite_connection *connection_of(const struct cv_sqlite_statement *statement)
{
    return (struct cv_sqlite_connection *)statement->base.connection;
}

/* ---- preparing ---- */

/* Whether anything but blanks, comments and semicolons stands behind the first statement. */
static bool has_more(struct cv_sqlite_connection *connection, const char *tail)
{
    while (*tail) {
        sqlite3_stmt *next = NULL;
        int code = sqlite3_prepare_v3(connection->db, tail, -1, 0, &next, &tail);
        sqlite3_finalize(next);
        if (code != SQLITE_OK || next)
            return true;
    }
    return false;
}

static bool refuse_text(sqlite3_stmt *handle, const struct cv_statement_text *text, bool more, cuvee_error *error)
{
    size_t params = handle ? (size_t)sqlite3_bind_parameter_count(handle) : 0;
    size_t columns = handle ? (size_t)sqlite3_column_count(handle) : 0;
    if (!handle)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "there is no statement in the text");
    if (more)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "more than one statement in a text");
    return cv_check_counts(text, params, columns, error);
}

static sqlite3_stmt *make_handle(struct cv_sqlite_connection *connection, const struct cv_statement_text *text,
                                 cuvee_error *error)
{
    sqlite3_stmt *handle = NULL;
    const char *tail = "";
    int code = sqlite3_prepare_v3(connection->db, text->sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, &tail);
    if (code != SQLITE_OK) {
        cv_sqlite_fail(connection, code, error);
        return NULL;
    }
    if (refuse_text(handle, text, handle && has_more(connection, tail), error))
        return handle;
    sqlite3_finalize(handle);
    return NULL;
}

struct cv_statement *cv_sqlite_prepare(struct cv_connection *base, const struct cv_statement_text *text,
                                       cuvee_error *error)
{
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    sqlite3_stmt *handle = make_handle(connection, text, error);
    if (!handle)
        return NULL;
    size_t columns = (size_t)sqlite3_column_count(handle);
    struct cv_sqlite_statement *statement = calloc(1, sizeof *statement + columns);
    if (!statement) {
        sqlite3_finalize(handle);
        cv_error_memory(error);
        return NULL;
    }
    statement->base.connection = base;
    statement->base.param_count = text->param_count;
    statement->base.column_count = columns;
    statement->handle = handle;
    statement->base.sql = sqlite3_sql(handle);
    statement->base.reads = sqlite3_stmt_readonly(handle) != 0;
    if (text->columns && columns > 0)
        memcpy(statement->kinds, text->columns, columns);
    return &statement->base;
}

void cv_sqlite_finalize(struct cv_statement *base)
{
    struct cv_sqlite_statement *statement = (struct cv_sqlite_statement *)base;
    sqlite3_finalize(statement->handle);
    free(statement->params);
    free(statement);
}

/* ---- a run ---- */

/* SQLite tells the changes of the last INSERT, UPDATE or DELETE, which may have been another than this. */
static void count_changes(struct cv_sqlite_statement *statement)
{
    sqlite3 *db = connection_of(statement)->db;
    bool changed = !statement->base.reads && sqlite3_total_changes64(db) != statement->changed_before;
    statement->changes = changed ? sqlite3_changes64(db) : 0;
}

static enum cv_step step(struct cv_sqlite_statement *statement, cuvee_error *error)
{
    int code = sqlite3_step(statement->handle);
    if (code == SQLITE_ROW)
        return CV_ROW;
    statement->state = CV_SQLITE_ENDED;
    if (code == SQLITE_DONE) {
        count_changes(statement);
        return CV_DONE;
    }
    cv_sqlite_fail(connection_of(statement), code, error);
    return CV_ERROR;
}

const char *cv_sqlite_column_name(const struct cv_statement *statement, size_t column)
{
    const char *name = sqlite3_column_name(((const struct cv_sqlite_statement *)statement)->handle, (int)column);
    return name ? name : ""; /* NULL: out of memory */
}

bool cv_sqlite_start(struct cv_statement *base, const cuvee_value *params, cuvee_error *error)
{
    struct cv_sqlite_statement *statement = (struct cv_sqlite_statement *)base;
    struct cv_sqlite_connection *connection = connection_of(statement);
    if (statement->state != CV_SQLITE_IDLE)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement is running already");
    if (!cv_sqlite_enter(connection, error) || !cv_sqlite_bind(statement, params, error))
        return false;
    statement->state = CV_SQLITE_RUNNING;
    statement->fresh = true;
    statement->changes = 0;
    if (!statement->base.reads)
        statement->changed_before = sqlite3_total_changes64(connection->db);
    if (base->column_count > 0 || step(statement, error) != CV_ERROR)
        return true;
    sqlite3_reset(statement->handle);
    statement->state = CV_SQLITE_IDLE;
    return false;
}

/* SQLite prepares a statement anew when the tables changed, and SELECT * may then have other columns. */
static bool has_its_columns(struct cv_sqlite_statement *statement, cuvee_error *error)
{
    size_t count = (size_t)sqlite3_column_count(statement->handle);
    statement->fresh = false;
    if (count == statement->base.column_count)
        return true;
    statement->base.stale = true;
    return cv_error_set(error, CUVEE_ERROR_SCHEMA,
                        "the statement gave %zu columns when it was prepared, and gives %zu now",
                        statement->base.column_count, count);
}

enum cv_step cv_sqlite_next(struct cv_statement *base, cuvee_value *cells, cuvee_error *error)
{
    struct cv_sqlite_statement *statement = (struct cv_sqlite_statement *)base;
    if (statement->state == CV_SQLITE_ENDED)
        return CV_DONE;
    if (statement->state == CV_SQLITE_IDLE) {
        cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement was not started");
        return CV_ERROR;
    }
    enum cv_step made = step(statement, error);
    if (made != CV_ROW)
        return made;
    if (statement->fresh && !has_its_columns(statement, error))
        return CV_ERROR;
    return cv_sqlite_cells(statement, cells, error);
}

void cv_sqlite_finish(struct cv_statement *base, int64_t *changes)
{
    struct cv_sqlite_statement *statement = (struct cv_sqlite_statement *)base;
    if (statement->state != CV_SQLITE_IDLE)
        sqlite3_reset(statement->handle);
    if (statement->state == CV_SQLITE_RUNNING)
        count_changes(statement);
    if (changes)
        *changes = statement->state == CV_SQLITE_IDLE ? 0 : statement->changes;
    statement->state = CV_SQLITE_IDLE;
}

/* ---- many runs ---- */

/* One run: nothing but bind, step and reset, since this is where bulk writes spend their time. */
static bool run_one(struct cv_sqlite_statement *statement, cuvee_error *error)
{
    if (!cv_sqlite_bind(statement, statement->params, error))
        return false;
    int code;
    while ((code = sqlite3_step(statement->handle)) == SQLITE_ROW)
        ;
    if (code == SQLITE_DONE)
        return sqlite3_reset(statement->handle) == SQLITE_OK;
    cv_sqlite_fail(connection_of(statement), code, error);
    sqlite3_reset(statement->handle);
    return false;
}

static bool is_cancelled(struct cv_sqlite_connection *connection, cuvee_error *error)
{
    if (!atomic_load_explicit(&connection->cancelled, memory_order_relaxed))
        return false;
    cv_sqlite_fail(connection, SQLITE_INTERRUPT, error);
    return true;
}

bool cv_sqlite_run_many(struct cv_statement *base, const struct cv_batch *batch, cuvee_error *error)
{
    struct cv_sqlite_statement *statement = (struct cv_sqlite_statement *)base;
    struct cv_sqlite_connection *connection = connection_of(statement);
    if (statement->state != CV_SQLITE_IDLE)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement is running already");
    if (!statement->params)
        statement->params = calloc(base->param_count + 1, sizeof *statement->params);
    if (!statement->params)
        return cv_error_memory(error);
    if (!cv_sqlite_enter(connection, error))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        if (!batch->row(batch->arg, i, statement->params))
            return false;
        /* Between two runs nothing is going on that sqlite3_interrupt could reach. */
        if (is_cancelled(connection, error) || !run_one(statement, error))
            return false;
        sqlite3 *db = connection->db;
        if (batch->done && !batch->done(batch->arg, i, sqlite3_changes64(db), sqlite3_last_insert_rowid(db)))
            return false;
    }
    return true;
}
