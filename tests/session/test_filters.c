/* Filters: what is refused while they are built, what NULL and patterns mean, and how deep they may be. */
#include <math.h>

#include "session/sample.h"
#include "session/support.h"

/* ---- mistakes ---- */

static void assert_names(const cuvee_session *session, const char *model, const char *field)
{
    const cuvee_error *error = cuvee_session_error(session);
    assert_string_equal(error->model, model);
    assert_string_equal(error->fields, field);
}

/* The error of a filter that cannot be built; forgotten then. */
static void assert_refused(cuvee_session *session, const cuvee_expr *expr, const char *field, const char *words)
{
    assert_null(expr);
    assert_failed(session, CUVEE_ERROR_MISUSE, words);
    assert_names(session, "Sample", field);
    cuvee_rollback(session);
}

static void unknown_fields_are_refused(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &sample_model);
    assert_refused(s, cuvee_eq(q, "nothing", 1), "nothing", "Sample.nothing");
    assert_refused(s, cuvee_is_null(q, "Order.id"), "Order.id", "not joined");
    assert_refused(s, cuvee_is_null(q, "Sample.nothing"), "Sample.nothing", "no such field");
    assert_refused(s, cuvee_compare_fields(q, "small", CUVEE_LT, "nothing"), "nothing", "no such field");
    assert_refused(s, cuvee_between(q, "", 1, 2), "", "no such field");
    assert_refused(s, cuvee_in(q, NULL, NULL, 0), "", "name is NULL");
    cuvee_order_by(q, "nothing", CUVEE_ASCENDING);
    assert_failed(s, CUVEE_ERROR_MISUSE, "no such field in Sample");
    assert_names(s, "Sample", "nothing");
    cuvee_session_close(s);
}

/* A value of each kind that no field of another kind takes. */
static void values_of_another_kind_are_refused(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &sample_model);
    const cuvee_blob blob = {"x", 1};
    for (size_t f = 0; f < SAMPLE_FIELDS; f++) {
        cuvee_value value = sample_kind(f) == CUVEE_BLOB ? cuvee_text_value("x") : cuvee_blob_value(blob);
        assert_refused(s, cuvee_compare(q, sample_name(f), CUVEE_EQ, value), sample_name(f), "does not fit");
    }
    assert_refused(s, cuvee_eq(q, "small", "1"), "small", "does not fit");
    assert_refused(s, cuvee_eq(q, "text", 1), "text", "does not fit");
    assert_refused(s, cuvee_lt(q, "at", "yesterday"), "at", "Sample.at");
    assert_refused(s, cuvee_eq(q, "small", INT64_C(3000000000)), "small", "out of range");
    assert_refused(s, cuvee_eq(q, "large", 1.5), "large", "does not fit");
    assert_refused(s, cuvee_between(q, "small", 1, "2"), "small", "does not fit");
    const cuvee_value values[] = {CUVEE_VALUE(1), CUVEE_VALUE("2")};
    assert_refused(s, cuvee_in(q, "small", values, 2), "small", "does not fit");
    assert_refused(s, cuvee_compare_fields(q, "small", CUVEE_EQ, "large"), "small", "another kind");
    cuvee_session_close(s);
}

static void values_that_are_none_are_refused(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_value text = cuvee_text_value("abc");
    text.as.text.data = "a\0b";
    assert_refused(s, cuvee_eq(q, "real", (double)NAN), "real", "NaN");
    assert_refused(s, cuvee_gt(q, "opt_real", -(double)INFINITY), "opt_real", "infinity");
    assert_refused(s, cuvee_compare(q, "text", CUVEE_EQ, text), "text", "NUL");
    assert_refused(s, cuvee_compare(q, "text", CUVEE_LIKE, text), "text", "NUL");
    assert_refused(s, cuvee_eq(q, "text", "\xC3("), "text", "UTF-8");
    assert_refused(s, cuvee_eq(q, "opt_json", "{"), "opt_json", "Sample.opt_json");
    assert_refused(s, cuvee_eq(q, "amount", "1,5"), "amount", "Sample.amount");
    assert_refused(s, cuvee_eq(q, "day", ((cuvee_date){INT32_MAX})), "day", "years 1 to 9999");
    cuvee_session_close(s);
}

static void comparisons_with_null_are_refused(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &sample_model);
    for (cuvee_comparison c = CUVEE_LT; c <= CUVEE_ILIKE; c++)
        assert_refused(s, cuvee_compare(q, "opt_text", c, cuvee_null()), "opt_text", "NULL");
    assert_refused(s, cuvee_between_values(q, "opt_small", CUVEE_VALUE(1), cuvee_null()), "opt_small", "NULL");
    const cuvee_value values[] = {CUVEE_VALUE(1), cuvee_null()};
    assert_refused(s, cuvee_in(q, "opt_small", values, 2), "opt_small", "NULL");
    assert_refused(s, cuvee_in(q, "opt_small", NULL, 2), "opt_small", "NULL");
    cuvee_session_close(s);
}

static void what_is_no_comparison_is_refused(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &sample_model);
    assert_refused(s, cuvee_compare(q, "small", (cuvee_comparison)0, CUVEE_VALUE(1)), "", "no comparison");
    assert_refused(s, cuvee_compare(q, "small", (cuvee_comparison)99, CUVEE_VALUE(1)), "", "no comparison");
    assert_refused(s, cuvee_compare_fields(q, "text", CUVEE_LIKE, "opt_text"), "", "no comparison");
    assert_refused(s, cuvee_like(q, "small", "1%"), "small", "text with text");
    assert_refused(s, cuvee_ilike(q, "json", "1%"), "json", "text with text");
    assert_refused(s, cuvee_like(q, "text", 1), "text", "text with text");
    assert_refused(s, cuvee_like(q, "text", "a\\"), "text", "backslash");
    assert_refused(s, cuvee_ilike(q, "text", "a\\\\\\"), "text", "backslash");
    assert_non_null(cuvee_like(q, "text", "a\\\\"));
    assert_good(s);
    cuvee_session_close(s);
}

static void conditions_belong_to_their_query(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *users = cuvee_select(s, &user_model), *orders = cuvee_select(s, &order_model);
    const cuvee_expr *mine = cuvee_eq(orders, "item", "x"), *other = cuvee_eq(users, "email", "x");
    assert_null(cuvee_and(orders, mine, other));
    assert_failed(s, CUVEE_ERROR_MISUSE, "another query");
    cuvee_rollback(s);
    assert_null(cuvee_not(orders, other));
    assert_failed(s, CUVEE_ERROR_MISUSE, "another query");
    cuvee_rollback(s);
    cuvee_where(orders, other);
    assert_failed(s, CUVEE_ERROR_MISUSE, "another query");
    cuvee_rollback(s);
    cuvee_where(orders, NULL);
    assert_failed(s, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_rollback(s);
    assert_null(cuvee_or(orders, mine, NULL));
    assert_failed(s, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_session_close(s);
}

static void after_an_error_nothing_is_built(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &sample_model);
    const cuvee_expr *good = cuvee_eq(q, "small", 1);
    assert_null(cuvee_eq(q, "nothing", 1));
    assert_null(cuvee_eq(q, "small", 2));
    assert_null(cuvee_not(q, good));
    assert_null(cuvee_and(q, good, good));
    assert_null(cuvee_select(s, &sample_model));
    cuvee_where(q, good);
    assert_int_equal(cuvee_all(q).count, 0);
    assert_int_equal(cuvee_count(q), 0);
    assert_names(s, "Sample", "nothing"); /* still the first */
    cuvee_session_close(s);
}

static void null_queries_find_nothing(void **state)
{
    (void)state;
    assert_null(cuvee_select(NULL, &sample_model));
    assert_null(cuvee_eq(NULL, "small", 1));
    assert_null(cuvee_not(NULL, NULL));
    assert_null(cuvee_and(NULL, NULL, NULL));
    assert_null(cuvee_in_query(NULL, "small", NULL, "small"));
    cuvee_where(NULL, NULL);
    cuvee_order_by(NULL, "small", CUVEE_ASCENDING);
    cuvee_limit(NULL, 1);
    cuvee_offset(NULL, 1);
    cuvee_after(NULL, NULL);
    cuvee_distinct(NULL);
    cuvee_for_update(NULL);
    cuvee_join(NULL, &user_model, "id", "id");
    cuvee_pick(NULL, "small");
    cuvee_pick_aggregate(NULL, CUVEE_COUNT, NULL);
    cuvee_group_by(NULL, "small");
    cuvee_having(NULL, CUVEE_COUNT, NULL, CUVEE_GT, 1);
    cuvee_with(NULL, "orders");
    assert_int_equal(cuvee_all(NULL).count, 0);
    assert_null(cuvee_first(NULL));
    assert_null(cuvee_one(NULL));
    assert_int_equal(cuvee_count(NULL), 0);
    assert_false(cuvee_exists(NULL));
    assert_int_equal(cuvee_aggregate_of(NULL, CUVEE_MAX, "small").kind, 0);
    assert_null(cuvee_rows_open(NULL));
    assert_null(cuvee_next(NULL));
    assert_null(cuvee_next_values(NULL));
    assert_int_equal(cuvee_rows_width(NULL), 0);
    cuvee_rows_close(NULL);
    assert_int_equal(cuvee_update_where(NULL, NULL, 0), -1);
    assert_int_equal(cuvee_delete_where(NULL), -1);
}

static void models_must_be_bound(void **state)
{
    cuvee_session *s = session_on(*state);
    assert_null(cuvee_select(s, &stranger_model));
    assert_failed(s, CUVEE_ERROR_MISUSE, "Stranger");
    cuvee_rollback(s);
    assert_null(cuvee_select(s, NULL));
    assert_failed(s, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_session_close(s);
}

/* ---- values ---- */

static void add_texts(cuvee_session *s, const char *const *texts)
{
    for (; *texts; texts++)
        assert_non_null(cuvee_add(s, &sample_model, &(Sample){.text = *texts}));
}

/* The texts that are found, in the order in which they were added. */
static void assert_found(cuvee_query *q, const char *const *texts)
{
    cuvee_list list = cuvee_all(q);
    size_t i = 0;
    for (; texts[i]; i++) {
        if (i == list.count)
            fail_msg("\"%s\" is missing", texts[i]);
        assert_string_equal(((const Sample *)list.items[i])->text, texts[i]);
    }
    if (list.count > i)
        fail_msg("\"%s\" is found too", ((const Sample *)list.items[i])->text);
}
#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void values_convert_where_nothing_is_lost(void **state)
{
    cuvee_session *s = session_on(*state);
    const Sample *sample = cuvee_add(s, &sample_model,
                                     &(Sample){.flag = true,
                                               .small = 7,
                                               .large = 8,
                                               .real = 9,
                                               .amount = {"10.50"},
                                               .at = {1},
                                               .day = {1},
                                               .json = {"[1]"}});
    struct {
        const char *field;
        cuvee_value value;
    } cases[] = {
        {"small", CUVEE_VALUE(INT64_C(7))},
        {"large", CUVEE_VALUE(8)},
        {"real", CUVEE_VALUE(9)},
        {"amount", CUVEE_VALUE("10.5")},
        {"at", CUVEE_VALUE("1970-01-01T01:00:00.000001+01:00")},
        {"day", CUVEE_VALUE("1970-01-02")},
        {"uuid", CUVEE_VALUE("00000000-0000-0000-0000-000000000000")},
        {"json", CUVEE_VALUE("[1]")},
        {"flag", CUVEE_VALUE(1)}, /* what `true` is in C17 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_query *q = cuvee_select(s, &sample_model);
        cuvee_where(q, cuvee_compare(q, cases[i].field, CUVEE_EQ, cases[i].value));
        const void *found = cuvee_first(q);
        assert_good(s);
        assert_ptr_equal(found, sample);
    }
    cuvee_session_close(s);
}

static void texts_of_values_are_copied(void **state)
{
    cuvee_session *s = session_on(*state);
    add_texts(s, TEXTS("apple", "pear"));
    char text[] = "apple";
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_eq(q, "text", (const char *)text));
    memset(text, 'x', 5);
    assert_found(q, TEXTS("apple"));
    cuvee_session_close(s);
}

/* ---- patterns ---- */

static void assert_like(cuvee_session *s, cuvee_comparison comparison, const char *pattern, const char *const *texts)
{
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_compare(q, "text", comparison, cuvee_text_value(pattern)));
    assert_found(q, texts);
    assert_good(s);
}

static void patterns(void **state)
{
    cuvee_session *s = session_on(*state);
    add_texts(s, TEXTS("", "a", "A", "ab", "aB", "a%b", "a_b", "a\\b", "ab%", "\xC3\xA9t\xC3\xA9", "\xC3\x89T\xC3\x89",
                       "a\nb", "[a]", "a*b"));
    assert_like(s, CUVEE_LIKE, "", TEXTS(""));
    assert_like(s, CUVEE_LIKE, "a", TEXTS("a"));
    assert_like(s, CUVEE_ILIKE, "a", TEXTS("a", "A"));
    assert_like(s, CUVEE_LIKE, "a_", TEXTS("ab", "aB"));
    assert_like(s, CUVEE_LIKE, "a_b", TEXTS("a%b", "a_b", "a\\b", "a\nb", "a*b"));
    assert_like(s, CUVEE_LIKE, "a\\_b", TEXTS("a_b"));
    assert_like(s, CUVEE_LIKE, "a\\%b", TEXTS("a%b"));
    assert_like(s, CUVEE_LIKE, "a\\\\b", TEXTS("a\\b"));
    assert_like(s, CUVEE_LIKE, "%\\%", TEXTS("ab%"));
    assert_like(s, CUVEE_LIKE, "\\a", TEXTS("a"));
    assert_like(s, CUVEE_ILIKE, "A\\_B", TEXTS("a_b"));
    assert_like(s, CUVEE_ILIKE, "%B", TEXTS("ab", "aB", "a%b", "a_b", "a\\b", "a\nb", "a*b"));
    assert_like(s, CUVEE_LIKE, "\xC3\xA9_\xC3\xA9", TEXTS("\xC3\xA9t\xC3\xA9"));
    assert_like(s, CUVEE_ILIKE, "\xC3\xA9T\xC3\xA9",
                TEXTS("\xC3\xA9t\xC3\xA9")); /* ASCII letters fold, others do not */
    assert_like(s, CUVEE_LIKE, "[a]", TEXTS("[a]"));
    assert_like(s, CUVEE_LIKE, "a*b", TEXTS("a*b"));
    cuvee_session_close(s);
}

/* ---- NULL ---- */

static void null_is_neither_equal_nor_unequal(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_add(s, &sample_model, &(Sample){.text = "one", .opt_small = {true, 1}});
    cuvee_add(s, &sample_model, &(Sample){.text = "two", .opt_small = {true, 2}});
    cuvee_add(s, &sample_model, &(Sample){.text = "none"});
    const cuvee_value one[] = {CUVEE_VALUE(1)};
    for (int i = 0; i < 8; i++) {
        cuvee_query *q = cuvee_select(s, &sample_model);
        switch (i) {
        case 0: cuvee_where(q, cuvee_eq(q, "opt_small", cuvee_null())); break;
        case 1: cuvee_where(q, cuvee_is_null(q, "opt_small")); break;
        case 2: cuvee_where(q, cuvee_ne(q, "opt_small", cuvee_null())); break;
        case 3: cuvee_where(q, cuvee_not(q, cuvee_is_null(q, "opt_small"))); break;
        case 4: cuvee_where(q, cuvee_ne(q, "opt_small", 1)); break;
        case 5: cuvee_where(q, cuvee_not(q, cuvee_eq(q, "opt_small", 1))); break;
        case 6: cuvee_where(q, cuvee_not(q, cuvee_in(q, "opt_small", one, 1))); break;
        case 7: cuvee_where(q, cuvee_not(q, cuvee_in(q, "opt_small", NULL, 0))); break;
        }
        if (i < 2)
            assert_found(q, TEXTS("none"));
        else if (i < 4)
            assert_found(q, TEXTS("one", "two"));
        else if (i < 7)
            assert_found(q, TEXTS("two"));
        else
            assert_found(q, TEXTS("one", "two", "none")); /* in no list at all */
        assert_good(s);
    }
    cuvee_session_close(s);
}

static void conditions_add_up(void **state)
{
    cuvee_session *s = session_on(*state);
    add_texts(s, TEXTS("a", "b", "c", "d"));
    cuvee_query *q = cuvee_select(s, &sample_model);
    assert_found(q, TEXTS("a", "b", "c", "d"));
    cuvee_where(q, cuvee_gt(q, "text", "a"));
    assert_found(q, TEXTS("b", "c", "d"));
    cuvee_where(q, cuvee_or(q, cuvee_lt(q, "text", "c"), cuvee_eq(q, "Sample.text", "d")));
    assert_found(q, TEXTS("b", "d"));
    cuvee_where(q, cuvee_in(q, "text", NULL, 0));
    assert_found(q, TEXTS(NULL));
    assert_good(s);
    cuvee_session_close(s);
}

/* ---- depth ---- */

/* x OR (x AND (x OR …)): the nesting that takes an engine's parser most. */
static const cuvee_expr *ladder(cuvee_query *q, int height, bool negated)
{
    const cuvee_expr *expr = cuvee_ilike(q, "text", "deep");
    for (int i = 0; expr && i < height; i++) {
        const cuvee_expr *leaf = cuvee_eq(q, "small", 1);
        expr = i % 2 ? cuvee_and(q, leaf, expr) : cuvee_or(q, leaf, expr);
        if (negated)
            expr = cuvee_not(q, expr);
    }
    return expr;
}

static void deep_filters_run_or_are_refused(void **state)
{
    cuvee_session *s = session_on(*state);
    int most[2] = {0, 0};
    for (int negated = 0; negated < 2; negated++)
        for (int height = 1; height < 100; height++) {
            cuvee_query *q = cuvee_select(s, &sample_model);
            const cuvee_expr *expr = ladder(q, height, negated);
            if (!expr) {
                assert_failed(s, CUVEE_ERROR_MISUSE, "too deep");
                cuvee_rollback(s);
                break;
            }
            cuvee_where(q, expr);
            cuvee_where(q, cuvee_ge(q, "small", 0));
            cuvee_order_by(q, "opt_text", CUVEE_ASCENDING);
            cuvee_all(q);
            assert_good(s);
            most[negated] = height;
        }
    assert_in_range(most[0], 20, 60);
    assert_in_range(most[1], 14, 60);
    cuvee_session_close(s);
}

static void deep_sub_selects_run_or_are_refused(void **state)
{
    cuvee_session *s = session_on(*state);
    for (int height = 1; height < 20; height++) {
        cuvee_query *q = cuvee_select(s, &sample_model);
        cuvee_where(q, cuvee_ilike(q, "text", "x"));
        for (int i = 0; i < height; i++) {
            cuvee_query *outer = cuvee_select(s, &sample_model);
            cuvee_where(outer, cuvee_in_query(outer, "small", q, "small"));
            q = outer;
        }
        cuvee_all(q);
        if (cuvee_session_error(s)->kind) {
            assert_failed(s, CUVEE_ERROR_MISUSE, "too deep");
            assert_true(height > 6);
            break;
        }
    }
    assert_failed(s, CUVEE_ERROR_MISUSE, "too deep");
    cuvee_session_close(s);
}

static void chains_are_long_or_refused(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *left = cuvee_select(s, &sample_model), *right = cuvee_select(s, &sample_model);
    const cuvee_expr *any = cuvee_eq(right, "small", 0);
    for (int i = 1; i < 900; i++) {
        cuvee_where(left, cuvee_ne(left, "small", i));
        any = cuvee_or(right, cuvee_eq(right, "small", i), any);
    }
    cuvee_where(right, any);
    cuvee_all(left);
    cuvee_all(right);
    assert_good(s);
    cuvee_where(left, cuvee_and(left, cuvee_ne(left, "small", 0), cuvee_ne(left, "small", -1)));
    assert_failed(s, CUVEE_ERROR_MISUSE, "900");
    cuvee_session_close(s);
}

static void lists_have_as_many_values_as_the_engine_takes(void **state)
{
    cuvee_session *s = session_on(*state);
    enum { MANY = 70000 };
    cuvee_value *values = calloc(MANY, sizeof *values);
    for (int i = 0; i < MANY; i++)
        values[i] = cuvee_int_value(i - 20000);
    add_texts(s, TEXTS("x"));
    size_t most = strcmp(world_engine(&sales_base), "postgres") == 0 ? 7498 : 30000;
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_in(q, "small", values + 19990, most));
    cuvee_all(q);
    assert_good(s);
    assert_found(q, TEXTS("x"));
    q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_in(q, "small", values, MANY));
    cuvee_all(q);
    assert_failed(s, CUVEE_ERROR_MISUSE, "parameters");
    free(values);
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(unknown_fields_are_refused),
        WORLD_TEST(values_of_another_kind_are_refused),
        WORLD_TEST(values_that_are_none_are_refused),
        WORLD_TEST(comparisons_with_null_are_refused),
        WORLD_TEST(what_is_no_comparison_is_refused),
        WORLD_TEST(conditions_belong_to_their_query),
        WORLD_TEST(after_an_error_nothing_is_built),
        WORLD_TEST(null_queries_find_nothing),
        WORLD_TEST(models_must_be_bound),
        WORLD_TEST(values_convert_where_nothing_is_lost),
        WORLD_TEST(texts_of_values_are_copied),
        WORLD_TEST(patterns),
        WORLD_TEST(null_is_neither_equal_nor_unequal),
        WORLD_TEST(conditions_add_up),
        WORLD_TEST(deep_filters_run_or_are_refused),
        WORLD_TEST(deep_sub_selects_run_or_are_refused),
        WORLD_TEST(chains_are_long_or_refused),
        WORLD_TEST(lists_have_as_many_values_as_the_engine_takes),
    };
    return WORLD_MAIN(argc, argv, "filters", tests);
}
