#include "support/check.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "base/double_text.h"

static void is_written(double value, const char *expected)
{
    char text[CV_DOUBLE_TEXT_SIZE + 1];
    size_t size = cv_double_format(text, value);
    text[size] = '\0';
    assert_string_equal(text, expected);
    double back;
    assert_true(cv_double_parse(text, size, &back));
    assert_true(back == value && signbit(back) == signbit(value));
}

/* Each expected text is what Python's repr prints for the same double. */
static void writes_as_python_does(void **state)
{
    (void)state;
    is_written(0.0, "0.0");
    is_written(-0.0, "-0.0");
    is_written(1.0, "1.0");
    is_written(-1.0, "-1.0");
    is_written(0.1, "0.1");
    is_written(0.5, "0.5");
    is_written(19.99, "19.99");
    is_written(-2.5, "-2.5");
    is_written(100.0, "100.0");
    is_written(123456.789, "123456.789");
    is_written(0.001, "0.001");
    is_written(0.0001, "0.0001");
    is_written(0.00001, "1e-05");
    is_written(-2.5e-7, "-2.5e-07");
    is_written(1e15, "1000000000000000.0");
    is_written(1e16, "1e+16");
    is_written(123456789012345680.0, "1.2345678901234568e+17");
    is_written(9007199254740993.0, "9007199254740992.0");
    is_written(1.0 / 3, "0.3333333333333333");
    is_written(2.0 / 3, "0.6666666666666666");
    is_written(0.1 + 0.2, "0.30000000000000004");
    is_written(5e-324, "5e-324");
    is_written(2e-323, "2e-323");
    is_written(DBL_MIN, "2.2250738585072014e-308");
    is_written(DBL_MAX, "1.7976931348623157e+308");
    is_written(1e22, "1e+22");
    is_written(1e100, "1e+100");
    is_written(3.141592653589793, "3.141592653589793");
}

/* Powers of two whose nearest decimal of 16 digits is another double, while the next one above is theirs. */
static void finds_the_shortest_at_powers_of_two(void **state)
{
    (void)state;
    is_written(7.120236347223045e-307, "7.120236347223045e-307");
    is_written(5.858190679279809e-244, "5.858190679279809e-244");
    is_written(7.854549544476363e-90, "7.854549544476363e-90");
    is_written(ldexp(1.0, -44), "5.684341886080802e-14");
}

static void all_powers_of_two_come_back(void **state)
{
    (void)state;
    for (int exponent = -1074; exponent < 1024; exponent++)
        for (int step = -1; step <= 1; step++) {
            double value = ldexp(1.0, exponent);
            value = step == 0 ? value : nextafter(value, step * INFINITY);
            char text[CV_DOUBLE_TEXT_SIZE];
            size_t size = cv_double_format(text, value);
            assert_true(size > 0 && size <= 24);
            double back = 1;
            assert_true(cv_double_parse(text, size, &back));
            assert_true(back == value);
        }
}

static void has_no_text_for_what_is_not_finite(void **state)
{
    (void)state;
    char text[CV_DOUBLE_TEXT_SIZE];
    assert_int_equal(cv_double_format(text, INFINITY), 0);
    assert_int_equal(cv_double_format(text, -INFINITY), 0);
    assert_int_equal(cv_double_format(text, NAN), 0);
}

static void reads_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0", 0},
        {"1", 1},
        {"-1", -1},
        {"+1", 1},
        {"1.5", 1.5},
        {".5", 0.5},
        {"1.", 1},
        {"-.5", -0.5},
        {"1e3", 1000},
        {"1E+3", 1000},
        {"1e-3", 1e-3},
        {"1.5e3", 1500},
        {"007", 7},
        {"1e400", INFINITY},
        {"-1e400", -INFINITY},
        {"1e-400", 0},
        {"inf", INFINITY},
        {"Infinity", INFINITY},
        {"-INF", -INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 42;
        if (!cv_double_parse(cases[i].text, strlen(cases[i].text), &value) || value != cases[i].value)
            fail_msg("%s: %g", cases[i].text, value);
    }
    double value = 0;
    assert_true(cv_double_parse("NaN", 3, &value) && isnan(value));
    assert_true(cv_double_parse("12", 1, &value) && value == 1);
}

static void refuses_what_is_no_number(void **state)
{
    (void)state;
    static const char *const cases[] = {"",    "-",   "+",    ".",    "-.",        "e5",   "1e",
                                        "1e+", "1 ",  " 1",   "1x",   "0x1",       "1.5.", "1,5",
                                        "--1", "+-1", "1e5.", "infi", "infinityx", "nan1", "1_000"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value;
        if (cv_double_parse(cases[i], strlen(cases[i]), &value))
            fail_msg("%s", cases[i]);
    }
    char long_text[5000];
    memset(long_text, '1', sizeof long_text);
    double value;
    assert_true(cv_double_parse(long_text, 4300, &value));
    assert_false(cv_double_parse(long_text, 4301, &value));
}

/* A locale whose decimal point is a comma, made for this test alone. */
static void the_locale_does_not_matter(void **state)
{
    (void)state;
    char folder[] = "/tmp/cuvee-locale-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char command[200];
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >/dev/null 2>&1", folder);
    bool made = system(command) == 0;
    setenv("LOCPATH", folder, 1);
    bool set = made && setlocale(LC_ALL, "de_DE.UTF-8") && strcmp(localeconv()->decimal_point, ",") == 0;
    if (set) {
        is_written(1.5, "1.5");
        is_written(1.0 / 3, "0.3333333333333333");
        is_written(1.2345678901234568e+17, "1.2345678901234568e+17");
        double value;
        assert_false(cv_double_parse("1,5", 3, &value));
        setlocale(LC_ALL, "C");
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    if (!set) {
        print_message("no localedef with de_DE here (package locales): skipped\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_as_python_does),
        cmocka_unit_test(finds_the_shortest_at_powers_of_two),
        cmocka_unit_test(all_powers_of_two_come_back),
        cmocka_unit_test(has_no_text_for_what_is_not_finite),
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(refuses_what_is_no_number),
        cmocka_unit_test(the_locale_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
