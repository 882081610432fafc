/*
 * Values into a statement. Nothing is copied but dates, which SQLite holds as text.
 *
 * SQLite takes any bytes for text and turns NaN into NULL; other engines refuse both. So the driver does.
 */
#include "driver/sqlite/sqlite.h"

#include <math.h>
#include <string.h>

#include "base/decimal_text.h"
#include "base/error.h"
#include "base/time_text.h"
#include "base/utf8.h"

static int bind_bytes(sqlite3_stmt *handle, int at, const cuvee_value *value)
{
    const char *data = value->as.text.data ? value->as.text.data : ""; /* no pointer at all would be NULL */
    if (value->kind == CUVEE_BLOB)
        return sqlite3_bind_blob64(handle, at, data, value->as.text.size, SQLITE_STATIC);
    bool good = value->kind == CUVEE_DECIMAL ? cv_decimal_is_canonical(data, value->as.text.size)
                                             : cv_utf8_text(data, value->as.text.size);
    if (!good)
        return SQLITE_MISMATCH;
    return sqlite3_bind_text64(handle, at, data, value->as.text.size, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_date(sqlite3_stmt *handle, int at, int64_t days)
{
    char text[CV_DATE_TEXT_SIZE];
    if (days < CV_DATE_MIN || days > CV_DATE_MAX)
        return SQLITE_MISMATCH;
    size_t size = cv_date_format(text, (cuvee_date){.days = (int32_t)days});
    return sqlite3_bind_text(handle, at, text, (int)size, SQLITE_TRANSIENT);
}

static int bind_time(sqlite3_stmt *handle, int at, int64_t us)
{
    if (us < CV_TIME_MIN || us > CV_TIME_MAX)
        return SQLITE_MISMATCH;
    return sqlite3_bind_int64(handle, at, us);
}

/* SQLite's code; MISMATCH for what the kind cannot hold. */
static int bind_value(sqlite3_stmt *handle, int at, const cuvee_value *value)
{
    switch ((int)value->kind) {
    case 0: return sqlite3_bind_null(handle, at);
    case CUVEE_BOOL: return sqlite3_bind_int(handle, at, value->as.boolean);
    case CUVEE_INT32:
    case CUVEE_INT64: return sqlite3_bind_int64(handle, at, value->as.integer);
    case CUVEE_DOUBLE:
        return isfinite(value->as.real) ? sqlite3_bind_double(handle, at, value->as.real) : SQLITE_MISMATCH;
    case CUVEE_TEXT:
    case CUVEE_DECIMAL:
    case CUVEE_JSON:
    case CUVEE_BLOB: return bind_bytes(handle, at, value);
    case CUVEE_TIME: return bind_time(handle, at, value->as.integer);
    case CUVEE_DATE: return bind_date(handle, at, value->as.integer);
    case CUVEE_UUID: return sqlite3_bind_blob(handle, at, value->as.uuid, sizeof value->as.uuid, SQLITE_STATIC);
    default: return SQLITE_MISMATCH;
    }
}

static bool refuse(struct cv_sqlite_statement *statement, size_t at, int code, cuvee_error *error)
{
    if (code != SQLITE_MISMATCH)
        return cv_sqlite_fail((struct cv_sqlite_connection *)statement->base.connection, code, error);
    cv_error_set(
        error, CUVEE_ERROR_VALUE,
        "parameter %zu is no value of its kind: text is UTF-8 without NUL, numbers are finite, years 1 to 9999",
        at + 1);
    memcpy(error->sqlstate, "22000", 6);
    return false;
}

bool cv_sqlite_bind(struct cv_sqlite_statement *statement, const cuvee_value *params, cuvee_error *error)
{
    for (size_t i = 0; i < statement->base.param_count; i++) {
        int code = bind_value(statement->handle, (int)i + 1, &params[i]);
        if (code != SQLITE_OK)
            return refuse(statement, i, code, error);
    }
    return true;
}
