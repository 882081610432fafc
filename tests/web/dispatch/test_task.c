#include "web/support.h"

#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

#include "web/app/app.h"
#include "web/server/server.h"
#include "web/wire.h"

static char story[256];
static unsigned good;
static unsigned refused;

static void tell(const char *what)
{
    size_t size = strlen(story);
    snprintf(story + size, sizeof story - size, "%s%s", size ? " " : "", what);
}

static void note(cuvee_session *session, void *arg)
{
    assert_non_null(session);
    tell(arg);
}

static void ask_for_two(cuvee_request *req)
{
    char name[8] = "one";
    assert_true(cuvee_after_reply(req, note, name, sizeof name));
    memcpy(name, "two", 4); /* the first one was copied */
    assert_true(cuvee_after_reply(req, note, name, sizeof name));
    tell("handler");
    cuvee_reply_text(req, "x");
}

static void ask_and_fail(cuvee_request *req)
{
    assert_true(cuvee_after_reply(req, note, "never", 6));
    cuvee_reply_error(req, 400, "x");
    assert_false(cuvee_after_reply(req, note, "never", 6)); /* it has failed already */
}

static void ask_and_break(cuvee_request *req)
{
    assert_true(cuvee_after_reply(req, note, "never", 6));
    cuvee_reply_text(req, "x");
    cuvee_select(cuvee_request_session(req), NULL);
}

static void add_item(cuvee_session *session, void *arg)
{
    cuvee_add(session, &item_model, &(Item){.name = arg, .amount = 1});
    cuvee_commit(session);
}

static void forget_to_commit(cuvee_session *session, void *arg)
{
    cuvee_add(session, &item_model, &(Item){.name = arg, .amount = 1});
    cuvee_flush(session);
}

static void ask_for_items(cuvee_request *req)
{
    cuvee_after_reply(req, add_item, "kept", 5);
    cuvee_after_reply(req, forget_to_commit, "lost", 5);
    cuvee_after_reply(req, add_item, "kept", 5); /* a duplicate */
    cuvee_reply_text(req, "x");
}

static void ask_too_often(cuvee_request *req)
{
    good = refused = 0;
    for (int i = 0; i < 1005; i++)
        *(cuvee_after_reply(req, note, "", 1) ? &good : &refused) += 1;
    assert_false(cuvee_after_reply(req, NULL, "", 1));
    cuvee_reply_text(req, "x");
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_get(world->app, "/two", ask_for_two);
    cuvee_app_get(world->app, "/fail", ask_and_fail);
    cuvee_app_get(world->app, "/break", ask_and_break);
    cuvee_app_get(world->app, "/items", ask_for_items);
    cuvee_app_get(world->app, "/often", ask_too_often);
    story[0] = '\0';
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void tasks_run_behind_the_handler_in_order(void **state)
{
    reply_is(cuvee_test_get(client(*state), "/two"), 200, "x");
    assert_string_equal(story, "handler one two");
}

static void a_request_that_fails_has_none(void **state)
{
    cuvee_test *t = client(*state);
    assert_int_equal(cuvee_test_get(t, "/fail")->status, 400);
    assert_int_equal(cuvee_test_get(t, "/break")->status, 500);
    assert_string_equal(story, "");
}

/* ---- with replies that hooks make ---- */

static void mend_misuse(cuvee_request *req, const cuvee_error *error)
{
    (void)error;
    assert_true(cuvee_after_reply(req, note, "mended", 7));
    cuvee_reply_text(req, "sorry");
}

static void a_hook_that_mends_an_error_has_its_own_only(void **state)
{
    struct world *world = *state;
    cuvee_app_on_error(world->app, CUVEE_ERROR_MISUSE, mend_misuse);
    reply_is(cuvee_test_get(client(world), "/break"), 200, "sorry");
    assert_string_equal(story, "mended");
}

static void ask_and_miss(cuvee_request *req)
{
    assert_true(cuvee_after_reply(req, note, "asked", 6));
    cuvee_set_status(req, 404);
    cuvee_reply_text(req, "x");
}

static bool declines, fails;

static void mend_missing(cuvee_request *req, int status, const char *body)
{
    assert_int_equal(status, 404);
    assert_string_equal(body, "x");
    assert_true(cuvee_after_reply(req, note, "mended", 7));
    if (fails)
        cuvee_reply_error(req, 410, "gone");
    else if (!declines)
        cuvee_reply_text(req, "not here");
}

static void a_hook_that_mends_a_status_keeps_those_that_were_asked_for(void **state)
{
    struct world *world = *state;
    declines = fails = false;
    cuvee_app_get(world->app, "/miss", ask_and_miss);
    cuvee_app_on_status(world->app, 404, mend_missing);
    reply_is(cuvee_test_get(client(world), "/miss"), 200, "not here");
    assert_string_equal(story, "asked mended");
    declines = true;
    reply_is(cuvee_test_get(client(world), "/miss"), 404, "x");
    assert_string_equal(story, "asked mended asked mended");
    fails = true;
    assert_int_equal(cuvee_test_get(client(world), "/miss")->status, 410);
    assert_string_equal(story, "asked mended asked mended");
}

static void fail_behind(cuvee_request *req)
{
    cuvee_reply_error(req, 503, "x");
}

static void a_middleware_that_fails_the_reply_leaves_none(void **state)
{
    static const cuvee_middleware middleware = {.name = "late", .after = fail_behind};
    struct world *world = *state;
    cuvee_app_use(world->app, &middleware);
    assert_int_equal(cuvee_test_get(client(world), "/two")->status, 503);
    assert_string_equal(story, "handler");
}

static void they_work_in_sessions_of_their_own(void **state)
{
    struct world *world = *state;
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/items");
    assert_int_equal(r->status, 200);
    assert_non_null(strstr(r->cause, "after a reply: unique: "));
    cuvee_session *s = cuvee_session_open(cuvee_test_blend(world->test));
    cuvee_list all = cuvee_all(cuvee_select(s, &item_model));
    assert_int_equal(all.count, 1);
    assert_string_equal(((const Item *)all.items[0])->name, "kept");
    cuvee_session_close(s);
}

static void so_many_may_wait_and_no_more(void **state)
{
    cuvee_test *t = client(*state);
    for (int i = 0; i < 2; i++) { /* and when they are done, so many again */
        assert_int_equal(cuvee_test_get(t, "/often")->status, 200);
        assert_int_equal(good, 1000);
        assert_int_equal(refused, 5);
    }
}

/* ---- in a server ---- */

static sem_t entered;
static sem_t go_on;
static atomic_uint done;

static void wait_for_it(cuvee_session *session, void *arg)
{
    (void)session;
    (void)arg;
    sem_post(&entered);
    sem_wait(&go_on);
    atomic_fetch_add(&done, 1);
}

static void ask_for_waiting(cuvee_request *req)
{
    bool taken = cuvee_after_reply(req, wait_for_it, NULL, 0);
    cuvee_reply_text(req, taken ? "taken" : "full");
}

static void the_reply_does_not_wait_for_them(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/", ask_for_waiting);
    sem_init(&entered, 0, 0);
    sem_init(&go_on, 0, 0);
    atomic_init(&done, 0);
    cuvee_server *server = cuvee_server_start(world->app, &(cuvee_server_options){.max_tasks = 2}, NULL);
    static const char request[] = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    static const char *const expected[] = {"taken", "taken", "full"};
    for (size_t i = 0; i < 3; i++) {
        struct wire_reply reply = wire_ask(cuvee_server_port(server), request);
        assert_int_equal(reply.status, 200);
        assert_string_equal(reply.body, expected[i]);
        wire_free(&reply);
    }
    sem_wait(&entered);
    assert_int_equal(atomic_load(&done), 0);
    sem_post(&go_on);
    sem_post(&go_on);
    cuvee_server_stop(server); /* runs what was taken */
    assert_int_equal(atomic_load(&done), 2);
    sem_destroy(&entered);
    sem_destroy(&go_on);
    free_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tasks_run_behind_the_handler_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_request_that_fails_has_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_hook_that_mends_an_error_has_its_own_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_hook_that_mends_a_status_keeps_those_that_were_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_middleware_that_fails_the_reply_leaves_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(they_work_in_sessions_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(so_many_may_wait_and_no_more, set_up, tear_down),
        cmocka_unit_test(the_reply_does_not_wait_for_them),
    };
    return cmocka_run_group_tests_name("web/dispatch/task", tests, NULL, NULL);
}
