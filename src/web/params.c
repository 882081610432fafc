/* Parameters: from the request's texts into the struct that the route's descriptor describes. */
#include "base/utf8.h"
#include "model/json_write.h"
#include "web/request.h"

/* What parameters are read from; each is split when the route has a parameter there. */
struct sources {
    struct cv_pairs query;
    struct cv_pairs cookies;
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

/* The last of the pairs with this name counts, as in a dictionary. */
static struct cv_slice pair_value(const struct cv_pairs *pairs, const char *name)
{
    for (size_t i = pairs->count; i > 0; i--)
        if (cv_slice_is(pairs->items[i - 1].name, name)) {
            struct cv_slice value = pairs->items[i - 1].value;
            return value.data ? value : (struct cv_slice){"", 0};
        }
    return (struct cv_slice){NULL, 0};
}

static struct cv_slice find_text(const cuvee_request *request, const struct sources *sources,
                                 const struct cv_param *param)
{
    switch (param->place) {
    case CV_PLACE_PATH: return request->match.values[param->index];
    case CV_PLACE_QUERY: return pair_value(&sources->query, param->name);
    case CV_PLACE_HEADER: return cv_request_header(request, param->name);
    case CV_PLACE_COOKIE: return pair_value(&sources->cookies, param->name);
    case CV_PLACE_COUNT: break;
    }
    return (struct cv_slice){NULL, 0};
}

/* A text that is no UTF-8 is told with what can be read of it. */
static void add_bad_text(struct cv_issues *issues, struct cv_arena *arena, const struct cv_loc *loc,
                         struct cv_slice text)
{
    struct cv_slice readable = cv_utf8_repair(arena, text);
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

static void read_param(cuvee_request *request, const struct sources *sources, const struct cv_param *param,
                       struct cv_issues *issues)
{
    struct cv_loc place = {.name = cv_place_name(param->place)};
    struct cv_loc loc = {.outer = &place, .name = param->name};
    const struct cv_plan *plan = request->endpoint->params;
    struct cv_slice text = find_text(request, sources, param);
    if (!text.data)
        cv_text_absent(plan, param->field, &loc, request->params, request->arena, issues);
    else if (!cv_utf8_valid(text.data, text.size))
        add_bad_text(issues, request->arena, &loc, text);
    else
        cv_text_read(plan, param->field, text.data, text.size, &loc, request->params, request->arena, issues);
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
