#include "driver/driver.h"

#include <string.h>

#include "driver/sqlite/sqlite.h"
#ifdef CV_WITH_POSTGRES
#include "driver/postgres/postgres.h"
#endif
#ifdef CV_WITH_MARIADB
#include "driver/mariadb/mariadb.h"
#endif

static const struct cv_driver *const drivers[] = {
    &cv_sqlite_driver,
#ifdef CV_WITH_POSTGRES
    &cv_postgres_driver,
#endif
#ifdef CV_WITH_MARIADB
    &cv_mariadb_driver,
#endif
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
    if (!url || !strchr(url, ':'))
        return NULL;
    /* "postgresql+psycopg:" is PostgreSQL, reached by a client library that does not matter here. */
    size_t size = strcspn(url, "+:");
    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++)
        if (has_scheme(drivers[i], url, size))
            return drivers[i];
    return NULL;
}

const char *cv_driver_schemes(void)
{
    return "sqlite"
#ifdef CV_WITH_POSTGRES
           ", postgresql"
#endif
#ifdef CV_WITH_MARIADB
           ", mariadb"
#endif
        ;
}
