/*
 * One parameter: the first byte says which field of which model. What was read and written reads back as the same
 * value.
 */
#include "fuzz/fuzz.h"

#include <string.h>

#include "model/json_read.h"
#include "model/json_scan.h"
#include "model/json_write.h"
#include "model/models.h"
#include "model/row.h"

static const struct cv_loc loc = {.name = "v"};

/* The value's JSON, which a body would have. */
static void check_again(const struct cv_plan *plan, const struct cv_field *field, const void *row,
                        struct cv_arena *arena)
{
    max_align_t again[64] = {0};
    struct cv_buffer text;
    struct cv_issues issues;
    bool bad_utf8;
    cuvee_value value = cv_row_get(field, row);
    cv_buffer_init(&text, 0);
    cv_issues_init(&issues);
    cv_buffer_char(&text, '{');
    cv_buffer_bytes(&text, field->json, field->json_size);
    cv_json_value(&text, &value);
    cv_buffer_char(&text, '}');
    MUST(!text.failed);
    json_t *json = cv_json_parse(text.data, text.size, &issues, &bad_utf8);
    MUST(json);
    cv_json_read_object(plan, json, &loc, again, arena, &issues);
    /* JSON is written without the spaces that it may have come with. */
    bool json_kind = field->kind == CUVEE_JSON;
    MUST(json_kind || cv_row_same_field(field, row, again));
    json_decref(json);
    cv_issues_free(&issues);
    cv_buffer_free(&text);
}

static void read_text(const struct cv_plan *plan, const struct cv_field *field, const char *text, size_t size)
{
    max_align_t row[64] = {0};
    struct cv_arena arena;
    struct cv_issues issues;
    struct cv_json_fault fault;
    cv_arena_init(&arena, 0);
    cv_issues_init(&issues);
    bool good = cv_texts_read(field, &(struct cv_text){.data = text, .size = size}, 1, &loc, row, &arena, &issues);
    MUST(good == (issues.count == 0) && issues.count <= 1 && !issues.no_memory);
    if (!good)
        MUST(cv_json_scan(issues.json.data, issues.json.size, NULL, &fault) == CV_JSON_GOOD);
    else if (field->kind < CUVEE_OBJECT && !field->auto_key)
        check_again(plan, field, row, &arena);
    cv_issues_free(&issues);
    cv_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct cv_plan *plans[2];
    if (!plans[0]) {
        plans[0] = cv_plan_make(&everything_model, NULL);
        plans[1] = cv_plan_make(&visit_model, NULL);
        MUST(plans[0] && plans[1]);
    }
    if (size == 0)
        return 0;
    const struct cv_plan *plan = plans[data[0] & 1];
    read_text(plan, &plan->fields[(data[0] >> 1) % plan->count], (const char *)data + 1, size - 1);
    return 0;
}
