/** The server's inside, for its own files and tests. */
#ifndef CV_WEB_SERVER_SERVER_H
#define CV_WEB_SERVER_SERVER_H

#include "web/dispatch/task.h"
#include "web/server/acceptor.h"
#include "web/server/exchange.h"
#include "web/server/sending.h"

struct cuvee_server {
    struct cv_service service;
    struct MHD_Daemon *daemon;
    int listening;
    struct cv_acceptor acceptor;
    unsigned port;
    struct cv_queue queue;
    pthread_t *workers;
    unsigned worker_count;   /* those that run */
    struct cv_runner runner; /* for what is done after replies */
    struct cv_sending sending;
    unsigned stop_seconds; /* for what was asked before the stop */
    atomic_bool stopping;

    atomic_size_t in_flight; /* requests that came whole and whose reply has not left whole */
    struct cv_wait settled;  /* for waiting until that is 0 */
};

/** Starts `count` threads that answer what comes into the queue. Fewer: *error. */
bool cv_workers_start(struct cuvee_server *server, unsigned count, cuvee_error *error);
/** Answers what still waits with 503 and ends the threads, once what they are at is done. */
void cv_workers_stop(struct cuvee_server *server);

#endif
