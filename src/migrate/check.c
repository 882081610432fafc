#include "migrate/check.h"

#include <string.h>

#include "base/error.h"

static const struct cv_column *column_of(const struct cv_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

/* What is wrong with a column, and what can be done about it. */
struct fault {
    const char *what; /* stands behind "column NAME of table NAME " */
    const char *hint;
};

static bool find_fault(const struct cv_dialect *dialect, const struct cv_field *field, const struct cv_column *column,
                       bool writes, struct fault *fault)
{
    bool key = field->declared->key; /* engines differ in whether they call it nullable */
    if (!column)
        *fault = (struct fault){"is not there", "add the column, or name the right one with .column"};
    else if (!dialect->holds(column, field->kind))
        *fault = (struct fault){"is of another kind", "change the column's type, or the type of the struct's member"};
    else if (writes && field->auto_key && column->key != 1)
        *fault = (struct fault){"is not the primary key", "make it the primary key, or give the key with .by_caller"};
    else if (writes && !key && field->nullable && !column->nullable)
        *fault = (struct fault){"takes no NULL", "let the column take NULL, or make the member one that is always set"};
    else if (writes && !key && !field->nullable && column->nullable)
        *fault = (struct fault){"takes NULL", "declare the column NOT NULL, or make the member a cuvee_opt_…"};
    else
        return false;
    return true;
}

static bool check_columns(const struct cv_dialect *dialect, const struct cv_plan *plan, const struct cv_table *table,
                          bool writes, cuvee_error *error)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        const struct cv_column *column = column_of(table, field->column);
        struct fault fault;
        if (!find_fault(dialect, field, column, writes, &fault))
            continue;
        cv_error_set(error, CUVEE_ERROR_SCHEMA, "column %s of table %s, which field %s of model %s needs, %s%s%s%s",
                     field->column, plan->model->table, field->name, plan->model->name, fault.what, column ? " (" : "",
                     column ? column->type : "", column ? ")" : "");
        cv_error_text(error->fields, sizeof error->fields, field->name);
        cv_error_text(error->hint, sizeof error->hint, fault.hint);
        return false;
    }
    return true;
}

bool cv_table_check(struct cv_connection *connection, const struct cv_plan *plan, bool writes, cuvee_error *error)
{
    struct cv_arena arena;
    struct cv_table table;
    cv_arena_init(&arena, 0);
    bool good = connection->driver->describe(connection, plan->model->table, &arena, &table, error);
    if (good && !table.exists) {
        good = cv_error_set(error, CUVEE_ERROR_SCHEMA, "there is no table %s, which model %s needs", plan->model->table,
                            plan->model->name);
        cv_error_text(error->hint, sizeof error->hint, "make it through a binding that is not read-only");
    }
    good = good && check_columns(connection->driver->dialect, plan, &table, writes, error);
    cv_arena_free(&arena);
    return good;
}
