#include "support/check.h"

#include "base/decimal_text.h"
#include "support/alloc_fault.h"

static enum cv_decimal_fault read_text(const char *text, char *out, size_t room)
{
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    const char *canonical = "";
    size_t size = 0;
    enum cv_decimal_fault fault = cv_decimal_read(text, strlen(text), &arena, &canonical, &size);
    if (!fault) {
        assert_int_equal(strlen(canonical), size);
        assert_true(cv_decimal_is_canonical(canonical, size));
        assert_true(size < room);
    }
    memcpy(out, canonical, size);
    out[size] = '\0';
    cv_arena_free(&arena);
    return fault;
}

static void reads_into_canonical_form(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"0", "0"},
        {"1", "1"},
        {"-1", "-1"},
        {"+1", "1"},
        {"12.50", "12.50"},
        {"-12.50", "-12.50"},
        {"00012.50", "12.50"},
        {".5", "0.5"},
        {"-.5", "-0.5"},
        {"5.", "5"},
        {"0.000", "0.000"},
        {"-0", "0"},
        {"-0.00", "0.00"},
        {"000", "0"},
        {"0.05", "0.05"},
        {"100", "100"},
        {"1e3", "1000"},
        {"1E+3", "1000"},
        {"1e-3", "0.001"},
        {"12.50e1", "125.0"},
        {"12.50e2", "1250"},
        {"12.50e4", "125000"},
        {"12.50e-1", "1.250"},
        {"0.05e1", "0.5"},
        {"0.05e2", "5"},
        {"0.05e3", "50"},
        {"-0.05e-1", "-0.005"},
        {"0e5", "0"},
        {"0.0e5", "0"},
        {"0e-3", "0.000"},
        {"0.0e-1", "0.00"},
        {" \t1.5\r\n ", "1.5"},
        {"1_000", "1000"},
        {"1_0.0_1", "10.01"},
        {"1e1_0", "10000000000"},
        {"123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[2048];
        if (read_text(cases[i][0], out, sizeof out) != CV_DECIMAL_GOOD || strcmp(out, cases[i][1]) != 0)
            fail_msg("%s became %s", cases[i][0], out);
    }
}

static void refuses_what_is_no_number(void **state)
{
    (void)state;
    static const char *const cases[] = {"",      " ",   "-",  "+",  ".",    "-.",    "e5",      "1e",  "1e+",
                                        "1e5.0", "1 2", "1x", "x1", "1..2", "1.2.3", "--1",     "+-1", "0x10",
                                        "_",     "1,5", "in", "na", "nanx", "snanx", "infinit", "1e_", "\xC2\xBD"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[64];
        if (read_text(cases[i], out, sizeof out) != CV_DECIMAL_SYNTAX)
            fail_msg("%s was taken", cases[i]);
    }
}

static void refuses_what_is_not_finite(void **state)
{
    (void)state;
    static const char *const cases[] = {"inf",  "-Infinity", "+INF",  "nan",   "NaN123",
                                        "-nan", "sNaN",      "snan1", " inf ", "-sNaN007"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[64];
        if (read_text(cases[i], out, sizeof out) != CV_DECIMAL_NOT_FINITE)
            fail_msg("%s", cases[i]);
    }
}

static void has_a_limit_of_digits(void **state)
{
    (void)state;
    char text[2048];
    char out[2048];
    memset(text, '7', sizeof text);
    text[CV_DECIMAL_DIGITS] = '\0';
    assert_int_equal(read_text(text, out, sizeof out), CV_DECIMAL_GOOD);
    assert_string_equal(out, text);
    text[500] = '.';
    assert_int_equal(read_text(text, out, sizeof out), CV_DECIMAL_GOOD);
    text[CV_DECIMAL_DIGITS] = '7';
    text[CV_DECIMAL_DIGITS + 1] = '\0';
    assert_int_equal(read_text(text, out, sizeof out), CV_DECIMAL_GOOD);
    text[CV_DECIMAL_DIGITS + 1] = '7';
    text[CV_DECIMAL_DIGITS + 2] = '\0';
    assert_int_equal(read_text(text, out, sizeof out), CV_DECIMAL_TOO_LONG);
    assert_int_equal(read_text("1e999", out, sizeof out), CV_DECIMAL_GOOD);
    assert_int_equal(read_text("1e1000", out, sizeof out), CV_DECIMAL_TOO_LONG);
    assert_int_equal(read_text("1e-1000", out, sizeof out), CV_DECIMAL_GOOD);
    assert_int_equal(strlen(out), 1002);
    assert_int_equal(read_text("1e-1001", out, sizeof out), CV_DECIMAL_TOO_LONG);
    assert_int_equal(read_text("-1e-1000", out, sizeof out), CV_DECIMAL_GOOD);
    assert_int_equal(strlen(out), 1003);
    assert_int_equal(read_text("1e99999999999999999999", out, sizeof out), CV_DECIMAL_TOO_LONG);
    assert_int_equal(read_text("1e-99999999999999999999", out, sizeof out), CV_DECIMAL_TOO_LONG);
}

static void knows_canonical_form(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "1", "-1", "0.0", "10.50", "-0.5", "100"};
    static const char *const bad[] = {"",   "-",   "+1", "01",   "00",   "-0",   "-0.0", ".5",
                                      "5.", "1e3", "1 ", "1.1.", "1..1", "00.5", "--1",  "x"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!cv_decimal_is_canonical(good[i], strlen(good[i])))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (cv_decimal_is_canonical(bad[i], strlen(bad[i])))
            fail_msg("%s", bad[i]);
    char text[1200];
    memset(text, '1', sizeof text);
    assert_false(cv_decimal_is_canonical(text, sizeof text));
}

static void compares_by_value(void **state)
{
    (void)state;
    /* In rising order; those of one line are equal. */
    static const char *const order[][3] = {
        {"-1000", "-1000.0", "-1000.00"},
        {"-99.9", "-99.90", "-99.900"},
        {"-2", "-2.0", "-2.00"},
        {"-0.5", "-0.50", "-0.500"},
        {"0", "0.0", "0.00"},
        {"0.001", "0.0010", "0.00100"},
        {"0.5", "0.50", "0.500"},
        {"1", "1.0", "1.00"},
        {"1.01", "1.010", "1.0100"},
        {"1.1", "1.10", "1.100"},
        {"9", "9.0", "9.00"},
        {"10", "10.0", "10.00"},
        {"12345678901234567890", "12345678901234567890.0", "12345678901234567890.00"},
        {"12345678901234567890.000000001", "12345678901234567890.0000000010", "12345678901234567890.00000000100"},
    };
    size_t count = sizeof order / sizeof order[0];
    for (size_t i = 0; i < count * 3; i++)
        for (size_t k = 0; k < count * 3; k++) {
            const char *a = order[i / 3][i % 3];
            const char *b = order[k / 3][k % 3];
            int result = cv_decimal_compare(a, strlen(a), b, strlen(b));
            int expected = (i / 3 > k / 3) - (i / 3 < k / 3);
            if ((result > 0) - (result < 0) != expected)
                fail_msg("%s against %s: %d", a, b, result);
        }
}

static void says_when_memory_is_out(void **state)
{
    (void)state;
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    const char *canonical;
    size_t size;
    alloc_fault_at(1);
    assert_int_equal(cv_decimal_read("1.5", 3, &arena, &canonical, &size), CV_DECIMAL_NO_MEMORY);
    assert_true(alloc_fault_end());
    cv_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_into_canonical_form),  cmocka_unit_test(refuses_what_is_no_number),
        cmocka_unit_test(refuses_what_is_not_finite), cmocka_unit_test(has_a_limit_of_digits),
        cmocka_unit_test(knows_canonical_form),       cmocka_unit_test(compares_by_value),
        cmocka_unit_test(says_when_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
