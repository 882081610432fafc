#include "web/flow/stream.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "web/flow/channel.h"

/* ---- places ---- */

static void give_place_back(struct cuvee_stream *stream)
{
    if (stream->places)
        atomic_fetch_sub(stream->places, 1);
    stream->places = NULL;
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

struct cuvee_stream *cv_stream_make(const char *name, size_t limit, unsigned patience_ms)
{
    struct cuvee_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    if (!cv_pipe_init(&stream->pipe, limit, patience_ms)) {
        free(stream);
        return NULL;
    }
    atomic_init(&stream->holders, 1);
    cv_arena_init(&stream->arena, 0);
    stream->name = cv_arena_text(&stream->arena, name);
    if (stream->name)
        return stream;
    free_stream(stream);
    return NULL;
}

void cv_stream_hold(struct cuvee_stream *stream)
{
    atomic_fetch_add(&stream->holders, 1);
}

void cv_log_sent(const struct cv_log *log, const char *line, uint64_t bytes, int64_t since_us)
{
    cv_log_line(log, "%s %" PRIu64 " bytes %" PRId64 " us", line, bytes, cv_ticks_us() - since_us);
}

void cv_stream_leave(struct cuvee_stream *stream)
{
    if (!stream)
        return;
    cv_pipe_leave(&stream->pipe);
    if (stream->channel)
        cv_channel_leave(stream->channel, stream);
    if (stream->line)
        cv_log_sent(stream->log, stream->line, stream->pipe.taken, stream->since_us);
    let_go(stream);
}

void cv_stream_abandon(struct cuvee_stream *stream)
{
    cv_pipe_close(&stream->pipe, CV_PIPE_BROKEN);
    let_go(stream);
}

/* ---- writing ---- */

void cv_stream_break(struct cuvee_stream *stream, const char *format, ...)
{
    char reason[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    cv_log_line(stream->log, "%s: cut in the middle: %s", stream->name, reason);
    cv_pipe_close(&stream->pipe, CV_PIPE_BROKEN);
}

bool cuvee_stream_write(cuvee_stream *stream, const void *data, size_t size)
{
    if (!stream || stream->over)
        return false;
    enum cv_pipe_put outcome = cv_pipe_write(&stream->pipe, data, size);
    stream->over = outcome != CV_PUT_GOOD;
    if (outcome == CV_PUT_STALLED) {
        cv_stream_break(stream, "the client takes nothing any more");
        cv_pipe_cut(&stream->pipe);
    }
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
        stream->session = cuvee_session_open(stream->blend, .read_only = true);
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
