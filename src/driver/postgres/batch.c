/*
 * Many runs of one statement: sent in pipelines of some hundred, each answered as a whole. So many that the journeys to
 * the server do not count, so few that its answers fit into the buffers between us while we still send.
 */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/error.h"

enum { PIPELINE = 256 };

struct pipeline {
    struct cv_pg_connection *connection;
    struct cv_pg_statement *statement;
    const struct cv_batch *batch;
    bool stopped; /* by the caller's function, without an error */
};

static bool send_one(struct pipeline *pipeline, size_t i, cuvee_error *error)
{
    struct cv_pg_statement *statement = pipeline->statement;
    if (!pipeline->batch->row(pipeline->batch->arg, i, statement->params)) {
        pipeline->stopped = true;
        return false;
    }
    if (!cv_pg_encode_params(statement, statement->params, error))
        return false;
    return PQsendQueryPrepared(pipeline->connection->pg, statement->name, (int)statement->base.param_count,
                               statement->values, statement->lengths, statement->formats,
                               statement->text_format ? 0 : 1) ||
           cv_pg_fail(pipeline->connection, NULL, error);
}

/* How many runs of this pipeline were sent; fewer than asked for after a failure. */
static size_t send_all(struct pipeline *pipeline, size_t from, size_t count, cuvee_error *error)
{
    size_t sent = 0;
    while (sent < count && send_one(pipeline, from + sent, error))
        sent++;
    if (!PQpipelineSync(pipeline->connection->pg))
        cv_pg_fail(pipeline->connection, NULL, error);
    return sent;
}

/* The key that a run's RETURNING gave, 0 without one. */
static int64_t key_of(struct pipeline *pipeline, PGresult *result, cuvee_error *error)
{
    struct cv_pg_statement *statement = pipeline->statement;
    if (PQntuples(result) == 0 || statement->base.column_count == 0)
        return 0;
    statement->row = result;
    bool read = cv_pg_cells(statement, statement->run.cells, error);
    statement->row = NULL;
    bool integer = statement->run.cells[0].kind == CUVEE_INT64 || statement->run.cells[0].kind == CUVEE_INT32;
    return read && integer ? statement->run.cells[0].as.integer : 0;
}

/*
 * What a run gave: up to the NULL behind it. The first run after a read in single-row mode is answered in that mode
 * too, its row in one result and its end in another.
 */
struct answer {
    PGresult *row; /* NULL: none */
    PGresult *end;
};

static struct answer take_answer(PGconn *pg)
{
    struct answer answer = {NULL, PQgetResult(pg)};
    if (PQresultStatus(answer.end) == PGRES_SINGLE_TUPLE) {
        answer.row = answer.end;
        answer.end = PQgetResult(pg);
    }
    PQclear(PQgetResult(pg)); /* the NULL */
    return answer;
}

static bool hear_one(struct pipeline *pipeline, size_t i, cuvee_error *error)
{
    const struct cv_batch *batch = pipeline->batch;
    struct answer answer = take_answer(pipeline->connection->pg);
    ExecStatusType status = PQresultStatus(answer.end);
    bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (good && batch->done) {
        int64_t key = key_of(pipeline, answer.row ? answer.row : answer.end, error);
        good = !error->kind && batch->done(batch->arg, i, cv_pg_changes(answer.end), key);
        pipeline->stopped = !error->kind && !good;
    } else if (!good) {
        cv_pg_fail(pipeline->connection, answer.end, error);
    }
    PQclear(answer.row);
    PQclear(answer.end);
    return good;
}

/* One pipeline; false when something failed or the caller stopped. */
static bool run_some(struct pipeline *pipeline, size_t from, size_t count, cuvee_error *error)
{
    size_t sent = send_all(pipeline, from, count, error);
    size_t heard = 0;
    cuvee_error late = {.kind = CUVEE_ERROR_NONE};
    while (heard < sent && hear_one(pipeline, from + heard, &late))
        heard++;
    /* The engine's error on an earlier run comes before ours on a later one. */
    if (late.kind)
        *error = late;
    return heard == count;
}

bool cv_pg_run_many(struct cv_statement *base, const struct cv_batch *batch, cuvee_error *error)
{
    struct cv_pg_statement *statement = (struct cv_pg_statement *)base;
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base->connection;
    struct pipeline pipeline = {.connection = connection, .statement = statement, .batch = batch};
    if (!cv_remote_run_is_idle(&statement->run, error) || !cv_pg_enter(connection, error))
        return false;
    bool good = true;
    for (size_t i = 0; good && i < batch->count; i += PIPELINE) {
        size_t count = batch->count - i < PIPELINE ? batch->count - i : PIPELINE;
        atomic_store(&connection->working, true);
        good = PQenterPipelineMode(connection->pg) ? run_some(&pipeline, i, count, error)
                                                   : cv_pg_fail(connection, NULL, error);
        cv_pg_end_pipeline(connection);
    }
    return good;
}
