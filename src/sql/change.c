/* INSERT, UPDATE and DELETE of single rows, and UPDATE and DELETE by filter. */
#include <string.h>

#include "sql/sql.h"
#include "sql/shape.h"

void cv_fields_add(struct cv_field_set *set, size_t field)
{
    set->bits[field / 64] |= (uint64_t)1 << (field % 64);
}

bool cv_fields_has(const struct cv_field_set *set, size_t field)
{
    return set->bits[field / 64] >> (field % 64) & 1;
}

bool cv_fields_equal(const struct cv_field_set *a, const struct cv_field_set *b)
{
    return memcmp(a->bits, b->bits, sizeof a->bits) == 0;
}

void cv_change_shape(const struct cv_change *change, struct cv_buffer *shape)
{
    cv_shape_head(shape, CV_SHAPE_CHANGE, change->plan, (unsigned)change->kind);
    if (change->kind == CV_UPDATE)
        cv_buffer_bytes(shape, (const char *)change->fields.bits, (change->plan->count + 63) / 64 * sizeof(uint64_t));
}

/* ---- lists of fields ---- */

typedef void (*field_writer)(const struct cv_field *field, struct cv_sql *sql);

static void write_name(const struct cv_field *field, struct cv_sql *sql)
{
    cv_sql_name(sql, field->column);
}

static void write_param(const struct cv_field *field, struct cv_sql *sql)
{
    cv_sql_param(sql, field->kind);
}

static void write_equal(const struct cv_field *field, struct cv_sql *sql)
{
    write_name(field, sql);
    cv_sql_put(sql, " = ");
    write_param(field, sql);
}

static void write_excluded(const struct cv_field *field, struct cv_sql *sql)
{
    write_name(field, sql);
    cv_sql_put(sql, " = excluded.");
    write_name(field, sql);
}

static void write_values(const struct cv_field *field, struct cv_sql *sql)
{
    write_name(field, sql);
    cv_sql_put(sql, " = VALUES(");
    write_name(field, sql);
    cv_sql_put(sql, ")");
}

/* Each field of the set, with commas between them. */
static void write_list(const struct cv_plan *plan, const struct cv_field_set *set, field_writer write,
                       struct cv_sql *sql)
{
    const char *separator = "";
    for (size_t i = 0; i < plan->count; i++) {
        if (!cv_fields_has(set, i))
            continue;
        cv_sql_put(sql, separator);
        write(&plan->fields[i], sql);
        separator = ", ";
    }
}

/* ---- rows ---- */

static void write_insert(const struct cv_plan *plan, struct cv_sql *sql)
{
    struct cv_field_set given = {{0}};
    cv_sql_put(sql, "INSERT INTO ");
    cv_sql_name(sql, plan->model->table);
    if (plan->auto_key && plan->count == 1) {
        cv_sql_put(sql, sql->dialect->no_values);
        return;
    }
    for (size_t i = 0; i < plan->count; i++)
        if (!plan->fields[i].auto_key)
            cv_fields_add(&given, i);
    cv_sql_put(sql, " (");
    write_list(plan, &given, write_name, sql);
    cv_sql_put(sql, ") VALUES (");
    write_list(plan, &given, write_param, sql);
    cv_sql_put(sql, ")");
}

static void write_new_key(const struct cv_plan *plan, struct cv_sql *sql)
{
    if (plan->auto_key && sql->dialect->id_by_returning) {
        cv_sql_put(sql, " RETURNING ");
        cv_sql_name(sql, plan->fields[plan->keys[0]].column);
        cv_buffer_char(&sql->columns, (char)plan->fields[plan->keys[0]].kind);
    }
}

static void write_this_row(const struct cv_plan *plan, struct cv_sql *sql)
{
    for (size_t i = 0; i < plan->key_count; i++) {
        cv_sql_put(sql, i > 0 ? " AND " : " WHERE ");
        write_equal(&plan->fields[plan->keys[i]], sql);
    }
    if (plan->version < plan->count) {
        cv_sql_put(sql, " AND ");
        write_equal(&plan->fields[plan->version], sql);
    }
}

void cv_change_text(const struct cv_change *change, struct cv_sql *sql)
{
    const struct cv_plan *plan = change->plan;
    if (change->kind == CV_INSERT) {
        write_insert(plan, sql);
        write_new_key(plan, sql);
        return;
    }
    cv_sql_put(sql, change->kind == CV_UPDATE ? "UPDATE " : "DELETE FROM ");
    cv_sql_name(sql, plan->model->table);
    if (change->kind == CV_UPDATE) {
        cv_sql_put(sql, " SET ");
        write_list(plan, &change->fields, write_equal, sql);
    }
    write_this_row(plan, sql);
}

/* ", version = version + 1": every update of a row raises it. `table`: the column is ambiguous without it. */
static void write_raised_version(const struct cv_plan *plan, bool with_table, struct cv_sql *sql)
{
    if (plan->version >= plan->count)
        return;
    const char *column = plan->fields[plan->version].column;
    cv_sql_put(sql, ", ");
    cv_sql_name(sql, column);
    cv_sql_put(sql, " = ");
    if (with_table) {
        cv_sql_name(sql, plan->model->table);
        cv_sql_put(sql, ".");
    }
    cv_sql_name(sql, column);
    cv_sql_put(sql, " + 1");
}

void cv_upsert_shape(const struct cv_upsert *upsert, struct cv_buffer *shape)
{
    size_t size = (upsert->plan->count + 63) / 64 * sizeof(uint64_t);
    cv_shape_head(shape, CV_SHAPE_UPSERT, upsert->plan, 0);
    cv_buffer_bytes(shape, (const char *)upsert->conflict.bits, size);
    cv_buffer_bytes(shape, (const char *)upsert->update.bits, size);
}

/* ON CONFLICT (a, b) DO UPDATE SET c = excluded.c */
static void write_on_conflict(const struct cv_upsert *upsert, struct cv_sql *sql)
{
    cv_sql_put(sql, " ON CONFLICT (");
    write_list(upsert->plan, &upsert->conflict, write_name, sql);
    cv_sql_put(sql, ") DO UPDATE SET ");
    write_list(upsert->plan, &upsert->update, write_excluded, sql);
}

/* ON DUPLICATE KEY UPDATE c = VALUES(c): the engine finds the conflict by any unique index. */
static void write_on_duplicate(const struct cv_upsert *upsert, struct cv_sql *sql)
{
    cv_sql_put(sql, " ON DUPLICATE KEY UPDATE ");
    write_list(upsert->plan, &upsert->update, write_values, sql);
}

void cv_upsert_text(const struct cv_upsert *upsert, struct cv_sql *sql)
{
    write_insert(upsert->plan, sql);
    if (sql->dialect->on_duplicate_key)
        write_on_duplicate(upsert, sql);
    else
        write_on_conflict(upsert, sql);
    write_raised_version(upsert->plan, true, sql);
}

void cv_mass_shape(const struct cv_mass *mass, struct cv_buffer *shape)
{
    cv_shape_head(shape, CV_SHAPE_MASS, mass->plan, (unsigned)mass->kind);
    cv_shape_number(shape, mass->field_count);
    for (size_t i = 0; i < mass->field_count; i++)
        cv_shape_number(shape, mass->fields[i]);
    cv_where_shape(mass->where, shape);
}

static bool has_sub_select(const cuvee_expr *expr)
{
    if (!expr)
        return false;
    return expr->kind == CV_EXPR_IN_SELECT || has_sub_select(expr->left) || has_sub_select(expr->right);
}

/* "(a, b)": the key's columns, as a row value where there are several. */
static void write_key(const struct cv_plan *plan, const char *open, const char *close, struct cv_sql *sql)
{
    cv_sql_put(sql, plan->key_count > 1 ? open : "");
    for (size_t i = 0; i < plan->key_count; i++) {
        cv_sql_put(sql, i > 0 ? ", " : "");
        cv_sql_name(sql, plan->fields[plan->keys[i]].column);
    }
    cv_sql_put(sql, plan->key_count > 1 ? close : "");
}

/* WHERE key IN (SELECT key FROM the same table …: all rows are found before the first goes. */
static void write_rows_first(const struct cv_plan *plan, struct cv_sql *sql)
{
    cv_sql_put(sql, " WHERE ");
    write_key(plan, "(", ")", sql);
    cv_sql_put(sql, " IN (SELECT ");
    write_key(plan, "", "", sql);
    cv_sql_put(sql, " FROM ");
    cv_sql_name(sql, plan->model->table);
}

void cv_mass_text(const struct cv_mass *mass, struct cv_sql *sql)
{
    cv_sql_put(sql, mass->kind == CV_UPDATE ? "UPDATE " : "DELETE FROM ");
    cv_sql_name(sql, mass->plan->model->table);
    for (size_t i = 0; i < mass->field_count; i++) {
        cv_sql_put(sql, i > 0 ? ", " : " SET ");
        write_equal(&mass->plan->fields[mass->fields[i]], sql);
    }
    if (mass->kind == CV_UPDATE)
        write_raised_version(mass->plan, false, sql);
    if (!mass->where)
        return;
    struct cv_select own = {.plan = mass->plan};
    bool rows_first = mass->kind == CV_DELETE && sql->dialect->delete_by_key && has_sub_select(mass->where);
    if (rows_first)
        write_rows_first(mass->plan, sql);
    cv_sql_put(sql, " WHERE ");
    cv_where_text(&own, mass->where, sql);
    cv_sql_put(sql, rows_first ? ")" : "");
}

void cv_mass_params(const struct cv_mass *mass, struct cv_buffer *params)
{
    cv_buffer_bytes(params, (const char *)mass->values, mass->field_count * sizeof *mass->values);
    cv_where_params(mass->where, params);
}
