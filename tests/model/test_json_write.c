#include "support/check.h"

#include <math.h>
#include <stdio.h>

#include "base/time_text.h"
#include "model/json_write.h"
#include "model/models.h"
#include "model/row.h"
#include "support/alloc_fault.h"

static struct cv_plan *make(const cuvee_model *model)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(model, &error);
    if (!plan)
        fail_msg("%s", error.message);
    return plan;
}

static void value_is(cuvee_value value, const char *expected)
{
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    cv_json_value(&out, &value);
    assert_string_equal(cv_buffer_text(&out), expected);
    cv_buffer_free(&out);
}

static void writes_every_kind(void **state)
{
    (void)state;
    value_is(cuvee_null(), "null");
    value_is(CUVEE_VALUE((bool)true), "true");
    value_is(CUVEE_VALUE((bool)false), "false");
    value_is(CUVEE_VALUE(0.1), "0.1");
    value_is(CUVEE_VALUE(1.0), "1.0");
    value_is(CUVEE_VALUE(1e100), "1e+100");
    value_is(CUVEE_VALUE((double)NAN), "null");
    value_is(CUVEE_VALUE((double)-INFINITY), "null");
    value_is(CUVEE_VALUE("text"), "\"text\"");
    value_is(CUVEE_VALUE(""), "\"\"");
    value_is(CUVEE_VALUE((cuvee_time){.us = 0}), "\"1970-01-01T00:00:00Z\"");
    value_is(CUVEE_VALUE((cuvee_time){.us = 1500000}), "\"1970-01-01T00:00:01.500000Z\"");
    value_is(CUVEE_VALUE((cuvee_time){.us = CV_TIME_MAX + 1}), "null");
    value_is(CUVEE_VALUE((cuvee_date){.days = 19782}), "\"2024-02-29\"");
    value_is(CUVEE_VALUE((cuvee_date){.days = CV_DATE_MIN - 1}), "null");
    value_is(CUVEE_VALUE((cuvee_decimal){.text = "-12.50"}), "\"-12.50\"");
    cuvee_uuid uuid = {.bytes = {0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF}};
    value_is(CUVEE_VALUE(uuid), "\"01234567-89ab-cdef-0000-000000000000\"");
    value_is(CUVEE_VALUE(((cuvee_blob){.data = "a\0b", .size = 3})), "\"YQBi\"");
    value_is(CUVEE_VALUE(((cuvee_blob){.data = NULL, .size = 0})), "\"\"");
    value_is(CUVEE_VALUE((cuvee_json){.text = "{\"a\": [1, null]}"}), "{\"a\": [1, null]}");
    value_is(CUVEE_VALUE((cuvee_json){.text = "1, \"admin\": true"}), "\"1, \\\"admin\\\": true\"");
    cuvee_value far = {.kind = CUVEE_DATE};
    far.as.integer = INT64_MAX;
    value_is(far, "null");
}

/* Deeper than a body may be, since other programs store what they like. */
static void stored_json_may_be_deep(void **state)
{
    (void)state;
    char text[2001] = "";
    memset(text, '[', 1000);
    memset(text + 1000, ']', 1000);
    value_is(CUVEE_VALUE((cuvee_json){.text = text}), text);
}

static void writes_integers_of_every_length(void **state)
{
    (void)state;
    value_is(CUVEE_VALUE(INT64_MIN), "-9223372036854775808");
    value_is(CUVEE_VALUE(INT64_MAX), "9223372036854775807");
    value_is(CUVEE_VALUE(-1), "-1");
    int64_t power = 1;
    char digits[24] = "1";
    for (size_t i = 1; i <= 18; i++, power *= 10) {
        value_is(CUVEE_VALUE(power), digits);
        char nines[24] = "";
        memset(nines, '9', i);
        value_is(CUVEE_VALUE(power * 10 - 1), nines);
        digits[i] = '0';
    }
    for (int i = 0; i < 1000; i++) {
        char expected[8];
        snprintf(expected, sizeof expected, "%d", i);
        value_is(CUVEE_VALUE(i), expected);
    }
}

static void string_is(const char *text, size_t size, const char *expected)
{
    char *exact = malloc(size ? size : 1); /* of this size, so that a sanitizer sees a step too far */
    memcpy(exact, text, size);
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    cv_json_string(&out, exact, size);
    assert_string_equal(cv_buffer_text(&out), expected);
    cv_buffer_free(&out);
    free(exact);
}

static void escapes_what_json_cannot_hold(void **state)
{
    (void)state;
    string_is("\"\\/", 3, "\"\\\"\\\\/\"");
    string_is("\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"");
    string_is("\0\x01\x1F\x7F", 4, "\"\\u0000\\u0001\\u001f\x7F\"");
    string_is("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8D\xB7", 14, "\"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8D\xB7\"");
}

/* Wherever the special byte stands, in words of eight bytes and behind them. */
static void escapes_at_every_place(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *escaped;
    } specials[] = {{"\"", "\\\""}, {"\\", "\\\\"}, {"\n", "\\n"}, {"\x1E", "\\u001e"}, {"\xC3\xA9", "\xC3\xA9"}};
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
        for (size_t before = 0; before < 20; before++)
            for (size_t after = 0; after < 20; after++) {
                struct cv_buffer text;
                struct cv_buffer expected;
                cv_buffer_init(&text, 0);
                cv_buffer_init(&expected, 0);
                cv_buffer_char(&expected, '"');
                for (size_t k = 0; k < before; k++) {
                    cv_buffer_char(&text, (char)('a' + k));
                    cv_buffer_char(&expected, (char)('a' + k));
                }
                cv_buffer_put(&text, specials[i].bytes);
                cv_buffer_put(&expected, specials[i].escaped);
                for (size_t k = 0; k < after; k++) {
                    cv_buffer_char(&text, '~');
                    cv_buffer_char(&expected, '~');
                }
                cv_buffer_char(&expected, '"');
                string_is(text.data, text.size, cv_buffer_text(&expected));
                cv_buffer_free(&text);
                cv_buffer_free(&expected);
            }
}

#define BAD "\xEF\xBF\xBD"

static void repairs_what_is_no_utf8(void **state)
{
    (void)state;
    string_is("a\xFF"
              "b",
              3, "\"a" BAD "b\"");
    string_is("\xC3", 1, "\"" BAD "\"");
    string_is("\xE2\x82", 2, "\"" BAD BAD "\"");
    string_is("\xED\xA0\x80", 3, "\"" BAD BAD BAD "\"");
    string_is("\xC3\xA9\x80\xC3\xA9\"\n", 7, "\"\xC3\xA9" BAD "\xC3\xA9\\\"\\n\"");
    string_is("\xF0\x9F\x8D\xB7\xF0\x9F\x8D", 7, "\"\xF0\x9F\x8D\xB7" BAD BAD BAD "\"");
}

static const char full_json[] =
    "{\"id\":1,\"flag\":true,\"small\":-32,\"large\":9007199254740993,\"real\":0.1,\"text\":\"caf\xC3\xA9\","
    "\"at\":\"1970-01-01T00:00:00.000001Z\",\"day\":\"2024-02-29\",\"amount\":\"12.50\","
    "\"uuid\":\"12340000-0000-0000-0000-000000000000\",\"blob\":\"YQBi\",\"json\":{\"a\":[1,2.5]},\"opt_flag\":false,"
    "\"opt_small\":7,\"opt_large\":-9223372036854775808,\"opt_real\":-2.5,\"opt_text\":\"nick\","
    "\"opt_at\":\"1969-12-31T23:59:59.999999Z\",\"opt_day\":\"1969-12-31\",\"opt_amount\":\"-0.5\","
    "\"opt_uuid\":\"ff000000-0000-0000-0000-000000000000\",\"opt_blob\":\"\",\"opt_json\":null}";

static void writes_structs_and_cells_alike(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    Everything row = everything_full();
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    cv_json_row(&out, plan, &row);
    assert_string_equal(cv_buffer_text(&out), full_json);
    cuvee_value cells[23];
    for (size_t i = 0; i < plan->count; i++)
        cells[i] = cv_row_get(&plan->fields[i], &row);
    cv_buffer_clear(&out);
    cv_buffer_char(&out, '[');
    cv_json_cells(&out, plan, cells);
    assert_memory_equal(cv_buffer_text(&out) + 1, full_json, sizeof full_json);
    cv_buffer_clear(&out);
    row = everything_bare();
    cv_json_row(&out, plan, &row);
    assert_non_null(strstr(cv_buffer_text(&out), ",\"opt_flag\":null,\"opt_small\":null,"));
    cv_buffer_free(&out);
    cv_plan_free(plan);
}

/* ---- without what is null ---- */

typedef struct Leaf {
    cuvee_opt_int32 number;
    cuvee_opt_text text;
} Leaf;
static const cuvee_field leaf_fields[] = {CUVEE_FIELD(Leaf, number), CUVEE_FIELD(Leaf, text)};
static const cuvee_model leaf_model = CUVEE_MODEL(Leaf, NULL, leaf_fields);

typedef struct Branch {
    const Leaf *leaf;
    const Leaf *maybe_leaf;
    cuvee_array leaves;
    cuvee_array maybe_leaves;
    cuvee_opt_json json;
    double real;
} Branch;
static const cuvee_field branch_fields[] = {
    CUVEE_OBJECT_FIELD(Branch, leaf, &leaf_model),
    CUVEE_OBJECT_FIELD(Branch, maybe_leaf, &leaf_model, .nullable = true),
    CUVEE_LIST_FIELD(Branch, leaves, &leaf_model),
    CUVEE_LIST_FIELD(Branch, maybe_leaves, &leaf_model, .nullable = true),
    CUVEE_FIELD(Branch, json),
    CUVEE_FIELD(Branch, real),
};
static const cuvee_model branch_model = CUVEE_MODEL(Branch, NULL, branch_fields);

static void members_that_are_null_can_be_left_out(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&branch_model);
    Leaf leaves[] = {{.text = {true, "a"}}, {.number = {true, 0}}, {.text = {false, NULL}}};
    Branch row = {.leaf = &leaves[2], .leaves = {leaves, 3}};
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    cv_json_row_set(&out, plan, &row);
    assert_string_equal(cv_buffer_text(&out),
                        "{\"leaf\":{},\"leaves\":[{\"text\":\"a\"},{\"number\":0},{}],\"real\":0.0}");
    cv_buffer_clear(&out);
    row = (Branch){.maybe_leaf = &leaves[0], .maybe_leaves = {leaves, 0}};
    cv_json_row_set(&out, plan, &row);
    assert_string_equal(cv_buffer_text(&out),
                        "{\"maybe_leaf\":{\"text\":\"a\"},\"leaves\":[],\"maybe_leaves\":[],\"real\":0.0}");
    cv_plan_free(plan);
    plan = make(&leaf_model);
    const cuvee_value cells[] = {cuvee_null(), {.kind = CUVEE_TEXT, .as.text = {"b", 1}}};
    cv_buffer_clear(&out);
    cv_json_cells_set(&out, plan, cells);
    assert_string_equal(cv_buffer_text(&out), "{\"text\":\"b\"}");
    const cuvee_value none[] = {cuvee_null(), cuvee_null()};
    cv_buffer_clear(&out);
    cv_json_cells_set(&out, plan, none);
    assert_string_equal(cv_buffer_text(&out), "{}");
    cv_buffer_free(&out);
    cv_plan_free(plan);
}

typedef struct Secret {
    int64_t id;
    const char *password;
    const char *name;
} Secret;

static void hidden_fields_never_leave(void **state)
{
    (void)state;
    static const cuvee_field first[] = {CUVEE_FIELD(Secret, id, .hidden = true), CUVEE_FIELD(Secret, name),
                                        CUVEE_FIELD(Secret, password, .hidden = true)};
    static const cuvee_field all[] = {CUVEE_FIELD(Secret, password, .hidden = true)};
    static const cuvee_model some_model = CUVEE_MODEL(Secret, NULL, first);
    static const cuvee_model all_model = CUVEE_MODEL(Secret, NULL, all);
    static const cuvee_model no_model = {.name = "None", .struct_size = 1, .size = sizeof(cuvee_model)};
    Secret row = {.id = 1, .name = "Jane", .password = "s3cret"};
    cuvee_value cells[] = {CUVEE_VALUE(1), CUVEE_VALUE("Jane"), CUVEE_VALUE("s3cret")};
    const cuvee_model *models[] = {&some_model, &all_model, &no_model};
    static const char *const expected[] = {"{\"name\":\"Jane\"}", "{}", "{}"};
    for (size_t i = 0; i < 3; i++) {
        struct cv_plan *plan = make(models[i]);
        struct cv_buffer out;
        cv_buffer_init(&out, 0);
        cv_json_row(&out, plan, &row);
        assert_string_equal(cv_buffer_text(&out), expected[i]);
        cv_buffer_clear(&out);
        cv_json_cells(&out, plan, cells);
        assert_string_equal(cv_buffer_text(&out), expected[i]);
        cv_buffer_free(&out);
        cv_plan_free(plan);
    }
}

static void writes_objects_and_arrays(void **state)
{
    (void)state;
    static const Place places[] = {{.city = "Berlin"}, {.city = "Rom", .street = {.set = true, .value = "Corso"}}};
    static const int32_t numbers[] = {1, -2, 3};
    static const char *const tags[] = {"red", "\"dry\""};
    static const Visit part = {.name = "inner", .tags = {.items = tags, .count = 0}};
    Visit row = {.name = "outer",
                 .place = &places[0],
                 .stops = {.items = places, .count = 2},
                 .numbers = {.items = numbers, .count = 3},
                 .tags = {.items = tags, .count = 2},
                 .parts = {.items = &part, .count = 1}};
    struct cv_plan *plan = make(&visit_model);
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    cv_json_row(&out, plan, &row);
    assert_string_equal(
        cv_buffer_text(&out),
        "{\"visit-name\":\"outer\",\"place\":{\"city\":\"Berlin\",\"street\":null},\"second\":null,"
        "\"stops\":[{\"city\":\"Berlin\",\"street\":null},{\"city\":\"Rom\",\"street\":\"Corso\"}],"
        "\"numbers\":[1,-2,3],\"tags\":[\"red\",\"\\\"dry\\\"\"],"
        "\"parts\":[{\"visit-name\":\"inner\",\"place\":null,\"second\":null,\"stops\":[],\"numbers\":[],\"tags\":[],"
        "\"parts\":[]}]}");
    cv_buffer_clear(&out);
    row.tags.items = NULL;
    row.parts.count = 0;
    cv_json_row(&out, plan, &row);
    assert_non_null(strstr(cv_buffer_text(&out), "\"tags\":null,\"parts\":[]}"));
    cv_buffer_free(&out);
    cv_plan_free(plan);
}

static void a_circle_of_pointers_ends(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&visit_model);
    Visit row = {.name = "round"};
    row.parts = (cuvee_array){.items = &row, .count = 1};
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    cv_json_row(&out, plan, &row);
    assert_int_equal(out.failed, CV_BUFFER_OVER_LIMIT);
    cv_buffer_free(&out);
    cv_plan_free(plan);
}

static void stays_within_the_limit(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    Everything row = everything_full();
    for (size_t limit = 1; limit < sizeof full_json + 64; limit += 7) {
        struct cv_buffer out;
        cv_buffer_init(&out, limit);
        cv_json_row(&out, plan, &row);
        cv_json_row(&out, plan, &row);
        assert_true(out.size <= limit);
        assert_int_equal(out.failed, CV_BUFFER_OVER_LIMIT);
        assert_memory_equal(out.data ? out.data : "", full_json, out.size < 50 ? out.size : 50);
        cv_buffer_free(&out);
    }
    cv_plan_free(plan);
}

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    Everything row = everything_full();
    char text[3000];
    memset(text, '\n', sizeof text);
    text[sizeof text - 1] = '\0';
    row.text = text;
    for (size_t n = 1;; n++) {
        struct cv_buffer out;
        cv_buffer_init(&out, 0);
        alloc_fault_at(n);
        cv_json_row(&out, plan, &row);
        bool failed = alloc_fault_end();
        assert_int_equal(out.failed, failed ? CV_BUFFER_NO_MEMORY : CV_BUFFER_GOOD);
        cv_buffer_free(&out);
        if (!failed)
            break;
    }
    cv_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_kind),
        cmocka_unit_test(stored_json_may_be_deep),
        cmocka_unit_test(writes_integers_of_every_length),
        cmocka_unit_test(escapes_what_json_cannot_hold),
        cmocka_unit_test(escapes_at_every_place),
        cmocka_unit_test(repairs_what_is_no_utf8),
        cmocka_unit_test(writes_structs_and_cells_alike),
        cmocka_unit_test(members_that_are_null_can_be_left_out),
        cmocka_unit_test(hidden_fields_never_leave),
        cmocka_unit_test(writes_objects_and_arrays),
        cmocka_unit_test(a_circle_of_pointers_ends),
        cmocka_unit_test(stays_within_the_limit),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
