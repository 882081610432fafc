/* The collation and the sum of decimals, against numbers added another way. */
#include "driver/support.h"

#include <stdio.h>

static int64_t compares(struct engine *engine, const char *a, const char *op, const char *b)
{
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT '%s' %s '%s' COLLATE CUVEE_DECIMAL", a, op, b);
    return ask(engine->connection, sql);
}

static void the_collation_orders_as_numbers(void **state)
{
    struct engine *engine = *state;
    assert_int_equal(compares(engine, "9", "<", "10"), 1);
    assert_int_equal(compares(engine, "-9", ">", "-10"), 1);
    assert_int_equal(compares(engine, "1.0", "=", "1"), 1);
    assert_int_equal(compares(engine, "1.0", "=", "1.01"), 0);
    assert_int_equal(compares(engine, "0.1", "<", "0.09"), 0);
    assert_int_equal(compares(engine, "0.00", "=", "0"), 1);
    assert_int_equal(compares(engine, "-0.01", "<", "0"), 1);
}

static void what_is_no_decimal_stands_behind_all(void **state)
{
    struct engine *engine = *state;
    assert_int_equal(compares(engine, "999999", "<", "abc"), 1);
    assert_int_equal(compares(engine, "abc", "<", "abd"), 1);
    assert_int_equal(compares(engine, "abc", "=", "abc"), 1);
    assert_int_equal(compares(engine, "ab", "<", "abc"), 1);
    assert_int_equal(compares(engine, "", ">", "1"), 1);
    assert_int_equal(compares(engine, "01", ">", "5"), 1); /* not canonical */
}

static void unique_decimals_are_unique_as_numbers(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (v %n UNIQUE)%;");
    run(engine->connection, "INSERT INTO t VALUES ('1.5')");
    cuvee_error error = run_with_refused(engine->connection, "INSERT INTO t VALUES ('1.50')", "", NULL);
    assert_error(&error, CUVEE_ERROR_UNIQUE, "23505");
    assert_string_equal(error.fields, "v");
}

static void an_index_on_decimals_finds_them(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (v %n)%;");
    run(engine->connection, "CREATE INDEX i ON t (v)");
    for (int i = 0; i < 300; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d.%d", i % 100, i % 7);
        run_with(engine->connection, "INSERT INTO t VALUES (?)", "n",
                 VALUES(cuvee_decimal_value((cuvee_decimal){text})));
    }
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM t WHERE v >= '50' AND v < '60'"), 30);
    assert_int_equal(ask(engine->connection, "SELECT CAST(max(v) AS REAL) > 99 FROM t"), 1);
}

/* ---- sums ---- */

static void assert_sum(struct engine *engine, const char *values, const char *sum)
{
    struct cv_buffer sql;
    cv_buffer_init(&sql, 0);
    cv_buffer_format(&sql, "SELECT cuvee_sum(column1) FROM (VALUES %s)", values);
    struct cv_statement *statement = prepare(engine->connection, cv_buffer_text(&sql), "", "n");
    start(statement, NULL);
    const cuvee_value *cells = fetch(statement);
    if (sum)
        assert_text(&cells[0], sum);
    else
        assert_int_equal(cells[0].kind, 0);
    finish(statement);
    finalize(statement);
    cv_buffer_free(&sql);
}

static void sums_lose_nothing(void **state)
{
    struct engine *engine = *state;
    assert_sum(engine, "('0.1'), ('0.2')", "0.3");
    assert_sum(engine, "('1'), ('2')", "3");
    assert_sum(engine, "('1.50'), ('2.5')", "4.00");
    assert_sum(engine, "('-1'), ('1')", "0");
    assert_sum(engine, "('-1.00'), ('1')", "0.00");
    assert_sum(engine, "('-1'), ('0.5')", "-0.5");
    assert_sum(engine, "('1'), ('-0.5')", "0.5");
    assert_sum(engine, "('999999999'), ('1')", "1000000000");
    assert_sum(engine, "('1000000000'), ('-1')", "999999999");
    assert_sum(engine, "('999999999.999999999'), ('0.000000001')", "1000000000.000000000");
    assert_sum(engine, "('1000000000000000000'), ('-0.000000000000000001')", "999999999999999999.999999999999999999");
    assert_sum(engine, "('-1000000000000000000'), ('0.000000000000000001')", "-999999999999999999.999999999999999999");
    assert_sum(engine, "(NULL), ('5'), (NULL)", "5");
    assert_sum(engine, "(NULL)", NULL);
    assert_sum(engine, "(7), (8)", "15"); /* integers are decimals too */
}

static void what_is_no_decimal_cannot_be_summed(void **state)
{
    struct engine *engine = *state;
    static const char *const values[] = {"'abc'", "''", "1.5e10", "x'ff'", "'1.'"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "SELECT cuvee_sum(%s)", values[i]);
        cuvee_error error = run_with_refused(engine->connection, sql, "", NULL);
        assert_int_equal(error.kind, CUVEE_ERROR_DATABASE);
        assert_says(&error, "no decimal");
    }
}

static void the_longest_decimals_can_be_summed(void **state)
{
    struct engine *engine = *state;
    char nines[1001];
    memset(nines, '9', 1000);
    nines[1000] = '\0';
    struct cv_statement *statement = prepare(
        engine->connection,
        "SELECT length(cuvee_sum(column1)), substr(cuvee_sum(column1), 1, 3) FROM (VALUES (?), (?))", "nn", "lt");
    cuvee_value value = cuvee_decimal_value((cuvee_decimal){nines});
    start(statement, VALUES(value, value));
    const cuvee_value *cells = fetch(statement);
    assert_int_equal(cells[0].as.integer, 1001);
    assert_text(&cells[1], "199");
    finish(statement);
    nines[0] = '0';
    nines[1] = '.';
    value.as.text.size = 1000;
    start(statement, VALUES(value, value));
    assert_int_equal(fetch(statement)[0].as.integer, 1000);
    finish(statement);
    finalize(statement);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 20;
}

/* Random cents, summed as integers beside. */
static void random_sums_agree_with_integers(void **state)
{
    struct engine *engine = *state;
    uint64_t seed = 42;
    make(engine->connection, "CREATE TABLE t (g %l, v %n)%;");
    int64_t sums[5] = {0};
    struct cv_statement *insert = prepare(engine->connection, "INSERT INTO t VALUES (?, ?)", "ln", NULL);
    begin(engine->connection);
    for (int i = 0; i < 3000; i++) {
        int64_t cents = (int64_t)(next_random(&seed) % UINT64_C(20000000000000)) - INT64_C(10000000000000);
        char text[40];
        int64_t size = cents < 0 ? -cents : cents;
        if (size == 0)
            continue;
        snprintf(text, sizeof text, "%s%lld.%02lld", cents < 0 ? "-" : "", (long long)(size / 100),
                 (long long)(size % 100));
        start(insert, VALUES(cuvee_int_value(i % 5), cuvee_decimal_value((cuvee_decimal){text})));
        finish(insert);
        sums[i % 5] += cents;
    }
    commit(engine->connection);
    finalize(insert);
    struct cv_statement *sum =
        prepare(engine->connection, "SELECT g, cuvee_sum(v) FROM t GROUP BY g ORDER BY g", "", "ln");
    start(sum, NULL);
    for (int g = 0; g < 5; g++) {
        char text[40];
        int64_t size = sums[g] < 0 ? -sums[g] : sums[g];
        snprintf(text, sizeof text, "%s%lld.%02lld", sums[g] < 0 ? "-" : "", (long long)(size / 100),
                 (long long)(size % 100));
        const cuvee_value *cells = fetch(sum);
        assert_int_equal(cells[0].as.integer, g);
        assert_text(&cells[1], text);
    }
    finish(sum);
    finalize(sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(the_collation_orders_as_numbers),
        ENGINE_TEST(what_is_no_decimal_stands_behind_all),
        ENGINE_TEST(unique_decimals_are_unique_as_numbers),
        ENGINE_TEST(an_index_on_decimals_finds_them),
        ENGINE_TEST(sums_lose_nothing),
        ENGINE_TEST(what_is_no_decimal_cannot_be_summed),
        ENGINE_TEST(the_longest_decimals_can_be_summed),
        ENGINE_TEST(random_sums_agree_with_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
