#include "model/json_write.h"

#include <math.h>
#include <string.h>

#include "base/base64.h"
#include "base/double_text.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "base/uuid_text.h"
#include "model/constant.h"
#include "model/ctype.h"
#include "model/row.h"

/*
 * The free part of the buffer while an object is written: most values are put down with one comparison and no call.
 * What was written counts once `finish` has given it back. After a failure there is no room, so nothing is written.
 */
struct writer {
    char *at;
    char *end;
    struct cv_buffer *out;
    bool skip_null; /* members that are null are left out */
};

static void look_at_room(struct writer *writer)
{
    struct cv_buffer *out = writer->out;
    bool any = !out->failed && out->capacity > out->size;
    size_t room = any ? out->capacity - 1 - out->size : 0;
    size_t allowed = any ? out->limit - out->size : 0;
    writer->at = any ? out->data + out->size : NULL;
    writer->end = any ? writer->at + (room < allowed ? room : allowed) : NULL;
}

static struct writer start(struct cv_buffer *out)
{
    struct writer writer = {.out = out};
    look_at_room(&writer);
    return writer;
}

static void finish(struct writer *writer)
{
    if (writer->at)
        writer->out->size = (size_t)(writer->at - writer->out->data);
}

static bool grow(struct writer *writer, size_t size)
{
    finish(writer);
    cv_buffer_reserve(writer->out, size);
    look_at_room(writer);
    return writer->at && (size_t)(writer->end - writer->at) >= size;
}

/* Whether `size` bytes can be put down; makes room for them if need be. */
static inline bool room(struct writer *writer, size_t size)
{
    return (writer->at && (size_t)(writer->end - writer->at) >= size) || grow(writer, size);
}

static inline void put(struct writer *writer, const char *bytes, size_t size)
{
    if (room(writer, size) && size > 0) {
        memcpy(writer->at, bytes, size);
        writer->at += size;
    }
}

static inline void put_char(struct writer *writer, char c)
{
    if (room(writer, 1))
        *writer->at++ = c;
}

/* ---- strings ---- */

/* What stands behind the backslash; 'u': four hexadecimal digits; 0: nothing to escape. */
static const char escapes[128] = {
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',         'u',
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\',
};

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes is no plain ASCII: a control character, a quote, a backslash, or above 0x7F. */
static inline bool any_special(uint64_t eight)
{
    uint64_t quotes = eight ^ EACH('"');
    uint64_t backslashes = eight ^ EACH('\\');
    uint64_t low = (eight - EACH(0x20)) | (quotes - EACH(1)) | (backslashes - EACH(1));
    return ((low | eight) & EACH(0x80)) != 0;
}

/* The number of bytes at the beginning that can be copied as they are; non-ASCII only where the caller says so. */
static size_t plain_run(const char *text, size_t size, bool ascii_only)
{
    size_t i = 0;
    for (; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x80 ? escapes[c] != 0 : ascii_only)
            break;
    }
    return i;
}

static void put_escape(struct writer *writer, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    if (!room(writer, 6))
        return;
    *writer->at++ = '\\';
    *writer->at++ = escapes[c];
    if (escapes[c] == 'u') {
        memcpy(writer->at, "00", 2);
        writer->at[2] = digits[c >> 4];
        writer->at[3] = digits[c & 15];
        writer->at += 4;
    }
}

static void put_valid(struct writer *writer, const char *text, size_t size)
{
    while (size > 0) {
        size_t run = plain_run(text, size, false);
        put(writer, text, run);
        if (run == size)
            return;
        put_escape(writer, (unsigned char)text[run]);
        text += run + 1;
        size -= run + 1;
    }
}

/* Text that is partly no UTF-8: bytes that begin no character are replaced one by one. */
static void put_repaired(struct writer *writer, const char *text, size_t size)
{
    while (size > 0) {
        size_t step = 1;
        while (step < 4 && step < size && !cv_utf8_valid(text, step))
            step++;
        if (cv_utf8_valid(text, step)) {
            put_valid(writer, text, step);
        } else {
            put(writer, "\xEF\xBF\xBD", 3);
            step = 1;
        }
        text += step;
        size -= step;
    }
}

static void put_special(struct writer *writer, const char *text, size_t size)
{
    if (cv_utf8_valid(text, size))
        put_valid(writer, text, size);
    else
        put_repaired(writer, text, size);
}

static void put_string(struct writer *writer, const char *text, size_t size)
{
    if (size > SIZE_MAX / 2 || !room(writer, size + 2))
        return;
    char *at = writer->at;
    *at++ = '"';
    size_t i = 0;
    for (; size - i >= 8; i += 8) {
        uint64_t eight;
        memcpy(&eight, text + i, 8);
        if (any_special(eight))
            break;
        memcpy(at + i, &eight, 8);
    }
    for (; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80 || escapes[c] != 0)
            break;
        at[i] = (char)c;
    }
    writer->at = at + i;
    if (i < size)
        put_special(writer, text + i, size - i);
    put_char(writer, '"');
}

/* ---- other values ---- */

static void put_integer(struct writer *writer, int64_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    char digits[20];
    char *p = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (; rest >= 100; rest /= 100) {
        p -= 2;
        memcpy(p, pairs + rest % 100 * 2, 2);
    }
    if (rest >= 10) {
        p -= 2;
        memcpy(p, pairs + rest * 2, 2);
    } else {
        *--p = (char)('0' + rest);
    }
    if (value < 0)
        *--p = '-';
    put(writer, p, (size_t)(digits + sizeof digits - p));
}

static void put_double(struct writer *writer, double value)
{
    if (!isfinite(value))
        put(writer, "null", 4);
    else if (room(writer, CV_DOUBLE_TEXT_SIZE))
        writer->at += cv_double_format(writer->at, value);
}

/* A text of `size` bytes behind `at + 1` gets its quotes; none: null. */
static void quote(struct writer *writer, size_t size)
{
    if (size == 0) {
        put(writer, "null", 4);
        return;
    }
    writer->at[0] = '"';
    writer->at[size + 1] = '"';
    writer->at += size + 2;
}

static void put_time(struct writer *writer, int64_t us)
{
    if (room(writer, CV_TIME_TEXT_SIZE + 2))
        quote(writer, cv_time_format(writer->at + 1, (cuvee_time){.us = us}));
}

static void put_date(struct writer *writer, int64_t days)
{
    bool possible = days >= CV_DATE_MIN && days <= CV_DATE_MAX;
    if (room(writer, CV_DATE_TEXT_SIZE + 2))
        quote(writer, possible ? cv_date_format(writer->at + 1, (cuvee_date){.days = (int32_t)days}) : 0);
}

static void put_uuid(struct writer *writer, const uint8_t uuid[16])
{
    if (!room(writer, CV_UUID_TEXT_SIZE + 2))
        return;
    cv_uuid_format(writer->at + 1, uuid);
    quote(writer, CV_UUID_TEXT_SIZE);
}

static void put_blob(struct writer *writer, const char *data, size_t size)
{
    if (size > SIZE_MAX / 4 || !room(writer, cv_base64_size(size) + 2))
        return;
    *writer->at++ = '"';
    cv_base64_encode(writer->at, data, size);
    writer->at += cv_base64_size(size);
    *writer->at++ = '"';
}

static void put_json(struct writer *writer, const char *text, size_t size)
{
    if (cv_json_is(text, size))
        put(writer, text, size);
    else
        put_string(writer, text, size);
}

static void put_value(struct writer *writer, const cuvee_value *value)
{
    switch (value->kind) {
    case CUVEE_BOOL: put(writer, value->as.boolean ? "true" : "false", value->as.boolean ? 4 : 5); return;
    case CUVEE_INT32:
    case CUVEE_INT64: put_integer(writer, value->as.integer); return;
    case CUVEE_DOUBLE: put_double(writer, value->as.real); return;
    case CUVEE_TEXT:
    case CUVEE_DECIMAL: put_string(writer, value->as.text.data, value->as.text.size); return;
    case CUVEE_TIME: put_time(writer, value->as.integer); return;
    case CUVEE_DATE: put_date(writer, value->as.integer); return;
    case CUVEE_UUID: put_uuid(writer, value->as.uuid); return;
    case CUVEE_BLOB: put_blob(writer, value->as.text.data, value->as.text.size); return;
    case CUVEE_JSON: put_json(writer, value->as.text.data, value->as.text.size); return;
    case CUVEE_OBJECT:
    case CUVEE_ARRAY: break;
    }
    put(writer, "null", 4);
}

/* ---- objects ---- */

static void put_row(struct writer *writer, const struct cv_plan *plan, const void *row, unsigned depth);

/* The field's name with what stands in front of it. */
static inline void put_name(struct writer *writer, const struct cv_field *field, bool *first)
{
    if (*first)
        put_char(writer, '{');
    put(writer, field->json - !*first, field->json_size + !*first);
    *first = false;
}

static void close_object(struct writer *writer, bool empty)
{
    put(writer, empty ? "{}" : "}", 1 + (size_t)empty);
}

static void put_array(struct writer *writer, const struct cv_field *field, const cuvee_array *array, unsigned depth)
{
    if (!array->items && field->nullable) {
        put(writer, "null", 4);
        return;
    }
    bool objects = field->item_kind == CUVEE_OBJECT;
    size_t step = objects ? field->nested->model->struct_size : cv_ctype_of(field->item_kind, false).size;
    const char *item = array->items;
    put_char(writer, '[');
    for (size_t i = 0; i < array->count && !writer->out->failed; i++, item += step) {
        if (i > 0)
            put_char(writer, ',');
        if (objects) {
            put_row(writer, field->nested, item, depth + 1);
        } else {
            cuvee_value value = cv_item_get(field->item_kind, item);
            put_value(writer, &value);
        }
    }
    put_char(writer, ']');
}

static bool is_null(const struct cv_field *field, const void *row)
{
    const void *pointer;
    if (field->kind != CUVEE_OBJECT && field->kind != CUVEE_ARRAY)
        return cv_row_get(field, row).kind == 0;
    if (field->kind == CUVEE_ARRAY && !field->nullable)
        return false;
    memcpy(&pointer,
           (const char *)row + field->offset + (field->kind == CUVEE_ARRAY ? offsetof(cuvee_array, items) : 0),
           sizeof pointer);
    return !pointer;
}

static void put_member(struct writer *writer, const struct cv_field *field, const void *row, unsigned depth)
{
    const char *member = (const char *)row + field->offset;
    if (field->kind == CUVEE_ARRAY) {
        put_array(writer, field, (const cuvee_array *)(const void *)member, depth);
    } else if (field->kind == CUVEE_OBJECT) {
        const void *object;
        memcpy(&object, member, sizeof object);
        put_row(writer, field->nested, object, depth + 1);
    } else {
        cuvee_value value = cv_row_get(field, row);
        put_value(writer, &value);
    }
}

static void put_row(struct writer *writer, const struct cv_plan *plan, const void *row, unsigned depth)
{
    if (!row) {
        put(writer, "null", 4);
        return;
    }
    if (depth > CV_JSON_WRITE_DEPTH) {
        finish(writer);
        writer->out->failed = CV_BUFFER_OVER_LIMIT;
        look_at_room(writer);
        return;
    }
    bool first = true;
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (field->declared->hidden || (writer->skip_null && is_null(field, row)))
            continue;
        put_name(writer, field, &first);
        put_member(writer, field, row, depth);
    }
    close_object(writer, first);
}

/* ---- the public face ---- */

void cv_json_value(struct cv_buffer *out, const cuvee_value *value)
{
    struct writer writer = start(out);
    put_value(&writer, value);
    finish(&writer);
}

void cv_json_string(struct cv_buffer *out, const char *text, size_t size)
{
    struct writer writer = start(out);
    put_string(&writer, text, size);
    finish(&writer);
}

static void put_cells(struct writer *writer, const struct cv_plan *plan, const cuvee_value *cells)
{
    bool first = true;
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (field->declared->hidden || (writer->skip_null && cells[i].kind == 0))
            continue;
        put_name(writer, field, &first);
        put_value(writer, &cells[i]);
    }
    close_object(writer, first);
    finish(writer);
}

void cv_json_cells(struct cv_buffer *out, const struct cv_plan *plan, const cuvee_value *cells)
{
    struct writer writer = start(out);
    put_cells(&writer, plan, cells);
}

void cv_json_cells_set(struct cv_buffer *out, const struct cv_plan *plan, const cuvee_value *cells)
{
    struct writer writer = start(out);
    writer.skip_null = true;
    put_cells(&writer, plan, cells);
}

void cv_json_row(struct cv_buffer *out, const struct cv_plan *plan, const void *row)
{
    struct writer writer = start(out);
    put_row(&writer, plan, row, 0);
    finish(&writer);
}

void cv_json_row_set(struct cv_buffer *out, const struct cv_plan *plan, const void *row)
{
    struct writer writer = start(out);
    writer.skip_null = true;
    put_row(&writer, plan, row, 0);
    finish(&writer);
}
