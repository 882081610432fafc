/** Waiting: a lock, a condition under it, and deadlines by a clock that nobody sets. */
#ifndef CV_BASE_WAIT_H
#define CV_BASE_WAIT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * For pthread_mutex_lock and pthread_cond_signal as they are; only waiting until a deadline needs a function of its
 * own.
 */
struct cv_wait {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

/** False: the system has no room for a lock; then there is nothing to free. */
bool cv_wait_init(struct cv_wait *wait);
void cv_wait_free(struct cv_wait *wait);

/** The moment in `ms` milliseconds, as cv_wait_until takes it: microseconds of a clock that only goes forward. */
int64_t cv_wait_deadline(unsigned ms);

/**
 * Waits under the lock until somebody signals, or for no reason, so the caller asks in a loop whether there is what it
 * waits for. False: the deadline is over.
 */
bool cv_wait_until(struct cv_wait *wait, int64_t deadline);

#endif
