/* What a column of SQLite's may hold against what is wanted, strict tables, and texts that are no texts. */
#include "driver/support.h"

#include <sqlite3.h>

/* The error of reading `expression` as the kind. */
static cuvee_error refused(void **state, const char *expression, const char *kind)
{
    struct engine *engine = *state;
    struct cv_buffer sql;
    cv_buffer_init(&sql, 0);
    cv_buffer_format(&sql, "SELECT %s AS col", expression);
    struct cv_statement *statement = prepare(engine->connection, cv_buffer_text(&sql), "", kind);
    start(statement, NULL);
    cuvee_error error = fetch_refused(statement);
    assert_error(&error, CUVEE_ERROR_SCHEMA, "22000");
    assert_string_equal(error.fields, "col");
    assert_says(&error, "column col");
    finish(statement);
    finalize(statement);
    cv_buffer_free(&sql);
    return error;
}

static void other_storage_classes_are_refused(void **state)
{
    /* expression, and the kinds that must not read it */
    static const struct {
        const char *expression;
        const char *kinds;
        const char *words;
    } cases[] = {
        {"'text'", "bildTux", "text"}, {"'12'", "bildTux", "text"},      {"1.5", "bilTtDnuxj", "floating-point"},
        {"7", "btDnuxj", "integer"},   {"x'00ff'", "bildtTDnj", "blob"}, {"1.0", "il", "floating-point"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (const char *kind = cases[i].kinds; *kind; kind++) {
            char letter[] = {*kind, '\0'};
            cuvee_error error = refused(state, cases[i].expression, letter);
            assert_says(&error, cases[i].words);
        }
}

static void numbers_out_of_range_are_refused(void **state)
{
    static const char *const cases[][2] = {{"2147483648", "i"},
                                           {"-2147483649", "i"},
                                           {"2", "b"},
                                           {"-1", "b"},
                                           {"9e999", "d"},
                                           {"-62135596800000001", "T"},
                                           {"253402300800000000", "T"},
                                           {"9007199254740993", "d"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_error error = refused(state, cases[i][0], cases[i][1]);
        assert_says(&error, "out of range");
    }
}

static void texts_that_are_not_of_the_kind_are_refused(void **state)
{
    static const char *const cases[][2] = {{"'2024-02-30'", "D"},
                                           {"'2024-1-1'", "D"},
                                           {"'today'", "D"},
                                           {"''", "D"},
                                           {"'2024-01-01T00:00:00Z'", "D"},
                                           {"'1.'", "n"},
                                           {"'abc'", "n"},
                                           {"''", "n"},
                                           {"'1e5'", "n"},
                                           {"x'0011'", "u"},
                                           {"x'00112233445566778899aabbccddeeff00'", "u"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        refused(state, cases[i][0], cases[i][1]);
}

static void texts_with_nul_or_of_other_encodings_are_refused(void **state)
{
    static const char *const texts[] = {"CAST(x'610062' AS TEXT)", "CAST(x'00' AS TEXT)", "CAST(x'ff' AS TEXT)",
                                        "CAST(x'6162636465666768c3' AS TEXT)", "CAST(x'eda080' AS TEXT)"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        cuvee_error error = refused(state, texts[i], "t");
        assert_says(&error, "UTF-8");
        refused(state, texts[i], "j");
        refused(state, texts[i], "n");
    }
}

static void raw_columns_are_checked_for_utf8_too(void **state)
{
    struct engine *engine = *state;
    struct cv_statement *statement = prepare(engine->connection, "SELECT CAST(x'ff' AS TEXT)", "", NULL);
    start(statement, NULL);
    cuvee_error error = fetch_refused(statement);
    assert_error(&error, CUVEE_ERROR_SCHEMA, "22000");
    finish(statement);
    finalize(statement);
}

static void whole_numbers_are_doubles_too(void **state)
{
    struct engine *engine = *state;
    static const struct {
        const char *sql;
        double number;
    } cases[] = {{"SELECT 4", 4.0}, {"SELECT -9007199254740992", -9007199254740992.0}, {"SELECT 4.0", 4.0}};
    for (size_t i = 0; i < 3; i++) {
        struct cv_statement *statement = prepare(engine->connection, cases[i].sql, "", "d");
        start(statement, NULL);
        const cuvee_value *cells = fetch(statement);
        assert_int_equal(cells[0].kind, CUVEE_DOUBLE);
        assert_true(cells[0].as.real == cases[i].number);
        finish(statement);
        finalize(statement);
    }
}

static void a_run_goes_on_after_a_row_that_does_not_fit(void **state)
{
    struct engine *engine = *state;
    struct cv_statement *statement =
        prepare(engine->connection, "SELECT 1 UNION ALL SELECT 'x' UNION ALL SELECT 3", "", "l");
    start(statement, NULL);
    assert_int_equal(fetch(statement)->as.integer, 1);
    fetch_refused(statement);
    finish(statement);
    start(statement, NULL);
    assert_int_equal(fetch(statement)->as.integer, 1);
    finish(statement);
    finalize(statement);
}

/* ---- strict tables ---- */

static void text_never_lands_in_an_integer_column(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (n %l, d %d, x %x)%;");
    cuvee_error error =
        run_with_refused(engine->connection, "INSERT INTO t (n) VALUES (?)", "t", VALUES(cuvee_text_value("abc")));
    assert_error(&error, CUVEE_ERROR_VALUE, "22018");
    assert_string_equal(error.model, "t");
    assert_string_equal(error.fields, "n");
    error = run_with_refused(engine->connection, "INSERT INTO t (d) VALUES ('abc')", "", NULL);
    assert_error(&error, CUVEE_ERROR_VALUE, "22018");
    error = run_with_refused(engine->connection, "INSERT INTO t (x) VALUES ('abc')", "", NULL);
    assert_error(&error, CUVEE_ERROR_VALUE, "22018");
    error = run_with_refused(engine->connection, "INSERT INTO t (n) VALUES (1.5)", "", NULL);
    assert_error(&error, CUVEE_ERROR_VALUE, "22018");
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM t"), 0);
}

static void dates_can_be_read_by_people_and_by_sqlite(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (d %D, u %u, n %n)%;");
    run_with(engine->connection, "INSERT INTO t (d) VALUES (?)", "D", VALUES(cuvee_date_value((cuvee_date){19700})));
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM t WHERE d = '2023-12-09'"), 1);
    assert_int_equal(ask(engine->connection, "SELECT CAST(strftime('%j', d) AS INTEGER) FROM t"), 343);
}

/* ---- databases of other programs ---- */

static void a_file_of_utf16_is_read(void **state)
{
    struct engine *engine = *state;
    char *path = path_in(engine->folder, "wide.db");
    sqlite3 *other = NULL;
    sqlite3_open(path, &other);
    assert_int_equal(sqlite3_exec(other,
                                  "PRAGMA encoding='UTF-16le'; CREATE TABLE t (x TEXT);"
                                  "INSERT INTO t VALUES ('Stra\xC3\x9F"
                                  "e \xF0\x9F\x98\x80')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(other);
    struct cv_database *database = database_open("sqlite:wide.db", engine->folder, (cuvee_bind_options){0});
    struct cv_connection *connection = connection_open(database);
    struct cv_statement *statement = prepare(connection, "SELECT x FROM t WHERE x = ?", "t", "t");
    start(statement, VALUES(cuvee_text_value("Stra\xC3\x9F"
                                             "e \xF0\x9F\x98\x80")));
    assert_text(fetch(statement), "Stra\xC3\x9F"
                                  "e \xF0\x9F\x98\x80");
    finish(statement);
    finalize(statement);
    connection_close(connection);
    database_close(database);
    free(path);
}

/* ---- a table that changes under a statement ---- */

static void a_changed_table_is_noticed(void **state)
{
    struct engine *engine = *state;
    run(engine->connection, "CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1)");
    struct cv_statement *all = prepare(engine->connection, "SELECT * FROM t", "", NULL);
    struct cv_statement *one = prepare(engine->connection, "SELECT a FROM t", "", "l");
    start(all, NULL);
    assert_int_equal(fetch(all)->as.integer, 1);
    finish(all);
    run(engine->other, "ALTER TABLE t ADD COLUMN b INTEGER");
    start(all, NULL);
    cuvee_error error = fetch_refused(all);
    assert_int_equal(error.kind, CUVEE_ERROR_SCHEMA);
    assert_says(&error, "1 columns");
    assert_true(all->stale);
    finish(all);
    start(one, NULL); /* which names its columns, and is prepared anew unnoticed */
    assert_int_equal(fetch(one)->as.integer, 1);
    finish(one);
    assert_false(one->stale);
    run(engine->other, "DROP TABLE t");
    start(one, NULL);
    error = fetch_refused(one);
    assert_error(&error, CUVEE_ERROR_SCHEMA, "42P01");
    finish(one);
    finalize(all);
    finalize(one);
}

/* ---- types of live columns ---- */

static void types_of_other_programs_have_their_nearest_kind(void **state)
{
    static const struct {
        const char *type;
        cuvee_kind kind;
    } cases[] = {{"INTEGER", CUVEE_INT64},
                 {"int", CUVEE_INT64},
                 {"BIGINT", CUVEE_INT64},
                 {"BOOLEAN", CUVEE_BOOL},
                 {"VARCHAR(20)", CUVEE_TEXT},
                 {"text", CUVEE_TEXT},
                 {"DOUBLE PRECISION", CUVEE_DOUBLE},
                 {"FLOAT", CUVEE_DOUBLE},
                 {"BLOB", CUVEE_BLOB},
                 {"", 0},
                 {"DATETIME", 0},
                 {"NUMERIC(10,2)", 0},
                 {"GEOMETRY", 0},
                 {"TEXT COLLATE CUVEE_DECIMAL", CUVEE_DECIMAL},
                 {"TEXT COLLATE NOCASE", CUVEE_TEXT}};
    struct engine *engine = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_error error = {0};
        struct cv_arena arena;
        struct cv_table table;
        struct cv_buffer sql;
        cv_arena_init(&arena, 0);
        cv_buffer_init(&sql, 0);
        cv_buffer_format(&sql, "CREATE TABLE t (c %s)", cases[i].type);
        run(engine->connection, cv_buffer_text(&sql));
        assert_true(engine->connection->driver->describe(engine->connection, "t", &arena, &table, &error));
        assert_int_equal(table.columns[0].kind, cases[i].kind);
        run(engine->connection, "DROP TABLE t");
        cv_buffer_free(&sql);
        cv_arena_free(&arena);
    }
}

static void what_may_be_null_is_told(void **state)
{
    static const struct {
        const char *sql;
        bool nullable;
    } cases[] = {{"CREATE TABLE t (id INTEGER PRIMARY KEY)", false},
                 {"CREATE TABLE t (id INT PRIMARY KEY)", true}, /* SQLite's old mistake, kept for old files */
                 {"CREATE TABLE t (id TEXT PRIMARY KEY) STRICT", false},
                 {"CREATE TABLE t (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID", false},
                 {"CREATE TABLE t (id TEXT PRIMARY KEY NOT NULL)", false}};
    struct engine *engine = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_error error = {0};
        struct cv_arena arena;
        struct cv_table table;
        cv_arena_init(&arena, 0);
        run(engine->connection, cases[i].sql);
        assert_true(engine->connection->driver->describe(engine->connection, "t", &arena, &table, &error));
        assert_int_equal(table.columns[0].key, 1);
        assert_int_equal(table.columns[0].nullable, cases[i].nullable);
        run(engine->connection, "DROP TABLE t");
        cv_arena_free(&arena);
    }
}

static void generated_columns_are_described_and_hidden_ones_not(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_arena arena;
    struct cv_table table;
    cv_arena_init(&arena, 0);
    run(engine->connection, "CREATE TABLE t (a INTEGER, b INTEGER AS (a + 1) STORED) STRICT;"
                            "CREATE VIRTUAL TABLE f USING fts5(words)");
    assert_true(engine->connection->driver->describe(engine->connection, "t", &arena, &table, &error));
    assert_int_equal(table.count, 2);
    assert_true(engine->connection->driver->describe(engine->connection, "f", &arena, &table, &error));
    assert_int_equal(table.count, 1);
    assert_string_equal(table.columns[0].name, "words");
    cv_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(other_storage_classes_are_refused),
        ENGINE_TEST(numbers_out_of_range_are_refused),
        ENGINE_TEST(texts_that_are_not_of_the_kind_are_refused),
        ENGINE_TEST(texts_with_nul_or_of_other_encodings_are_refused),
        ENGINE_TEST(raw_columns_are_checked_for_utf8_too),
        ENGINE_TEST(whole_numbers_are_doubles_too),
        ENGINE_TEST(a_run_goes_on_after_a_row_that_does_not_fit),
        ENGINE_TEST(text_never_lands_in_an_integer_column),
        ENGINE_TEST(dates_can_be_read_by_people_and_by_sqlite),
        ENGINE_TEST(a_file_of_utf16_is_read),
        ENGINE_TEST(a_changed_table_is_noticed),
        ENGINE_TEST(types_of_other_programs_have_their_nearest_kind),
        ENGINE_TEST(what_may_be_null_is_told),
        ENGINE_TEST(generated_columns_are_described_and_hidden_ones_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
