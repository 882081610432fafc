#include "web/support.h"

#include <stdio.h>

#include <zlib.h>

#include "web/app/app.h"
#include "web/pages/assets.h"

static void ok(cuvee_request *req)
{
    cuvee_reply_status(req, 204);
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_get(world->app, "/a", ok);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void contains(const cuvee_test_reply *r, const char *text)
{
    if (!strstr(r->body, text))
        fail_msg("%s is not in %s", text, r->body);
}

static void the_document_is_served_and_can_be_kept(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_get(t, "/openapi.json");
    assert_int_equal(r->status, 200);
    at_is(r, "openapi", "3.1.0");
    header_is(r, "content-type", "application/json");
    const char *etag = cuvee_test_header(r, "etag");
    assert_int_equal(strlen(etag), 34);
    char line[80];
    snprintf(line, sizeof line, "If-None-Match: W/\"other\", %s", etag);
    r = cuvee_test_get(t, "/openapi.json", .headers = CUVEE_HEADERS(line));
    reply_is(r, 304, "");
    header_is(r, "etag", etag);
    header_is(r, "content-type", NULL);
    r = cuvee_test_get(t, "/openapi.json", .headers = CUVEE_HEADERS("If-None-Match: \"other\""));
    assert_int_equal(r->status, 200);
}

static void the_pages_reach_nothing_but_the_server(void **state)
{
    cuvee_test *t = client(*state);
    static const char *const pages[] = {"/docs", "/redoc"};
    for (size_t i = 0; i < 2; i++) {
        const cuvee_test_reply *r = cuvee_test_get(t, pages[i]);
        assert_int_equal(r->status, 200);
        header_is(r, "content-type", "text/html; charset=utf-8");
        contains(r, "<title>Stock - ");
        assert_null(strstr(r->body, "//")); /* no address of another server */
        const char *policy = cuvee_test_header(r, "content-security-policy");
        assert_memory_equal(policy, "default-src 'none';", 19);
        assert_null(strstr(policy, "http"));
        assert_null(strstr(policy, "*"));
    }
    contains(cuvee_test_get(t, "/docs/start.js"), "validatorUrl: null");
    contains(cuvee_test_get(t, "/redoc/start.js"), "Redoc.init('/openapi.json'");
    header_is(cuvee_test_get(t, "/docs/start.js"), "content-type", "text/javascript; charset=utf-8");
}

static void the_pages_name_their_files_or_say_that_there_are_none(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *docs = cuvee_test_get(t, "/docs"), *redoc = cuvee_test_get(t, "/redoc");
    if (cv_web_asset_count == 0) {
        contains(docs, "built without the files of this page");
        contains(redoc, "built without the files of this page");
        assert_null(strstr(docs->body, "<script"));
        assert_null(strstr(docs->body, "stylesheet"));
        return;
    }
    contains(docs, "<script src=\"/docs/start.js\">");
    contains(docs, CV_SWAGGER_SCRIPT);
    contains(docs, CV_SWAGGER_STYLE);
    contains(redoc, CV_REDOC_SCRIPT);
}

static void titles_are_no_markup(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_app *app = cuvee_app_new(blend, .title = "<script>alert(1)</script> & co");
    cuvee_test *t = cuvee_test_open(app);
    contains(cuvee_test_get(t, "/docs"), "<title>&lt;script>alert(1)&lt;/script> &amp; co - Swagger UI</title>");
    cuvee_test_close(t);
    cuvee_app_free(app);
    cuvee_blend_free(blend);
}

static bool looks_like_gzip(const cuvee_test_reply *r)
{
    return r->body_size > 2 && (unsigned char)r->body[0] == 0x1F && (unsigned char)r->body[1] == 0x8B;
}

static void their_files_come_compressed_or_not(void **state)
{
    cuvee_test *t = client(*state);
    if (cv_web_asset_count == 0)
        skip(); /* built without them */
    for (size_t i = 0; i < cv_web_asset_count; i++) {
        const struct cv_web_asset *asset = &cv_web_assets[i];
        const cuvee_test_reply *small =
            cuvee_test_get(t, asset->path, .headers = CUVEE_HEADERS("Accept-Encoding: br, gzip"));
        assert_int_equal(small->status, 200);
        assert_true(looks_like_gzip(small));
        assert_int_equal(small->body_size, asset->size);
        header_is(small, "content-encoding", "gzip");
        header_is(small, "vary", "Accept-Encoding");
        header_is(small, "content-type", asset->content_type);
        header_is(small, "etag", asset->etag);
        const cuvee_test_reply *plain = cuvee_test_get(t, asset->path);
        assert_int_equal(plain->status, 200);
        assert_true(plain->body_size > small->body_size);
        assert_false(looks_like_gzip(plain));
        header_is(plain, "content-encoding", NULL);
        const cuvee_test_reply *refused =
            cuvee_test_get(t, asset->path, .headers = CUVEE_HEADERS("Accept-Encoding: gzip;q=0"));
        assert_false(looks_like_gzip(refused));
        header_is(refused, "content-encoding", NULL);
        char line[80];
        snprintf(line, sizeof line, "If-None-Match: %s", asset->etag);
        const cuvee_test_reply *known =
            cuvee_test_get(t, asset->path, .headers = CUVEE_HEADERS("Accept-Encoding: gzip", line));
        reply_is(known, 304, "");
    }
}

static void own(cuvee_request *req)
{
    cuvee_reply_error(req, 410, "gone");
}

static void an_applications_own_route_wins(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/docs", own);
    assert_int_equal(cuvee_test_get(client(world), "/docs")->status, 410);
    assert_int_equal(cuvee_test_get(client(world), "/redoc")->status, 200);
    free_world(world);
}

static void *refuse(cuvee_request *req)
{
    cuvee_reply_error(req, 403, NULL);
    return NULL;
}

static void a_guarded_application_shows_its_pages_to_all(void **state)
{
    (void)state;
    static const cuvee_dependency closed = {.name = "closed", .open = refuse};
    static const char *const paths[] = {"/openapi.json", "/docs", "/docs/start.js", "/redoc", "/redoc/start.js"};
    struct world *world = new_world_with(&(cuvee_app_options){.dependencies = CUVEE_DEPENDENCIES(&closed)});
    cuvee_app_get(world->app, "/a", ok);
    assert_int_equal(cuvee_test_get(client(world), "/a")->status, 403);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(cuvee_test_get(world->test, paths[i])->status, 200);
    for (size_t i = 0; i < cv_web_asset_count; i++)
        assert_int_equal(cuvee_test_get(world->test, cv_web_assets[i].path)->status, 200);
    free_world(world);
}

static void the_pages_can_be_asked_for_without_their_bodies(void **state)
{
    static const char *const paths[] = {"/openapi.json", "/docs", "/redoc"};
    cuvee_test *t = client(*state);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        const cuvee_test_reply *r = cuvee_test_request(t, "HEAD", paths[i]);
        assert_int_equal(r->status, 200);
        header_is(r, "Content-Type", i == 0 ? "application/json" : "text/html; charset=utf-8");
    }
    reply_is(cuvee_test_request(t, "POST", "/docs"), 405, "{\"detail\":\"Method Not Allowed\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_document_is_served_and_can_be_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_pages_reach_nothing_but_the_server, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_pages_name_their_files_or_say_that_there_are_none, set_up, tear_down),
        cmocka_unit_test(titles_are_no_markup),
        cmocka_unit_test_setup_teardown(their_files_come_compressed_or_not, set_up, tear_down),
        cmocka_unit_test(an_applications_own_route_wins),
        cmocka_unit_test(a_guarded_application_shows_its_pages_to_all),
        cmocka_unit_test_setup_teardown(the_pages_can_be_asked_for_without_their_bodies, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/pages/docs", tests, NULL, NULL);
}
