/* Locks, full disks, failing files, damage, and what is left of a transaction after them. */
#include "driver/support.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "driver/sqlite/fault_vfs.h"

static void make_t(struct engine *engine)
{
    run(engine->connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT) STRICT;"
                            "INSERT INTO t VALUES (1, 'one')");
}

static bool is_whole(struct cv_connection *connection)
{
    struct cv_statement *check = prepare(connection, "PRAGMA integrity_check", "", "t");
    start(check, NULL);
    const cuvee_value *cells = fetch(check);
    bool whole = cells[0].as.text.size == 2 && memcmp(cells[0].as.text.data, "ok", 2) == 0;
    finish(check);
    finalize(check);
    return whole;
}

/* ---- locks ---- */

static void a_lock_is_waited_for_until_the_deadline(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    begin(engine->other);
    cuvee_error error = run_with_refused(engine->connection, "INSERT INTO t VALUES (2, 'x')", "", NULL);
    assert_error(&error, CUVEE_ERROR_BUSY, "55P03");
    assert_int_equal(error.vendor_code & 0xFF, SQLITE_BUSY);
    assert_says(&error, "50 ms");
    assert_says(&error, "sqlite:engine.db");
    assert_string_not_equal(error.hint, "");
    error = run_refused(engine->connection, "INSERT INTO t VALUES (2, 'x')");
    assert_error(&error, CUVEE_ERROR_BUSY, "55P03");
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM t"), 1); /* readers do not wait */
    commit(engine->other);
    run(engine->connection, "INSERT INTO t VALUES (2, 'x')");
}

static void *commit_soon(void *connection)
{
    nanosleep(&(struct timespec){.tv_nsec = 30 * 1000 * 1000}, NULL);
    commit(connection);
    return NULL;
}

static void a_lock_that_is_let_go_in_time_is_taken(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    struct cv_database *patient = engine_database(engine, (cuvee_bind_options){.busy_ms = 60000});
    struct cv_connection *waiting = connection_open(patient);
    pthread_t thread;
    begin(engine->other);
    assert_int_equal(pthread_create(&thread, NULL, commit_soon, engine->other), 0);
    begin(waiting);
    commit(waiting);
    pthread_join(thread, NULL);
    connection_close(waiting);
    database_close(patient);
}

struct shared_row {
    const struct cv_database *database;
    int added;
};

static void *count_up(void *arg)
{
    struct shared_row *shared = arg;
    struct cv_connection *connection = connection_open(shared->database);
    for (int i = 0; i < shared->added; i++)
        run_with(connection, "UPDATE t SET id = id + 1", "", NULL);
    connection_close(connection);
    return NULL;
}

static void many_writers_take_turns(void **state)
{
    enum { THREADS = 4, EACH = 25 };
    struct engine *engine = *state;
    make_t(engine);
    struct cv_database *patient =
        engine_database(engine, (cuvee_bind_options){.busy_ms = 60000, .durability = CUVEE_NORMAL});
    struct shared_row shared = {.database = patient, .added = EACH};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_up, &shared), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(ask(engine->connection, "SELECT id FROM t"), 1 + THREADS * EACH);
    database_close(patient);
}

static void a_table_that_is_being_read_is_not_dropped(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    struct cv_statement *read = prepare(engine->connection, "SELECT id FROM t", "", "l");
    start(read, NULL);
    fetch(read);
    cuvee_error error = run_refused(engine->connection, "DROP TABLE t");
    assert_error(&error, CUVEE_ERROR_BUSY, "55006");
    assert_int_equal(error.vendor_code & 0xFF, SQLITE_LOCKED);
    finish(read);
    finalize(read);
    run(engine->connection, "DROP TABLE t");
}

/* ---- a disk that is full ---- */

static bool wide_row(void *text, size_t i, cuvee_value *params)
{
    (void)i;
    params[0] = cuvee_text_value(text);
    return true;
}

static bool fill_up(struct cv_connection *connection, cuvee_error *error)
{
    char text[2000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct cv_statement *insert = prepare(connection, "INSERT INTO t (x) VALUES (?)", "t", NULL);
    struct cv_batch batch = {.count = 1000, .row = wide_row, .arg = text};
    bool good = connection->driver->run_many(insert, &batch, error);
    finalize(insert);
    return good;
}

static void a_full_disk_is_told_and_nothing_is_lost(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    make_t(engine);
    run(engine->connection, "PRAGMA max_page_count=20");
    begin(engine->connection);
    run(engine->connection, "UPDATE t SET x = 'changed'");
    assert_false(fill_up(engine->connection, &error));
    assert_error(&error, CUVEE_ERROR_FULL, "53100");
    assert_says(&error, "sqlite:engine.db");
    assert_says(&error, "Make room");
    engine->connection->driver->rollback(engine->connection);
    assert_false(engine->connection->lost);
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM t WHERE x = 'one'"), 1);
    assert_true(is_whole(engine->connection));
    run(engine->connection, "PRAGMA max_page_count=2000");
    cv_error_clear(&error);
    begin(engine->connection);
    assert_true(fill_up(engine->connection, &error));
    commit(engine->connection);
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM t"), 1001);
}

/* SQLite rolls back by itself here; what came next would be committed on its own. */
static void after_the_engine_ended_a_transaction_nothing_runs_in_it(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    make_t(engine);
    run(engine->connection, "PRAGMA max_page_count=20");
    struct cv_statement *insert = prepare(engine->connection, "INSERT INTO t (id) VALUES (?)", "l", NULL);
    begin(engine->connection);
    assert_false(fill_up(engine->connection, &error));
    assert_true(engine->connection->in_transaction);
    error = start_refused(insert, VALUES(cuvee_int_value(7)));
    assert_error(&error, CUVEE_ERROR_DATABASE, "25P02");
    error = run_refused(engine->connection, "INSERT INTO t (id) VALUES (8)");
    assert_error(&error, CUVEE_ERROR_DATABASE, "25P02");
    cv_error_clear(&error);
    assert_false(fill_up(engine->connection, &error));
    assert_error(&error, CUVEE_ERROR_DATABASE, "25P02");
    cv_error_clear(&error);
    assert_false(engine->connection->driver->vote(engine->connection, &error));
    assert_error(&error, CUVEE_ERROR_DATABASE, "25P02");
    cv_error_clear(&error);
    assert_int_equal(engine->connection->driver->commit(engine->connection, &error), CV_NOT_COMMITTED);
    assert_error(&error, CUVEE_ERROR_DATABASE, "25P02");
    assert_false(engine->connection->in_transaction);
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM t"), 1);
    finalize(insert);
}

static void a_text_over_the_limit_is_told(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    cuvee_error error =
        run_with_refused(engine->connection, "INSERT INTO t (x) VALUES (hex(zeroblob(600000000)))", "", NULL);
    assert_error(&error, CUVEE_ERROR_FULL, "54000");
}

/* ---- files that fail ---- */

static struct cv_connection *begin_write(struct engine *engine)
{
    struct cv_connection *connection = engine->connection;
    make_t(engine);
    begin(connection);
    run(connection, "INSERT INTO t VALUES (2, 'two')");
    return connection;
}

static void a_commit_that_could_not_be_written_is_none(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_connection *connection = begin_write(engine);
    fault_vfs_at(FAULT_WRITE, 1, SQLITE_IOERR_WRITE);
    assert_int_equal(connection->driver->commit(connection, &error), CV_NOT_COMMITTED);
    fault_vfs_end();
    assert_error(&error, CUVEE_ERROR_DATABASE, "58030");
    assert_int_equal(error.vendor_code, SQLITE_IOERR_WRITE);
    assert_says(&error, "sqlite:engine.db");
    assert_false(connection->in_transaction);
    assert_int_equal(ask(connection, "SELECT count(*) FROM t"), 1);
    assert_true(is_whole(connection));
}

static void a_commit_on_a_full_disk_is_none(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_connection *connection = begin_write(engine);
    fault_vfs_at(FAULT_WRITE, 1, SQLITE_FULL);
    assert_int_equal(connection->driver->commit(connection, &error), CV_NOT_COMMITTED);
    fault_vfs_end();
    assert_error(&error, CUVEE_ERROR_FULL, "53100");
    assert_int_equal(ask(connection, "SELECT count(*) FROM t"), 1);
}

/* All of it stands in the log, with its mark; only whether that would survive the power is open. */
static void a_commit_that_could_not_be_synced_is_unknown(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_connection *connection = begin_write(engine);
    fault_vfs_at(FAULT_SYNC, 1, SQLITE_IOERR_FSYNC);
    assert_int_equal(connection->driver->commit(connection, &error), CV_UNKNOWN);
    fault_vfs_end();
    assert_error(&error, CUVEE_ERROR_DATABASE, "58030");
    assert_false(connection->in_transaction);
    begin(connection);
    commit(connection);
}

static void a_read_that_fails_is_told(void **state)
{
    struct engine *engine = *state;
    struct cv_connection *connection = begin_write(engine);
    commit(connection);
    struct cv_database *database = engine_database(engine, (cuvee_bind_options){0});
    struct cv_connection *fresh = connection_open(database);
    fault_vfs_at(FAULT_READ, 1, SQLITE_IOERR_READ);
    cuvee_error error = run_with_refused(fresh, "SELECT x FROM t", "", NULL);
    fault_vfs_end();
    assert_error(&error, CUVEE_ERROR_DATABASE, "58030");
    assert_int_equal(ask(fresh, "SELECT count(*) FROM t"), 2);
    connection_close(fresh);
    database_close(database);
}

static void a_file_that_cannot_be_set_up_is_told(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    for (size_t n = 1; n < 4; n++) {
        struct cv_database *database = database_open("sqlite:other.db", engine->folder, (cuvee_bind_options){0});
        fault_vfs_at(FAULT_WRITE, n, SQLITE_IOERR_WRITE);
        cuvee_error error = {0};
        struct cv_connection *connection = database->driver->connect(database, &error);
        fault_vfs_end();
        if (connection)
            connection_close(connection);
        else
            assert_says(&error, "other.db");
        database_close(database);
    }
    struct cv_database *database = engine_database(engine, (cuvee_bind_options){0});
    fault_vfs_at(FAULT_READ, 1, SQLITE_IOERR_READ);
    cuvee_error error = connection_refused(database);
    fault_vfs_end();
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECT);
    assert_string_equal(error.sqlstate, "58030");
    database_close(database);
}

/* ---- damage that shows late ---- */

static void damage_found_while_reading_is_corrupt(void **state)
{
    struct engine *engine = *state;
    char garbage[4096];
    memset(garbage, 0x5A, sizeof garbage);
    make_t(engine);
    connection_close(engine->other);
    connection_close(engine->connection); /* moves the log into the file */
    char *path = path_in(engine->folder, "engine.db");
    int file = open(path, O_WRONLY);
    assert_int_equal(pwrite(file, garbage, sizeof garbage, 4096), sizeof garbage);
    close(file);
    free(path);
    engine->connection = connection_open(engine->database);
    engine->other = connection_open(engine->database);
    cuvee_error error = run_with_refused(engine->connection, "SELECT x FROM t", "", NULL);
    assert_error(&error, CUVEE_ERROR_CORRUPT, "XX001");
    assert_says(&error, "backup");
    assert_says(&error, "sqlite:engine.db");
}

/* ---- cancelled writes ---- */

struct stopper {
    struct cv_connection *connection;
    size_t at;
};

/* Cancels from inside a batch, so that the next run of it is the one that ends. */
static bool stopping_row(void *arg, size_t i, cuvee_value *params)
{
    struct stopper *stopper = arg;
    if (i == stopper->at)
        stopper->connection->driver->cancel(stopper->connection);
    params[0] = cuvee_text_value("x");
    return true;
}

static void a_cancel_between_two_runs_of_a_batch_is_heard(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    make_t(engine);
    struct stopper stopper = {.connection = engine->connection, .at = 3};
    struct cv_batch batch = {.count = 10, .row = stopping_row, .arg = &stopper};
    struct cv_statement *insert = prepare(engine->connection, "INSERT INTO t (x) VALUES (?)", "t", NULL);
    begin(engine->connection);
    assert_false(engine->connection->driver->run_many(insert, &batch, &error));
    assert_error(&error, CUVEE_ERROR_CANCELLED, "57014");
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM t"), 4);
    commit(engine->connection);
    finalize(insert);
}

static void rows_after_a_rollback_that_took_their_table(void **state)
{
    struct engine *engine = *state;
    make_t(engine);
    run(engine->connection, "INSERT INTO t VALUES (2, 'two')");
    struct cv_statement *read = prepare(engine->connection, "SELECT id FROM t", "", "l");
    begin(engine->connection);
    run(engine->connection, "CREATE TABLE u (x INTEGER) STRICT");
    start(read, NULL);
    fetch(read);
    engine->connection->driver->rollback(engine->connection);
    cuvee_error error = fetch_refused(read);
    assert_error(&error, CUVEE_ERROR_MISUSE, "24000");
    finish(read);
    finalize(read);
    assert_false(engine->connection->lost);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(a_lock_is_waited_for_until_the_deadline),
        ENGINE_TEST(a_lock_that_is_let_go_in_time_is_taken),
        ENGINE_TEST(many_writers_take_turns),
        ENGINE_TEST(a_table_that_is_being_read_is_not_dropped),
        ENGINE_TEST(a_full_disk_is_told_and_nothing_is_lost),
        ENGINE_TEST(after_the_engine_ended_a_transaction_nothing_runs_in_it),
        ENGINE_TEST(a_text_over_the_limit_is_told),
        ENGINE_TEST(a_commit_that_could_not_be_written_is_none),
        ENGINE_TEST(a_commit_on_a_full_disk_is_none),
        ENGINE_TEST(a_commit_that_could_not_be_synced_is_unknown),
        ENGINE_TEST(a_read_that_fails_is_told),
        ENGINE_TEST(a_file_that_cannot_be_set_up_is_told),
        ENGINE_TEST(damage_found_while_reading_is_corrupt),
        ENGINE_TEST(a_cancel_between_two_runs_of_a_batch_is_heard),
        ENGINE_TEST(rows_after_a_rollback_that_took_their_table),
    };
    fault_vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
