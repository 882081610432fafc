#include "model/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/uuid_text.h"
#include "model/ctype.h"

/* ---- get and set ---- */

static const char *text_at(const void *item)
{
    const char *text;
    memcpy(&text, item, sizeof text);
    return text;
}

static cuvee_value integer_of(cuvee_kind kind, int64_t integer)
{
    return (cuvee_value){.kind = kind, .as.integer = integer};
}

static cuvee_value text_of(cuvee_kind kind, const void *item)
{
    const char *text = text_at(item);
    if (!text)
        return (cuvee_value){.kind = 0};
    return (cuvee_value){.kind = kind, .as.text = {.data = text, .size = strlen(text)}};
}

cuvee_value cv_item_get(cuvee_kind kind, const void *item)
{
    switch (kind) {
    case CUVEE_BOOL: return cuvee_bool_value(*(const bool *)item);
    case CUVEE_INT32: return integer_of(kind, *(const int32_t *)item);
    case CUVEE_INT64: return integer_of(kind, *(const int64_t *)item);
    case CUVEE_DOUBLE: return cuvee_double_value(*(const double *)item);
    case CUVEE_TIME: return cuvee_time_value(*(const cuvee_time *)item);
    case CUVEE_DATE: return cuvee_date_value(*(const cuvee_date *)item);
    case CUVEE_UUID: return cuvee_uuid_value(*(const cuvee_uuid *)item);
    case CUVEE_BLOB: return cuvee_blob_value(*(const cuvee_blob *)item);
    case CUVEE_TEXT:
    case CUVEE_DECIMAL:
    case CUVEE_JSON: return text_of(kind, item);
    default: return cuvee_null();
    }
}

/* Texts, decimals and JSON are one pointer each. */
static bool set_text(void *item, const cuvee_value *value, struct cv_arena *arena)
{
    const char *copy = cv_arena_copy(arena, value->as.text.data, value->as.text.size);
    if (!copy)
        return false;
    memcpy(item, &copy, sizeof copy);
    return true;
}

static bool set_blob(cuvee_blob *blob, const cuvee_value *value, struct cv_arena *arena)
{
    const char *copy = cv_arena_copy(arena, value->as.text.data, value->as.text.size);
    if (!copy)
        return false;
    *blob = (cuvee_blob){.data = copy, .size = value->as.text.size};
    return true;
}

bool cv_item_set(cuvee_kind kind, void *item, const cuvee_value *value, struct cv_arena *arena)
{
    switch (kind) {
    case CUVEE_BOOL: *(bool *)item = value->as.boolean; return true;
    case CUVEE_INT32: *(int32_t *)item = (int32_t)value->as.integer; return true;
    case CUVEE_INT64: *(int64_t *)item = value->as.integer; return true;
    case CUVEE_DOUBLE: *(double *)item = value->as.real; return true;
    case CUVEE_TIME: ((cuvee_time *)item)->us = value->as.integer; return true;
    case CUVEE_DATE: ((cuvee_date *)item)->days = (int32_t)value->as.integer; return true;
    case CUVEE_UUID: memcpy(((cuvee_uuid *)item)->bytes, value->as.uuid, 16); return true;
    case CUVEE_BLOB: return set_blob(item, value, arena);
    case CUVEE_TEXT:
    case CUVEE_DECIMAL:
    case CUVEE_JSON: return set_text(item, value, arena);
    default: return false;
    }
}

/* Whether an optional is set; other members always are. */
static bool is_set(const struct cv_field *field, const void *row)
{
    bool optional = field->nullable && field->kind < CUVEE_OBJECT;
    return !optional || *((const bool *)row + field->set_offset);
}

cuvee_value cv_row_get(const struct cv_field *field, const void *row)
{
    if (!is_set(field, row))
        return cuvee_null();
    return cv_item_get(field->kind, (const char *)row + field->offset);
}

bool cv_row_set(const struct cv_field *field, void *row, const cuvee_value *value, struct cv_arena *arena)
{
    if (value->kind == 0) {
        struct cv_ctype type = cv_ctype_of(field->kind, field->nullable);
        memset((char *)row + field->offset - type.value, 0, type.size);
        return true;
    }
    if (!cv_item_set(field->kind, (char *)row + field->offset, value, arena))
        return false;
    if (field->nullable)
        *((bool *)row + field->set_offset) = true;
    return true;
}

void cv_row_share(const struct cv_field *field, void *to, const void *from)
{
    size_t begin = field->declared->offset;
    memcpy((char *)to + begin, (const char *)from + begin, cv_ctype_of(field->kind, field->nullable).size);
}

/* ---- copy ---- */

static bool copy_inside(const struct cv_plan *plan, void *copy, struct cv_arena *arena);

/* Gives the copied member its own text. */
static bool copy_text(const struct cv_field *field, char *copy, struct cv_arena *arena)
{
    char *member = copy + field->offset;
    const char *text = is_set(field, copy) ? text_at(member) : NULL;
    if (!text)
        return true;
    text = cv_arena_copy(arena, text, strlen(text));
    memcpy(member, &text, sizeof text);
    return text != NULL;
}

static bool copy_blob(const struct cv_field *field, char *copy, struct cv_arena *arena)
{
    cuvee_blob *blob = (cuvee_blob *)(void *)(copy + field->offset);
    if (!blob->data || !is_set(field, copy))
        return true;
    cuvee_value value = cuvee_blob_value(*blob);
    return set_blob(blob, &value, arena);
}

static bool copy_object(const struct cv_field *field, char *copy, struct cv_arena *arena)
{
    const void *object;
    memcpy(&object, copy + field->offset, sizeof object);
    if (!object)
        return true;
    object = cv_row_copy(field->nested, object, arena);
    memcpy(copy + field->offset, &object, sizeof object);
    return object != NULL;
}

static bool copy_item(const struct cv_field *field, void *item, struct cv_arena *arena)
{
    if (field->item_kind == CUVEE_OBJECT)
        return copy_inside(field->nested, item, arena);
    cuvee_value value = cv_item_get(field->item_kind, item);
    return value.kind == 0 || cv_item_set(field->item_kind, item, &value, arena);
}

static bool copy_array(const struct cv_field *field, char *copy, struct cv_arena *arena)
{
    cuvee_array *array = (cuvee_array *)(void *)(copy + field->offset);
    if (!array->items)
        return true;
    bool objects = field->item_kind == CUVEE_OBJECT;
    size_t step = objects ? field->nested->model->struct_size : cv_ctype_of(field->item_kind, false).size;
    char *items = objects ? cv_model_alloc(field->nested->model, array->count, arena)
                          : cv_arena_alloc(arena, step * array->count + 1);
    if (!items)
        return false;
    memcpy(items, array->items, step * array->count);
    array->items = items;
    for (size_t i = 0; i < array->count; i++)
        if (!copy_item(field, items + i * step, arena))
            return false;
    return true;
}

/* `copy` is a copy of a struct's bytes; everything that it points to is copied as well. */
static bool copy_inside(const struct cv_plan *plan, void *copy, struct cv_arena *arena)
{
    bool good = true;
    for (size_t i = 0; i < plan->count && good; i++) {
        const struct cv_field *field = &plan->fields[i];
        switch (field->kind) {
        case CUVEE_TEXT:
        case CUVEE_DECIMAL:
        case CUVEE_JSON: good = copy_text(field, copy, arena); break;
        case CUVEE_BLOB: good = copy_blob(field, copy, arena); break;
        case CUVEE_OBJECT: good = copy_object(field, copy, arena); break;
        case CUVEE_ARRAY: good = copy_array(field, copy, arena); break;
        default: break;
        }
    }
    return good;
}

void *cv_row_copy(const struct cv_plan *plan, const void *row, struct cv_arena *arena)
{
    void *copy = cv_model_alloc(plan->model, 1, arena);
    if (!copy)
        return NULL;
    memcpy(copy, row, plan->model->struct_size);
    return copy_inside(plan, copy, arena) ? copy : NULL;
}

/* ---- fill ---- */

/* Whether the member has what no value can be. */
static bool is_absent(const struct cv_field *field, const void *row)
{
    static const uint8_t zeros[16];
    const char *member = (const char *)row + field->offset;
    if (!is_set(field, row))
        return true;
    if (field->nullable)
        return false;
    cuvee_value value = cv_row_get(field, row);
    switch (field->kind) {
    case CUVEE_TEXT:
    case CUVEE_DECIMAL:
    case CUVEE_JSON: return value.kind == 0;
    case CUVEE_TIME:
    case CUVEE_DATE: return value.as.integer == 0;
    case CUVEE_UUID: return memcmp(value.as.uuid, zeros, sizeof zeros) == 0;
    case CUVEE_BLOB: return text_at(member) == NULL;
    default: return false;
    }
}

static int64_t day_of(int64_t us)
{
    int64_t day = INT64_C(86400000000);
    return us >= 0 ? us / day : -((-us + day - 1) / day);
}

bool cv_fallback_value(const struct cv_field *field, int64_t now_us, cuvee_value *value)
{
    cuvee_uuid uuid;
    switch (field->fallback) {
    case CV_CONSTANT: *value = field->constant; return true;
    case CV_NOW:
        *value = field->kind == CUVEE_DATE ? cuvee_date_value((cuvee_date){.days = (int32_t)day_of(now_us)})
                                           : cuvee_time_value((cuvee_time){.us = now_us});
        return true;
    case CV_NEW_UUID:
        if (!cv_uuid_new(&uuid))
            return false;
        *value = cuvee_uuid_value(uuid);
        return true;
    case CV_NO_FALLBACK: break;
    }
    *value = cuvee_null();
    return true;
}

bool cv_row_fill(const struct cv_plan *plan, void *row, int64_t now_us, struct cv_arena *arena)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (field->fallback == CV_NO_FALLBACK || field->kind >= CUVEE_OBJECT || !is_absent(field, row))
            continue;
        cuvee_value value;
        if (!cv_fallback_value(field, now_us, &value) || !cv_row_set(field, row, &value, arena))
            return false;
    }
    return true;
}

/* ---- compare ---- */

/* To the bit: -0.0 is another value than 0.0 to an engine that keeps the sign. */
static bool same_double(double a, double b)
{
    uint64_t a_bits;
    uint64_t b_bits;
    memcpy(&a_bits, &a, sizeof a);
    memcpy(&b_bits, &b, sizeof b);
    return a_bits == b_bits;
}

static bool same_value(const cuvee_value *a, const cuvee_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case CUVEE_BOOL: return a->as.boolean == b->as.boolean;
    case CUVEE_DOUBLE: return same_double(a->as.real, b->as.real);
    case CUVEE_INT32:
    case CUVEE_INT64:
    case CUVEE_TIME:
    case CUVEE_DATE: return a->as.integer == b->as.integer;
    case CUVEE_UUID: return memcmp(a->as.uuid, b->as.uuid, sizeof a->as.uuid) == 0;
    case CUVEE_TEXT:
    case CUVEE_DECIMAL:
    case CUVEE_JSON:
    case CUVEE_BLOB:
        return a->as.text.size == b->as.text.size && memcmp(a->as.text.data, b->as.text.data, a->as.text.size) == 0;
    case CUVEE_OBJECT:
    case CUVEE_ARRAY: break;
    }
    return true;
}

bool cv_row_same_field(const struct cv_field *field, const void *a, const void *b)
{
    cuvee_value left = cv_row_get(field, a);
    cuvee_value right = cv_row_get(field, b);
    return same_value(&left, &right);
}
