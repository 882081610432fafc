/* The scripted driver: it answers as SQLite does, tells what it was asked, and fails where it is told to. */
#include "driver/support.h"

#include "driver/scripted/script.h"

struct scene {
    struct cv_script script;
    struct cv_database *database;
    struct cv_connection *connection;
};

static int scene_open(void **state)
{
    cuvee_error error = {0};
    struct scene *scene = calloc(1, sizeof *scene);
    cv_script_init(&scene->script);
    struct cv_place place = {.url = "scripted:", .script = &scene->script};
    scene->database = cv_scripted_driver.open_database(&place, &error);
    assert_non_null(scene->database);
    scene->connection = connection_open(scene->database);
    *state = scene;
    return 0;
}

static int scene_close(void **state)
{
    struct scene *scene = *state;
    connection_close(scene->connection);
    database_close(scene->database);
    cv_script_free(&scene->script);
    free(scene);
    return 0;
}

static bool one_row(void *arg, size_t i, cuvee_value *params)
{
    (void)arg;
    params[0] = cuvee_int_value((int64_t)i + 10);
    return true;
}

static void every_call_is_recorded(void **state)
{
    struct scene *scene = *state;
    struct cv_connection *connection = scene->connection;
    const struct cv_driver *driver = connection->driver;
    cuvee_error error = {0};
    run(connection, "CREATE TABLE t (x INTEGER) STRICT");
    begin(connection);
    struct cv_statement *insert = prepare(connection, "INSERT INTO t VALUES (?)", "l", NULL);
    start(insert, VALUES(cuvee_int_value(1)));
    assert_int_equal(finish(insert), 1);
    struct cv_batch batch = {.count = 2, .row = one_row};
    assert_true(driver->run_many(insert, &batch, &error));
    finalize(insert);
    assert_true(driver->vote(connection, &error));
    commit(connection);
    assert_int_equal(ask(connection, "SELECT count(*) FROM t"), 3);
    assert_true(driver->begin(connection, CV_BEGIN_SNAPSHOT, &error));
    driver->rollback(connection);
    struct cv_arena arena;
    struct cv_table table;
    cv_arena_init(&arena, 0);
    assert_true(driver->describe(connection, "t", &arena, &table, &error));
    assert_int_equal(table.count, 1);
    cv_arena_free(&arena);
    assert_string_equal(cv_script_text(&scene->script), "connect\n"
                                                        "execute CREATE TABLE t (x INTEGER) STRICT\n"
                                                        "begin write\n"
                                                        "prepare INSERT INTO t VALUES (?)\n"
                                                        "start INSERT INTO t VALUES (?)\n"
                                                        "run_many 2 INSERT INTO t VALUES (?)\n"
                                                        "vote\n"
                                                        "commit\n"
                                                        "prepare SELECT count(*) FROM t\n"
                                                        "start SELECT count(*) FROM t\n"
                                                        "next\n"
                                                        "next\n"
                                                        "begin snapshot\n"
                                                        "rollback\n"
                                                        "describe t\n");
    assert_int_equal(scene->script.calls[CV_CALL_NEXT], 2);
    assert_int_equal(scene->script.calls[CV_CALL_COMMIT], 1);
}

static void connections_share_their_database(void **state)
{
    struct scene *scene = *state;
    run(scene->connection, "CREATE TABLE t (x INTEGER) STRICT; INSERT INTO t VALUES (7)");
    struct cv_connection *other = connection_open(scene->database);
    assert_int_equal(ask(other, "SELECT x FROM t"), 7);
    connection_close(other);
}

static void engine_errors_come_through(void **state)
{
    struct scene *scene = *state;
    cuvee_error error = run_refused(scene->connection, "nonsense");
    assert_error(&error, CUVEE_ERROR_DATABASE, "42601");
    error = prepare_refused(scene->connection, "SELECT * FROM missing", "", NULL);
    assert_error(&error, CUVEE_ERROR_SCHEMA, "42P01");
    assert_false(scene->connection->lost);
}

/* ---- failures ---- */

static void the_nth_call_fails_and_no_other(void **state)
{
    struct scene *scene = *state;
    run(scene->connection, "CREATE TABLE t (x INTEGER) STRICT");
    cv_script_fail(&scene->script, CV_CALL_EXECUTE, 2, CUVEE_ERROR_BUSY);
    run(scene->connection, "INSERT INTO t VALUES (1)");
    cuvee_error error = run_refused(scene->connection, "INSERT INTO t VALUES (2)");
    assert_int_equal(error.kind, CUVEE_ERROR_BUSY);
    assert_says(&error, "execute");
    run(scene->connection, "INSERT INTO t VALUES (3)");
    assert_int_equal(ask(scene->connection, "SELECT sum(x) FROM t"), 4); /* the failed one did nothing */
}

static void zero_takes_the_failure_back(void **state)
{
    struct scene *scene = *state;
    cv_script_fail(&scene->script, CV_CALL_EXECUTE, 1, CUVEE_ERROR_BUSY);
    cv_script_fail(&scene->script, CV_CALL_EXECUTE, 0, CUVEE_ERROR_BUSY);
    run(scene->connection, "CREATE TABLE t (x INTEGER) STRICT");
}

static void statements_fail_at_each_step(void **state)
{
    struct scene *scene = *state;
    struct cv_connection *connection = scene->connection;
    cv_script_fail(&scene->script, CV_CALL_PREPARE, 1, CUVEE_ERROR_SCHEMA);
    cuvee_error error = prepare_refused(connection, "SELECT 1", "", "l");
    assert_int_equal(error.kind, CUVEE_ERROR_SCHEMA);
    struct cv_statement *statement = prepare(connection, "SELECT 1", "", "l");
    cv_script_fail(&scene->script, CV_CALL_START, 1, CUVEE_ERROR_BUSY);
    error = start_refused(statement, NULL);
    assert_int_equal(error.kind, CUVEE_ERROR_BUSY);
    start(statement, NULL);
    cv_script_fail(&scene->script, CV_CALL_NEXT, 2, CUVEE_ERROR_CANCELLED);
    assert_int_equal(fetch(statement)->as.integer, 1);
    error = fetch_refused(statement);
    assert_int_equal(error.kind, CUVEE_ERROR_CANCELLED);
    finish(statement);
    start(statement, NULL);
    assert_int_equal(fetch(statement)->as.integer, 1);
    finish(statement);
    struct cv_batch batch = {.count = 2, .row = one_row};
    cv_error_clear(&error);
    cv_script_fail(&scene->script, CV_CALL_RUN_MANY, 1, CUVEE_ERROR_FULL);
    assert_false(connection->driver->run_many(statement, &batch, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_FULL);
    finalize(statement);
}

static void a_connection_can_be_refused(void **state)
{
    struct scene *scene = *state;
    cv_script_fail(&scene->script, CV_CALL_CONNECT, 1, CUVEE_ERROR_CONNECT);
    cuvee_error error = connection_refused(scene->database);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECT);
    connection_close(connection_open(scene->database));
}

static void describe_and_begin_and_vote_fail(void **state)
{
    struct scene *scene = *state;
    struct cv_connection *connection = scene->connection;
    struct cv_arena arena;
    struct cv_table table;
    cuvee_error error = {0};
    cv_arena_init(&arena, 0);
    cv_script_fail(&scene->script, CV_CALL_DESCRIBE, 1, CUVEE_ERROR_DENIED);
    assert_false(connection->driver->describe(connection, "t", &arena, &table, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_DENIED);
    cv_error_clear(&error);
    cv_script_fail(&scene->script, CV_CALL_BEGIN, 1, CUVEE_ERROR_BUSY);
    assert_false(connection->driver->begin(connection, CV_BEGIN_WRITE, &error));
    assert_false(connection->in_transaction);
    begin(connection);
    cv_error_clear(&error);
    cv_script_fail(&scene->script, CV_CALL_VOTE, 1, CUVEE_ERROR_FOREIGN_KEY);
    assert_false(connection->driver->vote(connection, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_FOREIGN_KEY);
    assert_true(connection->in_transaction);
    commit(connection);
}

/* Leaves one row added in an open transaction, and a commit that is to fail. */
static enum cv_committed failing_commit(struct scene *scene, enum cv_committed how, cuvee_error *error)
{
    run(scene->connection, "CREATE TABLE t (x INTEGER) STRICT");
    begin(scene->connection);
    run(scene->connection, "INSERT INTO t VALUES (1)");
    scene->script.fail_commit = how;
    cv_script_fail(&scene->script, CV_CALL_COMMIT, 1, CUVEE_ERROR_CONNECTION);
    return scene->connection->driver->commit(scene->connection, error);
}

static void a_commit_that_fails_did_nothing(void **state)
{
    struct scene *scene = *state;
    cuvee_error error = {0};
    assert_int_equal(failing_commit(scene, CV_NOT_COMMITTED, &error), CV_NOT_COMMITTED);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECTION);
    assert_false(scene->connection->in_transaction);
    struct cv_connection *other = connection_open(scene->database);
    assert_int_equal(ask(other, "SELECT count(*) FROM t"), 0);
    connection_close(other);
}

static void a_commit_of_unknown_outcome_was_done(void **state)
{
    struct scene *scene = *state;
    cuvee_error error = {0};
    assert_int_equal(failing_commit(scene, CV_UNKNOWN, &error), CV_UNKNOWN);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECTION);
    assert_true(scene->connection->lost);
    assert_false(cv_scripted_driver.usable(scene->connection));
    struct cv_connection *other = connection_open(scene->database);
    assert_int_equal(ask(other, "SELECT count(*) FROM t"), 1);
    connection_close(other);
}

static void a_rollback_that_fails_loses_the_connection(void **state)
{
    struct scene *scene = *state;
    run(scene->connection, "CREATE TABLE t (x INTEGER) STRICT");
    begin(scene->connection);
    run(scene->connection, "INSERT INTO t VALUES (1)");
    cv_script_fail(&scene->script, CV_CALL_ROLLBACK, 1, CUVEE_ERROR_DATABASE);
    scene->connection->driver->rollback(scene->connection);
    assert_true(scene->connection->lost);
    assert_false(scene->connection->in_transaction);
    struct cv_connection *other = connection_open(scene->database);
    assert_int_equal(ask(other, "SELECT count(*) FROM t"), 0);
    connection_close(other);
}

static void losing_the_connection_is_one_way_to_fail(void **state)
{
    struct scene *scene = *state;
    assert_true(cv_scripted_driver.usable(scene->connection));
    cv_script_fail(&scene->script, CV_CALL_EXECUTE, 1, CUVEE_ERROR_CONNECTION);
    run_refused(scene->connection, "SELECT 1");
    assert_true(scene->connection->lost);
    assert_false(cv_scripted_driver.usable(scene->connection));
}

static void cancel_reaches_it(void **state)
{
    struct scene *scene = *state;
    cv_scripted_driver.cancel(scene->connection); /* nothing is going on */
    assert_int_equal(ask(scene->connection, "SELECT 1"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_call_is_recorded, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(connections_share_their_database, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(engine_errors_come_through, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(the_nth_call_fails_and_no_other, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(zero_takes_the_failure_back, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(statements_fail_at_each_step, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_connection_can_be_refused, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(describe_and_begin_and_vote_fail, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_commit_that_fails_did_nothing, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_commit_of_unknown_outcome_was_done, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(a_rollback_that_fails_loses_the_connection, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(losing_the_connection_is_one_way_to_fail, scene_open, scene_close),
        cmocka_unit_test_setup_teardown(cancel_reaches_it, scene_open, scene_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
