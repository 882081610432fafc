/* PostgreSQL's own types: which kinds read them, what they cannot hold, and the two forms that values come in. */
#include "driver/support.h"

#include <stdio.h>

#include "base/decimal_text.h"
#include "driver/postgres/postgres.h"

/* Reads one expression as the kind (" " for as it is); NULL text means: of whatever content. */
static void assert_reads(struct engine *engine, const char *expression, const char *kind, cuvee_kind as,
                         const char *text)
{
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT %s AS col", expression);
    struct cv_statement *statement = prepare(engine->connection, sql, "", *kind == ' ' ? NULL : kind);
    start(statement, NULL);
    const cuvee_value *cells = fetch(statement);
    if (cells[0].kind != as)
        fail_msg("%s is of kind %d", expression, (int)cells[0].kind);
    if (text)
        assert_text(&cells[0], text);
    finish(statement);
    finalize(statement);
}

static int64_t integer_of(struct engine *engine, const char *expression, const char *kind)
{
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT %s AS col", expression);
    struct cv_statement *statement = prepare(engine->connection, sql, "", *kind == ' ' ? NULL : kind);
    start(statement, NULL);
    int64_t integer = fetch(statement)->as.integer;
    finish(statement);
    finalize(statement);
    return integer;
}

static void integers_of_all_widths(void **state)
{
    struct engine *engine = *state;
    assert_int_equal(integer_of(engine, "CAST(-32768 AS smallint)", "l"), -32768);
    assert_int_equal(integer_of(engine, "CAST(-2147483648 AS integer)", "l"), INT32_MIN);
    assert_true(integer_of(engine, "CAST('-9223372036854775808' AS bigint)", "l") == INT64_MIN);
    assert_int_equal(integer_of(engine, "CAST(7 AS bigint)", "i"), 7);
    assert_int_equal(integer_of(engine, "CAST(4294967295 AS oid)", "l"), INT64_C(4294967295));
}

static void texts_of_all_types(void **state)
{
    struct engine *engine = *state;
    run(engine->connection, "CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE DOMAIN name AS varchar(20)");
    assert_reads(engine, "CAST('abc' AS varchar(5))", "t", CUVEE_TEXT, "abc");
    assert_reads(engine, "CAST('abc' AS char(5))", "t", CUVEE_TEXT, "abc  ");
    assert_reads(engine, "CAST('abc' AS pg_catalog.name)", "t", CUVEE_TEXT, "abc");
    assert_reads(engine, "CAST('sad' AS mood)", "t", CUVEE_TEXT, "sad");
    assert_reads(engine, "CAST('abc' AS public.name)", "t", CUVEE_TEXT, "abc");
    assert_reads(engine, "'abc'", "t", CUVEE_TEXT, "abc");
}

static void other_types_of_a_kind(void **state)
{
    struct engine *engine = *state;
    assert_reads(engine, "CAST('{\"b\": 1, \"a\": 2}' AS jsonb)", "j", CUVEE_JSON, "{\"a\": 2, \"b\": 1}");
    assert_int_equal(integer_of(engine, "CAST('1970-01-01 00:00:01' AS timestamp)", "T"), 1000000);
    assert_int_equal(integer_of(engine, "CAST('1970-01-01 01:00:01+01' AS timestamptz)", "T"), 1000000);
    struct cv_statement *half =
        prepare(engine->connection, "SELECT CAST(0.5 AS real), CAST('-0' AS double precision)", "", "dd");
    start(half, NULL);
    const cuvee_value *cells = fetch(half);
    const double zero = 0.0;
    assert_true(cells[0].as.real == 0.5);
    assert_memory_equal(&cells[1].as.real, &zero, sizeof zero);
    finish(half);
    finalize(half);
}

static void other_types_are_refused_when_prepared(void **state)
{
    struct engine *engine = *state;
    static const char *const cases[][2] = {{"CAST(1 AS integer)", "t"},
                                           {"CAST('1' AS text)", "l"},
                                           {"CAST(1 AS numeric)", "l"},
                                           {"CAST(1 AS bigint)", "d"},
                                           {"CAST(1 AS real)", "n"},
                                           {"CAST('1' AS text)", "u"},
                                           {"now()", "D"},
                                           {"current_date", "T"},
                                           {"true", "l"},
                                           {"CAST(1 AS integer)", "b"},
                                           {"CAST('x' AS bytea)", "t"},
                                           {"CAST('x' AS text)", "x"},
                                           {"ARRAY[1, 2]", "l"},
                                           {"CAST('1 day' AS interval)", "t"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT %s AS col", cases[i][0]);
        cuvee_error error = prepare_refused(engine->connection, sql, "", cases[i][1]);
        assert_error(&error, CUVEE_ERROR_SCHEMA, "42804");
        assert_string_equal(error.fields, "col");
    }
}

static void values_that_no_kind_holds_are_refused(void **state)
{
    struct engine *engine = *state;
    static const char *const cases[][2] = {
        {"CAST(2147483648 AS bigint)", "i"},       {"CAST('NaN' AS numeric)", "n"},
        {"CAST('Infinity' AS numeric)", "n"},      {"CAST('NaN' AS double precision)", "d"},
        {"CAST('infinity' AS real)", "d"},         {"CAST('infinity' AS timestamptz)", "T"},
        {"CAST('-infinity' AS timestamptz)", "T"}, {"CAST('10000-01-01' AS timestamp)", "T"},
        {"CAST('0001-12-31 BC' AS date)", "D"},    {"CAST('infinity' AS date)", "D"},
        {"CAST('1e2000' AS numeric)", "n"},        {"CAST('1e-2000' AS numeric)", "n"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT %s AS col", cases[i][0]);
        struct cv_statement *statement = prepare(engine->connection, sql, "", cases[i][1]);
        start(statement, NULL);
        cuvee_error error = fetch_refused(statement);
        assert_error(&error, CUVEE_ERROR_SCHEMA, "22000");
        assert_string_equal(error.fields, "col");
        finish(statement);
        finalize(statement);
    }
}

/* ---- raw ---- */

static void raw_rows_have_the_nearest_kinds(void **state)
{
    struct engine *engine = *state;
    assert_reads(engine, "true", " ", CUVEE_BOOL, NULL);
    assert_reads(engine, "CAST(1 AS smallint)", " ", CUVEE_INT64, NULL);
    assert_reads(engine, "1.50", " ", CUVEE_DECIMAL, "1.50");
    assert_reads(engine, "current_date", " ", CUVEE_DATE, NULL);
    assert_reads(engine, "now()", " ", CUVEE_TIME, NULL);
    assert_reads(engine, "gen_random_uuid()", " ", CUVEE_UUID, NULL);
    assert_reads(engine, "CAST('x' AS bytea)", " ", CUVEE_BLOB, "x");
    assert_reads(engine, "CAST('[1]' AS json)", " ", CUVEE_JSON, "[1]");
    assert_reads(engine, "CAST('1 day' AS interval)", " ", CUVEE_TEXT, "1 day");
    assert_reads(engine, "ARRAY[1, 2]", " ", CUVEE_TEXT, "{1,2}");
}

/* One column without a binary form that we know makes all of them come as text. */
static void raw_rows_are_the_same_in_either_form(void **state)
{
    struct engine *engine = *state;
    static const char columns[] =
        "true, CAST(-7 AS bigint), CAST(0.1 AS double precision), 'text', CAST('-1.50' AS numeric), "
        "CAST('2024-02-29 12:34:56.789012+00' AS timestamptz), CAST('2024-02-29' AS date), "
        "CAST('00112233-4455-6677-8899-aabbccddeeff' AS uuid), CAST('\\x00ff61' AS bytea), "
        "CAST('{\"a\":1}' AS json), NULL";
    char sql[2][600];
    cuvee_value rows[2][12];
    struct cv_statement *statements[2];
    snprintf(sql[0], sizeof sql[0], "SELECT %s", columns);
    snprintf(sql[1], sizeof sql[1], "SELECT %s, CAST('1 day' AS interval)", columns);
    for (int i = 0; i < 2; i++) {
        cuvee_error error = {0};
        statements[i] = prepare(engine->connection, sql[i], "", NULL);
        start(statements[i], NULL);
        assert_int_equal(engine->connection->driver->next(statements[i], rows[i], &error), CV_ROW);
        if (i == 0)
            assert_int_equal(ask(engine->connection, "SELECT 1"), 1); /* ends the stream; the row stays ours */
    }
    for (int c = 0; c < 11; c++) {
        const cuvee_value *a = &rows[0][c];
        const cuvee_value *b = &rows[1][c];
        assert_int_equal(a->kind, b->kind);
        if (a->kind == CUVEE_BOOL)
            assert_int_equal(a->as.boolean, b->as.boolean);
        else if (a->kind == CUVEE_UUID)
            assert_memory_equal(a->as.uuid, b->as.uuid, 16);
        else if (a->kind == CUVEE_INT64 || a->kind == CUVEE_DOUBLE || a->kind == CUVEE_TIME || a->kind == CUVEE_DATE)
            assert_true(a->as.integer == b->as.integer);
    }
    assert_text(&rows[1][4], "-1.50");
    assert_int_equal(rows[1][8].as.text.size, 3);
    assert_memory_equal(rows[1][8].as.text.data,
                        "\0\xFF"
                        "a",
                        3);
    assert_text(&rows[1][9], "{\"a\":1}");
    assert_int_equal(rows[1][10].kind, 0);
    for (int i = 0; i < 2; i++) {
        finish(statements[i]);
        finalize(statements[i]);
    }
}

/* ---- parameters ---- */

static void integers_stand_in_for_each_other(void **state)
{
    struct engine *engine = *state;
    struct cv_statement *narrow = prepare(engine->connection, "SELECT CAST(? AS bigint)", "i", "l");
    start(narrow, VALUES(cuvee_int_value(7))); /* an int64 value where int32 was declared */
    assert_int_equal(fetch(narrow)->as.integer, 7);
    finish(narrow);
    cuvee_error error = start_refused(narrow, VALUES(cuvee_int_value(INT64_C(1) << 40)));
    assert_error(&error, CUVEE_ERROR_VALUE, "22000");
    error = start_refused(narrow, VALUES(cuvee_text_value("7")));
    assert_error(&error, CUVEE_ERROR_VALUE, "22000");
    start(narrow, VALUES(cuvee_null()));
    assert_int_equal(fetch(narrow)->kind, 0);
    finish(narrow);
    finalize(narrow);
}

static void a_change_of_type_under_a_statement_makes_it_stale(void **state)
{
    struct engine *engine = *state;
    run(engine->connection, "CREATE TABLE t (a integer); INSERT INTO t VALUES (1)");
    struct cv_statement *statement = prepare(engine->connection, "SELECT a FROM t", "", "l");
    start(statement, NULL);
    assert_int_equal(fetch(statement)->as.integer, 1);
    finish(statement);
    run(engine->other, "ALTER TABLE t ALTER a TYPE text");
    cuvee_error error = {0};
    if (engine->connection->driver->start(statement, NULL, &error))
        error = fetch_refused(statement);
    assert_string_equal(error.sqlstate, "0A000");
    assert_true(statement->stale);
    finish(statement);
    finalize(statement);
}

static void copy_in_raw_sql_leaves_the_connection_good(void **state)
{
    struct engine *engine = *state;
    run(engine->connection, "CREATE TABLE t (a integer)");
    cuvee_error error = run_refused(engine->connection, "COPY t FROM STDIN");
    assert_error(&error, CUVEE_ERROR_UNSUPPORTED, "");
    error = run_refused(engine->connection, "COPY (SELECT generate_series(1, 1000)) TO STDOUT");
    assert_error(&error, CUVEE_ERROR_UNSUPPORTED, "");
    assert_int_equal(ask(engine->connection, "SELECT 7"), 7);
}

/* ---- numeric ---- */

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static size_t random_decimal(uint64_t *seed, char *text)
{
    size_t whole = 1 + next_random(seed) % 30;
    size_t fraction = next_random(seed) % 30;
    size_t size = 0;
    if (next_random(seed) % 2)
        text[size++] = '-';
    for (size_t i = 0; i < whole; i++)
        text[size++] = (char)('0' + (next_random(seed) % 3 ? next_random(seed) % 10 : 0));
    if (fraction > 0)
        text[size++] = '.';
    for (size_t i = 0; i < fraction; i++)
        text[size++] = (char)('0' + (next_random(seed) % 3 ? next_random(seed) % 10 : 0));
    return size;
}

/* Both forms of the codec against the server's own reading and printing. */
static void random_decimals_are_what_the_server_says(void **state)
{
    struct engine *engine = *state;
    struct cv_statement *there = prepare(engine->connection, "SELECT CAST(? AS text)", "n", "t");
    struct cv_statement *back = prepare(engine->connection, "SELECT CAST(? AS numeric)", "t", "n");
    uint64_t seed = 7;
    int tried = 0;
    while (tried < 1500) {
        char text[80];
        size_t size = random_decimal(&seed, text);
        if (!cv_decimal_is_canonical(text, size))
            continue;
        text[size] = '\0';
        tried++;
        start(there, VALUES(cuvee_decimal_value((cuvee_decimal){text})));
        assert_text(fetch(there), text);
        finish(there);
        start(back, VALUES(cuvee_text_value(text)));
        assert_text(fetch(back), text);
        finish(back);
    }
    finalize(there);
    finalize(back);
}

static void bad_numerics_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned char data[12];
        size_t size;
    } cases[] = {{{0}, 0},
                 {{0, 0, 0, 0, 0, 0, 0}, 7},
                 {{0, 1, 0, 0, 0, 0, 0, 0}, 8},               /* a group is missing */
                 {{0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 10},        /* one too many */
                 {{0, 0, 0, 0, 0xC0, 0, 0, 0}, 8},            /* NaN */
                 {{0xFF, 0xFF, 0, 0, 0, 0, 0, 0}, 8},         /* fewer than none */
                 {{0, 1, 0x7F, 0xFF, 0, 0, 0, 0, 0, 1}, 10},  /* 10000 to the power of 32767 */
                 {{0, 1, 0, 0, 0, 0, 0x3F, 0xFF, 0, 1}, 10}}; /* 16383 digits behind the point */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cv_buffer text;
        cv_buffer_init(&text, 0);
        assert_false(cv_pg_decode_numeric(&text, cases[i].data, cases[i].size));
        cv_buffer_free(&text);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(integers_of_all_widths),
        ENGINE_TEST(texts_of_all_types),
        ENGINE_TEST(other_types_of_a_kind),
        ENGINE_TEST(other_types_are_refused_when_prepared),
        ENGINE_TEST(values_that_no_kind_holds_are_refused),
        ENGINE_TEST(raw_rows_have_the_nearest_kinds),
        ENGINE_TEST(raw_rows_are_the_same_in_either_form),
        ENGINE_TEST(integers_stand_in_for_each_other),
        ENGINE_TEST(a_change_of_type_under_a_statement_makes_it_stale),
        ENGINE_TEST(copy_in_raw_sql_leaves_the_connection_good),
        ENGINE_TEST(random_decimals_are_what_the_server_says),
        cmocka_unit_test(bad_numerics_are_refused),
    };
    return ENGINE_MAIN(argc, argv, "types", tests);
}
