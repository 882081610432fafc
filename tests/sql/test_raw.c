/* Raw SQL: question marks become parameters, except where they are text. */
#include "sql/support.h"

static const cuvee_value none[1];

static void assert_raw(const char *written, size_t params, const char *numbered, const char *ticked)
{
    assert_string_equal(raw_text(&numbered_dialect, written, none, 0), numbered);
    assert_int_equal(strlen(last_params()), params);
    assert_string_equal(raw_text(&ticked_dialect, written, none, 0), ticked);
    assert_int_equal(strlen(last_params()), params);
}

static void parameters_are_numbered(void **state)
{
    (void)state;
    assert_raw("SELECT ?, ? + ?", 3, "SELECT $1, $2 + $3", "SELECT ?, ? + ?");
    assert_raw("", 0, "", "");
    assert_raw("SELECT 1", 0, "SELECT 1", "SELECT 1");
}

static void a_doubled_mark_is_one_mark(void **state)
{
    (void)state;
    assert_raw("a ?? b AND c = ?", 1, "a ? b AND c = $1", "a ? b AND c = ?");
    assert_raw("a ???", 1, "a ?$1", "a ??");
    assert_raw("????", 0, "??", "??");
}

static void quotes_hide_marks(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "SELECT '?'",    "SELECT '\?\?'", "SELECT 'it''s ?'",       "SELECT \"?\"\"?\"",   "SELECT `a``?`",
        "SELECT '-- ?'", "SELECT '/* ?'", "SELECT 'never closed ?", "SELECT \"never ? '?", "SELECT '\"?' \"'?\""};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_raw(texts[i], 0, texts[i], texts[i]);
    assert_raw("'?' ? '?'", 1, "'?' $1 '?'", "'?' ? '?'");
    assert_raw("'?'?'?'", 1, "'?'$1'?'", "'?'?'?'");
    assert_raw("''?", 1, "''$1", "''?");
}

static void comments_hide_marks(void **state)
{
    (void)state;
    assert_raw("SELECT ? -- why ?\n, ?", 2, "SELECT $1 -- why ?\n, $2", "SELECT ? -- why ?\n, ?");
    assert_raw("SELECT ? /* ? ' */, ?", 2, "SELECT $1 /* ? ' */, $2", "SELECT ? /* ? ' */, ?");
    assert_raw("SELECT 1 -- ?", 0, "SELECT 1 -- ?", "SELECT 1 -- ?");
    assert_raw("SELECT 1 /* ?", 0, "SELECT 1 /* ?", "SELECT 1 /* ?");
    assert_raw("SELECT 2 - ? / ? * 3", 2, "SELECT 2 - $1 / $2 * 3", "SELECT 2 - ? / ? * 3");
    assert_raw("/*/ ? */ ?", 1, "/*/ ? */ $1", "/*/ ? */ ?");
}

static void dollar_quotes_hide_marks(void **state)
{
    (void)state;
    assert_raw("SELECT $$ ? ' $$, ?", 1, "SELECT $$ ? ' $$, $1", "SELECT $$ ? ' $$, ?");
    assert_raw("$a_1$ ? $$ ? $b$ ? $a_1$ ?", 1, "$a_1$ ? $$ ? $b$ ? $a_1$ $1", "$a_1$ ? $$ ? $b$ ? $a_1$ ?");
    assert_raw("$$ never closed ?", 0, "$$ never closed ?", "$$ never closed ?");
    /* None of these opens such a text. */
    assert_raw("cost$ ? $", 1, "cost$ $1 $", "cost$ ? $");
    assert_raw("a$b$ ?", 1, "a$b$ $1", "a$b$ ?");
    assert_raw("$1$ ?", 1, "$1$ $1", "$1$ ?");
    assert_raw("$a b$ ?", 1, "$a b$ $1", "$a b$ ?");
}

static void parameters_have_the_kinds_of_their_values(void **state)
{
    (void)state;
    const cuvee_value values[] = {cuvee_text_value("?"), cuvee_int_value(1), cuvee_null(), cuvee_bool_value(true)};
    assert_string_equal(raw_text(&numbered_dialect, "? ? ? ?", values, 4), "$1 $2 $3 $4");
    assert_string_equal(last_params(), "tl0b");
    raw_text(&numbered_dialect, "? ?", values, 4);
    assert_string_equal(last_params(), "tl");
    raw_text(&numbered_dialect, "? ? ?", values, 1);
    assert_string_equal(last_params(), "t00");
}

static struct cv_buffer shape_of(const struct cv_plan *plan, const char *text, const cuvee_value *values, size_t count)
{
    struct cv_buffer shape;
    cv_buffer_init(&shape, 0);
    cv_raw_shape(plan, text, values, count, &shape);
    return shape;
}

static bool same(struct cv_buffer a, struct cv_buffer b)
{
    bool equal = a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
    cv_buffer_free(&a);
    cv_buffer_free(&b);
    return equal;
}

static void shapes_tell_text_kinds_and_model(void **state)
{
    (void)state;
    const struct cv_plan *plan = plan_of(&person_model);
    const cuvee_value one[] = {cuvee_int_value(1), cuvee_int_value(1)}, two[] = {cuvee_int_value(2)};
    const cuvee_value text[] = {cuvee_text_value("1")};
    assert_true(same(shape_of(NULL, "a ?", one, 1), shape_of(NULL, "a ?", two, 1)));
    assert_false(same(shape_of(NULL, "a ?", one, 1), shape_of(NULL, "b ?", one, 1)));
    assert_false(same(shape_of(NULL, "a ?", one, 1), shape_of(NULL, "a ?", text, 1)));
    assert_false(same(shape_of(NULL, "a ?", one, 1), shape_of(NULL, "a ?", one, 2)));
    assert_false(same(shape_of(plan, "a ?", one, 1), shape_of(NULL, "a ?", one, 1)));
    assert_false(same(shape_of(plan, "a", one, 0), shape_of(plan_of(&town_model), "a", one, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_numbered),
        cmocka_unit_test(a_doubled_mark_is_one_mark),
        cmocka_unit_test(quotes_hide_marks),
        cmocka_unit_test(comments_hide_marks),
        cmocka_unit_test(dollar_quotes_hide_marks),
        cmocka_unit_test(parameters_have_the_kinds_of_their_values),
        cmocka_unit_test(shapes_tell_text_kinds_and_model),
    };
    return cmocka_run_group_tests_name("sql raw", tests, NULL, free_plans);
}
