#include "support/check.h"

#include "model/constant.h"
#include "model/format.h"
#include "model/pattern.h"
#include "support/alloc_fault.h"

/* ---- patterns ---- */

static enum cv_match match(const char *pattern, const char *text)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_pattern *compiled = cv_pattern_make(pattern, &error);
    if (!compiled)
        fail_msg("%s", error.message);
    enum cv_match found = cv_pattern_match(compiled, text, strlen(text));
    cv_pattern_free(compiled);
    return found;
}

static void patterns_match_somewhere(void **state)
{
    (void)state;
    assert_int_equal(match("b+", "abbc"), CV_MATCH);
    assert_int_equal(match("^b+", "abbc"), CV_NO_MATCH);
    assert_int_equal(match("b$", "ab"), CV_MATCH);
    assert_int_equal(match("b$", "ab\n"), CV_NO_MATCH);
    assert_int_equal(match("^.$", "\xE2\x82\xAC"), CV_MATCH);
    assert_int_equal(match("^\\w+$", "caf\xC3\xA9"), CV_MATCH);
    assert_int_equal(match("^\\d$", "\xD9\xA3"), CV_MATCH); /* a digit of another script */
    assert_int_equal(match("^$", ""), CV_MATCH);
    assert_int_equal(match("", "anything"), CV_MATCH);
}

static void a_hostile_text_does_not_keep_it_busy(void **state)
{
    (void)state;
    char text[64];
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_int_equal(match("^(a+)+(b)\\2$", text), CV_NO_MATCH);
}

static void says_what_is_wrong_with_a_pattern(void **state)
{
    (void)state;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    assert_null(cv_pattern_make("a(b", &error));
    assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
    assert_string_equal(error.message, "missing closing parenthesis at byte 3");
    assert_null(cv_pattern_make("\\C", NULL));
    cv_pattern_free(NULL);
}

static void patterns_survive_every_failing_allocation(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        cuvee_error error = {.kind = CUVEE_ERROR_NONE};
        alloc_fault_at(n);
        struct cv_pattern *pattern = cv_pattern_make("^([a-z]+|\\d*)\\.(?<name>x){2,5}$", &error);
        enum cv_match found = pattern ? cv_pattern_match(pattern, "abc.xxx", 7) : CV_MATCH_NO_MEMORY;
        bool failed = alloc_fault_end();
        assert_int_equal(found, failed ? CV_MATCH_NO_MEMORY : CV_MATCH);
        assert_int_equal(error.kind, pattern ? CUVEE_ERROR_NONE : CUVEE_ERROR_MEMORY);
        cv_pattern_free(pattern);
        if (!failed)
            break;
    }
}

/* ---- formats ---- */

struct format_case {
    cuvee_format format;
    const char *text;
    const char *fault; /* NULL: good */
};

static void check_formats(const struct format_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *exact = malloc(strlen(cases[i].text) + 1);
        memcpy(exact, cases[i].text, strlen(cases[i].text) + 1);
        const char *fault = cv_format_fault(cases[i].format, exact, strlen(exact));
        bool good = cases[i].fault ? fault && strcmp(fault, cases[i].fault) == 0 : !fault;
        if (!good)
            fail_msg("\"%s\": %s", cases[i].text, fault ? fault : "(taken)");
        free(exact);
    }
}

#define L64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define L61 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define L63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void knows_e_mail_addresses(void **state)
{
    (void)state;
    static const char bad_host[] = "The part after the @-sign is not valid.";
    static const char bad_local[] = "The email address contains invalid characters before the @-sign.";
    static const struct format_case cases[] = {
        {CUVEE_EMAIL, "jane@example.com", NULL},
        {CUVEE_EMAIL, "jane.doe+tag@mail.example.co", NULL},
        {CUVEE_EMAIL, "o'brien_{x}@example.com", NULL},
        {CUVEE_EMAIL, "j\xC3\xB6rg@m\xC3\xBCller.de", NULL},
        {CUVEE_EMAIL, L64 "@example.com", NULL},
        {CUVEE_EMAIL, "", "An email address must have an @-sign."},
        {CUVEE_EMAIL, "jane", "An email address must have an @-sign."},
        {CUVEE_EMAIL, "@example.com", "There must be something before the @-sign."},
        {CUVEE_EMAIL, "jane@", "There must be something after the @-sign."},
        {CUVEE_EMAIL, "jane@doe@example.com", "The email address contains more than one @-sign."},
        {CUVEE_EMAIL, "a" L64 "@example.com", "The email address is too long before the @-sign."},
        {CUVEE_EMAIL, ".jane@example.com", "An email address cannot start with a period."},
        {CUVEE_EMAIL, "jane.@example.com", "An email address cannot have a period immediately before the @-sign."},
        {CUVEE_EMAIL, "jane..doe@example.com", "An email address cannot have two periods in a row."},
        {CUVEE_EMAIL, "jane doe@example.com", bad_local},
        {CUVEE_EMAIL, "jane\"@example.com", bad_local},
        {CUVEE_EMAIL, "jane@localhost", "The part after the @-sign is not valid. It should have a period."},
        {CUVEE_EMAIL, "jane@example..com", bad_host},
        {CUVEE_EMAIL, "jane@-example.com", bad_host},
        {CUVEE_EMAIL, "jane@example.com ", bad_host},
        {CUVEE_EMAIL, "jane@exam_ple.com", bad_host},
        {CUVEE_EMAIL, "jane@" L64 ".com", bad_host},
    };
    check_formats(cases, sizeof cases / sizeof cases[0]);
}

static void knows_urls(void **state)
{
    (void)state;
    static const struct format_case cases[] = {
        {CUVEE_URL, "https://example.com", NULL},
        {CUVEE_URL, "http://user:pass@example.com:8080/path?q=1#top", NULL},
        {CUVEE_URL, "ftp://192.0.2.1/file", NULL},
        {CUVEE_URL, "http://[2001:db8::1]:80/", NULL},
        {CUVEE_URL, "http://[::1]", NULL},
        {CUVEE_URL, "http://localhost", NULL},
        {CUVEE_URL, "http://example.com?x", NULL},
        {CUVEE_URL, "", "input is empty"},
        {CUVEE_URL, "example.com", "relative URL without a base"},
        {CUVEE_URL, "/path", "relative URL without a base"},
        {CUVEE_URL, "1http://example.com", "relative URL without a base"},
        {CUVEE_URL, "http", "relative URL without a base"},
        {CUVEE_URL, "http:", "empty host"},
        {CUVEE_URL, "http:/example.com", "empty host"},
        {CUVEE_URL, "http:x/example.com", "empty host"},
        {CUVEE_URL, "http:/x/example.com", "empty host"},
        {CUVEE_URL, "http://", "empty host"},
        {CUVEE_URL, "http:///path", "empty host"},
        {CUVEE_URL, "http://user@", "empty host"},
        {CUVEE_URL, "http://exa mple.com", "invalid character"},
        {CUVEE_URL, "http://example.com/\n", "invalid character"},
        {CUVEE_URL, "http://exa_mple.com", "invalid domain character"},
        {CUVEE_URL, "http://example.com:x", "invalid port number"},
        {CUVEE_URL, "http://example.com:65536", "invalid port number"},
        {CUVEE_URL, "http://[::1", "invalid IPv6 address"},
        {CUVEE_URL, "http://[::x]", "invalid IPv6 address"},
        {CUVEE_URL, "http://[::1]x", "invalid IPv6 address"},
        {CUVEE_URL, "http://[::1]:x", "invalid port number"},
    };
    check_formats(cases, sizeof cases / sizeof cases[0]);
}

static void knows_hosts_and_addresses(void **state)
{
    (void)state;
    static const char bad_name[] = "it is not a valid host name";
    static const char bad_4[] = "it is not a valid IPv4 address";
    static const char bad_6[] = "it is not a valid IPv6 address";
    static const struct format_case cases[] = {
        {CUVEE_HOSTNAME, "example.com", NULL},
        {CUVEE_HOSTNAME, "localhost", NULL},
        {CUVEE_HOSTNAME, "a-b.1.c", NULL},
        {CUVEE_HOSTNAME, L63 "." L63 "." L63, NULL},
        {CUVEE_HOSTNAME, L63 "." L63 "." L63 "." L61, NULL},
        {CUVEE_HOSTNAME, L63 "." L63 "." L63 ".a" L61, bad_name},
        {CUVEE_HOSTNAME, "", bad_name},
        {CUVEE_HOSTNAME, ".", bad_name},
        {CUVEE_HOSTNAME, "example.com.", bad_name},
        {CUVEE_HOSTNAME, "-a", bad_name},
        {CUVEE_HOSTNAME, "a-.b", bad_name},
        {CUVEE_HOSTNAME, L64, bad_name},
        {CUVEE_HOSTNAME, L63 "." L63 "." L63 "." L63, bad_name},
        {CUVEE_HOSTNAME, "a b", bad_name},
        {CUVEE_IPV4, "192.0.2.1", NULL},
        {CUVEE_IPV4, "0.0.0.0", NULL},
        {CUVEE_IPV4, "256.0.0.1", bad_4},
        {CUVEE_IPV4, "1.2.3", bad_4},
        {CUVEE_IPV4, "1.2.3.4.5", bad_4},
        {CUVEE_IPV4, "", bad_4},
        {CUVEE_IPV4, "::1", bad_4},
        {CUVEE_IPV4, "1.2.3.4                                                   ", bad_4},
        {CUVEE_IPV6, "::1", NULL},
        {CUVEE_IPV6, "2001:db8:0:0:0:0:0:1", NULL},
        {CUVEE_IPV6, "::ffff:192.0.2.1", NULL},
        {CUVEE_IPV6, "192.0.2.1", bad_6},
        {CUVEE_IPV6, ":::", bad_6},
        {CUVEE_IPV6, "2001:db8::1::2", bad_6},
        {CUVEE_NO_FORMAT, "whatever", NULL},
    };
    check_formats(cases, sizeof cases / sizeof cases[0]);
}

/* ---- constants ---- */

static void constants_have_one_form(void **state)
{
    (void)state;
    static const struct {
        cuvee_kind kind;
        const char *good[4];
        const char *bad[8];
    } cases[] = {
        {CUVEE_BOOL, {"true", "false"}, {"", "True", "1", "yes", "truee"}},
        {CUVEE_INT32, {"0", "-2147483648", "2147483647"}, {"", "-", "+1", "1.0", "2147483648", "1 ", "x"}},
        {CUVEE_INT64,
         {"0", "-9223372036854775808", "9223372036854775807"},
         {"9223372036854775808", "-9223372036854775809", "99999999999999999999", "--1", "1e3"}},
        {CUVEE_DOUBLE, {"1", "1.5", "-1e-3"}, {"", "inf", "nan", "1e999", "0x1"}},
        {CUVEE_TEXT, {"", "text"}, {"\xFF"}},
        {CUVEE_TIME, {"2024-01-31T00:00:00Z"}, {"", "2024-01-31", "now"}},
        {CUVEE_DATE, {"2024-01-31"}, {"", "2024-01-32", "2024-01-31T00:00:00Z"}},
        {CUVEE_DECIMAL, {"1.50", "-1", "1e3"}, {"", "inf", "x", "1e9999"}},
        {CUVEE_UUID, {"01234567-89ab-cdef-0123-456789abcdef"}, {"", "x"}},
        {CUVEE_BLOB, {"", "Zm9v"}, {"Z", "Zm9v=", "\xFF"}},
        {CUVEE_JSON, {"null", "{\"a\": [1, 2]}", "1e999"}, {"", "{", "nul", "NaN", "\"\\u0000\"", "[1] 2", "\xFF"}},
        {CUVEE_OBJECT, {NULL}, {"{}"}},
        {CUVEE_ARRAY, {NULL}, {"[]"}},
        {(cuvee_kind)99, {NULL}, {"x"}},
    };
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_value value;
        for (size_t k = 0; k < 4 && cases[i].good[k]; k++) {
            const char *text = cases[i].good[k];
            if (cv_constant_read(cases[i].kind, text, strlen(text), &arena, &value) != CV_CONSTANT_GOOD)
                fail_msg("%s \"%s\" was refused", cv_kind_name(cases[i].kind), text);
            assert_int_equal(value.kind, cases[i].kind);
        }
        for (size_t k = 0; k < 8 && cases[i].bad[k]; k++) {
            const char *text = cases[i].bad[k];
            if (cv_constant_read(cases[i].kind, text, strlen(text), &arena, &value) != CV_CONSTANT_WRONG)
                fail_msg("%s \"%s\" was taken", cv_kind_name(cases[i].kind), text);
        }
    }
    cv_arena_free(&arena);
}

static void constants_say_when_memory_is_out(void **state)
{
    (void)state;
    static const cuvee_kind kinds[] = {CUVEE_TEXT, CUVEE_DECIMAL, CUVEE_BLOB, CUVEE_JSON};
    for (size_t i = 0; i < 4; i++) {
        struct cv_arena arena;
        cv_arena_init(&arena, 0);
        cuvee_value value;
        alloc_fault_at(1);
        assert_int_equal(cv_constant_read(kinds[i], "1234", 4, &arena, &value), CV_CONSTANT_NO_MEMORY);
        assert_true(alloc_fault_end());
        cv_arena_free(&arena);
    }
}

static void values_have_an_order(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    static const struct {
        cuvee_kind kind;
        const char *low;
        const char *high;
    } cases[] = {
        {CUVEE_INT32, "-1", "0"},    {CUVEE_INT64, "-9223372036854775808", "9223372036854775807"},
        {CUVEE_DOUBLE, "-1", "1.5"}, {CUVEE_TIME, "1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"},
        {CUVEE_DECIMAL, "9", "10"},  {CUVEE_DATE, "1969-12-31", "1970-01-01"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_value low;
        cuvee_value high;
        cv_constant_read(cases[i].kind, cases[i].low, strlen(cases[i].low), &arena, &low);
        cv_constant_read(cases[i].kind, cases[i].high, strlen(cases[i].high), &arena, &high);
        assert_true(cv_kind_has_order(cases[i].kind));
        assert_true(cv_value_compare(&low, &high) < 0);
        assert_true(cv_value_compare(&high, &low) > 0);
        assert_int_equal(cv_value_compare(&low, &low), 0);
    }
    assert_false(cv_kind_has_order(CUVEE_TEXT) || cv_kind_has_order(CUVEE_BOOL) || cv_kind_has_order(CUVEE_UUID));
    assert_string_equal(cv_kind_name(CUVEE_ARRAY), "array");
    assert_string_equal(cv_kind_name((cuvee_kind)0), "unknown");
    assert_string_equal(cv_kind_name((cuvee_kind)14), "unknown");
    cv_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_somewhere),
        cmocka_unit_test(a_hostile_text_does_not_keep_it_busy),
        cmocka_unit_test(says_what_is_wrong_with_a_pattern),
        cmocka_unit_test(patterns_survive_every_failing_allocation),
        cmocka_unit_test(knows_e_mail_addresses),
        cmocka_unit_test(knows_urls),
        cmocka_unit_test(knows_hosts_and_addresses),
        cmocka_unit_test(constants_have_one_form),
        cmocka_unit_test(constants_say_when_memory_is_out),
        cmocka_unit_test(values_have_an_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
