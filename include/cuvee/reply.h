/**
 * Replies: what a handler answers. <cuvee/web.h> includes this.
 *
 * They do nothing once the request has failed: after an error reply, or with an error in its session. Of several good
 * replies the last counts, of several errors the first. A good reply has the route's status, or that of
 * cuvee_set_status.
 *
 * Rows and objects are written as the route's `.returns` says: another model's objects may be given, and only the
 * fields that `.returns` has (by name, of the same kind, no structs or lists) leave; one that they do not have is a
 * 500. Hidden fields never leave.
 */
#ifndef CUVEE_REPLY_H
#define CUVEE_REPLY_H

#include <cuvee/model.h>
#include <cuvee/query.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_request cuvee_request;

/** Replies with one object; NULL is 404. It is written at once, so it need not outlive the call. */
void cuvee_reply_object(cuvee_request *request, const cuvee_model *model, const void *object);
/** Runs the query and replies with its rows, written straight into the reply. NULL: the session's error, or 500. */
void cuvee_reply_query(cuvee_request *request, cuvee_query *query);
/** Replies with objects that are loaded already; written at once too. */
void cuvee_reply_list(cuvee_request *request, const cuvee_model *model, cuvee_list objects);
/** Replies with JSON text as it is; copied. It is not looked at, also not for `.returns`. */
void cuvee_reply_json(cuvee_request *request, const char *json);
/** Replies with plain text (UTF-8); copied. */
void cuvee_reply_text(cuvee_request *request, const char *text);
/** Replies with bytes; copied. `content_type` is borrowed for the request's life. */
void cuvee_reply_bytes(cuvee_request *request, const char *content_type, const void *data, size_t size);
/**
 * Replies with a file: ETag, Last-Modified, and what the client asks of them (304, 206, 416). `content_type` NULL: by
 * the name's ending. 404 when there is no such file. The path is the program's own; never build it from what a client
 * sent.
 */
void cuvee_reply_file(cuvee_request *request, const char *path, const char *content_type);
/** Sends the client on; `status` is 301, 302, 303, 307 or 308, 0 is 307. The location is copied. */
void cuvee_reply_redirect(cuvee_request *request, int status, const char *location);
/**
 * Replies with an error: status (400 to 599; another one fails the request with 500) and {"detail": detail}; NULL is
 * the status's own text.
 */
void cuvee_reply_error(cuvee_request *request, int status, const char *detail);
/** The same with any JSON as detail. */
void cuvee_reply_error_json(cuvee_request *request, int status, const char *json);
/** Replies with a status and no body. */
void cuvee_reply_status(cuvee_request *request, int status);

/** The status of a good reply, instead of the route's. */
void cuvee_set_status(cuvee_request *request, int status);
/**
 * Adds a header to the handler's reply, good or error, whether it was given already or not; not to a reply that a
 * session's error or a failure makes. Copied. A name or value that no header can have fails the request with 500.
 */
void cuvee_set_header(cuvee_request *request, const char *name, const char *value);

/** Options of a cookie. Zero means the default. */
typedef struct cuvee_cookie {
    const char *path;      /**< default "/" */
    const char *domain;    /**< default: this host alone */
    int64_t max_age;       /**< seconds; 0: until the browser is closed; negative: delete it */
    const char *same_site; /**< "lax" (default), "strict" or "none" */
    bool secure;           /**< only over TLS */
    bool http_only;        /**< not for scripts */
    size_t size;           /**< sizeof(cuvee_cookie); set by the macro */
} cuvee_cookie;

/**
 * Sets a cookie like a header: cuvee_set_cookie(req, "visit", "7", .max_age = 3600, .http_only = true). What a value
 * cannot hold as it is (spaces, quotes, commas, semicolons, backslashes, other than ASCII) is percent-encoded, and
 * comes back like that.
 */
void cuvee_set_cookie_with(cuvee_request *request, const char *name, const char *value, const cuvee_cookie *options);
#define cuvee_set_cookie(request, name, ...) CUVEE_COOKIE_(request, name, __VA_ARGS__, .size = sizeof(cuvee_cookie))
#define CUVEE_COOKIE_(request, name, value, ...)                                                                       \
    cuvee_set_cookie_with(request, name, value, &(cuvee_cookie){__VA_ARGS__})

#ifdef __cplusplus
}
#endif
#endif
