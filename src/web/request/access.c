/* What the operator sees of a request: its id, and a line in the log. */
#include <inttypes.h>
#include <stdio.h>

#include "base/ascii.h"
#include "web/flow/stream.h"
#include "web/request/request.h"

/* Whether a text may go into logs and headers of others as an id. */
static bool is_id(struct cv_slice text)
{
    enum { LONGEST = 64 };
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!cv_is_alnum(c) && c != '-' && c != '_' && c != '.')
            return false;
    }
    return text.size > 0 && text.size <= LONGEST;
}

static const char *given_id(cuvee_request *request)
{
    struct cv_slice given = cv_request_header(request, "X-Request-ID");
    return is_id(given) ? cv_arena_copy(request->arena, given.data, given.size) : NULL;
}

const char *cuvee_request_id(cuvee_request *request)
{
    struct cv_service *service = request->service;
    if (!request->id)
        request->id = given_id(request);
    if (request->id)
        return request->id;
    char id[24];
    snprintf(id, sizeof id, "%016" PRIx64, service->id_base + atomic_fetch_add(&service->requests, 1));
    request->id = cv_arena_text(request->arena, id);
    return request->id ? request->id : "-";
}

void cv_tell_id(cuvee_request *request)
{
    if (!request->id)
        request->id = given_id(request);
    if (request->id && !cv_reply_set_header(request->reply, request->arena, "X-Request-ID", request->id))
        cv_fail(request, "out of memory");
}

/* "ID CLIENT METHOD PATH STATUS" in `arena`; NULL: no memory. */
static const char *describe(cuvee_request *request, struct cv_arena *arena)
{
    char client[CV_ADDRESS_TEXT_SIZE];
    struct cv_buffer line;
    cv_address_format(&request->client, client);
    cv_buffer_init(&line, 0);
    cv_buffer_format(&line, "%s %s ", cuvee_request_id(request), client[0] ? client : "-");
    cv_buffer_bytes(&line, request->in->method.data, request->in->method.size);
    cv_buffer_char(&line, ' ');
    cv_buffer_bytes(&line, request->path.data, request->path.size);
    cv_buffer_format(&line, " %d", request->reply->status);
    const char *kept = line.failed ? NULL : cv_arena_copy(arena, line.data, line.size);
    cv_buffer_free(&line);
    return kept;
}

void cv_log_access(cuvee_request *request, int64_t since_us)
{
    struct cuvee_stream *stream = request->reply->stream;
    const char *line = describe(request, stream ? &stream->arena : request->arena);
    if (!line) {
        cv_fail(request, "out of memory");
    } else if (stream) {
        stream->line = line;
        stream->since_us = since_us;
    } else {
        cv_log_sent(&request->service->log, line, cv_reply_size(request->reply), since_us);
    }
}

/* ---- what handlers may know ---- */

const char *cuvee_request_client(cuvee_request *request)
{
    char text[CV_ADDRESS_TEXT_SIZE];
    cv_address_format(&request->client, text);
    const char *kept = cv_arena_text(request->arena, text);
    return kept ? kept : "";
}

bool cuvee_request_is_secure(cuvee_request *request)
{
    return request->secure;
}
