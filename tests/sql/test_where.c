/* Filters as SQL: every kind of node, their nesting, and their values in the text's order. */
#include "sql/support.h"

#include "driver/sqlite/sqlite.h"

static const struct cv_dialect *const numbered = &numbered_dialect;
static const struct cv_dialect *const ticked = &ticked_dialect;

static struct cv_select one_column(const cuvee_expr *where)
{
    static const struct cv_pick pick = {.ref = PERSON_ID};
    return (struct cv_select){.plan = plan_of(&person_model), .picks = &pick, .pick_count = 1, .where = where};
}

/* What stands behind WHERE. */
static const char *where_text(const struct cv_dialect *dialect, const cuvee_expr *where)
{
    struct cv_select select = one_column(where);
    const char *text = strstr(select_text(dialect, &select), " WHERE ");
    assert_non_null(text);
    return text + strlen(" WHERE ");
}

static const char *where_values(const cuvee_expr *where)
{
    struct cv_select select = one_column(where);
    return select_values(&select);
}

static void comparisons(void **state)
{
    (void)state;
    cuvee_value value = {.kind = CUVEE_INT32, .as.integer = 18};
    static const struct {
        cuvee_comparison comparison;
        const char *text;
    } cases[] = {
        {CUVEE_EQ, "\"age\" = $1"},  {CUVEE_NE, "\"age\" <> $1"}, {CUVEE_LT, "\"age\" < $1"},
        {CUVEE_LE, "\"age\" <= $1"}, {CUVEE_GT, "\"age\" > $1"},  {CUVEE_GE, "\"age\" >= $1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_expr where = compares(REF(PERSON_AGE), cases[i].comparison, &value);
        assert_string_equal(where_text(numbered, &where), cases[i].text);
        assert_string_equal(last_params(), "i");
        assert_string_equal(where_values(&where), "18");
    }
}

static void likes_belong_to_the_dialect(void **state)
{
    (void)state;
    cuvee_value value = cuvee_text_value("A%");
    cuvee_expr like = compares(REF(PERSON_NAME), CUVEE_LIKE, &value);
    cuvee_expr ilike = compares(REF(PERSON_NICK), CUVEE_ILIKE, &value);
    assert_string_equal(where_text(ticked, &like), "`name` LIKE ?");
    assert_string_equal(where_text(ticked, &ilike), "`nick_name` ILIKE ?");
    assert_string_equal(last_params(), "t");
    assert_string_equal(where_text(&cv_sqlite_dialect, &like), "\"name\" LIKE ? ESCAPE '\\'");
    assert_string_equal(where_text(&cv_sqlite_dialect, &ilike), "lower(\"nick_name\") LIKE lower(?) ESCAPE '\\'");
    cuvee_expr both = joins(CV_EXPR_AND, &like, &ilike);
    assert_string_equal(where_text(numbered, &both), "\"name\" LIKE $1 AND \"nick_name\" ILIKE $2");
    assert_string_equal(where_values(&both), "A% A%");
}

static void ranges_nulls_fields_and_nothing(void **state)
{
    (void)state;
    cuvee_value values[] = {{.kind = CUVEE_INT32, .as.integer = 18}, {.kind = CUVEE_INT32, .as.integer = 65}};
    cuvee_expr between = {.kind = CV_EXPR_BETWEEN, .ref = REF(PERSON_AGE), .values = values, .value_count = 2};
    assert_string_equal(where_text(numbered, &between), "\"age\" BETWEEN $1 AND $2");
    assert_string_equal(last_params(), "ii");
    assert_string_equal(where_values(&between), "18 65");
    cuvee_expr null = {.kind = CV_EXPR_IS_NULL, .ref = REF(PERSON_NICK)};
    assert_string_equal(where_text(numbered, &null), "\"nick_name\" IS NULL");
    cuvee_expr fields = {
        .kind = CV_EXPR_FIELDS, .comparison = CUVEE_NE, .ref = REF(PERSON_NAME), .other = REF(PERSON_NICK)};
    assert_string_equal(where_text(numbered, &fields), "\"name\" <> \"nick_name\"");
    cuvee_expr nothing = {.kind = CV_EXPR_FALSE};
    assert_string_equal(where_text(numbered, &nothing), "1 = 0");
    assert_string_equal(last_params(), "");
    assert_string_equal(where_values(&nothing), "");
}

static void not_binds_what_it_should(void **state)
{
    (void)state;
    cuvee_expr null = {.kind = CV_EXPR_IS_NULL, .ref = REF(PERSON_NICK)};
    cuvee_expr age = {.kind = CV_EXPR_IS_NULL, .ref = REF(PERSON_AGE)};
    cuvee_expr both = joins(CV_EXPR_OR, &null, &age);
    cuvee_expr neither = joins(CV_EXPR_NOT, &both, NULL);
    assert_string_equal(where_text(numbered, &neither), "NOT (\"nick_name\" IS NULL OR \"age\" IS NULL)");
    cuvee_expr not_null = joins(CV_EXPR_NOT, &null, NULL);
    assert_string_equal(where_text(numbered, &not_null), "NOT (\"nick_name\" IS NULL)");
    cuvee_expr mixed = joins(CV_EXPR_AND, &not_null, &age);
    assert_string_equal(where_text(numbered, &mixed), "NOT (\"nick_name\" IS NULL) AND \"age\" IS NULL");
}

/* a AND b AND c needs no parentheses however it was joined; a change of the word does. */
static void chains_are_flat(void **state)
{
    (void)state;
    cuvee_value values[] = {cuvee_text_value("a"), cuvee_text_value("b"), cuvee_text_value("c"), cuvee_text_value("d")};
    cuvee_expr leaves[4];
    for (size_t i = 0; i < 4; i++)
        leaves[i] = compares(REF(PERSON_NAME), CUVEE_EQ, &values[i]);
    cuvee_expr ab = joins(CV_EXPR_AND, &leaves[0], &leaves[1]), cd = joins(CV_EXPR_AND, &leaves[2], &leaves[3]);
    cuvee_expr all = joins(CV_EXPR_AND, &ab, &cd);
    assert_string_equal(where_text(ticked, &all), "`name` = ? AND `name` = ? AND `name` = ? AND `name` = ?");
    assert_string_equal(where_values(&all), "a b c d");
    cuvee_expr either = joins(CV_EXPR_OR, &ab, &cd);
    assert_string_equal(where_text(ticked, &either), "(`name` = ? AND `name` = ?) OR (`name` = ? AND `name` = ?)");
    cuvee_expr bc = joins(CV_EXPR_OR, &leaves[1], &leaves[2]);
    cuvee_expr inner = joins(CV_EXPR_AND, &bc, &leaves[3]);
    cuvee_expr outer = joins(CV_EXPR_AND, &leaves[0], &inner);
    assert_string_equal(where_text(ticked, &outer), "`name` = ? AND (`name` = ? OR `name` = ?) AND `name` = ?");
    assert_string_equal(where_values(&outer), "a b c d");
}

static cuvee_expr in_list(cuvee_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = cuvee_int_value((int64_t)i + 1);
    return (cuvee_expr){.kind = CV_EXPR_IN, .ref = REF(PERSON_ID), .values = values, .value_count = count};
}

static void lists_are_filled_up(void **state)
{
    (void)state;
    cuvee_value values[9];
    cuvee_expr in = in_list(values, 1);
    assert_string_equal(where_text(numbered, &in), "\"id\" IN ($1)");
    in = in_list(values, 3);
    assert_string_equal(where_text(numbered, &in), "\"id\" IN ($1, $2, $3, $4)");
    assert_string_equal(last_params(), "llll");
    assert_string_equal(where_values(&in), "1 2 3 3");
    in = in_list(values, 4);
    assert_string_equal(where_text(ticked, &in), "`id` IN (?, ?, ?, ?)");
    in = in_list(values, 5);
    assert_string_equal(where_text(ticked, &in), "`id` IN (?, ?, ?, ?, ?, ?, ?, ?)");
    assert_string_equal(where_values(&in), "1 2 3 4 5 5 5 5");
    in = in_list(values, 0);
    assert_string_equal(where_text(ticked, &in), "1 = 0");
    assert_string_equal(where_values(&in), "");
}

static size_t count_of(const cuvee_expr *where)
{
    struct cv_select select = one_column(where);
    struct cv_buffer params;
    struct cv_sql sql;
    cv_buffer_init(&params, 0);
    cv_sql_init(&sql, ticked);
    cv_select_params(&select, &params);
    cv_select_text(&select, &sql);
    size_t count = sql.params.size;
    assert_int_equal(params.size / sizeof(cuvee_value), count);
    cv_buffer_free(&params);
    cv_sql_free(&sql);
    return count;
}

/* Filling up must not bring a list over an engine's limit that it keeps. */
static void long_lists_are_not_doubled(void **state)
{
    (void)state;
    enum { MANY = 40000 };
    cuvee_value *values = calloc(MANY, sizeof *values);
    assert_non_null(values);
    static const struct {
        size_t given, written;
    } cases[] = {{1000, 1024},   {2049, 4096},   {4096, 4096},   {4097, 4097},
                 {16384, 16384}, {16385, 16385}, {32766, 32766}, {40000, 40000}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_expr in = in_list(values, cases[i].given);
        assert_int_equal(count_of(&in), cases[i].written);
    }
    free(values);
}

static void sub_selects(void **state)
{
    (void)state;
    cuvee_value people = {.kind = CUVEE_INT32, .as.integer = 1000}, age = {.kind = CUVEE_INT32, .as.integer = 18};
    cuvee_expr large = compares(REF(2), CUVEE_GT, &people);
    struct cv_pick code = {.ref = REF(0)};
    struct cv_order order = {.ref = REF(1)};
    struct cv_select towns = {.plan = plan_of(&town_model), .picks = &code, .pick_count = 1, .where = &large};
    cuvee_expr in = {.kind = CV_EXPR_IN_SELECT, .ref = REF(PERSON_TOWN), .sub = &towns};
    cuvee_expr adult = compares(REF(PERSON_AGE), CUVEE_GE, &age);
    cuvee_expr both = joins(CV_EXPR_AND, &in, &adult);
    assert_string_equal(where_text(numbered, &both),
                        "\"town\" IN (SELECT \"code\" FROM \"towns\" WHERE \"people\" > $1) AND \"age\" >= $2");
    assert_string_equal(last_params(), "ii");
    assert_string_equal(last_columns(), "l"); /* of the outer select alone */
    assert_string_equal(where_values(&both), "1000 18");
    towns.orders = &order, towns.order_count = 1, towns.limited = true, towns.limit = 3;
    assert_string_equal(where_text(numbered, &in), "\"town\" IN (SELECT \"code\" FROM \"towns\" WHERE \"people\" > $1"
                                                   " ORDER BY \"name\" LIMIT $2)");
    assert_string_equal(where_values(&in), "1000 3");
    assert_string_equal(where_text(ticked, &in),
                        "`town` IN (SELECT * FROM (SELECT `code` FROM `towns` WHERE `people` > ? "
                        "ORDER BY `name` LIMIT ?) AS limited)");
    assert_string_equal(last_columns(), "l");
    towns.limited = false;
    assert_null(strstr(where_text(ticked, &in), "limited"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons),
        cmocka_unit_test(likes_belong_to_the_dialect),
        cmocka_unit_test(ranges_nulls_fields_and_nothing),
        cmocka_unit_test(not_binds_what_it_should),
        cmocka_unit_test(chains_are_flat),
        cmocka_unit_test(lists_are_filled_up),
        cmocka_unit_test(long_lists_are_not_doubled),
        cmocka_unit_test(sub_selects),
    };
    return cmocka_run_group_tests_name("sql where", tests, NULL, free_plans);
}
