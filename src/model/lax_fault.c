#include <string.h>

#include "base/double_text.h"
#include "base/utf8.h"
#include "model/format.h"
#include "model/json_dump.h"
#include "model/json_write.h"
#include "model/lax.h"

bool cv_lax_no_memory(const struct cv_lax *lax)
{
    lax->issues->no_memory = true;
    return false;
}

static void dump_input(struct cv_buffer *out, const struct cv_input *input)
{
    if (input->json) {
        cv_json_dump(out, input->json);
        return;
    }
    if (!input->texts) {
        cv_json_string(out, input->text, input->size);
        return;
    }
    for (size_t i = 0; i < input->size; i++) {
        cv_buffer_char(out, i > 0 ? ',' : '[');
        cv_json_string(out, input->texts[i].data, input->texts[i].size);
    }
    cv_buffer_char(out, ']');
}

/* Adds the mistake with what was sent as its input. */
static bool add(const struct cv_lax *lax, const char *type, const char *msg, const char *ctx)
{
    struct cv_buffer input;
    cv_buffer_init(&input, 0);
    dump_input(&input, &lax->input);
    const char *text = cv_buffer_text(&input);
    if (text && msg)
        cv_issue_add(lax->issues, type, lax->loc, msg, text, ctx);
    else
        cv_lax_no_memory(lax);
    cv_buffer_free(&input);
    return false;
}

bool cv_lax_fault(const struct cv_lax *lax, const char *type, const char *msg)
{
    return add(lax, type, msg, NULL);
}

/* A mistake while its message and ctx are put together. */
struct fault {
    const char *type;
    struct cv_buffer msg;
    struct cv_buffer ctx;
};

static void begin(struct fault *fault, const char *type, const char *msg)
{
    fault->type = type;
    cv_buffer_init(&fault->msg, 0);
    cv_buffer_init(&fault->ctx, 0);
    cv_buffer_put(&fault->msg, msg);
    cv_buffer_char(&fault->ctx, '{');
}

static void put_name(struct fault *fault, const char *name)
{
    if (fault->ctx.size > 1)
        cv_buffer_char(&fault->ctx, ',');
    cv_json_string(&fault->ctx, name, strlen(name));
    cv_buffer_char(&fault->ctx, ':');
}

static void put_text(struct fault *fault, const char *name, const char *text, size_t size)
{
    put_name(fault, name);
    cv_json_string(&fault->ctx, text, size);
}

static void put_count(struct fault *fault, const char *name, size_t count)
{
    put_name(fault, name);
    cv_buffer_int(&fault->ctx, (int64_t)count);
}

static bool end(struct fault *fault, const struct cv_lax *lax)
{
    cv_buffer_char(&fault->ctx, '}');
    const char *ctx = cv_buffer_text(&fault->ctx);
    add(lax, fault->type, ctx ? cv_buffer_text(&fault->msg) : NULL, ctx);
    cv_buffer_free(&fault->msg);
    cv_buffer_free(&fault->ctx);
    return false;
}

bool cv_lax_fault_of(const struct cv_lax *lax, const char *type, const char *before, const char *name,
                     const char *error, const char *after)
{
    struct fault fault;
    begin(&fault, type, before);
    cv_buffer_put(&fault.msg, error);
    cv_buffer_put(&fault.msg, after);
    put_text(&fault, name, error, strlen(error));
    return end(&fault, lax);
}

bool cv_lax_fault_number(const struct cv_lax *lax, const char *type, const char *before, const char *name,
                         int64_t number, const char *after)
{
    struct fault fault;
    begin(&fault, type, before);
    cv_buffer_int(&fault.msg, number);
    cv_buffer_put(&fault.msg, after);
    put_name(&fault, name);
    cv_buffer_int(&fault.ctx, number);
    return end(&fault, lax);
}

/* ---- bounds ---- */

static void put_double(struct fault *fault, double value)
{
    char text[CV_DOUBLE_PLAIN_SIZE];
    cv_buffer_bytes(&fault->msg, text, cv_double_plain(text, value));
    cv_buffer_bytes(&fault->ctx, text, cv_double_format(text, value));
}

/* In the message as it is, in the ctx as a number: whole if it has no fraction, else the nearest double. */
static void put_decimal(struct fault *fault, const char *text, size_t size)
{
    double value;
    cv_buffer_bytes(&fault->msg, text, size);
    if (memchr(text, '.', size) && cv_double_parse(text, size, &value)) {
        char number[CV_DOUBLE_TEXT_SIZE];
        cv_buffer_bytes(&fault->ctx, number, cv_double_format(number, value));
    } else {
        cv_buffer_bytes(&fault->ctx, text, size);
    }
}

static void put_bound(struct fault *fault, const cuvee_value *bound)
{
    if (bound->kind == CUVEE_DOUBLE) {
        put_double(fault, bound->as.real);
    } else if (bound->kind == CUVEE_DECIMAL) {
        put_decimal(fault, bound->as.text.data, bound->as.text.size);
    } else { /* integers, and times and dates, which are texts in the ctx only */
        size_t before = fault->ctx.size;
        cv_json_value(&fault->ctx, bound);
        bool quoted = bound->kind == CUVEE_TIME || bound->kind == CUVEE_DATE;
        if (!fault->ctx.failed)
            cv_buffer_bytes(&fault->msg, fault->ctx.data + before + quoted,
                            fault->ctx.size - before - (quoted ? 2 : 0));
    }
}

struct bound_words {
    const char *type;
    const char *msg;
    const char *name;
};

static const struct bound_words bound_words[] = {
    [CV_RULE_LE] = {"less_than_equal", "Input should be less than or equal to ", "le"},
    [CV_RULE_LT] = {"less_than", "Input should be less than ", "lt"},
    [CV_RULE_GE] = {"greater_than_equal", "Input should be greater than or equal to ", "ge"},
    [CV_RULE_GT] = {"greater_than", "Input should be greater than ", "gt"},
};

static bool fault_bound(const struct cv_lax *lax, enum cv_rule rule, const cuvee_value *bound)
{
    struct fault fault;
    begin(&fault, bound_words[rule].type, bound_words[rule].msg);
    put_name(&fault, bound_words[rule].name);
    put_bound(&fault, bound);
    return end(&fault, lax);
}

bool cv_lax_fault_limit(const struct cv_lax *lax, cuvee_kind kind, bool above)
{
    int64_t most = kind == CUVEE_INT32 ? INT32_MAX : INT64_MAX;
    cuvee_value limit = cuvee_int_value(above ? most : -most - 1);
    return fault_bound(lax, above ? CV_RULE_LE : CV_RULE_GE, &limit);
}

/* ---- decimals ---- */

static bool fault_places(const struct cv_lax *lax)
{
    uint32_t places = lax->field->declared->places;
    return cv_lax_fault_number(lax, "decimal_max_places", "Decimal input should have no more than ", "decimal_places",
                               places, places == 1 ? " decimal place" : " decimal places");
}

/* ---- lengths ---- */

static bool fault_length(const struct cv_lax *lax, enum cv_rule rule)
{
    const cuvee_field *declared = lax->field->declared;
    bool text = lax->field->kind == CUVEE_TEXT;
    bool least = rule == CV_RULE_MIN_LENGTH;
    uint32_t length = least ? declared->min_length : declared->max_length;
    bool one = length == 1;
    const char *unit = text ? (one ? " character" : " characters") : (one ? " byte" : " bytes");
    if (least)
        return text ? cv_lax_fault_number(lax, "string_too_short", "String should have at least ", "min_length", length,
                                          unit)
                    : cv_lax_fault_number(lax, "bytes_too_short", "Data should have at least ", "min_length", length,
                                          unit);
    return text ? cv_lax_fault_number(lax, "string_too_long", "String should have at most ", "max_length", length, unit)
                : cv_lax_fault_number(lax, "bytes_too_long", "Data should have at most ", "max_length", length, unit);
}

bool cv_lax_fault_count(const struct cv_lax *lax, enum cv_rule rule, size_t count)
{
    bool least = rule == CV_RULE_MIN_LENGTH;
    uint32_t length = least ? lax->field->declared->min_length : lax->field->declared->max_length;
    struct fault fault;
    begin(&fault, least ? "too_short" : "too_long", "List should have at ");
    cv_buffer_put(&fault.msg, least ? "least " : "most ");
    cv_buffer_int(&fault.msg, length);
    cv_buffer_put(&fault.msg, length == 1 ? " item" : " items");
    cv_buffer_put(&fault.msg, " after validation, not ");
    cv_buffer_int(&fault.msg, (int64_t)count);
    put_text(&fault, "field_type", "List", 4);
    put_count(&fault, least ? "min_length" : "max_length", length);
    put_count(&fault, "actual_length", count);
    return end(&fault, lax);
}

/* ---- choices ---- */

/* The text as Python's repr prints it. */
static void put_repr(struct cv_buffer *out, const char *text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    bool single = memchr(text, '\'', size) && !memchr(text, '"', size);
    char quote = single ? '"' : '\'';
    cv_buffer_char(out, quote);
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        const char *known = c != '\0' ? strchr("\t\n\r", c) : NULL;
        if (known) {
            cv_buffer_char(out, '\\');
            cv_buffer_char(out, "tnr"[*known == '\n' ? 1 : *known == '\r' ? 2 : 0]);
        } else if (c < 0x20 || c == 0x7F) {
            cv_buffer_put(out, "\\x");
            cv_buffer_char(out, digits[c >> 4]);
            cv_buffer_char(out, digits[c & 15]);
        } else {
            if (c == '\\' || c == (unsigned char)quote)
                cv_buffer_char(out, '\\');
            cv_buffer_char(out, (char)c);
        }
    }
    cv_buffer_char(out, quote);
}

static bool fault_choices(const struct cv_lax *lax)
{
    struct fault fault;
    begin(&fault, "literal_error", "Input should be ");
    size_t before = fault.msg.size;
    size_t count = lax->field->choice_count;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            cv_buffer_put(&fault.msg, i + 1 < count ? ", " : " or ");
        put_repr(&fault.msg, lax->field->choices[i].text, lax->field->choices[i].size);
    }
    if (!fault.msg.failed)
        put_text(&fault, "expected", fault.msg.data + before, fault.msg.size - before);
    return end(&fault, lax);
}

/* ---- the other rules ---- */

static bool fault_pattern(const struct cv_lax *lax)
{
    const char *pattern = lax->field->declared->pattern;
    return cv_lax_fault_of(lax, "string_pattern_mismatch", "String should match pattern '", "pattern", pattern, "'");
}

static bool fault_format(const struct cv_lax *lax, const cuvee_value *value)
{
    cuvee_format format = lax->field->declared->format;
    const char *why = cv_format_fault(format, value->as.text.data, value->as.text.size);
    switch (format) {
    case CUVEE_EMAIL:
        return cv_lax_fault_of(lax, "value_error", "value is not a valid email address: ", "reason", why, "");
    case CUVEE_URL: return cv_lax_fault_of(lax, "url_parsing", "Input should be a valid URL, ", "error", why, "");
    case CUVEE_IPV4: return cv_lax_fault(lax, "ip_v4_address", "Input is not a valid IPv4 address");
    case CUVEE_IPV6: return cv_lax_fault(lax, "ip_v6_address", "Input is not a valid IPv6 address");
    case CUVEE_HOSTNAME:
    case CUVEE_NO_FORMAT: break;
    }
    return add(lax, "value_error", "Value error, it is not a valid host name", "{\"error\":{}}");
}

bool cv_lax_fault_rule(const struct cv_lax *lax, enum cv_rule rule, const cuvee_value *value)
{
    const struct cv_field *field = lax->field;
    switch (rule) {
    case CV_RULE_PLACES: return fault_places(lax);
    case CV_RULE_LE: return fault_bound(lax, rule, &field->le);
    case CV_RULE_LT: return fault_bound(lax, rule, &field->lt);
    case CV_RULE_GE: return fault_bound(lax, rule, &field->ge);
    case CV_RULE_GT: return fault_bound(lax, rule, &field->gt);
    case CV_RULE_MIN_LENGTH:
    case CV_RULE_MAX_LENGTH: return fault_length(lax, rule);
    case CV_RULE_PATTERN: return fault_pattern(lax);
    case CV_RULE_FORMAT: return fault_format(lax, value);
    case CV_RULE_CHOICES: return fault_choices(lax);
    case CV_RULE_NONE:
    case CV_RULE_NO_MEMORY: break;
    }
    return cv_lax_no_memory(lax);
}
