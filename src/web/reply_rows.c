/* Replies made of rows and objects, written straight into the reply's buffer. */
#include "model/json_write.h"
#include "model/row.h"
#include "session/cursor.h"
#include "web/request.h"

/* How the rows of one model are written as another declares. */
struct projection {
    const struct cv_plan *from;
    const struct cv_plan *to;
    size_t *source;     /* for each field of `to`, the one of `from`; NULL: they are the same model */
    cuvee_value *cells; /* room for one row */
    void (*write_row)(struct cv_buffer *out, const struct cv_plan *plan, const void *row);
    void (*write_cells)(struct cv_buffer *out, const struct cv_plan *plan, const cuvee_value *cells);
};

struct cv_buffer *cv_begin_good(cuvee_request *request, const char *content_type)
{
    bool session_failed = request->session && cuvee_session_error(request->session)->kind != CUVEE_ERROR_NONE;
    if (request->failed || (session_failed && !request->mending))
        return NULL;
    cv_reply_begin(request->reply, request->endpoint->options.status, content_type);
    return &request->reply->body;
}

/* The last reply of this endpoint tells how large this one may become. */
static struct cv_buffer *begin_json(cuvee_request *request)
{
    struct cv_buffer *out = cv_begin_good(request, CV_JSON_TYPE);
    if (out)
        cv_buffer_reserve(out, atomic_load_explicit(&request->endpoint->usual_size, memory_order_relaxed));
    return out;
}

/* ---- what is written ---- */

static bool take_fields(cuvee_request *request, struct projection *projection)
{
    const struct cv_plan *to = projection->to;
    projection->source = cv_arena_alloc(request->arena, to->count * sizeof *projection->source);
    projection->cells = cv_arena_alloc(request->arena, to->count * sizeof *projection->cells);
    if (!projection->source || !projection->cells) {
        cv_fail(request, "out of memory");
        return false;
    }
    for (size_t i = 0; i < to->count; i++) {
        const struct cv_field *field = &to->fields[i];
        size_t index = cv_plan_find(projection->from, field->name);
        if (index == projection->from->count || projection->from->fields[index].kind != field->kind || field->nested) {
            cv_fail(request, "%s replies with %s, but the route declares %s, whose field %s it has not",
                    request->endpoint->name, projection->from->model->name, to->model->name, field->name);
            return false;
        }
        projection->source[i] = index;
    }
    return true;
}

/* Objects of `from`, one or a list, as the route declares its replies. False: the request has failed. */
static bool declare(cuvee_request *request, const struct cv_plan *from, bool list, struct projection *projection)
{
    const struct cv_plan *to = request->endpoint->returns;
    bool skip_null = request->endpoint->options.skip_null;
    *projection = (struct projection){.from = from,
                                      .to = to ? to : from,
                                      .write_row = skip_null ? cv_json_row_set : cv_json_row,
                                      .write_cells = skip_null ? cv_json_cells_set : cv_json_cells};
    if (to && list != request->endpoint->options.returns.list) {
        cv_fail(request, "%s replies with %s, but the route declares %s", request->endpoint->name,
                list ? "a list" : "one object", list ? "one object" : "a list");
        return false;
    }
    return projection->to == from || take_fields(request, projection);
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

static void write_row(struct cv_buffer *out, const struct projection *projection, const void *row)
{
    if (!projection->source) {
        projection->write_row(out, projection->from, row);
        return;
    }
    for (size_t i = 0; i < projection->to->count; i++)
        projection->cells[i] = cv_row_get(&projection->from->fields[projection->source[i]], row);
    projection->write_cells(out, projection->to, projection->cells);
}

static void write_cells(struct cv_buffer *out, const struct projection *projection, const cuvee_value *cells)
{
    if (!projection->source) {
        projection->write_cells(out, projection->from, cells);
        return;
    }
    for (size_t i = 0; i < projection->to->count; i++)
        projection->cells[i] = cells[projection->source[i]];
    projection->write_cells(out, projection->to, projection->cells);
}

/* ---- replies ---- */

void cuvee_reply_object(cuvee_request *request, const cuvee_model *model, const void *object)
{
    struct projection projection;
    if (!cv_begin_good(request, NULL))
        return;
    if (!object) {
        cuvee_reply_error(request, 404, NULL);
        return;
    }
    const struct cv_plan *plan = plan_of(request, model);
    if (plan && declare(request, plan, false, &projection))
        write_row(begin_json(request), &projection, object);
}

void cuvee_reply_list(cuvee_request *request, const cuvee_model *model, cuvee_list objects)
{
    struct projection projection;
    if (!cv_begin_good(request, NULL))
        return;
    const struct cv_plan *plan = plan_of(request, model);
    if (!plan || !declare(request, plan, true, &projection))
        return;
    struct cv_buffer *out = begin_json(request);
    cv_buffer_char(out, '[');
    for (size_t i = 0; i < objects.count; i++) {
        if (i > 0)
            cv_buffer_char(out, ',');
        write_row(out, &projection, objects.items[i]);
    }
    cv_buffer_char(out, ']');
}

static void write_rows(struct cv_buffer *out, const struct projection *projection, struct cv_cursor *cursor)
{
    const cuvee_value *cells;
    char before = '[';
    while ((cells = cv_cursor_next(cursor))) {
        cv_buffer_char(out, before);
        write_cells(out, projection, cells);
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
    struct projection projection;
    if (!cv_begin_good(request, NULL))
        return;
    if (query && !declare(request, cv_query_plan(query), true, &projection))
        return;
    struct cv_cursor *cursor = query ? cv_cursor_open(query) : NULL;
    if (cursor)
        write_rows(begin_json(request), &projection, cursor);
    cv_cursor_close(cursor);
    check_query(request, query);
}
