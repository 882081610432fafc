/* Middleware, and a program's own replies to errors. */
#include "base/error.h"
#include "web/app/app.h"

void cuvee_app_use(cuvee_app *app, const cuvee_middleware *middleware)
{
    if (!app || app->error.kind != CUVEE_ERROR_NONE)
        return;
    if (!middleware || app->finished) {
        cv_error_set(&app->error, CUVEE_ERROR_MISUSE, "middleware %s comes too late or is none",
                     middleware ? middleware->name : "NULL");
        return;
    }
    const cuvee_middleware **list = cv_arena_alloc(&app->arena, (app->middleware_count + 1) * sizeof *app->middleware);
    if (!list) {
        cv_error_memory(&app->error);
        return;
    }
    for (size_t i = 0; i < app->middleware_count; i++)
        list[i] = app->middleware[i];
    list[app->middleware_count++] = middleware;
    app->middleware = list;
}

static struct cv_hook *find_hook(const cuvee_app *app, cuvee_error_kind kind, int status)
{
    struct cv_hook *hook = app->hooks;
    while (hook && (hook->kind != kind || hook->status != status))
        hook = hook->next;
    return hook;
}

const struct cv_hook *cv_app_hook(const cuvee_app *app, cuvee_error_kind kind, int status)
{
    return find_hook(app, kind, status);
}

/* The hook to be filled in; NULL: the application has an error. */
static struct cv_hook *take_hook(cuvee_app *app, cuvee_error_kind kind, int status)
{
    if (!app || app->error.kind != CUVEE_ERROR_NONE)
        return NULL;
    if (app->finished) {
        cv_error_set(&app->error, CUVEE_ERROR_MISUSE, "an error handler comes after the application began to serve");
        return NULL;
    }
    struct cv_hook *hook = find_hook(app, kind, status);
    if (hook)
        return hook;
    hook = cv_arena_zero(&app->arena, sizeof *hook);
    if (!hook) {
        cv_error_memory(&app->error);
        return NULL;
    }
    hook->kind = kind;
    hook->status = status;
    hook->next = app->hooks;
    app->hooks = hook;
    return hook;
}

void cuvee_app_on_error(cuvee_app *app, cuvee_error_kind kind, cuvee_error_handler handler)
{
    struct cv_hook *hook = take_hook(app, kind, 0);
    if (hook && kind == CUVEE_ERROR_NONE)
        cv_error_set(&app->error, CUVEE_ERROR_MISUSE, "an error handler is for no kind of error");
    else if (hook)
        hook->on_error = handler;
}

void cuvee_app_on_status(cuvee_app *app, int status, cuvee_status_handler handler)
{
    struct cv_hook *hook = take_hook(app, CUVEE_ERROR_NONE, status);
    if (hook && (status < 400 || status > 599))
        cv_error_set(&app->error, CUVEE_ERROR_MISUSE, "an error handler is for status %d", status);
    else if (hook)
        hook->on_status = handler;
}
