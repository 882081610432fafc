/* Every call is recorded, may be made to fail, and is then answered by an in-memory SQLite. */
#include "driver/scripted/scripted.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/sqlite/sqlite.h"
#include "driver/statements.h"

struct database {
    struct cv_database base;
    struct cv_script *script;
    struct cv_database *inner;
};

struct connection {
    struct cv_connection base;
    struct cv_script *script;
    struct cv_connection *inner;
};

struct statement {
    struct cv_statement base;
    struct cv_script *script;
    struct cv_statement *inner;
    char sql[];
};

static const struct cv_driver *const sqlite = &cv_sqlite_driver;

static struct connection *of(struct cv_connection *connection)
{
    return (struct connection *)connection;
}

static struct statement *run_of(struct cv_statement *statement)
{
    return (struct statement *)statement;
}

/* A call that the script lets fail; one that stands for a lost connection loses it. */
static bool goes_on(struct cv_connection *base, enum cv_call call, const char *what, cuvee_error *error)
{
    if (cv_script_call(of(base)->script, call, what, error))
        return true;
    base->lost = base->lost || error->kind == CUVEE_ERROR_CONNECTION;
    return false;
}

/* ---- database and connection ---- */

static struct cv_database *open_database(const struct cv_place *place, cuvee_error *error)
{
    struct cv_place memory = {.url = "sqlite::memory:", .options = place->options};
    struct database *database = calloc(1, sizeof *database);
    if (!database) {
        cv_error_memory(error);
        return NULL;
    }
    database->inner = sqlite->open_database(&memory, error);
    if (!database->inner) {
        free(database);
        return NULL;
    }
    database->script = place->script;
    database->base = *database->inner; /* its texts stay the inner's own */
    database->base.driver = &cv_scripted_driver;
    return &database->base;
}

static void close_database(struct cv_database *base)
{
    sqlite->close_database(((struct database *)base)->inner);
    free(base);
}

static void disconnect(struct cv_connection *base)
{
    cv_statements_free(base->kept);
    if (of(base)->inner)
        sqlite->disconnect(of(base)->inner);
    free(base);
}

static struct cv_connection *connect_to(const struct cv_database *base, cuvee_error *error)
{
    const struct database *database = (const struct database *)base;
    if (!cv_script_call(database->script, CV_CALL_CONNECT, "", error))
        return NULL;
    struct connection *connection = cv_connection_new(sizeof *connection, base, error);
    if (!connection)
        return NULL;
    connection->script = database->script;
    connection->inner = sqlite->connect(database->inner, error);
    if (connection->inner)
        return &connection->base;
    disconnect(&connection->base);
    return NULL;
}

static bool usable(struct cv_connection *base)
{
    return !base->lost && sqlite->usable(of(base)->inner);
}

static void cancel(struct cv_connection *base)
{
    cuvee_error unused = {.kind = CUVEE_ERROR_NONE};
    cv_script_call(of(base)->script, CV_CALL_CANCEL, "", &unused);
    sqlite->cancel(of(base)->inner);
}

/* Nobody knows: a cancel goes its way, and the script may hold it up. */
static bool works(struct cv_connection *base)
{
    (void)base;
    return true;
}

static bool limit(struct cv_connection *base, unsigned ms, cuvee_error *error)
{
    char what[16];
    snprintf(what, sizeof what, "%u", ms);
    if (!goes_on(base, CV_CALL_LIMIT, what, error) || !sqlite->limit(of(base)->inner, ms, error))
        return false;
    base->limit_ms = ms;
    return true;
}

static bool execute(struct cv_connection *base, const char *sql, cuvee_error *error)
{
    return goes_on(base, CV_CALL_EXECUTE, sql, error) && sqlite->execute(of(base)->inner, sql, error);
}

static bool describe(struct cv_connection *base, const char *table, struct cv_arena *arena,
                     struct cv_table *description, cuvee_error *error)
{
    return goes_on(base, CV_CALL_DESCRIBE, table, error) &&
           sqlite->describe(of(base)->inner, table, arena, description, error);
}

/* ---- statements ---- */

static struct cv_statement *prepare(struct cv_connection *base, const struct cv_statement_text *text,
                                    cuvee_error *error)
{
    if (!goes_on(base, CV_CALL_PREPARE, text->sql, error))
        return NULL;
    struct cv_statement *inner = sqlite->prepare(of(base)->inner, text, error);
    if (!inner)
        return NULL;
    size_t size = strlen(text->sql) + 1;
    struct statement *statement = calloc(1, sizeof *statement + size);
    if (!statement) {
        sqlite->finalize(inner);
        cv_error_memory(error);
        return NULL;
    }
    statement->base = (struct cv_statement){
        .connection = base,
        .param_count = inner->param_count,
        .column_count = inner->column_count,
        .reads = inner->reads,
    };
    statement->base.sql = statement->sql;
    statement->script = of(base)->script;
    statement->inner = inner;
    memcpy(statement->sql, text->sql, size);
    return &statement->base;
}

static void finalize(struct cv_statement *base)
{
    sqlite->finalize(run_of(base)->inner);
    free(base);
}

static const char *column_name(const struct cv_statement *base, size_t column)
{
    return sqlite->column_name(((const struct statement *)base)->inner, column);
}

static bool start(struct cv_statement *base, const cuvee_value *params, cuvee_error *error)
{
    struct statement *statement = run_of(base);
    return goes_on(base->connection, CV_CALL_START, statement->sql, error) &&
           sqlite->start(statement->inner, params, error);
}

static enum cv_step next(struct cv_statement *base, cuvee_value *cells, cuvee_error *error)
{
    struct statement *statement = run_of(base);
    if (!goes_on(base->connection, CV_CALL_NEXT, "", error))
        return CV_ERROR;
    enum cv_step step = sqlite->next(statement->inner, cells, error);
    base->stale = statement->inner->stale;
    return step;
}

static void finish(struct cv_statement *base, int64_t *changes)
{
    sqlite->finish(run_of(base)->inner, changes);
}

static bool run_many(struct cv_statement *base, const struct cv_batch *batch, cuvee_error *error)
{
    struct statement *statement = run_of(base);
    struct cv_buffer what;
    cv_buffer_init(&what, 0);
    cv_buffer_int(&what, (int64_t)batch->count);
    cv_buffer_char(&what, ' ');
    cv_buffer_put(&what, statement->sql);
    const char *text = cv_buffer_text(&what);
    bool good = text ? goes_on(base->connection, CV_CALL_RUN_MANY, text, error) : cv_error_memory(error);
    cv_buffer_free(&what);
    return good && sqlite->run_many(statement->inner, batch, error);
}

/* ---- participant ---- */

static bool begin(struct cv_connection *base, enum cv_begin mode, cuvee_error *error)
{
    const char *what = mode == CV_BEGIN_WRITE ? "write" : "snapshot";
    if (!goes_on(base, CV_CALL_BEGIN, what, error) || !sqlite->begin(of(base)->inner, mode, error))
        return false;
    base->in_transaction = true;
    return true;
}

/* It belongs to the statement that wants the lock, which is recorded. */
static bool lock(struct cv_connection *base, cuvee_error *error)
{
    return sqlite->lock(of(base)->inner, error);
}

static bool vote(struct cv_connection *base, cuvee_error *error)
{
    return goes_on(base, CV_CALL_VOTE, "", error) && sqlite->vote(of(base)->inner, error);
}

static enum cv_committed commit(struct cv_connection *base, cuvee_error *error)
{
    struct connection *connection = of(base);
    bool good = goes_on(base, CV_CALL_COMMIT, "", error);
    base->in_transaction = false;
    if (good)
        return sqlite->commit(connection->inner, error);
    if (connection->script->fail_commit != CV_UNKNOWN) {
        sqlite->rollback(connection->inner);
        return CV_NOT_COMMITTED;
    }
    sqlite->commit(connection->inner, error);
    base->lost = true;
    return CV_UNKNOWN;
}

/* A rollback cannot fail; one that is made to loses its connection. */
static void rollback(struct cv_connection *base)
{
    cuvee_error error = {0};
    if (!goes_on(base, CV_CALL_ROLLBACK, "", &error))
        base->lost = true;
    sqlite->rollback(of(base)->inner);
    base->lost = base->lost || of(base)->inner->lost;
    base->in_transaction = false;
}

static const char *const schemes[] = {NULL};

const struct cv_driver cv_scripted_driver = {
    .name = "scripted",
    .schemes = schemes,
    .dialect = &cv_sqlite_dialect,
    .open_database = open_database,
    .close_database = close_database,
    .connect = connect_to,
    .disconnect = disconnect,
    .usable = usable,
    .cancel = cancel,
    .works = works,
    .limit = limit,
    .execute = execute,
    .prepare = prepare,
    .finalize = finalize,
    .column_name = column_name,
    .start = start,
    .next = next,
    .finish = finish,
    .run_many = run_many,
    .describe = describe,
    .begin = begin,
    .lock = lock,
    .vote = vote,
    .commit = commit,
    .rollback = rollback,
};
