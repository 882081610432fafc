#include "web/stream.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- places ---- */

static void give_place_back(struct cuvee_stream *stream)
{
    if (stream->places)
        atomic_fetch_sub(stream->places, 1);
    stream->places = NULL;
}

static void reply_busy(cuvee_request *request)
{
    cuvee_reply_error(request, 503, "Busy, please try again");
    cv_add_header(request, "Retry-After", "1");
}

/* ---- from the first to the last holder ---- */

/* What its writer worked with. */
static void close_sources(struct cuvee_stream *stream)
{
    cv_cursor_close(stream->cursor);
    if (stream->own_session)
        cuvee_session_close(stream->session);
    stream->cursor = NULL;
    stream->session = NULL;
    if (stream->write)
        give_place_back(stream);
}

static void free_stream(struct cuvee_stream *stream)
{
    close_sources(stream);
    give_place_back(stream);
    cv_pipe_free(&stream->pipe);
    cv_arena_free(&stream->arena);
    free(stream);
}

static void let_go(struct cuvee_stream *stream)
{
    if (atomic_fetch_sub(&stream->holders, 1) == 1)
        free_stream(stream);
}

void cv_stream_hold(struct cuvee_stream *stream)
{
    atomic_fetch_add(&stream->holders, 1);
}

void cv_stream_leave(struct cuvee_stream *stream)
{
    if (!stream)
        return;
    cv_pipe_close(&stream->pipe, CV_PIPE_BROKEN);
    if (stream->channel)
        cv_channel_leave(stream->channel, stream);
    let_go(stream);
}

void cv_stream_abandon(struct cuvee_stream *stream)
{
    cv_pipe_close(&stream->pipe, CV_PIPE_BROKEN);
    let_go(stream);
}

static const char *name_of(cuvee_request *request, struct cv_arena *arena)
{
    struct cv_buffer name;
    cv_buffer_init(&name, 0);
    cv_buffer_put(&name, cuvee_request_id(request));
    cv_buffer_char(&name, ' ');
    cv_buffer_bytes(&name, request->in->method.data, request->in->method.size);
    cv_buffer_char(&name, ' ');
    cv_buffer_bytes(&name, request->path.data, request->path.size);
    const char *kept = name.failed ? NULL : cv_arena_copy(arena, name.data, name.size);
    cv_buffer_free(&name);
    return kept;
}

/* Its place is taken already. */
static struct cuvee_stream *make(cuvee_request *request, size_t limit, cuvee_stream_writer write)
{
    struct cv_service *service = request->service;
    struct cuvee_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    if (!cv_pipe_init(&stream->pipe, limit, service->streaming.patience_ms)) {
        free(stream);
        return NULL;
    }
    atomic_init(&stream->holders, 1);
    cv_arena_init(&stream->arena, 0);
    stream->service = service;
    stream->write = write;
    stream->name = name_of(request, &stream->arena);
    if (stream->name)
        return stream;
    free_stream(stream);
    return NULL;
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
    struct cuvee_stream *stream = make(request, channel ? cv_channel_queue(channel) : streaming->buffer, write);
    if (!stream) {
        atomic_fetch_sub(places, 1);
        cv_fail(request, "out of memory");
        return NULL;
    }
    stream->places = places;
    request->reply->stream = stream;
    return stream;
}

void cv_stream_keep_session(cuvee_request *request)
{
    struct cuvee_stream *stream = request->reply->stream;
    if (!stream || !stream->cursor || stream->session != request->session)
        return;
    if (cuvee_session_has_changes(request->session))
        cv_fail(request, "%s streams rows of a session with changes that are not committed: commit before the reply",
                request->endpoint->name);
    else
        stream->own_session = cv_keep_session(request);
}

/* ---- writing ---- */

void cv_stream_break(struct cuvee_stream *stream, const char *format, ...)
{
    char reason[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    cv_log_line(&stream->service->log, "%s: cut in the middle: %s", stream->name, reason);
    cv_pipe_close(&stream->pipe, CV_PIPE_BROKEN);
}

bool cuvee_stream_write(cuvee_stream *stream, const void *data, size_t size)
{
    if (!stream || stream->over)
        return false;
    enum cv_pipe_put outcome = cv_pipe_write(&stream->pipe, data, size);
    stream->over = outcome != CV_PUT_GOOD;
    if (outcome == CV_PUT_STALLED)
        cv_stream_break(stream, "the client takes nothing any more");
    if (outcome == CV_PUT_NO_MEMORY)
        cv_stream_break(stream, "out of memory");
    return !stream->over;
}

bool cuvee_stream_text(cuvee_stream *stream, const char *text)
{
    if (!text)
        cuvee_stream_fail(stream, "cuvee_stream_text got NULL");
    return text && cuvee_stream_write(stream, text, strlen(text));
}

cuvee_session *cuvee_stream_session(cuvee_stream *stream)
{
    if (stream && !stream->session) {
        stream->session = cuvee_session_open(stream->service->blend, .read_only = true);
        stream->own_session = true;
        if (!stream->session)
            cuvee_stream_fail(stream, "out of memory");
    }
    return stream ? stream->session : NULL;
}

void cuvee_stream_fail(cuvee_stream *stream, const char *reason)
{
    if (!stream || stream->over)
        return;
    stream->over = true;
    cv_stream_break(stream, "%s", reason ? reason : "the writer failed");
}

/* A body whose rows ended early is not complete. */
static void check_session(struct cuvee_stream *stream)
{
    const cuvee_error *error = cuvee_session_error(stream->session);
    if (!stream->session || stream->over || error->kind == CUVEE_ERROR_NONE)
        return;
    stream->over = true;
    cv_stream_break(stream, "%s: %s", cuvee_error_kind_name(error->kind), error->message);
}

void cv_stream_run(struct cuvee_stream *stream)
{
    stream->write(stream, stream->arg);
    check_session(stream);
    close_sources(stream);
    cv_pipe_close(&stream->pipe, CV_PIPE_ENDED);
    let_go(stream);
}

/* ---- replies of a program's own ---- */

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
