#include "driver/values.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/statements.h"

/* Rows of a statement: enough that the journeys to the server do not count, few enough to be parsed and held easily. */
enum { ROWS = 500 };

/*
 * Bytes of a statement's values: far less than any server takes at once, so that short rows are not refused for their
 * number.
 */
enum { BYTES = 512 * 1024 };

void cv_values_name(struct cv_buffer *sql, const struct cv_dialect *dialect, const char *name)
{
    cv_buffer_char(sql, dialect->quote);
    for (; *name; name++) {
        if (*name == dialect->quote)
            cv_buffer_char(sql, dialect->quote);
        cv_buffer_char(sql, *name);
    }
    cv_buffer_char(sql, dialect->quote);
}

/* ---- a statement of so many rows ---- */

static void write_row(struct cv_buffer *sql, const struct cv_dialect *dialect, size_t columns, size_t *param)
{
    for (size_t c = 0; c < columns; c++) {
        cv_buffer_put(sql, c > 0 ? "," : "(");
        if (dialect->numbered)
            cv_buffer_format(sql, "$%zu", ++*param);
        else
            cv_buffer_char(sql, '?');
    }
    cv_buffer_char(sql, ')');
}

static void write_insert(struct cv_buffer *sql, const struct cv_dialect *dialect, const struct cv_bulk *bulk,
                         size_t rows)
{
    size_t param = 0;
    cv_buffer_put(sql, "INSERT INTO ");
    cv_values_name(sql, dialect, bulk->table);
    for (size_t c = 0; c < bulk->column_count; c++) {
        cv_buffer_put(sql, c > 0 ? "," : " (");
        cv_values_name(sql, dialect, bulk->columns[c]);
    }
    cv_buffer_put(sql, ") VALUES ");
    for (size_t r = 0; r < rows; r++) {
        cv_buffer_put(sql, r > 0 ? "," : "");
        write_row(sql, dialect, bulk->column_count, &param);
    }
    if (bulk->key) {
        cv_buffer_put(sql, " RETURNING ");
        cv_values_name(sql, dialect, bulk->key);
    }
}

static struct cv_statement *prepare(struct cv_connection *connection, const struct cv_bulk *bulk, size_t rows,
                                    const char *sql, size_t size, cuvee_error *error)
{
    static const uint8_t key_kind = CUVEE_INT64;
    uint8_t *kinds = malloc(rows * bulk->column_count + 1); /* never nothing */
    if (!kinds) {
        cv_error_memory(error);
        return NULL;
    }
    for (size_t r = 0; r < rows; r++)
        memcpy(kinds + r * bulk->column_count, bulk->kinds, bulk->column_count);
    struct cv_statement_text text = {.sql = sql,
                                     .params = kinds,
                                     .param_count = rows * bulk->column_count,
                                     .columns = &key_kind,
                                     .column_count = bulk->key ? 1 : 0};
    struct cv_statement *statement = cv_statement_make(connection, sql, size, &text, error);
    free(kinds);
    return statement;
}

/* Its own text is its shape: shapes of the rooms above do not begin like SQL. */
struct cv_statement *cv_values_statement(struct cv_connection *connection, const struct cv_bulk *bulk, size_t rows,
                                         cuvee_error *error)
{
    struct cv_buffer sql;
    cv_buffer_init(&sql, 0);
    write_insert(&sql, connection->driver->dialect, bulk, rows);
    const char *text = cv_buffer_text(&sql);
    struct cv_statement *statement = text ? cv_statement_find(connection, text, sql.size) : NULL;
    if (!text)
        cv_error_memory(error);
    else if (!statement)
        statement = prepare(connection, bulk, rows, text, sql.size, error);
    cv_buffer_free(&sql);
    return statement;
}

/* ---- running ---- */

struct run {
    struct cv_connection *connection;
    const struct cv_bulk *bulk;
    cuvee_value *params;
};

/* A row that the engine took and did not keep, for the caller to judge. */
static bool hear_loss(const struct cv_batch *rows, size_t row)
{
    return !rows->done || rows->done(rows->arg, row, 0, 0);
}

/* Reads the keys of the rows from `first` on. */
static bool hear_keys(struct run *run, struct cv_statement *statement, size_t first, size_t count, cuvee_error *error)
{
    const struct cv_driver *driver = run->connection->driver;
    const struct cv_batch *rows = &run->bulk->rows;
    enum cv_step step = CV_ROW;
    for (size_t i = 0; step == CV_ROW && i < count; i++) {
        cuvee_value key = {.kind = 0};
        step = driver->next(statement, &key, error);
        if (step == CV_ROW && rows->done && !rows->done(rows->arg, first + i, 1, key.as.integer))
            return false;
        if (step == CV_DONE && !hear_loss(rows, first + i))
            return false;
    }
    return step == CV_DONE || (step == CV_ROW && driver->next(statement, NULL, error) == CV_DONE);
}

bool cv_values_heard(const struct cv_batch *rows, size_t first, size_t count, int64_t kept)
{
    if (kept != (int64_t)count)
        return hear_loss(rows, first);
    for (size_t i = 0; rows->done && i < count; i++)
        if (!rows->done(rows->arg, first + i, 1, 0))
            return false;
    return true;
}

static size_t bytes_of(const cuvee_value *values, size_t count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i].kind == CUVEE_TEXT || values[i].kind == CUVEE_BLOB || values[i].kind == CUVEE_JSON)
            bytes += values[i].as.text.size;
    return bytes;
}

/* The rows whose values begin at `params`, by halves where they are long. */
static bool insert_filled(struct run *run, const cuvee_value *params, size_t first, size_t count, cuvee_error *error)
{
    size_t columns = run->bulk->column_count;
    size_t half = count / 2;
    if (half > 0 && bytes_of(params, count * columns) > BYTES)
        return insert_filled(run, params, first, half, error) &&
               insert_filled(run, params + half * columns, first + half, count - half, error);
    struct cv_statement *statement = cv_values_statement(run->connection, run->bulk, count, error);
    if (!statement)
        return false;
    bool good = run->connection->driver->start(statement, params, error) &&
                (!run->bulk->key || hear_keys(run, statement, first, count, error));
    int64_t kept = 0;
    cv_statement_give_back(statement, &kept);
    return good && (run->bulk->key || cv_values_heard(&run->bulk->rows, first, count, kept));
}

static bool insert_some(struct run *run, size_t first, size_t count, cuvee_error *error)
{
    const struct cv_batch *rows = &run->bulk->rows;
    for (size_t i = 0; i < count; i++)
        if (!rows->row(rows->arg, first + i, run->params + i * run->bulk->column_count))
            return false;
    return insert_filled(run, run->params, first, count, error);
}

/* Full statements first; what is left goes by halves, so that few different statements are prepared over time. */
static size_t portion(size_t most, size_t left)
{
    while (most > left)
        most /= 2;
    return most;
}

bool cv_values_insert(struct cv_connection *connection, const struct cv_bulk *bulk, cuvee_error *error)
{
    size_t most = connection->driver->dialect->max_params / (bulk->column_count + 1);
    most = most > ROWS ? ROWS : most;
    struct run run = {.connection = connection, .bulk = bulk};
    run.params = malloc((most * bulk->column_count + 1) * sizeof *run.params);
    if (!run.params)
        return cv_error_memory(error);
    bool good = true;
    for (size_t first = 0; good && first < bulk->rows.count;) {
        size_t count = portion(most, bulk->rows.count - first);
        good = insert_some(&run, first, count, error);
        first += count;
    }
    free(run.params);
    return good;
}
