/* Raw SQL on a named base: rows, names, objects, changes, and what it may not do. */
#include <cuvee/sql.h>
#include <stdio.h>

#include "session/sample.h"
#include "session/support.h"

static void add_three(const struct world *world)
{
    cuvee_session *s = session_on(world);
    for (int i = 1; i <= 3; i++) {
        const char *const texts[] = {"one", "two", "three"};
        assert_non_null(cuvee_add(s, &sample_model, &(Sample){.small = i, .text = texts[i - 1]}));
    }
    commit_and_close(s);
}

/* ---- rows ---- */

static void rows_with_names(void **state)
{
    struct world *world = *state;
    add_three(world);
    cuvee_session *s = session_on(world);
    const cuvee_value values[] = {CUVEE_VALUE(1), CUVEE_VALUE("t%")};
    cuvee_rows *rows = cuvee_sql_rows(
        s, &sales_base, "SELECT text AS name, small + ? FROM samples WHERE text LIKE ? ORDER BY id", values, 2);
    assert_good(s);
    assert_int_equal(cuvee_rows_width(rows), 2);
    assert_string_equal(cuvee_rows_name(rows, 0), "name");
    assert_non_null(cuvee_rows_name(rows, 1));
    assert_null(cuvee_rows_name(rows, 2));
    assert_null(cuvee_rows_name(NULL, 0));
    const cuvee_value *row = cuvee_next_values(rows);
    assert_string_equal(row[0].as.text.data, "two");
    assert_int_equal(row[1].as.integer, 3);
    assert_null(cuvee_next(rows)); /* it is of no model */
    row = cuvee_next_values(rows);
    assert_string_equal(row[0].as.text.data, "three");
    assert_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
    assert_good(s);
    cuvee_session_close(s);
}

static void values_as_the_engine_has_them(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    const cuvee_blob blob = {"a\0b", 3};
    const cuvee_value values[] = {CUVEE_VALUE(INT64_MIN), CUVEE_VALUE(0.1), CUVEE_VALUE("\xC3\xA9"), CUVEE_VALUE(blob),
                                  cuvee_null()};
    cuvee_rows *rows = cuvee_sql_rows(s, &sales_base, "SELECT ?, ?, ?, ?, ?", values, 5);
    const cuvee_value *row = cuvee_next_values(rows);
    assert_good(s);
    assert_int_equal(row[0].kind, CUVEE_INT64);
    assert_true(row[0].as.integer == INT64_MIN);
    assert_int_equal(row[1].kind, CUVEE_DOUBLE);
    assert_true(row[1].as.real == 0.1);
    assert_int_equal(row[2].kind, CUVEE_TEXT);
    assert_string_equal(row[2].as.text.data, "\xC3\xA9");
    assert_int_equal(row[3].kind, CUVEE_BLOB);
    assert_int_equal(row[3].as.text.size, 3);
    assert_memory_equal(row[3].as.text.data, "a\0b", 3);
    assert_int_equal(row[4].kind, 0);
    cuvee_rows_close(rows);
    cuvee_session_close(s);
}

static void pending_changes_are_seen(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    cuvee_add(s, &sample_model, &(Sample){.small = 41});
    cuvee_rows *rows = cuvee_sql_rows(s, &sales_base, "SELECT small FROM samples", NULL, 0);
    assert_int_equal(cuvee_next_values(rows)->as.integer, 41);
    cuvee_rows_close(rows);
    cuvee_session_close(s);
    assert_int_equal(rows_of(world, &sample_model), 0);
}

/* ---- objects ---- */

static const char all_columns[] =
    "SELECT 'more' AS extra, opt_json, opt_blob, opt_uuid, opt_amount, opt_day, opt_at, opt_text, opt_real, opt_large, "
    "opt_small, opt_flag, json, \"blob\", uuid, amount, day, \"at\", text, \"real\", large, small, flag, id FROM "
    "samples ";

static void objects_from_columns_in_any_order(void **state)
{
    struct world *world = *state;
    add_three(world);
    cuvee_session *s = session_on(world);
    const Sample *two = cuvee_get(s, &sample_model, 2);
    char sql[600];
    snprintf(sql, sizeof sql, "%s WHERE small >= ? ORDER BY id DESC", quoted(&sales_base, all_columns));
    const cuvee_value value = CUVEE_VALUE(2);
    for (int i = 0; i < 2; i++) {
        cuvee_list list = cuvee_sql_objects(s, &sample_model, sql, &value, 1);
        assert_good(s);
        assert_int_equal(list.count, 2);
        assert_string_equal(((const Sample *)list.items[0])->text, "three");
        assert_ptr_equal(list.items[1], two); /* the same row is the same object */
    }
    Sample *edit = cuvee_edit(s, two);
    assert_non_null(edit);
    edit->text = "zwei";
    commit_and_close(s);
    assert_int_equal(ask(world, &sales_base, "SELECT count(*) FROM samples WHERE text = 'zwei'"), 1);
}

static void columns_by_their_own_names(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    cuvee_add(s, &profile_model, &(Profile){.user_id = id, .biography = "long"});
    cuvee_list list = cuvee_sql_objects(s, &profile_model, "SELECT is_public, bio, user_id FROM profiles", NULL, 0);
    assert_good(s);
    assert_int_equal(list.count, 1);
    assert_string_equal(((const Profile *)list.items[0])->biography, "long");
    list = cuvee_sql_objects(s, &profile_model, "SELECT is_public, bio AS biography, user_id FROM profiles", NULL, 0);
    assert_int_equal(list.count, 0);
    assert_failed(s, CUVEE_ERROR_SCHEMA, "bio");
    cuvee_session_close(s);
}

static void rows_that_are_no_objects(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    static const struct {
        const char *sql, *words;
    } cases[] = {
        {"SELECT id, name, email, age FROM users", "country"},
        {"SELECT id, name, 7 AS email, age, country FROM users", "email"},
        {"SELECT id, NULL AS name, email, age, country FROM users", "name"},
        {"SELECT NULL AS id, name, email, age, country FROM users", "id"},
        {"SELECT id, name, email, 3000000000 AS age, country FROM users", "age"},
        {"SELECT id, x'FF' AS name, email, age, country FROM users", "name"},
        {"SELECT id, CAST(x'FF' AS TEXT) AS name, email, age, country FROM users", "name"},
    };
    /* The last two are bytes in a text, which servers do not let in. */
    size_t count = sizeof cases / sizeof cases[0] - (strcmp(world_engine(&accounts_base), "sqlite") == 0 ? 0 : 2);
    for (size_t i = 0; i < count; i++) {
        cuvee_session *s = session_on(world);
        cuvee_list list = cuvee_sql_objects(s, &user_model, cases[i].sql, NULL, 0);
        assert_int_equal(list.count, 0);
        assert_failed(s, CUVEE_ERROR_SCHEMA, cases[i].words);
        assert_string_equal(cuvee_session_error(s)->database, "accounts");
        cuvee_session_close(s);
    }
}

/* ---- changes ---- */

static void changes_are_counted_and_undone(void **state)
{
    struct world *world = *state;
    add_three(world);
    cuvee_session *s = session_on(world);
    const cuvee_value values[] = {CUVEE_VALUE("x"), CUVEE_VALUE(1)};
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "UPDATE samples SET text = ? WHERE small > ?", values, 2), 2);
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "UPDATE samples SET text = ? WHERE small > ?", values, 2), 2);
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "DELETE FROM samples WHERE small > 100", NULL, 0), 0);
    assert_good(s);
    cuvee_rollback(s);
    assert_int_equal(ask(world, &sales_base, "SELECT count(*) FROM samples WHERE text = 'x'"), 0);
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "DELETE FROM samples", NULL, 0), 3);
    commit_and_close(s);
    assert_int_equal(rows_of(world, &sample_model), 0);
}

/* Tables are made in the session's transaction too, where the engine can. */
static void tables_are_made_and_undone(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    int64_t made = cuvee_sql_execute(s, &sales_base, "CREATE TABLE extra (a INTEGER)", NULL, 0);
    if (strcmp(world_engine(&sales_base), "mariadb") == 0) {
        assert_int_equal(made, -1);
        assert_failed(s, CUVEE_ERROR_UNSUPPORTED, "end the transaction");
    } else {
        assert_int_equal(made, 0);
        assert_int_equal(cuvee_sql_execute(s, &sales_base, "INSERT INTO extra VALUES (1)", NULL, 0), 1);
    }
    assert_true(cuvee_rollback(s));
    assert_null(cuvee_sql_rows(s, &sales_base, "SELECT a FROM extra", NULL, 0));
    assert_failed(s, CUVEE_ERROR_SCHEMA, "extra");
    cuvee_session_close(s);
}

static void rows_that_nobody_wants(void **state)
{
    struct world *world = *state;
    add_three(world);
    cuvee_session *s = session_on(world);
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "SELECT * FROM samples", NULL, 0), 0);
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "DELETE FROM samples WHERE small > 1 RETURNING id", NULL, 0), 2);
    assert_good(s);
    commit_and_close(s);
    assert_int_equal(ask(world, &sales_base, "SELECT sum(small) FROM samples"), 1);
}

static void writes_need_execute(void **state)
{
    struct world *world = *state;
    add_three(world);
    static const char *const statements[] = {"DELETE FROM samples", "DELETE FROM samples RETURNING id",
                                             "CREATE TABLE extra (a INTEGER)"};
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++) {
        cuvee_session *s = session_on(world);
        assert_null(cuvee_sql_rows(s, &sales_base, statements[i], NULL, 0));
        assert_failed(s, CUVEE_ERROR_MISUSE, "cuvee_sql_execute");
        cuvee_session_close(s);
    }
    assert_int_equal(rows_of(world, &sample_model), 3);
}

static void read_only_means_no_writes(void **state)
{
    struct world *world = *state;
    add_three(world);
    cuvee_session *s = cuvee_session_open(world->blend, .read_only = true);
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "DELETE FROM samples", NULL, 0), -1);
    assert_failed(s, CUVEE_ERROR_READ_ONLY, "read-only");
    cuvee_rollback(s);
    cuvee_rows *rows = cuvee_sql_rows(s, &sales_base, "SELECT count(*) FROM samples", NULL, 0);
    assert_int_equal(cuvee_next_values(rows)->as.integer, 3);
    cuvee_rows_close(rows);
    cuvee_session_close(s);
}

/* ---- mistakes ---- */

static void assert_refused(const struct world *world, const char *sql, const cuvee_value *values, size_t count,
                           cuvee_error_kind kind, const char *words)
{
    for (int execute = 0; execute < 2; execute++) {
        cuvee_session *s = session_on(world);
        cuvee_add(s, &sample_model, &(Sample){.small = 1});
        if (execute)
            assert_int_equal(cuvee_sql_execute(s, &sales_base, sql, values, count), -1);
        else
            assert_null(cuvee_sql_rows(s, &sales_base, sql, values, count));
        assert_failed(s, kind, words);
        assert_int_equal(cuvee_commit(s), CUVEE_ROLLED_BACK);
        cuvee_session_close(s);
    }
    assert_int_equal(rows_of(world, &sample_model), 0);
}

static void transactions_are_the_sessions(void **state)
{
    static const char *const statements[] = {"BEGIN",     "begin immediate", "COMMIT",
                                             "END",       "ROLLBACK",        "SAVEPOINT a",
                                             "RELEASE a", "/* x */ COMMIT",  "-- x\nCOMMIT"};
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        assert_refused(*state, statements[i], NULL, 0, CUVEE_ERROR_MISUSE, "the session does");
}

static void other_databases_and_settings_are_out_of_reach(void **state)
{
    struct world *world = *state;
    if (strcmp(world_engine(&sales_base), "sqlite") != 0) {
        static const char *const settings[] = {"SET SESSION autocommit = 0", "RESET ALL", "USE mysql", "DISCARD ALL"};
        for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
            assert_refused(world, settings[i], NULL, 0, CUVEE_ERROR_MISUSE, "setting");
        return;
    }
    assert_refused(world, "ATTACH 'other.db' AS other", NULL, 0, CUVEE_ERROR_MISUSE, "attach");
    assert_refused(world, "PRAGMA foreign_keys = OFF", NULL, 0, CUVEE_ERROR_MISUSE, "setting");
    assert_refused(world, "PRAGMA synchronous(0)", NULL, 0, CUVEE_ERROR_MISUSE, "setting");
    cuvee_session *s = session_on(world);
    cuvee_rows *rows = cuvee_sql_rows(s, &sales_base, "PRAGMA table_info('samples')", NULL, 0);
    assert_non_null(cuvee_next_values(rows)); /* looking is fine */
    cuvee_rows_close(rows);
    cuvee_session_close(s);
}

static void one_statement_with_all_its_values(void **state)
{
    struct world *world = *state;
    const cuvee_value values[] = {CUVEE_VALUE(1), CUVEE_VALUE(2)};
    bool server = strcmp(world_engine(&sales_base), "sqlite") != 0; /* where the semicolon is a syntax error */
    cuvee_error_kind many = server ? CUVEE_ERROR_DATABASE : CUVEE_ERROR_MISUSE;
    assert_refused(world, "SELECT 1; SELECT 2", NULL, 0, many, server ? "" : "more than one statement");
    assert_refused(world, "DELETE FROM samples; DROP TABLE samples", NULL, 0, many, server ? "" : "more than one");
    assert_refused(world, "SELECT ?", NULL, 0, CUVEE_ERROR_MISUSE, "1 parameters, 0 values");
    assert_refused(world, "SELECT ?", values, 2, CUVEE_ERROR_MISUSE, "1 parameters, 2 values");
    assert_refused(world, "SELECT '?'", values, 1, CUVEE_ERROR_MISUSE, "0 parameters, 1 values");
    assert_refused(world, "SELECT ?", NULL, 1, CUVEE_ERROR_MISUSE, "list of values");
    if (!server)
        assert_refused(world, "SELECT :name", NULL, 0, CUVEE_ERROR_MISUSE, "parameters");
    assert_refused(world, "", NULL, 0, CUVEE_ERROR_MISUSE, "no statement");
    assert_refused(world, "-- nothing", NULL, 0, CUVEE_ERROR_MISUSE, "no statement");
    assert_refused(world, NULL, NULL, 0, CUVEE_ERROR_MISUSE, "NULL");
}

static void the_databases_own_complaints(void **state)
{
    struct world *world = *state;
    assert_refused(world, "SELEKT 1", NULL, 0, CUVEE_ERROR_DATABASE, "syntax");
    assert_refused(world, "SELECT nowhere FROM samples", NULL, 0, CUVEE_ERROR_SCHEMA, "nowhere");
    assert_refused(world, "SELECT 1 FROM nowhere", NULL, 0, CUVEE_ERROR_SCHEMA, "nowhere");
    cuvee_session *s = session_on(world);
    assert_null(cuvee_sql_rows(s, &sales_base, "SELECT 1 FROM nowhere", NULL, 0));
    assert_string_equal(cuvee_session_error(s)->database, "sales");
    cuvee_session_close(s);
}

static void bases_must_be_bound(void **state)
{
    struct world *world = *state;
    static const cuvee_base elsewhere = {.name = "elsewhere"};
    cuvee_session *s = session_on(world);
    assert_null(cuvee_sql_rows(s, &elsewhere, "SELECT 1", NULL, 0));
    assert_failed(s, CUVEE_ERROR_MISUSE, "elsewhere");
    cuvee_rollback(s);
    assert_int_equal(cuvee_sql_execute(s, NULL, "SELECT 1", NULL, 0), -1);
    assert_failed(s, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_rollback(s);
    assert_int_equal(cuvee_sql_objects(s, &stranger_model, "SELECT 1 AS id", NULL, 0).count, 0);
    assert_failed(s, CUVEE_ERROR_MISUSE, "Stranger");
    cuvee_session_close(s);
    assert_null(cuvee_sql_rows(NULL, &sales_base, "SELECT 1", NULL, 0));
    assert_int_equal(cuvee_sql_execute(NULL, &sales_base, "SELECT 1", NULL, 0), -1);
    assert_int_equal(cuvee_sql_objects(NULL, &user_model, "SELECT 1", NULL, 0).count, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(rows_with_names),
        WORLD_TEST(values_as_the_engine_has_them),
        WORLD_TEST(pending_changes_are_seen),
        WORLD_TEST(objects_from_columns_in_any_order),
        WORLD_TEST(columns_by_their_own_names),
        WORLD_TEST(rows_that_are_no_objects),
        WORLD_TEST(changes_are_counted_and_undone),
        WORLD_TEST(tables_are_made_and_undone),
        WORLD_TEST(rows_that_nobody_wants),
        WORLD_TEST(writes_need_execute),
        WORLD_TEST(read_only_means_no_writes),
        WORLD_TEST(transactions_are_the_sessions),
        WORLD_TEST(other_databases_and_settings_are_out_of_reach),
        WORLD_TEST(one_statement_with_all_its_values),
        WORLD_TEST(the_databases_own_complaints),
        WORLD_TEST(bases_must_be_bound),
    };
    return WORLD_MAIN(argc, argv, "raw", tests);
}
