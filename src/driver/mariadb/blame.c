/*
 * Errors of a statement's runs: which table and columns a refused row was about.
 *
 * The server's messages name a key, or quote the value that was twice there; which columns a key has is asked of the
 * catalog.
 */
#include "driver/mariadb/mariadb.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <string.h>

#include "base/error.h"
#include "driver/keyword.h"

/* The text between the n-th pair of these quotes, copied cut to size. */
static bool quoted(const char *message, char quote, int n, char *to, size_t to_size)
{
    const char *from = strchr(message, quote);
    for (; from && n > 0; n--) {
        from = strchr(from + 1, quote);
        from = from ? strchr(from + 1, quote) : NULL;
    }
    const char *end = from ? strchr(from + 1, quote) : NULL;
    if (!end || (size_t)(end - from) > to_size)
        return false;
    memcpy(to, from + 1, (size_t)(end - from) - 1);
    to[end - from - 1] = '\0';
    return true;
}

/* Duplicate entry '…' for key 'people.email': the key stands last, since a value may hold quotes. */
static bool key_in(const char *message, char *key, size_t key_size)
{
    const char *from = NULL;
    for (const char *at = message; (at = strstr(at, " for key '")) != NULL; at++)
        from = at + strlen(" for key '");
    size_t size = from ? strlen(from) : 0;
    if (size < 2 || size > key_size || from[size - 1] != '\'')
        return false;
    memcpy(key, from, size - 1);
    key[size - 1] = '\0';
    return true;
}

/* The columns of a key of the table in error->model, in their order. */
static void note_key(struct cv_maria_connection *connection, const char *key, cuvee_error *error)
{
    static const char sql[] =
        "SELECT column_name, index_name FROM information_schema.statistics"
        " WHERE table_schema = DATABASE() AND table_name = '%s' ORDER BY index_name, seq_in_index";
    cuvee_error ignored = {.kind = CUVEE_ERROR_NONE};
    struct cv_buffer fields;
    MYSQL_ROW row;
    MYSQL_RES *rows = cv_maria_ask(connection, sql, error->model, &ignored);
    cv_buffer_init(&fields, 0);
    while (rows && (row = mysql_fetch_row(rows)) != NULL) {
        if (strcmp(row[1], key) != 0)
            continue;
        cv_buffer_put(&fields, fields.size > 0 ? ", " : "");
        cv_buffer_put(&fields, row[0]);
    }
    mysql_free_result(rows);
    const char *text = cv_buffer_text(&fields);
    cv_error_text(error->fields, sizeof error->fields, text ? text : "");
    cv_buffer_free(&fields);
}

static void blame_unique(struct cv_maria_connection *connection, const char *message, cuvee_error *error)
{
    char key[128];
    if (!key_in(message, key, sizeof key))
        return;
    const char *name = strrchr(key, '.') ? strrchr(key, '.') + 1 : key; /* some versions put the table in front */
    if (error->model[0])
        note_key(connection, name, error);
    cuvee_error anew = {.kind = CUVEE_ERROR_NONE};
    cv_error_set(&anew, CUVEE_ERROR_UNIQUE, "a row with the same values for key %s exists already", name);
    memcpy(error->message, anew.message, sizeof error->message);
}

/* … fails (`db`.`orders`, CONSTRAINT `c` FOREIGN KEY (`person`) REFERENCES …) */
static void blame_reference(const char *message, cuvee_error *error)
{
    const char *columns = strstr(message, "FOREIGN KEY (`");
    char name[sizeof error->fields];
    if (quoted(message, '`', 1, name, sizeof name))
        cv_error_text(error->model, sizeof error->model, name);
    if (columns && quoted(columns, '`', 0, name, sizeof name))
        cv_error_text(error->fields, sizeof error->fields, name);
}

/* Fills in table and columns of a constraint that refused what `sql` wrote, and takes values out of the message. */
static void blame(struct cv_maria_connection *connection, const char *sql, const char *message, cuvee_error *error)
{
    char name[sizeof error->fields];
    switch (error->kind) {
    case CUVEE_ERROR_UNIQUE:
        cv_keyword_table(sql, error->model, sizeof error->model);
        blame_unique(connection, message, error);
        break;
    case CUVEE_ERROR_NOT_NULL:
        cv_keyword_table(sql, error->model, sizeof error->model);
        if (quoted(message, '\'', 0, name, sizeof name))
            cv_error_text(error->fields, sizeof error->fields, name);
        break;
    case CUVEE_ERROR_FOREIGN_KEY: blame_reference(message, error); break;
    default: break;
    }
}

bool cv_maria_fail_run(struct cv_maria_statement *statement, cuvee_error *error)
{
    struct cv_maria_connection *connection = (struct cv_maria_connection *)statement->base.connection;
    /* An error that comes in the place of a row stands in the connection alone. */
    bool own = mysql_stmt_errno(statement->handle) != 0;
    unsigned number = own ? mysql_stmt_errno(statement->handle) : mysql_errno(connection->my);
    const char *sqlstate = own ? mysql_stmt_sqlstate(statement->handle) : mysql_sqlstate(connection->my);
    bool first = error->kind == CUVEE_ERROR_NONE;
    char message[sizeof error->message];
    if (number == ER_UNKNOWN_STMT_HANDLER || number == ER_NEED_REPREPARE || number == CR_NEW_STMT_METADATA)
        statement->base.stale = true;
    cv_error_text(message, sizeof message, own ? mysql_stmt_error(statement->handle) : mysql_error(connection->my));
    cv_maria_fail_with(connection, number, sqlstate, message, error);
    if (first && statement->base.sql)
        blame(connection, statement->base.sql, message, error);
    return false;
}
