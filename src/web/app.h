/** Application: its routes, and what is worked out from them. */
#ifndef CV_WEB_APP_H
#define CV_WEB_APP_H

#include <pthread.h>

#include <cuvee/web.h>

#include "web/endpoint.h"
#include "web/path.h"

/* A model's plan, made once per application. */
struct cv_known {
    struct cv_known *next;
    struct cv_plan *plan;
};

struct cuvee_app {
    cuvee_blend *blend;
    cuvee_app_options options;
    struct cv_arena arena;
    struct cv_paths paths;
    struct cv_endpoint *endpoints; /* in order of declaration */
    struct cv_endpoint **next_endpoint;
    cuvee_error error;

    pthread_mutex_t mutex;            /* over the making of what follows; reading takes no lock */
    _Atomic(struct cv_known *) known; /* newest first */
    bool finished;                    /* cv_app_finish was here */
    struct cv_slice openapi;          /* the document; ends with NUL */
    const char *openapi_etag;
};

/**
 * Ends the set-up: adds the docs pages' routes and writes the OpenAPI document. Once; safe from any thread. False: the
 * application's error.
 */
bool cv_app_finish(cuvee_app *app);

/** The plan of a model; made at the first call for it. NULL: *error. Any thread. */
const struct cv_plan *cv_app_plan(cuvee_app *app, const cuvee_model *model, cuvee_error *error);

#endif
