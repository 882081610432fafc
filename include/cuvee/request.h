/**
 * Requests: what a handler is given, and the dependencies that it asks for. <cuvee/web.h> includes this.
 *
 *     static void *open_clock(cuvee_request *req) { … }
 *     static void close_clock(cuvee_request *req, void *clock) { … }
 *     static const cuvee_dependency clock = {.name = "clock", .open = open_clock, .close = close_clock};
 *
 *     struct clock *c = cuvee_depend(req, &clock);
 *
 * All that is returned here lives as long as the request, and is used by the thread that runs the handler.
 */
#ifndef CUVEE_REQUEST_H
#define CUVEE_REQUEST_H

#include <cuvee/model.h>
#include <cuvee/session.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_request cuvee_request;
struct cuvee_security;

/**
 * The request's session, opened at the first call. It is closed before the reply leaves, and rolled back if it was not
 * committed (see <cuvee/web.h>). Never close it yourself.
 */
cuvee_session *cuvee_request_session(cuvee_request *request);

/**
 * The request's parameters as the struct that `params` describes: the route's own descriptor, or that of a declared
 * dependency. The struct and its texts live as long as the request. With any other descriptor the request fails with
 * 500, and a struct of zeros is returned, so that the handler may read on; NULL only if there is no memory for that
 * either.
 */
const void *cuvee_params(cuvee_request *request, const cuvee_model *params);

/** The request's body, in the same way. For a list body use cuvee_body_list. */
const void *cuvee_body(cuvee_request *request, const cuvee_model *model);
/**
 * The request's list body: `count` structs side by side at `items`. With another descriptor than the route's: 500, and
 * none.
 */
cuvee_array cuvee_body_list(cuvee_request *request, const cuvee_model *model);

/** Whether the body, one object, gave this field (its name in C): null counts as given. */
bool cuvee_body_has(cuvee_request *request, const cuvee_model *model, const char *field);
/**
 * Copies the fields that the body gave into `object`, a struct of its model: cuvee_body_update(req, &user_model,
 * cuvee_edit(s, user)). Not keys, nor a version, nor what no body may give. What texts and arrays point to lives as
 * long as the request. Does nothing for NULL.
 */
void cuvee_body_update(cuvee_request *request, const cuvee_model *model, void *object);

/** How the request came: its method, and its path without the query, as it stood in the request line (not decoded). */
const char *cuvee_request_method(cuvee_request *request);
const char *cuvee_request_path(cuvee_request *request);
/** The first header of this name, without regard to case; NULL: none. Lives as long as the request. */
const char *cuvee_request_header(cuvee_request *request, const char *name);
/**
 * Who asks: the address at the other end of the connection, or what a trusted proxy tells (cuvee_app_options.proxies);
 * "" when it is not known. And whether over TLS: only a trusted proxy can tell.
 */
const char *cuvee_request_client(cuvee_request *request);
bool cuvee_request_is_secure(cuvee_request *request);
/**
 * The request's id, as it stands in the log: the client's X-Request-ID if it is 1 to 64 letters, digits, '-', '_' and
 * '.', else a new one. The reply carries it when the client gave one, when something was logged, and when this was
 * called.
 */
const char *cuvee_request_id(cuvee_request *request);
/** The body's bytes, whatever they are, whether the route declares a body or not; borrowed. */
cuvee_blob cuvee_request_bytes(cuvee_request *request);
/** The status of the reply as it stands now, for middleware; 0: none yet. */
int cuvee_request_status(cuvee_request *request);

/* ---- work after the reply ---- */

/** Work that a reply does not wait for. The session is its own; what it does not commit is rolled back. */
typedef void (*cuvee_task)(cuvee_session *session, void *arg);

/**
 * Runs `task` when the reply has left, on a thread of the server's for such work; never if the reply is an error.
 * `size` bytes at `arg` are copied; what they point to must live as long as the program. Tasks of one request run one
 * after the other. A server that stops runs all of them before. The test client runs them before its request returns.
 * False when too many wait already, or memory is out: it will not run.
 */
bool cuvee_after_reply(cuvee_request *request, cuvee_task task, const void *arg, size_t size);

/* ---- dependencies ---- */

/**
 * A dependency: something that handlers ask for by cuvee_depend. `open` is called at the first call for it, once per
 * request, and `close` before the reply leaves, in reverse order. The descriptor's address is its identity (and what a
 * test overrides).
 *
 * One that is declared for a route, a router or the application (`.dependencies = CUVEE_DEPENDENCIES(&principal)`) is
 * opened before the handler runs; if it replies with an error, that is the reply and the handler does not run.
 */
typedef struct cuvee_dependency {
    const char *name;
    void *(*open)(cuvee_request *request);
    void (*close)(cuvee_request *request, void *value); /**< may be NULL; not called for a NULL value */
    /**
     * Parameters that it reads by cuvee_params; they are checked and told together with the route's. Only where it is
     * declared.
     */
    const cuvee_model *params;
    /** How it learns who asks (<cuvee/security.h>), for OpenAPI, where it is declared. */
    const struct cuvee_security *security;
    const struct cuvee_dependency *const *dependencies; /**< declared with it, and opened before it */
} cuvee_dependency;

/** A list of dependencies, for the options that take one; what it names must be static, the list is copied. */
#define CUVEE_DEPENDENCIES(...)                                                                                        \
    (const cuvee_dependency *const[])                                                                                  \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

/** The dependency's value for this request; NULL when `open` gave none, and when the request has failed before. */
void *cuvee_depend(cuvee_request *request, const cuvee_dependency *dependency);

/** The dependency behind cuvee_request_session, for overriding it in tests. */
const cuvee_dependency *cuvee_session_dependency(void);

#ifdef __cplusplus
}
#endif
#endif
