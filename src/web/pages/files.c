/* Folders of files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/options.h"
#include "web/front/front.h"
#include "web/reply/file.h"
#include "web/wire/content_type.h"

/* ---- finding a file ---- */

/* Opens one name in a folder. Links are not followed: what a folder does not hold itself is not served. */
static int open_name(int folder, const char *name)
{
    return openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

/* A name that may be served: not hidden, and no "." or "..", which begin with a dot as well. */
static bool is_visible(struct cv_slice name)
{
    return name.size > 0 && name.data[0] != '.' && name.size <= 255 && !memchr(name.data, '\0', name.size);
}

/* Opens what the path leads to, name by name; -1: nothing that may be served. */
static int walk(int folder, struct cv_slice path)
{
    int at = open_name(folder, ".");
    while (at >= 0 && path.size > 0) {
        char name[256];
        const char *slash = memchr(path.data, '/', path.size);
        struct cv_slice step = {path.data, slash ? (size_t)(slash - path.data) : path.size};
        size_t taken = step.size + (slash != NULL);
        path = (struct cv_slice){path.data + taken, path.size - taken};
        int next = -1;
        if (is_visible(step)) {
            memcpy(name, step.data, step.size);
            name[step.size] = '\0';
            next = open_name(at, name);
        }
        close(at);
        at = next;
    }
    return at;
}

static bool is_folder(int fd)
{
    struct stat what;
    return fstat(fd, &what) == 0 && S_ISDIR(what.st_mode);
}

/* ---- replies ---- */

static const char *type_of(cuvee_request *request, struct cv_slice path)
{
    char *name = cv_arena_copy(request->arena, path.data, path.size);
    return cv_content_type(name ? name : "");
}

static void reply_file(cuvee_request *request, const struct cv_folder *folder, int fd, const char *type)
{
    cv_reply_open_file(request, fd, type);
    if (folder->options.cache_control && !request->failed)
        cv_add_header(request, "Cache-Control", folder->options.cache_control);
}

/* What is not there: the folder's own page for it, or the usual error. */
static void reply_missing(cuvee_request *request, const struct cv_folder *folder)
{
    int fd = folder->options.html ? open_name(folder->fd, "404.html") : -1;
    if (fd < 0) {
        cuvee_reply_error(request, 404, NULL);
        return;
    }
    cv_reply_error_file(request, fd, cv_content_type("404.html"), 404);
}

/* A folder is its index, at a path that ends in a slash, so that the links in it lead to where they should. */
static void reply_folder(cuvee_request *request, const struct cv_folder *folder, int fd)
{
    int index = folder->options.html ? open_name(fd, "index.html") : -1;
    close(fd);
    if (index < 0) {
        reply_missing(request, folder);
    } else if (request->path.data[request->path.size - 1] == '/') {
        reply_file(request, folder, index, cv_content_type("index.html"));
    } else {
        close(index);
        struct cv_slice location = cv_slice_with_slash(request->arena, request->path);
        if (location.data)
            cv_reply_moved(request, location);
        else
            cv_fail(request, "out of memory");
    }
}

static void serve(cuvee_request *request)
{
    const struct cv_folder *folder = request->endpoint->data;
    bool bare = request->endpoint->path_names.count == 0; /* the prefix alone */
    struct cv_slice path = bare ? (struct cv_slice){"", 0} : request->match.values[0];
    bool closed = path.size > 0 && path.data[path.size - 1] == '/'; /* names a folder */
    int fd = walk(folder->fd, path);
    if (fd >= 0 && is_folder(fd)) {
        reply_folder(request, folder, fd);
    } else if (fd >= 0 && !closed) {
        reply_file(request, folder, fd, type_of(request, path));
    } else {
        if (fd >= 0)
            close(fd);
        reply_missing(request, folder);
    }
}

/* ---- set-up ---- */

static struct cv_folder *open_folder(cuvee_app *app, const char *path, const cuvee_files_options *options)
{
    struct cv_folder *folder = cv_arena_zero(&app->arena, sizeof *folder);
    if (!folder) {
        cv_error_memory(&app->error);
        return NULL;
    }
    folder->fd = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (folder->fd < 0) {
        cv_error_set(&app->error, CUVEE_ERROR_CONFIG, "folder %s is not there or cannot be read", path);
        return NULL;
    }
    cv_take_options(&folder->options, sizeof folder->options, options, options ? options->size : 0);
    folder->next = app->folders;
    app->folders = folder;
    return folder;
}

static void add_routes(cuvee_app *app, const char *prefix, const struct cv_folder *folder)
{
    static const char *const methods[] = {"GET", "HEAD"};
    size_t size = strlen(prefix) + sizeof "/{path:path}";
    char *below = cv_arena_alloc(&app->arena, size);
    if (!below) {
        cv_error_memory(&app->error);
        return;
    }
    snprintf(below, size, "%s/{path:path}", prefix);
    for (size_t i = 0; i < 2; i++) {
        cv_app_add_endpoint(app, methods[i], below, serve, folder->options.dependencies, folder);
        if (prefix[0] != '\0')
            cv_app_add_endpoint(app, methods[i], prefix, serve, folder->options.dependencies, folder);
    }
}

void cuvee_app_files_with(cuvee_app *app, const char *prefix, const char *folder, const cuvee_files_options *options)
{
    if (!app || app->error.kind != CUVEE_ERROR_NONE)
        return;
    size_t size = prefix ? strlen(prefix) : 0;
    if (!prefix || !folder || (size > 0 && (prefix[0] != '/' || prefix[size - 1] == '/'))) {
        cv_error_set(&app->error, CUVEE_ERROR_CONFIG, "files at %s: the prefix must begin with / and end without one",
                     prefix ? prefix : "NULL");
        return;
    }
    char *kept = cv_arena_text(&app->arena, prefix);
    struct cv_folder *opened = kept ? open_folder(app, folder, options) : NULL;
    if (!kept)
        cv_error_memory(&app->error);
    else if (opened)
        add_routes(app, kept, opened);
}
