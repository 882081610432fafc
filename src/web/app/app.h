/** Application: its routes, and what is worked out from them. */
#ifndef CV_WEB_APP_APP_H
#define CV_WEB_APP_APP_H

#include <pthread.h>

#include <cuvee/web.h>

#include "web/app/endpoint.h"
#include "web/app/path.h"

/* A model's plan, made once per application. */
struct cv_known {
    struct cv_known *next;
    struct cv_plan *plan;
};

/* A program's own reply to a kind of error or to a status. */
struct cv_hook {
    struct cv_hook *next;
    cuvee_error_kind kind; /* NONE: the status counts */
    int status;
    cuvee_error_handler on_error;
    cuvee_status_handler on_status;
};

struct cv_front;

/* A folder whose files are served. */
struct cv_folder {
    struct cv_folder *next;
    int fd;
    cuvee_files_options options;
};

struct cuvee_app {
    cuvee_blend *blend;
    cuvee_app_options options;
    struct cv_arena arena;
    struct cv_paths paths;
    struct cv_endpoint nowhere;    /* what a request has before its route is found */
    struct cv_endpoint *endpoints; /* in order of declaration */
    struct cv_endpoint **next_endpoint;
    cuvee_error error;
    const cuvee_middleware **middleware; /* in order of adding */
    size_t middleware_count;
    struct cv_hook *hooks;
    struct cv_folder *folders; /* of cuvee_app_files */
    struct cv_front *front;    /* of the options; made when the set-up ends */

    pthread_mutex_t mutex;            /* over the making of what follows; reading takes no lock */
    _Atomic(struct cv_known *) known; /* newest first */
    bool finished;                    /* cv_app_finish was here */
    struct cv_slice openapi;          /* the document; ends with NUL */
    const char *openapi_etag;
};

/** Adds an endpoint of this room's own: `handler` finds `data` there, and reads the path's values itself. */
void cv_app_add_endpoint(cuvee_app *app, const char *method, const char *path, cuvee_handler handler,
                         const cuvee_dependency *const *dependencies, const void *data);
/** The same for everybody who reaches the application: its dependencies do not guard it. */
void cv_app_add_page(cuvee_app *app, const char *method, const char *path, cuvee_handler handler, const void *data);

/** A copy of `count` items and of the empty one that ends them. NULL: no memory. */
void *cv_copy_list(struct cv_arena *arena, const void *items, size_t count, size_t size);
/** A copy of a NULL-ended list, empty for NULL. NULL: no memory. */
const cuvee_dependency *const *cv_copy_dependencies(struct cv_arena *arena, const cuvee_dependency *const *list);

/** The hook for an error of this kind, or (kind NONE) for this status; NULL: none. */
const struct cv_hook *cv_app_hook(const cuvee_app *app, cuvee_error_kind kind, int status);

/** The plan of a model; made at the first call for it. NULL: *error. Any thread. */
const struct cv_plan *cv_app_plan(cuvee_app *app, const cuvee_model *model, cuvee_error *error);

#endif
