#include "web/server/sending.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "web/flow/event.h"

/* ---- threads ---- */

static void *write_streams(void *arg)
{
    struct cv_sending *sending = arg;
    struct cv_queued *item;
    while ((item = cv_queue_pop(&sending->queue)))
        cv_stream_run((struct cuvee_stream *)item);
    return NULL;
}

/* Connections that sleep have no time-out, and the system tells of a client that has gone when something is sent. */
static void touch_listeners(const struct cv_sending *sending)
{
    for (struct cuvee_stream *stream = sending->streams; stream; stream = stream->next)
        if (stream->channel)
            cv_pipe_offer(&stream->pipe, CV_EVENT_COMMENT, sizeof CV_EVENT_COMMENT - 1, false);
}

static void *pulse(void *arg)
{
    struct cv_sending *sending = arg;
    int64_t next = cv_ticks_us();
    pthread_mutex_lock(&sending->wait.mutex);
    while (!sending->stopped) {
        next += (int64_t)sending->keepalive_seconds * 1000000;
        bool early = true;
        while (early && !sending->stopped)
            early = cv_wait_until(&sending->wait, next);
        touch_listeners(sending);
    }
    pthread_mutex_unlock(&sending->wait.mutex);
    return NULL;
}

bool cv_sending_start(struct cv_sending *sending, size_t writers, unsigned keepalive_seconds, cuvee_error *error)
{
    sending->keepalive_seconds = keepalive_seconds;
    sending->writers = calloc(writers, sizeof *sending->writers);
    if (!sending->writers)
        return cv_error_memory(error);
    sending->pulsing = pthread_create(&sending->pulse, NULL, pulse, sending) == 0;
    while (sending->pulsing && sending->writer_count < writers &&
           pthread_create(&sending->writers[sending->writer_count], NULL, write_streams, sending) == 0)
        sending->writer_count++;
    return sending->writer_count == writers ||
           cv_error_set(error, CUVEE_ERROR_CONFIG, "the system allows no more than %zu threads for streams",
                        sending->writer_count);
}

bool cv_sending_init(struct cv_sending *sending)
{
    *sending = (struct cv_sending){.streams = NULL};
    if (!cv_wait_init(&sending->wait))
        return false;
    if (cv_queue_init(&sending->queue, SIZE_MAX)) /* the places limit it */
        return true;
    cv_wait_free(&sending->wait);
    return false;
}

void cv_sending_free(struct cv_sending *sending)
{
    cv_queue_free(&sending->queue);
    cv_wait_free(&sending->wait);
}

/* ---- streams ---- */

static void enlist(struct cv_sending *sending, struct cuvee_stream *stream)
{
    pthread_mutex_lock(&sending->wait.mutex);
    stream->next = sending->streams;
    if (sending->streams)
        sending->streams->previous = stream;
    sending->streams = stream;
    bool ended = stream->channel && sending->no_events;
    bool stopped = sending->stopped;
    pthread_mutex_unlock(&sending->wait.mutex);
    if (stopped)
        cv_pipe_close(&stream->pipe, CV_PIPE_BROKEN);
    else if (ended)
        cv_pipe_close(&stream->pipe, CV_PIPE_ENDED);
}

void cv_sending_take(struct cv_sending *sending, struct cv_reply *reply, bool bodiless)
{
    struct cuvee_stream *stream = reply->stream;
    if (!stream)
        return;
    enlist(sending, stream);
    if (bodiless)
        cv_pipe_close(&stream->pipe, CV_PIPE_ENDED);
    if (!stream->write)
        return;
    cv_stream_hold(stream);
    if (!cv_queue_push(&sending->queue, &stream->queued))
        cv_stream_abandon(stream);
}

void cv_sending_drop(struct cv_sending *sending, struct cv_reply *reply)
{
    struct cuvee_stream *stream = reply->stream;
    if (!stream)
        return;
    pthread_mutex_lock(&sending->wait.mutex);
    if (stream->previous)
        stream->previous->next = stream->next;
    else if (sending->streams == stream)
        sending->streams = stream->next;
    if (stream->next)
        stream->next->previous = stream->previous;
    pthread_mutex_unlock(&sending->wait.mutex);
}

/* ---- the end ---- */

static void close_all(struct cv_sending *sending, bool listeners_only, enum cv_pipe_state state)
{
    for (struct cuvee_stream *stream = sending->streams; stream; stream = stream->next)
        if (stream->channel || !listeners_only)
            cv_pipe_close(&stream->pipe, state);
}

void cv_sending_end_events(struct cv_sending *sending)
{
    pthread_mutex_lock(&sending->wait.mutex);
    sending->no_events = true;
    close_all(sending, true, CV_PIPE_ENDED);
    pthread_mutex_unlock(&sending->wait.mutex);
}

void cv_sending_stop(struct cv_sending *sending)
{
    pthread_mutex_lock(&sending->wait.mutex);
    sending->stopped = true;
    close_all(sending, false, CV_PIPE_BROKEN);
    pthread_cond_signal(&sending->wait.changed);
    pthread_mutex_unlock(&sending->wait.mutex);
    struct cv_queued *waiting = cv_queue_close(&sending->queue);
    while (waiting) {
        struct cuvee_stream *stream = (struct cuvee_stream *)waiting;
        waiting = waiting->next;
        cv_stream_abandon(stream);
    }
    for (size_t i = 0; i < sending->writer_count; i++)
        pthread_join(sending->writers[i], NULL);
    if (sending->pulsing)
        pthread_join(sending->pulse, NULL);
    free(sending->writers);
    sending->writers = NULL;
    sending->writer_count = 0;
    sending->pulsing = false;
}
