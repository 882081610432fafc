/* The threads that run handlers. */
#include <stdlib.h>

#include "base/error.h"
#include "web/dispatch/dispatch.h"
#include "web/server/server.h"

static void answer(struct cuvee_server *server, struct cv_exchange *exchange)
{
    cv_dispatch(&server->service, &exchange->in, &exchange->arena, &exchange->reply);
    exchange->state = CV_EXCHANGE_ANSWERED;
    cv_sending_take(&server->sending, &exchange->reply, cv_slice_is(exchange->in.method, "HEAD"));
    MHD_resume_connection(exchange->connection);
}

static void *work(void *arg)
{
    struct cuvee_server *server = arg;
    struct cv_queued *item;
    while ((item = cv_queue_pop(&server->queue)))
        answer(server, (struct cv_exchange *)item);
    return NULL;
}

bool cv_workers_start(struct cuvee_server *server, unsigned count, cuvee_error *error)
{
    server->workers = calloc(count, sizeof *server->workers);
    if (!server->workers)
        return cv_error_memory(error);
    while (server->worker_count < count &&
           pthread_create(&server->workers[server->worker_count], NULL, work, server) == 0)
        server->worker_count++;
    return server->worker_count == count ||
           cv_error_set(error, CUVEE_ERROR_CONFIG, "the system allows no more than %u workers", server->worker_count);
}

void cv_workers_stop(struct cuvee_server *server)
{
    struct cv_queued *waiting = cv_queue_close(&server->queue);
    while (waiting) {
        struct cv_exchange *exchange = (struct cv_exchange *)waiting;
        waiting = waiting->next;
        cv_reply_detail(&exchange->reply, 503, "The server is stopping");
        exchange->state = CV_EXCHANGE_ANSWERED;
        MHD_resume_connection(exchange->connection);
    }
    for (unsigned i = 0; i < server->worker_count; i++)
        pthread_join(server->workers[i], NULL);
    free(server->workers);
    server->workers = NULL;
    server->worker_count = 0;
}
