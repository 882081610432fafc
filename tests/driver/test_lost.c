/* Connections that are lost at each step of a transaction, and servers that go away and come back. */
#include "driver/support.h"

#include <cuvee/session.h>
#include <cuvee/sql.h>
#include <stdio.h>

#include "commit/commit.h"
#include "support/proxy.h"

/* An engine that is reached through a proxy too. */
struct lossy {
    struct engine *engine;
    struct proxy *proxy;
    char *url; /* through the proxy */
    struct cv_database *database;
    struct cv_connection *connection;
};

static bool is_postgres(const struct lossy *lossy)
{
    return strcmp(lossy->engine->name, "postgres") == 0;
}

static int lossy_open(void **state)
{
    struct lossy *lossy = calloc(1, sizeof *lossy);
    engine_open((void **)&lossy->engine);
    char *path = engine_socket(lossy->engine->place.url);
    lossy->proxy = proxy_start(path);
    free(path);
    lossy->url = engine_url_through(lossy->engine->place.url, proxy_port(lossy->proxy));
    lossy->database = database_open(lossy->url, NULL, (cuvee_bind_options){0});
    lossy->connection = connection_open(lossy->database);
    make(lossy->engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, v %l)%;");
    *state = lossy;
    return 0;
}

static int lossy_close(void **state)
{
    struct lossy *lossy = *state;
    connection_close(lossy->connection);
    database_close(lossy->database);
    proxy_stop(lossy->proxy);
    engine_close((void **)&lossy->engine);
    free(lossy->url);
    free(lossy);
    return 0;
}

#define LOSSY_TEST(name) cmocka_unit_test_setup_teardown(name, lossy_open, lossy_close)

static int64_t rows_there(const struct lossy *lossy)
{
    return ask(lossy->engine->connection, "SELECT count(*) FROM t");
}

/* ---- in the middle of a commit ---- */

static void a_commit_that_the_server_never_heard_of_is_unknown(void **state)
{
    struct lossy *lossy = *state;
    cuvee_error error = {0};
    begin(lossy->connection);
    run(lossy->connection, "INSERT INTO t VALUES (1, 1)");
    proxy_cut(lossy->proxy, "COMMIT", PROXY_BEFORE);
    assert_int_equal(lossy->connection->driver->commit(lossy->connection, &error), CV_UNKNOWN);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECTION);
    assert_true(lossy->connection->lost);
    assert_int_equal(rows_there(lossy), 0);
}

static void a_commit_whose_answer_is_lost_is_unknown(void **state)
{
    struct lossy *lossy = *state;
    cuvee_error error = {0};
    begin(lossy->connection);
    run(lossy->connection, "INSERT INTO t VALUES (1, 1)");
    proxy_cut(lossy->proxy, "COMMIT", PROXY_BEHIND);
    assert_int_equal(lossy->connection->driver->commit(lossy->connection, &error), CV_UNKNOWN);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECTION);
    assert_true(lossy->connection->lost);
    assert_int_equal(rows_there(lossy), 1);
}

static void such_a_commit_is_told_as_in_doubt(void **state)
{
    struct lossy *lossy = *state;
    cuvee_error error = {0};
    begin(lossy->connection);
    run(lossy->connection, "INSERT INTO t VALUES (1, 1)");
    proxy_cut(lossy->proxy, "COMMIT", PROXY_BEHIND);
    struct cv_participant participant = {.connection = lossy->connection, .name = "sales"};
    assert_int_equal(cv_commit_all(&participant, 1, &error), CUVEE_IN_DOUBT);
    assert_int_equal(error.kind, CUVEE_ERROR_IN_DOUBT);
    assert_says(&error, "unknown in sales");
}

/* The server ends a connection while it commits, by an error that comes in front of the end. */
static void a_commit_that_ends_with_the_connection_is_unknown(void **state)
{
    struct lossy *lossy = *state;
    if (!is_postgres(lossy))
        return; /* there nothing of ours runs inside a COMMIT */
    static const char *const ends[] = {"PERFORM pg_terminate_backend(pg_backend_pid());",
                                       "RAISE EXCEPTION 'who knows' USING ERRCODE = '40003';"};
    for (size_t i = 0; i < 2; i++) {
        char sql[400];
        cuvee_error error = {0};
        struct cv_connection *connection = connection_open(lossy->database);
        snprintf(sql, sizeof sql,
                 "CREATE OR REPLACE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql AS "
                 "$$BEGIN %s RETURN NULL; END$$",
                 ends[i]);
        run(connection, sql);
        if (i == 0)
            run(connection, "CREATE CONSTRAINT TRIGGER ends AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED"
                            " FOR EACH ROW EXECUTE FUNCTION ends()");
        begin(connection);
        run(connection, "INSERT INTO t VALUES (1, 1)");
        assert_int_equal(connection->driver->commit(connection, &error), CV_UNKNOWN);
        assert_int_equal(error.kind, i == 0 ? CUVEE_ERROR_CONNECTION : CUVEE_ERROR_IN_DOUBT);
        assert_true(connection->lost);
        connection_close(connection);
    }
}

static void an_error_of_another_servers_connection_is_not_ours(void **state)
{
    struct lossy *lossy = *state;
    if (!is_postgres(lossy))
        return;
    cuvee_error error = run_refused(lossy->connection, "DO $$BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '08006'; END$$");
    assert_error(&error, CUVEE_ERROR_DATABASE, "08006");
    assert_false(lossy->connection->lost);
    assert_true(lossy->connection->driver->usable(lossy->connection));
}

/* ---- at every other step ---- */

static bool fill_row(void *arg, size_t i, cuvee_value *params)
{
    (void)arg;
    params[0] = cuvee_int_value((int64_t)i);
    params[1] = cuvee_int_value(7);
    return true;
}

enum step { BEGIN, SNAPSHOT, EXECUTE, PREPARE, START, FETCH, RUN_MANY, INSERT_MANY, DESCRIBE, VOTE, LIMIT, STEPS };

static bool insert_many(struct cv_connection *connection, cuvee_error *error)
{
    static const char *const columns[] = {"id", "v"};
    static const uint8_t kinds[] = {CUVEE_INT64, CUVEE_INT64};
    struct cv_bulk bulk = {.table = "t", .columns = columns, .kinds = kinds, .column_count = 2};
    bulk.rows = (struct cv_batch){.count = 2000, .row = fill_row};
    return connection->driver->insert_many(connection, &bulk, error);
}

static bool prepare_it(struct cv_connection *connection, cuvee_error *error)
{
    struct cv_statement_text text = {.sql = "SELECT 1"};
    struct cv_statement *statement = connection->driver->prepare(connection, &text, error);
    if (statement)
        finalize(statement);
    return statement != NULL;
}

static bool read_all(struct cv_statement *statement, bool started, cuvee_error *error)
{
    cuvee_value cells[2];
    enum cv_step step = CV_ROW;
    if (!started && !statement->connection->driver->start(statement, NULL, error))
        return false;
    while (step == CV_ROW)
        step = statement->connection->driver->next(statement, cells, error);
    return step == CV_DONE;
}

/* One step on the connection. `select` was prepared on it, and started for FETCH; `insert` was prepared. */
static bool take_step(enum step step, struct cv_connection *connection, struct cv_statement *select,
                      struct cv_statement *insert, cuvee_error *error)
{
    const struct cv_driver *driver = connection->driver;
    struct cv_batch batch = {.count = 2000, .row = fill_row};
    struct cv_table table;
    struct cv_arena arena;
    bool good = false;
    switch (step) {
    case BEGIN: return driver->begin(connection, CV_BEGIN_WRITE, error);
    case SNAPSHOT: return driver->begin(connection, CV_BEGIN_SNAPSHOT, error);
    case EXECUTE: return driver->execute(connection, "SAVEPOINT cuvee_1", error);
    case PREPARE: return prepare_it(connection, error);
    case START:
    case FETCH: return read_all(select, step == FETCH, error);
    case RUN_MANY: return driver->run_many(insert, &batch, error);
    case INSERT_MANY: return insert_many(connection, error);
    case DESCRIBE:
        cv_arena_init(&arena, 0);
        good = driver->describe(connection, "t", &arena, &table, error);
        cv_arena_free(&arena);
        return good;
    case VOTE: return driver->vote(connection, error) && driver->execute(connection, "SAVEPOINT cuvee_1", error);
    case LIMIT: return driver->limit(connection, 100, error);
    case STEPS: break;
    }
    return false;
}

/* Takes the step on a good connection, or on one that was lost just before it. */
static void try_step(struct lossy *lossy, enum step step, bool lose)
{
    cuvee_error error = {0};
    bool outside = step == BEGIN || step == SNAPSHOT;
    struct cv_connection *connection = connection_open(lossy->database);
    const char *many = is_postgres(lossy) ? "SELECT CAST(i AS bigint) FROM generate_series(1, 200000) i"
                                          : "SELECT seq FROM seq_1_to_200000";
    struct cv_statement *select = prepare(connection, many, "", NULL);
    struct cv_statement *insert = prepare(connection, "INSERT INTO t VALUES (?, ?)", "ll", NULL);
    if (!outside)
        begin(connection);
    if (step == FETCH) {
        start(select, NULL);
        fetch(select);
    }
    if (lose) {
        proxy_down(lossy->proxy);
        proxy_up(lossy->proxy);
    }
    bool good = take_step(step, connection, select, insert, &error);
    if (good == lose || connection->lost != lose || (lose && error.kind != CUVEE_ERROR_CONNECTION))
        fail_msg("step %d %s: %s", (int)step, lose ? "lost" : "kept", error.message);
    finish(select);
    finalize(select);
    finalize(insert);
    connection->driver->rollback(connection);
    assert_false(connection->in_transaction);
    assert_int_equal(connection->driver->usable(connection), !lose);
    connection_close(connection);
    assert_int_equal(rows_there(lossy), 0);
}

static void a_connection_may_be_lost_at_any_step(void **state)
{
    struct lossy *lossy = *state;
    for (enum step step = BEGIN; step < STEPS; step++) {
        try_step(lossy, step, false);
        try_step(lossy, step, true);
    }
}

/* ---- a cancel whose answer is lost ---- */

/*
 * The server is told with words on MariaDB alone; of PostgreSQL's request libpq knows whether it was sent, and waits
 * until it is done or its connection is lost.
 */
static void who_may_be_stopped_later_works_no_more(void **state)
{
    struct lossy *lossy = *state;
    if (is_postgres(lossy))
        return;
    static const enum proxy_cut cuts[] = {PROXY_BEFORE, PROXY_BEHIND};
    for (size_t i = 0; i < 2; i++) {
        struct cv_connection *connection = connection_open(lossy->database);
        const struct cv_driver *driver = connection->driver;
        struct cv_statement *statement = prepare(connection, "SELECT 1 UNION ALL SELECT 2", "", NULL);
        cuvee_error error = {0};
        begin(connection);
        start(statement, NULL);
        assert_true(driver->works(connection));
        proxy_cut(lossy->proxy, "KILL QUERY", cuts[i]);
        driver->cancel(connection);
        finish(statement);
        finalize(statement);
        assert_int_equal(driver->commit(connection, &error), CV_NOT_COMMITTED);
        assert_error(&error, CUVEE_ERROR_CONNECTION, "08006");
        assert_true(connection->lost);
        connection_close(connection);
    }
}

static void nor_is_it_lent_again(void **state)
{
    struct lossy *lossy = *state;
    if (is_postgres(lossy))
        return;
    struct cv_statement *statement = prepare(lossy->connection, "SELECT 1 UNION ALL SELECT 2", "", NULL);
    start(statement, NULL);
    proxy_cut(lossy->proxy, "KILL QUERY", PROXY_BEHIND);
    lossy->connection->driver->cancel(lossy->connection);
    finish(statement);
    finalize(statement);
    assert_false(lossy->connection->driver->usable(lossy->connection));
}

/* ---- servers that go away and come back ---- */

static const cuvee_base sales = {.name = "sales", .size = sizeof(cuvee_base)};

static cuvee_error ask_in_a_session(cuvee_blend *blend)
{
    cuvee_session *session = cuvee_session_open(blend);
    cuvee_rows *rows = cuvee_sql_rows(session, &sales, "SELECT 7", NULL, 0);
    const cuvee_value *values = cuvee_next_values(rows);
    if (values)
        assert_int_equal(values[0].as.integer, 7);
    cuvee_rows_close(rows);
    cuvee_error error = *cuvee_session_error(session);
    assert_int_equal(error.kind == CUVEE_ERROR_NONE, values != NULL);
    cuvee_session_close(session);
    return error;
}

static void sessions_do_not_notice_a_server_that_was_restarted(void **state)
{
    struct lossy *lossy = *state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &sales, lossy->url);
    unsigned before = proxy_taken(lossy->proxy);
    for (int restart = 0; restart < 3; restart++) {
        for (int i = 0; i < 3; i++) {
            cuvee_error error = ask_in_a_session(blend);
            assert_string_equal(error.message, "");
        }
        proxy_down(lossy->proxy);
        proxy_up(lossy->proxy);
    }
    assert_int_equal(proxy_taken(lossy->proxy) - before, 3); /* one each time: it is kept and lent again */
    cuvee_blend_free(blend);
}

static void a_server_that_is_down_is_told_and_comes_back(void **state)
{
    struct lossy *lossy = *state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &sales, lossy->url);
    ask_in_a_session(blend);
    proxy_down(lossy->proxy);
    for (int i = 0; i < 3; i++) {
        cuvee_error error = ask_in_a_session(blend);
        assert_int_equal(error.kind, CUVEE_ERROR_CONNECT);
        assert_string_equal(error.database, "sales");
        assert_says(&error, "127.0.0.1");
    }
    proxy_up(lossy->proxy);
    cuvee_error error = ask_in_a_session(blend);
    assert_string_equal(error.message, "");
    cuvee_blend_free(blend);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LOSSY_TEST(a_commit_that_the_server_never_heard_of_is_unknown),
        LOSSY_TEST(a_commit_whose_answer_is_lost_is_unknown),
        LOSSY_TEST(such_a_commit_is_told_as_in_doubt),
        LOSSY_TEST(a_commit_that_ends_with_the_connection_is_unknown),
        LOSSY_TEST(an_error_of_another_servers_connection_is_not_ours),
        LOSSY_TEST(a_connection_may_be_lost_at_any_step),
        LOSSY_TEST(who_may_be_stopped_later_works_no_more),
        LOSSY_TEST(nor_is_it_lent_again),
        LOSSY_TEST(sessions_do_not_notice_a_server_that_was_restarted),
        LOSSY_TEST(a_server_that_is_down_is_told_and_comes_back),
    };
    return ENGINE_MAIN(argc, argv, "lost", tests);
}
