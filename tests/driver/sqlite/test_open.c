/* URLs, identities, files that cannot be opened, and the set-up of a connection. */
#include "driver/support.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const cuvee_bind_options plain = {0};

static int make_folder(void **state)
{
    *state = folder_make();
    return 0;
}

static int remove_folder(void **state)
{
    folder_remove(*state);
    return 0;
}

/* ---- URLs ---- */

static void urls_that_say_nothing_clear_are_refused(void **state)
{
    static const char *const urls[] = {"sqlite:", "sqlite://", "sqlite:///accounts.db", "sqlite:a.db?mode=ro"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        cuvee_error error = database_refused(urls[i], *state);
        assert_int_equal(error.kind, CUVEE_ERROR_CONFIG);
        assert_says(&error, urls[i]);
        assert_says(&error, "Write sqlite:relative/path.db");
    }
}

static void relative_paths_stand_in_the_folder(void **state)
{
    struct cv_database *database = database_open("sqlite:a.db", *state, plain);
    connection_close(connection_open(database));
    char *path = path_in(*state, "a.db");
    assert_int_equal(access(path, F_OK), 0);
    assert_string_equal(database->shown, "sqlite:a.db");
    database_close(database);
    free(path);
}

static void relative_paths_stand_in_the_working_directory_without_one(void **state)
{
    char before[4096];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(*state), 0);
    struct cv_database *database = database_open("sqlite:here.db", NULL, plain);
    assert_int_equal(chdir(before), 0);
    connection_close(connection_open(database));
    char *path = path_in(*state, "here.db");
    assert_int_equal(access(path, F_OK), 0);
    database_close(database);
    free(path);
}

static void assert_same_place(const char *folder, const char *url, const char *other, bool same)
{
    struct cv_database *a = database_open(url, folder, plain);
    struct cv_database *b = database_open(other, folder, plain);
    if (same)
        assert_string_equal(a->identity, b->identity);
    else
        assert_string_not_equal(a->identity, b->identity);
    database_close(a);
    database_close(b);
}

static void identity_is_the_place_whatever_its_spelling(void **state)
{
    char *sub = path_in(*state, "sub");
    char *link = path_in(*state, "link");
    char *real = path_in(*state, "real.db");
    char *alias = path_in(*state, "alias.db");
    char url[512];
    assert_int_equal(mkdir(sub, 0700), 0);
    assert_int_equal(symlink(sub, link), 0);
    file_write(real, "", 0);
    assert_int_equal(symlink(real, alias), 0);
    snprintf(url, sizeof url, "sqlite:%s/a.db", (char *)*state);
    assert_same_place(*state, "sqlite:a.db", url, true);
    assert_same_place(*state, "sqlite:a.db", "sqlite:./sub/../a.db", true);
    assert_same_place(*state, "sqlite:sub/a.db", "sqlite:link/a.db", true);
    assert_same_place(*state, "sqlite:real.db", "sqlite:alias.db", true);
    assert_same_place(*state, "sqlite:a.db", "sqlite:b.db", false);
    assert_same_place(*state, "sqlite:a.db", "sqlite:sub/a.db", false);
    free(sub);
    free(link);
    free(real);
    free(alias);
}

static void every_in_memory_database_is_a_place_of_its_own(void **state)
{
    struct cv_database *a = database_open("sqlite::memory:", *state, plain);
    struct cv_database *b = database_open("sqlite::memory:", *state, plain);
    assert_string_not_equal(a->identity, b->identity);
    assert_string_equal(a->shown, "sqlite::memory:");
    struct cv_connection *in_a = connection_open(a);
    struct cv_connection *also_a = connection_open(a);
    struct cv_connection *in_b = connection_open(b);
    run(in_a, "CREATE TABLE t (x INTEGER) STRICT; INSERT INTO t VALUES (7)");
    assert_int_equal(ask(also_a, "SELECT x FROM t"), 7);
    assert_int_equal(ask(in_b, "SELECT count(*) FROM sqlite_schema"), 0);
    connection_close(in_a);
    connection_close(also_a);
    connection_close(in_b);
    struct cv_connection *later = connection_open(a); /* all connections were closed, the database is still there */
    assert_int_equal(ask(later, "SELECT x FROM t"), 7);
    connection_close(later);
    database_close(a);
    database_close(b);
}

/* ---- what cannot be opened ---- */

static void a_missing_folder_is_named(void **state)
{
    cuvee_error error = database_refused("sqlite:no/such/a.db", *state);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECT);
    assert_says(&error, "no/such/a.db");
    assert_says(&error, "Create the folder");
    assert_says(&error, (char *)*state);
}

static void a_file_on_the_way_is_no_folder(void **state)
{
    char *path = path_in(*state, "file");
    file_write(path, "x", 1);
    cuvee_error error = database_refused("sqlite:file/a.db", *state);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECT);
    assert_says(&error, "no folder");
    free(path);
}

static cuvee_error refused(void **state, const char *name, cuvee_bind_options options)
{
    char url[256];
    snprintf(url, sizeof url, "sqlite:%s", name);
    struct cv_database *database = database_open(url, *state, options);
    cuvee_error error = connection_refused(database);
    database_close(database);
    assert_says(&error, name);
    assert_string_not_equal(error.hint, "");
    return error;
}

static void a_folder_is_no_database(void **state)
{
    char *path = path_in(*state, "sub");
    assert_int_equal(mkdir(path, 0700), 0);
    cuvee_error error = refused(state, "sub", plain);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECT);
    assert_says(&error, "it is a folder");
    free(path);
}

static void a_pipe_is_not_waited_for(void **state)
{
    char *path = path_in(*state, "pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    cuvee_error error = refused(state, "pipe", plain);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECT);
    assert_says(&error, "no regular file");
    free(path);
}

static void garbage_is_no_database(void **state)
{
    char garbage[8192];
    memset(garbage, 'g', sizeof garbage);
    char *path = path_in(*state, "garbage.db");
    file_write(path, garbage, sizeof garbage);
    cuvee_error error = refused(state, "garbage.db", plain);
    assert_error(&error, CUVEE_ERROR_CORRUPT, "XX001");
    assert_int_equal(error.vendor_code, SQLITE_NOTADB);
    assert_says(&error, "no SQLite database");
    error = refused(state, "garbage.db", (cuvee_bind_options){.read_only = true});
    assert_error(&error, CUVEE_ERROR_CORRUPT, "XX001");
    free(path);
}

/* A database of many pages. */
static char *make_database(void **state, const char *name)
{
    char url[256];
    snprintf(url, sizeof url, "sqlite:%s", name);
    struct cv_database *database = database_open(url, *state, plain);
    struct cv_connection *connection = connection_open(database);
    run(connection, "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT) STRICT;"
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
                    "INSERT INTO t SELECT i, hex(randomblob(500)) FROM n");
    connection_close(connection); /* the last connection's close moves the log into the file */
    database_close(database);
    return path_in(*state, name);
}

static void a_truncated_database_is_corrupt_where_it_is_read(void **state)
{
    char *path = make_database(state, "short.db");
    assert_int_equal(truncate(path, 10 * 4096 + 100), 0);
    struct cv_database *database = database_open("sqlite:short.db", *state, plain);
    cuvee_error error = {0};
    struct cv_connection *connection = database->driver->connect(database, &error);
    if (connection) {
        error = run_with_refused(connection, "SELECT sum(length(x)) FROM t", "", NULL);
        connection_close(connection);
    }
    assert_error(&error, CUVEE_ERROR_CORRUPT, "XX001");
    assert_says(&error, "short.db");
    assert_says(&error, "backup");
    database_close(database);
    free(path);
}

static void a_damaged_schema_is_corrupt_at_once(void **state)
{
    char *path = make_database(state, "damaged.db");
    int file = open(path, O_WRONLY);
    char garbage[3900];
    memset(garbage, 0xA5, sizeof garbage);
    assert_int_equal(pwrite(file, garbage, sizeof garbage, 100), sizeof garbage);
    close(file);
    cuvee_error error = refused(state, "damaged.db", plain);
    assert_error(&error, CUVEE_ERROR_CORRUPT, "XX001");
    assert_says(&error, "damaged");
    assert_says(&error, "backup");
    free(path);
}

static void reading_alone_creates_nothing(void **state)
{
    cuvee_error error = refused(state, "none.db", (cuvee_bind_options){.read_only = true});
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECT);
    assert_says(&error, "no such file");
    assert_says(&error, "read-only");
    char *path = path_in(*state, "none.db");
    assert_int_not_equal(access(path, F_OK), 0);
    free(path);
}

/* In a child without root's rights: 0 when the connection was refused with CONNECT and these words. */
static int child_is_refused(const struct cv_database *database, const char *words)
{
    pid_t child = fork();
    if (child == 0) {
        cuvee_error error = {0};
        if (getuid() == 0 && setuid(65534) != 0)
            _exit(9);
        if (database->driver->connect(database, &error))
            _exit(1);
        bool said = strstr(error.message, words) && error.hint[0];
        _exit(error.kind != CUVEE_ERROR_CONNECT ? 2 : said ? 0 : 3);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void what_may_not_be_written_is_named(void **state)
{
    struct cv_database *fresh = database_open("sqlite:new.db", *state, plain);
    char *path = make_database(state, "old.db");
    struct cv_database *old = database_open("sqlite:old.db", *state, plain);
    assert_int_equal(chmod(*state, 0555), 0);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(child_is_refused(fresh, "folder may not be written"), 0);
    assert_int_equal(child_is_refused(old, "may not write it"), 0);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(child_is_refused(old, "may not read it"), 0);
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(child_is_refused(old, "folder may not be written"), 0);
    assert_int_equal(chmod(*state, 0700), 0);
    database_close(fresh);
    database_close(old);
    free(path);
}

static void a_file_system_that_takes_no_files_is_named(void **state)
{
    struct cv_database *database = database_open("sqlite:/proc/cuvee.db", *state, plain);
    cuvee_error error = connection_refused(database);
    assert_int_equal(error.kind, CUVEE_ERROR_CONNECT);
    assert_int_equal(error.vendor_code & 0xFF, SQLITE_CANTOPEN);
    assert_says(&error, "/proc/cuvee.db");
    database_close(database);
}

/* ---- set-up ---- */

static void assert_pragma(struct cv_connection *connection, const char *sql, const char *value)
{
    struct cv_statement *statement = prepare(connection, sql, "", NULL);
    start(statement, NULL);
    const cuvee_value *cells = fetch(statement);
    if (cells[0].kind == CUVEE_INT64)
        assert_int_equal(cells[0].as.integer, strtol(value, NULL, 10));
    else
        assert_text(&cells[0], value);
    finish(statement);
    finalize(statement);
}

static void connections_are_durable_and_strict(void **state)
{
    struct cv_database *database = database_open("sqlite:a.db", *state, plain);
    struct cv_connection *connection = connection_open(database);
    assert_pragma(connection, "PRAGMA journal_mode", "wal");
    assert_pragma(connection, "PRAGMA synchronous", "2");
    assert_pragma(connection, "PRAGMA foreign_keys", "1");
    assert_pragma(connection, "PRAGMA trusted_schema", "0");
    assert_pragma(connection, "PRAGMA query_only", "0");
    assert_int_equal(ask(connection, "SELECT 'a' LIKE 'A'"), 0);
    cuvee_error error = prepare_refused(connection, "SELECT \"no column\"", "", "t");
    assert_error(&error, CUVEE_ERROR_SCHEMA, "42703");
    error = run_refused(connection, "CREATE TABLE d (x INTEGER CHECK (x <> \"text\"))");
    assert_error(&error, CUVEE_ERROR_SCHEMA, "42703");
    error = run_refused(connection, "SELECT load_extension('x')");
    assert_int_equal(error.kind, CUVEE_ERROR_DATABASE);
    run(connection, "CREATE TABLE t (x INTEGER) STRICT");
    error = run_refused(connection, "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = 'x'");
    assert_int_not_equal(error.kind, CUVEE_ERROR_NONE); /* defensive */
    connection_close(connection);
    database_close(database);
}

static void durability_is_an_option(void **state)
{
    struct cv_database *database =
        database_open("sqlite:a.db", *state, (cuvee_bind_options){.durability = CUVEE_NORMAL});
    struct cv_connection *connection = connection_open(database);
    assert_pragma(connection, "PRAGMA synchronous", "1");
    connection_close(connection);
    database_close(database);
}

static void reading_alone_is_kept_to(void **state)
{
    char *path = make_database(state, "a.db");
    struct cv_database *database = database_open("sqlite:a.db", *state, (cuvee_bind_options){.read_only = true});
    struct cv_connection *connection = connection_open(database);
    assert_int_equal(ask(connection, "SELECT count(*) FROM t"), 500);
    assert_pragma(connection, "PRAGMA query_only", "1");
    cuvee_error error = run_with_refused(connection, "DELETE FROM t", "", NULL);
    assert_error(&error, CUVEE_ERROR_READ_ONLY, "25006");
    assert_says(&error, "sqlite:a.db");
    run(connection, "PRAGMA query_only=OFF"); /* the file is open for reading only all the same */
    error = run_with_refused(connection, "DELETE FROM t", "", NULL);
    assert_error(&error, CUVEE_ERROR_READ_ONLY, "25006");
    connection_close(connection);
    database_close(database);
    free(path);
}

static void in_memory_reading_alone_is_kept_to(void **state)
{
    struct cv_database *database = database_open("sqlite::memory:", *state, (cuvee_bind_options){.read_only = true});
    struct cv_connection *connection = connection_open(database);
    cuvee_error error = run_refused(connection, "CREATE TABLE t (x INTEGER)");
    assert_error(&error, CUVEE_ERROR_READ_ONLY, "25006");
    connection_close(connection);
    database_close(database);
}

static void *connect_and_write(void *database)
{
    struct cv_connection *connection = connection_open(database);
    run_with(connection, "CREATE TABLE IF NOT EXISTS t (x INTEGER) STRICT", "", NULL);
    run_with(connection, "INSERT INTO t VALUES (1)", "", NULL);
    connection_close(connection);
    return NULL;
}

/* Each finds the new file not in WAL mode yet, and only one can change it. */
static void many_may_be_first(void **state)
{
    enum { THREADS = 8 };
    struct cv_database *database = database_open("sqlite:first.db", *state, plain);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, connect_and_write, database), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    struct cv_connection *connection = connection_open(database);
    assert_int_equal(ask(connection, "SELECT count(*) FROM t"), THREADS);
    connection_close(connection);
    database_close(database);
}

static void opening_waits_no_longer_than_it_may(void **state)
{
    char *path = path_in(*state, "locked.db");
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "CREATE TABLE t (x); BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    struct cv_database *database = database_open("sqlite:locked.db", *state, (cuvee_bind_options){.busy_ms = 20});
    cuvee_error error = connection_refused(database);
    assert_error(&error, CUVEE_ERROR_BUSY, "55P03");
    assert_says(&error, "locked.db");
    sqlite3_close(other);
    connection_close(connection_open(database));
    database_close(database);
    free(path);
}

/* ---- use ---- */

static void a_file_that_went_away_is_not_used_again(void **state)
{
    char *path = make_database(state, "gone.db");
    struct cv_database *database = database_open("sqlite:gone.db", *state, plain);
    struct cv_connection *connection = connection_open(database);
    assert_int_equal(unlink(path), 0);
    assert_false(connection->driver->usable(connection));
    connection_close(connection);
    database_close(database);
    free(path);
}

static void a_connection_is_usable_outside_transactions(void **state)
{
    struct cv_database *database = database_open("sqlite:a.db", *state, plain);
    struct cv_connection *connection = connection_open(database);
    assert_true(connection->driver->usable(connection));
    begin(connection);
    assert_false(connection->driver->usable(connection));
    commit(connection);
    assert_true(connection->driver->usable(connection));
    connection->lost = true;
    assert_false(connection->driver->usable(connection));
    connection_close(connection);
    database_close(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(urls_that_say_nothing_clear_are_refused, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(relative_paths_stand_in_the_folder, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(relative_paths_stand_in_the_working_directory_without_one, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(identity_is_the_place_whatever_its_spelling, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(every_in_memory_database_is_a_place_of_its_own, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_missing_folder_is_named, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_file_on_the_way_is_no_folder, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_folder_is_no_database, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_pipe_is_not_waited_for, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(garbage_is_no_database, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_truncated_database_is_corrupt_where_it_is_read, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_damaged_schema_is_corrupt_at_once, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(reading_alone_creates_nothing, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_may_not_be_written_is_named, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_file_system_that_takes_no_files_is_named, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(connections_are_durable_and_strict, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(durability_is_an_option, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(reading_alone_is_kept_to, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(in_memory_reading_alone_is_kept_to, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(many_may_be_first, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(opening_waits_no_longer_than_it_may, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_file_that_went_away_is_not_used_again, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_connection_is_usable_outside_transactions, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
