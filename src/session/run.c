/* Running a unit of work again when the databases ask for it. */
#include <time.h>

#include "session/retry.h"
#include "session/state.h"

enum { FIRST_PAUSE_MS = 10 };

/* xorshift64*, Vigna 2016 (doi:10.1145/2845077): only to keep two losers of a deadlock from meeting again. */
static uint64_t jitter(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

uint64_t cv_retry_seed(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_nsec << 20 ^ (uint64_t)(uintptr_t)&now ^ 1;
}

void cv_retry_pause(unsigned attempt, uint64_t *state)
{
    uint64_t most = (uint64_t)FIRST_PAUSE_MS << attempt;
    uint64_t us = (most * 1000) / 2 + jitter(state) % (most * 500 + 1);
    struct timespec pause = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
    nanosleep(&pause, NULL);
}

static cuvee_outcome run_once(cuvee_blend *blend, cuvee_work work, void *arg, cuvee_error *error)
{
    cuvee_session *session = cuvee_session_open(blend);
    cuvee_outcome outcome = CUVEE_ROLLED_BACK;
    cv_error_clear(error);
    if (!work)
        cv_error_set(error, CUVEE_ERROR_MISUSE, "cuvee_run takes a function to run, got NULL");
    else if (!session)
        cv_error_memory(error);
    else if (cv_session_good(session) && work(session, arg))
        outcome = cuvee_commit(session);
    cv_error_keep(error, cuvee_session_error(session));
    cuvee_session_close(session);
    return outcome;
}

cuvee_outcome cuvee_run(cuvee_blend *blend, cuvee_work work, void *arg, cuvee_error *error)
{
    cuvee_error own;
    cuvee_error *told = error ? error : &own;
    uint64_t state = cv_retry_seed();
    cuvee_outcome outcome = run_once(blend, work, arg, told);
    for (unsigned attempt = 1; attempt < CV_TRIES && told->kind == CUVEE_ERROR_RETRY; attempt++) {
        cv_retry_pause(attempt, &state);
        outcome = run_once(blend, work, arg, told);
    }
    return outcome;
}
