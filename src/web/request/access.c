/* What the operator sees of a request: a line in the log, whose id the reply has too. */
#include "web/flow/stream.h"
#include "web/request/request.h"

void cv_tell_id(cuvee_request *request)
{
    const char *id = cv_known_id(request);
    if (id && !cv_reply_set_header(request->reply, request->arena, "X-Request-ID", id))
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
