/*
 * Invariants:
 *   1. No participant commits before every one has voted that it could.
 *   2. While nothing has committed, a failure rolls back everything: the outcome is ROLLED_BACK.
 *   3. Once one has committed, the others are still asked to commit; one that cannot makes the outcome TORN.
 *   4. A participant whose COMMIT lost its connection is unknown: never reported as failed, never as done.
 */
#include "commit/commit.h"

#include "base/buffer.h"
#include "base/error.h"

static void sort_by_rank(struct cv_participant *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct cv_participant moved = list[i];
        size_t place = i;
        for (; place > 0 && list[place - 1].rank > moved.rank; place--)
            list[place] = list[place - 1];
        list[place] = moved;
    }
}

static void roll_back(struct cv_participant *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        list[i].connection->driver->rollback(list[i].connection);
        list[i].result = CV_NOT_COMMITTED;
    }
}

static void name_database(cuvee_error *error, const struct cv_participant *participant)
{
    if (error->kind && !error->database[0])
        cv_error_text(error->database, sizeof error->database, participant->name);
}

static bool all_vote(struct cv_participant *list, size_t count, cuvee_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].connection->driver->vote(list[i].connection, error))
            continue;
        name_database(error, &list[i]);
        return false;
    }
    return true;
}

static void append_names(struct cv_buffer *text, const struct cv_participant *list, size_t count,
                         enum cv_committed result)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (list[i].result != result)
            continue;
        cv_buffer_put(text, any ? ", " : "");
        cv_buffer_put(text, list[i].name);
        any = true;
    }
    if (!any)
        cv_buffer_put(text, "none");
}

/* The error of a commit that stands in some databases: names all three groups, and why. */
static void tell_groups(cuvee_error *error, cuvee_error_kind kind, const struct cv_participant *list, size_t count)
{
    struct cv_buffer text;
    cv_buffer_init(&text, sizeof error->message);
    cv_buffer_put(&text, kind == CUVEE_ERROR_TORN ? "torn commit: committed in " : "commit in doubt: committed in ");
    append_names(&text, list, count, CV_COMMITTED);
    cv_buffer_put(&text, "; rolled back in ");
    append_names(&text, list, count, CV_NOT_COMMITTED);
    cv_buffer_put(&text, "; unknown in ");
    append_names(&text, list, count, CV_UNKNOWN);
    cuvee_error cause = *error;
    const char *groups = cv_buffer_text(&text);
    cv_error_clear(error);
    cv_error_set(error, kind, "%s (%s)", groups ? groups : "commit not finished", cause.message);
    error->vendor_code = cause.vendor_code;
    cv_error_text(error->sqlstate, sizeof error->sqlstate, cause.sqlstate);
    cv_error_text(error->database, sizeof error->database, cause.database);
    cv_error_text(error->hint, sizeof error->hint, "compare the named databases before trying again");
    cv_buffer_free(&text);
}

static size_t count_of(const struct cv_participant *list, size_t count, enum cv_committed result)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += list[i].result == result;
    return found;
}

static enum cv_committed commit_one(struct cv_participant *participant, cuvee_error *first)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_connection *connection = participant->connection;
    participant->result = connection->driver->commit(connection, &error);
    if (participant->result == CV_UNKNOWN)
        connection->lost = true; /* whoever gets it next must not meet what is left of it */
    if (participant->result != CV_COMMITTED) {
        name_database(&error, participant);
        cv_error_keep(first, &error);
    }
    return participant->result;
}

cuvee_outcome cv_commit_all(struct cv_participant *participants, size_t count, cuvee_error *error)
{
    if (count == 0)
        return CUVEE_COMMITTED;
    sort_by_rank(participants, count);
    if (count > 1 && !all_vote(participants, count, error)) {
        roll_back(participants, count);
        return CUVEE_ROLLED_BACK;
    }
    cuvee_error cause = {.kind = CUVEE_ERROR_NONE};
    enum cv_committed first = commit_one(&participants[0], &cause);
    if (first != CV_COMMITTED)
        roll_back(participants + 1, count - 1);
    if (first == CV_NOT_COMMITTED) {
        cv_error_keep(error, &cause);
        return CUVEE_ROLLED_BACK;
    }
    for (size_t i = 1; first == CV_COMMITTED && i < count; i++)
        commit_one(&participants[i], &cause);
    if (count_of(participants, count, CV_COMMITTED) == count)
        return CUVEE_COMMITTED;
    bool torn = count_of(participants, count, CV_COMMITTED) > 0 && count_of(participants, count, CV_NOT_COMMITTED) > 0;
    tell_groups(&cause, torn ? CUVEE_ERROR_TORN : CUVEE_ERROR_IN_DOUBT, participants, count);
    cv_error_keep(error, &cause);
    return torn ? CUVEE_TORN : CUVEE_IN_DOUBT;
}
