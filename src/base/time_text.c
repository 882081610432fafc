#include "base/time_text.h"

#include <string.h>

static const char *const fault_texts[] = {
    [CV_TIME_GOOD] = "",
    [CV_TIME_TOO_SHORT] = "input is too short",
    [CV_TIME_EXTRA] = "unexpected extra characters at the end of the input",
    [CV_TIME_SEPARATOR] = "invalid datetime separator, expected `T`, `t`, `_` or space",
    [CV_TIME_DATE_SEPARATOR] = "invalid date separator, expected `-`",
    [CV_TIME_YEAR] = "invalid character in year",
    [CV_TIME_MONTH] = "invalid character in month",
    [CV_TIME_DAY] = "invalid character in day",
    [CV_TIME_TIME_SEPARATOR] = "invalid time separator, expected `:`",
    [CV_TIME_HOUR] = "invalid character in hour",
    [CV_TIME_MINUTE] = "invalid character in minute",
    [CV_TIME_SECOND] = "invalid character in second",
    [CV_TIME_NO_FRACTION] = "second fraction digits missing after `.`",
    [CV_TIME_ZONE_SIGN] = "invalid timezone sign",
    [CV_TIME_ZONE_HOUR] = "invalid timezone hour",
    [CV_TIME_ZONE_MINUTE] = "invalid timezone minute",
    [CV_TIME_ZONE_MINUTE_RANGE] = "timezone minute value is outside expected range of 0-59",
    [CV_TIME_ZONE_RANGE] = "timezone offset must be less than 24 hours",
    [CV_TIME_MONTH_RANGE] = "month value is outside expected range of 1-12",
    [CV_TIME_DAY_RANGE] = "day value is outside expected range",
    [CV_TIME_HOUR_RANGE] = "hour value is outside expected range of 0-23",
    [CV_TIME_MINUTE_RANGE] = "minute value is outside expected range of 0-59",
    [CV_TIME_SECOND_RANGE] = "second value is outside expected range of 0-59",
    [CV_TIME_YEAR_ZERO] = "year 0 is out of range",
    [CV_TIME_OUT_OF_RANGE] = "the offset takes it out of the years 1 to 9999",
    [CV_TIME_TOO_EARLY] = "dates before 0000 are not supported as unix timestamps",
    [CV_TIME_TOO_LATE] = "dates after 9999 are not supported as unix timestamps",
    [CV_TIME_NOT_EXACT] = "Timestamp is not an exact date",
};

const char *cv_time_fault_text(enum cv_time_fault fault)
{
    return fault_texts[fault];
}

/* ---- calendar ---- */

/*
 * Both ways count in years that begin on 1 March, so that the leap day is the last of its year, from 0000-03-01, which
 * is 719468 days before 1970-01-01. Month lengths from March on follow (153 m + 2) / 5.
 */
enum { DAYS_OF_400_YEARS = 146097, MARCH_0000 = 719468 };

int32_t cv_date_of(int year, int month, int day)
{
    int years = month > 2 ? year : year - 1; /* may be -1 for the first months of year 0 */
    int era = (years >= 0 ? years : years - 399) / 400;
    int of_era = years - era * 400;
    int of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    return era * DAYS_OF_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - MARCH_0000;
}

void cv_date_split(int32_t days, int *year, int *month, int *day)
{
    int64_t since = (int64_t)days + MARCH_0000;
    int64_t era = (since >= 0 ? since : since - (DAYS_OF_400_YEARS - 1)) / DAYS_OF_400_YEARS;
    int day_of_era = (int)(since - era * DAYS_OF_400_YEARS);
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int from_march = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = (int)(era * 400) + year_of_era + (*month <= 2);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* ---- reading ---- */

/* What is left of the text. */
struct rest {
    const char *at;
    const char *end;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* `count` digits as a number; -1 if they are not there. */
static int digits(struct rest *rest, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (rest->at == rest->end || !is_digit(*rest->at))
            return -1;
        number = number * 10 + (*rest->at++ - '0');
    }
    return number;
}

static bool take(struct rest *rest, char c)
{
    if (rest->at == rest->end || *rest->at != c)
        return false;
    rest->at++;
    return true;
}

static enum cv_time_fault read_date(struct rest *rest, int *year, int32_t *days)
{
    if (rest->end - rest->at < CV_DATE_TEXT_SIZE)
        return CV_TIME_TOO_SHORT;
    if ((*year = digits(rest, 4)) < 0)
        return CV_TIME_YEAR;
    if (!take(rest, '-'))
        return CV_TIME_DATE_SEPARATOR;
    int month = digits(rest, 2);
    if (month < 0)
        return CV_TIME_MONTH;
    if (!take(rest, '-'))
        return CV_TIME_DATE_SEPARATOR;
    int day = digits(rest, 2);
    if (day < 0)
        return CV_TIME_DAY;
    if (month < 1 || month > 12)
        return CV_TIME_MONTH_RANGE;
    if (day < 1 || day > days_in_month(*year, month))
        return CV_TIME_DAY_RANGE;
    *days = cv_date_of(*year, month, day);
    return CV_TIME_GOOD;
}

/* The fraction behind its point; digits beyond the sixth are dropped. */
static enum cv_time_fault read_fraction(struct rest *rest, int64_t *us)
{
    int64_t worth = 100000;
    const char *first = rest->at;
    for (; rest->at < rest->end && is_digit(*rest->at); rest->at++, worth /= 10)
        *us += worth * (*rest->at - '0');
    return rest->at == first ? CV_TIME_NO_FRACTION : CV_TIME_GOOD;
}

static enum cv_time_fault read_clock(struct rest *rest, int64_t *us)
{
    if (rest->end - rest->at < 5)
        return CV_TIME_TOO_SHORT;
    int hour = digits(rest, 2);
    if (hour < 0)
        return CV_TIME_HOUR;
    if (!take(rest, ':'))
        return CV_TIME_TIME_SEPARATOR;
    int minute = digits(rest, 2);
    if (minute < 0)
        return CV_TIME_MINUTE;
    if (hour > 23)
        return CV_TIME_HOUR_RANGE;
    if (minute > 59)
        return CV_TIME_MINUTE_RANGE;
    *us = (int64_t)(hour * 3600 + minute * 60) * 1000000;
    if (!take(rest, ':'))
        return CV_TIME_GOOD;
    int second = digits(rest, 2);
    if (second < 0)
        return CV_TIME_SECOND;
    if (second > 59)
        return CV_TIME_SECOND_RANGE;
    *us += (int64_t)second * 1000000;
    return take(rest, '.') || take(rest, ',') ? read_fraction(rest, us) : CV_TIME_GOOD;
}

/* '+' or '-' (or U+2212, the minus that ISO 8601 means) as 1 or -1; 0 if there is neither. */
static int read_sign(struct rest *rest)
{
    static const char minus[] = "\xE2\x88\x92";
    if (take(rest, '+'))
        return 1;
    if (take(rest, '-'))
        return -1;
    if (rest->end - rest->at < 3 || memcmp(rest->at, minus, 3) != 0)
        return 0;
    rest->at += 3;
    return -1;
}

static enum cv_time_fault read_zone(struct rest *rest, int *minutes)
{
    *minutes = 0;
    if (rest->at == rest->end || take(rest, 'Z') || take(rest, 'z'))
        return CV_TIME_GOOD;
    int sign = read_sign(rest);
    if (sign == 0)
        return CV_TIME_ZONE_SIGN;
    int hour = digits(rest, 2);
    if (hour < 0)
        return CV_TIME_ZONE_HOUR;
    take(rest, ':');
    int minute = digits(rest, 2);
    if (minute < 0)
        return CV_TIME_ZONE_MINUTE;
    if (minute > 59)
        return CV_TIME_ZONE_MINUTE_RANGE;
    if (hour > 23)
        return CV_TIME_ZONE_RANGE;
    *minutes = sign * (hour * 60 + minute);
    return CV_TIME_GOOD;
}

enum cv_time_fault cv_date_parse(const char *text, size_t size, cuvee_date *date)
{
    struct rest rest = {.at = text, .end = text + size};
    int year;
    enum cv_time_fault fault = read_date(&rest, &year, &date->days);
    if (fault)
        return fault;
    if (rest.at < rest.end)
        return CV_TIME_EXTRA;
    return year == 0 ? CV_TIME_YEAR_ZERO : CV_TIME_GOOD;
}

enum cv_time_fault cv_time_parse_local(const char *text, size_t size, struct cv_local_time *local)
{
    struct rest rest = {.at = text, .end = text + size};
    int year;
    *local = (struct cv_local_time){.us = 0};
    enum cv_time_fault fault = read_date(&rest, &year, &local->days);
    if (fault)
        return fault;
    if (!take(&rest, 'T') && !take(&rest, 't') && !take(&rest, ' ') && !take(&rest, '_'))
        return CV_TIME_SEPARATOR;
    if ((fault = read_clock(&rest, &local->us)) || (fault = read_zone(&rest, &local->zone)))
        return fault;
    if (rest.at < rest.end)
        return CV_TIME_EXTRA;
    return year == 0 ? CV_TIME_YEAR_ZERO : CV_TIME_GOOD;
}

enum cv_time_fault cv_time_parse(const char *text, size_t size, cuvee_time *time)
{
    struct cv_local_time local;
    enum cv_time_fault fault = cv_time_parse_local(text, size, &local);
    if (fault)
        return fault;
    time->us = (int64_t)local.days * 86400000000 + local.us - (int64_t)local.zone * 60000000;
    return time->us < CV_TIME_MIN || time->us > CV_TIME_MAX ? CV_TIME_OUT_OF_RANGE : CV_TIME_GOOD;
}

/* ---- writing ---- */

static char *put_digits(char *out, int number, int count)
{
    for (int i = count - 1; i >= 0; i--, number /= 10)
        out[i] = (char)('0' + number % 10);
    return out + count;
}

static char *put_date(char *out, int32_t days)
{
    int year;
    int month;
    int day;
    cv_date_split(days, &year, &month, &day);
    out = put_digits(out, year, 4);
    *out++ = '-';
    out = put_digits(out, month, 2);
    *out++ = '-';
    return put_digits(out, day, 2);
}

size_t cv_date_format(char *out, cuvee_date date)
{
    if (date.days < CV_DATE_MIN || date.days > CV_DATE_MAX)
        return 0;
    put_date(out, date.days);
    return CV_DATE_TEXT_SIZE;
}

size_t cv_time_format(char *out, cuvee_time time)
{
    if (time.us < CV_TIME_MIN || time.us > CV_TIME_MAX)
        return 0;
    int64_t since = time.us - CV_TIME_MIN; /* not negative, so that division rounds down */
    int fraction = (int)(since % 1000000);
    int second = (int)(since / 1000000 % 86400);
    char *at = put_date(out, (int32_t)(since / 86400000000) + CV_DATE_MIN);
    *at++ = 'T';
    at = put_digits(at, second / 3600, 2);
    *at++ = ':';
    at = put_digits(at, second / 60 % 60, 2);
    *at++ = ':';
    at = put_digits(at, second % 60, 2);
    if (fraction > 0) {
        *at++ = '.';
        at = put_digits(at, fraction, 6);
    }
    *at++ = 'Z';
    return (size_t)(at - out);
}
