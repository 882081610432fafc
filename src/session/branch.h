/** Branches: a session's part in one database, its lease and transaction there. */
#ifndef CV_SESSION_BRANCH_H
#define CV_SESSION_BRANCH_H

#include "session/state.h"

struct cv_branch {
    struct cv_pool *pool;
    struct cv_connection *connection; /* NULL: none leased */
    size_t born_level;                /* savepoints that were open when its transaction began */
    bool writing;                     /* its transaction has begun for writing */
    bool past_objects;                /* rows were written in it that objects do not stand for */
};

/** A connection for reading; begins a transaction only in a snapshot session. NULL: the session has the error. */
struct cv_connection *cv_branch_read(cuvee_session *session, struct cv_pool *pool);
/** A connection in a transaction for writing. */
struct cv_connection *cv_branch_write(cuvee_session *session, struct cv_pool *pool);
/** Notes that a statement wrote rows that the session may have loaded, or will load, and that no object stands for. */
void cv_branch_past_objects(cuvee_session *session, const struct cv_pool *pool);
/** Rolls back all branches. */
void cv_branches_roll_back(cuvee_session *session);
/** Gives back all connections, which must be out of their transactions. */
void cv_branches_end(cuvee_session *session);

/* ---- what a cuvee_cancel that is on its way may not meet: cancel.c ---- */

/** Gives back the branch's connection, or leaves that to the last cancel that is on its way to it. */
void cv_branch_give_back(cuvee_session *session, struct cv_branch *branch);
/** From now on no cancel begins. False (CANCELLED): one is on its way to a branch that was written. */
bool cv_branches_shut(cuvee_session *session);
/** Again they do. */
void cv_branches_reopen(cuvee_session *session);
/**
 * Takes the branches from a session that is being closed. Whether a cancel is on its way: then that retires the
 * session.
 */
bool cv_branches_take(cuvee_session *session);

#endif
