#include "model/lax.h"

#include "model/json_build.h"

struct cv_input cv_input_text(const char *text, size_t size)
{
    return (struct cv_input){.type = CV_INPUT_TEXT, .text = text, .size = size};
}

struct cv_input cv_input_json(const json_t *json)
{
    struct cv_input input = {.json = json};
    switch (json_typeof(json)) {
    case JSON_NULL: input.type = CV_INPUT_NULL; break;
    case JSON_TRUE:
    case JSON_FALSE:
        input.type = CV_INPUT_BOOL;
        input.boolean = json_is_true(json);
        break;
    case JSON_INTEGER:
        input.type = CV_INPUT_INTEGER;
        input.integer = json_integer_value(json);
        break;
    case JSON_REAL:
        input.type = CV_INPUT_REAL;
        input.real = json_real_value(json);
        break;
    case JSON_STRING:
        input.text = cv_json_big(json, &input.size);
        input.type = input.text ? CV_INPUT_BIG : CV_INPUT_TEXT;
        if (!input.text) {
            input.text = json_string_value(json);
            input.size = json_string_length(json);
        }
        break;
    case JSON_ARRAY: input.type = CV_INPUT_ARRAY; break;
    case JSON_OBJECT: input.type = CV_INPUT_OBJECT; break;
    }
    return input;
}

/* The mistake of an integer beyond its kind: the field's own bound on that side, or the kind's. */
static bool beyond(const struct cv_lax *lax, cuvee_kind kind, bool above)
{
    const struct cv_field *field = lax->field;
    cuvee_value none = cuvee_null();
    enum cv_rule rule = CV_RULE_NONE;
    if (above)
        rule = field->le.kind ? CV_RULE_LE : field->lt.kind ? CV_RULE_LT : CV_RULE_NONE;
    else
        rule = field->ge.kind ? CV_RULE_GE : field->gt.kind ? CV_RULE_GT : CV_RULE_NONE;
    return rule ? cv_lax_fault_rule(lax, rule, &none) : cv_lax_fault_limit(lax, kind, above);
}

static bool read_int(const struct cv_lax *lax, cuvee_kind kind, cuvee_value *value)
{
    int64_t integer;
    switch (cv_lax_int(lax, &integer)) {
    case CV_LAX_READ: break;
    case CV_LAX_FAULT: return false;
    case CV_LAX_ABOVE: return beyond(lax, kind, true);
    case CV_LAX_BELOW: return beyond(lax, kind, false);
    }
    if (kind == CUVEE_INT32 && (integer > INT32_MAX || integer < INT32_MIN))
        return beyond(lax, kind, integer > 0);
    *value = cuvee_int_value(integer);
    value->kind = kind;
    return true;
}

static bool read_kind(const struct cv_lax *lax, cuvee_kind kind, cuvee_value *value)
{
    switch (kind) {
    case CUVEE_BOOL: return cv_lax_bool(lax, value);
    case CUVEE_INT32:
    case CUVEE_INT64: return read_int(lax, kind, value);
    case CUVEE_DOUBLE: return cv_lax_double(lax, value);
    case CUVEE_TEXT: return cv_lax_text(lax, value);
    case CUVEE_TIME: return cv_lax_time(lax, value);
    case CUVEE_DATE: return cv_lax_date(lax, value);
    case CUVEE_DECIMAL: return cv_lax_decimal(lax, value);
    case CUVEE_UUID: return cv_lax_uuid(lax, value);
    case CUVEE_BLOB: return cv_lax_blob(lax, value);
    case CUVEE_JSON: return cv_lax_json(lax, value);
    case CUVEE_OBJECT:
    case CUVEE_ARRAY: break;
    }
    return false;
}

bool cv_lax_value(const struct cv_lax *lax, cuvee_kind kind, cuvee_value *value)
{
    if (!read_kind(lax, kind, value))
        return false;
    enum cv_rule rule = cv_rule_broken(lax->field, value);
    return rule == CV_RULE_NONE || cv_lax_fault_rule(lax, rule, value);
}
