/* The test client: the server's dispatch without a server. */
#include <cuvee/test.h>

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "web/task.h"

/* A reply as the test sees it; its headers, body and cause live in its arena. */
struct kept {
    cuvee_test_reply seen; /* first: a reply is its kept */
    struct kept *older;
    struct cv_arena arena;
    struct cv_reply reply;
};

struct cuvee_test {
    struct cv_service service;
    cuvee_blend *blend;
    struct cv_override *overrides;
    struct kept *replies; /* newest first */
    bool started;         /* on_start was good */
    cuvee_error error;    /* why the client cannot be used */
    char cause[1024];     /* what the last failure logged */
};

/* Stands in when there is no memory for a client or for a reply. */
static const struct kept no_memory = {.seen = {.body = "out of memory", .body_size = 13}};

static void keep_cause(void *arg, const char *line)
{
    cuvee_test *test = arg;
    cv_error_text(test->cause, sizeof test->cause, line);
}

static void make_ready(cuvee_test *test, cuvee_app *app)
{
    if (!app || !cv_app_finish(app)) {
        cv_error_keep(&test->error, cuvee_app_error(app));
        return;
    }
    test->blend = cuvee_blend_in_memory(app->blend);
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
        make_ready(test, app);
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
        struct kept *kept = test->replies;
        test->replies = kept->older;
        cv_reply_free(&kept->reply);
        cv_arena_free(&kept->arena);
        free(kept);
    }
    while (test->overrides) {
        struct cv_override *override = test->overrides;
        test->overrides = override->next;
        free(override);
    }
    cuvee_blend_free(test->blend);
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

static void each_header(const void *of, const char *name, bool (*visit)(void *arg, struct cv_slice value), void *arg)
{
    const cuvee_test_options *options = of;
    bool typed = options->body || options->content_type;
    if (typed && cv_slice_is_caseless(cv_slice("content-type"), name) &&
        !visit(arg, cv_slice(options->content_type ? options->content_type : CV_JSON_TYPE)))
        return;
    for (const char *const *line = options->headers; line && *line; line++)
        if (!visit_line(*line, name, visit, arg))
            return;
}

/* Reads the part of the file that is the reply into its body. */
static void read_file(struct cv_reply *reply)
{
    char *room = cv_buffer_reserve(&reply->body, reply->file_size);
    ssize_t got = room ? pread(reply->file, room, reply->file_size, (off_t)reply->file_begin) : 0;
    reply->body.size += got > 0 ? (size_t)got : 0;
}

static void show(cuvee_test *test, struct kept *kept)
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

static void send_request(cuvee_test *test, struct kept *kept, const char *method, const char *target,
                         const cuvee_test_options *given)
{
    cuvee_test_options options = {0};
    if (given)
        memcpy(&options, given, given->size > 0 && given->size < sizeof options ? given->size : sizeof options);
    struct sockaddr_storage client;
    struct cv_incoming in = {.method = cv_slice(method), .target = cv_slice(target)};
    if (options.body)
        in.body = options.body_size ? (struct cv_slice){options.body, options.body_size} : cv_slice(options.body);
    in.headers = (struct cv_headers){each_header, &options};
    in.client = address_of(options.client ? options.client : "127.0.0.1", &client);
    test->cause[0] = '\0';
    cv_dispatch(&test->service, &in, &kept->arena, &kept->reply);
    cv_tasks_run(&test->service, &kept->reply);
    show(test, kept);
}

const cuvee_test_reply *cuvee_test_request_with(cuvee_test *test, const char *method, const char *target,
                                                const cuvee_test_options *options)
{
    struct kept *kept = test ? calloc(1, sizeof *kept) : NULL;
    if (!kept)
        return &no_memory.seen;
    kept->older = test->replies;
    test->replies = kept;
    cv_arena_init(&kept->arena, 0);
    cv_reply_init(&kept->reply);
    if (test->error.kind == CUVEE_ERROR_NONE)
        send_request(test, kept, method, target, options);
    else
        kept->seen = (cuvee_test_reply){.body = test->error.message, .body_size = strlen(test->error.message)};
    return &kept->seen;
}

/* ---- replies ---- */

const char *cuvee_test_header(const cuvee_test_reply *reply, const char *name)
{
    const struct kept *kept = (const struct kept *)reply;
    if (kept->reply.content_type && cv_slice_is_caseless(cv_slice("content-type"), name))
        return kept->reply.content_type;
    for (const struct cv_header *header = kept->reply.headers; header; header = header->next)
        if (cv_slice_is_caseless(cv_slice(header->name), name))
            return header->value;
    return NULL;
}

/* The value at a path like "users[0].name", or NULL. */
static const json_t *walk(const json_t *json, const char *path)
{
    while (json && *path) {
        char name[128];
        size_t size = strcspn(path + (*path == '.'), ".[");
        if (*path == '[') {
            char *end;
            json = json_array_get(json, strtoul(path + 1, &end, 10));
            path = *end == ']' ? end + 1 : "";
            continue;
        }
        path += *path == '.';
        if (size >= sizeof name)
            return NULL;
        memcpy(name, path, size);
        name[size] = '\0';
        json = json_object_get(json, name);
        path += size;
    }
    return json;
}

const char *cuvee_test_at(const cuvee_test_reply *reply, const char *path)
{
    struct kept *kept = (struct kept *)reply;
    json_t *json = json_loadb(reply->body, reply->body_size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    const json_t *value = walk(json, path);
    char *found = NULL;
    if (json_is_string(value)) {
        found = cv_arena_text(&kept->arena, json_string_value(value));
    } else if (value) {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        found = text ? cv_arena_text(&kept->arena, text) : NULL;
        free(text);
    }
    json_decref(json);
    return found;
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
