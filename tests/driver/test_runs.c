/* Statements and their runs: what is prepared, rows, changes, several at once, batches. */
#include "driver/support.h"

#include <stdio.h>

/* Table t with ids 1 to `count` and texts "row 1" …. */
static void fill(struct cv_connection *connection, int count)
{
    make(connection, "CREATE TABLE t (id %l PRIMARY KEY, name %t)%;");
    for (int i = 1; i <= count; i++) {
        char name[24];
        snprintf(name, sizeof name, "row %d", i);
        run_with(connection, "INSERT INTO t (id, name) VALUES (?, ?)", "lt",
                 VALUES(cuvee_int_value(i), cuvee_text_value(name)));
    }
}

/* ---- preparing ---- */

static void a_text_is_one_statement(void **state)
{
    struct engine *engine = *state;
    static const char *const many[] = {"SELECT 1; SELECT 2", "SELECT 1; DROP TABLE t", "SELECT 1; nonsense"};
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
        cuvee_error error = prepare_refused(engine->connection, many[i], "", NULL);
        assert_true(error.kind == CUVEE_ERROR_MISUSE || strcmp(error.sqlstate, "42601") == 0);
    }
}

static void a_text_without_a_statement_is_refused(void **state)
{
    struct engine *engine = *state;
    static const char *const none[] = {"", " ", "-- only a comment\n"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        cuvee_error error = prepare_refused(engine->connection, none[i], "", NULL);
        assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    }
}

static void nonsense_is_a_syntax_error(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = prepare_refused(engine->connection, "SELEC 1", "", NULL);
    assert_error(&error, CUVEE_ERROR_DATABASE, "42601");
    error = prepare_refused(engine->connection, "SELECT id FROM missing", "", "l");
    assert_error(&error, CUVEE_ERROR_SCHEMA, "42P01");
}

static void parameters_and_columns_are_counted(void **state)
{
    struct engine *engine = *state;
    fill(engine->connection, 1);
    cuvee_error error = prepare_refused(engine->connection, "SELECT id FROM t WHERE id = ?", "", "l");
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    assert_says(&error, "1 parameters, but 0");
    error = prepare_refused(engine->connection, "SELECT id, name FROM t", "", "l");
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    assert_says(&error, "2 columns, but 1");
    struct cv_statement *statement = prepare(engine->connection, "SELECT id, name FROM t WHERE id = ?", "l", "lt");
    assert_int_equal(statement->param_count, 1);
    assert_int_equal(statement->column_count, 2);
    assert_ptr_equal(statement->connection, engine->connection);
    finalize(statement);
}

static void the_text_is_not_needed_after_prepare(void **state)
{
    struct engine *engine = *state;
    char sql[] = "SELECT 42";
    struct cv_statement *statement = prepare(engine->connection, sql, "", NULL);
    memset(sql, 'x', sizeof sql - 1);
    start(statement, NULL);
    assert_int_equal(fetch(statement)->as.integer, 42);
    finish(statement);
    finalize(statement);
}

/* ---- rows ---- */

static void rows_come_in_turn_and_end(void **state)
{
    struct engine *engine = *state;
    fill(engine->connection, 3);
    struct cv_statement *statement = prepare(engine->connection, "SELECT id, name FROM t ORDER BY id", "", "lt");
    for (int again = 0; again < 2; again++) {
        start(statement, NULL);
        for (int i = 1; i <= 3; i++) {
            char name[24];
            const cuvee_value *cells = fetch(statement);
            snprintf(name, sizeof name, "row %d", i);
            assert_int_equal(cells[0].as.integer, i);
            assert_text(&cells[1], name);
        }
        assert_null(fetch(statement));
        assert_null(fetch(statement)); /* the end stays the end */
        assert_int_equal(finish(statement), 0);
    }
    finalize(statement);
}

static void a_run_may_end_before_its_rows(void **state)
{
    struct engine *engine = *state;
    fill(engine->connection, 100);
    struct cv_statement *statement = prepare(engine->connection, "SELECT id FROM t ORDER BY id", "", "l");
    for (int again = 0; again < 3; again++) {
        start(statement, NULL);
        assert_int_equal(fetch(statement)->as.integer, 1);
        finish(statement);
    }
    finalize(statement);
}

static void runs_are_started_and_finished_in_turn(void **state)
{
    struct engine *engine = *state;
    fill(engine->connection, 2);
    struct cv_statement *statement = prepare(engine->connection, "SELECT id FROM t ORDER BY id", "", "l");
    cuvee_error error = fetch_refused(statement);
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    assert_int_equal(finish(statement), 0); /* nothing to finish */
    start(statement, NULL);
    assert_non_null(fetch(statement));
    error = start_refused(statement, NULL);
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    assert_int_equal(fetch(statement)->as.integer, 2); /* the run goes on */
    finish(statement);
    finalize(statement);
}

static void statements_interleave(void **state)
{
    struct engine *engine = *state;
    fill(engine->connection, 50);
    struct cv_statement *up = prepare(engine->connection, "SELECT id FROM t ORDER BY id", "", "l");
    struct cv_statement *down = prepare(engine->connection, "SELECT id, name FROM t ORDER BY id DESC", "", "lt");
    struct cv_statement *one = prepare(engine->connection, "SELECT name FROM t WHERE id = ?", "l", "t");
    start(up, NULL);
    start(down, NULL);
    for (int i = 1; i <= 50; i++) {
        assert_int_equal(fetch(up)->as.integer, i);
        assert_int_equal(fetch(down)->as.integer, 51 - i);
        start(one, VALUES(cuvee_int_value(i)));
        assert_non_null(fetch(one));
        finish(one);
    }
    assert_null(fetch(up));
    assert_null(fetch(down));
    finish(up);
    finish(down);
    finalize(up);
    finalize(down);
    finalize(one);
}

static void writes_between_the_rows_of_a_read(void **state)
{
    struct engine *engine = *state;
    fill(engine->connection, 20);
    struct cv_statement *read = prepare(engine->connection, "SELECT id FROM t WHERE id <= 20 ORDER BY id", "", "l");
    begin(engine->connection);
    start(read, NULL);
    for (int i = 1; i <= 20; i++) {
        assert_int_equal(fetch(read)->as.integer, i);
        run_with(engine->connection, "UPDATE t SET name = ? WHERE id = ?", "tl",
                 VALUES(cuvee_text_value("changed"), cuvee_int_value(i)));
    }
    assert_null(fetch(read));
    finish(read);
    commit(engine->connection);
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM t WHERE name = 'changed'"), 20);
    finalize(read);
}

static void raw_columns_are_as_the_engine_has_them(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE r (l %l, d %d, t %t, x %x)%;");
    run_with(engine->connection, "INSERT INTO r (l, d, t, x) VALUES (?, ?, ?, ?)", "ldtx",
             VALUES(cuvee_int_value(7), cuvee_double_value(1.5), cuvee_text_value("text"),
                    cuvee_blob_value((cuvee_blob){"\0\xFF", 2})));
    struct cv_statement *statement = prepare(engine->connection, "SELECT l, d, t, x, NULL FROM r", "", NULL);
    assert_int_equal(statement->column_count, 5);
    start(statement, NULL);
    const cuvee_value *cells = fetch(statement);
    assert_int_equal(cells[0].kind, CUVEE_INT64);
    assert_int_equal(cells[0].as.integer, 7);
    assert_int_equal(cells[1].kind, CUVEE_DOUBLE);
    assert_true(cells[1].as.real == 1.5);
    assert_int_equal(cells[2].kind, CUVEE_TEXT);
    assert_text(&cells[2], "text");
    assert_int_equal(cells[3].kind, CUVEE_BLOB);
    assert_int_equal(cells[3].as.text.size, 2);
    assert_int_equal(cells[4].kind, 0);
    finish(statement);
    finalize(statement);
}

/* ---- writes ---- */

static void a_write_without_columns_is_done_by_start(void **state)
{
    struct engine *engine = *state;
    fill(engine->connection, 3);
    struct cv_statement *statement = prepare(engine->connection, "DELETE FROM t WHERE id > ?", "l", NULL);
    start(statement, VALUES(cuvee_int_value(1)));
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM t"), 1);
    assert_null(fetch(statement));
    assert_int_equal(finish(statement), 2);
    start(statement, VALUES(cuvee_int_value(1)));
    assert_int_equal(finish(statement), 0);
    finalize(statement);
}

static void changes_are_those_of_the_statement_itself(void **state)
{
    struct engine *engine = *state;
    fill(engine->connection, 5);
    struct cv_statement *read = prepare(engine->connection, "SELECT id FROM t", "", "l");
    assert_int_equal(
        run_with(engine->connection, "UPDATE t SET name = NULL WHERE id < ?", "l", VALUES(cuvee_int_value(4))), 3);
    start(read, NULL);
    fetch(read);
    assert_int_equal(finish(read), 0); /* not the update's */
    assert_int_equal(run_with(engine->connection, "CREATE TABLE other_table (x INTEGER)", "", NULL), 0);
    assert_int_equal(run_with(engine->connection, "DELETE FROM t", "", NULL), 5);
    assert_int_equal(run_with(engine->connection, "DELETE FROM t", "", NULL), 0);
    finalize(read);
}

static void a_write_that_returns_rows(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, name %t)%;");
    struct cv_statement *statement =
        prepare(engine->connection, "INSERT INTO t (id, name) VALUES (?, ?), (?, ?) RETURNING id", "ltlt", "l");
    start(statement, VALUES(cuvee_int_value(1), cuvee_text_value("a"), cuvee_int_value(2), cuvee_text_value("b")));
    assert_int_equal(fetch(statement)->as.integer, 1);
    assert_int_equal(fetch(statement)->as.integer, 2);
    assert_null(fetch(statement));
    assert_int_equal(finish(statement), 2);
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM t"), 2);
    cuvee_error error = run_with_refused(engine->connection, "INSERT INTO t (id) VALUES (?) RETURNING id", "l",
                                         VALUES(cuvee_int_value(1)));
    assert_error(&error, CUVEE_ERROR_UNIQUE, "23505");
    finalize(statement);
}

static void a_failed_write_can_be_started_again(void **state)
{
    struct engine *engine = *state;
    fill(engine->connection, 1);
    struct cv_statement *statement = prepare(engine->connection, "INSERT INTO t (id) VALUES (?)", "l", NULL);
    cuvee_error error = start_refused(statement, VALUES(cuvee_int_value(1)));
    assert_error(&error, CUVEE_ERROR_UNIQUE, "23505");
    start(statement, VALUES(cuvee_int_value(2))); /* no finish needed after a start that failed */
    assert_int_equal(finish(statement), 1);
    finalize(statement);
}

/* ---- batches ---- */

struct batch {
    int64_t first;
    size_t stop_row;  /* row() stops there; SIZE_MAX: never */
    size_t stop_done; /* done() */
    size_t rows;
    size_t dones;
    int64_t changes;
    int64_t ids[64];
    char names[64][16];
};

static bool next_row(void *arg, size_t i, cuvee_value *params)
{
    struct batch *batch = arg;
    if (i == batch->stop_row)
        return false;
    snprintf(batch->names[i], sizeof batch->names[i], "name %zu", i);
    params[0] = cuvee_int_value(batch->first + (int64_t)i);
    params[1] = cuvee_text_value(batch->names[i]);
    batch->rows++;
    return true;
}

static bool row_done(void *arg, size_t i, int64_t changes, int64_t id)
{
    struct batch *batch = arg;
    assert_int_equal(i, batch->dones);
    batch->dones++;
    batch->changes += changes;
    batch->ids[i] = id;
    return i != batch->stop_done;
}

static struct batch batch_from(int64_t first)
{
    return (struct batch){.first = first, .stop_row = SIZE_MAX, .stop_done = SIZE_MAX};
}

static bool run_batch(struct cv_statement *statement, struct batch *batch, size_t count, cuvee_error *error)
{
    struct cv_batch many = {.count = count, .row = next_row, .done = row_done, .arg = batch};
    return statement->connection->driver->run_many(statement, &many, error);
}

static struct cv_statement *batch_statement(struct cv_connection *connection)
{
    make(connection, "CREATE TABLE t (id %l PRIMARY KEY, name %t)%;");
    return prepare(connection, "INSERT INTO t (id, name) VALUES (?, ?)", "lt", NULL);
}

static void a_batch_runs_all_and_tells_of_each(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_statement *statement = batch_statement(engine->connection);
    struct batch batch = batch_from(1);
    assert_true(run_batch(statement, &batch, 50, &error));
    assert_int_equal(batch.rows, 50);
    assert_int_equal(batch.dones, 50);
    assert_int_equal(batch.changes, 50);
    struct batch more = batch_from(51);
    assert_true(run_batch(statement, &more, 10, &error));
    assert_true(run_batch(statement, &more, 0, &error));
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM t"), 60);
    assert_int_equal(ask(engine->other, "SELECT id FROM t WHERE name = 'name 49'"), 50);
    start(statement, VALUES(cuvee_int_value(100), cuvee_null())); /* and it still runs alone */
    assert_int_equal(finish(statement), 1);
    finalize(statement);
}

/* Keys come back the same way whatever the connection did before. */
static void a_batch_after_a_read(void **state)
{
    struct engine *engine = *state;
    bool returning = engine->connection->driver->dialect->id_by_returning;
    cuvee_error error = {0};
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, name %t)%;");
    struct cv_statement *statement = prepare(engine->connection,
                                             returning ? "INSERT INTO t (id, name) VALUES (?, ?) RETURNING id"
                                                       : "INSERT INTO t (id, name) VALUES (?, ?)",
                                             "lt", returning ? "l" : NULL);
    for (int64_t first = 1; first < 10; first += 3) {
        assert_int_equal(ask(engine->connection, "SELECT count(*) FROM t"), first - 1);
        struct batch batch = batch_from(first);
        assert_true(run_batch(statement, &batch, 3, &error));
        assert_int_equal(batch.changes, 3);
        for (int64_t i = 0; returning && i < 3; i++)
            assert_int_equal(batch.ids[i], first + i);
    }
    finalize(statement);
}

static void a_batch_without_ears(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_statement *statement = batch_statement(engine->connection);
    struct batch batch = batch_from(1);
    struct cv_batch many = {.count = 5, .row = next_row, .arg = &batch};
    assert_true(engine->connection->driver->run_many(statement, &many, &error));
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM t"), 5);
    finalize(statement);
}

static void a_batch_in_a_transaction_stops_at_its_first_error(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_statement *statement = batch_statement(engine->connection);
    run(engine->connection, "INSERT INTO t (id) VALUES (4)");
    struct batch batch = batch_from(1);
    begin(engine->connection);
    assert_false(run_batch(statement, &batch, 10, &error));
    assert_error(&error, CUVEE_ERROR_UNIQUE, "23505");
    assert_true(batch.dones <= 3);
    engine->connection->driver->rollback(engine->connection);
    assert_int_equal(ask(engine->other, "SELECT count(*) FROM t"), 1);
    struct batch good = batch_from(5);
    cv_error_clear(&error);
    assert_true(run_batch(statement, &good, 3, &error));
    finalize(statement);
}

static void a_batch_is_stopped_by_its_caller_without_an_error_of_its_own(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_statement *statement = batch_statement(engine->connection);
    struct batch batch = batch_from(1);
    batch.stop_row = 3;
    begin(engine->connection);
    assert_false(run_batch(statement, &batch, 10, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_NONE);
    engine->connection->driver->rollback(engine->connection);
    batch = batch_from(1);
    batch.stop_done = 3;
    begin(engine->connection);
    assert_false(run_batch(statement, &batch, 10, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_NONE);
    assert_int_equal(batch.dones, 4);
    engine->connection->driver->rollback(engine->connection);
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM t"), 0);
    finalize(statement);
}

static bool bad_row(void *arg, size_t i, cuvee_value *params)
{
    (void)arg;
    params[0] = cuvee_int_value((int64_t)i);
    params[1] = i == 2 ? cuvee_text_value("\xFF") : cuvee_text_value("good");
    return true;
}

static void a_batch_refuses_what_no_kind_can_hold(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_statement *statement = batch_statement(engine->connection);
    struct cv_batch many = {.count = 5, .row = bad_row};
    begin(engine->connection);
    assert_false(engine->connection->driver->run_many(statement, &many, &error));
    assert_error(&error, CUVEE_ERROR_VALUE, "22000");
    engine->connection->driver->rollback(engine->connection);
    finalize(statement);
}

static void a_batch_while_its_statement_runs_is_misuse(void **state)
{
    struct engine *engine = *state;
    cuvee_error error = {0};
    fill(engine->connection, 2);
    struct cv_statement *statement = prepare(engine->connection, "SELECT id FROM t", "", "l");
    start(statement, NULL);
    fetch(statement);
    struct batch batch = batch_from(1);
    assert_false(run_batch(statement, &batch, 1, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_MISUSE);
    finish(statement);
    finalize(statement);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(a_text_is_one_statement),
        ENGINE_TEST(a_text_without_a_statement_is_refused),
        ENGINE_TEST(nonsense_is_a_syntax_error),
        ENGINE_TEST(parameters_and_columns_are_counted),
        ENGINE_TEST(the_text_is_not_needed_after_prepare),
        ENGINE_TEST(rows_come_in_turn_and_end),
        ENGINE_TEST(a_run_may_end_before_its_rows),
        ENGINE_TEST(runs_are_started_and_finished_in_turn),
        ENGINE_TEST(statements_interleave),
        ENGINE_TEST(writes_between_the_rows_of_a_read),
        ENGINE_TEST(raw_columns_are_as_the_engine_has_them),
        ENGINE_TEST(a_write_without_columns_is_done_by_start),
        ENGINE_TEST(changes_are_those_of_the_statement_itself),
        ENGINE_TEST(a_write_that_returns_rows),
        ENGINE_TEST(a_failed_write_can_be_started_again),
        ENGINE_TEST(a_batch_runs_all_and_tells_of_each),
        ENGINE_TEST(a_batch_after_a_read),
        ENGINE_TEST(a_batch_without_ears),
        ENGINE_TEST(a_batch_in_a_transaction_stops_at_its_first_error),
        ENGINE_TEST(a_batch_is_stopped_by_its_caller_without_an_error_of_its_own),
        ENGINE_TEST(a_batch_refuses_what_no_kind_can_hold),
        ENGINE_TEST(a_batch_while_its_statement_runs_is_misuse),
    };
    return ENGINE_MAIN(argc, argv, "runs", tests);
}
