/** The test client's inside, for its own files. */
#ifndef CV_WEB_CLIENT_TEST_CLIENT_H
#define CV_WEB_CLIENT_TEST_CLIENT_H

#include <cuvee/test.h>

#include "web/request/service.h"

/* A reply as the test sees it; its headers, body and cause live in its arena. */
struct cv_kept {
    cuvee_test_reply seen; /* first: a reply is its kept */
    struct cv_kept *older;
    const char *method; /* what was asked */
    const char *target;
    struct cv_arena arena;
    struct cv_reply reply;
    struct cv_buffer events; /* that came and were not asked for yet */
    cuvee_event event;       /* the last one that was asked for */
};

/** Runs the writer of a reply that is streamed, and takes what it wrote as the reply's body. */
void cv_test_stream(struct cv_kept *kept);

/* A cookie that a reply has set. */
struct cv_test_cookie {
    struct cv_test_cookie *next;
    char *name;
    char *value;
    char *path; /* below which it is sent */
};

/** Takes what the reply's Set-Cookie headers say into the list. False: no memory. */
bool cv_test_cookies_take(struct cv_test_cookie **cookies, const struct cv_reply *reply);
/** Puts a cookie into the list, or takes it away (`value` NULL). False: no memory. */
bool cv_test_cookies_put(struct cv_test_cookie **cookies, struct cv_slice name, struct cv_slice path,
                         const struct cv_slice *value);
/** The Cookie header for a target: "a=1; b=2"; "" for none. NULL: no memory. */
const char *cv_test_cookies_for(const struct cv_test_cookie *cookies, struct cv_slice target, struct cv_arena *arena);
void cv_test_cookies_free(struct cv_test_cookie *cookies);

#endif
