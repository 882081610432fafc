/* Raw SQL. */
#include <cuvee/sql.h>
#include <string.h>

#include "driver/statements.h"
#include "session/branch.h"
#include "session/changes.h"
#include "session/flush.h"
#include "session/load.h"
#include "session/query.h"
#include "session/rows.h"
#include "session/statement.h"

/* The base's database, if the call makes sense so far. */
static struct cv_pool *pool_of(cuvee_session *session, const cuvee_base *base, const char *sql,
                               const cuvee_value *values, size_t count)
{
    struct cv_pool *pool = base ? cv_blend_base_pool(session->blend, base) : NULL;
    if (!pool)
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "base %s is not bound in this blend",
                     base ? base->name : "NULL");
    else if (!sql || (!values && count > 0))
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "the %s of a statement on base %s is NULL",
                     sql ? "list of values" : "text", base->name);
    return cv_session_good(session) ? pool : NULL;
}

/* The values, with their texts copied: rows are read when the caller's may be gone. NULL: out of memory. */
static const cuvee_value *own_values(cuvee_session *session, const cuvee_value *values, size_t count)
{
    cuvee_value *own = cv_arena_alloc(&session->arena, (count + 1) * sizeof *own);
    if (!own)
        cv_error_memory(&session->error);
    for (size_t i = 0; own && i < count; i++) {
        own[i] = values[i];
        if (!cv_session_own(session, &own[i]))
            return NULL;
    }
    return own;
}

/* The column of the result that holds a field; column_count when there is none. */
static size_t column_of(const struct cv_statement *statement, const struct cv_field *field)
{
    size_t c = 0;
    while (c < statement->column_count &&
           strcmp(statement->connection->driver->column_name(statement, c), field->column) != 0)
        c++;
    return c;
}

/* The kinds that the columns must have to make objects of `plan`: learnt from a first preparation, which names them. */
static bool learn_kinds(cuvee_session *session, struct cv_connection *connection, const struct cv_plan *plan,
                        const struct cv_statement_text *text, struct cv_sql *written)
{
    struct cv_statement *statement = connection->driver->prepare(connection, text, &session->error);
    if (!statement)
        return false;
    for (size_t c = 0; c < statement->column_count; c++)
        cv_buffer_char(&written->columns, 0);
    for (size_t f = 0; !written->columns.failed && f < plan->count; f++) {
        const struct cv_field *field = &plan->fields[f];
        size_t column = column_of(statement, field);
        if (column < statement->column_count)
            written->columns.data[column] = (char)field->kind;
        else
            cv_error_set(&session->error, CUVEE_ERROR_SCHEMA, "the statement gives no column %s for %s.%s",
                         field->column, plan->model->name, field->name);
    }
    connection->driver->finalize(statement);
    return cv_session_good(session);
}

/* `plan`: what the rows are to become; NULL: values as the engine has them. */
static struct cv_statement *prepare(cuvee_session *session, struct cv_connection *connection,
                                    const struct cv_plan *plan, const char *sql, const cuvee_value *values,
                                    size_t count)
{
    struct cv_sql written;
    struct cv_statement_text text;
    struct cv_statement *statement = NULL;
    cv_sql_init(&written, connection->driver->dialect);
    cv_raw_text(sql, values, count, &written);
    bool good = cv_sql_finish(&written, &text) || cv_error_memory(&session->error);
    text.columns = NULL;
    if (good && text.param_count != count)
        good = cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                            "the statement has %zu parameters, %zu values were given", text.param_count, count);
    if (good && plan)
        good = learn_kinds(session, connection, plan, &text, &written) &&
               (cv_sql_finish(&written, &text) || cv_error_memory(&session->error));
    text.raw = true;
    if (good)
        statement = cv_statement_make(connection, session->shape.data, session->shape.size, &text, &session->error);
    cv_sql_free(&written);
    return statement;
}

/* The statement, in use, with its values in session->params. */
static struct cv_statement *statement_for(cuvee_session *session, const struct cv_pool *pool,
                                          struct cv_connection *connection, const struct cv_plan *plan, const char *sql,
                                          const cuvee_value *values, size_t count)
{
    cv_buffer_clear(&session->shape);
    cv_raw_shape(plan, sql, values, count, &session->shape);
    struct cv_statement *statement = NULL;
    if (session->shape.failed)
        cv_error_memory(&session->error);
    else
        statement = cv_statement_find(connection, session->shape.data, session->shape.size);
    if (!statement && cv_session_good(session))
        statement = prepare(session, connection, plan, sql, values, count);
    cv_buffer_clear(&session->params);
    cv_buffer_bytes(&session->params, (const char *)values, count * sizeof *values);
    if (!statement)
        cv_session_name_pool(session, pool);
    return statement;
}

static struct cv_cursor *run(cuvee_session *session, struct cv_pool *pool, const struct cv_plan *plan, const char *sql,
                             const cuvee_value *values, size_t count, struct cv_statement **statement)
{
    if (!session->options.no_autoflush && !cv_flush_pool(session, pool))
        return NULL;
    struct cv_connection *connection = cv_branch_read(session, pool);
    *statement = connection ? statement_for(session, pool, connection, plan, sql, values, count) : NULL;
    if (!*statement)
        return NULL;
    if (!(*statement)->reads) {
        cv_statement_give_back(*statement, NULL);
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE, "a statement that writes is run by cuvee_sql_execute");
        return NULL;
    }
    return cv_cursor_over(session, pool, NULL, *statement, (*statement)->column_count);
}

cuvee_rows *cuvee_sql_rows(cuvee_session *session, const cuvee_base *base, const char *sql, const cuvee_value *values,
                           size_t count)
{
    struct cv_pool *pool = cv_session_good(session) ? pool_of(session, base, sql, values, count) : NULL;
    const cuvee_value *own = pool ? own_values(session, values, count) : NULL;
    struct cv_statement *statement;
    struct cv_cursor *cursor = own ? run(session, pool, NULL, sql, own, count, &statement) : NULL;
    return cursor ? cv_rows_new(session, cursor, NULL, statement->column_count) : NULL;
}

const char *cuvee_rows_name(const cuvee_rows *rows, size_t column)
{
    const struct cv_cursor *cursor = rows ? cv_rows_cursor(rows) : NULL;
    const struct cv_statement *statement = cursor ? cursor->statement : NULL;
    if (!statement || column >= statement->column_count)
        return NULL;
    return statement->connection->driver->column_name(statement, column);
}

static cuvee_list collect(cuvee_session *session, struct cv_home *home, struct cv_cursor *cursor,
                          const struct cv_statement *statement)
{
    const struct cv_plan *plan = home->route->plan;
    size_t *columns = cv_arena_alloc(&session->arena, plan->count * sizeof *columns);
    cuvee_value *cells = cv_arena_alloc(&session->arena, plan->count * sizeof *cells);
    struct cv_objects objects = {.session = session};
    const cuvee_value *row;
    if (!columns || !cells) {
        cv_error_memory(&session->error);
        return cv_objects_end(&objects);
    }
    for (size_t f = 0; f < plan->count; f++)
        columns[f] = column_of(statement, &plan->fields[f]);
    while ((row = cv_cursor_next(cursor)) != NULL) {
        for (size_t f = 0; f < plan->count; f++)
            cells[f] = row[columns[f]];
        if (!cv_objects_add(&objects, cv_object_load(session, home, cells, false)))
            break;
    }
    return cv_objects_end(&objects);
}

cuvee_list cuvee_sql_objects(cuvee_session *session, const cuvee_model *model, const char *sql,
                             const cuvee_value *values, size_t count)
{
    cuvee_list none = {NULL, 0};
    struct cv_home *home = cv_session_good(session) ? cv_home_of(session, model) : NULL;
    if (!home || !pool_of(session, home->route->base, sql, values, count))
        return none;
    struct cv_statement *statement;
    struct cv_cursor *cursor = run(session, home->route->pool, home->route->plan, sql, values, count, &statement);
    if (!cursor)
        return none;
    cuvee_list list = collect(session, home, cursor, statement);
    cv_cursor_close(cursor);
    return list;
}

int64_t cuvee_sql_execute(cuvee_session *session, const cuvee_base *base, const char *sql, const cuvee_value *values,
                          size_t count)
{
    struct cv_pool *pool = cv_session_good(session) ? pool_of(session, base, sql, values, count) : NULL;
    if (!pool || !cv_can_write_base(session, base) || !cv_flush_pool(session, pool))
        return -1;
    struct cv_connection *connection = cv_branch_write(session, pool);
    struct cv_statement *statement =
        connection ? statement_for(session, pool, connection, NULL, sql, values, count) : NULL;
    if (!statement)
        return -1;
    cv_branch_past_objects(session, pool);
    int64_t changes = cv_statement_run(session, pool, statement);
    if (changes < 0)
        cv_session_name_pool(session, pool);
    return changes;
}
