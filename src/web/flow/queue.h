/** Queue: requests that wait for a worker, first come first served. Any thread. */
#ifndef CV_WEB_FLOW_QUEUE_H
#define CV_WEB_FLOW_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/wait.h"

/* First member of what waits. */
struct cv_queued {
    struct cv_queued *next;
};

struct cv_queue {
    struct cv_wait wait; /* signalled when it is filled */
    struct cv_queued *first;
    struct cv_queued *last;
    size_t count;
    size_t limit;
    unsigned idle; /* workers that wait */
    bool closed;
};

/** At most `limit` may wait. False: the system has no room for a lock. */
bool cv_queue_init(struct cv_queue *queue, size_t limit);
void cv_queue_free(struct cv_queue *queue);
/** False when the queue is full or closed. */
bool cv_queue_push(struct cv_queue *queue, struct cv_queued *item);
/** Waits for an item. NULL: the queue was closed. */
struct cv_queued *cv_queue_pop(struct cv_queue *queue);
/** From now on nothing goes in or comes out by pop. Returns what was waiting, first to last. */
struct cv_queued *cv_queue_close(struct cv_queue *queue);

#endif
