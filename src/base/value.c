#include <cuvee/value.h>

#include <assert.h>
#include <string.h>

#include "base/time_text.h"
#include "base/uuid_text.h"

static cuvee_value text_of(cuvee_kind kind, const char *data, size_t size)
{
    cuvee_value value = {.kind = data ? kind : 0};
    value.as.text.data = data;
    value.as.text.size = size;
    return value;
}

static cuvee_value integer_of(cuvee_kind kind, int64_t integer)
{
    cuvee_value value = {.kind = kind};
    value.as.integer = integer;
    return value;
}

cuvee_value cuvee_null(void)
{
    return (cuvee_value){.kind = 0};
}

cuvee_value cuvee_bool_value(bool value)
{
    cuvee_value wrapped = {.kind = CUVEE_BOOL};
    wrapped.as.boolean = value;
    return wrapped;
}

cuvee_value cuvee_int_value(int64_t value)
{
    return integer_of(CUVEE_INT64, value);
}

cuvee_value cuvee_double_value(double value)
{
    cuvee_value wrapped = {.kind = CUVEE_DOUBLE};
    wrapped.as.real = value;
    return wrapped;
}

cuvee_value cuvee_text_value(const char *value)
{
    return text_of(CUVEE_TEXT, value, value ? strlen(value) : 0);
}

cuvee_value cuvee_time_value(cuvee_time value)
{
    return integer_of(CUVEE_TIME, value.us);
}

cuvee_value cuvee_date_value(cuvee_date value)
{
    return integer_of(CUVEE_DATE, value.days);
}

cuvee_value cuvee_decimal_value(cuvee_decimal value)
{
    return text_of(CUVEE_DECIMAL, value.text, value.text ? strlen(value.text) : 0);
}

cuvee_value cuvee_uuid_value(cuvee_uuid value)
{
    cuvee_value wrapped = {.kind = CUVEE_UUID};
    memcpy(wrapped.as.uuid, value.bytes, sizeof wrapped.as.uuid);
    return wrapped;
}

cuvee_value cuvee_blob_value(cuvee_blob value)
{
    return text_of(CUVEE_BLOB, value.data ? value.data : "", value.size);
}

cuvee_value cuvee_json_value(cuvee_json value)
{
    return text_of(CUVEE_JSON, value.text, value.text ? strlen(value.text) : 0);
}

cuvee_value cuvee_same_value(cuvee_value value)
{
    return value;
}

/* ---- nullable forms ---- */

cuvee_value cuvee_opt_bool_value(cuvee_opt_bool value)
{
    return value.set ? cuvee_bool_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_int32_value(cuvee_opt_int32 value)
{
    return value.set ? cuvee_int_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_int64_value(cuvee_opt_int64 value)
{
    return value.set ? cuvee_int_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_double_value(cuvee_opt_double value)
{
    return value.set ? cuvee_double_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_text_value(cuvee_opt_text value)
{
    return value.set ? cuvee_text_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_time_value(cuvee_opt_time value)
{
    return value.set ? cuvee_time_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_date_value(cuvee_opt_date value)
{
    return value.set ? cuvee_date_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_decimal_value(cuvee_opt_decimal value)
{
    return value.set ? cuvee_decimal_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_uuid_value(cuvee_opt_uuid value)
{
    return value.set ? cuvee_uuid_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_blob_value(cuvee_opt_blob value)
{
    return value.set ? cuvee_blob_value(value.value) : cuvee_null();
}

cuvee_value cuvee_opt_json_value(cuvee_opt_json value)
{
    return value.set ? cuvee_json_value(value.value) : cuvee_null();
}

/* ---- times, dates and UUIDs as text ---- */

static_assert((int)CUVEE_TIME_TEXT_SIZE == CV_TIME_TEXT_SIZE + 1, "a time and its NUL");
static_assert((int)CUVEE_DATE_TEXT_SIZE == CV_DATE_TEXT_SIZE + 1, "a date and its NUL");
static_assert((int)CUVEE_UUID_TEXT_SIZE == CV_UUID_TEXT_SIZE + 1, "a UUID and its NUL");

bool cuvee_time_from_text(const char *text, cuvee_time *time)
{
    cuvee_time read;
    if (!text || !time || cv_time_parse(text, strlen(text), &read) != CV_TIME_GOOD)
        return false;
    *time = read;
    return true;
}

bool cuvee_date_from_text(const char *text, cuvee_date *date)
{
    cuvee_date read;
    if (!text || !date || cv_date_parse(text, strlen(text), &read) != CV_TIME_GOOD)
        return false;
    *date = read;
    return true;
}

const char *cuvee_time_text(cuvee_time time, char *to, size_t size)
{
    if (!to || size < CUVEE_TIME_TEXT_SIZE)
        return NULL;
    size_t written = cv_time_format(to, time);
    to[written] = '\0';
    return written ? to : NULL;
}

const char *cuvee_date_text(cuvee_date date, char *to, size_t size)
{
    if (!to || size < CUVEE_DATE_TEXT_SIZE)
        return NULL;
    size_t written = cv_date_format(to, date);
    to[written] = '\0';
    return written ? to : NULL;
}

bool cuvee_uuid_from_text(const char *text, cuvee_uuid *uuid)
{
    cuvee_uuid read;
    if (!text || !uuid || !cv_uuid_parse(text, strlen(text), &read))
        return false;
    *uuid = read;
    return true;
}

const char *cuvee_uuid_text(cuvee_uuid uuid, char *to, size_t size)
{
    if (!to || size < CUVEE_UUID_TEXT_SIZE)
        return NULL;
    cv_uuid_format(to, uuid.bytes);
    to[CV_UUID_TEXT_SIZE] = '\0';
    return to;
}
