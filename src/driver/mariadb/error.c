/* The server's errors: its own numbers as the SQLSTATE that other engines have for them. */
#include "driver/mariadb/mariadb.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <string.h>

#include "base/error.h"
#include "driver/sqlstate.h"

/* Numbers that the headers of some versions do not name. */
enum { CHECK_FAILED = 4025, STATEMENT_TIMEOUT = 1969, READ_ONLY_TRANSACTION = 1792, CONNECTION_KILLED = 1927 };

const char *cv_maria_state_of(unsigned number)
{
    static const struct {
        unsigned number;
        char sqlstate[6];
    } states[] = {
        {ER_DUP_ENTRY, "23505"},
        {ER_DUP_ENTRY_WITH_KEY_NAME, "23505"},
        {ER_DUP_UNIQUE, "23505"},
        {ER_BAD_NULL_ERROR, "23502"},
        {ER_NO_DEFAULT_FOR_FIELD, "23502"},
        {ER_ROW_IS_REFERENCED, "23503"},
        {ER_ROW_IS_REFERENCED_2, "23503"},
        {ER_NO_REFERENCED_ROW, "23503"},
        {ER_NO_REFERENCED_ROW_2, "23503"},
        {CHECK_FAILED, "23514"},
        {ER_SIGNAL_EXCEPTION, "09000"},
        {ER_LOCK_WAIT_TIMEOUT, "55P03"},
        {ER_LOCK_DEADLOCK, "40001"},
        {ER_CHECKREAD, "40001"},
        {ER_TABLE_DEF_CHANGED, "40001"},
        {ER_UNKNOWN_STMT_HANDLER, "40001"},
        {ER_NEED_REPREPARE, "40001"},
        {CR_NEW_STMT_METADATA, "40001"}, /* its tables were changed so that it gives other columns */
        {ER_QUERY_INTERRUPTED, "57014"},
        {STATEMENT_TIMEOUT, "57014"},
        {ER_DISK_FULL, "53100"},
        {ER_RECORD_FILE_FULL, "53100"},
        {ER_OUTOFMEMORY, "53200"},
        {ER_OUT_OF_RESOURCES, "53200"},
        {ER_TOO_BIG_ROWSIZE, "54000"},
        {ER_TOO_LONG_KEY, "54000"},
        {ER_NET_PACKET_TOO_LARGE, "54000"},
        {CR_NET_PACKET_TOO_LARGE, "54000"},
        {ER_OPTION_PREVENTS_STATEMENT, "25006"},
        {READ_ONLY_TRANSACTION, "25006"},
        {ER_DBACCESS_DENIED_ERROR, "42501"},
        {ER_TABLEACCESS_DENIED_ERROR, "42501"},
        {ER_COLUMNACCESS_DENIED_ERROR, "42501"},
        {ER_SPECIFIC_ACCESS_DENIED_ERROR, "42501"},
        {ER_NO_SUCH_TABLE, "42P01"},
        {ER_BAD_TABLE_ERROR, "42P01"},
        {ER_BAD_FIELD_ERROR, "42703"},
        {ER_BAD_DB_ERROR, "3D000"},
        {ER_TABLE_EXISTS_ERROR, "42P07"},
        {ER_PARSE_ERROR, "42601"},
        {ER_EMPTY_QUERY, "42601"},
        {ER_SP_DOES_NOT_EXIST, "42883"},
        {ER_DATA_TOO_LONG, "22001"},
        {ER_WARN_DATA_OUT_OF_RANGE, "22003"},
        {ER_DATA_OUT_OF_RANGE, "22003"},
        {ER_TRUNCATED_WRONG_VALUE, "22018"},
        {ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, "22018"},
        {WARN_DATA_TRUNCATED, "22018"},
        {ER_NOT_SUPPORTED_YET, "0A000"},
        {ER_CON_COUNT_ERROR, "53300"},
        {ER_TOO_MANY_USER_CONNECTIONS, "53300"},
        {ER_USER_LIMIT_REACHED, "53300"},
        {ER_SERVER_SHUTDOWN, "08006"},
        {CONNECTION_KILLED, "08006"},
        {CR_SERVER_GONE_ERROR, "08006"},
        {CR_SERVER_LOST, "08006"},
        {CR_SERVER_LOST_EXTENDED, "08006"},
    };
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (states[i].number == number)
            return states[i].sqlstate;
    return "";
}

bool cv_maria_fail_with(struct cv_maria_connection *connection, unsigned number, const char *sqlstate,
                        const char *message, cuvee_error *error)
{
    const char *known = cv_maria_state_of(number);
    const char *state = *known ? known : sqlstate;
    cuvee_error_kind kind = cv_sqlstate_kind(state);
    enum cv_action action = cv_sqlstate_action(state);
    /* After a packet that is too large the server hangs up. */
    if (action == CV_ACTION_RECONNECT || action == CV_ACTION_IN_DOUBT || number == ER_NET_PACKET_TOO_LARGE)
        connection->base.lost = true;
    if (error->kind != CUVEE_ERROR_NONE)
        return false;
    if (number == CR_OUT_OF_MEMORY)
        cv_error_memory(error);
    else if (kind == CUVEE_ERROR_CONNECTION)
        cv_error_set(error, kind, "the connection to %s was lost", connection->base.database->shown);
    else if (kind == CUVEE_ERROR_CANCELLED)
        cv_error_set(error, kind, "the statement was cancelled, or ran for longer than it may");
    else
        cv_error_set(error, kind, "%s", message);
    cv_error_text(error->sqlstate, sizeof error->sqlstate, state);
    cv_error_text(error->hint, sizeof error->hint, cv_sqlstate_hint(kind));
    error->vendor_code = (int)number;
    return false;
}

bool cv_maria_fail(struct cv_maria_connection *connection, cuvee_error *error)
{
    MYSQL *my = connection->my;
    return cv_maria_fail_with(connection, mysql_errno(my), mysql_sqlstate(my), mysql_error(my), error);
}
