/*
 * Shapes: the keys under which prepared statements are kept. Two statements of one shape must have one text, or a query
 * would run another's statement; and what differs in values alone must have one shape, or nothing would ever be found
 * again.
 */
#include "sql/random_select.h"

#include "driver/sqlite/sqlite.h"

enum { SELECTS = 700 };

static const struct cv_dialect *const dialects[] = {&numbered_dialect, &ticked_dialect, &cv_sqlite_dialect};

/* A select's shape and its texts. */
struct specimen {
    char *shape;
    size_t size;
    const char *texts[3];
};

static struct cv_buffer shape_of(const struct cv_select *select)
{
    struct cv_buffer shape;
    cv_buffer_init(&shape, 0);
    cv_select_shape(select, &shape);
    assert_false(shape.failed);
    return shape;
}

static void note(struct specimen *specimen, const struct cv_select *select)
{
    struct cv_buffer shape = shape_of(select);
    specimen->shape = cv_buffer_take(&shape, &specimen->size);
    for (size_t d = 0; d < 3; d++)
        specimen->texts[d] = select_text(dialects[d], select);
}

static bool same_shape(const struct specimen *a, const struct specimen *b)
{
    return a->size == b->size && memcmp(a->shape, b->shape, a->size) == 0;
}

static void assert_agree(const struct specimen *a, const struct specimen *b)
{
    bool same = same_shape(a, b);
    for (size_t d = 0; same && d < 3; d++)
        assert_string_equal(a->texts[d], b->texts[d]);
    if (!same) /* the dialect that says most */
        assert_string_not_equal(a->texts[0], b->texts[0]);
}

static void one_shape_is_one_text(void **state)
{
    (void)state;
    static struct specimen specimens[SELECTS];
    struct dice dice = {20};
    for (size_t i = 0; i < SELECTS; i++) {
        struct random_select random;
        random_select_make(&random, &dice, 1);
        note(&specimens[i], &random.select);
        random_select_free(&random);
        for (size_t k = 0; k < i; k++)
            assert_agree(&specimens[i], &specimens[k]);
    }
    for (size_t i = 0; i < SELECTS; i++)
        free(specimens[i].shape);
}

/* The nearest neighbours: selects that differ in one thing, or in nothing. */
static void the_smallest_difference_counts(void **state)
{
    (void)state;
    struct dice dice = {7};
    size_t same = 0, different = 0;
    for (size_t i = 0; i < SELECTS; i++) {
        struct random_select random;
        struct specimen before, after;
        random_select_make(&random, &dice, 1);
        note(&before, &random.select);
        random_select_mutate(&random, &dice);
        note(&after, &random.select);
        assert_agree(&before, &after);
        same += same_shape(&before, &after);
        different += !same_shape(&before, &after);
        free(before.shape);
        free(after.shape);
        random_select_free(&random);
    }
    assert_true(same > SELECTS / 20 && different > SELECTS / 2);
}

static void values_change_neither_shape_nor_text(void **state)
{
    (void)state;
    struct dice dice = {4711};
    for (size_t i = 0; i < SELECTS / 4; i++) {
        struct random_select random;
        struct specimen before, after;
        random_select_make(&random, &dice, 2);
        note(&before, &random.select);
        random_select_revalue(&random, &dice);
        note(&after, &random.select);
        assert_true(same_shape(&before, &after));
        for (size_t d = 0; d < 3; d++)
            assert_string_equal(before.texts[d], after.texts[d]);
        free(before.shape);
        free(after.shape);
        random_select_free(&random);
    }
}

/* What is bound fits what was written: as many values, each of its parameter's kind. */
static void values_fit_the_text(void **state)
{
    (void)state;
    struct dice dice = {99};
    for (size_t i = 0; i < SELECTS; i++) {
        struct random_select random;
        struct cv_sql sql;
        struct cv_buffer params;
        random_select_make(&random, &dice, 2);
        cv_sql_init(&sql, dialects[i % 3]);
        cv_buffer_init(&params, 0);
        cv_select_text(&random.select, &sql);
        cv_select_params(&random.select, &params);
        const cuvee_value *values = (const cuvee_value *)(const void *)params.data;
        assert_int_equal(params.size, sql.params.size * sizeof *values);
        for (size_t p = 0; p < sql.params.size; p++)
            assert_int_equal(values[p].kind, (unsigned char)sql.params.data[p]);
        assert_int_equal(sql.columns.size, cv_select_width(&random.select));
        cv_sql_free(&sql);
        cv_buffer_free(&params);
        random_select_free(&random);
    }
}

static void kinds_of_statements_never_meet(void **state)
{
    (void)state;
    const struct cv_plan *plan = plan_of(&person_model);
    struct cv_buffer shapes[8];
    for (size_t i = 0; i < 8; i++)
        cv_buffer_init(&shapes[i], 0);
    size_t field = 0;
    cv_select_shape(&(struct cv_select){.plan = plan}, &shapes[0]);
    cv_change_shape(&(struct cv_change){.plan = plan, .kind = CV_INSERT}, &shapes[1]);
    cv_change_shape(&(struct cv_change){.plan = plan, .kind = CV_UPDATE, .fields = FIELD_SET(1)}, &shapes[2]);
    cv_change_shape(&(struct cv_change){.plan = plan, .kind = CV_DELETE}, &shapes[3]);
    cv_mass_shape(&(struct cv_mass){.plan = plan, .kind = CV_DELETE}, &shapes[4]);
    cv_mass_shape(&(struct cv_mass){.plan = plan, .kind = CV_UPDATE, .fields = &field, .field_count = 1}, &shapes[5]);
    cv_upsert_shape(&(struct cv_upsert){plan, FIELD_SET(0), FIELD_SET(1)}, &shapes[6]);
    cv_raw_shape(plan, "", NULL, 0, &shapes[7]);
    for (size_t i = 0; i < 8; i++)
        for (size_t k = 0; k < i; k++)
            assert_false(shapes[i].size == shapes[k].size &&
                         memcmp(shapes[i].data, shapes[k].data, shapes[i].size) == 0);
    for (size_t i = 0; i < 8; i++)
        cv_buffer_free(&shapes[i]);
}

static struct cv_buffer change_shape(const struct cv_plan *plan, enum cv_change_kind kind, struct cv_field_set fields)
{
    struct cv_buffer shape;
    cv_buffer_init(&shape, 0);
    cv_change_shape(&(struct cv_change){plan, kind, fields}, &shape);
    return shape;
}

static struct cv_buffer upsert_shape(struct cv_field_set conflict, struct cv_field_set update)
{
    struct cv_buffer shape;
    cv_buffer_init(&shape, 0);
    cv_upsert_shape(&(struct cv_upsert){plan_of(&person_model), conflict, update}, &shape);
    return shape;
}

static struct cv_buffer mass_shape(size_t field, const cuvee_value *value, const cuvee_expr *where)
{
    struct cv_buffer shape;
    cv_buffer_init(&shape, 0);
    cv_mass_shape(&(struct cv_mass){plan_of(&person_model), CV_UPDATE, &field, value, 1, where}, &shape);
    return shape;
}

static bool equal(struct cv_buffer a, struct cv_buffer b)
{
    bool same = a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
    cv_buffer_free(&a);
    cv_buffer_free(&b);
    return same;
}

static void changes_differ_by_what_they_set(void **state)
{
    (void)state;
    const struct cv_plan *person = plan_of(&person_model), *town = plan_of(&town_model);
    struct cv_field_set one = FIELD_SET(1), two = FIELD_SET(1, 2), none = {{0}};
    assert_true(equal(change_shape(person, CV_UPDATE, one), change_shape(person, CV_UPDATE, one)));
    assert_false(equal(change_shape(person, CV_UPDATE, one), change_shape(person, CV_UPDATE, two)));
    assert_false(equal(change_shape(person, CV_UPDATE, one), change_shape(town, CV_UPDATE, one)));
    assert_true(equal(change_shape(person, CV_INSERT, one), change_shape(person, CV_INSERT, none)));
    assert_false(equal(change_shape(person, CV_INSERT, none), change_shape(person, CV_DELETE, none)));
    assert_true(equal(upsert_shape(one, two), upsert_shape(one, two)));
    assert_false(equal(upsert_shape(one, two), upsert_shape(two, one)));
    cuvee_value a = cuvee_text_value("a"), b = cuvee_text_value("b");
    cuvee_expr where_a = compares(REF(1), CUVEE_EQ, &a), where_b = compares(REF(1), CUVEE_EQ, &b);
    cuvee_expr other = compares(REF(1), CUVEE_NE, &a);
    assert_true(equal(mass_shape(1, &a, &where_a), mass_shape(1, &b, &where_b)));
    assert_false(equal(mass_shape(1, &a, &where_a), mass_shape(2, &a, &where_a)));
    assert_false(equal(mass_shape(1, &a, &where_a), mass_shape(1, &a, &other)));
    assert_false(equal(mass_shape(1, &a, &where_a), mass_shape(1, &a, NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_shape_is_one_text),
        cmocka_unit_test(the_smallest_difference_counts),
        cmocka_unit_test(values_change_neither_shape_nor_text),
        cmocka_unit_test(values_fit_the_text),
        cmocka_unit_test(kinds_of_statements_never_meet),
        cmocka_unit_test(changes_differ_by_what_they_set),
    };
    return cmocka_run_group_tests_name("sql shape", tests, NULL, free_plans);
}
