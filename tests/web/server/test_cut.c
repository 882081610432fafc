/* Connections that are cut because their clients take nothing, and what the log says of streams: on real sockets. */
#include "web/support.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/server/server.h"
#include "web/wire.h"

enum { PIECE = 1000, PIECES = 300, LARGE = 40000, QUEUE = 1024 * 1024 /* many: only who reads nothing is too slow */ };

static cuvee_channel *news;
static atomic_uint heard_by_log; /* lines that the channel was told of */

struct place {
    struct world *world;
    cuvee_server *server;
    unsigned port;
    pthread_mutex_t mutex;
    char lines[4000]; /* of the log, each with a newline */
    bool republish;   /* each line is an event too */
};

static void keep_line(void *arg, const char *line)
{
    struct place *place = arg;
    pthread_mutex_lock(&place->mutex);
    size_t size = strlen(place->lines);
    snprintf(place->lines + size, sizeof place->lines - size, "%s\n", line);
    pthread_mutex_unlock(&place->mutex);
    if (place->republish && cuvee_channel_publish(news, &(cuvee_event){.name = "log", .data = line}))
        atomic_fetch_add(&heard_by_log, 1);
}

/* Waits until the log says this, and gives back what is behind it. */
static void wait_for_line(struct place *place, const char *words, char *rest, size_t size)
{
    const char *found = NULL;
    while (!found) {
        pthread_mutex_lock(&place->mutex);
        found = strstr(place->lines, words);
        if (found)
            snprintf(rest, size, "%s", found + strlen(words));
        pthread_mutex_unlock(&place->mutex);
        sched_yield();
    }
    rest[strcspn(rest, "\n")] = '\0';
}

/* The number of bytes in the line about a request that began with `words`. */
static unsigned long bytes_of(struct place *place, const char *words)
{
    char rest[100];
    char *behind;
    wait_for_line(place, words, rest, sizeof rest);
    unsigned long bytes = strtoul(rest, &behind, 10);
    assert_memory_equal(behind, " bytes ", 7);
    strtoul(behind + 7, &behind, 10);
    assert_string_equal(behind, " us");
    return bytes;
}

/* ---- handlers ---- */

static void write_letters(cuvee_stream *stream, void *arg)
{
    char piece[PIECE];
    memset(piece, 'x', sizeof piece);
    for (size_t i = 0; i < PIECES; i++)
        cuvee_stream_write(stream, piece, sizeof piece);
    if (*(bool *)arg)
        cuvee_stream_fail(stream, "that is all that there is");
}

static void letters(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_letters, &(bool){false}, sizeof(bool));
}

static void some_letters(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_letters, &(bool){true}, sizeof(bool));
}

static void write_for_ever(cuvee_stream *stream, void *arg)
{
    static const char piece[PIECE] = "x";
    (void)arg;
    while (cuvee_stream_write(stream, piece, sizeof piece))
        ;
}

static void for_ever(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_for_ever, NULL, 0);
}

static void listen_to_news(cuvee_request *req)
{
    cuvee_reply_events(req, news);
}

/* ---- a server ---- */

/* Silent connections stay for an hour, so what is closed was closed on purpose. */
static struct place *open_place(bool log_access)
{
    struct place *place = calloc(1, sizeof *place);
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    pthread_mutex_init(&place->mutex, NULL);
    atomic_init(&heard_by_log, 0);
    news = cuvee_channel_new("news", .keep = 10, .queue = QUEUE);
    place->world = new_world();
    cuvee_app_get(place->world->app, "/letters", letters);
    cuvee_app_route(place->world->app, "HEAD", "/letters", letters, NULL);
    cuvee_app_get(place->world->app, "/some", some_letters);
    cuvee_app_get(place->world->app, "/ever", for_ever);
    cuvee_app_get(place->world->app, "/news", listen_to_news);
    const cuvee_server_options options = {
        .idle_seconds = 3600, .stall_seconds = 1, .log = keep_line, .log_arg = place, .log_access = log_access};
    place->server = cuvee_server_start(place->world->app, &options, &error);
    if (!place->server)
        fail_msg("%s", error.message);
    place->port = cuvee_server_port(place->server);
    int little = 16 * 1024; /* for what the system takes for clients that do not read: connections inherit it */
    setsockopt(place->server->listening, SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
    return place;
}

static int set_up(void **state)
{
    *state = open_place(false);
    return 0;
}

static int set_up_with_log(void **state)
{
    *state = open_place(true);
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    cuvee_server_stop(place->server);
    free_world(place->world);
    assert_int_equal(cuvee_channel_listeners(news), 0);
    cuvee_channel_free(news);
    pthread_mutex_destroy(&place->mutex);
    free(place);
    return 0;
}

static int ask(const struct place *place, const char *method, const char *path, const char *version)
{
    char request[200];
    int fd = wire_dial(place->port);
    snprintf(request, sizeof request, "%s %s HTTP/%s\r\nHost: h\r\nX-Request-ID: id\r\n\r\n", method, path, version);
    assert_true(wire_say(fd, request));
    return fd;
}

/* The system takes little for it, and no more when there is more. */
static int ask_and_never_read(const struct place *place, const char *path, const char *version)
{
    int fd = ask(place, "GET", path, version);
    int little = 4096;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    return fd;
}

static size_t in_flight(const struct place *place)
{
    return atomic_load(&place->server->in_flight);
}

/* Nothing of it: the connection ended in the middle. */
static void sees_no_end(int fd, struct wire_reply *reply)
{
    bool whole;
    while (wire_hear_chunk(fd, reply, &whole))
        ;
    assert_false(whole);
}

/* Publishes until one of the listeners is too slow; the other one reads. */
static void publish_until_cut(size_t listeners, int quick, struct wire_reply *to_quick)
{
    char *large = malloc(LARGE + 1);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    while (cuvee_channel_listeners(news) == listeners) {
        bool whole;
        assert_true(cuvee_channel_publish(news, &(cuvee_event){.data = large}));
        do
            assert_true(wire_hear_chunk(quick, to_quick, &whole));
        while (strcmp(to_quick->body + to_quick->body_size - 2, "\n\n") != 0);
    }
    free(large);
}

/* ---- cuts ---- */

static void a_listener_that_is_too_slow_loses_its_connection_at_once(void **state)
{
    struct place *place = *state;
    char rest[40];
    int slow = ask_and_never_read(place, "/news", "1.1");
    struct wire_reply to_slow = wire_hear_begin(slow);
    int quick = ask(place, "GET", "/news", "1.1");
    struct wire_reply to_quick = wire_hear_begin(quick);
    publish_until_cut(2, quick, &to_quick);
    while (in_flight(place) > 1) /* it never reads */
        sched_yield();
    wait_for_line(place, "GET /news: cut in the middle: the client is too slow for channel news", rest, sizeof rest);
    sees_no_end(slow, &to_slow);
    wire_free(&to_slow);
    wire_free(&to_quick);
    close(slow);
    close(quick);
}

static void a_stream_that_nobody_takes_loses_its_connection_at_once(void **state)
{
    static const char *const versions[] = {"1.1", "1.0"};
    struct place *place = *state;
    for (size_t i = 0; i < 2; i++) {
        int fd = ask_and_never_read(place, "/ever", versions[i]);
        struct wire_reply reply = wire_hear_begin(fd);
        assert_int_equal(reply.status, 200);
        while (in_flight(place) > 0)
            sched_yield();
        if (i == 0)
            sees_no_end(fd, &reply);
        wire_free(&reply);
        close(fd);
    }
}

/* ---- the log and channels ---- */

static void a_line_of_the_log_may_be_published(void **state)
{
    struct place *place = *state;
    place->republish = true;
    int slow = ask_and_never_read(place, "/news", "1.1");
    struct wire_reply to_slow = wire_hear_begin(slow);
    int quick = ask(place, "GET", "/news", "1.1");
    struct wire_reply to_quick = wire_hear_begin(quick);
    publish_until_cut(2, quick, &to_quick);
    while (atomic_load(&heard_by_log) == 0)
        sched_yield();
    bool whole;
    while (!strstr(to_quick.body, "event: log\ndata: id GET /news: cut in the middle"))
        assert_true(wire_hear_chunk(quick, &to_quick, &whole));
    wire_free(&to_slow);
    wire_free(&to_quick);
    close(slow);
    close(quick);
}

enum { LISTENERS = 8, PUBLISHERS = 3 };

static void *publish_until_alone(void *arg)
{
    char *large = arg;
    while (cuvee_channel_listeners(news) > 0)
        cuvee_channel_publish(news, &(cuvee_event){.data = large});
    return NULL;
}

/* Many threads find the same listeners too slow at once, and each of them is told of once. */
static void each_is_told_of_once(void **state)
{
    struct place *place = *state;
    int slow[LISTENERS];
    pthread_t threads[PUBLISHERS];
    char *large = malloc(LARGE + 1);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    for (size_t i = 0; i < LISTENERS; i++) {
        slow[i] = ask_and_never_read(place, "/news", "1.1");
        struct wire_reply reply = wire_hear_begin(slow[i]);
        assert_int_equal(reply.status, 200);
        wire_free(&reply);
    }
    assert_int_equal(cuvee_channel_listeners(news), LISTENERS);
    place->republish = true;
    for (size_t i = 0; i < PUBLISHERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, publish_until_alone, large), 0);
    for (size_t i = 0; i < PUBLISHERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&heard_by_log), LISTENERS);
    size_t lines = 0;
    for (const char *at = strstr(place->lines, "too slow"); at; at = strstr(at + 1, "too slow"))
        lines++;
    assert_int_equal(lines, LISTENERS);
    for (size_t i = 0; i < LISTENERS; i++)
        close(slow[i]);
    free(large);
}

/* ---- bytes in the log ---- */

static void the_log_counts_what_a_stream_has_sent(void **state)
{
    struct place *place = *state;
    bool whole;
    int fd = ask(place, "GET", "/letters", "1.1");
    struct wire_reply reply = wire_hear_chunks(fd, &whole);
    assert_true(whole);
    assert_int_equal(reply.body_size, PIECE * PIECES);
    assert_int_equal(bytes_of(place, "id 127.0.0.1 GET /letters 200 "), PIECE * PIECES);
    wire_free(&reply);
    close(fd);
    fd = ask(place, "HEAD", "/letters", "1.1");
    reply = wire_hear_head(fd);
    assert_int_equal(reply.status, 200);
    assert_int_equal(bytes_of(place, "id 127.0.0.1 HEAD /letters 200 "), 0);
    wire_free(&reply);
    close(fd);
}

static void the_log_counts_what_was_sent_before_a_cut(void **state)
{
    struct place *place = *state;
    bool whole;
    int fd = ask(place, "GET", "/some", "1.1");
    struct wire_reply reply = wire_hear_chunks(fd, &whole);
    assert_false(whole);
    unsigned long bytes = bytes_of(place, "id 127.0.0.1 GET /some 200 ");
    assert_int_equal(bytes, PIECE * PIECES);
    assert_int_equal(reply.body_size, bytes);
    wire_free(&reply);
    close(fd);
}

static void the_log_counts_events_when_their_listener_has_gone(void **state)
{
    struct place *place = *state;
    bool whole;
    int fd = ask(place, "GET", "/news", "1.1");
    struct wire_reply reply = wire_hear_begin(fd);
    while (cuvee_channel_listeners(news) == 0)
        sched_yield();
    cuvee_channel_publish(news, &(cuvee_event){.data = "one"});
    while (!strstr(reply.body, "one\n\n"))
        assert_true(wire_hear_chunk(fd, &reply, &whole));
    pthread_mutex_lock(&place->mutex);
    assert_string_equal(place->lines, ""); /* it is not over */
    pthread_mutex_unlock(&place->mutex);
    cuvee_server_stop(place->server);
    place->server = NULL;
    assert_int_equal(bytes_of(place, "id 127.0.0.1 GET /news 200 "), strlen("data: one\n\n"));
    wire_free(&reply);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_listener_that_is_too_slow_loses_its_connection_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stream_that_nobody_takes_loses_its_connection_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_line_of_the_log_may_be_published, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_is_told_of_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_log_counts_what_a_stream_has_sent, set_up_with_log, tear_down),
        cmocka_unit_test_setup_teardown(the_log_counts_what_was_sent_before_a_cut, set_up_with_log, tear_down),
        cmocka_unit_test_setup_teardown(the_log_counts_events_when_their_listener_has_gone, set_up_with_log, tear_down),
    };
    return cmocka_run_group_tests_name("web/server/cut", tests, NULL, NULL);
}
