/** Doubles as text, the same in every locale. Any thread. */
#ifndef CV_BASE_DOUBLE_TEXT_H
#define CV_BASE_DOUBLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { CV_DOUBLE_TEXT_SIZE = 32, CV_DOUBLE_PLAIN_SIZE = 352 };

/**
 * Writes the shortest text that reads back as the same double, as Python and JSON have it ("1.0", "0.1", "1e+16",
 * "-2.5e-07"), without a closing NUL, into `out`, which has room for CV_DOUBLE_TEXT_SIZE. Its size; 0 for infinity and
 * NaN.
 */
size_t cv_double_format(char *out, double value);
/**
 * The same digits without exponent, and without a fraction if there is none ("3", "0.00001"); room
 * CV_DOUBLE_PLAIN_SIZE.
 */
size_t cv_double_plain(char *out, double value);
/**
 * Reads digits with an optional sign, point and exponent ("1", "-.5", "1.", "1e3"), or "inf", "infinity", "nan" in any
 * case. The whole text must be a number, of at most 4300 characters; false otherwise. One beyond every double is read
 * as infinity.
 */
bool cv_double_parse(const char *text, size_t size, double *value);

#endif
