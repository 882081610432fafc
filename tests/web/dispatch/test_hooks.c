#include "web/support.h"

#include <stdio.h>

static char story[256];

static void tell(const char *what)
{
    size_t size = strlen(story);
    snprintf(story + size, sizeof story - size, "%s%s", size ? " " : "", what);
}

static void before_a(cuvee_request *req)
{
    tell("a>");
    assert_int_equal(cuvee_request_status(req), 0);
    cuvee_set_header(req, "X-Early", "yes");
}

static void after_a(cuvee_request *req)
{
    char status[16];
    snprintf(status, sizeof status, "<a%d", cuvee_request_status(req));
    tell(status);
    cuvee_set_header(req, "X-After", "a");
}

static void before_b(cuvee_request *req)
{
    tell("b>");
    if (cuvee_request_header(req, "X-Stop"))
        cuvee_reply_error(req, 403, "stopped");
    if (cuvee_request_header(req, "X-Answer"))
        cuvee_reply_text(req, "answered");
}

static void after_b(cuvee_request *req)
{
    (void)req;
    tell("<b");
}

static const cuvee_middleware a = {.name = "a", .before = before_a, .after = after_a};
static const cuvee_middleware b = {.name = "b", .before = before_b, .after = after_b};
static const cuvee_middleware nothing = {.name = "nothing"};

static void handle(cuvee_request *req)
{
    tell("run");
    cuvee_set_header(req, "X-Own", "yes");
    cuvee_reply_text(req, "good");
}

static void break_down(cuvee_request *req)
{
    cuvee_select(cuvee_request_session(req), NULL);
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_use(world->app, &a);
    cuvee_app_use(world->app, &nothing);
    cuvee_app_use(world->app, &b);
    cuvee_app_get(world->app, "/", handle);
    cuvee_app_get(world->app, "/broken", break_down);
    story[0] = '\0';
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void in_by_one_order_and_out_by_the_other(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/");
    reply_is(r, 200, "good");
    assert_string_equal(story, "a> b> run <b <a200");
    header_is(r, "x-own", "yes");
    header_is(r, "x-early", "yes");
    header_is(r, "x-after", "a");
}

static void they_see_what_no_route_answers(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/none");
    assert_int_equal(r->status, 404);
    assert_string_equal(story, "a> b> <b <a404");
    header_is(r, "x-after", "a");
}

static void their_headers_go_with_failures_too(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/broken");
    reply_is(r, 500, "Internal Server Error");
    assert_string_equal(story, "a> b> <b <a500");
    header_is(r, "x-early", "yes");
    header_is(r, "x-after", "a");
}

static void one_that_replies_ends_the_way_in(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/", .headers = CUVEE_HEADERS("X-Stop: 1"));
    reply_is(r, 403, "{\"detail\":\"stopped\"}");
    assert_string_equal(story, "a> b> <b <a403");
    story[0] = '\0';
    r = cuvee_test_get(client(*state), "/", .headers = CUVEE_HEADERS("X-Answer: 1"));
    reply_is(r, 200, "answered");
    assert_string_equal(story, "a> b> <b <a200");
}

/* ---- sessions in middleware ---- */

static void before_opens(cuvee_request *req)
{
    tell(cuvee_request_session(req) ? "opened" : "failed");
}

static void after_counts(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    assert_int_equal(cuvee_count(cuvee_select(s, &item_model)), 0);
    tell("counted");
}

static const cuvee_middleware with_session = {.name = "s", .before = before_opens, .after = after_counts};

static void dependencies_can_be_used_on_both_ways(void **state)
{
    (void)state;
    struct world *world = new_world();
    story[0] = '\0';
    cuvee_app_use(world->app, &with_session);
    cuvee_app_get(world->app, "/", handle);
    reply_is(cuvee_test_get(client(world), "/"), 200, "good");
    assert_string_equal(story, "opened run counted");
    free_world(world);
}

/* ---- error handlers ---- */

static void add_item(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    cuvee_set_header(req, "X-Own", "yes");
    const Item *item = cuvee_add(s, &item_model, &(Item){.name = "Lamp", .amount = 1});
    cuvee_commit(s);
    cuvee_reply_object(req, &item_model, item);
}

static void on_unique(cuvee_request *req, const cuvee_error *error)
{
    char text[300];
    snprintf(text, sizeof text, "taken: %s.%s", error->model, error->fields);
    cuvee_set_header(req, "X-Hook", "yes");
    cuvee_reply_error(req, 418, text);
}

static void on_unique_good(cuvee_request *req, const cuvee_error *error)
{
    (void)error;
    cuvee_reply_text(req, "it was there");
}

static void on_unique_silent(cuvee_request *req, const cuvee_error *error)
{
    (void)req;
    (void)error;
}

static void on_misuse(cuvee_request *req, const cuvee_error *error)
{
    cuvee_reply_object(req, &item_model, &(Item){.name = error->message, .secret = ""});
    cuvee_set_status(req, 599);
}

static struct world *with_error_handler(cuvee_error_kind kind, cuvee_error_handler handler)
{
    struct world *world = new_world();
    cuvee_app_on_error(world->app, kind, handler);
    cuvee_app_get(world->app, "/add", add_item);
    cuvee_app_get(world->app, "/broken", break_down);
    assert_int_equal(cuvee_test_get(client(world), "/add")->status, 200);
    return world;
}

static void a_kind_of_error_has_a_reply_of_its_own(void **state)
{
    (void)state;
    struct world *world = with_error_handler(CUVEE_ERROR_UNIQUE, on_unique);
    const cuvee_test_reply *r = cuvee_test_get(world->test, "/add");
    reply_is(r, 418, "{\"detail\":\"taken: Item.name\"}");
    header_is(r, "x-hook", "yes");
    header_is(r, "x-own", NULL); /* what the handler meant for a good reply */
    assert_int_equal(cuvee_test_get(world->test, "/broken")->status, 500);
    free_world(world);
    world = with_error_handler(CUVEE_ERROR_UNIQUE, on_unique_good);
    reply_is(cuvee_test_get(world->test, "/add"), 200, "it was there");
    free_world(world);
    world = with_error_handler(CUVEE_ERROR_MISUSE, on_misuse);
    r = cuvee_test_get(world->test, "/broken");
    assert_int_equal(r->status, 599);
    assert_int_equal(cuvee_test_get(world->test, "/add")->status, 409);
    free_world(world);
}

static void a_handler_that_says_nothing_leaves_the_standard_reply(void **state)
{
    (void)state;
    struct world *world = with_error_handler(CUVEE_ERROR_UNIQUE, on_unique_silent);
    assert_int_equal(cuvee_test_get(world->test, "/add")->status, 409);
    free_world(world);
    world = with_error_handler(CUVEE_ERROR_UNIQUE, NULL);
    assert_int_equal(cuvee_test_get(world->test, "/add")->status, 409);
    free_world(world);
}

static void on_404(cuvee_request *req, int status, const char *body)
{
    char text[100];
    snprintf(text, sizeof text, "%d for %s: %s", status, cuvee_request_path(req), body);
    cuvee_set_header(req, "X-Hook", "yes");
    cuvee_reply_text(req, text);
    cuvee_set_status(req, 404);
}

static void on_500(cuvee_request *req, int status, const char *body)
{
    (void)status;
    assert_string_equal(body, "Internal Server Error");
    cuvee_reply_error(req, 500, "Sorry");
}

static void on_422(cuvee_request *req, int status, const char *body)
{
    (void)status;
    cuvee_reply_error_json(req, 400, body);
}

static void on_409_broken(cuvee_request *req, int status, const char *body)
{
    (void)status;
    (void)body;
    break_down(req);
    cuvee_set_status(req, 1);
}

static void ignore(cuvee_request *req, int status, const char *body)
{
    (void)req;
    (void)status;
    (void)body;
}

static void reply_409(cuvee_request *req)
{
    cuvee_reply_error(req, 409, "x");
}

static void reply_410(cuvee_request *req)
{
    cuvee_set_header(req, "X-Own", "yes");
    cuvee_reply_error(req, 410, "gone");
}

static void a_status_has_a_reply_of_its_own(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_on_status(world->app, 404, on_404);
    cuvee_app_on_status(world->app, 500, on_500);
    cuvee_app_on_status(world->app, 422, on_422);
    cuvee_app_on_status(world->app, 409, on_409_broken);
    cuvee_app_on_status(world->app, 410, ignore);
    cuvee_app_on_status(world->app, 405, on_404);
    cuvee_app_on_status(world->app, 405, NULL); /* taken away again */
    cuvee_app_use(world->app, &a);
    cuvee_app_get(world->app, "/broken", break_down);
    cuvee_app_get(world->app, "/item/{id}", handle, .params = &item_model);
    cuvee_app_get(world->app, "/409", reply_409);
    cuvee_app_get(world->app, "/410", reply_410);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/none");
    reply_is(r, 404, "404 for /none: {\"detail\":\"Not Found\"}");
    header_is(r, "x-hook", "yes");
    header_is(r, "x-after", "a");
    r = cuvee_test_get(world->test, "/broken");
    reply_is(r, 500, "{\"detail\":\"Sorry\"}");
    assert_non_null(r->cause); /* it is logged all the same */
    r = cuvee_test_get(world->test, "/item/x");
    assert_int_equal(r->status, 400);
    at_is(r, "detail.detail[0].type", "int_parsing");
    reply_is(cuvee_test_get(world->test, "/409"), 500, "Internal Server Error");
    r = cuvee_test_get(world->test, "/410");
    reply_is(r, 410, "{\"detail\":\"gone\"}");
    header_is(r, "x-own", "yes");
    assert_int_equal(cuvee_test_request(world->test, "PUT", "/410")->status, 405);
    free_world(world);
}

/* ---- mistakes ---- */

static void mistakes_stay_in_the_application(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_use(world->app, NULL);
    app_error_says(world->app, CUVEE_ERROR_MISUSE, "middleware NULL");
    free_world(world);
    world = new_world();
    cuvee_app_on_error(world->app, CUVEE_ERROR_NONE, on_unique);
    app_error_says(world->app, CUVEE_ERROR_MISUSE, "for no kind of error");
    free_world(world);
    static const int wrong[] = {0, 200, 399, 600};
    for (size_t i = 0; i < 4; i++) {
        world = new_world();
        cuvee_app_on_status(world->app, wrong[i], on_404);
        app_error_says(world->app, CUVEE_ERROR_MISUSE, "an error handler is for status");
        free_world(world);
    }
    world = new_world();
    client(world);
    cuvee_app_use(world->app, &a);
    app_error_says(world->app, CUVEE_ERROR_MISUSE, "comes too late");
    free_world(world);
    world = new_world();
    client(world);
    cuvee_app_on_status(world->app, 404, on_404);
    app_error_says(world->app, CUVEE_ERROR_MISUSE, "after the application began to serve");
    free_world(world);
    cuvee_app_use(NULL, &a);
    cuvee_app_on_error(NULL, CUVEE_ERROR_UNIQUE, on_unique);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(in_by_one_order_and_out_by_the_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(they_see_what_no_route_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(their_headers_go_with_failures_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_replies_ends_the_way_in, set_up, tear_down),
        cmocka_unit_test(dependencies_can_be_used_on_both_ways),
        cmocka_unit_test(a_kind_of_error_has_a_reply_of_its_own),
        cmocka_unit_test(a_handler_that_says_nothing_leaves_the_standard_reply),
        cmocka_unit_test(a_status_has_a_reply_of_its_own),
        cmocka_unit_test(mistakes_stay_in_the_application),
    };
    return cmocka_run_group_tests_name("web/dispatch/hooks", tests, NULL, NULL);
}
