/* Cursors: a select on its way, row by row. */
#include <stdlib.h>
#include <string.h>

#include "driver/statements.h"
#include "model/row.h"
#include "session/branch.h"
#include "session/changes.h"
#include "session/running.h"
#include "session/statement.h"

void cv_cursor_explain(const struct cv_cursor *cursor)
{
    if (cursor->route)
        cv_session_explain(cursor->session, cursor->route);
    else
        cv_session_name_pool(cursor->session, cursor->pool);
}

static void enlist(struct cv_cursor *cursor)
{
    cursor->next = cursor->session->cursors;
    if (cursor->next)
        cursor->next->prev = cursor;
    cursor->session->cursors = cursor;
}

static void end_run(cuvee_session *session, struct cv_cursor *cursor)
{
    uintptr_t outer = cv_session_enter(session);
    cv_statement_over(session, cursor->pool, cursor->statement, cursor->began, cursor->rows);
    cv_session_leave(session, outer);
    if (cv_pool_is_ours(cursor->pool, NULL)) /* else the rows that are left are read by the parent process */
        cv_statement_give_back(cursor->statement, NULL);
    cursor->statement = NULL;
}

static void delist(cuvee_session *session, struct cv_cursor *cursor)
{
    if (cursor->prev)
        cursor->prev->next = cursor->next;
    else
        session->cursors = cursor->next;
    if (cursor->next)
        cursor->next->prev = cursor->prev;
}

void cv_cursors_cut_off(cuvee_session *session)
{
    for (struct cv_cursor *cursor = session->cursors; cursor; cursor = cursor->next)
        if (cursor->statement)
            end_run(session, cursor);
}

struct cv_cursor *cv_cursor_over(cuvee_session *session, const struct cv_pool *pool, const struct cv_route *route,
                                 struct cv_statement *statement, size_t width)
{
    size_t params = statement->param_count;
    struct cv_cursor *cursor = malloc(sizeof *cursor + (width + params) * sizeof(cuvee_value));
    if (!cursor || session->params.failed) {
        cv_error_memory(&session->error);
        cv_statement_give_back(statement, NULL);
        free(cursor);
        return NULL;
    }
    *cursor = (struct cv_cursor){.session = session, .pool = pool, .route = route, .statement = statement};
    enlist(cursor);
    if (params > 0) /* the session's will be another statement's before this run is over */
        memcpy(cursor->cells + width, session->params.data, params * sizeof(cuvee_value));
    uintptr_t outer = cv_session_enter(session);
    cursor->began = cv_statement_begins(session);
    bool started = statement->connection->driver->start(statement, cursor->cells + width, &session->error);
    cv_session_leave(session, outer);
    if (started)
        return cursor;
    cv_cursor_explain(cursor);
    cv_cursor_close(cursor);
    return NULL;
}

struct cv_cursor *cv_cursor_run(cuvee_session *session, const struct cv_route *route, const struct cv_select *select)
{
    if (select->lock && !cv_can_write(session, route))
        return NULL;
    struct cv_connection *connection =
        select->lock ? cv_branch_write(session, route->pool) : cv_branch_read(session, route->pool);
    struct cv_statement *statement =
        cv_statement_for(session, route, connection, (struct cv_purpose){.select = select});
    if (!statement)
        return NULL;
    cv_buffer_clear(&session->params);
    cv_select_params(select, &session->params);
    return cv_cursor_over(session, route->pool, route, statement, cv_select_width(select));
}

const cuvee_value *cv_cursor_next(struct cv_cursor *cursor)
{
    cuvee_session *session = cursor ? cursor->session : NULL;
    if (!cv_session_good(session))
        return NULL;
    if (!cursor->statement) {
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                     "the rows ended with their transaction: read them before commit or rollback");
        return NULL;
    }
    uintptr_t outer = cv_session_enter(session);
    enum cv_step step = cursor->statement->connection->driver->next(cursor->statement, cursor->cells, &session->error);
    cv_session_leave(session, outer);
    if (step == CV_ROW) {
        cursor->rows++;
        return cursor->cells;
    }
    if (step == CV_ERROR)
        cv_cursor_explain(cursor);
    return NULL;
}

void cv_cursor_close(struct cv_cursor *cursor)
{
    if (!cursor || cv_session_intrudes(cursor->session))
        return;
    if (cursor->statement)
        end_run(cursor->session, cursor);
    delist(cursor->session, cursor);
    free(cursor);
}
