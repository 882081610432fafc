/**
 * Server-sent events: a channel of the program, clients that listen to it, and events that any thread publishes.
 * <cuvee/web.h> includes this.
 *
 *     static cuvee_channel *orders; // = cuvee_channel_new("orders", .keep = 100), before the server starts
 *
 *     static void listen(cuvee_request *req)
 *     {
 *         cuvee_reply_events(req, orders);
 *     }
 *     …
 *     cuvee_channel_publish(orders, &(cuvee_event){.name = "paid", .data = "{\"id\":7}", .id = "7"});
 *
 * In a browser: new EventSource("/orders/events").addEventListener("paid", event => …).
 *
 * A client that listens occupies a connection and no thread. Each has a bounded queue (`queue` bytes); one that is too
 * slow for it is hung up on, as is one that takes nothing for the server's `idle_seconds`. Clients come back by
 * themselves and name the last event that they saw (Last-Event-ID, see cuvee_request_header): a channel with `keep`
 * sends them what they missed, or all that it has kept when it does not know that event. Silent connections are kept
 * open with a comment every `keepalive_seconds`, which also finds those whose client has gone, at the latest with the
 * second one. So many may listen at once as `max_listeners` of the server says; beyond that the reply is 503 with
 * Retry-After. A server that stops ends all of them.
 */
#ifndef CUVEE_EVENT_H
#define CUVEE_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_request cuvee_request;
typedef struct cuvee_channel cuvee_channel;

/** An event. What is NULL or 0 is left out. */
typedef struct cuvee_event {
    const char *data;  /**< UTF-8, any number of lines; without it browsers tell nobody */
    const char *name;  /**< what browsers dispatch it as; default "message" */
    const char *id;    /**< what a client that comes back names as the last one that it saw */
    unsigned retry_ms; /**< how long clients are to wait before they come back */
} cuvee_event;

/** Options of a channel. Zero means the default. */
typedef struct cuvee_channel_options {
    size_t keep; /**< so many of the last events are kept for clients that come back; default none */
    /** Bytes that may wait for one client; default 64 KiB. A single larger event is fine when nothing waits. */
    size_t queue;
    size_t size; /**< sizeof(cuvee_channel_options); set by the macro */
} cuvee_channel_options;

/**
 * A channel: cuvee_channel_new("orders", .keep = 100). The name is for the log, and borrowed. NULL when memory is out.
 */
cuvee_channel *cuvee_channel_new_with(const char *name, const cuvee_channel_options *options);
#define cuvee_channel_new(...)           CUVEE_CHANNEL_NEW_(__VA_ARGS__, .size = sizeof(cuvee_channel_options))
#define CUVEE_CHANNEL_NEW_(channel, ...) cuvee_channel_new_with(channel, &(cuvee_channel_options){__VA_ARGS__})

/** Frees a channel to which nobody listens any more: when the servers and test clients are gone. NULL is fine. */
void cuvee_channel_free(cuvee_channel *channel);

/**
 * Sends an event to all who listen now, in the same order to each. Copied; never waits for a client. Any thread. False:
 * the name or id has a line's end in it, memory is out, or there is no channel.
 */
bool cuvee_channel_publish(cuvee_channel *channel, const cuvee_event *event);
/** How many listen now. Any thread. */
size_t cuvee_channel_listeners(cuvee_channel *channel);

/**
 * Replies with the channel's events: text/event-stream, beginning with those that the client missed and the channel has
 * kept. What is published after this call reaches the client, though its reply leaves later.
 */
void cuvee_reply_events(cuvee_request *request, cuvee_channel *channel);
/** Behind cuvee_reply_events: an event for this client alone, such as how things stand now. */
void cuvee_reply_event(cuvee_request *request, const cuvee_event *event);

#ifdef __cplusplus
}
#endif
#endif
