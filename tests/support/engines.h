/**
 * The engines that tests can use, and empty databases on them.
 *
 * SQLite is always there; PostgreSQL and MariaDB are when CUVEE_TEST_POSTGRES and CUVEE_TEST_MARIADB hold URLs of
 * servers that tests may create databases on (tests/support/servers starts private ones).
 */
#ifndef TESTS_SUPPORT_ENGINES_H
#define TESTS_SUPPORT_ENGINES_H

#include <stdbool.h>
#include <stddef.h>

/* An empty database of its own. */
struct engine_place {
    const char *engine;
    char *url;
    char *folder; /* of SQLite's file; NULL for servers */
};

enum { ENGINE_COUNT = 3 };
/** "sqlite", "postgres", "mariadb". */
extern const char *const engine_names[ENGINE_COUNT];

/** Whether tests can use it here. */
bool engine_is_there(const char *engine);
/** The URL of the server that databases are made on; NULL for SQLite. */
const char *engine_server(const char *engine);
/** The Unix socket of the server that a database's URL names; to be freed. */
char *engine_socket(const char *url);
/** The database's URL with this port of 127.0.0.1 instead of the server's socket; to be freed. */
char *engine_url_through(const char *url, unsigned port);
/** Makes a database; asserts that it can be made. */
struct engine_place engine_place_make(const char *engine);
/** Runs SQL there, on a connection of its own. Not for SQLite. */
void engine_place_run(const struct engine_place *place, const char *sql);
/** Removes all that is in it; every connection to it must be closed. Not for SQLite. */
void engine_place_clear(const struct engine_place *place);
/** Removes it with all that is in it; every connection to it must be closed. */
void engine_place_remove(struct engine_place *place);

#endif
