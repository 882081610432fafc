/** Stream: a reply's body that is made while it leaves, by a thread or by a channel's events. */
#ifndef CV_WEB_FLOW_STREAM_H
#define CV_WEB_FLOW_STREAM_H

#include <stdatomic.h>

#include <cuvee/event.h>
#include <cuvee/stream.h>

#include "base/arena.h"
#include "base/log.h"
#include "session/cursor.h"
#include "web/flow/pipe.h"
#include "web/flow/queue.h"

/*
 * Held by the reply whose body it is, and by the thread that fills it, each in its own time; whoever lets go last frees
 * it. So the client may leave while the writer works, and the writer may be done long before the client.
 */
struct cuvee_stream {
    struct cv_queued queued; /* first, for the queue */
    atomic_uint holders;
    const struct cv_log *log;
    cuvee_blend *blend; /* of the session that it opens itself */
    struct cv_pipe pipe;
    struct cv_arena arena;
    const char *name; /* "ID GET /items", for the log */
    atomic_size_t *places;
    const char *line; /* begins the line about it in the log, which its end completes; NULL: none is wanted */
    int64_t since_us;

    cuvee_stream_writer write; /* NULL: a channel's */
    void *arg;
    cuvee_session *session;   /* that it works with */
    bool own_session;         /* closed when the writer is done */
    struct cv_cursor *cursor; /* over a query of the session */
    bool over;                /* nothing can be written any more */

    cuvee_channel *channel; /* NULL: a writer's */
    struct cuvee_stream *previous_listener;
    struct cuvee_stream *next_listener;
    struct cuvee_stream *next_slow; /* of those that the channel has just cut */
    bool stalled;                   /* because it was too slow; else for lack of memory */
    bool being_told;                /* in the log that it was cut */

    struct cuvee_stream *previous; /* of all that a server is sending */
    struct cuvee_stream *next;
};

/**
 * Empty and open, with one holder; `name` is copied, at most `limit` bytes are on their way. NULL: no memory. Whoever
 * makes it says who fills it, and gives it its log and its blend.
 */
struct cuvee_stream *cv_stream_make(const char *name, size_t limit, unsigned patience_ms);
/** The reply is done with: nobody reads any more. NULL is fine. */
void cv_stream_leave(struct cuvee_stream *stream);

/** Another holder: the thread that will call cv_stream_run. */
void cv_stream_hold(struct cuvee_stream *stream);
/** Runs the writer, ends the stream, and lets go of it. */
void cv_stream_run(struct cuvee_stream *stream);
/** Lets go without having run. */
void cv_stream_abandon(struct cuvee_stream *stream);

/** "LINE N bytes N us". */
void cv_log_sent(const struct cv_log *log, const char *line, uint64_t bytes, int64_t since_us);

/** Cuts the stream behind what is on its way, and logs why. printf's format. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void cv_stream_break(struct cuvee_stream *stream, const char *format, ...);

#endif
