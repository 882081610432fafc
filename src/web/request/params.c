/* Parameters: from the request's texts into the structs that the descriptors describe. */
#include "base/utf8.h"
#include "model/json_write.h"
#include "web/request/request.h"

/* The texts that a parameter was given as. */
struct texts {
    struct cv_arena *arena;
    struct cv_text *items;
    size_t count;
    size_t capacity;
    bool no_memory;
};

struct cv_slice cv_request_header(const cuvee_request *request, const char *name)
{
    return cv_header_of(&request->in->headers, name);
}

static const struct cv_pairs *query_of(cuvee_request *request)
{
    if (request->query_split)
        return &request->query_pairs;
    request->query_split = true;
    if (!cv_query_split(request->arena, request->query, &request->query_pairs))
        cv_fail(request, "out of memory");
    return &request->query_pairs;
}

static const struct cv_pairs *cookies_of(cuvee_request *request)
{
    if (request->cookies_split)
        return &request->cookies;
    request->cookies_split = true;
    if (!cv_cookie_split(request->arena, cv_request_header(request, "Cookie"), &request->cookies))
        cv_fail(request, "out of memory");
    return &request->cookies;
}

/* The last of the pairs with this name counts, as in a dictionary. */
static struct cv_slice last_value(const struct cv_pairs *pairs, const char *name)
{
    for (size_t i = pairs->count; i > 0; i--)
        if (cv_slice_is(pairs->items[i - 1].name, name)) {
            struct cv_slice value = pairs->items[i - 1].value;
            return value.data ? value : (struct cv_slice){"", 0};
        }
    return (struct cv_slice){NULL, 0};
}

struct cv_slice cv_request_query(cuvee_request *request, const char *name)
{
    return last_value(query_of(request), name);
}

struct cv_slice cv_request_cookie(cuvee_request *request, const char *name)
{
    return last_value(cookies_of(request), name);
}

/* ---- finding a parameter's texts ---- */

static bool add_text(void *arg, struct cv_slice value)
{
    struct texts *texts = arg;
    if (texts->count == texts->capacity) {
        size_t capacity = texts->capacity * 2;
        struct cv_text *items = cv_arena_alloc(texts->arena, capacity * sizeof *items);
        if (!items) {
            texts->no_memory = true;
            return false;
        }
        for (size_t i = 0; i < texts->count; i++)
            items[i] = texts->items[i];
        texts->items = items;
        texts->capacity = capacity;
    }
    texts->items[texts->count++] = (struct cv_text){value.data ? value.data : "", value.size};
    return true;
}

/* Of a header that comes twice the first counts, unless a list is wanted. */
static bool add_only_text(void *arg, struct cv_slice value)
{
    add_text(arg, value);
    return false;
}

static void add_pairs(struct texts *texts, const struct cv_pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (cv_slice_is(pairs->items[i].name, name))
            add_text(texts, pairs->items[i].value);
}

static void find_texts(cuvee_request *request, const struct cv_param *param, struct texts *texts)
{
    const struct cv_headers *headers = &request->in->headers;
    bool all = param->field->kind == CUVEE_ARRAY;
    switch (param->source) {
    case CV_FROM_PATH: add_text(texts, request->match.values[param->index]); break;
    case CV_FROM_QUERY: add_pairs(texts, query_of(request), param->name); break;
    case CV_FROM_COOKIE: add_pairs(texts, cookies_of(request), param->name); break;
    case CV_FROM_HEADER:
        if (headers->each)
            headers->each(headers->of, param->name, all ? add_text : add_only_text, texts);
        break;
    case CV_SOURCE_COUNT: break;
    }
}

/* ---- reading them ---- */

/* A text that is no UTF-8 is told with what can be read of it. */
static void add_bad_text(struct cv_issues *issues, struct cv_arena *arena, const struct cv_loc *loc,
                         const struct cv_text *text)
{
    struct cv_slice readable = cv_utf8_repair(arena, (struct cv_slice){text->data, text->size});
    struct cv_buffer input;
    cv_buffer_init(&input, 0);
    if (readable.data)
        cv_json_string(&input, readable.data, readable.size);
    if (readable.data && cv_buffer_text(&input))
        cv_issue_add(issues, "string_unicode", loc,
                     "Input should be a valid string, unable to parse raw data as a unicode string", input.data, NULL);
    else
        issues->no_memory = true;
    cv_buffer_free(&input);
}

/* True when all are UTF-8. */
static bool check_texts(const struct texts *texts, const struct cv_loc *loc, struct cv_issues *issues)
{
    for (size_t i = 0; i < texts->count; i++)
        if (!cv_utf8_valid(texts->items[i].data, texts->items[i].size)) {
            add_bad_text(issues, texts->arena, loc, &texts->items[i]);
            return false;
        }
    return true;
}

static void read_param(cuvee_request *request, const struct cv_plan *plan, const struct cv_param *param, void *row,
                       struct cv_issues *issues)
{
    struct cv_loc place = {.name = cv_source_name(param->source)};
    struct cv_loc loc = {.outer = &place, .name = param->name};
    struct cv_text few[2];
    struct texts texts = {.arena = request->arena, .items = few, .capacity = sizeof few / sizeof few[0]};
    find_texts(request, param, &texts);
    if (texts.no_memory)
        issues->no_memory = true;
    else if (texts.count == 0)
        cv_text_absent(plan, param->field, &loc, row, request->arena, issues);
    else if (check_texts(&texts, &loc, issues))
        cv_texts_read(param->field, texts.items, texts.count, &loc, row, request->arena, issues);
}

bool cv_read_params(cuvee_request *request, size_t index, struct cv_issues *issues)
{
    const struct cv_input *input = &request->endpoint->inputs[index];
    void *row = cv_model_zero(input->plan->model, request->arena);
    if (!row) {
        cv_fail(request, "out of memory");
        return false;
    }
    request->inputs[index] = row;
    for (size_t i = 0; i < input->count; i++)
        read_param(request, input->plan, &input->params[i], row, issues);
    return !request->failed;
}
