/* Every kind of value goes in and comes out the same, and what a kind cannot hold is refused. */
#include "driver/support.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

/* ---- round trips ---- */

/* A table with one column of the kind, a statement that writes to it and one that reads it. */
struct trip {
    struct cv_connection *connection;
    struct cv_statement *write;
    struct cv_statement *read;
};

static struct trip trip_begin(void **state, char kind)
{
    struct engine *engine = *state;
    char sql[64];
    char letter[] = {kind, '\0'};
    snprintf(sql, sizeof sql, "CREATE TABLE trip (v %%%c)%%;", kind);
    make(engine->connection, sql);
    return (struct trip){.connection = engine->connection,
                         .write = prepare(engine->connection, "INSERT INTO trip (v) VALUES (?)", letter, NULL),
                         .read = prepare(engine->connection, "SELECT v FROM trip", "", letter)};
}

static void trip_end(struct trip *trip)
{
    finalize(trip->write);
    finalize(trip->read);
}

/* Writes the value as the only row and reads it back; valid until the next trip. */
static const cuvee_value *there_and_back(struct trip *trip, cuvee_value value)
{
    run(trip->connection, "DELETE FROM trip");
    start(trip->write, &value);
    assert_int_equal(finish(trip->write), 1);
    start(trip->read, NULL);
    const cuvee_value *cell = fetch(trip->read);
    assert_non_null(cell);
    return cell;
}

static void trip_over(struct trip *trip)
{
    assert_null(fetch(trip->read));
    finish(trip->read);
}

static void assert_integer_trip(struct trip *trip, cuvee_kind kind, int64_t integer)
{
    cuvee_value value = {.kind = kind, .as.integer = integer};
    const cuvee_value *cell = there_and_back(trip, value);
    assert_int_equal(cell->kind, kind);
    assert_true(cell->as.integer == integer);
    trip_over(trip);
}

static void assert_bytes_trip(struct trip *trip, cuvee_kind kind, const char *data, size_t size)
{
    cuvee_value value = {.kind = kind, .as.text = {.data = data, .size = size}};
    const cuvee_value *cell = there_and_back(trip, value);
    assert_int_equal(cell->kind, kind);
    assert_int_equal(cell->as.text.size, size);
    assert_non_null(cell->as.text.data);
    assert_memory_equal(cell->as.text.data, data, size);
    trip_over(trip);
}

static void integers_to_their_limits(void **state)
{
    static const int64_t numbers[] = {0, 1, -1, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN, INT64_C(9007199254740993)};
    struct trip trip = trip_begin(state, 'l');
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_integer_trip(&trip, CUVEE_INT64, numbers[i]);
    trip_end(&trip);
}

static void small_integers(void **state)
{
    struct trip trip = trip_begin(state, 'i');
    assert_integer_trip(&trip, CUVEE_INT32, INT32_MAX);
    assert_integer_trip(&trip, CUVEE_INT32, INT32_MIN);
    trip_end(&trip);
}

static void booleans(void **state)
{
    struct trip trip = trip_begin(state, 'b');
    for (int i = 0; i < 2; i++) {
        const cuvee_value *cell = there_and_back(&trip, cuvee_bool_value(i));
        assert_int_equal(cell->kind, CUVEE_BOOL);
        assert_int_equal(cell->as.boolean, i);
        trip_over(&trip);
    }
    trip_end(&trip);
}

static void doubles_to_the_bit(void **state)
{
    static const double numbers[] = {0.0, 0.1, 1.0 / 3, -2.5, 1e300, DBL_MAX, -DBL_MAX, DBL_MIN, 5e-324, 4.0, 1e17};
    struct trip trip = trip_begin(state, 'd');
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const cuvee_value *cell = there_and_back(&trip, cuvee_double_value(numbers[i]));
        assert_int_equal(cell->kind, CUVEE_DOUBLE);
        assert_memory_equal(&cell->as.real, &numbers[i], sizeof numbers[i]);
        trip_over(&trip);
    }
    trip_end(&trip);
}

/* SQLite keeps no sign of zero, so no engine does. */
static void zero_has_no_sign(void **state)
{
    const double zero = 0.0;
    struct trip trip = trip_begin(state, 'd');
    const cuvee_value *cell = there_and_back(&trip, cuvee_double_value(-0.0));
    assert_memory_equal(&cell->as.real, &zero, sizeof zero);
    trip_over(&trip);
    trip_end(&trip);
}

static const char *const hostile[] = {
    "",
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "\\'; DROP TABLE trip; --",
    "'); DELETE FROM trip; --",
    "$1",
    "?",
    "?1 :name @name $name",
    "%s%n%d",
    "%_\\%",
    "\x01\x02\x7F",
    "\r\n\t",
    "NULL",
    "null",
    " leading and trailing ",
    "Stra\303\237e \342\202\254 \360\237\230\200",
    "\xEF\xBB\xBF",
    "\xEF\xBF\xBF",
    "\xF4\x8F\xBF\xBF",
    "{\"a\":1}",
    "{1,2}",
    "1e5",
    "0x41",
};

static void texts_whatever_they_say(void **state)
{
    struct trip trip = trip_begin(state, 't');
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++)
        assert_bytes_trip(&trip, CUVEE_TEXT, hostile[i], strlen(hostile[i]));
    trip_end(&trip);
}

static void hostile_texts_match_themselves_alone(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (v %k)%;");
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++)
        run_with(engine->connection, "INSERT INTO t VALUES (?)", "t", VALUES(cuvee_text_value(hostile[i])));
    struct cv_statement *count = prepare(engine->connection, "SELECT count(*) FROM t WHERE v = ?", "t", "l");
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        cuvee_value value = cuvee_text_value(hostile[i]);
        start(count, &value);
        assert_int_equal(fetch(count)->as.integer, 1);
        finish(count);
    }
    finalize(count);
}

static void large_texts_and_blobs(void **state)
{
    enum { SIZE = 3 * 1000 * 1000 };
    char *data = malloc(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        data[i] = (char)('a' + i % 26);
    struct trip text = trip_begin(state, 't');
    assert_bytes_trip(&text, CUVEE_TEXT, data, SIZE);
    trip_end(&text);
    run(text.connection, "DROP TABLE trip");
    data[1000] = '\0';
    struct trip blob = trip_begin(state, 'x');
    assert_bytes_trip(&blob, CUVEE_BLOB, data, SIZE);
    trip_end(&blob);
    free(data);
}

/* Columns that are parameters: some engines know their types only when the statement runs. */
static void parameters_come_back_as_they_are(void **state)
{
    struct engine *engine = *state;
    struct cv_statement *statement = prepare(engine->connection, "SELECT ?, ?, ?, ?", "ldtx", NULL);
    for (int run = 0; run < 3; run++) {
        const cuvee_value nothing[4] = {{0}};
        const cuvee_value given[4] = {cuvee_int_value(INT64_MIN), cuvee_double_value(0.1), cuvee_text_value("\xC3\xA9"),
                                      cuvee_blob_value((cuvee_blob){"a\0b", 3})};
        start(statement, run == 1 ? nothing : given);
        const cuvee_value *cells = fetch(statement);
        for (int i = 0; i < 4; i++)
            assert_int_equal(cells[i].kind, run == 1 ? 0 : given[i].kind);
        if (run != 1) {
            assert_true(cells[0].as.integer == INT64_MIN && cells[1].as.real == 0.1);
            assert_text(&cells[2], "\xC3\xA9");
            assert_memory_equal(cells[3].as.text.data, "a\0b", 3);
        }
        assert_null(fetch(statement));
        finish(statement);
    }
    finalize(statement);
}

/*
 * One row with several texts that are longer than what a driver has room for at first, and shorter ones again behind
 * it.
 */
static void several_large_texts_in_one_row(void **state)
{
    struct engine *engine = *state;
    enum { SIZE = 5000, LAST = 3 };
    char *data = calloc(1, SIZE + 1);
    memset(data, 'x', SIZE);
    make(engine->connection, "CREATE TABLE t (id %l PRIMARY KEY, a %t, b %x, c %t)%;");
    static const size_t sizes[LAST][3] = {{300, 400, 500}, {SIZE, 1, SIZE}, {256, 255, 257}};
    for (int i = 0; i < LAST; i++)
        run_with(engine->connection, "INSERT INTO t VALUES (?, ?, ?, ?)", "ltxt",
                 VALUES(cuvee_int_value(i), {.kind = CUVEE_TEXT, .as.text = {data, sizes[i][0]}},
                        {.kind = CUVEE_BLOB, .as.text = {data, sizes[i][1]}},
                        {.kind = CUVEE_TEXT, .as.text = {data, sizes[i][2]}}));
    struct cv_statement *statement = prepare(engine->connection, "SELECT a, b, c FROM t ORDER BY id", "", "txt");
    for (int run = 0; run < 2; run++) {
        start(statement, NULL);
        for (int i = 0; i < LAST; i++) {
            const cuvee_value *cells = fetch(statement);
            for (int column = 0; column < 3; column++) {
                assert_int_equal(cells[column].as.text.size, sizes[i][column]);
                assert_memory_equal(cells[column].as.text.data, data, sizes[i][column]);
            }
        }
        assert_null(fetch(statement));
        finish(statement);
    }
    finalize(statement);
    free(data);
}

static void blobs_of_any_bytes(void **state)
{
    char all[256];
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    struct trip trip = trip_begin(state, 'x');
    assert_bytes_trip(&trip, CUVEE_BLOB, all, sizeof all);
    assert_bytes_trip(&trip, CUVEE_BLOB, "", 0);
    assert_bytes_trip(&trip, CUVEE_BLOB, "\0", 1);
    trip_end(&trip);
}

static void an_empty_blob_without_a_pointer_is_no_null(void **state)
{
    struct trip trip = trip_begin(state, 'x');
    cuvee_value value = {.kind = CUVEE_BLOB};
    assert_int_equal(there_and_back(&trip, value)->kind, CUVEE_BLOB);
    trip_over(&trip);
    trip_end(&trip);
}

static void times_to_the_microsecond(void **state)
{
    static const int64_t times[] = {0, 1, -1, 1700000000123456, -62135596800000000, 253402300799999999};
    struct trip trip = trip_begin(state, 'T');
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        assert_integer_trip(&trip, CUVEE_TIME, times[i]);
    trip_end(&trip);
}

static void dates_of_all_years(void **state)
{
    static const int32_t days[] = {0, -1, 19700, 11016, -719162, 2932896};
    struct trip trip = trip_begin(state, 'D');
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        assert_integer_trip(&trip, CUVEE_DATE, days[i]);
    trip_end(&trip);
}

static void uuids(void **state)
{
    struct trip trip = trip_begin(state, 'u');
    cuvee_value value =
        cuvee_uuid_value((cuvee_uuid){{0x00, 0x01, 0x7F, 0x80, 0xFF, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}});
    const cuvee_value *cell = there_and_back(&trip, value);
    assert_int_equal(cell->kind, CUVEE_UUID);
    assert_memory_equal(cell->as.uuid, value.as.uuid, 16);
    trip_over(&trip);
    trip_end(&trip);
}

static void json_texts(void **state)
{
    static const char *const texts[] = {"null", "1", "\"a\"", "[1,2,{\"a\":[]}]", "{\"b\":1,\"a\":\"\xC3\xA9\"}"};
    struct trip trip = trip_begin(state, 'j');
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_bytes_trip(&trip, CUVEE_JSON, texts[i], strlen(texts[i]));
    trip_end(&trip);
}

static void decimals_with_all_their_digits(void **state)
{
    static const char *const numbers[] = {"0",
                                          "-12.5",
                                          "0.001",
                                          "-1",
                                          "100",
                                          "-0.000000000000000000000000000001",
                                          "99999999999999999999999999999999999.99999999999999999999"};
    struct trip trip = trip_begin(state, 'n');
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_bytes_trip(&trip, CUVEE_DECIMAL, numbers[i], strlen(numbers[i]));
    trip_end(&trip);
}

static void decimals_keep_their_zeros_but_on_mariadb(void **state)
{
    static const char *const numbers[][2] = {{"0.00", "0"}, {"1.50", "1.5"}, {"-100.000", "-100"}};
    struct trip trip = trip_begin(state, 'n');
    bool kept = strcmp(trip.connection->driver->name, "mariadb") != 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        cuvee_value value = cuvee_decimal_value((cuvee_decimal){numbers[i][0]});
        assert_text(there_and_back(&trip, value), numbers[i][kept ? 0 : 1]);
        trip_over(&trip);
    }
    trip_end(&trip);
}

static void null_of_every_kind(void **state)
{
    struct engine *engine = *state;
    for (const char *kind = "bildtTDnuxj"; *kind; kind++) {
        struct trip trip = trip_begin(state, *kind);
        assert_int_equal(there_and_back(&trip, cuvee_null())->kind, 0);
        trip_over(&trip);
        trip_end(&trip);
        run(engine->connection, "DROP TABLE trip");
    }
}

/* ---- order ---- */

/* Writes the values in this order and asserts that ORDER BY gives them back in it reversed. */
static void assert_ascending(void **state, char kind, const cuvee_value *values, size_t count)
{
    struct trip trip = trip_begin(state, kind);
    for (size_t i = count; i-- > 0;) {
        start(trip.write, &values[i]);
        finish(trip.write);
    }
    char letter[] = {kind, '\0'};
    struct cv_statement *sorted = prepare(trip.connection, "SELECT v FROM trip ORDER BY v", "", letter);
    start(sorted, NULL);
    for (size_t i = 0; i < count; i++) {
        const cuvee_value *cell = fetch(sorted);
        assert_non_null(cell);
        if (kind == 'n')
            assert_text(cell, values[i].as.text.data);
        else if (kind == 'u')
            assert_memory_equal(cell->as.uuid, values[i].as.uuid, 16);
        else
            assert_true(cell->as.integer == values[i].as.integer);
    }
    finish(sorted);
    finalize(sorted);
    trip_end(&trip);
}

static void decimals_compare_as_numbers(void **state)
{
    static const char *const numbers[] = {"-100", "-10.5", "-9", "-0.5", "0", "0.09", "0.1", "9", "10", "10.01", "100"};
    enum { COUNT = sizeof numbers / sizeof numbers[0] };
    cuvee_value values[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        values[i] = cuvee_decimal_value((cuvee_decimal){numbers[i]});
    assert_ascending(state, 'n', values, COUNT);
}

static void dates_compare_as_days(void **state)
{
    static const int32_t days[] = {-719162, -400000, -1, 0, 19700, 2932896};
    enum { COUNT = sizeof days / sizeof days[0] };
    cuvee_value values[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        values[i] = cuvee_date_value((cuvee_date){days[i]});
    assert_ascending(state, 'D', values, COUNT);
}

static void uuids_compare_by_their_bytes(void **state)
{
    cuvee_value values[3] = {cuvee_uuid_value((cuvee_uuid){{0x00, 0xFF}}), cuvee_uuid_value((cuvee_uuid){{0x7F}}),
                             cuvee_uuid_value((cuvee_uuid){{0x80}})};
    assert_ascending(state, 'u', values, 3);
}

static void equal_decimals_are_equal_whatever_their_zeros(void **state)
{
    struct engine *engine = *state;
    make(engine->connection, "CREATE TABLE t (v %n)%;");
    run_with(engine->connection, "INSERT INTO t VALUES (?)", "n", VALUES(cuvee_decimal_value((cuvee_decimal){"1.50"})));
    struct cv_statement *count = prepare(engine->connection, "SELECT count(*) FROM t WHERE v = ?", "n", "l");
    cuvee_value value = cuvee_decimal_value((cuvee_decimal){"1.5"});
    start(count, &value);
    assert_int_equal(fetch(count)->as.integer, 1);
    finish(count);
    finalize(count);
}

static void decimals_sum_exactly(void **state)
{
    struct engine *engine = *state;
    struct cv_buffer sql;
    make(engine->connection, "CREATE TABLE t (v %n)%;");
    static const char *const numbers[] = {"0.1", "0.2", "-5.00", "12345678901234567890123456.07"};
    for (size_t i = 0; i < 4; i++)
        run_with(engine->connection, "INSERT INTO t VALUES (?)", "n",
                 VALUES(cuvee_decimal_value((cuvee_decimal){numbers[i]})));
    run_with(engine->connection, "INSERT INTO t VALUES (NULL)", "", NULL);
    cv_buffer_init(&sql, 0);
    cv_buffer_put(&sql, "SELECT ");
    engine->connection->driver->dialect->aggregate(&sql, CUVEE_SUM, "v", CUVEE_DECIMAL);
    cv_buffer_put(&sql, " FROM t");
    struct cv_statement *sum = prepare(engine->connection, cv_buffer_text(&sql), "", "n");
    cv_buffer_free(&sql);
    start(sum, NULL);
    assert_text(fetch(sum), "12345678901234567890123451.37");
    finish(sum);
    run(engine->connection, "DELETE FROM t");
    start(sum, NULL);
    assert_int_equal(fetch(sum)->kind, 0);
    finish(sum);
    finalize(sum);
}

/* ---- what is refused ---- */

static void assert_refused(struct trip *trip, cuvee_value value)
{
    cuvee_error error = start_refused(trip->write, &value);
    assert_int_equal(error.kind, CUVEE_ERROR_VALUE);
    assert_string_equal(error.sqlstate, "22000");
    assert_says(&error, "parameter 1");
    assert_int_equal(ask(trip->connection, "SELECT count(*) FROM trip"), 0);
}

static void numbers_that_are_none_are_refused(void **state)
{
    struct trip trip = trip_begin(state, 'd');
    assert_refused(&trip, cuvee_double_value(NAN));
    assert_refused(&trip, cuvee_double_value(INFINITY));
    assert_refused(&trip, cuvee_double_value(-INFINITY));
    trip_end(&trip);
}

static void texts_that_are_none_are_refused(void **state)
{
    static const struct {
        const char *data;
        size_t size;
    } texts[] = {{"a\0b", 3}, {"\0", 1}, {"\xFF", 1}, {"abcdefghijk\xC3", 12}, {"\xC0\x80", 2}, {"\xED\xA0\x80", 3}};
    struct trip trip = trip_begin(state, 't');
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_refused(&trip, (cuvee_value){.kind = CUVEE_TEXT, .as.text = {texts[i].data, texts[i].size}});
    trip_end(&trip);
}

static void decimals_that_are_none_are_refused(void **state)
{
    static const char *const numbers[] = {"", "abc", "1.", ".5", "+1", "007", "1e5", "NaN", "--1", "-0"};
    struct trip trip = trip_begin(state, 'n');
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_refused(&trip, cuvee_decimal_value((cuvee_decimal){numbers[i]}));
    trip_end(&trip);
}

static void days_and_times_out_of_all_years_are_refused(void **state)
{
    struct engine *engine = *state;
    struct trip trip = trip_begin(state, 'D');
    assert_refused(&trip, cuvee_date_value((cuvee_date){-719163}));
    assert_refused(&trip, cuvee_date_value((cuvee_date){2932897}));
    trip_end(&trip);
    run(engine->connection, "DROP TABLE trip");
    trip = trip_begin(state, 'T');
    assert_refused(&trip, cuvee_time_value((cuvee_time){-62135596800000001}));
    assert_refused(&trip, cuvee_time_value((cuvee_time){253402300800000000}));
    assert_refused(&trip, cuvee_time_value((cuvee_time){INT64_MAX}));
    trip_end(&trip);
}

static void objects_and_arrays_are_no_parameters(void **state)
{
    struct trip trip = trip_begin(state, 't');
    assert_refused(&trip, (cuvee_value){.kind = CUVEE_OBJECT});
    assert_refused(&trip, (cuvee_value){.kind = CUVEE_ARRAY});
    trip_end(&trip);
}

static void a_refused_value_leaves_the_statement_good(void **state)
{
    struct trip trip = trip_begin(state, 't');
    assert_refused(&trip, (cuvee_value){.kind = CUVEE_TEXT, .as.text = {"\xFF", 1}});
    assert_bytes_trip(&trip, CUVEE_TEXT, "good", 4);
    trip_end(&trip);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ENGINE_TEST(integers_to_their_limits),
        ENGINE_TEST(small_integers),
        ENGINE_TEST(booleans),
        ENGINE_TEST(doubles_to_the_bit),
        ENGINE_TEST(zero_has_no_sign),
        ENGINE_TEST(texts_whatever_they_say),
        ENGINE_TEST(hostile_texts_match_themselves_alone),
        ENGINE_TEST(large_texts_and_blobs),
        ENGINE_TEST(several_large_texts_in_one_row),
        ENGINE_TEST(parameters_come_back_as_they_are),
        ENGINE_TEST(blobs_of_any_bytes),
        ENGINE_TEST(an_empty_blob_without_a_pointer_is_no_null),
        ENGINE_TEST(times_to_the_microsecond),
        ENGINE_TEST(dates_of_all_years),
        ENGINE_TEST(uuids),
        ENGINE_TEST(json_texts),
        ENGINE_TEST(decimals_with_all_their_digits),
        ENGINE_TEST(decimals_keep_their_zeros_but_on_mariadb),
        ENGINE_TEST(null_of_every_kind),
        ENGINE_TEST(decimals_compare_as_numbers),
        ENGINE_TEST(dates_compare_as_days),
        ENGINE_TEST(uuids_compare_by_their_bytes),
        ENGINE_TEST(equal_decimals_are_equal_whatever_their_zeros),
        ENGINE_TEST(decimals_sum_exactly),
        ENGINE_TEST(numbers_that_are_none_are_refused),
        ENGINE_TEST(texts_that_are_none_are_refused),
        ENGINE_TEST(decimals_that_are_none_are_refused),
        ENGINE_TEST(days_and_times_out_of_all_years_are_refused),
        ENGINE_TEST(objects_and_arrays_are_no_parameters),
        ENGINE_TEST(a_refused_value_leaves_the_statement_good),
    };
    return ENGINE_MAIN(argc, argv, "values", tests);
}
