#include <math.h>

#include "base/double_text.h"
#include "base/time_text.h"
#include "model/constant.h"
#include "model/lax.h"

#define SECONDS_OF_YEAR_0  INT64_C(-62167219200)
#define SECONDS_OF_YEAR_1  INT64_C(-62135596800)
#define SECONDS_UNTIL_9999 INT64_C(253402300799)
/* A number further from 0 than this counts milliseconds, else seconds: in seconds it is the year 2603. */
#define MOST_SECONDS INT64_C(20000000000)

static const char time_type[] = "Input should be a valid datetime";
static const char time_parsing[] = "Input should be a valid datetime, ";
static const char time_from_date[] = "Input should be a valid datetime or date, ";
static const char date_type[] = "Input should be a valid date";
static const char date_parsing[] = "Input should be a valid date in the format YYYY-MM-DD, ";
static const char date_from_time[] = "Input should be a valid date or datetime, ";
static const char date_inexact[] = "Datetimes provided to dates should have zero time - e.g. be exact dates";

/* ---- times as numbers ---- */

static enum cv_time_fault of_integer(int64_t number, int64_t extra_us, cuvee_time *time)
{
    int64_t second = number;
    if (number > MOST_SECONDS || number < -MOST_SECONDS) {
        second = number / 1000 - (number % 1000 < 0);
        extra_us += (number % 1000 + (number % 1000 < 0 ? 1000 : 0)) * 1000;
    }
    second += extra_us / 1000000;
    if (second < SECONDS_OF_YEAR_0)
        return CV_TIME_TOO_EARLY;
    if (second > SECONDS_UNTIL_9999)
        return CV_TIME_TOO_LATE;
    time->us = second * 1000000 + extra_us % 1000000;
    return second < SECONDS_OF_YEAR_1 ? CV_TIME_YEAR_ZERO : CV_TIME_GOOD;
}

static enum cv_time_fault of_real(double number, cuvee_time *time)
{
    if (fabs(number) >= 0x1p63)
        return number > 0 ? CV_TIME_TOO_LATE : CV_TIME_TOO_EARLY;
    double whole = floor(number);
    double unit = fabs(number) > (double)MOST_SECONDS ? 1000 : 1000000;
    return of_integer((int64_t)whole, (int64_t)round((number - whole) * unit), time);
}

/* A text of digits, or of digits with a point. */
static bool is_number(const struct cv_input *input, bool *whole)
{
    size_t i = input->size > 0 && (input->text[0] == '-' || input->text[0] == '+');
    size_t points = 0;
    size_t digits = 0;
    for (; i < input->size; i++) {
        bool digit = input->text[i] >= '0' && input->text[i] <= '9';
        if (!digit && input->text[i] != '.')
            return false;
        points += !digit;
        digits += digit;
    }
    *whole = points == 0;
    return digits > 0 && points <= 1;
}

/* False if the text is no number that could be a time. */
static bool of_digits(const struct cv_input *input, enum cv_time_fault *fault, cuvee_time *time)
{
    bool whole;
    cuvee_value value;
    if (!is_number(input, &whole))
        return false;
    size_t plus = *input->text == '+';
    const char *text = input->text + plus;
    size_t size = input->size - plus;
    if (whole) {
        if (cv_constant_read(CUVEE_INT64, text, size, NULL, &value) != CV_CONSTANT_GOOD)
            return false;
        *fault = of_integer(value.as.integer, 0, time);
        return true;
    }
    if (!cv_double_parse(text, size, &value.as.real))
        return false;
    *fault = of_real(value.as.real, time);
    return true;
}

/* A number of a body. False if the input is none. */
static bool of_number(const struct cv_input *input, enum cv_time_fault *fault, cuvee_time *time)
{
    switch (input->type) {
    case CV_INPUT_INTEGER: *fault = of_integer(input->integer, 0, time); return true;
    case CV_INPUT_REAL: *fault = of_real(input->real, time); return true;
    case CV_INPUT_BIG: *fault = *input->text == '-' ? CV_TIME_TOO_EARLY : CV_TIME_TOO_LATE; return true;
    default: return false;
    }
}

/* ---- times ---- */

static bool time_fault(const struct cv_lax *lax, const char *type, const char *msg, enum cv_time_fault fault)
{
    return cv_lax_fault_of(lax, type, msg, "error", cv_time_fault_text(fault), "");
}

/* A text that is no time may still be a day, which begins at midnight; if it is none either, its fault is told. */
static bool time_of_text(const struct cv_lax *lax, cuvee_time *time)
{
    const struct cv_input *input = &lax->input;
    enum cv_time_fault fault = cv_time_parse(input->text, input->size, time);
    bool number = fault && of_digits(input, &fault, time);
    if (!fault)
        return true;
    if (fault == CV_TIME_YEAR_ZERO || fault == CV_TIME_OUT_OF_RANGE)
        return time_fault(lax, "datetime_parsing", time_parsing, fault);
    cuvee_date date;
    bool whole;
    bool told = number && is_number(input, &whole) && whole; /* the same number as a day has the same fault */
    if (!told)
        fault = cv_date_parse(input->text, input->size, &date);
    if (fault == CV_TIME_YEAR_ZERO)
        return time_fault(lax, "datetime_parsing", time_parsing, fault);
    if (fault)
        return time_fault(lax, "datetime_from_date_parsing", time_from_date, fault);
    time->us = (int64_t)date.days * 86400000000;
    return true;
}

bool cv_lax_time(const struct cv_lax *lax, cuvee_value *value)
{
    cuvee_time time = {.us = 0};
    enum cv_time_fault fault = CV_TIME_GOOD;
    bool good = true;
    if (lax->input.type == CV_INPUT_TEXT)
        good = time_of_text(lax, &time);
    else if (!of_number(&lax->input, &fault, &time))
        good = cv_lax_fault(lax, "datetime_type", time_type);
    else if (fault)
        good = time_fault(lax, "datetime_parsing", time_parsing, fault);
    *value = cuvee_time_value(time);
    return good;
}

/* ---- dates ---- */

static bool date_of_time(const struct cv_lax *lax, enum cv_time_fault fault, cuvee_time time, cuvee_date *date)
{
    int64_t day = INT64_C(86400000000);
    if (fault == CV_TIME_YEAR_ZERO)
        return time_fault(lax, "date_parsing", date_parsing, fault);
    if (fault)
        return time_fault(lax, "date_from_datetime_parsing", date_from_time, fault);
    if (time.us % day != 0)
        return cv_lax_fault(lax, "date_from_datetime_inexact", date_inexact);
    date->days = (int32_t)(time.us / day);
    return true;
}

/* A day, or a time at midnight wherever that was. */
static bool date_of_text(const struct cv_lax *lax, cuvee_date *date)
{
    const struct cv_input *input = &lax->input;
    enum cv_time_fault fault = cv_date_parse(input->text, input->size, date);
    if (!fault)
        return true;
    if (fault == CV_TIME_YEAR_ZERO)
        return time_fault(lax, "date_parsing", date_parsing, fault);
    struct cv_local_time local;
    cuvee_time time = {.us = 0};
    fault = cv_time_parse_local(input->text, input->size, &local);
    if (!fault)
        time.us = (int64_t)local.days * 86400000000 + local.us;
    else if (fault != CV_TIME_YEAR_ZERO)
        of_digits(input, &fault, &time);
    return date_of_time(lax, fault, time, date);
}

bool cv_lax_date(const struct cv_lax *lax, cuvee_value *value)
{
    cuvee_date date = {.days = 0};
    cuvee_time time = {.us = 0};
    enum cv_time_fault fault = CV_TIME_GOOD;
    bool good;
    if (lax->input.type == CV_INPUT_TEXT)
        good = date_of_text(lax, &date);
    else if (of_number(&lax->input, &fault, &time))
        good = date_of_time(lax, fault, time, &date);
    else
        good = cv_lax_fault(lax, "date_type", date_type);
    *value = cuvee_date_value(date);
    return good;
}
