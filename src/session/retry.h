/** Doing a unit of work again when the databases ask for it (error kind RETRY). */
#ifndef CV_SESSION_RETRY_H
#define CV_SESSION_RETRY_H

#include <stdint.h>

/* How often it is done in all. */
enum { CV_TRIES = 3 };

/** A state for cv_retry_pause, another one for each caller. */
uint64_t cv_retry_seed(void);
/**
 * Waits before attempt number `attempt` + 1: longer each time, and by chance, so that two losers of a deadlock do not
 * meet again.
 */
void cv_retry_pause(unsigned attempt, uint64_t *state);

#endif
