#include "web/endpoint.h"

#include <string.h>

#include "base/error.h"

const char *cv_place_name(enum cv_place place)
{
    static const char *const names[] = {"path", "query", "header", "cookie"};
    return names[place];
}

/* Index of the name in the route's path, or their count. */
static size_t index_in_path(const struct cv_endpoint *endpoint, const char *name)
{
    size_t i = 0;
    while (i < endpoint->path_names.count && strcmp(endpoint->path_names.items[i], name) != 0)
        i++;
    return i;
}

static enum cv_place place_of(const struct cv_endpoint *endpoint, const struct cv_field *field)
{
    switch (field->declared->in) {
    case CUVEE_IN_QUERY: return CV_PLACE_QUERY;
    case CUVEE_IN_HEADER: return CV_PLACE_HEADER;
    case CUVEE_IN_COOKIE: return CV_PLACE_COOKIE;
    case CUVEE_IN_PATH_OR_QUERY: break;
    }
    return index_in_path(endpoint, field->wire) < endpoint->path_names.count ? CV_PLACE_PATH : CV_PLACE_QUERY;
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

static bool take_param(struct cv_endpoint *endpoint, const struct cv_field *field, enum cv_place place,
                       struct cv_param *param, struct cv_arena *arena, cuvee_error *error)
{
    if (field->kind == CUVEE_OBJECT || (field->kind == CUVEE_ARRAY && field->item_kind == CUVEE_OBJECT))
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s.%s: a parameter is text and cannot be an object",
                            endpoint->params->model->name, field->name);
    if (field->kind == CUVEE_ARRAY && (place == CV_PLACE_PATH || place == CV_PLACE_COOKIE))
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s.%s: a list comes from the query or from headers",
                            endpoint->params->model->name, field->name);
    *param = (struct cv_param){.field = field, .place = place, .name = field->wire};
    if (place == CV_PLACE_PATH)
        param->index = index_in_path(endpoint, field->wire);
    if (place == CV_PLACE_HEADER)
        param->name = header_name(field, arena);
    endpoint->place_count[place]++;
    return param->name ? true : cv_error_memory(error);
}

static bool check_path_names(const struct cv_endpoint *endpoint, cuvee_error *error)
{
    if (endpoint->place_count[CV_PLACE_PATH] == endpoint->path_names.count)
        return true;
    for (size_t i = 0; i < endpoint->path_names.count; i++) {
        size_t k = 0;
        while (k < endpoint->place_count[CV_PLACE_PATH] && endpoint->param_list[k].index != i)
            k++;
        if (k == endpoint->place_count[CV_PLACE_PATH])
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s %s: no field of its parameters reads {%s}",
                                endpoint->method, endpoint->path, endpoint->path_names.items[i]);
    }
    return true;
}

/* Of a table's model only what the path names is a parameter. */
static bool is_param(const struct cv_endpoint *endpoint, const struct cv_field *field, enum cv_place place)
{
    return place_of(endpoint, field) == place && (place == CV_PLACE_PATH || !endpoint->params->model->table);
}

bool cv_endpoint_params(struct cv_endpoint *endpoint, struct cv_arena *arena, cuvee_error *error)
{
    const struct cv_plan *plan = endpoint->params;
    if (plan) {
        endpoint->param_list = cv_arena_zero(arena, plan->count * sizeof *endpoint->param_list);
        if (!endpoint->param_list)
            return cv_error_memory(error);
    }
    for (enum cv_place place = 0; plan && place < CV_PLACE_COUNT; place++)
        for (size_t i = 0; i < plan->count; i++) {
            struct cv_param *param = &endpoint->param_list[endpoint->param_count];
            if (!is_param(endpoint, &plan->fields[i], place))
                continue;
            if (!take_param(endpoint, &plan->fields[i], place, param, arena, error))
                return false;
            endpoint->param_count++;
        }
    return check_path_names(endpoint, error);
}
