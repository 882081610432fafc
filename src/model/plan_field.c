#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "model/constant.h"
#include "model/ctype.h"
#include "model/json_write.h"
#include "model/pattern.h"
#include "model/plan_make.h"
#include "model/rule.h"

/* One field on its way into the plan. */
struct work {
    struct cv_maker *maker;
    const cuvee_model *model;
    const cuvee_field *declared;
    struct cv_field *field;
};

#define FAULT(work, ...) cv_plan_fault((work)->maker, (work)->model, (work)->declared, __VA_ARGS__)

/* The kind that bounds, pattern, format and choices are about. */
static cuvee_kind ruled_kind(const struct cv_field *field)
{
    return field->kind == CUVEE_ARRAY ? field->item_kind : field->kind;
}

/* ---- kind and place ---- */

static bool read_kind(struct work *work)
{
    const cuvee_field *declared = work->declared;
    struct cv_field *field = work->field;
    if (declared->kind < CUVEE_BOOL || declared->kind > CUVEE_ARRAY)
        return FAULT(work, "%d is no kind of value", declared->kind);
    field->kind = (cuvee_kind)declared->kind;
    field->nullable = declared->nullable;
    bool array = field->kind == CUVEE_ARRAY;
    if (array && (declared->item_kind < CUVEE_BOOL || declared->item_kind > CUVEE_OBJECT))
        return FAULT(work, "%d is no kind of item", declared->item_kind);
    field->item_kind = array ? (cuvee_kind)declared->item_kind : (cuvee_kind)0;
    if (ruled_kind(field) != CUVEE_OBJECT)
        return true;
    if (!declared->model)
        return FAULT(work, "the model of the object is missing");
    field->nested = cv_plan_of(work->maker, declared->model);
    return field->nested != NULL;
}

static const char *type_suffix(cuvee_kind kind)
{
    return kind == CUVEE_UUID ? "uuid" : kind == CUVEE_JSON ? "json" : cv_kind_name(kind);
}

/* A field that says other things of its member than its macro saw would be read and written past the member. */
static bool fits_member(struct work *work, const struct cv_ctype *type)
{
    const struct cv_field *field = work->field;
    size_t size = work->declared->member_size;
    if (size == 0 || size == type->size)
        return true;
    if (field->nullable && size == cv_ctype_of(field->kind, false).size)
        return FAULT(work, "its C type cannot hold NULL: make the member a cuvee_opt_%s instead of saying .nullable",
                     type_suffix(field->kind));
    return FAULT(work, "a member of %zu bytes cannot be a field of kind %s", size, cv_kind_name(field->kind));
}

static bool read_place(struct work *work)
{
    struct cv_field *field = work->field;
    struct cv_ctype type = cv_ctype_of(field->kind, field->nullable);
    size_t offset = work->declared->offset;
    if (!fits_member(work, &type))
        return false;
    if (offset % type.align != 0 || type.size > work->model->struct_size ||
        offset > work->model->struct_size - type.size)
        return FAULT(work, "no %s can stand at offset %zu of the struct", cv_kind_name(field->kind), offset);
    field->set_offset = offset;
    field->offset = offset + type.value;
    return true;
}

/* ---- names ---- */

static bool is_name(const char *text)
{
    return text && *text && cv_utf8_valid(text, strlen(text));
}

static bool read_json_name(struct work *work)
{
    struct cv_buffer json;
    cv_buffer_init(&json, 0);
    cv_buffer_char(&json, ',');
    cv_json_string(&json, work->field->wire, strlen(work->field->wire));
    cv_buffer_char(&json, ':');
    const char *copy = json.failed ? NULL : cv_arena_copy(&work->maker->root->arena, json.data, json.size);
    work->field->json_size = json.size - 1;
    cv_buffer_free(&json);
    if (!copy)
        return cv_error_memory(work->maker->error);
    work->field->json = copy + 1;
    return true;
}

static bool read_names(struct work *work)
{
    const cuvee_field *declared = work->declared;
    const char *const texts[] = {declared->doc,      declared->title,   declared->example,
                                 declared->fallback, declared->choices, declared->pattern};
    if (!is_name(declared->name) || (declared->column && !is_name(declared->column)) ||
        (declared->alias && !is_name(declared->alias)))
        return FAULT(work, "a field needs a name, and its column and alias must be names too");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i] && !cv_utf8_valid(texts[i], strlen(texts[i])))
            return FAULT(work, "one of its texts is not valid UTF-8");
    work->field->name = declared->name;
    work->field->column = declared->column ? declared->column : declared->name;
    work->field->wire = declared->alias ? declared->alias : declared->name;
    return read_json_name(work);
}

/* ---- rules ---- */

static bool read_constant(struct work *work, cuvee_kind kind, const char *what, const char *text, cuvee_value *value)
{
    switch (cv_constant_read(kind, text, strlen(text), &work->maker->root->arena, value)) {
    case CV_CONSTANT_GOOD: return true;
    case CV_CONSTANT_NO_MEMORY: return cv_error_memory(work->maker->error);
    case CV_CONSTANT_WRONG: break;
    }
    return FAULT(work, "%s \"%s\" is no %s", what, text, cv_kind_name(kind));
}

static bool read_bound(struct work *work, const char *what, const char *text, cuvee_value *bound)
{
    cuvee_kind kind = ruled_kind(work->field);
    if (!text)
        return true;
    if (!cv_kind_has_order(kind))
        return FAULT(work, "a field of kind %s has no bounds", cv_kind_name(kind));
    return read_constant(work, kind, what, text, bound);
}

/* Whether no value lies between a lower bound and an upper one. */
static bool cross(const cuvee_value *lower, const cuvee_value *upper, bool may_touch)
{
    if (!lower->kind || !upper->kind)
        return false;
    int order = cv_value_compare(lower, upper);
    return order > 0 || (order == 0 && !may_touch);
}

static bool read_bounds(struct work *work)
{
    struct cv_field *field = work->field;
    const cuvee_field *declared = work->declared;
    if (!read_bound(work, "gt", declared->gt, &field->gt) || !read_bound(work, "ge", declared->ge, &field->ge) ||
        !read_bound(work, "lt", declared->lt, &field->lt) || !read_bound(work, "le", declared->le, &field->le))
        return false;
    if (cross(&field->ge, &field->le, true) || cross(&field->gt, &field->le, false) ||
        cross(&field->ge, &field->lt, false) || cross(&field->gt, &field->lt, false))
        return FAULT(work, "nothing lies between its bounds");
    return true;
}

static bool read_lengths(struct work *work)
{
    const cuvee_field *declared = work->declared;
    cuvee_kind kind = work->field->kind;
    bool any = declared->min_length > 0 || declared->max_length > 0;
    if (any && kind != CUVEE_TEXT && kind != CUVEE_BLOB && kind != CUVEE_ARRAY)
        return FAULT(work, "a field of kind %s has no length", cv_kind_name(kind));
    if (declared->max_length > 0 && declared->min_length > declared->max_length)
        return FAULT(work, "min_length is greater than max_length");
    return true;
}

static bool read_places(struct work *work)
{
    enum { MOST = 30 }; /* that every engine keeps */
    uint32_t places = work->declared->places;
    if (places > 0 && ruled_kind(work->field) != CUVEE_DECIMAL)
        return FAULT(work, "places are for decimals");
    return places <= MOST || FAULT(work, "it has more than %d places, which some engines do not keep", MOST);
}

static bool read_pattern(struct work *work)
{
    cuvee_error why = {.kind = CUVEE_ERROR_NONE};
    work->field->pattern = cv_pattern_make(work->declared->pattern, &why);
    if (work->field->pattern)
        return true;
    if (why.kind == CUVEE_ERROR_MEMORY)
        return cv_error_memory(work->maker->error);
    return FAULT(work, "pattern %s: %s", work->declared->pattern, why.message);
}

static size_t count_choices(const char *text)
{
    size_t count = 1;
    for (; *text; text++)
        count += *text == '|';
    return count;
}

static bool read_choices(struct work *work)
{
    struct cv_field *field = work->field;
    const char *text = work->declared->choices;
    field->choices = cv_arena_alloc(&work->maker->root->arena, count_choices(text) * sizeof *field->choices);
    if (!field->choices)
        return cv_error_memory(work->maker->error);
    for (;; text++) {
        struct cv_choice choice = {.text = text, .size = strcspn(text, "|")};
        if (choice.size == 0)
            return FAULT(work, "one of its choices is empty");
        for (size_t i = 0; i < field->choice_count; i++)
            if (field->choices[i].size == choice.size && memcmp(field->choices[i].text, text, choice.size) == 0)
                return FAULT(work, "choice \"%.*s\" stands there twice", (int)choice.size, text);
        field->choices[field->choice_count++] = choice;
        text += choice.size;
        if (*text == '\0')
            return true;
    }
}

static bool read_text_rules(struct work *work)
{
    const cuvee_field *declared = work->declared;
    bool any = declared->pattern || declared->choices || declared->format != CUVEE_NO_FORMAT;
    if (any && ruled_kind(work->field) != CUVEE_TEXT)
        return FAULT(work, "pattern, format and choices are for text");
    if ((int)declared->format < CUVEE_NO_FORMAT || declared->format > CUVEE_IPV6)
        return FAULT(work, "%d is no format", (int)declared->format);
    if ((int)declared->in < CUVEE_IN_PATH_OR_QUERY || declared->in > CUVEE_IN_COOKIE)
        return FAULT(work, "%d is no place of a parameter", (int)declared->in);
    return (!declared->pattern || read_pattern(work)) && (!declared->choices || read_choices(work));
}

/* ---- default and example ---- */

/* A default that the field itself would refuse is a mistake. */
static bool check_constant(struct work *work, const char *what, const char *text, const cuvee_value *value)
{
    char rule_text[200];
    enum cv_rule rule = cv_rule_broken(work->field, value);
    if (rule == CV_RULE_NONE)
        return true;
    if (rule == CV_RULE_NO_MEMORY)
        return cv_error_memory(work->maker->error);
    cv_rule_text(work->field, rule, rule_text, sizeof rule_text);
    return FAULT(work, "%s \"%s\" %s", what, text, rule_text);
}

static bool read_fallback(struct work *work)
{
    struct cv_field *field = work->field;
    const char *text = work->declared->fallback;
    if (!text)
        return true;
    bool timed = field->kind == CUVEE_TIME || field->kind == CUVEE_DATE;
    field->fallback = CV_CONSTANT;
    if (timed && strcmp(text, CUVEE_NOW) == 0) {
        field->fallback = CV_NOW;
        return true;
    }
    if (field->kind == CUVEE_UUID && strcmp(text, CUVEE_NEW_UUID) == 0) {
        field->fallback = CV_NEW_UUID;
        return true;
    }
    if (field->kind == CUVEE_ARRAY && strcmp(text, "[]") == 0 && work->declared->min_length == 0) {
        field->constant.kind = CUVEE_ARRAY;
        return true;
    }
    if (field->kind >= CUVEE_OBJECT)
        return FAULT(work, "default \"%s\" is not possible: only an array's \"[]\" is", text);
    return read_constant(work, field->kind, "default", text, &field->constant) &&
           check_constant(work, "default", text, &field->constant);
}

static bool read_example(struct work *work)
{
    struct cv_field *field = work->field;
    const char *text = work->declared->example;
    cuvee_kind kind = field->kind >= CUVEE_OBJECT ? CUVEE_JSON : field->kind;
    if (!text)
        return true;
    return read_constant(work, kind, "example", text, &field->example);
}

static bool has_rules(const struct cv_field *field)
{
    const cuvee_field *declared = field->declared;
    return field->gt.kind || field->ge.kind || field->lt.kind || field->le.kind || declared->min_length > 0 ||
           declared->max_length > 0 || declared->places > 0 || field->pattern || declared->format != CUVEE_NO_FORMAT ||
           field->choice_count > 0;
}

bool cv_plan_field(struct cv_maker *maker, const cuvee_model *model, struct cv_field *field)
{
    struct work work = {.maker = maker, .model = model, .declared = field->declared, .field = field};
    bool good = read_names(&work) && read_kind(&work) && read_place(&work) && read_bounds(&work) &&
                read_lengths(&work) && read_places(&work) && read_text_rules(&work);
    field->ruled = good && has_rules(field);
    return good && read_fallback(&work) && read_example(&work);
}
