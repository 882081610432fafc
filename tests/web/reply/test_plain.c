#include "web/support.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/wire/content_type.h"
#include "web/wire/http_date.h"

static int set_up(void **state)
{
    *state = new_world();
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

/* ---- text, JSON, bytes ---- */

static void give_text(cuvee_request *req)
{
    cuvee_reply_text(req, "caf\xC3\xA9");
}

static void give_json(cuvee_request *req)
{
    cuvee_reply_json(req, "{\"a\":[1]}");
}

static void give_bytes(cuvee_request *req)
{
    char bytes[] = {'a', '\0', 'b'};
    cuvee_reply_bytes(req, "application/x-three", bytes, sizeof bytes);
    memset(bytes, 'x', sizeof bytes); /* it was copied */
}

static void text_json_and_bytes(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/text", give_text);
    cuvee_app_get(world->app, "/json", give_json, .status = 202);
    cuvee_app_get(world->app, "/bytes", give_bytes);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/text");
    reply_is(r, 200, "caf\xC3\xA9");
    header_is(r, "content-type", "text/plain; charset=utf-8");
    r = cuvee_test_get(world->test, "/json");
    reply_is(r, 202, "{\"a\":[1]}");
    header_is(r, "content-type", "application/json");
    r = cuvee_test_get(world->test, "/bytes");
    assert_int_equal(r->body_size, 3);
    assert_memory_equal(r->body, "a\0b", 3);
    header_is(r, "content-type", "application/x-three");
}

/* ---- status ---- */

static void set_before(cuvee_request *req)
{
    cuvee_set_status(req, 202);
    cuvee_reply_text(req, "x");
}

static void set_after(cuvee_request *req)
{
    cuvee_reply_text(req, "x");
    cuvee_set_status(req, 203);
}

static void set_beside_an_error(cuvee_request *req)
{
    cuvee_set_status(req, 202);
    cuvee_reply_error(req, 409, "no");
}

static void set_only(cuvee_request *req)
{
    cuvee_set_status(req, 204);
}

static void set_nonsense(cuvee_request *req)
{
    cuvee_set_status(req, 100);
    cuvee_reply_text(req, "x");
}

static void a_status_of_the_handlers_own(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/a", set_before, .status = 201);
    cuvee_app_get(world->app, "/b", set_after);
    cuvee_app_get(world->app, "/c", set_beside_an_error);
    cuvee_app_get(world->app, "/d", set_only);
    cuvee_app_get(world->app, "/e", set_nonsense);
    reply_is(cuvee_test_get(client(world), "/a"), 202, "x");
    reply_is(cuvee_test_get(world->test, "/b"), 203, "x");
    reply_is(cuvee_test_get(world->test, "/c"), 409, "{\"detail\":\"no\"}");
    reply_is(cuvee_test_get(world->test, "/d"), 204, "");
    reply_is(cuvee_test_get(world->test, "/e"), 500, "Internal Server Error");
}

/* ---- errors ---- */

static void fail_with_json(cuvee_request *req)
{
    cuvee_reply_error_json(req, 400, "{\"code\":7}");
    cuvee_reply_error_json(req, 401, "1");
    cuvee_reply_json(req, "2");
    cuvee_reply_redirect(req, 0, "/elsewhere");
}

static void errors_may_carry_any_json(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/", fail_with_json);
    reply_is(cuvee_test_get(client(world), "/"), 400, "{\"detail\":{\"code\":7}}");
}

/* ---- redirects ---- */

static void go(cuvee_request *req)
{
    cuvee_set_status(req, 201); /* does not count: a redirect has its own */
    cuvee_reply_redirect(req, 0, "/items?a=b c#d");
}

static void go_303(cuvee_request *req)
{
    cuvee_reply_redirect(req, 303, "https://example.com/\xC3\xA9\r\nX: y");
}

static void go_wrong(cuvee_request *req)
{
    cuvee_reply_redirect(req, 200, "/");
}

static void go_nowhere(cuvee_request *req)
{
    cuvee_reply_redirect(req, 302, NULL);
}

static void redirects(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/a", go);
    cuvee_app_get(world->app, "/b", go_303);
    cuvee_app_get(world->app, "/c", go_wrong);
    cuvee_app_get(world->app, "/d", go_nowhere);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/a");
    reply_is(r, 307, "");
    header_is(r, "location", "/items?a=b%20c#d");
    header_is(r, "content-type", NULL);
    r = cuvee_test_get(world->test, "/b");
    reply_is(r, 303, "");
    header_is(r, "location", "https://example.com/%C3%A9%0D%0AX:%20y");
    assert_int_equal(cuvee_test_get(world->test, "/c")->status, 500);
    assert_int_equal(cuvee_test_get(world->test, "/d")->status, 500);
}

/* ---- headers and cookies ---- */

static void add_headers(cuvee_request *req)
{
    char value[] = "one";
    cuvee_set_header(req, "X-One", value);
    value[0] = 'x'; /* it was copied */
    cuvee_reply_text(req, "x");
    cuvee_set_header(req, "X-Two", "\xC3\xA9 , \"q\"");
    cuvee_reply_text(req, "y"); /* a new reply keeps them */
}

static void add_headers_and_fail(cuvee_request *req)
{
    cuvee_set_header(req, "WWW-Authenticate", "Bearer");
    cuvee_reply_error(req, 401, NULL);
}

static void add_headers_and_break(cuvee_request *req)
{
    cuvee_set_cookie(req, "session", "secret");
    cuvee_reply_text(req, "x");
    cuvee_select(cuvee_request_session(req), NULL);
}

static void headers_go_with_the_handlers_reply(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/a", add_headers);
    cuvee_app_get(world->app, "/b", add_headers_and_fail);
    cuvee_app_get(world->app, "/c", add_headers_and_break);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/a");
    reply_is(r, 200, "y");
    header_is(r, "x-one", "one");
    header_is(r, "X-TWO", "\xC3\xA9 , \"q\"");
    r = cuvee_test_get(world->test, "/b");
    assert_int_equal(r->status, 401);
    header_is(r, "www-authenticate", "Bearer");
    r = cuvee_test_get(world->test, "/c"); /* a failure makes the reply: nothing was signed in */
    assert_int_equal(r->status, 500);
    header_is(r, "set-cookie", NULL);
}

static const char *bad_name;
static const char *bad_value;

static void add_bad_header(cuvee_request *req)
{
    cuvee_set_header(req, bad_name, bad_value);
    cuvee_reply_text(req, "x");
}

static void headers_cannot_be_forged(void **state)
{
    struct world *world = *state;
    static const char *const cases[][2] = {
        {"X-A", "a\r\nSet-Cookie: b"}, {"X-A", "a\nb"},   {"X-A", "a\x7F"}, {"X A", "a"}, {"X:A", "a"}, {"", "a"},
        {"X-\xC3\xA9", "a"},           {"X-A\r\nB", "a"}, {NULL, "a"},      {"X-A", NULL}};
    cuvee_app_get(world->app, "/", add_bad_header);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bad_name = cases[i][0];
        bad_value = cases[i][1];
        reply_is(cuvee_test_get(client(world), "/"), 500, "Internal Server Error");
    }
}

static void add_cookies(cuvee_request *req)
{
    cuvee_set_cookie(req, "visit", "7");
    cuvee_reply_status(req, 204);
}

static void add_full_cookie(cuvee_request *req)
{
    cuvee_set_cookie(req, "visit", "a;b \"c\" 50%", .path = "/x", .domain = "example.com", .max_age = 3600,
                     .same_site = "strict", .secure = true, .http_only = true);
    cuvee_reply_status(req, 204);
}

static void delete_cookie(cuvee_request *req)
{
    cuvee_set_cookie(req, "visit", "", .max_age = -1);
    cuvee_reply_status(req, 204);
}

static void add_forged_cookie(cuvee_request *req)
{
    cuvee_set_cookie(req, "visit", "1", .path = "/; Domain=example.com");
    cuvee_reply_status(req, 204);
}

static void add_misnamed_cookie(cuvee_request *req)
{
    cuvee_set_cookie(req, "visit=1; x", "1");
    cuvee_reply_status(req, 204);
}

static void cookies(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/a", add_cookies);
    cuvee_app_get(world->app, "/b", add_full_cookie);
    cuvee_app_get(world->app, "/c", delete_cookie);
    cuvee_app_get(world->app, "/d", add_forged_cookie);
    cuvee_app_get(world->app, "/e", add_misnamed_cookie);
    header_is(cuvee_test_get(client(world), "/a"), "set-cookie", "visit=7; Path=/; SameSite=lax");
    header_is(
        cuvee_test_get(world->test, "/b"), "set-cookie",
        "visit=a%3Bb%20%22c%22%2050%25; Domain=example.com; Max-Age=3600; Path=/x; SameSite=strict; HttpOnly; Secure");
    header_is(cuvee_test_get(world->test, "/c"), "set-cookie", "visit=; Max-Age=0; Path=/; SameSite=lax");
    assert_int_equal(cuvee_test_get(world->test, "/d")->status, 500);
    assert_int_equal(cuvee_test_get(world->test, "/e")->status, 500);
}

/* ---- what a handler can see of the request ---- */

static void describe_request(cuvee_request *req)
{
    const char *word = cuvee_request_header(req, "X-Word");
    cuvee_blob body = cuvee_request_bytes(req);
    char text[200];
    snprintf(text, sizeof text, "%s %s %s %zu", cuvee_request_method(req), cuvee_request_path(req),
             word ? word : "none", body.size);
    cuvee_reply_text(req, text);
}

static void a_handler_can_look_at_the_request(void **state)
{
    struct world *world = *state;
    cuvee_app_post(world->app, "/x", describe_request);
    reply_is(
        cuvee_test_request(client(world), "POST", "/%78?q=1", .body = "abc", .headers = CUVEE_HEADERS("x-word:  w ")),
        200, "POST /%78 w 3");
    reply_is(cuvee_test_request(world->test, "POST", "/x"), 200, "POST /x none 0");
}

/* ---- files ---- */

static char folder[64];
static char file_path[96];

static int make_file(void **state)
{
    snprintf(folder, sizeof folder, "/tmp/cuvee-reply-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(file_path, sizeof file_path, "%s/digits.txt", folder);
    FILE *file = fopen(file_path, "w");
    fputs("0123456789", file);
    fclose(file);
    return set_up(state);
}

static int remove_file(void **state)
{
    unlink(file_path);
    rmdir(folder);
    return tear_down(state);
}

static void give_file(cuvee_request *req)
{
    cuvee_reply_file(req, file_path, NULL);
}

static void give_typed_file(cuvee_request *req)
{
    cuvee_set_header(req, "Content-Disposition", "attachment");
    cuvee_reply_file(req, file_path, "application/x-digits");
}

static void give_folder(cuvee_request *req)
{
    cuvee_reply_file(req, folder, NULL);
}

static void give_nothing(cuvee_request *req)
{
    cuvee_reply_file(req, "/nonexistent/file", NULL);
}

static void give_file_then_text(cuvee_request *req)
{
    cuvee_reply_file(req, file_path, NULL);
    cuvee_reply_text(req, "text");
}

static void a_file_is_sent_with_its_type(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/a", give_file);
    cuvee_app_get(world->app, "/b", give_typed_file);
    cuvee_app_get(world->app, "/c", give_folder);
    cuvee_app_get(world->app, "/d", give_nothing);
    cuvee_app_get(world->app, "/e", give_file_then_text);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/a");
    reply_is(r, 200, "0123456789");
    header_is(r, "content-type", "text/plain; charset=utf-8");
    header_is(r, "accept-ranges", "bytes");
    assert_non_null(cuvee_test_header(r, "last-modified"));
    r = cuvee_test_get(world->test, "/b");
    header_is(r, "content-type", "application/x-digits");
    header_is(r, "content-disposition", "attachment");
    reply_is(cuvee_test_get(world->test, "/c"), 404, "{\"detail\":\"Not Found\"}");
    reply_is(cuvee_test_get(world->test, "/d"), 404, "{\"detail\":\"Not Found\"}");
    r = cuvee_test_get(world->test, "/e");
    reply_is(r, 200, "text");
    header_is(r, "etag", NULL);
}

static void a_known_file_is_not_sent_again(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/", give_file);
    const cuvee_test_reply *first = cuvee_test_get(client(world), "/");
    char etag[80];
    char date[80];
    snprintf(etag, sizeof etag, "If-None-Match: %s", cuvee_test_header(first, "etag"));
    snprintf(date, sizeof date, "If-Modified-Since: %s", cuvee_test_header(first, "last-modified"));
    const cuvee_test_reply *r = cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS(etag));
    reply_is(r, 304, "");
    header_is(r, "etag", cuvee_test_header(first, "etag"));
    reply_is(cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS(date)), 304, "");
    reply_is(cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS("If-None-Match: *")), 304, "");
    assert_int_equal(cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS("If-None-Match: \"x*\""))->status, 200);
    reply_is(cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS("If-None-Match: \"x\"", date)), 200,
             "0123456789");
    reply_is(cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS("If-Modified-Since: yesterday")), 200,
             "0123456789");
}

static void a_part_of_a_file(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/", give_file);
    static const struct {
        const char *range;
        int status;
        const char *body;
        const char *content_range;
    } cases[] = {
        {"Range: bytes=0-0", 206, "0", "bytes 0-0/10"},
        {"Range: bytes=2-4", 206, "234", "bytes 2-4/10"},
        {"Range: bytes=7-", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=-3", 206, "789", "bytes 7-9/10"},
        {"Range: bytes=-30", 206, "0123456789", "bytes 0-9/10"},
        {"Range: bytes=8-99", 206, "89", "bytes 8-9/10"},
        {"Range: bytes=10-", 416, "{\"detail\":\"Range Not Satisfiable\"}", "bytes */10"},
        {"Range: bytes=-0", 416, "{\"detail\":\"Range Not Satisfiable\"}", "bytes */10"},
        {"Range: bytes=4-2", 200, "0123456789", NULL},
        {"Range: bytes=0-1,3-4", 200, "0123456789", NULL},
        {"Range: lines=0-1", 200, "0123456789", NULL},
        {"Range: bytes=", 200, "0123456789", NULL},
        {"Range: bytes=-", 200, "0123456789", NULL},
        {"Range: bytes=a-b", 200, "0123456789", NULL},
        {"Range: bytes=99999999999999999999-", 200, "0123456789", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const cuvee_test_reply *r = cuvee_test_get(client(world), "/", .headers = CUVEE_HEADERS(cases[i].range));
        reply_is(r, cases[i].status, cases[i].body);
        header_is(r, "content-range", cases[i].content_range);
    }
    const char *etag = cuvee_test_header(cuvee_test_get(world->test, "/"), "etag");
    char line[80];
    snprintf(line, sizeof line, "If-Range: %s", etag);
    reply_is(cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS("Range: bytes=0-1", line)), 206, "01");
    reply_is(cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS("Range: bytes=0-1", "If-Range: \"old\"")), 200,
             "0123456789");
}

static void an_empty_file_has_no_parts(void **state)
{
    struct world *world = *state;
    assert_int_equal(truncate(file_path, 0), 0);
    cuvee_app_get(world->app, "/", give_file);
    reply_is(cuvee_test_get(client(world), "/"), 200, "");
    assert_int_equal(cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS("Range: bytes=0-"))->status, 416);
    assert_int_equal(cuvee_test_get(world->test, "/", .headers = CUVEE_HEADERS("Range: bytes=-1"))->status, 416);
}

static void types_follow_from_names(void **state)
{
    (void)state;
    assert_string_equal(cv_content_type("/a/b.HTML"), "text/html; charset=utf-8");
    assert_string_equal(cv_content_type("style.css"), "text/css; charset=utf-8");
    assert_string_equal(cv_content_type("a.tar.zip"), "application/zip");
    assert_string_equal(cv_content_type("/x.png/noending"), "application/octet-stream");
    assert_string_equal(cv_content_type("file."), "application/octet-stream");
    assert_string_equal(cv_content_type(""), "application/octet-stream");
}

static void dates_are_in_http_form(void **state)
{
    (void)state;
    char text[CV_HTTP_DATE_SIZE];
    cv_http_date(784111777, text);
    assert_string_equal(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    cv_http_date(0, text);
    assert_string_equal(text, "Thu, 01 Jan 1970 00:00:00 GMT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_json_and_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_status_of_the_handlers_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_may_carry_any_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(redirects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(headers_go_with_the_handlers_reply, set_up, tear_down),
        cmocka_unit_test_setup_teardown(headers_cannot_be_forged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cookies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_handler_can_look_at_the_request, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_is_sent_with_its_type, make_file, remove_file),
        cmocka_unit_test_setup_teardown(a_known_file_is_not_sent_again, make_file, remove_file),
        cmocka_unit_test_setup_teardown(a_part_of_a_file, make_file, remove_file),
        cmocka_unit_test_setup_teardown(an_empty_file_has_no_parts, make_file, remove_file),
        cmocka_unit_test(types_follow_from_names),
        cmocka_unit_test(dates_are_in_http_form),
    };
    return cmocka_run_group_tests_name("web/reply/plain", tests, NULL, NULL);
}
