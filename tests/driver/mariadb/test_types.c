/* MariaDB's own types: which kinds read them, what they cannot hold, and what the server would do silently. */
#include "driver/support.h"

#include <stdio.h>

/* A table with one column of this type and one row; a statement that reads it as the kind (" ": as it is). */
static struct cv_statement *column(struct engine *engine, const char *type, const char *value, const char *kind)
{
    char sql[200];
    run(engine->connection, "DROP TABLE IF EXISTS t");
    snprintf(sql, sizeof sql, "CREATE TABLE t (col %s)", type);
    run(engine->connection, sql);
    snprintf(sql, sizeof sql, "INSERT INTO t VALUES (%s)", value);
    run(engine->connection, sql);
    return prepare(engine->connection, "SELECT col FROM t", "", *kind == ' ' ? NULL : kind);
}

static void assert_reads(struct engine *engine, const char *type, const char *value, const char *kind, cuvee_kind as,
                         const char *text)
{
    struct cv_statement *statement = column(engine, type, value, kind);
    start(statement, NULL);
    const cuvee_value *cells = fetch(statement);
    if (cells[0].kind != as)
        fail_msg("%s %s is of kind %d", type, value, (int)cells[0].kind);
    if (text)
        assert_text(&cells[0], text);
    finish(statement);
    finalize(statement);
}

static int64_t integer_of(struct engine *engine, const char *type, const char *value, const char *kind)
{
    struct cv_statement *statement = column(engine, type, value, kind);
    start(statement, NULL);
    int64_t integer = fetch(statement)->as.integer;
    finish(statement);
    finalize(statement);
    return integer;
}

static void integers_of_all_widths(void **state)
{
    struct engine *engine = *state;
    assert_int_equal(integer_of(engine, "TINYINT", "-128", "l"), -128);
    assert_int_equal(integer_of(engine, "TINYINT UNSIGNED", "255", "l"), 255);
    assert_int_equal(integer_of(engine, "SMALLINT", "-32768", "i"), -32768);
    assert_int_equal(integer_of(engine, "MEDIUMINT UNSIGNED", "16777215", "i"), 16777215);
    assert_int_equal(integer_of(engine, "INT UNSIGNED", "4294967295", "l"), INT64_C(4294967295));
    assert_true(integer_of(engine, "BIGINT UNSIGNED", "9223372036854775807", "l") == INT64_MAX);
    assert_int_equal(integer_of(engine, "YEAR", "2024", "l"), 2024);
}

static void texts_and_blobs_of_all_types(void **state)
{
    struct engine *engine = *state;
    assert_reads(engine, "CHAR(5)", "'abc'", "t", CUVEE_TEXT, "abc");
    assert_reads(engine, "TINYTEXT", "'abc'", "t", CUVEE_TEXT, "abc");
    assert_reads(engine, "ENUM('a', 'b')", "'b'", "t", CUVEE_TEXT, "b");
    assert_reads(engine, "SET('a', 'b')", "'a,b'", "t", CUVEE_TEXT, "a,b");
    assert_reads(engine, "VARCHAR(5) CHARACTER SET latin1", "'\xC3\xA9'", "t", CUVEE_TEXT, "\xC3\xA9");
    assert_reads(engine, "VARBINARY(5)", "'abc'", "x", CUVEE_BLOB, "abc");
    assert_reads(engine, "JSON", "'[1, 2]'", "j", CUVEE_JSON, "[1, 2]");
    assert_reads(engine, "UUID", "'00112233-4455-6677-8899-aabbccddeeff'", "u", CUVEE_UUID, NULL);
    assert_reads(engine, "TIMESTAMP(6)", "'2024-02-29 12:34:56.789012'", "T", CUVEE_TIME, NULL);
    assert_reads(engine, "DECIMAL(10,2)", "-12.50", "n", CUVEE_DECIMAL, "-12.5");
    assert_reads(engine, "FLOAT", "0.5", "d", CUVEE_DOUBLE, NULL);
}

static void raw_columns_have_the_nearest_kinds(void **state)
{
    struct engine *engine = *state;
    assert_reads(engine, "TINYINT(1)", "1", " ", CUVEE_INT64, NULL);
    assert_reads(engine, "DECIMAL(10,2)", "1.5", " ", CUVEE_DECIMAL, "1.5");
    assert_reads(engine, "DATE", "'2024-02-29'", " ", CUVEE_DATE, NULL);
    assert_reads(engine, "DATETIME", "'2024-02-29 00:00:00'", " ", CUVEE_TIME, NULL);
    assert_reads(engine, "TIME", "'12:34:56'", " ", CUVEE_TEXT, "12:34:56");
    assert_reads(engine, "BIT(8)", "65", " ", CUVEE_BLOB, "A");
    assert_reads(engine, "BLOB", "'x'", " ", CUVEE_BLOB, "x");
}

static void other_types_are_refused_when_prepared(void **state)
{
    struct engine *engine = *state;
    static const char *const cases[][3] = {
        {"INT", "1", "t"},    {"VARCHAR(5)", "'1'", "l"}, {"DECIMAL(5,2)", "1", "l"}, {"INT", "1", "d"},
        {"DOUBLE", "1", "n"}, {"DATETIME", "NULL", "D"},  {"DATE", "NULL", "T"},      {"BLOB", "'x'", "t"},
        {"TEXT", "'x'", "x"}, {"VARCHAR(5)", "'1'", "b"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        finalize(column(engine, cases[i][0], cases[i][1], " "));
        cuvee_error error = prepare_refused(engine->connection, "SELECT col FROM t", "", cases[i][2]);
        assert_error(&error, CUVEE_ERROR_SCHEMA, "42804");
        assert_string_equal(error.fields, "col");
    }
}

static void values_that_no_kind_holds_are_refused(void **state)
{
    struct engine *engine = *state;
    static const char *const cases[][3] = {
        {"BIGINT", "2147483648", "i"}, {"BIGINT UNSIGNED", "9223372036854775808", "l"},
        {"TINYINT(1)", "2", "b"},      {"BINARY(4)", "'abcd'", "u"},
        {"VARCHAR(5)", "'uuid'", "u"}, {"TEXT", "CONCAT('a', CHAR(0), 'b')", "t"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cv_statement *statement = column(engine, cases[i][0], cases[i][1], cases[i][2]);
        start(statement, NULL);
        cuvee_error error = fetch_refused(statement);
        assert_error(&error, CUVEE_ERROR_SCHEMA, "22000");
        finish(statement);
        finalize(statement);
    }
}

static void days_that_do_not_exist_are_not_read(void **state)
{
    struct engine *engine = *state;
    struct cv_statement *statement = column(engine, "DATE", "'2024-02-29'", "D");
    run(engine->connection, "SET sql_mode = ''; INSERT INTO t VALUES ('0000-00-00'), ('2024-00-01')");
    start(statement, NULL);
    assert_non_null(fetch(statement));
    cuvee_error error = fetch_refused(statement);
    assert_error(&error, CUVEE_ERROR_SCHEMA, "22000");
    finish(statement);
    finalize(statement);
}

/* ---- what the server would do silently ---- */

static void nothing_is_cut_or_rounded(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE s (n %n, t VARCHAR(3), i TINYINT, d %D)%;");
    static const char *const decimals[] = {"0.0000000000000000000000000000001",
                                           "1234567890123456789012345678901234567"};
    for (size_t i = 0; i < 2; i++) {
        cuvee_error error = run_with_refused(engine->connection, "INSERT INTO s (n) VALUES (?)", "n",
                                             VALUES(cuvee_decimal_value((cuvee_decimal){decimals[i]})));
        assert_error(&error, CUVEE_ERROR_VALUE, "22003");
    }
    cuvee_error error =
        run_with_refused(engine->connection, "INSERT INTO s (t) VALUES (?)", "t", VALUES(cuvee_text_value("four")));
    assert_error(&error, CUVEE_ERROR_VALUE, "22001");
    error = run_with_refused(engine->connection, "INSERT INTO s (i) VALUES (?)", "l", VALUES(cuvee_int_value(128)));
    assert_error(&error, CUVEE_ERROR_VALUE, "22003");
    error = run_with_refused(engine->connection, "INSERT INTO s (i) VALUES (?)", "t", VALUES(cuvee_text_value("abc")));
    assert_int_equal(error.kind, CUVEE_ERROR_VALUE);
    error = run_with_refused(engine->connection, "INSERT INTO s (d) VALUES ('2024-02-30')", "", NULL);
    assert_int_equal(error.kind, CUVEE_ERROR_VALUE);
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM s"), 0);
}

static void rows_that_matched_count_though_they_were_so_before(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, v %l)%;");
    run(engine->connection, "INSERT INTO t VALUES (1, 1), (2, 1)");
    assert_int_equal(run_with(engine->connection, "UPDATE t SET v = 1", "", NULL), 2);
}

static void an_upsert_counts_once(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, v %l)%;");
    static const char upsert[] = "INSERT INTO t VALUES (1, ?) ON DUPLICATE KEY UPDATE v = VALUES(v)";
    assert_int_equal(run_with(engine->connection, upsert, "l", VALUES(cuvee_int_value(1))), 1);
    assert_int_equal(run_with(engine->connection, upsert, "l", VALUES(cuvee_int_value(2))), 1);
    assert_int_equal(run_with(engine->connection, upsert, "l", VALUES(cuvee_int_value(2))), 1);
}

static void keys_that_the_server_assigns_come_back(void **state)
{
    struct engine *engine = *state;
    run(engine->connection, "CREATE TABLE t (id BIGINT AUTO_INCREMENT PRIMARY KEY, v BIGINT) ENGINE=InnoDB");
    struct cv_statement *insert = prepare(engine->connection, "INSERT INTO t (v) VALUES (?) RETURNING id", "l", "l");
    for (int64_t i = 1; i <= 3; i++) {
        start(insert, VALUES(cuvee_int_value(i)));
        assert_int_equal(fetch(insert)->as.integer, i);
        assert_null(fetch(insert));
        assert_int_equal(finish(insert), 1);
    }
    finalize(insert);
}

static void wrong_kinds_of_what_a_write_returns_are_told_when_it_runs(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY)%;");
    struct cv_statement *one = prepare(engine->connection, "INSERT INTO t VALUES (?) RETURNING id", "l", "t");
    cuvee_error error = start_refused(one, VALUES(cuvee_int_value(1)));
    assert_int_equal(error.kind, CUVEE_ERROR_SCHEMA);
    finalize(one);
    struct cv_statement *two = prepare(engine->connection, "INSERT INTO t VALUES (?) RETURNING id", "l", "ll");
    error = start_refused(two, VALUES(cuvee_int_value(2)));
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    finalize(two);
    assert_int_equal(ask(engine->connection, "SELECT 7"), 7);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(integers_of_all_widths),
        ENGINE_TEST(texts_and_blobs_of_all_types),
        ENGINE_TEST(raw_columns_have_the_nearest_kinds),
        ENGINE_TEST(other_types_are_refused_when_prepared),
        ENGINE_TEST(values_that_no_kind_holds_are_refused),
        ENGINE_TEST(days_that_do_not_exist_are_not_read),
        ENGINE_TEST(nothing_is_cut_or_rounded),
        ENGINE_TEST(rows_that_matched_count_though_they_were_so_before),
        ENGINE_TEST(an_upsert_counts_once),
        ENGINE_TEST(keys_that_the_server_assigns_come_back),
        ENGINE_TEST(wrong_kinds_of_what_a_write_returns_are_told_when_it_runs),
    };
    return ENGINE_MAIN(argc, argv, "types", tests);
}
