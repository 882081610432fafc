/*
 * How values are stored on SQLite, and what is particular in its SQL.
 *
 *     bool       INTEGER 0 or 1
 *     int32/64   INTEGER
 *     double     REAL; SQLite keeps no sign of zero
 *     text       TEXT, UTF-8
 *     time       INTEGER, microseconds since 1970 in UTC: exact, and compares as a number
 *     date       TEXT 'YYYY-MM-DD': compares as text in the order of days, and SQLite's own functions read it
 *     decimal    TEXT in canonical form, COLLATE CUVEE_DECIMAL: exact, and compares as a number ('9' < '10',
 *                '1.0' = '1')
 *     UUID       BLOB of 16 bytes: one form only, where text would have several spellings of one key
 *     blob       BLOB
 *     JSON       TEXT
 *
 * Tables are STRICT, so that no program stores text in an integer column. Only the collation needs this driver: a
 * program without it cannot sort or compare by a decimal column, but reads it.
 */
#include "driver/sqlite/sqlite.h"

#include <string.h>

static const char *type_name(cuvee_kind kind)
{
    switch (kind) {
    case CUVEE_DOUBLE: return "REAL";
    case CUVEE_TEXT:
    case CUVEE_DATE:
    case CUVEE_JSON: return "TEXT";
    case CUVEE_DECIMAL: return "TEXT COLLATE CUVEE_DECIMAL";
    case CUVEE_UUID:
    case CUVEE_BLOB: return "BLOB";
    default: return "INTEGER";
    }
}

static void type(struct cv_buffer *sql, const struct cv_column_need *need)
{
    cv_buffer_put(sql, type_name(need->kind));
}

/* LIKE is case-sensitive on our connections; lower() folds ASCII letters alone, and leaves wildcards as they are. */
static void like(struct cv_buffer *sql, const char *column, const char *parameter, bool fold)
{
    cv_buffer_put(sql, fold ? "lower(" : "");
    cv_buffer_put(sql, column);
    cv_buffer_put(sql, fold ? ") LIKE lower(" : " LIKE ");
    cv_buffer_put(sql, parameter);
    cv_buffer_put(sql, fold ? ") ESCAPE '\\'" : " ESCAPE '\\'");
}

/* Judged by the type that the kind would be declared with; the nearest kind of a live column may be another. */
static bool holds(const struct cv_column *column, cuvee_kind kind)
{
    if (!column->type[0])
        return kind != CUVEE_DECIMAL || column->kind == kind; /* it takes what comes, but compares it as text */
    switch (column->kind) {
    case CUVEE_BOOL:
    case CUVEE_INT32:
    case CUVEE_INT64: return kind == CUVEE_BOOL || kind == CUVEE_INT32 || kind == CUVEE_INT64 || kind == CUVEE_TIME;
    case CUVEE_TEXT:
    case CUVEE_JSON:
    case CUVEE_DATE: return kind == CUVEE_TEXT || kind == CUVEE_JSON || kind == CUVEE_DATE;
    case CUVEE_BLOB: return kind == CUVEE_BLOB || kind == CUVEE_UUID;
    default: return column->kind == kind;
    }
}

/* The double that is nearest to the exact sum, by the count. */
static void decimal_average(struct cv_buffer *sql, const char *column)
{
    cv_buffer_put(sql, "(CAST(cuvee_sum(");
    cv_buffer_put(sql, column);
    cv_buffer_put(sql, ") AS REAL) / COUNT(");
    cv_buffer_put(sql, column);
    cv_buffer_put(sql, "))");
}

/*
 * Decimals are text: SQLite's own sum would round each to a double. What an aggregate gives has no collation of its
 * own, and would be compared as text.
 */
static void aggregate(struct cv_buffer *sql, cuvee_aggregate aggregate, const char *column, cuvee_kind kind)
{
    static const char *const names[] = {[CUVEE_COUNT] = "COUNT(",
                                        [CUVEE_SUM] = "SUM(",
                                        [CUVEE_AVG] = "AVG(",
                                        [CUVEE_MIN] = "MIN(",
                                        [CUVEE_MAX] = "MAX("};
    bool exact = aggregate == CUVEE_SUM && kind == CUVEE_DECIMAL;
    if (aggregate == CUVEE_AVG && kind == CUVEE_DECIMAL) {
        decimal_average(sql, column);
        return;
    }
    cv_buffer_put(sql, exact ? "cuvee_sum(" : names[aggregate]);
    cv_buffer_put(sql, column);
    cv_buffer_char(sql, ')');
    if (kind == CUVEE_DECIMAL && aggregate != CUVEE_COUNT)
        cv_buffer_put(sql, " COLLATE CUVEE_DECIMAL");
}

const struct cv_dialect cv_sqlite_dialect = {
    .name = "sqlite",
    .quote = '"',
    .nulls_first = true,
    .nulls_order = true,
    .delete_by_key = true, /* up to 3.40 at least, where a sub-select does not refer to the row */
    .max_params = 32766,
    .no_values = " DEFAULT VALUES",
    .type = type,
    .table_suffix = " STRICT",
    .like = like,
    .holds = holds,
    .aggregate = aggregate,
    .row_lock = "",
};
