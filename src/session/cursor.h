/** Cursor: the rows of a query one by one, as values without copies. What the web layer writes replies from. */
#ifndef CV_SESSION_CURSOR_H
#define CV_SESSION_CURSOR_H

#include <cuvee/query.h>

#include "model/plan.h"

struct cv_cursor;

/** The session of a query; NULL for a NULL query. */
cuvee_session *cv_query_session(const cuvee_query *query);
/** The plan of the model that a query selects; NULL for a NULL query. */
const struct cv_plan *cv_query_plan(const cuvee_query *query);
/**
 * Runs the query. NULL on error (in the session). The cursor holds its database's connection until it is closed; close
 * it before the session.
 */
struct cv_cursor *cv_cursor_open(cuvee_query *query);
/**
 * The next row: one value per field of the plan, texts borrowed until the next call. NULL at the end or on error; the
 * session's error tells which.
 */
const cuvee_value *cv_cursor_next(struct cv_cursor *cursor);
/** NULL is fine. */
void cv_cursor_close(struct cv_cursor *cursor);

#endif
