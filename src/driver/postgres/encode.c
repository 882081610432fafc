/* Values as parameters, in the binary forms of their types. Texts and blobs are not copied. */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/error.h"
#include "driver/check.h"

/* The server counts from 2000-01-01. */
#define EPOCH_US INT64_C(946684800000000)
enum { EPOCH_DAYS = 10957 };

/* What a server takes at once is a little less than 1 GiB. */
enum { LARGEST = 1000 * 1000 * 1000 };

Oid cv_pg_param_type(cuvee_kind kind)
{
    switch (kind) {
    case CUVEE_BOOL: return CV_PG_BOOL;
    case CUVEE_INT32: return CV_PG_INT4;
    case CUVEE_INT64: return CV_PG_INT8;
    case CUVEE_DOUBLE: return CV_PG_FLOAT8;
    case CUVEE_TEXT: return CV_PG_TEXT;
    case CUVEE_TIME: return CV_PG_TIMESTAMPTZ;
    case CUVEE_DATE: return CV_PG_DATE;
    case CUVEE_DECIMAL: return CV_PG_NUMERIC;
    case CUVEE_UUID: return CV_PG_UUID;
    case CUVEE_BLOB: return CV_PG_BYTEA;
    case CUVEE_JSON: return CV_PG_JSON;
    default: return 0;
    }
}

void cv_pg_write_integer(char *room, uint64_t number, size_t size)
{
    for (size_t i = size; i-- > 0; number >>= 8)
        room[i] = (char)(number & 0xFF);
}

void cv_pg_put_integer(struct cv_buffer *wire, uint64_t number, size_t size)
{
    char *room = cv_buffer_reserve(wire, size);
    if (!room)
        return;
    cv_pg_write_integer(room, number, size);
    wire->size += size;
}

/* Appends a value, which is not NULL, in the binary form of its kind's type. */
void cv_pg_encode(struct cv_buffer *wire, cuvee_kind kind, const cuvee_value *value)
{
    uint64_t bits;
    double number;
    switch (kind) {
    case CUVEE_BOOL: cv_buffer_char(wire, value->as.boolean ? 1 : 0); break;
    case CUVEE_INT32: cv_pg_put_integer(wire, (uint64_t)value->as.integer, 4); break;
    case CUVEE_INT64: cv_pg_put_integer(wire, (uint64_t)value->as.integer, 8); break;
    case CUVEE_DOUBLE:
        number = value->as.real + 0.0; /* no sign of zero */
        memcpy(&bits, &number, sizeof bits);
        cv_pg_put_integer(wire, bits, 8);
        break;
    case CUVEE_TIME: cv_pg_put_integer(wire, (uint64_t)(value->as.integer - EPOCH_US), 8); break;
    case CUVEE_DATE: cv_pg_put_integer(wire, (uint64_t)(value->as.integer - EPOCH_DAYS), 4); break;
    case CUVEE_DECIMAL: cv_pg_encode_numeric(wire, value->as.text.data, value->as.text.size); break;
    case CUVEE_UUID: cv_buffer_bytes(wire, (const char *)value->as.uuid, sizeof value->as.uuid); break;
    default: cv_buffer_bytes(wire, value->as.text.data, value->as.text.size); break;
    }
}

static bool is_text(cuvee_kind kind)
{
    return kind == CUVEE_TEXT || kind == CUVEE_BLOB || kind == CUVEE_JSON;
}

static bool is_integer(cuvee_kind kind)
{
    return kind == CUVEE_INT32 || kind == CUVEE_INT64;
}

static bool fits(cuvee_kind declared, const cuvee_value *value)
{
    if (value->kind == declared || value->kind == 0)
        return true;
    if (!is_integer(declared) || !is_integer(value->kind))
        return false;
    return declared == CUVEE_INT64 || (value->as.integer >= INT32_MIN && value->as.integer <= INT32_MAX);
}

static bool check_size(const cuvee_value *values, size_t count, cuvee_error *error)
{
    size_t size = 0;
    for (size_t i = 0; i < count && size <= LARGEST; i++)
        if (is_text(values[i].kind))
            size += values[i].as.text.size > LARGEST ? LARGEST + 1 : values[i].as.text.size;
    if (size <= LARGEST)
        return true;
    cv_error_set(error, CUVEE_ERROR_FULL, "the values have more bytes than the server takes at once: %d", LARGEST);
    memcpy(error->sqlstate, "54000", 6);
    return false;
}

bool cv_pg_check_kinds(const uint8_t *kinds, const cuvee_value *values, size_t count, cuvee_error *error)
{
    if (!cv_check_params(values, count, error))
        return false;
    size_t i = 0;
    while (i < count && fits((cuvee_kind)kinds[i], &values[i]))
        i++;
    if (i == count)
        return check_size(values, count, error);
    cv_error_set(error, CUVEE_ERROR_VALUE, "parameter %zu is not of the kind that the statement was prepared for",
                 i + 1);
    memcpy(error->sqlstate, "22000", 6);
    return false;
}

/* Writes the values that have a form of their own behind each other; `lengths` get their ends. */
static void encode_all(struct cv_pg_statement *statement, const cuvee_value *params)
{
    for (size_t i = 0; i < statement->base.param_count; i++) {
        size_t from = statement->wire.size;
        if (params[i].kind != 0 && !is_text(params[i].kind))
            cv_pg_encode(&statement->wire, statement->param_kinds[i], &params[i]);
        statement->lengths[i] = (int)(statement->wire.size - from);
        statement->formats[i] = 1;
    }
}

static void point_to_all(struct cv_pg_statement *statement, const cuvee_value *params)
{
    const char *at = statement->wire.data;
    for (size_t i = 0; i < statement->base.param_count; i++) {
        statement->values[i] = params[i].kind == 0 ? NULL : at;
        at += statement->lengths[i];
        if (params[i].kind == 0 || !is_text(params[i].kind))
            continue;
        statement->values[i] = params[i].as.text.data ? params[i].as.text.data : "";
        statement->lengths[i] = (int)params[i].as.text.size;
    }
}

bool cv_pg_encode_params(struct cv_pg_statement *statement, const cuvee_value *params, cuvee_error *error)
{
    if (!cv_pg_check_kinds(statement->param_kinds, params, statement->base.param_count, error))
        return false;
    cv_buffer_clear(&statement->wire);
    cv_buffer_reserve(&statement->wire, 1); /* so that it points somewhere */
    encode_all(statement, params);
    if (statement->wire.failed)
        return cv_error_memory(error);
    point_to_all(statement, params);
    return true;
}
