/* What SQL may not do on a connection that others use after it. */
#include "driver/support.h"

#include <stdio.h>

static void assert_guarded(struct cv_connection *connection, const char *sql, const char *words)
{
    cuvee_error error = prepare_refused(connection, sql, "", NULL);
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    assert_string_equal(error.sqlstate, "42501");
    assert_says(&error, words);
}

static void transactions_are_the_sessions(void **state)
{
    struct engine *engine = *state;
    static const char *const texts[] = {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "END TRANSACTION", "ROLLBACK"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_guarded(engine->connection, texts[i], "the session does");
        cuvee_error error = run_refused(engine->connection, texts[i]); /* in scripts neither */
        assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    }
    run(engine->connection, "SELECT 1");
}

static void no_other_file_is_reached(void **state)
{
    struct engine *engine = *state;
    char sql[300];
    snprintf(sql, sizeof sql, "ATTACH '%s/stolen.db' AS s", engine->folder);
    assert_guarded(engine->connection, sql, "bind a base");
    cuvee_error error = run_refused(engine->connection, sql);
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    snprintf(sql, sizeof sql, "VACUUM INTO '%s/stolen.db'", engine->folder);
    error = run_refused(engine->connection, sql);
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    assert_guarded(engine->connection, "ATTACH (SELECT 'x') AS s", "bind a base");
}

static void settings_are_read_but_not_changed_by_statements(void **state)
{
    struct engine *engine = *state;
    static const char *const changes[] = {"PRAGMA foreign_keys=OFF",    "PRAGMA synchronous=0",
                                          "PRAGMA query_only(1)",       "PRAGMA trusted_schema=ON",
                                          "PRAGMA journal_mode=DELETE", "PRAGMA main.user_version=7"};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
        assert_guarded(engine->connection, changes[i], "setting");
    assert_int_equal(ask(engine->connection, "PRAGMA foreign_keys"), 1);
    run(engine->connection, "CREATE TABLE t (x INTEGER)");
    struct cv_statement *info = prepare(engine->connection, "PRAGMA table_info(t)", "", NULL);
    start(info, NULL);
    assert_non_null(fetch(info));
    finish(info);
    finalize(info);
    run(engine->connection, "PRAGMA user_version=7"); /* scripts are the rooms' own */
    assert_int_equal(ask(engine->connection, "PRAGMA user_version"), 7);
}

/* They would stand before the tables of whoever gets the connection next. */
static void nothing_temporary_stays_behind(void **state)
{
    struct engine *engine = *state;
    static const char *const texts[] = {"CREATE TEMP TABLE t (x)",         "CREATE TABLE temp.t (x)",
                                        "CREATE TABLE TEMP.t AS SELECT 1", "CREATE TABLE \"temp\".t (x)",
                                        "CREATE VIEW temp.t AS SELECT 1",  "CREATE TEMP VIEW t AS SELECT 1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_guarded(engine->connection, texts[i], "temporary");
    run(engine->connection, "CREATE TABLE main.t (x)");
    assert_guarded(engine->connection, "CREATE TEMP TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END", "temporary");
    assert_guarded(engine->connection, "CREATE TRIGGER temp.r AFTER INSERT ON t BEGIN SELECT 1; END", "temporary");
    run(engine->connection, "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END");
}

static void a_refusal_is_told_once(void **state)
{
    struct engine *engine = *state;
    assert_guarded(engine->connection, "COMMIT", "the session does");
    cuvee_error error = prepare_refused(engine->connection, "nonsense", "", NULL);
    assert_error(&error, CUVEE_ERROR_DATABASE, "42601");
}

/* The driver's own statements are prepared anew when the guard or the tables changed, and must not meet it. */
static void the_drivers_own_statements_pass(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    for (int i = 0; i < 3; i++) {
        begin(engine->connection);
        run(engine->connection, "CREATE TABLE IF NOT EXISTS t (x INTEGER)");
        engine->connection->driver->rollback(engine->connection); /* expires all statements */
        begin(engine->connection);
        run(engine->connection, "CREATE TABLE IF NOT EXISTS t (x INTEGER)");
        commit(engine->connection);
        run(engine->other, "DROP TABLE t");
        assert_true(engine->connection->driver->begin(engine->connection, CV_BEGIN_SNAPSHOT, &error));
        commit(engine->connection);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(transactions_are_the_sessions),
        ENGINE_TEST(no_other_file_is_reached),
        ENGINE_TEST(settings_are_read_but_not_changed_by_statements),
        ENGINE_TEST(nothing_temporary_stays_behind),
        ENGINE_TEST(a_refusal_is_told_once),
        ENGINE_TEST(the_drivers_own_statements_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
