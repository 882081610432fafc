/** Asking a database for rows, with what is pending for it written before. */
#ifndef CV_SESSION_ASK_H
#define CV_SESSION_ASK_H

#include "session/running.h"

/** Runs a select like cv_cursor_run, after the pending changes of the database that it reads are flushed. */
struct cv_cursor *cv_cursor_start(cuvee_session *session, const struct cv_route *route, const struct cv_select *select);

#endif
