/*
 * The library can listen by itself, but then a server that stops has to tell it from outside to leave the socket
 * (MHD_quiesce_daemon), and when its event threads wake up just then both take the socket out of epoll, and who comes
 * second aborts the process (0.9.75). A daemon without a socket has nothing to leave.
 */
#define _GNU_SOURCE /* accept4 */
#include "web/server/acceptor.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"

enum {
    RECOUNT_MS = 5000, /* by then what was handed over counts in any case */
    PAUSE_MS = 100     /* between tries to get what the system is short of */
};

bool cv_acceptor_init(struct cv_acceptor *acceptor)
{
    *acceptor = (struct cv_acceptor){.listening = -1};
    return cv_wait_init(&acceptor->wait);
}

void cv_acceptor_free(struct cv_acceptor *acceptor)
{
    cv_wait_free(&acceptor->wait);
}

static unsigned connections(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info ? info->num_connections : 0;
}

/* A connection that the library has no memory for is gone without a word: who finds no place for long counts anew. */
static bool take_place(struct cv_acceptor *acceptor)
{
    int64_t deadline = cv_wait_deadline(RECOUNT_MS);
    pthread_mutex_lock(&acceptor->wait.mutex);
    while (!acceptor->stopped && acceptor->taken >= acceptor->most) {
        if (cv_wait_until(&acceptor->wait, deadline))
            continue;
        acceptor->taken = connections(acceptor->daemon);
        deadline = cv_wait_deadline(RECOUNT_MS);
    }
    acceptor->taken++;
    bool good = !acceptor->stopped;
    pthread_mutex_unlock(&acceptor->wait.mutex);
    return good;
}

void cv_acceptor_left(struct cv_acceptor *acceptor)
{
    pthread_mutex_lock(&acceptor->wait.mutex);
    acceptor->taken -= acceptor->taken > 0;
    pthread_cond_signal(&acceptor->wait.changed);
    pthread_mutex_unlock(&acceptor->wait.mutex);
}

/* Other reasons stay for a while, as a shortage of files does. */
static bool is_of_one_client(int reason)
{
    return reason == ECONNABORTED || reason == EPROTO || reason == EINTR;
}

static void pause_taking(struct cv_acceptor *acceptor)
{
    int64_t deadline = cv_wait_deadline(PAUSE_MS);
    pthread_mutex_lock(&acceptor->wait.mutex);
    while (!acceptor->stopped && cv_wait_until(&acceptor->wait, deadline))
        ;
    pthread_mutex_unlock(&acceptor->wait.mutex);
}

static void *run(void *arg)
{
    struct cv_acceptor *acceptor = arg;
    while (take_place(acceptor)) {
        struct sockaddr_storage client;
        socklen_t size = sizeof client;
        int fd = accept4(acceptor->listening, (struct sockaddr *)&client, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
        bool lasts = fd < 0 && !is_of_one_client(errno);
        if (fd < 0 || MHD_add_connection(acceptor->daemon, fd, (struct sockaddr *)&client, size) != MHD_YES)
            cv_acceptor_left(acceptor);
        if (lasts)
            pause_taking(acceptor);
    }
    return NULL;
}

bool cv_acceptor_start(struct cv_acceptor *acceptor, int listening, struct MHD_Daemon *daemon, unsigned most,
                       cuvee_error *error)
{
    acceptor->listening = listening;
    acceptor->daemon = daemon;
    acceptor->most = most;
    acceptor->runs = pthread_create(&acceptor->thread, NULL, run, acceptor) == 0;
    return acceptor->runs ||
           cv_error_set(error, CUVEE_ERROR_CONFIG, "the system allows no thread that takes connections");
}

void cv_acceptor_stop(struct cv_acceptor *acceptor)
{
    pthread_mutex_lock(&acceptor->wait.mutex);
    acceptor->stopped = true;
    pthread_cond_signal(&acceptor->wait.changed);
    pthread_mutex_unlock(&acceptor->wait.mutex);
    if (!acceptor->runs)
        return;
    shutdown(acceptor->listening, SHUT_RDWR); /* which ends the wait for clients */
    pthread_join(acceptor->thread, NULL);
    acceptor->runs = false;
}
