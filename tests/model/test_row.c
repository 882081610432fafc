#include "support/check.h"

#include <math.h>

#include "base/error.h"
#include "base/time_text.h"
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

static const struct cv_field *field_of(const struct cv_plan *plan, const char *name)
{
    size_t index = cv_plan_find(plan, name);
    assert_true(index < plan->count);
    return &plan->fields[index];
}

static bool same_rows(const struct cv_plan *plan, const void *a, const void *b)
{
    for (size_t i = 0; i < plan->count; i++)
        if (!cv_row_same_field(&plan->fields[i], a, b))
            return false;
    return true;
}

/* ---- get and set ---- */

static void every_member_comes_out_as_its_value(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    Everything row = everything_full();
    assert_true(cv_row_get(field_of(plan, "flag"), &row).as.boolean);
    assert_int_equal(cv_row_get(field_of(plan, "small"), &row).kind, CUVEE_INT32);
    assert_int_equal(cv_row_get(field_of(plan, "small"), &row).as.integer, -32);
    assert_true(cv_row_get(field_of(plan, "large"), &row).as.integer == INT64_C(9007199254740993));
    assert_true(cv_row_get(field_of(plan, "real"), &row).as.real == 0.1);
    assert_ptr_equal(cv_row_get(field_of(plan, "text"), &row).as.text.data, row.text);
    assert_int_equal(cv_row_get(field_of(plan, "text"), &row).as.text.size, 5);
    assert_int_equal(cv_row_get(field_of(plan, "blob"), &row).as.text.size, 3);
    assert_true(cv_row_get(field_of(plan, "opt_large"), &row).as.integer == INT64_MIN);
    assert_false(cv_row_get(field_of(plan, "opt_flag"), &row).as.boolean);
    row = everything_bare();
    for (size_t i = 12; i < plan->count; i++)
        assert_int_equal(cv_row_get(&plan->fields[i], &row).kind, 0);
    row.text = NULL;
    assert_int_equal(cv_row_get(field_of(plan, "text"), &row).kind, 0);
    cv_plan_free(plan);
}

static void what_is_set_comes_out_again(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    Everything from[] = {everything_full(), everything_bare()};
    for (size_t k = 0; k < 2; k++) {
        Everything to;
        memset(&to, 0, sizeof to);
        to.opt_text = (cuvee_opt_text){.set = true, .value = "old"};
        for (size_t i = 0; i < plan->count; i++) {
            cuvee_value value = cv_row_get(&plan->fields[i], &from[k]);
            assert_true(cv_row_set(&plan->fields[i], &to, &value, &arena));
        }
        assert_true(same_rows(plan, &from[k], &to));
        assert_ptr_not_equal(to.text, from[k].text);
        assert_ptr_not_equal(to.blob.data, from[k].blob.data);
        assert_string_equal(to.json.text, from[k].json.text);
        assert_int_equal(to.opt_text.set, k == 0);
    }
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

static void a_text_ends_where_its_size_says(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    Everything row;
    cuvee_value value = cuvee_text_value("abcdef");
    value.as.text.size = 3;
    assert_true(cv_row_set(field_of(plan, "text"), &row, &value, &arena));
    assert_string_equal(row.text, "abc");
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

/* ---- fits ---- */

static struct cv_plan *everything;
static struct cv_arena scratch;

static bool fits(const char *field, cuvee_value value, cuvee_value *out, cuvee_error *error)
{
    *out = value;
    error->kind = CUVEE_ERROR_NONE;
    return cv_row_fits(everything, field_of(everything, field), out, &scratch, error);
}

static void values_that_fit(void **state)
{
    (void)state;
    everything = make(&everything_model);
    cv_arena_init(&scratch, 0);
    cuvee_value v;
    cuvee_error e;
    assert_true(fits("small", CUVEE_VALUE(INT32_MAX), &v, &e) && v.kind == CUVEE_INT32);
    assert_true(fits("small", CUVEE_VALUE(INT32_MIN), &v, &e));
    assert_true(fits("large", CUVEE_VALUE(INT64_MIN), &v, &e) && v.kind == CUVEE_INT64);
    assert_true(fits("real", CUVEE_VALUE(3), &v, &e) && v.kind == CUVEE_DOUBLE && v.as.real == 3.0);
    assert_true(fits("real", CUVEE_VALUE(INT64_C(9007199254740992)), &v, &e));
    assert_true(fits("real", CUVEE_VALUE(INT64_MIN), &v, &e));
    assert_true(fits("amount", CUVEE_VALUE(-7), &v, &e) && v.kind == CUVEE_DECIMAL);
    assert_string_equal(v.as.text.data, "-7");
    assert_true(fits("amount", CUVEE_VALUE(" +1.50e1"), &v, &e));
    assert_string_equal(v.as.text.data, "15.0");
    assert_true(fits("amount", CUVEE_VALUE((cuvee_decimal){.text = "007.10"}), &v, &e));
    assert_string_equal(v.as.text.data, "7.10");
    assert_true(fits("at", CUVEE_VALUE("1970-01-01T00:00:01Z"), &v, &e) && v.kind == CUVEE_TIME);
    assert_int_equal(v.as.integer, 1000000);
    assert_true(fits("day", CUVEE_VALUE("1970-01-02"), &v, &e) && v.kind == CUVEE_DATE && v.as.integer == 1);
    assert_true(fits("uuid", CUVEE_VALUE("01234567-89ab-cdef-0123-456789abcdef"), &v, &e) && v.kind == CUVEE_UUID);
    assert_int_equal(v.as.uuid[1], 0x23);
    assert_true(fits("json", CUVEE_VALUE("{\"a\": 1}"), &v, &e) && v.kind == CUVEE_JSON);
    assert_true(fits("text", CUVEE_VALUE(""), &v, &e));
    assert_true(fits("flag", CUVEE_VALUE((bool)true), &v, &e));
    assert_true(fits("flag", CUVEE_VALUE(1), &v, &e) && v.kind == CUVEE_BOOL && v.as.boolean);
    assert_true(fits("flag", CUVEE_VALUE(0), &v, &e) && v.kind == CUVEE_BOOL && !v.as.boolean);
    assert_true(fits("blob", CUVEE_VALUE(((cuvee_blob){.data = "\0", .size = 1})), &v, &e));
    assert_true(fits("opt_small", cuvee_null(), &v, &e) && v.kind == 0);
    cv_arena_free(&scratch);
    cv_plan_free(everything);
}

static void is_refused(const char *field, cuvee_value value, cuvee_error_kind kind, const char *message)
{
    cuvee_value out;
    cuvee_error error;
    assert_false(fits(field, value, &out, &error));
    assert_int_equal(error.kind, kind);
    assert_string_equal(error.message, message);
    assert_string_equal(error.model, "Everything");
    assert_string_equal(error.fields, field);
}

static void values_that_do_not_fit(void **state)
{
    (void)state;
    everything = make(&everything_model);
    cv_arena_init(&scratch, 0);
    cuvee_error_kind wrong = CUVEE_ERROR_VALUE;
    is_refused("small", cuvee_null(), CUVEE_ERROR_NOT_NULL, "Everything.small: it cannot be NULL");
    is_refused("small", CUVEE_VALUE(INT64_C(2147483648)), wrong, "Everything.small: it is out of range of int32");
    is_refused("small", CUVEE_VALUE("1"), wrong,
               "Everything.small: a value of kind text does not fit a field of kind int32");
    is_refused("large", CUVEE_VALUE(1.0), wrong,
               "Everything.large: a value of kind double does not fit a field of kind int64");
    is_refused("flag", CUVEE_VALUE(2), wrong,
               "Everything.flag: a value of kind int64 does not fit a field of kind bool");
    is_refused("real", CUVEE_VALUE(INT64_C(9007199254740993)), wrong,
               "Everything.real: a value of kind int64 does not fit a field of kind double");
    is_refused("real", CUVEE_VALUE(INT64_MAX), wrong,
               "Everything.real: a value of kind int64 does not fit a field of kind double");
    is_refused("real", CUVEE_VALUE((double)INFINITY), wrong, "Everything.real: infinity and NaN are no values");
    is_refused("real", CUVEE_VALUE((double)NAN), wrong, "Everything.real: infinity and NaN are no values");
    is_refused("text", CUVEE_VALUE("\xFF"), wrong, "Everything.text: the text is not valid UTF-8");
    cuvee_value nul = cuvee_text_value("ab");
    nul.as.text.data = "a\0b";
    nul.as.text.size = 3;
    is_refused("text", nul, wrong, "Everything.text: text cannot have NUL bytes");
    is_refused("text", CUVEE_VALUE(1), wrong,
               "Everything.text: a value of kind int64 does not fit a field of kind text");
    is_refused("amount", CUVEE_VALUE("1.5.0"), wrong,
               "Everything.amount: a value of kind text does not fit a field of kind decimal");
    is_refused("amount", CUVEE_VALUE((cuvee_decimal){.text = "NaN"}), wrong,
               "Everything.amount: a value of kind decimal does not fit a field of kind decimal");
    is_refused("at", CUVEE_VALUE("yesterday"), wrong,
               "Everything.at: a value of kind text does not fit a field of kind time");
    is_refused("at", CUVEE_VALUE((cuvee_time){.us = CV_TIME_MAX + 1}), wrong,
               "Everything.at: it is outside of the years 1 to 9999");
    is_refused("day", CUVEE_VALUE((cuvee_date){.days = CV_DATE_MIN - 1}), wrong,
               "Everything.day: it is outside of the years 1 to 9999");
    is_refused("json", CUVEE_VALUE("{"), wrong,
               "Everything.json: a value of kind text does not fit a field of kind JSON");
    is_refused("json", CUVEE_VALUE((cuvee_json){.text = "nul"}), wrong, "Everything.json: the text is no JSON");
    is_refused("uuid", CUVEE_VALUE("1234"), wrong,
               "Everything.uuid: a value of kind text does not fit a field of kind UUID");
    is_refused("blob", CUVEE_VALUE("text"), wrong,
               "Everything.blob: a value of kind text does not fit a field of kind blob");
    alloc_fault_at(1);
    cuvee_value v;
    cuvee_error e;
    assert_false(fits("amount", CUVEE_VALUE("1.5"), &v, &e));
    assert_true(alloc_fault_end());
    assert_int_equal(e.kind, CUVEE_ERROR_MEMORY);
    cv_arena_free(&scratch);
    cv_plan_free(everything);
}

/* ---- check ---- */

typedef struct Ruled {
    int64_t id;
    cuvee_opt_int32 age;
    const char *name;
    const char *mail;
    const char *status;
    const char *code;
    cuvee_blob picture;
    cuvee_decimal price;
    cuvee_opt_time at;
} Ruled;

static const cuvee_field ruled_fields[] = {
    CUVEE_FIELD(Ruled, id, .key = true, .ge = "1"),
    CUVEE_FIELD(Ruled, age, .ge = "0", .lt = "150"),
    CUVEE_FIELD(Ruled, name, .min_length = 2, .max_length = 5),
    CUVEE_FIELD(Ruled, mail, .format = CUVEE_EMAIL),
    CUVEE_FIELD(Ruled, status, .choices = "new|paid"),
    CUVEE_FIELD(Ruled, code, .pattern = "^[A-Z]{2}\\d+$"),
    CUVEE_FIELD(Ruled, picture, .min_length = 1, .max_length = 4),
    CUVEE_FIELD(Ruled, price, .gt = "0", .le = "9.99"),
    CUVEE_FIELD(Ruled, at, .ge = "2024-01-01T00:00:00Z"),
};
static const cuvee_model ruled_model = CUVEE_MODEL(Ruled, "ruled", ruled_fields);

static Ruled good_row(void)
{
    return (Ruled){
        .age = {.set = true, .value = 149},
        .name = "\xC3\xA9t\xC3\xA9",
        .mail = "jane@example.com",
        .status = "paid",
        .code = "AB12",
        .picture = {.data = "\0", .size = 1},
        .price = {.text = "9.990"},
    };
}

static void good_rows_pass(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&ruled_model);
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    Ruled row = good_row();
    assert_true(cv_row_check(plan, &row, &error)); /* its key is 0: the database will assign it */
    row.age.set = false;
    row.at = (cuvee_opt_time){.set = true, .value = {.us = INT64_C(1704067200000000)}};
    row.name = "ab";
    row.picture = (cuvee_blob){.data = "abcd", .size = 4};
    assert_true(cv_row_check(plan, &row, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_NONE);
    cv_plan_free(plan);
    plan = make(&everything_model);
    Everything full = everything_full();
    Everything bare = everything_bare();
    assert_true(cv_row_check(plan, &full, &error));
    full.day.days = CV_DATE_MIN;
    full.opt_day.value.days = CV_DATE_MAX;
    full.at.us = CV_TIME_MIN;
    full.opt_at.value.us = CV_TIME_MAX;
    assert_true(cv_row_check(plan, &full, &error));
    assert_true(cv_row_check(plan, &bare, &error));
    cv_plan_free(plan);
}

static void check_fails(const struct cv_plan *plan, const void *row, cuvee_error_kind kind, const char *message)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    assert_false(cv_row_check(plan, row, &error));
    assert_string_equal(error.message, message);
    assert_int_equal(error.kind, kind);
    assert_string_equal(error.model, plan->model->name);
    assert_non_null(strstr(message, error.fields));
}

static void rows_that_break_a_rule_are_refused(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&ruled_model);
    Ruled row = good_row();
    row.age.value = -1;
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.age: it must be at least 0");
    row.age.value = 150;
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.age: it must be less than 150");
    row = good_row();
    row.name = "\xC3\xA9";
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.name: it must have at least 2 characters");
    row.name = "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9";
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.name: it must have at most 5 characters");
    row = good_row();
    row.mail = "jane";
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.mail: it must be a valid e-mail address");
    row = good_row();
    row.status = "pai";
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.status: it must be one of new|paid");
    row = good_row();
    row.code = "AB12\n";
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.code: it must match the pattern ^[A-Z]{2}\\d+$");
    row = good_row();
    row.picture = (cuvee_blob){.data = "", .size = 0};
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.picture: it must have at least 1 bytes");
    row.picture = (cuvee_blob){.data = "12345", .size = 5};
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.picture: it must have at most 4 bytes");
    row = good_row();
    row.price.text = "0.00";
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.price: it must be greater than 0");
    row.price.text = "9.9900001";
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.price: it must be at most 9.99");
    row = good_row();
    row.at = (cuvee_opt_time){.set = true, .value = {.us = 0}};
    check_fails(plan, &row, CUVEE_ERROR_CHECK, "Ruled.at: it must be at least 2024-01-01T00:00:00Z");
    cv_plan_free(plan);
}

static void values_that_no_kind_can_hold_are_refused(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    Everything row = everything_full();
    row.text = NULL;
    check_fails(plan, &row, CUVEE_ERROR_NOT_NULL, "Everything.text: it cannot be NULL");
    row.text = "\xC3";
    check_fails(plan, &row, CUVEE_ERROR_VALUE, "Everything.text: the text is not valid UTF-8");
    row = everything_full();
    row.real = NAN;
    check_fails(plan, &row, CUVEE_ERROR_VALUE, "Everything.real: infinity and NaN are no values");
    row = everything_full();
    row.opt_real.value = -INFINITY;
    check_fails(plan, &row, CUVEE_ERROR_VALUE, "Everything.opt_real: infinity and NaN are no values");
    row = everything_full();
    row.at.us = INT64_MAX;
    check_fails(plan, &row, CUVEE_ERROR_VALUE, "Everything.at: it is outside of the years 1 to 9999");
    row = everything_full();
    row.day.days = INT32_MIN;
    check_fails(plan, &row, CUVEE_ERROR_VALUE, "Everything.day: it is outside of the years 1 to 9999");
    row = everything_full();
    row.amount.text = "1e3";
    check_fails(plan, &row, CUVEE_ERROR_VALUE, "Everything.amount: the text is no decimal number");
    row = everything_full();
    row.json.text = "[1,]";
    check_fails(plan, &row, CUVEE_ERROR_VALUE, "Everything.json: the text is no JSON");
    row.json.text = "\"\\u0000\"";
    check_fails(plan, &row, CUVEE_ERROR_VALUE, "Everything.json: the text is no JSON");
    cv_plan_free(plan);
}

static void a_pattern_that_cannot_be_tried_is_a_memory_error(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&ruled_model);
    Ruled row = good_row();
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    alloc_fault_at(1);
    bool good = cv_row_check(plan, &row, &error);
    assert_true(alloc_fault_end());
    assert_false(good);
    assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
    cv_plan_free(plan);
}

/* ---- copy ---- */

static void copies_are_deep(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    char text[] = "text";
    char bytes[] = "bytes";
    Everything row = everything_full();
    row.text = text;
    row.opt_blob.value = (cuvee_blob){.data = bytes, .size = 5};
    row.json.text = NULL; /* as in a row that is not filled yet */
    row.blob = (cuvee_blob){.data = NULL, .size = 0};
    Everything *copy = cv_row_copy(plan, &row, &arena);
    assert_true(same_rows(plan, &row, copy));
    memset(text, 'x', 4);
    memset(bytes, 'x', 5);
    assert_string_equal(copy->text, "text");
    assert_null(copy->json.text);
    assert_null(copy->blob.data);
    assert_memory_equal(copy->opt_blob.value.data, "bytes", 5);
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

static Visit visit(void)
{
    static const Place places[] = {{.city = "Berlin"}, {.city = "Rom", .street = {.set = true, .value = "Corso"}}};
    static const int32_t numbers[] = {1, 2, 3};
    static const char *const tags[] = {"red", "dry"};
    static const Visit part = {.name = "inner", .place = &places[1]};
    return (Visit){.name = "outer",
                   .place = &places[0],
                   .stops = {.items = places, .count = 2},
                   .numbers = {.items = numbers, .count = 3},
                   .tags = {.items = tags, .count = 2},
                   .parts = {.items = &part, .count = 1}};
}

static void copies_take_what_they_point_to_along(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&visit_model);
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    Visit row = visit();
    Visit *copy = cv_row_copy(plan, &row, &arena);
    assert_ptr_not_equal(copy->place, row.place);
    assert_string_equal(copy->place->city, "Berlin");
    assert_null(copy->second);
    const Place *stops = copy->stops.items;
    assert_ptr_not_equal(stops, row.stops.items);
    assert_ptr_not_equal(stops[1].street.value, ((const Place *)row.stops.items)[1].street.value);
    assert_string_equal(stops[1].street.value, "Corso");
    assert_memory_equal(copy->numbers.items, row.numbers.items, 3 * sizeof(int32_t));
    assert_string_equal(((const char *const *)copy->tags.items)[1], "dry");
    assert_string_equal(((const Visit *)copy->parts.items)[0].place->city, "Rom");
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

static void a_row_that_is_taken_has_its_own_texts(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    Everything rows[] = {everything_full(), everything_bare()};
    for (size_t i = 0; i < 2; i++) {
        char text[] = "text";
        char bytes[] = "bytes";
        rows[i].text = text;
        rows[i].blob = (cuvee_blob){.data = bytes, .size = 5};
        Everything taken = rows[i];
        assert_true(cv_row_take(plan, &taken, &arena, NULL));
        assert_true(same_rows(plan, &rows[i], &taken));
        memset(text, 'x', 4);
        memset(bytes, 'x', 5);
        assert_string_equal(taken.text, "text");
        assert_memory_equal(taken.blob.data, "bytes", 5);
    }
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

static void taking_a_row_checks_it(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    Everything row = everything_full();
    row.opt_text.value = "\xFF";
    assert_false(cv_row_take(plan, &row, &arena, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_VALUE);
    assert_string_equal(error.fields, "opt_text");
    cv_error_clear(&error);
    row = everything_full();
    row.text = NULL;
    assert_false(cv_row_take(plan, &row, &arena, &error));
    assert_int_equal(error.kind, CUVEE_ERROR_NOT_NULL);
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

static void taking_a_row_says_when_memory_is_out(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    for (size_t n = 1;; n++) {
        struct cv_arena arena;
        cuvee_error error = {.kind = CUVEE_ERROR_NONE};
        Everything row = everything_full();
        cv_arena_init(&arena, 8);
        alloc_fault_at(n);
        bool good = cv_row_take(plan, &row, &arena, &error);
        bool failed = alloc_fault_end();
        assert_int_equal(good, !failed);
        assert_int_equal(error.kind, failed ? CUVEE_ERROR_MEMORY : CUVEE_ERROR_NONE);
        cv_arena_free(&arena);
        if (!failed)
            break;
    }
    cv_plan_free(plan);
}

static void copies_survive_every_failing_allocation(void **state)
{
    (void)state;
    struct cv_plan *plans[] = {make(&everything_model), make(&visit_model)};
    Everything full = everything_full();
    Visit visited = visit();
    const void *rows[] = {&full, &visited};
    for (size_t i = 0; i < 2; i++)
        for (size_t n = 1;; n++) {
            struct cv_arena arena;
            cv_arena_init(&arena, 8);
            alloc_fault_at(n);
            void *copy = cv_row_copy(plans[i], rows[i], &arena);
            bool failed = alloc_fault_end();
            assert_int_equal(copy == NULL, failed);
            cv_arena_free(&arena);
            if (!failed)
                break;
        }
    cv_plan_free(plans[0]);
    cv_plan_free(plans[1]);
}

/* ---- fill ---- */

typedef struct Filled {
    int64_t id;
    int64_t count;
    const char *text;
    cuvee_decimal amount;
    cuvee_json json;
    cuvee_opt_int32 maybe;
    cuvee_time at;
    cuvee_opt_time opt_at;
    cuvee_date day;
    cuvee_uuid uuid;
    cuvee_blob blob;
    const char *bare;
} Filled;

static const cuvee_field filled_fields[] = {
    CUVEE_FIELD(Filled, id, .key = true),
    CUVEE_FIELD(Filled, count, .fallback = "5"),
    CUVEE_FIELD(Filled, text, .fallback = "text"),
    CUVEE_FIELD(Filled, amount, .fallback = "1.50"),
    CUVEE_FIELD(Filled, json, .fallback = "[]"),
    CUVEE_FIELD(Filled, maybe, .fallback = "7"),
    CUVEE_FIELD(Filled, at, .fallback = CUVEE_NOW),
    CUVEE_FIELD(Filled, opt_at, .fallback = CUVEE_NOW),
    CUVEE_FIELD(Filled, day, .fallback = CUVEE_NOW),
    CUVEE_FIELD(Filled, uuid, .fallback = CUVEE_NEW_UUID),
    CUVEE_FIELD(Filled, blob, .fallback = "Zm9v"),
    CUVEE_FIELD(Filled, bare),
};
static const cuvee_model filled_model = CUVEE_MODEL(Filled, "filled", filled_fields);

static void defaults_stand_in_for_what_no_value_can_be(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&filled_model);
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    Filled row = {.id = 0};
    int64_t now = INT64_C(1709251199000001);
    assert_true(cv_row_fill(plan, &row, now, &arena));
    assert_int_equal(row.count, 0); /* a zero number is a value */
    assert_string_equal(row.text, "text");
    assert_string_equal(row.amount.text, "1.50");
    assert_string_equal(row.json.text, "[]");
    assert_true(row.maybe.set && row.maybe.value == 7);
    assert_true(row.at.us == now);
    assert_true(row.opt_at.set && row.opt_at.value.us == now);
    assert_int_equal(row.day.days, 19782);
    assert_int_equal(row.uuid.bytes[6] >> 4, 4);
    assert_int_equal(row.blob.size, 3);
    assert_null(row.bare);
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

static void values_that_are_there_stay(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&filled_model);
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    Filled row = {
        .text = "",
        .amount = {.text = "0"},
        .json = {.text = "null"},
        .maybe = {.set = true, .value = 0},
        .at = {.us = 1},
        .opt_at = {.set = true, .value = {.us = 0}},
        .day = {.days = -1},
        .uuid = {.bytes = {[15] = 1}},
        .blob = {.data = "", .size = 0},
    };
    Filled before = row;
    assert_true(cv_row_fill(plan, &row, 5, &arena));
    assert_true(same_rows(plan, &row, &before));
    assert_int_equal(arena.total, 0);
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

static void today_is_the_day_of_now_before_1970_too(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&filled_model);
    const struct cv_field *day = field_of(plan, "day");
    static const int64_t cases[][2] = {{0, 0},   {INT64_C(86399999999), 0},   {INT64_C(86400000000), 1},
                                       {-1, -1}, {-INT64_C(86400000000), -1}, {-INT64_C(86400000001), -2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_value value;
        assert_true(cv_fallback_value(day, cases[i][0], &value));
        assert_int_equal(value.as.integer, cases[i][1]);
    }
    cuvee_value value;
    assert_true(cv_fallback_value(field_of(plan, "bare"), 0, &value));
    assert_int_equal(value.kind, 0);
    cv_plan_free(plan);
}

static void filling_says_when_memory_is_out(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&filled_model);
    struct cv_arena arena;
    cv_arena_init(&arena, 0);
    Filled row = {.id = 0};
    alloc_fault_at(1);
    assert_false(cv_row_fill(plan, &row, 5, &arena));
    assert_true(alloc_fault_end());
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

/* ---- compare ---- */

static void rows_are_compared_field_by_field(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&everything_model);
    Everything a = everything_full();
    char text[] = "caf\xC3\xA9";
    Everything b = a;
    b.text = text;
    assert_true(same_rows(plan, &a, &b));
    Everything changed[] = {a, a, a, a, a, a, a, a, a, a, a, a, a, a};
    changed[0].flag = false;
    changed[1].small++;
    changed[2].large++;
    changed[3].real = 0.2;
    changed[4].text = "cafe";
    changed[5].at.us++;
    changed[6].day.days++;
    changed[7].amount.text = "12.5"; /* as exact as it is written */
    changed[8].uuid.bytes[15] = 1;
    changed[9].blob.size = 2;
    changed[10].json.text = "{}";
    changed[11].opt_flag.set = false;
    changed[12].opt_text.value = "";
    changed[13].real = -0.0;
    a.opt_text.value = "nick";
    static const char *const names[] = {"flag",   "small", "large", "real", "text",     "at",       "day",
                                        "amount", "uuid",  "blob",  "json", "opt_flag", "opt_text", "real"};
    for (size_t i = 0; i < 14; i++)
        for (size_t k = 0; k < plan->count; k++) {
            bool same = cv_row_same_field(&plan->fields[k], &a, &changed[i]);
            if (same != (strcmp(plan->fields[k].name, names[i]) != 0))
                fail_msg("%s when %s was changed", plan->fields[k].name, names[i]);
        }
    cv_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_comes_out_as_its_value),
        cmocka_unit_test(what_is_set_comes_out_again),
        cmocka_unit_test(a_text_ends_where_its_size_says),
        cmocka_unit_test(values_that_fit),
        cmocka_unit_test(values_that_do_not_fit),
        cmocka_unit_test(good_rows_pass),
        cmocka_unit_test(rows_that_break_a_rule_are_refused),
        cmocka_unit_test(values_that_no_kind_can_hold_are_refused),
        cmocka_unit_test(a_pattern_that_cannot_be_tried_is_a_memory_error),
        cmocka_unit_test(copies_are_deep),
        cmocka_unit_test(copies_take_what_they_point_to_along),
        cmocka_unit_test(a_row_that_is_taken_has_its_own_texts),
        cmocka_unit_test(taking_a_row_checks_it),
        cmocka_unit_test(taking_a_row_says_when_memory_is_out),
        cmocka_unit_test(copies_survive_every_failing_allocation),
        cmocka_unit_test(defaults_stand_in_for_what_no_value_can_be),
        cmocka_unit_test(values_that_are_there_stay),
        cmocka_unit_test(today_is_the_day_of_now_before_1970_too),
        cmocka_unit_test(filling_says_when_memory_is_out),
        cmocka_unit_test(rows_are_compared_field_by_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
