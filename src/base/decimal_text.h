/**
 * Exact decimal numbers as text. The canonical form is an optional '-', digits without needless zeros in front, and, if
 * there is a fraction, '.' and digits: "-12.50". Zeros at the end say how exact the number is and stay; zero has no
 * sign.
 */
#ifndef CV_BASE_DECIMAL_TEXT_H
#define CV_BASE_DECIMAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { CV_DECIMAL_DIGITS = 1000 }; /* most digits that a number may have, written out */

enum cv_decimal_fault {
    CV_DECIMAL_GOOD = 0,
    CV_DECIMAL_SYNTAX,
    CV_DECIMAL_NOT_FINITE, /* infinity or NaN */
    CV_DECIMAL_TOO_LONG,   /* more than CV_DECIMAL_DIGITS, counting the zeros that an exponent brings */
    CV_DECIMAL_NO_MEMORY,
};

/**
 * Reads a number as Python's Decimal does ("+1.5", ".5", "1e3", "1_000", spaces around it) into the canonical form, in
 * `arena`, closed by NUL.
 */
enum cv_decimal_fault cv_decimal_read(const char *text, size_t size, struct cv_arena *arena, const char **canonical,
                                      size_t *canonical_size);
/** Whether the text is in canonical form, and not too long. */
bool cv_decimal_is_canonical(const char *text, size_t size);
/**
 * Less than, equal to or greater than zero as a is below, equal to or above b in value ("1.0" equals "1"). Canonical.
 */
int cv_decimal_compare(const char *a, size_t a_size, const char *b, size_t b_size);

#endif
