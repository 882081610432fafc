/*
 * Cancelling, from any thread, while the session goes on.
 *
 * A server is told to stop over a connection of its own. That can take long, and what it stops is whatever our
 * connection is doing when it hears of it. So nothing waits for it, and it is kept from meeting what is not its own:
 *   1. Who cancels finds the connection under `leases`, counts itself there, and tells the server outside of the lock.
 *   2. A connection with such cancels is neither lent to others nor closed. Its session goes on without it, and the
 *      last of the cancels gives it back: by then none can stop anything more (the driver's promise).
 *   3. A commit to such a connection is refused before it begins, and while a commit is on its way no cancel begins: it
 *      is never stopped half-way.
 *   4. A session that is closed meanwhile keeps its memory, and the blend waits at its end, until the last cancel has
 *      gone.
 * Where a cancel takes no time (SQLite) it is done under the lock, and nothing of this happens.
 */
#include "session/branch.h"

void cv_branch_give_back(cuvee_session *session, struct cv_branch *branch)
{
    struct cv_connection *connection = branch->connection;
    pthread_mutex_lock(&session->leases);
    branch->connection = NULL;
    bool left = connection->left = connection->cancels > 0;
    pthread_mutex_unlock(&session->leases);
    if (!left)
        cv_pool_give_back(branch->pool, connection);
}

bool cv_branches_shut(cuvee_session *session)
{
    const struct cv_branch *met = NULL;
    pthread_mutex_lock(&session->leases);
    for (size_t i = 0; i < session->branch_count; i++) {
        const struct cv_branch *branch = &session->branches[i];
        if (branch->writing && branch->connection && branch->connection->cancels > 0)
            met = branch;
    }
    session->committing = !met;
    pthread_mutex_unlock(&session->leases);
    if (!met)
        return true;
    cv_error_set(&session->error, CUVEE_ERROR_CANCELLED, "a cancel was on its way when the commit began");
    return cv_session_name_pool(session, met->pool);
}

void cv_branches_reopen(cuvee_session *session)
{
    pthread_mutex_lock(&session->leases);
    session->committing = false;
    pthread_mutex_unlock(&session->leases);
}

bool cv_branches_take(cuvee_session *session)
{
    pthread_mutex_lock(&session->leases);
    session->branches = NULL;
    session->branch_count = 0;
    bool left = session->left = session->cancels > 0;
    if (left)
        cv_blend_expect(session->blend, &session->retired);
    pthread_mutex_unlock(&session->leases);
    return left;
}

/* Under the lock, which is open while the server is told: the branch may be another's, or gone, after that. */
static void stop(cuvee_session *session, const struct cv_branch *branch)
{
    struct cv_connection *connection = branch->connection;
    struct cv_pool *pool = branch->pool;
    if (!connection->driver->works) {
        connection->driver->cancel(connection);
        return;
    }
    if (!connection->driver->works(connection))
        return;
    connection->cancels++;
    pthread_mutex_unlock(&session->leases);
    connection->driver->cancel(connection);
    pthread_mutex_lock(&session->leases);
    bool left = --connection->cancels == 0 && connection->left;
    if (!left)
        return;
    connection->left = false;
    pthread_mutex_unlock(&session->leases);
    cv_pool_give_back(pool, connection);
    pthread_mutex_lock(&session->leases);
}

void cuvee_cancel(cuvee_session *session)
{
    if (!session)
        return;
    pthread_mutex_lock(&session->leases);
    session->cancels++;
    for (size_t i = 0; !session->committing && i < session->branch_count; i++)
        if (session->branches[i].connection)
            stop(session, &session->branches[i]);
    bool left = --session->cancels == 0 && session->left;
    session->left = session->left && !left;
    pthread_mutex_unlock(&session->leases);
    if (left)
        cv_blend_retire(session->blend, &session->retired);
}
