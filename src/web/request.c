/* What a handler calls: its input, and the replies that it makes. */
#include "web/request.h"

#include "model/json_write.h"
#include "session/cursor.h"

/* Stands in for a struct that was asked for with another descriptor than the route's; the request has failed then. */
static void *mismatch(cuvee_request *request, const cuvee_model *model, const char *what)
{
    cv_fail(request, "%s reads its %s as %s, which the route does not declare", request->endpoint->name, what,
            model->name);
    return cv_arena_zero(request->arena, model->struct_size);
}

const void *cuvee_params(cuvee_request *request, const cuvee_model *params)
{
    const struct cv_plan *plan = request->endpoint->params;
    return plan && plan->model == params ? request->params : mismatch(request, params, "parameters");
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

/* ---- replies ---- */

/* Begins a good reply in JSON, unless the request has failed: then its error stays. */
static struct cv_buffer *begin_json(cuvee_request *request)
{
    if (request->failed)
        return NULL;
    struct cv_endpoint *endpoint = request->endpoint;
    cv_reply_begin(request->reply, endpoint->options.status, CV_JSON_TYPE);
    cv_buffer_reserve(&request->reply->body, atomic_load_explicit(&endpoint->usual_size, memory_order_relaxed));
    return &request->reply->body;
}

/* The plan for writing objects of this model; NULL: the request has failed. */
static const struct cv_plan *plan_of(cuvee_request *request, const cuvee_model *model)
{
    const struct cv_plan *plan = request->endpoint->returns;
    if (plan && plan->model == model)
        return plan;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    plan = cv_app_plan(request->service->app, model, &error);
    if (!plan)
        cv_fail(request, "%s", error.message);
    return plan;
}

static bool session_failed(const cuvee_request *request)
{
    return request->session && cuvee_session_error(request->session)->kind != CUVEE_ERROR_NONE;
}

void cuvee_reply_object(cuvee_request *request, const cuvee_model *model, const void *object)
{
    if (request->failed || session_failed(request))
        return;
    if (!object) {
        cuvee_reply_error(request, 404, cv_status_text(404));
        return;
    }
    const struct cv_plan *plan = plan_of(request, model);
    struct cv_buffer *out = plan ? begin_json(request) : NULL;
    if (out)
        cv_json_row(out, plan, object);
}

void cuvee_reply_list(cuvee_request *request, const cuvee_model *model, cuvee_list objects)
{
    if (request->failed || session_failed(request))
        return;
    const struct cv_plan *plan = plan_of(request, model);
    struct cv_buffer *out = plan ? begin_json(request) : NULL;
    if (!out)
        return;
    cv_buffer_char(out, '[');
    for (size_t i = 0; i < objects.count; i++) {
        if (i > 0)
            cv_buffer_char(out, ',');
        cv_json_row(out, plan, objects.items[i]);
    }
    cv_buffer_char(out, ']');
}

static void write_rows(struct cv_buffer *out, const struct cv_plan *plan, struct cv_cursor *cursor)
{
    const cuvee_value *cells;
    char before = '[';
    while ((cells = cv_cursor_next(cursor))) {
        cv_buffer_char(out, before);
        cv_json_cells(out, plan, cells);
        before = ',';
    }
    cv_buffer_put(out, before == '[' ? "[]" : "]");
}

void cuvee_reply_query(cuvee_request *request, cuvee_query *query)
{
    struct cv_cursor *cursor = request->failed || !query ? NULL : cv_cursor_open(query);
    if (!cursor) {
        if (!request->failed && !session_failed(request))
            cv_fail(request, "%s replied with a query that failed", request->endpoint->name);
        return;
    }
    struct cv_buffer *out = begin_json(request);
    write_rows(out, cv_query_plan(query), cursor);
    cv_cursor_close(cursor);
}

void cuvee_reply_error(cuvee_request *request, int status, const char *detail)
{
    if (request->failed)
        return;
    cv_reply_detail(request->reply, status, detail ? detail : cv_status_text(status));
    request->failed = true;
}

void cuvee_reply_status(cuvee_request *request, int status)
{
    if (request->failed)
        return;
    cv_reply_begin(request->reply, status, NULL);
    request->failed = status >= 400;
}
