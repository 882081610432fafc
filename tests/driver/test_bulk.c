/*
 * Many new rows at once, by each engine's quickest way, and by statements of many rows, which any engine with RETURNING
 * takes.
 */
#include "driver/support.h"

#include <stdio.h>

#include "driver/values.h"

struct rows {
    int64_t first;
    size_t stop_row;  /* row() stops there; SIZE_MAX: never */
    size_t stop_done; /* done() */
    size_t bad_row;   /* has a text that is none */
    size_t dones;
    int64_t *keys;
    char (*names)[24];
};

static bool next_row(void *arg, size_t i, cuvee_value *values)
{
    struct rows *rows = arg;
    if (i == rows->stop_row)
        return false;
    snprintf(rows->names[i], sizeof rows->names[i], "it's row %zu", i);
    values[0] = cuvee_int_value(rows->first + (int64_t)i);
    values[1] = i % 7 == 3 ? cuvee_null() : cuvee_text_value(i == rows->bad_row ? "\xFF" : rows->names[i]);
    return true;
}

static bool row_done(void *arg, size_t i, int64_t changes, int64_t key)
{
    struct rows *rows = arg;
    assert_int_equal(i, rows->dones);
    assert_int_equal(changes, 1);
    rows->keys[i] = key;
    rows->dones++;
    return i != rows->stop_done;
}

typedef bool (*insert_function)(struct cv_connection *connection, const struct cv_bulk *bulk, cuvee_error *error);

static const char *const columns[] = {"n", "na me"};
static const uint8_t kinds[] = {CUVEE_INT64, CUVEE_TEXT};

static void rows_open(struct rows *rows, size_t count)
{
    *rows = (struct rows){.stop_row = SIZE_MAX, .stop_done = SIZE_MAX, .bad_row = SIZE_MAX};
    rows->keys = calloc(count + 1, sizeof *rows->keys);
    rows->names = calloc(count + 1, sizeof *rows->names);
}

static void rows_close(struct rows *rows)
{
    free(rows->keys);
    free(rows->names);
}

static bool insert(struct engine *engine, insert_function how, struct rows *rows, size_t count, bool keys,
                   cuvee_error *error)
{
    struct cv_bulk bulk = {.table = "bu lk",
                           .columns = columns,
                           .kinds = kinds,
                           .column_count = 2,
                           .key = keys ? "id" : NULL,
                           .rows = {.count = count, .row = next_row, .done = row_done, .arg = rows}};
    return how(engine->connection, &bulk, error);
}

/* Both ways of the engine; one may be missing. */
static size_t ways(const struct engine *engine, insert_function found[2])
{
    size_t count = 0;
    found[count++] = cv_values_insert;
    if (engine->connection->driver->insert_many)
        found[count++] = engine->connection->driver->insert_many;
    return count;
}

static void quoted(const struct engine *engine, const char *sql)
{
    struct cv_buffer text;
    cv_buffer_init(&text, 0);
    for (; *sql; sql++)
        cv_buffer_char(&text, *sql == '\'' ? engine->connection->driver->dialect->quote : *sql);
    make(engine->connection, cv_buffer_text(&text));
    cv_buffer_free(&text);
}

static void make_keyed(const struct engine *engine)
{
    struct cv_buffer sql;
    cv_buffer_init(&sql, 0);
    run(engine->connection, engine->connection->driver->dialect->quote == '`' ? "DROP TABLE IF EXISTS `bu lk`"
                                                                              : "DROP TABLE IF EXISTS \"bu lk\"");
    cv_buffer_put(&sql, "CREATE TABLE 'bu lk' (id ");
    engine->connection->driver->dialect->type(&sql, &(struct cv_column_need){.kind = CUVEE_INT64, .auto_key = true});
    cv_buffer_put(&sql, ", n %l NOT NULL UNIQUE, 'na me' %t, PRIMARY KEY (id))%;");
    quoted(engine, cv_buffer_text(&sql));
    cv_buffer_free(&sql);
}

static int64_t count_rows(const struct engine *engine, struct cv_connection *connection)
{
    return ask(connection, engine->connection->driver->dialect->quote == '`' ? "SELECT count(*) FROM `bu lk`"
                                                                             : "SELECT count(*) FROM \"bu lk\"");
}

/* Row i has key keys[i], number first + i, and its name. */
static void assert_rows(struct engine *engine, const struct rows *rows, size_t count)
{
    bool tick = engine->connection->driver->dialect->quote == '`';
    struct cv_statement *read = prepare(engine->other,
                                        tick ? "SELECT n, `na me`, id FROM `bu lk` ORDER BY n"
                                             : "SELECT n, \"na me\", id FROM \"bu lk\" ORDER BY n",
                                        "", "ltl");
    start(read, NULL);
    for (size_t i = 0; i < count; i++) {
        const cuvee_value *cells = fetch(read);
        assert_non_null(cells);
        assert_int_equal(cells[0].as.integer, rows->first + (int64_t)i);
        if (i % 7 == 3)
            assert_int_equal(cells[1].kind, 0);
        else
            assert_text(&cells[1], rows->names[i]);
        if (rows->keys[i])
            assert_int_equal(cells[2].as.integer, rows->keys[i]);
    }
    assert_null(fetch(read));
    finish(read);
    finalize(read);
}

static void all_rows_are_inserted_and_their_keys_told(void **state)
{
    static const size_t counts[] = {0, 1, 2, 499, 500, 501, 1333, 10001};
    struct engine *engine = *state;
    insert_function found[2];
    size_t count = ways(engine, found);
    for (size_t way = 0; way < count; way++)
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            cuvee_error error = {0};
            struct rows rows;
            rows_open(&rows, counts[i]);
            make_keyed(engine);
            begin(engine->connection);
            if (!insert(engine, found[way], &rows, counts[i], true, &error))
                fail_msg("%zu rows: %s", counts[i], error.message);
            assert_int_equal(rows.dones, counts[i]);
            commit(engine->connection);
            for (size_t r = 1; r < counts[i]; r++)
                assert_true(rows.keys[r] > rows.keys[r - 1]);
            assert_rows(engine, &rows, counts[i]);
            rows_close(&rows);
        }
}

static void rows_with_keys_of_their_own(void **state)
{
    struct engine *engine = *state;
    insert_function found[2];
    size_t count = ways(engine, found);
    for (size_t way = 0; way < count; way++) {
        cuvee_error error = {0};
        struct rows rows;
        rows_open(&rows, 1500);
        make_keyed(engine);
        begin(engine->connection);
        assert_true(insert(engine, found[way], &rows, 1500, false, &error));
        commit(engine->connection);
        assert_int_equal(rows.dones, 1500);
        assert_int_equal(rows.keys[7], 0);
        assert_rows(engine, &rows, 1500);
        rows_close(&rows);
    }
}

static void later_rows_follow_earlier_keys(void **state)
{
    struct engine *engine = *state;
    insert_function found[2];
    size_t count = ways(engine, found);
    struct rows rows;
    rows_open(&rows, 200);
    make_keyed(engine);
    int64_t last = 0;
    for (size_t i = 0; i < 6; i++) {
        cuvee_error error = {0};
        rows.dones = 0;
        rows.first = (int64_t)i * 200;
        begin(engine->connection);
        assert_true(insert(engine, found[i % count], &rows, 200, true, &error));
        commit(engine->connection);
        assert_true(rows.keys[0] > last);
        last = rows.keys[199];
    }
    assert_int_equal(count_rows(engine, engine->other), 1200);
    rows_close(&rows);
}

static void a_refused_row_names_its_column_and_undoes_all(void **state)
{
    struct engine *engine = *state;
    insert_function found[2];
    size_t count = ways(engine, found);
    for (size_t way = 0; way < count; way++) {
        cuvee_error error = {0};
        struct rows rows;
        rows_open(&rows, 700);
        make_keyed(engine);
        quoted(engine, "INSERT INTO 'bu lk' (n) VALUES (650)");
        begin(engine->connection);
        assert_false(insert(engine, found[way], &rows, 700, true, &error));
        assert_error(&error, CUVEE_ERROR_UNIQUE, "23505");
        assert_string_equal(error.model, "bu lk");
        assert_string_equal(error.fields, "n");
        engine->connection->driver->rollback(engine->connection);
        assert_int_equal(count_rows(engine, engine->connection), 1);
        rows_close(&rows);
    }
}

static void what_no_kind_can_hold_is_refused(void **state)
{
    struct engine *engine = *state;
    insert_function found[2];
    size_t count = ways(engine, found);
    for (size_t way = 0; way < count; way++) {
        cuvee_error error = {0};
        struct rows rows;
        rows_open(&rows, 50);
        rows.bad_row = 20;
        make_keyed(engine);
        begin(engine->connection);
        assert_false(insert(engine, found[way], &rows, 50, false, &error));
        assert_error(&error, CUVEE_ERROR_VALUE, "22000");
        engine->connection->driver->rollback(engine->connection);
        assert_int_equal(count_rows(engine, engine->connection), 0);
        rows_close(&rows);
    }
}

static void the_caller_stops_it_without_an_error(void **state)
{
    struct engine *engine = *state;
    insert_function found[2];
    size_t count = ways(engine, found);
    for (size_t way = 0; way < count; way++)
        for (int done = 0; done < 2; done++) {
            cuvee_error error = {0};
            struct rows rows;
            rows_open(&rows, 50);
            *(done ? &rows.stop_done : &rows.stop_row) = 20;
            make_keyed(engine);
            begin(engine->connection);
            assert_false(insert(engine, found[way], &rows, 50, true, &error));
            assert_int_equal(error.kind, CUVEE_ERROR_NONE);
            engine->connection->driver->rollback(engine->connection);
            assert_int_equal(count_rows(engine, engine->connection), 0);
            rows_close(&rows);
        }
}

static void a_missing_table_is_of_the_schema(void **state)
{
    struct engine *engine = *state;
    insert_function found[2];
    size_t count = ways(engine, found);
    for (size_t way = 0; way < count; way++)
        for (int keys = 0; keys < 2; keys++) {
            cuvee_error error = {0};
            struct rows rows;
            rows_open(&rows, 5);
            begin(engine->connection);
            assert_false(insert(engine, found[way], &rows, 5, keys, &error));
            assert_error(&error, CUVEE_ERROR_SCHEMA, "42P01");
            engine->connection->driver->rollback(engine->connection);
            rows_close(&rows);
        }
}

static bool all_kinds_row(void *arg, size_t i, cuvee_value *values)
{
    (void)arg;
    int64_t n = (int64_t)i;
    values[0] = cuvee_bool_value(n % 2);
    values[1] = (cuvee_value){.kind = CUVEE_INT32, .as.integer = n - 5};
    values[2] = cuvee_double_value((double)n / 4);
    values[3] = cuvee_time_value((cuvee_time){n * 1000001});
    values[4] = cuvee_date_value((cuvee_date){(int32_t)n});
    values[5] = cuvee_decimal_value((cuvee_decimal){"-12345.125"});
    values[6] = cuvee_uuid_value((cuvee_uuid){{(uint8_t)i, 0xFF}});
    values[7] = cuvee_blob_value((cuvee_blob){"\0\xFF", 2});
    values[8] = cuvee_json_value((cuvee_json){"{\"a\":[1]}"});
    return true;
}

static void every_kind_goes_the_same_way_as_alone(void **state)
{
    static const char *const names[] = {"b", "i", "d", "t", "day", "n", "u", "x", "j"};
    static const uint8_t all[] = {CUVEE_BOOL,    CUVEE_INT32, CUVEE_DOUBLE, CUVEE_TIME, CUVEE_DATE,
                                  CUVEE_DECIMAL, CUVEE_UUID,  CUVEE_BLOB,   CUVEE_JSON};
    struct engine *engine = *state;
    insert_function found[2];
    size_t count = ways(engine, found);
    for (size_t way = 0; way < count; way++) {
        cuvee_error error = {0};
        struct cv_bulk bulk = {.table = "kinds",
                               .columns = names,
                               .kinds = all,
                               .column_count = 9,
                               .rows = {.count = 20, .row = all_kinds_row}};
        run(engine->connection, "DROP TABLE IF EXISTS kinds");
        make(engine->connection, "CREATE TABLE kinds (b %b, i %i, d %d, t %T, day %D, n %n, u %u, x %x, j %j)%;");
        begin(engine->connection);
        if (!found[way](engine->connection, &bulk, &error))
            fail_msg("%s", error.message);
        commit(engine->connection);
        struct cv_statement *read =
            prepare(engine->other, "SELECT b, i, d, t, day, n, u, x, j FROM kinds ORDER BY i", "", "bidTDnuxj");
        start(read, NULL);
        for (size_t i = 0; i < 20; i++) {
            cuvee_value wanted[9];
            const cuvee_value *cells = fetch(read);
            all_kinds_row(NULL, i, wanted);
            assert_int_equal(cells[0].as.boolean, wanted[0].as.boolean);
            assert_true(cells[2].as.real == wanted[2].as.real);
            for (size_t c = 1; c < 5; c++)
                assert_true(c == 2 || cells[c].as.integer == wanted[c].as.integer);
            assert_text(&cells[5], "-12345.125");
            assert_memory_equal(cells[6].as.uuid, wanted[6].as.uuid, 16);
            assert_int_equal(cells[7].as.text.size, 2);
            assert_text(&cells[8], "{\"a\":[1]}");
        }
        finish(read);
        finalize(read);
    }
}

static bool some_kinds_row(void *arg, size_t i, cuvee_value *values)
{
    cuvee_value all[9];
    all_kinds_row(arg, i, all);
    const size_t taken[] = {1, 0, 2, 6, 7, 8};
    for (size_t c = 0; c < 6; c++)
        values[c] = c > 0 && i % 6 == c ? cuvee_null() : all[taken[c]];
    return true;
}

/* Kinds that MariaDB takes as arrays, when there is no other among them; NULL now and then. */
static void kinds_that_go_as_arrays_arrive_as_they_are(void **state)
{
    static const char *const names[] = {"i", "b", "d", "u", "x", "j"};
    static const uint8_t all[] = {CUVEE_INT32, CUVEE_BOOL, CUVEE_DOUBLE, CUVEE_UUID, CUVEE_BLOB, CUVEE_JSON};
    struct engine *engine = *state;
    cuvee_error error = {0};
    struct cv_bulk bulk = {.table = "kinds",
                           .columns = names,
                           .kinds = all,
                           .column_count = 6,
                           .rows = {.count = 60, .row = some_kinds_row}};
    if (!engine->connection->driver->insert_many)
        return;
    run(engine->connection, "DROP TABLE IF EXISTS kinds");
    make(engine->connection, "CREATE TABLE kinds (i %i, b %b, d %d, u %u, x %x, j %j)%;");
    begin(engine->connection);
    if (!engine->connection->driver->insert_many(engine->connection, &bulk, &error))
        fail_msg("%s", error.message);
    commit(engine->connection);
    struct cv_statement *read = prepare(engine->other, "SELECT i, b, d, u, x, j FROM kinds ORDER BY i", "", "ibduxj");
    start(read, NULL);
    for (size_t i = 0; i < 60; i++) {
        cuvee_value wanted[6];
        const cuvee_value *cells = fetch(read);
        some_kinds_row(NULL, i, wanted);
        for (size_t c = 0; c < 6; c++)
            assert_int_equal(cells[c].kind, wanted[c].kind);
        assert_int_equal(cells[0].as.integer, wanted[0].as.integer);
        assert_true(!wanted[1].kind || cells[1].as.boolean == wanted[1].as.boolean);
        assert_true(!wanted[2].kind || cells[2].as.real == wanted[2].as.real);
        if (wanted[3].kind)
            assert_memory_equal(cells[3].as.uuid, wanted[3].as.uuid, 16);
        if (wanted[4].kind)
            assert_memory_equal(cells[4].as.text.data, "\0\xFF", 2);
        if (wanted[5].kind)
            assert_text(&cells[5], "{\"a\":[1]}");
    }
    finish(read);
    finalize(read);
}

/* PostgreSQL: a key that comes from elsewhere than a sequence of the column. */
static void keys_without_a_sequence_are_told_too(void **state)
{
    struct engine *engine = *state;
    if (strcmp(engine->name, "postgres") != 0)
        return;
    cuvee_error error = {0};
    struct rows rows;
    rows_open(&rows, 300);
    run(engine->connection,
        "CREATE SEQUENCE s START 1000; CREATE TABLE \"bu lk\" (id bigint PRIMARY KEY DEFAULT nextval('s'),"
        " n bigint, \"na me\" text)");
    begin(engine->connection);
    assert_true(insert(engine, engine->connection->driver->insert_many, &rows, 300, true, &error));
    commit(engine->connection);
    assert_int_equal(rows.keys[0], 1000);
    assert_rows(engine, &rows, 300);
    rows_close(&rows);
}

/* PostgreSQL: what INSERT does and COPY does not. Run by a superuser, but for the last two. */
static const char *const unfit[] = {
    /* columns of other types, which INSERT turns values into */
    "CREATE TABLE \"bu lk\" (id bigserial PRIMARY KEY, n integer NOT NULL, \"na me\" varchar(40))",
    /* a narrow key, which COPY does fit */
    "CREATE TABLE \"bu lk\" (id serial PRIMARY KEY, n bigint NOT NULL, \"na me\" text)",
    /* a view */
    "CREATE TABLE below (id bigserial PRIMARY KEY, n bigint, \"na me\" text);"
    "CREATE VIEW \"bu lk\" AS SELECT * FROM below",
    /* a trigger that gives keys of its own */
    "CREATE TABLE \"bu lk\" (id bigserial PRIMARY KEY, n bigint, \"na me\" text);"
    "CREATE FUNCTION own_key() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.id := 5000 + NEW.n; RETURN NEW; END$$;"
    "CREATE TRIGGER own BEFORE INSERT ON \"bu lk\" FOR EACH ROW EXECUTE FUNCTION own_key()",
    /* a rule */
    "CREATE TABLE \"bu lk\" (id bigserial PRIMARY KEY, n bigint, \"na me\" text); CREATE TABLE noted (n bigint);"
    "CREATE RULE note AS ON INSERT TO \"bu lk\" DO ALSO NOTHING",
    /* a login that may insert, but not take numbers by itself */
    "CREATE TABLE \"bu lk\" (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n bigint, \"na me\" text);"
    "CREATE ROLE plain; GRANT INSERT, SELECT ON \"bu lk\" TO plain; SET ROLE plain",
    /* row security */
    "CREATE TABLE \"bu lk\" (id bigserial PRIMARY KEY, n bigint, \"na me\" text);"
    "ALTER TABLE \"bu lk\" ENABLE ROW LEVEL SECURITY; CREATE POLICY all_rows ON \"bu lk\" USING (true);"
    "GRANT INSERT, SELECT ON \"bu lk\" TO plain; GRANT USAGE ON SEQUENCE \"bu lk_id_seq\" TO plain; SET ROLE plain",
};

static void tables_that_copy_does_not_fit_are_filled_all_the_same(void **state)
{
    struct engine *engine = *state;
    if (strcmp(engine->name, "postgres") != 0)
        return;
    for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; i++) {
        cuvee_error error = {0};
        struct rows rows;
        rows_open(&rows, 300);
        run(engine->connection, "RESET ROLE");
        run(engine->connection, i == 3 ? "DROP VIEW \"bu lk\"" : "DROP TABLE IF EXISTS \"bu lk\"");
        run(engine->connection, unfit[i]);
        begin(engine->connection);
        if (!insert(engine, engine->connection->driver->insert_many, &rows, 300, true, &error))
            fail_msg("%s: %s", unfit[i], error.message);
        commit(engine->connection);
        assert_int_equal(rows.dones, 300);
        assert_rows(engine, &rows, 300);
        rows_close(&rows);
    }
    run(engine->connection, "RESET ROLE; DROP TABLE \"bu lk\"; DROP ROLE plain");
}

struct losses {
    struct rows rows;
    size_t lost;
};

static bool losing_row(void *arg, size_t i, cuvee_value *values)
{
    return next_row(&((struct losses *)arg)->rows, i, values);
}

static bool losing_done(void *arg, size_t i, int64_t changes, int64_t key)
{
    struct losses *losses = arg;
    (void)i;
    (void)key;
    losses->lost += changes == 0;
    return changes != 0;
}

/* PostgreSQL: a trigger may make a row vanish, and nobody would know. */
static void a_row_that_was_not_kept_is_told(void **state)
{
    struct engine *engine = *state;
    if (strcmp(engine->name, "postgres") != 0)
        return;
    run(engine->connection,
        "DROP TABLE IF EXISTS \"bu lk\"; CREATE TABLE \"bu lk\" (id bigserial PRIMARY KEY, n bigint, \"na me\" text);"
        "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN IF NEW.n = 20 THEN RETURN NULL; END IF; RETURN NEW; END$$;"
        "CREATE TRIGGER lose BEFORE INSERT ON \"bu lk\" FOR EACH ROW EXECUTE FUNCTION lose()");
    for (int keys = 0; keys < 2; keys++) {
        cuvee_error error = {0};
        struct losses losses = {.lost = 0};
        rows_open(&losses.rows, 100);
        struct cv_bulk bulk = {.table = "bu lk",
                               .columns = columns,
                               .kinds = kinds,
                               .column_count = 2,
                               .key = keys ? "id" : NULL,
                               .rows = {.count = 100, .row = losing_row, .done = losing_done, .arg = &losses}};
        begin(engine->connection);
        assert_false(engine->connection->driver->insert_many(engine->connection, &bulk, &error));
        assert_int_equal(error.kind, CUVEE_ERROR_NONE);
        assert_int_equal(losses.lost, 1);
        engine->connection->driver->rollback(engine->connection);
        rows_close(&losses.rows);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(all_rows_are_inserted_and_their_keys_told),
        ENGINE_TEST(rows_with_keys_of_their_own),
        ENGINE_TEST(later_rows_follow_earlier_keys),
        ENGINE_TEST(a_refused_row_names_its_column_and_undoes_all),
        ENGINE_TEST(what_no_kind_can_hold_is_refused),
        ENGINE_TEST(the_caller_stops_it_without_an_error),
        ENGINE_TEST(a_missing_table_is_of_the_schema),
        ENGINE_TEST(every_kind_goes_the_same_way_as_alone),
        ENGINE_TEST(kinds_that_go_as_arrays_arrive_as_they_are),
        ENGINE_TEST(keys_without_a_sequence_are_told_too),
        ENGINE_TEST(tables_that_copy_does_not_fit_are_filled_all_the_same),
        ENGINE_TEST(a_row_that_was_not_kept_is_told),
    };
    return ENGINE_MAIN(argc, argv, "bulk", tests);
}
