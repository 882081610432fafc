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

static const char *what_is_lost(const struct cv_dialect *dialect, const struct cv_field *field,
                                const struct cv_column *column)
{
    const struct cv_column_need need = {.kind = field->kind,
                                        .min_length = field->declared->min_length,
                                        .max_length = field->declared->max_length,
                                        .places = field->declared->places};
    return dialect->loses ? dialect->loses(column, &need) : NULL;
}

static bool find_fault(const struct cv_dialect *dialect, const struct cv_field *field, const struct cv_column *column,
                       bool writes, struct fault *fault)
{
    bool key = field->declared->key; /* engines differ in whether they call it nullable */
    const char *loss = NULL;
    if (!column)
        *fault = (struct fault){"is not there", "add the column, or name the right one with .column"};
    else if (!dialect->holds(column, field->kind))
        *fault = (struct fault){"is of another kind", "change the column's type, or the type of the struct's member"};
    else if (writes && (loss = what_is_lost(dialect, field, column)) != NULL)
        *fault = (struct fault){
            loss, "give the column a type that keeps all that the member can be, say what the member cannot be "
                  "(.places, .max_length), or bind it read-only"};
    else if (writes && field->auto_key && column->key != 1)
        *fault = (struct fault){"is not the primary key", "make it the primary key, or give the key with .by_caller"};
    else if (writes && field->auto_key && !column->filled)
        *fault = (struct fault){"is given no number by the database",
                                "let the database number it, or give the key with .by_caller"};
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

/* ---- columns that no field gives a value ---- */

static bool has_field(const struct cv_plan *plan, const struct cv_column *column)
{
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->fields[i].column, column->name) == 0)
            return true;
    return false;
}

static bool check_others(const struct cv_plan *plan, const struct cv_table *table, cuvee_error *error)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct cv_column *column = &table->columns[i];
        if (column->nullable || column->filled || has_field(plan, column))
            continue;
        cv_error_set(
            error, CUVEE_ERROR_SCHEMA,
            "column %s of table %s takes no NULL and has no default, and no field of model %s gives it a value",
            column->name, plan->model->table, plan->model->name);
        cv_error_text(error->hint, sizeof error->hint, "give the column a default, or the model a field for it");
        return false;
    }
    return true;
}

/* ---- what must be unique ---- */

static bool among(const struct cv_plan *plan, const size_t *fields, size_t count, const char *column)
{
    for (size_t i = 0; column && i < count; i++)
        if (strcmp(plan->fields[fields[i]].column, column) == 0)
            return true;
    return false;
}

static bool is_primary_key(const struct cv_plan *plan, const size_t *fields, size_t count, const struct cv_table *table)
{
    size_t keys = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (table->columns[i].key == 0)
            continue;
        if (!among(plan, fields, count, table->columns[i].name))
            return false;
        keys++;
    }
    return keys == count;
}

static bool is_index(const struct cv_plan *plan, const size_t *fields, size_t count,
                     const struct cv_unique_index *index)
{
    for (size_t i = 0; i < index->count; i++)
        if (!among(plan, fields, count, index->columns[i]))
            return false;
    return index->count == count;
}

static bool is_unique(const struct cv_plan *plan, const size_t *fields, size_t count, const struct cv_table *table)
{
    if (is_primary_key(plan, fields, count, table))
        return true;
    const struct cv_unique_index *index = table->uniques;
    while (index && !is_index(plan, fields, count, index))
        index = index->next;
    return index != NULL;
}

/* Whether the table keeps these fields unique together; `what` says why it should. */
static bool check_unique(const struct cv_plan *plan, const size_t *fields, size_t count, const struct cv_table *table,
                         const char *what, cuvee_error *error)
{
    if (is_unique(plan, fields, count, table))
        return true;
    char names[sizeof error->fields] = "";
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(names);
        cv_error_text(names + size, sizeof names - size, i > 0 ? ", " : "");
        size = strlen(names);
        cv_error_text(names + size, sizeof names - size, plan->fields[fields[i]].name);
    }
    cv_error_set(error, CUVEE_ERROR_SCHEMA,
                 "table %s has no unique index over exactly what model %s declares to be %s: %s", plan->model->table,
                 plan->model->name, what, names);
    cv_error_text(error->fields, sizeof error->fields, names);
    cv_error_text(error->hint, sizeof error->hint, "make that index, or declare what the table really keeps unique");
    return false;
}

static bool check_uniques(const struct cv_plan *plan, const struct cv_table *table, cuvee_error *error)
{
    if (!check_unique(plan, plan->keys, plan->key_count, table, "its key", error))
        return false;
    for (size_t i = 0; i < plan->count; i++)
        if (plan->fields[i].declared->unique && !check_unique(plan, &i, 1, table, "unique", error))
            return false;
    for (size_t i = 0; i < plan->unique_count; i++)
        if (!check_unique(plan, plan->uniques[i].fields, plan->uniques[i].count, table, "unique together", error))
            return false;
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
    good = good && check_columns(connection->driver->dialect, plan, &table, writes, error) &&
           (!writes || (check_others(plan, &table, error) && check_uniques(plan, &table, error)));
    cv_arena_free(&arena);
    return good;
}
