/* A connection: making it, its settings, whether it still stands, and stopping what it does. */
#include "driver/postgres/postgres.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/statements.h"

enum { OLDEST_SERVER = 100000, KEYWORDS = CV_URL_OPTIONS + 12 };

/* ---- connecting ---- */

/* Other clients' word for it. */
const char *cv_pg_keyword(const char *option)
{
    return strcmp(option, "ssl") == 0 ? "sslmode" : option;
}

/* Keywords and values as libpq takes them; the last of a name counts, so what we must have stands behind the URL's. */
struct keywords {
    const char *names[KEYWORDS + 1];
    const char *values[KEYWORDS + 1];
    size_t count;
};

static void add(struct keywords *keywords, const char *name, const char *value)
{
    if (!value)
        return;
    keywords->names[keywords->count] = name;
    keywords->values[keywords->count++] = value;
}

static void list_keywords(const struct cv_url *url, struct keywords *keywords)
{
    memset(keywords, 0, sizeof *keywords);
    add(keywords, "connect_timeout", "10");
    add(keywords, "fallback_application_name", "cuvee");
    /* A server that went away without a word is noticed. */
    add(keywords, "keepalives_idle", "30");
    add(keywords, "tcp_user_timeout", "30000");
    add(keywords, "host", url->hosts);
    add(keywords, "port", url->ports);
    add(keywords, "user", url->user);
    add(keywords, "password", url->password);
    add(keywords, "dbname", url->database);
    for (size_t i = 0; i < url->option_count; i++) {
        bool yes = strcmp(url->options[i].name, "ssl") == 0 && strcmp(url->options[i].value, "true") == 0;
        add(keywords, cv_pg_keyword(url->options[i].name), yes ? "require" : url->options[i].value);
    }
    add(keywords, "client_encoding", "UTF8");
}

static void ignore_notice(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

static bool cannot_connect(struct cv_pg_connection *connection, cuvee_error *error)
{
    if (!connection->pg)
        return cv_error_memory(error);
    char reason[400];
    const char *message = PQerrorMessage(connection->pg);
    cv_error_text(reason, sizeof reason, message);
    for (char *at = reason; *at; at++)
        *at = *at == '\n' || *at == '\t' ? ' ' : *at;
    cv_error_set(error, CUVEE_ERROR_CONNECT, "cannot connect to %s: %s", connection->base.database->shown, reason);
    cv_error_text(error->hint, sizeof error->hint,
                  "Check that the server runs and takes connections there, and the login and its password.");
    memcpy(error->sqlstate, "08001", 6);
    return false;
}

static bool refuse_server(cuvee_error *error, const char *hint)
{
    memcpy(error->sqlstate, "0A000", 6);
    cv_error_text(error->hint, sizeof error->hint, hint);
    return false;
}

/* What SQL of ours asks of the server, and what texts do. */
static bool check_server(const struct cv_pg_connection *connection, cuvee_error *error)
{
    const char *shown = connection->base.database->shown;
    const char *encoding = PQparameterStatus(connection->pg, "server_encoding");
    if (PQserverVersion(connection->pg) < OLDEST_SERVER) {
        const char *version = PQparameterStatus(connection->pg, "server_version");
        cv_error_set(error, CUVEE_ERROR_UNSUPPORTED, "%s is a PostgreSQL %s", shown, version ? version : "too old");
        return refuse_server(error, "Use PostgreSQL 10 or later.");
    }
    if (encoding && strcmp(encoding, "UTF8") == 0)
        return true;
    cv_error_set(error, CUVEE_ERROR_UNSUPPORTED, "%s stores texts as %s, not as UTF8", shown,
                 encoding ? encoding : "nobody knows what");
    return refuse_server(error, "Use a database made with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.");
}

/* What must be the same on every connection, whatever the server's or the login's own settings are. */
static bool make_settings(struct cv_pg_connection *connection, cuvee_error *error)
{
    char sql[400];
    const struct cv_remote_database *database = connection->database;
    snprintf(sql, sizeof sql,
             "SET standard_conforming_strings=on;SET bytea_output=hex;SET datestyle='ISO';SET timezone='UTC';"
             "SET extra_float_digits=3;SET lock_timeout=%u;SET default_transaction_isolation='read committed';"
             "SET default_transaction_read_only=%s",
             database->busy_ms, database->read_only ? "on" : "off");
    return cv_pg_do(connection, sql, error);
}

struct cv_connection *cv_pg_connect(const struct cv_database *base, cuvee_error *error)
{
    struct cv_pg_connection *connection = cv_connection_new(sizeof *connection, base, error);
    if (!connection)
        return NULL;
    struct keywords keywords;
    connection->database = (const struct cv_remote_database *)base;
    cv_buffer_init(&connection->closing, 0);
    atomic_init(&connection->working, false);
    list_keywords(&connection->database->url, &keywords);
    connection->pg = PQconnectdbParams(keywords.names, keywords.values, 0);
    bool good = PQstatus(connection->pg) == CONNECTION_OK || cannot_connect(connection, error);
    if (good) {
        PQsetNoticeReceiver(connection->pg, ignore_notice, NULL);
        connection->cancel = PQgetCancel(connection->pg);
        good = (connection->cancel || cv_error_memory(error)) && check_server(connection, error) &&
               make_settings(connection, error);
    }
    if (good)
        return &connection->base;
    cv_pg_disconnect(&connection->base);
    return NULL;
}

void cv_pg_disconnect(struct cv_connection *base)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    cv_statements_free(base->kept);
    cv_buffer_free(&connection->closing);
    PQfreeCancel(connection->cancel);
    PQfinish(connection->pg);
    free(connection);
}

/*
 * All that DISCARD ALL takes away but the prepared statements, which are ours; if others were made by SQL, the
 * connection is given up. The role is that of the login again, or that of the URL's options.
 */
void cv_pg_reset(struct cv_connection *base)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    static const char sql[] = "CLOSE ALL;SET SESSION AUTHORIZATION DEFAULT;RESET ROLE;RESET ALL;UNLISTEN *;"
                              "SELECT pg_advisory_unlock_all();DISCARD TEMP;DISCARD SEQUENCES;"
                              "SELECT 1 FROM pg_prepared_statements WHERE from_sql LIMIT 1";
    PGresult *result = cv_pg_enter(connection, &ignored) ? cv_pg_command(connection, sql) : NULL;
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 0;
    PQclear(result);
    base->lost = !good || !make_settings(connection, &ignored);
    base->marked = false;
    base->limit_ms = 0;
}

/* ---- use ---- */

/* A server that has ended the connection has said so; nothing else comes while nothing was asked. */
static bool is_silent(PGconn *pg)
{
    struct pollfd socket = {.fd = PQsocket(pg), .events = POLLIN};
    if (poll(&socket, 1, 0) == 0)
        return true;
    return PQconsumeInput(pg) && PQstatus(pg) == CONNECTION_OK;
}

bool cv_pg_usable(struct cv_connection *base)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    return !base->lost && !connection->streaming && PQstatus(connection->pg) == CONNECTION_OK &&
           PQtransactionStatus(connection->pg) == PQTRANS_IDLE && is_silent(connection->pg);
}

bool cv_pg_works(struct cv_connection *base)
{
    return atomic_load(&((struct cv_pg_connection *)base)->working);
}

/* libpq either cannot send the request, or waits until the server has done it or that other connection is lost. */
void cv_pg_cancel(struct cv_connection *base)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    char ignored[256];
    if (atomic_load(&connection->working))
        PQcancel(connection->cancel, ignored, sizeof ignored);
}

bool cv_pg_limit(struct cv_connection *base, unsigned ms, cuvee_error *error)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    char sql[64];
    snprintf(sql, sizeof sql, "SET statement_timeout=%u", ms);
    if (!cv_pg_enter(connection, error) || !cv_pg_do(connection, sql, error))
        return false;
    base->limit_ms = ms;
    return true;
}

bool cv_pg_execute(struct cv_connection *base, const char *sql, cuvee_error *error)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    return cv_pg_enter(connection, error) && cv_pg_do(connection, sql, error);
}
