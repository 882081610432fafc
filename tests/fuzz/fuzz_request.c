/*
 * Whole requests, as text: "GET /path?query", header lines, an empty line, the body. Whatever comes, there is a reply:
 * its status is one, its headers could not be read as others, its JSON is some.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include <cuvee/web.h>

#include "model/json_scan.h"
#include "model/models.h"
#include "web/dispatch/dispatch.h"
#include "web/dispatch/task.h"

typedef struct Asked {
    const char *name;
    cuvee_array numbers;
    cuvee_opt_text x_word;
    cuvee_opt_text visit;
} Asked;
static const cuvee_field asked_fields[] = {
    CUVEE_FIELD(Asked, name),
    CUVEE_VALUES_FIELD(Asked, numbers, int32_t, .fallback = "[]"),
    CUVEE_FIELD(Asked, x_word, .in = CUVEE_IN_HEADER),
    CUVEE_FIELD(Asked, visit, .in = CUVEE_IN_COOKIE),
};
static const cuvee_model asked_model = CUVEE_MODEL(Asked, NULL, asked_fields);

/* Sends back in every place what came. */
static void echo(cuvee_request *request)
{
    const Asked *asked = cuvee_params(request, &asked_model);
    cuvee_set_cookie(request, "visit", asked->visit.set ? asked->visit.value : "none");
    if (asked->x_word.set)
        cuvee_set_header(request, "X-Word", asked->x_word.value);
    cuvee_reply_object(request, &asked_model, asked);
}

static void go_on(cuvee_request *request)
{
    const Asked *asked = cuvee_params(request, &asked_model);
    cuvee_reply_redirect(request, 0, asked->name);
}

static void take_body(cuvee_request *request)
{
    Visit visit = {.name = ""};
    cuvee_body_update(request, &visit_model, &visit);
    cuvee_reply_status(request, 204);
}

static void tell_client(cuvee_request *request)
{
    cuvee_reply_error(request, 404, cuvee_request_client(request));
}

static cuvee_app *make_app(bool https_only)
{
    cuvee_app *app =
        cuvee_app_new(cuvee_blend_new(), .hosts = "a.example, *.b.example, *", .https_only = https_only,
                      .gzip_min_size = 64, .root_path = "/api", .proxies = "*",
                      .cors = CUVEE_CORS(.origins = "https://a.example", .origin_pattern = "https://[a-z]+\\.example",
                                         .headers = "X-Word", .credentials = true));
    cuvee_app_get(app, "/echo/{name}", echo, .params = &asked_model);
    cuvee_app_get(app, "/go", go_on, .params = &asked_model);
    cuvee_app_get(app, "/client", tell_client);
    cuvee_app_patch(app, "/visit", take_body, .body = CUVEE_PART(&visit_model));
    MUST(cv_app_finish(app));
    return app;
}

/* ---- one request ---- */

struct text {
    const char *data;
    size_t size;
};

static struct text cut(struct text *rest, char separator)
{
    const char *end = rest->size > 0 ? memchr(rest->data, separator, rest->size) : NULL;
    struct text part = {rest->data, end ? (size_t)(end - rest->data) : rest->size};
    size_t taken = part.size + (end != NULL);
    *rest = (struct text){rest->data + taken, rest->size - taken};
    return part;
}

/* What the HTTP library gives never has these. */
static bool is_clean(struct text text)
{
    return text.size == 0 || (!memchr(text.data, '\0', text.size) && !memchr(text.data, '\r', text.size));
}

static void each_header(const void *of, const char *name, bool (*visit)(void *arg, struct cv_slice value), void *arg)
{
    struct text rest = *(const struct text *)of;
    while (rest.size > 0) {
        struct text value = cut(&rest, '\n');
        if (!is_clean(value))
            continue;
        struct text own = cut(&value, ':');
        if (cv_slice_is_caseless((struct cv_slice){own.data, own.size}, name) &&
            !visit(arg, cv_slice_trim((struct cv_slice){value.data, value.size})))
            return;
    }
}

static void check(const struct cv_reply *reply)
{
    struct cv_json_fault fault;
    MUST(reply->status >= 200 && reply->status <= 599 && !reply->body.failed);
    for (const struct cv_header *header = reply->headers; header; header = header->next) {
        MUST(header->name[0] != '\0');
        for (const unsigned char *at = (const unsigned char *)header->value; *at; at++)
            MUST(*at >= 0x20 && *at != 0x7F);
    }
    bool json = reply->content_type && strcmp(reply->content_type, CV_JSON_TYPE) == 0;
    if (json && reply->file < 0 && !reply->fixed.data && !cv_reply_header_of(reply, "Content-Encoding"))
        MUST(cv_json_scan(reply->body.data, reply->body.size, NULL, &fault) == CV_JSON_GOOD);
}

static void ask(cuvee_app *app, struct text rest)
{
    struct cv_service service;
    struct cv_arena arena;
    struct cv_reply reply;
    struct text target = cut(&rest, '\n');
    struct text method = cut(&target, ' ');
    struct text headers = rest;
    while (rest.size > 0 && cut(&rest, '\n').size > 0)
        ;
    headers.size -= rest.size;
    if (!is_clean(method) || !is_clean(target))
        return;
    struct cv_incoming in = {.method = {method.data, method.size},
                             .target = {target.data, target.size},
                             .body = {rest.data, rest.size},
                             .headers = {each_header, &headers}};
    cv_arena_init(&arena, 0);
    cv_service_init(&service, app, NULL);
    cv_dispatch(&service, &in, &arena, &reply);
    check(&reply);
    cv_reply_free(&reply);
    cv_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static cuvee_app *apps[2];
    if (!apps[0]) {
        apps[0] = make_app(false);
        apps[1] = make_app(true);
    }
    if (size > 0)
        ask(apps[data[0] & 1], (struct text){(const char *)data + 1, size - 1});
    return 0;
}
