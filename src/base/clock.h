/** The clock: where "now" comes from, so that a test can say what time it is. */
#ifndef CV_BASE_CLOCK_H
#define CV_BASE_CLOCK_H

#include <stdint.h>

/* A source of time. Both functions are called from any thread. */
struct cv_clock {
    int64_t (*now_us)(void *arg);   /* microseconds since 1970-01-01T00:00:00Z */
    int64_t (*ticks_us)(void *arg); /* microseconds that only ever grow, for waiting and measuring */
    void *arg;
};

/** The machine's own clock. Static. */
const struct cv_clock *cv_clock_system(void);
/** Its ticks. */
int64_t cv_ticks_us(void);

#endif
