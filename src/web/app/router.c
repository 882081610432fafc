/* Routers and routes: what is declared becomes endpoints. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/options.h"
#include "web/app/app.h"

enum { MAX_TAGS = 16, MAX_DEPENDENCIES = 64, MAX_NEEDS = 32 };

struct cuvee_router {
    cuvee_app *app;
    const char *prefix; /* whole, with those of the routers around it */
    cuvee_router_options options;
};

/* ---- dependencies ---- */

/* A list that grows while an endpoint is declared. */
struct dependencies {
    const cuvee_dependency *items[MAX_DEPENDENCIES];
    size_t count;
};

static bool is_listed(const struct dependencies *list, const cuvee_dependency *dependency)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i] == dependency)
            return true;
    return false;
}

static bool add_all(struct dependencies *list, const cuvee_dependency *const *dependencies, unsigned depth,
                    cuvee_error *error);

/* Adds the dependency behind those that it needs itself. */
static bool add_one(struct dependencies *list, const cuvee_dependency *dependency, unsigned depth, cuvee_error *error)
{
    if (is_listed(list, dependency))
        return true;
    if (depth == MAX_NEEDS)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "dependency %s depends on itself", dependency->name);
    if (!dependency->open)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "dependency %s has no open", dependency->name);
    if (!add_all(list, dependency->dependencies, depth + 1, error))
        return false;
    if (list->count == MAX_DEPENDENCIES)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "a route has more than %d dependencies", MAX_DEPENDENCIES);
    list->items[list->count++] = dependency;
    return true;
}

static bool add_all(struct dependencies *list, const cuvee_dependency *const *dependencies, unsigned depth,
                    cuvee_error *error)
{
    for (; dependencies && *dependencies; dependencies++)
        if (!add_one(list, *dependencies, depth, error))
            return false;
    return true;
}

/* Those of the routers, outermost first. */
static bool add_routers(struct dependencies *list, const cuvee_router *router, cuvee_error *error)
{
    if (!router)
        return true;
    return add_routers(list, router->options.within, error) && add_all(list, router->options.dependencies, 0, error);
}

static bool take_dependencies(cuvee_app *app, const cuvee_router *router, bool for_all, struct cv_endpoint *endpoint)
{
    struct dependencies list = {.count = 0};
    if (!add_all(&list, for_all ? NULL : app->options.dependencies, 0, &app->error) ||
        !add_routers(&list, router, &app->error) || !add_all(&list, endpoint->options.dependencies, 0, &app->error))
        return false;
    endpoint->dependencies = cv_arena_alloc(&app->arena, (list.count + 1) * sizeof *endpoint->dependencies);
    if (!endpoint->dependencies)
        return cv_error_memory(&app->error);
    memcpy(endpoint->dependencies, list.items, list.count * sizeof *list.items);
    endpoint->dependency_count = list.count;
    return true;
}

/* ---- endpoints ---- */

static bool take_plan(cuvee_app *app, const cuvee_model *model, const struct cv_plan **plan)
{
    if (!model)
        return true;
    *plan = cv_app_plan(app, model, &app->error);
    return *plan != NULL;
}

static bool add_input(cuvee_app *app, struct cv_endpoint *endpoint, const cuvee_model *model,
                      const cuvee_dependency *dependency)
{
    struct cv_input *input = &endpoint->inputs[endpoint->input_count];
    if (!model)
        return true;
    input->dependency = dependency;
    if (!take_plan(app, model, &input->plan) || !cv_input_fill(endpoint, input, &app->arena, &app->error))
        return false;
    endpoint->input_count++;
    return true;
}

static bool take_inputs(cuvee_app *app, struct cv_endpoint *endpoint)
{
    size_t most = endpoint->dependency_count + 1;
    endpoint->inputs = cv_arena_zero(&app->arena, most * sizeof *endpoint->inputs);
    if (!endpoint->inputs)
        return cv_error_memory(&app->error);
    for (size_t i = 0; i < endpoint->dependency_count; i++)
        if (!add_input(app, endpoint, endpoint->dependencies[i]->params, endpoint->dependencies[i]))
            return false;
    return add_input(app, endpoint, endpoint->options.params, NULL) &&
           (endpoint->data || cv_endpoint_check_path(endpoint, &app->error));
}

static bool add_tag(cuvee_app *app, struct cv_endpoint *endpoint, const char *tag)
{
    if (!tag)
        return true;
    if (endpoint->tag_count == MAX_TAGS)
        return cv_error_set(&app->error, CUVEE_ERROR_CONFIG, "%s %s has more than %d tags", endpoint->method,
                            endpoint->path, MAX_TAGS);
    endpoint->tags[endpoint->tag_count++] = tag;
    return true;
}

static bool add_router_tags(cuvee_app *app, struct cv_endpoint *endpoint, const cuvee_router *router)
{
    return !router ||
           (add_router_tags(app, endpoint, router->options.within) && add_tag(app, endpoint, router->options.tag));
}

static bool take_tags(cuvee_app *app, const cuvee_router *router, struct cv_endpoint *endpoint)
{
    endpoint->tags = cv_arena_alloc(&app->arena, MAX_TAGS * sizeof *endpoint->tags);
    if (!endpoint->tags)
        return cv_error_memory(&app->error);
    return add_router_tags(app, endpoint, router) && add_tag(app, endpoint, endpoint->options.tag);
}

/* ---- other replies ---- */

static size_t count_responses(const cuvee_response *list)
{
    size_t count = 0;
    while (list && list[count].status != 0)
        count++;
    return count;
}

/* Adds them to what the endpoint has room for; the last one of a status counts. */
static bool add_responses(cuvee_app *app, struct cv_endpoint *endpoint, const cuvee_response *list)
{
    for (; list && list->status != 0; list++) {
        size_t i = 0;
        while (i < endpoint->response_count && endpoint->responses[i].status != list->status)
            i++;
        if (i == endpoint->response_count)
            endpoint->response_count++;
        endpoint->responses[i] =
            (struct cv_response){.status = list->status, .doc = list->doc, .list = list->returns.list};
        if (list->status < 100 || list->status > 599)
            return cv_error_set(&app->error, CUVEE_ERROR_CONFIG, "%s %s: %d is no status", endpoint->method,
                                endpoint->path, list->status);
        if (!take_plan(app, list->returns.model, &endpoint->responses[i].returns))
            return false;
    }
    return true;
}

static bool add_router_responses(cuvee_app *app, struct cv_endpoint *endpoint, const cuvee_router *router)
{
    return !router || (add_router_responses(app, endpoint, router->options.within) &&
                       add_responses(app, endpoint, router->options.responses));
}

static bool take_responses(cuvee_app *app, const cuvee_router *router, struct cv_endpoint *endpoint)
{
    size_t most = count_responses(endpoint->options.responses);
    for (const cuvee_router *r = router; r; r = r->options.within)
        most += count_responses(r->options.responses);
    endpoint->responses = cv_arena_alloc(&app->arena, (most + 1) * sizeof *endpoint->responses);
    if (!endpoint->responses)
        return cv_error_memory(&app->error);
    return add_router_responses(app, endpoint, router) && add_responses(app, endpoint, endpoint->options.responses);
}

static bool take_status(cuvee_app *app, struct cv_endpoint *endpoint)
{
    int *status = &endpoint->options.status;
    if (*status == 0)
        *status = 200;
    return (*status >= 100 && *status <= 599) || cv_error_set(&app->error, CUVEE_ERROR_CONFIG, "%s %s: %d is no status",
                                                              endpoint->method, endpoint->path, *status);
}

/* The declared things of a route, put together. */
struct declaration {
    const cuvee_router *router; /* NULL: none */
    const char *method;
    const char *path;
    cuvee_handler handler;
    const char *name;
    const cuvee_route_options *options;
    const void *data; /* NULL: a handler of the program */
    bool for_all;     /* the application's dependencies do not guard it */
};

static bool fill_endpoint(cuvee_app *app, struct cv_endpoint *endpoint, const struct declaration *declared)
{
    const cuvee_router *router = declared->router;
    cuvee_route_options *options = &endpoint->options;
    cv_take_options(options, sizeof *options, declared->options, declared->options ? declared->options->size : 0);
    endpoint->name = options->name ? options->name : declared->name;
    for (const cuvee_router *r = router; r; r = r->options.within)
        options->in_no_schema |= r->options.in_no_schema;
    return take_status(app, endpoint) && take_plan(app, options->body.model, &endpoint->body) &&
           take_plan(app, options->returns.model, &endpoint->returns) &&
           cv_paths_add(&app->paths, &app->arena, endpoint->path, endpoint, &endpoint->path_names, &app->error) &&
           take_dependencies(app, router, declared->for_all, endpoint) && take_inputs(app, endpoint) &&
           take_tags(app, router, endpoint) && take_responses(app, router, endpoint);
}

/* A whole path that outlives its parts. NULL: no memory. */
static const char *join(cuvee_app *app, const char *prefix, const char *path)
{
    size_t size = strlen(prefix) + strlen(path);
    char *whole = cv_arena_alloc(&app->arena, size + 1);
    if (whole)
        snprintf(whole, size + 1, "%s%s", prefix, path);
    return whole;
}

static void declare(cuvee_app *app, const struct declaration *declared)
{
    if (!app || app->error.kind != CUVEE_ERROR_NONE)
        return;
    if (!declared->handler || !declared->method || !declared->path) {
        cv_error_set(&app->error, CUVEE_ERROR_MISUSE, "route %s %s lacks its method, path or handler",
                     declared->method ? declared->method : "NULL", declared->path ? declared->path : "NULL");
        return;
    }
    if (app->finished) {
        cv_error_set(&app->error, CUVEE_ERROR_MISUSE, "route %s %s is declared after the application began to serve",
                     declared->method, declared->path);
        return;
    }
    struct cv_endpoint *endpoint = cv_arena_zero(&app->arena, sizeof *endpoint);
    const char *path = declared->router ? join(app, declared->router->prefix, declared->path) : declared->path;
    if (!endpoint || !path) {
        cv_error_memory(&app->error);
        return;
    }
    endpoint->method = declared->method;
    endpoint->path = path;
    endpoint->handler = declared->handler;
    endpoint->data = declared->data;
    atomic_init(&endpoint->usual_size, 0);
    if (!fill_endpoint(app, endpoint, declared))
        return;
    *app->next_endpoint = endpoint;
    app->next_endpoint = &endpoint->next;
}

void cuvee_app_route_named(cuvee_app *app, const char *method, const char *path, cuvee_handler handler,
                           const char *handler_name, const cuvee_route_options *options)
{
    declare(app, &(struct declaration){NULL, method, path, handler, handler_name, options, NULL, false});
}

void cv_app_add_endpoint(cuvee_app *app, const char *method, const char *path, cuvee_handler handler,
                         const cuvee_dependency *const *dependencies, const void *data)
{
    const cuvee_route_options options = {.dependencies = dependencies, .in_no_schema = true, .size = sizeof options};
    declare(app, &(struct declaration){NULL, method, path, handler, path, &options, data, false});
}

void cv_app_add_page(cuvee_app *app, const char *method, const char *path, cuvee_handler handler, const void *data)
{
    const cuvee_route_options options = {.in_no_schema = true, .size = sizeof options};
    declare(app, &(struct declaration){NULL, method, path, handler, path, &options, data, true});
}

void cuvee_app_route(cuvee_app *app, const char *method, const char *path, cuvee_handler handler,
                     const cuvee_route_options *options)
{
    cuvee_app_route_named(app, method, path, handler, "handler", options);
}

/* ---- routers ---- */

static bool is_prefix(const char *prefix)
{
    size_t size = strlen(prefix);
    return size == 0 || (prefix[0] == '/' && prefix[size - 1] != '/');
}

static bool fill_router(cuvee_app *app, cuvee_router *router, const char *prefix)
{
    const cuvee_router *within = router->options.within;
    router->app = app;
    router->prefix = join(app, within ? within->prefix : "", prefix);
    router->options.dependencies = cv_copy_dependencies(&app->arena, router->options.dependencies);
    const cuvee_response *responses = router->options.responses;
    router->options.responses = cv_copy_list(&app->arena, responses, count_responses(responses), sizeof *responses);
    return (router->prefix && router->options.dependencies && router->options.responses) ||
           cv_error_memory(&app->error);
}

cuvee_router *cuvee_router_new_with(cuvee_app *app, const char *prefix, const cuvee_router_options *options)
{
    if (!app || app->error.kind != CUVEE_ERROR_NONE)
        return NULL;
    if (!prefix || !is_prefix(prefix)) {
        cv_error_set(&app->error, CUVEE_ERROR_CONFIG, "prefix %s must begin with / and end without one",
                     prefix ? prefix : "NULL");
        return NULL;
    }
    cuvee_router *router = cv_arena_zero(&app->arena, sizeof *router);
    if (!router) {
        cv_error_memory(&app->error);
        return NULL;
    }
    cv_take_options(&router->options, sizeof router->options, options, options ? options->size : 0);
    return fill_router(app, router, prefix) ? router : NULL;
}

void cuvee_router_route_named(cuvee_router *router, const char *method, const char *path, cuvee_handler handler,
                              const char *handler_name, const cuvee_route_options *options)
{
    if (router)
        declare(router->app, &(struct declaration){router, method, path, handler, handler_name, options, NULL, false});
}
