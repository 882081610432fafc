#include "model/rule.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "model/constant.h"
#include "model/format.h"
#include "model/pattern.h"

/* ---- bounds ---- */

static enum cv_rule broken_bound(const struct cv_field *field, const cuvee_value *value)
{
    if (field->le.kind && cv_value_compare(value, &field->le) > 0)
        return CV_RULE_LE;
    if (field->lt.kind && cv_value_compare(value, &field->lt) >= 0)
        return CV_RULE_LT;
    if (field->ge.kind && cv_value_compare(value, &field->ge) < 0)
        return CV_RULE_GE;
    if (field->gt.kind && cv_value_compare(value, &field->gt) <= 0)
        return CV_RULE_GT;
    return CV_RULE_NONE;
}

/* ---- decimals ---- */

/* Zeros at the end say nothing that rounding could lose. */
static size_t places_of(const char *text, size_t size)
{
    const char *point = memchr(text, '.', size);
    if (!point)
        return 0;
    while (text[size - 1] == '0')
        size--;
    return size - (size_t)(point - text) - 1;
}

static enum cv_rule broken_by_decimal(const struct cv_field *field, const cuvee_value *value)
{
    uint32_t most = field->declared->places;
    if (most > 0 && places_of(value->as.text.data, value->as.text.size) > most)
        return CV_RULE_PLACES;
    return broken_bound(field, value);
}

/* ---- text ---- */

static enum cv_rule broken_length(const struct cv_field *field, size_t length)
{
    if (length < field->declared->min_length)
        return CV_RULE_MIN_LENGTH;
    return field->declared->max_length > 0 && length > field->declared->max_length ? CV_RULE_MAX_LENGTH : CV_RULE_NONE;
}

static bool is_choice(const struct cv_field *field, const char *data, size_t size)
{
    for (size_t i = 0; i < field->choice_count; i++)
        if (field->choices[i].size == size && memcmp(field->choices[i].text, data, size) == 0)
            return true;
    return false;
}

static enum cv_rule broken_by_text(const struct cv_field *field, const char *data, size_t size)
{
    const cuvee_field *declared = field->declared;
    if (field->choice_count > 0 && !is_choice(field, data, size))
        return CV_RULE_CHOICES;
    bool counted = field->kind == CUVEE_TEXT && (declared->min_length > 0 || declared->max_length > 0);
    enum cv_rule broken = counted ? broken_length(field, cv_utf8_count(data, size)) : CV_RULE_NONE;
    if (broken)
        return broken;
    enum cv_match match = field->pattern ? cv_pattern_match(field->pattern, data, size) : CV_MATCH;
    if (match != CV_MATCH)
        return match == CV_NO_MATCH ? CV_RULE_PATTERN : CV_RULE_NO_MEMORY;
    return cv_format_fault(declared->format, data, size) ? CV_RULE_FORMAT : CV_RULE_NONE;
}

enum cv_rule cv_rule_broken(const struct cv_field *field, const cuvee_value *value)
{
    if (value->kind == CUVEE_TEXT)
        return broken_by_text(field, value->as.text.data, value->as.text.size);
    if (value->kind == CUVEE_BLOB)
        return field->kind == CUVEE_BLOB ? broken_length(field, value->as.text.size) : CV_RULE_NONE;
    if (value->kind == CUVEE_DECIMAL)
        return broken_by_decimal(field, value);
    return cv_kind_has_order(value->kind) ? broken_bound(field, value) : CV_RULE_NONE;
}

enum cv_rule cv_rule_broken_by_count(const struct cv_field *field, size_t count)
{
    return broken_length(field, count);
}

/* ---- words ---- */

static const char *unit(const struct cv_field *field)
{
    return field->kind == CUVEE_BLOB ? "bytes" : "characters";
}

void cv_rule_text(const struct cv_field *field, enum cv_rule rule, char *text, size_t size)
{
    const cuvee_field *declared = field->declared;
    static const char *const formats[] = {
        [CUVEE_NO_FORMAT] = "text",     [CUVEE_EMAIL] = "e-mail address", [CUVEE_URL] = "URL",
        [CUVEE_HOSTNAME] = "host name", [CUVEE_IPV4] = "IPv4 address",    [CUVEE_IPV6] = "IPv6 address"};
    switch (rule) {
    case CV_RULE_PLACES:
        snprintf(text, size, "must have at most %u digits behind the point", (unsigned)declared->places);
        return;
    case CV_RULE_LE: snprintf(text, size, "must be at most %s", declared->le); return;
    case CV_RULE_LT: snprintf(text, size, "must be less than %s", declared->lt); return;
    case CV_RULE_GE: snprintf(text, size, "must be at least %s", declared->ge); return;
    case CV_RULE_GT: snprintf(text, size, "must be greater than %s", declared->gt); return;
    case CV_RULE_MIN_LENGTH:
        snprintf(text, size, "must have at least %u %s", (unsigned)declared->min_length, unit(field));
        return;
    case CV_RULE_MAX_LENGTH:
        snprintf(text, size, "must have at most %u %s", (unsigned)declared->max_length, unit(field));
        return;
    case CV_RULE_PATTERN: snprintf(text, size, "must match the pattern %s", declared->pattern); return;
    case CV_RULE_FORMAT: snprintf(text, size, "must be a valid %s", formats[declared->format]); return;
    case CV_RULE_CHOICES: snprintf(text, size, "must be one of %s", declared->choices); return;
    case CV_RULE_NONE:
    case CV_RULE_NO_MEMORY: break;
    }
    snprintf(text, size, "%s", rule == CV_RULE_NONE ? "is good" : "could not be checked: out of memory");
}
