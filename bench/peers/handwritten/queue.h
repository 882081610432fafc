/**
 * The line between event threads and workers: requests wait here for a free worker, first come, first served.
 */
#ifndef BENCH_QUEUE_H
#define BENCH_QUEUE_H

#include <pthread.h>
#include <stdbool.h>

/** The link inside whatever waits; the queue owns it from push to pop. */
struct queue_link {
    struct queue_link *next;
};

/** Any thread may push and pop. */
struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct queue_link *first;
    struct queue_link *last;
    unsigned idle; /**< workers that sleep in pop: a push with none asleep needs no system call */
    bool closed;
};

void queue_init(struct queue *queue);

/** Appends; false when the queue is closed. */
bool queue_push(struct queue *queue, struct queue_link *link);

/** Takes the first, sleeping while there is none; NULL when the queue is closed and empty. */
struct queue_link *queue_pop(struct queue *queue);

/** Refuses further pushes; what waits is still handed out. */
void queue_close(struct queue *queue);

void queue_destroy(struct queue *queue);

#endif
