/* Every allocation fails in turn, the driver's and SQLite's: an error, nothing lost, nothing leaked. */
#include "driver/attempts.h"

#include <sqlite3.h>

#include "support/alloc_fault.h"

enum { BATCH = 5 };

/* Hundreds of lives: none of them waits for the disk. */
static const cuvee_bind_options quick = {.durability = CUVEE_NORMAL};

static bool batch_row(void *arg, size_t i, cuvee_value *params)
{
    (void)arg;
    params[0] = cuvee_int_value((int64_t)i + 100);
    params[1] = cuvee_text_value("a row of the batch");
    return true;
}

static bool insert_all(struct cv_connection *connection, cuvee_error *error)
{
    struct cv_batch batch = {.count = BATCH, .row = batch_row};
    struct cv_statement *insert = try_statement(connection, "INSERT INTO t (id, v) VALUES (?, ?)", false, false, error);
    if (!insert)
        return false;
    bool good = connection->driver->start(insert, VALUES(cuvee_int_value(1), cuvee_text_value("one")), error);
    if (good)
        connection->driver->finish(insert, NULL);
    good = good && connection->driver->run_many(insert, &batch, error);
    cv_statement_give_back(insert, NULL);
    return good;
}

static bool use(struct cv_connection *connection, cuvee_error *error)
{
    const struct cv_driver *driver = connection->driver;
    size_t rows = 0;
    if (!driver->begin(connection, CV_BEGIN_WRITE, error))
        return false;
    if (!insert_all(connection, error) || !driver->vote(connection, error)) {
        driver->rollback(connection);
        return false;
    }
    if (driver->commit(connection, error) != CV_COMMITTED)
        return false;
    if (!try_read(connection, "SELECT id, v FROM t ORDER BY v, id", false, false, &rows, error))
        return false;
    assert_int_equal(rows, 1 + BATCH);
    return try_describe(connection, error) && driver->execute(connection, "SELECT cuvee_sum(id) FROM t", error);
}

/* The whole life of a database's use. */
static bool live(const char *folder, cuvee_error *error)
{
    const struct cv_driver *driver = cv_driver_for("sqlite:a.db");
    struct cv_place place = {.url = "sqlite:a.db", .folder = folder, .options = quick};
    struct cv_database *database = driver->open_database(&place, error);
    if (!database)
        return false;
    struct cv_connection *connection = driver->connect(database, error);
    bool good = connection && use(connection, error);
    if (connection)
        driver->disconnect(connection);
    driver->close_database(database);
    return good;
}

static void empty_table(const char *folder)
{
    struct cv_database *database = database_open("sqlite:a.db", folder, quick);
    struct cv_connection *connection = connection_open(database);
    run(connection, "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT; DELETE FROM t");
    connection_close(connection);
    database_close(database);
}

/* All or nothing is there, and the file is whole. */
static void assert_whole(const char *folder, bool done)
{
    struct cv_database *database = database_open("sqlite:a.db", folder, quick);
    struct cv_connection *connection = connection_open(database);
    int64_t rows = ask(connection, "SELECT count(*) FROM t");
    assert_true(rows == 1 + BATCH || (rows == 0 && !done));
    assert_int_equal(ask(connection, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    connection_close(connection);
    database_close(database);
}

static void fail_each(void (*fail_at)(size_t n))
{
    char *folder = folder_make();
    bool happened = true;
    for (size_t n = 1; happened; n++) {
        cuvee_error error = {0};
        empty_table(folder);
        int64_t before = sqlite3_memory_used();
        fail_at(n);
        bool done = live(folder, &error);
        happened = alloc_fault_end();
        if (!done)
            assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
        assert_int_equal(sqlite3_memory_used(), before);
        assert_whole(folder, done);
    }
    folder_remove(folder);
}

static void no_memory_from_some_point_on(void **state)
{
    (void)state;
    fail_each(alloc_fault_at);
}

static void no_memory_once(void **state)
{
    (void)state;
    fail_each(alloc_fault_once);
}

static void in_memory_databases_too(void **state)
{
    (void)state;
    bool happened = true;
    for (size_t n = 1; happened; n++) {
        cuvee_error error = {0};
        struct cv_place place = {.url = "sqlite::memory:"};
        const struct cv_driver *driver = cv_driver_for("sqlite:");
        alloc_fault_at(n);
        struct cv_database *database = driver->open_database(&place, &error);
        struct cv_connection *connection = database ? driver->connect(database, &error) : NULL;
        happened = alloc_fault_end();
        if (!connection)
            assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
        else
            driver->disconnect(connection);
        if (database)
            driver->close_database(database);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_memory_from_some_point_on),
        cmocka_unit_test(no_memory_once),
        cmocka_unit_test(in_memory_databases_too),
    };
    alloc_fault_reach_sqlite();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
