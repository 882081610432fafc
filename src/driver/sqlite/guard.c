/*
 * What SQL may not do on a connection that is lent out again and again.
 *
 * Transactions begin and end through the participant face alone: a COMMIT in raw SQL would put half of a session's work
 * on disk behind the back of the others. No other file is attached: a session reaches its own databases only. And no
 * statement changes a setting, which the next user of the connection would inherit; scripts (DDL) of the rooms above
 * may.
 */
#include "driver/sqlite/sqlite.h"

#include <string.h>

/* Pragmas that only look, though they take an argument. */
static bool only_looks(const char *pragma)
{
    static const char *const names[] = {"table_info",  "table_xinfo",     "table_list",        "index_list",
                                        "index_info",  "index_xinfo",     "foreign_key_check", "integrity_check",
                                        "quick_check", "foreign_key_list"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (sqlite3_stricmp(pragma, names[i]) == 0)
            return true;
    return false;
}

/*
 * CREATE TABLE temp.t does not say TEMP, and CREATE TRIGGER temp.r not even the schema, but all are noted in its
 * catalog.
 */
static bool notes_temporary(int action, const char *table, const char *schema)
{
    return action == SQLITE_INSERT && schema && sqlite3_stricmp(schema, "temp") == 0 &&
           (sqlite3_stricmp(table, "sqlite_master") == 0 || sqlite3_stricmp(table, "sqlite_temp_master") == 0);
}

static const char *reason_to_refuse(enum cv_sqlite_author author, int action, const char *first, const char *second,
                                    const char *schema)
{
    if (notes_temporary(action, first, schema))
        action = SQLITE_CREATE_TEMP_TABLE;
    switch (action) {
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_CREATE_VTABLE:
        /* They would stay on the connection and stand before the tables of whoever gets it next. */
        return author == CV_SQLITE_STATEMENT ? "SQL cannot make temporary or virtual tables on a lent connection"
                                             : NULL;
    case SQLITE_SAVEPOINT: return author == CV_SQLITE_STATEMENT ? "SQL cannot set a savepoint; the session does" : NULL;
    case SQLITE_TRANSACTION: return "SQL cannot begin or end a transaction; the session does";
    case SQLITE_ATTACH: return "SQL cannot attach another database; bind a base to it";
    case SQLITE_PRAGMA:
        if (author == CV_SQLITE_STATEMENT && second && !only_looks(first))
            return "SQL cannot change a setting of its connection, which others use after it";
        return NULL;
    default: return NULL;
    }
}

int cv_sqlite_guard(void *arg, int action, const char *first, const char *second, const char *schema,
                    const char *trigger)
{
    struct cv_sqlite_connection *connection = arg;
    (void)trigger;
    if (connection->author == CV_SQLITE_DRIVER)
        return SQLITE_OK;
    const char *reason = reason_to_refuse(connection->author, action, first, second, schema);
    if (!reason)
        return SQLITE_OK;
    connection->refusal = reason;
    return SQLITE_DENY;
}
