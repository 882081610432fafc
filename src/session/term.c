/* What queries are built of: fields by name and values of their kinds, and what is said when they are neither. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/row.h"
#include "session/state.h"
#include "session/term.h"

bool cv_query_good(const cuvee_query *query)
{
    return query && cv_session_good(query->session);
}

void cv_query_record(cuvee_query *query, const char *field, const char *format, ...)
{
    char message[sizeof query->session->error.message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    cuvee_error *error = &query->session->error;
    if (error->kind)
        return;
    const char *model = query->select.plan->model->name;
    if (field)
        cv_error_set(error, CUVEE_ERROR_MISUSE, "%s.%s: %s", model, field, message);
    else
        cv_error_set(error, CUVEE_ERROR_MISUSE, "%s: %s", model, message);
    cv_error_text(error->model, sizeof error->model, model);
    cv_error_text(error->fields, sizeof error->fields, field ? field : "");
}

/* The source that "Model." in front of a field's name means; the query's own without it. */
static bool find_source(cuvee_query *query, const char *name, size_t *source, const char **field)
{
    const char *dot = strchr(name, '.');
    *source = 0;
    *field = dot ? dot + 1 : name;
    if (!dot)
        return true;
    size_t size = (size_t)(dot - name);
    for (*source = 0; *source <= query->select.join_count; ++*source) {
        const char *model = cv_select_source(&query->select, *source)->model->name;
        if (strlen(model) == size && strncmp(model, name, size) == 0)
            return true;
    }
    return cv_query_misuse_field(query, name, "it names a model that is not joined");
}

bool cv_query_field(cuvee_query *query, const char *name, cv_ref *ref)
{
    size_t source;
    const char *field;
    if (!name)
        return cv_query_misuse(query, "the field's name is NULL");
    if (!find_source(query, name, &source, &field))
        return false;
    const struct cv_plan *plan = cv_select_source(&query->select, source);
    size_t index = cv_plan_find(plan, field);
    if (index == plan->count)
        return cv_query_misuse_field(query, name, "there is no such field in %s", plan->model->name);
    *ref = cv_ref_make(source, index);
    return true;
}

/* Engines differ in what a pattern means that ends in the middle of an escape. */
static bool is_pattern(cuvee_query *query, const struct cv_field *field, const cuvee_value *value)
{
    if (field->kind != CUVEE_TEXT || value->kind != CUVEE_TEXT)
        return cv_query_misuse_field(query, field->name, "like compares text with text");
    size_t escapes = 0;
    while (escapes < value->as.text.size && value->as.text.data[value->as.text.size - 1 - escapes] == '\\')
        escapes++;
    if (escapes % 2 == 1)
        return cv_query_misuse_field(query, field->name, "the pattern ends with a backslash that escapes nothing");
    return true;
}

bool cv_query_value(cuvee_query *query, cv_ref ref, cuvee_comparison comparison, cuvee_value *value)
{
    cuvee_session *session = query->session;
    const struct cv_plan *plan = cv_select_source(&query->select, cv_ref_source(ref));
    const struct cv_field *field = &plan->fields[cv_ref_field(ref)];
    if (!value->kind)
        return cv_query_misuse_field(query, field->name,
                                     "it is compared with NULL, which is never true; use cuvee_is_null");
    if ((comparison == CUVEE_LIKE || comparison == CUVEE_ILIKE) && !is_pattern(query, field, value))
        return false;
    if (cv_row_fits(plan, field, value, &session->arena, &session->error))
        return cv_session_own(session, value); /* the caller's text may be gone when the query runs */
    if (session->error.kind != CUVEE_ERROR_MEMORY)
        session->error.kind = CUVEE_ERROR_MISUSE;
    return false;
}
