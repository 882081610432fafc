/* Replies that are not made of rows: text, bytes, JSON as it is, redirects, errors. */
#include <string.h>

#include "base/ascii.h"
#include "web/reply/begin.h"

struct cv_buffer *cv_begin_good(cuvee_request *request, const char *content_type)
{
    bool session_failed = request->session && cuvee_session_error(request->session)->kind != CUVEE_ERROR_NONE;
    if (request->failed || (session_failed && !request->mending))
        return NULL;
    cv_reply_begin(request->reply, request->endpoint->options.status, content_type);
    return &request->reply->body;
}

void cuvee_reply_bytes(cuvee_request *request, const char *content_type, const void *data, size_t size)
{
    struct cv_buffer *out = cv_begin_good(request, content_type);
    if (out)
        cv_buffer_bytes(out, data, size);
}

void cuvee_reply_json(cuvee_request *request, const char *json)
{
    cuvee_reply_bytes(request, CV_JSON_TYPE, json, strlen(json));
}

void cuvee_reply_text(cuvee_request *request, const char *text)
{
    cuvee_reply_bytes(request, CV_TEXT_TYPE, text, strlen(text));
}

/* Appends what may stand in a Location header; the rest is percent-encoded. */
static void put_location(struct cv_buffer *out, struct cv_slice text)
{
    static const char safe[] = "-._~:/?#[]@!$&'()*+,;=%";
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (cv_is_alnum(c) || (c != '\0' && strchr(safe, c)))
            cv_buffer_char(out, c);
        else
            cv_buffer_format(out, "%%%02X", (unsigned char)c);
    }
}

char *cv_location(cuvee_request *request, struct cv_slice path, struct cv_slice query)
{
    struct cv_buffer location;
    cv_buffer_init(&location, 0);
    put_location(&location, path);
    if (query.size > 0) {
        cv_buffer_char(&location, '?');
        put_location(&location, query);
    }
    char *text = location.failed ? NULL : cv_arena_copy(request->arena, location.data, location.size);
    cv_buffer_free(&location);
    return text;
}

void cuvee_reply_redirect(cuvee_request *request, int status, const char *location)
{
    bool known = status == 0 || (status >= 301 && status <= 303) || status == 307 || status == 308;
    if (!known || !location) {
        cv_fail(request, "%s redirects with status %d to %s", request->endpoint->name, status,
                location ? location : "NULL");
        return;
    }
    if (!cv_begin_good(request, NULL))
        return;
    const char *encoded = cv_location(request, cv_slice(location), (struct cv_slice){NULL, 0});
    request->reply->status = status ? status : 307;
    request->reply->exact = true;
    if (!encoded || !cv_reply_header(request->reply, request->arena, "Location", encoded))
        cv_fail(request, "out of memory");
}

void cuvee_reply_status(cuvee_request *request, int status)
{
    if (request->failed || (status < 400 && !cv_begin_good(request, NULL)))
        return;
    cv_reply_begin(request->reply, status, NULL);
    request->failed = status >= 400;
}

void cuvee_set_status(cuvee_request *request, int status)
{
    if (status < 200 || status > 599)
        cv_fail(request, "%s sets status %d", request->endpoint->name, status);
    else
        request->status = status;
}
