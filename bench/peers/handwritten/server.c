#include "server.h"

#include "queue.h"
#include "store.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { memory_per_connection = 16 * 1024, idle_seconds = 60 };

/** Replies that are made once and used by every thread. */
enum fixed { FIXED_NOT_FOUND, FIXED_METHOD, FIXED_BAD_ID, FIXED_FAILED, FIXED_STOPPING, FIXED_COUNT };

static const struct {
    unsigned status;
    const char *body;
} fixed_replies[FIXED_COUNT] = {
    [FIXED_NOT_FOUND] = {MHD_HTTP_NOT_FOUND, "{\"detail\":\"Not Found\"}"},
    [FIXED_METHOD] = {MHD_HTTP_METHOD_NOT_ALLOWED, "{\"detail\":\"Method Not Allowed\"}"},
    [FIXED_BAD_ID] = {MHD_HTTP_UNPROCESSABLE_CONTENT, "{\"detail\":\"The id must be an integer\"}"},
    [FIXED_FAILED] = {MHD_HTTP_INTERNAL_SERVER_ERROR, "{\"detail\":\"Internal Server Error\"}"},
    [FIXED_STOPPING] = {MHD_HTTP_SERVICE_UNAVAILABLE, "{\"detail\":\"The server is stopping\"}"},
};

enum job { JOB_USERS, JOB_USER, JOB_ORDERS };

/** One request, from its first byte to its last; `link` comes first so that the queue's link is the request. */
struct request {
    struct queue_link link;
    struct MHD_Connection *connection;
    struct MHD_Response *response; /**< NULL until a worker answered */
    enum fixed fixed;              /**< the reply when a worker could make none of its own */
    enum job job;
    int64_t id;
    bool answered;
};

struct worker {
    pthread_t thread;
    struct server *server;
    struct store *store;
};

struct server {
    struct MHD_Daemon *daemon;
    struct MHD_Response *fixed[FIXED_COUNT];
    struct queue queue;
    struct worker *workers;
    unsigned worker_count; /**< those that run */
};

/* --- workers ------------------------------------------------------------------------------------------------- */

static struct MHD_Response *json_response(char *body, size_t length, bool owned)
{
    struct MHD_Response *response = owned ? MHD_create_response_from_buffer_with_free_callback(length, body, free)
                                          : MHD_create_response_from_buffer(length, body, MHD_RESPMEM_PERSISTENT);
    if (response != NULL) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    }
    return response;
}

static enum store_result query(struct store *store, const struct request *request, struct json *json)
{
    switch (request->job) {
    case JOB_USER: return store_user(store, request->id, json);
    case JOB_ORDERS: return store_orders(store, json);
    default: return store_users(store, json);
    }
}

static void answer(struct store *store, struct request *request)
{
    struct json json = {0};
    enum store_result result = query(store, request, &json);
    if (result == STORE_FOUND) {
        request->response = json_response(json.data, json.length, true);
    }
    if (request->response == NULL) {
        request->fixed = result == STORE_MISSING ? FIXED_NOT_FOUND : FIXED_FAILED;
        json_free(&json);
    }
    request->answered = true;
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct queue_link *link = NULL;
    while ((link = queue_pop(&worker->server->queue)) != NULL) {
        struct request *request = (struct request *)link;
        struct MHD_Connection *connection = request->connection;
        answer(worker->store, request);
        MHD_resume_connection(connection);
    }
    return NULL;
}

/* --- event threads ------------------------------------------------------------------------------------------- */

static bool read_id(int64_t *id, const char *text)
{
    uint64_t value = 0;
    bool negative = *text == '-';
    const char *digit = text + (negative ? 1 : 0);
    if (*digit == '\0') {
        return false;
    }
    for (; *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9' || value > (INT64_MAX - (uint64_t)(*digit - '0')) / 10) {
            return false;
        }
        value = value * 10 + (uint64_t)(*digit - '0');
    }
    *id = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

/** Finds the job of a path; FIXED_COUNT when there is one, else the reply that says why not. */
static enum fixed route(struct request *request, const char *method, const char *url)
{
    static const char user_prefix[] = "/users/";
    if (strcmp(url, "/users") == 0) {
        request->job = JOB_USERS;
    } else if (strcmp(url, "/orders") == 0) {
        request->job = JOB_ORDERS;
    } else if (strncmp(url, user_prefix, sizeof user_prefix - 1) == 0) {
        request->job = JOB_USER;
    } else {
        return FIXED_NOT_FOUND;
    }
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0) {
        return FIXED_METHOD;
    }
    if (request->job == JOB_USER && !read_id(&request->id, url + sizeof user_prefix - 1)) {
        return FIXED_BAD_ID;
    }
    return FIXED_COUNT;
}

static enum MHD_Result send_fixed(struct server *server, struct MHD_Connection *connection, enum fixed fixed)
{
    return MHD_queue_response(connection, fixed_replies[fixed].status, server->fixed[fixed]);
}

/** Suspends before it pushes: a worker may answer and resume before the push returns. */
static enum MHD_Result hand_over(struct server *server, struct request *request)
{
    struct MHD_Connection *connection = request->connection;
    MHD_suspend_connection(connection);
    if (!queue_push(&server->queue, &request->link)) {
        request->fixed = FIXED_STOPPING;
        request->answered = true;
        MHD_resume_connection(connection);
    }
    return MHD_YES;
}

static enum MHD_Result begin(struct MHD_Connection *connection, void **context)
{
    struct request *request = calloc(1, sizeof *request);
    if (request == NULL) {
        return MHD_NO;
    }
    request->connection = connection;
    *context = request;
    return MHD_YES;
}

/**
 * Called at least twice before a reply: the first call only opens the request (a reply queued there would cost the
 * connection its keep-alive), further ones bring the body, which no route here wants.
 */
static enum MHD_Result handle(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *body, size_t *body_size, void **context)
{
    (void)version;
    (void)body;
    struct server *server = arg;
    struct request *request = *context;
    if (request == NULL) {
        return begin(connection, context);
    }
    if (*body_size != 0) {
        *body_size = 0;
        return MHD_YES;
    }
    if (request->answered) {
        return request->response == NULL ? send_fixed(server, connection, request->fixed)
                                         : MHD_queue_response(connection, MHD_HTTP_OK, request->response);
    }
    enum fixed refusal = route(request, method, url);
    return refusal == FIXED_COUNT ? hand_over(server, request) : send_fixed(server, connection, refusal);
}

static void end(void *arg, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode how)
{
    (void)arg;
    (void)connection;
    (void)how;
    struct request *request = *context;
    if (request != NULL && request->response != NULL) {
        MHD_destroy_response(request->response);
    }
    free(request);
    *context = NULL;
}

/* --- life ---------------------------------------------------------------------------------------------------- */

static bool make_fixed_replies(struct server *server)
{
    for (int i = 0; i < FIXED_COUNT; i++) {
        const char *body = fixed_replies[i].body;
        server->fixed[i] = json_response((char *)body, strlen(body), false);
        if (server->fixed[i] == NULL) {
            return false;
        }
    }
    MHD_add_response_header(server->fixed[FIXED_METHOD], MHD_HTTP_HEADER_ALLOW, "GET");
    return true;
}

static bool start_workers(struct server *server, const struct args *args)
{
    server->workers = calloc(args->workers, sizeof *server->workers);
    if (server->workers == NULL) {
        return false;
    }
    for (; server->worker_count < args->workers; server->worker_count++) {
        struct worker *worker = &server->workers[server->worker_count];
        worker->server = server;
        worker->store = store_open(args->data);
        if (worker->store == NULL || pthread_create(&worker->thread, NULL, work, worker) != 0) {
            store_close(worker->store);
            return false;
        }
    }
    return true;
}

static bool start_daemon(struct server *server, const struct args *args)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(args->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, args->port, NULL, NULL,
                                      handle, server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                                      MHD_OPTION_THREAD_POOL_SIZE, args->event_threads, MHD_OPTION_NOTIFY_COMPLETED,
                                      end, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)memory_per_connection,
                                      MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)idle_seconds, MHD_OPTION_END);
    if (server->daemon == NULL) {
        fprintf(stderr, "cannot listen on 127.0.0.1:%u\n", (unsigned)args->port);
    }
    return server->daemon != NULL;
}

struct server *server_start(const struct args *args)
{
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return NULL;
    }
    queue_init(&server->queue);
    if (!make_fixed_replies(server) || !start_workers(server, args) || !start_daemon(server, args)) {
        server_stop(server);
        return NULL;
    }
    return server;
}

/** The workers end first, as the daemon cannot stop while a connection is suspended. */
void server_stop(struct server *server)
{
    if (server == NULL) {
        return;
    }
    queue_close(&server->queue);
    for (unsigned i = 0; i < server->worker_count; i++) {
        pthread_join(server->workers[i].thread, NULL);
        store_close(server->workers[i].store);
    }
    if (server->daemon != NULL) {
        MHD_stop_daemon(server->daemon);
    }
    for (int i = 0; i < FIXED_COUNT; i++) {
        if (server->fixed[i] != NULL) {
            MHD_destroy_response(server->fixed[i]);
        }
    }
    queue_destroy(&server->queue);
    free(server->workers);
    free(server);
}
