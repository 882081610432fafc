/* Tables and indexes from models. */
#include "sql/support.h"

#include <stdio.h>

#include "base/utf8.h"
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

/* ---- names of indexes that could be meant otherwise ---- */

typedef struct Page {
    int64_t id;
    int64_t b_c;
    int64_t c;
} Page;
static const cuvee_field page_fields[] = {
    CUVEE_FIELD(Page, id, .key = true),
    CUVEE_FIELD(Page, b_c, .index = true),
    CUVEE_FIELD(Page, c, .index = true),
};
static const cuvee_model a_model = CUVEE_MODEL(Page, "a", page_fields);
static const cuvee_model a_b_model = CUVEE_MODEL(Page, "a_b", page_fields);
/* Longer than the dialect's names may be, and alike for as long as that; the last with characters of two bytes. */
static const cuvee_model long_model = CUVEE_MODEL(Page, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop1", page_fields);
static const cuvee_model longer_model = CUVEE_MODEL(Page, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop2", page_fields);
static const cuvee_model accents_model = CUVEE_MODEL(Page, "éééééééééééééééééééé", page_fields);

/* The index's name, as it stands in its text. */
static const char *index_name(const cuvee_model *model, size_t n)
{
    static char names[8][100];
    static size_t turn;
    char *name = names[turn++ % 8];
    const char *text = strchr(index_text(model, n), '"') + 1;
    snprintf(name, sizeof names[0], "%.*s", (int)strcspn(text, "\""), text);
    return name;
}

static void names_of_two_indexes_are_never_the_same(void **state)
{
    (void)state;
    assert_string_equal(index_name(&a_model, 0), "ix_a_b_c");
    assert_string_equal(index_name(&a_model, 1), "ix_a_c");
    const char *name = index_name(&a_b_model, 1);
    assert_int_equal(strncmp(name, "ix_a_b_c_", 9), 0);
    assert_int_equal(strlen(name), 17);
    assert_string_equal(index_name(&a_b_model, 1), name); /* whenever it is made */
    assert_string_not_equal(index_name(&a_b_model, 0), name);
}

static void long_names_are_cut_so_that_they_differ(void **state)
{
    (void)state;
    const char *name = index_name(&long_model, 0);
    assert_int_equal(strlen(name), numbered_dialect.max_name);
    assert_int_equal(strncmp(name, "ix_abcdefgh", 11), 0);
    assert_string_not_equal(index_name(&longer_model, 0), name);
    assert_string_not_equal(index_name(&long_model, 1), name);
    name = index_name(&accents_model, 0);
    assert_true(strlen(name) <= numbered_dialect.max_name);
    assert_true(cv_utf8_valid(name, strlen(name)));
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
        cmocka_unit_test(names_of_two_indexes_are_never_the_same),
        cmocka_unit_test(long_names_are_cut_so_that_they_differ),
    };
    return cmocka_run_group_tests_name("sql table", tests, NULL, free_plans);
}
