/* The test client: the server's dispatch without a server. */
#include <cuvee/test.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "web/service.h"

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
    test->service.log = keep_cause;
    test->service.log_arg = test;
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

void cuvee_test_close(cuvee_test *test)
{
    if (!test)
        return;
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

/* A request of the client carries JSON and says so. */
static void each_header(const void *of, const char *name, bool (*visit)(void *arg, struct cv_slice value), void *arg)
{
    const struct cv_incoming *in = of;
    if (in->body.data && cv_slice_is_caseless(cv_slice("content-type"), name))
        visit(arg, cv_slice(CV_JSON_TYPE));
}

static void show(cuvee_test *test, struct kept *kept)
{
    struct cv_reply *reply = &kept->reply;
    bool fixed = reply->fixed.data != NULL;
    const char *body =
        fixed ? cv_arena_copy(&kept->arena, reply->fixed.data, reply->fixed.size) : cv_buffer_text(&reply->body);
    kept->seen.status = reply->status;
    kept->seen.body = body ? body : "";
    kept->seen.body_size = !body ? 0 : fixed ? reply->fixed.size : reply->body.size;
    kept->seen.cause = test->cause[0] ? cv_arena_text(&kept->arena, test->cause) : NULL;
}

const cuvee_test_reply *cuvee_test_request(cuvee_test *test, const char *method, const char *target, const char *body)
{
    struct kept *kept = test ? calloc(1, sizeof *kept) : NULL;
    if (!kept)
        return &no_memory.seen;
    kept->older = test->replies;
    test->replies = kept;
    cv_arena_init(&kept->arena, 0);
    cv_reply_init(&kept->reply);
    if (test->error.kind != CUVEE_ERROR_NONE) {
        kept->seen = (cuvee_test_reply){.body = test->error.message, .body_size = strlen(test->error.message)};
        return &kept->seen;
    }
    struct cv_incoming in = {.method = cv_slice(method), .target = cv_slice(target)};
    in.body = body ? cv_slice(body) : (struct cv_slice){NULL, 0};
    in.headers = (struct cv_headers){each_header, &in};
    test->cause[0] = '\0';
    cv_dispatch(&test->service, &in, &kept->arena, &kept->reply);
    show(test, kept);
    return &kept->seen;
}

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
