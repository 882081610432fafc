/* Raw SQL on servers: what only reads cannot write, whatever it says, and nothing of it is left for who comes next. */
#include "driver/support.h"

#include <cuvee/session.h>
#include <cuvee/sql.h>
#include <stdio.h>

static const cuvee_base sales = {.name = "sales", .size = sizeof(cuvee_base)};

/* A blend with one connection, so that all sessions have the same. */
struct raw {
    struct engine *engine;
    cuvee_blend *blend;
};

static bool is_postgres(const struct raw *raw)
{
    return strcmp(raw->engine->name, "postgres") == 0;
}

static int raw_open(void **state)
{
    struct raw *raw = calloc(1, sizeof *raw);
    engine_open((void **)&raw->engine);
    raw->blend = cuvee_blend_new();
    cuvee_blend_bind(raw->blend, &sales, raw->engine->place.url, .max_connections = 1, .wait_ms = 1);
    struct cv_connection *connection = raw->engine->connection;
    make(connection, "CREATE TABLE t (id %l PRIMARY KEY, v %l)%;");
    run(connection, "INSERT INTO t VALUES (1, 10), (2, 20)");
    run(connection,
        is_postgres(raw)
            ? "CREATE FUNCTION wipe() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM t; RETURN 1; END'"
            : "CREATE FUNCTION wipe() RETURNS int DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM t; RETURN 1; END");
    *state = raw;
    return 0;
}

static int raw_close(void **state)
{
    struct raw *raw = *state;
    cuvee_blend_free(raw->blend);
    engine_close((void **)&raw->engine);
    free(raw);
    return 0;
}

#define RAW_TEST(name) cmocka_unit_test_setup_teardown(name, raw_open, raw_close)

static int64_t rows_there(const struct raw *raw)
{
    return ask(raw->engine->connection, "SELECT count(*) FROM t");
}

/* Reads all rows of the statement in the session. */
static size_t read_in(cuvee_session *session, const char *sql)
{
    size_t count = 0;
    cuvee_rows *rows = cuvee_sql_rows(session, &sales, sql, NULL, 0);
    while (cuvee_next_values(rows))
        count++;
    cuvee_rows_close(rows);
    return count;
}

/* One text or number in a session of its own, as text. */
static void assert_answer(const struct raw *raw, const char *sql, const char *answer)
{
    cuvee_session *session = cuvee_session_open(raw->blend);
    cuvee_rows *rows = cuvee_sql_rows(session, &sales, sql, NULL, 0);
    const cuvee_value *value = cuvee_next_values(rows);
    char text[300] = "NULL";
    if (!value)
        fail_msg("%s: %s", sql, cuvee_session_error(session)->message);
    if (value->kind == CUVEE_TEXT)
        snprintf(text, sizeof text, "%.*s", (int)value->as.text.size, value->as.text.data);
    else if (value->kind)
        snprintf(text, sizeof text, "%lld", (long long)value->as.integer);
    if (strcmp(text, answer) != 0)
        fail_msg("%s: %s, not %s", sql, text, answer);
    cuvee_rows_close(rows);
    cuvee_session_close(session);
}

/* Runs the statement for what it leaves behind, and commits. */
static void do_and_commit(const struct raw *raw, const char *sql)
{
    cuvee_session *session = cuvee_session_open(raw->blend);
    cuvee_sql_execute(session, &sales, sql, NULL, 0);
    if (cuvee_session_error(session)->kind)
        fail_msg("%s: %s", sql, cuvee_session_error(session)->message);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session_close(session);
}

/* ---- what reads does not write ---- */

static const char *const writes_on_postgres[] = {
    "SELECT wipe()",
    "EXPLAIN ANALYZE DELETE FROM t",
    "EXPLAIN (ANALYZE) UPDATE t SET v = 0",
    "SELECT set_config('default_transaction_read_only', 'off', false), wipe()",
    "VALUES (wipe())",
    "TABLE writing",
    "SELECT nextval('numbers')",
    "SELECT id INTO copied FROM t"};
static const char *const writes_on_mariadb[] = {"SELECT wipe()", "SELECT id FROM t WHERE wipe() = 1",
                                                "WITH a AS (SELECT wipe() b) SELECT b FROM a", "VALUES (wipe())"};

static void assert_all_refused(const struct raw *raw, cuvee_blend *blend, cuvee_session_options options)
{
    bool postgres = is_postgres(raw);
    size_t count = postgres ? sizeof writes_on_postgres / sizeof(char *) : sizeof writes_on_mariadb / sizeof(char *);
    for (size_t i = 0; i < count; i++) {
        cuvee_session *session = cuvee_session_open_with(blend, &options);
        const char *sql = postgres ? writes_on_postgres[i] : writes_on_mariadb[i];
        read_in(session, sql);
        if (cuvee_session_error(session)->kind != CUVEE_ERROR_READ_ONLY)
            fail_msg("%s: %s", sql, cuvee_session_error(session)->message);
        assert_string_equal(cuvee_session_error(session)->sqlstate, "25006");
        cuvee_session_close(session);
        assert_int_equal(rows_there(raw), 2);
    }
}

static void what_is_asked_for_rows_cannot_write(void **state)
{
    struct raw *raw = *state;
    if (is_postgres(raw)) {
        run(raw->engine->connection, "CREATE SEQUENCE numbers");
        run(raw->engine->connection, "CREATE VIEW writing AS SELECT wipe()");
    }
    cuvee_blend *reading = cuvee_blend_new();
    cuvee_blend_bind(reading, &sales, raw->engine->place.url, .read_only = true);
    assert_all_refused(raw, raw->blend, (cuvee_session_options){0});
    assert_all_refused(raw, raw->blend, (cuvee_session_options){.read_only = true});
    assert_all_refused(raw, raw->blend, (cuvee_session_options){.read_only = true, .isolation = CUVEE_SNAPSHOT});
    assert_all_refused(raw, reading, (cuvee_session_options){0});
    cuvee_blend_free(reading);
}

static void a_statement_cannot_lift_the_guard(void **state)
{
    struct raw *raw = *state;
    if (!is_postgres(raw))
        return; /* a function could not, and there is no other way */
    for (int local = 0; local < 2; local++) {
        cuvee_session *session = cuvee_session_open(raw->blend);
        read_in(session, local ? "SELECT set_config('transaction_read_only', 'off', true), wipe()"
                               : "SELECT set_config('transaction_read_only', 'off', false), wipe()");
        assert_string_equal(cuvee_session_error(session)->sqlstate, "25001");
        cuvee_session_close(session);
        assert_int_equal(rows_there(raw), 2);
    }
}

static void what_is_run_in_a_transaction_may_write(void **state)
{
    struct raw *raw = *state;
    do_and_commit(raw, "SELECT wipe()");
    assert_int_equal(rows_there(raw), 0);
}

static void what_a_snapshot_wrote_by_reading_is_undone(void **state)
{
    struct raw *raw = *state;
    cuvee_session *session = cuvee_session_open(raw->blend, .isolation = CUVEE_SNAPSHOT);
    assert_int_equal(read_in(session, "SELECT wipe()"), 1);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session_close(session);
    assert_int_equal(rows_there(raw), 2);
}

static void a_session_goes_on_to_write_while_rows_are_open(void **state)
{
    struct raw *raw = *state;
    cuvee_session *session = cuvee_session_open(raw->blend);
    cuvee_rows *rows = cuvee_sql_rows(session, &sales, "SELECT id FROM t ORDER BY id", NULL, 0);
    assert_int_equal(cuvee_next_values(rows)[0].as.integer, 1);
    assert_int_equal(cuvee_sql_execute(session, &sales, "INSERT INTO t VALUES (3, 30)", NULL, 0), 1);
    assert_int_equal(cuvee_next_values(rows)[0].as.integer, 2);
    assert_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
    assert_int_equal(read_in(session, "SELECT id FROM t"), 3);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session_close(session);
    assert_int_equal(rows_there(raw), 3);
}

static void a_failed_read_leaves_the_session_usable(void **state)
{
    struct raw *raw = *state;
    cuvee_session *session = cuvee_session_open(raw->blend);
    for (int i = 0; i < 3; i++) {
        read_in(session, "SELECT wipe()");
        assert_int_equal(cuvee_session_error(session)->kind, CUVEE_ERROR_READ_ONLY);
        assert_true(cuvee_rollback(session));
        assert_int_equal(read_in(session, "SELECT id FROM t"), 2);
    }
    cuvee_session_close(session);
}

static void files_of_ours_are_not_given_away(void **state)
{
    struct raw *raw = *state;
    if (is_postgres(raw))
        return; /* its client library reads no files for the server */
    cuvee_session *session = cuvee_session_open(raw->blend);
    cuvee_sql_execute(session, &sales, "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t", NULL, 0);
    assert_int_not_equal(cuvee_session_error(session)->kind, CUVEE_ERROR_NONE);
    cuvee_session_close(session);
    struct cv_connection *other = raw->engine->other;
    cuvee_error error = run_refused(other, "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t");
    assert_int_not_equal(error.kind, CUVEE_ERROR_NONE);
}

/* ---- what is left ---- */

/* What leaves something behind, what is asked about it then, and the answer when nothing is left. */
struct trace {
    const char *leave;
    const char *question;
    const char *answer;
};

static const struct trace on_postgres[] = {
    {"SELECT set_config('search_path', 'nowhere', false)", "SELECT current_setting('search_path')",
     "\"$user\", public"},
    {"SELECT set_config('timezone', 'Asia/Tokyo', false)", "SELECT current_setting('timezone')", "UTC"},
    {"SELECT set_config('lock_timeout', '1', false)", "SELECT current_setting('lock_timeout')", "5s"},
    {"SELECT set_config('statement_timeout', '1', false)", "SELECT current_setting('statement_timeout')", "0"},
    {"SELECT set_config('my.secret', 'x', false)", "SELECT current_setting('my.secret', true)", ""},
    {"SELECT set_config('role', 'pg_monitor', false)", "SELECT current_setting('role')", "none"},
    {"SELECT set_config('session_authorization', 'reader', false)", "SELECT CAST(session_user AS text)", "cuvee"},
    {"SELECT pg_advisory_lock(7)", "SELECT CAST(count(*) AS bigint) FROM pg_locks WHERE locktype = 'advisory'", "0"},
    {"LISTEN news", "SELECT CAST(count(*) AS bigint) FROM pg_listening_channels()", "0"},
    {"DECLARE c CURSOR WITH HOLD FOR SELECT 1", "SELECT CAST(count(*) AS bigint) FROM pg_cursors WHERE name = 'c'",
     "0"},
    {"DO 'BEGIN CREATE TEMP TABLE t (id int); END'", "SELECT CAST(count(*) AS bigint) FROM t", "2"},
    {"DO 'BEGIN EXECUTE ''PREPARE x AS SELECT 1''; END'",
     "SELECT CAST(count(*) AS bigint) FROM pg_prepared_statements WHERE name = 'x'", "0"},
    {"SELECT nextval('numbers')", "SELECT CAST(count(*) AS bigint) FROM t", "2"},
};

static const struct trace on_mariadb[] = {
    {"SELECT @a := 5", "SELECT CAST(@a AS CHAR)", "NULL"},
    {"SELECT GET_LOCK('x', 0)", "SELECT IS_USED_LOCK('x')", "NULL"},
    {"SELECT leave_setting()", "SELECT LEFT(@@sql_mode, 10)", "ONLY_FULL_"},
    {"SELECT leave_setting()", "SELECT @@time_zone", "+00:00"},
    {"SELECT leave_table()", "SELECT count(*) FROM t", "2"},
};

static void make_leaving(const struct raw *raw)
{
    struct cv_connection *connection = raw->engine->connection;
    if (is_postgres(raw)) {
        run(connection, "CREATE SEQUENCE numbers");
        run(connection, "DROP ROLE IF EXISTS reader; CREATE ROLE reader");
        return;
    }
    run(connection, "CREATE FUNCTION leave_setting() RETURNS int DETERMINISTIC BEGIN"
                    " SET SESSION sql_mode = '', SESSION time_zone = '+09:00'; RETURN 1; END");
    run(connection, "CREATE FUNCTION leave_table() RETURNS int DETERMINISTIC BEGIN"
                    " CREATE TEMPORARY TABLE t (id int); RETURN 1; END");
}

static void nothing_is_left_for_the_next_session(void **state)
{
    struct raw *raw = *state;
    const struct trace *traces = is_postgres(raw) ? on_postgres : on_mariadb;
    size_t count = is_postgres(raw) ? sizeof on_postgres / sizeof *traces : sizeof on_mariadb / sizeof *traces;
    make_leaving(raw);
    for (size_t i = 0; i < count; i++) {
        do_and_commit(raw, traces[i].leave);
        assert_answer(raw, traces[i].question, traces[i].answer);
    }
    if (is_postgres(raw))
        run(raw->engine->connection, "DROP ROLE reader");
}

static const char *whose(const struct raw *raw)
{
    return is_postgres(raw) ? "SELECT CAST(pg_backend_pid() AS bigint)" : "SELECT CONNECTION_ID()";
}

static int64_t connection_now(const struct raw *raw)
{
    cuvee_session *session = cuvee_session_open(raw->blend);
    cuvee_rows *rows = cuvee_sql_rows(session, &sales, whose(raw), NULL, 0);
    int64_t number = cuvee_next_values(rows)[0].as.integer;
    cuvee_rows_close(rows);
    cuvee_session_close(session);
    return number;
}

static void the_connection_itself_stays(void **state)
{
    struct raw *raw = *state;
    int64_t before = connection_now(raw);
    do_and_commit(raw, "UPDATE t SET v = 1");
    assert_int_equal(connection_now(raw), before);
    assert_int_equal(connection_now(raw), before);
}

/* MariaDB commits for many statements, and runs programs that do: half of a session's work would be on disk. */
static void nothing_ends_a_transaction_by_the_way(void **state)
{
    struct raw *raw = *state;
    static const char *const texts[] = {"IF 1 THEN COMMIT; END IF", "CASE 1 WHEN 1 THEN COMMIT; END CASE",
                                        "REPEAT COMMIT; UNTIL 1 END REPEAT", "CHECK TABLE t",
                                        "LOAD INDEX INTO CACHE t"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cuvee_session *session = cuvee_session_open(raw->blend);
        assert_int_equal(cuvee_sql_execute(session, &sales, "DELETE FROM t", NULL, 0), 2);
        assert_int_equal(cuvee_sql_execute(session, &sales, texts[i], NULL, 0), -1);
        cuvee_session_close(session);
        assert_int_equal(rows_there(raw), 2);
    }
}

static void what_would_change_the_connection_is_refused(void **state)
{
    struct raw *raw = *state;
    static const char *const texts[] = {"SET SESSION x = 1", "PREPARE x AS SELECT 1", "EXECUTE x", "LOCK TABLE t",
                                        "CREATE TEMPORARY TABLE x (a int)"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cuvee_session *session = cuvee_session_open(raw->blend);
        assert_int_equal(cuvee_sql_execute(session, &sales, texts[i], NULL, 0), -1);
        assert_int_equal(cuvee_session_error(session)->kind, CUVEE_ERROR_MISUSE);
        cuvee_session_close(session);
    }
    cuvee_session *session = cuvee_session_open(raw->blend);
    cuvee_sql_execute(session, &sales,
                      is_postgres(raw) ? "SET LOCAL work_mem = '1MB'" : "SET LOCAL sort_buffer_size = 100000", NULL, 0);
    assert_int_equal(cuvee_session_error(session)->kind,
                     is_postgres(raw) ? CUVEE_ERROR_NONE : CUVEE_ERROR_MISUSE); /* there it is the connection's */
    cuvee_session_close(session);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        RAW_TEST(what_is_asked_for_rows_cannot_write),
        RAW_TEST(a_statement_cannot_lift_the_guard),
        RAW_TEST(what_is_run_in_a_transaction_may_write),
        RAW_TEST(what_a_snapshot_wrote_by_reading_is_undone),
        RAW_TEST(a_session_goes_on_to_write_while_rows_are_open),
        RAW_TEST(a_failed_read_leaves_the_session_usable),
        RAW_TEST(files_of_ours_are_not_given_away),
        RAW_TEST(nothing_is_left_for_the_next_session),
        RAW_TEST(the_connection_itself_stays),
        RAW_TEST(nothing_ends_a_transaction_by_the_way),
        RAW_TEST(what_would_change_the_connection_is_refused),
    };
    return ENGINE_MAIN(argc, argv, "raw", tests);
}
