/*
 * JSON Schema. Keys stand in the order in which FastAPI writes them: what the value is, then its bounds, then title,
 * description, default and examples. A NULL anywhere means that memory ran out.
 */
#include "model/schema.h"

#include <string.h>

#include "base/buffer.h"
#include "model/json_build.h"
#include "model/json_read.h"
#include "model/json_write.h"

/* Takes over `value`. False: it is NULL, or memory is out. */
static bool put(json_t *schema, const char *key, json_t *value)
{
    return value && json_object_set_new(schema, key, value) == 0;
}

/* A value as JSON, through its text. */
static json_t *value_json(const cuvee_value *value)
{
    struct cv_buffer text;
    struct cv_json_fault fault;
    enum cv_json_scan result;
    cv_buffer_init(&text, 0);
    cv_json_value(&text, value);
    json_t *json = text.failed ? NULL : cv_json_build(text.data, text.size, &result, &fault);
    cv_buffer_free(&text);
    return json;
}

/* ---- what a value is ---- */

struct type_words {
    const char *type;
    const char *format;
};

static struct type_words words_of(cuvee_kind kind, cuvee_format format)
{
    static const struct type_words kinds[] = {
        [CUVEE_BOOL] = {"boolean", NULL},  [CUVEE_INT32] = {"integer", NULL},  [CUVEE_INT64] = {"integer", NULL},
        [CUVEE_DOUBLE] = {"number", NULL}, [CUVEE_TEXT] = {"string", NULL},    [CUVEE_TIME] = {"string", "date-time"},
        [CUVEE_DATE] = {"string", "date"}, [CUVEE_DECIMAL] = {"string", NULL}, [CUVEE_UUID] = {"string", "uuid"},
        [CUVEE_BLOB] = {"string", NULL},   [CUVEE_JSON] = {NULL, NULL},        [CUVEE_OBJECT] = {NULL, NULL},
        [CUVEE_ARRAY] = {"array", NULL},
    };
    static const char *const formats[] = {
        [CUVEE_NO_FORMAT] = NULL,      [CUVEE_EMAIL] = "email", [CUVEE_URL] = "uri",
        [CUVEE_HOSTNAME] = "hostname", [CUVEE_IPV4] = "ipv4",   [CUVEE_IPV6] = "ipv6",
    };
    struct type_words words = kinds[kind];
    if (kind == CUVEE_TEXT)
        words.format = formats[format];
    return words;
}

static bool put_bounds(json_t *schema, const struct cv_field *field)
{
    static const char *const keys[] = {"maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"};
    const cuvee_value *bounds[] = {&field->le, &field->lt, &field->ge, &field->gt};
    for (size_t i = 0; i < 4; i++) {
        /* Bounds of other kinds (times, decimals) have no word in JSON Schema: the API checks them all the same. */
        bool number =
            bounds[i]->kind == CUVEE_INT32 || bounds[i]->kind == CUVEE_INT64 || bounds[i]->kind == CUVEE_DOUBLE;
        if (number && !put(schema, keys[i], value_json(bounds[i])))
            return false;
    }
    return true;
}

static bool put_lengths(json_t *schema, const struct cv_field *field, const char *most, const char *least)
{
    const cuvee_field *declared = field->declared;
    return (declared->max_length == 0 || put(schema, most, json_integer(declared->max_length))) &&
           (declared->min_length == 0 || put(schema, least, json_integer(declared->min_length)));
}

static bool put_choices(json_t *schema, const struct cv_field *field)
{
    if (field->choice_count == 0)
        return true;
    if (field->choice_count == 1)
        return put(schema, "const", json_string(field->choices[0].text));
    json_t *choices = json_array();
    for (size_t i = 0; choices && i < field->choice_count; i++) {
        if (json_array_append_new(choices, json_stringn(field->choices[i].text, field->choices[i].size)) == 0)
            continue;
        json_decref(choices);
        choices = NULL;
    }
    return put(schema, "enum", choices);
}

static bool put_text_rules(json_t *schema, const struct cv_field *field, bool is_item)
{
    const cuvee_field *declared = field->declared;
    return (is_item || put_lengths(schema, field, "maxLength", "minLength")) &&
           (!declared->pattern || put(schema, "pattern", json_string(declared->pattern)));
}

/* No program is kept from sending zeros at the end. */
static bool put_places(json_t *schema, const struct cv_field *field)
{
    unsigned places = (unsigned)field->declared->places;
    return places == 0 || put(schema, "pattern", json_sprintf("^-?\\d+(\\.\\d{1,%u}0*)?$", places));
}

/* The schema of a value of this kind that is not NULL, with the field's rules for it. */
static json_t *plain(const struct cv_field *field, cuvee_kind kind, bool is_item)
{
    if (kind == CUVEE_OBJECT)
        return json_pack("{s:s+}", "$ref", "#/components/schemas/", field->nested->model->name);
    json_t *schema = json_object();
    struct type_words words = words_of(kind, field->declared->format);
    bool good = schema != NULL;
    if (good && kind == CUVEE_ARRAY)
        good = put(schema, "items", plain(field, field->item_kind, true));
    if (good && words.type)
        good = put(schema, "type", json_string(words.type));
    if (good && kind == CUVEE_ARRAY) /* bounds and choices are the items' */
        good = put_lengths(schema, field, "maxItems", "minItems");
    else
        good = good && put_choices(schema, field) && put_bounds(schema, field);
    if (good && (kind == CUVEE_TEXT || kind == CUVEE_BLOB))
        good = put_text_rules(schema, field, is_item);
    if (good && kind == CUVEE_DECIMAL)
        good = put_places(schema, field);
    if (good && words.format)
        good = put(schema, "format", json_string(words.format));
    if (good && kind == CUVEE_BLOB)
        good = put(schema, "contentEncoding", json_string("base64")) &&
               put(schema, "contentMediaType", json_string("application/octet-stream"));
    if (good)
        return schema;
    json_decref(schema);
    return NULL;
}

/* The same, or NULL: {"anyOf": [{…}, {"type": "null"}]}. */
static json_t *nullable(const struct cv_field *field)
{
    return json_pack("{s:[o,{s:s}]}", "anyOf", plain(field, field->kind, false), "type", "null");
}

/* ---- what people want to know of it ---- */

/* "user_id" becomes "User Id", "userID" "Userid": each run of letters gets one capital, as Python's title() has it. */
static json_t *made_title(const char *name)
{
    struct cv_buffer title;
    cv_buffer_init(&title, 0);
    bool first = true;
    for (; *name; name++) {
        bool small = *name >= 'a' && *name <= 'z';
        bool large = *name >= 'A' && *name <= 'Z';
        char letter = *name;
        if ((small && first) || (large && !first))
            letter ^= 0x20; /* to the other case */
        cv_buffer_char(&title, letter == '_' ? ' ' : letter);
        first = !small && !large && (unsigned char)*name < 0x80;
    }
    json_t *json = title.failed ? NULL : json_stringn(title.data, title.size);
    cv_buffer_free(&title);
    return json;
}

static bool put_words(json_t *schema, const struct cv_field *field, enum cv_schema_use use)
{
    const cuvee_field *declared = field->declared;
    bool is_object = field->kind == CUVEE_OBJECT;
    bool good = is_object && !declared->title
                    ? true
                    : put(schema, "title", declared->title ? json_string(declared->title) : made_title(field->wire));
    if (good && declared->doc)
        good = put(schema, "description", json_string(declared->doc));
    if (good && field->fallback == CV_CONSTANT && use != CV_SCHEMA_PART)
        good =
            put(schema, "default", field->constant.kind == CUVEE_ARRAY ? json_array() : value_json(&field->constant));
    if (good && field->example.kind)
        good = put(schema, "examples", json_pack("[o]", value_json(&field->example)));
    return good;
}

json_t *cv_schema_field(const struct cv_field *field, enum cv_schema_use use)
{
    json_t *schema = field->nullable ? nullable(field) : plain(field, field->kind, false);
    if (schema && put_words(schema, field, use))
        return schema;
    json_decref(schema);
    return NULL;
}

/* ---- whole structs ---- */

static bool is_used(const struct cv_field *field, enum cv_schema_use use)
{
    return use == CV_SCHEMA_OUT ? !field->declared->hidden : cv_json_takes(field, use == CV_SCHEMA_PART);
}

/* What goes in may be left out when there is something to take its place; what comes out is always there. */
static bool is_required(const struct cv_field *field, enum cv_schema_use use)
{
    if (use == CV_SCHEMA_PART)
        return false;
    return use == CV_SCHEMA_OUT || (!field->nullable && field->fallback == CV_NO_FALLBACK);
}

static bool put_fields(const struct cv_plan *plan, enum cv_schema_use use, json_t *properties, json_t *required)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (!is_used(field, use))
            continue;
        if (!put(properties, field->wire, cv_schema_field(field, use)))
            return false;
        if (is_required(field, use) && json_array_append_new(required, json_string(field->wire)) != 0)
            return false;
    }
    return true;
}

json_t *cv_schema_object(const struct cv_plan *plan, enum cv_schema_use use)
{
    json_t *schema = json_object(), *properties = json_object(), *required = json_array();
    bool good = schema && properties && required && put_fields(plan, use, properties, required) &&
                json_object_set(schema, "properties", properties) == 0;
    if (good && plan->model->forbid_extra)
        good = put(schema, "additionalProperties", json_false());
    good = good && put(schema, "type", json_string("object"));
    if (good && json_array_size(required) > 0)
        good = json_object_set(schema, "required", required) == 0;
    good = good && put(schema, "title", json_string(plan->model->name));
    if (good && plan->model->doc)
        good = put(schema, "description", json_string(plan->model->doc));
    json_decref(properties);
    json_decref(required);
    if (good)
        return schema;
    json_decref(schema);
    return NULL;
}

static bool differs(const struct cv_plan *plan, unsigned depth)
{
    enum { DEEPEST = 32 }; /* models that hold each other go round; what differs shows in the first turn */
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        bool in = is_used(field, CV_SCHEMA_IN), out = is_used(field, CV_SCHEMA_OUT);
        if (in != out || (in && is_required(field, CV_SCHEMA_IN) != is_required(field, CV_SCHEMA_OUT)))
            return true;
        if (in && field->nested && depth < DEEPEST && differs(field->nested, depth + 1))
            return true;
    }
    return false;
}

bool cv_schema_differs(const struct cv_plan *plan)
{
    return differs(plan, 0);
}
