/* SQL without parameters, and what must be so before any command. */
#include "driver/mariadb/mariadb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"

bool cv_maria_in_transaction(const struct cv_maria_connection *connection)
{
    unsigned status = 0;
    mariadb_get_infov(connection->my, MARIADB_CONNECTION_SERVER_STATUS, &status);
    return status & SERVER_STATUS_IN_TRANS;
}

bool cv_maria_enter(struct cv_maria_connection *connection, cuvee_error *error)
{
    cv_remote_run_set_aside(connection->streaming);
    if (atomic_load(&connection->unanswered))
        connection->base.lost = true;
    if (connection->base.lost) {
        cv_error_set(error, CUVEE_ERROR_CONNECTION, "the connection to %s was lost", connection->base.database->shown);
        cv_error_text(error->sqlstate, sizeof error->sqlstate, "08006");
        return false;
    }
    if (!connection->base.in_transaction || cv_maria_in_transaction(connection))
        return true;
    cv_error_set(error, CUVEE_ERROR_DATABASE, "the transaction was ended by an earlier statement; roll back first");
    memcpy(error->sqlstate, "25P02", 6);
    return false;
}

/* Throws away the rows of one result of several. */
static bool skip_rows(MYSQL *my)
{
    MYSQL_RES *rows = mysql_use_result(my);
    if (!rows)
        return mysql_field_count(my) == 0;
    while (mysql_fetch_row(rows))
        ;
    bool good = mysql_errno(my) == 0;
    mysql_free_result(rows);
    return good;
}

bool cv_maria_do(struct cv_maria_connection *connection, const char *sql, cuvee_error *error)
{
    MYSQL *my = connection->my;
    atomic_store(&connection->working, true);
    bool good = mysql_query(my, sql) == 0 && skip_rows(my);
    while (good && mysql_more_results(my))
        good = mysql_next_result(my) == 0 && skip_rows(my);
    atomic_store(&connection->working, false);
    return good || cv_maria_fail(connection, error);
}

MYSQL_RES *cv_maria_ask(struct cv_maria_connection *connection, const char *format, const char *name,
                        cuvee_error *error)
{
    size_t size = strlen(name);
    char *escaped = malloc(size * 2 + 1);
    struct cv_buffer sql;
    cv_buffer_init(&sql, 0);
    if (escaped) {
        mysql_real_escape_string(connection->my, escaped, name, (unsigned long)size);
        for (const char *place; (place = strstr(format, "%s")) != NULL; format = place + 2) {
            cv_buffer_bytes(&sql, format, (size_t)(place - format));
            cv_buffer_put(&sql, escaped);
        }
        cv_buffer_put(&sql, format);
    }
    free(escaped);
    const char *text = escaped ? cv_buffer_text(&sql) : NULL;
    MYSQL_RES *rows = text && mysql_query(connection->my, text) == 0 ? mysql_store_result(connection->my) : NULL;
    cv_buffer_free(&sql);
    if (!rows && !text)
        cv_error_memory(error);
    else if (!rows)
        cv_maria_fail(connection, error);
    return rows;
}

bool cv_maria_limit(struct cv_connection *base, unsigned ms, cuvee_error *error)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    char sql[64];
    snprintf(sql, sizeof sql, "SET max_statement_time=%u.%03u", ms / 1000, ms % 1000);
    if (!cv_maria_enter(connection, error) || !cv_maria_do(connection, sql, error))
        return false;
    base->limit_ms = ms;
    return true;
}

/* A table that is made or changed ends the transaction on this engine; what follows belongs to a new one. */
bool cv_maria_execute(struct cv_connection *base, const char *sql, cuvee_error *error)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    if (!cv_maria_enter(connection, error) || !cv_maria_do(connection, sql, error))
        return false;
    if (!base->in_transaction || cv_maria_in_transaction(connection))
        return true;
    return cv_maria_do(connection, "START TRANSACTION", error);
}
