/* Live tables in neutral terms. */
#include "driver/postgres/postgres.h"

#include <string.h>

#include "base/error.h"
#include "driver/catalog.h"

/*
 * Columns: name, type as text, its number (of a domain: its base's), not null, place in the primary key from 1, filled.
 */
static const char sql[] =
    "SELECT a.attname, CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)"
    " ELSE format_type(a.atttypid, a.atttypmod) END,"
    " CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, CAST(a.attnotnull AS int),"
    " COALESCE(array_position(CAST(i.indkey AS int2[]), a.attnum) + 1, 0),"
    " CAST(a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL AS int)"
    " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid"
    " LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
    " WHERE c.relname = $1 AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND pg_table_is_visible(c.oid)"
    " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

/* The columns of each index that makes rows unique: its name, and the column's, in order. */
static const char uniques_sql[] =
    "SELECT CAST(i.indexrelid AS text), a.attname FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid"
    " CROSS JOIN LATERAL unnest(CAST(i.indkey AS int2[])) WITH ORDINALITY AS k (attnum, place)"
    " LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0"
    " WHERE c.relname = $1 AND pg_table_is_visible(c.oid) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL"
    " AND k.place <= i.indnkeyatts ORDER BY i.indexrelid, k.place";

/* The nearest kind of what a column holds, which may be narrower than what its values are read as. */
static cuvee_kind kind_of(int64_t type)
{
    switch (type) {
    case CV_PG_INT2:
    case CV_PG_INT4: return CUVEE_INT32;
    case CV_PG_OID:
    case CV_PG_CHAR: return 0;
    default: return cv_pg_kind_of((Oid)type);
    }
}

static int64_t number(const PGresult *rows, int row, int column)
{
    int64_t value = 0;
    for (const char *digit = PQgetvalue(rows, row, column); *digit >= '0' && *digit <= '9'; digit++)
        value = value * 10 + (*digit - '0');
    return value;
}

static bool read_rows(const PGresult *rows, struct cv_arena *arena, struct cv_table *table)
{
    int count = PQntuples(rows);
    table->columns = cv_arena_alloc(arena, (size_t)count * sizeof *table->columns);
    for (int i = 0; table->columns && i < count; i++) {
        struct cv_column *column = &table->columns[i];
        *column = (struct cv_column){
            .name = cv_arena_text(arena, PQgetvalue(rows, i, 0)),
            .type = cv_arena_text(arena, PQgetvalue(rows, i, 1)),
            .kind = kind_of(number(rows, i, 2)),
            .nullable = number(rows, i, 3) == 0,
            .filled = number(rows, i, 5) != 0,
            .key = (unsigned)number(rows, i, 4),
        };
        if (!column->name || !column->type)
            return false;
        table->count++;
    }
    table->exists = count > 0;
    return table->columns != NULL;
}

static bool read_uniques(const PGresult *rows, struct cv_arena *arena, struct cv_table *table)
{
    for (int i = 0; i < PQntuples(rows); i++)
        if (!cv_table_add_unique(table, PQgetvalue(rows, i, 0), PQgetisnull(rows, i, 1) ? NULL : PQgetvalue(rows, i, 1),
                                 arena))
            return false;
    return true;
}

typedef bool reader(const PGresult *rows, struct cv_arena *arena, struct cv_table *table);

/* Asks about the table of this name, and reads the answer. */
static bool ask(struct cv_pg_connection *connection, const char *text, const char *name, reader *read,
                struct cv_arena *arena, struct cv_table *table, cuvee_error *error)
{
    atomic_store(&connection->working, true);
    PGresult *rows = PQexecParams(connection->pg, text, 1, (const Oid[]){CV_PG_TEXT}, &name, NULL, NULL, 0);
    atomic_store(&connection->working, false);
    bool good = PQresultStatus(rows) == PGRES_TUPLES_OK || cv_pg_fail(connection, rows, error);
    if (good && !read(rows, arena, table))
        good = cv_error_memory(error);
    PQclear(rows);
    return good;
}

bool cv_pg_describe(struct cv_connection *base, const char *name, struct cv_arena *arena, struct cv_table *table,
                    cuvee_error *error)
{
    struct cv_pg_connection *connection = (struct cv_pg_connection *)base;
    *table = (struct cv_table){.exists = false};
    return cv_pg_enter(connection, error) && ask(connection, sql, name, read_rows, arena, table, error) &&
           ask(connection, uniques_sql, name, read_uniques, arena, table, error);
}
