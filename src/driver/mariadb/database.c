/* URLs of MariaDB databases, what place they name, and the driver as one object. */
#include "driver/mariadb/mariadb.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"

enum { DEFAULT_BUSY_MS = 5000 };

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
static char *make_identity(const struct cv_url *url, cuvee_error *error)
{
    const char *socket = cv_url_option(url, "socket");
    const char *port = url->hosts && !strchr(url->hosts, '/') ? "3306" : "";
    const char *parts[] = {or_nothing(url->hosts),
                           url->ports && *url->ports ? url->ports : port,
                           or_nothing(socket ? socket : cv_url_option(url, "unix_socket")),
                           url->database,
                           or_nothing(url->user),
                           or_nothing(cv_url_option(url, "ssl_cert"))};
    struct cv_buffer identity;
    cv_buffer_init(&identity, 0);
    cv_buffer_put(&identity, "mariadb");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
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

static void close_database(struct cv_database *base)
{
    struct cv_maria_database *database = (struct cv_maria_database *)base;
    cv_url_free(&database->url);
    free(base->identity);
    free(database);
}

static struct cv_database *open_database(const struct cv_place *place, cuvee_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up_library);
    struct cv_maria_database *database = calloc(1, sizeof *database);
    if (!database) {
        cv_error_memory(error);
        return NULL;
    }
    database->base.driver = &cv_mariadb_driver;
    database->read_only = place->options.read_only;
    database->busy_ms = place->options.busy_ms ? place->options.busy_ms : DEFAULT_BUSY_MS;
    if (cv_url_read(place->url, &database->url, error) && cv_maria_check_options(&database->url, error))
        database->base.identity = make_identity(&database->url, error);
    database->base.shown = (char *)database->url.shown;
    if (database->base.identity)
        return &database->base;
    close_database(&database->base);
    return NULL;
}

static const char *const schemes[] = {"mariadb", "mysql", NULL};

const struct cv_driver cv_mariadb_driver = {
    .name = "mariadb",
    .schemes = schemes,
    .dialect = &cv_mariadb_dialect,
    .open_database = open_database,
    .close_database = close_database,
    .connect = cv_maria_connect,
    .disconnect = cv_maria_disconnect,
    .reset = cv_maria_reset,
    .usable = cv_maria_usable,
    .cancel = cv_maria_cancel,
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
