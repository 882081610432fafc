#include "web/front/front.h"

#include <string.h>

#include "base/error.h"
#include "web/reply/begin.h"
#include "web/request/request.h"

static bool take_root_path(struct cv_front *front, const char *path, cuvee_error *error)
{
    static const char plain[] = "/-._~abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"; /* in any page */
    size_t size = path ? strlen(path) : 0;
    bool whole = size == 0 || (path[0] == '/' && path[size - 1] != '/');
    if (!whole || (size > 0 && path[strspn(path, plain)] != '\0'))
        return cv_error_set(error, CUVEE_ERROR_CONFIG,
                            "root path %s must begin with / and end without one, and be of letters, digits and -._~",
                            path);
    front->root_path = (struct cv_slice){path, size};
    return true;
}

struct cv_front *cv_front_make(const cuvee_app_options *options, struct cv_arena *arena, cuvee_error *error)
{
    struct cv_front *front = cv_arena_alloc(arena, sizeof *front);
    if (!front) {
        cv_error_memory(error);
        return NULL;
    }
    *front = (struct cv_front){
        .hosts = options->hosts, .https_only = options->https_only, .gzip_min_size = options->gzip_min_size};
    bool good = take_root_path(front, options->root_path, error) && cv_hosts_check(options->hosts, error) &&
                cv_proxies_read(front, options->proxies, arena, error) &&
                cv_cors_make(front, options->cors, arena, error);
    return good ? front : NULL;
}

void cv_front_free(struct cv_front *front)
{
    if (front)
        cv_pattern_free(front->origin_pattern);
}

/* A proxy may have taken the root path off or not; a path that only begins with the same letters keeps them. */
static void take_off_root_path(cuvee_request *request)
{
    struct cv_slice root = request->service->app->front->root_path;
    struct cv_slice *path = &request->path;
    if (root.size == 0 || path->size < root.size || memcmp(path->data, root.data, root.size) != 0)
        return;
    if (path->size == root.size)
        *path = cv_slice("/");
    else if (path->data[root.size] == '/')
        *path = (struct cv_slice){path->data + root.size, path->size - root.size};
}

void cv_front_enter(cuvee_request *request)
{
    const struct cv_front *front = request->service->app->front;
    request->client = cv_address_of(request->in->client);
    if (front->proxy_count > 0)
        cv_proxy_believe(request);
    if ((front->hosts || front->https_only) && cv_hosts_answer(request))
        return;
    take_off_root_path(request);
    if (front->cors)
        cv_cors_answer(request);
}

void cv_front_leave(cuvee_request *request)
{
    const struct cv_front *front = request->service->app->front;
    const struct cv_headers *headers = &request->in->headers;
    bool head = cv_slice_is(request->in->method, "HEAD");
    if ((!request->preflight && !cv_cors_mark(front, headers, request->arena, request->reply)) ||
        !cv_gzip(front, headers, head, request->arena, request->reply))
        cv_fail(request, "out of memory");
}

void cv_reply_moved(cuvee_request *request, struct cv_slice path)
{
    struct cv_buffer whole;
    struct cv_slice root = request->service->app->front->root_path;
    cv_buffer_init(&whole, 0);
    cv_buffer_bytes(&whole, root.data, root.size);
    cv_buffer_bytes(&whole, path.data, path.size);
    char *location =
        whole.failed ? NULL : cv_location(request, (struct cv_slice){whole.data, whole.size}, request->query);
    cv_buffer_free(&whole);
    cv_reply_begin(request->reply, 307, NULL);
    request->reply->exact = true;
    if (!location || !cv_reply_header(request->reply, request->arena, "Location", location))
        cv_fail(request, "out of memory");
}
