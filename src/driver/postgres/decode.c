/*
 * Values out of a row. In binary form a column's type says what its bytes are; as text, where one column of the
 * statement has no binary form that we know, everything is read from what the server prints. Texts point into the row.
 */
#include "driver/postgres/postgres.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal_text.h"
#include "base/double_text.h"
#include "base/error.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "base/uuid_text.h"

#define EPOCH_US INT64_C(946684800000000)
enum { EPOCH_DAYS = 10957 };

/* One value on its way: what came, of which type. */
struct incoming {
    const unsigned char *data;
    size_t size;
    Oid type;
};

/* ---- which types for which kinds ---- */

cuvee_kind cv_pg_kind_of(Oid type)
{
    switch (type) {
    case CV_PG_BOOL: return CUVEE_BOOL;
    case CV_PG_INT2:
    case CV_PG_INT4:
    case CV_PG_INT8:
    case CV_PG_OID: return CUVEE_INT64;
    case CV_PG_FLOAT4:
    case CV_PG_FLOAT8: return CUVEE_DOUBLE;
    case CV_PG_TEXT:
    case CV_PG_VARCHAR:
    case CV_PG_BPCHAR:
    case CV_PG_NAME:
    case CV_PG_CHAR: return CUVEE_TEXT;
    case CV_PG_TIMESTAMP:
    case CV_PG_TIMESTAMPTZ: return CUVEE_TIME;
    case CV_PG_DATE: return CUVEE_DATE;
    case CV_PG_NUMERIC: return CUVEE_DECIMAL;
    case CV_PG_UUID: return CUVEE_UUID;
    case CV_PG_BYTEA: return CUVEE_BLOB;
    case CV_PG_JSON:
    case CV_PG_JSONB: return CUVEE_JSON;
    default: return 0;
    }
}

bool cv_pg_can_decode(Oid type, cuvee_kind kind, bool computed)
{
    cuvee_kind own = cv_pg_kind_of(type);
    if (kind == 0 || own == kind)
        return true;
    if (kind == CUVEE_INT32)
        return own == CUVEE_INT64;
    if (kind == CUVEE_TEXT) /* enums and other types of users', which send text; a NULL constant is text too */
        return type >= CV_PG_FIRST_OWN;
    return computed && kind == CUVEE_JSON && own == CUVEE_TEXT;
}

/* ---- binary ---- */

static uint64_t get(const unsigned char *data, size_t bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | data[i];
    return number;
}

int64_t cv_pg_get_int8(const char *data)
{
    return (int64_t)get((const unsigned char *)data, 8);
}

static int64_t get_integer(const struct incoming *in)
{
    switch (in->size) {
    case 2: return (int16_t)get(in->data, 2);
    case 4: return in->type == CV_PG_OID ? (int64_t)get(in->data, 4) : (int32_t)get(in->data, 4);
    default: return cv_pg_get_int8((const char *)in->data);
    }
}

static double get_double(const struct incoming *in)
{
    uint64_t bits = get(in->data, in->size);
    uint32_t half_bits = (uint32_t)bits;
    float half;
    double number;
    if (in->size == sizeof half) {
        memcpy(&half, &half_bits, sizeof half);
        return half;
    }
    memcpy(&number, &bits, sizeof number);
    return number;
}

static bool set_integer(cuvee_value *cell, int64_t number, int64_t low, int64_t high)
{
    cell->as.integer = number;
    return number >= low && number <= high;
}

static bool set_double(cuvee_value *cell, double number)
{
    cell->as.real = number + 0.0; /* no sign of zero */
    return isfinite(number);
}

static bool set_text(cuvee_value *cell, const unsigned char *data, size_t size)
{
    cell->as.text.data = (const char *)data;
    cell->as.text.size = size;
    return true;
}

static bool set_checked_text(cuvee_value *cell, const unsigned char *data, size_t size)
{
    return set_text(cell, data, size) && cv_utf8_text((const char *)data, size);
}

/* Infinite times and dates are the limits of the integer, and so out of all years. */
static bool set_time(cuvee_value *cell, const struct incoming *in)
{
    int64_t since = get_integer(in);
    bool fits = since <= INT64_MAX - EPOCH_US;
    return set_integer(cell, fits ? since + EPOCH_US : INT64_MAX, CV_TIME_MIN, CV_TIME_MAX);
}

static bool set_decimal(cuvee_value *cell, const struct incoming *in, struct cv_buffer *wire)
{
    size_t from = wire->size;
    bool good = cv_pg_decode_numeric(wire, in->data, in->size);
    cv_buffer_char(wire, '\0');
    if (!good || wire->failed)
        return false;
    return set_text(cell, (const unsigned char *)wire->data + from, wire->size - from - 1) &&
           cv_decimal_is_canonical(cell->as.text.data, cell->as.text.size);
}

/* jsonb's binary form is its text behind a version of one byte. */
static bool set_json(cuvee_value *cell, const struct incoming *in)
{
    size_t version = in->type == CV_PG_JSONB && in->size > 0 ? 1 : 0;
    return set_checked_text(cell, in->data + version, in->size - version);
}

static bool set_uuid(cuvee_value *cell, const struct incoming *in)
{
    if (in->size != sizeof cell->as.uuid)
        return false;
    memcpy(cell->as.uuid, in->data, sizeof cell->as.uuid);
    return true;
}

static bool read_binary(cuvee_value *cell, const struct incoming *in, struct cv_buffer *wire)
{
    switch (cell->kind) {
    case CUVEE_BOOL: cell->as.boolean = in->data[0] != 0; return true;
    case CUVEE_INT32: return set_integer(cell, get_integer(in), INT32_MIN, INT32_MAX);
    case CUVEE_INT64: return set_integer(cell, get_integer(in), INT64_MIN, INT64_MAX);
    case CUVEE_DOUBLE: return set_double(cell, get_double(in));
    case CUVEE_TIME: return set_time(cell, in);
    case CUVEE_DATE: return set_integer(cell, get_integer(in) + EPOCH_DAYS, CV_DATE_MIN, CV_DATE_MAX);
    case CUVEE_DECIMAL: return set_decimal(cell, in, wire);
    case CUVEE_UUID: return set_uuid(cell, in);
    case CUVEE_BLOB: return set_text(cell, in->data, in->size);
    case CUVEE_JSON: return set_json(cell, in);
    default: return set_checked_text(cell, in->data, in->size);
    }
}

/* ---- text ---- */

static bool parse_integer(cuvee_value *cell, const char *text, size_t size)
{
    bool negative = size > 0 && *text == '-';
    uint64_t number = 0;
    for (size_t i = negative; i < size; i++)
        number = number * 10 + (uint64_t)(text[i] - '0');
    cell->as.integer = (int64_t)(negative ? 0 - number : number);
    return true;
}

/* The server prints the offset from UTC in hours, which is 0 on our connections. */
static bool parse_time(cuvee_value *cell, const char *text, size_t size)
{
    cuvee_time time;
    if (size > 3 && memcmp(text + size - 3, "+00", 3) == 0)
        size -= 3;
    if (cv_time_parse(text, size, &time) != CV_TIME_GOOD)
        return false;
    cell->as.integer = time.us;
    return true;
}

static bool parse_date(cuvee_value *cell, const char *text, size_t size)
{
    cuvee_date date;
    if (cv_date_parse(text, size, &date) != CV_TIME_GOOD)
        return false;
    cell->as.integer = date.days;
    return true;
}

static bool parse_uuid(cuvee_value *cell, const char *text, size_t size)
{
    cuvee_uuid uuid;
    if (!cv_uuid_parse(text, size, &uuid))
        return false;
    memcpy(cell->as.uuid, uuid.bytes, sizeof uuid.bytes);
    return true;
}

static int hex(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* \x and two digits for each byte. */
static bool parse_blob(cuvee_value *cell, const char *text, size_t size, struct cv_buffer *wire)
{
    size_t from = wire->size;
    for (size_t i = 2; i + 1 < size; i += 2)
        cv_buffer_char(wire, (char)(hex(text[i]) * 16 + hex(text[i + 1])));
    return !wire->failed && set_text(cell, (const unsigned char *)wire->data + from, wire->size - from);
}

static bool read_text(cuvee_value *cell, const struct incoming *in, struct cv_buffer *wire)
{
    const char *text = (const char *)in->data;
    double number;
    switch (cell->kind) {
    case CUVEE_BOOL: cell->as.boolean = *text == 't'; return true;
    case CUVEE_INT64: return parse_integer(cell, text, in->size);
    case CUVEE_DOUBLE: return cv_double_parse(text, in->size, &number) && set_double(cell, number);
    case CUVEE_TIME: return parse_time(cell, text, in->size);
    case CUVEE_DATE: return parse_date(cell, text, in->size);
    case CUVEE_DECIMAL: return set_text(cell, in->data, in->size) && cv_decimal_is_canonical(text, in->size);
    case CUVEE_UUID: return parse_uuid(cell, text, in->size);
    case CUVEE_BLOB: return parse_blob(cell, text, in->size, wire);
    default: return set_checked_text(cell, in->data, in->size);
    }
}

/* ---- rows ---- */

static bool refuse(const struct cv_pg_statement *statement, int at, cuvee_error *error)
{
    const char *name = PQfname(statement->description, at);
    if (statement->wire.failed)
        return cv_error_memory(error);
    cv_error_set(error, CUVEE_ERROR_SCHEMA, "column %s holds a value that its kind cannot hold", name);
    cv_error_text(error->fields, sizeof error->fields, name);
    memcpy(error->sqlstate, "22000", 6);
    return false;
}

/* Room for all that a row needs beside itself, at once: texts point into it. */
static void make_room(struct cv_pg_statement *statement)
{
    size_t room = 1;
    for (int i = 0; i < (int)statement->base.column_count; i++) {
        Oid type = PQftype(statement->description, i);
        if (type == CV_PG_NUMERIC || type == CV_PG_BYTEA)
            room += ((size_t)CV_DECIMAL_DIGITS + (size_t)PQgetlength(statement->row, 0, i)) * 2;
    }
    cv_buffer_clear(&statement->wire);
    cv_buffer_reserve(&statement->wire, room);
}

bool cv_pg_cells(struct cv_pg_statement *statement, cuvee_value *cells, cuvee_error *error)
{
    const PGresult *row = statement->row;
    make_room(statement);
    for (int i = 0; i < (int)statement->base.column_count; i++) {
        if (PQgetisnull(row, 0, i)) {
            cells[i].kind = 0;
            continue;
        }
        struct incoming in = {.data = (const unsigned char *)PQgetvalue(row, 0, i),
                              .size = (size_t)PQgetlength(row, 0, i),
                              .type = PQftype(statement->description, i)};
        cuvee_kind own = cv_pg_kind_of(in.type);
        cells[i].kind = statement->column_kinds[i] ? (cuvee_kind)statement->column_kinds[i] : own ? own : CUVEE_TEXT;
        bool good = statement->text_format ? read_text(&cells[i], &in, &statement->wire)
                                           : read_binary(&cells[i], &in, &statement->wire);
        if (!good)
            return refuse(statement, i, error);
    }
    return true;
}
