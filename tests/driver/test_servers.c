/* What only servers do: refuse logins, lose connections, stop long work, deadlock, and stream large results. */
#include "driver/support.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

static bool is_postgres(const struct engine *engine)
{
    return strcmp(engine->name, "postgres") == 0;
}

static const struct cv_driver *driver_of(const struct engine *engine)
{
    return engine->connection->driver;
}

static void make_t(const struct engine *engine)
{
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, v %l)%;");
    run(engine->connection, "INSERT INTO t VALUES (1, 10), (2, 20)");
}

/* Ends the server's side of a connection. */
static void kill_it(const struct engine *engine, struct cv_connection *victim)
{
    char sql[100];
    int64_t id =
        ask(victim, is_postgres(engine) ? "SELECT CAST(pg_backend_pid() AS bigint)" : "SELECT CONNECTION_ID()");
    snprintf(sql, sizeof sql, is_postgres(engine) ? "SELECT pg_terminate_backend(%lld, 5000)" : "KILL CONNECTION %lld",
             (long long)id);
    run(engine->other, sql);
    /* The other side hears of it when the server has closed the socket. */
    while (victim->driver->usable(victim))
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

/* ---- connecting ---- */

static void a_server_that_is_not_there_is_told_without_the_password(void **state)
{
    struct engine *engine = *state;
    char url[100];
    snprintf(url, sizeof url, "%s://me:my-secret@127.0.0.1:1/sales", is_postgres(engine) ? "postgresql" : "mariadb");
    struct cv_database *database = database_open(url, NULL, (cuvee_bind_options){0});
    assert_null(strstr(database->shown, "my-secret"));
    assert_null(strstr(database->identity, "my-secret"));
    cuvee_error error = connection_refused(database);
    assert_error(&error, CUVEE_ERROR_CONNECT, "08001");
    assert_says(&error, "me:***@127.0.0.1:1/sales");
    assert_null(strstr(error.message, "my-secret"));
    assert_string_not_equal(error.hint, "");
    database_close(database);
}

static void a_login_or_database_that_is_not_there_is_told(void **state)
{
    struct engine *engine = *state;
    const char *server = engine_server(engine->name);
    const char *options = strchr(server, '?');
    char url[300];
    snprintf(url, sizeof url, "%s://%s@/no_such_database%s", is_postgres(engine) ? "postgresql" : "mariadb",
             is_postgres(engine) ? "cuvee" : "root", options);
    struct cv_database *database = database_open(url, NULL, (cuvee_bind_options){0});
    cuvee_error error = connection_refused(database);
    assert_error(&error, CUVEE_ERROR_CONNECT, "08001");
    assert_says(&error, "no_such_database");
    database_close(database);
    snprintf(url, sizeof url, "%s://no_such_user:my-secret@/x%s", is_postgres(engine) ? "postgresql" : "mariadb",
             options);
    database = database_open(url, NULL, (cuvee_bind_options){0});
    error = connection_refused(database);
    assert_error(&error, CUVEE_ERROR_CONNECT, "08001");
    assert_null(strstr(error.message, "my-secret"));
    database_close(database);
}

static void options_are_checked_early(void **state)
{
    struct engine *engine = *state;
    char url[100];
    snprintf(url, sizeof url, "%s://u:my-secret@h/x?no_such_option=1", is_postgres(engine) ? "postgresql" : "mariadb");
    cuvee_error error = database_refused(url, NULL);
    assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
    assert_says(&error, "no_such_option");
    assert_null(strstr(error.message, "my-secret"));
}

static void assert_places(const struct engine *engine, const char *a, const char *b, bool same)
{
    const char *scheme = is_postgres(engine) ? "postgresql" : "mariadb";
    char urls[2][200];
    snprintf(urls[0], sizeof urls[0], "%s%s", scheme, a);
    snprintf(urls[1], sizeof urls[1], "%s%s", scheme, b);
    struct cv_database *one = database_open(urls[0], NULL, (cuvee_bind_options){0});
    struct cv_database *two = database_open(urls[1], NULL, (cuvee_bind_options){0});
    if (same)
        assert_string_equal(one->identity, two->identity);
    else
        assert_string_not_equal(one->identity, two->identity);
    database_close(one);
    database_close(two);
}

static void identity_is_place_and_login(void **state)
{
    struct engine *engine = *state;
    assert_places(engine, "://u@h/x", "://u:password@h/x", true);
    assert_places(engine, "://u@h/x", "+client://u@h/x", true);
    assert_places(engine, "://u@h/x", "://u@h/x?connect_timeout=3", true);
    assert_places(engine, "://u@h/x", "://u@h/y", false);
    assert_places(engine, "://u@h/x", "://v@h/x", false);
    assert_places(engine, "://u@h/x", "://u@i/x", false);
    assert_places(engine, "://u@h:1111/x", "://u@h:2222/x", false);
    if (is_postgres(engine))
        assert_places(engine, "://u@/x?host=h", "://u@h/x", true);
}

static void the_next_host_is_tried(void **state)
{
    struct engine *engine = *state;
    char url[400];
    const char *server = engine->place.url;
    const char *path = strstr(server, "@/") + 1;
    if (is_postgres(engine)) {
        const char *folder = strstr(server, "host=") + strlen("host=");
        const char *port = strstr(server, "port=") + strlen("port=");
        snprintf(url, sizeof url, "postgresql://cuvee@%.*s?host=127.0.0.1,%.*s&port=1,%s", (int)strcspn(path, "?"),
                 path, (int)strcspn(folder, "&"), folder, port);
    } else {
        int64_t port = ask(engine->connection, "SELECT @@port");
        snprintf(url, sizeof url, "mariadb://root@127.0.0.2:1,127.0.0.1:%lld%.*s", (long long)port,
                 (int)strcspn(path, "?"), path);
        run(engine->connection, "CREATE OR REPLACE USER root@'127.0.0.1'; GRANT ALL ON *.* TO root@'127.0.0.1'");
    }
    struct cv_database *database = database_open(url, NULL, (cuvee_bind_options){0});
    struct cv_connection *connection = connection_open(database);
    assert_int_equal(ask(connection, "SELECT 7"), 7);
    connection_close(connection);
    database_close(database);
}

static void reading_alone_is_kept_to(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    struct cv_database *database = engine_database(engine, (cuvee_bind_options){.read_only = true});
    struct cv_connection *connection = connection_open(database);
    assert_int_equal(ask(connection, "SELECT count(*) FROM t"), 2);
    cuvee_error error = run_with_refused(connection, "DELETE FROM t", "", NULL);
    assert_error(&error, CUVEE_ERROR_READ_ONLY, "25006");
    begin(connection);
    error = run_with_refused(connection, "DELETE FROM t", "", NULL);
    assert_error(&error, CUVEE_ERROR_READ_ONLY, "25006");
    connection->driver->rollback(connection);
    connection_close(connection);
    database_close(database);
}

/* ---- losing ---- */

static void an_idle_connection_that_was_lost_is_not_used(void **state)
{
    struct engine *engine = *state;
    assert_true(driver_of(engine)->usable(engine->connection));
    kill_it(engine, engine->connection);
    assert_false(driver_of(engine)->usable(engine->connection));
}

static void a_statement_on_a_lost_connection_says_so(void **state)
{
    struct engine *engine = *state;
    struct cv_statement *statement = prepare(engine->connection, "SELECT 1", "", NULL);
    kill_it(engine, engine->connection);
    cuvee_error error = {0};
    if (driver_of(engine)->start(statement, NULL, &error))
        error = fetch_refused(statement);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECTION);
    assert_true(engine->connection->lost);
    finish(statement);
    finalize(statement);
    error = run_refused(engine->connection, "SELECT 1");
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECTION);
    error = prepare_refused(engine->connection, "SELECT 1", "", NULL);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECTION);
}

static void a_commit_on_a_lost_connection_is_unknown(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    make_t(engine);
    begin(engine->connection);
    run(engine->connection, "UPDATE t SET v = 11 WHERE id = 1");
    kill_it(engine, engine->connection);
    assert_int_equal(driver_of(engine)->commit(engine->connection, &error), CV_UNKNOWN);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECTION);
    assert_true(engine->connection->lost);
    assert_false(engine->connection->in_transaction);
    assert_int_equal(ask(engine->other, "SELECT v FROM t WHERE id = 1"), 10);
}

static void a_lost_connection_can_be_rolled_back_and_closed(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    struct cv_statement *read = prepare(engine->connection, "SELECT id FROM t", "", "l");
    begin(engine->connection);
    start(read, NULL);
    fetch(read);
    kill_it(engine, engine->connection);
    driver_of(engine)->rollback(engine->connection);
    assert_false(engine->connection->in_transaction);
    finish(read);
    finalize(read);
    assert_false(driver_of(engine)->usable(engine->connection));
}

/* ---- transactions ---- */

static void after_a_failed_statement_nothing_is_committed_that_was_not_meant(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    make_t(engine);
    begin(engine->connection);
    run(engine->connection, "UPDATE t SET v = 11 WHERE id = 1");
    run_with_refused(engine->connection, "INSERT INTO t VALUES (1, 0)", "", NULL);
    enum cv_committed outcome = driver_of(engine)->commit(engine->connection, &error);
    bool there = ask(engine->other, "SELECT v FROM t WHERE id = 1") == 11;
    assert_int_equal(there, outcome == CV_COMMITTED); /* engines differ in what is left, never in what they say of it */
    if (is_postgres(engine)) {
        assert_int_equal(outcome, CV_NOT_COMMITTED);
        assert_error(&error, CUVEE_ERROR_DATABASE, "25P02");
    }
    assert_false(engine->connection->in_transaction);
    assert_true(driver_of(engine)->usable(engine->connection));
}

static void a_failed_transaction_does_not_vote_yes(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    make_t(engine);
    begin(engine->connection);
    run_with_refused(engine->connection, "INSERT INTO t VALUES (1, 0)", "", NULL);
    bool yes = driver_of(engine)->vote(engine->connection, &error);
    assert_int_equal(yes, driver_of(engine)->commit(engine->connection, &error) == CV_COMMITTED);
}

static void deferred_references_are_voted_on(void **state)
{
    struct engine *engine = *state;
    if (!is_postgres(engine))
        return; /* the other checks every reference at once */
    cuvee_error error = {0};
    make_t(engine);
    run(engine->connection, "CREATE TABLE c (t bigint REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)");
    for (int vote = 0; vote < 2; vote++) {
        begin(engine->connection);
        run(engine->connection, "INSERT INTO c VALUES (99)");
        cv_error_clear(&error);
        if (vote)
            assert_false(driver_of(engine)->vote(engine->connection, &error));
        else
            assert_int_equal(driver_of(engine)->commit(engine->connection, &error), CV_NOT_COMMITTED);
        assert_error(&error, CUVEE_ERROR_FOREIGN_KEY, "23503");
        driver_of(engine)->rollback(engine->connection);
        assert_int_equal(ask(engine->connection, "SELECT count(*) FROM c"), 0);
    }
}

static void tables_made_in_a_transaction(void **state)
{
    struct engine *engine = *state;
    begin(engine->connection);
    make(engine->connection, "CREATE TABLE a (id %l PRIMARY KEY)%;");
    make(engine->connection, "CREATE TABLE b (id %l PRIMARY KEY)%;");
    run(engine->connection, "INSERT INTO a VALUES (1)");
    assert_true(engine->connection->in_transaction);
    commit(engine->connection);
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM a"), 1);
    begin(engine->connection);
    cuvee_error error = {0};
    struct cv_statement_text text = {.sql = "CREATE TABLE c (id INTEGER)"};
    struct cv_statement *statement = driver_of(engine)->prepare(engine->connection, &text, &error);
    if (is_postgres(engine))
        finalize(statement);
    else
        assert_int_equal(error.kind, CUVEE_ERROR_UNSUPPORTED); /* it would commit what the session has written */
    driver_of(engine)->rollback(engine->connection);
}

struct update {
    struct cv_connection *connection;
    const char *sql;
    cuvee_error error;
};

static void *run_update(void *arg)
{
    struct update *update = arg;
    update->connection->driver->execute(update->connection, update->sql, &update->error);
    if (update->error.kind)
        update->connection->driver->rollback(update->connection);
    return NULL;
}

static void of_two_that_wait_for_each_other_one_is_to_be_run_again(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    struct cv_database *patient = engine_database(engine, (cuvee_bind_options){.busy_ms = 60000});
    struct update updates[2] = {{.connection = connection_open(patient), .sql = "UPDATE t SET v = v + 1 WHERE id = 2"},
                                {.connection = connection_open(patient), .sql = "UPDATE t SET v = v + 1 WHERE id = 1"}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        begin(updates[i].connection);
    run(updates[0].connection, "UPDATE t SET v = v + 1 WHERE id = 1");
    run(updates[1].connection, "UPDATE t SET v = v + 1 WHERE id = 2");
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, run_update, &updates[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal((updates[0].error.kind != 0) + (updates[1].error.kind != 0), 1);
    struct update *victim = &updates[updates[0].error.kind ? 0 : 1];
    assert_int_equal(victim->error.kind, CUVEE_ERROR_RETRY);
    assert_false(victim->connection->in_transaction);
    for (int i = 0; i < 2; i++) {
        if (updates[i].connection->in_transaction)
            commit(updates[i].connection);
        connection_close(updates[i].connection);
    }
    database_close(patient);
}

static void a_transaction_that_the_server_ended_is_not_gone_on_with(void **state)
{
    struct engine *engine = *state;
    if (is_postgres(engine))
        return; /* there it stays open, and failed */
    cuvee_error error = {0};
    make_t(engine);
    begin(engine->connection);
    run(engine->connection, "UPDATE t SET v = 11 WHERE id = 1");
    run(engine->connection, "CREATE PROCEDURE ends() COMMIT"); /* the driver begins anew after it */
    struct cv_statement *call = prepare(engine->other, "CALL ends()", "", NULL);
    struct cv_statement *update = prepare(engine->other, "UPDATE t SET v = 12 WHERE id = 1", "", NULL);
    begin(engine->other);
    start(call, NULL);
    finish(call);
    error = start_refused(update, NULL);
    assert_error(&error, CUVEE_ERROR_DATABASE, "25P02");
    cv_error_clear(&error);
    assert_int_equal(driver_of(engine)->commit(engine->other, &error), CV_NOT_COMMITTED);
    finalize(call);
    finalize(update);
    driver_of(engine)->rollback(engine->connection);
}

/* ---- long work ---- */

static void a_time_limit_stops_a_statement(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    assert_true(driver_of(engine)->limit(engine->connection, 50, &error));
    assert_int_equal(engine->connection->limit_ms, 50);
    error = run_with_refused(engine->connection, slow_query(engine), "", NULL);
    assert_error(&error, CUVEE_ERROR_CANCELLED, "57014");
    cv_error_clear(&error);
    assert_true(driver_of(engine)->limit(engine->connection, 0, &error));
    run(engine->connection, is_postgres(engine) ? "SELECT pg_sleep(0.2)" : "SELECT SLEEP(0.2)");
}

/* A query of many numbered rows. */
static struct cv_statement *many_rows(const struct engine *engine)
{
    const char *sql = is_postgres(engine) ? "SELECT CAST(i AS bigint), 'row ' || i FROM generate_series(1, ?) i"
                                          : "SELECT seq, CONCAT('row ', seq) FROM seq_1_to_100000 WHERE seq <= ?";
    return prepare(engine->connection, sql, is_postgres(engine) ? "i" : "l", "lt");
}

static void assert_row(const cuvee_value *cells, int64_t number)
{
    char text[32];
    assert_non_null(cells);
    snprintf(text, sizeof text, "row %lld", (long long)number);
    assert_int_equal(cells[0].as.integer, number);
    assert_text(&cells[1], text);
}

static void rows_are_set_aside_for_another_statement(void **state)
{
    struct engine *engine = *state;
    struct cv_statement *rows = many_rows(engine);
    start(rows, VALUES(cuvee_int_value(5000)));
    for (int64_t i = 1; i <= 1000; i++)
        assert_row(fetch(rows), i);
    assert_int_equal(ask(engine->connection, "SELECT 7"), 7);
    begin(engine->connection);
    for (int64_t i = 1001; i <= 5000; i++)
        assert_row(fetch(rows), i);
    assert_null(fetch(rows));
    commit(engine->connection);
    finish(rows);
    start(rows, VALUES(cuvee_int_value(3)));
    assert_row(fetch(rows), 1);
    assert_int_equal(ask(engine->connection, "SELECT 7"), 7); /* set aside, and never read */
    finish(rows);
    finalize(rows);
}

static void a_long_read_may_be_left_at_any_row(void **state)
{
    struct engine *engine = *state;
    struct cv_statement *rows = many_rows(engine);
    for (int in_transaction = 0; in_transaction < 2; in_transaction++) {
        if (in_transaction)
            begin(engine->connection);
        for (int64_t left_at = 0; left_at < 1000; left_at += 300) {
            start(rows, VALUES(cuvee_int_value(100000)));
            for (int64_t i = 1; i <= left_at; i++)
                assert_row(fetch(rows), i);
            finish(rows);
            assert_int_equal(ask(engine->connection, "SELECT 7"), 7);
        }
        if (in_transaction)
            commit(engine->connection);
    }
    finalize(rows);
}

static void an_error_in_the_middle_of_rows_comes_in_its_turn(void **state)
{
    struct engine *engine = *state;
    const char *sql = is_postgres(engine)
                          ? "SELECT CAST(100 / (50 - i) AS bigint) FROM generate_series(1, 60) i"
                          : "SELECT CASE WHEN seq = 50 THEN (SELECT seq FROM seq_1_to_2) ELSE seq END FROM seq_1_to_60";
    struct cv_statement *rows = prepare(engine->connection, sql, "", NULL);
    for (int aside = 0; aside < 2; aside++) {
        cuvee_error error = {0};
        cuvee_value cell;
        int read = 0;
        enum cv_step step = CV_ERROR;
        if (driver_of(engine)->start(rows, NULL, &error))
            step = CV_ROW;
        if (aside)
            assert_int_equal(ask(engine->connection, "SELECT 7"), 7);
        while (step == CV_ROW && (step = driver_of(engine)->next(rows, &cell, &error)) == CV_ROW)
            read++;
        assert_int_equal(step, CV_ERROR);
        assert_int_not_equal(error.kind, CUVEE_ERROR_NONE);
        assert_true(read <= 49);
        finish(rows);
        assert_int_equal(ask(engine->connection, "SELECT 7"), 7);
    }
    finalize(rows);
}

static void a_finished_statement_is_forgotten_by_the_server(void **state)
{
    struct engine *engine = *state;
    for (int i = 0; i < 50; i++)
        finalize(prepare(engine->connection, "SELECT 1", "", NULL));
    struct cv_statement *last = prepare(engine->connection, "SELECT 2", "", NULL);
    if (is_postgres(engine))
        assert_true(ask(engine->connection, "SELECT count(*) FROM pg_prepared_statements") <= 3);
    finalize(last);
}

/* ---- tables that change under a statement ---- */

static size_t columns_read(struct cv_statement *statement, cuvee_error *error)
{
    cuvee_value cells[8];
    enum cv_step step = statement->connection->driver->start(statement, NULL, error) ? CV_ROW : CV_ERROR;
    while (step == CV_ROW)
        step = statement->connection->driver->next(statement, cells, error);
    finish(statement);
    return step == CV_DONE ? statement->column_count : 0;
}

static void a_table_that_changed_under_a_statement_is_told(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    static const char *const changes[] = {"ALTER TABLE t ADD COLUMN w varchar(10)", "ALTER TABLE t DROP COLUMN w",
                                          "ALTER TABLE t ADD COLUMN w varchar(10)"};
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct cv_statement *all = prepare(engine->connection, "SELECT * FROM t", "", NULL);
        cuvee_error error = {0};
        size_t before = columns_read(all, &error);
        assert_int_equal(before, all->column_count);
        run(engine->other, changes[i]);
        assert_int_equal(columns_read(all, &error), 0);
        assert_int_equal(error.kind, CUVEE_ERROR_RETRY);
        assert_true(all->stale);
        finalize(all);
        assert_true(driver_of(engine)->usable(engine->connection));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(a_server_that_is_not_there_is_told_without_the_password),
        ENGINE_TEST(a_login_or_database_that_is_not_there_is_told),
        ENGINE_TEST(options_are_checked_early),
        ENGINE_TEST(identity_is_place_and_login),
        ENGINE_TEST(the_next_host_is_tried),
        ENGINE_TEST(reading_alone_is_kept_to),
        ENGINE_TEST(an_idle_connection_that_was_lost_is_not_used),
        ENGINE_TEST(a_statement_on_a_lost_connection_says_so),
        ENGINE_TEST(a_commit_on_a_lost_connection_is_unknown),
        ENGINE_TEST(a_lost_connection_can_be_rolled_back_and_closed),
        ENGINE_TEST(after_a_failed_statement_nothing_is_committed_that_was_not_meant),
        ENGINE_TEST(a_failed_transaction_does_not_vote_yes),
        ENGINE_TEST(deferred_references_are_voted_on),
        ENGINE_TEST(tables_made_in_a_transaction),
        ENGINE_TEST(of_two_that_wait_for_each_other_one_is_to_be_run_again),
        ENGINE_TEST(a_transaction_that_the_server_ended_is_not_gone_on_with),
        ENGINE_TEST(a_time_limit_stops_a_statement),
        ENGINE_TEST(rows_are_set_aside_for_another_statement),
        ENGINE_TEST(a_long_read_may_be_left_at_any_row),
        ENGINE_TEST(an_error_in_the_middle_of_rows_comes_in_its_turn),
        ENGINE_TEST(a_finished_statement_is_forgotten_by_the_server),
        ENGINE_TEST(a_table_that_changed_under_a_statement_is_told),
    };
    return ENGINE_MAIN(argc, argv, "servers", tests);
}
