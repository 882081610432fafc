#include "web/support.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/folder.h"

static char *folder;

static void write_file(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void make_folder(const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void link_to(const char *target, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(symlink(target, path), 0);
}

static int set_up(void **state)
{
    folder = folder_make();
    make_folder("public");
    make_folder("public/sub");
    make_folder("public/.git");
    make_folder("public/bare");
    write_file("secret.txt", "secret");
    write_file("public/a.txt", "text a");
    write_file("public/style.css", "p{}");
    write_file("public/.env", "hidden");
    write_file("public/.git/config", "hidden");
    write_file("public/index.html", "<p>root");
    write_file("public/sub/index.html", "<p>sub");
    write_file("public/sub/b c.txt", "text b");
    write_file("public/bare/x.txt", "x");
    link_to("../secret.txt", "public/link.txt");
    link_to("..", "public/up");
    *state = new_world();
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    folder_remove(folder);
    return 0;
}

static const char *public_folder(void)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/public", folder);
    return path;
}

static const char not_found[] = "{\"detail\":\"Not Found\"}";

static void files_are_sent_by_name(void **state)
{
    struct world *world = *state;
    cuvee_app_files(world->app, "/static", public_folder(), .cache_control = "max-age=60");
    cuvee_test *t = client(world);
    const cuvee_test_reply *r = cuvee_test_get(t, "/static/a.txt");
    reply_is(r, 200, "text a");
    header_is(r, "content-type", "text/plain; charset=utf-8");
    header_is(r, "cache-control", "max-age=60");
    assert_non_null(cuvee_test_header(r, "etag"));
    header_is(cuvee_test_get(t, "/static/style.css"), "content-type", "text/css; charset=utf-8");
    reply_is(cuvee_test_get(t, "/static/sub/b%20c.txt"), 200, "text b");
    reply_is(cuvee_test_get(t, "/static/a.txt", .headers = CUVEE_HEADERS("Range: bytes=0-3")), 206, "text");
    assert_int_equal(cuvee_test_request(t, "HEAD", "/static/a.txt")->status, 200);
    const cuvee_test_reply *post = cuvee_test_request(t, "POST", "/static/a.txt");
    assert_int_equal(post->status, 405);
    header_is(post, "allow", "GET, HEAD");
    at_is(cuvee_test_get(t, "/openapi.json"), "paths", "{}");
}

static void nothing_else_is_there(void **state)
{
    struct world *world = *state;
    cuvee_app_files(world->app, "/static", public_folder());
    static const char *const nowhere[] = {"/static",
                                          "/static/",
                                          "/static/none.txt",
                                          "/static/sub",
                                          "/static/sub/",
                                          "/static/a.txt/",
                                          "/static/a.txt/x",
                                          "/static//a.txt",
                                          "/static/sub//index.html",
                                          "/static/.env",
                                          "/static/%2eenv",
                                          "/static/.git/config",
                                          "/static/../secret.txt",
                                          "/static/%2e%2e/secret.txt",
                                          "/static/..%2fsecret.txt",
                                          "/static/sub/../../secret.txt",
                                          "/static/sub/..%2F..%2Fsecret.txt",
                                          "/static/./a.txt",
                                          "/static/link.txt",
                                          "/static/up/secret.txt",
                                          "/static/up/public/a.txt",
                                          "/static/a.txt%00",
                                          "/static/%00",
                                          "/static/a.txt%00.png",
                                          "/static/%FF",
                                          "/static//etc/passwd",
                                          "/static/%2fetc%2fpasswd",
                                          "/static/a.txt\\..\\..\\secret.txt"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        const cuvee_test_reply *r = cuvee_test_get(client(world), nowhere[i]);
        if (r->status != 404)
            fail_msg("%s: %d %s", nowhere[i], r->status, r->body);
    }
    char longer[2000] = "/static/";
    memset(longer + 8, 'a', 1500);
    reply_is(cuvee_test_get(world->test, longer), 404, not_found);
}

static void pages_have_indexes_and_a_page_for_what_is_missing(void **state)
{
    struct world *world = *state;
    cuvee_app_files(world->app, "/site", public_folder(), .html = true, .cache_control = "max-age=60");
    cuvee_test *t = client(world);
    const cuvee_test_reply *r = cuvee_test_get(t, "/site/");
    reply_is(r, 200, "<p>root");
    header_is(r, "content-type", "text/html; charset=utf-8");
    reply_is(cuvee_test_get(t, "/site/sub/"), 200, "<p>sub");
    r = cuvee_test_get(t, "/site/sub");
    assert_int_equal(r->status, 307);
    header_is(r, "location", "/site/sub/");
    r = cuvee_test_get(t, "/site");
    assert_int_equal(r->status, 307);
    header_is(r, "location", "/site/");
    reply_is(cuvee_test_get(t, "/site/bare/"), 404, not_found);
    reply_is(cuvee_test_get(t, "/site/none"), 404, not_found);
    write_file("public/404.html", "<p>nothing here");
    r = cuvee_test_get(t, "/site/none");
    reply_is(r, 404, "<p>nothing here");
    header_is(r, "content-type", "text/html; charset=utf-8");
    header_is(r, "cache-control", NULL);
    header_is(r, "etag", NULL);
    r = cuvee_test_get(t, "/site/none", .headers = CUVEE_HEADERS("If-None-Match: *", "Range: bytes=0-0"));
    reply_is(r, 404, "<p>nothing here");
}

static void routes_win_over_files(cuvee_request *req)
{
    cuvee_reply_text(req, "route");
}

static void files_can_be_at_the_root(void **state)
{
    struct world *world = *state;
    cuvee_app_files(world->app, "", public_folder(), .html = true);
    cuvee_app_get(world->app, "/sub/index.html", routes_win_over_files);
    cuvee_test *t = client(world);
    reply_is(cuvee_test_get(t, "/"), 200, "<p>root");
    reply_is(cuvee_test_get(t, "/a.txt"), 200, "text a");
    reply_is(cuvee_test_get(t, "/sub/index.html"), 200, "route");
    assert_int_equal(cuvee_test_get(t, "/docs")->status, 200);
}

static void *refuse(cuvee_request *req)
{
    cuvee_reply_error(req, 403, NULL);
    return NULL;
}

static const cuvee_dependency closed = {.name = "closed", .open = refuse};

static void files_can_be_guarded(void **state)
{
    struct world *world = *state;
    cuvee_app_files(world->app, "/static", public_folder(), .dependencies = CUVEE_DEPENDENCIES(&closed));
    assert_int_equal(cuvee_test_get(client(world), "/static/a.txt")->status, 403);
    assert_int_equal(cuvee_test_get(world->test, "/static/none")->status, 403);
}

static void a_guarded_application_guards_them(void **state)
{
    (void)state;
    struct world *world = new_world_with(&(cuvee_app_options){.dependencies = CUVEE_DEPENDENCIES(&closed)});
    cuvee_app_files(world->app, "/static", public_folder());
    assert_int_equal(cuvee_test_get(client(world), "/static/a.txt")->status, 403);
    free_world(world);
}

static void refuses(const char *prefix, const char *path, const char *words)
{
    struct world *world = new_world();
    cuvee_app_files(world->app, prefix, path);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, words);
    free_world(world);
}

static void mistakes_stay_in_the_application(void **state)
{
    (void)state;
    refuses("/static", "/nonexistent/folder", "/nonexistent/folder is not there");
    char path[300];
    snprintf(path, sizeof path, "%s/a.txt", public_folder());
    refuses("/static", path, "is not there or cannot be read");
    refuses("static", public_folder(), "must begin with /");
    refuses("/static/", public_folder(), "must begin with /");
    refuses(NULL, public_folder(), "must begin with /");
    cuvee_app_files(NULL, "/static", public_folder());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_are_sent_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_else_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_have_indexes_and_a_page_for_what_is_missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_can_be_at_the_root, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_can_be_guarded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_guarded_application_guards_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_stay_in_the_application, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/pages/files", tests, NULL, NULL);
}
