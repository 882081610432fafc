/** Rows that are given to the caller one by one. */
#ifndef CV_SESSION_ROWS_H
#define CV_SESSION_ROWS_H

#include "session/running.h"

/** Takes over the cursor (also on failure). `plan`: what a row is a struct of; NULL: values only. */
cuvee_rows *cv_rows_new(cuvee_session *session, struct cv_cursor *cursor, const struct cv_plan *plan, size_t width);
/** NULL: they are closed. */
struct cv_cursor *cv_rows_cursor(const cuvee_rows *rows);
/** Closes all rows of the session. */
void cv_rows_end_all(cuvee_session *session);

#endif
