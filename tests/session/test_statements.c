/* Seeing, counting, limiting and stopping statements. */
#include "session/support.h"

#include <cuvee/sql.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

/* ---- the hook ---- */

enum { MOST = 20 };

struct heard {
    int count;
    struct {
        char database[20], sql[200];
        uint64_t rows;
        int64_t microseconds;
        bool failed;
    } statements[MOST];
};

static void hear(void *arg, const cuvee_statement_info *info)
{
    struct heard *heard = arg;
    assert_true(heard->count < MOST);
    snprintf(heard->statements[heard->count].database, 20, "%s", info->database);
    snprintf(heard->statements[heard->count].sql, 200, "%s", info->sql);
    for (char *c = heard->statements[heard->count].sql; (c = strchr(c, '`'));)
        *c = '"'; /* as MariaDB quotes */
    heard->statements[heard->count].rows = info->rows;
    heard->statements[heard->count].microseconds = info->microseconds;
    heard->statements[heard->count].failed = info->failed;
    heard->count++;
}

static void assert_heard(const struct heard *heard, int i, const char *database, const char *words, uint64_t rows,
                         bool failed)
{
    assert_true(i < heard->count);
    assert_string_equal(heard->statements[i].database, database);
    if (!strstr(heard->statements[i].sql, words))
        fail_msg("\"%s\" expected in %s", words, heard->statements[i].sql);
    assert_int_equal(heard->statements[i].rows, rows);
    assert_int_equal(heard->statements[i].failed, failed);
    assert_true(heard->statements[i].microseconds >= 0);
}

static void the_hook_hears_of_every_statement(void **state)
{
    struct world *world = *state;
    struct heard heard = {0};
    cuvee_session *session = cuvee_session_open(world->blend, .on_statement = hear, .on_statement_arg = &heard);
    const User *user = add_user(session, "secret");
    add_user(session, "john");
    add_user(session, "jack");
    assert_int_equal(heard.count, 0);
    assert_true(cuvee_flush(session));
    assert_int_equal(heard.count, 1);
    assert_heard(&heard, 0, "accounts", "INSERT INTO \"users\"", 3, false);
    assert_int_equal(cuvee_all(cuvee_select(session, &user_model)).count, 3);
    assert_heard(&heard, 1, "accounts", "SELECT", 3, false);
    ((User *)cuvee_edit(session, user))->age = (cuvee_opt_int32){true, 7};
    assert_true(cuvee_flush(session));
    assert_heard(&heard, 2, "accounts", "UPDATE \"users\"", 1, false);
    assert_true(cuvee_delete(session, user));
    assert_true(cuvee_flush(session));
    assert_heard(&heard, 3, "sales", "FROM \"orders\"", 0, false); /* does an order still refer to the user? */
    assert_heard(&heard, 4, "accounts", "DELETE FROM \"users\"", 1, false);
    const cuvee_set sets[] = {{"name", CUVEE_VALUE("secret")}};
    assert_int_equal(cuvee_update_where(cuvee_select(session, &user_model), sets, 1), 2);
    assert_heard(&heard, 5, "accounts", "UPDATE \"users\"", 2, false);
    cuvee_value id = CUVEE_VALUE(1);
    assert_int_equal(cuvee_sql_execute(session, &accounts_base, "DELETE FROM users WHERE id > ?", &id, 1), 2);
    assert_heard(&heard, 6, "accounts", "DELETE FROM users WHERE id > ", 2, false);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(heard.count, 7);
    assert_int_equal(cuvee_session_statements(session), heard.count);
    for (int i = 0; i < heard.count; i++)
        assert_null(strstr(heard.statements[i].sql, "secret")); /* values are never in the text */
    cuvee_session_close(session);
}

static void the_hook_hears_of_rows_when_they_are_closed(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    insert_user(world, "john");
    struct heard heard = {0};
    cuvee_session *session = cuvee_session_open(world->blend, .on_statement = hear, .on_statement_arg = &heard);
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(session, &user_model));
    assert_non_null(cuvee_next(rows));
    assert_int_equal(heard.count, 0);
    cuvee_rows_close(rows);
    assert_heard(&heard, 0, "accounts", "SELECT", 1, false); /* that many were read */
    cuvee_session_close(session);
}

static void the_hook_hears_of_failures(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    struct heard heard = {0};
    cuvee_session *session = cuvee_session_open(world->blend, .on_statement = hear, .on_statement_arg = &heard);
    add_user(session, "jane");
    assert_false(cuvee_flush(session));
    assert_int_equal(heard.count, 1);
    assert_true(heard.statements[0].failed);
    assert_true(cuvee_rollback(session));
    assert_int_equal(cuvee_sql_execute(session, &accounts_base, "INSERT INTO profiles VALUES (99, 'x', TRUE)", NULL, 0),
                     -1);
    assert_int_equal(heard.count, 2);
    assert_heard(&heard, 1, "accounts", "profiles", 0, true);
    cuvee_session_close(session);
}

static int64_t ticking(void *arg)
{
    static int64_t now;
    (void)arg;
    return now += 5;
}

static void the_hook_hears_how_long_it_took(void **state)
{
    struct world *world = *state;
    world->clock.ticks_us = ticking;
    struct heard heard = {0};
    cuvee_session *session = cuvee_session_open(world->blend, .on_statement = hear, .on_statement_arg = &heard);
    assert_null(cuvee_get(session, &user_model, 1));
    add_user(session, "jane");
    assert_true(cuvee_flush(session));
    assert_int_equal(heard.statements[0].microseconds, 5);
    assert_int_equal(heard.statements[1].microseconds, 5);
    cuvee_session_close(session);
}

static void statements_are_counted_without_a_hook_too(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    assert_int_equal(cuvee_session_statements(session), 0);
    for (int i = 0; i < 10; i++)
        add_order(session, 1, "Lamp");
    add_user(session, "jane");
    assert_true(cuvee_flush(session)); /* users, the look for user 1, and orders */
    assert_int_equal(cuvee_session_statements(session), 3);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(cuvee_session_statements(session), 3);
    cuvee_session_close(session);
}

/* ---- limits ---- */

/* Queries that run for longer than any test, and for a while; MariaDB ends a recursion after a thousand rounds. */
static const char *slow(void)
{
    return strcmp(world_engine(&accounts_base), "mariadb") == 0
               ? "SELECT count(*) FROM seq_1_to_1000000000 a JOIN seq_1_to_1000000 b"
               : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
}

static const char *slowish(void)
{
    return strcmp(world_engine(&accounts_base), "mariadb") == 0 ? "SELECT sum(seq % 7) FROM seq_1_to_1000000"
                                                                : "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i "
                                                                  "+ 1 FROM n WHERE i < 300000) SELECT count(*) FROM n";
}

/* The error of reading from a query, or NONE. */
static cuvee_error_kind outcome_of(cuvee_session *session, const char *sql)
{
    cuvee_rows *rows = cuvee_sql_rows(session, &accounts_base, sql, NULL, 0);
    cuvee_next_values(rows);
    cuvee_rows_close(rows);
    return cuvee_session_error(session)->kind;
}

static void a_statement_over_its_time_is_stopped(void **state)
{
    struct world *world = *state;
    cuvee_session *session = cuvee_session_open(world->blend, .statement_ms = 5);
    assert_int_equal(outcome_of(session, slow()), CUVEE_ERROR_CANCELLED);
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    do { /* and goes on; a busy machine may need longer for that too */
        assert_true(cuvee_rollback(session));
        add_user(session, "jane");
        cuvee_commit(session);
    } while (cuvee_session_error(session)->kind == CUVEE_ERROR_CANCELLED);
    assert_good(session);
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void a_limit_is_its_sessions_own(void **state)
{
    struct world *world = *state;
    cuvee_session *session = cuvee_session_open(world->blend, .statement_ms = 1);
    assert_int_equal(outcome_of(session, slowish()), CUVEE_ERROR_CANCELLED);
    cuvee_session_close(session);
    session = session_on(world); /* on the same connection */
    assert_int_equal(outcome_of(session, slowish()), CUVEE_ERROR_NONE);
    cuvee_session_close(session);
    session = cuvee_session_open(world->blend, .statement_ms = 1);
    assert_int_equal(outcome_of(session, slowish()), CUVEE_ERROR_CANCELLED);
    cuvee_session_close(session);
}

static void count_users_within(const struct world *world, unsigned ms, cuvee_error_kind kind)
{
    cuvee_session *session = cuvee_session_open(world->blend, .statement_ms = ms);
    cuvee_count(cuvee_select(session, &user_model));
    assert_int_equal(cuvee_session_error(session)->kind, kind);
    cuvee_session_close(session);
}

static void a_limit_does_not_reach_into_the_next_session(void **state)
{
    struct world *world = *state;
    count_users_within(world, 60000, CUVEE_ERROR_NONE);
    cv_script_fail(&world->accounts_calls, CV_CALL_LIMIT, 1,
                   CUVEE_ERROR_CANCELLED); /* by the limit that it takes away */
    count_users_within(world, 0, CUVEE_ERROR_NONE);
    assert_non_null(strstr(cv_script_text(&world->accounts_calls), "limit 60000\n"));
    assert_non_null(strstr(cv_script_text(&world->accounts_calls), "limit 0\nlimit 0\n"));
    cv_script_fail(&world->accounts_calls, CV_CALL_LIMIT, 1, CUVEE_ERROR_CONNECTION);
    count_users_within(world, 60000, CUVEE_ERROR_CONNECTION);
    count_users_within(world, 60000, CUVEE_ERROR_NONE);
}

/* ---- cancel ---- */

struct canceller {
    cuvee_session *session;
    atomic_bool over;
};

static void *cancel_until_over(void *arg)
{
    struct canceller *canceller = arg;
    while (!atomic_load(&canceller->over)) {
        cuvee_cancel(canceller->session);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return NULL;
}

static void another_thread_cancels_a_statement(void **state)
{
    struct world *world = *state;
    struct canceller canceller = {.session = session_on(world)};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_until_over, &canceller), 0);
    cuvee_error_kind kind = outcome_of(canceller.session, slow());
    atomic_store(&canceller.over, true);
    pthread_join(thread, NULL);
    assert_int_equal(kind, CUVEE_ERROR_CANCELLED);
    assert_true(cuvee_rollback(canceller.session));
    add_user(canceller.session, "jane"); /* what comes after is not cancelled */
    commit_and_close(canceller.session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void a_cancel_without_a_statement_does_nothing(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_cancel(session); /* no connection */
    add_user(session, "jane");
    assert_true(cuvee_flush(session));
    cuvee_cancel(session); /* a connection at rest */
    add_user(session, "john");
    assert_true(cuvee_flush(session));
    cuvee_cancel(session);
    commit_and_close(session);
}

static void a_cancel_reaches_its_own_session_only(void **state)
{
    struct world *world = *state;
    struct canceller canceller = {.session = session_on(world)};
    assert_int_equal(cuvee_count(cuvee_select(canceller.session, &user_model)), 0);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_until_over, &canceller), 0);
    cuvee_session *other = session_on(world);
    assert_int_equal(outcome_of(other, slowish()), CUVEE_ERROR_NONE);
    assert_int_equal(cuvee_commit(canceller.session), CUVEE_COMMITTED); /* gives its connection to the next */
    cuvee_session *next = session_on(world);
    assert_int_equal(outcome_of(next, slowish()), CUVEE_ERROR_NONE);
    atomic_store(&canceller.over, true);
    pthread_join(thread, NULL);
    cuvee_session_close(canceller.session);
    cuvee_session_close(other);
    cuvee_session_close(next);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(the_hook_hears_of_every_statement),
        WORLD_TEST(the_hook_hears_of_rows_when_they_are_closed),
        WORLD_TEST(the_hook_hears_of_failures),
        WORLD_TEST(the_hook_hears_how_long_it_took),
        WORLD_TEST(statements_are_counted_without_a_hook_too),
        WORLD_TEST(a_statement_over_its_time_is_stopped),
        WORLD_TEST(a_limit_is_its_sessions_own),
        SCRIPTED_TEST(a_limit_does_not_reach_into_the_next_session),
        WORLD_TEST(another_thread_cancels_a_statement),
        WORLD_TEST(a_cancel_without_a_statement_does_nothing),
        WORLD_TEST(a_cancel_reaches_its_own_session_only),
    };
    return WORLD_MAIN(argc, argv, "statements", tests);
}
