#include "base/double_text.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

/* The digits of a number without point, and where the point stands: 0.d1d2d3… times ten to the `point`. */
struct decimal {
    char digits[20];
    int count;
    int point;
};

static void whole_digits(uint64_t number, struct decimal *decimal)
{
    char *end = decimal->digits + sizeof decimal->digits;
    char *first = end;
    for (; number > 0; number /= 10)
        *--first = (char)('0' + number % 10);
    decimal->count = (int)(end - first);
    memmove(decimal->digits, first, (size_t)decimal->count);
}

/*
 * Most numbers that people send have few digits behind the point: then value * 10^n is a whole number below 10^15 that
 * the double represents, the division gives the same double back, and no shorter text could.
 */
static bool few_digits(double value, struct decimal *decimal)
{
    static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    for (int places = 0; places < 7; places++) {
        double scaled = value * tens[places];
        if (scaled >= 1e15)
            return false;
        uint64_t whole = (uint64_t)scaled;
        for (uint64_t near = whole; near <= whole + 1; near++) { /* value * 10^n may have been rounded */
            if ((double)near / tens[places] != value)
                continue;
            whole_digits(near, decimal);
            decimal->point = decimal->count - places;
            return true;
        }
    }
    return false;
}

/* %e writes "d<point>ddd…e±xx", where the point is the locale's, of any length. */
static void split_scientific(const char *text, struct decimal *decimal)
{
    const char *exponent = strrchr(text, 'e');
    decimal->count = 0;
    for (const char *p = text; p < exponent; p++)
        if (*p >= '0' && *p <= '9')
            decimal->digits[decimal->count++] = *p;
    decimal->point = (int)strtol(exponent + 1, NULL, 10) + 1;
}

/* Adds one to the last digit in front of the exponent. False when every digit is a nine. */
static bool raise_last_digit(char *text)
{
    for (char *p = strrchr(text, 'e') - 1; p >= text; p--) {
        if (*p >= '0' && *p < '9') {
            ++*p;
            return true;
        }
        if (*p == '9')
            *p = '0';
    }
    return false;
}

/*
 * Whether `digits` digits suffice, which are then in `text`. Below a power of two the doubles lie twice as close as
 * above it, so there the decimal next above may be the one that reads back although the nearest does not.
 */
static bool suffices(double value, int digits, char *text, size_t room)
{
    snprintf(text, room, "%.*e", digits - 1, value);
    if (strtod(text, NULL) == value)
        return true;
    int exponent;
    return frexp(value, &exponent) == 0.5 && raise_last_digit(text) && strtod(text, NULL) == value;
}

static void shortest(double value, struct decimal *decimal)
{
    if (few_digits(value, decimal))
        return;
    char text[64];
    int digits = value < DBL_MIN ? 1 : 15; /* every number of 15 digits is told apart, but for the smallest */
    while (digits < 17 && !suffices(value, digits, text, sizeof text))
        digits++;
    if (digits == 17)
        snprintf(text, sizeof text, "%.16e", value);
    split_scientific(text, decimal);
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
        decimal->count--;
}

static char *put_zeros(char *out, int count)
{
    memset(out, '0', (size_t)count);
    return out + count;
}

static char *put_bytes(char *out, const char *bytes, int count)
{
    memcpy(out, bytes, (size_t)count);
    return out + count;
}

static char *put_plain(char *out, const struct decimal *decimal)
{
    if (decimal->point <= 0) {
        out = put_bytes(out, "0.", 2);
        out = put_zeros(out, -decimal->point);
        return put_bytes(out, decimal->digits, decimal->count);
    }
    int whole = decimal->count < decimal->point ? decimal->count : decimal->point;
    out = put_bytes(out, decimal->digits, whole);
    out = put_zeros(out, decimal->point - whole);
    *out++ = '.';
    if (decimal->count == whole)
        return put_zeros(out, 1);
    return put_bytes(out, decimal->digits + whole, decimal->count - whole);
}

static char *put_scientific(char *out, const struct decimal *decimal)
{
    *out++ = decimal->digits[0];
    if (decimal->count > 1) {
        *out++ = '.';
        out = put_bytes(out, decimal->digits + 1, decimal->count - 1);
    }
    int exponent = decimal->point - 1;
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    exponent = abs(exponent);
    if (exponent >= 100)
        *out++ = (char)('0' + exponent / 100);
    *out++ = (char)('0' + exponent / 10 % 10);
    *out++ = (char)('0' + exponent % 10);
    return out;
}

size_t cv_double_format(char *out, double value)
{
    if (!isfinite(value))
        return 0;
    char *at = out;
    if (signbit(value))
        *at++ = '-';
    if (value == 0)
        return (size_t)(put_bytes(at, "0.0", 3) - out);
    struct decimal decimal = {.count = 0};
    shortest(fabs(value), &decimal);
    bool plain = decimal.point > -4 && decimal.point <= 16;
    return (size_t)((plain ? put_plain(at, &decimal) : put_scientific(at, &decimal)) - out);
}

size_t cv_double_plain(char *out, double value)
{
    char *at = out;
    if (!isfinite(value))
        return 0;
    if (value == 0) {
        *at++ = '0';
        return 1;
    }
    if (signbit(value))
        *at++ = '-';
    struct decimal decimal = {.count = 0};
    shortest(fabs(value), &decimal);
    at = put_plain(at, &decimal);
    return (size_t)(at - out) - (decimal.count <= decimal.point ? 2 : 0); /* without ".0" */
}

/* ---- reading ---- */

enum { LONGEST = 4300 }; /* as Python limits integers */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether the text is this word (in lower case), whatever its case. */
static bool is_word(const char *text, const char *end, const char *word)
{
    for (; text < end && *word && (*text | 0x20) == *word; text++)
        word++;
    return text == end && *word == '\0';
}

/* Whether it is a number in the form that strtod reads in the C locale: no hexadecimal, nothing after it. */
static bool is_number(const char *p, const char *end)
{
    size_t digits = 0;
    for (; p < end && is_digit(*p); p++)
        digits++;
    if (p < end && *p == '.') {
        for (p++; p < end && is_digit(*p); p++)
            digits++;
    }
    if (digits == 0)
        return false;
    if (p < end && (*p | 0x20) == 'e') {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        if (p == end)
            return false;
        while (p < end && is_digit(*p))
            p++;
    }
    return p == end;
}

/* strtod takes the point from the thread's locale, so that is "C" for the while. */
static bool convert(const char *text, const char *end, double *value)
{
    char copy[LONGEST + 1];
    size_t size = (size_t)(end - text);
    if (size > LONGEST)
        return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = c ? uselocale(c) : (locale_t)0;
    char *stop;
    *value = strtod(copy, &stop);
    if (c) {
        uselocale(before);
        freelocale(c);
    }
    return stop == copy + size;
}

bool cv_double_parse(const char *text, size_t size, double *value)
{
    const char *end = text + size;
    bool negative = size > 0 && *text == '-';
    if (negative || (size > 0 && *text == '+'))
        text++;
    if (is_word(text, end, "inf") || is_word(text, end, "infinity"))
        *value = INFINITY;
    else if (is_word(text, end, "nan"))
        *value = NAN;
    else if (!is_number(text, end) || !convert(text, end, value))
        return false;
    if (negative)
        *value = -*value;
    return true;
}
