/** What the driver's tests share: connections, and short forms of the calls. All assert success. */
#ifndef TESTS_DRIVER_SUPPORT_H
#define TESTS_DRIVER_SUPPORT_H

#include "support/check.h"
#include "support/folder.h"

#include "base/error.h"
#include "driver/driver.h"
#include "driver/statements.h"
#include "support/engines.h"

/* ---- databases ---- */

/** Opens the database; relative paths stand in `folder` (may be NULL). */
struct cv_database *database_open(const char *url, const char *folder, cuvee_bind_options options);
/** The error of opening a database that cannot be. */
cuvee_error database_refused(const char *url, const char *folder);
void database_close(struct cv_database *database);
struct cv_connection *connection_open(const struct cv_database *database);
/** The error of a connection that cannot be made. */
cuvee_error connection_refused(const struct cv_database *database);
void connection_close(struct cv_connection *connection);

/* ---- engines ---- */

/* An engine under test, with an empty database and two connections to it. The same test bodies run for each. */
struct engine {
    const char *name;
    struct engine_place place;
    char *folder; /* SQLite's; NULL for servers */
    struct cv_database *database;
    struct cv_connection *connection;
    struct cv_connection *other;
};

/** cmocka's setup and teardown of one test: *state is a struct engine. */
int engine_open(void **state);
int engine_close(void **state);
/**
 * Runs a test program's tests for the engine that its arguments name (default: sqlite); main's result. An engine that
 * is not here is told by 77, which Meson counts as skipped.
 */
int engine_main(int argc, char **argv, const char *group, const struct CMUnitTest *tests, size_t count);
#define ENGINE_TEST(name)                 cmocka_unit_test_setup_teardown(name, engine_open, engine_close)
#define ENGINE_MAIN(argc, argv, group, t) engine_main(argc, argv, group, t, sizeof(t) / sizeof(t)[0])
/** The engine's database opened once more with other options; to be closed. */
struct cv_database *engine_database(const struct engine *engine, cuvee_bind_options options);
/** A query that runs for longer than any test. */
const char *slow_query(const struct engine *engine);

/**
 * Runs SQL in which %t stands for the type of kind t as the letters of `prepare` name it, %k for an indexed text's, %;
 * for the suffix of a table.
 */
void make(struct cv_connection *connection, const char *sql);

/* ---- statements ---- */

/** Runs SQL without parameters. */
void run(struct cv_connection *connection, const char *sql);
/** The error of SQL that fails. */
cuvee_error run_refused(struct cv_connection *connection, const char *sql);

/**
 * Prepares, with '?' for each parameter; `params` and `columns` name a kind by a letter each: b bool, i int32, l int64,
 * d double, t text, T time, D date, n decimal, u UUID, x blob, j JSON. NULL columns: as the engine has them.
 */
struct cv_statement *prepare(struct cv_connection *connection, const char *sql, const char *params,
                             const char *columns);
cuvee_error prepare_refused(struct cv_connection *connection, const char *sql, const char *params, const char *columns);
void start(struct cv_statement *statement, const cuvee_value *params);
cuvee_error start_refused(struct cv_statement *statement, const cuvee_value *params);
/** The next row's cells, borrowed as `next` says; NULL at the end. */
const cuvee_value *fetch(struct cv_statement *statement);
/** The error of a row that cannot be read. */
cuvee_error fetch_refused(struct cv_statement *statement);
/** Ends the run; the number of rows that it changed. */
int64_t finish(struct cv_statement *statement);
void finalize(struct cv_statement *statement);
/** The values of all parameters. */
#define VALUES(...) ((const cuvee_value[]){__VA_ARGS__})
/** Prepares, starts, ends and finalizes a statement; the number of rows changed. */
int64_t run_with(struct cv_connection *connection, const char *sql, const char *params, const cuvee_value *values);
/** The error of one that fails at its start or while it runs. */
cuvee_error run_with_refused(struct cv_connection *connection, const char *sql, const char *params,
                             const cuvee_value *values);
/** The integer in the only row of a query. */
int64_t ask(struct cv_connection *connection, const char *sql);

void begin(struct cv_connection *connection);
void commit(struct cv_connection *connection);

/* ---- looking ---- */

void assert_error(const cuvee_error *error, cuvee_error_kind kind, const char *sqlstate);
/** Whether the message or hint has the words. */
void assert_says(const cuvee_error *error, const char *words);
void assert_text(const cuvee_value *value, const char *text);

#endif
