#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/decimal_text.h"
#include "base/error.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "model/constant.h"
#include "model/row.h"
#include "model/rule.h"

enum { ARGUMENT_SIZE = 400 };

/* "User.age: …", with model and field in their places too. */
#if defined(__GNUC__)
__attribute__((format(printf, 5, 6)))
#endif
static bool
refuse(const struct cv_plan *plan, const struct cv_field *field, cuvee_error *error, cuvee_error_kind kind,
       const char *format, ...)
{
    char reason[ARGUMENT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    bool first = error && error->kind == CUVEE_ERROR_NONE;
    cv_error_set(error, kind, "%s.%s: %s", plan->model->name, field->name, reason);
    if (first) {
        cv_error_text(error->model, sizeof error->model, plan->model->name);
        cv_error_text(error->fields, sizeof error->fields, field->name);
    }
    return false;
}

/* ---- what a kind can hold ---- */

/* NULL if the value is one that its kind can hold, else why not. */
static const char *kind_fault(const cuvee_value *value)
{
    int64_t integer = value->as.integer;
    const char *text = value->as.text.data;
    size_t size = value->as.text.size;
    switch (value->kind) {
    case CUVEE_DOUBLE: return isfinite(value->as.real) ? NULL : "infinity and NaN are no values";
    case CUVEE_INT32: return integer >= INT32_MIN && integer <= INT32_MAX ? NULL : "it is out of range of int32";
    case CUVEE_TIME:
        return integer >= CV_TIME_MIN && integer <= CV_TIME_MAX ? NULL : "it is outside of the years 1 to 9999";
    case CUVEE_DATE:
        return integer >= CV_DATE_MIN && integer <= CV_DATE_MAX ? NULL : "it is outside of the years 1 to 9999";
    case CUVEE_TEXT:
        if (cv_utf8_text(text, size))
            return NULL;
        return memchr(text, '\0', size) ? "text cannot have NUL bytes" : "the text is not valid UTF-8";
    case CUVEE_DECIMAL: return cv_decimal_is_canonical(text, size) ? NULL : "the text is no decimal number";
    case CUVEE_JSON: return cv_json_is(text, size) ? NULL : "the text is no JSON";
    default: return NULL;
    }
}

/* ---- fits ---- */

static bool fits_double(cuvee_value *value)
{
    int64_t integer = value->as.integer;
    double real = (double)integer;
    bool in_range = real < 9223372036854775808.0; /* 2^63, where the way back would overflow */
    if (!in_range || (int64_t)real != integer)
        return false;
    *value = cuvee_double_value(real);
    return true;
}

static bool converts(cuvee_kind kind, cuvee_value *value, struct cv_arena *arena, enum cv_constant *found)
{
    bool integer = value->kind == CUVEE_INT32 || value->kind == CUVEE_INT64;
    char digits[24];
    *found = CV_CONSTANT_GOOD;
    if (integer && (kind == CUVEE_INT32 || kind == CUVEE_INT64)) {
        value->kind = kind;
        return true;
    }
    if (integer && kind == CUVEE_DOUBLE)
        return fits_double(value);
    if (integer && kind == CUVEE_BOOL && (value->as.integer == 0 || value->as.integer == 1)) {
        *value = cuvee_bool_value(value->as.integer == 1); /* C17's true and false are integers */
        return true;
    }
    if (integer && kind == CUVEE_DECIMAL) {
        int size = snprintf(digits, sizeof digits, "%lld", (long long)value->as.integer);
        *found = cv_constant_read(kind, digits, (size_t)size, arena, value);
        return *found == CV_CONSTANT_GOOD;
    }
    bool readable =
        kind == CUVEE_DECIMAL || kind == CUVEE_TIME || kind == CUVEE_DATE || kind == CUVEE_UUID || kind == CUVEE_JSON;
    if (readable && (value->kind == CUVEE_TEXT || value->kind == kind)) {
        cuvee_value text = *value;
        *found = cv_constant_read(kind, text.as.text.data, text.as.text.size, arena, value);
        return *found == CV_CONSTANT_GOOD;
    }
    return false;
}

bool cv_row_fits(const struct cv_plan *plan, const struct cv_field *field, cuvee_value *value, struct cv_arena *arena,
                 cuvee_error *error)
{
    if (value->kind == 0)
        return field->nullable || refuse(plan, field, error, CUVEE_ERROR_NOT_NULL, "it cannot be NULL");
    const char *from = cv_kind_name(value->kind);
    enum cv_constant found = CV_CONSTANT_GOOD;
    bool as_it_is = value->kind == field->kind && field->kind != CUVEE_DECIMAL;
    if (!as_it_is && !converts(field->kind, value, arena, &found)) {
        if (found == CV_CONSTANT_NO_MEMORY)
            return cv_error_memory(error);
        return refuse(plan, field, error, CUVEE_ERROR_VALUE, "a value of kind %s does not fit a field of kind %s", from,
                      cv_kind_name(field->kind));
    }
    const char *fault = kind_fault(value);
    return !fault || refuse(plan, field, error, CUVEE_ERROR_VALUE, "%s", fault);
}

/* ---- check ---- */

static bool check_value(const struct cv_plan *plan, const struct cv_field *field, const cuvee_value *value,
                        cuvee_error *error)
{
    if (value->kind == 0)
        return field->nullable || refuse(plan, field, error, CUVEE_ERROR_NOT_NULL, "it cannot be NULL");
    const char *fault = kind_fault(value);
    if (fault)
        return refuse(plan, field, error, CUVEE_ERROR_VALUE, "%s", fault);
    enum cv_rule rule = field->ruled ? cv_rule_broken(field, value) : CV_RULE_NONE;
    if (rule == CV_RULE_NONE)
        return true;
    if (rule == CV_RULE_NO_MEMORY)
        return cv_error_memory(error);
    char text[ARGUMENT_SIZE - 8];
    cv_rule_text(field, rule, text, sizeof text);
    return refuse(plan, field, error, CUVEE_ERROR_CHECK, "it %s", text);
}

bool cv_row_check_field(const struct cv_plan *plan, const struct cv_field *field, const void *row, cuvee_error *error)
{
    if (field->auto_key || field->kind >= CUVEE_OBJECT)
        return true;
    cuvee_value value = cv_row_get(field, row);
    return check_value(plan, field, &value, error);
}

bool cv_row_check(const struct cv_plan *plan, const void *row, cuvee_error *error)
{
    for (size_t i = 0; i < plan->count; i++)
        if (!cv_row_check_field(plan, &plan->fields[i], row, error))
            return false;
    return true;
}

/* One loop for both, since a program may add very many rows and a text is measured once. */
bool cv_row_take(const struct cv_plan *plan, void *row, struct cv_arena *arena, cuvee_error *error)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (field->auto_key)
            continue;
        cuvee_value value = cv_row_get(field, row);
        if (!check_value(plan, field, &value, error))
            return false;
        bool points = value.kind == CUVEE_TEXT || value.kind == CUVEE_BLOB || value.kind == CUVEE_DECIMAL ||
                      value.kind == CUVEE_JSON;
        if (points && !cv_item_set(value.kind, (char *)row + field->offset, &value, arena))
            return cv_error_memory(error);
    }
    return true;
}
