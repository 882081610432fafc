/* A whole body into structs: it is read, or it has mistakes, and both can be written as JSON. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "model/json_read.h"
#include "model/json_scan.h"
#include "model/json_write.h"
#include "model/models.h"
#include "model/row.h"

static struct cv_plan *plan_of(const cuvee_model *model)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(model, &error);
    MUST(plan);
    return plan;
}

static void must_be_json(struct cv_buffer *text)
{
    struct cv_json_fault fault;
    MUST(!text->failed);
    MUST(cv_json_scan(text->data, text->size, NULL, &fault) == CV_JSON_GOOD);
}

static void check_issues(const struct cv_issues *issues)
{
    struct cv_buffer text;
    cv_buffer_init(&text, 0);
    cv_buffer_char(&text, '[');
    cv_buffer_bytes(&text, issues->json.data, issues->json.size);
    cv_buffer_char(&text, ']');
    must_be_json(&text);
    cv_buffer_free(&text);
}

/* A row that was read keeps its model's rules, and can be copied and written. */
static void check_row(const struct cv_plan *plan, const void *row, struct cv_arena *arena)
{
    struct cv_buffer first;
    struct cv_buffer second;
    cv_buffer_init(&first, 0);
    cv_buffer_init(&second, 0);
    MUST(cv_row_check(plan, row, NULL));
    void *copy = cv_row_copy(plan, row, arena);
    MUST(copy);
    cv_json_row(&first, plan, row);
    cv_json_row(&second, plan, copy);
    must_be_json(&first);
    MUST(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
    cv_buffer_free(&first);
    cv_buffer_free(&second);
}

static void read_object(const struct cv_plan *plan, const json_t *json)
{
    max_align_t row[64] = {0};
    struct cv_loc loc = {.name = "body"};
    struct cv_arena arena;
    struct cv_issues issues;
    MUST(plan->model->struct_size <= sizeof row);
    cv_arena_init(&arena, 0);
    cv_issues_init(&issues);
    bool good = cv_json_read_object(plan, json, &loc, row, &arena, &issues);
    MUST(good == (issues.count == 0) && !issues.no_memory);
    check_issues(&issues);
    if (good)
        check_row(plan, row, &arena);
    cv_issues_free(&issues);
    cv_arena_free(&arena);
}

static void read_list(const struct cv_plan *plan, const json_t *json)
{
    struct cv_loc loc = {.name = "body"};
    struct cv_arena arena;
    struct cv_issues issues;
    cuvee_array list;
    cv_arena_init(&arena, 0);
    cv_issues_init(&issues);
    bool good = cv_json_read_list(plan, json, &loc, &list, &arena, &issues);
    MUST(good == (issues.count == 0));
    check_issues(&issues);
    for (size_t i = 0; good && i < list.count; i++)
        check_row(plan, (const char *)list.items + i * plan->model->struct_size, &arena);
    cv_issues_free(&issues);
    cv_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cv_plan *everything;
    static struct cv_plan *visit;
    if (!everything) {
        everything = plan_of(&everything_model);
        visit = plan_of(&visit_model);
    }
    struct cv_issues issues;
    bool bad_utf8;
    cv_issues_init(&issues);
    json_t *json = cv_json_parse(size > 0 ? (const char *)data : "", size, &issues, &bad_utf8);
    MUST((json != NULL) == (issues.count == 0 && !bad_utf8));
    check_issues(&issues);
    if (json) {
        read_object(everything, json);
        read_object(visit, json);
        read_list(everything, json);
    }
    json_decref(json);
    cv_issues_free(&issues);
    return 0;
}
