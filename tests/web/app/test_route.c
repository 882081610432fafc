#include "web/support.h"

#include "web/app/app.h"

static void ok(cuvee_request *req)
{
    cuvee_reply_status(req, 204);
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_get(world->app, "/users", ok);
    cuvee_app_post(world->app, "/users", ok);
    cuvee_app_put(world->app, "/users/me", ok);
    cuvee_app_patch(world->app, "/users/me", ok);
    cuvee_app_delete(world->app, "/users/me", ok);
    cuvee_app_get(world->app, "/open/", ok);
    cuvee_app_route(world->app, "REPORT", "/odd", ok, NULL);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void every_method_finds_its_route(void **state)
{
    cuvee_test *t = client(*state);
    static const char *const found[][2] = {{"GET", "/users"},      {"POST", "/users"},      {"PUT", "/users/me"},
                                           {"PATCH", "/users/me"}, {"DELETE", "/users/me"}, {"REPORT", "/odd"}};
    for (size_t i = 0; i < sizeof found / sizeof found[0]; i++)
        reply_is(cuvee_test_request(t, found[i][0], found[i][1]), 204, "");
}

static void an_unknown_path_is_404(void **state)
{
    cuvee_test *t = client(*state);
    static const char *const nowhere[] = {"/",     "/user", "/users/you", "/users//", "",       "*",
                                          "users", "?q=1",  "/users%00",  "/%FF",     "//users"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++)
        reply_is(cuvee_test_get(t, nowhere[i]), 404, "{\"detail\":\"Not Found\"}");
}

static void a_method_that_the_path_has_not_is_405(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_request(t, "DELETE", "/users");
    reply_is(r, 405, "{\"detail\":\"Method Not Allowed\"}");
    header_is(r, "Allow", "GET, POST");
    header_is(cuvee_test_get(t, "/users/me?a=1"), "Allow", "PUT, PATCH, DELETE");
    reply_is(cuvee_test_request(t, "HEAD", "/users"), 405, "{\"detail\":\"Method Not Allowed\"}");
    reply_is(cuvee_test_request(t, "OPTIONS", "/users"), 405, "{\"detail\":\"Method Not Allowed\"}");
    reply_is(cuvee_test_request(t, "get", "/users"), 405, "{\"detail\":\"Method Not Allowed\"}");
}

static void redirects(cuvee_test *t, const char *method, const char *target, const char *location)
{
    const cuvee_test_reply *r = cuvee_test_request(t, method, target);
    reply_is(r, 307, "");
    header_is(r, "Location", location);
}

static void a_slash_too_many_or_too_few_is_redirected(void **state)
{
    cuvee_test *t = client(*state);
    redirects(t, "GET", "/users/", "/users");
    redirects(t, "POST", "/users/?a=1&b=%20", "/users?a=1&b=%20");
    redirects(t, "GET", "/open", "/open/");
    redirects(t, "DELETE", "/users/", "/users"); /* which answers 405 then */
    redirects(t, "GET", "/%75sers/?x=\r\nSet-Cookie: a", "/%75sers?x=%0D%0ASet-Cookie:%20a");
}

static void proxy_style_targets_are_understood(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "http://example.com/users?x=1"), 204, "");
    reply_is(cuvee_test_get(t, "https://example.com:8000/users"), 204, "");
    assert_int_equal(cuvee_test_get(t, "http://example.com")->status, 404);
    assert_int_equal(cuvee_test_get(t, "http:")->status, 404);
    assert_int_equal(cuvee_test_get(t, "a:/users")->status, 404);
}

/* ---- mistakes in set-up ---- */

static void mistakes_stay_in_the_application(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "users", ok);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "path users must begin with /");
    cuvee_app_get(world->app, "/{", ok);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "path users must begin with /"); /* the first stays */
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/users");
    assert_int_equal(r->status, 0);
    assert_non_null(strstr(r->body, "path users must begin with /"));
    free_world(world);
}

static void a_route_needs_its_parts(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_route(world->app, "GET", "/x", NULL, NULL);
    app_error_says(world->app, CUVEE_ERROR_MISUSE, "route GET /x lacks");
    free_world(world);
    world = new_world();
    cuvee_app_route_named(world->app, NULL, NULL, ok, "ok", NULL);
    app_error_says(world->app, CUVEE_ERROR_MISUSE, "route NULL NULL lacks");
    free_world(world);
    world = new_world();
    cuvee_app_get(world->app, "/x", ok, .status = 99);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "99 is no status");
    free_world(world);
}

static void no_route_is_added_once_it_serves(void **state)
{
    struct world *world = *state;
    client(world);
    cuvee_app_get(world->app, "/late", ok);
    app_error_says(world->app, CUVEE_ERROR_MISUSE, "GET /late is declared after the application began to serve");
}

static void without_a_blend_there_is_no_application(void **state)
{
    (void)state;
    cuvee_app *app = cuvee_app_new(NULL);
    app_error_says(app, CUVEE_ERROR_MISUSE, "no blend");
    cuvee_app_free(app);
    cuvee_app_free(NULL);
    cuvee_app_get(NULL, "/", ok);
    app_error_says(NULL, CUVEE_ERROR_MEMORY, "out of memory");
}

/* An older program's options are shorter; what they lack is default. */
static void shorter_options_are_filled_up(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_app_options options = {.title = "Old", .version = "9", .size = offsetof(cuvee_app_options, version)};
    cuvee_app *app = cuvee_app_new_with(blend, &options);
    assert_string_equal(app->options.title, "Old");
    assert_string_equal(app->options.version, "0.1.0");
    assert_int_equal(app->options.max_body, 1024 * 1024);
    cuvee_app_free(app);
    cuvee_blend_free(blend);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_method_finds_its_route, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unknown_path_is_404, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_method_that_the_path_has_not_is_405, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_slash_too_many_or_too_few_is_redirected, set_up, tear_down),
        cmocka_unit_test_setup_teardown(proxy_style_targets_are_understood, set_up, tear_down),
        cmocka_unit_test(mistakes_stay_in_the_application),
        cmocka_unit_test(a_route_needs_its_parts),
        cmocka_unit_test_setup_teardown(no_route_is_added_once_it_serves, set_up, tear_down),
        cmocka_unit_test(without_a_blend_there_is_no_application),
        cmocka_unit_test(shorter_options_are_filled_up),
    };
    return cmocka_run_group_tests_name("web/app/route", tests, NULL, NULL);
}
