#include "driver/remote_database.h"

#include <stdlib.h>

#include "base/error.h"

enum { DEFAULT_BUSY_MS = 5000 };

struct cv_database *cv_remote_open(const struct cv_driver *driver, const struct cv_place *place,
                                   cv_remote_identify identify, cuvee_error *error)
{
    struct cv_remote_database *database = calloc(1, sizeof *database);
    if (!database) {
        cv_error_memory(error);
        return NULL;
    }
    database->base.driver = driver;
    database->read_only = place->options.read_only;
    database->busy_ms = place->options.busy_ms ? place->options.busy_ms : DEFAULT_BUSY_MS;
    if (cv_url_read(place->url, &database->url, error))
        database->base.identity = identify(&database->url, error);
    database->base.shown = (char *)database->url.shown;
    if (database->base.identity)
        return &database->base;
    cv_remote_close(&database->base);
    return NULL;
}

void cv_remote_close(struct cv_database *base)
{
    struct cv_remote_database *database = (struct cv_remote_database *)base;
    cv_url_free(&database->url);
    free(base->identity);
    free(database);
}

char *cv_remote_identity(const char *engine, const char *const *parts, size_t count, cuvee_error *error)
{
    struct cv_buffer identity;
    cv_buffer_init(&identity, 0);
    cv_buffer_put(&identity, engine);
    for (size_t i = 0; i < count; i++) {
        cv_buffer_char(&identity, '\n');
        cv_buffer_put(&identity, parts[i]);
    }
    size_t size;
    if (cv_buffer_text(&identity))
        return cv_buffer_take(&identity, &size);
    cv_buffer_free(&identity);
    cv_error_memory(error);
    return NULL;
}
