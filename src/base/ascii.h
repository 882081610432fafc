/** Characters of ASCII, whatever the locale. Bytes of other characters are none of these. */
#ifndef CV_BASE_ASCII_H
#define CV_BASE_ASCII_H

#include <stdbool.h>

static inline bool cv_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool cv_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool cv_is_alnum(char c)
{
    return cv_is_letter(c) || cv_is_digit(c);
}

/** The value of a hexadecimal digit of either case; -1 for what is none. */
static inline int cv_hex_value(char c)
{
    if (cv_is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
