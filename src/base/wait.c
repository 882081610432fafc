#include "base/wait.h"

#include <time.h>

#include "base/clock.h"

static bool init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool good =
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 && pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return good;
}

bool cv_wait_init(struct cv_wait *wait)
{
    if (pthread_mutex_init(&wait->mutex, NULL) != 0)
        return false;
    if (init_condition(&wait->changed))
        return true;
    pthread_mutex_destroy(&wait->mutex);
    return false;
}

void cv_wait_free(struct cv_wait *wait)
{
    pthread_cond_destroy(&wait->changed);
    pthread_mutex_destroy(&wait->mutex);
}

int64_t cv_wait_deadline(unsigned ms)
{
    return cv_ticks_us() + (int64_t)ms * 1000;
}

bool cv_wait_until(struct cv_wait *wait, int64_t deadline)
{
    struct timespec until = {.tv_sec = deadline / 1000000, .tv_nsec = deadline % 1000000 * 1000};
    return pthread_cond_timedwait(&wait->changed, &wait->mutex, &until) == 0;
}
