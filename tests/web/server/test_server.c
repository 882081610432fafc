#include "web/support.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "web/server/server.h"
#include "web/wire.h"

/* A server over base `stock` in memory, with a worker that a test can hold up. */
struct place {
    cuvee_blend *blend;
    cuvee_app *app;
    cuvee_server *server;
    unsigned port;
};

static sem_t entered; /* the slow handler is at work */
static sem_t go_on;   /* and may end */

static void read_items(cuvee_request *req)
{
    cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void create_item(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    const Item *item = cuvee_add(s, &item_model, cuvee_body(req, &item_model));
    cuvee_commit(s);
    cuvee_reply_object(req, &item_model, item);
}

static void be_slow(cuvee_request *req)
{
    sem_post(&entered);
    sem_wait(&go_on);
    cuvee_reply_object(req, &item_model, &(Item){.name = "slow", .secret = ""});
}

typedef struct Echo {
    cuvee_opt_text q;
    cuvee_opt_text x_word;
} Echo;
static const cuvee_field echo_fields[] = {CUVEE_FIELD(Echo, q), CUVEE_FIELD(Echo, x_word, .in = CUVEE_IN_HEADER)};
static const cuvee_model echo_model = CUVEE_MODEL(Echo, NULL, echo_fields);

static void echo(cuvee_request *req)
{
    cuvee_reply_object(req, &echo_model, cuvee_params(req, &echo_model));
}

static struct place *open_place(const cuvee_server_options *options)
{
    struct place *place = calloc(1, sizeof *place);
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    sem_init(&entered, 0, 0);
    sem_init(&go_on, 0, 0);
    place->blend = cuvee_blend_new();
    cuvee_blend_bind(place->blend, &stock, "sqlite::memory:");
    assert_true(cuvee_create_tables(place->blend));
    place->app = cuvee_app_new(place->blend, .max_body = 1000);
    cuvee_app_get(place->app, "/items", read_items, .returns = CUVEE_LIST(&item_model));
    cuvee_app_post(place->app, "/items", create_item, .body = CUVEE_ONE(&item_model), .status = 201);
    cuvee_app_get(place->app, "/slow", be_slow);
    cuvee_app_get(place->app, "/echo", echo, .params = &echo_model);
    place->server = cuvee_server_start(place->app, options, &error);
    if (!place->server)
        fail_msg("%s", error.message);
    place->port = cuvee_server_port(place->server);
    return place;
}

static void close_place(struct place *place)
{
    cuvee_server_stop(place->server);
    cuvee_app_free(place->app);
    cuvee_blend_free(place->blend);
    free(place);
    sem_destroy(&entered);
    sem_destroy(&go_on);
}

static int set_up(void **state)
{
    *state = open_place(NULL);
    return 0;
}

/* For clients that hang up halfway, which the library sometimes does not hear of. */
static int set_up_impatient(void **state)
{
    *state = open_place(&(cuvee_server_options){.idle_seconds = 5});
    return 0;
}

static int tear_down(void **state)
{
    close_place(*state);
    return 0;
}

static void heard(struct wire_reply reply, int status, const char *body)
{
    if (reply.status != status || strcmp(reply.body, body) != 0)
        fail_msg("\nexpected %d %s\n     got %d %s", status, body, reply.status, reply.body);
    wire_free(&reply);
}

static void answers(unsigned port, const char *request, int status, const char *body)
{
    heard(wire_ask(port, request), status, body);
}

/* After whatever a client did, others are served. */
static void still_serves(const struct place *place)
{
    answers(place->port, "GET /items HTTP/1.1\r\nHost: h\r\n\r\n", 200, "[]");
}

/* ---- well-behaved clients ---- */

static void serves_and_keeps_the_connection(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    for (int i = 0; i < 3; i++) {
        wire_say(fd, "GET /items HTTP/1.1\r\nHost: h\r\n\r\n");
        struct wire_reply reply = wire_hear(fd);
        char type[64];
        assert_true(wire_header(&reply, "Content-Type", type, sizeof type));
        assert_string_equal(type, "application/json");
        assert_false(wire_header(&reply, "Connection", type, sizeof type));
        heard(reply, 200, "[]");
    }
    close(fd);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "GET /echo?q=1 HTTP/1.1\r\nHost: h\r\n\r\nGET /none HTTP/1.1\r\nHost: h\r\n\r\n"
                 "POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n"
                 "{\"name\":\"Lamp\",\"amount\":3}GET /echo?q=2 HTTP/1.1\r\nHost: h\r\n\r\n");
    heard(wire_hear(fd), 200, "{\"q\":\"1\",\"x_word\":null}");
    heard(wire_hear(fd), 404, "{\"detail\":\"Not Found\"}");
    heard(wire_hear(fd), 201, "{\"id\":1,\"name\":\"Lamp\",\"amount\":3,\"note\":null}");
    heard(wire_hear(fd), 200, "{\"q\":\"2\",\"x_word\":null}");
    close(fd);
}

static void a_request_may_come_in_pieces(void **state)
{
    const struct place *place = *state;
    static const char request[] = "POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                                  "Content-Length: 26\r\n\r\n{\"name\":\"Lamp\",\"amount\":3}";
    int fd = wire_dial(place->port);
    for (size_t i = 0; i + 1 < sizeof request; i++)
        wire_send(fd, request + i, 1);
    heard(wire_hear(fd), 201, "{\"id\":1,\"name\":\"Lamp\",\"amount\":3,\"note\":null}");
    close(fd);
}

static void chunked_bodies_are_read(void **state)
{
    const struct place *place = *state;
    answers(place->port,
            "POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            "8\r\n{\"name\":\r\n12\r\n\"Lamp\",\"amount\":3}\r\n0\r\n\r\n",
            201, "{\"id\":1,\"name\":\"Lamp\",\"amount\":3,\"note\":null}");
}

static void waits_to_be_asked_for_the_body(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 26\r\n"
                 "Expect: 100-continue\r\n\r\n");
    heard(wire_hear(fd), 100, "");
    wire_say(fd, "{\"name\":\"Lamp\",\"amount\":3}");
    heard(wire_hear(fd), 201, "{\"id\":1,\"name\":\"Lamp\",\"amount\":3,\"note\":null}");
    close(fd);
}

static void head_on_a_get_route_is_405(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "HEAD /items HTTP/1.1\r\nHost: h\r\n\r\n");
    struct wire_reply reply = wire_hear_head(fd);
    char allow[64];
    assert_int_equal(reply.status, 405);
    assert_true(wire_header(&reply, "Allow", allow, sizeof allow));
    assert_string_equal(allow, "GET, POST");
    wire_free(&reply);
    wire_say(fd, "GET /items HTTP/1.1\r\nHost: h\r\n\r\n");
    heard(wire_hear(fd), 200, "[]");
    close(fd);
}

static void old_clients_are_hung_up_on_after_the_reply(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "GET /items HTTP/1.0\r\n\r\n");
    heard(wire_hear(fd), 200, "[]");
    assert_true(wire_hung_up(fd));
    close(fd);
}

static void an_assets_page_comes_compressed(void **state)
{
    const struct place *place = *state;
    struct wire_reply reply = wire_ask(place->port, "GET /docs HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_int_equal(reply.status, 200);
    assert_non_null(strstr(reply.body, "swagger-ui"));
    wire_free(&reply);
}

/* ---- bodies that are too large ---- */

static void an_announced_body_over_the_limit_is_413(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "POST /items HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
    heard(wire_hear(fd), 413, "{\"detail\":\"Content Too Large\"}"); /* it is never asked for */
    assert_true(wire_hung_up(fd));
    close(fd);
    struct wire_reply reply =
        wire_ask(place->port, "POST /items HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\n");
    assert_int_equal(reply.status, 413); /* in the library's own words */
    wire_free(&reply);
    still_serves(place);
}

static void a_body_at_the_limit_is_read(void **state)
{
    const struct place *place = *state;
    char request[1200];
    int head = snprintf(request, sizeof request, "POST /items HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
    memset(request + head, ' ', 1000);
    request[head + 1000] = '\0';
    struct wire_reply reply = wire_ask(place->port, request);
    assert_int_equal(reply.status, 422);
    wire_free(&reply);
}

static void say_chunks(int fd, size_t count)
{
    char chunk[108];
    memcpy(chunk, "64\r\n", 4);
    memset(chunk + 4, ' ', 100);
    memcpy(chunk + 104, "\r\n", 2);
    for (size_t i = 0; i < count; i++)
        wire_send(fd, chunk, 106);
}

static void a_body_that_grows_over_the_limit_is_413(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "GET /items HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    say_chunks(fd, 20);
    wire_say(fd, "0\r\n\r\n");
    heard(wire_hear(fd), 413, "{\"detail\":\"Content Too Large\"}");
    assert_true(wire_hung_up(fd));
    close(fd);
    still_serves(place);
}

static void a_body_without_end_is_cut(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "POST /items HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    say_chunks(fd, 1000);
    assert_true(wire_hung_up(fd));
    close(fd);
    still_serves(place);
}

/* ---- clients that do wrong ---- */

/* Each is answered with some error or hung up on, and others are served. */
static void malformed_requests_do_no_harm(void **state)
{
    const struct place *place = *state;
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
#define BYTES(text) {text, sizeof text - 1}
        BYTES("nonsense\r\n\r\n"),
        BYTES("GET\r\n\r\n"),
        BYTES("GET /items\r\n\r\n"),
        BYTES("GET /items HTTP/9.9\r\nHost: h\r\n\r\n"),
        BYTES("GET /items HTTP/1.1\r\n\r\n"), /* no Host */
        BYTES("GET /it\0ems HTTP/1.1\r\nHost: h\r\n\r\n"),
        BYTES("GET /none HTTP/1.1\r\nHost: h\r\nX-A: a\0b\r\n\r\n"),
        BYTES("GET /none HTTP/1.1\r\nHost: h\r\nNoColon\r\n\r\n"),
        BYTES("GET /none HTTP/1.1\r\n Host: h\r\n\r\n"),
        BYTES("\r\n\r\n\r\n\r\n"),
        BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03 TLS hello\r\n\r\n"),
        BYTES("GET /%00%FF%C0%80/%2e%2e HTTP/1.1\r\nHost: h\r\n\r\n"),
        BYTES("GET /\xFF\xFE HTTP/1.1\r\nHost: h\r\n\r\n"),
        BYTES("POST /items HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n"),
        BYTES("POST /items HTTP/1.1\r\nHost: h\r\nContent-Length: abc\r\n\r\n"),
        BYTES("POST /items HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int fd = wire_dial(place->port);
        wire_send(fd, cases[i].bytes, cases[i].size);
        shutdown(fd, SHUT_WR);
        struct wire_reply reply = wire_hear(fd);
        if (reply.status != 0 && (reply.status < 400 || reply.status > 505 || reply.status == 500))
            fail_msg("case %zu: %d %s", i, reply.status, reply.body);
        wire_free(&reply);
        close(fd);
    }
    still_serves(place);
}

static void headers_and_targets_that_are_too_long_are_refused(void **state)
{
    const struct place *place = *state;
    char *long_text = malloc(70000);
    int head = snprintf(long_text, 70000, "GET /items HTTP/1.1\r\nHost: h\r\nX-A: ");
    memset(long_text + head, 'a', 40000);
    memcpy(long_text + head + 40000, "\r\n\r\n", 5);
    struct wire_reply reply = wire_ask(place->port, long_text);
    assert_true(reply.status == 0 || reply.status == 431 || reply.status == 413);
    wire_free(&reply);
    head = snprintf(long_text, 70000, "GET /items?q=");
    memset(long_text + head, 'a', 40000);
    memcpy(long_text + head + 40000, " HTTP/1.1\r\nHost: h\r\n\r\n", 23);
    reply = wire_ask(place->port, long_text);
    assert_true(reply.status == 0 || reply.status == 414 || reply.status == 431);
    wire_free(&reply);
    free(long_text);
    still_serves(place);
}

static void unknown_methods_and_paths_are_told(void **state)
{
    const struct place *place = *state;
    answers(place->port, "BREW /items HTTP/1.1\r\nHost: h\r\n\r\n", 405, "{\"detail\":\"Method Not Allowed\"}");
    answers(place->port, "BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n", 404, "{\"detail\":\"Not Found\"}");
    answers(place->port, "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 404, "{\"detail\":\"Not Found\"}");
    answers(place->port, "GET /items/ HTTP/1.1\r\nHost: h\r\n\r\n", 307, "");
}

static void broken_bodies_are_told(void **state)
{
    const struct place *place = *state;
    answers(place->port,
            "POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{]", 422,
            "{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\",1],\"msg\":\"JSON decode error\",\"input\":{},"
            "\"ctx\":{\"error\":\"Expecting property name enclosed in double quotes\"}}]}");
    answers(place->port,
            "POST /items HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n\"\xFF\"",
            400, "{\"detail\":\"There was an error parsing the body\"}");
}

/* Queries and headers arrive as they were sent, decoded once. */
static void values_come_through_unchanged(void **state)
{
    const struct place *place = *state;
    answers(place->port,
            "GET /echo?q=%27%3B+DROP+TABLE+items%3B--%25%32%30&b HTTP/1.1\r\nHost: h\r\nX-Word: a%20\"b\r\n\r\n", 200,
            "{\"q\":\"'; DROP TABLE items;--%20\",\"x_word\":\"a%20\\\"b\"}");
    still_serves(place);
}

static void clients_that_go_silent_or_away_hold_up_nobody(void **state)
{
    const struct place *place = *state;
    int silent[20];
    for (size_t i = 0; i < 20; i++) {
        silent[i] = wire_dial(place->port);
        wire_say(silent[i],
                 i % 2 ? "GET /items HTTP/1.1\r\nHo" : "POST /items HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{");
    }
    still_serves(place);
    for (size_t i = 0; i < 20; i++)
        close(silent[i]);
    still_serves(place);
}

static void silent_connections_are_closed(void **state)
{
    (void)state;
    struct place *place = open_place(&(cuvee_server_options){.idle_seconds = 1});
    int nothing = wire_dial(place->port);
    int half = wire_dial(place->port);
    wire_say(half, "GET /items HTTP/1.1\r\nHost: h\r\n");
    assert_true(wire_hung_up(nothing));
    assert_true(wire_hung_up(half));
    close(nothing);
    close(half);
    close_place(place);
}

/* ---- many at once ---- */

static void a_slow_handler_holds_up_nobody_else(void **state)
{
    const struct place *place = *state;
    int slow = wire_dial(place->port);
    wire_say(slow, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    sem_wait(&entered);
    still_serves(place);
    sem_post(&go_on);
    heard(wire_hear(slow), 200, "{\"id\":0,\"name\":\"slow\",\"amount\":0,\"note\":null}");
    close(slow);
}

static void wait_until_queued(cuvee_server *server, size_t count)
{
    size_t seen = 0;
    while (seen != count) {
        sched_yield();
        pthread_mutex_lock(&server->queue.wait.mutex);
        seen = server->queue.count;
        pthread_mutex_unlock(&server->queue.wait.mutex);
    }
}

static void what_does_not_fit_into_the_queue_is_503(void **state)
{
    (void)state;
    struct place *place = open_place(&(cuvee_server_options){.workers = 1});
    place->server->queue.limit = 1;
    int slow = wire_dial(place->port);
    int waiting = wire_dial(place->port);
    wire_say(slow, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    sem_wait(&entered);
    wire_say(waiting, "GET /echo?q=1 HTTP/1.1\r\nHost: h\r\n\r\n");
    wait_until_queued(place->server, 1);
    struct wire_reply reply = wire_ask(place->port, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    char after[8];
    assert_true(wire_header(&reply, "Retry-After", after, sizeof after));
    heard(reply, 503, "{\"detail\":\"Busy, please try again\"}");
    sem_post(&go_on);
    heard(wire_hear(slow), 200, "{\"id\":0,\"name\":\"slow\",\"amount\":0,\"note\":null}");
    heard(wire_hear(waiting), 200, "{\"q\":\"1\",\"x_word\":null}");
    close(slow);
    close(waiting);
    close_place(place);
}

enum { CLIENTS = 6, ROUNDS = 100 };

static void *ask_again_and_again(void *arg)
{
    unsigned port = *(unsigned *)arg;
    size_t good = 0;
    int fd = wire_dial(port);
    for (int i = 0; i < ROUNDS; i++) {
        char request[80];
        char expected[80];
        snprintf(request, sizeof request, "GET /echo?q=%d HTTP/1.1\r\nHost: h\r\n\r\n", i);
        snprintf(expected, sizeof expected, "{\"q\":\"%d\",\"x_word\":null}", i);
        wire_say(fd, request);
        struct wire_reply reply = wire_hear(fd);
        good += reply.status == 200 && strcmp(reply.body, expected) == 0;
        wire_free(&reply);
    }
    close(fd);
    return (void *)good;
}

static void each_client_gets_its_own_answers(void **state)
{
    struct place *place = *state;
    pthread_t threads[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_again_and_again, &place->port), 0);
    for (size_t i = 0; i < CLIENTS; i++) {
        void *good;
        pthread_join(threads[i], &good);
        assert_int_equal((size_t)good, ROUNDS);
    }
}

/* ---- start and stop ---- */

static void *stop_server(void *arg)
{
    cuvee_server_stop(arg);
    return NULL;
}

/* Waits until the server takes no new connections. */
static void wait_until_refused(unsigned port)
{
    for (int fd = wire_dial(port); fd >= 0; fd = wire_dial(port)) {
        close(fd);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); /* each takes one of the system's ports for a while */
    }
}

static void stopping_lets_running_requests_end(void **state)
{
    (void)state;
    struct place *place = open_place(&(cuvee_server_options){.event_threads = 1, .workers = 1});
    int slow = wire_dial(place->port);
    int half = wire_dial(place->port);
    wire_say(half, "GET /items HTTP/1.1\r\nHo"); /* is not waited for */
    wire_say(slow, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    sem_wait(&entered);
    pthread_t stopper;
    atomic_bool *stopping = &place->server->stopping;
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, place->server), 0);
    while (!atomic_load(stopping))
        sched_yield();
    sem_post(&go_on);
    struct wire_reply reply = wire_hear(slow);
    char connection[16];
    assert_true(wire_header(&reply, "Connection", connection, sizeof connection));
    assert_string_equal(connection, "close");
    heard(reply, 200, "{\"id\":0,\"name\":\"slow\",\"amount\":0,\"note\":null}");
    pthread_join(stopper, NULL);
    wait_until_refused(place->port);
    assert_true(wire_hung_up(half));
    close(slow);
    close(half);
    place->server = NULL;
    close_place(place);
}

static void what_is_wrong_with_a_start_is_told(void **state)
{
    const struct place *place = *state;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    cuvee_server_options options = {.port = place->port};
    assert_null(cuvee_server_start(place->app, &options, &error));
    assert_non_null(strstr(error.message, "is in use by another program"));
    error = (cuvee_error){.kind = CUVEE_ERROR_NONE};
    assert_null(cuvee_server_start(NULL, NULL, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
    assert_null(cuvee_server_start(NULL, NULL, NULL));
    cuvee_app *wrong = cuvee_app_new(place->blend);
    cuvee_app_get(wrong, "no-slash", echo);
    error = (cuvee_error){.kind = CUVEE_ERROR_NONE};
    assert_null(cuvee_server_start(wrong, NULL, &error));
    assert_non_null(strstr(error.message, "must begin with /"));
    cuvee_app_free(wrong);
    assert_int_equal(cuvee_server_port(NULL), 0);
    cuvee_server_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(serves_and_keeps_the_connection, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pipelined_requests_are_answered_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_request_may_come_in_pieces, set_up, tear_down),
        cmocka_unit_test_setup_teardown(chunked_bodies_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(waits_to_be_asked_for_the_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(head_on_a_get_route_is_405, set_up, tear_down),
        cmocka_unit_test_setup_teardown(old_clients_are_hung_up_on_after_the_reply, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_assets_page_comes_compressed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_announced_body_over_the_limit_is_413, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_at_the_limit_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_that_grows_over_the_limit_is_413, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_without_end_is_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(malformed_requests_do_no_harm, set_up_impatient, tear_down),
        cmocka_unit_test_setup_teardown(headers_and_targets_that_are_too_long_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_methods_and_paths_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_bodies_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_come_through_unchanged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clients_that_go_silent_or_away_hold_up_nobody, set_up, tear_down),
        cmocka_unit_test(silent_connections_are_closed),
        cmocka_unit_test_setup_teardown(a_slow_handler_holds_up_nobody_else, set_up, tear_down),
        cmocka_unit_test(what_does_not_fit_into_the_queue_is_503),
        cmocka_unit_test_setup_teardown(each_client_gets_its_own_answers, set_up, tear_down),
        cmocka_unit_test(stopping_lets_running_requests_end),
        cmocka_unit_test_setup_teardown(what_is_wrong_with_a_start_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/server/server", tests, NULL, NULL);
}
