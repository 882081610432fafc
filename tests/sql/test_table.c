/* Tables and indexes from models. */
#include "sql/support.h"

#include "driver/sqlite/sqlite.h"

static const struct cv_plan *everywhere(void *arg, const cuvee_model *other)
{
    (void)arg;
    return plan_of(other);
}

static const struct cv_plan *nowhere(void *arg, const cuvee_model *other)
{
    *(const cuvee_model **)arg = other;
    return NULL;
}

static const char *table_text(const struct cv_dialect *dialect, const cuvee_model *model, cv_neighbour neighbour,
                              void *arg)
{
    static char text[2048];
    struct cv_sql sql;
    struct cv_statement_text written;
    cv_sql_init(&sql, dialect);
    cv_table_text(plan_of(model), neighbour, arg, &sql);
    assert_true(cv_sql_finish(&sql, &written));
    assert_int_equal(written.param_count, 0);
    strncpy(text, written.sql, sizeof text - 1);
    cv_sql_free(&sql);
    return text;
}

static void a_table_with_everything(void **state)
{
    (void)state;
    assert_string_equal(table_text(&numbered_dialect, &person_model, everywhere, NULL),
                        "CREATE TABLE IF NOT EXISTS \"people\" (\"id\" K3 AUTO INDEXED, "
                        "\"name\" K5 MAX 40 INDEXED NOT NULL, \"nick_name\" K5 INDEXED, \"age\" K2 INDEXED, "
                        "\"town\" K5 INDEXED, \"wage\" K8 INDEXED NOT NULL, \"active\" K1 INDEXED NOT NULL, "
                        "PRIMARY KEY (\"id\"), UNIQUE (\"name\"), FOREIGN KEY (\"town\") REFERENCES \"towns\" "
                        "(\"code\"), UNIQUE (\"nick_name\", \"age\"), UNIQUE (\"town\", \"wage\"))");
}

static void what_stands_behind_a_table(void **state)
{
    (void)state;
    assert_string_equal(table_text(&ticked_dialect, &town_model, everywhere, NULL),
                        "CREATE TABLE IF NOT EXISTS `towns` (`code` K5 MAX 3 INDEXED NOT NULL, `name` K5 NOT NULL, "
                        "`people` K2 NOT NULL, PRIMARY KEY (`code`)) ENGINE=InnoDB");
    assert_string_equal(table_text(&cv_sqlite_dialect, &town_model, everywhere, NULL),
                        "CREATE TABLE IF NOT EXISTS \"towns\" (\"code\" TEXT NOT NULL, \"name\" TEXT NOT NULL, "
                        "\"people\" INTEGER NOT NULL, PRIMARY KEY (\"code\")) STRICT");
}

static void references_to_other_databases_are_not_declared(void **state)
{
    (void)state;
    const cuvee_model *asked = NULL;
    const char *text = table_text(&numbered_dialect, &person_model, nowhere, &asked);
    assert_ptr_equal(asked, &town_model);
    assert_null(strstr(text, "FOREIGN KEY"));
    assert_non_null(strstr(text, "\"town\" K5"));
}

/* Some engines make an index for a reference, and need a text of bounded length there. */
static void what_refers_to_the_same_database_is_indexed(void **state)
{
    (void)state;
    const cuvee_model *asked = NULL;
    assert_non_null(strstr(table_text(&numbered_dialect, &paper_model, everywhere, NULL), "\"country\" K5 INDEXED,"));
    assert_non_null(strstr(table_text(&numbered_dialect, &paper_model, nowhere, &asked), "\"country\" K5,"));
}

/* Several fields that refer to a key of several fields stand for it in order, group by group. */
static void references_to_keys_of_several_fields(void **state)
{
    (void)state;
    const char *text = table_text(&numbered_dialect, &note_model, everywhere, NULL);
    assert_string_equal(
        strstr(text, ", PRIMARY KEY"),
        ", PRIMARY KEY (\"id\"), FOREIGN KEY (\"pair_left\", \"pair_right\") REFERENCES \"pairs\" (\"left\", "
        "\"right\"), "
        "FOREIGN KEY (\"earlier_left\", \"earlier_right\") REFERENCES \"pairs\" (\"left\", \"right\"))");
}

static void keys_of_several_fields(void **state)
{
    (void)state;
    assert_string_equal(table_text(&numbered_dialect, &pair_model, everywhere, NULL),
                        "CREATE TABLE IF NOT EXISTS \"pairs\" (\"left\" K3 INDEXED NOT NULL, "
                        "\"right\" K9 INDEXED NOT NULL, PRIMARY KEY (\"left\", \"right\"))");
}

static void names_are_quoted(void **state)
{
    (void)state;
    assert_string_equal(table_text(&ticked_dialect, &odd_model, everywhere, NULL),
                        "CREATE TABLE IF NOT EXISTS `select \"``` (`order` K3 INDEXED NOT NULL, "
                        "`a\"b``c'd; --` K5 INDEXED NOT NULL, PRIMARY KEY (`order`)) ENGINE=InnoDB");
}

static const char *index_text(const cuvee_model *model, size_t n)
{
    static char text[512];
    struct cv_sql sql;
    struct cv_statement_text written;
    cv_sql_init(&sql, &numbered_dialect);
    bool found = cv_index_text(plan_of(model), n, &sql);
    assert_true(cv_sql_finish(&sql, &written));
    strncpy(text, written.sql, sizeof text - 1);
    cv_sql_free(&sql);
    assert_int_equal(found, *text != '\0');
    return found ? text : NULL;
}

static void indexes_one_by_one(void **state)
{
    (void)state;
    assert_string_equal(index_text(&person_model, 0),
                        "CREATE INDEX IF NOT EXISTS \"ix_people_age\" ON \"people\" (\"age\")");
    assert_string_equal(index_text(&person_model, 1),
                        "CREATE INDEX IF NOT EXISTS \"ix_people_active\" ON \"people\" (\"active\")");
    assert_null(index_text(&person_model, 2));
    assert_null(index_text(&town_model, 0));
    assert_string_equal(index_text(&odd_model, 0),
                        "CREATE INDEX IF NOT EXISTS \"ix_select \"\"`_a\"\"b`c'd; --\" ON \"select \"\"`\""
                        " (\"a\"\"b`c'd; --\")");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_with_everything),
        cmocka_unit_test(what_stands_behind_a_table),
        cmocka_unit_test(references_to_other_databases_are_not_declared),
        cmocka_unit_test(what_refers_to_the_same_database_is_indexed),
        cmocka_unit_test(references_to_keys_of_several_fields),
        cmocka_unit_test(keys_of_several_fields),
        cmocka_unit_test(names_are_quoted),
        cmocka_unit_test(indexes_one_by_one),
    };
    return cmocka_run_group_tests_name("sql table", tests, NULL, free_plans);
}
