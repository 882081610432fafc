/*
 * Random rows and random queries: the database finds what a model of it in C finds, in the same order, and page by
 * page. CUVEE_LONG=1 makes them many more.
 */
#include <stdlib.h>

#include "session/oracle.h"
#include "session/support.h"

enum { QUERIES = 500, ORDERED = 150, KEYS = 3 };

static size_t times(size_t few)
{
    return getenv("CUVEE_LONG") ? few * 20 : few;
}

struct rows {
    Sample rows[ORACLE_ROWS]; /* by id, which is the index plus one */
};

static void add_rows(const struct world *world, struct rows *rows, struct dice *dice)
{
    cuvee_session *s = session_on(world);
    for (size_t i = 0; i < ORACLE_ROWS; i++) {
        rows->rows[i] = oracle_row(dice);
        assert_non_null(cuvee_add(s, &sample_model, &rows->rows[i]));
        rows->rows[i].id = (int64_t)i + 1;
    }
    commit_and_close(s);
}

static cuvee_query *select_where(cuvee_session *s, const struct node *tree)
{
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, oracle_build(q, tree));
    assert_good(s);
    return q;
}

/* ---- which rows ---- */

static size_t expected_rows(const struct rows *rows, const struct node *tree, const Sample *expected[ORACLE_ROWS])
{
    size_t count = 0;
    for (size_t i = 0; i < ORACLE_ROWS; i++)
        if (oracle_judge(tree, &rows->rows[i], rows->rows, ORACLE_ROWS) == YES)
            expected[count++] = &rows->rows[i];
    return count;
}

static void assert_same(cuvee_list list, const Sample *const *expected, size_t count)
{
    for (size_t i = 0; i < list.count && i < count; i++)
        assert_int_equal(((const Sample *)list.items[i])->id, expected[i]->id);
    assert_int_equal(list.count, count);
}

static void filters_find_what_they_should(void **state)
{
    struct world *world = *state;
    struct dice dice = {1};
    static struct rows rows;
    static struct forest forest;
    add_rows(world, &rows, &dice);
    size_t some = 0;
    for (size_t i = 0; i < times(QUERIES); i++) {
        const Sample *expected[ORACLE_ROWS];
        const struct node *tree = oracle_tree(&forest, &dice, dice_throw(&dice, 5));
        size_t count = expected_rows(&rows, tree, expected);
        cuvee_session *s = session_on(world);
        cuvee_query *q = select_where(s, tree);
        assert_same(cuvee_all(q), expected, count);
        assert_int_equal(cuvee_count(q), count);
        assert_int_equal(cuvee_exists(q), count > 0);
        some += count > 0 && count < ORACLE_ROWS;
        if (i % 10 == 0)
            assert_int_equal(cuvee_delete_where(q), count);
        assert_good(s);
        cuvee_session_close(s);
    }
    assert_true(some > times(QUERIES) / 2); /* or the filters say nothing */
}

/* ---- in which order ---- */

struct key {
    size_t field;
    bool descending, nulls_first;
};

/* qsort takes no argument. */
static struct key keys[KEYS];
static size_t key_count;

static int by_keys(const void *left, const void *right)
{
    const Sample *a = *(const Sample *const *)left, *b = *(const Sample *const *)right;
    for (size_t i = 0; i < key_count; i++) {
        cuvee_value x = sample_value(a, keys[i].field), y = sample_value(b, keys[i].field);
        if (!x.kind && !y.kind)
            continue;
        if (!x.kind || !y.kind)
            return (x.kind == 0) == keys[i].nulls_first ? -1 : 1;
        int order = oracle_compare(&x, &y);
        if (order)
            return keys[i].descending ? -order : order;
    }
    return (a->id > b->id) - (a->id < b->id);
}

static void throw_keys(struct dice *dice)
{
    key_count = dice_throw(dice, KEYS + 1);
    for (size_t i = 0; i < key_count; i++) {
        size_t field = 1 + dice_throw(dice, SAMPLE_FIELDS - 1);
        bool json = sample_kind(field) == CUVEE_JSON;
        bool descending = dice_coin(dice);
        keys[i] = (struct key){json ? 1 : field, descending, dice_coin(dice) ? descending : dice_coin(dice)};
    }
}

static void order_by_keys(cuvee_query *q)
{
    for (size_t i = 0; i < key_count; i++) {
        cuvee_direction direction = keys[i].descending ? CUVEE_DESCENDING : CUVEE_ASCENDING;
        if (keys[i].nulls_first == keys[i].descending) /* as it is by itself */
            cuvee_order_by(q, sample_name(keys[i].field), direction);
        else
            cuvee_order_by_nulls(q, sample_name(keys[i].field), direction, keys[i].nulls_first);
    }
}

static void rows_come_in_order(void **state)
{
    struct world *world = *state;
    struct dice dice = {2};
    static struct rows rows;
    static struct forest forest;
    add_rows(world, &rows, &dice);
    cuvee_session *s = session_on(world);
    for (size_t i = 0; i < times(ORDERED); i++) {
        const Sample *expected[ORACLE_ROWS];
        const struct node *tree = oracle_tree(&forest, &dice, 1);
        size_t count = expected_rows(&rows, tree, expected);
        throw_keys(&dice);
        qsort(expected, count, sizeof expected[0], by_keys);
        cuvee_query *q = select_where(s, tree);
        order_by_keys(q);
        cuvee_order_by(q, "id", CUVEE_ASCENDING);
        assert_same(cuvee_all(q), expected, count);
        size_t offset = dice_throw(&dice, ORACLE_ROWS), limit = dice_throw(&dice, ORACLE_ROWS);
        cuvee_offset(q, offset);
        cuvee_limit(q, limit);
        size_t from = offset < count ? offset : count;
        assert_same(cuvee_all(q), expected + from, limit < count - from ? limit : count - from);
        assert_ptr_equal(cuvee_first(q),
                         limit && from < count ? cuvee_get(s, &sample_model, expected[from]->id) : NULL);
        assert_int_equal(cuvee_count(q), count); /* whatever the page */
        assert_good(s);
    }
    cuvee_session_close(s);
}

/* ---- page by page ---- */

static void pages_neither_overlap_nor_leave_out(void **state)
{
    struct world *world = *state;
    struct dice dice = {3};
    static struct rows rows;
    static struct forest forest;
    add_rows(world, &rows, &dice);
    cuvee_session *s = session_on(world);
    for (size_t i = 0; i < times(ORDERED); i++) {
        const Sample *expected[ORACLE_ROWS];
        const struct node *tree = oracle_tree(&forest, &dice, 1);
        size_t count = expected_rows(&rows, tree, expected), seen = 0;
        throw_keys(&dice);
        qsort(expected, count, sizeof expected[0], by_keys);
        size_t page_size = 1 + dice_throw(&dice, 9);
        const void *last = NULL;
        for (;;) {
            cuvee_query *q = select_where(s, tree);
            order_by_keys(q);
            cuvee_after(q, last);
            cuvee_limit(q, page_size);
            cuvee_list page = cuvee_all(q);
            assert_good(s);
            size_t left = count - seen;
            assert_same(page, expected + seen, left < page_size ? left : page_size);
            if (page.count == 0)
                break;
            seen += page.count;
            last = page.items[page.count - 1];
        }
        assert_int_equal(seen, count);
    }
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(filters_find_what_they_should),
        WORLD_TEST(rows_come_in_order),
        WORLD_TEST(pages_neither_overlap_nor_leave_out),
    };
    return WORLD_MAIN(argc, argv, "random queries", tests);
}
