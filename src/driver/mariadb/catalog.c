/* Live tables in neutral terms. */
#include "driver/mariadb/mariadb.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/catalog.h"

static bool begins(const char *type, const char *word)
{
    return strncmp(type, word, strlen(word)) == 0;
}

/* The nearest kind of a type as the server writes it, in lower case. Types that begin like another stand before it. */
static cuvee_kind kind_of(const char *type)
{
    static const struct {
        const char *word;
        cuvee_kind kind;
    } words[] = {
        {"tinyint(1)", CUVEE_BOOL}, {"bigint", CUVEE_INT64},    {"tinyint", CUVEE_INT32},   {"smallint", CUVEE_INT32},
        {"mediumint", CUVEE_INT32}, {"int", CUVEE_INT32},       {"year", CUVEE_INT32},      {"double", CUVEE_DOUBLE},
        {"float", CUVEE_DOUBLE},    {"decimal", CUVEE_DECIMAL}, {"datetime", CUVEE_TIME},   {"timestamp", CUVEE_TIME},
        {"date", CUVEE_DATE},       {"uuid", CUVEE_UUID},       {"binary(16)", CUVEE_UUID}, {"binary", CUVEE_BLOB},
        {"varbinary", CUVEE_BLOB},  {"blob", CUVEE_BLOB},       {"tinyblob", CUVEE_BLOB},   {"mediumblob", CUVEE_BLOB},
        {"longblob", CUVEE_BLOB},   {"char", CUVEE_TEXT},       {"varchar", CUVEE_TEXT},    {"text", CUVEE_TEXT},
        {"tinytext", CUVEE_TEXT},   {"mediumtext", CUVEE_TEXT}, {"longtext", CUVEE_TEXT},   {"enum", CUVEE_TEXT},
        {"set", CUVEE_TEXT},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!begins(type, words[i].word))
            continue;
        bool wide = words[i].kind == CUVEE_INT32 && strstr(type, "unsigned") && begins(type, "int");
        return wide ? CUVEE_INT64 : words[i].kind;
    }
    return 0;
}

static bool read_rows(MYSQL_RES *rows, struct cv_arena *arena, struct cv_table *table)
{
    MYSQL_ROW row;
    table->columns = cv_arena_alloc(arena, (size_t)(mysql_num_rows(rows) + 1) * sizeof *table->columns);
    while (table->columns && (row = mysql_fetch_row(rows)) != NULL) {
        struct cv_column *column = &table->columns[table->count];
        *column = (struct cv_column){
            .name = cv_arena_text(arena, row[0]),
            .type = cv_arena_text(arena, row[1]),
            .kind = kind_of(row[1]),
            .nullable = strcmp(row[2], "YES") == 0,
            .key = row[3] ? (unsigned)strtoul(row[3], NULL, 10) : 0,
            .filled = strcmp(row[4], "0") != 0,
        };
        if (!column->name || !column->type)
            return false;
        table->count++;
    }
    table->exists = table->count > 0;
    return table->columns != NULL;
}

static bool read_uniques(MYSQL_RES *rows, struct cv_arena *arena, struct cv_table *table)
{
    MYSQL_ROW row;
    while ((row = mysql_fetch_row(rows)) != NULL)
        if (!cv_table_add_unique(table, row[0], row[1], arena))
            return false;
    return true;
}

/* Asks about the table of this name, and reads the answer. */
static bool ask(struct cv_maria_connection *connection, const char *format, const char *name,
                bool (*read)(MYSQL_RES *rows, struct cv_arena *arena, struct cv_table *table), struct cv_arena *arena,
                struct cv_table *table, cuvee_error *error)
{
    MYSQL_RES *rows = cv_maria_ask(connection, format, name, error);
    if (!rows)
        return false;
    bool good = read(rows, arena, table) || cv_error_memory(error);
    mysql_free_result(rows);
    return good;
}

bool cv_maria_describe(struct cv_connection *base, const char *name, struct cv_arena *arena, struct cv_table *table,
                       cuvee_error *error)
{
    /*
     * The server opens just the table that is compared with a constant, and otherwise all there are; that takes no
     * notice of case.
     */
    static const char sql[] =
        "SELECT c.column_name, c.column_type, c.is_nullable, k.seq_in_index,"
        " c.column_default IS NOT NULL OR c.extra LIKE '%auto_increment%' OR c.is_generated = 'ALWAYS'"
        " FROM information_schema.columns c LEFT JOIN information_schema.statistics k"
        " ON k.table_schema = DATABASE() AND k.table_name = '%s' AND BINARY k.table_name = '%s'"
        " AND k.index_name = 'PRIMARY' AND k.column_name = c.column_name"
        " WHERE c.table_schema = DATABASE() AND c.table_name = '%s' AND BINARY c.table_name = '%s'"
        " ORDER BY c.ordinal_position";
    static const char uniques[] =
        "SELECT index_name, IF(sub_part IS NULL, column_name, NULL) FROM information_schema.statistics"
        " WHERE table_schema = DATABASE() AND table_name = '%s' AND BINARY table_name = '%s' AND non_unique = 0"
        " ORDER BY index_name, seq_in_index";
    struct cv_maria_connection *connection = (struct cv_maria_connection *)base;
    *table = (struct cv_table){.exists = false};
    if (!cv_maria_enter(connection, error))
        return false;
    return ask(connection, sql, name, read_rows, arena, table, error) &&
           ask(connection, uniques, name, read_uniques, arena, table, error);
}
