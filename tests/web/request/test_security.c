#include "web/support.h"

#include <stdio.h>

static const cuvee_security bearer = {.kind = CUVEE_BEARER, .format = "JWT", .doc = "Log in first"};
static const cuvee_security basic = {.kind = CUVEE_BASIC};
static const cuvee_security realm = {.kind = CUVEE_BASIC, .realm = "cellar", .scheme = "Cellar"};
static const cuvee_security header_key = {.kind = CUVEE_API_KEY, .in = CUVEE_IN_HEADER, .name = "X-Key"};
static const cuvee_security query_key = {.kind = CUVEE_API_KEY, .in = CUVEE_IN_QUERY, .name = "key"};
static const cuvee_security cookie_key = {.kind = CUVEE_API_KEY, .in = CUVEE_IN_COOKIE, .name = "key"};
static const cuvee_security maybe = {.kind = CUVEE_BEARER, .optional = true};

/* Tells what it was given. */
static void tell(cuvee_request *req, const cuvee_security *security)
{
    const cuvee_credentials *given = cuvee_request_credentials(req, security);
    char text[200];
    snprintf(text, sizeof text, "%s|%s|%s", given && given->token ? given->token : "",
             given && given->user ? given->user : "", given && given->password ? given->password : "");
    cuvee_reply_text(req, text);
}

static void tell_bearer(cuvee_request *req)
{
    tell(req, &bearer);
}

static void tell_basic(cuvee_request *req)
{
    tell(req, &basic);
}

static void tell_realm(cuvee_request *req)
{
    tell(req, &realm);
}

static void tell_header(cuvee_request *req)
{
    tell(req, &header_key);
}

static void tell_query(cuvee_request *req)
{
    tell(req, &query_key);
}

static void tell_cookie(cuvee_request *req)
{
    tell(req, &cookie_key);
}

static void tell_maybe(cuvee_request *req)
{
    tell(req, &maybe);
}

/* ---- as a dependency ---- */

static void *open_principal(cuvee_request *req)
{
    static char name[] = "jane";
    const cuvee_credentials *given = cuvee_request_credentials(req, &bearer);
    if (given && cuvee_same_secret(given->token, "good"))
        return name;
    cuvee_reply_unauthorized(req, &bearer, "This token is not good");
    return NULL;
}

static const cuvee_dependency principal = {.name = "principal", .open = open_principal, .security = &bearer};

static void *open_key(cuvee_request *req)
{
    return (void *)cuvee_request_credentials(req, &query_key);
}

static const cuvee_dependency key = {.name = "key", .open = open_key, .security = &query_key};

static void who_am_i(cuvee_request *req)
{
    cuvee_reply_text(req, cuvee_depend(req, &principal));
}

static void ok(cuvee_request *req)
{
    cuvee_reply_status(req, 204);
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_get(world->app, "/bearer", tell_bearer);
    cuvee_app_get(world->app, "/basic", tell_basic);
    cuvee_app_get(world->app, "/realm", tell_realm);
    cuvee_app_get(world->app, "/header", tell_header);
    cuvee_app_get(world->app, "/query", tell_query);
    cuvee_app_get(world->app, "/cookie", tell_cookie);
    cuvee_app_get(world->app, "/maybe", tell_maybe);
    cuvee_app_get(world->app, "/me", who_am_i, .dependencies = CUVEE_DEPENDENCIES(&principal));
    cuvee_app_get(world->app, "/both", ok, .dependencies = CUVEE_DEPENDENCIES(&principal, &key));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static const cuvee_test_reply *get(void **state, const char *target, const char *header)
{
    return cuvee_test_get(client(*state), target, .headers = CUVEE_HEADERS(header));
}

static void refused(const cuvee_test_reply *r, const char *challenge)
{
    reply_is(r, 401, "{\"detail\":\"Not authenticated\"}");
    header_is(r, "www-authenticate", challenge);
}

static void bearer_tokens(void **state)
{
    reply_is(get(state, "/bearer", "Authorization: Bearer abc.def"), 200, "abc.def||");
    reply_is(get(state, "/bearer", "authorization: bEARER  abc "), 200, "abc||");
    static const char *const none[] = {"X: y",
                                       "Authorization: ",
                                       "Authorization: Bearer",
                                       "Authorization: Bearer ",
                                       "Authorization: Basic abc",
                                       "Authorization: Bearerabc",
                                       "Authorization: Bearer \xFF"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        refused(get(state, "/bearer", none[i]), "Bearer");
}

static void basic_authentication(void **state)
{
    reply_is(get(state, "/basic", "Authorization: Basic amFuZTpzOmNyZXQ="), 200, "|jane|s:cret");
    reply_is(get(state, "/basic", "Authorization: basic Og=="), 200, "||");
    static const char *const none[] = {"X: y",
                                       "Authorization: Basic",
                                       "Authorization: Basic !!!!",
                                       "Authorization: Basic amFuZQ==",
                                       "Authorization: Basic amFuZTpzOmNyZXQ",
                                       "Authorization: Basic YTr/",
                                       "Authorization: Basic YTpiAGM=",
                                       "Authorization: Bearer amFuZTpzOmNyZXQ="};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        refused(get(state, "/basic", none[i]), "Basic");
    refused(get(state, "/realm", "X: y"), "Basic realm=\"cellar\"");
}

static void api_keys(void **state)
{
    reply_is(get(state, "/header", "x-key: k 1"), 200, "k 1||");
    reply_is(get(state, "/query?key=k%201", "X: y"), 200, "k 1||");
    reply_is(get(state, "/cookie", "Cookie: a=b; key=k1"), 200, "k1||");
    refused(get(state, "/header?key=k", "Cookie: key=k"), "APIKey");
    refused(get(state, "/query", "key: k"), "APIKey");
    refused(get(state, "/query?key=", "key: k"), "APIKey");
    refused(get(state, "/query?key=a%00b", "key: k"), "APIKey");
    refused(get(state, "/cookie?key=k", "X-Key: k"), "APIKey");
}

static void optional_credentials(void **state)
{
    reply_is(get(state, "/maybe", "Authorization: Bearer x"), 200, "x||");
    reply_is(get(state, "/maybe", "X: y"), 200, "||");
}

static void as_a_dependency(void **state)
{
    reply_is(get(state, "/me", "Authorization: Bearer good"), 200, "jane");
    refused(get(state, "/me", "X: y"), "Bearer");
    const cuvee_test_reply *r = get(state, "/me", "Authorization: Bearer bad");
    reply_is(r, 401, "{\"detail\":\"This token is not good\"}");
    header_is(r, "www-authenticate", "Bearer");
    static char name[] = "test";
    cuvee_test_override(client(*state), &principal, name);
    reply_is(get(state, "/me", "X: y"), 200, "test");
}

static void the_document_shows_schemes(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/openapi.json");
    at_is(r, "paths./me.get.security", "[{\"HTTPBearer\":[]}]");
    at_is(r, "paths./both.get.security", "[{\"HTTPBearer\":[]},{\"APIKeyQuery\":[]}]");
    at_is(r, "paths./bearer.get.security", NULL);
    at_is(r, "components.securitySchemes.HTTPBearer",
          "{\"type\":\"http\",\"description\":\"Log in first\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\"}");
    at_is(r, "components.securitySchemes.APIKeyQuery", "{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"key\"}");
    at_is(r, "components.schemas", NULL);
}

static void *open_nothing(cuvee_request *req)
{
    (void)req;
    return NULL;
}

static void every_scheme_has_its_name(void **state)
{
    (void)state;
    static const cuvee_dependency all[] = {{.name = "a", .open = open_nothing, .security = &basic},
                                           {.name = "b", .open = open_nothing, .security = &realm},
                                           {.name = "c", .open = open_nothing, .security = &header_key},
                                           {.name = "d", .open = open_nothing, .security = &cookie_key}};
    struct world *world = new_world();
    cuvee_app_get(world->app, "/", ok, .dependencies = CUVEE_DEPENDENCIES(&all[0], &all[1], &all[2], &all[3]));
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/openapi.json");
    at_is(r, "components.securitySchemes",
          "{\"HTTPBasic\":{\"type\":\"http\",\"scheme\":\"basic\"},\"Cellar\":{\"type\":\"http\",\"scheme\":\"basic\"},"
          "\"APIKeyHeader\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-Key\"},"
          "\"APIKeyCookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"key\"}}");
    free_world(world);
}

static void secrets_are_compared(void **state)
{
    (void)state;
    assert_true(cuvee_same_secret("abc", "abc"));
    assert_true(cuvee_same_secret("", ""));
    assert_false(cuvee_same_secret("abc", "abd"));
    assert_false(cuvee_same_secret("abc", "ab"));
    assert_false(cuvee_same_secret("ab", "abc"));
    assert_false(cuvee_same_secret(NULL, "abc"));
    assert_false(cuvee_same_secret("abc", NULL));
    assert_false(cuvee_same_secret(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bearer_tokens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(basic_authentication, set_up, tear_down),
        cmocka_unit_test_setup_teardown(api_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(optional_credentials, set_up, tear_down),
        cmocka_unit_test_setup_teardown(as_a_dependency, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_document_shows_schemes, set_up, tear_down),
        cmocka_unit_test(every_scheme_has_its_name),
        cmocka_unit_test(secrets_are_compared),
    };
    return cmocka_run_group_tests_name("web/request/security", tests, NULL, NULL);
}
