/* Statements: found by shape on the connection, or written and prepared once. */
#include <stdlib.h>

#include "driver/statements.h"
#include "session/statement.h"

static struct cv_statement *prepare(cuvee_session *session, const struct cv_route *route,
                                    struct cv_connection *connection, struct cv_sql *sql)
{
    struct cv_statement_text text;
    struct cv_statement *statement = NULL;
    if (!cv_sql_finish(sql, &text))
        cv_error_memory(&session->error);
    else if (text.param_count > connection->driver->dialect->max_params)
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "a statement on %s needs %zu parameters; %s takes %u",
                     route->plan->model->name, text.param_count, connection->driver->name,
                     connection->driver->dialect->max_params);
    else
        statement = cv_statement_make(connection, session->shape.data, session->shape.size, &text, &session->error);
    cv_sql_free(sql);
    if (!statement)
        cv_session_explain(session, route);
    return statement;
}

/* The kept statement of the shape in session->shape; NULL when there is none, or the session ran out of memory. */
static struct cv_statement *kept(cuvee_session *session, struct cv_connection *connection)
{
    if (session->shape.failed) {
        cv_error_memory(&session->error);
        return NULL;
    }
    return cv_statement_find(connection, session->shape.data, session->shape.size);
}

static void write_shape(const struct cv_purpose *purpose, struct cv_buffer *shape)
{
    if (purpose->select)
        cv_select_shape(purpose->select, shape);
    else if (purpose->change)
        cv_change_shape(purpose->change, shape);
    else if (purpose->upsert)
        cv_upsert_shape(purpose->upsert, shape);
    else
        cv_mass_shape(purpose->mass, shape);
}

static void write_text(const struct cv_purpose *purpose, struct cv_sql *sql)
{
    if (purpose->select)
        cv_select_text(purpose->select, sql);
    else if (purpose->change)
        cv_change_text(purpose->change, sql);
    else if (purpose->upsert)
        cv_upsert_text(purpose->upsert, sql);
    else
        cv_mass_text(purpose->mass, sql);
}

struct cv_statement *cv_statement_for(cuvee_session *session, const struct cv_route *route,
                                      struct cv_connection *connection, struct cv_purpose purpose)
{
    if (!connection)
        return NULL;
    cv_buffer_clear(&session->shape);
    write_shape(&purpose, &session->shape);
    struct cv_statement *statement = kept(session, connection);
    if (statement || session->shape.failed)
        return statement;
    struct cv_sql sql;
    cv_sql_init(&sql, connection->driver->dialect);
    write_text(&purpose, &sql);
    return prepare(session, route, connection, &sql);
}

int64_t cv_statement_begins(cuvee_session *session)
{
    session->statements++;
    if (!session->options.on_statement)
        return 0;
    const struct cv_clock *clock = cv_blend_clock(session->blend);
    return clock->ticks_us(clock->arg);
}

void cv_statement_over(cuvee_session *session, const struct cv_pool *pool, const struct cv_statement *statement,
                       int64_t began, uint64_t rows)
{
    if (!session->options.on_statement)
        return;
    const struct cv_clock *clock = cv_blend_clock(session->blend);
    cuvee_statement_info info = {.database = cv_pool_name(pool),
                                 .sql = statement->sql,
                                 .rows = rows,
                                 .microseconds = clock->ticks_us(clock->arg) - began,
                                 .failed = session->error.kind != CUVEE_ERROR_NONE};
    session->hears = true;
    session->options.on_statement(session->options.on_statement_arg, &info);
    session->hears = false;
}

/* Runs the statement to its end; rows that it gives are not wanted. */
static bool run_to_end(cuvee_session *session, struct cv_statement *statement)
{
    const struct cv_driver *driver = statement->connection->driver;
    const cuvee_value *params = (const cuvee_value *)(const void *)session->params.data;
    cuvee_value *cells = calloc(statement->column_count + 1, sizeof *cells);
    if (!cells || session->params.failed) {
        free(cells);
        return cv_error_memory(&session->error);
    }
    enum cv_step step = driver->start(statement, params, &session->error) ? CV_ROW : CV_ERROR;
    while (step == CV_ROW)
        step = driver->next(statement, cells, &session->error);
    free(cells);
    return step == CV_DONE;
}

int64_t cv_statement_run(cuvee_session *session, const struct cv_pool *pool, struct cv_statement *statement)
{
    int64_t changes = 0;
    uintptr_t outer = cv_session_enter(session);
    int64_t began = cv_statement_begins(session);
    bool good = run_to_end(session, statement);
    statement->connection->driver->finish(statement, &changes);
    cv_statement_over(session, pool, statement, began, good ? (uint64_t)changes : 0);
    cv_session_leave(session, outer);
    cv_statement_give_back(statement, NULL);
    session->written += good ? (uint64_t)changes : 0;
    return good ? changes : -1;
}
