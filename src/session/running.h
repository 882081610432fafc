/** Cursors inside the session room: how a statement becomes one, and how it ends with its transaction. */
#ifndef CV_SESSION_RUNNING_H
#define CV_SESSION_RUNNING_H

#include "session/cursor.h"
#include "session/state.h"
#include "sql/sql.h"

/** A cursor over a statement that is in use for it, and starts the run with session->params. NULL: the session has the error. */
struct cv_cursor *cv_cursor_over(cuvee_session *session, const struct cv_pool *pool, const struct cv_route *route,
                                 struct cv_statement *statement, size_t width);
/** Ends the runs of all open cursors: their connections are given back. `closing`: the session goes too. */
void cv_cursors_cut_off(cuvee_session *session, bool closing);
/** Runs a select; see session/cursor.h. */
struct cv_cursor *cv_cursor_run(cuvee_session *session, const struct cv_route *route, const struct cv_select *select);
/** Adds what the driver cannot know to a fresh error of the session. */
void cv_cursor_explain(const struct cv_cursor *cursor);
/** NULL when the session was closed. */
cuvee_session *cv_cursor_session(const struct cv_cursor *cursor);
/** NULL when the rows were cut off. */
struct cv_statement *cv_cursor_statement(const struct cv_cursor *cursor);

#endif
