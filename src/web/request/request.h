/**
 * Request: what a handler is given. Lives on the stack of cv_dispatch; everything it points to is in the arena or
 * borrowed.
 */
#ifndef CV_WEB_REQUEST_REQUEST_H
#define CV_WEB_REQUEST_REQUEST_H

#include "model/json_read.h"
#include "web/request/service.h"
#include "web/wire/address.h"

/* A dependency that this request has opened. */
struct cv_opened {
    struct cv_opened *older;
    const cuvee_dependency *dependency;
    void *value;
};

struct cuvee_request {
    struct cv_service *service;
    const struct cv_incoming *in;
    struct cv_arena *arena;
    struct cv_reply *reply;
    struct cv_address client; /* as far as it is known; a trusted proxy's own when it tells nothing */
    bool secure;              /* the client speaks TLS */
    bool preflight;           /* a browser's question, which CORS has answered */
    const char *id;           /* NULL: nobody wanted to know it yet */
    struct cv_slice path;     /* not decoded, without the root path */
    struct cv_slice query;
    struct cv_endpoint *endpoint; /* before the route is found, and when there is none: one without a handler */
    struct cv_path_match match;
    struct cv_pairs query_pairs; /* split when somebody asks for one */
    struct cv_pairs cookies;
    bool query_split;
    bool cookies_split;
    void **inputs;             /* a struct for each of endpoint->inputs; NULL: not read */
    json_t *json;              /* the body, parsed; NULL: it was none. Released with the request */
    void *body;                /* as endpoint->body describes it */
    cuvee_array list;          /* of the body, when it is one */
    struct cv_opened *opened;  /* newest first */
    struct cv_opened *opening; /* whose open still runs, innermost first */
    cuvee_session *session;    /* of cuvee_request_session; NULL: not asked for */
    int status;                /* of a good reply instead of the route's; 0: the route's */
    struct cv_header *headers; /* that the handler, or now a middleware, adds to the reply */
    bool failed;               /* an error is the reply; it stays */
    bool broken;               /* and it is none of the handler's: its headers do not go with it */
    bool mending;              /* a hook makes the reply to an error: the session's own does not count */
};

/* ---- input ---- */

/**
 * Opens the declared dependencies and fills the structs of parameters and body. False: there is a reply already, and
 * the handler must not run.
 */
bool cv_read_input(cuvee_request *request);
/** Opens the declared dependencies alone. False: one of them has replied with an error. */
bool cv_open_declared(cuvee_request *request);

/** Reads the parameters of endpoint->inputs[index]. False: no memory; the request has failed. */
bool cv_read_params(cuvee_request *request, size_t index, struct cv_issues *issues);
/**
 * Parses the body into request->json, which stays NULL when it is no JSON. False: it is broken, and that is the reply.
 */
bool cv_parse_body(cuvee_request *request);
/** Puts the parsed body into request->body or request->list. False: no memory; the request has failed. */
bool cv_read_body(cuvee_request *request, struct cv_issues *issues);

/** The value of the first header of this name; data NULL: none. */
struct cv_slice cv_request_header(const cuvee_request *request, const char *name);
/** The query's or the cookies' last value of this name; data NULL: none, or no memory (the request has failed). */
struct cv_slice cv_request_query(cuvee_request *request, const char *name);
struct cv_slice cv_request_cookie(cuvee_request *request, const char *name);
/** Whether the request's header contains this word: an ETag. */
bool cv_header_has(const cuvee_request *request, const char *name, const char *word);

/* ---- replies ---- */

/** A copy in the request's arena; NULL: the request has failed for lack of memory. */
char *cv_keep_text(cuvee_request *request, const char *text);
/** Adds a header to the reply as it is now; borrowed. False: the request has failed for lack of memory. */
bool cv_add_header(cuvee_request *request, const char *name, const char *value);

/** 422 with all mistakes. */
void cv_reply_issues(cuvee_request *request, struct cv_issues *issues);
/** The reply that a session's error makes. */
void cv_reply_session_error(cuvee_request *request, const cuvee_error *error);
/** 500, with the reason in the log and not in the reply. printf's format. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void cv_fail(cuvee_request *request, const char *format, ...);

/** The id that the client gave, or that somebody has asked for; NULL: none so far. */
const char *cv_known_id(cuvee_request *request);
/** Puts the id into the reply if the client gave one, or somebody has asked for it: what is in the log can be found. */
void cv_tell_id(cuvee_request *request);
/**
 * The line about a request whose reply is made, or the beginning of a stream's, which its end completes. It began at
 * `since_us`.
 */
void cv_log_access(cuvee_request *request, int64_t since_us);

/** Whether this request has opened the dependency itself. */
bool cv_is_opened(const cuvee_request *request, const cuvee_dependency *dependency);
/** Closes what the request has opened, newest first, but the session whose rows the reply still streams. */
void cv_close_dependencies(cuvee_request *request);

#endif
