#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/decimal_text.h"
#include "base/double_text.h"
#include "model/constant.h"
#include "model/lax.h"

enum { LONGEST_INTEGER = 4300 };

static const char bool_type[] = "Input should be a valid boolean";
static const char bool_parsing[] = "Input should be a valid boolean, unable to interpret input";
static const char int_type[] = "Input should be a valid integer";
static const char int_parsing[] = "Input should be a valid integer, unable to parse string as an integer";
static const char int_from_float[] = "Input should be a valid integer, got a number with a fractional part";
static const char int_parsing_size[] = "Unable to parse input string as an integer, exceeded maximum size";
static const char float_type[] = "Input should be a valid number";
static const char float_parsing[] = "Input should be a valid number, unable to parse string as a number";
static const char finite_number[] = "Input should be a finite number";
static const char decimal_type[] = "Decimal input should be an integer, float, string or Decimal object";
static const char decimal_parsing[] = "Input should be a valid decimal";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What is left of a text. */
struct rest {
    const char *at;
    const char *end;
};

static struct rest trimmed(const struct cv_input *input)
{
    struct rest rest = {.at = input->text, .end = input->text + input->size};
    while (rest.at < rest.end && is_space(*rest.at))
        rest.at++;
    while (rest.end > rest.at && is_space(rest.end[-1]))
        rest.end--;
    return rest;
}

/*
 * A '_' between two digits means nothing; anywhere else it is wrong. Copies the rest without them; 0 if one is wrong.
 */
static size_t without_underscores(struct rest rest, char *out)
{
    char *at = out;
    for (const char *p = rest.at; p < rest.end; p++) {
        if (*p != '_')
            *at++ = *p;
        else if (p == rest.at || p + 1 == rest.end || p[1] == '_')
            return 0;
    }
    return (size_t)(at - out);
}

/* ---- bool ---- */

static bool same_letter(char c, char small)
{
    return c == small || (small >= 'a' && (c | 0x20) == small);
}

static bool is_one_of(const struct cv_input *input, const char *const *words)
{
    for (; *words; words++) {
        size_t i = 0;
        while (i < input->size && (*words)[i] && same_letter(input->text[i], (*words)[i]))
            i++;
        if (i == input->size && (*words)[i] == '\0')
            return true;
    }
    return false;
}

static bool bool_of_text(const struct cv_lax *lax, cuvee_value *value)
{
    static const char *const yes[] = {"1", "t", "y", "on", "yes", "true", NULL};
    static const char *const no[] = {"0", "f", "n", "no", "off", "false", NULL};
    *value = cuvee_bool_value(is_one_of(&lax->input, yes));
    return value->as.boolean || is_one_of(&lax->input, no) || cv_lax_fault(lax, "bool_parsing", bool_parsing);
}

bool cv_lax_bool(const struct cv_lax *lax, cuvee_value *value)
{
    const struct cv_input *input = &lax->input;
    switch (input->type) {
    case CV_INPUT_BOOL: *value = cuvee_bool_value(input->boolean); return true;
    case CV_INPUT_TEXT: return bool_of_text(lax, value);
    case CV_INPUT_INTEGER:
        *value = cuvee_bool_value(input->integer == 1);
        return input->integer == 0 || input->integer == 1 || cv_lax_fault(lax, "bool_parsing", bool_parsing);
    case CV_INPUT_REAL:
        if (input->real != floor(input->real) || fabs(input->real) >= 0x1p63)
            return cv_lax_fault(lax, "bool_type", bool_type);
        *value = cuvee_bool_value(input->real == 1);
        return input->real == 0 || input->real == 1 || cv_lax_fault(lax, "bool_parsing", bool_parsing);
    default: return cv_lax_fault(lax, "bool_type", bool_type);
    }
}

/* ---- integers ---- */

static enum cv_lax_integer int_fault(const struct cv_lax *lax, const char *type, const char *msg)
{
    cv_lax_fault(lax, type, msg);
    return CV_LAX_FAULT;
}

/* "-0", "17": digits that need no cleaning. */
static bool is_plain_integer(struct rest rest)
{
    rest.at += rest.at < rest.end && *rest.at == '-';
    if (rest.at == rest.end || (*rest.at == '0' && rest.end - rest.at > 1))
        return false;
    while (rest.at < rest.end && is_digit(*rest.at))
        rest.at++;
    return rest.at == rest.end;
}

static enum cv_lax_integer int_of_digits(struct rest rest, int64_t *integer)
{
    cuvee_value value;
    if (cv_constant_read(CUVEE_INT64, rest.at, (size_t)(rest.end - rest.at), NULL, &value) == CV_CONSTANT_GOOD) {
        *integer = value.as.integer;
        return CV_LAX_READ;
    }
    return *rest.at == '-' ? CV_LAX_BELOW : CV_LAX_ABOVE;
}

/*
 * "007", "0_1", "00.0": zeros in front go, with '_' among them, but for the last one of a zero. False if no number is
 * there.
 */
static bool skip_zeros(struct rest *rest)
{
    const char *p = rest->at;
    if (p == rest->end || !is_digit(*p))
        return false;
    if (*p != '0')
        return true;
    while (p < rest->end && (*p == '0' || *p == '_'))
        p++;
    if (p < rest->end && *p != '.' && !is_digit(*p))
        return false;
    rest->at = p == rest->end || *p == '.' ? p - 1 : p;
    return true;
}

/* "2.00" is whole. */
static void drop_zero_fraction(struct rest *rest)
{
    const char *point = memchr(rest->at, '.', (size_t)(rest->end - rest->at));
    const char *p = point ? point + 1 : rest->end;
    if (p == rest->end)
        return;
    while (p < rest->end && *p == '0')
        p++;
    if (p == rest->end)
        rest->end = point;
}

/* What people write around digits; puts the plain integer into `out`. */
static bool clean(struct rest rest, char *out, struct rest *cleaned)
{
    char *at = out;
    if (rest.at < rest.end && *rest.at == '+') {
        rest.at++;
        if (rest.at < rest.end && *rest.at == '-')
            return false;
    }
    if (rest.at < rest.end && *rest.at == '-') {
        rest.at++;
        *at++ = '-';
    }
    if (!skip_zeros(&rest))
        return false;
    drop_zero_fraction(&rest);
    size_t size = without_underscores(rest, at);
    *cleaned = (struct rest){.at = out, .end = at + size};
    return size > 0;
}

static enum cv_lax_integer int_of_text(const struct cv_lax *lax, int64_t *integer)
{
    char out[LONGEST_INTEGER + 1];
    struct rest rest = {.at = lax->input.text, .end = lax->input.text + lax->input.size};
    if (lax->input.size > LONGEST_INTEGER) {
        bool number = is_plain_integer(rest);
        return number ? int_fault(lax, "int_parsing_size", int_parsing_size)
                      : int_fault(lax, "int_parsing", int_parsing);
    }
    if (!is_plain_integer(rest) && (!clean(trimmed(&lax->input), out, &rest) || !is_plain_integer(rest)))
        return int_fault(lax, "int_parsing", int_parsing);
    return int_of_digits(rest, integer);
}

static enum cv_lax_integer int_of_real(const struct cv_lax *lax, double real, int64_t *integer)
{
    if (real != floor(real))
        return int_fault(lax, "int_from_float", int_from_float);
    if (fabs(real) >= 0x1p63)
        return int_fault(lax, "int_parsing_size", int_parsing_size);
    *integer = (int64_t)real;
    return CV_LAX_READ;
}

static bool is_real(const struct cv_input *input)
{
    return memchr(input->text, '.', input->size) || memchr(input->text, 'e', input->size) ||
           memchr(input->text, 'E', input->size);
}

enum cv_lax_integer cv_lax_int(const struct cv_lax *lax, int64_t *integer)
{
    const struct cv_input *input = &lax->input;
    switch (input->type) {
    case CV_INPUT_BOOL: *integer = input->boolean; return CV_LAX_READ;
    case CV_INPUT_INTEGER: *integer = input->integer; return CV_LAX_READ;
    case CV_INPUT_REAL: return int_of_real(lax, input->real, integer);
    case CV_INPUT_TEXT: return int_of_text(lax, integer);
    case CV_INPUT_BIG:
        if (is_real(input))
            return int_fault(lax, "finite_number", finite_number);
        return *input->text == '-' ? CV_LAX_BELOW : CV_LAX_ABOVE;
    default: return int_fault(lax, "int_type", int_type);
    }
}

/* ---- doubles ---- */

static bool double_of_text(const struct cv_lax *lax, double *real)
{
    char out[LONGEST_INTEGER + 1];
    struct rest rest = trimmed(&lax->input);
    if (cv_double_parse(rest.at, (size_t)(rest.end - rest.at), real))
        return true;
    struct rest whole = {.at = lax->input.text, .end = lax->input.text + lax->input.size};
    size_t size = lax->input.size <= LONGEST_INTEGER ? without_underscores(whole, out) : 0;
    return (size > 0 && cv_double_parse(out, size, real)) || cv_lax_fault(lax, "float_parsing", float_parsing);
}

bool cv_lax_double(const struct cv_lax *lax, cuvee_value *value)
{
    const struct cv_input *input = &lax->input;
    double real = 0;
    switch (input->type) {
    case CV_INPUT_BOOL: real = input->boolean; break;
    case CV_INPUT_INTEGER: real = (double)input->integer; break;
    case CV_INPUT_REAL: real = input->real; break;
    case CV_INPUT_BIG:
        if (!cv_double_parse(input->text, input->size, &real))
            real = INFINITY; /* more digits than anybody reads */
        break;
    case CV_INPUT_TEXT:
        if (!double_of_text(lax, &real))
            return false;
        break;
    default: return cv_lax_fault(lax, "float_type", float_type);
    }
    *value = cuvee_double_value(real);
    return isfinite(real) || cv_lax_fault(lax, "finite_number", finite_number);
}

/* ---- decimals ---- */

static bool decimal_of(const struct cv_lax *lax, const char *text, size_t size, cuvee_value *value)
{
    value->kind = CUVEE_DECIMAL;
    switch (cv_decimal_read(text, size, lax->arena, &value->as.text.data, &value->as.text.size)) {
    case CV_DECIMAL_GOOD: return true;
    case CV_DECIMAL_SYNTAX: return cv_lax_fault(lax, "decimal_parsing", decimal_parsing);
    case CV_DECIMAL_NOT_FINITE: return cv_lax_fault(lax, "finite_number", finite_number);
    case CV_DECIMAL_TOO_LONG: break;
    case CV_DECIMAL_NO_MEMORY: return cv_lax_no_memory(lax);
    }
    return cv_lax_fault_number(lax, "decimal_max_digits", "Decimal input should have no more than ", "max_digits",
                               CV_DECIMAL_DIGITS, " digits in total");
}

bool cv_lax_decimal(const struct cv_lax *lax, cuvee_value *value)
{
    const struct cv_input *input = &lax->input;
    char text[CV_DOUBLE_TEXT_SIZE];
    struct cv_buffer digits;
    bool good;
    switch (input->type) {
    case CV_INPUT_TEXT: return decimal_of(lax, input->text, input->size, value);
    case CV_INPUT_BIG:
        if (is_real(input))
            return cv_lax_fault(lax, "finite_number", finite_number);
        return decimal_of(lax, input->text, input->size, value);
    case CV_INPUT_REAL: return decimal_of(lax, text, cv_double_format(text, input->real), value);
    case CV_INPUT_INTEGER:
        cv_buffer_init(&digits, 0);
        cv_buffer_int(&digits, input->integer);
        good = digits.failed ? cv_lax_no_memory(lax) : decimal_of(lax, digits.data, digits.size, value);
        cv_buffer_free(&digits);
        return good;
    default: return cv_lax_fault(lax, "decimal_type", decimal_type);
    }
}
