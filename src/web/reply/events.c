/* Replies that are a channel's events. */
#include "web/flow/channel.h"
#include "web/flow/event.h"
#include "web/reply/streamed.h"

void cuvee_reply_events(cuvee_request *request, cuvee_channel *channel)
{
    if (request->failed)
        return;
    if (!channel) {
        cv_fail(request, "%s replies with the events of no channel", request->endpoint->name);
        return;
    }
    struct cuvee_stream *stream = cv_stream_new(request, "text/event-stream", NULL, channel);
    if (!stream || !cv_add_header(request, "Cache-Control", "no-store") ||
        !cv_add_header(request, "X-Accel-Buffering", "no")) /* proxies that know it send each event at once */
        return;
    struct cv_slice last = cv_request_header(request, "Last-Event-ID");
    const char *last_id = last.data ? cv_arena_copy(request->arena, last.data, last.size) : NULL;
    if ((last.data && !last_id) || !cv_channel_join(channel, stream, last_id))
        cv_fail(request, "out of memory");
}

void cuvee_reply_event(cuvee_request *request, const cuvee_event *event)
{
    struct cuvee_stream *stream = request->reply->stream;
    struct cv_buffer text;
    if (request->failed)
        return;
    if (!event) {
        cv_fail(request, "%s sends an event that is NULL", request->endpoint->name);
        return;
    }
    if (!stream || !stream->channel) {
        cv_fail(request, "%s sends an event before cuvee_reply_events", request->endpoint->name);
        return;
    }
    cv_buffer_init(&text, 0);
    if (!cv_event_write(&text, event))
        cv_fail(request, "%s sends an event with a line's end in its name or id", request->endpoint->name);
    else if (text.failed || cv_pipe_offer(&stream->pipe, text.data, text.size, true) == CV_PUT_NO_MEMORY)
        cv_fail(request, "out of memory");
    cv_buffer_free(&text);
}
