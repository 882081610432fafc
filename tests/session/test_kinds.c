/* Values of every kind at their limits: struct to database to struct without loss, and what is refused on the way. */
#include <cuvee/sql.h>
#include <float.h>
#include <math.h>

#include "base/time_text.h"
#include "session/sample.h"
#include "session/support.h"

/* ---- round trips ---- */

/* The row as another session reads it back. */
static void assert_survives(const struct world *world, const Sample *sample)
{
    cuvee_session *s = session_on(world);
    const Sample *added = cuvee_add(s, &sample_model, sample);
    assert_good(s);
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    cuvee_session *reader = session_on(world);
    const Sample *read = cuvee_get(reader, &sample_model, added->id);
    assert_good(reader);
    assert_non_null(read);
    for (size_t f = 0; f < SAMPLE_FIELDS; f++) {
        cuvee_value a = sample_value(added, f), b = sample_value(read, f);
        assert_int_equal(a.kind, b.kind);
        switch ((int)a.kind) {
        case 0: break;
        case CUVEE_BOOL: assert_int_equal(a.as.boolean, b.as.boolean); break;
        case CUVEE_DOUBLE: assert_true(a.as.real == b.as.real); break;
        case CUVEE_UUID: assert_memory_equal(a.as.uuid, b.as.uuid, 16); break;
        case CUVEE_TEXT:
        case CUVEE_DECIMAL:
        case CUVEE_JSON:
        case CUVEE_BLOB:
            assert_int_equal(a.as.text.size, b.as.text.size);
            assert_memory_equal(a.as.text.data, b.as.text.data, a.as.text.size);
            break;
        default: assert_true(a.as.integer == b.as.integer); break;
        }
    }
    cuvee_session_close(reader);
    cuvee_session_close(s);
}

static void integers_at_their_limits(void **state)
{
    assert_survives(*state, &(Sample){.small = INT32_MAX, .large = INT64_MAX, .flag = true});
    assert_survives(*state, &(Sample){.small = INT32_MIN, .large = INT64_MIN, .opt_flag = {true, false}});
    assert_survives(*state, &(Sample){.opt_small = {true, 0}, .opt_large = {true, 0}});
    assert_survives(*state, &(Sample){.opt_small = {true, INT32_MIN}, .opt_large = {true, INT64_MIN}});
    assert_survives(*state, &(Sample){.large = INT64_C(9007199254740993)}); /* no double holds it */
}

static void doubles_to_the_last_bit(void **state)
{
    const double values[] = {0.1,  DBL_MAX, -DBL_MAX, DBL_MIN, DBL_TRUE_MIN,         -DBL_TRUE_MIN,          1.0 / 3,
                             -0.0, 1e15,    1e16,     1e308,   123456789012345678.0, 0x1.fffffffffffffp-1022};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        assert_survives(*state, &(Sample){.real = values[i], .opt_real = {true, -values[i]}});
}

static void texts_of_every_size(void **state)
{
    enum { LARGE = 1 << 20 };
    char *large = malloc(LARGE + 1);
    memset(large, 'x', LARGE);
    large[LARGE] = '\0';
    assert_survives(*state, &(Sample){.text = "", .opt_text = {true, ""}}); /* which is not NULL */
    assert_survives(*state, &(Sample){.text = "a", .opt_text = {false, NULL}});
    assert_survives(*state, &(Sample){.text = large, .opt_text = {true, large}});
    assert_survives(*state, &(Sample){.text = "\xF0\x9F\x8D\xB7 \xC3\xA9 \x01\x7F\r\n\t '\"`\\%_?$1;--"});
    assert_survives(*state, &(Sample){.text = "\xEF\xBF\xBF\xEF\xBB\xBF\xF4\x8F\xBF\xBF"});
    free(large);
}

static void times_and_dates(void **state)
{
    const int64_t us[] = {0, 1, -1, -INT64_C(62135596800000000), INT64_C(253402300799999999), INT64_C(-123456789)};
    const int32_t days[] = {0, 1, -1, -719162, 2932896, 19753};
    for (size_t i = 0; i < 6; i++)
        assert_survives(*state, &(Sample){.at = {us[i]},
                                          .opt_at = {true, {us[5 - i]}},
                                          .day = {days[i]},
                                          .opt_day = {true, {days[5 - i]}}});
}

static void decimals_keep_every_digit(void **state)
{
    char digits[CV_DATE_TEXT_SIZE + 900];
    bool bounded = strcmp(world_engine(&sales_base), "mariadb") == 0; /* to 35 digits and 30 behind the point */
    memset(digits, '7', sizeof digits);
    digits[bounded ? 35 : 300] = '.';
    digits[bounded ? 66 : sizeof digits - 1] = '\0';
    const char *const values[] = {"0", "0.00", "1.50", "-1.5", "-0.001", "99999999999999999999.99", digits};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const char *value = values[i] == digits ? digits : kept(&sales_base, values[i]);
        assert_survives(*state, &(Sample){.amount = {value}, .opt_amount = {true, {value}}});
    }
}

static void bytes_and_json(void **state)
{
    unsigned char bytes[256];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)i;
    assert_survives(*state, &(Sample){.blob = {bytes, sizeof bytes}, .opt_blob = {true, {"\0", 1}}});
    assert_survives(*state, &(Sample){.blob = {NULL, 0}, .opt_blob = {true, {NULL, 0}}});
    assert_survives(*state, &(Sample){.uuid = {{0xFF, 0, 0xFF}}, .opt_uuid = {true, {{0}}}});
    assert_survives(*state,
                    &(Sample){.json = {"{\"a\": [1, 2.5, \"\\u00e9\", null, true]}"}, .opt_json = {true, {"null"}}});
    assert_survives(*state, &(Sample){.json = {"  \"text\"  "}, .opt_json = {true, {"12345678901234567890"}}});
}

/* The same ways through rows one by one, picks and edits. */
static void every_way_out_gives_the_same(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    const Sample *added = cuvee_add(s, &sample_model,
                                    &(Sample){.small = -1,
                                              .text = "t",
                                              .amount = {kept(&sales_base, "1.10")},
                                              .day = {3},
                                              .opt_at = {true, {5}},
                                              .opt_uuid = {true, {{9}}}});
    assert_true(cuvee_flush(s));
    cuvee_query *q = cuvee_select(s, &sample_model), *picked = cuvee_select(s, &sample_model);
    for (size_t f = 0; f < SAMPLE_FIELDS; f++)
        cuvee_pick(picked, sample_name(f));
    cuvee_rows *rows = cuvee_rows_open(q), *picks = cuvee_rows_open(picked);
    const Sample *row = cuvee_next(rows);
    const cuvee_value *values = cuvee_next_values(picks);
    assert_good(s);
    for (size_t f = 0; f < SAMPLE_FIELDS; f++) {
        cuvee_value a = sample_value(added, f), b = sample_value(row, f);
        assert_int_equal(values[f].kind, a.kind ? sample_kind(f) : 0);
        assert_int_equal(b.kind, a.kind);
        if (a.kind == CUVEE_TEXT || a.kind == CUVEE_DECIMAL || a.kind == CUVEE_JSON) {
            assert_string_equal(values[f].as.text.data, a.as.text.data);
            assert_string_equal(b.as.text.data, a.as.text.data);
        } else if (a.kind == CUVEE_INT64 || a.kind == CUVEE_TIME || a.kind == CUVEE_DATE) {
            assert_true(values[f].as.integer == a.as.integer);
            assert_true(b.as.integer == a.as.integer);
        }
    }
    cuvee_rows_close(rows);
    cuvee_rows_close(picks);
    cuvee_session_close(s);
}

/* A number has one text, but for the zeros that say how exact it is: other forms are read where a value is compared. */
static void decimals_have_one_form(void **state)
{
    struct world *world = *state;
    const char *const forms[] = {"+1.5", "01.5", "1.5e0", "1_5", " 1.5", ".5", "-0", "1."};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        cuvee_session *s = session_on(world);
        assert_null(cuvee_add(s, &sample_model, &(Sample){.amount = {forms[i]}}));
        assert_failed(s, CUVEE_ERROR_VALUE, "decimal");
        cuvee_session_close(s);
    }
    cuvee_session *s = session_on(world);
    cuvee_add(s, &sample_model, &(Sample){.amount = {"1.50"}});
    for (size_t i = 0; i < 3; i++) {
        cuvee_query *q = cuvee_select(s, &sample_model);
        cuvee_where(q, cuvee_eq(q, "amount", forms[i]));
        assert_int_equal(cuvee_count(q), 1);
        assert_good(s);
    }
    cuvee_session_close(s);
}

/* ---- what no kind can hold ---- */

/* Each is refused where it is added, where it is set by an edit, and where rows are updated by filter. */
static void assert_refused(const struct world *world, const Sample *sample, const char *field, cuvee_value value,
                           const char *words)
{
    cuvee_session *s = session_on(world);
    assert_null(cuvee_add(s, &sample_model, sample));
    assert_failed(s, CUVEE_ERROR_VALUE, words);
    assert_string_equal(cuvee_session_error(s)->model, "Sample");
    assert_string_equal(cuvee_session_error(s)->fields, field);
    cuvee_rollback(s);
    const Sample *good = cuvee_add(s, &sample_model, &(Sample){.small = 1});
    assert_true(cuvee_flush(s));
    Sample *edit = cuvee_edit(s, good);
    int64_t id = edit->id;
    *edit = *sample;
    edit->id = id;
    if (!edit->text)
        edit->text = "";
    if (!edit->amount.text)
        edit->amount.text = "0";
    if (!edit->json.text)
        edit->json.text = "null";
    assert_false(cuvee_flush(s));
    assert_failed(s, CUVEE_ERROR_VALUE, words);
    assert_string_equal(cuvee_session_error(s)->fields, field);
    cuvee_rollback(s);
    const cuvee_set set = {field, value};
    assert_int_equal(cuvee_update_where(cuvee_select(s, &sample_model), &set, 1), -1);
    assert_failed(s, CUVEE_ERROR_VALUE, "Sample");
    assert_string_equal(cuvee_session_error(s)->fields, field);
    cuvee_session_close(s);
    assert_int_equal(rows_of(world, &sample_model), 0);
}

static void values_that_no_kind_can_hold(void **state)
{
    struct world *world = *state;
    const double numbers[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    for (size_t i = 0; i < 3; i++) {
        assert_refused(world, &(Sample){.real = numbers[i]}, "real", CUVEE_VALUE(numbers[i]), "NaN");
        assert_refused(world, &(Sample){.opt_real = {true, numbers[i]}}, "opt_real", CUVEE_VALUE(numbers[i]), "NaN");
    }
    const char *const texts[] = {"\xFF", "a\xC3",         "\xC0\x80", "\xED\xA0\x80", "\xE2\x82", "\xF5\x80\x80\x80",
                                 "\x80", "ok\xF0\x9F\x8D"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_refused(world, &(Sample){.text = texts[i]}, "text", CUVEE_VALUE(texts[i]), "UTF-8");
        assert_refused(world, &(Sample){.opt_text = {true, texts[i]}}, "opt_text", CUVEE_VALUE(texts[i]), "UTF-8");
    }
    const char *const decimals[] = {"", "abc", "NaN", "Infinity", "1e999999", "1,5", "--1"};
    for (size_t i = 0; i < sizeof decimals / sizeof decimals[0]; i++)
        assert_refused(world, &(Sample){.amount = {decimals[i]}}, "amount", CUVEE_VALUE(decimals[i]), "decimal");
    const char *const jsons[] = {"", "{", "[1,]", "nul", "'a'", "NaN", "1 2", "\"\xFF\""};
    for (size_t i = 0; i < sizeof jsons / sizeof jsons[0]; i++)
        assert_refused(world, &(Sample){.json = {jsons[i]}}, "json", CUVEE_VALUE(((cuvee_json){jsons[i]})), "JSON");
    const cuvee_time late = {CV_TIME_MAX + 1}, early = {CV_TIME_MIN - 1};
    assert_refused(world, &(Sample){.at = late}, "at", CUVEE_VALUE(late), "years 1 to 9999");
    assert_refused(world, &(Sample){.opt_at = {true, early}}, "opt_at", CUVEE_VALUE(early), "years 1 to 9999");
    const cuvee_date after = {CV_DATE_MAX + 1}, before = {CV_DATE_MIN - 1};
    assert_refused(world, &(Sample){.day = after}, "day", CUVEE_VALUE(after), "years 1 to 9999");
    assert_refused(world, &(Sample){.opt_day = {true, before}}, "opt_day", CUVEE_VALUE(before), "years 1 to 9999");
}

static void nul_in_text_is_refused_where_it_can_come_in(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    cuvee_value text = {.kind = CUVEE_TEXT, .as.text = {"a\0b", 3}};
    const cuvee_set set = {"text", text};
    assert_int_equal(cuvee_update_where(cuvee_select(s, &sample_model), &set, 1), -1);
    assert_failed(s, CUVEE_ERROR_VALUE, "NUL");
    cuvee_rollback(s);
    assert_null(cuvee_get_by_key(s, &country_model, &text, 1));
    assert_failed(s, CUVEE_ERROR_VALUE, "NUL");
    cuvee_rollback(s);
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "SELECT ?", &text, 1), -1);
    assert_failed(s, CUVEE_ERROR_VALUE, "");
    cuvee_rollback(s);
    text.as.text.data = "a\xFFz";
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "SELECT ?", &text, 1), -1);
    assert_failed(s, CUVEE_ERROR_VALUE, "UTF-8");
    cuvee_rollback(s);
    cuvee_value number = CUVEE_VALUE((double)NAN);
    assert_null(cuvee_sql_rows(s, &sales_base, "SELECT ?", &number, 1));
    assert_failed(s, CUVEE_ERROR_VALUE, "");
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(integers_at_their_limits),     WORLD_TEST(doubles_to_the_last_bit),
        WORLD_TEST(texts_of_every_size),          WORLD_TEST(times_and_dates),
        WORLD_TEST(decimals_keep_every_digit),    WORLD_TEST(bytes_and_json),
        WORLD_TEST(every_way_out_gives_the_same), WORLD_TEST(decimals_have_one_form),
        WORLD_TEST(values_that_no_kind_can_hold), WORLD_TEST(nul_in_text_is_refused_where_it_can_come_in),
    };
    return WORLD_MAIN(argc, argv, "kinds", tests);
}
