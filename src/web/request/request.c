/* What a handler reads. */
#include "model/row.h"
#include "web/request/request.h"

char *cv_keep_text(cuvee_request *request, const char *text)
{
    char *copy = cv_arena_text(request->arena, text);
    if (!copy)
        cv_fail(request, "out of memory");
    return copy;
}

/* Stands in for a struct that was asked for with another descriptor than the route's; the request has failed then. */
static void *mismatch(cuvee_request *request, const cuvee_model *model, const char *what)
{
    cv_fail(request, "%s reads its %s as %s, which the route does not declare", request->endpoint->name, what,
            model->name);
    return cv_model_zero(model, request->arena);
}

const void *cuvee_params(cuvee_request *request, const cuvee_model *params)
{
    for (size_t i = 0; i < request->endpoint->input_count; i++)
        if (request->endpoint->inputs[i].plan->model == params && request->inputs[i])
            return request->inputs[i];
    return mismatch(request, params, "parameters");
}

const void *cuvee_body(cuvee_request *request, const cuvee_model *model)
{
    const struct cv_plan *plan = request->endpoint->body;
    return plan && plan->model == model && request->body ? request->body : mismatch(request, model, "body");
}

cuvee_array cuvee_body_list(cuvee_request *request, const cuvee_model *model)
{
    const struct cv_plan *plan = request->endpoint->body;
    if (plan && plan->model == model && request->endpoint->options.body.list)
        return request->list;
    mismatch(request, model, "list body");
    return (cuvee_array){NULL, 0};
}

/* The body's member for a field of its model; NULL: not given. */
static const json_t *given(const cuvee_request *request, const struct cv_field *field)
{
    bool taken = cv_json_takes(field, request->endpoint->options.body.part);
    return taken ? json_object_get(request->json, field->wire) : NULL;
}

bool cuvee_body_has(cuvee_request *request, const cuvee_model *model, const char *field)
{
    const struct cv_plan *plan = request->endpoint->body;
    if (!plan || plan->model != model || !request->body) {
        mismatch(request, model, "body");
        return false;
    }
    size_t index = cv_plan_find(plan, field);
    if (index == plan->count)
        cv_fail(request, "%s asks its body for %s, which %s has not", request->endpoint->name, field, model->name);
    return index < plan->count && given(request, &plan->fields[index]);
}

void cuvee_body_update(cuvee_request *request, const cuvee_model *model, void *object)
{
    const struct cv_plan *plan = request->endpoint->body;
    if (!plan || plan->model != model || !request->body) {
        mismatch(request, model, "body");
        return;
    }
    for (size_t i = 0; object && i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (!field->declared->key && i != plan->version && given(request, field))
            cv_row_share(field, object, request->body);
    }
}

const char *cuvee_request_method(cuvee_request *request)
{
    const char *method = cv_arena_copy(request->arena, request->in->method.data, request->in->method.size);
    return method ? method : "";
}

const char *cuvee_request_path(cuvee_request *request)
{
    const char *path = cv_arena_copy(request->arena, request->path.data, request->path.size);
    return path ? path : "";
}

const char *cuvee_request_header(cuvee_request *request, const char *name)
{
    struct cv_slice value = cv_request_header(request, name);
    return value.data ? cv_arena_copy(request->arena, value.data, value.size) : NULL;
}

cuvee_blob cuvee_request_bytes(cuvee_request *request)
{
    return (cuvee_blob){request->in->body.data, request->in->body.size};
}

int cuvee_request_status(cuvee_request *request)
{
    return request->reply->status;
}
