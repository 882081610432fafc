/*
 * The server: an acceptor takes connections, libmicrohttpd's event threads take requests and send replies, worker
 * threads make them. While a request waits for a worker its connection is suspended, so a slow handler holds up its own
 * client and, while another worker is free, nobody else.
 */
#include "web/server/server.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/options.h"
#include "web/dispatch/dispatch.h"
#include "web/front/front.h"
#include "web/server/listen.h"

enum {
    DEFAULT_EVENT_THREADS = 2,
    DEFAULT_WORKERS = 4,
    DEFAULT_IDLE_SECONDS = 30,
    DEFAULT_CONNECTIONS = 1000,
    DEFAULT_TASKS = 1000,
    CONNECTION_MEMORY = 16 * 1024, /* each connection keeps all of it, idle ones too */
    DEFAULT_STALL_SECONDS = 30,
    DEFAULT_KEEPALIVE_SECONDS = 15,
    DEFAULT_STOP_SECONDS = 10,
    STREAM_BUFFER = 64 * 1024,
    FLUSH_SECONDS = 1 /* for the last replies to leave */
};

/* ---- in an event thread ---- */

/* Only who stops the server waits for the last request to go, so only then is there somebody to wake. */
static void count_down(struct cuvee_server *server)
{
    atomic_fetch_sub(&server->in_flight, 1);
    if (!atomic_load(&server->stopping))
        return;
    pthread_mutex_lock(&server->settled.mutex);
    pthread_cond_signal(&server->settled.changed);
    pthread_mutex_unlock(&server->settled.mutex);
}

static void finish(struct cuvee_server *server, struct cv_exchange *exchange)
{
    if (!exchange)
        return;
    cv_sending_drop(&server->sending, &exchange->reply);
    cv_runner_take(&server->runner, &exchange->reply);
    if (exchange->counted)
        count_down(server);
    cv_exchange_free(exchange);
}

/* A connection's exchange. The library forgets to complete a request that it refuses while it reads the headers. */
struct line {
    struct cv_exchange *exchange;
};

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct cuvee_server *server = arg;
    struct line *line = *context;
    (void)connection;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = calloc(1, sizeof *line); /* without it, its requests are not taken */
        return;
    }
    if (line)
        finish(server, line->exchange);
    free(line);
    *context = NULL;
    cv_acceptor_left(&server->acceptor);
}

static struct line *line_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/*
 * The library would take the query apart as well, and falls silent where some 220 parameters fill its room. We do it
 * ourselves, so it sees none: the text is its own, ends where we say, and is looked at after this call.
 */
static void hide_query(const char *target)
{
    char *mark = strchr(target, '?');
    if (mark)
        mark[1] = '\0';
}

/* The first that is heard of a request; what it returns is *context in the calls below. */
static void *on_target(void *arg, const char *target, struct MHD_Connection *connection)
{
    struct cuvee_server *server = arg;
    struct line *line = line_of(connection);
    if (!line)
        return NULL;
    finish(server, line->exchange);
    line->exchange = cv_exchange_new(connection, target, server->service.app->options.max_body);
    hide_query(target);
    return line->exchange;
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode how)
{
    struct line *line = line_of(connection);
    (void)how;
    *context = NULL;
    if (!line)
        return;
    finish(arg, line->exchange);
    line->exchange = NULL;
}

static enum MHD_Result refuse(const struct cuvee_server *server, struct cv_exchange *exchange, int status,
                              const char *detail, bool last)
{
    cv_reply_detail(&exchange->reply, status, detail);
    cv_cors_mark(server->service.app->front, &exchange->in.headers, &exchange->arena, &exchange->reply);
    exchange->state = CV_EXCHANGE_ANSWERED;
    return cv_exchange_send(exchange, last);
}

/* Suspends before it pushes: a worker can be done with the request before the push returns. */
static enum MHD_Result hand_over(struct cuvee_server *server, struct cv_exchange *exchange)
{
    if (!cv_exchange_is_whole(exchange))
        return refuse(server, exchange, 413, cv_status_text(413), true);
    exchange->counted = true;
    atomic_fetch_add(&server->in_flight, 1);
    exchange->state = CV_EXCHANGE_WAITING;
    MHD_suspend_connection(exchange->connection);
    if (cv_queue_push(&server->queue, &exchange->queued))
        return MHD_YES;
    cv_reply_detail(&exchange->reply, 503, "Busy, please try again");
    cv_reply_header(&exchange->reply, &exchange->arena, "Retry-After", "1");
    exchange->state = CV_EXCHANGE_ANSWERED;
    MHD_resume_connection(exchange->connection);
    return MHD_YES;
}

/* A reply in the first call costs the connection, so only a body that shall not come is refused there. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **context)
{
    struct cuvee_server *server = arg;
    struct cv_exchange *exchange = *context;
    (void)connection;
    (void)url;
    if (!exchange)
        return MHD_NO;
    if (exchange->state == CV_EXCHANGE_NEW) {
        cv_exchange_begin(exchange, method, version);
        if (!cv_exchange_is_framed(exchange))
            return refuse(server, exchange, 400, "There was an error parsing the body", true);
        return cv_exchange_announces_too_much(exchange) ? refuse(server, exchange, 413, cv_status_text(413), true)
                                                        : MHD_YES;
    }
    if (*size > 0) {
        bool good = cv_exchange_take(exchange, data, *size);
        *size = 0;
        return good ? MHD_YES : MHD_NO;
    }
    if (exchange->state == CV_EXCHANGE_READING)
        return hand_over(server, exchange);
    return cv_exchange_send(exchange, atomic_load(&server->stopping));
}

/* Paths and queries are decoded where they are understood, and not before they are taken apart. */
static size_t leave_encoded(void *arg, struct MHD_Connection *connection, char *text)
{
    (void)arg;
    (void)connection;
    return strlen(text);
}

/* ---- start ---- */

static void set_default(unsigned *option, unsigned value)
{
    if (*option == 0)
        *option = value;
}

/* As long as can be said, if that is shorter. */
static unsigned to_ms(unsigned seconds)
{
    return seconds < UINT_MAX / 1000 ? seconds * 1000 : UINT_MAX;
}

static cuvee_server_options with_defaults(const cuvee_server_options *given)
{
    cuvee_server_options options;
    cv_take_options(&options, sizeof options, given, given ? given->size : 0);
    if (!options.host)
        options.host = "127.0.0.1";
    set_default(&options.event_threads, DEFAULT_EVENT_THREADS);
    set_default(&options.workers, DEFAULT_WORKERS);
    set_default(&options.idle_seconds, DEFAULT_IDLE_SECONDS);
    set_default(&options.max_connections, DEFAULT_CONNECTIONS);
    set_default(&options.max_tasks, DEFAULT_TASKS);
    set_default(&options.max_streams, CV_DEFAULT_STREAMS);
    set_default(&options.max_listeners, CV_DEFAULT_LISTENERS);
    set_default(&options.stall_seconds, DEFAULT_STALL_SECONDS);
    set_default(&options.keepalive_seconds, DEFAULT_KEEPALIVE_SECONDS);
    set_default(&options.stop_seconds, DEFAULT_STOP_SECONDS);
    return options;
}

static bool start_daemon(struct cuvee_server *server, const cuvee_server_options *options, cuvee_error *error)
{
    unsigned pool = options->event_threads > 1 ? options->event_threads : 0;
    const struct MHD_OptionItem items[] = {
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, server},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, server},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_encoded, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)options->idle_seconds, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, INT_MAX,
         NULL}, /* at a limit of its own 0.9.75 locks itself up; the acceptor holds ours */
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {pool ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)pool, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags =
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO | MHD_USE_NO_LISTEN_SOCKET;
    server->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, on_request, server, MHD_OPTION_ARRAY, items, MHD_OPTION_END);
    if (!server->daemon)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "the HTTP library cannot start %u event threads",
                            options->event_threads);
    return cv_acceptor_start(&server->acceptor, server->listening, server->daemon, options->max_connections, error);
}

static bool start_threads(struct cuvee_server *server, const cuvee_server_options *options, cuvee_error *error)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals stay the business of the program's own threads */
    bool good = cv_runner_start(&server->runner, &server->service, error) &&
                cv_sending_start(&server->sending, options->max_streams, options->keepalive_seconds, error) &&
                cv_workers_start(server, options->workers, error) && start_daemon(server, options, error);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good;
}

static struct cuvee_server *new_server(cuvee_app *app, size_t waiting)
{
    struct cuvee_server *server = calloc(1, sizeof *server);
    if (!server)
        return NULL;
    cv_service_init(&server->service, app, app->blend);
    server->listening = -1;
    atomic_init(&server->stopping, false);
    atomic_init(&server->in_flight, 0);
    if (cv_wait_init(&server->settled)) {
        if (cv_queue_init(&server->queue, waiting)) {
            if (cv_sending_init(&server->sending)) {
                if (cv_acceptor_init(&server->acceptor))
                    return server;
                cv_sending_free(&server->sending);
            }
            cv_queue_free(&server->queue);
        }
        cv_wait_free(&server->settled);
    }
    free(server);
    return NULL;
}

static void free_server(struct cuvee_server *server)
{
    if (server->listening >= 0)
        close(server->listening);
    cv_acceptor_free(&server->acceptor);
    cv_sending_free(&server->sending);
    cv_queue_free(&server->queue);
    cv_wait_free(&server->settled);
    free(server);
}

cuvee_server *cuvee_server_start(cuvee_app *app, const cuvee_server_options *given, cuvee_error *error)
{
    cuvee_server_options options = with_defaults(given);
    cuvee_error unused = {.kind = CUVEE_ERROR_NONE};
    if (!error)
        error = &unused;
    if (!app || !cv_app_finish(app)) {
        cv_error_keep(error, cuvee_app_error(app));
        return NULL;
    }
    struct cuvee_server *server = new_server(app, options.max_connections);
    if (!server) {
        cv_error_memory(error);
        return NULL;
    }
    server->service.log = (struct cv_log){options.log, options.log_arg};
    server->service.log_access = options.log_access;
    server->service.max_tasks = options.max_tasks;
    server->service.streaming.max_streams = options.max_streams;
    server->service.streaming.max_listeners = options.max_listeners;
    server->service.streaming.buffer = STREAM_BUFFER;
    server->service.streaming.patience_ms = to_ms(options.stall_seconds);
    server->stop_seconds = options.stop_seconds;
    server->listening = cv_listen(options.host, options.port, &server->port, error);
    if (server->listening >= 0 && start_threads(server, &options, error))
        return server;
    cuvee_server_stop(server);
    return NULL;
}

unsigned cuvee_server_port(const cuvee_server *server)
{
    return server ? server->port : 0;
}

/* ---- stop ---- */

/* Waits until no request is under way, but not for longer than this. */
static void wait_settled(struct cuvee_server *server, unsigned seconds)
{
    int64_t until = cv_wait_deadline(to_ms(seconds));
    bool early = true;
    pthread_mutex_lock(&server->settled.mutex);
    while (early && atomic_load(&server->in_flight) > 0)
        early = cv_wait_until(&server->settled, until);
    pthread_mutex_unlock(&server->settled.mutex);
}

void cuvee_server_stop(cuvee_server *server)
{
    if (!server)
        return;
    atomic_store(&server->stopping, true);
    cv_acceptor_stop(&server->acceptor);
    cv_sending_end_events(&server->sending);
    wait_settled(server, server->stop_seconds);
    cv_workers_stop(server);
    cv_sending_stop(&server->sending);
    wait_settled(server, FLUSH_SECONDS);
    MHD_stop_daemon(server->daemon); /* fine without one */
    cv_runner_stop(&server->runner);
    free_server(server);
}
