#include "support/check.h"

#include <netinet/in.h>

#include "web/wire/address.h"

static void reads(const char *text, const char *written)
{
    struct cv_address address;
    char found[CV_ADDRESS_TEXT_SIZE];
    bool good = cv_address_read(cv_slice(text), &address);
    cv_address_format(&address, found);
    if (good != (written != NULL) || strcmp(found, written ? written : "") != 0)
        fail_msg("%s: %s", text, found);
}

static void addresses_are_read_and_written(void **state)
{
    (void)state;
    reads("192.0.2.7", "192.0.2.7");
    reads("::ffff:192.0.2.7", "192.0.2.7");
    reads("2001:DB8:0::7", "2001:db8::7");
    reads("::1", "::1");
    reads("", NULL);
    reads("192.0.2", NULL);
    reads("192.0.2.256", NULL);
    reads("192.0.2.7 ", NULL);
    reads("localhost", NULL);
    reads("[::1]", NULL);
    reads("2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0007", NULL);
    struct cv_address address;
    assert_false(cv_address_read((struct cv_slice){"::1\0", 4}, &address));
}

static void sockets_have_addresses(void **state)
{
    (void)state;
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr other = {.sa_family = AF_UNIX};
    char text[CV_ADDRESS_TEXT_SIZE];
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    six.sin6_addr = in6addr_loopback;
    const struct {
        const void *socket;
        const char *text;
    } cases[] = {{&four, "127.0.0.1"}, {&six, "::1"}, {&other, ""}, {NULL, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cv_address address = cv_address_of(cases[i].socket);
        cv_address_format(&address, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void networks_have_their_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *network;
        const char *inside; /* NULL: it is none */
        const char *outside;
    } cases[] = {
        {"192.0.2.7", "192.0.2.7", "192.0.2.6"},
        {"192.0.2.0/24", "192.0.2.255", "192.0.3.0"},
        {"192.0.2.0/25", "192.0.2.127", "192.0.2.128"},
        {"192.0.2.9/31", "192.0.2.8", "192.0.2.10"},
        {"10.0.0.0/8", "::ffff:10.200.1.2", "11.0.0.0"},
        {"0.0.0.0/0", "203.0.113.9", "::1"}, /* all of IPv4 */
        {"192.0.2.7/32", "192.0.2.7", "192.0.2.8"},
        {"2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"},
        {"2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::"},
        {"::1/128", "::1", "::2"},
        {"*", "203.0.113.9", NULL},
        {"*", "2001:db8::1", NULL},
        {"::/0", "192.0.2.1", NULL},
        {"192.0.2.0/33", NULL, NULL},
        {"::/129", NULL, NULL},
        {"10.0.0.0/", NULL, NULL},
        {"10.0.0.0/8x", NULL, NULL},
        {"10.0.0.0/-8", NULL, NULL},
        {"10.0.0.0/0008", NULL, NULL},
        {"/8", NULL, NULL},
        {"", NULL, NULL},
        {"proxy.example", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cv_network network;
        struct cv_address address;
        bool good = cv_network_read(cv_slice(cases[i].network), &network);
        if (good != (cases[i].inside != NULL))
            fail_msg("%s", cases[i].network);
        if (good && (!cv_address_read(cv_slice(cases[i].inside), &address) || !cv_network_has(&network, &address)))
            fail_msg("%s is not in %s", cases[i].inside, cases[i].network);
        if (cases[i].outside &&
            (!cv_address_read(cv_slice(cases[i].outside), &address) || cv_network_has(&network, &address)))
            fail_msg("%s is in %s", cases[i].outside, cases[i].network);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_and_written),
        cmocka_unit_test(sockets_have_addresses),
        cmocka_unit_test(networks_have_their_addresses),
    };
    return cmocka_run_group_tests_name("web/wire/address", tests, NULL, NULL);
}
