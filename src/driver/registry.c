#include "driver/driver.h"

#include <string.h>

#include "driver/sqlite/sqlite.h"

static const struct cv_driver *const drivers[] = {
    &cv_sqlite_driver,
};

static bool has_scheme(const struct cv_driver *driver, const char *url, size_t size)
{
    for (const char *const *scheme = driver->schemes; *scheme; scheme++)
        if (strlen(*scheme) == size && memcmp(*scheme, url, size) == 0)
            return true;
    return false;
}

const struct cv_driver *cv_driver_for(const char *url)
{
    const char *colon = url ? strchr(url, ':') : NULL;
    if (!colon)
        return NULL;
    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++)
        if (has_scheme(drivers[i], url, (size_t)(colon - url)))
            return drivers[i];
    return NULL;
}

const char *cv_driver_schemes(void)
{
    return "sqlite";
}
