#include "model/constant.h"

#include <math.h>
#include <string.h>

#include "base/base64.h"
#include "base/decimal_text.h"
#include "base/double_text.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "base/uuid_text.h"
#include "model/json_scan.h"

static enum cv_constant good_if(bool good)
{
    return good ? CV_CONSTANT_GOOD : CV_CONSTANT_WRONG;
}

static bool is_text(const char *text, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(text, word, size) == 0;
}

static bool read_bool(const char *text, size_t size, cuvee_value *value)
{
    value->as.boolean = is_text(text, size, "true");
    return value->as.boolean || is_text(text, size, "false");
}

static bool read_integer(const char *text, size_t size, int64_t *integer)
{
    bool negative = size > 0 && *text == '-';
    size_t i = negative;
    uint64_t most = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t number = 0;
    if (i == size)
        return false;
    for (; i < size; i++) {
        unsigned digit = (unsigned)(unsigned char)text[i] - '0';
        if (digit > 9 || number > (most - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *integer = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

static bool read_int32(const char *text, size_t size, int64_t *integer)
{
    return read_integer(text, size, integer) && *integer >= INT32_MIN && *integer <= INT32_MAX;
}

static bool read_time(const char *text, size_t size, int64_t *us)
{
    cuvee_time time;
    bool good = cv_time_parse(text, size, &time) == CV_TIME_GOOD;
    *us = good ? time.us : 0;
    return good;
}

static bool read_date(const char *text, size_t size, int64_t *days)
{
    cuvee_date date;
    bool good = cv_date_parse(text, size, &date) == CV_TIME_GOOD;
    *days = good ? date.days : 0;
    return good;
}

static bool read_uuid(const char *text, size_t size, cuvee_value *value)
{
    cuvee_uuid uuid;
    bool good = cv_uuid_parse(text, size, &uuid);
    if (good)
        memcpy(value->as.uuid, uuid.bytes, sizeof value->as.uuid);
    return good;
}

static enum cv_constant read_decimal(const char *text, size_t size, struct cv_arena *arena, cuvee_value *value)
{
    enum cv_decimal_fault fault = cv_decimal_read(text, size, arena, &value->as.text.data, &value->as.text.size);
    return fault == CV_DECIMAL_NO_MEMORY ? CV_CONSTANT_NO_MEMORY : good_if(fault == CV_DECIMAL_GOOD);
}

static enum cv_constant copy(const char *text, size_t size, struct cv_arena *arena, cuvee_value *value)
{
    value->as.text.data = cv_arena_copy(arena, text, size);
    value->as.text.size = size;
    return value->as.text.data ? CV_CONSTANT_GOOD : CV_CONSTANT_NO_MEMORY;
}

static enum cv_constant read_blob(const char *text, size_t size, struct cv_arena *arena, cuvee_value *value)
{
    char *bytes = cv_arena_alloc(arena, cv_base64_room(size));
    if (!bytes)
        return CV_CONSTANT_NO_MEMORY;
    value->as.text.data = bytes;
    return good_if(cv_base64_decode(bytes, &value->as.text.size, text, size) == CV_BASE64_GOOD);
}

bool cv_json_is(const char *text, size_t size)
{
    struct cv_json_fault fault;
    return cv_utf8_text(text, size) && cv_json_scan(text, size, NULL, &fault) == CV_JSON_GOOD && !fault.nul;
}

enum cv_constant cv_constant_read(cuvee_kind kind, const char *text, size_t size, struct cv_arena *arena,
                                  cuvee_value *value)
{
    value->kind = kind;
    switch (kind) {
    case CUVEE_BOOL: return good_if(read_bool(text, size, value));
    case CUVEE_INT32: return good_if(read_int32(text, size, &value->as.integer));
    case CUVEE_INT64: return good_if(read_integer(text, size, &value->as.integer));
    case CUVEE_DOUBLE: return good_if(cv_double_parse(text, size, &value->as.real) && isfinite(value->as.real));
    case CUVEE_TIME: return good_if(read_time(text, size, &value->as.integer));
    case CUVEE_DATE: return good_if(read_date(text, size, &value->as.integer));
    case CUVEE_UUID: return good_if(read_uuid(text, size, value));
    case CUVEE_DECIMAL: return read_decimal(text, size, arena, value);
    case CUVEE_BLOB: return read_blob(text, size, arena, value);
    case CUVEE_TEXT: return cv_utf8_text(text, size) ? copy(text, size, arena, value) : CV_CONSTANT_WRONG;
    case CUVEE_JSON: return cv_json_is(text, size) ? copy(text, size, arena, value) : CV_CONSTANT_WRONG;
    case CUVEE_OBJECT:
    case CUVEE_ARRAY: break;
    }
    return CV_CONSTANT_WRONG;
}

bool cv_kind_has_order(cuvee_kind kind)
{
    return kind == CUVEE_INT32 || kind == CUVEE_INT64 || kind == CUVEE_DOUBLE || kind == CUVEE_TIME ||
           kind == CUVEE_DATE || kind == CUVEE_DECIMAL;
}

int cv_value_compare(const cuvee_value *a, const cuvee_value *b)
{
    if (a->kind == CUVEE_DECIMAL)
        return cv_decimal_compare(a->as.text.data, a->as.text.size, b->as.text.data, b->as.text.size);
    if (a->kind == CUVEE_DOUBLE)
        return (a->as.real > b->as.real) - (a->as.real < b->as.real);
    return (a->as.integer > b->as.integer) - (a->as.integer < b->as.integer);
}

const char *cv_kind_name(cuvee_kind kind)
{
    static const char *const names[] = {
        [CUVEE_BOOL] = "bool",   [CUVEE_INT32] = "int32", [CUVEE_INT64] = "int64", [CUVEE_DOUBLE] = "double",
        [CUVEE_TEXT] = "text",   [CUVEE_TIME] = "time",   [CUVEE_DATE] = "date",   [CUVEE_DECIMAL] = "decimal",
        [CUVEE_UUID] = "UUID",   [CUVEE_BLOB] = "blob",   [CUVEE_JSON] = "JSON",   [CUVEE_OBJECT] = "object",
        [CUVEE_ARRAY] = "array",
    };
    bool known = kind >= CUVEE_BOOL && kind <= CUVEE_ARRAY;
    return known ? names[kind] : "unknown";
}
