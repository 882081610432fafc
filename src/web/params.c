/* Parameters: from the request's texts into the struct that the route's descriptor describes. */
#include "base/utf8.h"
#include "model/json_write.h"
#include "web/request.h"

/* What parameters are read from; each is split when the route has a parameter there. */
struct sources {
    struct cv_pairs query;
    struct cv_pairs cookies;
};

/* The texts that a parameter was given as. */
struct texts {
    struct cv_arena *arena;
    struct cv_text *items;
    size_t count;
    size_t capacity;
    bool no_memory;
};

static bool keep_first(void *arg, struct cv_slice value)
{
    *(struct cv_slice *)arg = value;
    return false;
}

struct cv_slice cv_request_header(const cuvee_request *request, const char *name)
{
    struct cv_slice value = {NULL, 0};
    const struct cv_headers *headers = &request->in->headers;
    if (headers->each)
        headers->each(headers->of, name, keep_first, &value);
    return value;
}

/* ---- finding texts ---- */

static bool add_text(void *arg, struct cv_slice value)
{
    struct texts *texts = arg;
    if (texts->count == texts->capacity) {
        size_t capacity = texts->capacity ? texts->capacity * 2 : 4;
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

static void find_texts(const cuvee_request *request, const struct sources *sources, const struct cv_param *param,
                       struct texts *texts)
{
    const struct cv_headers *headers = &request->in->headers;
    bool all = param->field->kind == CUVEE_ARRAY;
    switch (param->place) {
    case CV_PLACE_PATH: add_text(texts, request->match.values[param->index]); break;
    case CV_PLACE_QUERY: add_pairs(texts, &sources->query, param->name); break;
    case CV_PLACE_COOKIE: add_pairs(texts, &sources->cookies, param->name); break;
    case CV_PLACE_HEADER:
        if (headers->each)
            headers->each(headers->of, param->name, all ? add_text : add_only_text, texts);
        break;
    case CV_PLACE_COUNT: break;
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

static void read_param(cuvee_request *request, const struct sources *sources, const struct cv_param *param,
                       struct cv_issues *issues)
{
    struct cv_loc place = {.name = cv_place_name(param->place)};
    struct cv_loc loc = {.outer = &place, .name = param->name};
    struct cv_text few[2];
    struct texts texts = {.arena = request->arena, .items = few, .capacity = sizeof few / sizeof few[0]};
    find_texts(request, sources, param, &texts);
    if (texts.no_memory)
        issues->no_memory = true;
    else if (texts.count == 0)
        cv_text_absent(request->endpoint->params, param->field, &loc, request->params, request->arena, issues);
    else if (check_texts(&texts, &loc, issues))
        cv_texts_read(request->endpoint->params, param->field, texts.items, texts.count, &loc, request->params,
                      request->arena, issues);
}

static bool split_sources(cuvee_request *request, struct sources *sources)
{
    const size_t *count = request->endpoint->place_count;
    if (count[CV_PLACE_QUERY] > 0 && !cv_query_split(request->arena, request->query, &sources->query))
        return false;
    if (count[CV_PLACE_COOKIE] == 0)
        return true;
    return cv_cookie_split(request->arena, cv_request_header(request, "Cookie"), &sources->cookies);
}

enum cv_read cv_read_params(cuvee_request *request, struct cv_issues *issues)
{
    const struct cv_plan *plan = request->endpoint->params;
    if (!plan)
        return CV_READ;
    struct sources sources = {0};
    request->params = cv_arena_zero(request->arena, plan->model->struct_size);
    if (!request->params || !split_sources(request, &sources)) {
        cv_fail(request, "out of memory");
        return CV_READ_ANSWERED;
    }
    for (size_t i = 0; i < request->endpoint->param_count; i++)
        read_param(request, &sources, &request->endpoint->param_list[i], issues);
    return CV_READ;
}
