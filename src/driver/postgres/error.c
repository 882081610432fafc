/* The server's errors: SQLSTATE and what it says of table and columns. */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/error.h"
#include "driver/sqlstate.h"

static const char *field(const PGresult *result, int code)
{
    const char *text = result ? PQresultErrorField(result, code) : NULL;
    return text ? text : "";
}

/* Names between `from` and `to` without the quotes that some stand in: "row", number becomes row, number. */
static void unquote(const char *from, const char *to, char *names)
{
    bool quoted = false;
    for (; from < to; from++) {
        if (*from != '"')
            *names++ = *from;
        else if (quoted && from[1] == '"')
            *names++ = *from++;
        else
            quoted = !quoted;
    }
    *names = '\0';
}

/*
 * Whether a row is still referred to: then the table is the one that does so, and the detail names the other one's key.
 * The message names the other table, the constraint, and then this table, which it does in front of the constraint
 * otherwise.
 */
static bool key_is_of_another(const PGresult *result, cuvee_error_kind kind)
{
    const char *constraint = field(result, PG_DIAG_CONSTRAINT_NAME), *table = field(result, PG_DIAG_TABLE_NAME);
    if (kind != CUVEE_ERROR_FOREIGN_KEY || !*constraint || !*table)
        return false;
    const char *at = strstr(field(result, PG_DIAG_MESSAGE_PRIMARY), constraint);
    return at && strstr(at + strlen(constraint), table);
}

/*
 * The columns of a key are named in the detail only: Key (first, last)=(…) already exists. Its words depend on the
 * server's language, its brackets do not. The values behind them are left alone.
 */
static void note_columns(const PGresult *result, cuvee_error *error)
{
    const char *column = field(result, PG_DIAG_COLUMN_NAME);
    const char *from = strchr(field(result, PG_DIAG_MESSAGE_DETAIL), '(');
    const char *to = from ? strstr(from, ")=(") : NULL;
    char columns[sizeof error->fields];
    if (*column) {
        cv_error_text(error->fields, sizeof error->fields, column);
    } else if (to && (size_t)(to - from) <= sizeof columns && error->kind != CUVEE_ERROR_DATABASE &&
               !key_is_of_another(result, error->kind)) {
        unquote(from + 1, to, columns);
        cv_error_text(error->fields, sizeof error->fields, columns);
    }
}

static bool fail_lost(struct cv_pg_connection *connection, const char *sqlstate, cuvee_error *error)
{
    connection->base.lost = true;
    if (error->kind != CUVEE_ERROR_NONE)
        return false;
    cv_error_set(error, CUVEE_ERROR_CONNECTION, "the connection to %s was lost", connection->base.database->shown);
    cv_error_text(error->hint, sizeof error->hint, cv_sqlstate_hint(CUVEE_ERROR_CONNECTION));
    cv_error_text(error->sqlstate, sizeof error->sqlstate, *sqlstate ? sqlstate : "08006");
    return false;
}

/* The server ends the connection after such an error, though its end may not have come in yet. */
static bool ends_connection(const PGresult *result)
{
    const char *severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0;
}

/* An error of some other connection, which a statement made (to a foreign server, say), is not one of ours. */
static cuvee_error_kind kind_of(const char *sqlstate)
{
    return cv_sqlstate_action(sqlstate) == CV_ACTION_RECONNECT ? CUVEE_ERROR_DATABASE : cv_sqlstate_kind(sqlstate);
}

/* COPY waits for rows that nobody has, or sends some that nobody takes. */
static bool is_copy(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

bool cv_pg_fail(struct cv_pg_connection *connection, const PGresult *result, cuvee_error *error)
{
    const char *sqlstate = field(result, PG_DIAG_SQLSTATE);
    if (PQstatus(connection->pg) == CONNECTION_BAD || ends_connection(result))
        return fail_lost(connection, sqlstate, error);
    if (cv_sqlstate_action(sqlstate) == CV_ACTION_IN_DOUBT)
        connection->base.lost = true;
    if (error->kind != CUVEE_ERROR_NONE)
        return false;
    if (is_copy(result))
        return cv_error_set(error, CUVEE_ERROR_UNSUPPORTED, "COPY from or to the client is not possible in raw SQL");
    if (*sqlstate == '\0') /* libpq itself: it could not send, or make a result of what came */
        return cv_error_set(error, CUVEE_ERROR_MEMORY, "libpq: %s", PQerrorMessage(connection->pg));
    cuvee_error_kind kind = kind_of(sqlstate);
    if (kind == CUVEE_ERROR_CANCELLED)
        cv_error_set(error, kind, "the statement was cancelled, or ran for longer than it may");
    else
        cv_error_set(error, kind, "%s", field(result, PG_DIAG_MESSAGE_PRIMARY));
    cv_error_text(error->sqlstate, sizeof error->sqlstate, sqlstate);
    cv_error_text(error->model, sizeof error->model, field(result, PG_DIAG_TABLE_NAME));
    cv_error_text(error->hint, sizeof error->hint, cv_sqlstate_hint(kind));
    note_columns(result, error);
    return false;
}
