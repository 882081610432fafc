/*
 * Dependencies: opened at the first call for them, once per request, closed in reverse order before the reply leaves.
 */
#include "web/flow/stream.h"
#include "web/request/request.h"

static const struct cv_override *override_of(const cuvee_request *request, const cuvee_dependency *dependency)
{
    const struct cv_override *override = request->service->overrides;
    while (override && override->dependency != dependency)
        override = override->next;
    return override;
}

static struct cv_opened *find_opened(struct cv_opened *list, const cuvee_dependency *dependency)
{
    while (list && list->dependency != dependency)
        list = list->older;
    return list;
}

/* It counts as opened when its open is over: those that it asked for itself are older then, and are closed after it. */
static void *open_dependency(cuvee_request *request, const cuvee_dependency *dependency)
{
    struct cv_opened *opened = cv_arena_alloc(request->arena, sizeof *opened);
    if (!opened) {
        cv_fail(request, "out of memory");
        return NULL;
    }
    *opened = (struct cv_opened){.older = request->opening, .dependency = dependency};
    request->opening = opened;
    opened->value = dependency->open(request);
    request->opening = opened->older;
    opened->older = request->opened;
    request->opened = opened;
    return opened->value;
}

void *cuvee_depend(cuvee_request *request, const cuvee_dependency *dependency)
{
    const struct cv_override *override = override_of(request, dependency);
    if (override)
        return override->value;
    struct cv_opened *opened = find_opened(request->opened, dependency);
    if (opened)
        return opened->value;
    if (find_opened(request->opening, dependency))
        cv_fail(request, "dependency %s depends on itself", dependency->name);
    return request->failed ? NULL : open_dependency(request, dependency);
}

bool cv_is_opened(const cuvee_request *request, const cuvee_dependency *dependency)
{
    return find_opened(request->opened, dependency) != NULL;
}

/* Takes the request's session out of what is closed. False: it is somebody else's already, or a test's. */
static bool keep_session(cuvee_request *request)
{
    struct cv_opened *opened = find_opened(request->opened, cuvee_session_dependency());
    bool own = opened && opened->value;
    if (own)
        opened->value = NULL;
    return own;
}

/*
 * The rows of the reply are still to be read, so their session stays open; not one with changes that are not committed.
 */
static void keep_streamed_session(cuvee_request *request)
{
    struct cuvee_stream *stream = request->reply->stream;
    if (!stream || !stream->cursor || stream->session != request->session)
        return;
    if (cuvee_session_has_changes(request->session))
        cv_fail(request, "%s streams rows of a session with changes that are not committed: commit before the reply",
                request->endpoint->name);
    else
        stream->own_session = keep_session(request);
}

void cv_close_dependencies(cuvee_request *request)
{
    keep_streamed_session(request);
    while (request->opened) {
        struct cv_opened *opened = request->opened;
        request->opened = opened->older;
        if (opened->value && opened->dependency->close)
            opened->dependency->close(request, opened->value);
    }
    request->session = NULL;
}

static void *open_session(cuvee_request *request)
{
    cuvee_session *session = cuvee_session_open(request->service->blend);
    if (!session)
        cv_fail(request, "out of memory");
    return session;
}

static void close_session(cuvee_request *request, void *value)
{
    (void)request;
    cuvee_session_close(value);
}

const cuvee_dependency *cuvee_session_dependency(void)
{
    static const cuvee_dependency session = {.name = "session", .open = open_session, .close = close_session};
    return &session;
}

cuvee_session *cuvee_request_session(cuvee_request *request)
{
    if (!request->session)
        request->session = cuvee_depend(request, cuvee_session_dependency());
    return request->session;
}
