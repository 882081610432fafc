/**
 * Times and dates as text: RFC 3339 in and out, with the calendar that this takes. Any thread.
 *
 * Read: YYYY-MM-DD, then 'T', 't', '_' or a space, HH:MM, seconds and a fraction after '.' or ',' if wanted (rounded
 * down to microseconds), then Z or an offset (+01:00, +0100). Without an offset it is taken as UTC. Written: with T and
 * Z, six digits of fraction or none.
 */
#ifndef CV_BASE_TIME_TEXT_H
#define CV_BASE_TIME_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <cuvee/value.h>

/* Why a text is no time or date. */
enum cv_time_fault {
    CV_TIME_GOOD = 0,
    CV_TIME_TOO_SHORT,
    CV_TIME_EXTRA,
    CV_TIME_SEPARATOR,      /* between date and time */
    CV_TIME_DATE_SEPARATOR, /* inside the date */
    CV_TIME_YEAR,           /* no digit there; likewise below */
    CV_TIME_MONTH,
    CV_TIME_DAY,
    CV_TIME_TIME_SEPARATOR,
    CV_TIME_HOUR,
    CV_TIME_MINUTE,
    CV_TIME_SECOND,
    CV_TIME_NO_FRACTION,
    CV_TIME_ZONE_SIGN,
    CV_TIME_ZONE_HOUR,
    CV_TIME_ZONE_MINUTE,
    CV_TIME_ZONE_MINUTE_RANGE,
    CV_TIME_ZONE_RANGE,
    CV_TIME_MONTH_RANGE,
    CV_TIME_DAY_RANGE,
    CV_TIME_HOUR_RANGE,
    CV_TIME_MINUTE_RANGE,
    CV_TIME_SECOND_RANGE,
    CV_TIME_YEAR_ZERO,
    CV_TIME_OUT_OF_RANGE, /* its offset takes it out of the years 1 to 9999 */
    CV_TIME_TOO_EARLY,    /* a number of seconds before year 0 */
    CV_TIME_TOO_LATE,     /* a number of seconds after year 9999 */
    CV_TIME_NOT_EXACT,    /* a number of seconds that is no midnight, for a date */
};

/** The fault in words ("month value is outside expected range of 1-12"). Never NULL; static. */
const char *cv_time_fault_text(enum cv_time_fault fault);

#define CV_TIME_MIN (INT64_C(-62135596800) * 1000000)          /* 0001-01-01T00:00:00Z */
#define CV_TIME_MAX (INT64_C(253402300799) * 1000000 + 999999) /* 9999-12-31T23:59:59.999999Z */
enum { CV_DATE_MIN = -719162, CV_DATE_MAX = 2932896 };
enum { CV_TIME_TEXT_SIZE = 27, CV_DATE_TEXT_SIZE = 10 };

/** Days since 1970-01-01 of a day that exists. */
int32_t cv_date_of(int year, int month, int day);
/** The day's year, month (1 to 12) and day (1 to 31). */
void cv_date_split(int32_t days, int *year, int *month, int *day);

/** Reads a date; the whole text must be one. */
enum cv_time_fault cv_date_parse(const char *text, size_t size, cuvee_date *date);
/** Reads a time; the whole text must be one. */
enum cv_time_fault cv_time_parse(const char *text, size_t size, cuvee_time *time);

/* A time as it was written: its own day and time of day, and how far it is ahead of UTC. */
struct cv_local_time {
    int32_t days;
    int64_t us; /* since its midnight */
    int zone;   /* minutes; 0 without an offset */
};

/** Reads a time without taking it to UTC: CV_TIME_OUT_OF_RANGE is none of its faults. The whole text must be one. */
enum cv_time_fault cv_time_parse_local(const char *text, size_t size, struct cv_local_time *local);

/**
 * Writes the date without a closing NUL into `out`, which has room for CV_DATE_TEXT_SIZE. Its size; 0 if out of range.
 */
size_t cv_date_format(char *out, cuvee_date date);
/**
 * Writes the time without a closing NUL into `out`, which has room for CV_TIME_TEXT_SIZE. Its size; 0 if out of range.
 */
size_t cv_time_format(char *out, cuvee_time time);

#endif
