/* Errors as replies: what the client may know, and what only the log does. */
#include <stdarg.h>
#include <stdio.h>

#include "base/buffer.h"
#include "web/request/request.h"

/* "ID METHOD PATH: reason". The reply will have the same id, so that a user's report finds the line. */
static void log_failure(cuvee_request *request, const char *reason)
{
    cv_log_line(&request->service->log, "%s %.*s %.*s: %s", cuvee_request_id(request), (int)request->in->method.size,
                request->in->method.data, (int)request->path.size, request->path.data, reason);
}

void cv_fail(cuvee_request *request, const char *format, ...)
{
    char reason[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    cv_reply_broken(request->reply);
    request->failed = request->broken = true;
    log_failure(request, reason);
}

/* Who reads 2xx believes that all went well, so nothing that ends a request early may say it. */
static bool begin_error(cuvee_request *request, int status)
{
    if (request->failed)
        return false;
    if (status >= 400 && status <= 599)
        return true;
    cv_fail(request, "%s replies with an error of status %d: use 400 to 599", request->endpoint->name, status);
    return false;
}

void cuvee_reply_error(cuvee_request *request, int status, const char *detail)
{
    if (!begin_error(request, status))
        return;
    cv_reply_detail(request->reply, status, detail ? detail : cv_status_text(status));
    request->failed = true;
}

void cuvee_reply_error_json(cuvee_request *request, int status, const char *json)
{
    if (!begin_error(request, status))
        return;
    cv_reply_begin(request->reply, status, CV_JSON_TYPE);
    cv_buffer_put(&request->reply->body, "{\"detail\":");
    cv_buffer_put(&request->reply->body, json);
    cv_buffer_char(&request->reply->body, '}');
    request->failed = true;
}

void cv_reply_issues(cuvee_request *request, struct cv_issues *issues)
{
    struct cv_reply *reply = request->reply;
    cv_reply_begin(reply, 422, CV_JSON_TYPE);
    cv_buffer_put(&reply->body, "{\"detail\":[");
    cv_buffer_bytes(&reply->body, issues->json.data, issues->json.size);
    cv_buffer_put(&reply->body, "]}");
    request->failed = request->broken = true;
}

/* What happened, in words for the client: the model and the fields, nothing of the database. */
static void conflict(cuvee_request *request, const cuvee_error *error)
{
    const char *model = error->model[0] ? error->model : "row";
    char detail[400];
    if (error->kind == CUVEE_ERROR_VERSION)
        snprintf(detail, sizeof detail, "This %s was changed by somebody else in the meantime", model);
    else if (error->kind == CUVEE_ERROR_FOREIGN_KEY)
        snprintf(detail, sizeof detail,
                 "This %s refers to something that does not exist, or is still referred to%s%s%s", model,
                 error->fields[0] ? " (" : "", error->fields, error->fields[0] ? ")" : "");
    else
        snprintf(detail, sizeof detail, "There is another %s with the same %s already", model,
                 error->fields[0] ? error->fields : "key");
    cv_reply_detail(request->reply, 409, detail);
}

static void unavailable(cuvee_request *request, const cuvee_error *error)
{
    cv_reply_detail(request->reply, 503, "Busy, please try again");
    cv_reply_header(request->reply, request->arena, "Retry-After", "1");
    log_failure(request, error->message);
}

/* The client must know that its change may have happened, so these are not a bare 500. */
static void uncertain(cuvee_request *request, const cuvee_error *error)
{
    cv_reply_detail(request->reply, 500,
                    error->kind == CUVEE_ERROR_TORN ? "Only a part of the change was made"
                                                    : "It is not known whether the change was made");
    log_failure(request, error->message);
}

static void broken(cuvee_request *request, const cuvee_error *error)
{
    char reason[sizeof error->message + 64];
    snprintf(reason, sizeof reason, "%s: %s", cuvee_error_kind_name(error->kind), error->message);
    cv_reply_broken(request->reply);
    log_failure(request, reason);
}

void cv_reply_session_error(cuvee_request *request, const cuvee_error *error)
{
    request->failed = request->broken = true;
    switch (error->kind) {
    case CUVEE_ERROR_UNIQUE:
    case CUVEE_ERROR_FOREIGN_KEY:
    case CUVEE_ERROR_VERSION: conflict(request, error); break;
    case CUVEE_ERROR_MISSING: cv_reply_detail(request->reply, 404, cv_status_text(404)); break;
    case CUVEE_ERROR_RETRY:
    case CUVEE_ERROR_BUSY:
    case CUVEE_ERROR_EXHAUSTED: unavailable(request, error); break;
    case CUVEE_ERROR_IN_DOUBT:
    case CUVEE_ERROR_TORN: uncertain(request, error); break;
    default: broken(request, error); break;
    }
}
