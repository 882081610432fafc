#include "driver/check.h"

#include <math.h>
#include <string.h>

#include "base/decimal_text.h"
#include "base/error.h"
#include "base/time_text.h"
#include "base/utf8.h"

static bool is_between(int64_t number, int64_t low, int64_t high)
{
    return number >= low && number <= high;
}

static bool is_good(const cuvee_value *value)
{
    switch ((int)value->kind) {
    case 0:
    case CUVEE_BOOL:
    case CUVEE_INT64:
    case CUVEE_UUID:
    case CUVEE_BLOB: return true;
    case CUVEE_TEXT:
    case CUVEE_JSON: return cv_utf8_text(value->as.text.data, value->as.text.size);
    case CUVEE_INT32: return is_between(value->as.integer, INT32_MIN, INT32_MAX);
    case CUVEE_DOUBLE: return isfinite(value->as.real);
    case CUVEE_TIME: return is_between(value->as.integer, CV_TIME_MIN, CV_TIME_MAX);
    case CUVEE_DATE: return is_between(value->as.integer, CV_DATE_MIN, CV_DATE_MAX);
    case CUVEE_DECIMAL: return cv_decimal_is_canonical(value->as.text.data, value->as.text.size);
    default: return false;
    }
}

bool cv_check_params(const cuvee_value *params, size_t count, cuvee_error *error)
{
    size_t i = 0;
    while (i < count && is_good(&params[i]))
        i++;
    if (i == count)
        return true;
    cv_error_set(
        error, CUVEE_ERROR_VALUE,
        "parameter %zu is no value of its kind: text is UTF-8 without NUL, numbers are finite, years 1 to 9999", i + 1);
    memcpy(error->sqlstate, "22000", 6);
    return false;
}

bool cv_check_counts(const struct cv_statement_text *text, size_t params, size_t columns, cuvee_error *error)
{
    if (params != text->param_count)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement has %zu parameters, but %zu values are given",
                            params, text->param_count);
    if (text->columns && columns != text->column_count)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement gives %zu columns, but %zu are wanted", columns,
                            text->column_count);
    return true;
}
