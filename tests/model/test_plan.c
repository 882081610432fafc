#include "support/check.h"

#include "model/constant.h"
#include "model/models.h"
#include "model/pattern.h"
#include "model/plan.h"
#include "support/alloc_fault.h"

typedef struct Thing {
    int64_t id;
    int64_t number;
    int32_t small;
    double real;
    const char *text;
    const char *other;
    cuvee_time at;
    cuvee_date day;
    cuvee_decimal amount;
    cuvee_uuid uuid;
    cuvee_blob blob;
    cuvee_json json;
    cuvee_opt_int64 maybe;
    const Place *place;
    cuvee_array list;
    bool flag;
} Thing;

#define KEY CUVEE_FIELD(Thing, id, .key = true)

/* ---- good ones ---- */

static void knows_every_kind_from_the_c_type(void **state)
{
    (void)state;
    static const cuvee_kind kinds[] = {CUVEE_BOOL, CUVEE_INT32,   CUVEE_INT64, CUVEE_DOUBLE, CUVEE_TEXT, CUVEE_TIME,
                                       CUVEE_DATE, CUVEE_DECIMAL, CUVEE_UUID,  CUVEE_BLOB,   CUVEE_JSON};
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(&everything_model, &error);
    assert_non_null(plan);
    assert_int_equal(plan->count, 23);
    for (size_t i = 0; i < 11; i++) {
        const struct cv_field *plain = &plan->fields[1 + i];
        const struct cv_field *optional = &plan->fields[12 + i];
        assert_int_equal(plain->kind, kinds[i]);
        assert_int_equal(optional->kind, kinds[i]);
        assert_false(plain->nullable);
        assert_true(optional->nullable);
        assert_string_equal(optional->name + 4, plain->name);
    }
    assert_int_equal(plan->fields[1].offset, offsetof(Everything, flag));
    assert_int_equal(plan->fields[14].set_offset, offsetof(Everything, opt_large.set));
    assert_int_equal(plan->fields[14].offset, offsetof(Everything, opt_large.value));
    assert_int_equal(plan->key_count, 1);
    assert_int_equal(plan->keys[0], 0);
    assert_true(plan->auto_key && plan->fields[0].auto_key);
    assert_int_equal(plan->version, plan->count);
    assert_int_equal(cv_plan_find(plan, "text"), 5);
    assert_int_equal(cv_plan_find(plan, "nothing"), plan->count);
    cv_plan_free(plan);
    cv_plan_free(NULL);
}

static void reads_what_the_descriptor_says(void **state)
{
    (void)state;
    static const cuvee_field fields[] = {
        CUVEE_FIELD(Thing, text, .key = true, .by_caller = true, .column = "the_text", .alias = "the \"text\""),
        CUVEE_FIELD(Thing, number, .ge = "-5", .lt = "9223372036854775807", .fallback = "7", .example = "8"),
        CUVEE_FIELD(Thing, amount, .gt = "0.00", .le = "1e3"),
        CUVEE_FIELD(Thing, at, .fallback = CUVEE_NOW, .ge = "2024-01-01T00:00:00Z"),
        CUVEE_FIELD(Thing, day, .fallback = CUVEE_NOW),
        CUVEE_FIELD(Thing, uuid, .fallback = CUVEE_NEW_UUID),
        CUVEE_FIELD(Thing, other, .choices = "new|paid|sent", .fallback = "paid", .pattern = "^[a-z]+$"),
        CUVEE_FIELD(Thing, small, .version = true),
        CUVEE_FIELD(Thing, real, .fallback = "1.5", .doc = "A number"),
    };
    static const cuvee_model model =
        CUVEE_MODEL(Thing, "things", fields, .unique = "text,number; number , amount,at;other");
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(&model, &error);
    assert_non_null(plan);
    assert_string_equal(plan->fields[0].column, "the_text");
    assert_string_equal(plan->fields[0].wire, "the \"text\"");
    assert_string_equal(plan->fields[0].json, "\"the \\\"text\\\"\":");
    assert_int_equal(plan->fields[0].json_size, strlen("\"the \\\"text\\\"\":"));
    assert_int_equal(plan->fields[0].json[-1], ',');
    assert_false(plan->auto_key);
    assert_true(plan->fields[1].ge.as.integer == -5);
    assert_true(plan->fields[1].lt.as.integer == INT64_MAX);
    assert_int_equal(plan->fields[1].gt.kind, 0);
    assert_int_equal(plan->fields[1].fallback, CV_CONSTANT);
    assert_int_equal(plan->fields[1].constant.as.integer, 7);
    assert_int_equal(plan->fields[1].example.as.integer, 8);
    assert_memory_equal(plan->fields[2].le.as.text.data, "1000", 5);
    assert_int_equal(plan->fields[3].fallback, CV_NOW);
    assert_int_equal(plan->fields[4].fallback, CV_NOW);
    assert_int_equal(plan->fields[5].fallback, CV_NEW_UUID);
    assert_int_equal(plan->fields[6].choice_count, 3);
    assert_int_equal(plan->fields[6].choices[1].size, 4);
    assert_memory_equal(plan->fields[6].choices[1].text, "paid", 4);
    assert_int_equal(cv_pattern_match(plan->fields[6].pattern, "abc", 3), CV_MATCH);
    assert_int_equal(plan->version, 7);
    assert_true(plan->fields[8].constant.as.real == 1.5);
    assert_int_equal(plan->unique_count, 3);
    assert_int_equal(plan->uniques[0].count, 2);
    assert_int_equal(plan->uniques[1].count, 3);
    assert_int_equal(plan->uniques[1].fields[2], 3);
    assert_int_equal(plan->uniques[2].count, 1);
    assert_int_equal(plan->uniques[2].fields[0], 6);
    cv_plan_free(plan);
}

static void models_may_contain_each_other_and_themselves(void **state)
{
    (void)state;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(&visit_model, &error);
    assert_non_null(plan);
    assert_ptr_equal(plan->fields[1].nested, plan->fields[2].nested);
    assert_ptr_equal(plan->fields[1].nested, plan->fields[3].nested);
    assert_ptr_equal(plan->fields[1].nested->model, &place_model);
    assert_ptr_equal(plan->fields[6].nested, plan);
    assert_int_equal(plan->fields[4].kind, CUVEE_ARRAY);
    assert_int_equal(plan->fields[4].item_kind, CUVEE_INT32);
    assert_int_equal(plan->fields[4].ge.kind, CUVEE_INT32);
    assert_int_equal(plan->fields[5].item_kind, CUVEE_TEXT);
    assert_int_equal(plan->fields[6].constant.kind, CUVEE_ARRAY);
    cv_plan_free(plan);
}

static void a_struct_without_a_table_needs_no_key(void **state)
{
    (void)state;
    static const cuvee_field fields[] = {CUVEE_FIELD(Thing, id, .key = true), CUVEE_FIELD(Thing, text)};
    static const cuvee_model with = CUVEE_MODEL(Thing, NULL, fields);
    static const cuvee_model none = {.name = "None", .struct_size = 1, .size = sizeof(cuvee_model)};
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(&with, &error);
    assert_non_null(plan);
    assert_false(plan->auto_key); /* no database would assign it */
    assert_int_equal(plan->key_count, 0);
    cv_plan_free(plan);
    plan = cv_plan_make(&none, &error);
    assert_non_null(plan);
    assert_int_equal(plan->count, 0);
    cv_plan_free(plan);
}

static void some_lone_integer_keys_come_from_the_caller(void **state)
{
    (void)state;
    static const cuvee_field by_caller[] = {CUVEE_FIELD(Thing, id, .key = true, .by_caller = true)};
    static const cuvee_field by_default[] = {CUVEE_FIELD(Thing, id, .key = true, .fallback = "1")};
    static const cuvee_field shared[] = {CUVEE_FIELD(Thing, id, .key = true, .refers = &everything_model)};
    static const cuvee_field two[] = {KEY, CUVEE_FIELD(Thing, small, .key = true)};
    static const cuvee_field text[] = {CUVEE_FIELD(Thing, text, .key = true)};
    static const cuvee_model models[] = {
        CUVEE_MODEL(Thing, "t", by_caller), CUVEE_MODEL(Thing, "t", by_default), CUVEE_MODEL(Thing, "t", shared),
        CUVEE_MODEL(Thing, "t", two),       CUVEE_MODEL(Thing, "t", text),
    };
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        cuvee_error error = {.kind = CUVEE_ERROR_NONE};
        struct cv_plan *plan = cv_plan_make(&models[i], &error);
        assert_non_null(plan);
        assert_false(plan->auto_key);
        assert_false(plan->fields[0].auto_key);
        cv_plan_free(plan);
    }
}

/* A key of two fields, to refer to. */
typedef struct Pair {
    int64_t a;
    const char *b;
} Pair;
static const cuvee_field pair_fields[] = {CUVEE_FIELD(Pair, a, .key = true), CUVEE_FIELD(Pair, b, .key = true)};
static const cuvee_model pair_model = CUVEE_MODEL(Pair, "pairs", pair_fields);

static void several_fields_refer_to_a_key_of_several(void **state)
{
    (void)state;
    static const cuvee_field fields[] = {
        KEY,
        CUVEE_FIELD(Thing, number, .refers = &pair_model),
        CUVEE_FIELD(Thing, text, .refers = &pair_model),
    };
    static const cuvee_model model = CUVEE_MODEL(Thing, "things", fields);
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(&model, &error);
    assert_non_null(plan);
    cv_plan_free(plan);
}

static void descriptors_of_an_older_program_are_read(void **state)
{
    (void)state;
    /*
     * Newer libraries append members; a program of today is then an older one. So is this one with what follows cut
     * off.
     */
    struct older {
        char bytes[offsetof(cuvee_field, size) + sizeof(size_t)];
    };
    cuvee_field full[2] = {CUVEE_FIELD(Thing, id, .key = true), CUVEE_FIELD(Thing, text, .max_length = 3)};
    struct older *fields = calloc(2, sizeof *fields);
    for (size_t i = 0; i < 2; i++) {
        full[i].size = sizeof *fields;
        memcpy(&fields[i], &full[i], sizeof *fields);
    }
    cuvee_model model = {.name = "Thing",
                         .table = "things",
                         .fields = (const cuvee_field *)(const void *)fields,
                         .field_count = 2,
                         .struct_size = sizeof(Thing),
                         .size = sizeof(cuvee_model)};
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(&model, &error);
    assert_non_null(plan);
    assert_string_equal(plan->fields[1].name, "text");
    assert_int_equal(plan->fields[1].declared->max_length, 3);
    cv_plan_free(plan);
    free(fields);
}

/* ---- bad ones ---- */

static void is_refused(const cuvee_model *model, const char *field, const char *words)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(model, &error);
    if (plan || error.kind != CUVEE_ERROR_CONFIG || !strstr(error.message, words) || strcmp(error.fields, field) != 0)
        fail_msg("expected \"%s\" about \"%s\", got \"%s\" about \"%s\"", words, field, error.message, error.fields);
    if (model && model->name && *model->name)
        assert_string_equal(error.model, model->name);
    assert_null(cv_plan_make(model, NULL));
}

/* A table with the key `id` and one more field, which is wrong. */
static void field_is_refused(cuvee_field field, const char *words)
{
    cuvee_field fields[] = {KEY, field};
    cuvee_model model = CUVEE_MODEL(Thing, "things", fields);
    is_refused(&model, field.name ? field.name : "", words);
}

#define REFUSED(words, ...) field_is_refused((cuvee_field)CUVEE_FIELD(Thing, __VA_ARGS__), words)

static void refuses_constants_that_do_not_fit(void **state)
{
    (void)state;
    REFUSED("default \"x\" is no int64", number, .fallback = "x");
    REFUSED("default \"\" is no int64", number, .fallback = "");
    REFUSED("default \"now()\" is no int64", number, .fallback = CUVEE_NOW);
    REFUSED("default \"2147483648\" is no int32", small, .fallback = "2147483648");
    REFUSED("default \"nan\" is no double", real, .fallback = "nan");
    REFUSED("default \"uuid()\" is no time", at, .fallback = CUVEE_NEW_UUID);
    REFUSED("default \"2024-02-30\" is no date", day, .fallback = "2024-02-30");
    REFUSED("default \"x\" is no UUID", uuid, .fallback = "x");
    REFUSED("default \"Z\" is no blob", blob, .fallback = "Z");
    REFUSED("default \"{\" is no JSON", json, .fallback = "{");
    REFUSED("default \"yes\" is no bool", flag, .fallback = "yes");
    REFUSED("default \"inf\" is no decimal", amount, .fallback = "inf");
    REFUSED("example \"x\" is no int64", number, .example = "x");
    REFUSED("ge \"1.5\" is no int64", number, .ge = "1.5");
    REFUSED("gt \"x\" is no decimal", amount, .gt = "x");
    REFUSED("lt \"tomorrow\" is no time", at, .lt = "tomorrow");
    REFUSED("le \"x\" is no date", day, .le = "x");
}

static void refuses_rules_that_the_kind_does_not_have(void **state)
{
    (void)state;
    REFUSED("a field of kind text has no bounds", text, .ge = "1");
    REFUSED("a field of kind bool has no bounds", flag, .le = "true");
    REFUSED("a field of kind UUID has no bounds", uuid, .lt = "x");
    REFUSED("a field of kind int64 has no length", number, .max_length = 3);
    REFUSED("a field of kind JSON has no length", json, .min_length = 3);
    REFUSED("places are for decimals", real, .places = 2);
    REFUSED("for text", number, .pattern = "x");
    REFUSED("for text", blob, .choices = "a|b");
    REFUSED("for text", json, .format = CUVEE_EMAIL);
}

static void refuses_rules_that_nothing_could_keep(void **state)
{
    (void)state;
    REFUSED("nothing lies between its bounds", number, .ge = "2", .le = "1");
    REFUSED("nothing lies between its bounds", number, .gt = "1", .le = "1");
    REFUSED("nothing lies between its bounds", number, .ge = "1", .lt = "1");
    REFUSED("nothing lies between its bounds", amount, .gt = "1.00", .lt = "1");
    REFUSED("min_length is greater", text, .min_length = 3, .max_length = 2);
    REFUSED("more than 30 places", amount, .places = 31);
    REFUSED("default \"1.234\" must have at most 2 digits behind the point", amount, .places = 2, .fallback = "1.234");
    REFUSED("one of its choices is empty", text, .choices = "");
    REFUSED("one of its choices is empty", text, .choices = "a||b");
    REFUSED("one of its choices is empty", text, .choices = "a|");
    REFUSED("choice \"a\" stands there twice", text, .choices = "a|b|a");
    REFUSED("pattern (: missing closing parenthesis at byte 1", text, .pattern = "(");
    REFUSED("default \"5\" must be at most 4", number, .le = "4", .fallback = "5");
    REFUSED("default \"abc\" must have at most 2 characters", text, .max_length = 2, .fallback = "abc");
    REFUSED("default \"x\" must match the pattern", text, .pattern = "^a", .fallback = "x");
    REFUSED("default \"x\" must be one of a|b", text, .choices = "a|b", .fallback = "x");
    REFUSED("default \"x\" must be a valid e-mail address", text, .format = CUVEE_EMAIL, .fallback = "x");
}

/* What the macro made of the member, with .nullable said over it. */
static void say_nullable(cuvee_field field, const char *words)
{
    field.nullable = true;
    field_is_refused(field, words);
}

static void refuses_what_the_member_cannot_hold(void **state)
{
    (void)state;
    say_nullable((cuvee_field)CUVEE_FIELD(Thing, text), "make the member a cuvee_opt_text instead of saying .nullable");
    say_nullable((cuvee_field)CUVEE_FIELD(Thing, small), "make the member a cuvee_opt_int32");
    say_nullable((cuvee_field)CUVEE_FIELD(Thing, uuid), "make the member a cuvee_opt_uuid");
    say_nullable((cuvee_field)CUVEE_FIELD(Thing, json), "make the member a cuvee_opt_json");
    cuvee_field field = CUVEE_FIELD(Thing, maybe);
    field.nullable = false;
    field_is_refused(field, "a member of 16 bytes cannot be a field of kind int64");
    field = (cuvee_field)CUVEE_OBJECT_FIELD(Thing, list, &place_model);
    field_is_refused(field, "a member of 16 bytes cannot be a field of kind object");
    field = (cuvee_field)CUVEE_FIELD(Thing, text);
    field.kind = CUVEE_BLOB;
    field_is_refused(field, "a member of 8 bytes cannot be a field of kind blob");
}

static void refuses_fields_that_are_none(void **state)
{
    (void)state;
    cuvee_field field = CUVEE_FIELD(Thing, text);
    field.kind = 0;
    field_is_refused(field, "0 is no kind of value");
    field.kind = 14;
    field_is_refused(field, "14 is no kind of value");
    field = (cuvee_field)CUVEE_FIELD(Thing, text);
    field.name = NULL;
    field_is_refused(field, "a field needs a name");
    field.name = "";
    field_is_refused(field, "a field needs a name");
    field = (cuvee_field)CUVEE_FIELD(Thing, text);
    field.column = "";
    field_is_refused(field, "a field needs a name");
    field.column = NULL;
    field.alias = "\xFF";
    field_is_refused(field, "a field needs a name");
    REFUSED("not valid UTF-8", text, .doc = "\xC3");
    REFUSED("not valid UTF-8", text, .choices = "a|\xC3");
    REFUSED("no format", text, .format = (cuvee_format)9);
    REFUSED("no place", text, .in = (cuvee_place)9);
    field = (cuvee_field)CUVEE_FIELD(Thing, text);
    field.offset = sizeof(Thing);
    field_is_refused(field, "no text can stand at offset");
    field.offset = 1;
    field_is_refused(field, "no text can stand at offset 1");
    field.offset = SIZE_MAX - 7;
    field_is_refused(field, "no text can stand at offset");
    field = (cuvee_field)CUVEE_FIELD(Thing, text);
    field.size = 0;
    field_is_refused(field, "make each field with CUVEE_FIELD");
}

static void refuses_names_that_collide(void **state)
{
    (void)state;
    static const cuvee_field same[] = {KEY, CUVEE_FIELD(Thing, text), CUVEE_FIELD(Thing, text)};
    static const cuvee_field column[] = {KEY, CUVEE_FIELD(Thing, text, .column = "id")};
    static const cuvee_field alias[] = {KEY, CUVEE_FIELD(Thing, text, .alias = "id")};
    static const cuvee_model models[] = {CUVEE_MODEL(Thing, "t", same), CUVEE_MODEL(Thing, "t", column),
                                         CUVEE_MODEL(Thing, "t", alias)};
    is_refused(&models[0], "text", "there are two fields of this name");
    is_refused(&models[1], "text", "column \"id\" is that of id already");
    is_refused(&models[2], "text", "\"id\" is the name of id on the wire already");
}

static void refuses_objects_without_a_model_or_in_a_table(void **state)
{
    (void)state;
    cuvee_field field = CUVEE_OBJECT_FIELD(Thing, place, NULL);
    field_is_refused(field, "the model of the object is missing");
    field = (cuvee_field)CUVEE_OBJECT_FIELD(Thing, place, &place_model);
    field_is_refused(field, "a table has no column for an object");
    field = (cuvee_field)CUVEE_VALUES_FIELD(Thing, list, int64_t);
    field_is_refused(field, "a table has no column for an array");
    field.item_kind = 0;
    field_is_refused(field, "0 is no kind of item");
    field.item_kind = CUVEE_ARRAY;
    field_is_refused(field, "13 is no kind of item");
    field = (cuvee_field)CUVEE_OBJECT_FIELD(Thing, place, &place_model, .fallback = "{}");
    field_is_refused(field, "default \"{}\" is not possible");
    field = (cuvee_field)CUVEE_VALUES_FIELD(Thing, list, int64_t, .fallback = "[1]");
    field_is_refused(field, "default \"[1]\" is not possible");
    field = (cuvee_field)CUVEE_VALUES_FIELD(Thing, list, int64_t, .example = "[1");
    field_is_refused(field, "example \"[1\" is no JSON");
    field = (cuvee_field)CUVEE_VALUES_FIELD(Thing, list, const char *, .ge = "1");
    field_is_refused(field, "a field of kind text has no bounds");
}

static void a_mistake_in_a_model_inside_names_that_model(void **state)
{
    (void)state;
    static const cuvee_field bad[] = {CUVEE_FIELD(Place, city, .ge = "1")};
    static const cuvee_model bad_place = CUVEE_MODEL(Place, NULL, bad);
    static const cuvee_field fields[] = {CUVEE_OBJECT_FIELD(Thing, place, &bad_place)};
    static const cuvee_model model = CUVEE_MODEL(Thing, NULL, fields);
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    assert_null(cv_plan_make(&model, &error));
    assert_string_equal(error.message, "Place.city: a field of kind text has no bounds");
    assert_string_equal(error.model, "Place");
    assert_string_equal(error.fields, "city");
}

static void refuses_keys_that_cannot_be(void **state)
{
    (void)state;
    static const cuvee_field none[] = {CUVEE_FIELD(Thing, text)};
    static const cuvee_model no_key = CUVEE_MODEL(Thing, "t", none);
    is_refused(&no_key, "", "a model with a table needs a key");
    REFUSED("a key cannot be NULL", maybe, .key = true);
    REFUSED("a double cannot be a key", real, .key = true);
    REFUSED("a JSON cannot be a key", json, .key = true);
    REFUSED("JSON has no index and is not unique", json, .unique = true);
    REFUSED("JSON has no index and is not unique", json, .index = true);
    REFUSED("by_caller is for keys", text, .by_caller = true);
    cuvee_field many[CV_MAX_KEYS + 1];
    char names[CV_MAX_KEYS + 1][4];
    for (size_t i = 0; i <= CV_MAX_KEYS; i++) {
        memcpy(names[i], "kX", 3);
        names[i][1] = (char)('a' + i);
        many[i] = (cuvee_field)CUVEE_FIELD(Thing, id, .key = true);
        many[i].name = names[i];
    }
    cuvee_model model = CUVEE_MODEL(Thing, "t", many);
    is_refused(&model, "ki", "a key has at most 8 fields");
}

static void refuses_versions_that_cannot_be(void **state)
{
    (void)state;
    static const cuvee_field twice[] = {KEY, CUVEE_FIELD(Thing, number, .version = true),
                                        CUVEE_FIELD(Thing, small, .version = true)};
    static const cuvee_model model = CUVEE_MODEL(Thing, "t", twice);
    is_refused(&model, "small", "there is a version already: number");
    REFUSED("a version is an integer", text, .version = true);
    REFUSED("a version is an integer", maybe, .version = true);
    REFUSED("a version is an integer", number, .version = true, .key = true);
}

static void refuses_references_that_cannot_be(void **state)
{
    (void)state;
    REFUSED("a model that has no table", number, .refers = &place_model);
    REFUSED("it refers to Everything.id, which is of another kind: int64", text, .refers = &everything_model);
    REFUSED("it does not refer to the whole key of Pair", number, .refers = &pair_model);
    static const cuvee_field swapped[] = {KEY, CUVEE_FIELD(Thing, text, .refers = &pair_model),
                                          CUVEE_FIELD(Thing, number, .refers = &pair_model)};
    static const cuvee_model model = CUVEE_MODEL(Thing, "t", swapped);
    is_refused(&model, "text", "it refers to Pair.a, which is of another kind");
}

static void refuses_unique_groups_that_cannot_be(void **state)
{
    (void)state;
    static const cuvee_field fields[] = {KEY, CUVEE_FIELD(Thing, text), CUVEE_FIELD(Thing, other),
                                         CUVEE_FIELD(Thing, json)};
    static const char *const groups[][2] = {
        {"text,json", "unique names \"json\", which is JSON"},
        {"text,missing", "unique names \"missing\", which is no field"},
        {"", "unique names \"\", which is no field"},
        {"text,", "unique names \"\", which is no field"},
        {"text;;other", "unique names \"\", which is no field"},
        {"text,other,text", "unique names \"text\" twice"},
        {"text other", "unique is no list of fields: text other"},
        {"tex", "unique names \"tex\", which is no field"},
    };
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        cuvee_model model = CUVEE_MODEL(Thing, "t", fields);
        model.unique = groups[i][0];
        is_refused(&model, "", groups[i][1]);
    }
}

static void refuses_models_that_are_none(void **state)
{
    (void)state;
    static const cuvee_field fields[] = {KEY};
    static const cuvee_model good = CUVEE_MODEL(Thing, "t", fields);
    cuvee_model model = good;
    is_refused(NULL, "", "there is no model");
    model.name = NULL;
    is_refused(&model, "", "a model needs a name");
    model.name = "\xFF";
    is_refused(&model, "", "a model needs a name");
    model = good;
    model.table = "";
    is_refused(&model, "", "the table needs a name");
    model = good;
    model.size = 0;
    is_refused(&model, "", "make the model with CUVEE_MODEL");
    model.size = sizeof(cuvee_model) + 8;
    is_refused(&model, "", "make the model with CUVEE_MODEL");
    model = good;
    model.struct_size = 0;
    is_refused(&model, "", "the size of the struct is missing");
    model = good;
    model.fields = NULL;
    is_refused(&model, "", "a model has at most");
    model = good;
    model.field_count = CV_MAX_FIELDS + 1;
    is_refused(&model, "", "a model has at most 512 fields");
}

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    static const cuvee_field fields[] = {
        KEY,
        CUVEE_FIELD(Thing, text, .pattern = "^[a-z]+(x|y)*$", .choices = "a|b", .fallback = "a", .max_length = 5),
        CUVEE_FIELD(Thing, amount, .ge = "1.5", .fallback = "2"),
        CUVEE_FIELD(Thing, blob, .fallback = "Zm9v"),
        CUVEE_FIELD(Thing, json, .fallback = "{}"),
    };
    static const cuvee_model model = CUVEE_MODEL(Thing, "things", fields, .unique = "text,amount");
    const cuvee_model *models[] = {&model, &visit_model};
    for (size_t i = 0; i < 2; i++)
        for (size_t n = 1;; n++) {
            cuvee_error error = {.kind = CUVEE_ERROR_NONE};
            alloc_fault_at(n);
            struct cv_plan *plan = cv_plan_make(models[i], &error);
            bool failed = alloc_fault_end();
            assert_int_equal(plan == NULL, failed);
            assert_int_equal(error.kind, failed ? CUVEE_ERROR_MEMORY : CUVEE_ERROR_NONE);
            cv_plan_free(plan);
            if (!failed)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_every_kind_from_the_c_type),
        cmocka_unit_test(reads_what_the_descriptor_says),
        cmocka_unit_test(models_may_contain_each_other_and_themselves),
        cmocka_unit_test(a_struct_without_a_table_needs_no_key),
        cmocka_unit_test(some_lone_integer_keys_come_from_the_caller),
        cmocka_unit_test(several_fields_refer_to_a_key_of_several),
        cmocka_unit_test(descriptors_of_an_older_program_are_read),
        cmocka_unit_test(refuses_constants_that_do_not_fit),
        cmocka_unit_test(refuses_rules_that_the_kind_does_not_have),
        cmocka_unit_test(refuses_rules_that_nothing_could_keep),
        cmocka_unit_test(refuses_what_the_member_cannot_hold),
        cmocka_unit_test(refuses_fields_that_are_none),
        cmocka_unit_test(refuses_names_that_collide),
        cmocka_unit_test(refuses_objects_without_a_model_or_in_a_table),
        cmocka_unit_test(a_mistake_in_a_model_inside_names_that_model),
        cmocka_unit_test(refuses_keys_that_cannot_be),
        cmocka_unit_test(refuses_versions_that_cannot_be),
        cmocka_unit_test(refuses_references_that_cannot_be),
        cmocka_unit_test(refuses_unique_groups_that_cannot_be),
        cmocka_unit_test(refuses_models_that_are_none),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
