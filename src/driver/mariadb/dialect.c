/*
 * How values are stored on MariaDB, and what is particular in its SQL.
 *
 *     bool       TINYINT(1)
 *     int32/64   INT, BIGINT
 *     double     DOUBLE; a zero loses its sign, as on the other engines
 *     text       LONGTEXT, or VARCHAR where it is part of a key or index, in the collation utf8mb4_nopad_bin: compares
 *                by bytes, spaces at the end count, as on the other engines
 *     time       DATETIME(6) in UTC: TIMESTAMP ends in 2038
 *     date       DATE
 *     decimal    DECIMAL(65,30): exact, but zeros at the end are not kept, and there are 35 digits in front of the
 *                point and 30 behind it; more are refused
 *     UUID       BINARY(16): the server's own UUID type would sort by its time first
 *     blob       LONGBLOB, or VARBINARY where it is part of a key or index
 *     JSON       JSON, which is a text that the server checks
 */
#include "driver/mariadb/mariadb.h"

#include <string.h>

#include "base/buffer.h"
#include "driver/catalog.h"

/* An index takes 3072 bytes: three such texts of four bytes a character, or one of the longest. */
enum { INDEXED_LENGTH = 255, LONGEST_INDEXED = 768 };

static void write_text(struct cv_buffer *sql, const struct cv_column_need *need)
{
    uint32_t length = need->max_length ? need->max_length : INDEXED_LENGTH;
    if (need->indexed)
        cv_buffer_format(sql, "VARCHAR(%u)", length > LONGEST_INDEXED ? LONGEST_INDEXED : length);
    else
        cv_buffer_put(sql, "LONGTEXT");
    cv_buffer_put(sql, " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin");
}

static unsigned places_of(const struct cv_column_need *need)
{
    return need->places > 0 ? (unsigned)need->places : 30;
}

static const char *type_name(const struct cv_column_need *need)
{
    switch (need->kind) {
    case CUVEE_BOOL: return "TINYINT(1)";
    case CUVEE_INT32: return "INT";
    case CUVEE_DOUBLE: return "DOUBLE";
    case CUVEE_TIME: return "DATETIME(6)";
    case CUVEE_DATE: return "DATE";
    case CUVEE_UUID: return "BINARY(16)";
    case CUVEE_BLOB: return need->indexed ? "VARBINARY(1000)" : "LONGBLOB";
    case CUVEE_JSON: return "JSON";
    default: return "BIGINT";
    }
}

static void type(struct cv_buffer *sql, const struct cv_column_need *need)
{
    if (need->kind == CUVEE_TEXT)
        write_text(sql, need);
    else if (need->kind == CUVEE_DECIMAL)
        cv_buffer_format(sql, "DECIMAL(65,%u)", places_of(need));
    else
        cv_buffer_put(sql, type_name(need));
    cv_buffer_put(sql, need->auto_key ? " AUTO_INCREMENT" : "");
}

/* The server's LOWER folds the letters of all languages; the other engines fold ASCII's alone. */
static void put_folded(struct cv_buffer *sql, const char *operand)
{
    for (int i = 0; i < 26; i++)
        cv_buffer_put(sql, "REPLACE(");
    cv_buffer_put(sql, operand);
    for (int i = 0; i < 26; i++)
        cv_buffer_format(sql, ",'%c','%c')", 'A' + i, 'a' + i);
}

/* The backslash escapes by itself. */
static void like(struct cv_buffer *sql, const char *column, const char *parameter, bool fold)
{
    if (fold)
        put_folded(sql, column);
    else
        cv_buffer_put(sql, column);
    cv_buffer_put(sql, " LIKE ");
    if (fold)
        put_folded(sql, parameter);
    else
        cv_buffer_put(sql, parameter);
}

static bool holds(const struct cv_column *column, cuvee_kind kind)
{
    if (column->kind == kind)
        return true;
    switch (kind) {
    case CUVEE_INT32: return column->kind == CUVEE_INT64;
    case CUVEE_JSON: return column->kind == CUVEE_TEXT;
    case CUVEE_BLOB: return column->kind == CUVEE_UUID;
    default: return false;
    }
}

static const char *text_loses(const char *type, const struct cv_column_need *need)
{
    long length = cv_type_number(type, 0, INT32_MAX);
    if (strncmp(type, "set(", 4) == 0)
        return "puts words into another order";
    if (strncmp(type, "char(", 5) == 0)
        return cv_text_fills(length, need) ? NULL : "takes spaces from the end of texts";
    return length >= LONGEST_INDEXED || cv_text_fits(length, need) ? NULL : "is shorter than texts may be";
}

/* The server rounds numbers and cuts times to what a column keeps, and cuts spaces that do not fit, without a word. */
static const char *loses(const struct cv_column *column, const struct cv_column_need *need)
{
    const char *type = column->type;
    switch (need->kind) {
    case CUVEE_DOUBLE: return strncmp(type, "double", 6) != 0 || strchr(type, '(') ? "rounds numbers" : NULL;
    case CUVEE_DECIMAL:
        return cv_type_number(type, 1, 0) < (long)places_of(need) ? "rounds what has more digits" : NULL;
    case CUVEE_TIME: return cv_type_number(type, 0, 0) < 6 ? "cuts the fractions of seconds" : NULL;
    case CUVEE_BLOB: return strncmp(type, "binary(", 7) == 0 ? "fills bytes up with zeros" : NULL;
    case CUVEE_TEXT: return text_loses(type, need);
    default: return NULL;
    }
}

/*
 * The server's averages of integers and decimals have four digits more behind the point; here they are doubles, worked
 * out of the exact sum. (A sum of doubles that is cast would be cut to the greatest of them when it is too large.)
 */
static void average(struct cv_buffer *sql, const char *column, bool exact)
{
    cv_buffer_put(sql, exact ? "(CAST(SUM(" : "AVG(");
    cv_buffer_put(sql, column);
    if (exact) {
        cv_buffer_put(sql, ") AS DOUBLE) / COUNT(");
        cv_buffer_put(sql, column);
        cv_buffer_char(sql, ')');
    }
    cv_buffer_char(sql, ')');
}

static void aggregate(struct cv_buffer *sql, cuvee_aggregate aggregate, const char *column, cuvee_kind kind)
{
    static const char *const names[] = {
        [CUVEE_COUNT] = "COUNT(", [CUVEE_SUM] = "SUM(", [CUVEE_MIN] = "MIN(", [CUVEE_MAX] = "MAX("};
    if (aggregate == CUVEE_AVG) {
        average(sql, column, kind != CUVEE_DOUBLE);
        return;
    }
    cv_buffer_put(sql, names[aggregate]);
    cv_buffer_put(sql, column);
    cv_buffer_char(sql, ')');
}

const struct cv_dialect cv_mariadb_dialect = {
    .name = "mariadb",
    .quote = '`',
    .nulls_first = true,
    .on_duplicate_key = true,
    .limit_inside = true,
    .max_params = 65535,
    .json_behind = " COLLATE utf8mb4_nopad_bin", /* by itself spaces at the end would not count */
    .max_name = 64,
    .no_values = " () VALUES ()",
    .type = type,
    .table_suffix = " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin",
    .like = like,
    .holds = holds,
    .loses = loses,
    .aggregate = aggregate,
    .row_lock = " FOR UPDATE",
};
