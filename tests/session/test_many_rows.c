/*
 * Many rows with memory for one, and many steps with memory for what they leave. CUVEE_LONG=1 makes the rows a million.
 */
#include <cuvee/sql.h>
#include <stdio.h>
#include <unistd.h>

#include "session/objects.h"
#include "session/sample.h"
#include "session/support.h"
#include "support/resident.h"

enum { ROWS = 100000, ROWS_LONG = 1000000, MOST_BYTES = 16 << 20, STEPS = 2000, MOST_STEP_BYTES = 1 << 20 };

static int64_t row_count(void)
{
    return getenv("CUVEE_LONG") ? ROWS_LONG : ROWS;
}

static void fill(const struct world *world)
{
    char sql[600];
    snprintf(
        sql, sizeof sql,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %lld) "
        "INSERT INTO samples (id, flag, small, large, real, text, at, day, amount, uuid, blob, json) SELECT "
        "i, 0, i %% 1000, i, 0.5, 'the text of row ' || i, i, '2024-01-31', '1.5', zeroblob(16), x'00', 'null' FROM n",
        (long long)row_count());
    assert_int_equal(someone_else(world, &sales_base, sql), row_count());
}

static void rows_one_by_one_take_memory_for_one(void **state)
{
    struct world *world = *state;
    fill(world);
    cuvee_session *s = session_on(world);
    cuvee_count(cuvee_select(s, &sample_model)); /* connected, and its cache is warm */
    size_t before = resident(), most = before, arena = s->arena.total;
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(s, &sample_model));
    const Sample *row;
    int64_t seen = 0, length = 0;
    while ((row = cuvee_next(rows)) != NULL) {
        assert_int_equal(row->large, ++seen);
        length += (int64_t)strlen(row->text);
        size_t now = seen % 5000 == 0 ? resident() : 0;
        most = now > most ? now : most;
    }
    cuvee_rows_close(rows);
    assert_good(s);
    assert_int_equal(seen, row_count());
    assert_true(length > seen * 16);
    assert_in_range(most - before, 0, MOST_BYTES);
    assert_in_range(s->arena.total - arena, 0, 4096);
    cuvee_session_close(s);
}

static void changes_by_filter_load_nothing(void **state)
{
    struct world *world = *state;
    fill(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_lt(q, "small", 500));
    const cuvee_set set = {"flag", CUVEE_VALUE(true)};
    size_t arena = s->arena.total;
    assert_int_equal(cuvee_update_where(q, &set, 1), row_count() / 2);
    assert_int_equal(cuvee_delete_where(q), row_count() / 2);
    assert_in_range(s->arena.total - arena, 0, 4096);
    assert_int_equal(cuvee_count(cuvee_select(s, &sample_model)), row_count() / 2);
    assert_good(s);
    cuvee_session_close(s);
}

/* What was changed before is copied for each of them, and forgotten when it is over. */
static void a_savepoint_for_each_row_leaves_the_row(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    for (size_t i = 0; i < STEPS; i++) {
        cuvee_savepoint *savepoint = cuvee_savepoint_set(s);
        char name[20];
        snprintf(name, sizeof name, "user%zu", i);
        add_user(s, name);
        assert_true(i % 2 ? cuvee_savepoint_rollback(s, savepoint) : cuvee_savepoint_release(s, savepoint));
    }
    assert_in_range(s->arena.total, 0, MOST_STEP_BYTES);
    assert_non_null(cuvee_savepoint_set(s)); /* the leak sanitizer tells if it outlives its session */
    cuvee_flush(s);
    assert_int_equal(cuvee_count(cuvee_select(s, &user_model)), STEPS / 2);
    cuvee_session_close(s);
}

static void a_flush_for_each_row_leaves_the_row(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &category_model);
    for (size_t i = 0; i < STEPS; i++) {
        cuvee_add(s, &category_model, &(Category){.name = "one of many"});
        assert_true(cuvee_exists(q));
    }
    assert_in_range(s->arena.total, 0, MOST_STEP_BYTES);
    commit_and_close(s);
    assert_int_equal(rows_of(world, &category_model), STEPS);
}

/* What is left of an upsert is its object's text, read again; the row itself and how it was found are not. */
static void many_upserts_leave_next_to_nothing(void **state)
{
    enum { UPSERTS = 10000, BYTES_EACH = 32 };
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    const Stock *bolts = cuvee_upsert(s, &stock_model, &(Stock){1, "bolt", 0}, "warehouse, sku", "count");
    assert_non_null(bolts);
    size_t before = s->arena.total + s->handles.total;
    for (int i = 1; i <= UPSERTS; i++)
        assert_ptr_equal(cuvee_upsert(s, &stock_model, &(Stock){1, "bolt", i}, "warehouse, sku", "count"), bolts);
    assert_int_equal(bolts->count, UPSERTS);
    assert_in_range(s->arena.total + s->handles.total - before, 0, UPSERTS * BYTES_EACH);
    commit_and_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(rows_one_by_one_take_memory_for_one),     WORLD_TEST(changes_by_filter_load_nothing),
        WORLD_TEST(a_savepoint_for_each_row_leaves_the_row), WORLD_TEST(a_flush_for_each_row_leaves_the_row),
        WORLD_TEST(many_upserts_leave_next_to_nothing),
    };
    return WORLD_MAIN(argc, argv, "many rows", tests);
}
