#include "web/app/endpoint.h"

#include <string.h>

#include "base/error.h"

const char *cv_source_name(enum cv_source source)
{
    static const char *const names[] = {"path", "query", "header", "cookie"};
    return names[source];
}

/* Index of the name in the route's path, or their count. */
static size_t index_in_path(const struct cv_endpoint *endpoint, const char *name)
{
    size_t i = 0;
    while (i < endpoint->path_names.count && strcmp(endpoint->path_names.items[i], name) != 0)
        i++;
    return i;
}

static enum cv_source source_of(const struct cv_endpoint *endpoint, const struct cv_field *field)
{
    switch (field->declared->in) {
    case CUVEE_IN_QUERY: return CV_FROM_QUERY;
    case CUVEE_IN_HEADER: return CV_FROM_HEADER;
    case CUVEE_IN_COOKIE: return CV_FROM_COOKIE;
    case CUVEE_IN_PATH_OR_QUERY: break;
    }
    return index_in_path(endpoint, field->wire) < endpoint->path_names.count ? CV_FROM_PATH : CV_FROM_QUERY;
}

/* An alias is taken as it is; a member's name gets hyphens. */
static const char *header_name(const struct cv_field *field, struct cv_arena *arena)
{
    if (field->declared->alias)
        return field->wire;
    char *name = cv_arena_text(arena, field->wire);
    for (char *p = name; p && *p; p++)
        if (*p == '_')
            *p = '-';
    return name;
}

static bool take_param(const struct cv_endpoint *endpoint, struct cv_input *input, const struct cv_field *field,
                       enum cv_source source, struct cv_arena *arena, cuvee_error *error)
{
    struct cv_param *param = &input->params[input->count++];
    if (field->kind == CUVEE_OBJECT || (field->kind == CUVEE_ARRAY && field->item_kind == CUVEE_OBJECT))
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s.%s: a parameter is text and cannot be an object",
                            input->plan->model->name, field->name);
    if (field->kind == CUVEE_ARRAY && (source == CV_FROM_PATH || source == CV_FROM_COOKIE))
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s.%s: a list comes from the query or from headers",
                            input->plan->model->name, field->name);
    *param = (struct cv_param){.field = field, .source = source, .name = field->wire};
    if (source == CV_FROM_PATH)
        param->index = index_in_path(endpoint, field->wire);
    if (source == CV_FROM_HEADER)
        param->name = header_name(field, arena);
    return param->name ? true : cv_error_memory(error);
}

/* Of a table's model only what the path names is a parameter. */
static bool is_param(const struct cv_endpoint *endpoint, const struct cv_input *input, const struct cv_field *field,
                     enum cv_source source)
{
    return source_of(endpoint, field) == source && (source == CV_FROM_PATH || !input->plan->model->table);
}

bool cv_input_fill(const struct cv_endpoint *endpoint, struct cv_input *input, struct cv_arena *arena,
                   cuvee_error *error)
{
    const struct cv_plan *plan = input->plan;
    input->count = 0;
    input->params = cv_arena_zero(arena, plan->count * sizeof *input->params);
    if (!input->params)
        return cv_error_memory(error);
    for (enum cv_source source = 0; source < CV_SOURCE_COUNT; source++)
        for (size_t i = 0; i < plan->count; i++)
            if (is_param(endpoint, input, &plan->fields[i], source) &&
                !take_param(endpoint, input, &plan->fields[i], source, arena, error))
                return false;
    return true;
}

static bool reads_path_value(const struct cv_endpoint *endpoint, size_t index)
{
    for (size_t i = 0; i < endpoint->input_count; i++)
        for (size_t k = 0; k < endpoint->inputs[i].count; k++) {
            const struct cv_param *param = &endpoint->inputs[i].params[k];
            if (param->source == CV_FROM_PATH && param->index == index)
                return true;
        }
    return false;
}

bool cv_endpoint_check_path(const struct cv_endpoint *endpoint, cuvee_error *error)
{
    for (size_t i = 0; i < endpoint->path_names.count; i++)
        if (!reads_path_value(endpoint, i))
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s %s: no field of its parameters reads {%s}",
                                endpoint->method, endpoint->path, endpoint->path_names.items[i]);
    return true;
}

bool cv_endpoint_takes_input(const struct cv_endpoint *endpoint)
{
    bool takes = endpoint->body != NULL;
    for (size_t i = 0; i < endpoint->input_count; i++)
        takes |= endpoint->inputs[i].count > 0;
    return takes;
}
