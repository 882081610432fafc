/* Values as parameters. Texts and blobs are not copied. */
#include "driver/mariadb/mariadb.h"

#include <string.h>

#include "base/error.h"
#include "base/time_text.h"
#include "driver/check.h"

/* Of a run on the wire, and of each parameter: its type and length, generously. */
enum { HEAD_BYTES = 64, PARAM_BYTES = 20 };

enum { WHOLE_DIGITS = 35, FRACTION_DIGITS = 30, US_PER_SECOND = 1000000, SECONDS_PER_DAY = 86400 };

static void set_date(MYSQL_TIME *time, int64_t days)
{
    int year;
    int month;
    int day;
    cv_date_split((int32_t)days, &year, &month, &day);
    *time = (MYSQL_TIME){.year = (unsigned)year, .month = (unsigned)month, .day = (unsigned)day};
    time->time_type = MYSQL_TIMESTAMP_DATE;
}

static void set_time(MYSQL_TIME *time, int64_t us)
{
    const int64_t day = (int64_t)SECONDS_PER_DAY * US_PER_SECOND;
    int64_t days = us / day - (us % day < 0);
    int64_t rest = us - days * day;
    set_date(time, days);
    time->hour = (unsigned)(rest / US_PER_SECOND / 3600);
    time->minute = (unsigned)(rest / US_PER_SECOND / 60 % 60);
    time->second = (unsigned)(rest / US_PER_SECOND % 60);
    time->second_part = (unsigned long)(rest % US_PER_SECOND);
    time->time_type = MYSQL_TIMESTAMP_DATETIME;
}

static void point_to(MYSQL_BIND *bind, enum enum_field_types type, const void *data, size_t size)
{
    bind->buffer_type = type;
    bind->buffer = (void *)data; /* it is only read */
    bind->buffer_length = (unsigned long)size;
}

static void bind_value(struct cv_maria_statement *statement, size_t i, const cuvee_value *value)
{
    static const double zero = 0.0;
    MYSQL_BIND *bind = &statement->in[i];
    MYSQL_TIME *time = &statement->times[i];
    memset(bind, 0, sizeof *bind);
    switch ((int)value->kind) {
    case CUVEE_BOOL: point_to(bind, MYSQL_TYPE_TINY, &value->as.boolean, 1); break;
    case CUVEE_INT32:
    case CUVEE_INT64: point_to(bind, MYSQL_TYPE_LONGLONG, &value->as.integer, sizeof value->as.integer); break;
    case CUVEE_DOUBLE: /* no sign of zero */
        point_to(bind, MYSQL_TYPE_DOUBLE, value->as.real == 0.0 ? &zero : &value->as.real, sizeof zero);
        break;
    case CUVEE_TIME:
        set_time(time, value->as.integer);
        point_to(bind, MYSQL_TYPE_DATETIME, time, sizeof *time);
        break;
    case CUVEE_DATE:
        set_date(time, value->as.integer);
        point_to(bind, MYSQL_TYPE_DATE, time, sizeof *time);
        break;
    case CUVEE_DECIMAL: point_to(bind, MYSQL_TYPE_NEWDECIMAL, value->as.text.data, value->as.text.size); break;
    case CUVEE_UUID: point_to(bind, MYSQL_TYPE_BLOB, value->as.uuid, sizeof value->as.uuid); break;
    case CUVEE_BLOB: point_to(bind, MYSQL_TYPE_BLOB, value->as.text.data, value->as.text.size); break;
    case CUVEE_TEXT:
    case CUVEE_JSON: point_to(bind, MYSQL_TYPE_STRING, value->as.text.data, value->as.text.size); break;
    default: bind->buffer_type = MYSQL_TYPE_NULL; break;
    }
    if (!bind->buffer)
        bind->buffer = (void *)""; /* an empty text may point nowhere */
}

/* The server would round digits behind the point away without a word. */
static bool fits(const cuvee_value *value)
{
    if (value->kind != CUVEE_DECIMAL)
        return true;
    const char *text = value->as.text.data;
    size_t size = value->as.text.size;
    const char *point = memchr(text, '.', size);
    size_t whole = (point ? (size_t)(point - text) : size) - (*text == '-');
    return whole <= WHOLE_DIGITS && (!point || size - (size_t)(point - text) - 1 <= FRACTION_DIGITS);
}

/* The server would hang up in the middle of it. */
static bool check_size(const struct cv_maria_statement *statement, cuvee_error *error)
{
    const struct cv_maria_connection *connection = (const struct cv_maria_connection *)statement->base.connection;
    unsigned long long size = HEAD_BYTES + statement->base.param_count * PARAM_BYTES;
    for (size_t i = 0; i < statement->base.param_count; i++)
        size += statement->in[i].buffer_length;
    if (size <= connection->largest_packet)
        return true;
    cv_error_set(error, CUVEE_ERROR_FULL, "the values have about %llu bytes, but the server takes %llu at once", size,
                 connection->largest_packet);
    cv_error_text(error->hint, sizeof error->hint, "Raise the server's max_allowed_packet, or write less at once.");
    memcpy(error->sqlstate, "54000", 6);
    return false;
}

bool cv_maria_bind(struct cv_maria_statement *statement, const cuvee_value *params, cuvee_error *error)
{
    size_t count = statement->base.param_count;
    if (!cv_check_params(params, count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!fits(&params[i])) {
            cv_error_set(error, CUVEE_ERROR_VALUE,
                         "parameter %zu has more digits than MariaDB keeps: 35 in front of the point, 30 behind it",
                         i + 1);
            memcpy(error->sqlstate, "22003", 6);
            return false;
        }
        bind_value(statement, i, &params[i]);
    }
    if (!check_size(statement, error))
        return false;
    return count == 0 || mysql_stmt_bind_param(statement->handle, statement->in) == 0 ||
           cv_maria_fail_run(statement, error);
}
