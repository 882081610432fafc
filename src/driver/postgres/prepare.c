/* Preparing a statement on the server, and learning what its columns are. */
#include "driver/postgres/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/check.h"
#include "driver/keyword.h"

/* ---- what was prepared ---- */

static bool refuse_column(struct cv_pg_statement *statement, int at, cuvee_error *error)
{
    const char *name = PQfname(statement->description, at);
    cv_error_set(error, CUVEE_ERROR_SCHEMA, "column %s is of type %u, which is not of the kind that is wanted", name,
                 PQftype(statement->description, at));
    cv_error_text(error->fields, sizeof error->fields, name);
    memcpy(error->sqlstate, "42804", 6);
    return false;
}

/* Columns come as text when one of them is of a type that has no binary form that we know. */
static bool settle_columns(struct cv_pg_statement *statement, cuvee_error *error)
{
    const PGresult *description = statement->description;
    for (int i = 0; i < (int)statement->base.column_count; i++) {
        Oid type = PQftype(description, i);
        bool computed = PQftable(description, i) == InvalidOid;
        if (!cv_pg_can_decode(type, statement->column_kinds[i], computed))
            return refuse_column(statement, i, error);
        if (statement->column_kinds[i] == 0 && cv_pg_kind_of(type) == 0)
            statement->text_format = true;
    }
    return true;
}

static bool make_room(struct cv_pg_statement *statement, const struct cv_statement_text *text, cuvee_error *error)
{
    struct cv_arena *arena = &statement->arena;
    size_t params = text->param_count + 1; /* never nothing */
    size_t columns = statement->base.column_count + 1;
    statement->param_kinds = cv_arena_zero(arena, params);
    statement->column_kinds = cv_arena_zero(arena, columns);
    statement->run.cells = cv_arena_zero(arena, columns * sizeof *statement->run.cells);
    statement->params = cv_arena_zero(arena, params * sizeof *statement->params);
    statement->values = cv_arena_zero(arena, params * sizeof *statement->values);
    statement->lengths = cv_arena_zero(arena, params * sizeof *statement->lengths);
    statement->formats = cv_arena_zero(arena, params * sizeof *statement->formats);
    statement->base.sql = cv_arena_text(arena, text->sql);
    if (!statement->param_kinds || !statement->column_kinds || !statement->run.cells || !statement->params ||
        !statement->values || !statement->lengths || !statement->formats || !statement->base.sql)
        return cv_error_memory(error);
    if (text->param_count > 0)
        memcpy(statement->param_kinds, text->params, text->param_count);
    if (text->columns && text->column_count > 0)
        memcpy(statement->column_kinds, text->columns, text->column_count);
    return true;
}

/* ---- on the wire ---- */

static bool send_parse(struct cv_pg_connection *connection, const struct cv_pg_statement *statement,
                       const struct cv_statement_text *text, cuvee_error *error)
{
    Oid *types = malloc((text->param_count + 1) * sizeof *types);
    if (!types)
        return cv_error_memory(error);
    for (size_t i = 0; i < text->param_count; i++)
        types[i] = cv_pg_param_type(text->params[i]);
    atomic_store(&connection->working, true);
    bool sent = PQenterPipelineMode(connection->pg) &&
                PQsendPrepare(connection->pg, statement->name, text->sql, (int)text->param_count, types) &&
                PQsendDescribePrepared(connection->pg, statement->name) && PQpipelineSync(connection->pg);
    free(types);
    return sent || cv_pg_fail(connection, NULL, error);
}

/* Parsing and describing in one journey to the server. */
static bool parse(struct cv_pg_connection *connection, struct cv_pg_statement *statement,
                  const struct cv_statement_text *text, cuvee_error *error)
{
    bool good = send_parse(connection, statement, text, error);
    for (int step = 0; good && step < 2; step++) {
        PGresult *result = PQgetResult(connection->pg);
        good = PQresultStatus(result) == PGRES_COMMAND_OK || cv_pg_fail(connection, result, error);
        if (good && step == 1)
            statement->description = result;
        else
            PQclear(result);
        PQclear(PQgetResult(connection->pg)); /* the NULL behind each */
    }
    if (PQpipelineStatus(connection->pg) != PQ_PIPELINE_OFF)
        cv_pg_end_pipeline(connection);
    statement->base.param_count = (size_t)PQnparams(statement->description);
    statement->base.column_count = (size_t)PQnfields(statement->description);
    return good;
}

/* Statements that were finalized meanwhile are forgotten by the server too, where that is possible now. */
static void close_finalized(struct cv_pg_connection *connection)
{
    PGTransactionStatusType status = PQtransactionStatus(connection->pg);
    if (connection->closing.size == 0 || (status != PQTRANS_IDLE && status != PQTRANS_INTRANS))
        return;
    const char *sql = cv_buffer_text(&connection->closing);
    if (sql)
        PQclear(cv_pg_command(connection, sql));
    cv_buffer_clear(&connection->closing);
}

struct cv_statement *cv_pg_prepare(struct cv_connection *base, const struct cv_statement_text *text, cuvee_error *error)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    const char *refusal = cv_keyword_refusal(text->sql);
    if (refusal) {
        cv_error_set(error, CUVEE_ERROR_MISUSE, "%s", refusal);
        return NULL;
    }
    struct cv_pg_statement *statement = calloc(1, sizeof *statement);
    if (!statement) {
        cv_error_memory(error);
        return NULL;
    }
    cv_arena_init(&statement->arena, 0);
    cv_remote_run_init(&statement->run, &cv_pg_remote, &statement->base, &connection->streaming);
    cv_buffer_init(&statement->wire, 0);
    statement->base.connection = base;
    statement->base.raw = text->raw;
    statement->base.reads = cv_keyword_reads(text->sql);
    snprintf(statement->name, sizeof statement->name, "cuvee_%llu", (unsigned long long)++connection->names);
    bool good = cv_pg_enter(connection, error);
    if (good)
        close_finalized(connection);
    if (good && parse(connection, statement, text, error) &&
        cv_check_counts(text, statement->base.param_count, statement->base.column_count, error) &&
        make_room(statement, text, error) && settle_columns(statement, error))
        return &statement->base;
    cv_pg_finalize(&statement->base);
    return NULL;
}

void cv_pg_finalize(struct cv_statement *base)
{
    struct cv_pg_statement *statement = (struct cv_pg_statement *)base;
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base->connection;
    cv_pg_finish(base, NULL);
    if (statement->description) /* it was prepared */
        cv_buffer_format(&connection->closing, "DEALLOCATE %s;", statement->name);
    PQclear(statement->description);
    cv_buffer_free(&statement->wire);
    cv_arena_free(&statement->arena);
    free(statement);
}

const char *cv_pg_column_name(const struct cv_statement *base, size_t column)
{
    return PQfname(((const struct cv_pg_statement *)base)->description, (int)column);
}
