/* DDL: tables and indexes made from models. */
#include "sql/sql.h"

#include <string.h>

static bool is_key(const struct cv_plan *plan, size_t field)
{
    for (size_t i = 0; i < plan->key_count; i++)
        if (plan->keys[i] == field)
            return true;
    return false;
}

static bool in_unique(const struct cv_plan *plan, size_t field)
{
    for (size_t u = 0; u < plan->unique_count; u++)
        for (size_t i = 0; i < plan->uniques[u].count; i++)
            if (plan->uniques[u].fields[i] == field)
                return true;
    return false;
}

/* `other`: what the field refers to in the same database, or NULL. Some engines make an index for it. */
static void write_column(const struct cv_plan *plan, size_t i, const struct cv_plan *other, struct cv_sql *sql)
{
    const struct cv_field *field = &plan->fields[i];
    struct cv_column_need need = {
        .kind = field->kind,
        .auto_key = field->auto_key,
        .max_length = field->declared->max_length,
        .places = field->declared->places,
        .indexed = other || is_key(plan, i) || field->declared->unique || field->declared->index || in_unique(plan, i),
    };
    cv_sql_name(sql, field->column);
    cv_sql_put(sql, " ");
    sql->dialect->type(&sql->text, &need);
    if (!field->nullable && !field->auto_key)
        cv_sql_put(sql, " NOT NULL");
}

static void write_names(const struct cv_plan *plan, const size_t *fields, size_t count, struct cv_sql *sql)
{
    cv_sql_put(sql, " (");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            cv_sql_put(sql, ", ");
        cv_sql_name(sql, plan->fields[fields[i]].column);
    }
    cv_sql_put(sql, ")");
}

/*
 * The fields that refer to one row of the other model together, as many as its key has, the last of them being `last`.
 * Returns their number; 0 when more are to come.
 */
static size_t referring(const struct cv_plan *plan, const struct cv_plan *other, size_t last, size_t *fields)
{
    size_t count = 0;
    for (size_t i = 0; i <= last; i++) {
        if (plan->fields[i].declared->refers != other->model)
            continue;
        if (count == other->key_count)
            count = 0; /* those before were a group of their own */
        fields[count++] = i;
    }
    return count == other->key_count ? count : 0;
}

static void write_reference(const struct cv_plan *plan, size_t i, const struct cv_plan *other, struct cv_sql *sql)
{
    size_t fields[CV_MAX_KEYS];
    size_t count = referring(plan, other, i, fields);
    if (count == 0)
        return;
    cv_sql_put(sql, ", FOREIGN KEY");
    write_names(plan, fields, count, sql);
    cv_sql_put(sql, " REFERENCES ");
    cv_sql_name(sql, other->model->table);
    write_names(other, other->keys, other->key_count, sql);
}

static const struct cv_plan *referred(const struct cv_plan *plan, size_t i, cv_neighbour neighbour, void *arg)
{
    const cuvee_model *refers = plan->fields[i].declared->refers;
    return refers ? neighbour(arg, refers) : NULL;
}

void cv_table_text(const struct cv_plan *plan, cv_neighbour neighbour, void *arg, struct cv_sql *sql)
{
    cv_sql_put(sql, "CREATE TABLE IF NOT EXISTS ");
    cv_sql_name(sql, plan->model->table);
    cv_sql_put(sql, " (");
    for (size_t i = 0; i < plan->count; i++) {
        if (i > 0)
            cv_sql_put(sql, ", ");
        write_column(plan, i, referred(plan, i, neighbour, arg), sql);
    }
    cv_sql_put(sql, ", PRIMARY KEY");
    write_names(plan, plan->keys, plan->key_count, sql);
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_plan *other = referred(plan, i, neighbour, arg);
        if (plan->fields[i].declared->unique) {
            cv_sql_put(sql, ", UNIQUE");
            write_names(plan, &i, 1, sql);
        }
        if (other)
            write_reference(plan, i, other, sql);
    }
    for (size_t i = 0; i < plan->unique_count; i++) {
        cv_sql_put(sql, ", UNIQUE");
        write_names(plan, plan->uniques[i].fields, plan->uniques[i].count, sql);
    }
    cv_sql_put(sql, ")");
    cv_sql_put(sql, sql->dialect->table_suffix);
}

/* FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), over a text with its closing NUL. */
static uint32_t hash(uint32_t so_far, const char *text)
{
    for (;; text++) {
        so_far = (so_far ^ (uint8_t)*text) * 16777619u;
        if (!*text)
            return so_far;
    }
}

/*
 * "ix_TABLE_COLUMN" where that can be no other index of the database: with more underscores, table a_b and column c
 * would be table a and column b_c. Names that could be meant otherwise, or are longer than the engine takes, end with a
 * hash of both.
 */
static void name_index(const char *table, const char *column, unsigned max_name, struct cv_buffer *name)
{
    enum { HASH_SIZE = sizeof "_01234567" - 1 };
    cv_buffer_format(name, "ix_%s_%s", table, column);
    bool fits = max_name == 0 || name->size <= max_name;
    if (name->failed || (fits && !strchr(table, '_')))
        return;
    size_t size = max_name > 0 && name->size + HASH_SIZE > max_name ? max_name - HASH_SIZE : name->size;
    while (size < name->size && ((uint8_t)name->data[size] & 0xC0) == 0x80) /* not in the middle of a character */
        size--;
    name->size = size;
    cv_buffer_format(name, "_%08x", hash(hash(2166136261u, table), column));
}

bool cv_index_text(const struct cv_plan *plan, size_t n, struct cv_sql *sql)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (!plan->fields[i].declared->index || n-- > 0)
            continue;
        struct cv_buffer name;
        cv_buffer_init(&name, 0);
        name_index(plan->model->table, plan->fields[i].column, sql->dialect->max_name, &name);
        const char *text = cv_buffer_text(&name);
        cv_sql_put(sql, "CREATE INDEX IF NOT EXISTS ");
        cv_sql_name(sql, text ? text : "");
        cv_sql_put(sql, " ON ");
        cv_sql_name(sql, plan->model->table);
        write_names(plan, &i, 1, sql);
        if (!text)
            sql->text.failed = CV_BUFFER_NO_MEMORY;
        cv_buffer_free(&name);
        return true;
    }
    return false;
}
