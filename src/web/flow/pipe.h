/** Pipe: a reply's bytes on their way from who makes them to who sends them, never more than a limit at once. */
#ifndef CV_WEB_FLOW_PIPE_H
#define CV_WEB_FLOW_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wait.h"

/* It only ever moves down this list. */
enum cv_pipe_state {
    CV_PIPE_OPEN = 0,
    CV_PIPE_ENDED, /* all is in it that there will be */
    CV_PIPE_BROKEN /* there would have been more, or nobody reads it */
};

/* What came of writing. */
enum cv_pipe_put {
    CV_PUT_GOOD = 0,
    CV_PUT_CLOSED,   /* it is not open */
    CV_PUT_STALLED,  /* no room came for as long as the writer is patient */
    CV_PUT_NO_MEMORY /* and nothing of it was written */
};

/* A reader that sleeps while there is nothing. All are called under the pipe's lock, `sleep` and `wake` by turns. */
struct cv_pipe_reader {
    void (*sleep)(void *arg);
    void (*wake)(void *arg);
    void (*cut)(void *arg); /* ends what it reads for at once */
    void *arg;
};

struct cv_pipe {
    struct cv_wait wait; /* over all that follows; signalled when that changes */
    enum cv_pipe_state state;
    char *data; /* bytes `begin` to `end` are on their way */
    size_t begin;
    size_t end;
    size_t capacity;
    size_t limit;
    unsigned patience_ms; /* of a writer */
    bool asleep;          /* the reader */
    struct cv_pipe_reader reader;
    uint64_t taken; /* bytes that the reader got */
};

/** False: the system has no room for a lock. */
bool cv_pipe_init(struct cv_pipe *pipe, size_t limit, unsigned patience_ms);
void cv_pipe_free(struct cv_pipe *pipe);

/* ---- the writer, any thread ---- */

/** Writes all, and waits where there is no room. */
enum cv_pipe_put cv_pipe_write(struct cv_pipe *pipe, const char *data, size_t size);
/**
 * Writes all or nothing and never waits: STALLED when it does not fit. An empty pipe takes anything, and `anyway` a
 * full one.
 */
enum cv_pipe_put cv_pipe_offer(struct cv_pipe *pipe, const char *data, size_t size, bool anyway);
/** Moves it on to a later state; wakes who waits or sleeps. The reader still gets what is on its way. */
void cv_pipe_close(struct cv_pipe *pipe, enum cv_pipe_state state);
/** Breaks it, and cuts what the reader reads for, which takes nothing any more. */
void cv_pipe_cut(struct cv_pipe *pipe);

/* ---- the reader ---- */

/** How the reader sleeps and is cut; before its first read. */
void cv_pipe_set_reader(struct cv_pipe *pipe, const struct cv_pipe_reader *reader);
/** The reader goes: it breaks, and calls none of the reader's functions any more. */
void cv_pipe_leave(struct cv_pipe *pipe);
/** Takes up to `size` bytes. With none, *state tells why: when the pipe is open, the reader sleeps from now on. */
size_t cv_pipe_read(struct cv_pipe *pipe, char *into, size_t size, enum cv_pipe_state *state);
/** Waits until there are bytes to read (true), or none will come, or the time is over (false). */
bool cv_pipe_wait(struct cv_pipe *pipe, unsigned ms);

#endif
