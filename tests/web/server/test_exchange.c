/* What becomes of exchanges that strangers send: none stays behind, and none says twice where it ends. */
#include "web/support.h"

#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "web/server/server.h"
#include "web/wire.h"

/* The linker's --wrap names: the real functions, and ours that stand in for them. */
struct cv_exchange *__real_cv_exchange_new(struct MHD_Connection *connection, const char *target, size_t max_body);
void __real_cv_exchange_free(struct cv_exchange *exchange);
struct cv_exchange *__wrap_cv_exchange_new(struct MHD_Connection *connection, const char *target, size_t max_body);
void __wrap_cv_exchange_free(struct cv_exchange *exchange);

static atomic_size_t made;
static atomic_size_t freed;

struct cv_exchange *__wrap_cv_exchange_new(struct MHD_Connection *connection, const char *target, size_t max_body)
{
    struct cv_exchange *exchange = __real_cv_exchange_new(connection, target, max_body);
    atomic_fetch_add(&made, exchange != NULL);
    return exchange;
}

void __wrap_cv_exchange_free(struct cv_exchange *exchange)
{
    atomic_fetch_add(&freed, exchange != NULL);
    __real_cv_exchange_free(exchange);
}

static void read_item(cuvee_request *req)
{
    cuvee_reply_object(req, &item_model, &(Item){.name = "Lamp", .secret = ""});
}

struct place {
    struct world *world;
    cuvee_server *server;
    unsigned port;
};

static int set_up_with(void **state, unsigned idle_seconds)
{
    struct place *place = calloc(1, sizeof *place);
    place->world = new_world();
    cuvee_app_get(place->world->app, "/item", read_item);
    cuvee_app_post(place->world->app, "/item", read_item);
    place->server = cuvee_server_start(place->world->app, &(cuvee_server_options){.idle_seconds = idle_seconds}, NULL);
    assert_non_null(place->server);
    place->port = cuvee_server_port(place->server);
    atomic_store(&made, 0);
    atomic_store(&freed, 0);
    *state = place;
    return 0;
}

static int set_up(void **state)
{
    return set_up_with(state, 0);
}

/* For clients that hang up halfway, which the library sometimes does not hear of. */
static int set_up_impatient(void **state)
{
    return set_up_with(state, 5);
}

static int tear_down(void **state)
{
    struct place *place = *state;
    cuvee_server_stop(place->server);
    free_world(place->world);
    free(place);
    return 0;
}

static void stop(struct place *place)
{
    cuvee_server_stop(place->server);
    place->server = NULL;
}

static const char item_json[] = "{\"id\":0,\"name\":\"Lamp\",\"amount\":0,\"note\":null}";

static void hears(int fd, int status, const char *body)
{
    struct wire_reply reply = wire_hear(fd);
    if (reply.status != status || strcmp(reply.body, body) != 0)
        fail_msg("\nexpected %d %s\n     got %d %s", status, body, reply.status, reply.body);
    wire_free(&reply);
}

/* ---- none stays behind ---- */

/* The library has no room for so many cookies. It hangs up, and says nothing about it. */
static void say_too_many_cookies(int fd)
{
    wire_say(fd, "GET /item HTTP/1.1\r\nHost: h\r\nCookie: a=1");
    for (int i = 0; i < 1000; i++)
        wire_say(fd, "; a=1");
    wire_say(fd, "\r\n\r\n");
}

/* Gives up after as long as the wire does. */
static void wait_until(atomic_size_t *count, size_t value)
{
    for (int i = 0; atomic_load(count) < value && i < 12000; i++)
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
}

static void requests_with_too_many_cookies_are_freed_with_their_connection(void **state)
{
    enum { TIMES = 20 };
    const struct place *place = *state;
    int fds[TIMES];
    for (int i = 0; i < TIMES; i++)
        say_too_many_cookies(fds[i] = wire_dial(place->port));
    for (int i = 0; i < TIMES; i++) {
        assert_true(wire_hung_up(fds[i]));
        close(fds[i]);
    }
    wait_until(&freed, TIMES);
    assert_int_equal(atomic_load(&made), TIMES);
    assert_int_equal(atomic_load(&freed), TIMES);
}

static void such_a_request_behind_a_good_one_is_freed(void **state)
{
    struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "GET /item HTTP/1.1\r\nHost: h\r\n\r\n");
    hears(fd, 200, item_json);
    say_too_many_cookies(fd);
    wait_until(&made, 2);
    close(fd);
    stop(place);
    assert_int_equal(atomic_load(&freed), 2);
}

static void what_hangs_when_the_server_stops_is_freed(void **state)
{
    struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "POST /item HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{");
    wait_until(&made, 1);
    stop(place);
    assert_int_equal(atomic_load(&freed), 1);
    close(fd);
}

static void a_query_may_have_as_many_parameters_as_its_line_has_room_for(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    for (int round = 0; round < 3; round++) {
        wire_say(fd, "GET /item?a=1");
        for (int i = 0; i < 1500; i++)
            wire_say(fd, "&a=1");
        wire_say(fd, " HTTP/1.1\r\nHost: h\r\n\r\n");
        hears(fd, 200, item_json);
    }
    close(fd);
}

/* Requests that end in each of the other ways are freed once, too. */
static void every_way_to_end_frees_once(void **state)
{
    struct place *place = *state;
    static const char *const requests[] = {
        "GET /item HTTP/1.1\r\nHost: h\r\n\r\nGET /none HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /item HTTP/1.1\r\n\r\n",
        "GET /item HTTP/1.1\r\nHost",
        "POST /item HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{",
        "POST /item HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "GET /item HTTP/1.0\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        int fd = wire_dial(place->port);
        wire_say(fd, requests[i]);
        shutdown(fd, SHUT_WR);
        assert_true(wire_hung_up(fd));
        close(fd);
    }
    stop(place);
    assert_true(atomic_load(&made) >= sizeof requests / sizeof requests[0]);
    assert_int_equal(atomic_load(&freed), atomic_load(&made));
}

/* ---- none says twice where it ends ---- */

static void ambiguous_ends_are_refused_and_nothing_behind_is_read(void **state)
{
    const struct place *place = *state;
    static const char *const framings[] = {
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 7\r\n",
        "Content-Length: 2\r\nContent-Length: 40\r\n",
        "Content-Length: 40\r\nContent-Length: 40\r\ncontent-length: 2\r\n",
        "Content-Length: 2\r\nContent-Length: 02\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n",
        "Content-Length : 40\r\n",
        "Content-Length\t: 40\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Content-Length:\r\n 40\r\n",
        "Content-Length: 4\r\n\t0\r\n",
        "Transfer-Encoding:\r\n chunked\r\n",
        "Transfer-Encoding: chunked\r\n , gzip\r\n",
        "Host: another\r\n",
        "Host: h\r\n",
    };
    static const char *const methods[] = {"GET", "POST"};
    for (size_t i = 0; i < sizeof framings / sizeof framings[0] * 2; i++) {
        int fd = wire_dial(place->port);
        wire_say(fd, methods[i % 2]);
        wire_say(fd, " /item HTTP/1.1\r\nHost: h\r\n");
        wire_say(fd, framings[i / 2]);
        wire_say(fd, "\r\n2\r\n{}\r\n0\r\n\r\nGET /item HTTP/1.1\r\nHost: h\r\n\r\n");
        struct wire_reply reply = wire_hear(fd);
        char connection[16] = "";
        char byte;
        if (reply.status != 400 || strcmp(reply.body, "{\"detail\":\"There was an error parsing the body\"}") != 0)
            fail_msg("%s%s: %d %s", methods[i % 2], framings[i / 2], reply.status, reply.body);
        assert_true(wire_header(&reply, "Connection", connection, sizeof connection));
        assert_string_equal(connection, "close");
        assert_true(recv(fd, &byte, 1, 0) <= 0); /* hung up on, without a second reply */
        wire_free(&reply);
        close(fd);
    }
}

static void one_end_is_enough(void **state)
{
    const struct place *place = *state;
    int fd = wire_dial(place->port);
    wire_say(fd, "POST /item HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}");
    hears(fd, 200, item_json);
    wire_say(fd, "POST /item HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}");
    hears(fd, 200, item_json);
    wire_say(fd, "POST /item HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
    hears(fd, 200, item_json);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(requests_with_too_many_cookies_are_freed_with_their_connection, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(such_a_request_behind_a_good_one_is_freed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_hangs_when_the_server_stops_is_freed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_query_may_have_as_many_parameters_as_its_line_has_room_for, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_way_to_end_frees_once, set_up_impatient, tear_down),
        cmocka_unit_test_setup_teardown(ambiguous_ends_are_refused_and_nothing_behind_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_end_is_enough, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/server/exchange", tests, NULL, NULL);
}
