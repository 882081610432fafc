/* Requests that no endpoint answers. */
#include "web/dispatch/dispatch.h"
#include "web/front/front.h"

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
    if (path.data[path.size - 1] != '/')
        return cv_slice_with_slash(request->arena, path);
    path.size--;
    return path;
}

static void reply_no_path(cuvee_request *request)
{
    const struct cv_paths *paths = &request->service->app->paths;
    struct cv_path_match match;
    if (request->path.size > 1 && request->path.data[0] == '/') {
        struct cv_slice other = toggle_slash(request);
        enum cv_found found = cv_paths_find(paths, request->arena, request->in->method, other, &match);
        if (other.data && found != CV_NO_PATH) {
            cv_reply_moved(request, other);
            return;
        }
    }
    cv_reply_detail(request->reply, 404, cv_status_text(404));
}

void cv_reply_no_route(cuvee_request *request, enum cv_found found)
{
    request->failed = true;
    if (found == CV_NO_METHOD)
        reply_not_allowed(request);
    else if (found == CV_NO_PATH)
        reply_no_path(request);
    else
        cv_fail(request, "out of memory");
}
