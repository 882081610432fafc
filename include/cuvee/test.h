/**
 * The test client: requests into an application without a socket.
 *
 *     cuvee_test *t = cuvee_test_open(app);            // every base on its own in-memory SQLite
 *     cuvee_session *s = cuvee_session_open(cuvee_test_blend(t));
 *     cuvee_add(s, &user_model, &(User){.name = "John", .email = "john@example.com"});
 *     cuvee_commit(s);
 *     const cuvee_test_reply *r = cuvee_test_get(t, "/users");
 *     assert(cuvee_test_expect(r, 200, "[0].name", "John"));
 *
 * Each client has databases, cookies and overrides of its own, so any number can be used side by side, one thread each.
 */
#ifndef CUVEE_TEST_H
#define CUVEE_TEST_H

#include <stdio.h>

#include <cuvee/web.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_test cuvee_test;

/** A reply; belongs to the client and lives until it is closed. */
typedef struct cuvee_test_reply {
    int status;
    const char *body; /**< ends with NUL */
    size_t body_size;
    const char *cause; /**< of a 5xx, and of a stream that was cut: what the server would have logged; else NULL */
    bool cut;          /**< a stream that broke off: a client sees its connection cut in the middle of the body */
} cuvee_test_reply;

/**
 * A client for `app`, with every base of its blend swapped for in-memory SQLite and the tables made. When it cannot be
 * made, every reply has status 0 and the reason as its body; NULL when memory is out, which all functions here take and
 * tell in the same way. The app must outlive it.
 */
cuvee_test *cuvee_test_open(cuvee_app *app);
/**
 * The same on a blend of the caller's, which must have the application's bases and outlive the client: to run the same
 * tests on other engines. Makes the tables that are missing; the rows that are there stay, before and after.
 */
cuvee_test *cuvee_test_open_on(cuvee_app *app, cuvee_blend *blend);
/** Frees the client, its replies and its in-memory databases. Sessions on its own blend must be closed before. */
void cuvee_test_close(cuvee_test *test);
/** The blend that it works on; NULL when there is none. */
cuvee_blend *cuvee_test_blend(cuvee_test *test);
/**
 * Runs the application's on_start on the client's blend, as a server would; cuvee_test_close then runs on_stop. Not
 * needed by those who want empty tables. False: on_start said so, or the client cannot be used.
 */
bool cuvee_test_start(cuvee_test *test);

/** What a request carries besides method and target. Zero means nothing. All is borrowed for the call. */
typedef struct cuvee_test_options {
    const char *body;
    size_t body_size;           /**< for a body with NUL bytes; 0: the text's length */
    const char *content_type;   /**< default, when there is a body: application/json */
    const char *const *headers; /**< "Name: value" each, ended by NULL; see CUVEE_HEADERS */
    const char *client;         /**< the address that it comes from; default "127.0.0.1" */
    bool follow_redirects;      /**< asks again where replies lead, up to 20 times, as a browser does it */
    size_t hang_up_after;       /**< bytes of a stream, after which the client goes away; default 64 MiB */
    size_t size;                /**< sizeof(cuvee_test_options); set by the macros */
} cuvee_test_options;
#define CUVEE_HEADERS(...)                                                                                             \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

/**
 * Requests: cuvee_test_get(t, "/users", .follow_redirects = true), cuvee_test_post(t, "/users", "{\"name\":…}"),
 * cuvee_test_delete(t, "/users/1", .headers = CUVEE_HEADERS("X-Token: secret")), cuvee_test_request(t, "HEAD", "/").
 * Never NULL.
 */
const cuvee_test_reply *cuvee_test_request_with(cuvee_test *test, const char *method, const char *target,
                                                const cuvee_test_options *options);
#define cuvee_test_request(test, method, ...)                                                                          \
    CUVEE_TEST_REQUEST_(test, method, __VA_ARGS__, .size = sizeof(cuvee_test_options))
#define cuvee_test_get(test, ...)           cuvee_test_request(test, "GET", __VA_ARGS__)
#define cuvee_test_post(test, target, ...)  CUVEE_TEST_BODY_(test, "POST", target, __VA_ARGS__, .body_size = 0)
#define cuvee_test_put(test, target, ...)   CUVEE_TEST_BODY_(test, "PUT", target, __VA_ARGS__, .body_size = 0)
#define cuvee_test_patch(test, target, ...) CUVEE_TEST_BODY_(test, "PATCH", target, __VA_ARGS__, .body_size = 0)
#define cuvee_test_delete(test, ...)        cuvee_test_request(test, "DELETE", __VA_ARGS__)
#define CUVEE_TEST_REQUEST_(test, method, target, ...)                                                                 \
    cuvee_test_request_with(test, method, target, &(cuvee_test_options){__VA_ARGS__})
#define CUVEE_TEST_BODY_(test, method, target, text, ...)                                                              \
    cuvee_test_request(test, method, target, .body = (text), __VA_ARGS__)

/** Header `name` of a reply without regard to case, or NULL. */
const char *cuvee_test_header(const cuvee_test_reply *reply, const char *name);

/**
 * The value at `path` in a reply's JSON: cuvee_test_at(r, "detail[0].loc[1]"). A text as it is, anything else as JSON.
 * NULL when there is none, or the body is no JSON. Lives as long as the reply.
 */
const char *cuvee_test_at(const cuvee_test_reply *reply, const char *path);

/**
 * What is different from a reply with this status and this value at `path` of its JSON (`path` NULL: whatever the body
 * is; `value` NULL: nothing is there): what was asked, expected and found, the whole body, and of a failure its cause.
 * NULL when it is as expected. Lives as long as the reply.
 */
const char *cuvee_test_difference(const cuvee_test_reply *reply, int status, const char *path, const char *value);
/** True when there is no difference; else prints it to standard error. */
static inline bool cuvee_test_expect(const cuvee_test_reply *reply, int status, const char *path, const char *value)
{
    const char *difference = cuvee_test_difference(reply, status, path, value);
    if (difference)
        fprintf(stderr, "%s\n", difference);
    return !difference;
}

/**
 * Cookies that replies set are kept and sent with later requests to their paths, until they are over (Max-Age of 0).
 * The first of this name, or NULL; lives until the next request.
 */
const char *cuvee_test_cookie(const cuvee_test *test, const char *name);
/** Keeps a cookie for all paths; NULL takes it away. */
void cuvee_test_set_cookie(cuvee_test *test, const char *name, const char *value);

/**
 * The next event of a reply that cuvee_reply_events made; waits for it up to `wait_ms` milliseconds while the channel
 * may still send one. NULL: none came, or the reply is none. Lives as long as the reply. A stream of a writer, or of a
 * query's rows, is in the reply's body as a whole.
 */
const cuvee_event *cuvee_test_next_event(const cuvee_test_reply *reply, unsigned wait_ms);
/** The client stops listening to a reply's events; cuvee_test_close does so for all. */
void cuvee_test_hang_up(const cuvee_test_reply *reply);

/**
 * From now on cuvee_depend gives `value` for this dependency, and calls neither its open nor its close. For the
 * session: cuvee_test_override(t, cuvee_session_dependency(), session). NULL takes the override away.
 */
void cuvee_test_override(cuvee_test *test, const cuvee_dependency *dependency, void *value);
/** Takes all overrides away. */
void cuvee_test_overrides_clear(cuvee_test *test);

#ifdef __cplusplus
}
#endif
#endif
