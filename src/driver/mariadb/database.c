/* URLs of MariaDB databases, what place they name, and the driver as one object. */
#include "driver/mariadb/mariadb.h"

#include <pthread.h>
#include <string.h>

/* The client library wants to be set up before there are threads. */
static void set_up_library(void)
{
    mysql_library_init(0, NULL, NULL);
}

static const char *or_nothing(const char *text)
{
    return text ? text : "";
}

/* The same database by another login, be it by a certificate, is another place: its connections cannot be shared. */
static char *identify(const struct cv_url *url, cuvee_error *error)
{
    if (!cv_maria_check_options(url, error))
        return NULL;
    const char *socket = cv_url_option(url, "socket");
    const char *port = url->hosts && !strchr(url->hosts, '/') ? "3306" : "";
    const char *parts[] = {or_nothing(url->hosts),
                           url->ports && *url->ports ? url->ports : port,
                           or_nothing(socket ? socket : cv_url_option(url, "unix_socket")),
                           url->database,
                           or_nothing(url->user),
                           or_nothing(cv_url_option(url, "ssl_cert"))};
    return cv_remote_identity("mariadb", parts, sizeof parts / sizeof parts[0], error);
}

static struct cv_database *open_database(const struct cv_place *place, cuvee_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up_library);
    return cv_remote_open(&cv_mariadb_driver, place, identify, error);
}

static const char *const schemes[] = {"mariadb", "mysql", NULL};

const struct cv_driver cv_mariadb_driver = {
    .name = "mariadb",
    .schemes = schemes,
    .dialect = &cv_mariadb_dialect,
    .open_database = open_database,
    .close_database = cv_remote_close,
    .connect = cv_maria_connect,
    .disconnect = cv_maria_disconnect,
    .reset = cv_maria_reset,
    .usable = cv_maria_usable,
    .cancel = cv_maria_cancel,
    .works = cv_maria_works,
    .limit = cv_maria_limit,
    .execute = cv_maria_execute,
    .prepare = cv_maria_prepare,
    .finalize = cv_maria_finalize,
    .column_name = cv_maria_column_name,
    .start = cv_maria_start,
    .next = cv_maria_next,
    .finish = cv_maria_finish,
    .run_many = cv_maria_run_many,
    .insert_many = cv_maria_insert_many,
    .insert_many_from = 2,
    .describe = cv_maria_describe,
    .begin = cv_maria_begin,
    .vote = cv_maria_vote,
    .commit = cv_maria_commit,
    .rollback = cv_maria_rollback,
};
