/* What browsers ask and are told; as Starlette's CORSMiddleware answers, but where docs/web.md says otherwise. */
#include "web/support.h"

#include <stdio.h>

static void hello(cuvee_request *req)
{
    cuvee_set_header(req, "Vary", "Accept-Language");
    cuvee_reply_text(req, "hello");
}

static void break_down(cuvee_request *req)
{
    cuvee_select(cuvee_request_session(req), NULL);
}

static void never(cuvee_request *req)
{
    fail_msg("a preflight goes no further than CORS: %s", cuvee_request_path(req));
}

static const cuvee_middleware not_for_preflights = {.name = "never", .before = never};

static struct world *world_of(const cuvee_cors *cors)
{
    struct world *world = new_world_with(&(cuvee_app_options){.cors = cors});
    cuvee_app_get(world->app, "/", hello);
    cuvee_app_get(world->app, "/broken", break_down);
    return world;
}

struct names {
    const char *origin;
    const char *vary;
    const char *methods;
    const char *headers;
    const char *credentials;
    const char *expose;
    const char *age;
};

static void headers_are(const cuvee_test_reply *r, const struct names *names)
{
    header_is(r, "access-control-allow-origin", names->origin);
    header_is(r, "vary", names->vary);
    header_is(r, "access-control-allow-methods", names->methods);
    header_is(r, "access-control-allow-headers", names->headers);
    header_is(r, "access-control-allow-credentials", names->credentials);
    header_is(r, "access-control-expose-headers", names->expose);
    header_is(r, "access-control-max-age", names->age);
}

static const cuvee_test_reply *preflight(struct world *world, const char *origin, const char *method,
                                         const char *headers)
{
    char lines[3][160];
    snprintf(lines[0], sizeof lines[0], "Origin: %s", origin);
    snprintf(lines[1], sizeof lines[1], "Access-Control-Request-Method: %s", method);
    snprintf(lines[2], sizeof lines[2], "Access-Control-Request-Headers: %s", headers ? headers : "");
    return cuvee_test_request(client(world), "OPTIONS", "/anything",
                              .headers = CUVEE_HEADERS(lines[0], lines[1], headers ? lines[2] : NULL));
}

#define SAFE "Accept, Accept-Language, Content-Language, Content-Type"
#define ALL  "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"

static void preflights_of_listed_origins(void **state)
{
    (void)state;
    struct world *world =
        world_of(CUVEE_CORS(.origins = "https://a.example, https://b.example:8443", .methods = "GET, POST",
                            .headers = "X-Token, Authorization", .expose = "X-Total", .max_age = 5));
    cuvee_app_use(world->app, &not_for_preflights);
    struct names names = {.origin = "https://b.example:8443",
                          .vary = "Origin",
                          .methods = "GET, POST",
                          .headers = "Accept, Accept-Language, Authorization, Content-Language, Content-Type, X-Token",
                          .age = "5"};
    const cuvee_test_reply *r =
        preflight(world, "https://b.example:8443", "POST", "x-token,CONTENT-TYPE , authorization");
    reply_is(r, 200, "OK");
    header_is(r, "content-type", "text/plain; charset=utf-8");
    headers_are(r, &names);
    reply_is(preflight(world, "https://b.example:8443", "GET", NULL), 200, "OK");
    static const struct {
        const char *origin;
        const char *method;
        const char *headers;
        const char *told;
    } refused[] = {
        {"https://a.example:8443", "GET", NULL, "Disallowed CORS origin"},
        {"http://a.example", "GET", NULL, "Disallowed CORS origin"},
        {"https://A.example", "GET", NULL, "Disallowed CORS origin"},
        {"https://a.example", "PUT", NULL, "Disallowed CORS method"},
        {"https://a.example", "get", NULL, "Disallowed CORS method"},
        {"https://a.example", "GET", "X-Token, X-Other", "Disallowed CORS headers"},
        {"null", "DELETE", "X-Other", "Disallowed CORS origin, method, headers"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        r = preflight(world, refused[i].origin, refused[i].method, refused[i].headers);
        reply_is(r, 400, refused[i].told);
        bool good_origin = strcmp(refused[i].origin, "https://a.example") == 0;
        names.origin = good_origin ? "https://a.example" : NULL;
        headers_are(r, &names);
    }
    free_world(world);
}

static void preflights_of_anybody(void **state)
{
    (void)state;
    struct world *world = world_of(CUVEE_CORS(.origins = "*", .methods = "*", .headers = "*"));
    struct names names = {.origin = "*", .methods = ALL, .headers = "X-Any, y", .age = "600"};
    const cuvee_test_reply *r = preflight(world, "https://any.example", "DELETE", "X-Any, y");
    reply_is(r, 200, "OK");
    headers_are(r, &names);
    names.headers = NULL;
    headers_are(preflight(world, "null", "PATCH", NULL), &names);
    reply_is(preflight(world, "null", "TRACE", NULL), 400, "Disallowed CORS method");
    free_world(world);
    world = world_of(CUVEE_CORS(.origins = "*", .credentials = true));
    headers_are(preflight(world, "https://any.example", "GET", NULL), &(struct names){.origin = "https://any.example",
                                                                                      .vary = "Origin",
                                                                                      .methods = "GET",
                                                                                      .headers = SAFE,
                                                                                      .credentials = "true",
                                                                                      .age = "600"});
    free_world(world);
}

static void other_options_are_ordinary_requests(void **state)
{
    (void)state;
    struct world *world = world_of(CUVEE_CORS(.origins = "*"));
    const cuvee_test_reply *r =
        cuvee_test_request(client(world), "OPTIONS", "/", .headers = CUVEE_HEADERS("Origin: https://a.example"));
    reply_is(r, 405, "{\"detail\":\"Method Not Allowed\"}");
    headers_are(r, &(struct names){.origin = "*"});
    r = cuvee_test_request(client(world), "OPTIONS", "/",
                           .headers = CUVEE_HEADERS("Access-Control-Request-Method: GET"));
    assert_int_equal(r->status, 405);
    headers_are(r, &(struct names){.origin = NULL});
    r = cuvee_test_request(client(world), "GET", "/",
                           .headers = CUVEE_HEADERS("Access-Control-Request-Method: GET", "Origin: https://a.example"));
    reply_is(r, 200, "hello");
    free_world(world);
}

static const cuvee_test_reply *get(struct world *world, const char *path, const char *origin, const char *cookie)
{
    char line[160];
    snprintf(line, sizeof line, "Origin: %s", origin ? origin : "");
    return cuvee_test_get(client(world), path,
                          .headers = CUVEE_HEADERS(origin ? line : "X: y", cookie ? cookie : "Z: y"));
}

static void replies_to_listed_origins(void **state)
{
    (void)state;
    struct world *world =
        world_of(CUVEE_CORS(.origins = "https://a.example", .expose = "X-Total, X-Page", .credentials = true));
    struct names allowed = {.origin = "https://a.example",
                            .vary = "Accept-Language, Origin",
                            .credentials = "true",
                            .expose = "X-Total, X-Page"};
    struct names strange = {.vary = "Accept-Language, Origin"};
    headers_are(get(world, "/", "https://a.example", NULL), &allowed);
    headers_are(get(world, "/", "https://b.example", NULL), &strange);
    headers_are(get(world, "/", NULL, NULL), &strange); /* a cache must not give it to others */
    reply_is(get(world, "/", "https://b.example", NULL), 200, "hello");
    allowed.vary = "Origin";
    static const struct {
        const char *path;
        int status;
    } failures[] = {{"/none", 404}, {"/broken", 500}, {"/openapi.json", 200}};
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        const cuvee_test_reply *r = get(world, failures[i].path, "https://a.example", NULL);
        assert_int_equal(r->status, failures[i].status);
        headers_are(r, &allowed);
    }
    free_world(world);
}

static void replies_to_anybody(void **state)
{
    (void)state;
    struct world *world = world_of(CUVEE_CORS(.origins = "https://a.example, *"));
    headers_are(get(world, "/", "https://b.example", NULL), &(struct names){.origin = "*", .vary = "Accept-Language"});
    headers_are(get(world, "/", NULL, NULL), &(struct names){.vary = "Accept-Language"});
    headers_are(get(world, "/", "https://b.example", "Cookie: a=1"),
                &(struct names){.origin = "https://b.example", .vary = "Accept-Language, Origin"});
    free_world(world);
}

static void origins_can_match_a_pattern(void **state)
{
    (void)state;
    struct world *world = world_of(CUVEE_CORS(.origins = "https://a.example",
                                              .origin_pattern = "https://[a-z]+\\.shop\\.example|http://localhost"));
    static const struct {
        const char *origin;
        bool allowed;
    } cases[] = {
        {"https://a.example", true},
        {"https://north.shop.example", true},
        {"http://localhost", true},
        {"https://shop.example", false},
        {"https://NORTH.shop.example", false},
        {"https://north.shop.example.evil", false},
        {"evil https://north.shop.example", false},
        {"http://localhost:8000", false},
        {"\xFF", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        header_is(get(world, "/", cases[i].origin, NULL), "access-control-allow-origin",
                  cases[i].allowed ? cases[i].origin : NULL);
    reply_is(preflight(world, "https://x.shop.example", "GET", NULL), 200, "OK");
    reply_is(preflight(world, "https://x.shop.example.evil", "GET", NULL), 400, "Disallowed CORS origin");
    free_world(world);
}

static void without_it_nothing_is_added(void **state)
{
    (void)state;
    struct world *world = world_of(NULL);
    headers_are(get(world, "/", "https://a.example", NULL), &(struct names){.vary = "Accept-Language"});
    assert_int_equal(preflight(world, "https://a.example", "GET", NULL)->status, 404);
    free_world(world);
    world = world_of(CUVEE_CORS(.max_age = 1)); /* and no origin is in an empty list */
    reply_is(preflight(world, "https://a.example", "GET", NULL), 400, "Disallowed CORS origin");
    free_world(world);
}

/* The options' struct may go away once the application is made. */
static struct world *short_lived(void)
{
    cuvee_cors cors = {.origins = "*", .size = sizeof cors};
    return world_of(&cors);
}

static void options_are_copied(void **state)
{
    (void)state;
    struct world *world = short_lived();
    headers_are(get(world, "/none", "https://b.example", NULL), &(struct names){.origin = "*"});
    free_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(preflights_of_listed_origins),
        cmocka_unit_test(preflights_of_anybody),
        cmocka_unit_test(other_options_are_ordinary_requests),
        cmocka_unit_test(replies_to_listed_origins),
        cmocka_unit_test(replies_to_anybody),
        cmocka_unit_test(origins_can_match_a_pattern),
        cmocka_unit_test(without_it_nothing_is_added),
        cmocka_unit_test(options_are_copied),
    };
    return cmocka_run_group_tests_name("web/front/cors", tests, NULL, NULL);
}
