/* Explaining an error: the driver knows tables and columns, the caller knows models and fields. */
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

void cv_session_explain(cuvee_session *session, const struct cv_route *route)
{
    cuvee_error *error = &session->error;
    const struct cv_plan *plan = route->plan;
    if (error->kind == CUVEE_ERROR_NONE)
        return;
    if (!error->database[0])
        cv_error_text(error->database, sizeof error->database, route->base->name);
    if (strcmp(error->model, plan->model->name) == 0)
        return; /* explained already */
    bool own_table = !error->model[0] || strcmp(error->model, plan->model->table) == 0;
    if (own_table) {
        cv_error_text(error->model, sizeof error->model, plan->model->name);
        rename_columns(plan, error->fields, sizeof error->fields);
    } else if (error->kind ==
               CUVEE_ERROR_FOREIGN_KEY) { /* the row is still referred to; some engines name who does it */
        cv_error_text(error->model, sizeof error->model, plan->model->name);
        error->fields[0] = '\0';
    }
}
