/**
 * The scripted driver: for tests. It answers like an in-memory SQLite, records everything that it was asked, and fails
 * where the script says. It is bound through cv_blend_bind_place, never by a user's URL.
 */
#ifndef CV_DRIVER_SCRIPTED_SCRIPT_H
#define CV_DRIVER_SCRIPTED_SCRIPT_H

#include <pthread.h>

#include "driver/driver.h"

extern const struct cv_driver cv_scripted_driver;

/* What a call can be. One record per call: "prepare SELECT …", "start …", "next", "commit". */
enum cv_call {
    CV_CALL_CONNECT,
    CV_CALL_EXECUTE,
    CV_CALL_PREPARE,
    CV_CALL_START,
    CV_CALL_NEXT,
    CV_CALL_RUN_MANY,
    CV_CALL_DESCRIBE,
    CV_CALL_BEGIN,
    CV_CALL_VOTE,
    CV_CALL_COMMIT,
    CV_CALL_ROLLBACK,
    CV_CALL_CANCEL, /* cannot fail */
    CV_CALL_LIMIT,
    CV_CALL_COUNT,
};

struct cv_script {
    pthread_mutex_t lock;
    struct cv_buffer record;                       /* one line per call */
    size_t calls[CV_CALL_COUNT];                   /* how often each was called */
    enum cv_call fail_call;                        /* the fail_at-th call of this kind fails, … */
    size_t fail_at;                                /* … counted from 1; 0: none */
    cuvee_error fail_with;                         /* … with this error */
    void (*on_call)(void *arg, enum cv_call call); /* hears of each call before it is answered; NULL: nobody does */
    void *on_call_arg;
    enum cv_committed fail_commit; /* a failing commit: NOT_COMMITTED or UNKNOWN (after it was done) */
};

void cv_script_init(struct cv_script *script);
void cv_script_free(struct cv_script *script);
/** The record so far as text; valid until the next call of anything. */
const char *cv_script_text(struct cv_script *script);
/** From now on the n-th call (from 1, counted from now) of this kind fails with `kind`. n 0 clears it. */
void cv_script_fail(struct cv_script *script, enum cv_call call, size_t n, cuvee_error_kind kind);

#endif
