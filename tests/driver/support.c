#include "driver/support.h"

/* ---- databases ---- */

static void assert_no_error(const cuvee_error *error)
{
    if (error->kind != CUVEE_ERROR_NONE)
        fail_msg("%s %s: %s", cuvee_error_kind_name(error->kind), error->sqlstate, error->message);
}

struct cv_database *database_open(const char *url, const char *folder, cuvee_bind_options options)
{
    cuvee_error error = {0};
    const struct cv_driver *driver = cv_driver_for(url);
    assert_non_null(driver);
    struct cv_place place = {.url = url, .folder = folder, .options = options};
    struct cv_database *database = driver->open_database(&place, &error);
    assert_no_error(&error);
    assert_non_null(database);
    return database;
}

cuvee_error database_refused(const char *url, const char *folder)
{
    cuvee_error error = {0};
    struct cv_place place = {.url = url, .folder = folder};
    assert_null(cv_driver_for(url)->open_database(&place, &error));
    assert_int_not_equal(error.kind, CUVEE_ERROR_NONE);
    return error;
}

void database_close(struct cv_database *database)
{
    database->driver->close_database(database);
}

struct cv_connection *connection_open(const struct cv_database *database)
{
    cuvee_error error = {0};
    struct cv_connection *connection = database->driver->connect(database, &error);
    assert_no_error(&error);
    assert_non_null(connection);
    return connection;
}

cuvee_error connection_refused(const struct cv_database *database)
{
    cuvee_error error = {0};
    assert_null(database->driver->connect(database, &error));
    assert_int_not_equal(error.kind, CUVEE_ERROR_NONE);
    return error;
}

void connection_close(struct cv_connection *connection)
{
    connection->driver->disconnect(connection);
}

/* ---- engines ---- */

/* The engine that the program was started for. */
static const char *engine_name = "sqlite";

struct cv_database *engine_database(const struct engine *engine, cuvee_bind_options options)
{
    return database_open(engine->folder ? "sqlite:engine.db" : engine->place.url, engine->folder, options);
}

int engine_open(void **state)
{
    struct engine *engine = calloc(1, sizeof *engine);
    engine->name = engine_name;
    engine->place = engine_place_make(engine_name);
    engine->folder = engine->place.folder;
    engine->database = engine_database(engine, (cuvee_bind_options){.busy_ms = 50});
    engine->connection = connection_open(engine->database);
    engine->other = connection_open(engine->database);
    *state = engine;
    return 0;
}

int engine_close(void **state)
{
    struct engine *engine = *state;
    connection_close(engine->connection);
    connection_close(engine->other);
    database_close(engine->database);
    engine_place_remove(&engine->place);
    free(engine);
    return 0;
}

int engine_main(int argc, char **argv, const char *group, const struct CMUnitTest *tests, size_t count)
{
    if (argc > 1)
        engine_name = argv[1];
    if (!engine_is_there(engine_name)) {
        print_message("SKIPPED: no server for %s; run me with tests/support/servers run\n", engine_name);
        return 77;
    }
    return _cmocka_run_group_tests(group, tests, count, NULL, NULL);
}

const char *slow_query(const struct engine *engine)
{
    if (strcmp(engine->name, "mariadb") == 0)
        /* opens no table, which is not always stopped in plain words; 1000 is as deep as it recurses */
        return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
               "SELECT count(*) FROM n a, n b, n c, n d";
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
}

/* ---- statements ---- */

void run(struct cv_connection *connection, const char *sql)
{
    cuvee_error error = {0};
    connection->driver->execute(connection, sql, &error);
    assert_no_error(&error);
}

cuvee_error run_refused(struct cv_connection *connection, const char *sql)
{
    cuvee_error error = {0};
    assert_false(connection->driver->execute(connection, sql, &error));
    assert_int_not_equal(error.kind, CUVEE_ERROR_NONE);
    return error;
}

static uint8_t kind_of(char letter)
{
    static const char all[] = " bildtTDnuxj";
    static const uint8_t meaning[] = {0,          CUVEE_BOOL, CUVEE_INT32,   CUVEE_INT64, CUVEE_DOUBLE, CUVEE_TEXT,
                                      CUVEE_TIME, CUVEE_DATE, CUVEE_DECIMAL, CUVEE_UUID,  CUVEE_BLOB,   CUVEE_JSON};
    const char *at = strchr(all, letter);
    assert_non_null(at);
    return meaning[at - all];
}

void make(struct cv_connection *connection, const char *sql)
{
    const struct cv_dialect *dialect = connection->driver->dialect;
    struct cv_buffer text;
    cv_buffer_init(&text, 0);
    for (const char *at = sql; *at; at++) {
        if (*at != '%') {
            cv_buffer_char(&text, *at);
            continue;
        }
        at++;
        if (*at == ';')
            cv_buffer_put(&text, dialect->table_suffix);
        else
            dialect->type(&text,
                          &(struct cv_column_need){.kind = kind_of(*at == 'k' ? 't' : *at), .indexed = *at == 'k'});
    }
    run(connection, cv_buffer_text(&text));
    cv_buffer_free(&text);
}

/* Parameters as the engine writes them. */
static const char *with_params(const struct cv_dialect *dialect, const char *sql, struct cv_buffer *text)
{
    if (!dialect->numbered)
        return sql;
    int count = 0;
    for (const char *at = sql; *at; at++)
        if (*at == '?')
            cv_buffer_format(text, "$%d", ++count);
        else
            cv_buffer_char(text, *at);
    return cv_buffer_text(text);
}

static struct cv_statement *try_prepare(struct cv_connection *connection, const char *sql, const char *params,
                                        const char *columns, cuvee_error *error)
{
    uint8_t kinds[2][64];
    size_t counts[2] = {strlen(params), columns ? strlen(columns) : 0};
    for (size_t i = 0; i < counts[0]; i++)
        kinds[0][i] = kind_of(params[i]);
    for (size_t i = 0; i < counts[1]; i++)
        kinds[1][i] = kind_of(columns[i]);
    struct cv_buffer numbered;
    cv_buffer_init(&numbered, 0);
    struct cv_statement_text text = {.sql = with_params(connection->driver->dialect, sql, &numbered),
                                     .params = kinds[0],
                                     .param_count = counts[0],
                                     .columns = columns ? kinds[1] : NULL,
                                     .column_count = counts[1]};
    struct cv_statement *statement = connection->driver->prepare(connection, &text, error);
    cv_buffer_free(&numbered);
    return statement;
}

struct cv_statement *prepare(struct cv_connection *connection, const char *sql, const char *params, const char *columns)
{
    cuvee_error error = {0};
    struct cv_statement *statement = try_prepare(connection, sql, params, columns, &error);
    assert_no_error(&error);
    assert_non_null(statement);
    return statement;
}

cuvee_error prepare_refused(struct cv_connection *connection, const char *sql, const char *params, const char *columns)
{
    cuvee_error error = {0};
    assert_null(try_prepare(connection, sql, params, columns, &error));
    assert_int_not_equal(error.kind, CUVEE_ERROR_NONE);
    return error;
}

void start(struct cv_statement *statement, const cuvee_value *params)
{
    cuvee_error error = {0};
    statement->connection->driver->start(statement, params, &error);
    assert_no_error(&error);
}

cuvee_error start_refused(struct cv_statement *statement, const cuvee_value *params)
{
    cuvee_error error = {0};
    assert_false(statement->connection->driver->start(statement, params, &error));
    assert_int_not_equal(error.kind, CUVEE_ERROR_NONE);
    return error;
}

/* The cells of the row fetched last, of whatever statement. */
static cuvee_value row[64];

static void assert_ended(const cuvee_value *cell)
{
    if (cell->kind == CUVEE_TEXT || cell->kind == CUVEE_DECIMAL || cell->kind == CUVEE_JSON)
        assert_int_equal(cell->as.text.data[cell->as.text.size], '\0');
}

const cuvee_value *fetch(struct cv_statement *statement)
{
    cuvee_error error = {0};
    enum cv_step step = statement->connection->driver->next(statement, row, &error);
    assert_no_error(&error);
    assert_int_not_equal(step, CV_ERROR);
    for (size_t i = 0; step == CV_ROW && i < statement->column_count; i++)
        assert_ended(&row[i]);
    return step == CV_ROW ? row : NULL;
}

cuvee_error fetch_refused(struct cv_statement *statement)
{
    cuvee_error error = {0};
    assert_int_equal(statement->connection->driver->next(statement, row, &error), CV_ERROR);
    assert_int_not_equal(error.kind, CUVEE_ERROR_NONE);
    return error;
}

int64_t finish(struct cv_statement *statement)
{
    int64_t changes = -1;
    statement->connection->driver->finish(statement, &changes);
    return changes;
}

void finalize(struct cv_statement *statement)
{
    statement->connection->driver->finalize(statement);
}

int64_t run_with(struct cv_connection *connection, const char *sql, const char *params, const cuvee_value *values)
{
    struct cv_statement *statement = prepare(connection, sql, params, NULL);
    start(statement, values);
    while (fetch(statement))
        ;
    int64_t changes = finish(statement);
    finalize(statement);
    return changes;
}

cuvee_error run_with_refused(struct cv_connection *connection, const char *sql, const char *params,
                             const cuvee_value *values)
{
    cuvee_error error = {0};
    const struct cv_driver *driver = connection->driver;
    struct cv_statement *statement = try_prepare(connection, sql, params, NULL, &error);
    if (statement) {
        if (driver->start(statement, values, &error))
            while (driver->next(statement, row, &error) == CV_ROW)
                ;
        driver->finish(statement, NULL);
        driver->finalize(statement);
    }
    assert_int_not_equal(error.kind, CUVEE_ERROR_NONE);
    return error;
}

int64_t ask(struct cv_connection *connection, const char *sql)
{
    struct cv_statement *statement = prepare(connection, sql, "", "l");
    start(statement, NULL);
    const cuvee_value *cells = fetch(statement);
    assert_non_null(cells);
    int64_t answer = cells[0].as.integer;
    assert_int_equal(cells[0].kind, CUVEE_INT64);
    assert_null(fetch(statement));
    finish(statement);
    finalize(statement);
    return answer;
}

void begin(struct cv_connection *connection)
{
    cuvee_error error = {0};
    assert_true(connection->driver->begin(connection, CV_BEGIN_WRITE, &error));
    assert_no_error(&error);
}

void commit(struct cv_connection *connection)
{
    cuvee_error error = {0};
    assert_int_equal(connection->driver->commit(connection, &error), CV_COMMITTED);
    assert_no_error(&error);
}

/* ---- looking ---- */

void assert_error(const cuvee_error *error, cuvee_error_kind kind, const char *sqlstate)
{
    if (error->kind != kind || strcmp(error->sqlstate, sqlstate) != 0)
        fail_msg("%s %s expected, but %s %s: %s", cuvee_error_kind_name(kind), sqlstate,
                 cuvee_error_kind_name(error->kind), error->sqlstate, error->message);
}

void assert_says(const cuvee_error *error, const char *words)
{
    if (!strstr(error->message, words) && !strstr(error->hint, words))
        fail_msg("\"%s\" expected in: %s | %s", words, error->message, error->hint);
}

void assert_text(const cuvee_value *value, const char *text)
{
    assert_int_equal(value->as.text.size, strlen(text));
    assert_memory_equal(value->as.text.data, text, value->as.text.size);
}
