#include "raw.h"

#include <stdio.h>
#include <stdlib.h>

sqlite3_stmt *raw_prepare(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        raw_failed(database, sql);
    }
    return statement;
}

bool raw_execute(sqlite3 *database, const char *sql)
{
    return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK || raw_failed(database, sql);
}

bool raw_failed(sqlite3 *database, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(database));
    return false;
}

const char *raw_column_text(sqlite3_stmt *row, int column, struct arena *arena)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text == NULL ? NULL : arena_text(arena, text, (size_t)sqlite3_column_bytes(row, column));
}

static bool open_database(const char *path, sqlite3 **database)
{
    if (sqlite3_open_v2(path, database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        return raw_failed(*database, path);
    }
    return raw_execute(*database, "PRAGMA journal_mode = WAL") && raw_execute(*database, "PRAGMA synchronous = FULL");
}

int main(int argc, char **argv)
{
    static const struct harness_case cases[] = {
        {"load", raw_load},     {"rows", raw_rows},     {"rows-copied", raw_rows_copied}, {"get", raw_get},
        {"insert", raw_insert}, {"update", raw_update}, {"relation", raw_relation},
    };
    struct harness_args args;
    if (!harness_read(&args, argc, argv)) {
        return 2;
    }
    sqlite3 *database = NULL;
    bool good = open_database(args.db, &database) && harness_main(&args, cases, sizeof cases / sizeof *cases, database);
    sqlite3_close(database);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
