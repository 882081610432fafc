/** What no engine may be given: refused here, so that all refuse it alike. */
#ifndef CV_DRIVER_CHECK_H
#define CV_DRIVER_CHECK_H

#include <cuvee/error.h>
#include <cuvee/value.h>

/**
 * Whether the values can be parameters: text is UTF-8 without NUL, decimals are canonical, numbers finite, times and dates of
 * the years 1 to 9999, int32 in its range. False: VALUE, naming the first that is not.
 */
bool cv_check_params(const cuvee_value *params, size_t count, cuvee_error *error);

#endif
