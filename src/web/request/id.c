/* A request's id: the client's, or one of ours. */
#include <inttypes.h>
#include <stdio.h>

#include "base/ascii.h"
#include "web/request/request.h"

/* Whether a text may go into logs and headers of others as an id. */
static bool is_id(struct cv_slice text)
{
    enum { LONGEST = 64 };
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!cv_is_alnum(c) && c != '-' && c != '_' && c != '.')
            return false;
    }
    return text.size > 0 && text.size <= LONGEST;
}

static const char *given_id(cuvee_request *request)
{
    struct cv_slice given = cv_header_of(&request->in->headers, "X-Request-ID");
    return is_id(given) ? cv_arena_copy(request->arena, given.data, given.size) : NULL;
}

const char *cv_known_id(cuvee_request *request)
{
    if (!request->id)
        request->id = given_id(request);
    return request->id;
}

const char *cuvee_request_id(cuvee_request *request)
{
    struct cv_service *service = request->service;
    if (cv_known_id(request))
        return request->id;
    char id[24];
    snprintf(id, sizeof id, "%016" PRIx64, service->id_base + atomic_fetch_add(&service->requests, 1));
    request->id = cv_arena_text(request->arena, id);
    return request->id ? request->id : "-";
}
