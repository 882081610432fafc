/* SQLite's result codes as kinds of error, with SQLSTATE, and what its messages say about columns. */
#include "driver/sqlite/sqlite.h"

#include <string.h>

#include "base/error.h"

struct meaning {
    int code;
    cuvee_error_kind kind;
    char sqlstate[6];
};

/* Extended codes stand before the primary one of the same family, which means all the others of it. */
static const struct meaning meanings[] = {
    {SQLITE_CONSTRAINT_UNIQUE, CUVEE_ERROR_UNIQUE, "23505"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, CUVEE_ERROR_UNIQUE, "23505"},
    {SQLITE_CONSTRAINT_ROWID, CUVEE_ERROR_UNIQUE, "23505"},
    {SQLITE_CONSTRAINT_NOTNULL, CUVEE_ERROR_NOT_NULL, "23502"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, CUVEE_ERROR_FOREIGN_KEY, "23503"},
    {SQLITE_CONSTRAINT_CHECK, CUVEE_ERROR_CHECK, "23514"},
    {SQLITE_CONSTRAINT_TRIGGER, CUVEE_ERROR_CHECK, "09000"},
    {SQLITE_CONSTRAINT_DATATYPE, CUVEE_ERROR_VALUE, "22018"},
    {SQLITE_CONSTRAINT, CUVEE_ERROR_DATABASE, "23000"},
    {SQLITE_BUSY_SNAPSHOT, CUVEE_ERROR_RETRY, "40001"},
    {SQLITE_BUSY, CUVEE_ERROR_BUSY, "55P03"},
    {SQLITE_LOCKED, CUVEE_ERROR_BUSY, "55006"},
    {SQLITE_FULL, CUVEE_ERROR_FULL, "53100"},
    {SQLITE_TOOBIG, CUVEE_ERROR_FULL, "54000"},
    {SQLITE_NOLFS, CUVEE_ERROR_FULL, "54000"},
    {SQLITE_READONLY, CUVEE_ERROR_READ_ONLY, "25006"},
    {SQLITE_INTERRUPT, CUVEE_ERROR_CANCELLED, "57014"},
    {SQLITE_IOERR_NOMEM, CUVEE_ERROR_MEMORY, "53200"},
    {SQLITE_IOERR_CORRUPTFS, CUVEE_ERROR_CORRUPT, "XX001"},
    {SQLITE_IOERR_DATA, CUVEE_ERROR_CORRUPT, "XX001"},
    {SQLITE_IOERR, CUVEE_ERROR_DATABASE, "58030"},
    {SQLITE_NOMEM, CUVEE_ERROR_MEMORY, "53200"},
    {SQLITE_CORRUPT, CUVEE_ERROR_CORRUPT, "XX001"},
    {SQLITE_NOTADB, CUVEE_ERROR_CORRUPT, "XX001"},
    {SQLITE_CANTOPEN, CUVEE_ERROR_CONNECT, "08001"},
    {SQLITE_PERM, CUVEE_ERROR_DENIED, "42501"},
    {SQLITE_AUTH, CUVEE_ERROR_DENIED, "42501"},
    {SQLITE_SCHEMA, CUVEE_ERROR_SCHEMA, "42000"},
    {SQLITE_MISMATCH, CUVEE_ERROR_VALUE, "22018"},
    {SQLITE_ABORT, CUVEE_ERROR_MISUSE, "24000"},
    {SQLITE_RANGE, CUVEE_ERROR_MISUSE, "07001"},
    {SQLITE_MISUSE, CUVEE_ERROR_MISUSE, "HY010"},
};

/* SQLITE_ERROR is anything; its message tells what. */
static const struct {
    const char *part;
    cuvee_error_kind kind;
    char sqlstate[6];
} phrases[] = {
    {"no such table: ", CUVEE_ERROR_SCHEMA, "42P01"},
    {"no such column: ", CUVEE_ERROR_SCHEMA, "42703"},
    {" has no column named ", CUVEE_ERROR_SCHEMA, "42703"},
    {"no such index: ", CUVEE_ERROR_SCHEMA, "42704"},
    {"no such collation sequence: ", CUVEE_ERROR_SCHEMA, "42704"},
    {"no such function: ", CUVEE_ERROR_DATABASE, "42883"},
    {"integer overflow", CUVEE_ERROR_VALUE, "22003"},
    {"no such savepoint: ", CUVEE_ERROR_DATABASE, "3B001"},
    {" already exists", CUVEE_ERROR_DATABASE, "42P07"},
    {"syntax error", CUVEE_ERROR_DATABASE, "42601"},
    {"incomplete input", CUVEE_ERROR_DATABASE, "42601"},
};

cuvee_error_kind cv_sqlite_kind(int code, const char *message, char *sqlstate)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].code != code && meanings[i].code != (code & 0xFF))
            continue;
        memcpy(sqlstate, meanings[i].sqlstate, sizeof meanings[i].sqlstate);
        return meanings[i].kind;
    }
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
        if (!strstr(message, phrases[i].part))
            continue;
        memcpy(sqlstate, phrases[i].sqlstate, sizeof phrases[i].sqlstate);
        return phrases[i].kind;
    }
    memcpy(sqlstate, "HY000", 6);
    return CUVEE_ERROR_DATABASE;
}

/* ---- columns ---- */

static void append(char *array, size_t array_size, const char *text, size_t size)
{
    size_t used = strlen(array);
    size_t room = array_size - used - 1;
    memcpy(array + used, text, size < room ? size : room);
    array[used + (size < room ? size : room)] = '\0';
}

/* Takes "table.a, table.b" apart: the table goes to error->model, "a, b" to error->fields. */
static void note_columns(const char *list, cuvee_error *error)
{
    const char *end = strstr(list, ", ");
    size_t first = end ? (size_t)(end - list) : strlen(list);
    size_t table = first;
    while (table > 0 && list[table] != '.')
        table--;
    if (table == 0)
        return;
    append(error->model, sizeof error->model, list, table);
    for (const char *item = list; item; item = end ? end + 2 : NULL) {
        end = strstr(item, ", ");
        size_t size = end ? (size_t)(end - item) : strlen(item);
        if (size <= table)
            return;
        append(error->fields, sizeof error->fields, item + table + 1, size - table - 1);
        if (end)
            append(error->fields, sizeof error->fields, ", ", 2);
    }
}

/* "UNIQUE constraint failed: users.email", "NOT NULL …", "cannot store TEXT value in INTEGER column users.age". */
static void find_columns(int code, const char *message, cuvee_error *error)
{
    static const char failed[] = "constraint failed: ";
    static const char column[] = " column ";
    const char *at = NULL;
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_NOTNULL:
        at = strstr(message, failed);
        at = at ? at + strlen(failed) : NULL;
        break;
    case SQLITE_CONSTRAINT_DATATYPE:
        at = strstr(message, column);
        at = at ? at + strlen(column) : NULL;
        break;
    default: break;
    }
    /* An index over expressions is named instead: index 'name'. */
    if (at && strncmp(at, "index '", strlen("index '")) != 0)
        note_columns(at, error);
}

/* ---- the error ---- */

static const char *hint_for(cuvee_error_kind kind)
{
    switch (kind) {
    case CUVEE_ERROR_BUSY: return "Try again; if it lasts, look for a transaction that stays open.";
    case CUVEE_ERROR_RETRY: return "Run the whole session again.";
    case CUVEE_ERROR_FULL: return "Make room on the disk, or write less at once.";
    case CUVEE_ERROR_READ_ONLY: return "Write through a binding that is not read-only, to a file that may be written.";
    case CUVEE_ERROR_CORRUPT:
        return "Restore the database from a backup, or rescue what is left with sqlite3's .recover.";
    case CUVEE_ERROR_CONNECT: return "Check that the database's file and folder are still there and may be written.";
    default: return "";
    }
}

/* Of what is wrong with the database as a whole, the message says which. */
static bool is_about_database(cuvee_error_kind kind, int code)
{
    switch (kind) {
    case CUVEE_ERROR_BUSY:
    case CUVEE_ERROR_RETRY:
    case CUVEE_ERROR_FULL:
    case CUVEE_ERROR_READ_ONLY:
    case CUVEE_ERROR_CORRUPT:
    case CUVEE_ERROR_CONNECT: return true;
    default: return (code & 0xFF) == SQLITE_IOERR;
    }
}

static void set_message(struct cv_sqlite_connection *connection, cuvee_error_kind kind, int code, cuvee_error *error)
{
    const char *shown = connection->base.database->shown;
    const char *message = sqlite3_errmsg(connection->db);
    if (kind == CUVEE_ERROR_CANCELLED)
        cv_error_set(error, kind, "the statement was cancelled");
    else if (kind == CUVEE_ERROR_BUSY && (code & 0xFF) == SQLITE_BUSY)
        cv_error_set(error, kind, "%s: another connection held the lock for longer than %u ms", shown,
                     connection->database->busy_ms);
    else if (kind == CUVEE_ERROR_RETRY)
        cv_error_set(error, kind, "%s: another transaction wrote since this one first read", shown);
    else if (is_about_database(kind, code))
        cv_error_set(error, kind, "%s: %s", shown, message);
    else
        cv_error_set(error, kind, "%s", message);
}

bool cv_sqlite_fail(struct cv_sqlite_connection *connection, int code, cuvee_error *error)
{
    const char *refusal = connection->refusal;
    connection->refusal = NULL;
    if (error->kind != CUVEE_ERROR_NONE)
        return false;
    char sqlstate[6];
    cuvee_error_kind kind = cv_sqlite_kind(code, sqlite3_errmsg(connection->db), sqlstate);
    bool stopped = atomic_load_explicit(&connection->cancelled, memory_order_relaxed);
    if (kind == CUVEE_ERROR_BUSY && stopped) /* its waiting was cut short */
        kind = cv_sqlite_kind(SQLITE_INTERRUPT, "", sqlstate);
    if (kind == CUVEE_ERROR_MEMORY) {
        cv_error_memory(error);
    } else if (refusal && kind == CUVEE_ERROR_DENIED) {
        cv_error_set(error, CUVEE_ERROR_MISUSE, "%s", refusal);
    } else {
        set_message(connection, kind, code, error);
        find_columns(code, sqlite3_errmsg(connection->db), error);
    }
    cv_error_text(error->hint, sizeof error->hint, hint_for(kind));
    memcpy(error->sqlstate, sqlstate, sizeof sqlstate);
    error->vendor_code = code;
    return false;
}
