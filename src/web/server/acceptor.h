/** Taking connections: a thread that hands clients to the HTTP library, as many at once as there may be. */
#ifndef CV_WEB_SERVER_ACCEPTOR_H
#define CV_WEB_SERVER_ACCEPTOR_H

#include <cuvee/error.h>
#include <microhttpd.h>

#include "base/wait.h"

struct cv_acceptor {
    struct MHD_Daemon *daemon;
    int listening;
    unsigned most; /* connections at once; who comes then waits in the system's queue */
    struct cv_wait wait;
    unsigned taken; /* places */
    bool stopped;
    bool runs; /* the thread */
    pthread_t thread;
};

/** False: the system has no room for a lock; then there is nothing to free. */
bool cv_acceptor_init(struct cv_acceptor *acceptor);
void cv_acceptor_free(struct cv_acceptor *acceptor);

/** Takes what comes to the socket, which stays the caller's, for a daemon that has none and threads of its own. */
bool cv_acceptor_start(struct cv_acceptor *acceptor, int listening, struct MHD_Daemon *daemon, unsigned most,
                       cuvee_error *error);
/** To be told of each connection that the daemon took and closed. Any thread. */
void cv_acceptor_left(struct cv_acceptor *acceptor);
/** Refuses clients from now on, and those that wait. When it returns the daemon gets no more of them. */
void cv_acceptor_stop(struct cv_acceptor *acceptor);

#endif
