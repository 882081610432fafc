/* A transaction as a participant in a commit. */
#include "driver/mariadb/mariadb.h"

#include "base/error.h"

bool cv_maria_begin(struct cv_connection *base, enum cv_begin mode, cuvee_error *error)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    if (base->in_transaction)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the connection is in a transaction already");
    if (!cv_maria_enter(connection, error))
        return false;
    static const char *const sql[] = {
        [CV_BEGIN_WRITE] = "START TRANSACTION",
        [CV_BEGIN_SNAPSHOT] = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;"
                              "START TRANSACTION WITH CONSISTENT SNAPSHOT",
        [CV_BEGIN_LOOK] = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;"
                          "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    };
    base->in_transaction = cv_maria_do(connection, sql[mode], error);
    return base->in_transaction;
}

/* There are no constraints that are checked at commit. */
bool cv_maria_vote(struct cv_connection *base, cuvee_error *error)
{
    if (!base->in_transaction)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "there is no transaction to vote on");
    return cv_maria_enter((struct cv_maria_connection *)base, error);
}

enum cv_committed cv_maria_commit(struct cv_connection *base, cuvee_error *error)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    if (!base->in_transaction) {
        cv_error_set(error, CUVEE_ERROR_MISUSE, "there is no transaction to commit");
        return CV_NOT_COMMITTED;
    }
    if (!cv_maria_enter(connection, error)) {
        cv_maria_rollback(base);
        return CV_NOT_COMMITTED; /* nothing was asked of the server, whatever has become of it */
    }
    if (cv_maria_do(connection, "COMMIT", error)) {
        base->in_transaction = false;
        return CV_COMMITTED;
    }
    if (!base->lost) {
        cv_maria_rollback(base);
        return CV_NOT_COMMITTED;
    }
    base->in_transaction = false;
    return CV_UNKNOWN;
}

void cv_maria_rollback(struct cv_connection *base)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    cv_remote_run_set_aside(connection->streaming);
    if (!base->lost && cv_maria_in_transaction(connection))
        base->lost = !cv_maria_do(connection, "ROLLBACK", &ignored);
    base->in_transaction = false;
}
