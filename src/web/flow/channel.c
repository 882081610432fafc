#include "web/flow/channel.h"

#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "base/wait.h"
#include "web/flow/event.h"
#include "web/flow/stream.h"

/* An event as it is sent, kept for clients that come back. */
struct kept {
    char *text;
    size_t size;
    char *id; /* NULL: it has none */
};

struct cuvee_channel {
    const char *name;
    cuvee_channel_options options;
    /* Over all that follows, so events are in one order for everybody; signalled when a listener was told of. */
    struct cv_wait wait;
    struct cuvee_stream *listeners;
    size_t count;
    struct kept *kept; /* a ring of options.keep */
    size_t oldest;
    size_t kept_count;
};

cuvee_channel *cuvee_channel_new_with(const char *name, const cuvee_channel_options *options)
{
    enum { QUEUE = 64 * 1024 };
    struct cuvee_channel *channel = calloc(1, sizeof *channel);
    if (!channel)
        return NULL;
    cv_take_options(&channel->options, sizeof channel->options, options, options ? options->size : 0);
    if (channel->options.queue == 0)
        channel->options.queue = QUEUE;
    channel->name = name;
    channel->kept = calloc(channel->options.keep ? channel->options.keep : 1, sizeof *channel->kept);
    if (channel->kept && cv_wait_init(&channel->wait))
        return channel;
    free(channel->kept);
    free(channel);
    return NULL;
}

void cuvee_channel_free(cuvee_channel *channel)
{
    if (!channel)
        return;
    for (size_t i = 0; i < channel->options.keep; i++) {
        free(channel->kept[i].text);
        free(channel->kept[i].id);
    }
    free(channel->kept);
    cv_wait_free(&channel->wait);
    free(channel);
}

size_t cv_channel_queue(const cuvee_channel *channel)
{
    return channel->options.queue;
}

size_t cuvee_channel_listeners(cuvee_channel *channel)
{
    if (!channel)
        return 0;
    pthread_mutex_lock(&channel->wait.mutex);
    size_t count = channel->count;
    pthread_mutex_unlock(&channel->wait.mutex);
    return count;
}

/* ---- events, under the lock ---- */

static const struct kept *kept_at(const cuvee_channel *channel, size_t index)
{
    return &channel->kept[(channel->oldest + index) % channel->options.keep];
}

/* Takes the oldest one's place when there are enough. */
static void keep(cuvee_channel *channel, const struct kept *event)
{
    size_t place = (channel->oldest + channel->kept_count) % channel->options.keep;
    free(channel->kept[place].text);
    free(channel->kept[place].id);
    channel->kept[place] = *event;
    if (channel->kept_count < channel->options.keep)
        channel->kept_count++;
    else
        channel->oldest = (channel->oldest + 1) % channel->options.keep;
}

/* Cuts those that cannot take it, and gives them back. They do not leave before they are told of. */
static struct cuvee_stream *send_to_all(cuvee_channel *channel, const struct cv_buffer *text)
{
    struct cuvee_stream *slow = NULL;
    for (struct cuvee_stream *listener = channel->listeners; listener; listener = listener->next_listener) {
        enum cv_pipe_put outcome = cv_pipe_offer(&listener->pipe, text->data, text->size, false);
        if (outcome != CV_PUT_STALLED && outcome != CV_PUT_NO_MEMORY)
            continue;
        cv_pipe_cut(&listener->pipe);
        listener->stalled = outcome == CV_PUT_STALLED;
        listener->being_told = true;
        listener->next_slow = slow;
        slow = listener;
    }
    return slow;
}

/* ---- without the lock ---- */

/* Whoever reads the log may use channels, this one too. */
static void tell_of(cuvee_channel *channel, struct cuvee_stream *slow)
{
    while (slow) {
        struct cuvee_stream *next = slow->next_slow;
        if (slow->stalled)
            cv_stream_break(slow, "the client is too slow for channel %s", channel->name);
        else
            cv_stream_break(slow, "out of memory");
        pthread_mutex_lock(&channel->wait.mutex);
        slow->being_told = false;
        pthread_cond_broadcast(&channel->wait.changed);
        pthread_mutex_unlock(&channel->wait.mutex);
        slow = next;
    }
}

bool cuvee_channel_publish(cuvee_channel *channel, const cuvee_event *event)
{
    struct cv_buffer text;
    if (!channel || !event)
        return false;
    cv_buffer_init(&text, 0);
    bool keeps = channel->options.keep > 0;
    char *id = keeps && event->id ? strdup(event->id) : NULL;
    bool good = cv_event_write(&text, event) && !text.failed && (id || !keeps || !event->id);
    if (good) {
        pthread_mutex_lock(&channel->wait.mutex);
        struct cuvee_stream *slow = send_to_all(channel, &text);
        if (keeps)
            keep(channel, &(struct kept){.text = text.data, .size = text.size, .id = id});
        pthread_mutex_unlock(&channel->wait.mutex);
        tell_of(channel, slow);
    }
    if (good && keeps)
        return true; /* text and id are the channel's now */
    free(id);
    cv_buffer_free(&text);
    return good;
}

/* ---- listeners ---- */

/* The index behind the event of this id; 0 when it is not among those that are kept. */
static size_t index_behind(const cuvee_channel *channel, const char *id)
{
    for (size_t i = channel->kept_count; i > 0; i--) {
        const char *kept = kept_at(channel, i - 1)->id;
        if (kept && strcmp(kept, id) == 0)
            return i;
    }
    return 0;
}

/* What it missed, even if that is more than may wait for it later. */
static bool catch_up(cuvee_channel *channel, struct cuvee_stream *stream, const char *last_id)
{
    bool good = true;
    for (size_t i = index_behind(channel, last_id); good && i < channel->kept_count; i++) {
        const struct kept *event = kept_at(channel, i);
        good = cv_pipe_offer(&stream->pipe, event->text, event->size, true) == CV_PUT_GOOD;
    }
    return good;
}

bool cv_channel_join(cuvee_channel *channel, struct cuvee_stream *stream, const char *last_id)
{
    pthread_mutex_lock(&channel->wait.mutex);
    bool good = !last_id || catch_up(channel, stream, last_id);
    if (good) {
        stream->channel = channel;
        stream->next_listener = channel->listeners;
        if (channel->listeners)
            channel->listeners->previous_listener = stream;
        channel->listeners = stream;
        channel->count++;
    }
    pthread_mutex_unlock(&channel->wait.mutex);
    return good;
}

void cv_channel_leave(cuvee_channel *channel, struct cuvee_stream *stream)
{
    pthread_mutex_lock(&channel->wait.mutex);
    while (stream->being_told)
        pthread_cond_wait(&channel->wait.changed, &channel->wait.mutex);
    if (stream->previous_listener)
        stream->previous_listener->next_listener = stream->next_listener;
    else
        channel->listeners = stream->next_listener;
    if (stream->next_listener)
        stream->next_listener->previous_listener = stream->previous_listener;
    channel->count--;
    pthread_mutex_unlock(&channel->wait.mutex);
}
