#include "model/json_read.h"

#include <string.h>

#include "base/clock.h"
#include "model/ctype.h"
#include "model/lax.h"
#include "model/row.h"

static const char model_type[] = "Input should be a valid dictionary or object to extract fields from";

/* What stays the same through a body. */
struct reader {
    struct cv_arena *arena;
    struct cv_issues *issues;
};

static bool read_object(const struct reader *reader, const struct cv_plan *plan, const json_t *json,
                        const struct cv_loc *loc, void *row);

static struct cv_lax lax_of(const struct reader *reader, const struct cv_field *field, const struct cv_loc *loc)
{
    return (struct cv_lax){.field = field, .loc = loc, .arena = reader->arena, .issues = reader->issues};
}

static bool no_memory(const struct reader *reader)
{
    reader->issues->no_memory = true;
    return false;
}

/* A mistake about a whole value. */
static bool fault(const struct reader *reader, struct cv_input input, const struct cv_loc *loc, const char *type,
                  const char *msg)
{
    struct cv_lax lax = lax_of(reader, NULL, loc);
    lax.input = input;
    return cv_lax_fault(&lax, type, msg);
}

static bool missing(const struct reader *reader, const struct cv_loc *loc)
{
    cv_issue_add(reader->issues, "missing", loc, "Field required", "null", NULL);
    return false;
}

/* ---- plain values ---- */

static bool read_plain(const struct reader *reader, const struct cv_field *field, struct cv_input input,
                       const struct cv_loc *loc, void *row)
{
    struct cv_lax lax = lax_of(reader, field, loc);
    cuvee_value value;
    lax.input = input;
    if (!cv_lax_value(&lax, field->kind, &value))
        return false;
    return cv_row_set(field, row, &value, reader->arena) || no_memory(reader);
}

static void set_null(const struct cv_field *field, void *row)
{
    cuvee_value null = cuvee_null();
    cv_row_set(field, row, &null, NULL);
}

/* ---- arrays ---- */

/* Room for the items; never NULL for an empty array, which is none of NULL. */
static char *make_items(const struct reader *reader, const struct cv_plan *objects, size_t step, size_t count)
{
    if (count > SIZE_MAX / 2 / step)
        return NULL;
    size_t size = count > 0 ? step * count : 1;
    char *items = objects ? cv_model_alloc(objects->model, count + (count == 0), reader->arena)
                          : cv_arena_alloc(reader->arena, size);
    return items ? memset(items, 0, size) : NULL;
}

/* Whether the number of items keeps this one of the two lengths. */
static bool count_fits(const struct reader *reader, const struct cv_field *field, struct cv_input input, size_t count,
                       const struct cv_loc *loc, enum cv_rule length)
{
    if (cv_rule_broken_by_count(field, count) != length)
        return true;
    struct cv_lax lax = lax_of(reader, field, loc);
    lax.input = input;
    return cv_lax_fault_count(&lax, length, count);
}

static bool read_item(const struct reader *reader, const struct cv_field *field, struct cv_input input,
                      const struct cv_loc *loc, char *item)
{
    if (field->item_kind == CUVEE_OBJECT)
        return read_object(reader, field->nested, input.json, loc, item);
    struct cv_lax lax = lax_of(reader, field, loc);
    cuvee_value value;
    lax.input = input;
    if (!cv_lax_value(&lax, field->item_kind, &value))
        return false;
    return cv_item_set(field->item_kind, item, &value, reader->arena) || no_memory(reader);
}

static size_t item_step(const struct cv_field *field)
{
    bool objects = field->item_kind == CUVEE_OBJECT;
    return objects ? field->nested->model->struct_size : cv_ctype_of(field->item_kind, false).size;
}

/* Item `index` of an array of a body, or of a repeated parameter. */
static struct cv_input input_of(const struct cv_input *all, size_t index)
{
    return all->json ? cv_input_json(json_array_get(all->json, index))
                     : cv_input_text(all->texts[index].data, all->texts[index].size);
}

/* Too many items are one mistake, whatever they are; too few only if those are good. */
static bool read_items(const struct reader *reader, const struct cv_field *field, struct cv_input all, size_t count,
                       const struct cv_loc *loc, void *row)
{
    if (!count_fits(reader, field, all, count, loc, CV_RULE_MAX_LENGTH))
        return false;
    size_t step = item_step(field);
    char *items = make_items(reader, field->nested, step, count);
    if (!items)
        return no_memory(reader);
    bool good = true;
    for (size_t i = 0; i < count && !reader->issues->no_memory; i++) {
        struct cv_loc at = {.outer = loc, .index = i};
        good &= read_item(reader, field, input_of(&all, i), &at, items + i * step);
    }
    cuvee_array array = {.items = items, .count = count};
    memcpy((char *)row + field->offset, &array, sizeof array);
    return good && count_fits(reader, field, all, count, loc, CV_RULE_MIN_LENGTH);
}

static bool read_array(const struct reader *reader, const struct cv_field *field, const json_t *json,
                       const struct cv_loc *loc, void *row)
{
    if (!json_is_array(json))
        return fault(reader, cv_input_json(json), loc, "list_type", "Input should be a valid list");
    return read_items(reader, field, cv_input_json(json), json_array_size(json), loc, row);
}

/* ---- objects ---- */

static bool read_nested(const struct reader *reader, const struct cv_field *field, const json_t *json,
                        const struct cv_loc *loc, void *row)
{
    void *object = cv_model_zero(field->nested->model, reader->arena);
    if (!object)
        return no_memory(reader);
    const void *member = object;
    memcpy((char *)row + field->offset, &member, sizeof member);
    return read_object(reader, field->nested, json, loc, object);
}

static bool read_member(const struct reader *reader, const struct cv_field *field, const json_t *json,
                        const struct cv_loc *loc, void *row)
{
    if (field->nullable && json_is_null(json)) {
        set_null(field, row);
        return true;
    }
    if (field->kind == CUVEE_OBJECT)
        return read_nested(reader, field, json, loc, row);
    if (field->kind == CUVEE_ARRAY)
        return read_array(reader, field, json, loc, row);
    return read_plain(reader, field, cv_input_json(json), loc, row);
}

/*
 * What stands in for a value that was not sent. A time or UUID that is worked out is left to cuvee_add where the struct
 * is a row, since the session knows what time it is.
 */
static bool set_fallback(const struct reader *reader, const struct cv_plan *plan, const struct cv_field *field,
                         void *row)
{
    cuvee_value value;
    if (field->kind == CUVEE_ARRAY) {
        cuvee_array empty = {.items = make_items(reader, NULL, 1, 0)};
        memcpy((char *)row + field->offset, &empty, sizeof empty);
        return empty.items || no_memory(reader);
    }
    if (field->fallback != CV_CONSTANT && plan->model->table)
        return true;
    const struct cv_clock *clock = cv_clock_system();
    return (cv_fallback_value(field, clock->now_us(clock->arg), &value) &&
            cv_row_set(field, row, &value, reader->arena)) ||
           no_memory(reader);
}

/* False if the field must be there. */
static bool set_absent(const struct reader *reader, const struct cv_plan *plan, const struct cv_field *field, void *row)
{
    if (field->fallback != CV_NO_FALLBACK) {
        set_fallback(reader, plan, field, row);
        return true;
    }
    if (field->nullable)
        set_null(field, row);
    return field->nullable;
}

bool cv_json_takes(const struct cv_field *field, bool part)
{
    return !field->auto_key && !field->declared->read_only && !(part && field->declared->key);
}

static bool refuse_extra(const struct reader *reader, const struct cv_plan *plan, bool part, const json_t *json,
                         const struct cv_loc *loc)
{
    json_t *object = (json_t *)json; /* the iterator changes nothing, but asks for it */
    bool good = true;
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *name = json_object_iter_key(at);
        size_t i = 0;
        while (i < plan->count && (!cv_json_takes(&plan->fields[i], part) || strcmp(plan->fields[i].wire, name) != 0))
            i++;
        struct cv_loc place = {.outer = loc, .name = name};
        if (i == plan->count)
            good = fault(reader, cv_input_json(json_object_iter_value(at)), &place, "extra_forbidden",
                         "Extra inputs are not permitted");
    }
    return good;
}

static bool read_members(const struct reader *reader, const struct cv_plan *plan, bool part, const json_t *json,
                         const struct cv_loc *loc, void *row)
{
    if (!json_is_object(json))
        return fault(reader, cv_input_json(json), loc, "model_attributes_type", model_type);
    bool good = true;
    for (size_t i = 0; i < plan->count && !reader->issues->no_memory; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (!cv_json_takes(field, part))
            continue;
        struct cv_loc place = {.outer = loc, .name = field->wire};
        const json_t *member = json_object_get(json, field->wire);
        if (member)
            good &= read_member(reader, field, member, &place, row);
        else if (!part && !set_absent(reader, plan, field, row))
            good = fault(reader, cv_input_json(json), &place, "missing", "Field required");
    }
    if (plan->model->forbid_extra)
        good &= refuse_extra(reader, plan, part, json, loc);
    return good && !reader->issues->no_memory;
}

static bool read_object(const struct reader *reader, const struct cv_plan *plan, const json_t *json,
                        const struct cv_loc *loc, void *row)
{
    return read_members(reader, plan, false, json, loc, row);
}

/* ---- the public face ---- */

bool cv_json_read_object(const struct cv_plan *plan, const json_t *json, const struct cv_loc *loc, void *row,
                         struct cv_arena *arena, struct cv_issues *issues)
{
    struct reader reader = {.arena = arena, .issues = issues};
    if (!json || json_is_null(json))
        return missing(&reader, loc);
    return read_object(&reader, plan, json, loc, row);
}

bool cv_json_read_part(const struct cv_plan *plan, const json_t *json, const struct cv_loc *loc, void *row,
                       struct cv_arena *arena, struct cv_issues *issues)
{
    struct reader reader = {.arena = arena, .issues = issues};
    if (!json || json_is_null(json))
        return missing(&reader, loc);
    return read_members(&reader, plan, true, json, loc, row);
}

bool cv_json_read_list(const struct cv_plan *plan, const json_t *json, const struct cv_loc *loc, cuvee_array *list,
                       struct cv_arena *arena, struct cv_issues *issues)
{
    struct reader reader = {.arena = arena, .issues = issues};
    static const cuvee_field declared = {.name = ""};
    struct cv_field items = {
        .declared = &declared, .kind = CUVEE_ARRAY, .item_kind = CUVEE_OBJECT, .nested = plan, .offset = 0};
    *list = (cuvee_array){.count = 0};
    if (!json || json_is_null(json))
        return missing(&reader, loc);
    return read_array(&reader, &items, json, loc, list);
}

bool cv_texts_read(const struct cv_field *field, const struct cv_text *texts, size_t count, const struct cv_loc *loc,
                   void *row, struct cv_arena *arena, struct cv_issues *issues)
{
    struct reader reader = {.arena = arena, .issues = issues};
    const struct cv_text *last = &texts[count - 1];
    bool objects = field->kind == CUVEE_OBJECT || field->item_kind == CUVEE_OBJECT;
    if (objects)
        return fault(&reader, cv_input_text(last->data, last->size), loc, "model_attributes_type", model_type);
    struct cv_input all = {.type = CV_INPUT_ARRAY, .texts = texts, .size = count};
    if (field->kind == CUVEE_ARRAY)
        return read_items(&reader, field, all, count, loc, row);
    return read_plain(&reader, field, cv_input_text(last->data, last->size), loc, row);
}

bool cv_text_absent(const struct cv_plan *plan, const struct cv_field *field, const struct cv_loc *loc, void *row,
                    struct cv_arena *arena, struct cv_issues *issues)
{
    struct reader reader = {.arena = arena, .issues = issues};
    if (!set_absent(&reader, plan, field, row))
        return missing(&reader, loc);
    return !issues->no_memory;
}
