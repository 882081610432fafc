/* What is decided in front of the routes: host, scheme, root path, and which proxies are believed. */
#include "web/support.h"

#include <stdio.h>

static void tell(cuvee_request *req)
{
    char text[160];
    snprintf(text, sizeof text, "%s %s %s", cuvee_request_client(req), cuvee_request_is_secure(req) ? "https" : "http",
             cuvee_request_path(req));
    cuvee_reply_text(req, text);
}

static struct world *world_with(const cuvee_app_options *options)
{
    struct world *world = new_world_with(options);
    cuvee_app_get(world->app, "/", tell);
    cuvee_app_get(world->app, "/who", tell);
    cuvee_app_get(world->app, "/slash/", tell);
    return world;
}

/* ---- hosts ---- */

static void only_listed_hosts_are_answered(void **state)
{
    (void)state;
    static const struct {
        const char *host;
        bool good;
    } cases[] = {
        {"Host: shop.example", true},
        {"Host: SHOP.example", true},
        {"Host: shop.example:8000", true},
        {"Host: a.b.example", true},
        {"Host: x.a.b.example", true},
        {"Host: [::1]:8000", true},
        {"Host: [::1]", true},
        {"Host: b.example", false},
        {"Host: xb.example", false},
        {"Host: shop.example.evil", false},
        {"Host: evil-shop.example", false},
        {"Host:", false},
        {"Host: [::2]:8000", false},
        {"X-Host: shop.example", false},
        {"Host: *.b.example.evil", false},
        {"Host: evil.example/.b.example", false},
        {"Host: evil.example?.b.example", false},
        {"Host: evil.example#.b.example", false},
        {"Host: user@evil.example\\.b.example", false},
        {"Host: shop.example:x@evil.example", false},
        {"Host: shop.example:/@evil.example", false},
        {"Host: shop.example evil.example", false},
    };
    struct world *world = world_with(&(cuvee_app_options){.hosts = "shop.example,, *.b.example , [::1]"});
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const cuvee_test_reply *r = cuvee_test_get(client(world), "/who", .headers = CUVEE_HEADERS(cases[i].host));
        if (r->status != (cases[i].good ? 200 : 400))
            fail_msg("%s: %d", cases[i].host, r->status);
        if (!cases[i].good)
            reply_is(r, 400, "Invalid host header");
    }
    header_is(cuvee_test_get(client(world), "/none"), "content-type", "text/plain; charset=utf-8");
    free_world(world);
    world = world_with(&(cuvee_app_options){.hosts = "shop.example, *"});
    assert_int_equal(cuvee_test_get(client(world), "/who", .headers = CUVEE_HEADERS("Host: any"))->status, 200);
    free_world(world);
}

static void fails_with(const cuvee_app_options *options, const char *words)
{
    struct world *world = world_with(options);
    assert_int_equal(cuvee_test_get(client(world), "/who")->status, 0);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, words);
    free_world(world);
}

static void mistakes_in_options_stay_in_the_application(void **state)
{
    (void)state;
    fails_with(&(cuvee_app_options){.hosts = "a.example, b*.example"},
               "b*.example: a wildcard is written *.example.com");
    fails_with(&(cuvee_app_options){.hosts = "*example"}, "wildcard");
    fails_with(&(cuvee_app_options){.hosts = "*.*.example"}, "wildcard");
    fails_with(&(cuvee_app_options){.root_path = "api"}, "root path api must begin with /");
    fails_with(&(cuvee_app_options){.root_path = "/api/"}, "must begin with / and end without one");
    fails_with(&(cuvee_app_options){.root_path = "/"}, "root path");
    fails_with(&(cuvee_app_options){.root_path = "/a'b"}, "letters, digits");
    fails_with(&(cuvee_app_options){.proxies = "127.0.0.1, proxy.example"}, "proxy proxy.example is no address");
    fails_with(&(cuvee_app_options){.proxies = "10.0.0.0/33"}, "10.0.0.0/33");
    fails_with(&(cuvee_app_options){.cors = CUVEE_CORS(.origin_pattern = "(")}, "missing closing parenthesis");
    static char many[1024];
    for (size_t i = 0; i < 80; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "X-H%zu,", i);
    fails_with(&(cuvee_app_options){.cors = CUVEE_CORS(.headers = many)}, "too many headers");
}

/* ---- https ---- */

static void goes_to(struct world *world, const char *target, const char *host, const char *location)
{
    const cuvee_test_reply *r = cuvee_test_get(client(world), target, .headers = CUVEE_HEADERS(host));
    reply_is(r, 307, "");
    header_is(r, "location", location);
}

static void http_is_sent_to_https(void **state)
{
    (void)state;
    struct world *world =
        world_with(&(cuvee_app_options){.https_only = true, .proxies = "127.0.0.1", .root_path = "/api"});
    goes_to(world, "/who?a=1&b=%20", "Host: shop.example", "https://shop.example/who?a=1&b=%20");
    goes_to(world, "/api/who", "Host: shop.example:80", "https://shop.example/api/who");
    goes_to(world, "/none", "Host: shop.example:443", "https://shop.example/none");
    goes_to(world, "/", "Host: shop.example:8000", "https://shop.example:8000/");
    goes_to(world, "/", "Host: [::1]:80", "https://[::1]/");
    goes_to(world, "@evil.example/", "Host: shop.example", "https://shop.example/@evil.example/");
    goes_to(world, "*", "Host: shop.example", "https://shop.example/*");
    const char *const bad[] = {"Host: a\"b", "Host: a@b", "Host: a/b", "Host:", "X-Host: a"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        reply_is(cuvee_test_get(client(world), "/who", .headers = CUVEE_HEADERS(bad[i])), 400, "Invalid host header");
    const cuvee_test_reply *r =
        cuvee_test_get(client(world), "/who", .headers = CUVEE_HEADERS("X-Forwarded-Proto: https"));
    reply_is(r, 200, "127.0.0.1 https /who");
    free_world(world);
}

/* ---- proxies ---- */

static void only_listed_proxies_are_believed(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *way; /* X-Forwarded-For */
        const char *scheme;
        const char *told;
    } cases[] = {
        {"192.0.2.1", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "192.0.2.1 http /who"},
        {"127.0.0.1", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "203.0.113.9 https /who"},
        {"10.1.2.3", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: HTTPS ", "203.0.113.9 https /who"},
        {"::1", "X-Forwarded-For: 2001:db8::9", "X-Forwarded-Proto: http", "2001:db8::9 http /who"},
        /* who is no proxy of ours may have written what stands before */
        {"10.1.2.3", "X-Forwarded-For: 1.1.1.1, 203.0.113.9, 10.0.0.7", "X-Forwarded-Proto: ftp",
         "203.0.113.9 http /who"},
        {"10.1.2.3", "X-Forwarded-For: 10.0.0.5, 10.0.0.7", "X-Forwarded-Proto:", "10.0.0.5 http /who"},
        {"10.1.2.3", "X-Forwarded-For: nonsense", "X-Forwarded-Proto: https, http", "10.1.2.3 http /who"},
        {"10.1.2.3", "X-Forwarded-For: 203.0.113.9, nonsense", "X-X: 1", "10.1.2.3 http /who"},
        {"10.1.2.3", "X-Forwarded-For:", "X-X: 1", "10.1.2.3 http /who"},
        {"10.1.2.3", "X-X: 1", "X-Forwarded-Proto: https", "10.1.2.3 https /who"},
    };
    struct world *world = world_with(&(cuvee_app_options){.proxies = "127.0.0.1, 10.0.0.0/8 ,::1"});
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        reply_is(cuvee_test_get(client(world), "/who", .client = cases[i].from,
                                .headers = CUVEE_HEADERS(cases[i].way, cases[i].scheme)),
                 200, cases[i].told);
    const cuvee_test_reply *r =
        cuvee_test_get(client(world), "/who",
                       .headers = CUVEE_HEADERS("X-Forwarded-For: 192.0.2.1", "X-Forwarded-For: 203.0.113.9, 10.0.0.7",
                                                "X-Forwarded-Proto: http", "X-Forwarded-Proto: https"));
    reply_is(r, 200, "203.0.113.9 https /who");
    free_world(world);
    world = world_with(&(cuvee_app_options){.proxies = "*"});
    r = cuvee_test_get(client(world), "/who", .client = "192.0.2.1",
                       .headers = CUVEE_HEADERS("X-Forwarded-For: 203.0.113.9, 198.51.100.4"));
    reply_is(r, 200, "203.0.113.9 http /who");
    free_world(world);
}

static void nobody_is_believed_by_default(void **state)
{
    (void)state;
    struct world *world = world_with(NULL);
    const cuvee_test_reply *r = cuvee_test_get(
        client(world), "/who", .headers = CUVEE_HEADERS("X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https"));
    reply_is(r, 200, "127.0.0.1 http /who");
    reply_is(cuvee_test_get(client(world), "/who", .client = "no address"), 200, " http /who");
    free_world(world);
}

/* ---- root path ---- */

static void the_root_path_is_taken_off_and_put_before(void **state)
{
    (void)state;
    struct world *world = world_with(&(cuvee_app_options){.root_path = "/api/v1"});
    cuvee_test *t = client(world);
    reply_is(cuvee_test_get(t, "/api/v1/who?x"), 200, "127.0.0.1 http /who");
    reply_is(cuvee_test_get(t, "/who"), 200, "127.0.0.1 http /who");
    reply_is(cuvee_test_get(t, "/api/v1"), 200, "127.0.0.1 http /");
    assert_int_equal(cuvee_test_get(t, "/api/v1x/who")->status, 404);
    assert_int_equal(cuvee_test_get(t, "/api/v1/api/v1/who")->status, 404);
    header_is(cuvee_test_get(t, "/api/v1/who/?a=1"), "location", "/api/v1/who?a=1");
    header_is(cuvee_test_get(t, "/slash"), "location", "/api/v1/slash/");
    at_is(cuvee_test_get(t, "/api/v1/openapi.json"), "servers", "[{\"url\":\"/api/v1\"}]");
    at_is(cuvee_test_get(t, "/openapi.json"), "paths./who.get.summary", "Tell");
    static const struct {
        const char *page;
        const char *text;
    } pages[] = {{"/docs", "/api/v1/"},
                 {"/redoc", "/api/v1/"},
                 {"/docs/start.js", "'/api/v1/openapi.json'"},
                 {"/redoc/start.js", "'/api/v1/openapi.json'"}};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        assert_non_null(strstr(cuvee_test_get(t, pages[i].page)->body, pages[i].text));
    free_world(world);
    world = world_with(NULL);
    at_is(cuvee_test_get(client(world), "/openapi.json"), "servers", NULL);
    free_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_listed_hosts_are_answered), cmocka_unit_test(mistakes_in_options_stay_in_the_application),
        cmocka_unit_test(http_is_sent_to_https),          cmocka_unit_test(only_listed_proxies_are_believed),
        cmocka_unit_test(nobody_is_believed_by_default),  cmocka_unit_test(the_root_path_is_taken_off_and_put_before),
    };
    return cmocka_run_group_tests_name("web/front/front", tests, NULL, NULL);
}
