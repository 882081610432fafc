/* The JSON body: from bytes into the struct, or list of structs, that the route's descriptor describes. */
#include "model/json_write.h"
#include "web/request/request.h"

static const struct cv_loc body_loc = {.name = "body"};

/* "application/json" and "application/…+json", whatever parameters follow. */
static bool is_json_type(struct cv_slice type)
{
    static const char application[] = "application/";
    size_t prefix = sizeof application - 1;
    for (size_t i = 0; i < type.size; i++)
        if (type.data[i] == ';')
            type.size = i;
    type = cv_slice_trim(type);
    if (type.size <= prefix || !cv_slice_is_caseless((struct cv_slice){type.data, prefix}, application))
        return false;
    struct cv_slice subtype = {type.data + prefix, type.size - prefix};
    struct cv_slice ending = {subtype.data + subtype.size - 5, 5};
    return cv_slice_is_caseless(subtype, "json") || (subtype.size >= 5 && cv_slice_is_caseless(ending, "+json"));
}

/* A body of another type is a string where an object should be. */
static void add_not_json(cuvee_request *request, struct cv_issues *issues)
{
    struct cv_slice text = cv_utf8_repair(request->arena, request->in->body);
    struct cv_buffer input;
    cv_buffer_init(&input, 0);
    if (text.data)
        cv_json_string(&input, text.data, text.size);
    bool list = request->endpoint->options.body.list;
    if (!text.data || !cv_buffer_text(&input))
        issues->no_memory = true;
    else
        cv_issue_add(issues, list ? "list_type" : "model_attributes_type", &body_loc,
                     list ? "Input should be a valid list"
                          : "Input should be a valid dictionary or object to extract fields from",
                     input.data, NULL);
    cv_buffer_free(&input);
}

/* What is broken in the body is told alone: nothing else can be said about it. */
static void reply_broken(cuvee_request *request, struct cv_issues *issues, bool bad_utf8)
{
    if (bad_utf8)
        cuvee_reply_error(request, 400, "There was an error parsing the body");
    else if (issues->count > 0 && !issues->no_memory)
        cv_reply_issues(request, issues);
    else
        cv_fail(request, "out of memory");
}

bool cv_parse_body(cuvee_request *request)
{
    struct cv_slice body = request->in->body;
    if (!request->endpoint->body || body.size == 0 || !is_json_type(cv_request_header(request, "Content-Type")))
        return true;
    struct cv_issues issues;
    bool bad_utf8 = false;
    cv_issues_init(&issues);
    request->json = cv_json_parse(body.data, body.size, &issues, &bad_utf8);
    if (!request->json)
        reply_broken(request, &issues, bad_utf8);
    cv_issues_free(&issues);
    return request->json != NULL;
}

static bool read_into(cuvee_request *request, struct cv_issues *issues)
{
    const struct cv_plan *plan = request->endpoint->body;
    const cuvee_shape *shape = &request->endpoint->options.body;
    if (shape->list)
        return cv_json_read_list(plan, request->json, &body_loc, &request->list, request->arena, issues);
    request->body = cv_model_zero(plan->model, request->arena);
    if (!request->body)
        return false;
    return shape->part ? cv_json_read_part(plan, request->json, &body_loc, request->body, request->arena, issues)
                       : cv_json_read_object(plan, request->json, &body_loc, request->body, request->arena, issues);
}

bool cv_read_body(cuvee_request *request, struct cv_issues *issues)
{
    const json_t *json = request->json;
    if (!request->endpoint->body)
        return true;
    size_t before = issues->count;
    if (json && !json_is_null(json)) {
        if (read_into(request, issues) || issues->count > before)
            return true;
        cv_fail(request, "out of memory");
        return false;
    }
    if (!json && request->in->body.size > 0)
        add_not_json(request, issues);
    else
        cv_issue_add(issues, "missing", &body_loc, "Field required", "null", NULL);
    return true;
}
