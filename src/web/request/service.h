/**
 * Service: an application at work on a blend. The server and each test client have one of their own, so they share
 * routes and nothing that changes.
 */
#ifndef CV_WEB_REQUEST_SERVICE_H
#define CV_WEB_REQUEST_SERVICE_H

#include "base/log.h"
#include "web/app/app.h"
#include "web/wire/incoming.h"
#include "web/wire/reply.h"

/* A dependency whose value a test gives. */
struct cv_override {
    struct cv_override *next;
    const cuvee_dependency *dependency;
    void *value;
};

enum { CV_DEFAULT_STREAMS = 8, CV_DEFAULT_LISTENERS = 500 };

/* How many replies may be made while they leave, and how. */
struct cv_streaming {
    atomic_size_t streams;   /* of writers that wait or work */
    atomic_size_t listeners; /* to channels */
    size_t max_streams;
    size_t max_listeners;
    size_t buffer;        /* bytes on their way in one stream */
    unsigned patience_ms; /* with a client that takes nothing */
};

struct cv_service {
    cuvee_app *app;
    cuvee_blend *blend;
    const struct cv_override *overrides;
    struct cv_log log;
    bool log_access;     /* a line for each request, not only for failures */
    atomic_size_t tasks; /* that wait or are asked for */
    size_t max_tasks;
    struct cv_streaming streaming;
    uint64_t id_base;      /* request ids: base + number */
    atomic_ulong requests; /* that were given an id */
};

/** Takes one of `limit` places, of which `taken` are; false: there is none. */
bool cv_take_place(atomic_size_t *taken, size_t limit);

/** Empty but for these two. */
void cv_service_init(struct cv_service *service, cuvee_app *app, cuvee_blend *blend);

#endif
