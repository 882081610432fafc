/*
 * Many rows at once by COPY in its binary form: a head, per row the number of its columns and each value behind its
 * length, and an end. Keys that the server assigns are taken from its sequence beforehand, as many as there are rows,
 * in one query. Where COPY would not do what INSERT does, the rows go by statements of many rows.
 */
#include "driver/postgres/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/values.h"

/* Rows of one COPY when keys are reserved for them, and bytes that are sent at once. */
enum { PORTION = 10000, SENT_AT_ONCE = 64 * 1024 };

struct copy {
    struct cv_pg_connection *connection;
    const struct cv_bulk *bulk;
    struct cv_buffer wire;
    cuvee_value *values; /* of one row */
    int64_t *keys;       /* of one portion; NULL: none are assigned */
    cuvee_kind key_kind; /* of the column that they go into */
    bool stopped;        /* by the caller's function */
};

/* ---- keys ---- */

static bool reserve_keys(struct copy *copy, size_t count, cuvee_error *error)
{
    static const char sql[] =
        "SELECT nextval(pg_get_serial_sequence($1, $2)) FROM generate_series(1, CAST($3 AS bigint))";
    struct cv_pg_connection *connection = copy->connection;
    char number[24];
    struct cv_buffer table;
    cv_buffer_init(&table, 0);
    cv_values_name(&table, &cv_postgres_dialect, copy->bulk->table);
    snprintf(number, sizeof number, "%zu", count);
    const char *values[] = {cv_buffer_text(&table), copy->bulk->key, number};
    PGresult *result = NULL;
    bool good = values[0] || cv_error_memory(error);
    if (good) {
        atomic_store(&connection->working, true);
        result = PQexecParams(connection->pg, sql, 3, NULL, values, NULL, NULL, 1);
        atomic_store(&connection->working, false);
        good = PQresultStatus(result) == PGRES_TUPLES_OK || cv_pg_fail(connection, result, error);
    }
    for (size_t i = 0; good && i < count; i++)
        copy->keys[i] = cv_pg_get_int8(PQgetvalue(result, (int)i, 0));
    PQclear(result);
    cv_buffer_free(&table);
    return good;
}

/* ---- rows ---- */

/* A value behind its length, which is filled in when it is known. */
static void put_value(struct cv_buffer *wire, cuvee_kind kind, const cuvee_value *value)
{
    if (value->kind == 0) {
        cv_pg_put_integer(wire, UINT32_MAX, 4);
        return;
    }
    size_t from = wire->size;
    cv_pg_put_integer(wire, 0, 4);
    cv_pg_encode(wire, kind, value);
    if (!wire->failed)
        cv_pg_write_integer(wire->data + from, wire->size - from - 4, 4);
}

static bool put_row(struct copy *copy, size_t row, const int64_t *key, cuvee_error *error)
{
    const struct cv_bulk *bulk = copy->bulk;
    if (!bulk->rows.row(bulk->rows.arg, row, copy->values)) {
        copy->stopped = true;
        return false;
    }
    if (!cv_pg_check_kinds(bulk->kinds, copy->values, bulk->column_count, error))
        return false;
    cv_pg_put_integer(&copy->wire, bulk->column_count + (key ? 1 : 0), 2);
    if (key)
        put_value(&copy->wire, copy->key_kind, &(cuvee_value){.kind = CUVEE_INT64, .as.integer = *key});
    for (size_t c = 0; c < bulk->column_count; c++)
        put_value(&copy->wire, (cuvee_kind)bulk->kinds[c], &copy->values[c]);
    return !copy->wire.failed || cv_error_memory(error);
}

static bool send(struct copy *copy, cuvee_error *error)
{
    int sent = PQputCopyData(copy->connection->pg, copy->wire.data, (int)copy->wire.size);
    cv_buffer_clear(&copy->wire);
    return sent == 1 || cv_pg_fail(copy->connection, NULL, error);
}

static bool put_rows(struct copy *copy, size_t first, size_t count, cuvee_error *error)
{
    static const char head[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
    cv_buffer_clear(&copy->wire);
    cv_buffer_bytes(&copy->wire, head, sizeof head); /* with the NUL of its end, nineteen bytes */
    for (size_t i = 0; i < count; i++) {
        if (!put_row(copy, first + i, copy->keys ? &copy->keys[i] : NULL, error))
            return false;
        if (copy->wire.size >= SENT_AT_ONCE && !send(copy, error))
            return false;
    }
    cv_pg_put_integer(&copy->wire, UINT32_MAX, 2);
    return copy->wire.failed ? cv_error_memory(error) : send(copy, error);
}

/* ---- COPY ---- */

static bool begin_copy(struct copy *copy, cuvee_error *error)
{
    struct cv_pg_connection *connection = copy->connection;
    const struct cv_bulk *bulk = copy->bulk;
    struct cv_buffer sql;
    cv_buffer_init(&sql, 0);
    cv_buffer_put(&sql, "COPY ");
    cv_values_name(&sql, &cv_postgres_dialect, bulk->table);
    cv_buffer_put(&sql, " (");
    if (copy->keys)
        cv_values_name(&sql, &cv_postgres_dialect, bulk->key);
    for (size_t c = 0; c < bulk->column_count; c++) {
        cv_buffer_put(&sql, c > 0 || copy->keys ? "," : "");
        cv_values_name(&sql, &cv_postgres_dialect, bulk->columns[c]);
    }
    cv_buffer_put(&sql, ") FROM STDIN (FORMAT binary)");
    const char *text = cv_buffer_text(&sql);
    atomic_store(&connection->working, true);
    PGresult *result = text && PQsendQuery(connection->pg, text) ? cv_pg_result(connection) : NULL;
    cv_buffer_free(&sql);
    bool good = text ? PQresultStatus(result) == PGRES_COPY_IN || cv_pg_fail(connection, result, error)
                     : cv_error_memory(error);
    PQclear(result);
    if (!good)
        cv_pg_discard(connection);
    return good;
}

/* The server's own error, of a row that it refused, says more than that it took no more of them. */
static bool end_copy(struct copy *copy, bool complete, cuvee_error *error)
{
    struct cv_pg_connection *connection = copy->connection;
    cuvee_error ours = *error;
    cv_error_clear(error);
    PQputCopyEnd(connection->pg, complete ? NULL : "given up");
    PGresult *result = cv_pg_result(connection);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK || cv_pg_fail(connection, result, error);
    PQclear(result);
    cv_pg_discard(connection);
    if (!complete && (ours.kind || copy->stopped))
        *error = ours;
    return good && complete;
}

static bool copy_some(struct copy *copy, size_t first, size_t count, cuvee_error *error)
{
    const struct cv_batch *rows = &copy->bulk->rows;
    if (!begin_copy(copy, error))
        return false;
    if (!end_copy(copy, put_rows(copy, first, count, error), error))
        return false;
    for (size_t i = 0; rows->done && i < count; i++)
        if (!rows->done(rows->arg, first + i, 1, copy->keys ? copy->keys[i] : 0))
            return false;
    return true;
}

static bool copy_all(struct copy *copy, cuvee_error *error)
{
    size_t total = copy->bulk->rows.count;
    for (size_t first = 0; first < total;) {
        size_t count = copy->keys && total - first > PORTION ? PORTION : total - first;
        if ((copy->keys && !reserve_keys(copy, count, error)) || !copy_some(copy, first, count, error))
            return false;
        first += count;
    }
    return true;
}

bool cv_pg_insert_many(struct cv_connection *base, const struct cv_bulk *bulk, cuvee_error *error)
{
    struct copy copy = {.connection = (struct cv_pg_connection *)base, .bulk = bulk};
    bool fit = false;
    if (!cv_pg_enter(copy.connection, error) || !cv_pg_copy_fits(copy.connection, bulk, &fit, &copy.key_kind, error))
        return false;
    if (!fit)
        return cv_values_insert(base, bulk, error);
    cv_buffer_init(&copy.wire, 0);
    copy.values = calloc(bulk->column_count + 1, sizeof *copy.values);
    copy.keys = bulk->key ? malloc(PORTION * sizeof *copy.keys) : NULL;
    bool good = copy.values && (copy.keys || !bulk->key) ? copy_all(&copy, error) : cv_error_memory(error);
    cv_buffer_free(&copy.wire);
    free(copy.values);
    free(copy.keys);
    return good;
}
