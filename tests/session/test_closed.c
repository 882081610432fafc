/* A session that is closed: what is called with it, or with what came from it, is an error and nothing else. */
#include "session/support.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static void assert_closed(const cuvee_session *session)
{
    assert_failed(session, CUVEE_ERROR_MISUSE, "the session is closed");
    assert_failed(session, CUVEE_ERROR_MISUSE, "open another one");
}

static void everything_is_an_error(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    ((User *)cuvee_edit(session, user))->name = "lost";
    add_user(session, "john");
    cuvee_session_close(session);
    assert_closed(session);
    assert_dead(session, user);
    assert_false(cuvee_session_has_changes(session));
    cuvee_cancel(session);
    assert_false(cuvee_rollback(session)); /* this error does not go away */
    assert_closed(session);
    cuvee_session_close(session);
    assert_dead(session, user);
    assert_closed(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void it_replaces_the_error_that_there_was(void **state)
{
    cuvee_session *session = session_on(*state);
    assert_null(cuvee_add(session, &user_model, &(User){.name = "", .email = "x@example.com"}));
    assert_failed(session, CUVEE_ERROR_CHECK, "User.name");
    cuvee_session_close(session);
    assert_closed(session);
}

static void commits_nothing(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "lost");
    assert_true(cuvee_flush(session));
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    add_user(session, "john");
    cuvee_session_close(session);
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_false(cuvee_savepoint_rollback(session, savepoint));
    assert_false(cuvee_savepoint_release(session, savepoint));
    assert_closed(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

/* ---- queries ---- */

/* Whatever builds on the query. */
static void build(cuvee_query *query, const cuvee_expr *condition)
{
    assert_null(cuvee_eq(query, "name", "jane"));
    assert_null(cuvee_between(query, "id", 1, 2));
    assert_null(cuvee_in(query, "id", NULL, 0));
    assert_null(cuvee_is_null(query, "phone"));
    assert_null(cuvee_and(query, condition, condition));
    assert_null(cuvee_or(query, condition, condition));
    assert_null(cuvee_not(query, condition));
    assert_null(cuvee_in_query(query, "id", query, "id"));
    cuvee_where(query, condition);
    cuvee_order_by(query, "name", CUVEE_DESCENDING);
    cuvee_limit(query, 1);
    cuvee_offset(query, 1);
    cuvee_after(query, &(User){.id = 1});
    cuvee_join(query, &profile_model, "user_id", "id");
    cuvee_left_join(query, &profile_model, "user_id", "id");
    cuvee_with(query, "orders");
    cuvee_distinct(query);
    cuvee_pick(query, "name");
    cuvee_pick_aggregate(query, CUVEE_COUNT, NULL);
    cuvee_group_by(query, "name");
    cuvee_having(query, CUVEE_COUNT, NULL, CUVEE_GT, 1);
    cuvee_for_update(query);
}

static void assert_finds_nothing(cuvee_query *query)
{
    assert_int_equal(cuvee_all(query).count, 0);
    assert_null(cuvee_first(query));
    assert_null(cuvee_one(query));
    assert_int_equal(cuvee_count(query), 0);
    assert_false(cuvee_exists(query));
    assert_null(cuvee_rows_open(query));
    assert_int_equal(cuvee_aggregate_of(query, CUVEE_MAX, "id").kind, 0);
    const cuvee_set set = {.field = "name", .value = CUVEE_VALUE("lost")};
    assert_int_equal(cuvee_update_where(query, &set, 1), -1);
    assert_int_equal(cuvee_delete_where(query), -1);
}

static void its_queries_find_nothing(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    cuvee_query *query = cuvee_select(session, &user_model);
    const cuvee_expr *condition = cuvee_eq(query, "name", "jane");
    cuvee_where(query, condition);
    assert_int_equal(cuvee_all(query).count, 1);
    cuvee_session_close(session);
    build(query, condition);
    assert_finds_nothing(query);
    assert_closed(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void its_conditions_are_no_other_querys(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world), *other = session_on(world);
    cuvee_query *closed = cuvee_select(session, &user_model), *open = cuvee_select(other, &user_model);
    const cuvee_expr *condition = cuvee_eq(closed, "name", "jane");
    cuvee_session_close(session);
    cuvee_where(open, condition);
    assert_failed(other, CUVEE_ERROR_MISUSE, "another query");
    assert_true(cuvee_rollback(other));
    assert_null(cuvee_in_query(open, "id", closed, "id"));
    assert_failed(other, CUVEE_ERROR_MISUSE, "another session");
    cuvee_session_close(other);
}

static void its_rows_are_over(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(session, &user_model));
    cuvee_session_close(session);
    assert_null(cuvee_next(rows));
    assert_null(cuvee_next_values(rows));
    assert_null(cuvee_rows_name(rows, 0));
    cuvee_rows_close(rows);
    cuvee_rows_close(rows);
    assert_closed(session);
}

static void so_are_rows_that_are_closed(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(session, &user_model));
    cuvee_rows_close(rows);
    assert_good(session);
    assert_null(cuvee_rows_name(rows, 0));
    assert_null(cuvee_next(rows));
    assert_failed(session, CUVEE_ERROR_MISUSE, "the rows are closed");
    assert_true(cuvee_rollback(session));
    assert_null(cuvee_next_values(rows));
    assert_failed(session, CUVEE_ERROR_MISUSE, "the rows are closed");
    cuvee_rows_close(rows);
    cuvee_session_close(session);
}

static void rows_that_were_left_open_end_with_it(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    insert_user(world, "john");
    cuvee_session *session = session_on(world);
    assert_non_null(cuvee_next(cuvee_rows_open(cuvee_select(session, &user_model))));
    assert_non_null(cuvee_next_values(cuvee_rows_open(cuvee_select(session, &user_model))));
    cuvee_session_close(session); /* valgrind and the leak sanitizer tell if anything is left */
}

/* ---- others that it is used by ---- */

static bool close_and_succeed(cuvee_session *session, void *arg)
{
    (void)arg;
    add_user(session, "lost");
    cuvee_session_close(session);
    return true;
}

static void a_function_that_is_run_must_not(void **state)
{
    struct world *world = *state;
    cuvee_error error;
    assert_int_equal(cuvee_run(world->blend, close_and_succeed, NULL, &error), CUVEE_ROLLED_BACK);
    assert_error(&error, CUVEE_ERROR_MISUSE, "the session is closed");
    assert_int_equal(rows_of(world, &user_model), 0);
}

struct canceller {
    cuvee_session *session;
    atomic_bool started, over;
};

static void *cancel_until_over(void *arg)
{
    struct canceller *canceller = arg;
    while (!canceller->over) {
        cuvee_cancel(canceller->session);
        canceller->started = true;
    }
    return NULL;
}

static void another_thread_may_cancel_meanwhile(void **state)
{
    for (int i = 0; i < 50; i++) {
        struct canceller canceller = {.session = session_on(*state)};
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, cancel_until_over, &canceller), 0);
        while (!canceller.started)
            sched_yield();
        cuvee_session_close(canceller.session);
        canceller.over = true;
        pthread_join(thread, NULL);
        assert_closed(canceller.session);
    }
}

/* ---- how long it is remembered ---- */

static void others_were_opened_since(void **state)
{
    struct world *world = *state;
    enum { MANY = 50 };
    cuvee_session *closed[MANY];
    for (size_t round = 0; round < 20; round++) {
        for (size_t i = 0; i < MANY; i++) {
            closed[i] = session_on(world);
            assert_non_null(cuvee_select(closed[i], &user_model));
            cuvee_session_close(closed[i]);
        }
        for (size_t i = 0; i < MANY; i++)
            assert_closed(closed[i]);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(everything_is_an_error),
        WORLD_TEST(it_replaces_the_error_that_there_was),
        WORLD_TEST(commits_nothing),
        WORLD_TEST(its_queries_find_nothing),
        WORLD_TEST(its_conditions_are_no_other_querys),
        WORLD_TEST(its_rows_are_over),
        WORLD_TEST(so_are_rows_that_are_closed),
        WORLD_TEST(rows_that_were_left_open_end_with_it),
        WORLD_TEST(a_function_that_is_run_must_not),
        WORLD_TEST(another_thread_may_cancel_meanwhile),
        WORLD_TEST(others_were_opened_since),
    };
    return WORLD_MAIN(argc, argv, "closed", tests);
}
