/* One request from the way in to the way out. */
#include "web/dispatch/dispatch.h"

#include <string.h>

#include "base/clock.h"
#include "session/retry.h"
#include "web/dispatch/task.h"
#include "web/front/front.h"

enum { LARGEST_HINT = 64 * 1024 };

/* Clients that think they speak to a proxy send "http://host/path": the path begins behind the host. */
static struct cv_slice without_host(struct cv_slice target)
{
    const char *end = target.data + target.size;
    const char *colon = target.size && target.data[0] != '/' ? memchr(target.data, ':', target.size) : NULL;
    if (!colon || end - colon < 3 || memcmp(colon, "://", 3) != 0)
        return target;
    const char *slash = memchr(colon + 3, '/', (size_t)(end - colon - 3));
    return slash ? (struct cv_slice){slash, (size_t)(end - slash)} : cv_slice("/");
}

static void split_target(cuvee_request *request)
{
    struct cv_slice target = without_host(request->in->target);
    const char *mark = target.size ? memchr(target.data, '?', target.size) : NULL;
    request->path = target;
    if (mark) {
        request->path.size = (size_t)(mark - target.data);
        request->query = (struct cv_slice){mark + 1, target.size - request->path.size - 1};
    }
}

/* ---- middleware ---- */

/* Puts headers behind those that the reply has already. */
static void append_headers(struct cv_reply *reply, struct cv_header *headers)
{
    struct cv_header **end = &reply->headers;
    while (*end)
        end = &(*end)->next;
    *end = headers;
}

static bool is_answered(const cuvee_request *request)
{
    return request->failed || request->reply->status != 0;
}

/* Returns how many middlewares the request has come through. */
static size_t go_in(cuvee_request *request)
{
    const cuvee_app *app = request->service->app;
    size_t passed = 0;
    while (passed < app->middleware_count && !is_answered(request)) {
        const cuvee_middleware *middleware = app->middleware[passed++];
        if (middleware->before)
            middleware->before(request);
    }
    return passed;
}

static void go_out(cuvee_request *request, size_t passed)
{
    const cuvee_app *app = request->service->app;
    request->mending = true; /* they speak about a reply that is made, whatever became of its session */
    for (size_t i = passed; i > 0; i--) {
        if (app->middleware[i - 1]->after)
            app->middleware[i - 1]->after(request);
        cv_close_dependencies(request);
    }
}

/* A good reply has the status that was set, unless its own belongs to it. */
static void take_status(cuvee_request *request)
{
    if (!request->failed && !request->reply->exact && request->status)
        request->reply->status = request->status;
}

/* ---- hooks ---- */

/* The program's own reply to a session's error. False: it has none. */
static bool mend_error(cuvee_request *request, const cuvee_error *error)
{
    const struct cv_hook *hook = cv_app_hook(request->service->app, error->kind, 0);
    if (!hook || !hook->on_error)
        return false;
    request->mending = true;
    request->headers = NULL; /* what the handler meant to send with a good reply, and to do behind it */
    cv_tasks_drop(request->service, request->reply);
    cv_reply_begin(request->reply, 0, NULL);
    hook->on_error(request, error);
    request->mending = false;
    return is_answered(request);
}

/* The program's own reply in place of one with this status. */
static void mend_status(cuvee_request *request)
{
    const struct cv_hook *hook = cv_app_hook(request->service->app, CUVEE_ERROR_NONE, request->reply->status);
    if (!hook || !hook->on_status)
        return;
    struct cv_reply before = *request->reply;
    bool failed = request->failed, broken = request->broken;
    struct cv_slice body = before.fixed.data ? before.fixed : (struct cv_slice){before.body.data, before.body.size};
    char *text = cv_arena_copy(request->arena, body.data, body.size);
    cv_reply_init(request->reply);
    request->reply->tasks = before.tasks;
    request->failed = request->broken = false;
    request->mending = true;
    request->status = 0;
    hook->on_status(request, before.status, text ? text : "");
    request->mending = false;
    cv_close_dependencies(request);
    if (!is_answered(request)) {
        before.tasks = request->reply->tasks;
        *request->reply = before;
        request->failed = failed;
        request->broken = broken;
        return;
    }
    take_status(request);
    append_headers(request->reply, request->headers);
    request->headers = NULL;
    cv_reply_free(&before);
}

/* ---- the handler ---- */

/* A good reply would tell the client of changes that are about to be rolled back. */
static void refuse_uncommitted(cuvee_request *request)
{
    if (!request->failed && request->session && cv_is_opened(request, cuvee_session_dependency()) &&
        cuvee_session_has_changes(request->session))
        cv_fail(request,
                "%s replied without committing the changes of its session: cuvee_commit or cuvee_rollback them",
                request->endpoint->name);
}

/*
 * The handler is done. What its session says counts more than what it replied, unless it replied with an error itself.
 */
static void settle(cuvee_request *request)
{
    struct cv_reply *reply = request->reply;
    const cuvee_error *error = request->session ? cuvee_session_error(request->session) : NULL;
    if (!request->failed && error && error->kind != CUVEE_ERROR_NONE && !mend_error(request, error))
        cv_reply_session_error(request, error);
    refuse_uncommitted(request);
    cv_close_dependencies(request);
    int status = request->status ? request->status : request->endpoint->options.status;
    if (!request->failed && reply->status == 0 && status == 204)
        cv_reply_begin(reply, 204, NULL);
    else if (!is_answered(request))
        cv_fail(request, "%s did not reply", request->endpoint->name);
    take_status(request);
    if (!request->broken)
        append_headers(reply, request->headers);
    request->headers = NULL;
}

/* Whether the databases want the work to be done again, and it can be. */
static bool is_to_be_retried(const cuvee_request *request, unsigned attempt)
{
    bool own = request->session && cv_is_opened(request, cuvee_session_dependency());
    return request->endpoint->options.retry && attempt < CV_TRIES && own && !request->failed &&
           cuvee_session_error(request->session)->kind == CUVEE_ERROR_RETRY;
}

static void start_over(cuvee_request *request)
{
    cv_reply_begin(request->reply, 0, NULL);
    cv_close_dependencies(request);
    request->headers = NULL;
    request->status = 0;
    cv_tasks_drop(request->service, request->reply);
}

static void run(cuvee_request *request)
{
    bool ready = cv_read_input(request);
    uint64_t state = cv_retry_seed();
    for (unsigned attempt = 1; ready; attempt++) {
        request->endpoint->handler(request);
        if (!is_to_be_retried(request, attempt))
            break;
        start_over(request);
        cv_retry_pause(attempt, &state);
        ready = cv_open_declared(request);
    }
}

/* ---- all of it ---- */

/* A store that changes nothing would make the other processors fetch the endpoint again, too. */
static void remember_size(const cuvee_request *request)
{
    size_t size = request->reply->body.size < LARGEST_HINT ? request->reply->body.size : LARGEST_HINT;
    if (size != atomic_load_explicit(&request->endpoint->usual_size, memory_order_relaxed))
        atomic_store_explicit(&request->endpoint->usual_size, size, memory_order_relaxed);
}

static void route(cuvee_request *request)
{
    enum cv_found found = cv_paths_find(&request->service->app->paths, request->arena, request->in->method,
                                        request->path, &request->match);
    if (found == CV_FOUND) {
        request->endpoint = request->match.endpoint;
        run(request);
    } else {
        cv_reply_no_route(request, found);
    }
}

void cv_dispatch(struct cv_service *service, const struct cv_incoming *in, struct cv_arena *arena,
                 struct cv_reply *reply)
{
    cuvee_request request = {.service = service, .in = in, .arena = arena, .reply = reply};
    request.endpoint = &service->app->nowhere;
    cv_reply_init(reply);
    split_target(&request);
    int64_t since = service->log_access ? cv_ticks_us() : 0;
    cv_front_enter(&request);
    size_t passed = go_in(&request);
    struct cv_header *early = request.headers;
    request.headers = NULL;
    if (!is_answered(&request))
        route(&request);
    settle(&request);
    if (request.failed)
        cv_tasks_drop(service, reply); /* and a hook's reply may ask for others */
    if (reply->status >= 400)
        mend_status(&request);
    remember_size(&request);
    request.headers = early;
    go_out(&request, passed);
    append_headers(reply, request.headers);
    if (reply->body.failed)
        cv_fail(&request, "the reply does not fit into memory");
    cv_front_leave(&request);
    if (service->log_access)
        cv_log_access(&request, since);
    cv_tell_id(&request);
    if (request.failed)
        cv_tasks_drop(service, reply);
    json_decref(request.json);
}
