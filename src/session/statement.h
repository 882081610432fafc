/** Statements of a session: found or made, run to their end, counted and told of. */
#ifndef CV_SESSION_STATEMENT_H
#define CV_SESSION_STATEMENT_H

#include "session/state.h"
#include "sql/sql.h"

/* What a statement is for: one of these; the others are NULL. */
struct cv_purpose {
    const struct cv_select *select;
    const struct cv_change *change;
    const struct cv_upsert *upsert;
    const struct cv_mass *mass;
};

/**
 * A statement for this purpose, kept on the connection or made. NULL: the session has the error, as it has when there
 * is no connection (NULL).
 */
struct cv_statement *cv_statement_for(cuvee_session *session, const struct cv_route *route,
                                      struct cv_connection *connection, struct cv_purpose purpose);
/**
 * Runs a statement without rows with the parameters in session->params and gives it back. How many rows it changed; -1:
 * the session has the error.
 */
int64_t cv_statement_run(cuvee_session *session, const struct cv_pool *pool, struct cv_statement *statement);

/** When a statement starts, and that it is over: counts it, and tells the hook. */
int64_t cv_statement_begins(cuvee_session *session);
void cv_statement_over(cuvee_session *session, const struct cv_pool *pool, const struct cv_statement *statement,
                       int64_t began, uint64_t rows);

#endif
