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
        *route = (struct cv_route){.plan = binding->plans[i],
                                   .base = binding->base,
                                   .pool = binding->pool,
                                   .read_only = binding->options.read_only};
    }
    return true;
}

static size_t depth_of(cuvee_blend *blend, struct cv_route *route);

/*
 * Takes the parent's depth into account, if `parent` is bound and not what we came from: a circle is cut where it
 * closes.
 */
static void go_below(cuvee_blend *blend, const struct cv_route *route, const cuvee_model *parent, size_t *depth)
{
    struct cv_route *above = find(blend, parent);
    if (!above->plan || above == route || above->mark == CV_ROUTE_MEASURING)
        return;
    size_t least = depth_of(blend, above) + 1;
    *depth = *depth > least ? *depth : least;
}

/* Relations say it too: rows that one has come after it. */
static void go_below_relations(cuvee_blend *blend, const struct cv_route *route, size_t *depth)
{
    for (size_t i = 0; i <= blend->route_mask; i++) {
        const cuvee_model *other = blend->routes[i].plan ? blend->routes[i].plan->model : NULL;
        for (size_t r = 0; other && r < other->relation_count; r++) {
            const cuvee_relation *relation = cv_model_relation(other, r);
            if (!relation->here && !relation->through && relation->model == route->plan->model)
                go_below(blend, route, other, depth);
        }
    }
}

/*
 * A model's depth is one more than that of the deepest model that it refers to, so inserts in the order of depth find
 * their parents. Where models refer to each other in a circle, the reference that closes it counts for nothing.
 */
static size_t depth_of(cuvee_blend *blend, struct cv_route *route)
{
    if (route->mark == CV_ROUTE_MEASURED)
        return route->depth;
    route->mark = CV_ROUTE_MEASURING;
    size_t depth = 0;
    for (size_t f = 0; f < route->plan->count; f++)
        if (route->plan->fields[f].declared->refers)
            go_below(blend, route, route->plan->fields[f].declared->refers, &depth);
    go_below_relations(blend, route, &depth);
    route->depth = depth;
    route->mark = CV_ROUTE_MEASURED;
    return depth;
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
    for (size_t i = 0; i <= blend->route_mask; i++)
        if (blend->routes[i].plan)
            depth_of(blend, &blend->routes[i]);
    return true;
}

const struct cv_route *cv_blend_route(const cuvee_blend *blend, const cuvee_model *model)
{
    const struct cv_route *route = find(blend, model);
    return route->plan ? route : NULL;
}
