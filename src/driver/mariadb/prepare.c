/* Preparing a statement on the server. */
#include "driver/mariadb/mariadb.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/check.h"
#include "driver/keyword.h"

/* Whether the words stand in the SQL, one blank between them. */
static bool has_words(const char *sql, const char *words)
{
    size_t size = strlen(words);
    for (; *sql; sql++) {
        size_t i = 0;
        while (i < size && (sql[i] == words[i] || (sql[i] & ~0x20) == words[i]))
            i++;
        if (i == size)
            return true;
    }
    return false;
}

static bool refuse_text(const struct cv_connection *connection, const char *sql, cuvee_error *error)
{
    const char *refusal = cv_keyword_refusal(sql);
    if (refusal)
        return !cv_error_set(error, CUVEE_ERROR_MISUSE, "%s", refusal);
    if (cv_keyword_sets(sql)) /* SET LOCAL means the connection here, not the transaction */
        return !cv_error_set(error, CUVEE_ERROR_MISUSE, "on MariaDB a setting cannot be changed for a transaction");
    if (!connection->in_transaction || !cv_keyword_ends(sql))
        return false;
    cv_error_set(error, CUVEE_ERROR_UNSUPPORTED, "on MariaDB this would end the transaction");
    cv_error_text(error->hint, sizeof error->hint, "Change tables outside of a session's transaction.");
    return true;
}

/*
 * What a write returns is told by the server only when it has run; until then there are as many columns as are wanted,
 * and nobody who wants none gets any.
 */
static bool check_counts(struct cv_maria_statement *statement, const struct cv_statement_text *text, cuvee_error *error)
{
    size_t columns = mysql_stmt_field_count(statement->handle);
    bool told_later = columns == 0 && has_words(text->sql, " RETURNING ");
    statement->base.column_count = told_later && text->columns ? text->column_count : columns;
    return cv_check_counts(text, mysql_stmt_param_count(statement->handle), statement->base.column_count, error);
}

static bool make_room(struct cv_maria_statement *statement, const struct cv_statement_text *text, cuvee_error *error)
{
    struct cv_arena *arena = &statement->arena;
    size_t params = text->param_count + 1; /* never nothing */
    size_t columns = statement->base.column_count + 1;
    statement->in = cv_arena_zero(arena, params * sizeof *statement->in);
    statement->times = cv_arena_zero(arena, params * sizeof *statement->times);
    statement->params = cv_arena_zero(arena, params * sizeof *statement->params);
    statement->run.cells = cv_arena_zero(arena, columns * sizeof *statement->run.cells);
    statement->out = cv_arena_zero(arena, columns * sizeof *statement->out);
    statement->slots = cv_arena_zero(arena, columns * sizeof *statement->slots);
    statement->base.sql = cv_arena_text(arena, text->sql);
    if (text->columns)
        statement->kinds = (const uint8_t *)cv_arena_copy(arena, (const char *)text->columns, text->column_count);
    bool good = statement->in && statement->times && statement->params && statement->run.cells && statement->out &&
                statement->slots && statement->base.sql && (statement->kinds || !text->columns);
    return good || cv_error_memory(error);
}

static bool parse(struct cv_maria_statement *statement, const struct cv_statement_text *text, cuvee_error *error)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)statement->base.connection;
    statement->handle = mysql_stmt_init(connection->my);
    if (!statement->handle)
        return cv_error_memory(error);
    atomic_store(&connection->working, true);
    bool good = mysql_stmt_prepare(statement->handle, text->sql, (unsigned long)strlen(text->sql)) == 0;
    atomic_store(&connection->working, false);
    return good || cv_maria_fail_run(statement, error);
}

struct cv_statement *cv_maria_prepare(struct cv_connection *base, const struct cv_statement_text *text,
                                      cuvee_error *error)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    if (refuse_text(base, text->sql, error))
        return NULL;
    struct cv_maria_statement *statement = calloc(1, sizeof *statement);
    if (!statement) {
        cv_error_memory(error);
        return NULL;
    }
    cv_arena_init(&statement->arena, 0);
    cv_remote_run_init(&statement->run, &cv_maria_remote, &statement->base, &connection->streaming);
    statement->base.connection = base;
    statement->base.param_count = text->param_count;
    statement->base.raw = text->raw;
    statement->base.reads = cv_keyword_reads(text->sql);
    statement->upserts = has_words(text->sql, "ON DUPLICATE KEY UPDATE");
    if (cv_maria_enter(connection, error) && parse(statement, text, error) && check_counts(statement, text, error) &&
        make_room(statement, text, error) && cv_maria_make_slots(statement, error))
        return &statement->base;
    cv_maria_finalize(&statement->base);
    return NULL;
}

void cv_maria_finalize(struct cv_statement *base)
{
    struct cv_maria_statement *statement = (struct cv_maria_statement *)base;
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base->connection;
    cv_maria_finish(base, NULL);
    cv_remote_run_set_aside(connection->streaming); /* closing is a command too */
    cv_maria_free_slots(statement);
    if (statement->handle)
        mysql_stmt_close(statement->handle);
    cv_arena_free(&statement->arena);
    free(statement);
}

const char *cv_maria_column_name(const struct cv_statement *base, size_t column)
{
    const struct cv_maria_statement *statement = (const struct cv_maria_statement *)base;
    if (!statement->description)
        return "";
    return mysql_fetch_field_direct(statement->description, (unsigned)column)->name;
}
