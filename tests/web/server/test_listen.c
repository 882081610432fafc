#include "support/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/server/listen.h"

static bool connects(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool good = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return good;
}

static void any_free_port(void **state)
{
    (void)state;
    unsigned first = 0;
    unsigned second = 0;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    int a = cv_listen("127.0.0.1", 0, &first, &error);
    int b = cv_listen("127.0.0.1", 0, &second, &error);
    assert_true(a >= 0 && b >= 0);
    assert_true(first > 0 && second > 0 && first != second);
    assert_true(connects(first));
    close(a);
    close(b);
}

static void a_host_may_have_a_name(void **state)
{
    (void)state;
    unsigned port = 0;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    int fd = cv_listen("localhost", 0, &port, &error);
    assert_true(fd >= 0);
    assert_true(port > 0);
    close(fd);
}

static void a_port_in_use_is_said_so(void **state)
{
    (void)state;
    unsigned port = 0;
    unsigned again = 0;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    int fd = cv_listen("127.0.0.1", 0, &port, &error);
    assert_int_equal(cv_listen("127.0.0.1", port, &again, &error), -1);
    assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
    char expected[80];
    snprintf(expected, sizeof expected, "port %u of 127.0.0.1 is in use by another program", port);
    assert_string_equal(error.message, expected);
    close(fd);
}

static void refuses(const char *host, unsigned port, const char *words)
{
    unsigned actual = 0;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    assert_int_equal(cv_listen(host, port, &actual, &error), -1);
    assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
    if (!strstr(error.message, words))
        fail_msg("%s is not in: %s", words, error.message);
}

static void says_what_is_wrong_with_an_address(void **state)
{
    (void)state;
    refuses("127.0.0.1", 70000, "70000 is no port");
    refuses("no..host", 0, "no..host is no host"); /* which no server of names is asked for */
    refuses("203.0.113.7", 0, "203.0.113.7 is no address of this machine");
}

static void listens_on_ipv6(void **state)
{
    (void)state;
    unsigned port = 0;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    int fd = cv_listen("::1", 0, &port, &error);
    if (fd < 0)
        skip(); /* a machine without it */
    assert_true(port > 0);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_free_port),
        cmocka_unit_test(a_host_may_have_a_name),
        cmocka_unit_test(a_port_in_use_is_said_so),
        cmocka_unit_test(says_what_is_wrong_with_an_address),
        cmocka_unit_test(listens_on_ipv6),
    };
    return cmocka_run_group_tests_name("web/server/listen", tests, NULL, NULL);
}
