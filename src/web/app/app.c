#include "web/app/app.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/options.h"

/* ---- lists of the program's, which need not live as long as the application ---- */

void *cv_copy_list(struct cv_arena *arena, const void *items, size_t count, size_t size)
{
    char *copy = cv_arena_zero(arena, (count + 1) * size);
    if (copy && count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

const cuvee_dependency *const *cv_copy_dependencies(struct cv_arena *arena, const cuvee_dependency *const *list)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    return cv_copy_list(arena, list, count, sizeof *list);
}

/* ---- making ---- */

/* The options name a struct that need not live as long as the application. */
static bool keep_cors(cuvee_app *app)
{
    const cuvee_cors *given = app->options.cors;
    cuvee_cors *kept = given ? cv_arena_alloc(&app->arena, sizeof *kept) : NULL;
    if (kept)
        cv_take_options(kept, sizeof *kept, given, given->size);
    app->options.cors = kept;
    return kept || !given;
}

static bool keep_tags(cuvee_app *app)
{
    const cuvee_tag *given = app->options.tags;
    size_t count = 0;
    while (given && given[count].name)
        count++;
    app->options.tags = cv_copy_list(&app->arena, given, count, sizeof *given);
    return app->options.tags != NULL;
}

cuvee_app *cuvee_app_new_with(cuvee_blend *blend, const cuvee_app_options *options)
{
    enum { MAX_BODY = 1024 * 1024 };
    cuvee_app *app = calloc(1, sizeof *app);
    if (!app)
        return NULL;
    if (pthread_mutex_init(&app->mutex, NULL) != 0) {
        free(app);
        return NULL;
    }
    app->blend = blend;
    cv_arena_init(&app->arena, 4096);
    app->next_endpoint = &app->endpoints;
    app->nowhere.name = "middleware";
    app->nowhere.options.status = 200;
    atomic_init(&app->nowhere.usual_size, 0);
    atomic_init(&app->known, NULL);
    cv_take_options(&app->options, sizeof app->options, options, options ? options->size : 0);
    if (!app->options.title)
        app->options.title = "Cuvee";
    if (!app->options.version)
        app->options.version = "0.1.0";
    if (app->options.max_body == 0)
        app->options.max_body = MAX_BODY;
    app->options.dependencies = cv_copy_dependencies(&app->arena, app->options.dependencies);
    if (!app->options.dependencies || !keep_cors(app) || !keep_tags(app))
        cv_error_memory(&app->error);
    if (!blend)
        cv_error_set(&app->error, CUVEE_ERROR_MISUSE, "the application has no blend");
    return app;
}

const cuvee_error *cuvee_app_error(const cuvee_app *app)
{
    static const cuvee_error no_app = {.kind = CUVEE_ERROR_MEMORY, .message = "out of memory"};
    return app ? &app->error : &no_app;
}

/* ---- plans ---- */

static const struct cv_plan *find_plan(cuvee_app *app, const cuvee_model *model)
{
    struct cv_known *known = atomic_load_explicit(&app->known, memory_order_acquire);
    while (known && known->plan->model != model)
        known = known->next;
    return known ? known->plan : NULL;
}

/* Under the mutex. */
static const struct cv_plan *make_plan(cuvee_app *app, const cuvee_model *model, cuvee_error *error)
{
    struct cv_known *known = cv_arena_alloc(&app->arena, sizeof *known);
    struct cv_plan *plan = known ? cv_plan_make(model, error) : NULL;
    if (!known)
        cv_error_memory(error);
    if (!plan)
        return NULL;
    known->plan = plan;
    known->next = atomic_load(&app->known);
    atomic_store_explicit(&app->known, known, memory_order_release);
    return plan;
}

const struct cv_plan *cv_app_plan(cuvee_app *app, const cuvee_model *model, cuvee_error *error)
{
    const struct cv_plan *plan = find_plan(app, model);
    if (plan)
        return plan;
    pthread_mutex_lock(&app->mutex);
    plan = find_plan(app, model);
    if (!plan)
        plan = make_plan(app, model, error);
    pthread_mutex_unlock(&app->mutex);
    return plan;
}
