/** Sending: the streams that a server is sending, and the threads that fill them. */
#ifndef CV_WEB_SERVER_SENDING_H
#define CV_WEB_SERVER_SENDING_H

#include "web/flow/stream.h"
#include "web/wire/reply.h"

struct cv_sending {
    struct cv_wait wait; /* over the list; signalled when the pulse shall stop */
    struct cuvee_stream *streams;
    bool no_events; /* listeners are sent home */
    bool stopped;   /* nothing is sent any more */
    unsigned keepalive_seconds;
    struct cv_queue queue; /* of streams that wait for a thread, which never takes long: there are as many as places */
    pthread_t *writers;
    size_t writer_count; /* that run */
    pthread_t pulse;     /* keeps silent connections open */
    bool pulsing;
};

/** False: the system has no room for a lock. */
bool cv_sending_init(struct cv_sending *sending);
/** When it was stopped and all were dropped. */
void cv_sending_free(struct cv_sending *sending);

/** Starts the threads. False: *error; cv_sending_stop is to be called all the same. */
bool cv_sending_start(struct cv_sending *sending, size_t writers, unsigned keepalive_seconds, cuvee_error *error);

/** Sends a reply's stream, if it has one: a thread begins to fill it. That of a `bodiless` reply is over at once. */
void cv_sending_take(struct cv_sending *sending, struct cv_reply *reply, bool bodiless);
/** The reply's stream is sent no more, whatever became of it. */
void cv_sending_drop(struct cv_sending *sending, struct cv_reply *reply);

/** Ends the streams of all listeners, now and from now on. */
void cv_sending_end_events(struct cv_sending *sending);
/** Cuts all streams, now and from now on, and ends the threads: once writers return. */
void cv_sending_stop(struct cv_sending *sending);

#endif
