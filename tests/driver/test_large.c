/* Large values: as large as the server takes, and a clear word about what is larger. */
#include "driver/support.h"

#include <stdio.h>

enum { MIB = 1024 * 1024, ROWS = 120, ROW_SIZE = 300 * 1024 };

static bool is_mariadb(const struct engine *engine)
{
    return strcmp(engine->name, "mariadb") == 0;
}

static char *text_of_size(size_t size)
{
    char *text = malloc(size + 1);
    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = (char)('a' + i * 7 % 26);
    text[size] = '\0';
    return text;
}

static void make_large(const struct engine *engine)
{
    make(engine->connection, "CREATE TABLE large (id %l PRIMARY KEY, t %t, x %x)%;");
}

static void assert_comes_back(const struct engine *engine, size_t size)
{
    char *text = text_of_size(size);
    cuvee_value values[] = {cuvee_int_value((int64_t)size), cuvee_text_value(text),
                            cuvee_blob_value((cuvee_blob){text, 3})};
    run_with(engine->connection, "INSERT INTO large VALUES (?, ?, ?)", "ltx", values);
    values[1] = cuvee_null();
    values[2] = cuvee_blob_value((cuvee_blob){text, size});
    values[0].as.integer = -(int64_t)size;
    run_with(engine->connection, "INSERT INTO large VALUES (?, ?, ?)", "ltx", values);
    struct cv_statement *select = prepare(engine->connection, "SELECT t, x FROM large ORDER BY id DESC", "", "tx");
    start(select, NULL);
    assert_text(&fetch(select)[0], text);
    const cuvee_value *cells = fetch(select);
    assert_int_equal(cells[1].as.text.size, size);
    assert_memory_equal(cells[1].as.text.data, text, size);
    finish(select);
    finalize(select);
    free(text);
}

static void values_of_many_megabytes_come_back(void **state)
{
    struct engine *engine = *state;
    make_large(engine);
    assert_comes_back(engine, is_mariadb(engine) ? 15 * MIB : 17 * MIB);
}

static void what_the_server_does_not_take_is_told_before_it_is_sent(void **state)
{
    struct engine *engine = *state;
    make_large(engine);
    char *text = text_of_size(16 * MIB);
    struct cv_statement *insert = prepare(engine->connection, "INSERT INTO large VALUES (?, ?, ?)", "ltx", NULL);
    cuvee_value values[] = {cuvee_int_value(1), cuvee_null(), cuvee_blob_value((cuvee_blob){text, 16 * MIB})};
    if (!is_mariadb(engine)) /* nobody looks at the bytes */
        values[2].as.text.size = (size_t)1100 * MIB;
    cuvee_error error = start_refused(insert, values);
    assert_error(&error, CUVEE_ERROR_FULL, "54000");
    if (is_mariadb(engine))
        assert_says(&error, "max_allowed_packet");
    assert_false(engine->connection->lost);
    values[2].as.text.size = 15;
    start(insert, values);
    assert_int_equal(finish(insert), 1);
    finalize(insert);
    free(text);
}

/* The server says it too, where our own look does not see it. */
static void a_text_that_is_too_long_for_the_server_is_told_by_it(void **state)
{
    struct engine *engine = *state;
    if (!is_mariadb(engine))
        return;
    run(engine->other, "SET GLOBAL max_allowed_packet = 1048576");
    struct cv_connection *connection = connection_open(engine->database);
    run(engine->other, "SET GLOBAL max_allowed_packet = 16777216");
    char *sql = text_of_size(2 * MIB);
    memcpy(sql, "SELECT '", 8);
    sql[2 * MIB - 1] = '\'';
    cuvee_error error = run_refused(connection, sql);
    assert_true(error.kind == CUVEE_ERROR_FULL || error.kind == CUVEE_ERROR_CONNECTION); /* it hangs up while we send */
    assert_true(connection->lost);
    connection_close(connection);
    free(sql);
}

struct heard {
    char *text;
    int64_t count;
};

static bool fill(void *arg, size_t i, cuvee_value *params)
{
    const struct heard *heard = arg;
    params[0] = cuvee_int_value((int64_t)i);
    params[1] = (cuvee_value){.kind = CUVEE_TEXT, .as.text = {heard->text, i % 7 == 0 ? 10 : ROW_SIZE}};
    return true;
}

static bool hear(void *arg, size_t i, int64_t changes, int64_t id)
{
    struct heard *heard = arg;
    (void)id;
    assert_int_equal(heard->count++, i);
    assert_int_equal(changes, 1);
    return true;
}

static void many_long_rows_are_not_refused_for_their_number(void **state)
{
    struct engine *engine = *state;
    static const char *const columns[] = {"id", "t"};
    static const uint8_t kinds[] = {CUVEE_INT64, CUVEE_TEXT};
    cuvee_error error = {0};
    struct heard heard = {.text = text_of_size(ROW_SIZE)};
    struct cv_bulk bulk = {.table = "large", .columns = columns, .kinds = kinds, .column_count = 2};
    bulk.rows = (struct cv_batch){.count = ROWS, .row = fill, .done = hear, .arg = &heard};
    make_large(engine);
    begin(engine->connection);
    if (!engine->connection->driver->insert_many(engine->connection, &bulk, &error))
        fail_msg("%s", error.message);
    commit(engine->connection);
    assert_int_equal(heard.count, ROWS);
    assert_int_equal(ask(engine->connection, "SELECT count(*) FROM large WHERE LENGTH(t) = 307200"),
                     ROWS - (ROWS + 6) / 7);
    free(heard.text);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(values_of_many_megabytes_come_back),
        ENGINE_TEST(what_the_server_does_not_take_is_told_before_it_is_sent),
        ENGINE_TEST(a_text_that_is_too_long_for_the_server_is_told_by_it),
        ENGINE_TEST(many_long_rows_are_not_refused_for_their_number),
    };
    return ENGINE_MAIN(argc, argv, "large", tests);
}
