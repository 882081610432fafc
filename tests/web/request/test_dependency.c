#include "web/support.h"

#include <stdio.h>

static char value_a[] = "A";
static char value_b[] = "B";
static char value_c[] = "C";
static char value_mine[] = "mine";
static char value_other[] = "other";

/* What happened, in order: "open a, open b, …". */
static char story[256];

static void tell(const char *what, const char *name)
{
    size_t size = strlen(story);
    snprintf(story + size, sizeof story - size, "%s%s %s", size ? ", " : "", what, name);
}

static void *open_a(cuvee_request *req)
{
    (void)req;
    tell("open", "a");
    return value_a;
}

static void close_a(cuvee_request *req, void *value)
{
    (void)req;
    assert_string_equal(value, "A");
    tell("close", "a");
}

static const cuvee_dependency a = {.name = "a", .open = open_a, .close = close_a};

/* Needs a, to the end. */
static void *open_b(cuvee_request *req)
{
    tell("begin", "b");
    assert_string_equal(cuvee_depend(req, &a), "A");
    tell("open", "b");
    return value_b;
}

static void close_b(cuvee_request *req, void *value)
{
    (void)value;
    assert_string_equal(cuvee_depend(req, &a), "A");
    tell("close", "b");
}

static const cuvee_dependency b = {.name = "b", .open = open_b, .close = close_b};

static void *open_c(cuvee_request *req)
{
    (void)req;
    tell("open", "c");
    return value_c;
}

static const cuvee_dependency c = {.name = "c", .open = open_c}; /* nothing to close */

static void *open_refusing(cuvee_request *req)
{
    cuvee_reply_error(req, 401, "who are you?");
    return NULL;
}

static void never_close(cuvee_request *req, void *value)
{
    (void)req;
    (void)value;
    tell("close", "nothing");
}

static const cuvee_dependency refusing = {.name = "refusing", .open = open_refusing, .close = never_close};

static const cuvee_dependency loop;

static void *open_loop(cuvee_request *req)
{
    assert_null(cuvee_depend(req, &loop));
    return NULL;
}

static const cuvee_dependency loop = {.name = "loop", .open = open_loop};

/* ---- handlers ---- */

static void use_all(cuvee_request *req)
{
    assert_string_equal(cuvee_depend(req, &b), "B");
    assert_string_equal(cuvee_depend(req, &c), "C");
    assert_string_equal(cuvee_depend(req, &a), "A");
    assert_string_equal(cuvee_depend(req, &b), "B");
    tell("run", "handler");
    cuvee_reply_status(req, 204);
}

static void use_refusing(cuvee_request *req)
{
    assert_null(cuvee_depend(req, &refusing));
    assert_null(cuvee_depend(req, &refusing));
    assert_null(cuvee_depend(req, &a)); /* the request has failed: nothing more is opened */
    cuvee_reply_status(req, 204);
}

static void use_loop(cuvee_request *req)
{
    cuvee_depend(req, &loop);
    cuvee_reply_status(req, 204);
}

static void use_a(cuvee_request *req)
{
    tell("got", cuvee_depend(req, &a));
    cuvee_reply_status(req, 204);
}

static void use_session(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    assert_non_null(s);
    assert_ptr_equal(cuvee_request_session(req), s);
    assert_ptr_equal(cuvee_depend(req, cuvee_session_dependency()), s);
    cuvee_reply_query(req, cuvee_select(s, &item_model));
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_get(world->app, "/all", use_all);
    cuvee_app_get(world->app, "/refusing", use_refusing);
    cuvee_app_get(world->app, "/loop", use_loop);
    cuvee_app_get(world->app, "/a", use_a);
    cuvee_app_get(world->app, "/session", use_session);
    story[0] = '\0';
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void opened_once_and_closed_in_reverse(void **state)
{
    reply_is(cuvee_test_get(client(*state), "/all"), 204, "");
    assert_string_equal(story, "begin b, open a, open b, open c, run handler, close b, close a");
}

static void each_request_opens_its_own(void **state)
{
    cuvee_test_get(client(*state), "/a");
    cuvee_test_get(client(*state), "/a");
    assert_string_equal(story, "open a, got A, close a, open a, got A, close a");
}

static void one_that_refuses_makes_the_reply(void **state)
{
    reply_is(cuvee_test_get(client(*state), "/refusing"), 401, "{\"detail\":\"who are you?\"}");
    assert_string_equal(story, "");
}

static void a_circle_is_a_500(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/loop");
    reply_is(r, 500, "Internal Server Error");
    assert_non_null(strstr(r->cause, "dependency loop depends on itself"));
}

static void an_override_is_neither_opened_nor_closed(void **state)
{
    cuvee_test *t = client(*state);
    cuvee_test_override(t, &a, value_mine);
    cuvee_test_get(t, "/a");
    assert_string_equal(story, "got mine");
    cuvee_test_override(t, &a, value_other);
    cuvee_test_get(t, "/a");
    assert_string_equal(story, "got mine, got other");
    cuvee_test_override(t, &a, NULL);
    cuvee_test_override(t, &a, NULL);
    cuvee_test_get(t, "/a");
    assert_string_equal(story, "got mine, got other, open a, got A, close a");
}

static void overrides_of_one_client_are_not_anothers(void **state)
{
    struct world *world = *state;
    cuvee_test *other = cuvee_test_open(world->app);
    cuvee_test_override(other, &a, value_mine);
    cuvee_test_get(client(world), "/a");
    assert_string_equal(story, "open a, got A, close a");
    cuvee_test_close(other);
}

static void the_session_is_a_dependency(void **state)
{
    struct world *world = *state;
    reply_is(cuvee_test_get(client(world), "/session"), 200, "[]");
    cuvee_session *session = cuvee_session_open(cuvee_test_blend(world->test));
    cuvee_add(session, &item_model, &(Item){.name = "uncommitted", .amount = 1});
    cuvee_test_override(world->test, cuvee_session_dependency(), session);
    at_is(cuvee_test_get(world->test, "/session"), "[0].name", "uncommitted");
    assert_int_equal(cuvee_session_error(session)->kind, CUVEE_ERROR_NONE); /* it is still open */
    cuvee_test_override(world->test, cuvee_session_dependency(), NULL);
    cuvee_session_close(session);
    reply_is(cuvee_test_get(world->test, "/session"), 200, "[]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opened_once_and_closed_in_reverse, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_request_opens_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_refuses_makes_the_reply, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_circle_is_a_500, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_override_is_neither_opened_nor_closed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(overrides_of_one_client_are_not_anothers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_session_is_a_dependency, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/request/dependency", tests, NULL, NULL);
}
