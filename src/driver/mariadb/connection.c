/* A connection: making it, its settings, whether it still stands, and stopping what it does. */
#include "driver/mariadb/mariadb.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/sqlstate.h"
#include "driver/statements.h"

enum { OLDEST_SERVER = 100500 };

/* ---- connecting ---- */

static bool cannot_connect(struct cv_maria_connection *connection, cuvee_error *error)
{
    if (!connection->my)
        return cv_error_memory(error);
    unsigned number = mysql_errno(connection->my);
    const char *state = cv_maria_state_of(number);
    bool full = cv_sqlstate_kind(state) == CUVEE_ERROR_EXHAUSTED;
    cv_error_set(error, full ? CUVEE_ERROR_EXHAUSTED : CUVEE_ERROR_CONNECT, "cannot connect to %s: %s",
                 connection->base.database->shown, mysql_error(connection->my));
    cv_error_text(error->hint, sizeof error->hint,
                  full ? cv_sqlstate_hint(CUVEE_ERROR_EXHAUSTED)
                       : "Check that the server runs and takes connections there, and the login and its password.");
    cv_error_text(error->sqlstate, sizeof error->sqlstate, full ? state : "08001");
    error->vendor_code = (int)number;
    return false;
}

/* The client library goes on without TLS when the server has none and its certificate was not to be looked at. */
static bool check_tls(struct cv_maria_connection *connection, cuvee_error *error)
{
    if (!cv_maria_wants_tls(&connection->database->url) || mysql_get_ssl_cipher(connection->my))
        return true;
    cv_error_set(error, CUVEE_ERROR_CONNECT, "cannot connect to %s: the server offers no TLS",
                 connection->base.database->shown);
    memcpy(error->sqlstate, "08001", 6);
    return false;
}

/* Keys come back by RETURNING, and texts are compared in a collation that others do not have. */
static bool check_server(struct cv_maria_connection *connection, cuvee_error *error)
{
    bool maria = mariadb_connection(connection->my);
    if (maria && mysql_get_server_version(connection->my) >= OLDEST_SERVER)
        return true;
    cv_error_set(error, CUVEE_ERROR_UNSUPPORTED, "%s is a %s %s", connection->base.database->shown,
                 maria ? "MariaDB" : "MySQL", mysql_get_server_info(connection->my));
    cv_error_text(error->hint, sizeof error->hint, "Use MariaDB 10.5 or later.");
    memcpy(error->sqlstate, "0A000", 6);
    return false;
}

static bool ask_largest_packet(struct cv_maria_connection *connection, cuvee_error *error)
{
    MYSQL_RES *rows = cv_maria_ask(connection, "SELECT @@max_allowed_packet%s", "", error);
    MYSQL_ROW row = rows ? mysql_fetch_row(rows) : NULL;
    connection->largest_packet = row && row[0] ? strtoull(row[0], NULL, 10) : 0;
    mysql_free_result(rows);
    return row || cv_error_memory(error);
}

/* What must be the same on every connection, whatever the server's own settings are. */
static bool make_settings(struct cv_maria_connection *connection, cuvee_error *error)
{
    char sql[600];
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    const struct cv_remote_database *database = connection->database;
    snprintf(sql, sizeof sql,
             "SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin,time_zone='+00:00',autocommit=1,foreign_key_checks=1,"
             "unique_checks=1,sql_mode='STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
             "NO_ENGINE_SUBSTITUTION,ONLY_FULL_GROUP_BY,NO_AUTO_VALUE_ON_ZERO',tx_isolation='READ-COMMITTED',"
             "tx_read_only=%d,innodb_lock_wait_timeout=%u",
             database->read_only, (database->busy_ms + 999) / 1000);
    if (!cv_maria_do(connection, sql, error))
        return false;
    /* Servers older than this switch let a snapshot's update overwrite what was committed since. */
    cv_maria_do(connection, "SET innodb_snapshot_isolation=ON", &ignored);
    return true;
}

struct cv_connection *cv_maria_connect(const struct cv_database *base, cuvee_error *error)
{
    struct cv_maria_connection *connection = cv_connection_new(sizeof *connection, base, error);
    if (!connection)
        return NULL;
    bool connected;
    connection->database = (const struct cv_remote_database *)base;
    atomic_init(&connection->working, false);
    atomic_init(&connection->unanswered, false);
    connection->my = cv_maria_connect_to_any(&connection->database->url, &connection->host, &connected);
    if ((connected || cannot_connect(connection, error)) && check_tls(connection, error) &&
        check_server(connection, error) && make_settings(connection, error) && ask_largest_packet(connection, error)) {
        connection->thread = mysql_thread_id(connection->my);
        return &connection->base;
    }
    cv_maria_disconnect(&connection->base);
    return NULL;
}

void cv_maria_disconnect(struct cv_connection *base)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    cv_statements_free(base->kept);
    if (connection->my)
        mysql_close(connection->my);
    free(connection);
}

/* The server forgets prepared statements too. */
void cv_maria_reset(struct cv_connection *base)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    bool good = cv_maria_enter(connection, &ignored) && mysql_reset_connection(connection->my) == 0;
    base->lost = !good || !make_settings(connection, &ignored);
    cv_statements_clear(base->kept);
    base->marked = false;
    base->limit_ms = 0;
}

/* ---- use ---- */

/* A server that has ended the connection has closed it; nothing else comes while nothing was asked. */
bool cv_maria_usable(struct cv_connection *base)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    if (base->lost || connection->streaming || cv_maria_in_transaction(connection) ||
        atomic_load(&connection->unanswered))
        return false;
    struct pollfd socket = {.fd = mysql_get_socket(connection->my), .events = POLLIN};
    return poll(&socket, 1, 0) == 0;
}

bool cv_maria_works(struct cv_connection *base)
{
    return atomic_load(&((struct cv_maria_connection *)base)->working);
}

/* What was sent and not answered may still come: the connection is of no use to anybody then. */
static void stop(struct cv_maria_connection *connection, MYSQL *other)
{
    char sql[64];
    snprintf(sql, sizeof sql, "KILL QUERY %lu", connection->thread);
    if (mysql_query(other, sql) != 0)
        atomic_store(&connection->unanswered, true);
}

/* The server is told by another connection, made for this alone: the same server, whichever of the hosts that is. */
void cv_maria_cancel(struct cv_connection *base)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    if (!atomic_load(&connection->working))
        return;
    bool connected;
    MYSQL *other = cv_maria_connect_to(&connection->database->url, connection->host, &connected);
    if (connected && atomic_load(&connection->working))
        stop(connection, other);
    if (other)
        mysql_close(other);
}
