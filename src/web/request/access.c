/* What the operator sees of a request: its id, and a line in the log. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "web/request/request.h"

/* Whether a text may go into logs and headers of others as an id. */
static bool is_id(struct cv_slice text)
{
    enum { LONGEST = 64 };
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '_' || c == '.';
        if (!plain)
            return false;
    }
    return text.size > 0 && text.size <= LONGEST;
}

static const char *given_id(cuvee_request *request)
{
    struct cv_slice given = cv_request_header(request, "X-Request-ID");
    return is_id(given) ? cv_arena_copy(request->arena, given.data, given.size) : NULL;
}

const char *cuvee_request_id(cuvee_request *request)
{
    struct cv_service *service = request->service;
    if (!request->id)
        request->id = given_id(request);
    if (request->id)
        return request->id;
    char id[24];
    snprintf(id, sizeof id, "%016" PRIx64, service->id_base + atomic_fetch_add(&service->requests, 1));
    request->id = cv_arena_text(request->arena, id);
    return request->id ? request->id : "-";
}

void cv_tell_id(cuvee_request *request)
{
    if (!request->id)
        request->id = given_id(request);
    if (request->id && !cv_reply_set_header(request->reply, request->arena, "X-Request-ID", request->id))
        cv_fail(request, "out of memory");
}

/* ---- the log ---- */

uint64_t cv_moment_us(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void cv_log_access(cuvee_request *request, uint64_t since_us)
{
    char client[CV_ADDRESS_TEXT_SIZE];
    cv_address_format(&request->client, client);
    cv_log_line(&request->service->log, "%s %s %.*s %.*s %d %" PRIu64 " bytes %" PRIu64 " us",
                cuvee_request_id(request), client[0] ? client : "-", (int)request->in->method.size,
                request->in->method.data, (int)request->path.size, request->path.data, request->reply->status,
                cv_reply_size(request->reply), cv_moment_us() - since_us);
}

/* ---- what handlers may know ---- */

const char *cuvee_request_client(cuvee_request *request)
{
    char text[CV_ADDRESS_TEXT_SIZE];
    cv_address_format(&request->client, text);
    const char *kept = cv_arena_text(request->arena, text);
    return kept ? kept : "";
}

bool cuvee_request_is_secure(cuvee_request *request)
{
    return request->secure;
}
