/* Rows one by one: as structs and as values, several at a time, beside writes, and with memory for one row. */
#include <cuvee/sql.h>
#include <stdio.h>

#include "session/sample.h"
#include "session/support.h"

static void add_samples(const struct world *world, int count)
{
    cuvee_session *s = session_on(world);
    char text[32];
    for (int i = 1; i <= count; i++) {
        snprintf(text, sizeof text, "sample %d", i);
        Sample sample = {.small = i, .text = text, .uuid.bytes[0] = (uint8_t)i, .opt_large = {i % 2 == 0, i}};
        assert_non_null(cuvee_add(s, &sample_model, &sample));
    }
    commit_and_close(s);
}

static void structs_one_by_one(void **state)
{
    struct world *world = *state;
    add_samples(world, 3);
    cuvee_session *s = session_on(world);
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(s, &sample_model));
    assert_int_equal(cuvee_rows_width(rows), SAMPLE_FIELDS);
    const void *place = NULL;
    for (int i = 1; i <= 3; i++) {
        const Sample *row = cuvee_next(rows);
        assert_non_null(row);
        assert_true(!place || place == row); /* one row's memory */
        place = row;
        assert_int_equal(row->id, i);
        assert_int_equal(strtol(row->text + strlen("sample "), NULL, 10), i);
        assert_int_equal(row->opt_large.set, i % 2 == 0);
        assert_int_equal(row->opt_large.value, i % 2 == 0 ? i : 0);
    }
    assert_null(cuvee_next(rows));
    assert_null(cuvee_next(rows));
    assert_good(s);
    assert_null(cuvee_edit(s, place));
    assert_failed(s, CUVEE_ERROR_MISUSE, "no object of this session");
    cuvee_rows_close(rows);
    cuvee_session_close(s);
}

static void values_one_by_one(void **state)
{
    struct world *world = *state;
    add_samples(world, 2);
    cuvee_session *s = session_on(world);
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(s, &sample_model));
    const cuvee_value *values = cuvee_next_values(rows);
    assert_int_equal(values[0].as.integer, 1);
    assert_int_equal(values[2].kind, CUVEE_INT32);
    assert_int_equal(values[14].kind, 0);
    const Sample *row = cuvee_next(rows); /* both views of the same rows */
    assert_int_equal(row->id, 2);
    cuvee_rows_close(rows);
    assert_good(s);
    cuvee_session_close(s);
}

static void picks_are_no_structs(void **state)
{
    struct world *world = *state;
    add_samples(world, 1);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_pick(q, "text");
    cuvee_pick(q, "id");
    cuvee_rows *rows = cuvee_rows_open(q);
    assert_int_equal(cuvee_rows_width(rows), 2);
    assert_null(cuvee_next(rows));
    assert_good(s);
    const cuvee_value *values = cuvee_next_values(rows);
    assert_non_null(values);
    assert_int_equal(values[0].as.text.size, strlen("sample 1"));
    assert_string_equal(values[0].as.text.data, "sample 1");
    cuvee_rows_close(rows);
    assert_int_equal(cuvee_all(q).count, 0);
    assert_failed(s, CUVEE_ERROR_MISUSE, "picks");
    cuvee_session_close(s);
}

static void rows_come_without_relations(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "profile");
    assert_null(cuvee_rows_open(q));
    assert_failed(s, CUVEE_ERROR_MISUSE, "without relations");
    cuvee_session_close(s);
}

/* Two runs of one statement, each at its own place. */
static void two_at_a_time(void **state)
{
    struct world *world = *state;
    add_samples(world, 10);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_rows *ahead = cuvee_rows_open(q), *behind = cuvee_rows_open(q);
    for (int i = 0; i < 3; i++)
        cuvee_next(ahead);
    for (int i = 1; i <= 7; i++) {
        const Sample *a = cuvee_next(ahead), *b = cuvee_next(behind);
        assert_non_null(a);
        assert_non_null(b);
        assert_int_equal(a->small, i + 3);
        assert_int_equal(b->small, i);
    }
    assert_null(cuvee_next(ahead));
    assert_non_null(cuvee_next(behind));
    cuvee_rows_close(ahead);
    assert_non_null(cuvee_next(behind));
    cuvee_rows_close(behind);
    assert_good(s);
    cuvee_session_close(s);
}

/* The values that a run was given are its own, whatever runs in the meantime. */
static void values_stay_with_their_run(void **state)
{
    struct world *world = *state;
    add_samples(world, 8);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_uuid from = {{3}}, other = {{9}};
    cuvee_where(q, cuvee_or(q, cuvee_ge(q, "uuid", from), cuvee_eq(q, "text", "sample 1")));
    cuvee_order_by(q, "id", CUVEE_ASCENDING);
    cuvee_rows *rows = cuvee_rows_open(q);
    const int expected[] = {1, 3, 4, 5, 6, 7, 8};
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const Sample *row = cuvee_next(rows);
        assert_non_null(row);
        assert_int_equal(row->small, expected[i]);
        cuvee_query *between = cuvee_select(s, &sample_model);
        cuvee_where(between, cuvee_or(between, cuvee_gt(between, "uuid", other), cuvee_eq(between, "text", "nobody")));
        assert_int_equal(cuvee_count(between), 0);
        cuvee_value many[40];
        for (size_t k = 0; k < 40; k++)
            many[k] = CUVEE_VALUE("other");
        cuvee_where(between, cuvee_in(between, "text", many, 40));
        assert_false(cuvee_exists(between));
    }
    assert_null(cuvee_next(rows));
    cuvee_rows_close(rows);
    assert_good(s);
    cuvee_session_close(s);
}

static void raw_values_stay_with_their_run(void **state)
{
    struct world *world = *state;
    add_samples(world, 3);
    cuvee_session *s = session_on(world);
    char *text = strdup("sample 1");
    cuvee_value value = cuvee_text_value(text);
    cuvee_rows *rows = cuvee_sql_rows(s, &sales_base, "SELECT id FROM samples WHERE text > ? ORDER BY id", &value, 1);
    memset(text, 'z', strlen(text));
    free(text);
    assert_int_equal(cuvee_next_values(rows)->as.integer, 2);
    assert_int_equal(cuvee_next_values(rows)->as.integer, 3);
    assert_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
    assert_good(s);
    cuvee_session_close(s);
}

/* Rows are written while others are read from the same database. */
static void writing_while_reading(void **state)
{
    struct world *world = *state;
    add_samples(world, 20);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_rows *rows = cuvee_rows_open(q);
    const Sample *row;
    int64_t sum = 0;
    while ((row = cuvee_next(rows)) != NULL && row->id <= 20) {
        int64_t id = row->id; /* the row is overwritten with the next */
        Sample *edit = cuvee_edit(s, cuvee_get(s, &sample_model, id));
        edit->large = id * 2;
        sum += id * 2;
        assert_true(cuvee_flush(s));
    }
    assert_good(s);
    cuvee_rows_close(rows);
    commit_and_close(s);
    assert_int_equal(ask(world, &sales_base, "SELECT SUM(large) FROM samples"), sum);
}

static void open_rows_see_the_pending_changes_before_them(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    cuvee_add(s, &sample_model, &(Sample){.text = "new"});
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(s, &sample_model));
    const Sample *row = cuvee_next(rows);
    assert_non_null(row);
    assert_string_equal(row->text, "new");
    cuvee_rows_close(rows);
    cuvee_session_close(s);
    s = cuvee_session_open(world->blend, .no_autoflush = true);
    cuvee_add(s, &sample_model, &(Sample){.text = "new"});
    rows = cuvee_rows_open(cuvee_select(s, &sample_model));
    assert_null(cuvee_next(rows));
    cuvee_rows_close(rows);
    assert_good(s);
    cuvee_session_close(s);
}

static void read_only_sessions_read(void **state)
{
    struct world *world = *state;
    add_samples(world, 2);
    cuvee_session *s = cuvee_session_open(world->blend, .read_only = true);
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(s, &sample_model));
    int seen = 0;
    while (cuvee_next(rows))
        seen++;
    assert_int_equal(seen, 2);
    cuvee_rows_close(rows);
    cuvee_list list = cuvee_all(cuvee_select(s, &sample_model));
    assert_int_equal(list.count, 2);
    assert_ptr_not_equal(cuvee_get(s, &sample_model, 1), list.items[0]); /* no map of objects is kept */
    assert_good(s);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_for_update(q);
    assert_int_equal(cuvee_all(q).count, 0);
    assert_failed(s, CUVEE_ERROR_READ_ONLY, "read-only");
    cuvee_session_close(s);
}

static void rows_that_are_left_open(void **state)
{
    struct world *world = *state;
    add_samples(world, 3);
    cuvee_session *s = session_on(world);
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(s, &sample_model));
    cuvee_next(rows);
    assert_true(cuvee_rollback(s));
    assert_null(cuvee_next(rows));
    assert_failed(s, CUVEE_ERROR_MISUSE, "ended with their transaction");
    cuvee_rollback(s);
    cuvee_rows *other = cuvee_rows_open(cuvee_select(s, &sample_model));
    cuvee_next(other);
    cuvee_session_close(s);
    assert_null(cuvee_next(other));
    assert_null(cuvee_next_values(rows));
    assert_null(cuvee_rows_name(other, 0));
    cuvee_rows_close(rows);
    cuvee_rows_close(other);
}

/* Statements are kept: the second run of a shape prepares nothing, whatever its values. */
static void statements_are_prepared_once(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 5; i++) {
        cuvee_session *s = session_on(world);
        cuvee_query *q = cuvee_select(s, &sample_model);
        cuvee_where(q, cuvee_eq(q, "small", i));
        cuvee_limit(q, (uint64_t)i);
        cuvee_all(q);
        assert_good(s);
        cuvee_session_close(s);
    }
    const char *record = cv_script_text(&world->sales_calls);
    const char *first = strstr(record, "prepare SELECT");
    assert_non_null(first);
    assert_null(strstr(first + 1, "prepare SELECT"));
}

/* The hook hears of each statement when it is over. */
struct heard {
    size_t count;
    uint64_t rows;
    bool failed;
    char sql[400], database[64];
};

static void hear(void *arg, const cuvee_statement_info *statement)
{
    struct heard *heard = arg;
    heard->count++;
    heard->rows = statement->rows;
    heard->failed = statement->failed;
    assert_true(statement->microseconds >= 0);
    snprintf(heard->sql, sizeof heard->sql, "%s", statement->sql);
    snprintf(heard->database, sizeof heard->database, "%s", statement->database);
}

static void statements_can_be_seen(void **state)
{
    struct world *world = *state;
    add_samples(world, 5);
    struct heard heard = {0};
    cuvee_session *s = cuvee_session_open(world->blend, .on_statement = hear, .on_statement_arg = &heard);
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_gt(q, "text", "secret"));
    cuvee_pick(q, "id");
    cuvee_rows *rows = cuvee_rows_open(q);
    assert_int_equal(heard.count, 0);
    assert_int_equal(cuvee_session_statements(s), 1);
    cuvee_rows_close(rows);
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.rows, 0);
    assert_string_equal(heard.database, "sales");
    assert_non_null(strstr(heard.sql, quoted(&sales_base, "FROM \"samples\" WHERE \"text\" >")));
    assert_null(strstr(heard.sql, "secret"));
    assert_int_equal(cuvee_all(cuvee_select(s, &sample_model)).count, 5);
    assert_int_equal(heard.count, 2);
    assert_int_equal(heard.rows, 5);
    assert_false(heard.failed);
    q = cuvee_select(s, &sample_model);
    cuvee_delete_where(q);
    assert_int_equal(heard.rows, 5);
    assert_int_equal(cuvee_session_statements(s), 3);
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(structs_one_by_one),
        WORLD_TEST(values_one_by_one),
        WORLD_TEST(picks_are_no_structs),
        WORLD_TEST(rows_come_without_relations),
        WORLD_TEST(two_at_a_time),
        WORLD_TEST(values_stay_with_their_run),
        WORLD_TEST(raw_values_stay_with_their_run),
        WORLD_TEST(writing_while_reading),
        WORLD_TEST(open_rows_see_the_pending_changes_before_them),
        WORLD_TEST(read_only_sessions_read),
        WORLD_TEST(rows_that_are_left_open),
        SCRIPTED_TEST(statements_are_prepared_once),
        WORLD_TEST(statements_can_be_seen),
    };
    return WORLD_MAIN(argc, argv, "rows", tests);
}
