/* Cancels of servers that do not answer: a proxy lets who tells them wait. */
#include "session/support.h"

#include <cuvee/sql.h>
#include <pthread.h>

#include "support/engines.h"
#include "support/proxy.h"

/* A blend whose accounts are reached through a proxy. */
struct far {
    struct world *world;
    struct proxy *proxy;
    cuvee_blend *blend;
};

static int far_open(void **state)
{
    struct far *far = calloc(1, sizeof *far);
    assert_non_null(far);
    world_open((void **)&far->world);
    char *path = engine_socket(world_url("accounts"));
    far->proxy = proxy_start(path);
    char *url = engine_url_through(world_url("accounts"), proxy_port(far->proxy));
    far->blend = cuvee_blend_new();
    assert_true(cuvee_blend_bind(far->blend, &accounts_base, url));
    assert_true(cuvee_blend_bind(far->blend, &sales_base, world_url("sales")));
    free(path);
    free(url);
    *state = far;
    return 0;
}

static int far_close(void **state)
{
    struct far *far = *state;
    cuvee_blend_free(far->blend);
    proxy_stop(far->proxy);
    world_close((void **)&far->world);
    free(far);
    return 0;
}

#define FAR_TEST(name) cmocka_unit_test_setup_teardown(name, far_open, far_close)

static void *cancel(void *session)
{
    cuvee_cancel(session);
    return NULL;
}

/* A session that wrote a row and has read something, and a cancel that came while it read and waits for the server. */
static cuvee_session *cancelled_slowly(struct far *far, pthread_t *thread)
{
    cuvee_session *session = cuvee_session_open(far->blend);
    add_user(session, "jane");
    assert_true(cuvee_flush(session));
    cuvee_rows *rows = cuvee_sql_rows(session, &accounts_base, "SELECT 1 UNION ALL SELECT 2", NULL, 0);
    assert_non_null(cuvee_next_values(rows));
    proxy_ignore(far->proxy);
    assert_int_equal(pthread_create(thread, NULL, cancel, session), 0);
    proxy_await(far->proxy);
    cuvee_rows_close(rows);
    assert_good(session);
    return session;
}

static void end_cancel(struct far *far, pthread_t thread)
{
    proxy_hear(far->proxy);
    pthread_join(thread, NULL);
}

static void assert_works(cuvee_session *session)
{
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 0);
    assert_good(session);
}

static void nothing_waits_for_a_server_that_does_not_answer(void **state)
{
    struct far *far = *state;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(far, &thread);
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_CANCELLED, "a cancel was on its way");
    assert_true(cuvee_rollback(session));
    cuvee_session_close(session);
    assert_int_equal(rows_of(far->world, &user_model), 0);
    end_cancel(far, thread);
}

static void the_connection_comes_back_whole(void **state)
{
    struct far *far = *state;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(far, &thread);
    cuvee_session_close(session);
    end_cancel(far, thread);
    unsigned taken = proxy_taken(far->proxy);
    for (int i = 0; i < 20; i++) {
        session = cuvee_session_open(far->blend);
        assert_works(session);
        cuvee_session_close(session);
    }
    assert_int_equal(proxy_taken(far->proxy), taken);
}

static void the_session_commits_once_the_cancel_is_over(void **state)
{
    struct far *far = *state;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(far, &thread);
    end_cancel(far, thread);
    commit_and_close(session);
    assert_int_equal(rows_of(far->world, &user_model), 1);
}

static void the_blend_ends_when_the_server_has_answered(void **state)
{
    struct far *far = *state;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(far, &thread);
    cuvee_session_close(session);
    proxy_hear(far->proxy);
    cuvee_blend_free(far->blend);
    far->blend = NULL;
    pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        FAR_TEST(nothing_waits_for_a_server_that_does_not_answer),
        FAR_TEST(the_connection_comes_back_whole),
        FAR_TEST(the_session_commits_once_the_cancel_is_over),
        FAR_TEST(the_blend_ends_when_the_server_has_answered),
    };
    return WORLD_MAIN(argc, argv, "cancel_server", tests);
}
