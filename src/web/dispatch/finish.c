/* An application's end of set-up, when the rooms that it does not know are added to it, and its end. */
#include <stdlib.h>
#include <unistd.h>

#include "web/dispatch/dispatch.h"
#include "web/front/front.h"
#include "web/openapi/openapi.h"
#include "web/pages/docs.h"

/* Under the mutex. */
static bool finish(cuvee_app *app)
{
    if (app->error.kind == CUVEE_ERROR_NONE && !app->finished) {
        cv_docs_add_routes(app);
        if (app->error.kind == CUVEE_ERROR_NONE)
            app->front = cv_front_make(&app->options, &app->arena, &app->error);
        if (app->error.kind == CUVEE_ERROR_NONE)
            cv_openapi_make(app);
        app->finished = app->error.kind == CUVEE_ERROR_NONE;
    }
    return app->error.kind == CUVEE_ERROR_NONE;
}

bool cv_app_finish(cuvee_app *app)
{
    pthread_mutex_lock(&app->mutex);
    bool good = finish(app);
    pthread_mutex_unlock(&app->mutex);
    return good;
}

void cuvee_app_free(cuvee_app *app)
{
    if (!app)
        return;
    for (struct cv_known *known = atomic_load(&app->known); known; known = known->next)
        cv_plan_free(known->plan);
    for (struct cv_folder *folder = app->folders; folder; folder = folder->next)
        close(folder->fd);
    cv_front_free(app->front);
    cv_arena_free(&app->arena);
    pthread_mutex_destroy(&app->mutex);
    free(app);
}
