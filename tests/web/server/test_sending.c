/* Streams and events on real sockets: clients that are slow, silent or gone, and servers that stop. */
#include "web/support.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "support/folder.h"
#include "web/server/server.h"
#include "web/wire.h"

enum { ROWS = 4000, LENGTH = 300000 };

struct place {
    char *folder;
    cuvee_blend *blend;
    cuvee_app *app;
    cuvee_server *server;
    unsigned port;
};

static cuvee_channel *news;
static sem_t started;  /* a writer is at work */
static sem_t go_on;    /* and may go on */
static sem_t finished; /* it was told that nobody wants more */
static char last_log[1000];
static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;

static void keep_line(void *arg, const char *line)
{
    (void)arg;
    pthread_mutex_lock(&log_mutex);
    snprintf(last_log, sizeof last_log, "%s", line);
    pthread_mutex_unlock(&log_mutex);
}

static void logged(const char *words)
{
    char line[sizeof last_log];
    pthread_mutex_lock(&log_mutex);
    memcpy(line, last_log, sizeof line);
    pthread_mutex_unlock(&log_mutex);
    if (words ? !strstr(line, words) : line[0] != '\0')
        fail_msg("\"%s\" is not in: %s", words ? words : "", line);
}

static bool was_logged(void)
{
    pthread_mutex_lock(&log_mutex);
    bool is = last_log[0] != '\0';
    pthread_mutex_unlock(&log_mutex);
    return is;
}

/* ---- handlers ---- */

static void stream_items(cuvee_request *req)
{
    cuvee_reply_query_stream(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void count_items(cuvee_request *req)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)cuvee_count(cuvee_select(cuvee_request_session(req), &item_model)));
    cuvee_reply_text(req, text);
}

static void write_letters(cuvee_stream *stream, void *arg)
{
    (void)arg;
    char piece[1001];
    for (size_t written = 0; written < LENGTH; written += 1000) {
        memset(piece, (char)('a' + written / 1000 % 26), 1000);
        cuvee_stream_write(stream, piece, 1000);
    }
}

static void letters(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_letters, NULL, 0);
}

static void write_for_ever(cuvee_stream *stream, void *arg)
{
    static const char piece[1000] = "x";
    (void)arg;
    sem_post(&started);
    while (cuvee_stream_write(stream, piece, sizeof piece))
        ;
    sem_post(&finished);
}

static void for_ever(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_for_ever, NULL, 0);
}

static void write_and_wait(cuvee_stream *stream, void *arg)
{
    (void)arg;
    cuvee_stream_text(stream, "one ");
    sem_post(&started);
    sem_wait(&go_on);
    cuvee_stream_text(stream, "two");
    sem_post(&finished);
}

static void in_two_parts(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_and_wait, NULL, 0);
}

static void write_and_give_up(cuvee_stream *stream, void *arg)
{
    (void)arg;
    cuvee_stream_text(stream, "one ");
    sem_wait(&go_on);
    cuvee_stream_fail(stream, "the printer is on fire");
}

static void give_up(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_and_give_up, NULL, 0);
}

static void listen_to_news(cuvee_request *req)
{
    cuvee_reply_events(req, news);
}

static void hello(cuvee_request *req)
{
    cuvee_reply_text(req, "hello");
}

/* ---- a server ---- */

static void fill(cuvee_blend *blend)
{
    cuvee_session *s = cuvee_session_open(blend);
    for (int i = 0; i < ROWS; i++) {
        char name[20];
        snprintf(name, sizeof name, "item %d", i);
        char note[400];
        memset(note, 'n', sizeof note);
        note[sizeof note - 1] = '\0';
        cuvee_add(s, &item_model, &(Item){.name = name, .amount = i, .note = {true, note}});
    }
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    cuvee_session_close(s);
}

static void add_routes(cuvee_app *app)
{
    cuvee_app_get(app, "/items", stream_items);
    cuvee_app_get(app, "/count", count_items);
    cuvee_app_get(app, "/letters", letters);
    cuvee_app_route(app, "HEAD", "/ever", for_ever, NULL);
    cuvee_app_get(app, "/ever", for_ever);
    cuvee_app_get(app, "/parts", in_two_parts);
    cuvee_app_get(app, "/fire", give_up);
    cuvee_app_get(app, "/news", listen_to_news);
    cuvee_app_get(app, "/hello", hello);
}

static struct place *open_place(const cuvee_server_options *options)
{
    struct place *place = calloc(1, sizeof *place);
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    sem_init(&started, 0, 0);
    sem_init(&go_on, 0, 0);
    sem_init(&finished, 0, 0);
    last_log[0] = '\0';
    place->folder = folder_make();
    place->blend = cuvee_blend_new();
    cuvee_blend_set_folder(place->blend, place->folder);
    cuvee_blend_bind(place->blend, &stock, "sqlite:stock.db", .max_connections = 1, .wait_ms = 60000,
                     .durability = CUVEE_NORMAL);
    assert_true(cuvee_create_tables(place->blend));
    fill(place->blend);
    news = cuvee_channel_new("news", .keep = 10);
    place->app = cuvee_app_new(place->blend);
    add_routes(place->app);
    cuvee_server_options logging = options ? *options : (cuvee_server_options){0};
    logging.log = keep_line;
    place->server = cuvee_server_start(place->app, &logging, &error);
    if (!place->server)
        fail_msg("%s", error.message);
    place->port = cuvee_server_port(place->server);
    int little = 16 * 1024; /* for what the system takes for clients that do not read: connections inherit it */
    setsockopt(place->server->listening, SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
    return place;
}

static void close_place(struct place *place)
{
    cuvee_server_stop(place->server);
    cuvee_app_free(place->app);
    cuvee_blend_free(place->blend);
    folder_remove(place->folder);
    free(place);
    assert_int_equal(cuvee_channel_listeners(news), 0);
    cuvee_channel_free(news);
    sem_destroy(&started);
    sem_destroy(&go_on);
    sem_destroy(&finished);
}

static int set_up(void **state)
{
    *state = open_place(NULL);
    return 0;
}

/* One of each. Who takes nothing for longer than any test keeps its place. */
static cuvee_server_options small(void)
{
    return (cuvee_server_options){
        .event_threads = 1, .workers = 1, .max_streams = 2, .max_listeners = 2, .stall_seconds = 3600};
}

static int set_up_small(void **state)
{
    const cuvee_server_options options = small();
    *state = open_place(&options);
    return 0;
}

/* No patience, and short goodbyes. */
static int set_up_impatient(void **state)
{
    cuvee_server_options options = small();
    options.stall_seconds = options.keepalive_seconds = options.stop_seconds = 1;
    *state = open_place(&options);
    return 0;
}

static int tear_down(void **state)
{
    close_place(*state);
    return 0;
}

static int ask(const struct place *place, const char *path)
{
    char request[200];
    int fd = wire_dial(place->port);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path);
    assert_true(wire_say(fd, request));
    return fd;
}

static void answers(const struct place *place, const char *path, int status, const char *body)
{
    int fd = ask(place, path);
    struct wire_reply reply = wire_hear(fd);
    if (reply.status != status || strcmp(reply.body, body) != 0)
        fail_msg("\nexpected %d %s\n     got %d %s", status, body, reply.status, reply.body);
    wire_free(&reply);
    close(fd);
}

static size_t places_taken(const struct place *place)
{
    return atomic_load(&place->server->service.streaming.streams);
}

static void wait_for(sem_t *semaphore)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 120;
    assert_int_equal(sem_timedwait(semaphore, &until), 0);
}

static void wait_until_free(const struct place *place)
{
    while (places_taken(place) > 0)
        sched_yield();
}

/* ---- streams that go well ---- */

static void has_letters(const struct wire_reply *reply)
{
    assert_int_equal(reply->status, 200);
    assert_int_equal(reply->body_size, LENGTH);
    for (size_t i = 0; i < LENGTH; i++)
        assert_int_equal(reply->body[i], 'a' + i / 1000 % 26);
}

static void a_stream_comes_in_chunks_and_keeps_the_connection(void **state)
{
    struct place *place = *state;
    int fd = wire_dial(place->port);
    for (int i = 0; i < 3; i++) {
        bool whole;
        char value[40];
        assert_true(wire_say(fd, "GET /letters HTTP/1.1\r\nHost: h\r\n\r\n"));
        struct wire_reply reply = wire_hear_chunks(fd, &whole);
        assert_true(whole);
        assert_true(wire_header(&reply, "Transfer-Encoding", value, sizeof value));
        assert_string_equal(value, "chunked");
        assert_true(wire_header(&reply, "Content-Type", value, sizeof value));
        assert_string_equal(value, "text/plain");
        has_letters(&reply);
        wire_free(&reply);
    }
    close(fd);
    logged(NULL);
}

static void old_clients_get_it_until_the_connection_ends(void **state)
{
    struct place *place = *state;
    struct wire_reply reply = wire_ask(place->port, "GET /letters HTTP/1.0\r\n\r\n");
    char value[40];
    assert_false(wire_header(&reply, "Transfer-Encoding", value, sizeof value));
    has_letters(&reply);
    wire_free(&reply);
}

static size_t count_of(const char *text, char wanted)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == wanted;
    return count;
}

static void rows_come_while_they_are_read(void **state)
{
    struct place *place = *state;
    bool whole;
    int fd = ask(place, "/items");
    struct wire_reply reply = wire_hear_chunks(fd, &whole);
    assert_true(whole);
    assert_int_equal(reply.status, 200);
    assert_int_equal(count_of(reply.body, '{'), ROWS);
    assert_int_equal(reply.body[reply.body_size - 1], ']');
    wire_free(&reply);
    close(fd);
    char count[16];
    snprintf(count, sizeof count, "%d", ROWS);
    answers(place, "/count", 200, count); /* the lease is back */
}

static void what_is_written_leaves_at_once(void **state)
{
    struct place *place = *state;
    bool whole;
    int fd = ask(place, "/parts");
    struct wire_reply reply = wire_hear_begin(fd);
    assert_true(wire_hear_chunk(fd, &reply, &whole));
    assert_string_equal(reply.body, "one ");
    sem_post(&go_on); /* not before */
    assert_true(wire_hear_chunk(fd, &reply, &whole));
    assert_string_equal(reply.body, "one two");
    assert_false(wire_hear_chunk(fd, &reply, &whole));
    assert_true(whole);
    wire_free(&reply);
    close(fd);
}

enum { CLIENTS = 8 };

static void *hear_letters(void *arg)
{
    bool whole = false;
    int fd = ask(arg, "/letters");
    struct wire_reply reply = wire_hear_chunks(fd, &whole);
    size_t size = reply.status == 200 && whole ? reply.body_size : 0;
    wire_free(&reply);
    close(fd);
    return (void *)size;
}

static void as_many_at_once_as_there_are_places(void **state)
{
    struct place *place = *state;
    pthread_t threads[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hear_letters, place), 0);
    for (size_t i = 0; i < CLIENTS; i++) {
        void *size;
        pthread_join(threads[i], &size);
        assert_int_equal((size_t)size, LENGTH);
    }
}

static void a_reply_without_body_wants_no_writer(void **state)
{
    struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "HEAD /ever HTTP/1.1\r\nHost: h\r\n\r\n");
    struct wire_reply reply = wire_hear_head(fd);
    assert_int_equal(reply.status, 200);
    wire_free(&reply);
    wait_for(&finished);
    assert_true(wire_hung_up(fd));
    close(fd);
}

/* ---- clients that are slow or gone ---- */

static void slow_clients_hold_up_nobody(void **state)
{
    struct place *place = *state; /* one event thread, one worker, two places */
    int slow[2] = {ask(place, "/ever"), ask(place, "/ever")};
    wait_for(&started);
    wait_for(&started);
    answers(place, "/hello", 200, "hello");
    int fd = ask(place, "/letters");
    struct wire_reply reply = wire_hear(fd);
    char after[8];
    assert_int_equal(reply.status, 503);
    assert_string_equal(reply.body, "{\"detail\":\"Busy, please try again\"}");
    assert_true(wire_header(&reply, "Retry-After", after, sizeof after));
    wire_free(&reply);
    close(fd);
    close(slow[0]);
    close(slow[1]);
    wait_for(&finished);
    wait_for(&finished);
    wait_until_free(place);
    fd = ask(place, "/letters");
    bool whole;
    reply = wire_hear_chunks(fd, &whole);
    has_letters(&reply);
    wire_free(&reply);
    close(fd);
}

/* It takes nothing, but does not go away either. */
static void a_client_that_stalls_gives_thread_and_lease_back(void **state)
{
    struct place *place = *state;
    char count[16];
    int fd = ask(place, "/items");
    struct wire_reply reply = wire_hear_begin(fd);
    assert_int_equal(reply.status, 200);
    snprintf(count, sizeof count, "%d", ROWS);
    answers(place, "/count", 200, count); /* waits for the only connection to the database */
    wait_until_free(place);
    logged("GET /items: cut in the middle: the client takes nothing any more");
    bool whole;
    while (wire_hear_chunk(fd, &reply, &whole)) /* and when it reads at last, it sees that this is not all */
        ;
    assert_false(whole);
    wire_free(&reply);
    close(fd);
}

static void a_client_that_goes_ends_its_stream(void **state)
{
    struct place *place = *state;
    int fd = ask(place, "/ever");
    struct wire_reply reply = wire_hear_begin(fd);
    bool whole;
    assert_true(wire_hear_chunk(fd, &reply, &whole));
    wire_free(&reply);
    close(fd);
    wait_for(&finished);
    wait_until_free(place);
    logged(NULL); /* nothing to write home about */
}

/* ---- errors in the middle ---- */

static void an_error_cuts_the_connection(void **state)
{
    struct place *place = *state;
    bool whole;
    int fd = ask(place, "/fire");
    struct wire_reply reply = wire_hear_begin(fd);
    assert_int_equal(reply.status, 200);
    assert_true(wire_hear_chunk(fd, &reply, &whole));
    sem_post(&go_on);
    assert_false(wire_hear_chunk(fd, &reply, &whole));
    assert_false(whole);
    assert_string_equal(reply.body, "one ");
    wire_free(&reply);
    close(fd);
    logged("GET /fire: cut in the middle: the printer is on fire");
}

static void old_clients_see_a_reset_and_no_end(void **state)
{
    struct place *place = *state;
    int fd = wire_dial(place->port);
    char byte;
    ssize_t got;
    wire_say(fd, "GET /fire HTTP/1.0\r\n\r\n");
    struct wire_reply reply = wire_hear_begin(fd);
    assert_int_equal(reply.status, 200);
    sem_post(&go_on);
    while ((got = recv(fd, &byte, 1, 0)) == 1)
        ;
    assert_int_equal(got, -1);
    assert_int_equal(errno, ECONNRESET);
    wire_free(&reply);
    close(fd);
}

/* ---- stopping ---- */

static void *stop_server(void *arg)
{
    cuvee_server_stop(arg);
    return NULL;
}

static pthread_t begin_to_stop(struct place *place)
{
    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_server, place->server), 0);
    return stopper;
}

static void a_stop_lets_streams_end(void **state)
{
    struct place *place = *state;
    bool whole;
    int fd = ask(place, "/parts");
    wait_for(&started);
    pthread_t stopper = begin_to_stop(place);
    while (!atomic_load(&place->server->stopping)) /* it waits for the stream, which waits for us */
        sched_yield();
    sem_post(&go_on);
    struct wire_reply reply = wire_hear_chunks(fd, &whole);
    assert_true(whole);
    assert_string_equal(reply.body, "one two");
    pthread_join(stopper, NULL);
    place->server = NULL;
    wire_free(&reply);
    close(fd);
}

static void a_stop_cuts_what_does_not_end(void **state)
{
    struct place *place = *state;
    int silent = ask(place, "/ever");
    int reading = ask(place, "/ever");
    wait_for(&started);
    wait_for(&started);
    pthread_t stopper = begin_to_stop(place);
    bool whole;
    struct wire_reply reply = wire_hear_chunks(reading, &whole);
    assert_int_equal(reply.status, 200);
    assert_false(whole);
    wait_for(&finished);
    wait_for(&finished);
    pthread_join(stopper, NULL);
    place->server = NULL;
    wire_free(&reply);
    close(silent);
    close(reading);
}

/* ---- events ---- */

static struct wire_reply begin_to_listen(const struct place *place, int *fd, const char *header)
{
    char request[200];
    *fd = wire_dial(place->port);
    snprintf(request, sizeof request, "GET /news HTTP/1.1\r\nHost: h\r\n%s\r\n", header);
    assert_true(wire_say(*fd, request));
    struct wire_reply reply = wire_hear_begin(*fd);
    char type[40];
    assert_int_equal(reply.status, 200);
    assert_true(wire_header(&reply, "Content-Type", type, sizeof type));
    assert_string_equal(type, "text/event-stream");
    return reply;
}

/* Reads until this was heard at least so many times. */
static void hear_until(int fd, struct wire_reply *reply, const char *text, size_t times)
{
    for (;;) {
        size_t count = 0;
        for (const char *found = strstr(reply->body, text); found; found = strstr(found + 1, text))
            count++;
        if (count >= times)
            return;
        bool whole;
        if (!wire_hear_chunk(fd, reply, &whole))
            fail_msg("ended with %s", reply->body);
    }
}

static void publish(const char *data, const char *id)
{
    assert_true(cuvee_channel_publish(news, &(cuvee_event){.data = data, .id = id}));
}

static void events_reach_all_who_listen(void **state)
{
    struct place *place = *state; /* which has one worker and one event thread */
    int a;
    int b;
    struct wire_reply to_a = begin_to_listen(place, &a, "");
    struct wire_reply to_b = begin_to_listen(place, &b, "");
    answers(place, "/hello", 200, "hello");
    publish("one", "1");
    hear_until(a, &to_a, "id: 1\ndata: one\n\n", 1);
    hear_until(b, &to_b, "id: 1\ndata: one\n\n", 1);
    int third = ask(place, "/news");
    struct wire_reply refused = wire_hear(third);
    char after[8];
    assert_int_equal(refused.status, 503);
    assert_true(wire_header(&refused, "Retry-After", after, sizeof after));
    wire_free(&refused);
    close(third);
    publish("two", "2");
    hear_until(a, &to_a, "data: two\n\n", 1);
    wire_free(&to_a);
    wire_free(&to_b);
    close(a);
    close(b);
}

static void who_comes_back_hears_what_it_missed(void **state)
{
    struct place *place = *state;
    int fd;
    struct wire_reply reply = begin_to_listen(place, &fd, "");
    publish("one", "1");
    hear_until(fd, &reply, "data: one\n\n", 1);
    wire_free(&reply);
    close(fd);
    publish("two", "2");
    publish("three", "3");
    reply = begin_to_listen(place, &fd, "last-event-id: 1\r\n");
    hear_until(fd, &reply, "data: three\n\n", 1);
    assert_string_equal(reply.body, "id: 2\ndata: two\n\nid: 3\ndata: three\n\n");
    wire_free(&reply);
    close(fd);
}

static void silent_listeners_are_kept_and_gone_ones_are_found(void **state)
{
    struct place *place = *state;
    int stays;
    int goes;
    struct wire_reply reply = begin_to_listen(place, &stays, "");
    struct wire_reply other = begin_to_listen(place, &goes, "");
    assert_int_equal(cuvee_channel_listeners(news), 2);
    wire_free(&other);
    close(goes);
    hear_until(stays, &reply, ":\n\n", 2);
    while (cuvee_channel_listeners(news) > 1)
        sched_yield();
    wire_free(&reply);
    close(stays);
}

static void a_slow_listener_is_hung_up_on(void **state)
{
    struct place *place = *state;
    enum { LARGE = 40000 };
    int slow;
    int quick;
    char *large = malloc(LARGE + 1);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    struct wire_reply to_slow = begin_to_listen(place, &slow, "");
    struct wire_reply to_quick = begin_to_listen(place, &quick, "");
    for (size_t i = 1; !was_logged(); i++) { /* more than the system and the queue take for one who does not read */
        publish(large, NULL);
        hear_until(quick, &to_quick, "\n\n", 1);
        to_quick.body_size = 0;
        to_quick.body[0] = '\0';
        assert_in_range(i, 1, 1000);
    }
    logged("GET /news: cut in the middle: the client is too slow for channel news");
    bool whole;
    while (wire_hear_chunk(slow, &to_slow, &whole))
        ;
    assert_false(whole);
    publish("still there", NULL);
    hear_until(quick, &to_quick, "still there", 1);
    free(large);
    wire_free(&to_slow);
    wire_free(&to_quick);
    close(slow);
    close(quick);
}

static void a_stop_ends_the_streams_of_events(void **state)
{
    struct place *place = *state;
    int fd;
    struct wire_reply reply = begin_to_listen(place, &fd, "");
    publish("bye", NULL);
    pthread_t stopper = begin_to_stop(place);
    bool whole;
    while (wire_hear_chunk(fd, &reply, &whole))
        ;
    assert_true(whole); /* a clean end: it may come back to another server */
    assert_string_equal(reply.body, "data: bye\n\n");
    pthread_join(stopper, NULL);
    place->server = NULL;
    wire_free(&reply);
    close(fd);
}

enum { PUBLISHERS = 4, EVENTS = 300 };

static void *publish_many(void *arg)
{
    for (int i = 0; i < EVENTS; i++)
        publish("many", NULL);
    return arg;
}

static void events_come_from_any_thread_while_clients_come_and_go(void **state)
{
    struct place *place = *state;
    pthread_t threads[PUBLISHERS];
    int stays;
    struct wire_reply reply = begin_to_listen(place, &stays, "");
    for (int i = 0; i < PUBLISHERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, publish_many, NULL), 0);
    for (int i = 0; i < 20; i++) {
        int fd;
        struct wire_reply other = begin_to_listen(place, &fd, "");
        wire_free(&other);
        close(fd);
    }
    hear_until(stays, &reply, "data: many\n\n", PUBLISHERS * EVENTS);
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(threads[i], NULL);
    wire_free(&reply);
    close(stays);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_stream_comes_in_chunks_and_keeps_the_connection, set_up, tear_down),
        cmocka_unit_test_setup_teardown(old_clients_get_it_until_the_connection_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_come_while_they_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_written_leaves_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(as_many_at_once_as_there_are_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reply_without_body_wants_no_writer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slow_clients_hold_up_nobody, set_up_small, tear_down),
        cmocka_unit_test_setup_teardown(a_client_that_stalls_gives_thread_and_lease_back, set_up_impatient, tear_down),
        cmocka_unit_test_setup_teardown(a_client_that_goes_ends_its_stream, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_error_cuts_the_connection, set_up, tear_down),
        cmocka_unit_test_setup_teardown(old_clients_see_a_reset_and_no_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stop_lets_streams_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stop_cuts_what_does_not_end, set_up_impatient, tear_down),
        cmocka_unit_test_setup_teardown(events_reach_all_who_listen, set_up_small, tear_down),
        cmocka_unit_test_setup_teardown(who_comes_back_hears_what_it_missed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(silent_listeners_are_kept_and_gone_ones_are_found, set_up_impatient, tear_down),
        cmocka_unit_test_setup_teardown(a_slow_listener_is_hung_up_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_stop_ends_the_streams_of_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(events_come_from_any_thread_while_clients_come_and_go, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/server/sending", tests, NULL, NULL);
}
