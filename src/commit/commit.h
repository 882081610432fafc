/**
 * Commit: settling all written databases of a session.
 *
 * Over the driver's participant face only; knows no model and no engine. With one participant this is that database's
 * plain COMMIT. With several, the participants commit in the order of their rank (binding order, so that the common
 * base comes first) after each has voted; a failure of the first rolls back all, a failure behind it leaves them torn,
 * which is said with names.
 */
#ifndef CV_COMMIT_COMMIT_H
#define CV_COMMIT_COMMIT_H

#include <cuvee/outcome.h>

#include "driver/driver.h"

struct cv_participant {
    struct cv_connection *connection; /* in its transaction */
    const char *name;                 /* of the base, for messages */
    size_t rank;
    enum cv_committed result; /* set by cv_commit_all */
};

/**
 * Commits all, or rolls back all, and tells what became of it. Reorders `participants` by rank. On anything but
 * CUVEE_COMMITTED *error says why. Every connection is out of its transaction afterwards, or lost.
 */
cuvee_outcome cv_commit_all(struct cv_participant *participants, size_t count, cuvee_error *error);

#endif
