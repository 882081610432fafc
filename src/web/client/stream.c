/* Streams and events as the test client reads them. */
#include <string.h>

#include "web/client/test_client.h"
#include "web/flow/event.h"
#include "web/flow/stream.h"

/* Takes what a stream has now. */
static enum cv_pipe_state drain(struct cuvee_stream *stream, struct cv_buffer *into)
{
    enum { PIECE = 16 * 1024 };
    enum cv_pipe_state state = CV_PIPE_BROKEN;
    size_t got;
    do {
        char *room = cv_buffer_reserve(into, PIECE);
        got = room ? cv_pipe_read(&stream->pipe, room, PIECE, &state) : 0;
        into->size += got;
    } while (got > 0);
    return into->failed ? CV_PIPE_BROKEN : state;
}

/* There is room for all that the client takes, so the writer need not wait for anybody. */
void cv_test_stream(struct cv_kept *kept)
{
    struct cuvee_stream *stream = kept->reply.stream;
    if (!stream || !stream->write)
        return;
    cv_stream_hold(stream);
    cv_stream_run(stream);
    kept->seen.cut = drain(stream, &kept->reply.body) == CV_PIPE_BROKEN;
}

const cuvee_event *cuvee_test_next_event(const cuvee_test_reply *reply, unsigned wait_ms)
{
    struct cv_kept *kept = (struct cv_kept *)reply;
    struct cuvee_stream *stream = kept->reply.stream;
    struct cv_buffer *events = &kept->events;
    if (!stream || !stream->channel)
        return NULL;
    if (events->size == 0)
        cv_pipe_wait(&stream->pipe, wait_ms);
    drain(stream, events);
    char *text = cv_arena_copy(&kept->arena, events->data ? events->data : "", events->size);
    char *rest;
    if (!text || !cv_event_read(text, &rest, &kept->event))
        return NULL;
    events->size -= (size_t)(rest - text);
    memmove(events->data, events->data + (rest - text), events->size);
    return &kept->event;
}

void cuvee_test_hang_up(const cuvee_test_reply *reply)
{
    struct cv_kept *kept = (struct cv_kept *)reply;
    if (!kept->reply.stream)
        return;
    cv_stream_leave(kept->reply.stream);
    kept->reply.stream = NULL;
}
