#define _XOPEN_SOURCE 700 /* nftw */
#include "driver/support.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- folders ---- */

char *folder_make(void)
{
    const char *parent = getenv("TMPDIR");
    char *folder = path_in(parent ? parent : "/tmp", "cuvee-driver-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

void folder_remove(char *folder)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(folder);
}

char *path_in(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    assert_non_null(path);
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

void file_write(const char *path, const void *data, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, data, size), size);
    close(file);
}

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

static void kinds_of(const char *letters, uint8_t *kinds)
{
    static const char all[] = " bildtTDnuxj";
    static const uint8_t meaning[] = {0,          CUVEE_BOOL, CUVEE_INT32,   CUVEE_INT64, CUVEE_DOUBLE, CUVEE_TEXT,
                                      CUVEE_TIME, CUVEE_DATE, CUVEE_DECIMAL, CUVEE_UUID,  CUVEE_BLOB,   CUVEE_JSON};
    for (size_t i = 0; letters[i]; i++) {
        const char *at = strchr(all, letters[i]);
        assert_non_null(at);
        kinds[i] = meaning[at - all];
    }
}

static struct cv_statement *try_prepare(struct cv_connection *connection, const char *sql, const char *params,
                                        const char *columns, cuvee_error *error)
{
    uint8_t param_kinds[64];
    uint8_t column_kinds[64];
    kinds_of(params, param_kinds);
    kinds_of(columns ? columns : "", column_kinds);
    struct cv_statement_text text = {.sql = sql,
                                     .params = param_kinds,
                                     .param_count = strlen(params),
                                     .columns = columns ? column_kinds : NULL,
                                     .column_count = columns ? strlen(columns) : 0};
    return connection->driver->prepare(connection, &text, error);
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

const cuvee_value *fetch(struct cv_statement *statement)
{
    cuvee_error error = {0};
    enum cv_step step = statement->connection->driver->next(statement, row, &error);
    assert_no_error(&error);
    assert_int_not_equal(step, CV_ERROR);
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
