/** Statements of a session: found or made, run to their end, counted and told of. */
#ifndef CV_SESSION_STATEMENT_H
#define CV_SESSION_STATEMENT_H

#include "session/state.h"
#include "sql/sql.h"

/** A statement for `select` on this connection, kept or made; NULL: the session has the error. */
struct cv_statement *cv_statement_for_select(cuvee_session *session, const struct cv_route *route,
                                             struct cv_connection *connection, const struct cv_select *select);
struct cv_statement *cv_statement_for_change(cuvee_session *session, const struct cv_route *route,
                                             struct cv_connection *connection, const struct cv_change *change);
struct cv_statement *cv_statement_for_mass(cuvee_session *session, const struct cv_route *route,
                                           struct cv_connection *connection, const struct cv_mass *mass);

struct cv_statement *cv_statement_for_upsert(cuvee_session *session, const struct cv_route *route,
                                             struct cv_connection *connection, const struct cv_upsert *upsert);
/**
 * Runs a statement without rows with the parameters in session->params and gives it back. How many rows it changed; -1: the session
 * has the error.
 */
int64_t cv_statement_run(cuvee_session *session, const struct cv_pool *pool, struct cv_statement *statement);

/** When a statement starts, and that it is over: counts it, and tells the hook. */
int64_t cv_statement_begins(cuvee_session *session);
void cv_statement_over(cuvee_session *session, const struct cv_pool *pool, const struct cv_statement *statement,
                       int64_t began, uint64_t rows);

#endif
