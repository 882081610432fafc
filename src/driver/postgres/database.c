/* URLs of PostgreSQL databases, what place they name, and the driver as one object. */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/error.h"

static const PQconninfoOption *option_named(const PQconninfoOption *options, const char *name)
{
    for (const PQconninfoOption *option = options; option->keyword; option++)
        if (strcmp(option->keyword, name) == 0)
            return option;
    return NULL;
}

static bool options_are_known(const struct cv_url *url, const PQconninfoOption *known, cuvee_error *error)
{
    for (size_t i = 0; i < url->option_count; i++)
        if (!option_named(known, cv_pg_keyword(url->options[i].name)))
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s: libpq has no connection option %s", url->shown,
                                url->options[i].name);
    return true;
}

/* What the URL says of this keyword, or else what libpq takes by itself (PGHOST and the like). */
static const char *value_of(const struct cv_url *url, const PQconninfoOption *known, const char *keyword,
                            const char *in_url)
{
    const char *option = cv_url_option(url, keyword);
    const PQconninfoOption *by_itself = option_named(known, keyword);
    if (in_url)
        return in_url;
    if (option)
        return option;
    return by_itself && by_itself->val ? by_itself->val : "";
}

/* The same database by another login, or with other settings, is another place: its connections cannot be shared. */
static char *identity_of(const struct cv_url *url, const PQconninfoOption *known, cuvee_error *error)
{
    const char *user = value_of(url, known, "user", url->user);
    const char *database = value_of(url, known, "dbname", url->database);
    const char *parts[] = {value_of(url, known, "host", url->hosts),
                           value_of(url, known, "hostaddr", NULL),
                           value_of(url, known, "port", url->ports),
                           *database ? database : user,
                           user,
                           value_of(url, known, "service", NULL),
                           value_of(url, known, "sslcert", NULL),
                           value_of(url, known, "target_session_attrs", NULL),
                           value_of(url, known, "options", NULL)};
    return cv_remote_identity("postgresql", parts, sizeof parts / sizeof parts[0], error);
}

static char *identify(const struct cv_url *url, cuvee_error *error)
{
    PQconninfoOption *known = PQconndefaults();
    if (!known) {
        cv_error_memory(error);
        return NULL;
    }
    char *identity = options_are_known(url, known, error) ? identity_of(url, known, error) : NULL;
    PQconninfoFree(known);
    return identity;
}

static struct cv_database *open_database(const struct cv_place *place, cuvee_error *error)
{
    return cv_remote_open(&cv_postgres_driver, place, identify, error);
}

static const char *const schemes[] = {"postgresql", "postgres", NULL};

const struct cv_driver cv_postgres_driver = {
    .name = "postgresql",
    .schemes = schemes,
    .dialect = &cv_postgres_dialect,
    .open_database = open_database,
    .close_database = cv_remote_close,
    .connect = cv_pg_connect,
    .disconnect = cv_pg_disconnect,
    .reset = cv_pg_reset,
    .usable = cv_pg_usable,
    .cancel = cv_pg_cancel,
    .works = cv_pg_works,
    .limit = cv_pg_limit,
    .execute = cv_pg_execute,
    .prepare = cv_pg_prepare,
    .finalize = cv_pg_finalize,
    .column_name = cv_pg_column_name,
    .start = cv_pg_start,
    .next = cv_pg_next,
    .finish = cv_pg_finish,
    .run_many = cv_pg_run_many,
    .insert_many = cv_pg_insert_many,
    .insert_many_from = 100,
    .describe = cv_pg_describe,
    .begin = cv_pg_begin,
    .vote = cv_pg_vote,
    .commit = cv_pg_commit,
    .rollback = cv_pg_rollback,
};
