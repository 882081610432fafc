/* JSON Schema out of descriptors, in FastAPI's words and order. */
#include "support/alloc_fault.h"
#include "support/check.h"

#include <cuvee/model.h>

#include "model/schema.h"

typedef struct Line {
    const char *text;
} Line;

static const cuvee_field line_fields[] = {CUVEE_FIELD(Line, text)};
static const cuvee_model line_model = CUVEE_MODEL(Line, NULL, line_fields);

typedef struct Everything {
    int64_t id;
    const char *full_name;
    const char *state;
    cuvee_opt_int32 age;
    double score;
    bool active;
    cuvee_time made_at;
    cuvee_opt_date born;
    cuvee_decimal price;
    cuvee_uuid token;
    cuvee_blob photo;
    cuvee_opt_json extra;
    const char *secret;
    const Line *first;
    cuvee_array lines;
} Everything;

static const cuvee_field everything_fields[] = {
    CUVEE_FIELD(Everything, id, .key = true, .doc = "Unique"),
    CUVEE_FIELD(Everything, full_name, .min_length = 1, .max_length = 40, .pattern = "^\\w", .example = "Jane"),
    CUVEE_FIELD(Everything, state, .choices = "new|paid", .fallback = "new"),
    CUVEE_FIELD(Everything, age, .ge = "0", .lt = "150"),
    CUVEE_FIELD(Everything, score, .gt = "0.5", .le = "9.5", .title = "Points"),
    CUVEE_FIELD(Everything, active, .fallback = "true"),
    CUVEE_FIELD(Everything, made_at, .read_only = true, .fallback = CUVEE_NOW),
    CUVEE_FIELD(Everything, born),
    CUVEE_FIELD(Everything, price, .places = 2, .example = "2.50"),
    CUVEE_FIELD(Everything, token),
    CUVEE_FIELD(Everything, photo),
    CUVEE_FIELD(Everything, extra),
    CUVEE_FIELD(Everything, secret, .hidden = true, .format = CUVEE_EMAIL),
    CUVEE_OBJECT_FIELD(Everything, first, &line_model),
    CUVEE_LIST_FIELD(Everything, lines, &line_model, .max_length = 3),
};
static const cuvee_model everything_model =
    CUVEE_MODEL(Everything, NULL, everything_fields, .doc = "All kinds", .forbid_extra = true);

static struct cv_plan *plan_of(const cuvee_model *model)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(model, &error);
    assert_string_equal(error.message, "");
    return plan;
}

static void assert_field(const struct cv_plan *plan, const char *name, const char *expected)
{
    json_t *schema = cv_schema_field(&plan->fields[cv_plan_find(plan, name)], CV_SCHEMA_OUT);
    char *text = json_dumps(schema, JSON_COMPACT);
    assert_string_equal(text, expected);
    free(text);
    json_decref(schema);
}

static void each_kind_has_its_words(void **state)
{
    (void)state;
    struct cv_plan *plan = plan_of(&everything_model);
    assert_field(plan, "id", "{\"type\":\"integer\",\"title\":\"Id\",\"description\":\"Unique\"}");
    assert_field(plan, "full_name",
                 "{\"type\":\"string\",\"maxLength\":40,\"minLength\":1,\"pattern\":\"^\\\\w\",\"title\":\"Full Name\","
                 "\"examples\":[\"Jane\"]}");
    assert_field(plan, "state",
                 "{\"type\":\"string\",\"enum\":[\"new\",\"paid\"],\"title\":\"State\",\"default\":\"new\"}");
    assert_field(plan, "age",
                 "{\"anyOf\":[{\"type\":\"integer\",\"exclusiveMaximum\":150,\"minimum\":0},{\"type\":\"null\"}],"
                 "\"title\":\"Age\"}");
    assert_field(plan, "score", "{\"type\":\"number\",\"maximum\":9.5,\"exclusiveMinimum\":0.5,\"title\":\"Points\"}");
    assert_field(plan, "active", "{\"type\":\"boolean\",\"title\":\"Active\",\"default\":true}");
    assert_field(plan, "made_at", "{\"type\":\"string\",\"format\":\"date-time\",\"title\":\"Made At\"}");
    assert_field(plan, "born",
                 "{\"anyOf\":[{\"type\":\"string\",\"format\":\"date\"},{\"type\":\"null\"}],\"title\":\"Born\"}");
    assert_field(plan, "price",
                 "{\"type\":\"string\",\"pattern\":\"^-?\\\\d+(\\\\.\\\\d{1,2}0*)?$\",\"title\":\"Price\",\"examples\":"
                 "[\"2.50\"]}");
    assert_field(plan, "token", "{\"type\":\"string\",\"format\":\"uuid\",\"title\":\"Token\"}");
    assert_field(
        plan, "photo",
        "{\"type\":\"string\",\"contentEncoding\":\"base64\",\"contentMediaType\":\"application/octet-stream\","
        "\"title\":\"Photo\"}");
    assert_field(plan, "extra", "{\"anyOf\":[{},{\"type\":\"null\"}],\"title\":\"Extra\"}");
    assert_field(plan, "secret", "{\"type\":\"string\",\"format\":\"email\",\"title\":\"Secret\"}");
    assert_field(plan, "first", "{\"$ref\":\"#/components/schemas/Line\"}");
    assert_field(plan, "lines",
                 "{\"items\":{\"$ref\":\"#/components/schemas/Line\"},\"type\":\"array\",\"maxItems\":3,\"title\":"
                 "\"Lines\"}");
    cv_plan_free(plan);
}

typedef struct Named {
    int64_t user_id;
    const char *userID;
    const char *x1y2z;
    const char *only;
    cuvee_decimal price;
    cuvee_json value;
    cuvee_array numbers;
    const Line *maybe;
} Named;

static const cuvee_field named_fields[] = {
    CUVEE_FIELD(Named, user_id),
    CUVEE_FIELD(Named, userID, .alias = "user-ID"),
    CUVEE_FIELD(Named, x1y2z),
    CUVEE_FIELD(Named, only, .choices = "one"),
    CUVEE_FIELD(Named, price, .fallback = "1e3"),
    CUVEE_FIELD(Named, value, .fallback = "{\"a\": [1, \"a text of some length\"]}", .example = "null"),
    CUVEE_VALUES_FIELD(Named, numbers, int32_t, .ge = "1", .max_length = 5, .fallback = "[]", .example = "[1, 2]"),
    CUVEE_OBJECT_FIELD(Named, maybe, &line_model, .nullable = true, .doc = "Perhaps"),
};
static const cuvee_model named_model = CUVEE_MODEL(Named, NULL, named_fields);

static void titles_defaults_and_examples(void **state)
{
    (void)state;
    struct cv_plan *plan = plan_of(&named_model);
    assert_field(plan, "user_id", "{\"type\":\"integer\",\"title\":\"User Id\"}");
    assert_field(plan, "userID", "{\"type\":\"string\",\"title\":\"User-Id\"}");
    assert_field(plan, "x1y2z", "{\"type\":\"string\",\"title\":\"X1Y2Z\"}");
    assert_field(plan, "only", "{\"type\":\"string\",\"const\":\"one\",\"title\":\"Only\"}");
    assert_field(plan, "price", "{\"type\":\"string\",\"title\":\"Price\",\"default\":\"1000\"}");
    assert_field(plan, "value",
                 "{\"title\":\"Value\",\"default\":{\"a\":[1,\"a text of some length\"]},\"examples\":[null]}");
    assert_field(plan, "numbers",
                 "{\"items\":{\"type\":\"integer\",\"minimum\":1},\"type\":\"array\",\"maxItems\":5,"
                 "\"title\":\"Numbers\",\"default\":[],\"examples\":[[1,2]]}");
    assert_field(plan, "maybe",
                 "{\"anyOf\":[{\"$ref\":\"#/components/schemas/Line\"},{\"type\":\"null\"}],"
                 "\"description\":\"Perhaps\"}");
    cv_plan_free(plan);
}

/* Two models that hold each other, and differ only deep inside. */
typedef struct Outer {
    const struct Inner *inner;
} Outer;
typedef struct Inner {
    cuvee_array outers;
    const char *text;
} Inner;

extern const cuvee_model inner_model;
static const cuvee_field outer_fields[] = {CUVEE_OBJECT_FIELD(Outer, inner, &inner_model)};
static const cuvee_model outer_model = CUVEE_MODEL(Outer, NULL, outer_fields);
static const cuvee_field inner_fields[] = {CUVEE_LIST_FIELD(Inner, outers, &outer_model)};
const cuvee_model inner_model = CUVEE_MODEL(Inner, NULL, inner_fields);

static void models_inside_count_and_circles_end(void **state)
{
    (void)state;
    static const cuvee_field hidden[] = {CUVEE_FIELD(Inner, text, .hidden = true)};
    static const cuvee_model differing = CUVEE_MODEL(Inner, NULL, hidden);
    static const cuvee_field fields[] = {CUVEE_OBJECT_FIELD(Outer, inner, &differing)};
    static const cuvee_model model = CUVEE_MODEL(Outer, NULL, fields);
    struct cv_plan *plan = plan_of(&outer_model);
    assert_false(cv_schema_differs(plan));
    cv_plan_free(plan);
    plan = plan_of(&model);
    assert_true(cv_schema_differs(plan));
    cv_plan_free(plan);
}

static char *required_of(const struct cv_plan *plan, enum cv_schema_use use)
{
    json_t *schema = cv_schema_object(plan, use);
    char *text = json_dumps(json_object_get(schema, "required"), JSON_COMPACT);
    assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
    assert_string_equal(json_string_value(json_object_get(schema, "title")), "Everything");
    assert_string_equal(json_string_value(json_object_get(schema, "description")), "All kinds");
    assert_int_equal(json_object_get(json_object_get(schema, "properties"), "secret") != NULL, use == CV_SCHEMA_IN);
    assert_int_equal(json_object_get(json_object_get(schema, "properties"), "made_at") != NULL, use == CV_SCHEMA_OUT);
    json_decref(schema);
    return text;
}

static void what_goes_in_and_what_comes_out_differ(void **state)
{
    (void)state;
    struct cv_plan *plan = plan_of(&everything_model);
    char *in = required_of(plan, CV_SCHEMA_IN), *out = required_of(plan, CV_SCHEMA_OUT);
    assert_string_equal(
        in, "[\"id\",\"full_name\",\"score\",\"price\",\"token\",\"photo\",\"secret\",\"first\",\"lines\"]");
    assert_string_equal(out,
                        "[\"id\",\"full_name\",\"state\",\"age\",\"score\",\"active\",\"made_at\",\"born\",\"price\","
                        "\"token\",\"photo\",\"extra\",\"first\",\"lines\"]");
    assert_true(cv_schema_differs(plan));
    free(in);
    free(out);
    cv_plan_free(plan);
    plan = plan_of(&line_model);
    assert_false(cv_schema_differs(plan));
    cv_plan_free(plan);
}

static void a_key_that_the_database_assigns_does_not_go_in(void **state)
{
    static const cuvee_field fields[] = {CUVEE_FIELD(Everything, id, .key = true), CUVEE_FIELD(Everything, full_name)};
    static const cuvee_model model = CUVEE_MODEL(Everything, "everything", fields);
    (void)state;
    struct cv_plan *plan = plan_of(&model);
    json_t *schema = cv_schema_object(plan, CV_SCHEMA_IN);
    assert_null(json_object_get(json_object_get(schema, "properties"), "id"));
    json_decref(schema);
    assert_true(cv_schema_differs(plan));
    cv_plan_free(plan);
}

static void a_part_requires_nothing_and_has_no_key(void **state)
{
    static const cuvee_field fields[] = {
        CUVEE_FIELD(Everything, id, .key = true, .by_caller = true),
        CUVEE_FIELD(Everything, full_name, .fallback = "nobody", .min_length = 2),
    };
    static const cuvee_model model = CUVEE_MODEL(Everything, "everything", fields, .forbid_extra = true);
    (void)state;
    struct cv_plan *plan = plan_of(&model);
    json_t *schema = cv_schema_object(plan, CV_SCHEMA_PART);
    json_t *properties = json_object_get(schema, "properties");
    json_t *name = json_object_get(properties, "full_name");
    assert_int_equal(json_object_size(properties), 1);
    assert_null(json_object_get(name, "default"));
    assert_int_equal(json_integer_value(json_object_get(name, "minLength")), 2);
    assert_null(json_object_get(schema, "required"));
    assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
    json_decref(schema);
    cv_plan_free(plan);
}

static void running_out_of_memory_gives_nothing(void **state)
{
    (void)state;
    const cuvee_model *models[] = {&everything_model, &named_model};
    for (size_t i = 0; i < 2; i++) {
        struct cv_plan *plan = plan_of(models[i]);
        for (size_t n = 1;; n++) {
            alloc_fault_at(n);
            json_t *schema = cv_schema_object(plan, CV_SCHEMA_OUT);
            bool failed = alloc_fault_end();
            assert_int_equal(schema == NULL, failed);
            json_decref(schema);
            if (!failed)
                break;
        }
        cv_plan_free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_words),
        cmocka_unit_test(titles_defaults_and_examples),
        cmocka_unit_test(models_inside_count_and_circles_end),
        cmocka_unit_test(what_goes_in_and_what_comes_out_differ),
        cmocka_unit_test(a_key_that_the_database_assigns_does_not_go_in),
        cmocka_unit_test(a_part_requires_nothing_and_has_no_key),
        cmocka_unit_test(running_out_of_memory_gives_nothing),
    };
    return cmocka_run_group_tests_name("schema", tests, NULL, NULL);
}
