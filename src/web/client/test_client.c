/* The test client: the server's dispatch without a server. */
#include "web/client/test_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/options.h"
#include "web/dispatch/dispatch.h"
#include "web/dispatch/task.h"

enum { DEFAULT_STREAM = 64 * 1024 * 1024 };

struct cuvee_test {
    struct cv_service service;
    cuvee_blend *blend;
    cuvee_blend *own_blend; /* NULL: it is the caller's */
    struct cv_override *overrides;
    struct cv_test_cookie *cookies; /* oldest first */
    struct cv_kept *replies;        /* newest first */
    bool started;                   /* on_start was good */
    cuvee_error error;              /* why the client cannot be used */
    char cause[1024];               /* what the last failure logged */
};

/* Stands in when there is no memory for a client or for a reply. */
static const struct cv_kept no_memory = {.seen = {.body = "out of memory", .body_size = 13}};

static void keep_cause(void *arg, const char *line)
{
    cuvee_test *test = arg;
    cv_error_text(test->cause, sizeof test->cause, line);
}

/* NULL for `blend`: one of its own. */
static void make_ready(cuvee_test *test, cuvee_app *app, cuvee_blend *blend)
{
    if (!app || !cv_app_finish(app)) {
        cv_error_keep(&test->error, cuvee_app_error(app));
        return;
    }
    test->own_blend = blend ? NULL : cuvee_blend_in_memory(app->blend);
    test->blend = blend ? blend : test->own_blend;
    if (!test->blend || !cuvee_create_tables(test->blend)) {
        cv_error_keep(&test->error, cuvee_blend_error(test->blend));
        return;
    }
    cv_service_init(&test->service, app, test->blend);
    test->service.log = (struct cv_log){keep_cause, test};
}

cuvee_test *cuvee_test_open(cuvee_app *app)
{
    cuvee_test *test = calloc(1, sizeof *test);
    if (test)
        make_ready(test, app, NULL);
    return test;
}

cuvee_test *cuvee_test_open_on(cuvee_app *app, cuvee_blend *blend)
{
    cuvee_test *test = calloc(1, sizeof *test);
    if (test && blend)
        make_ready(test, app, blend);
    else if (test)
        cv_error_keep(&test->error, cuvee_blend_error(NULL));
    return test;
}

cuvee_blend *cuvee_test_blend(cuvee_test *test)
{
    return test ? test->blend : NULL;
}

bool cuvee_test_start(cuvee_test *test)
{
    if (!test || test->error.kind != CUVEE_ERROR_NONE)
        return false;
    bool (*on_start)(cuvee_blend * blend) = test->service.app->options.on_start;
    test->started = !on_start || on_start(test->blend);
    return test->started;
}

void cuvee_test_close(cuvee_test *test)
{
    if (!test)
        return;
    if (test->started && test->service.app->options.on_stop)
        test->service.app->options.on_stop(test->blend);
    while (test->replies) {
        struct cv_kept *kept = test->replies;
        test->replies = kept->older;
        cv_reply_free(&kept->reply);
        cv_buffer_free(&kept->events);
        cv_arena_free(&kept->arena);
        free(kept);
    }
    cuvee_test_overrides_clear(test);
    cv_test_cookies_free(test->cookies);
    cuvee_blend_free(test->own_blend);
    free(test);
}

/* ---- requests ---- */

/* Visits the value when a "Name: value" line has this name. */
static bool visit_line(const char *line, const char *name, bool (*visit)(void *arg, struct cv_slice value), void *arg)
{
    const char *colon = strchr(line, ':');
    if (!colon || !cv_slice_is_caseless((struct cv_slice){line, (size_t)(colon - line)}, name))
        return true;
    return visit(arg, cv_slice_trim(cv_slice(colon + 1)));
}

/* The headers of one request. */
struct sent {
    const cuvee_test_options *options;
    const char *cookies; /* those that the client has kept; a Cookie header of the test's own comes before them */
};

static void each_header(const void *of, const char *name, bool (*visit)(void *arg, struct cv_slice value), void *arg)
{
    const struct sent *sent = of;
    const cuvee_test_options *options = sent->options;
    bool typed = options->body || options->content_type;
    if (typed && cv_slice_is_caseless(cv_slice("content-type"), name) &&
        !visit(arg, cv_slice(options->content_type ? options->content_type : CV_JSON_TYPE)))
        return;
    for (const char *const *line = options->headers; line && *line; line++)
        if (!visit_line(*line, name, visit, arg))
            return;
    if (sent->cookies && sent->cookies[0] && cv_slice_is_caseless(cv_slice("cookie"), name))
        visit(arg, cv_slice(sent->cookies));
}

/* Reads the part of the file that is the reply into its body. */
static void read_file(struct cv_reply *reply)
{
    char *room = cv_buffer_reserve(&reply->body, reply->file_size);
    ssize_t got = room ? pread(reply->file, room, reply->file_size, (off_t)reply->file_begin) : 0;
    reply->body.size += got > 0 ? (size_t)got : 0;
}

static void show(cuvee_test *test, struct cv_kept *kept)
{
    struct cv_reply *reply = &kept->reply;
    if (reply->file >= 0)
        read_file(reply);
    if (reply->fixed.data)
        cv_buffer_bytes(&reply->body, reply->fixed.data, reply->fixed.size);
    const char *body = cv_buffer_text(&reply->body);
    kept->seen.status = reply->status;
    kept->seen.body = body ? body : "";
    kept->seen.body_size = body ? reply->body.size : 0;
    kept->seen.cause = test->cause[0] ? cv_arena_text(&kept->arena, test->cause) : NULL;
}

/* A socket's address out of a text. */
static const struct sockaddr *address_of(const char *text, struct sockaddr_storage *storage)
{
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)storage;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)storage;
    *storage = (struct sockaddr_storage){.ss_family = AF_INET};
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1)
        return (const struct sockaddr *)storage;
    storage->ss_family = AF_INET6;
    return inet_pton(AF_INET6, text, &six->sin6_addr) == 1 ? (const struct sockaddr *)storage : NULL;
}

/* A reply of the client's, newest first. NULL: no memory. */
static struct cv_kept *keep(cuvee_test *test, const char *method, const char *target)
{
    struct cv_kept *kept = calloc(1, sizeof *kept);
    if (!kept)
        return NULL;
    kept->older = test->replies;
    test->replies = kept;
    cv_arena_init(&kept->arena, 0);
    cv_reply_init(&kept->reply);
    cv_buffer_init(&kept->events, 0);
    kept->method = cv_arena_text(&kept->arena, method);
    kept->target = kept->method ? cv_arena_text(&kept->arena, target) : NULL;
    return kept->target ? kept : NULL;
}

static struct cv_kept *send_request(cuvee_test *test, const char *method, const char *target,
                                    const cuvee_test_options *options)
{
    struct sockaddr_storage client;
    struct cv_kept *kept = keep(test, method, target);
    struct sent sent = {.options = options};
    if (kept)
        sent.cookies = cv_test_cookies_for(test->cookies, cv_slice(target), &kept->arena);
    if (!sent.cookies)
        return NULL;
    struct cv_incoming in = {.method = cv_slice(method), .target = cv_slice(target)};
    if (options->body)
        in.body = options->body_size ? (struct cv_slice){options->body, options->body_size} : cv_slice(options->body);
    in.headers = (struct cv_headers){each_header, &sent};
    in.client = address_of(options->client ? options->client : "127.0.0.1", &client);
    test->cause[0] = '\0';
    test->service.streaming.buffer = options->hang_up_after ? options->hang_up_after : DEFAULT_STREAM;
    cv_dispatch(&test->service, &in, &kept->arena, &kept->reply);
    cv_test_stream(kept);
    cv_tasks_run(&test->service, &kept->reply);
    show(test, kept);
    return cv_test_cookies_take(&test->cookies, &kept->reply) ? kept : NULL;
}

/* Where the reply sends the client, whatever the host; NULL: nowhere, or to a path that begins with none. */
static const char *next_target(const struct cv_kept *kept)
{
    int status = kept->seen.status;
    const char *location = cuvee_test_header(&kept->seen, "Location");
    bool sends = (status >= 301 && status <= 303) || status == 307 || status == 308;
    if (!sends || !location || location[0] == '/')
        return sends ? location : NULL;
    const char *host = strstr(location, "://");
    const char *path = host ? strchr(host + 3, '/') : NULL;
    return host && !path ? "/" : path;
}

/* As browsers do it: 303 asks with GET, and so do 301 and 302 what was asked with POST. */
static const char *next_method(const struct cv_kept *kept, cuvee_test_options *options)
{
    int status = kept->seen.status;
    bool to_get =
        strcmp(kept->method, "HEAD") != 0 && (status == 303 || (status < 303 && strcmp(kept->method, "POST") == 0));
    if (!to_get)
        return kept->method;
    options->body = options->content_type = NULL;
    return "GET";
}

static const cuvee_test_reply *ask(cuvee_test *test, const char *method, const char *target,
                                   cuvee_test_options *options)
{
    enum { MOST_REDIRECTS = 20 };
    for (int i = 0;; i++) {
        struct cv_kept *kept = send_request(test, method, target, options);
        if (!kept)
            return &no_memory.seen;
        target = options->follow_redirects && i < MOST_REDIRECTS ? next_target(kept) : NULL;
        if (!target)
            return &kept->seen;
        method = next_method(kept, options);
    }
}

const cuvee_test_reply *cuvee_test_request_with(cuvee_test *test, const char *method, const char *target,
                                                const cuvee_test_options *given)
{
    cuvee_test_options options;
    cv_take_options(&options, sizeof options, given, given ? given->size : 0);
    if (!test)
        return &no_memory.seen;
    if (test->error.kind == CUVEE_ERROR_NONE)
        return ask(test, method, target, &options);
    struct cv_kept *kept = keep(test, method, target);
    if (!kept)
        return &no_memory.seen;
    kept->seen = (cuvee_test_reply){.body = test->error.message, .body_size = strlen(test->error.message)};
    return &kept->seen;
}

/* ---- cookies ---- */

const char *cuvee_test_cookie(const cuvee_test *test, const char *name)
{
    const struct cv_test_cookie *cookie = test ? test->cookies : NULL;
    while (cookie && strcmp(cookie->name, name) != 0)
        cookie = cookie->next;
    return cookie ? cookie->value : NULL;
}

void cuvee_test_set_cookie(cuvee_test *test, const char *name, const char *value)
{
    struct cv_slice text = cv_slice(value ? value : "");
    if (test && !cv_test_cookies_put(&test->cookies, cv_slice(name), cv_slice("/"), value ? &text : NULL))
        cv_error_memory(&test->error);
}

/* ---- overrides ---- */

void cuvee_test_override(cuvee_test *test, const cuvee_dependency *dependency, void *value)
{
    if (!test)
        return;
    struct cv_override **slot = &test->overrides;
    while (*slot && (*slot)->dependency != dependency)
        slot = &(*slot)->next;
    struct cv_override *old = *slot;
    if (value && !old) {
        *slot = calloc(1, sizeof **slot);
        if (*slot)
            (*slot)->dependency = dependency;
        else
            cv_error_memory(&test->error);
    }
    if (value && *slot)
        (*slot)->value = value;
    if (!value && old) {
        *slot = old->next;
        free(old);
    }
    test->service.overrides = test->overrides;
}

void cuvee_test_overrides_clear(cuvee_test *test)
{
    while (test && test->overrides) {
        struct cv_override *override = test->overrides;
        test->overrides = override->next;
        test->service.overrides = test->overrides;
        free(override);
    }
}
