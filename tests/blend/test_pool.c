/* Pools: connections that are lent, and the limit of them. */
#include "session/support.h"

#include <pthread.h>
#include <stdatomic.h>

/* A blend of one scripted database. */
struct pond {
    struct cv_script script;
    cuvee_blend *blend;
    struct cv_pool *pool;
};

static struct pond *open_pond(cuvee_bind_options options)
{
    struct pond *pond = calloc(1, sizeof *pond);
    assert_non_null(pond);
    cv_script_init(&pond->script);
    pond->blend = cuvee_blend_new();
    struct cv_place place = {.url = "scripted:", .script = &pond->script, .options = options};
    assert_true(cv_blend_bind_place(pond->blend, &accounts_base, &cv_scripted_driver, &place));
    assert_true(cv_blend_freeze(pond->blend, NULL));
    pond->pool = cv_blend_base_pool(pond->blend, &accounts_base);
    return pond;
}

static void close_pond(struct pond *pond)
{
    cuvee_blend_free(pond->blend);
    cv_script_free(&pond->script);
    free(pond);
}

static struct cv_connection *lend(struct pond *pond)
{
    cuvee_error error = {0};
    struct cv_connection *connection = cv_pool_lend(pond->pool, &error);
    if (!connection)
        fail_msg("%s", error.message);
    return connection;
}

static void assert_none(struct pond *pond, cuvee_error_kind kind, const char *words)
{
    cuvee_error error = {0};
    assert_null(cv_pool_lend(pond->pool, &error));
    assert_error(&error, kind, words);
    assert_string_equal(error.database, "accounts");
}

static size_t connected(const struct pond *pond)
{
    return pond->script.calls[CV_CALL_CONNECT];
}

static void nothing_is_connected_before_it_is_needed(void **state)
{
    (void)state;
    struct pond *pond = open_pond((cuvee_bind_options){0});
    assert_int_equal(connected(pond), 0);
    cuvee_session *session = cuvee_session_open(pond->blend);
    assert_int_equal(connected(pond), 0);
    cuvee_session_close(session);
    close_pond(pond);
}

static void the_last_given_back_is_lent_first(void **state)
{
    (void)state;
    struct pond *pond = open_pond((cuvee_bind_options){0});
    struct cv_connection *first = lend(pond), *second = lend(pond), *third = lend(pond);
    assert_int_equal(connected(pond), 3);
    cv_pool_give_back(pond->pool, second);
    cv_pool_give_back(pond->pool, first);
    assert_ptr_equal(lend(pond), first);
    assert_ptr_equal(lend(pond), second);
    assert_int_equal(connected(pond), 3);
    cv_pool_give_back(pond->pool, first);
    cv_pool_give_back(pond->pool, second);
    cv_pool_give_back(pond->pool, third);
    close_pond(pond);
}

static void there_is_a_limit_of_connections(void **state)
{
    (void)state;
    enum { DEFAULT = 16 };
    for (unsigned limit = 0; limit <= 2; limit++) {
        struct pond *pond = open_pond((cuvee_bind_options){.max_connections = limit, .wait_ms = 10});
        struct cv_connection *lent[DEFAULT];
        unsigned count = limit ? limit : DEFAULT;
        for (unsigned i = 0; i < count; i++)
            lent[i] = lend(pond);
        assert_none(pond, CUVEE_ERROR_EXHAUSTED, "no connection to accounts became free within 10 ms");
        assert_none(pond, CUVEE_ERROR_EXHAUSTED, "max_connections");
        cv_pool_give_back(pond->pool, lent[0]);
        assert_ptr_equal(lend(pond), lent[0]);
        for (unsigned i = 0; i < count; i++)
            cv_pool_give_back(pond->pool, lent[i]);
        assert_int_equal(connected(pond), count);
        close_pond(pond);
    }
}

static void a_session_takes_one_connection_per_database(void **state)
{
    (void)state;
    struct pond *pond = open_pond((cuvee_bind_options){.max_connections = 1, .wait_ms = 10});
    assert_true(cuvee_create_tables(pond->blend));
    cuvee_session *session = cuvee_session_open(pond->blend), *other = cuvee_session_open(pond->blend);
    add_user(session, "jane");
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(session, &user_model));
    assert_non_null(cuvee_next(rows));
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1); /* in the middle of other rows */
    add_user(session, "john");
    assert_true(cuvee_flush(session));
    assert_null(cuvee_get(other, &user_model, 1));
    assert_failed(other, CUVEE_ERROR_EXHAUSTED, "accounts");
    cuvee_rows_close(rows);
    cuvee_session_close(session);
    assert_true(cuvee_rollback(other));
    assert_null(cuvee_get(other, &user_model, 1));
    assert_good(other);
    cuvee_session_close(other);
    close_pond(pond);
}

/* ---- connections that are no good ---- */

static void a_lost_connection_is_not_lent_again(void **state)
{
    (void)state;
    struct pond *pond = open_pond((cuvee_bind_options){.max_connections = 1, .wait_ms = 10});
    struct cv_connection *connection = lend(pond);
    connection->lost = true;
    cv_pool_give_back(pond->pool, connection);
    assert_int_equal(connected(pond), 1);
    connection = lend(pond); /* its place is free */
    assert_int_equal(connected(pond), 2);
    cv_pool_give_back(pond->pool, connection);
    connection->lost = true; /* while it lies idle */
    connection = lend(pond);
    assert_int_equal(connected(pond), 3);
    assert_false(connection->lost);
    cv_pool_give_back(pond->pool, connection);
    close_pond(pond);
}

static void a_session_goes_on_after_a_lost_connection(void **state)
{
    (void)state;
    struct pond *pond = open_pond((cuvee_bind_options){.max_connections = 1, .wait_ms = 10});
    assert_true(cuvee_create_tables(pond->blend));
    static const enum cv_call calls[] = {CV_CALL_BEGIN,    CV_CALL_PREPARE, CV_CALL_RUN_MANY,
                                         CV_CALL_ROLLBACK, CV_CALL_START,   CV_CALL_NEXT};
    cuvee_session *session = cuvee_session_open(pond->blend);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        cv_script_fail(&pond->script, calls[i], 1, CUVEE_ERROR_CONNECTION);
        size_t before = connected(pond);
        add_user(session, "jane");
        cuvee_flush(session);
        cuvee_get(session, &user_model, 99);
        if (calls[i] != CV_CALL_ROLLBACK) {
            assert_failed(session, CUVEE_ERROR_CONNECTION, "");
            assert_string_equal(cuvee_session_error(session)->database, "accounts");
        }
        assert_true(cuvee_rollback(session));
        cv_script_fail(&pond->script, calls[i], 0, CUVEE_ERROR_CONNECTION);
        assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 0);
        assert_good(session);
        assert_int_equal(connected(pond), before + 1);
    }
    cuvee_session_close(session);
    close_pond(pond);
}

static void a_connection_that_cannot_be_made_takes_no_place(void **state)
{
    (void)state;
    struct pond *pond = open_pond((cuvee_bind_options){.max_connections = 1, .wait_ms = 10});
    for (int i = 0; i < 3; i++) {
        cv_script_fail(&pond->script, CV_CALL_CONNECT, 1, CUVEE_ERROR_CONNECT);
        assert_none(pond, CUVEE_ERROR_CONNECT, "the script makes this connect fail");
    }
    cv_pool_give_back(pond->pool, lend(pond));
    close_pond(pond);
}

/* ---- threads ---- */

static void *lend_and_lose(void *arg)
{
    struct pond *pond = arg;
    struct cv_connection *connection = cv_pool_lend(pond->pool, NULL);
    if (!connection)
        return NULL;
    connection->lost = true;
    cv_pool_give_back(pond->pool, connection);
    return pond;
}

static void who_waits_gets_what_is_given_back(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    struct pond *pond = open_pond((cuvee_bind_options){.max_connections = 1, .wait_ms = 60000});
    struct cv_connection *connection = lend(pond);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, lend_and_lose, pond), 0);
    connection->lost = true; /* also a place that became free wakes one who waits */
    cv_pool_give_back(pond->pool, connection);
    for (int i = 0; i < THREADS; i++) {
        void *got;
        pthread_join(threads[i], &got);
        assert_ptr_equal(got, pond);
    }
    assert_int_equal(connected(pond), 1 + THREADS);
    close_pond(pond);
}

struct crowd {
    struct pond *pond;
    atomic_int lent, most, failed;
};

static void *lend_often(void *arg)
{
    struct crowd *crowd = arg;
    for (int i = 0; i < 300; i++) {
        struct cv_connection *connection = cv_pool_lend(crowd->pond->pool, NULL);
        if (!connection) {
            atomic_fetch_add(&crowd->failed, 1);
            continue;
        }
        int lent = atomic_fetch_add(&crowd->lent, 1) + 1, most = atomic_load(&crowd->most);
        while (lent > most && !atomic_compare_exchange_weak(&crowd->most, &most, lent))
            ;
        connection->limit_ms++; /* a connection is one thread's at a time */
        atomic_fetch_sub(&crowd->lent, 1);
        connection->lost = i % 100 == 99;
        cv_pool_give_back(crowd->pond->pool, connection);
    }
    return NULL;
}

static void many_threads_share_few_connections(void **state)
{
    (void)state;
    enum { THREADS = 8, LIMIT = 3 };
    struct crowd crowd = {.pond = open_pond((cuvee_bind_options){.max_connections = LIMIT, .wait_ms = 60000})};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, lend_often, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(crowd.failed, 0);
    assert_true(crowd.most <= LIMIT);
    assert_true(connected(crowd.pond) <= LIMIT + 3 * THREADS);
    struct cv_connection *lent[LIMIT];
    for (int i = 0; i < LIMIT; i++)
        lent[i] = lend(crowd.pond); /* no place was lost */
    for (int i = 0; i < LIMIT; i++)
        cv_pool_give_back(crowd.pond->pool, lent[i]);
    close_pond(crowd.pond);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_connected_before_it_is_needed),
        cmocka_unit_test(the_last_given_back_is_lent_first),
        cmocka_unit_test(there_is_a_limit_of_connections),
        cmocka_unit_test(a_session_takes_one_connection_per_database),
        cmocka_unit_test(a_lost_connection_is_not_lent_again),
        cmocka_unit_test(a_session_goes_on_after_a_lost_connection),
        cmocka_unit_test(a_connection_that_cannot_be_made_takes_no_place),
        cmocka_unit_test(who_waits_gets_what_is_given_back),
        cmocka_unit_test(many_threads_share_few_connections),
    };
    return WORLD_MAIN(argc, argv, "pool", tests);
}
