/**
 * The test client: requests into an application without a socket.
 *
 *     cuvee_test *t = cuvee_test_open(app);            // every base on its own in-memory SQLite
 *     cuvee_session *s = cuvee_session_open(cuvee_test_blend(t));
 *     cuvee_add(s, &user_model, &(User){.name = "John", .email = "john@example.com"});
 *     cuvee_commit(s);
 *     const cuvee_test_reply *r = cuvee_test_get(t, "/users");
 *     assert(r->status == 200 && strstr(r->body, "John"));
 *
 * Each client has databases and overrides of its own, so any number can be used side by side, one thread each.
 */
#ifndef CUVEE_TEST_H
#define CUVEE_TEST_H

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
    const char *cause; /**< of a 5xx: what the server would have logged; else NULL */
} cuvee_test_reply;

/**
 * A client for `app`, with every base of its blend swapped for in-memory SQLite and the tables made. Never NULL: when it
 * cannot be made, every reply has status 0 and the reason as its body. The app must outlive it.
 */
cuvee_test *cuvee_test_open(cuvee_app *app);
/** Frees the client, its replies and its databases. Sessions on its blend must be closed before. */
void cuvee_test_close(cuvee_test *test);
/** The client's own blend. */
cuvee_blend *cuvee_test_blend(cuvee_test *test);

/** Requests. `body` is JSON text, NULL for none. Never NULL. */
const cuvee_test_reply *cuvee_test_request(cuvee_test *test, const char *method, const char *target, const char *body);
#define cuvee_test_get(test, target)        cuvee_test_request(test, "GET", target, NULL)
#define cuvee_test_post(test, target, body) cuvee_test_request(test, "POST", target, body)

/** Header `name` of a reply without regard to case, or NULL. */
const char *cuvee_test_header(const cuvee_test_reply *reply, const char *name);

/**
 * From now on cuvee_depend gives `value` for this dependency, and calls neither its open nor its close. For the session:
 * cuvee_test_override(t, cuvee_session_dependency(), session). NULL takes the override away.
 */
void cuvee_test_override(cuvee_test *test, const cuvee_dependency *dependency, void *value);

#ifdef __cplusplus
}
#endif
#endif
