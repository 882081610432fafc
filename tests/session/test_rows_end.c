/* What becomes of open rows when their session commits, rolls back or is closed; and of locks when a commit fails. */
#include "session/support.h"

#include <cuvee/sql.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static cuvee_rows *two_users_open(const struct world *world, cuvee_session *session)
{
    insert_user(world, "Ada");
    insert_user(world, "Ben");
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(session, &user_model));
    assert_non_null(cuvee_next(rows));
    return rows;
}

static void rows_end_with_a_commit(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_rows *rows = two_users_open(*state, session);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_null(cuvee_next(rows));
    assert_failed(session, CUVEE_ERROR_MISUSE, "before commit");
    cuvee_rows_close(rows);
    cuvee_session_close(session);
}

static void rows_end_with_a_rollback(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_rows *rows = two_users_open(*state, session);
    assert_true(cuvee_rollback(session));
    assert_null(cuvee_next_values(rows));
    assert_failed(session, CUVEE_ERROR_MISUSE, "before commit");
    assert_null(cuvee_rows_name(rows, 0));
    cuvee_rows_close(rows);
    cuvee_session_close(session);
}

static void rows_outlive_their_session_as_an_end(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_rows *rows = two_users_open(*state, session);
    cuvee_session_close(session);
    assert_null(cuvee_next(rows));
    assert_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
}

/* The connection goes back to the pool without a statement in the middle of its rows. */
static void the_next_session_gets_a_connection_at_rest(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_rows *rows = two_users_open(*state, session);
    cuvee_rollback(session);
    assert_int_equal(rows_of(*state, &user_model), 2);
    insert_user(*state, "Cleo");
    assert_int_equal(rows_of(*state, &user_model), 3);
    cuvee_rows_close(rows);
    cuvee_session_close(session);
}

static void several_rows_close_in_any_order(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_rows *first = two_users_open(*state, session);
    cuvee_rows *second = cuvee_rows_open(cuvee_select(session, &user_model));
    cuvee_rows *third = cuvee_rows_open(cuvee_select(session, &user_model));
    assert_non_null(cuvee_next(second));
    cuvee_rows_close(second);
    assert_non_null(cuvee_next(third));
    cuvee_rows_close(first);
    assert_non_null(cuvee_next(third));
    assert_null(cuvee_next(third));
    cuvee_rows_close(third);
    assert_good(session);
    cuvee_session_close(session);
}

/* A child that cleans up: what its parent has not read yet is still there for the parent. */
static void a_child_takes_no_rows_from_its_parent(void **state)
{
    enum { USERS = 300 };
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    char name[20];
    for (int i = 0; i < USERS; i++) {
        snprintf(name, sizeof name, "user%d", i);
        add_user(session, name);
    }
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    const char *sql = "SELECT a.id FROM users a, users b"; /* more than a client reads ahead */
    cuvee_rows *rows = cuvee_sql_rows(session, &accounts_base, sql, NULL, 0);
    assert_non_null(cuvee_next_values(rows));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        cuvee_session_close(session);
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    int count = 1;
    while (cuvee_next_values(rows))
        count++;
    assert_good(session);
    assert_int_equal(count, USERS * USERS);
    cuvee_session_close(session);
}

/* A failed commit holds no lock, although the session is still open with its error. */
static void a_failed_commit_lets_others_write(void **state)
{
    cuvee_session *session = session_on(*state);
    insert_user(*state, "Ada");
    add_order(session, 1, "Lamp");
    assert_true(cuvee_flush(session));
    add_user(session, "Ada");
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_UNIQUE, "");
    insert_user(*state, "Ben");
    insert_order(*state, 1, "Chair");
    assert_int_equal(rows_of(*state, &order_model), 1);
    cuvee_session_close(session);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(rows_end_with_a_commit),
        WORLD_TEST(rows_end_with_a_rollback),
        WORLD_TEST(rows_outlive_their_session_as_an_end),
        WORLD_TEST(the_next_session_gets_a_connection_at_rest),
        WORLD_TEST(several_rows_close_in_any_order),
        WORLD_TEST(a_child_takes_no_rows_from_its_parent),
        WORLD_TEST(a_failed_commit_lets_others_write),
    };
    return WORLD_MAIN(argc, argv, "rows_end", tests);
}
