/* Stopping a connection from another thread. */
#include "driver/support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* Cancels again and again until told to stop: whenever the call begins, one of them meets it. */
struct canceller {
    struct cv_connection *connection;
    atomic_bool enough;
    pthread_t thread;
};

static void *cancel_until_enough(void *arg)
{
    struct canceller *canceller = arg;
    while (!atomic_load(&canceller->enough)) {
        canceller->connection->driver->cancel(canceller->connection);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return NULL;
}

static void cancel_begin(struct canceller *canceller, struct cv_connection *connection)
{
    canceller->connection = connection;
    atomic_init(&canceller->enough, false);
    assert_int_equal(pthread_create(&canceller->thread, NULL, cancel_until_enough, canceller), 0);
}

static void cancel_end(struct canceller *canceller)
{
    atomic_store(&canceller->enough, true);
    pthread_join(canceller->thread, NULL);
}

static void a_long_query_ends(void **state)
{
    struct engine *engine = *state;
    struct canceller canceller;
    cancel_begin(&canceller, engine->connection);
    cuvee_error error = run_with_refused(engine->connection, slow_query(engine), "", NULL);
    cancel_end(&canceller);
    assert_error(&error, CUVEE_ERROR_CANCELLED, "57014");
    assert_int_equal(ask(engine->connection, "SELECT 1"), 1);
    assert_false(engine->connection->lost);
}

static void a_long_script_ends(void **state)
{
    struct engine *engine = *state;
    struct canceller canceller;
    cancel_begin(&canceller, engine->connection);
    cuvee_error error = run_refused(engine->connection, slow_query(engine));
    cancel_end(&canceller);
    assert_error(&error, CUVEE_ERROR_CANCELLED, "57014");
}

static void waiting_for_a_lock_ends(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY)%;");
    run(engine->connection, "INSERT INTO t VALUES (1)");
    struct cv_database *patient = engine_database(engine, (cuvee_bind_options){.busy_ms = 60000});
    struct cv_connection *waiting = connection_open(patient);
    begin(engine->connection);
    run(engine->connection, "UPDATE t SET id = 2");
    struct canceller canceller;
    cuvee_error error = {0};
    cancel_begin(&canceller, waiting);
    if (waiting->driver->begin(waiting, CV_BEGIN_WRITE, &error))
        error = run_with_refused(waiting, "UPDATE t SET id = 3", "", NULL);
    cancel_end(&canceller);
    assert_error(&error, CUVEE_ERROR_CANCELLED, "57014");
    waiting->driver->rollback(waiting);
    commit(engine->connection);
    connection_close(waiting);
    database_close(patient);
}

static bool endless_row(void *arg, size_t i, cuvee_value *params)
{
    (void)arg;
    params[0] = cuvee_int_value((int64_t)i);
    return true;
}

static void a_long_batch_ends(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (id %l)%;");
    struct cv_statement *statement = prepare(engine->connection, "INSERT INTO t VALUES (?)", "l", NULL);
    struct cv_batch many = {.count = SIZE_MAX, .row = endless_row};
    struct canceller canceller;
    cuvee_error error = {0};
    begin(engine->connection);
    cancel_begin(&canceller, engine->connection);
    assert_false(engine->connection->driver->run_many(statement, &many, &error));
    cancel_end(&canceller);
    assert_error(&error, CUVEE_ERROR_CANCELLED, "57014");
    engine->connection->driver->rollback(engine->connection);
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM t"), 0);
    finalize(statement);
}

static void with_nothing_going_on_nothing_happens(void **state)
{
    struct engine *engine = *state;
    engine->connection->driver->cancel(engine->connection);
    assert_int_equal(ask(engine->connection, "SELECT 1"), 1);
    begin(engine->connection);
    engine->connection->driver->cancel(engine->connection);
    run(engine->connection, "CREATE TABLE t (x INTEGER)");
    commit(engine->connection);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(a_long_query_ends),
        ENGINE_TEST(a_long_script_ends),
        ENGINE_TEST(waiting_for_a_lock_ends),
        ENGINE_TEST(a_long_batch_ends),
        ENGINE_TEST(with_nothing_going_on_nothing_happens),
    };
    return ENGINE_MAIN(argc, argv, "cancel", tests);
}
