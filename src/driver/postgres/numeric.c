/*
 * NUMERIC on the wire: groups of four decimal digits, the first of weight `weight` (powers of 10000), the number of
 * digits behind the point, and a sign. All are 16 bits, the greater byte first.
 */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/decimal_text.h"

enum { GROUP = 4, POSITIVE = 0x0000, NEGATIVE = 0x4000, GROUPS = CV_DECIMAL_DIGITS / GROUP + 4 };

static void put16(struct cv_buffer *wire, int number)
{
    cv_buffer_char(wire, (char)((unsigned)number >> 8 & 0xFF));
    cv_buffer_char(wire, (char)((unsigned)number & 0xFF));
}

static int get16(const unsigned char *data)
{
    int number = data[0] << 8 | data[1];
    return number >= 0x8000 ? number - 0x10000 : number;
}

/* The four digits from `at` on, as if zeros stood around the text. */
static int group_at(const char *digits, int size, int at)
{
    int group = 0;
    for (int i = at; i < at + GROUP; i++)
        group = group * 10 + (i >= 0 && i < size ? digits[i] - '0' : 0);
    return group;
}

void cv_pg_encode_numeric(struct cv_buffer *wire, const char *text, size_t size)
{
    char digits[CV_DECIMAL_DIGITS + 2];
    int groups[GROUPS];
    bool negative = size > 0 && *text == '-';
    const char *point = memchr(text, '.', size);
    int whole = (int)((point ? (size_t)(point - text) : size) - negative);
    int scale = point ? (int)(size - (size_t)(point - text)) - 1 : 0;
    memcpy(digits, text + negative, (size_t)whole);
    if (point)
        memcpy(digits + whole, point + 1, (size_t)scale);
    int weight = (whole + GROUP - 1) / GROUP - 1;
    int count = 0;
    for (int at = whole - (weight + 1) * GROUP; at < whole + scale; at += GROUP)
        groups[count++] = group_at(digits, whole + scale, at);
    int first = 0;
    while (first < count && groups[first] == 0)
        first++;
    while (count > first && groups[count - 1] == 0)
        count--;
    put16(wire, count - first);
    put16(wire, count > first ? weight - first : 0);
    put16(wire, negative ? NEGATIVE : POSITIVE);
    put16(wire, scale);
    for (int i = first; i < count; i++)
        put16(wire, groups[i]);
}

static void put_group(struct cv_buffer *text, const unsigned char *groups, int count, int at, int digits)
{
    char four[GROUP];
    int group = at >= 0 && at < count ? get16(groups + (size_t)at * 2) : 0;
    for (int i = GROUP - 1; i >= 0; i--, group /= 10)
        four[i] = (char)('0' + group % 10);
    cv_buffer_bytes(text, four, (size_t)digits);
}

bool cv_pg_decode_numeric(struct cv_buffer *text, const unsigned char *data, size_t size)
{
    if (size < 8)
        return false;
    int count = get16(data);
    int weight = get16(data + 2);
    int sign = get16(data + 4);
    int scale = get16(data + 6);
    const unsigned char *groups = data + 8;
    if (count < 0 || scale < 0 || size != 8 + (size_t)count * 2 || (sign != POSITIVE && sign != NEGATIVE))
        return false;
    if (weight * GROUP > CV_DECIMAL_DIGITS || scale > CV_DECIMAL_DIGITS)
        return false; /* longer than a decimal can be */
    if (sign == NEGATIVE)
        cv_buffer_char(text, '-');
    cv_buffer_int(text, weight >= 0 && count > 0 ? get16(groups) : 0); /* no zeros in front */
    for (int at = 1; at <= weight; at++)
        put_group(text, groups, count, at, GROUP);
    if (scale > 0)
        cv_buffer_char(text, '.');
    for (int at = weight + 1; scale > 0; at++, scale -= GROUP)
        put_group(text, groups, count, at, scale < GROUP ? scale : GROUP);
    return true;
}
