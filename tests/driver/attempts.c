#include "driver/attempts.h"

static const uint8_t kinds[] = {CUVEE_INT64, CUVEE_TEXT};

struct cv_statement *try_statement(struct cv_connection *connection, const char *sql, bool reads, bool raw,
                                   cuvee_error *error)
{
    struct cv_statement *kept = cv_statement_find(connection, sql, strlen(sql));
    struct cv_statement_text text = {.sql = sql, .raw = raw};
    if (reads) {
        text.columns = raw ? NULL : kinds;
        text.column_count = 2;
    } else {
        text.params = kinds;
        text.param_count = 2;
    }
    return kept ? kept : cv_statement_make(connection, sql, strlen(sql), &text, error);
}

bool try_read(struct cv_connection *connection, const char *sql, bool raw, bool interrupt, size_t *rows,
              cuvee_error *error)
{
    enum { INTERRUPT_AT = 10 };
    cuvee_value cells[2];
    struct cv_statement *read = try_statement(connection, sql, true, raw, error);
    if (!read)
        return false;
    enum cv_step step = connection->driver->start(read, NULL, error) ? CV_ROW : CV_ERROR;
    for (*rows = 0; step == CV_ROW; ++*rows) {
        step = connection->driver->next(read, cells, error);
        if (interrupt && step == CV_ROW && *rows == INTERRUPT_AT &&
            !connection->driver->execute(connection, "SELECT 1", error))
            step = CV_ERROR;
    }
    cv_statement_give_back(read, NULL);
    --*rows; /* the step that said that there are no more */
    return step == CV_DONE;
}

bool try_describe(struct cv_connection *connection, cuvee_error *error)
{
    struct cv_arena arena;
    struct cv_table table;
    cv_arena_init(&arena, 0);
    bool good = connection->driver->describe(connection, "t", &arena, &table, error);
    if (good)
        assert_int_equal(table.count, 2);
    cv_arena_free(&arena);
    return good;
}
