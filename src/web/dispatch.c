/* One request from the way in to the way out. */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "web/request.h"

enum { LARGEST_HINT = 64 * 1024 };

void cv_service_init(struct cv_service *service, cuvee_app *app, cuvee_blend *blend)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    *service = (struct cv_service){.app = app, .blend = blend};
    service->id_base = ((uint64_t)now.tv_sec << 24) ^ ((uint64_t)getpid() << 44);
    atomic_init(&service->requests, 0);
}

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

/* ---- no endpoint ---- */

static void reply_not_allowed(cuvee_request *request)
{
    struct cv_buffer allow;
    cv_buffer_init(&allow, 0);
    cv_paths_allow(&request->service->app->paths, request->arena, request->path, &allow);
    char *methods = cv_arena_copy(request->arena, allow.data, allow.size);
    cv_buffer_free(&allow);
    cv_reply_detail(request->reply, 405, cv_status_text(405));
    if (methods)
        cv_reply_header(request->reply, request->arena, "Allow", methods);
}

/* The same path with its closing slash taken away or put there. */
static struct cv_slice toggle_slash(cuvee_request *request)
{
    struct cv_slice path = request->path;
    if (path.data[path.size - 1] == '/') {
        path.size--;
        return path;
    }
    char *longer = cv_arena_copy(request->arena, path.data, path.size + 1);
    if (!longer)
        return (struct cv_slice){NULL, 0};
    longer[path.size] = '/';
    return (struct cv_slice){longer, path.size + 1};
}

static void reply_redirect(cuvee_request *request, struct cv_slice path)
{
    char *location = cv_location(request, path, request->query);
    cv_reply_begin(request->reply, 307, NULL);
    if (!location || !cv_reply_header(request->reply, request->arena, "Location", location))
        cv_fail(request, "out of memory");
}

static void reply_not_found(cuvee_request *request)
{
    const struct cv_paths *paths = &request->service->app->paths;
    struct cv_path_match match;
    if (request->path.size > 1 && request->path.data[0] == '/') {
        struct cv_slice other = toggle_slash(request);
        enum cv_found found = cv_paths_find(paths, request->arena, request->in->method, other, &match);
        if (other.data && found != CV_NO_PATH) {
            reply_redirect(request, other);
            return;
        }
    }
    cv_reply_detail(request->reply, 404, cv_status_text(404));
}

/* ---- with an endpoint ---- */

/* Fills the handler's structs. False: the reply is there already. */
static bool read_input(cuvee_request *request)
{
    const struct cv_endpoint *endpoint = request->endpoint;
    if (!endpoint->params && !endpoint->body)
        return true;
    struct cv_issues issues;
    json_t *json = NULL;
    cv_issues_init(&issues);
    if (cv_parse_body(request, &issues, &json) == CV_READ && cv_read_params(request, &issues) == CV_READ &&
        cv_read_body(request, json, &issues) == CV_READ) {
        if (issues.no_memory || issues.json.failed)
            cv_fail(request, "out of memory");
        else if (issues.count > 0)
            cv_reply_issues(request, &issues);
    }
    json_decref(json);
    cv_issues_free(&issues);
    return !request->failed;
}

/* Puts the handler's headers behind those that the reply has of its own. */
static void add_headers(struct cv_reply *reply, struct cv_header *headers)
{
    struct cv_header **end = &reply->headers;
    while (*end)
        end = &(*end)->next;
    *end = headers;
}

/* The handler is done. What its session says counts more than what it replied, unless it replied with an error itself. */
static void settle(cuvee_request *request)
{
    struct cv_reply *reply = request->reply;
    const cuvee_error *error = request->session ? cuvee_session_error(request->session) : NULL;
    if (!request->failed && error && error->kind != CUVEE_ERROR_NONE)
        cv_reply_session_error(request, error);
    cv_close_dependencies(request);
    int status = request->status ? request->status : request->endpoint->options.status;
    if (!request->failed && reply->status == 0 && status == 204)
        cv_reply_begin(reply, 204, NULL);
    else if (!request->failed && reply->status == 0)
        cv_fail(request, "%s did not reply", request->endpoint->name);
    if (!request->failed && !reply->exact && request->status)
        reply->status = request->status;
    if (!request->broken)
        add_headers(reply, request->headers);
}

static void run(cuvee_request *request)
{
    if (!read_input(request))
        return;
    request->endpoint->handler(request);
    settle(request);
    size_t size = request->reply->body.size;
    atomic_store_explicit(&request->endpoint->usual_size, size < LARGEST_HINT ? size : LARGEST_HINT,
                          memory_order_relaxed);
}

void cv_dispatch(struct cv_service *service, const struct cv_incoming *in, struct cv_arena *arena,
                 struct cv_reply *reply)
{
    cuvee_request request = {.service = service, .in = in, .arena = arena, .reply = reply};
    cv_reply_init(reply);
    split_target(&request);
    switch (cv_paths_find(&service->app->paths, arena, in->method, request.path, &request.match)) {
    case CV_FOUND:
        request.endpoint = request.match.endpoint;
        run(&request);
        break;
    case CV_NO_PATH: reply_not_found(&request); break;
    case CV_NO_METHOD: reply_not_allowed(&request); break;
    case CV_NO_PATH_MEMORY: cv_fail(&request, "out of memory"); break;
    }
    if (reply->body.failed)
        cv_fail(&request, "the reply does not fit into memory");
}
