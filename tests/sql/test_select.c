/* SELECT: columns, sources, order, pages, groups and locks, as two made-up dialects and SQLite write them. */
#include "sql/support.h"

#include "driver/sqlite/sqlite.h"

static const struct cv_dialect *const numbered = &numbered_dialect;
static const struct cv_dialect *const ticked = &ticked_dialect;
static const struct cv_dialect *const sqlite = &cv_sqlite_dialect;

static struct cv_select people(void)
{
    return (struct cv_select){.plan = plan_of(&person_model), .unordered = true};
}

#define PEOPLE_COLUMNS "\"id\", \"name\", \"nick_name\", \"age\", \"town\", \"wage\", \"active\""

static void columns_and_their_kinds(void **state)
{
    (void)state;
    struct cv_select select = people();
    assert_string_equal(select_text(numbered, &select), "SELECT " PEOPLE_COLUMNS " FROM \"people\"");
    assert_string_equal(last_columns(), "lttitnb");
    assert_string_equal(last_params(), "");
    assert_int_equal(cv_select_width(&select), PERSON_FIELDS);
}

static void names_are_quoted_whatever_they_are(void **state)
{
    (void)state;
    struct cv_select select = {.plan = plan_of(&odd_model)};
    assert_string_equal(select_text(numbered, &select),
                        "SELECT \"order\", \"a\"\"b`c'd; --\" FROM \"select \"\"`\" ORDER BY \"order\"");
    assert_string_equal(select_text(ticked, &select),
                        "SELECT `order`, `a\"b``c'd; --` FROM `select \"``` ORDER BY `order`");
}

static void rows_come_by_key_unless_told(void **state)
{
    (void)state;
    struct cv_select select = {.plan = plan_of(&pair_model)};
    assert_string_equal(select_text(numbered, &select),
                        "SELECT \"left\", \"right\" FROM \"pairs\" ORDER BY \"left\", \"right\"");
    select.unordered = true;
    assert_string_equal(select_text(numbered, &select), "SELECT \"left\", \"right\" FROM \"pairs\"");
    select.unordered = false;
    struct cv_order order = {.ref = REF(1), .descending = true};
    select.orders = &order, select.order_count = 1;
    assert_string_equal(select_text(numbered, &select),
                        "SELECT \"left\", \"right\" FROM \"pairs\" ORDER BY \"right\" DESC");
}

static const char *order_by(const struct cv_dialect *dialect, size_t field, bool descending, bool nulls_first)
{
    struct cv_order order = {REF(field), descending, nulls_first};
    struct cv_pick pick = {.ref = REF(PERSON_ID)};
    struct cv_select select = {
        .plan = plan_of(&person_model), .picks = &pick, .pick_count = 1, .orders = &order, .order_count = 1};
    return strstr(select_text(dialect, &select), " ORDER BY ") + strlen(" ORDER BY ");
}

/* NULLS FIRST and LAST are written only where the engine would do otherwise, and only for fields that can be NULL. */
static void where_nulls_stand(void **state)
{
    (void)state;
    static const struct {
        bool descending, nulls_first;
        const char *numbered, *ticked, *sqlite;
    } cases[] = {
        {false, false, "\"age\"", "`age` IS NULL, `age`", "\"age\" NULLS LAST"},
        {false, true, "\"age\" NULLS FIRST", "`age`", "\"age\""},
        {true, false, "\"age\" DESC NULLS LAST", "`age` DESC", "\"age\" DESC"},
        {true, true, "\"age\" DESC", "`age` IS NULL DESC, `age` DESC", "\"age\" DESC NULLS FIRST"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool descending = cases[i].descending, first = cases[i].nulls_first;
        assert_string_equal(order_by(numbered, PERSON_AGE, descending, first), cases[i].numbered);
        assert_string_equal(order_by(ticked, PERSON_AGE, descending, first), cases[i].ticked);
        assert_string_equal(order_by(sqlite, PERSON_AGE, descending, first), cases[i].sqlite);
        assert_string_equal(order_by(numbered, PERSON_NAME, descending, first),
                            descending ? "\"name\" DESC" : "\"name\"");
        assert_string_equal(order_by(ticked, PERSON_NAME, descending, first), descending ? "`name` DESC" : "`name`");
    }
}

/* A field that is never NULL is NULL in the rows that an outer join adds. */
static void an_outer_join_brings_nulls(void **state)
{
    (void)state;
    struct cv_join join = {.plan = plan_of(&town_model), .on = 0, .equals = REF(PERSON_TOWN), .outer = true};
    struct cv_order order = {OTHER(1, 1), false, true};
    struct cv_pick pick = {.ref = REF(PERSON_ID)};
    struct cv_select select = {.plan = plan_of(&person_model),
                               .joins = &join,
                               .join_count = 1,
                               .picks = &pick,
                               .pick_count = 1,
                               .orders = &order,
                               .order_count = 1};
    assert_string_equal(select_text(numbered, &select),
                        "SELECT t0.\"id\" FROM \"people\" AS t0 LEFT JOIN \"towns\" AS t1 ON t1.\"code\" = t0.\"town\""
                        " ORDER BY t1.\"name\" NULLS FIRST");
    join.outer = false;
    assert_string_equal(select_text(numbered, &select),
                        "SELECT t0.\"id\" FROM \"people\" AS t0 JOIN \"towns\" AS t1 ON t1.\"code\" = t0.\"town\""
                        " ORDER BY t1.\"name\"");
}

static void limit_and_offset(void **state)
{
    (void)state;
    struct cv_select select = people();
    select.limited = true, select.limit = 7;
    const char *text = select_text(numbered, &select);
    assert_string_equal(strstr(text, " LIMIT"), " LIMIT $1");
    assert_string_equal(last_params(), "l");
    assert_string_equal(select_values(&select), "7");
    select.skips = true, select.offset = 3;
    assert_string_equal(strstr(select_text(ticked, &select), " LIMIT"), " LIMIT ? OFFSET ?");
    assert_string_equal(select_values(&select), "7 3");
    select.limited = false;
    assert_string_equal(strstr(select_text(numbered, &select), " LIMIT"), " LIMIT $1 OFFSET $2");
    assert_string_equal(select_values(&select), "9223372036854775807 3");
    select.limited = true, select.limit = UINT64_MAX, select.offset = UINT64_MAX;
    assert_string_equal(select_values(&select), "9223372036854775807 9223372036854775807");
}

static void joined_models_have_names(void **state)
{
    (void)state;
    cuvee_value name = cuvee_text_value("Ghent");
    cuvee_expr where = compares(OTHER(1, 1), CUVEE_EQ, &name);
    struct cv_join joined[] = {
        {.plan = plan_of(&town_model), .on = 0, .equals = REF(PERSON_TOWN)},
        {.plan = plan_of(&odd_model), .on = 1, .equals = OTHER(1, 1), .outer = true},
    };
    struct cv_select select = people();
    select.joins = joined, select.join_count = 2, select.where = &where;
    assert_string_equal(select_text(ticked, &select),
                        "SELECT t0.`id`, t0.`name`, t0.`nick_name`, t0.`age`, t0.`town`, t0.`wage`, t0.`active`"
                        " FROM `people` AS t0 JOIN `towns` AS t1 ON t1.`code` = t0.`town`"
                        " LEFT JOIN `select \"``` AS t2 ON t2.`a\"b``c'd; --` = t1.`name`"
                        " WHERE t1.`name` = ?");
    assert_string_equal(last_params(), "t");
}

static void picked_columns_and_aggregates(void **state)
{
    (void)state;
    struct cv_pick picks[] = {
        {.ref = REF(PERSON_AGE)},
        {.aggregate = CUVEE_COUNT, .all_rows = true},
        {.aggregate = CUVEE_COUNT, .ref = REF(PERSON_NICK)},
        {.aggregate = CUVEE_SUM, .ref = REF(PERSON_AGE)},
        {.aggregate = CUVEE_SUM, .ref = REF(PERSON_WAGE)},
        {.aggregate = CUVEE_AVG, .ref = REF(PERSON_WAGE)},
        {.aggregate = CUVEE_MIN, .ref = REF(PERSON_NAME)},
        {.aggregate = CUVEE_MAX, .ref = REF(PERSON_AGE)},
    };
    struct cv_select select = {.plan = plan_of(&person_model), .picks = picks, .pick_count = 8};
    assert_string_equal(select_text(numbered, &select),
                        "SELECT \"age\", COUNT(*), A1(\"nick_name\" AS K5), A2(\"age\" AS K2), A2(\"wage\" AS K8),"
                        " A3(\"wage\" AS K8), A4(\"name\" AS K5), A5(\"age\" AS K2) FROM \"people\"");
    assert_string_equal(last_columns(), "illlndti");
    assert_int_equal(cv_select_width(&select), 8);
}

/* Text has no order of numbers: what is worked out over decimals compares by their collation again. */
static void sqlite_aggregates_of_decimals(void **state)
{
    (void)state;
    struct cv_pick pick = {.ref = REF(PERSON_WAGE)};
    struct cv_select select = {.plan = plan_of(&person_model), .picks = &pick, .pick_count = 1};
    static const struct {
        cuvee_aggregate aggregate;
        const char *text;
    } cases[] = {
        {CUVEE_COUNT, "SELECT COUNT(\"wage\") FROM \"people\""},
        {CUVEE_SUM, "SELECT cuvee_sum(\"wage\") COLLATE CUVEE_DECIMAL FROM \"people\""},
        {CUVEE_AVG, "SELECT (CAST(cuvee_sum(\"wage\") AS REAL) / COUNT(\"wage\")) FROM \"people\""},
        {CUVEE_MIN, "SELECT MIN(\"wage\") COLLATE CUVEE_DECIMAL FROM \"people\""},
        {CUVEE_MAX, "SELECT MAX(\"wage\") COLLATE CUVEE_DECIMAL FROM \"people\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pick.aggregate = cases[i].aggregate;
        assert_string_equal(select_text(sqlite, &select), cases[i].text);
    }
    pick.ref = REF(PERSON_AGE), pick.aggregate = CUVEE_SUM;
    assert_string_equal(select_text(sqlite, &select), "SELECT SUM(\"age\") FROM \"people\"");
}

static void groups_and_what_they_must_have(void **state)
{
    (void)state;
    struct cv_pick picks[] = {{.ref = REF(PERSON_TOWN)}, {.aggregate = CUVEE_COUNT, .all_rows = true}};
    cv_ref groups[] = {REF(PERSON_TOWN), REF(PERSON_ACTIVE)};
    struct cv_having havings[] = {
        {picks[1], CUVEE_GE, cuvee_int_value(2)},
        {{.aggregate = CUVEE_SUM, .ref = REF(PERSON_AGE)}, CUVEE_LT, cuvee_int_value(99)},
    };
    cuvee_value age = {.kind = CUVEE_INT32, .as.integer = 17};
    cuvee_expr where = compares(REF(PERSON_AGE), CUVEE_GT, &age);
    struct cv_order order = {.ref = REF(PERSON_TOWN)};
    struct cv_select select = {.plan = plan_of(&person_model), .where = &where};
    select.picks = picks, select.pick_count = 2;
    select.groups = groups, select.group_count = 2;
    select.havings = havings, select.having_count = 2;
    select.orders = &order, select.order_count = 1;
    select.limited = true, select.limit = 5;
    assert_string_equal(select_text(numbered, &select),
                        "SELECT \"town\", COUNT(*) FROM \"people\" WHERE \"age\" > $1 GROUP BY \"town\", \"active\""
                        " HAVING COUNT(*) >= $2 AND A2(\"age\" AS K2) < $3 ORDER BY \"town\" LIMIT $4");
    assert_string_equal(last_params(), "illl");
    assert_string_equal(select_values(&select), "17 2 99 5");
}

static void each_row_once(void **state)
{
    (void)state;
    struct cv_pick pick = {.ref = REF(PERSON_TOWN)};
    struct cv_select select = {.plan = plan_of(&person_model), .picks = &pick, .pick_count = 1, .distinct = true};
    assert_string_equal(select_text(numbered, &select), "SELECT DISTINCT \"town\" FROM \"people\"");
}

/* Where JSON is a type of its own, it is compared, sorted and grouped as its text; it is read as it is. */
static void json_is_compared_as_text(void **state)
{
    (void)state;
    struct cv_select select = {.plan = plan_of(&paper_model), .unordered = true};
    assert_string_equal(select_text(numbered, &select), "SELECT \"id\", \"body\", \"country\" FROM \"papers\"");
    cuvee_value value = {.kind = CUVEE_JSON, .as.text = {"[]", 2}};
    cuvee_expr in = {.kind = CV_EXPR_IN, .ref = REF(1), .values = &value, .value_count = 1};
    cuvee_expr less = compares(REF(1), CUVEE_LT, &value);
    cuvee_expr where = joins(CV_EXPR_AND, &less, &in);
    struct cv_order order = {.ref = REF(1)};
    select = (struct cv_select){.plan = select.plan, .where = &where, .orders = &order, .order_count = 1};
    assert_string_equal(strstr(select_text(numbered, &select), " WHERE"),
                        " WHERE J(\"body\") < J($1) AND J(\"body\") IN (J($2)) ORDER BY J(\"body\")");
    assert_string_equal(last_params(), "jj");
    assert_string_equal(strstr(select_text(sqlite, &select), " WHERE"),
                        " WHERE \"body\" < ? AND \"body\" IN (?) ORDER BY \"body\"");
    struct cv_pick pick = {.ref = REF(1)};
    cv_ref group = REF(1);
    select =
        (struct cv_select){.plan = select.plan, .picks = &pick, .pick_count = 1, .groups = &group, .group_count = 1};
    assert_string_equal(select_text(numbered, &select), "SELECT J(\"body\") FROM \"papers\" GROUP BY J(\"body\")");
    select = (struct cv_select){.plan = select.plan, .distinct = true, .unordered = true};
    assert_string_equal(select_text(numbered, &select),
                        "SELECT DISTINCT \"id\", J(\"body\"), \"country\" FROM \"papers\"");
    assert_string_equal(last_columns(), "ljt");
}

static void whether_there_is_any(void **state)
{
    (void)state;
    cuvee_value name = cuvee_text_value("Ann");
    cuvee_expr where = compares(REF(PERSON_NAME), CUVEE_EQ, &name);
    struct cv_select select = {.plan = plan_of(&person_model), .where = &where, .exists = true};
    select.limited = select.skips = true;
    assert_string_equal(select_text(ticked, &select), "SELECT 1 FROM `people` WHERE `name` = ? LIMIT 1");
    assert_string_equal(last_columns(), "l");
    assert_string_equal(select_values(&select), "Ann");
    assert_int_equal(cv_select_width(&select), 1);
}

/* Rows of a query that joins, groups or wants each row once are counted as they would come. */
static void counting_what_would_come(void **state)
{
    (void)state;
    struct cv_pick picks[] = {{.ref = REF(PERSON_TOWN)}, {.aggregate = CUVEE_MAX, .ref = REF(PERSON_AGE)}};
    cv_ref group = REF(PERSON_TOWN);
    struct cv_having having = {picks[1], CUVEE_GT, {.kind = CUVEE_INT32, .as.integer = 30}};
    struct cv_select select = {.plan = plan_of(&person_model), .unordered = true, .counts = true};
    select.picks = picks, select.pick_count = 2;
    select.groups = &group, select.group_count = 1;
    select.havings = &having, select.having_count = 1;
    assert_string_equal(select_text(ticked, &select),
                        "SELECT COUNT(*) FROM (SELECT `town` AS c0, A5(`age` AS K2) AS c1 FROM `people`"
                        " GROUP BY `town` HAVING A5(`age` AS K2) > ?) AS counted");
    assert_string_equal(last_columns(), "l");
    assert_string_equal(last_params(), "i");
    assert_int_equal(cv_select_width(&select), 1);
    select = (struct cv_select){.plan = plan_of(&pair_model), .unordered = true, .counts = true, .distinct = true};
    assert_string_equal(
        select_text(numbered, &select),
        "SELECT COUNT(*) FROM (SELECT DISTINCT \"left\" AS c0, \"right\" AS c1 FROM \"pairs\") AS counted");
    assert_string_equal(last_columns(), "l");
}

static void rows_are_locked_where_the_engine_can(void **state)
{
    (void)state;
    struct cv_select select = people();
    select.lock = CV_LOCK_ROWS;
    select.limited = true;
    assert_string_equal(strstr(select_text(numbered, &select), " FROM"), " FROM \"people\" LIMIT $1 FOR UPDATE");
    assert_string_equal(strstr(select_text(sqlite, &select), " FROM"), " FROM \"people\" LIMIT ?");
}

static void memory_runs_out_quietly(void **state)
{
    (void)state;
    struct cv_sql sql;
    cv_sql_init(&sql, numbered);
    sql.text.limit = 10;
    struct cv_pick pick = {.aggregate = CUVEE_SUM, .ref = REF(PERSON_AGE)};
    struct cv_select select = {.plan = plan_of(&person_model), .picks = &pick, .pick_count = 1};
    cv_select_text(&select, &sql);
    struct cv_statement_text text;
    assert_false(cv_sql_finish(&sql, &text));
    cv_sql_free(&sql);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_and_their_kinds),
        cmocka_unit_test(names_are_quoted_whatever_they_are),
        cmocka_unit_test(rows_come_by_key_unless_told),
        cmocka_unit_test(where_nulls_stand),
        cmocka_unit_test(an_outer_join_brings_nulls),
        cmocka_unit_test(limit_and_offset),
        cmocka_unit_test(joined_models_have_names),
        cmocka_unit_test(picked_columns_and_aggregates),
        cmocka_unit_test(sqlite_aggregates_of_decimals),
        cmocka_unit_test(groups_and_what_they_must_have),
        cmocka_unit_test(each_row_once),
        cmocka_unit_test(json_is_compared_as_text),
        cmocka_unit_test(whether_there_is_any),
        cmocka_unit_test(counting_what_would_come),
        cmocka_unit_test(rows_are_locked_where_the_engine_can),
        cmocka_unit_test(memory_runs_out_quietly),
    };
    return cmocka_run_group_tests_name("sql select", tests, NULL, free_plans);
}
