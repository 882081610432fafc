/* Live tables in neutral terms. */
#include "driver/sqlite/sqlite.h"

#include <string.h>

#include "base/error.h"
#include "driver/catalog.h"

/* Whether the declared type begins with the word, whatever its case: "varchar(20)" is a "VARCHAR". */
static bool begins(const char *type, const char *word)
{
    return sqlite3_strnicmp(type, word, (int)strlen(word)) == 0;
}

/*
 * The nearest kind of a declared type. Other programs' tables use the names of other engines; where SQLite would store
 * what such a column is given in a way that is none of ours (DATETIME as text, NUMERIC as a float), there is no kind.
 */
static cuvee_kind kind_of(const char *type, const char *collation)
{
    static const struct {
        const char *word;
        cuvee_kind kind;
    } words[] = {
        {"BOOL", CUVEE_BOOL},     {"INT", CUVEE_INT64},       {"BIGINT", CUVEE_INT64}, {"SMALLINT", CUVEE_INT64},
        {"TINYINT", CUVEE_INT64}, {"MEDIUMINT", CUVEE_INT64}, {"REAL", CUVEE_DOUBLE},  {"DOUBLE", CUVEE_DOUBLE},
        {"FLOAT", CUVEE_DOUBLE},  {"TEXT", CUVEE_TEXT},       {"CHAR", CUVEE_TEXT},    {"VARCHAR", CUVEE_TEXT},
        {"NCHAR", CUVEE_TEXT},    {"NVARCHAR", CUVEE_TEXT},   {"CLOB", CUVEE_TEXT},    {"BLOB", CUVEE_BLOB},
    };
    if (collation && strcmp(collation, "CUVEE_DECIMAL") == 0)
        return CUVEE_DECIMAL;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (begins(type, words[i].word))
            return words[i].kind;
    return 0;
}

static int column_of(sqlite3 *db, const char *table, sqlite3_stmt *row, struct cv_arena *arena,
                     struct cv_column *column)
{
    const char *name = (const char *)sqlite3_column_text(row, 0);
    const char *type = (const char *)sqlite3_column_text(row, 1);
    const char *collation = NULL;
    if (!name || !type)
        return SQLITE_NOMEM;
    /* A view's columns have no collation to tell of, and that is no error. */
    int code = sqlite3_table_column_metadata(db, "main", table, name, NULL, &collation, NULL, NULL, NULL);
    if (code == SQLITE_NOMEM)
        return code;
    *column = (struct cv_column){
        .name = cv_arena_text(arena, name),
        .type = cv_arena_text(arena, type),
        .kind = kind_of(type, code == SQLITE_OK ? collation : NULL),
        .nullable = sqlite3_column_int(row, 2) == 0,
        .filled = sqlite3_column_int(row, 5) != 0,
        .key = (unsigned)sqlite3_column_int(row, 3),
    };
    return column->name && column->type ? SQLITE_OK : SQLITE_NOMEM;
}

/* A lone INTEGER key is the row's own number, which is never NULL. */
static void note_row_number(struct cv_table *table)
{
    struct cv_column *key = NULL;
    size_t keys = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (table->columns[i].key == 0)
            continue;
        key = &table->columns[i];
        keys++;
    }
    if (keys == 1 && sqlite3_stricmp(key->type, "INTEGER") == 0)
        key->nullable = false, key->filled = true;
}

static int read_columns(sqlite3 *db, const char *name, sqlite3_stmt *rows, struct cv_arena *arena,
                        struct cv_table *table)
{
    int code;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        if (!table->columns)
            table->columns = cv_arena_alloc(arena, (size_t)sqlite3_column_int(rows, 4) * sizeof *table->columns);
        if (!table->columns)
            return SQLITE_NOMEM;
        code = column_of(db, name, rows, arena, &table->columns[table->count]);
        if (code != SQLITE_OK)
            return code;
        table->count++;
    }
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int read_uniques(sqlite3_stmt *rows, struct cv_arena *arena, struct cv_table *table)
{
    int code;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
        const char *index = (const char *)sqlite3_column_text(rows, 0);
        if (!index || !cv_table_add_unique(table, index, (const char *)sqlite3_column_text(rows, 1), arena))
            return SQLITE_NOMEM;
    }
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* A statement about the table of this name. */
static int prepare(sqlite3 *db, const char *sql, const char *name, sqlite3_stmt **rows)
{
    int code = sqlite3_prepare_v3(db, sql, -1, 0, rows, NULL);
    return code == SQLITE_OK ? sqlite3_bind_text(*rows, 1, name, -1, SQLITE_STATIC) : code;
}

bool cv_sqlite_describe(struct cv_connection *base, const char *name, struct cv_arena *arena, struct cv_table *table,
                        cuvee_error *error)
{
    /* hidden 1: a virtual table's arguments, which are no columns to read. */
    static const char sql[] = "SELECT name, type, \"notnull\", pk, count(*) OVER (), "
                              "dflt_value IS NOT NULL OR hidden > 1 "
                              "FROM pragma_table_xinfo(?1, 'main') WHERE hidden <> 1 ORDER BY cid";
    struct cv_sqlite_connection *connection = (struct cv_sqlite_connection *)base;
    *table = (struct cv_table){.exists = false};
    if (!cv_sqlite_enter(connection, error))
        return false;
    static const char uniques[] = "SELECT l.name, i.name FROM pragma_index_list(?1, 'main') l, "
                                  "pragma_index_info(l.name, 'main') i WHERE l.\"unique\" AND NOT l.partial "
                                  "ORDER BY l.seq, i.seqno";
    sqlite3_stmt *rows = NULL, *indexes = NULL;
    int code = prepare(connection->db, sql, name, &rows);
    if (code == SQLITE_OK)
        code = read_columns(connection->db, name, rows, arena, table);
    if (code == SQLITE_OK)
        code = prepare(connection->db, uniques, name, &indexes);
    if (code == SQLITE_OK)
        code = read_uniques(indexes, arena, table);
    sqlite3_finalize(rows);
    sqlite3_finalize(indexes);
    if (code != SQLITE_OK)
        return cv_sqlite_fail(connection, code, error);
    table->exists = table->count > 0;
    note_row_number(table);
    return true;
}
