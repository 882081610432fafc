#include "base/decimal_text.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* ---- reading ---- */

/* A number taken apart: digits with the point `point` digits from the left, which may lie outside of them. */
struct parts {
    bool negative;
    char digits[CV_DECIMAL_DIGITS];
    int count;
    int point;
};

/* What is left of the text. */
struct rest {
    const char *at;
    const char *end;
};

static bool next_is(const struct rest *rest, char c)
{
    return rest->at < rest->end && *rest->at == c;
}

/* Whether the rest is this word (in lower case), whatever its case. */
static bool is_word(const struct rest *rest, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(rest->end - rest->at) != size)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((rest->at[i] | 0x20) != word[i])
            return false;
    return true;
}

/* "nan" and "snan" may carry digits. */
static bool is_nan(struct rest rest)
{
    while (rest.end > rest.at && is_digit(rest.end[-1]))
        rest.end--;
    return is_word(&rest, "nan") || is_word(&rest, "snan");
}

/* Digits, where '_' means nothing. Zeros in front of the number are not kept. False when there are too many. */
static bool read_digits(struct rest *rest, struct parts *parts, int *seen)
{
    for (; rest->at < rest->end && (is_digit(*rest->at) || *rest->at == '_'); rest->at++) {
        if (*rest->at == '_')
            continue;
        ++*seen;
        if (parts->count == CV_DECIMAL_DIGITS)
            return false;
        parts->digits[parts->count++] = *rest->at;
        if (parts->count == 1 && parts->digits[0] == '0' && parts->point == 0)
            parts->count = 0;
    }
    return true;
}

static bool read_exponent(struct rest *rest, int *exponent)
{
    bool negative = next_is(rest, '-');
    if (negative || next_is(rest, '+'))
        rest->at++;
    int seen = 0;
    *exponent = 0;
    for (; rest->at < rest->end && (is_digit(*rest->at) || *rest->at == '_'); rest->at++) {
        if (*rest->at == '_')
            continue;
        seen++;
        if (*exponent <= 10 * CV_DECIMAL_DIGITS) /* far enough out to be too long, whatever follows */
            *exponent = *exponent * 10 + (*rest->at - '0');
    }
    if (negative)
        *exponent = -*exponent;
    return seen > 0;
}

static enum cv_decimal_fault take_apart(struct rest rest, struct parts *parts)
{
    parts->negative = next_is(&rest, '-');
    if (parts->negative || next_is(&rest, '+'))
        rest.at++;
    if (is_word(&rest, "inf") || is_word(&rest, "infinity") || is_nan(rest))
        return CV_DECIMAL_NOT_FINITE;
    int seen = 0;
    parts->count = parts->point = 0;
    bool fits = read_digits(&rest, parts, &seen);
    int whole = parts->count;
    if (fits && next_is(&rest, '.')) {
        rest.at++;
        parts->point = -1; /* from here on a zero counts */
        fits = read_digits(&rest, parts, &seen);
    }
    if (!fits)
        return CV_DECIMAL_TOO_LONG;
    parts->point = whole;
    int exponent = 0;
    if (seen > 0 && (next_is(&rest, 'e') || next_is(&rest, 'E'))) {
        rest.at++;
        if (!read_exponent(&rest, &exponent))
            return CV_DECIMAL_SYNTAX;
    }
    parts->point += exponent;
    return seen > 0 && rest.at == rest.end ? CV_DECIMAL_GOOD : CV_DECIMAL_SYNTAX;
}

/* The first digit in front of the point that is no needless zero (an exponent can bring those). */
static int first_digit(const struct parts *parts)
{
    int first = 0;
    while (first < parts->count && first < parts->point && parts->digits[first] == '0')
        first++;
    return first;
}

/* Writes the number out; returns its size. `out` has room for it. */
static size_t put_together(const struct parts *parts, char *out)
{
    char *at = out;
    bool zero = true;
    for (int i = 0; i < parts->count; i++)
        zero = zero && parts->digits[i] == '0';
    if (parts->negative && !zero)
        *at++ = '-';
    int first = first_digit(parts);
    if (zero || first >= parts->point)
        *at++ = '0';
    for (int i = first; i < parts->point && !zero; i++)
        *at++ = i < parts->count ? parts->digits[i] : '0';
    if (parts->count > parts->point) {
        *at++ = '.';
        for (int i = parts->point; i < parts->count; i++)
            *at++ = i < 0 ? '0' : parts->digits[i];
    }
    return (size_t)(at - out);
}

enum cv_decimal_fault cv_decimal_read(const char *text, size_t size, struct cv_arena *arena, const char **canonical,
                                      size_t *canonical_size)
{
    struct rest rest = {.at = text, .end = text + size};
    while (rest.at < rest.end && is_space(*rest.at))
        rest.at++;
    while (rest.end > rest.at && is_space(rest.end[-1]))
        rest.end--;
    struct parts parts;
    enum cv_decimal_fault fault = take_apart(rest, &parts);
    if (fault)
        return fault;
    int before = parts.point > 0 ? parts.point : 0;
    int after = parts.count > parts.point ? parts.count - parts.point : 0;
    if (before + after > CV_DECIMAL_DIGITS)
        return CV_DECIMAL_TOO_LONG;
    char out[CV_DECIMAL_DIGITS + 3]; /* sign, zero, point */
    *canonical_size = put_together(&parts, out);
    *canonical = cv_arena_copy(arena, out, *canonical_size);
    return *canonical ? CV_DECIMAL_GOOD : CV_DECIMAL_NO_MEMORY;
}

/* ---- canonical texts ---- */

bool cv_decimal_is_canonical(const char *text, size_t size)
{
    const char *at = text;
    const char *end = text + size;
    bool negative = size > 0 && *at == '-';
    at += negative;
    if (at == end || !is_digit(*at) || (*at == '0' && end - at > 1 && at[1] != '.'))
        return false;
    bool zero = true;
    size_t points = 0;
    for (; at < end; at++) {
        if (*at == '.')
            points++;
        else if (!is_digit(*at))
            return false;
        zero = zero && (*at == '0' || *at == '.');
    }
    size_t digits = size - negative - points;
    return points <= 1 && end[-1] != '.' && !(zero && negative) && digits <= CV_DECIMAL_DIGITS + 1;
}

static size_t size_before_point(const char *text, size_t size)
{
    const char *point = memchr(text, '.', size);
    return point ? (size_t)(point - text) : size;
}

/* Both without a sign. */
static int compare_sizes(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t a_whole = size_before_point(a, a_size);
    size_t b_whole = size_before_point(b, b_size);
    if (a_whole != b_whole)
        return a_whole < b_whole ? -1 : 1;
    size_t longer = a_size > b_size ? a_size : b_size;
    for (size_t i = 0; i < longer; i++) {
        char x = i < a_size ? a[i] : '0';
        char y = i < b_size ? b[i] : '0';
        x = x == '.' ? '0' : x; /* where the other number has ended */
        y = y == '.' ? '0' : y;
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

int cv_decimal_compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
    bool a_negative = a_size > 0 && *a == '-';
    bool b_negative = b_size > 0 && *b == '-';
    if (a_negative != b_negative)
        return a_negative ? -1 : 1;
    if (a_negative)
        return compare_sizes(b + 1, b_size - 1, a + 1, a_size - 1);
    return compare_sizes(a, a_size, b, b_size);
}
