/** What is refused here, so that all engines refuse it alike. */
#ifndef CV_DRIVER_CHECK_H
#define CV_DRIVER_CHECK_H

#include "driver/driver.h"

/**
 * Whether the values can be parameters: text is UTF-8 without NUL, decimals are canonical, numbers finite, times and
 * dates of the years 1 to 9999, int32 in its range. False: VALUE, naming the first that is not.
 */
bool cv_check_params(const cuvee_value *params, size_t count, cuvee_error *error);
/**
 * Whether a statement turned out to have as many parameters and columns as its text was said to have; false: MISUSE.
 */
bool cv_check_counts(const struct cv_statement_text *text, size_t params, size_t columns, cuvee_error *error);

#endif
