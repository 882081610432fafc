/* Explaining an error: the driver knows tables and columns, the caller knows models and fields. */
#include <stdio.h>
#include <string.h>

#include "session/state.h"

static const char *field_of_column(const struct cv_plan *plan, const char *column, size_t size)
{
    for (size_t i = 0; i < plan->count; i++)
        if (strlen(plan->fields[i].column) == size && strncmp(plan->fields[i].column, column, size) == 0)
            return plan->fields[i].name;
    return NULL;
}

/* "first_name, tenant" in columns becomes the same in fields; a name that is no column of the model stays as it is. */
static void rename_columns(const struct cv_plan *plan, char *names, size_t names_size)
{
    struct cv_buffer fields;
    cv_buffer_init(&fields, names_size);
    for (const char *rest = names; *rest;) {
        size_t size = strcspn(rest, ",");
        const char *field = field_of_column(plan, rest, size);
        cv_buffer_put(&fields, fields.size ? ", " : "");
        if (field)
            cv_buffer_put(&fields, field);
        else
            cv_buffer_bytes(&fields, rest, size);
        rest += size;
        rest += strspn(rest, ", ");
    }
    const char *text = cv_buffer_text(&fields);
    if (text)
        cv_error_text(names, names_size, text);
    cv_buffer_free(&fields);
}

bool cv_session_name_pool(cuvee_session *session, const struct cv_pool *pool)
{
    if (session->error.kind && !session->error.database[0])
        cv_error_text(session->error.database, sizeof session->error.database, cv_pool_name(pool));
    return false;
}

/* What to do, where neither the engine nor the model's rules say. */
static const char *hint_for(cuvee_error_kind kind)
{
    switch (kind) {
    case CUVEE_ERROR_UNIQUE: return "Give it another value, or change the row that is there; cuvee_upsert does either.";
    case CUVEE_ERROR_FOREIGN_KEY:
        return "Add the row that is referred to first; delete the rows that refer to one before it.";
    case CUVEE_ERROR_NOT_NULL: return "Give the field a value, or in the model a .fallback.";
    case CUVEE_ERROR_SCHEMA: return "Compare the table with the model: cuvee_create_tables tells what does not fit.";
    default: return "";
    }
}

/* The same sentence on every engine, instead of a key's name or a column's. */
static void tell_unique(const struct cv_plan *plan, cuvee_error *error)
{
    char message[sizeof error->message];
    if (error->kind != CUVEE_ERROR_UNIQUE || !error->fields[0])
        return;
    snprintf(message, sizeof message, "there is another %s with the same %s already", plan->model->name, error->fields);
    cv_error_text(error->message, sizeof error->message, message);
}

void cv_session_explain(cuvee_session *session, const struct cv_route *route)
{
    cuvee_error *error = &session->error;
    const struct cv_plan *plan = route->plan;
    if (error->kind == CUVEE_ERROR_NONE)
        return;
    if (!error->database[0])
        cv_error_text(error->database, sizeof error->database, route->base->name);
    if (!error->hint[0])
        cv_error_text(error->hint, sizeof error->hint, hint_for(error->kind));
    if (strcmp(error->model, plan->model->name) == 0)
        return; /* explained already */
    bool own_table = !error->model[0] || strcmp(error->model, plan->model->table) == 0;
    if (own_table) {
        cv_error_text(error->model, sizeof error->model, plan->model->name);
        rename_columns(plan, error->fields, sizeof error->fields);
        tell_unique(plan, error);
    } else if (error->kind == CUVEE_ERROR_FOREIGN_KEY) {
        /* The row is still referred to; some engines name who does it. */
        cv_error_text(error->model, sizeof error->model, plan->model->name);
        error->fields[0] = '\0';
    }
}
