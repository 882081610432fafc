#include "support/check.h"

#include "base/time_text.h"

static void calendar_goes_there_and_back(void **state)
{
    (void)state;
    int32_t expected = CV_DATE_MIN;
    for (int year = 1; year <= 9999; year++) {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        const int lengths[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= lengths[month - 1]; day++, expected++) {
                if (cv_date_of(year, month, day) != expected)
                    fail_msg("%04d-%02d-%02d", year, month, day);
                int y;
                int m;
                int d;
                cv_date_split(expected, &y, &m, &d);
                if (y != year || m != month || d != day)
                    fail_msg("%04d-%02d-%02d came back as %04d-%02d-%02d", year, month, day, y, m, d);
            }
    }
    assert_int_equal(expected, CV_DATE_MAX + 1);
    assert_int_equal(cv_date_of(1970, 1, 1), 0);
    assert_int_equal(cv_date_of(2024, 2, 29), 19782);
    assert_int_equal(cv_date_of(0, 1, 1), CV_DATE_MIN - 366);
}

static void reads_times(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t us;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01t00:00:00z", 0},
        {"1970-01-01 00:00:00Z", 0},
        {"1970-01-01_00:00:00Z", 0},
        {"1970-01-01T00:00:00", 0},
        {"1970-01-01T00:00", 0},
        {"1970-01-01T00:01Z", 60000000},
        {"1970-01-01T01:00:00+01:00", 0},
        {"1970-01-01T01:00:00+0100", 0},
        {"1969-12-31T22:30:00-01:30", 0},
        {"1969-12-31T22:30:00\xE2\x88\x92"
         "01:30",
         0},
        {"1970-01-01T00:00:00+00:00", 0},
        {"1970-01-01T00:00:00.5Z", 500000},
        {"1970-01-01T00:00:00,5Z", 500000},
        {"1970-01-01T00:00:00.123456Z", 123456},
        {"1970-01-01T00:00:00.123456999Z", 123456},
        {"1970-01-01T00:00:00.000000999Z", 0},
        {"1969-12-31T23:59:59.999999999Z", -1},
        {"1970-01-01T00:00:00.12345678901234567890Z", 123456},
        {"1970-01-01T00:00:00.000001+23:59", 1 - INT64_C(86340000000)},
        {"2024-02-29T23:59:59Z", INT64_C(1709251199000000)},
        {"0001-01-01T00:00:00Z", CV_TIME_MIN},
        {"9999-12-31T23:59:59.999999Z", CV_TIME_MAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_time time = {.us = 42};
        if (cv_time_parse(cases[i].text, strlen(cases[i].text), &time) != CV_TIME_GOOD || time.us != cases[i].us)
            fail_msg("%s: %lld", cases[i].text, (long long)time.us);
    }
}

static void says_why_a_text_is_no_time(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum cv_time_fault fault;
    } cases[] = {
        {"", CV_TIME_TOO_SHORT},
        {"2024-01-3", CV_TIME_TOO_SHORT},
        {"2024-01-31", CV_TIME_SEPARATOR},
        {"2024-01-31x00:00", CV_TIME_SEPARATOR},
        {"2024-01-31T", CV_TIME_TOO_SHORT},
        {"2024-01-31T00:0", CV_TIME_TOO_SHORT},
        {"x024-01-31T00:00", CV_TIME_YEAR},
        {"2024/01-31T00:00", CV_TIME_DATE_SEPARATOR},
        {"2024-x1-31T00:00", CV_TIME_MONTH},
        {"2024-01/31T00:00", CV_TIME_DATE_SEPARATOR},
        {"2024-01-x1T00:00", CV_TIME_DAY},
        {"2024-00-31T00:00", CV_TIME_MONTH_RANGE},
        {"2024-13-31T00:00", CV_TIME_MONTH_RANGE},
        {"2024-01-00T00:00", CV_TIME_DAY_RANGE},
        {"2024-01-32T00:00", CV_TIME_DAY_RANGE},
        {"2023-02-29T00:00", CV_TIME_DAY_RANGE},
        {"1900-02-29T00:00", CV_TIME_DAY_RANGE},
        {"2024-01-31Tx0:00", CV_TIME_HOUR},
        {"2024-01-31T00-00", CV_TIME_TIME_SEPARATOR},
        {"2024-01-31T00:x0", CV_TIME_MINUTE},
        {"2024-01-31T24:00", CV_TIME_HOUR_RANGE},
        {"2024-01-31T00:60", CV_TIME_MINUTE_RANGE},
        {"2024-01-31T00:00:", CV_TIME_SECOND},
        {"2024-01-31T00:00:0x", CV_TIME_SECOND},
        {"2024-01-31T23:59:60Z", CV_TIME_SECOND_RANGE},
        {"2024-01-31T00:00:00.", CV_TIME_NO_FRACTION},
        {"2024-01-31T00:00:00.Z", CV_TIME_NO_FRACTION},
        {"2024-01-31T00:00:00x", CV_TIME_ZONE_SIGN},
        {"2024-01-31T00:00:00\xE2\x88", CV_TIME_ZONE_SIGN},
        {"2024-01-31T00:00:00+", CV_TIME_ZONE_HOUR},
        {"2024-01-31T00:00:00+0", CV_TIME_ZONE_HOUR},
        {"2024-01-31T00:00:00+01", CV_TIME_ZONE_MINUTE},
        {"2024-01-31T00:00:00+01:", CV_TIME_ZONE_MINUTE},
        {"2024-01-31T00:00:00+01:0x", CV_TIME_ZONE_MINUTE},
        {"2024-01-31T00:00:00+01:60", CV_TIME_ZONE_MINUTE_RANGE},
        {"2024-01-31T00:00:00+24:00", CV_TIME_ZONE_RANGE},
        {"2024-01-31T00:00:00Z ", CV_TIME_EXTRA},
        {"2024-01-31T00:00:00+01:000", CV_TIME_EXTRA},
        {"0000-01-01T00:00:00Z", CV_TIME_YEAR_ZERO},
        {"0001-01-01T00:00:00+00:01", CV_TIME_OUT_OF_RANGE},
        {"9999-12-31T23:59:59-00:01", CV_TIME_OUT_OF_RANGE},
        {"-001-01-01T00:00:00Z", CV_TIME_YEAR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_time time;
        enum cv_time_fault fault = cv_time_parse(cases[i].text, strlen(cases[i].text), &time);
        if (fault != cases[i].fault)
            fail_msg("%s: %s", cases[i].text, cv_time_fault_text(fault));
    }
}

static void a_time_ends_where_its_size_says(void **state)
{
    (void)state;
    static const char text[] = "2024-01-31T10:11:12.131415+01:30";
    static const bool good[sizeof text] = {[16] = true, [19] = true, [21] = true, [22] = true, [23] = true,
                                           [24] = true, [25] = true, [26] = true, [32] = true};
    for (size_t size = 0; size < sizeof text; size++) {
        char *copy = malloc(size + 1); /* of this size, so that a sanitizer sees a step too far */
        memcpy(copy, text, size);
        char *exact = realloc(copy, size ? size : 1);
        cuvee_time time;
        assert_int_equal(cv_time_parse(exact, size, &time) == CV_TIME_GOOD, good[size]);
        free(exact);
    }
}

static void reads_dates(void **state)
{
    (void)state;
    cuvee_date date;
    assert_int_equal(cv_date_parse("1970-01-02", 10, &date), CV_TIME_GOOD);
    assert_int_equal(date.days, 1);
    assert_int_equal(cv_date_parse("0001-01-01", 10, &date), CV_TIME_GOOD);
    assert_int_equal(date.days, CV_DATE_MIN);
    assert_int_equal(cv_date_parse("9999-12-31", 10, &date), CV_TIME_GOOD);
    assert_int_equal(date.days, CV_DATE_MAX);
    assert_int_equal(cv_date_parse("2024-01-31T00:00:00", 19, &date), CV_TIME_EXTRA);
    assert_int_equal(cv_date_parse("0000-12-31", 10, &date), CV_TIME_YEAR_ZERO);
    assert_int_equal(cv_date_parse("2024-1-31", 9, &date), CV_TIME_TOO_SHORT);
    assert_int_equal(cv_date_parse("2024-04-31", 10, &date), CV_TIME_DAY_RANGE);
}

static void time_is(int64_t us, const char *expected)
{
    char text[CV_TIME_TEXT_SIZE];
    size_t size = cv_time_format(text, (cuvee_time){.us = us});
    assert_int_equal(size, strlen(expected));
    assert_memory_equal(text, expected, size);
}

static void writes_times(void **state)
{
    (void)state;
    time_is(0, "1970-01-01T00:00:00Z");
    time_is(1, "1970-01-01T00:00:00.000001Z");
    time_is(120000, "1970-01-01T00:00:00.120000Z");
    time_is(-1, "1969-12-31T23:59:59.999999Z");
    time_is(-1000000, "1969-12-31T23:59:59Z");
    time_is(INT64_C(1709251199000000), "2024-02-29T23:59:59Z");
    time_is(CV_TIME_MIN, "0001-01-01T00:00:00Z");
    time_is(CV_TIME_MAX, "9999-12-31T23:59:59.999999Z");
    char text[CV_TIME_TEXT_SIZE];
    assert_int_equal(cv_time_format(text, (cuvee_time){.us = CV_TIME_MAX + 1}), 0);
    assert_int_equal(cv_time_format(text, (cuvee_time){.us = CV_TIME_MIN - 1}), 0);
    assert_int_equal(cv_time_format(text, (cuvee_time){.us = INT64_MIN}), 0);
    assert_int_equal(cv_time_format(text, (cuvee_time){.us = INT64_MAX}), 0);
}

static void writes_dates(void **state)
{
    (void)state;
    char text[CV_DATE_TEXT_SIZE];
    assert_int_equal(cv_date_format(text, (cuvee_date){.days = 19782}), 10);
    assert_memory_equal(text, "2024-02-29", 10);
    assert_int_equal(cv_date_format(text, (cuvee_date){.days = CV_DATE_MIN}), 10);
    assert_memory_equal(text, "0001-01-01", 10);
    assert_int_equal(cv_date_format(text, (cuvee_date){.days = CV_DATE_MAX}), 10);
    assert_memory_equal(text, "9999-12-31", 10);
    assert_int_equal(cv_date_format(text, (cuvee_date){.days = CV_DATE_MIN - 1}), 0);
    assert_int_equal(cv_date_format(text, (cuvee_date){.days = CV_DATE_MAX + 1}), 0);
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    int64_t step = (CV_TIME_MAX - CV_TIME_MIN) / 20011;
    for (int64_t us = CV_TIME_MIN; us <= CV_TIME_MAX - step; us += step) {
        char text[CV_TIME_TEXT_SIZE];
        size_t size = cv_time_format(text, (cuvee_time){.us = us});
        cuvee_time back;
        assert_int_equal(cv_time_parse(text, size, &back), CV_TIME_GOOD);
        assert_true(back.us == us);
    }
}

static void every_fault_has_words(void **state)
{
    (void)state;
    for (int fault = CV_TIME_TOO_SHORT; fault <= CV_TIME_NOT_EXACT; fault++)
        assert_true(strlen(cv_time_fault_text((enum cv_time_fault)fault)) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar_goes_there_and_back),
        cmocka_unit_test(reads_times),
        cmocka_unit_test(says_why_a_text_is_no_time),
        cmocka_unit_test(a_time_ends_where_its_size_says),
        cmocka_unit_test(reads_dates),
        cmocka_unit_test(writes_times),
        cmocka_unit_test(writes_dates),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(every_fault_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
