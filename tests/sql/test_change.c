/* INSERT, UPDATE, DELETE, upsert and changes by filter. */
#include "sql/support.h"

#include "driver/sqlite/sqlite.h"

static const struct cv_dialect *const numbered = &numbered_dialect;
static const struct cv_dialect *const ticked = &ticked_dialect;

static struct cv_change change(const cuvee_model *model, enum cv_change_kind kind)
{
    return (struct cv_change){.plan = plan_of(model), .kind = kind};
}

static void inserts_leave_out_an_automatic_key(void **state)
{
    (void)state;
    struct cv_change insert = change(&person_model, CV_INSERT);
    assert_string_equal(change_text(ticked, &insert),
                        "INSERT INTO `people` (`name`, `nick_name`, `age`, `town`, `wage`, `active`)"
                        " VALUES (?, ?, ?, ?, ?, ?)");
    assert_string_equal(last_params(), "ttitnb");
    assert_string_equal(last_columns(), "");
    assert_string_equal(change_text(numbered, &insert),
                        "INSERT INTO \"people\" (\"name\", \"nick_name\", \"age\", \"town\", \"wage\", \"active\")"
                        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING \"id\"");
    assert_string_equal(last_columns(), "l");
}

static void inserts_with_a_key_of_their_own(void **state)
{
    (void)state;
    struct cv_change insert = change(&pair_model, CV_INSERT);
    assert_string_equal(change_text(numbered, &insert), "INSERT INTO \"pairs\" (\"left\", \"right\") VALUES ($1, $2)");
    assert_string_equal(last_params(), "lu");
    insert = change(&odd_model, CV_INSERT);
    assert_string_equal(change_text(ticked, &insert),
                        "INSERT INTO `select \"``` (`order`, `a\"b``c'd; --`) VALUES (?, ?)");
}

static void inserts_without_any_column(void **state)
{
    (void)state;
    struct cv_change insert = change(&ticket_model, CV_INSERT);
    assert_string_equal(change_text(numbered, &insert), "INSERT INTO \"tickets\" DEFAULT VALUES RETURNING \"id\"");
    assert_string_equal(last_params(), "");
    assert_string_equal(change_text(ticked, &insert), "INSERT INTO `tickets` () VALUES ()");
    assert_string_equal(change_text(&cv_sqlite_dialect, &insert), "INSERT INTO \"tickets\" DEFAULT VALUES");
}

static void updates_set_what_changed(void **state)
{
    (void)state;
    struct cv_change update = change(&person_model, CV_UPDATE);
    update.fields = FIELD_SET(PERSON_NICK, PERSON_ACTIVE);
    assert_string_equal(change_text(numbered, &update),
                        "UPDATE \"people\" SET \"nick_name\" = $1, \"active\" = $2 WHERE \"id\" = $3");
    assert_string_equal(last_params(), "tbl");
    update.fields = FIELD_SET(PERSON_WAGE);
    assert_string_equal(change_text(ticked, &update), "UPDATE `people` SET `wage` = ? WHERE `id` = ?");
}

static void a_version_must_be_what_it_was(void **state)
{
    (void)state;
    struct cv_change update = change(&note_model, CV_UPDATE);
    update.fields = FIELD_SET(5, 6);
    assert_string_equal(change_text(ticked, &update),
                        "UPDATE `notes` SET `version` = ?, `body` = ? WHERE `id` = ? AND `version` = ?");
    assert_string_equal(last_params(), "itli");
    struct cv_change delete = change(&note_model, CV_DELETE);
    assert_string_equal(change_text(numbered, &delete), "DELETE FROM \"notes\" WHERE \"id\" = $1 AND \"version\" = $2");
}

static void keys_of_several_fields(void **state)
{
    (void)state;
    struct cv_change delete = change(&pair_model, CV_DELETE);
    assert_string_equal(change_text(numbered, &delete), "DELETE FROM \"pairs\" WHERE \"left\" = $1 AND \"right\" = $2");
    assert_string_equal(last_params(), "lu");
}

static void sets_of_fields_hold_all_of_them(void **state)
{
    (void)state;
    struct cv_field_set set = {{0}};
    for (size_t i = 0; i < CV_MAX_FIELDS; i += 7)
        cv_fields_add(&set, i);
    for (size_t i = 0; i < CV_MAX_FIELDS; i++)
        assert_int_equal(cv_fields_has(&set, i), i % 7 == 0);
}

static void upserts_both_ways(void **state)
{
    (void)state;
    struct cv_upsert upsert = {.plan = plan_of(&town_model), .conflict = FIELD_SET(0), .update = FIELD_SET(1, 2)};
    assert_string_equal(upsert_text(numbered, &upsert),
                        "INSERT INTO \"towns\" (\"code\", \"name\", \"people\") VALUES ($1, $2, $3)"
                        " ON CONFLICT (\"code\") DO UPDATE SET \"name\" = excluded.\"name\","
                        " \"people\" = excluded.\"people\"");
    assert_string_equal(last_params(), "tti");
    assert_string_equal(last_columns(), "");
    assert_string_equal(upsert_text(ticked, &upsert),
                        "INSERT INTO `towns` (`code`, `name`, `people`) VALUES (?, ?, ?)"
                        " ON DUPLICATE KEY UPDATE `name` = VALUES(`name`), `people` = VALUES(`people`)");
    upsert = (struct cv_upsert){plan_of(&person_model), FIELD_SET(PERSON_NICK, PERSON_AGE), FIELD_SET(PERSON_NAME)};
    assert_string_equal(strstr(upsert_text(numbered, &upsert), " ON "),
                        " ON CONFLICT (\"nick_name\", \"age\") DO UPDATE SET \"name\" = excluded.\"name\"");
}

/* Whoever updates a row with a version raises it, so that another's edit of it is noticed. */
static void upserts_raise_the_version(void **state)
{
    (void)state;
    struct cv_upsert upsert = {.plan = plan_of(&note_model), .conflict = FIELD_SET(1), .update = FIELD_SET(6)};
    assert_string_equal(strstr(upsert_text(numbered, &upsert), " ON "),
                        " ON CONFLICT (\"pair_left\") DO UPDATE SET \"body\" = excluded.\"body\","
                        " \"version\" = \"notes\".\"version\" + 1");
    assert_string_equal(strstr(upsert_text(ticked, &upsert), " ON "),
                        " ON DUPLICATE KEY UPDATE `body` = VALUES(`body`), `version` = `notes`.`version` + 1");
}

static void changes_by_filter(void **state)
{
    (void)state;
    cuvee_value age = {.kind = CUVEE_INT32, .as.integer = 18};
    cuvee_expr where = compares(REF(PERSON_AGE), CUVEE_LT, &age);
    size_t fields[] = {PERSON_ACTIVE, PERSON_NICK};
    cuvee_value values[] = {cuvee_bool_value(false), cuvee_null()};
    struct cv_mass mass = {plan_of(&person_model), CV_UPDATE, fields, values, 2, &where};
    assert_string_equal(mass_text(numbered, &mass),
                        "UPDATE \"people\" SET \"active\" = $1, \"nick_name\" = $2 WHERE \"age\" < $3");
    assert_string_equal(last_params(), "bti");
    assert_string_equal(mass_values(&mass), "0 NULL 18");
    mass = (struct cv_mass){.plan = plan_of(&person_model), .kind = CV_DELETE, .where = &where};
    assert_string_equal(mass_text(ticked, &mass), "DELETE FROM `people` WHERE `age` < ?");
    assert_string_equal(mass_values(&mass), "18");
    mass.where = NULL;
    assert_string_equal(mass_text(ticked, &mass), "DELETE FROM `people`");
}

/* SQLite would ask the sub-select when some of its rows are gone. */
static void deletes_find_their_rows_first(void **state)
{
    (void)state;
    struct cv_pick code = {.ref = REF(0)};
    struct cv_select towns = {.plan = plan_of(&town_model), .picks = &code, .pick_count = 1};
    cuvee_expr in = {.kind = CV_EXPR_IN_SELECT, .ref = REF(PERSON_TOWN), .sub = &towns};
    cuvee_expr none = joins(CV_EXPR_NOT, &in, NULL), null = {.kind = CV_EXPR_IS_NULL, .ref = REF(PERSON_NICK)};
    cuvee_expr where = joins(CV_EXPR_OR, &null, &none);
    struct cv_mass mass = {.plan = plan_of(&person_model), .kind = CV_DELETE, .where = &where};
    assert_string_equal(
        mass_text(&cv_sqlite_dialect, &mass),
        "DELETE FROM \"people\" WHERE \"id\" IN (SELECT \"id\" FROM \"people\" WHERE \"nick_name\" IS NULL"
        " OR NOT (\"town\" IN (SELECT \"code\" FROM \"towns\")))");
    assert_string_equal(mass_text(numbered, &mass), "DELETE FROM \"people\" WHERE \"nick_name\" IS NULL"
                                                    " OR NOT (\"town\" IN (SELECT \"code\" FROM \"towns\"))");
    size_t field = PERSON_ACTIVE;
    cuvee_value value = cuvee_bool_value(true);
    mass.kind = CV_UPDATE, mass.fields = &field, mass.values = &value, mass.field_count = 1;
    assert_non_null(strstr(mass_text(&cv_sqlite_dialect, &mass), "= ? WHERE \"nick_name\" IS NULL"));
    struct cv_pick left = {.ref = REF(0)};
    struct cv_select pairs = {.plan = plan_of(&pair_model), .picks = &left, .pick_count = 1};
    cuvee_expr same = {.kind = CV_EXPR_IN_SELECT, .ref = REF(0), .sub = &pairs};
    mass = (struct cv_mass){.plan = plan_of(&pair_model), .kind = CV_DELETE, .where = &same};
    assert_string_equal(
        mass_text(&cv_sqlite_dialect, &mass),
        "DELETE FROM \"pairs\" WHERE (\"left\", \"right\") IN (SELECT \"left\", \"right\" FROM \"pairs\""
        " WHERE \"left\" IN (SELECT \"left\" FROM \"pairs\"))");
}

static void changes_by_filter_raise_the_version(void **state)
{
    (void)state;
    size_t field = 6;
    cuvee_value body = cuvee_text_value("x");
    struct cv_mass mass = {.plan = plan_of(&note_model), .kind = CV_UPDATE, .fields = &field, .values = &body};
    mass.field_count = 1;
    assert_string_equal(mass_text(numbered, &mass),
                        "UPDATE \"notes\" SET \"body\" = $1, \"version\" = \"version\" + 1");
    assert_string_equal(last_params(), "t");
    mass = (struct cv_mass){.plan = plan_of(&note_model), .kind = CV_DELETE};
    assert_string_equal(mass_text(numbered, &mass), "DELETE FROM \"notes\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inserts_leave_out_an_automatic_key), cmocka_unit_test(inserts_with_a_key_of_their_own),
        cmocka_unit_test(inserts_without_any_column),         cmocka_unit_test(updates_set_what_changed),
        cmocka_unit_test(a_version_must_be_what_it_was),      cmocka_unit_test(keys_of_several_fields),
        cmocka_unit_test(sets_of_fields_hold_all_of_them),    cmocka_unit_test(upserts_both_ways),
        cmocka_unit_test(upserts_raise_the_version),          cmocka_unit_test(changes_by_filter),
        cmocka_unit_test(deletes_find_their_rows_first),      cmocka_unit_test(changes_by_filter_raise_the_version),
    };
    return cmocka_run_group_tests_name("sql change", tests, NULL, free_plans);
}
