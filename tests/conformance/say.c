#include "conformance/transcript.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- texts ---- */

static char *print(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    assert_true(size >= 0);
    char *text = malloc((size_t)size + 1);
    assert_non_null(text);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

const char *text(struct transcript *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *made = print(format, arguments);
    va_end(arguments);
    lines_add(&t->scraps, made);
    return made;
}

void say(struct transcript *t, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *made = print(format, arguments);
    va_end(arguments);
    lines_add(&t->scraps, made);
    const char *line = text(t, "%s: %s", t->name, made);
    assert_non_null(strstr(line, " = "));
    lines_add(&t->lines, strdup(line));
}

/* ---- values ---- */

/* For long texts: FNV-1a. */
static uint32_t sum_of(const char *data, size_t size)
{
    uint32_t sum = 2166136261u;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ (unsigned char)data[i]) * 16777619u;
    return sum;
}

static const char *hex(struct transcript *t, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    const char *made = "";
    for (size_t i = 0; i < size; i++)
        made = text(t, "%s%02x", made, bytes[i]);
    return made;
}

static const char *quoted(struct transcript *t, const char *data, size_t size)
{
    if (size > 200)
        return text(t, "%zu bytes, sum %08" PRIx32, size, sum_of(data, size));
    const char *made = "\"";
    for (size_t i = 0; i < size; i++)
        made = (unsigned char)data[i] < ' ' ? text(t, "%s\\x%02x", made, data[i]) : text(t, "%s%c", made, data[i]);
    return text(t, "%s\"", made);
}

static const char *real(struct transcript *t, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return text(t, "double %016" PRIx64 " (%.17g)", bits, value);
}

static const char *whole(struct transcript *t, cuvee_value value)
{
    static const char *const names[] = {
        [CUVEE_INT32] = "int32", [CUVEE_INT64] = "int64", [CUVEE_TIME] = "time", [CUVEE_DATE] = "date"};
    return text(t, "%s %" PRId64, names[value.kind], value.as.integer);
}

const char *shown(struct transcript *t, cuvee_value value)
{
    int size = (int)value.as.text.size;
    switch (value.kind) {
    case CUVEE_BOOL: return value.as.boolean ? "true" : "false";
    case CUVEE_DOUBLE: return real(t, value.as.real);
    case CUVEE_DECIMAL: return text(t, "decimal %.*s", size, value.as.text.data);
    case CUVEE_JSON: return text(t, "json %.*s", size, value.as.text.data);
    case CUVEE_TEXT: return quoted(t, value.as.text.data, value.as.text.size);
    case CUVEE_BLOB: return text(t, "blob %s.", hex(t, value.as.text.data, value.as.text.size));
    case CUVEE_UUID: return text(t, "uuid %s", hex(t, value.as.uuid, 16));
    case CUVEE_INT32:
    case CUVEE_INT64:
    case CUVEE_TIME:
    case CUVEE_DATE: return whole(t, value);
    default: return "NULL";
    }
}

/* ---- errors and outcomes ---- */

const char *fault_of(struct transcript *t, const cuvee_error *error)
{
    if (!error->kind)
        return "none";
    bool of_no_row = error->kind == CUVEE_ERROR_RETRY || error->kind == CUVEE_ERROR_BUSY;
    const char *where = error->model[0] && !of_no_row ? text(t, " %s(%s)", error->model, error->fields) : "";
    const char *state =
        error->sqlstate[0] && error->kind != CUVEE_ERROR_MISUSE ? text(t, " class %.2s", error->sqlstate) : "";
    return text(t, "error %s%s%s", cuvee_error_kind_name(error->kind), where, state);
}

const char *fault(struct transcript *t, cuvee_session *session)
{
    const char *made = fault_of(t, cuvee_session_error(session));
    cuvee_rollback(session);
    return made;
}

const char *or_fault(struct transcript *t, cuvee_session *session, const char *result)
{
    return cuvee_session_error(session)->kind ? fault(t, session) : result;
}

const char *outcome(cuvee_outcome outcome)
{
    static const char *const names[] = {"rolled back", "committed", "pending", "in doubt", "torn"};
    return names[outcome];
}

/* ---- rows ---- */

const char *keys(struct transcript *t, cuvee_session *session, cuvee_query *query)
{
    cuvee_list found = cuvee_all(query);
    const char *made = "[";
    for (size_t i = 0; i < found.count; i++)
        made = text(t, "%s%s%" PRId64, made, i ? " " : "", *(const int64_t *)found.items[i]);
    return or_fault(t, session, text(t, "%s]", made));
}

static const char *row(struct transcript *t, const cuvee_value *values, size_t width)
{
    const char *made = "(";
    for (size_t i = 0; i < width; i++)
        made = text(t, "%s%s%s", made, i ? ", " : "", shown(t, values[i]));
    return text(t, "%s)", made);
}

const char *values_of(struct transcript *t, cuvee_session *session, cuvee_rows *rows)
{
    const char *made = "";
    const cuvee_value *values;
    while ((values = cuvee_next_values(rows)))
        made = text(t, "%s%s%s", made, made[0] ? " " : "", row(t, values, cuvee_rows_width(rows)));
    cuvee_rows_close(rows);
    return or_fault(t, session, made[0] ? made : "no rows");
}

/* ---- sessions ---- */

cuvee_session *open_session(const struct transcript *t)
{
    cuvee_session *session = cuvee_session_open(t->blend);
    assert_good(session);
    return session;
}

void assert_good(const cuvee_session *session)
{
    const cuvee_error *error = cuvee_session_error(session);
    if (error->kind)
        fail_msg("%s %s: %s", cuvee_error_kind_name(error->kind), error->sqlstate, error->message);
}

void commit_and_close(cuvee_session *session)
{
    cuvee_outcome end = cuvee_commit(session);
    assert_good(session);
    assert_int_equal(end, CUVEE_COMMITTED);
    cuvee_session_close(session);
}

void someone_runs(const struct transcript *t, const char *sql)
{
    cuvee_session *session = open_session(t);
    cuvee_sql_execute(session, &conformance_base, sql, NULL, 0);
    commit_and_close(session);
}
