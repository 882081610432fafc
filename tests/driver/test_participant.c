/* Transactions: begin, vote, commit, rollback, savepoints, and what others see meanwhile. */
#include "driver/support.h"

static const struct cv_driver *driver_of(const struct engine *engine)
{
    return engine->connection->driver;
}

static void make_t(const struct engine *engine)
{
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, v %l)%;");
    run(engine->connection, "INSERT INTO t VALUES (1, 10)");
}

static int64_t seen_by(struct cv_connection *connection)
{
    return ask(connection, "SELECT count(*) FROM t");
}

static void add_row(struct cv_connection *connection, int64_t id)
{
    assert_int_equal(run_with(connection, "INSERT INTO t VALUES (?, 0)", "l", VALUES(cuvee_int_value(id))), 1);
}

static void what_is_committed_is_seen(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    assert_false(engine->connection->in_transaction);
    begin(engine->connection);
    assert_true(engine->connection->in_transaction);
    add_row(engine->connection, 2);
    assert_int_equal(seen_by(engine->connection), 2);
    assert_int_equal(seen_by(engine->other), 1);
    cuvee_error error = {0};
    assert_true(driver_of(engine)->vote(engine->connection, &error));
    assert_int_equal(seen_by(engine->other), 1); /* a vote changes nothing */
    commit(engine->connection);
    assert_false(engine->connection->in_transaction);
    assert_int_equal(seen_by(engine->other), 2);
}

static void what_is_rolled_back_never_was(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    begin(engine->connection);
    add_row(engine->connection, 2);
    driver_of(engine)->rollback(engine->connection);
    assert_false(engine->connection->in_transaction);
    assert_int_equal(seen_by(engine->connection), 1);
    assert_int_equal(seen_by(engine->other), 1);
    begin(engine->connection); /* and the connection is good for more */
    add_row(engine->connection, 2);
    commit(engine->connection);
    assert_int_equal(seen_by(engine->other), 2);
}

static void without_a_transaction_a_statement_commits_itself(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    add_row(engine->connection, 2);
    assert_int_equal(seen_by(engine->other), 2);
}

static void a_transaction_begins_once(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    begin(engine->connection);
    assert_false(driver_of(engine)->begin(engine->connection, CV_BEGIN_WRITE, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    assert_true(engine->connection->in_transaction);
    commit(engine->connection);
}

static void there_is_nothing_to_settle_outside_one(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    assert_false(driver_of(engine)->vote(engine->connection, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    cv_error_clear(&error);
    assert_int_equal(driver_of(engine)->commit(engine->connection, &error), CV_NOT_COMMITTED);
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    driver_of(engine)->rollback(engine->connection); /* harmless */
    assert_false(engine->connection->lost);
    assert_true(driver_of(engine)->usable(engine->connection));
}

static void an_empty_transaction_commits(void **state)
{
    struct engine *engine = *state;
    begin(engine->connection);
    commit(engine->connection);
}

static void a_statement_that_fails_leaves_what_was_done_before(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    begin(engine->connection);
    run(engine->connection, "SAVEPOINT s");
    add_row(engine->connection, 2);
    run(engine->connection, "RELEASE SAVEPOINT s");
    run(engine->connection, "SAVEPOINT s");
    run_with_refused(engine->connection, "INSERT INTO t VALUES (1, 0)", "", NULL);
    run(engine->connection, "ROLLBACK TO SAVEPOINT s");
    run(engine->connection, "RELEASE SAVEPOINT s");
    commit(engine->connection);
    assert_int_equal(seen_by(engine->other), 2);
}

static void savepoints_undo_their_part(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    begin(engine->connection);
    add_row(engine->connection, 2);
    run(engine->connection, "SAVEPOINT s");
    add_row(engine->connection, 3);
    run(engine->connection, "ROLLBACK TO SAVEPOINT s");
    add_row(engine->connection, 4);
    run(engine->connection, "RELEASE SAVEPOINT s");
    commit(engine->connection);
    assert_int_equal(seen_by(engine->other), 3);
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM t WHERE id = 3"), 0);
}

static void a_snapshot_sees_one_moment(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    make_t(engine);
    assert_true(driver_of(engine)->begin(engine->connection, CV_BEGIN_SNAPSHOT, &error));
    add_row(engine->other, 2); /* after begin, before the first read of ours */
    assert_int_equal(seen_by(engine->connection), 1);
    add_row(engine->other, 3);
    assert_int_equal(seen_by(engine->connection), 1);
    commit(engine->connection);
    assert_int_equal(seen_by(engine->connection), 3);
}

static void a_write_after_the_snapshot_moved_is_to_be_run_again(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    make_t(engine);
    assert_true(driver_of(engine)->begin(engine->connection, CV_BEGIN_SNAPSHOT, &error));
    run(engine->other, "UPDATE t SET v = 11 WHERE id = 1");
    error = run_with_refused(engine->connection, "UPDATE t SET v = v + 1 WHERE id = 1", "", NULL);
    assert_error(&error, CUVEE_ERROR_RETRY, "40001");
    assert_says(&error, "again");
    driver_of(engine)->rollback(engine->connection);
    assert_int_equal(ask(engine->connection, "SELECT v FROM t"), 11);
}

static void a_snapshot_may_write_when_nobody_else_did(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    make_t(engine);
    assert_true(driver_of(engine)->begin(engine->connection, CV_BEGIN_SNAPSHOT, &error));
    add_row(engine->connection, 2);
    commit(engine->connection);
    assert_int_equal(seen_by(engine->other), 2);
}

static void two_writers_of_one_row_wait_no_longer_than_they_may(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    begin(engine->connection);
    run(engine->connection, "UPDATE t SET v = 11 WHERE id = 1");
    cuvee_error error = {0};
    if (driver_of(engine)->begin(engine->other, CV_BEGIN_WRITE, &error)) {
        error = run_with_refused(engine->other, "UPDATE t SET v = 12 WHERE id = 1", "", NULL);
        driver_of(engine)->rollback(engine->other);
    }
    assert_int_equal(error.kind, CUVEE_ERROR_BUSY);
    assert_string_equal(error.sqlstate, "55P03");
    assert_false(engine->other->in_transaction);
    commit(engine->connection);
    begin(engine->other);
    run(engine->other, "UPDATE t SET v = 12 WHERE id = 1");
    commit(engine->other);
    assert_int_equal(ask(engine->connection, "SELECT v FROM t"), 12);
}

static void sql_ends_no_transaction(void **state)
{
    struct engine *engine = *state;
    static const char *const texts[] = {"COMMIT", "ROLLBACK", "BEGIN", "END"};
    make_t(engine);
    begin(engine->connection);
    add_row(engine->connection, 2);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cuvee_error error = run_with_refused(engine->connection, texts[i], "", NULL);
        assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
        assert_int_equal(seen_by(engine->other), 1);
    }
    commit(engine->connection);
    assert_int_equal(seen_by(engine->other), 2);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(what_is_committed_is_seen),
        ENGINE_TEST(what_is_rolled_back_never_was),
        ENGINE_TEST(without_a_transaction_a_statement_commits_itself),
        ENGINE_TEST(a_transaction_begins_once),
        ENGINE_TEST(there_is_nothing_to_settle_outside_one),
        ENGINE_TEST(an_empty_transaction_commits),
        ENGINE_TEST(a_statement_that_fails_leaves_what_was_done_before),
        ENGINE_TEST(savepoints_undo_their_part),
        ENGINE_TEST(a_snapshot_sees_one_moment),
        ENGINE_TEST(a_write_after_the_snapshot_moved_is_to_be_run_again),
        ENGINE_TEST(a_snapshot_may_write_when_nobody_else_did),
        ENGINE_TEST(two_writers_of_one_row_wait_no_longer_than_they_may),
        ENGINE_TEST(sql_ends_no_transaction),
    };
    return ENGINE_MAIN(argc, argv, "participant", tests);
}
