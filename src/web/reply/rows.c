/* Replies made of rows and objects, written straight into the reply's buffer. */
#include "session/cursor.h"
#include "web/reply/begin.h"
#include "web/reply/projection.h"

/* The last reply of this endpoint tells how large this one may become. */
static struct cv_buffer *begin_json(cuvee_request *request)
{
    struct cv_buffer *out = cv_begin_good(request, CV_JSON_TYPE);
    if (out)
        cv_buffer_reserve(out, atomic_load_explicit(&request->endpoint->usual_size, memory_order_relaxed));
    return out;
}

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

void cuvee_reply_object(cuvee_request *request, const cuvee_model *model, const void *object)
{
    struct cv_projection projection;
    if (!cv_begin_good(request, NULL))
        return;
    if (!object) {
        cuvee_reply_error(request, 404, NULL);
        return;
    }
    const struct cv_plan *plan = plan_of(request, model);
    if (plan && cv_projection_make(request, request->arena, plan, false, &projection))
        cv_project_row(begin_json(request), &projection, object);
}

void cuvee_reply_list(cuvee_request *request, const cuvee_model *model, cuvee_list objects)
{
    struct cv_projection projection;
    if (!cv_begin_good(request, NULL))
        return;
    const struct cv_plan *plan = plan_of(request, model);
    if (!plan || !cv_projection_make(request, request->arena, plan, true, &projection))
        return;
    struct cv_buffer *out = begin_json(request);
    cv_buffer_char(out, '[');
    for (size_t i = 0; i < objects.count; i++) {
        if (i > 0)
            cv_buffer_char(out, ',');
        cv_project_row(out, &projection, objects.items[i]);
    }
    cv_buffer_char(out, ']');
}

static void write_rows(struct cv_buffer *out, const struct cv_projection *projection, struct cv_cursor *cursor)
{
    const cuvee_value *cells;
    char before = '[';
    while ((cells = cv_cursor_next(cursor))) {
        cv_buffer_char(out, before);
        cv_project_cells(out, projection, cells);
        before = ',';
    }
    cv_buffer_put(out, before == '[' ? "[]" : "]");
}

/* Rows that stop in the middle because of an error are no reply; the session knows. */
static void check_query(cuvee_request *request, const cuvee_query *query)
{
    cuvee_session *session = query ? cv_query_session(query) : NULL;
    const cuvee_error *error = session ? cuvee_session_error(session) : NULL;
    if (session == request->session && session)
        return; /* it is asked when the handler is done */
    if (error && error->kind != CUVEE_ERROR_NONE)
        cv_reply_session_error(request, error);
    else if (!query)
        cv_fail(request, "%s replied with a query that it could not build", request->endpoint->name);
}

void cuvee_reply_query(cuvee_request *request, cuvee_query *query)
{
    struct cv_projection projection;
    if (!cv_begin_good(request, NULL))
        return;
    if (query && !cv_projection_make(request, request->arena, cv_query_plan(query), true, &projection))
        return;
    struct cv_cursor *cursor = query ? cv_cursor_open(query) : NULL;
    if (cursor)
        write_rows(begin_json(request), &projection, cursor);
    cv_cursor_close(cursor);
    check_query(request, query);
}
