#include "web/reply/projection.h"

#include "model/json_write.h"
#include "model/row.h"

static bool take_fields(cuvee_request *request, struct cv_arena *arena, struct cv_projection *projection)
{
    const struct cv_plan *to = projection->to;
    projection->source = cv_arena_alloc(arena, to->count * sizeof *projection->source);
    projection->cells = cv_arena_alloc(arena, to->count * sizeof *projection->cells);
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

bool cv_projection_make(cuvee_request *request, struct cv_arena *arena, const struct cv_plan *from, bool list,
                        struct cv_projection *projection)
{
    const struct cv_plan *to = request->endpoint->returns;
    bool skip_null = request->endpoint->options.skip_null;
    *projection = (struct cv_projection){.from = from,
                                         .to = to ? to : from,
                                         .write_row = skip_null ? cv_json_row_set : cv_json_row,
                                         .write_cells = skip_null ? cv_json_cells_set : cv_json_cells};
    if (to && list != request->endpoint->options.returns.list) {
        cv_fail(request, "%s replies with %s, but the route declares %s", request->endpoint->name,
                list ? "a list" : "one object", list ? "one object" : "a list");
        return false;
    }
    return projection->to == from || take_fields(request, arena, projection);
}

void cv_project_row(struct cv_buffer *out, const struct cv_projection *projection, const void *row)
{
    if (!projection->source) {
        projection->write_row(out, projection->from, row);
        return;
    }
    for (size_t i = 0; i < projection->to->count; i++)
        projection->cells[i] = cv_row_get(&projection->from->fields[projection->source[i]], row);
    projection->write_cells(out, projection->to, projection->cells);
}

void cv_project_cells(struct cv_buffer *out, const struct cv_projection *projection, const cuvee_value *cells)
{
    if (!projection->source) {
        projection->write_cells(out, projection->from, cells);
        return;
    }
    for (size_t i = 0; i < projection->to->count; i++)
        projection->cells[i] = cells[projection->source[i]];
    projection->write_cells(out, projection->to, projection->cells);
}
