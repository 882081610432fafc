/* Values out of a row, each checked to be of the kind that is wanted. */
#include "driver/mariadb/mariadb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal_text.h"
#include "base/error.h"
#include "base/time_text.h"
#include "base/utf8.h"
#include "base/uuid_text.h"

enum { FIRST_ROOM = 256, BINARY_CHARSET = 63, US_PER_SECOND = 1000000, SECONDS_PER_DAY = 86400 };

/* ---- which types for which kinds ---- */

/* Types whose values are bytes unless a charset says that they are text. */
static bool is_bytes(enum enum_field_types type)
{
    switch (type) {
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
    case MYSQL_TYPE_BIT:
    case MYSQL_TYPE_GEOMETRY: return true;
    default: return false;
    }
}

/* The kind that a column is read as when none is wanted. */
static cuvee_kind kind_of(const struct cv_maria_slot *slot)
{
    switch (slot->type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR: return CUVEE_INT64;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE: return CUVEE_DOUBLE;
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL: return CUVEE_DECIMAL;
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP: return CUVEE_TIME;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE: return CUVEE_DATE;
    default: return slot->binary ? CUVEE_BLOB : CUVEE_TEXT;
    }
}

static bool can_read(const struct cv_maria_slot *slot, cuvee_kind kind)
{
    cuvee_kind own = kind_of(slot);
    if (kind == own)
        return true;
    switch (kind) {
    case CUVEE_BOOL:
    case CUVEE_INT32: return own == CUVEE_INT64;
    case CUVEE_INT64: return own == CUVEE_DECIMAL && slot->computed; /* a sum of integers */
    case CUVEE_JSON: return own == CUVEE_TEXT;
    case CUVEE_UUID: return own == CUVEE_BLOB || own == CUVEE_TEXT; /* the server's own UUIDs come as text */
    default: return slot->type == MYSQL_TYPE_NULL;
    }
}

/* ---- slots ---- */

static void describe_slot(struct cv_maria_slot *slot, const MYSQL_FIELD *field, cuvee_kind kind)
{
    slot->type = field->type;
    slot->binary = is_bytes(field->type) && field->charsetnr == BINARY_CHARSET;
    slot->is_unsigned = field->flags & UNSIGNED_FLAG;
    slot->computed = !field->org_table || *field->org_table == '\0';
    slot->kind = (uint8_t)(kind ? kind : kind_of(slot));
}

static bool refuse_type(const MYSQL_FIELD *field, cuvee_error *error)
{
    cv_error_set(error, CUVEE_ERROR_SCHEMA, "column %s is of type %d, which is not of the kind that is wanted",
                 field->name, (int)field->type);
    cv_error_text(error->fields, sizeof error->fields, field->name);
    memcpy(error->sqlstate, "42804", 6);
    return false;
}

static bool bind_slot(struct cv_maria_slot *slot, MYSQL_BIND *bind, cuvee_error *error)
{
    bind->is_null = &slot->null;
    bind->length = &slot->size;
    bind->is_unsigned = slot->is_unsigned;
    bind->buffer = &slot->as;
    switch (kind_of(slot)) {
    case CUVEE_INT64: bind->buffer_type = MYSQL_TYPE_LONGLONG; return true;
    case CUVEE_DOUBLE: bind->buffer_type = MYSQL_TYPE_DOUBLE; return true;
    case CUVEE_TIME: bind->buffer_type = MYSQL_TYPE_DATETIME; return true;
    case CUVEE_DATE: bind->buffer_type = MYSQL_TYPE_DATE; return true;
    default: break;
    }
    slot->room = malloc(FIRST_ROOM + 1);
    slot->room_size = FIRST_ROOM;
    bind->buffer_type = slot->binary ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
    bind->buffer = slot->room;
    bind->buffer_length = FIRST_ROOM;
    return slot->room || cv_error_memory(error);
}

void cv_maria_free_slots(struct cv_maria_statement *statement)
{
    for (size_t i = 0; statement->slots && i < statement->base.column_count; i++) {
        free(statement->slots[i].room);
        statement->slots[i].room = NULL;
    }
    if (statement->description)
        mysql_free_result(statement->description);
    statement->description = NULL;
}

bool cv_maria_make_slots(struct cv_maria_statement *statement, cuvee_error *error)
{
    size_t count = mysql_stmt_field_count(statement->handle);
    if (count == 0)
        return true; /* none, or not told yet */
    cv_maria_free_slots(statement);
    statement->description = mysql_stmt_result_metadata(statement->handle);
    if (!statement->description)
        return cv_error_memory(error);
    if (count != statement->base.column_count)
        return cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement gives %zu columns, but %zu are wanted", count,
                            statement->base.column_count);
    for (size_t i = 0; i < count; i++) {
        const MYSQL_FIELD *field = mysql_fetch_field_direct(statement->description, (unsigned)i);
        cuvee_kind kind = statement->kinds ? (cuvee_kind)statement->kinds[i] : 0;
        describe_slot(&statement->slots[i], field, kind);
        if (kind && !can_read(&statement->slots[i], kind))
            return refuse_type(field, error);
        if (!bind_slot(&statement->slots[i], &statement->out[i], error))
            return false;
    }
    return mysql_stmt_bind_result(statement->handle, statement->out) == 0 || cv_maria_fail_run(statement, error);
}

/* ---- reading ---- */

/* A text that was longer than its room is fetched once more, into more room. */
static bool fetch_whole(struct cv_maria_statement *statement, size_t i, cuvee_error *error)
{
    struct cv_maria_slot *slot = &statement->slots[i];
    MYSQL_BIND *bind = &statement->out[i];
    char *room = realloc(slot->room, slot->size + 1);
    if (!room)
        return cv_error_memory(error);
    slot->room = room;
    slot->room_size = slot->size;
    bind->buffer = room;
    bind->buffer_length = slot->size;
    return mysql_stmt_fetch_column(statement->handle, bind, (unsigned)i, 0) == 0 || cv_maria_fail_run(statement, error);
}

/* For all of a row at once: the library forgets where the row's other texts stand when it is told of the new room. */
static bool fetch_long_texts(struct cv_maria_statement *statement, cuvee_error *error)
{
    bool grown = false;
    for (size_t i = 0; i < statement->base.column_count; i++) {
        const struct cv_maria_slot *slot = &statement->slots[i];
        if (slot->null || !slot->room || slot->size <= slot->room_size)
            continue;
        grown = true;
        if (!fetch_whole(statement, i, error))
            return false;
    }
    return !grown || mysql_stmt_bind_result(statement->handle, statement->out) == 0 ||
           cv_maria_fail_run(statement, error);
}

static bool set_integer(const struct cv_maria_slot *slot, int64_t low, int64_t high, cuvee_value *cell)
{
    cell->as.integer = slot->as.integer;
    bool too_large = slot->is_unsigned && slot->as.integer < 0;
    return !too_large && cell->as.integer >= low && cell->as.integer <= high;
}

static bool set_day(const MYSQL_TIME *time, cuvee_value *cell)
{
    bool good = time->year > 0 && time->month > 0 && time->day > 0;
    cell->as.integer = good ? cv_date_of((int)time->year, (int)time->month, (int)time->day) : 0;
    return good;
}

static bool set_time(const MYSQL_TIME *time, cuvee_value *cell)
{
    if (!set_day(time, cell))
        return false;
    int64_t seconds =
        cell->as.integer * SECONDS_PER_DAY + (int64_t)time->hour * 3600 + (int64_t)time->minute * 60 + time->second;
    cell->as.integer = seconds * US_PER_SECOND + (int64_t)time->second_part;
    return true;
}

static bool set_text(const struct cv_maria_slot *slot, cuvee_value *cell)
{
    cell->as.text.data = slot->room;
    cell->as.text.size = slot->size;
    slot->room[slot->size] = '\0';
    return slot->kind == CUVEE_BLOB || cv_utf8_text(slot->room, slot->size);
}

/* The column's zeros at the end say nothing of the number that was written. */
static bool set_decimal(struct cv_maria_slot *slot, cuvee_value *cell)
{
    const char *point = memchr(slot->room, '.', slot->size);
    while (point && slot->room[slot->size - 1] == '0')
        slot->size--;
    if (point && slot->room[slot->size - 1] == '.')
        slot->size--;
    return set_text(slot, cell) && cv_decimal_is_canonical(slot->room, slot->size);
}

static bool set_sum(const struct cv_maria_slot *slot, cuvee_value *cell)
{
    bool negative = slot->size > 0 && slot->room[0] == '-';
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t number = 0;
    for (size_t i = negative; i < slot->size; i++) {
        unsigned digit = (unsigned char)slot->room[i] - '0';
        if (digit > 9 || number > (limit - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    cell->as.integer = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

static bool set_uuid(const struct cv_maria_slot *slot, cuvee_value *cell)
{
    cuvee_uuid uuid;
    bool good = slot->binary ? slot->size == sizeof uuid.bytes : cv_uuid_parse(slot->room, slot->size, &uuid);
    if (good)
        memcpy(cell->as.uuid, slot->binary ? (const void *)slot->room : uuid.bytes, sizeof uuid.bytes);
    return good;
}

static bool read_text_slot(struct cv_maria_slot *slot, cuvee_value *cell)
{
    switch (cell->kind) {
    case CUVEE_INT64: return set_sum(slot, cell);
    case CUVEE_DECIMAL: return set_decimal(slot, cell);
    case CUVEE_UUID: return set_uuid(slot, cell);
    default: return set_text(slot, cell);
    }
}

static bool read_slot(struct cv_maria_slot *slot, cuvee_value *cell)
{
    cell->kind = (cuvee_kind)slot->kind;
    if (slot->room)
        return read_text_slot(slot, cell);
    switch (cell->kind) {
    case CUVEE_BOOL: cell->as.boolean = slot->as.integer != 0; return slot->as.integer == 0 || slot->as.integer == 1;
    case CUVEE_INT32: return set_integer(slot, INT32_MIN, INT32_MAX, cell);
    case CUVEE_INT64: return set_integer(slot, INT64_MIN, INT64_MAX, cell);
    case CUVEE_DOUBLE: cell->as.real = slot->as.real + 0.0; return isfinite(slot->as.real);
    case CUVEE_TIME: return set_time(&slot->as.time, cell);
    case CUVEE_DATE: return set_day(&slot->as.time, cell);
    default: return false;
    }
}

static bool refuse_value(const struct cv_maria_statement *statement, size_t at, cuvee_error *error)
{
    const char *name = mysql_fetch_field_direct(statement->description, (unsigned)at)->name;
    const struct cv_maria_slot *slot = &statement->slots[at];
    bool sum = slot->room && slot->kind == CUVEE_INT64;
    if (sum || slot->kind == CUVEE_DOUBLE) { /* no column holds an infinity */
        cv_error_set(error, CUVEE_ERROR_VALUE, "overflow: %s is beyond what 64 bits hold", name);
        memcpy(error->sqlstate, "22003", 6);
        return false;
    }
    cv_error_set(error, CUVEE_ERROR_SCHEMA, "column %s holds a value that its kind cannot hold", name);
    cv_error_text(error->fields, sizeof error->fields, name);
    memcpy(error->sqlstate, "22000", 6);
    return false;
}

bool cv_maria_cells(struct cv_maria_statement *statement, cuvee_value *cells, cuvee_error *error)
{
    if (!fetch_long_texts(statement, error))
        return false;
    for (size_t i = 0; i < statement->base.column_count; i++) {
        struct cv_maria_slot *slot = &statement->slots[i];
        if (slot->null || slot->type == MYSQL_TYPE_NULL) {
            cells[i].kind = 0;
            continue;
        }
        if (!read_slot(slot, &cells[i]))
            return refuse_value(statement, i, error);
    }
    return true;
}
