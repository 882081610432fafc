/*
 * Values into a statement. Nothing is copied but dates, which SQLite holds as text.
 *
 * SQLite takes any bytes for text and turns NaN into NULL; other engines refuse both, and so do all of ours.
 */
#include "driver/sqlite/sqlite.h"

#include "base/time_text.h"
#include "driver/check.h"

/* No pointer at all would be NULL. */
static const char *data_of(const cuvee_value *value)
{
    return value->as.text.data ? value->as.text.data : "";
}

static int bind_date(sqlite3_stmt *handle, int at, int64_t days)
{
    char text[CV_DATE_TEXT_SIZE];
    size_t size = cv_date_format(text, (cuvee_date){.days = (int32_t)days});
    return sqlite3_bind_text(handle, at, text, (int)size, SQLITE_TRANSIENT);
}

/* SQLite's code. */
static int bind_value(sqlite3_stmt *handle, int at, const cuvee_value *value)
{
    switch ((int)value->kind) {
    case CUVEE_BOOL: return sqlite3_bind_int(handle, at, value->as.boolean);
    case CUVEE_INT32:
    case CUVEE_INT64:
    case CUVEE_TIME: return sqlite3_bind_int64(handle, at, value->as.integer);
    case CUVEE_DOUBLE: return sqlite3_bind_double(handle, at, value->as.real);
    case CUVEE_TEXT:
    case CUVEE_DECIMAL:
    case CUVEE_JSON:
        return sqlite3_bind_text64(handle, at, data_of(value), value->as.text.size, SQLITE_STATIC, SQLITE_UTF8);
    case CUVEE_BLOB: return sqlite3_bind_blob64(handle, at, data_of(value), value->as.text.size, SQLITE_STATIC);
    case CUVEE_DATE: return bind_date(handle, at, value->as.integer);
    case CUVEE_UUID: return sqlite3_bind_blob(handle, at, value->as.uuid, sizeof value->as.uuid, SQLITE_STATIC);
    default: return sqlite3_bind_null(handle, at);
    }
}

bool cv_sqlite_bind(struct cv_sqlite_statement *statement, const cuvee_value *params, cuvee_error *error)
{
    if (!cv_check_params(params, statement->base.param_count, error))
        return false;
    for (size_t i = 0; i < statement->base.param_count; i++) {
        int code = bind_value(statement->handle, (int)i + 1, &params[i]);
        if (code != SQLITE_OK)
            return cv_sqlite_fail((struct cv_sqlite_connection *)statement->base.connection, code, error);
    }
    return true;
}
