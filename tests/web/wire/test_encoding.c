#include "web/support.h"

#include "web/wire/incoming.h"

/* Two lines of a header; NULL: not there. */
static void two_lines(const void *of, const char *name, bool (*visit)(void *arg, struct cv_slice value), void *arg)
{
    const char *const *lines = of;
    assert_string_equal(name, "Accept-Encoding");
    for (size_t i = 0; i < 2; i++)
        if (lines[i] && !visit(arg, cv_slice(lines[i])))
            return;
}

static bool wants_gzip(const char *line, const char *second)
{
    const char *const lines[] = {line, second};
    return cv_wants_gzip(&(struct cv_headers){two_lines, lines});
}

static void gzip_is_sent_to_who_wants_it(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "gzip",
        "br, gzip",
        "deflate,GZIP ;Q=0.001",
        "x-gzip",
        "*",
        "*;q=0.1",
        "gzip;q=1, identity;q=0.5",
        "gzip;q=0.5, identity;q=0.5",
        "gzip;q=1.0, *;q=0",
        "identity;q=0, *",
        "gzip; a=b; q = 0.25",
        ", ,gzip,",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (!wants_gzip(lines[i], NULL))
            fail_msg("%s", lines[i]);
}

static void others_get_the_identity_form(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "identity",
        "br, deflate",
        "gzip;q=0",
        "gzip;q=0.000",
        "gzip ; q=0, *",
        "*;q=0",
        "identity;q=1, *;q=0",
        "identity;q=1, *;q=0.5",
        "identity, gzip;q=0.9",
        "notgzip, gzipped, gzip2",
        "gzip;q=",
        "gzip;q=x",
        "gzip;q=-1",
        "gzip;q=2",
        "gzip;q=1.001",
        "gzip;q=0.00001",
        "gzip;q=10",
        "gzip;q=0.1.1",
        ";q=1",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (wants_gzip(lines[i], NULL))
            fail_msg("%s", lines[i]);
    assert_false(wants_gzip(NULL, NULL));
    assert_false(cv_wants_gzip(&(struct cv_headers){NULL, NULL}));
}

static void all_lines_of_the_header_count(void **state)
{
    (void)state;
    assert_true(wants_gzip("br", "gzip"));
    assert_false(wants_gzip("*", "gzip;q=0"));
    assert_false(wants_gzip("gzip;q=0", "br"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_is_sent_to_who_wants_it),
        cmocka_unit_test(others_get_the_identity_form),
        cmocka_unit_test(all_lines_of_the_header_count),
    };
    return cmocka_run_group_tests_name("web/wire/encoding", tests, NULL, NULL);
}
