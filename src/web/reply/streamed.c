/* Replies whose body is made while it leaves. */
#include "web/reply/streamed.h"

#include <string.h>

#include "web/flow/channel.h"
#include "web/reply/begin.h"

static void reply_busy(cuvee_request *request)
{
    cuvee_reply_error(request, 503, "Busy, please try again");
    cv_add_header(request, "Retry-After", "1");
}

/* "ID METHOD PATH", in the request's arena; NULL: no memory. */
static const char *name_of(cuvee_request *request)
{
    struct cv_buffer name;
    cv_buffer_init(&name, 0);
    cv_buffer_put(&name, cuvee_request_id(request));
    cv_buffer_char(&name, ' ');
    cv_buffer_bytes(&name, request->in->method.data, request->in->method.size);
    cv_buffer_char(&name, ' ');
    cv_buffer_bytes(&name, request->path.data, request->path.size);
    const char *kept = name.failed ? NULL : cv_arena_copy(request->arena, name.data, name.size);
    cv_buffer_free(&name);
    return kept;
}

/* Its place is taken already. */
static struct cuvee_stream *make(cuvee_request *request, size_t limit)
{
    struct cv_service *service = request->service;
    const char *name = name_of(request);
    struct cuvee_stream *stream = name ? cv_stream_make(name, limit, service->streaming.patience_ms) : NULL;
    if (!stream)
        return NULL;
    stream->log = &service->log;
    stream->blend = service->blend;
    return stream;
}

struct cuvee_stream *cv_stream_new(cuvee_request *request, const char *content_type, cuvee_stream_writer write,
                                   cuvee_channel *channel)
{
    struct cv_streaming *streaming = &request->service->streaming;
    atomic_size_t *places = channel ? &streaming->listeners : &streaming->streams;
    const char *type = cv_keep_text(request, content_type);
    if (!type || !cv_begin_good(request, type))
        return NULL;
    if (!cv_take_place(places, channel ? streaming->max_listeners : streaming->max_streams)) {
        reply_busy(request);
        return NULL;
    }
    struct cuvee_stream *stream = make(request, channel ? cv_channel_queue(channel) : streaming->buffer);
    if (!stream) {
        atomic_fetch_sub(places, 1);
        cv_fail(request, "out of memory");
        return NULL;
    }
    stream->places = places;
    stream->write = write;
    request->reply->stream = stream;
    return stream;
}

void cuvee_reply_stream(cuvee_request *request, const char *content_type, cuvee_stream_writer write, const void *arg,
                        size_t size)
{
    if (request->failed)
        return;
    if (!content_type || !write || (size > 0 && !arg)) {
        cv_fail(request, "%s streams without %s", request->endpoint->name,
                !write         ? "a writer"
                : content_type ? "its argument"
                               : "a content type");
        return;
    }
    struct cuvee_stream *stream = cv_stream_new(request, content_type, write, NULL);
    if (!stream)
        return;
    stream->arg = cv_arena_alloc(&stream->arena, size > 0 ? size : 1);
    if (!stream->arg)
        cv_fail(request, "out of memory");
    else if (size > 0)
        memcpy(stream->arg, arg, size);
}
