/* Tables and rows as other programs left them: an error that says where, never a wrong value. */
#include <cuvee/sql.h>
#include <stdio.h>

#include "session/sample.h"
#include "session/support.h"

/* The table of samples made anew without kinds that the engine would look after. */
static void loosen(const struct world *world, const char *columns)
{
    char sql[900];
    change_tables(world, &sales_base, "DROP TABLE samples");
    snprintf(sql, sizeof sql, "CREATE TABLE samples (%s)", columns);
    change_tables(world, &sales_base, sql);
}

static const char loose[] =
    "id INTEGER PRIMARY KEY, flag, small, large, real, text, at, day, amount, uuid, blob, json, "
    "opt_flag, opt_small, opt_large, opt_real, opt_text, opt_at, opt_day, opt_amount, opt_uuid, "
    "opt_blob, opt_json";

/* A row in which one field holds what the SQL expression gives. */
static void insert_with(const struct world *world, const char *column, const char *expression)
{
    char sql[400];
    someone_else(world, &sales_base, "DELETE FROM samples");
    someone_else(world, &sales_base,
                 "INSERT INTO samples (id, flag, small, large, real, text, at, day, amount, uuid, blob, json) VALUES "
                 "(1, 0, 0, 0, 0.0, '', 0, '2024-01-31', '0', zeroblob(16), x'', 'null')");
    snprintf(sql, sizeof sql, "UPDATE samples SET %s = %s", column, expression);
    someone_else(world, &sales_base, sql);
}

static void assert_schema_error(const cuvee_session *s, const char *field)
{
    assert_failed(s, CUVEE_ERROR_SCHEMA, field);
    assert_string_equal(cuvee_session_error(s)->model, "Sample");
    assert_string_equal(cuvee_session_error(s)->fields, field);
    assert_string_equal(cuvee_session_error(s)->database, "sales");
}

static void values_of_another_kind(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *column, *expression;
    } cases[] = {
        {"flag", "2"},
        {"flag", "'true'"},
        {"small", "3000000000"},
        {"small", "'one'"},
        {"large", "'1'"},
        {"large", "1.5"},
        {"real", "'0.5'"},
        {"real", "9e999"},
        {"text", "7"},
        {"text", "x'41'"},
        {"text", "CAST(x'C328' AS TEXT)"},
        {"at", "'2024-01-31'"},
        {"at", "9223372036854775807"},
        {"day", "19753"},
        {"day", "'2024-02-31'"},
        {"day", "'31.1.2024'"},
        {"amount", "1.5"},
        {"amount", "'1,5'"},
        {"amount", "'NaN'"},
        {"uuid", "x'00'"},
        {"uuid", "'0000'"},
        {"blob", "'text'"},
        {"json", "5"},
        {"opt_small", "'x'"},
        {"opt_day", "''"},
        {"opt_uuid", "zeroblob(17)"},
        {"text", "NULL"},
        {"amount", "NULL"},
        {"blob", "NULL"},
        {"flag", "NULL"},
    };
    only_on_sqlite(&sales_base, "every column has a type; tests/driver has those that fit no kind");
    loosen(world, loose);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        insert_with(world, cases[i].column, cases[i].expression);
        cuvee_session *s = session_on(world);
        assert_int_equal(cuvee_all(cuvee_select(s, &sample_model)).count, 0);
        assert_schema_error(s, cases[i].column);
        cuvee_rollback(s);
        assert_null(cuvee_get(s, &sample_model, 1));
        assert_schema_error(s, cases[i].column);
        cuvee_rollback(s);
        cuvee_rows *rows = cuvee_rows_open(cuvee_select(s, &sample_model));
        assert_null(cuvee_next(rows));
        assert_schema_error(s, cases[i].column);
        cuvee_rows_close(rows);
        cuvee_session_close(s);
    }
    insert_with(world, "opt_text", "'fine'");
    assert_int_equal(rows_of(world, &sample_model), 1);
    cuvee_session *s = session_on(world);
    assert_non_null(cuvee_get(s, &sample_model, 1));
    assert_good(s);
    cuvee_session_close(s);
}

/* Rows before the strange one were loaded; the session goes on after a rollback. */
static void a_strange_row_among_others(void **state)
{
    struct world *world = *state;
    only_on_sqlite(&sales_base, "every column has a type; tests/driver has those that fit no kind");
    loosen(world, loose);
    insert_with(world, "small", "1");
    someone_else(world, &sales_base,
                 "INSERT INTO samples SELECT 2, flag, 'x', large, real, text, at, day, amount, uuid, "
                 "blob, json, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL "
                 "FROM samples");
    cuvee_session *s = session_on(world);
    assert_int_equal(cuvee_all(cuvee_select(s, &sample_model)).count, 0);
    assert_schema_error(s, "small");
    cuvee_rollback(s);
    assert_int_equal(((const Sample *)cuvee_get(s, &sample_model, 1))->small, 1);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_pick(q, "id");
    cuvee_rows *rows = cuvee_rows_open(q);
    assert_non_null(cuvee_next_values(rows));
    assert_non_null(cuvee_next_values(rows));
    assert_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
    assert_good(s);
    cuvee_session_close(s);
}

static void the_engine_keeps_text_out_of_integers(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    cuvee_add(s, &sample_model, &(Sample){.small = 1});
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "UPDATE samples SET small = 'one'", NULL, 0), -1);
    assert_true(cuvee_session_error(s)->kind != CUVEE_ERROR_NONE);
    cuvee_rollback(s);
    cuvee_session_close(s);
    assert_int_equal(rows_of(world, &sample_model), 0);
}

static void columns_that_are_missing(void **state)
{
    struct world *world = *state;
    loosen(world, strcmp(world_engine(&sales_base), "sqlite") == 0
                      ? "id INTEGER PRIMARY KEY, flag, small"
                      : "id BIGINT PRIMARY KEY, flag BOOLEAN, small INTEGER");
    cuvee_session *s = session_on(world);
    assert_int_equal(cuvee_all(cuvee_select(s, &sample_model)).count, 0);
    assert_failed(s, CUVEE_ERROR_SCHEMA, "large");
    assert_string_equal(cuvee_session_error(s)->model, "Sample");
    cuvee_rollback(s);
    assert_int_equal(cuvee_count(cuvee_select(s, &sample_model)), 0); /* which needs none of them */
    assert_good(s);
    cuvee_add(s, &sample_model, &(Sample){.small = 1});
    assert_false(cuvee_flush(s));
    assert_failed(s, CUVEE_ERROR_SCHEMA, "");
    cuvee_rollback(s);
    change_tables(world, &sales_base, "DROP TABLE samples");
    assert_int_equal(cuvee_count(cuvee_select(s, &sample_model)), 0);
    assert_failed(s, CUVEE_ERROR_SCHEMA, "samples");
    cuvee_session_close(s);
}

static void columns_that_are_more(void **state)
{
    struct world *world = *state;
    change_tables(world, &sales_base, "ALTER TABLE samples ADD COLUMN extra TEXT DEFAULT 'x'");
    cuvee_session *s = session_on(world);
    const Sample *sample = cuvee_add(s, &sample_model, &(Sample){.small = 1});
    assert_true(cuvee_flush(s));
    ((Sample *)cuvee_edit(s, sample))->small = 2;
    commit_and_close(s);
    s = session_on(world);
    assert_int_equal(((const Sample *)cuvee_first(cuvee_select(s, &sample_model)))->small, 2);
    assert_good(s);
    cuvee_session_close(s);
    assert_int_equal(ask(world, &sales_base, "SELECT count(*) FROM samples WHERE extra = 'x' AND small = 2"), 1);
}

/* A statement that was prepared before the table changed. */
static void tables_that_change_under_a_session(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    cuvee_add(s, &sample_model, &(Sample){.small = 1});
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    assert_int_equal(cuvee_all(cuvee_select(s, &sample_model)).count, 1);
    assert_true(cuvee_rollback(s));
    change_tables(world, &sales_base, "ALTER TABLE samples ADD COLUMN extra TEXT");
    assert_int_equal(cuvee_all(cuvee_select(s, &sample_model)).count, 1);
    assert_good(s);
    assert_true(cuvee_rollback(s));
    change_tables(world, &sales_base, "ALTER TABLE samples RENAME COLUMN small TO little");
    assert_int_equal(cuvee_all(cuvee_select(s, &sample_model)).count, 0);
    assert_failed(s, CUVEE_ERROR_SCHEMA, "small");
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(values_of_another_kind),
        WORLD_TEST(a_strange_row_among_others),
        WORLD_TEST(the_engine_keeps_text_out_of_integers),
        WORLD_TEST(columns_that_are_missing),
        WORLD_TEST(columns_that_are_more),
        WORLD_TEST(tables_that_change_under_a_session),
    };
    return WORLD_MAIN(argc, argv, "strange rows", tests);
}
