/* Queries whose answers are values: counts, aggregates, picks and groups. */
#include <math.h>
#include <stdio.h>

#include "session/sample.h"
#include "session/support.h"

static void add(cuvee_session *s, const Sample *sample)
{
    assert_non_null(cuvee_add(s, &sample_model, sample));
}

static void add_samples(const struct world *world)
{
    cuvee_session *s = session_on(world);
    add(s, &(Sample){.small = 1, .large = 10, .real = 0.5, .text = "a", .amount = {"0.10"}, .opt_small = {true, 1}});
    add(s, &(Sample){.small = 2, .large = 20, .real = 1.5, .text = "b", .amount = {"0.20"}});
    add(s, &(Sample){.small = 2, .large = 30, .real = 2.5, .text = "a", .amount = {"9"}, .opt_small = {true, 5}});
    add(s, &(Sample){.small = 4, .large = 40, .real = -1, .text = "c", .amount = {"10"}, .day = {7}, .at = {9}});
    commit_and_close(s);
}

static void assert_integer(cuvee_value value, int64_t expected)
{
    assert_true(value.kind == CUVEE_INT64 || value.kind == CUVEE_INT32);
    assert_int_equal(value.as.integer, expected);
}

static void assert_text(cuvee_value value, cuvee_kind kind, const char *expected)
{
    assert_int_equal(value.kind, kind);
    assert_int_equal(value.as.text.size, strlen(expected));
    assert_memory_equal(value.as.text.data, expected, strlen(expected));
}

/* ---- over all rows ---- */

static void aggregates(void **state)
{
    struct world *world = *state;
    add_samples(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    assert_integer(cuvee_aggregate_of(q, CUVEE_COUNT, NULL), 4);
    assert_integer(cuvee_aggregate_of(q, CUVEE_COUNT, "small"), 4);
    assert_integer(cuvee_aggregate_of(q, CUVEE_COUNT, "opt_small"), 2);
    cuvee_value sum = cuvee_aggregate_of(q, CUVEE_SUM, "small");
    assert_int_equal(sum.kind, CUVEE_INT64); /* of int32 */
    assert_integer(sum, 9);
    assert_integer(cuvee_aggregate_of(q, CUVEE_SUM, "large"), 100);
    assert_integer(cuvee_aggregate_of(q, CUVEE_SUM, "opt_small"), 6);
    assert_true(cuvee_aggregate_of(q, CUVEE_SUM, "real").as.real == 3.5);
    assert_true(cuvee_aggregate_of(q, CUVEE_AVG, "small").as.real == 2.25);
    assert_true(cuvee_aggregate_of(q, CUVEE_AVG, "opt_small").as.real == 3);
    assert_true(cuvee_aggregate_of(q, CUVEE_AVG, "amount").as.real == 4.825);
    assert_int_equal(cuvee_aggregate_of(q, CUVEE_AVG, "large").kind, CUVEE_DOUBLE);
    assert_integer(cuvee_aggregate_of(q, CUVEE_MIN, "small"), 1);
    assert_int_equal(cuvee_aggregate_of(q, CUVEE_MAX, "small").kind, CUVEE_INT32);
    assert_integer(cuvee_aggregate_of(q, CUVEE_MAX, "opt_small"), 5);
    assert_true(cuvee_aggregate_of(q, CUVEE_MIN, "real").as.real == -1);
    assert_text(cuvee_aggregate_of(q, CUVEE_MAX, "text"), CUVEE_TEXT, "c");
    assert_int_equal(cuvee_aggregate_of(q, CUVEE_MAX, "day").kind, CUVEE_DATE);
    assert_int_equal(cuvee_aggregate_of(q, CUVEE_MAX, "day").as.integer, 7);
    assert_int_equal(cuvee_aggregate_of(q, CUVEE_MAX, "at").kind, CUVEE_TIME);
    assert_int_equal(cuvee_aggregate_of(q, CUVEE_MAX, "at").as.integer, 9);
    assert_good(s);
    cuvee_session_close(s);
}

static void decimals_are_exact_numbers(void **state)
{
    struct world *world = *state;
    add_samples(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    assert_text(cuvee_aggregate_of(q, CUVEE_SUM, "amount"), CUVEE_DECIMAL, kept(&sales_base, "19.30"));
    assert_text(cuvee_aggregate_of(q, CUVEE_MAX, "amount"), CUVEE_DECIMAL, "10"); /* as text, "9" were greater */
    assert_text(cuvee_aggregate_of(q, CUVEE_MIN, "amount"), CUVEE_DECIMAL, kept(&sales_base, "0.10"));
    add(s, &(Sample){.amount = {"99999999999999999999999999999999.99"}});
    add(s, &(Sample){.amount = {"0.01"}});
    assert_text(cuvee_aggregate_of(q, CUVEE_SUM, "amount"), CUVEE_DECIMAL,
                kept(&sales_base, "100000000000000000000000000000019.30"));
    assert_good(s);
    cuvee_session_close(s);
}

static void conditions_apply_pages_do_not(void **state)
{
    struct world *world = *state;
    add_samples(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_gt(q, "small", 1));
    cuvee_order_by(q, "text", CUVEE_DESCENDING);
    cuvee_limit(q, 1);
    cuvee_offset(q, 2);
    assert_int_equal(cuvee_count(q), 3);
    assert_true(cuvee_exists(q));
    assert_integer(cuvee_aggregate_of(q, CUVEE_SUM, "small"), 8);
    assert_int_equal(cuvee_all(q).count, 1); /* the query is as it was */
    cuvee_where(q, cuvee_gt(q, "small", 100));
    assert_int_equal(cuvee_count(q), 0);
    assert_false(cuvee_exists(q));
    assert_good(s);
    cuvee_session_close(s);
}

static void over_no_rows(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &sample_model);
    assert_integer(cuvee_aggregate_of(q, CUVEE_COUNT, "text"), 0);
    for (cuvee_aggregate aggregate = CUVEE_SUM; aggregate <= CUVEE_MAX; aggregate++) {
        assert_int_equal(cuvee_aggregate_of(q, aggregate, "small").kind, 0);
        assert_int_equal(cuvee_aggregate_of(q, aggregate, "amount").kind, 0);
    }
    assert_good(s);
    cuvee_session_close(s);
}

static void sums_that_do_not_fit(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    add(s, &(Sample){.large = INT64_MAX, .real = 1.7e308, .small = INT32_MAX});
    add(s, &(Sample){.large = 1, .real = 1.7e308, .small = INT32_MAX});
    cuvee_query *q = cuvee_select(s, &sample_model);
    assert_integer(cuvee_aggregate_of(q, CUVEE_SUM, "small"), 2 * (int64_t)INT32_MAX);
    assert_true(cuvee_commit(s) == CUVEE_COMMITTED);
    assert_int_equal(cuvee_aggregate_of(q, CUVEE_SUM, "large").kind, 0);
    assert_failed(s, CUVEE_ERROR_VALUE, "");
    assert_string_equal(cuvee_session_error(s)->sqlstate, "22003");
    cuvee_rollback(s);
    assert_int_equal(cuvee_aggregate_of(q, CUVEE_SUM, "real").kind, 0);
    assert_true(cuvee_session_error(s)->kind != CUVEE_ERROR_NONE);
    cuvee_session_close(s);
}

/* ---- picks ---- */

static void picks_in_their_order(void **state)
{
    struct world *world = *state;
    add_samples(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_pick(q, "text");
    cuvee_pick(q, "opt_small");
    cuvee_pick(q, "text");
    cuvee_order_by(q, "large", CUVEE_DESCENDING);
    cuvee_limit(q, 2);
    cuvee_rows *rows = cuvee_rows_open(q);
    assert_int_equal(cuvee_rows_width(rows), 3);
    assert_string_equal(cuvee_rows_name(rows, 1), "opt_small");
    const cuvee_value *row = cuvee_next_values(rows);
    assert_text(row[0], CUVEE_TEXT, "c");
    assert_int_equal(row[1].kind, 0);
    assert_text(row[2], CUVEE_TEXT, "c");
    row = cuvee_next_values(rows);
    assert_int_equal(row[1].as.integer, 5);
    assert_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
    assert_good(s);
    cuvee_session_close(s);
}

static void distinct_values(void **state)
{
    struct world *world = *state;
    add_samples(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_pick(q, "text");
    cuvee_distinct(q);
    cuvee_order_by(q, "text", CUVEE_ASCENDING);
    static const char *const texts[] = {"a", "b", "c"};
    cuvee_rows *rows = cuvee_rows_open(q);
    for (size_t i = 0; i < 3; i++)
        assert_text(cuvee_next_values(rows)[0], CUVEE_TEXT, texts[i]);
    assert_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
    assert_int_equal(cuvee_count(q), 3);
    cuvee_where(q, cuvee_ne(q, "text", "b"));
    assert_int_equal(cuvee_count(q), 2);
    assert_true(cuvee_exists(q));
    assert_good(s);
    cuvee_order_by(q, "small", CUVEE_ASCENDING);
    assert_null(cuvee_rows_open(q));
    assert_failed(s, CUVEE_ERROR_MISUSE, "distinct");
    assert_string_equal(cuvee_session_error(s)->fields, "small");
    cuvee_session_close(s);
}

/* ---- groups ---- */

static void groups(void **state)
{
    struct world *world = *state;
    add_samples(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_group_by(q, "text");
    cuvee_pick(q, "text");
    cuvee_pick_aggregate(q, CUVEE_COUNT, NULL);
    cuvee_pick_aggregate(q, CUVEE_SUM, "amount");
    cuvee_pick_aggregate(q, CUVEE_MAX, "large");
    cuvee_order_by(q, "text", CUVEE_DESCENDING);
    cuvee_rows *rows = cuvee_rows_open(q);
    cuvee_next_values(rows);
    cuvee_next_values(rows);
    const cuvee_value *row = cuvee_next_values(rows);
    assert_text(row[0], CUVEE_TEXT, "a");
    assert_integer(row[1], 2);
    assert_text(row[2], CUVEE_DECIMAL, kept(&sales_base, "9.10"));
    assert_integer(row[3], 30);
    assert_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
    assert_int_equal(cuvee_count(q), 3);
    assert_good(s);
    cuvee_session_close(s);
}

/* How many groups of samples by their text have it. */
static int64_t having(cuvee_session *s, cuvee_aggregate aggregate, const char *field, cuvee_comparison comparison,
                      cuvee_value value)
{
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_group_by(q, "text");
    cuvee_having_value(q, aggregate, field, comparison, value);
    return cuvee_count(q);
}

static void groups_that_have_something(void **state)
{
    struct world *world = *state;
    add_samples(world); /* text, and sums of amount: a 9.10, b 0.20, c 10 */
    cuvee_session *s = session_on(world);
    assert_int_equal(having(s, CUVEE_COUNT, NULL, CUVEE_GE, CUVEE_VALUE(2)), 1);
    assert_int_equal(having(s, CUVEE_COUNT, "opt_small", CUVEE_EQ, CUVEE_VALUE(0)), 2);
    assert_int_equal(having(s, CUVEE_SUM, "small", CUVEE_GT, CUVEE_VALUE(2)), 2);
    assert_int_equal(having(s, CUVEE_SUM, "amount", CUVEE_GT, CUVEE_VALUE("9.1")), 1);
    assert_int_equal(having(s, CUVEE_SUM, "amount", CUVEE_EQ, CUVEE_VALUE("9.1")), 1);
    assert_int_equal(having(s, CUVEE_MAX, "amount", CUVEE_LT, CUVEE_VALUE(10)), 2);
    assert_int_equal(having(s, CUVEE_MIN, "amount", CUVEE_LE, CUVEE_VALUE(((cuvee_decimal){"0.2"}))), 2);
    assert_int_equal(having(s, CUVEE_AVG, "small", CUVEE_EQ, CUVEE_VALUE(1.5)), 1);
    assert_int_equal(having(s, CUVEE_AVG, "small", CUVEE_EQ, CUVEE_VALUE(4)), 1);
    assert_int_equal(having(s, CUVEE_MAX, "text", CUVEE_NE, CUVEE_VALUE("b")), 2);
    assert_int_equal(having(s, CUVEE_SUM, "opt_small", CUVEE_GT, CUVEE_VALUE(0)), 1); /* of no values it is NULL */
    assert_good(s);
    cuvee_session_close(s);
}

static void texts_that_groups_must_have_are_copied(void **state)
{
    struct world *world = *state;
    add_samples(world);
    cuvee_session *s = session_on(world);
    char text[] = "b";
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_group_by(q, "text");
    cuvee_having_value(q, CUVEE_MAX, "text", CUVEE_EQ, cuvee_text_value(text));
    text[0] = 'x';
    assert_int_equal(cuvee_count(q), 1);
    assert_good(s);
    cuvee_session_close(s);
}

static void one_group_of_all(void **state)
{
    struct world *world = *state;
    add_samples(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_pick_aggregate(q, CUVEE_MIN, "small");
    cuvee_pick_aggregate(q, CUVEE_MAX, "small");
    cuvee_rows *rows = cuvee_rows_open(q);
    const cuvee_value *row = cuvee_next_values(rows);
    assert_integer(row[0], 1);
    assert_integer(row[1], 4);
    assert_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
    assert_int_equal(cuvee_count(q), 1);
    cuvee_having(q, CUVEE_COUNT, NULL, CUVEE_GT, 4);
    assert_int_equal(cuvee_count(q), 0);
    assert_good(s);
    cuvee_session_close(s);
}

/* ---- mistakes ---- */

static void assert_misuse(cuvee_session *s, const char *field, const char *words)
{
    assert_failed(s, CUVEE_ERROR_MISUSE, words);
    assert_string_equal(cuvee_session_error(s)->model, "Sample");
    assert_string_equal(cuvee_session_error(s)->fields, field);
    cuvee_rollback(s);
}

static void kinds_that_have_no_such_aggregate(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &sample_model);
    static const char *const no_numbers[] = {"flag", "text", "at", "day", "uuid", "blob", "json"};
    static const char *const no_order[] = {"flag", "uuid", "blob", "json"};
    for (size_t i = 0; i < 7; i++)
        for (cuvee_aggregate aggregate = CUVEE_SUM; aggregate <= CUVEE_AVG; aggregate++) {
            assert_int_equal(cuvee_aggregate_of(q, aggregate, no_numbers[i]).kind, 0);
            assert_misuse(s, no_numbers[i], "no sum or average");
        }
    for (size_t i = 0; i < 4; i++) {
        cuvee_pick_aggregate(q, CUVEE_MAX, no_order[i]);
        assert_misuse(s, no_order[i], "no least or greatest");
        assert_int_equal(cuvee_aggregate_of(q, CUVEE_COUNT, no_order[i]).as.integer, 0);
        assert_good(s);
    }
    cuvee_pick_aggregate(q, (cuvee_aggregate)0, "small");
    assert_misuse(s, "", "no aggregate");
    cuvee_pick_aggregate(q, (cuvee_aggregate)9, "small");
    assert_misuse(s, "", "no aggregate");
    cuvee_pick_aggregate(q, CUVEE_SUM, NULL);
    assert_misuse(s, "", "NULL");
    cuvee_aggregate_of(q, CUVEE_SUM, "nothing");
    assert_misuse(s, "nothing", "no such field");
    cuvee_session_close(s);
}

static void values_that_no_group_can_have(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_having(q, CUVEE_COUNT, NULL, CUVEE_GT, "1");
    assert_misuse(s, "", "another kind");
    cuvee_having_value(q, CUVEE_COUNT, "text", CUVEE_GT, cuvee_null());
    assert_misuse(s, "text", "another kind");
    cuvee_having(q, CUVEE_AVG, "small", CUVEE_GT, "1");
    assert_misuse(s, "small", "another kind");
    cuvee_having(q, CUVEE_AVG, "small", CUVEE_GT, (double)NAN);
    assert_misuse(s, "small", "another kind");
    cuvee_having(q, CUVEE_SUM, "real", CUVEE_GT, (double)INFINITY);
    assert_misuse(s, "real", "infinity");
    cuvee_having(q, CUVEE_MAX, "text", CUVEE_LIKE, "a");
    assert_misuse(s, "", "other than LIKE");
    cuvee_having(q, CUVEE_MAX, "text", CUVEE_EQ, "\xFF");
    assert_misuse(s, "text", "UTF-8");
    cuvee_having_value(q, CUVEE_MAX, "text", CUVEE_EQ, cuvee_null());
    assert_misuse(s, "text", "NULL");
    cuvee_having(q, CUVEE_MAX, "flag", CUVEE_EQ, 1);
    assert_misuse(s, "flag", "no least");
    cuvee_session_close(s);
}

static void groups_without_sense(void **state)
{
    cuvee_session *s = session_on(*state);
    for (int i = 0; i < 7; i++) {
        cuvee_query *q = cuvee_select(s, &sample_model);
        cuvee_group_by(q, "text");
        switch (i) {
        case 0: cuvee_all(q); break;
        case 1: cuvee_pick(q, "small"); break;
        case 2:
            cuvee_pick(q, "text");
            cuvee_order_by(q, "small", CUVEE_ASCENDING);
            break;
        case 3:
            cuvee_pick(q, "text");
            cuvee_for_update(q);
            break;
        case 4: cuvee_aggregate_of(q, CUVEE_SUM, "small"); break;
        case 5: cuvee_first(q); break;
        case 6: cuvee_distinct(q); break;
        }
        cuvee_rows_open(q);
        static const char *const fields[] = {"", "small", "small", "", "", "", ""};
        assert_misuse(s, fields[i], "");
    }
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_pick(q, "text");
    cuvee_pick_aggregate(q, CUVEE_COUNT, NULL);
    assert_null(cuvee_rows_open(q)); /* which text? */
    assert_misuse(s, "text", "not grouped by");
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(aggregates),
        WORLD_TEST(decimals_are_exact_numbers),
        WORLD_TEST(conditions_apply_pages_do_not),
        WORLD_TEST(over_no_rows),
        WORLD_TEST(sums_that_do_not_fit),
        WORLD_TEST(picks_in_their_order),
        WORLD_TEST(distinct_values),
        WORLD_TEST(groups),
        WORLD_TEST(groups_that_have_something),
        WORLD_TEST(texts_that_groups_must_have_are_copied),
        WORLD_TEST(one_group_of_all),
        WORLD_TEST(kinds_that_have_no_such_aggregate),
        WORLD_TEST(values_that_no_group_can_have),
        WORLD_TEST(groups_without_sense),
    };
    return WORLD_MAIN(argc, argv, "values", tests);
}
