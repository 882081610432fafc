#include "web/support.h"

#include <stdio.h>
#include <zlib.h>

#include "support/folder.h"

enum { LEAST = 100 };

static char text[4 * LEAST]; /* what handlers reply with; long enough, and compressible */
static char noise[4 * LEAST];

static void long_text(cuvee_request *req)
{
    cuvee_reply_text(req, text);
}

static void just_long_enough(cuvee_request *req)
{
    cuvee_reply_bytes(req, "text/plain", text, LEAST);
}

static void too_short(cuvee_request *req)
{
    cuvee_reply_bytes(req, "text/plain", text, LEAST - 1);
}

static void incompressible(cuvee_request *req)
{
    cuvee_reply_bytes(req, "text/plain", noise, sizeof noise);
}

static const char *type;

static void typed(cuvee_request *req)
{
    cuvee_reply_bytes(req, type, text, strlen(text));
}

static void encoded(cuvee_request *req)
{
    cuvee_set_header(req, "Content-Encoding", "br");
    cuvee_set_header(req, "ETag", "\"1\"");
    cuvee_reply_text(req, text);
}

static void tagged(cuvee_request *req)
{
    cuvee_set_header(req, "ETag", "\"1\"");
    cuvee_set_header(req, "Vary", "Accept");
    cuvee_reply_text(req, text);
}

static void long_error(cuvee_request *req)
{
    cuvee_reply_error(req, 404, text);
}

static char *on_disk;

static void reply_file(cuvee_request *req)
{
    cuvee_reply_file(req, on_disk, NULL);
}

static int set_up(void **state)
{
    struct world *world = new_world_with(&(cuvee_app_options){.gzip_min_size = LEAST});
    unsigned random = 1;
    memset(text, 0, sizeof text);
    for (size_t i = 0; i < 3 * LEAST; i++)
        text[i] = "abcd"[i % 4];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)((random = random * 1103515245 + 12345) >> 16);
    cuvee_app_get(world->app, "/long", long_text);
    cuvee_app_get(world->app, "/least", just_long_enough);
    cuvee_app_get(world->app, "/short", too_short);
    cuvee_app_get(world->app, "/noise", incompressible);
    cuvee_app_get(world->app, "/typed", typed);
    cuvee_app_get(world->app, "/encoded", encoded);
    cuvee_app_get(world->app, "/tagged", tagged);
    cuvee_app_get(world->app, "/error", long_error);
    cuvee_app_get(world->app, "/file", reply_file);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static const cuvee_test_reply *get(struct world *world, const char *path)
{
    return cuvee_test_get(client(world), path, .headers = CUVEE_HEADERS("Accept-Encoding: br, gzip"));
}

/* What the reply's body is when it is decompressed. */
static void inflates_to(const cuvee_test_reply *r, const char *expected)
{
    enum { GZIP_WINDOW = 15 + 16 };
    char out[8 * LEAST] = "";
    z_stream stream = {.next_in = (Bytef *)r->body,
                       .avail_in = (uInt)r->body_size,
                       .next_out = (Bytef *)out,
                       .avail_out = sizeof out - 1};
    assert_int_equal(inflateInit2(&stream, GZIP_WINDOW), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    assert_string_equal(out, expected);
    assert_true(r->body_size < strlen(expected));
}

static void large_replies_are_compressed_for_those_who_ask(void **state)
{
    const cuvee_test_reply *r = get(*state, "/long");
    assert_int_equal(r->status, 200);
    inflates_to(r, text);
    header_is(r, "content-encoding", "gzip");
    header_is(r, "content-type", "text/plain; charset=utf-8");
    header_is(r, "vary", "Accept-Encoding");
    r = get(*state, "/openapi.json");
    header_is(r, "content-encoding", "gzip");
    assert_memory_equal(cuvee_test_header(r, "etag"), "W/\"", 3);
}

static void the_size_counts(void **state)
{
    header_is(get(*state, "/least"), "content-encoding", "gzip");
    const cuvee_test_reply *r = get(*state, "/short");
    header_is(r, "content-encoding", NULL);
    header_is(r, "vary", NULL);
    assert_int_equal(r->body_size, LEAST - 1);
}

static void others_get_it_as_it_is(void **state)
{
    static const char *const wishes[] = {"Accept-Encoding: br", "Accept-Encoding: gzip;q=0", "X: y",
                                         "Accept-Encoding: identity, gzip;q=0.5"};
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        const cuvee_test_reply *r = cuvee_test_get(client(*state), "/long", .headers = CUVEE_HEADERS(wishes[i]));
        reply_is(r, 200, text);
        header_is(r, "content-encoding", NULL);
        header_is(r, "vary", "Accept-Encoding"); /* a cache must know */
    }
}

static void what_does_not_become_smaller_stays(void **state)
{
    const cuvee_test_reply *r = get(*state, "/noise");
    header_is(r, "content-encoding", NULL);
    assert_int_equal(r->body_size, sizeof noise);
    assert_memory_equal(r->body, noise, sizeof noise);
}

static void types_that_are_compressed_already_stay(void **state)
{
    static const struct {
        const char *type;
        bool compressed;
    } cases[] = {
        {"application/json", true},
        {"application/problem+json", true},
        {"image/svg+xml", true},
        {"text/html; charset=utf-8", true},
        {"application/xml ; charset=x", true},
        {"application/javascript", true},
        {"image/png", false},
        {"video/mp4", false},
        {"application/zip", false},
        {"application/octet-stream", false},
        {"font/woff2", false},
        {"text/event-stream", false},
        {"text/event-stream; charset=utf-8", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        type = cases[i].type;
        const char *encoding = cuvee_test_header(get(*state, "/typed"), "content-encoding");
        if ((encoding != NULL) != cases[i].compressed)
            fail_msg("%s: %s", type, encoding ? encoding : "as it is");
    }
}

static void nothing_is_encoded_twice(void **state)
{
    const cuvee_test_reply *r = get(*state, "/encoded");
    reply_is(r, 200, text);
    header_is(r, "content-encoding", "br");
    header_is(r, "etag", "\"1\"");
}

static void its_tag_is_weak(void **state)
{
    const cuvee_test_reply *r = get(*state, "/tagged");
    header_is(r, "etag", "W/\"1\"");
    header_is(r, "vary", "Accept, Accept-Encoding");
    r = cuvee_test_get(client(*state), "/tagged");
    header_is(r, "etag", "\"1\"");
}

static void errors_are_compressed_too(void **state)
{
    const cuvee_test_reply *r = get(*state, "/error");
    assert_int_equal(r->status, 404);
    header_is(r, "content-encoding", "gzip");
}

/* ---- files ---- */

static void files_are_compressed_whole_or_not_at_all(void **state)
{
    char *folder = folder_make();
    char line[120];
    on_disk = path_in(folder, "a.css");
    file_write(on_disk, text, strlen(text));
    const cuvee_test_reply *r = get(*state, "/file");
    inflates_to(r, text);
    assert_memory_equal(cuvee_test_header(r, "etag"), "W/\"", 3);
    header_is(r, "accept-ranges", NULL);
    snprintf(line, sizeof line, "If-None-Match: %s", cuvee_test_header(r, "etag"));
    r = cuvee_test_get(client(*state), "/file", .headers = CUVEE_HEADERS("Accept-Encoding: gzip", line));
    reply_is(r, 304, "");
    r = cuvee_test_get(client(*state), "/file",
                       .headers = CUVEE_HEADERS("Accept-Encoding: gzip", "Range: bytes=0-199"));
    assert_int_equal(r->status, 206);
    header_is(r, "content-encoding", NULL);
    assert_int_equal(r->body_size, 200);
    free(on_disk);
    on_disk = path_in(folder, "a.png");
    file_write(on_disk, text, strlen(text));
    header_is(get(*state, "/file"), "content-encoding", NULL);
    free(on_disk);
    folder_remove(folder);
}

static void heads_are_not(void **state)
{
    char *folder = folder_make();
    on_disk = path_in(folder, "a.css");
    file_write(on_disk, text, strlen(text));
    cuvee_app_files(((struct world *)*state)->app, "/static", folder);
    const cuvee_test_reply *r = get(*state, "/static/a.css");
    header_is(r, "content-encoding", "gzip");
    r = cuvee_test_request(client(*state), "HEAD", "/static/a.css", .headers = CUVEE_HEADERS("Accept-Encoding: gzip"));
    header_is(r, "content-encoding", NULL);
    header_is(r, "vary", "Accept-Encoding");
    free(on_disk);
    folder_remove(folder);
}

static void without_the_option_nothing_is(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/long", long_text);
    const cuvee_test_reply *r = get(world, "/long");
    reply_is(r, 200, text);
    header_is(r, "vary", NULL);
    free_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(large_replies_are_compressed_for_those_who_ask, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_size_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(others_get_it_as_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_does_not_become_smaller_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(types_that_are_compressed_already_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_encoded_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(its_tag_is_weak, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_are_compressed_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_are_compressed_whole_or_not_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(heads_are_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_the_option_nothing_is, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/front/gzip", tests, NULL, NULL);
}
