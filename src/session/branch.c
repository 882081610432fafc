/* Branches: leases and transactions. */
#include "session/branch.h"

/* Setting a limit is a statement itself, which the limit of the session before may stop. */
static bool set_limit(cuvee_session *session, struct cv_connection *connection)
{
    enum { TRIES = 100 };
    unsigned ms = session->options.statement_ms;
    cuvee_error error = {.kind = CUVEE_ERROR_CANCELLED};
    for (int i = 0; connection->limit_ms != ms && error.kind == CUVEE_ERROR_CANCELLED && i < TRIES; i++) {
        cv_error_clear(&error);
        connection->driver->limit(connection, ms, &error);
    }
    if (connection->limit_ms == ms)
        return true;
    cv_error_keep(&session->error, &error);
    return false;
}

static struct cv_branch *branch_of(cuvee_session *session, struct cv_pool *pool)
{
    struct cv_branch *branch = &session->branches[cv_pool_rank(pool)];
    if (branch->connection)
        return cv_pool_is_ours(pool, &session->error) ? branch : NULL;
    uintptr_t outer = cv_session_enter(session);
    struct cv_connection *connection = cv_pool_lend(pool, &session->error);
    cv_session_leave(session, outer);
    if (connection && !set_limit(session, connection)) {
        cv_session_name_pool(session, pool);
        cv_pool_give_back(pool, connection);
        connection = NULL;
    }
    pthread_mutex_lock(&session->leases);
    branch->pool = pool;
    branch->connection = connection;
    pthread_mutex_unlock(&session->leases);
    return connection ? branch : NULL;
}

static bool begin(cuvee_session *session, struct cv_branch *branch, enum cv_begin mode)
{
    struct cv_connection *connection = branch->connection;
    if (connection->in_transaction)
        return true;
    uintptr_t outer = cv_session_enter(session);
    bool begun = connection->driver->begin(connection, mode, &session->error);
    cv_session_leave(session, outer);
    if (!begun)
        return cv_session_name_pool(session, branch->pool);
    branch->born_level = session->level;
    return true;
}

struct cv_connection *cv_branch_read(cuvee_session *session, struct cv_pool *pool)
{
    struct cv_branch *branch = branch_of(session, pool);
    if (!branch)
        return NULL;
    enum cv_begin mode = session->options.read_only ? CV_BEGIN_LOOK : CV_BEGIN_SNAPSHOT;
    if (session->options.isolation == CUVEE_SNAPSHOT && !begin(session, branch, mode))
        return NULL;
    return branch->connection;
}

/* A snapshot has only read so far; where the whole database is locked instead of rows, it is now. */
static bool lock(cuvee_session *session, const struct cv_branch *branch)
{
    const struct cv_driver *driver = branch->connection->driver;
    return session->options.isolation != CUVEE_SNAPSHOT || branch->writing || !driver->lock ||
           driver->lock(branch->connection, &session->error) || cv_session_name_pool(session, branch->pool);
}

struct cv_connection *cv_branch_write(cuvee_session *session, struct cv_pool *pool)
{
    struct cv_branch *branch = branch_of(session, pool);
    if (!branch)
        return NULL;
    enum cv_begin mode = session->options.isolation == CUVEE_SNAPSHOT ? CV_BEGIN_SNAPSHOT : CV_BEGIN_WRITE;
    if (!begin(session, branch, mode) || !lock(session, branch))
        return NULL;
    branch->writing = true;
    return branch->connection;
}

void cv_branch_past_objects(cuvee_session *session, const struct cv_pool *pool)
{
    session->branches[cv_pool_rank(pool)].past_objects = true;
}

void cv_branches_roll_back(cuvee_session *session)
{
    for (size_t i = 0; i < session->branch_count; i++) {
        struct cv_branch *branch = &session->branches[i];
        if (branch->connection && branch->connection->in_transaction && cv_pool_is_ours(branch->pool, NULL))
            branch->connection->driver->rollback(branch->connection);
    }
}

void cv_branches_end(cuvee_session *session)
{
    session->written = 0;
    for (size_t i = 0; i < session->branch_count; i++) {
        struct cv_branch *branch = &session->branches[i];
        branch->writing = branch->past_objects = false;
        if (branch->connection)
            cv_branch_give_back(session, branch);
    }
}
