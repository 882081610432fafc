#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/options.h"
#include "base/utf8.h"
#include "web/front/front.h"
#include "web/request/request.h"

static const char all_methods[] = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT";

static bool has(const char *list, struct cv_slice wanted, bool (*same)(struct cv_slice word, struct cv_slice wanted))
{
    struct cv_slice rest = cv_slice(list ? list : "");
    struct cv_slice word;
    while (cv_list_next(&rest, &word))
        if (same(word, wanted))
            return true;
    return false;
}

static bool has_any(const char *list)
{
    return has(list, cv_slice("*"), cv_slice_same);
}

/* ---- making ---- */

static int by_bytes(const void *a, const void *b)
{
    const struct cv_slice *one = a;
    const struct cv_slice *other = b;
    int order = memcmp(one->data, other->data, one->size < other->size ? one->size : other->size);
    return order ? order : (one->size > other->size) - (one->size < other->size);
}

/* The listed headers and those that are always allowed, in alphabetical order, each once. */
static bool write_headers(struct cv_buffer *out, const char *list)
{
    static const char safe[] = "Accept, Accept-Language, Content-Language, Content-Type";
    enum { MOST = 64 };
    struct cv_slice words[MOST];
    size_t count = 0;
    const char *const lists[] = {safe, list ? list : ""};
    for (size_t i = 0; i < 2; i++) {
        struct cv_slice rest = cv_slice(lists[i]);
        while (count < MOST && cv_list_next(&rest, &words[count]))
            count++;
    }
    qsort(words, count, sizeof *words, by_bytes);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && cv_slice_same(words[i], words[i - 1]))
            continue;
        if (i > 0)
            cv_buffer_put(out, ", ");
        cv_buffer_bytes(out, words[i].data, words[i].size);
    }
    return count < MOST;
}

static bool make_headers(struct cv_front *front, struct cv_arena *arena, cuvee_error *error)
{
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    bool fits = write_headers(&out, front->cors->headers);
    front->cors_headers = out.failed ? NULL : cv_arena_copy(arena, out.data, out.size);
    cv_buffer_free(&out);
    if (!fits)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "CORS lists too many headers; \"*\" is all");
    return front->cors_headers ? true : cv_error_memory(error);
}

/* An origin must match as a whole. */
static bool make_pattern(struct cv_front *front, struct cv_arena *arena, cuvee_error *error)
{
    static const char begin[] = "\\A(?:";
    static const char end[] = ")\\z";
    const char *pattern = front->cors->origin_pattern;
    if (!pattern)
        return true;
    size_t size = sizeof begin + strlen(pattern) + sizeof end;
    char *whole = cv_arena_alloc(arena, size);
    if (!whole)
        return cv_error_memory(error);
    snprintf(whole, size, "%s%s%s", begin, pattern, end);
    front->origin_pattern = cv_pattern_make(whole, error);
    return front->origin_pattern != NULL;
}

bool cv_cors_make(struct cv_front *front, const cuvee_cors *cors, struct cv_arena *arena, cuvee_error *error)
{
    enum { DEFAULT_MAX_AGE = 600 };
    char age[24];
    if (!cors)
        return true;
    front->cors = cors;
    front->cors_methods = has_any(cors->methods) ? all_methods : cors->methods ? cors->methods : "GET";
    snprintf(age, sizeof age, "%u", cors->max_age ? cors->max_age : DEFAULT_MAX_AGE);
    front->cors_max_age = cv_arena_text(arena, age);
    if (!front->cors_max_age)
        return cv_error_memory(error);
    return make_headers(front, arena, error) && make_pattern(front, arena, error);
}

/* ---- answering ---- */

static bool is_allowed(const struct cv_front *front, struct cv_slice origin)
{
    if (has_any(front->cors->origins) || has(front->cors->origins, origin, cv_slice_same))
        return true;
    return front->origin_pattern && cv_utf8_text(origin.data, origin.size) &&
           cv_pattern_match(front->origin_pattern, origin.data, origin.size) == CV_MATCH;
}

/* Whether replies name the origin: "*" does not do for lists of origins, nor for credentials. */
static bool names_origin(const struct cv_front *front)
{
    return front->cors->credentials || !has_any(front->cors->origins);
}

static bool add(struct cv_reply *reply, struct cv_arena *arena, const char *name, struct cv_slice value)
{
    const char *kept = cv_arena_copy(arena, value.data, value.size);
    return kept && cv_reply_set_header(reply, arena, name, kept);
}

bool cv_cors_mark(const struct cv_front *front, const struct cv_headers *headers, struct cv_arena *arena,
                  struct cv_reply *reply)
{
    const cuvee_cors *cors = front->cors;
    if (!cors)
        return true;
    struct cv_slice origin = cv_header_of(headers, "Origin");
    bool named = names_origin(front) || cv_header_of(headers, "Cookie").data;
    if (named && !cv_reply_vary(reply, arena, "Origin")) /* without an origin too: caches must know */
        return false;
    if (!origin.data || !is_allowed(front, origin))
        return true;
    return add(reply, arena, "Access-Control-Allow-Origin", named ? origin : cv_slice("*")) &&
           (!cors->credentials || cv_reply_set_header(reply, arena, "Access-Control-Allow-Credentials", "true")) &&
           (!cors->expose || cv_reply_set_header(reply, arena, "Access-Control-Expose-Headers", cors->expose));
}

/* ---- preflights ---- */

struct preflight {
    struct cv_slice origin;
    struct cv_slice method;
    struct cv_slice headers; /* data NULL: none asked for */
};

static bool are_headers_allowed(const struct cv_front *front, struct cv_slice asked)
{
    struct cv_slice name;
    if (has_any(front->cors->headers))
        return true;
    while (cv_list_next(&asked, &name))
        if (!has(front->cors_headers, name, cv_slice_same_caseless))
            return false;
    return true;
}

/* "OK", or all that is not allowed. */
static void write_verdict(struct cv_reply *reply, const struct cv_front *front, const struct preflight *asked)
{
    const bool allowed[] = {is_allowed(front, asked->origin), has(front->cors_methods, asked->method, cv_slice_same),
                            are_headers_allowed(front, asked->headers)};
    static const char *const names[] = {"origin", "method", "headers"};
    const char *before = "Disallowed CORS ";
    cv_reply_begin(reply, 200, CV_TEXT_TYPE);
    for (size_t i = 0; i < 3; i++) {
        if (allowed[i])
            continue;
        reply->status = 400;
        cv_buffer_put(&reply->body, before);
        cv_buffer_put(&reply->body, names[i]);
        before = ", ";
    }
    if (reply->status == 200)
        cv_buffer_put(&reply->body, "OK");
}

static bool add_permissions(struct cv_reply *reply, const struct cv_front *front, const struct preflight *asked,
                            struct cv_arena *arena)
{
    bool named = names_origin(front);
    struct cv_slice origin = named ? asked->origin : cv_slice("*");
    bool any_header = has_any(front->cors->headers);
    struct cv_slice headers = any_header ? asked->headers : cv_slice(front->cors_headers);
    return (!named || cv_reply_vary(reply, arena, "Origin")) &&
           cv_reply_set_header(reply, arena, "Access-Control-Allow-Methods", front->cors_methods) &&
           cv_reply_set_header(reply, arena, "Access-Control-Max-Age", front->cors_max_age) &&
           (!headers.data || add(reply, arena, "Access-Control-Allow-Headers", headers)) &&
           (!front->cors->credentials ||
            cv_reply_set_header(reply, arena, "Access-Control-Allow-Credentials", "true")) &&
           (!is_allowed(front, asked->origin) || add(reply, arena, "Access-Control-Allow-Origin", origin));
}

void cv_cors_answer(cuvee_request *request)
{
    const struct preflight asked = {
        .origin = cv_request_header(request, "Origin"),
        .method = cv_request_header(request, "Access-Control-Request-Method"),
        .headers = cv_request_header(request, "Access-Control-Request-Headers"),
    };
    if (!cv_slice_is(request->in->method, "OPTIONS") || !asked.origin.data || !asked.method.data)
        return;
    const struct cv_front *front = request->service->app->front;
    request->preflight = true;
    write_verdict(request->reply, front, &asked);
    request->failed = request->reply->status != 200;
    if (!add_permissions(request->reply, front, &asked, request->arena))
        cv_fail(request, "out of memory");
}
