/* Routes: from a model's address to where it lives. */
#include <stdint.h>
#include <stdlib.h>

#include "blend/internal.h"

static size_t place_of(const cuvee_model *model, size_t mask)
{
    uint64_t hash =
        (uint64_t)(uintptr_t)model * UINT64_C(0x9E3779B97F4A7C15); /* Fibonacci hashing, Knuth vol. 3, 6.4 */
    return (size_t)(hash >> 32) & mask;
}

static struct cv_route *find(const cuvee_blend *blend, const cuvee_model *model)
{
    size_t place = place_of(model, blend->route_mask);
    while (blend->routes[place].plan && blend->routes[place].plan->model != model)
        place = (place + 1) & blend->route_mask;
    return &blend->routes[place];
}

static bool add_routes(cuvee_blend *blend, const struct cv_binding *binding, cuvee_error *error)
{
    for (size_t i = 0; i < binding->base->model_count; i++) {
        const cuvee_model *model = binding->base->models[i];
        struct cv_route *route = find(blend, model);
        if (route->plan)
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "model %s is in base %s and in base %s; it can live in one",
                                model->name, route->base->name, binding->base->name);
        *route = (struct cv_route){binding->plans[i], binding->base, binding->pool, binding->options.read_only, 0};
    }
    return true;
}

/*
 * A model's depth is one more than that of the deepest model it refers to, so inserts in the order of depth find their parents.
 * Circles end at the model count; rows in a circle are then written in the order in which they were added.
 */
static void measure_depths(cuvee_blend *blend, size_t model_count)
{
    bool changed = true;
    for (size_t round = 0; changed && round < model_count; round++) {
        changed = false;
        for (size_t i = 0; i <= blend->route_mask; i++) {
            struct cv_route *route = &blend->routes[i];
            for (size_t f = 0; route->plan && f < route->plan->count; f++) {
                const cuvee_model *refers = route->plan->fields[f].declared->refers;
                const struct cv_route *parent = refers ? find(blend, refers) : NULL;
                if (!parent || !parent->plan || parent == route || parent->depth < route->depth)
                    continue;
                route->depth = parent->depth + 1;
                changed = true;
            }
        }
    }
}

bool cv_routes_make(cuvee_blend *blend, cuvee_error *error)
{
    size_t models = 0;
    for (size_t i = 0; i < blend->binding_count; i++)
        models += blend->bindings[i].base->model_count;
    size_t size = 8;
    while (size < models * 2)
        size *= 2;
    blend->routes = calloc(size, sizeof *blend->routes);
    if (!blend->routes)
        return cv_error_memory(error);
    blend->route_mask = size - 1;
    for (size_t i = 0; i < blend->binding_count; i++)
        if (!add_routes(blend, &blend->bindings[i], error))
            return false;
    measure_depths(blend, models);
    return true;
}

const struct cv_route *cv_blend_route(const cuvee_blend *blend, const cuvee_model *model)
{
    const struct cv_route *route = find(blend, model);
    return route->plan ? route : NULL;
}
