/* How many connections there are at once, and servers that stop while clients come. */
#include "web/support.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "web/server/server.h"
#include "web/wire.h"

#define ASK "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"

enum { MOST = 2, STOPS = 100, DIALLERS = 4 };

static atomic_int failing; /* calls of accept4 that are still to fail */
static atomic_int reason;  /* and why */

int __real_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags);
int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags);

int __wrap_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
    int left = atomic_load(&failing);
    if (left == 0)
        return __real_accept4(fd, address, size, flags);
    atomic_compare_exchange_strong(&failing, &left, left - 1);
    errno = atomic_load(&reason);
    return -1;
}

struct place {
    cuvee_blend *blend;
    cuvee_app *app;
    cuvee_server *server;
    unsigned port;
};

static void hello(cuvee_request *req)
{
    cuvee_reply_text(req, "hello");
}

static void start(struct place *place)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    place->server = cuvee_server_start(
        place->app, &(cuvee_server_options){.max_connections = MOST, .event_threads = 1, .stop_seconds = 1}, &error);
    if (!place->server)
        fail_msg("%s", error.message);
    place->port = cuvee_server_port(place->server);
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    place->blend = cuvee_blend_new();
    place->app = cuvee_app_new(place->blend);
    cuvee_app_get(place->app, "/hello", hello);
    start(place);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    cuvee_server_stop(place->server);
    cuvee_app_free(place->app);
    cuvee_blend_free(place->blend);
    free(place);
    return 0;
}

static void is_greeted(int fd)
{
    struct wire_reply reply = wire_hear(fd);
    assert_int_equal(reply.status, 200);
    assert_string_equal(reply.body, "hello");
    wire_free(&reply);
}

static int greeted(const struct place *place)
{
    int fd = wire_dial(place->port);
    assert_true(wire_say(fd, ASK));
    is_greeted(fd);
    return fd;
}

static int asks(const struct place *place)
{
    int fd = wire_dial(place->port);
    assert_true(wire_say(fd, ASK));
    return fd;
}

static unsigned connections(const struct place *place)
{
    return MHD_get_daemon_info(place->server->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)->num_connections;
}

static void who_finds_no_place_waits_for_one(void **state)
{
    struct place *place = *state;
    int first = greeted(place);
    int second = greeted(place);
    int third = asks(place);
    int fourth = asks(place);
    assert_true(wire_say(first, ASK));
    is_greeted(first);
    assert_int_equal(connections(place), MOST);
    close(first);
    is_greeted(third);
    assert_true(wire_say(second, ASK));
    is_greeted(second);
    assert_int_equal(connections(place), MOST);
    close(second);
    is_greeted(fourth);
    close(third);
    close(fourth);
}

static unsigned places(struct cv_acceptor *acceptor)
{
    pthread_mutex_lock(&acceptor->wait.mutex);
    unsigned taken = acceptor->taken;
    pthread_mutex_unlock(&acceptor->wait.mutex);
    return taken;
}

static void who_leaves_gives_a_place_back(void **state)
{
    struct place *place = *state;
    close(greeted(place));
    while (places(&place->server->acceptor) > 1) /* which is for the next client */
        sched_yield();
}

static void one_that_stops_hangs_up_on_who_waits(void **state)
{
    struct place *place = *state;
    int served[MOST] = {greeted(place), greeted(place)};
    int waiting = asks(place);
    cuvee_server_stop(place->server);
    place->server = NULL;
    assert_true(wire_hung_up(waiting));
    assert_int_equal(wire_dial(place->port), -1);
    for (size_t i = 0; i < MOST; i++) {
        assert_true(wire_hung_up(served[i]));
        close(served[i]);
    }
    close(waiting);
}

/* As when the library has no memory for connections and drops them. */
static void places_that_were_lost_are_found_again(void **state)
{
    struct place *place = *state;
    struct cv_acceptor *acceptor = &place->server->acceptor;
    pthread_mutex_lock(&acceptor->wait.mutex);
    acceptor->taken = MOST + 1;
    pthread_mutex_unlock(&acceptor->wait.mutex);
    close(greeted(place)); /* by the place that the acceptor had when it began to wait for a client */
    close(greeted(place));
    close(greeted(place));
}

/* Were each of them followed by a pause, the next client would wait for many minutes. */
static void clients_that_gave_up_harm_nobody(void **state)
{
    struct place *place = *state;
    atomic_store(&reason, ECONNABORTED);
    atomic_store(&failing, 10000);
    close(greeted(place)); /* perhaps by a call that waited since before */
    close(greeted(place));
    assert_int_equal(atomic_load(&failing), 0);
}

/* A shortage that lasts costs no processor: a pause follows each try. The time here is enough for millions of tries. */
static void a_shortage_is_waited_out(void **state)
{
    struct place *place = *state;
    atomic_store(&reason, EMFILE);
    atomic_store(&failing, 1000000);
    int fd = asks(place);
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    assert_in_range(atomic_load(&failing), 999900, 1000000);
    atomic_store(&failing, 0);
    is_greeted(fd);
    close(fd);
}

struct crowd {
    atomic_uint port;
    atomic_bool over;
};

/* Between two servers the port may belong to somebody else, so nothing is said. */
static void *dial_on(void *arg)
{
    struct crowd *crowd = arg;
    while (!atomic_load(&crowd->over)) {
        int fd = wire_dial(atomic_load(&crowd->port));
        if (fd >= 0)
            close(fd);
        sched_yield();
    }
    return NULL;
}

static void stops_while_clients_come(void **state)
{
    struct place *place = *state;
    struct crowd crowd;
    pthread_t threads[DIALLERS];
    atomic_init(&crowd.port, place->port);
    atomic_init(&crowd.over, false);
    for (size_t i = 0; i < DIALLERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, dial_on, &crowd), 0);
    for (size_t i = 0; i < STOPS; i++) {
        cuvee_server_stop(place->server);
        start(place);
        atomic_store(&crowd.port, place->port);
    }
    atomic_store(&crowd.over, true);
    for (size_t i = 0; i < DIALLERS; i++)
        pthread_join(threads[i], NULL);
    close(greeted(place));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_finds_no_place_waits_for_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_leaves_gives_a_place_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_stops_hangs_up_on_who_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(places_that_were_lost_are_found_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clients_that_gave_up_harm_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_shortage_is_waited_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stops_while_clients_come, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/server/acceptor", tests, NULL, NULL);
}
