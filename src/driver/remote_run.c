#include "driver/remote_run.h"

#include "base/error.h"

/* Rows that are worth reading to their end before asking the server to stop sending. */
enum { PATIENCE = 200 };

void cv_remote_run_init(struct cv_remote_run *run, const struct cv_remote *remote, struct cv_statement *statement,
                        struct cv_remote_run **streaming)
{
    *run = (struct cv_remote_run){.remote = remote, .statement = statement, .streaming = streaming};
    cv_spill_init(&run->spill);
}

bool cv_remote_run_is_idle(const struct cv_remote_run *run, cuvee_error *error)
{
    return run->state == CV_REMOTE_IDLE || cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement is running already");
}

/* ---- the guard ---- */

bool cv_remote_run_guard(struct cv_remote_run *run, cuvee_error *error)
{
    struct cv_connection *connection = run->statement->connection;
    if (!run->statement->raw)
        return true;
    connection->marked = true;
    if (connection->in_transaction)
        return true;
    run->guarded = run->remote->command(connection, "START TRANSACTION READ ONLY", error);
    return run->guarded;
}

static void take_guard(struct cv_remote_run *run)
{
    struct cv_connection *connection = run->statement->connection;
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    if (run->guarded && !connection->lost)
        connection->lost = !run->remote->command(connection, "ROLLBACK", &ignored);
    run->guarded = false;
}

/* ---- on the wire ---- */

static bool is_streaming(const struct cv_remote_run *run)
{
    return *run->streaming == run;
}

void cv_remote_run_streams(struct cv_remote_run *run)
{
    *run->streaming = run;
}

void cv_remote_run_over(struct cv_remote_run *run)
{
    if (is_streaming(run))
        *run->streaming = NULL;
    take_guard(run);
}

void cv_remote_run_started(struct cv_remote_run *run, bool gives_rows)
{
    cv_error_clear(&run->late);
    run->state = gives_rows ? CV_REMOTE_RUNNING : CV_REMOTE_ENDED;
    if (gives_rows)
        cv_remote_run_streams(run);
}

/* ---- rows ---- */

static enum cv_step next_on_wire(struct cv_remote_run *run, cuvee_value *cells, cuvee_error *error)
{
    enum cv_step step = run->remote->receive(run->statement, error);
    return step != CV_ROW || run->remote->cells(run->statement, cells, error) ? step : CV_ERROR;
}

static enum cv_step next_set_aside(struct cv_remote_run *run, cuvee_value *cells, cuvee_error *error)
{
    if (cv_spill_take(&run->spill, cells, run->statement->column_count))
        return CV_ROW;
    if (run->late.kind == CUVEE_ERROR_NONE)
        return CV_DONE;
    cv_error_keep(error, &run->late);
    return CV_ERROR;
}

enum cv_step cv_remote_run_next(struct cv_remote_run *run, cuvee_value *cells, cuvee_error *error)
{
    if (run->state == CV_REMOTE_IDLE) {
        cv_error_set(error, CUVEE_ERROR_MISUSE, "the statement was not started");
        return CV_ERROR;
    }
    if (run->state == CV_REMOTE_ENDED)
        return CV_DONE;
    enum cv_step step = is_streaming(run) ? next_on_wire(run, cells, error) : next_set_aside(run, cells, error);
    if (step != CV_ROW && !is_streaming(run))
        run->state = CV_REMOTE_ENDED;
    return step;
}

void cv_remote_run_set_aside(struct cv_remote_run *run)
{
    while (run && is_streaming(run) && run->remote->receive(run->statement, &run->late) == CV_ROW)
        if (!run->late.kind && run->remote->cells(run->statement, run->cells, &run->late) &&
            !cv_spill_add(&run->spill, run->cells, run->statement->column_count))
            cv_error_memory(&run->late);
}

void cv_remote_run_throw_away(struct cv_remote_run *run)
{
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    struct cv_connection *connection = run->statement->connection;
    bool stops = run->statement->reads && !(run->remote->stop_ends_transaction && connection->in_transaction);
    for (int rows = 0; is_streaming(run) && run->remote->receive(run->statement, &ignored) == CV_ROW; rows++)
        if (rows == PATIENCE && stops)
            connection->driver->cancel(connection);
}

void cv_remote_run_finish(struct cv_remote_run *run, int64_t *changes)
{
    cv_remote_run_throw_away(run);
    cv_spill_free(&run->spill);
    if (changes)
        *changes = run->state == CV_REMOTE_IDLE ? 0 : run->changes;
    run->state = CV_REMOTE_IDLE;
}
