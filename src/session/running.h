/** Cursors inside the session room: how a statement becomes one, and how it ends with its transaction. */
#ifndef CV_SESSION_RUNNING_H
#define CV_SESSION_RUNNING_H

#include "session/cursor.h"
#include "session/state.h"
#include "sql/sql.h"

/* In its session's list until it is closed or cut off. */
struct cv_cursor {
    cuvee_session *session;
    struct cv_cursor *prev, *next;
    cuvee_rows *owner; /* whose cursor it is; NULL: the library's own */
    const struct cv_pool *pool;
    const struct cv_route *route;   /* NULL: raw SQL */
    struct cv_statement *statement; /* NULL: cut off */
    int64_t began;
    uint64_t rows;
    cuvee_value cells[]; /* as many as a row is wide, then the parameters */
};

/**
 * A cursor over a statement that is in use for it, and starts the run with session->params. NULL: the session has the
 * error.
 */
struct cv_cursor *cv_cursor_over(cuvee_session *session, const struct cv_pool *pool, const struct cv_route *route,
                                 struct cv_statement *statement, size_t width);
/** Ends the runs of all open cursors: their connections are given back. */
void cv_cursors_cut_off(cuvee_session *session);
/** Runs a select; see session/cursor.h. */
struct cv_cursor *cv_cursor_run(cuvee_session *session, const struct cv_route *route, const struct cv_select *select);
/** Adds what the driver cannot know to a fresh error of the session. */
void cv_cursor_explain(const struct cv_cursor *cursor);

#endif
