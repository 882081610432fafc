/*
 * Whether COPY does for a table what INSERT would do. It does not go through rules and views, is refused under row
 * security, tells nothing of what a trigger made of a row, and takes a value only in the binary form of the column's
 * own type.
 */
#include "driver/postgres/postgres.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "driver/values.h"

/* Columns of a table that COPY fits, none of another. $2: the key to be taken from its sequence, or NULL. */
static const char sql[] =
    "SELECT a.attname, a.atttypid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
    " WHERE c.oid = to_regclass($1) AND c.relkind = 'r' AND NOT c.relhasrules AND NOT row_security_active(c.oid)"
    " AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND (t.tgtype & 7) = 7)"
    " AND ($2 IS NULL OR has_sequence_privilege(pg_get_serial_sequence($1, $2), 'USAGE'))"
    " AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''";

/* The type of a column among these; 0: it is not there. */
static Oid type_of(const PGresult *columns, const char *name)
{
    for (int i = 0; i < PQntuples(columns); i++)
        if (strcmp(PQgetvalue(columns, i, 0), name) == 0)
            return (Oid)strtoul(PQgetvalue(columns, i, 1), NULL, 10);
    return 0;
}

static bool takes(Oid type, cuvee_kind kind)
{
    if (kind == CUVEE_TEXT)
        return type == CV_PG_TEXT || type == CV_PG_VARCHAR || type == CV_PG_BPCHAR;
    return type == cv_pg_param_type(kind);
}

static bool fits(const PGresult *columns, const struct cv_bulk *bulk, cuvee_kind *key_kind)
{
    Oid key = bulk->key ? type_of(columns, bulk->key) : CV_PG_INT8;
    *key_kind = key == CV_PG_INT4 ? CUVEE_INT32 : CUVEE_INT64;
    if (!takes(key, *key_kind))
        return false;
    for (size_t c = 0; c < bulk->column_count; c++)
        if (!takes(type_of(columns, bulk->columns[c]), (cuvee_kind)bulk->kinds[c]))
            return false;
    return true;
}

bool cv_pg_copy_fits(struct cv_pg_connection *connection, const struct cv_bulk *bulk, bool *fit, cuvee_kind *key_kind,
                     cuvee_error *error)
{
    struct cv_buffer table;
    cv_buffer_init(&table, 0);
    cv_values_name(&table, &cv_postgres_dialect, bulk->table);
    const char *values[] = {cv_buffer_text(&table), bulk->key};
    const Oid types[] = {CV_PG_TEXT, CV_PG_TEXT};
    PGresult *result = NULL;
    bool good = values[0] || cv_error_memory(error);
    if (good) {
        atomic_store(&connection->working, true);
        result = PQexecParams(connection->pg, sql, 2, types, values, NULL, NULL, 0);
        atomic_store(&connection->working, false);
        good = PQresultStatus(result) == PGRES_TUPLES_OK || cv_pg_fail(connection, result, error);
    }
    *fit = good && fits(result, bulk, key_kind);
    PQclear(result);
    cv_buffer_free(&table);
    return good;
}
