#include "base/clock.h"

#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t now_us(void *arg)
{
    (void)arg;
    return read_clock(CLOCK_REALTIME);
}

int64_t cv_ticks_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t ticks_us(void *arg)
{
    (void)arg;
    return cv_ticks_us();
}

const struct cv_clock *cv_clock_system(void)
{
    static const struct cv_clock clock = {.now_us = now_us, .ticks_us = ticks_us};
    return &clock;
}
