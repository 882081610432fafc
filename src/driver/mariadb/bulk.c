/*
 * Many rows at once by bulk binding: one statement of a single row and an array of values per column. The server tells
 * no keys for it, and older ones and MySQL do not have it; then, and for kinds that have no array here, rows go by
 * statements of many.
 */
#include "driver/mariadb/mariadb.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "driver/check.h"
#include "driver/statements.h"
#include "driver/values.h"

/* Rows sent at once, as far as they have not more values and bytes than that. */
enum { ROWS = 2000, VALUES = 20000, BYTES = 1 << 20 };

union item {
    int64_t integer;
    double real;
    const void *bytes;
};

/* One column's values. */
struct column {
    cuvee_kind kind;
    union item *items;
    unsigned long *sizes; /* of texts */
    char *indicators;     /* whether it is NULL */
};

struct run {
    const struct cv_bulk *bulk;
    struct cv_maria_statement *statement;
    size_t room;         /* rows that it can hold */
    cuvee_value *values; /* row by row */
    struct column *columns;
    MYSQL_BIND *in;
};

/* ---- whether it can be done ---- */

static bool has_array(cuvee_kind kind)
{
    switch (kind) {
    case CUVEE_BOOL:
    case CUVEE_INT32:
    case CUVEE_INT64:
    case CUVEE_DOUBLE:
    case CUVEE_TEXT:
    case CUVEE_JSON:
    case CUVEE_BLOB:
    case CUVEE_UUID: return true;
    default: return false;
    }
}

static bool can_bind(const struct cv_maria_connection *connection, const struct cv_bulk *bulk)
{
    unsigned long capabilities = 0;
    if (bulk->key || bulk->column_count == 0 ||
        mariadb_get_infov(connection->my, MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &capabilities) != 0 ||
        !(capabilities & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32)))
        return false;
    for (size_t c = 0; c < bulk->column_count; c++)
        if (!has_array((cuvee_kind)bulk->kinds[c]))
            return false;
    return true;
}

/* ---- arrays ---- */

static bool is_integer(cuvee_kind kind)
{
    return kind == CUVEE_INT32 || kind == CUVEE_INT64;
}

static enum enum_field_types type_of(cuvee_kind kind)
{
    switch (kind) {
    case CUVEE_BOOL:
    case CUVEE_INT32:
    case CUVEE_INT64: return MYSQL_TYPE_LONGLONG;
    case CUVEE_DOUBLE: return MYSQL_TYPE_DOUBLE;
    case CUVEE_TEXT:
    case CUVEE_JSON: return MYSQL_TYPE_STRING;
    default: return MYSQL_TYPE_BLOB;
    }
}

static bool make_room(struct run *run, struct cv_arena *arena)
{
    size_t columns = run->bulk->column_count;
    run->room = VALUES / columns < ROWS ? VALUES / columns + 1 : ROWS;
    run->values = cv_arena_zero(arena, run->room * columns * sizeof *run->values);
    run->columns = cv_arena_zero(arena, columns * sizeof *run->columns);
    run->in = cv_arena_zero(arena, columns * sizeof *run->in);
    bool good = run->values && run->columns && run->in;
    for (size_t c = 0; good && c < columns; c++) {
        struct column *column = &run->columns[c];
        column->kind = (cuvee_kind)run->bulk->kinds[c];
        column->items = cv_arena_zero(arena, run->room * sizeof *column->items);
        column->sizes = cv_arena_zero(arena, run->room * sizeof *column->sizes);
        column->indicators = cv_arena_zero(arena, run->room);
        good = column->items && column->sizes && column->indicators;
        run->in[c].buffer_type = type_of(column->kind);
        run->in[c].buffer = column->items;
        run->in[c].length = column->sizes;
        run->in[c].u.indicator = column->indicators;
    }
    return good;
}

/* Puts a value into its column, and tells the bytes of its text. */
static size_t put(struct column *column, size_t row, const cuvee_value *value)
{
    union item *item = &column->items[row];
    column->indicators[row] = value->kind == 0 ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
    column->sizes[row] = 0;
    switch ((int)value->kind) {
    case CUVEE_BOOL: item->integer = value->as.boolean; return 0;
    case CUVEE_INT32:
    case CUVEE_INT64: item->integer = value->as.integer; return 0;
    case CUVEE_DOUBLE: item->real = value->as.real + 0.0; return 0; /* no sign of zero */
    case CUVEE_UUID:
        item->bytes = value->as.uuid;
        column->sizes[row] = sizeof value->as.uuid;
        return sizeof value->as.uuid;
    case CUVEE_TEXT:
    case CUVEE_JSON:
    case CUVEE_BLOB:
        item->bytes = value->as.text.data ? value->as.text.data : "";
        column->sizes[row] = (unsigned long)value->as.text.size;
        return value->as.text.size;
    default: item->bytes = ""; return 0;
    }
}

static bool read_row(struct run *run, size_t number, size_t row, size_t *bytes, cuvee_error *error)
{
    const struct cv_bulk *bulk = run->bulk;
    cuvee_value *values = run->values + row * bulk->column_count;
    if (!bulk->rows.row(bulk->rows.arg, number, values) || !cv_check_params(values, bulk->column_count, error))
        return false;
    for (size_t c = 0; c < bulk->column_count; c++) {
        struct column *column = &run->columns[c];
        bool fits = values[c].kind == 0 || values[c].kind == column->kind ||
                    (is_integer(values[c].kind) && is_integer(column->kind));
        if (!fits)
            return cv_error_set(error, CUVEE_ERROR_VALUE, "value %zu of a row is not of its column's kind", c + 1);
        *bytes += put(column, row, &values[c]);
    }
    return true;
}

/* ---- sending ---- */

static bool send_rows(struct run *run, size_t count, cuvee_error *error)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)run->statement->base.connection;
    MYSQL_STMT *handle = run->statement->handle;
    unsigned rows = (unsigned)count;
    atomic_store(&connection->working, true);
    bool good = mysql_stmt_attr_set(handle, STMT_ATTR_ARRAY_SIZE, &rows) == 0 &&
                mysql_stmt_bind_param(handle, run->in) == 0 && mysql_stmt_execute(handle) == 0;
    atomic_store(&connection->working, false);
    if (!good)
        cv_maria_fail_run(run->statement, error);
    return good;
}

/* Inserts some rows from `first` on: how many, or 0 when it failed. */
static size_t insert_some(struct run *run, size_t first, cuvee_error *error)
{
    const struct cv_batch *rows = &run->bulk->rows;
    size_t bytes = 0, count = 0;
    while (count < run->room && bytes < BYTES && first + count < rows->count) {
        if (!read_row(run, first + count, count, &bytes, error))
            return 0;
        count++;
    }
    if (!send_rows(run, count, error))
        return 0;
    int64_t kept = (int64_t)mysql_stmt_affected_rows(run->statement->handle);
    return cv_values_heard(rows, first, count, kept) ? count : 0;
}

static bool insert_all(struct run *run, cuvee_error *error)
{
    size_t count = 0;
    for (size_t first = 0; first < run->bulk->rows.count; first += count) {
        count = insert_some(run, first, error);
        if (count == 0)
            return false;
    }
    return true;
}

bool cv_maria_insert_many(struct cv_connection *base, const struct cv_bulk *bulk, cuvee_error *error)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    if (!can_bind(connection, bulk))
        return cv_values_insert(base, bulk, error);
    struct cv_arena arena;
    struct run run = {.bulk = bulk};
    unsigned one_by_one = 0;
    cv_arena_init(&arena, 0);
    bool good = cv_maria_enter(connection, error) && (make_room(&run, &arena) || cv_error_memory(error));
    struct cv_statement *statement = good ? cv_values_statement(base, bulk, 1, error) : NULL;
    if (statement) {
        run.statement = (struct cv_maria_statement *)statement;
        good = insert_all(&run, error);
        mysql_stmt_attr_set(run.statement->handle, STMT_ATTR_ARRAY_SIZE, &one_by_one);
        cv_statement_give_back(statement, NULL);
    }
    cv_arena_free(&arena);
    return good && statement;
}
