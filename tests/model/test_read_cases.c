#include "support/check.h"

#include <stdio.h>

#include "model/cases.h"
#include "model/ctype.h"
#include "model/json_read.h"
#include "model/json_write.h"

/* ---- where a value can stand ---- */

enum place { BODY, LIST, NESTED, ITEM, PARAMETERS, PATH = PARAMETERS, QUERY, HEADER, COOKIE, PLACES };

struct place_words {
    const char *before; /* in front of the value in the body */
    const char *after;
    const char *loc;
};

static const struct place_words places[PLACES] = {
    [BODY] = {"{\"v\":", "}", "[\"body\",\"v\"]"},
    [LIST] = {"[{\"v\":", "}]", "[\"body\",0,\"v\"]"},
    [NESTED] = {"{\"inner\":{\"v\":", "}}", "[\"body\",\"inner\",\"v\"]"},
    [ITEM] = {"{\"v\":[", "]}", "[\"body\",\"v\",0]"},
    [PATH] = {"", "", "[\"path\",\"v\"]"},
    [QUERY] = {"", "", "[\"query\",\"v\"]"},
    [HEADER] = {"", "", "[\"header\",\"v\"]"},
    [COOKIE] = {"", "", "[\"cookie\",\"v\"]"},
};

/* The case's model, and the ones in which its field stands elsewhere. */
typedef struct Nested {
    const void *inner;
} Nested;

typedef struct Items {
    cuvee_array v;
} Items;

static struct cv_plan *plan_in(const struct read_case *test, enum place place)
{
    static cuvee_field field;
    static cuvee_model model;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    const cuvee_model *made = test->model;
    if (place == NESTED) {
        field = (cuvee_field)CUVEE_OBJECT_FIELD(Nested, inner, test->model);
        model = (cuvee_model){.name = "Nested", .fields = &field, .field_count = 1, .size = sizeof model};
        model.struct_size = sizeof(Nested);
        made = &model;
    } else if (place == ITEM) {
        field = test->model->fields[0];
        field.item_kind = field.kind;
        field.kind = CUVEE_ARRAY;
        field.member_size = sizeof(cuvee_array);
        model = (cuvee_model){.name = "Items", .fields = &field, .field_count = 1, .size = sizeof model};
        model.struct_size = sizeof(Items);
        made = &model;
    }
    struct cv_plan *plan = cv_plan_make(made, &error);
    if (!plan)
        fail_msg("%s: %s", test->model->name, error.message);
    return plan;
}

/* ---- one case in one place ---- */

struct outcome {
    bool good;
    struct cv_buffer text; /* the value, or the mistakes */
};

static void put_value(struct cv_buffer *out, const struct cv_plan *plan, const void *row)
{
    struct cv_buffer json;
    cv_buffer_init(&json, 0);
    cv_json_row(&json, plan, row);
    cv_buffer_bytes(out, json.data, json.size);
    cv_buffer_free(&json);
}

static bool read_body(const struct read_case *test, enum place place, const struct cv_plan *plan,
                      struct cv_arena *arena, struct cv_issues *issues, struct cv_buffer *value)
{
    struct cv_buffer body;
    struct cv_loc loc = {.name = "body"};
    max_align_t row[4] = {0};
    cuvee_array list;
    bool bad_utf8;
    cv_buffer_init(&body, 0);
    cv_buffer_put(&body, places[place].before);
    cv_buffer_put(&body, test->sent);
    cv_buffer_put(&body, places[place].after);
    json_t *json = cv_json_parse(body.data, body.size, issues, &bad_utf8);
    assert_non_null(json);
    bool good = place == LIST ? cv_json_read_list(plan, json, &loc, &list, arena, issues)
                              : cv_json_read_object(plan, json, &loc, row, arena, issues);
    if (good)
        put_value(value, plan, place == LIST ? list.items : row);
    json_decref(json);
    cv_buffer_free(&body);
    return good;
}

static bool read_parameter(const struct read_case *test, enum place place, const struct cv_plan *plan,
                           struct cv_arena *arena, struct cv_issues *issues, struct cv_buffer *value)
{
    static const char *const names[] = {"path", "query", "header", "cookie"};
    struct cv_loc outer = {.name = names[place - PARAMETERS]};
    struct cv_loc loc = {.outer = &outer, .name = "v"};
    max_align_t row[4] = {0};
    json_t *json = json_loads(test->sent, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    const struct cv_text text = {.data = json_string_value(json), .size = json_string_length(json)};
    bool good = cv_texts_read(&plan->fields[0], &text, 1, &loc, row, arena, issues);
    if (good)
        put_value(value, plan, row);
    json_decref(json);
    return good;
}

static void put_expected(struct cv_buffer *out, const struct read_case *test, enum place place)
{
    if (test->value) {
        cv_buffer_put(out, place == NESTED ? "{\"inner\":{\"v\":" : place == ITEM ? "{\"v\":[" : "{\"v\":");
        cv_buffer_put(out, test->value);
        cv_buffer_put(out, place == NESTED ? "}}" : place == ITEM ? "]}" : "}");
        return;
    }
    cv_buffer_format(out, "{\"type\":\"%s\",\"loc\":%s,\"msg\":", test->type, places[place].loc);
    cv_json_string(out, test->msg, strlen(test->msg));
    cv_buffer_format(out, ",\"input\":%s", test->sent);
    if (test->ctx)
        cv_buffer_format(out, ",\"ctx\":%s", test->ctx);
    cv_buffer_char(out, '}');
}

/* Whether the case makes sense there. */
static bool applies(const struct read_case *test, enum place place)
{
    const cuvee_field *field = &test->model->fields[0];
    if (place >= PARAMETERS)
        return test->sent[0] == '"' && field->kind != CUVEE_JSON;
    bool counted = field->min_length > 0 || field->max_length > 0; /* of an array these count its items */
    return place != ITEM || (!field->nullable && !counted);
}

static void run(const struct read_case *test, enum place place)
{
    struct cv_plan *plan = plan_in(test, place);
    struct cv_arena arena;
    struct cv_issues issues;
    struct cv_buffer found;
    struct cv_buffer expected;
    cv_arena_init(&arena, 0);
    cv_issues_init(&issues);
    cv_buffer_init(&found, 0);
    cv_buffer_init(&expected, 0);
    put_expected(&expected, test, place);
    bool good = place >= PARAMETERS ? read_parameter(test, place, plan, &arena, &issues, &found)
                                    : read_body(test, place, plan, &arena, &issues, &found);
    if (!good)
        cv_buffer_bytes(&found, issues.json.data, issues.json.size);
    bool same = found.size == expected.size && memcmp(found.data, expected.data, found.size) == 0;
    if (!same || good != (test->value != NULL) || issues.count != !good || issues.no_memory)
        fail_msg("%s sent for %s (%s):\n  expected %s\n  found    %s", test->sent, test->model->name, test->source,
                 cv_buffer_text(&expected), cv_buffer_text(&found));
    cv_buffer_free(&expected);
    cv_buffer_free(&found);
    cv_issues_free(&issues);
    cv_arena_free(&arena);
    cv_plan_free(plan);
}

static void run_all(const struct read_cases *cases)
{
    size_t count = 0;
    for (size_t i = 0; i < cases->count; i++)
        for (enum place place = 0; place < PLACES; place++)
            if (applies(&cases->cases[i], place)) {
                run(&cases->cases[i], place);
                count++;
            }
    print_message("%zu cases, tried %zu times\n", cases->count, count);
}

static void numbers(void **state)
{
    (void)state;
    run_all(&number_cases);
}

static void texts(void **state)
{
    (void)state;
    run_all(&text_cases);
}

static void times(void **state)
{
    (void)state;
    run_all(&time_cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(texts),
        cmocka_unit_test(times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
