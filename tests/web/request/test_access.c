/* Ids of requests, and the lines of the log. */
#include "web/support.h"

#include <pthread.h>
#include <stdio.h>

#include "web/wire.h"

static const char *seen; /* what the handler was told */

static void hello(cuvee_request *req)
{
    (void)req;
    cuvee_reply_text(req, "hello");
}

static void ask(cuvee_request *req)
{
    char text[80];
    seen = cuvee_request_id(req);
    snprintf(text, sizeof text, "%s", seen);
    assert_string_equal(cuvee_request_id(req), text); /* the same one again */
    cuvee_reply_text(req, text);
}

static void break_down(cuvee_request *req)
{
    cuvee_select(cuvee_request_session(req), NULL);
}

static struct world *make_world(void)
{
    struct world *world = new_world();
    cuvee_app_get(world->app, "/", hello);
    cuvee_app_get(world->app, "/ask", ask);
    cuvee_app_get(world->app, "/broken", break_down);
    return world;
}

static void a_given_id_comes_back(void **state)
{
    (void)state;
    struct world *world = make_world();
    static const char *const paths[] = {"/", "/none", "/broken", "/ask"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        const cuvee_test_reply *r =
            cuvee_test_get(client(world), paths[i], .headers = CUVEE_HEADERS("X-Request-ID: Trace.7_a-1"));
        header_is(r, "x-request-id", "Trace.7_a-1");
        if (r->cause)
            assert_memory_equal(r->cause, "Trace.7_a-1 GET /broken: ", 25);
    }
    free_world(world);
}

static void what_could_forge_a_line_is_no_id(void **state)
{
    (void)state;
    struct world *world = make_world();
    static const char *const bad[] = {
        "X-Request-ID: a b",
        "X-Request-ID: a\tb",
        "X-Request-ID: \xC3\xA9",
        "X-Request-ID:",
        "X-Request-ID: a\"",
        "X-Request-ID: 12345678901234567890123456789012345678901234567890123456789012345", /* one too many */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        header_is(cuvee_test_get(client(world), "/", .headers = CUVEE_HEADERS(bad[i])), "x-request-id", NULL);
        const cuvee_test_reply *r = cuvee_test_get(client(world), "/ask", .headers = CUVEE_HEADERS(bad[i]));
        assert_int_equal(strlen(r->body), 16);
        header_is(r, "x-request-id", r->body);
    }
    const cuvee_test_reply *r = cuvee_test_get(
        client(world), "/",
        .headers = CUVEE_HEADERS("X-Request-ID: 1234567890123456789012345678901234567890123456789012345678901234"));
    assert_int_equal(strlen(cuvee_test_header(r, "x-request-id")), 64);
    free_world(world);
}

static void who_does_not_ask_gets_none(void **state)
{
    (void)state;
    struct world *world = make_world();
    header_is(cuvee_test_get(client(world), "/"), "x-request-id", NULL);
    char first[32];
    snprintf(first, sizeof first, "%s", cuvee_test_get(client(world), "/ask")->body);
    assert_string_not_equal(cuvee_test_get(client(world), "/ask")->body, first);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/broken");
    assert_memory_equal(r->cause, cuvee_test_header(r, "x-request-id"), 16);
    free_world(world);
}

/* ---- the server's log ---- */

struct journal {
    pthread_mutex_t mutex;
    char lines[2048];
};

static void keep(void *arg, const char *line)
{
    struct journal *journal = arg;
    pthread_mutex_lock(&journal->mutex);
    size_t size = strlen(journal->lines);
    snprintf(journal->lines + size, sizeof journal->lines - size, "%s\n", line);
    pthread_mutex_unlock(&journal->mutex);
}

/* What a server wrote into its log while these were asked. */
static void log_of(bool access, struct journal *journal)
{
    struct world *world = make_world();
    cuvee_error error;
    cuvee_server *server = cuvee_server_start(
        world->app, &(cuvee_server_options){.log = keep, .log_arg = journal, .log_access = access}, &error);
    assert_non_null(server);
    static const char *const requests[] = {
        "GET /?secret=1 HTTP/1.1\r\nHost: h\r\nX-Request-ID: one\r\n\r\n",
        "GET /none%0A HTTP/1.1\r\nHost: h\r\nX-Request-ID: two\r\n\r\n",
        "GET /broken HTTP/1.1\r\nHost: h\r\nX-Request-ID: three\r\n\r\n",
    };
    for (size_t i = 0; i < 3; i++) {
        struct wire_reply reply = wire_ask(cuvee_server_port(server), requests[i]);
        assert_int_equal(reply.status, i == 0 ? 200 : i == 1 ? 404 : 500);
        wire_free(&reply);
    }
    cuvee_server_stop(server);
    free_world(world);
}

/* Cuts the time at each line's end off. */
static void without_times(char *lines)
{
    char *out = lines;
    for (char *line = lines; *line;) {
        char *end = strchr(line, '\n');
        char *bytes = NULL;
        for (char *at = line; at < end; at++)
            if (strncmp(at, " bytes ", 7) == 0)
                bytes = at;
        size_t size = (size_t)((bytes ? bytes + 6 : end) - line);
        if (bytes)
            assert_memory_equal(end - 3, " us", 3);
        memmove(out, line, size);
        out[size] = '\n';
        out += size + 1;
        line = end + 1;
    }
    *out = '\0';
}

static void the_log_has_a_line_for_each_request_if_it_shall(void **state)
{
    (void)state;
    struct journal journal = {.lines = ""};
    pthread_mutex_init(&journal.mutex, NULL);
    log_of(true, &journal);
    without_times(journal.lines);
    static const char failure[] = "three GET /broken: misuse: ";
    char *told = strstr(journal.lines, failure);
    assert_non_null(told);
    memmove(told, strchr(told, '\n') + 1, strlen(strchr(told, '\n'))); /* the failure's own line comes first */
    assert_string_equal(journal.lines, "one 127.0.0.1 GET / 200 5 bytes\n"
                                       "two 127.0.0.1 GET /none%0A 404 22 bytes\n"
                                       "three 127.0.0.1 GET /broken 500 21 bytes\n");
    journal.lines[0] = '\0';
    log_of(false, &journal);
    assert_memory_equal(journal.lines, failure, strlen(failure));
    assert_ptr_equal(strchr(journal.lines, '\n') + 1, strchr(journal.lines, '\0'));
    pthread_mutex_destroy(&journal.mutex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_given_id_comes_back),
        cmocka_unit_test(what_could_forge_a_line_is_no_id),
        cmocka_unit_test(who_does_not_ask_gets_none),
        cmocka_unit_test(the_log_has_a_line_for_each_request_if_it_shall),
    };
    return cmocka_run_group_tests_name("web/request/access", tests, NULL, NULL);
}
