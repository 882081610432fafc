/* The test client's cookies, redirects and expectations. */
#include "web/support.h"

#include <stdio.h>

static void set_cookies(cuvee_request *req)
{
    cuvee_set_cookie(req, "visit", "7", .http_only = true);
    cuvee_set_cookie(req, "part", "a b", .path = "/part");
    cuvee_set_header(req, "Set-Cookie", "bare");
    cuvee_set_header(req, "set-cookie", "=nameless");
    cuvee_set_header(req, "Set-Cookie", "odd=1; path=nowhere; Max-Age=00x; secure");
    cuvee_reply_status(req, 204);
}

static void end_visit(cuvee_request *req)
{
    cuvee_set_cookie(req, "visit", "", .max_age = -1);
    cuvee_reply_status(req, 204);
}

static void tell(cuvee_request *req)
{
    char text[200];
    const char *cookies = cuvee_request_header(req, "Cookie");
    cuvee_blob body = cuvee_request_bytes(req);
    snprintf(text, sizeof text, "%s [%s] %.*s", cuvee_request_method(req), cookies ? cookies : "", (int)body.size,
             (const char *)body.data);
    cuvee_reply_text(req, text);
}

typedef struct Step {
    int32_t status;
    const char *to;
} Step;
static const cuvee_field step_fields[] = {CUVEE_FIELD(Step, status), CUVEE_FIELD(Step, to)};
static const cuvee_model step_model = CUVEE_MODEL(Step, NULL, step_fields);

static void redirect(cuvee_request *req)
{
    const Step *step = cuvee_params(req, &step_model);
    cuvee_set_cookie(req, "way", "taken");
    cuvee_reply_redirect(req, step->status, step->to);
}

static void go_round(cuvee_request *req)
{
    cuvee_reply_redirect(req, 0, "/round");
}

static void no_location(cuvee_request *req)
{
    cuvee_reply_status(req, 304);
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_post(world->app, "/cookies", set_cookies);
    cuvee_app_delete(world->app, "/cookies", end_visit);
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        cuvee_app_route(world->app, methods[i], "/", tell, NULL);
        cuvee_app_route(world->app, methods[i], "/part", tell, NULL);
        cuvee_app_route(world->app, methods[i], "/party", tell, NULL);
        cuvee_app_route(world->app, methods[i], "/part/x", tell, NULL);
    }
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        cuvee_app_route(world->app, methods[i], "/redirect", redirect, &(cuvee_route_options){.params = &step_model});
    cuvee_app_get(world->app, "/round", go_round);
    cuvee_app_get(world->app, "/still", no_location);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void every_method_has_its_call(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/"), 200, "GET [] ");
    reply_is(cuvee_test_post(t, "/", "{}"), 200, "POST [] {}");
    reply_is(cuvee_test_put(t, "/", "{}"), 200, "PUT [] {}");
    reply_is(cuvee_test_patch(t, "/", "x", .content_type = "text/plain"), 200, "PATCH [] x");
    reply_is(cuvee_test_delete(t, "/"), 200, "DELETE [] ");
}

static void cookies_are_kept_between_requests(void **state)
{
    cuvee_test *t = client(*state);
    cuvee_test_post(t, "/cookies", "");
    reply_is(cuvee_test_get(t, "/"), 200, "GET [visit=7; bare=; odd=1] ");
    assert_string_equal(cuvee_test_cookie(t, "visit"), "7");
    cuvee_test_delete(t, "/cookies");
    reply_is(cuvee_test_get(t, "/"), 200, "GET [bare=; odd=1] ");
    assert_null(cuvee_test_cookie(t, "visit"));
    cuvee_test *other = cuvee_test_open(((struct world *)*state)->app);
    reply_is(cuvee_test_get(other, "/"), 200, "GET [] ");
    cuvee_test_close(other);
}

static void cookies_are_for_their_paths(void **state)
{
    cuvee_test *t = client(*state);
    cuvee_test_post(t, "/cookies", "");
    cuvee_test_set_cookie(t, "bare", NULL);
    cuvee_test_set_cookie(t, "odd", NULL);
    cuvee_test_set_cookie(t, "visit", "8");
    assert_string_equal(cuvee_test_cookie(t, "part"), "a%20b");
    assert_non_null(strstr(cuvee_test_get(t, "/?a=/part/")->body, "[visit=8]"));
    assert_non_null(strstr(cuvee_test_get(t, "/part/x")->body, "[part=a%20b; visit=8]"));
    assert_non_null(strstr(cuvee_test_get(t, "/part?x")->body, "[part=a%20b; visit=8]"));
    assert_non_null(strstr(cuvee_test_get(t, "/party")->body, "[visit=8]"));
}

static void a_cookie_header_of_the_tests_own_counts_first(void **state)
{
    cuvee_test *t = client(*state);
    cuvee_test_set_cookie(t, "a", "1");
    cuvee_test_set_cookie(t, "b", "2");
    reply_is(cuvee_test_get(t, "/", .headers = CUVEE_HEADERS("Cookie: c=3")), 200, "GET [c=3] ");
    reply_is(cuvee_test_get(t, "/"), 200, "GET [a=1; b=2] ");
    assert_null(cuvee_test_cookie(NULL, "a"));
    cuvee_test_set_cookie(NULL, "a", "1");
}

/* ---- redirects ---- */

static void redirects_are_followed_if_they_shall(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/redirect?status=307&to=/"), 307, "");
    reply_is(cuvee_test_get(t, "/redirect?status=307&to=/", .follow_redirects = true), 200, "GET [way=taken] ");
    static const struct {
        const char *method;
        const char *target;
        const char *told; /* NULL: it stays a redirect */
    } cases[] = {
        {"POST", "/redirect?status=301&to=/", "GET [way=taken] "},
        {"POST", "/redirect?status=302&to=/", "GET [way=taken] "},
        {"PUT", "/redirect?status=302&to=/", "PUT [way=taken] {}"},
        {"PUT", "/redirect?status=303&to=/", "GET [way=taken] "},
        {"PATCH", "/redirect?status=307&to=/", "PATCH [way=taken] {}"},
        {"POST", "/redirect?status=308&to=/", "POST [way=taken] {}"},
        {"HEAD", "/redirect?status=303&to=/", "HEAD [way=taken] {}"},
        {"GET", "/redirect?status=307&to=http://anywhere/part/x", "GET [way=taken] {}"},
        {"GET", "/redirect?status=307&to=http://anywhere", "GET [way=taken] {}"},
        {"GET", "/redirect?status=307&to=/redirect?status=307%26to=/", "GET [way=taken] {}"},
        {"GET", "/redirect?status=307&to=elsewhere", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const cuvee_test_reply *r =
            cuvee_test_request(t, cases[i].method, cases[i].target, .body = "{}", .follow_redirects = true);
        reply_is(r, cases[i].told ? 200 : 307, cases[i].told ? cases[i].told : "");
    }
    assert_int_equal(cuvee_test_get(t, "/still", .follow_redirects = true)->status, 304);
    assert_int_equal(cuvee_test_get(t, "/round", .follow_redirects = true)->status, 307); /* in the end it gives up */
}

/* ---- expectations ---- */

static void give_json(cuvee_request *req)
{
    cuvee_reply_json(req, "{\"names\":[\"John\",\"Jane\"],\"count\":2,\"none\":null}");
}

static void break_down(cuvee_request *req)
{
    cuvee_select(cuvee_request_session(req), NULL);
}

static void begins(const char *text, const char *words)
{
    assert_non_null(text);
    if (strncmp(text, words, strlen(words)) != 0)
        fail_msg("%s", text);
}

static void what_is_different_is_told(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/json", give_json);
    cuvee_app_get(world->app, "/broken", break_down);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/json?a=1");
    assert_null(cuvee_test_difference(r, 200, NULL, NULL));
    assert_null(cuvee_test_difference(r, 200, "names[1]", "Jane"));
    assert_null(cuvee_test_difference(r, 200, "names[2]", NULL));
    assert_null(cuvee_test_difference(r, 200, "none", "null"));
    assert_null(cuvee_test_difference(r, 200, "names", "[\"John\",\"Jane\"]"));
    assert_true(cuvee_test_expect(r, 200, "count", "2"));
    assert_string_equal(cuvee_test_difference(r, 201, "count", "2"),
                        "GET /json?a=1: expected 201, got 200\n"
                        "  body: {\"names\":[\"John\",\"Jane\"],\"count\":2,\"none\":null}");
    begins(cuvee_test_difference(r, 200, "count", "3"),
           "GET /json?a=1: expected \"3\" at \"count\", got \"2\"\n  body: {");
    begins(cuvee_test_difference(r, 200, "names[5]", "x"),
           "GET /json?a=1: expected \"x\" at \"names[5]\", got nothing\n");
    begins(cuvee_test_difference(r, 200, "count", NULL), "GET /json?a=1: expected nothing at \"count\", got \"2\"\n");
    const char *told = cuvee_test_difference(cuvee_test_get(client(world), "/broken"), 200, "a", "b");
    begins(told, "GET /broken: expected 200, got 500\n  body: Internal Server Error\n  cause: ");
    assert_non_null(strstr(told, "GET /broken: misuse: "));
    assert_string_equal(cuvee_test_difference(cuvee_test_get(NULL, "/"), 200, NULL, NULL), "out of memory");
}

/* ---- overrides ---- */

static void *open_never(cuvee_request *req)
{
    cuvee_reply_error(req, 403, "opened");
    return NULL;
}

static const cuvee_dependency one = {.name = "one", .open = open_never};
static const cuvee_dependency two = {.name = "two", .open = open_never};

static void use_both(cuvee_request *req)
{
    if (cuvee_depend(req, &one) && cuvee_depend(req, &two))
        cuvee_reply_text(req, "both");
}

static void overrides_can_be_cleared(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/both", use_both);
    cuvee_test *t = client(world);
    int value = 1;
    cuvee_test_override(t, &one, &value);
    cuvee_test_override(t, &two, &value);
    reply_is(cuvee_test_get(t, "/both"), 200, "both");
    cuvee_test_overrides_clear(t);
    reply_is(cuvee_test_get(t, "/both"), 403, "{\"detail\":\"opened\"}");
    cuvee_test_override(t, &one, &value);
    cuvee_test_overrides_clear(t);
    cuvee_test_overrides_clear(t);
    cuvee_test_overrides_clear(NULL);
    reply_is(cuvee_test_get(t, "/both"), 403, "{\"detail\":\"opened\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_method_has_its_call, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cookies_are_kept_between_requests, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cookies_are_for_their_paths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cookie_header_of_the_tests_own_counts_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(redirects_are_followed_if_they_shall, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_different_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(overrides_can_be_cleared, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/client/cookies", tests, NULL, NULL);
}
