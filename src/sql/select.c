/* SELECT. */
#include "sql/sql.h"
#include "sql/shape.h"

const struct cv_plan *cv_select_source(const struct cv_select *select, size_t source)
{
    return source == 0 ? select->plan : select->joins[source - 1].plan;
}

const struct cv_field *cv_select_field(const struct cv_select *select, cv_ref ref)
{
    return &cv_select_source(select, cv_ref_source(ref))->fields[cv_ref_field(ref)];
}

size_t cv_select_width(const struct cv_select *select)
{
    if (select->exists || select->counts)
        return 1;
    return select->pick_count ? select->pick_count : select->plan->count;
}

cuvee_kind cv_pick_kind(const struct cv_select *select, const struct cv_pick *pick)
{
    if (pick->aggregate == CUVEE_COUNT)
        return CUVEE_INT64;
    cuvee_kind kind = cv_select_field(select, pick->ref)->kind;
    if (pick->aggregate == CUVEE_AVG)
        return CUVEE_DOUBLE;
    return pick->aggregate == CUVEE_SUM && kind == CUVEE_INT32 ? CUVEE_INT64 : kind;
}

static void pick_shape(const struct cv_pick *pick, struct cv_buffer *shape)
{
    cv_shape_number(shape, (size_t)pick->ref << 8 | (size_t)pick->aggregate << 1 | pick->all_rows);
}

void cv_select_shape(const struct cv_select *select, struct cv_buffer *shape)
{
    unsigned flags = (select->limited ? 1u : 0) | (select->skips ? 2u : 0) | (select->unordered ? 4u : 0) |
                     (select->distinct ? 8u : 0) | (select->exists ? 16u : 0) | (select->lock ? 32u : 0) |
                     (select->counts ? 64u : 0);
    cv_shape_head(shape, CV_SHAPE_SELECT, select->plan, flags);
    const size_t counts[] = {select->order_count, select->pick_count, select->join_count, select->group_count,
                             select->having_count};
    cv_buffer_bytes(shape, (const char *)counts, sizeof counts);
    for (size_t i = 0; i < select->order_count; i++)
        cv_shape_number(shape, (size_t)select->orders[i].ref << 2 | (size_t)select->orders[i].descending << 1 |
                                   select->orders[i].nulls_first);
    for (size_t i = 0; i < select->join_count; i++) {
        const struct cv_join *join = &select->joins[i];
        cv_shape_number(shape, (size_t)(uintptr_t)join->plan);
        cv_shape_number(shape, join->equals);
        cv_shape_number(shape, (uint64_t)join->on << 1 | join->outer);
    }
    for (size_t i = 0; i < select->pick_count; i++)
        pick_shape(&select->picks[i], shape);
    for (size_t i = 0; i < select->group_count; i++)
        cv_shape_number(shape, select->groups[i]);
    for (size_t i = 0; i < select->having_count; i++) {
        pick_shape(&select->havings[i].pick, shape);
        cv_shape_number(shape, (size_t)select->havings[i].comparison);
    }
    cv_where_shape(select->where, shape);
}

static void write_pick(const struct cv_select *select, const struct cv_pick *pick, struct cv_sql *sql)
{
    if (pick->all_rows) {
        cv_sql_put(sql, "COUNT(*)");
        return;
    }
    if (!pick->aggregate) {
        cv_ref_text(select, pick->ref, sql);
        return;
    }
    struct cv_sql column;
    cv_sql_init(&column, sql->dialect);
    cv_ref_text(select, pick->ref, &column);
    const char *text = cv_buffer_text(&column.text);
    if (text)
        sql->dialect->aggregate(&sql->text, pick->aggregate, text, cv_select_field(select, pick->ref)->kind);
    else
        sql->text.failed = CV_BUFFER_NO_MEMORY;
    cv_sql_free(&column);
}

static void write_columns(const struct cv_select *select, struct cv_sql *sql)
{
    size_t count = select->pick_count ? select->pick_count : select->plan->count;
    for (size_t i = 0; i < count; i++) {
        struct cv_pick whole = {.ref = cv_ref_make(0, i)};
        const struct cv_pick *pick = select->pick_count ? &select->picks[i] : &whole;
        cv_sql_put(sql, i > 0 ? ", " : "");
        if (select->pick_count || select->distinct)
            write_pick(select, pick, sql);
        else
            cv_ref_name(select, whole.ref, sql);
        cv_buffer_char(&sql->columns, (char)cv_pick_kind(select, pick));
        if (select->counts) /* two columns of a derived table may not have one name */
            cv_buffer_format(&sql->text, " AS c%zu", i);
    }
}

/* Where NULLs stand is said only where the engine would put them elsewhere by itself. */
static void write_order(const struct cv_select *select, const struct cv_order *order, struct cv_sql *sql)
{
    const struct cv_dialect *dialect = sql->dialect;
    bool outer = cv_ref_source(order->ref) > 0 && select->joins[cv_ref_source(order->ref) - 1].outer;
    bool by_itself = dialect->nulls_first != order->descending;
    bool told = (cv_select_field(select, order->ref)->nullable || outer) && by_itself != order->nulls_first;
    if (told && !dialect->nulls_order) {
        cv_ref_text(select, order->ref, sql);
        cv_sql_put(sql, order->nulls_first ? " IS NULL DESC, " : " IS NULL, ");
    }
    cv_ref_text(select, order->ref, sql);
    cv_sql_put(sql, order->descending ? " DESC" : "");
    if (told && dialect->nulls_order)
        cv_sql_put(sql, order->nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

static void write_orders(const struct cv_select *select, struct cv_sql *sql)
{
    const struct cv_plan *plan = select->plan;
    bool by_key = select->order_count == 0 && select->pick_count == 0;
    for (size_t i = 0; i < select->order_count; i++) {
        cv_sql_put(sql, i > 0 ? ", " : " ORDER BY ");
        write_order(select, &select->orders[i], sql);
    }
    for (size_t i = 0; by_key && i < plan->key_count; i++) {
        struct cv_order order = {.ref = cv_ref_make(0, plan->keys[i])};
        cv_sql_put(sql, i > 0 ? ", " : " ORDER BY ");
        write_order(select, &order, sql);
    }
}

static void write_table(const struct cv_select *select, size_t source, struct cv_sql *sql)
{
    cv_sql_name(sql, cv_select_source(select, source)->model->table);
    if (select->join_count > 0)
        cv_buffer_format(&sql->text, " AS t%zu", source);
}

static void write_sources(const struct cv_select *select, struct cv_sql *sql)
{
    cv_sql_put(sql, " FROM ");
    write_table(select, 0, sql);
    for (size_t i = 0; i < select->join_count; i++) {
        const struct cv_join *join = &select->joins[i];
        cv_sql_put(sql, join->outer ? " LEFT JOIN " : " JOIN ");
        write_table(select, i + 1, sql);
        cv_sql_put(sql, " ON ");
        cv_ref_text(select, cv_ref_make(i + 1, join->on), sql);
        cv_sql_put(sql, " = ");
        cv_ref_text(select, join->equals, sql);
    }
    if (select->where) {
        cv_sql_put(sql, " WHERE ");
        cv_where_text(select, select->where, sql);
    }
}

static void write_groups(const struct cv_select *select, struct cv_sql *sql)
{
    for (size_t i = 0; i < select->group_count; i++) {
        cv_sql_put(sql, i > 0 ? ", " : " GROUP BY ");
        cv_ref_text(select, select->groups[i], sql);
    }
    for (size_t i = 0; i < select->having_count; i++) {
        const struct cv_having *having = &select->havings[i];
        cv_sql_put(sql, i > 0 ? " AND " : " HAVING ");
        write_pick(select, &having->pick, sql);
        cv_sql_put(sql, cv_comparison_sign(having->comparison));
        cv_sql_compared(sql, cv_pick_kind(select, &having->pick));
    }
}

/* The columns, with whatever stands in front of them. */
static void write_head(const struct cv_select *select, struct cv_sql *sql)
{
    size_t columns = sql->columns.size;
    cv_sql_put(sql, select->counts ? "SELECT COUNT(*) FROM (" : "");
    cv_sql_put(sql, select->distinct ? "SELECT DISTINCT " : "SELECT ");
    if (select->exists)
        cv_sql_put(sql, "1");
    else
        write_columns(select, sql);
    if (!select->exists && !select->counts)
        return;
    sql->columns.size = columns;
    cv_buffer_char(&sql->columns, (char)CUVEE_INT64);
}

void cv_select_text(const struct cv_select *select, struct cv_sql *sql)
{
    write_head(select, sql);
    write_sources(select, sql);
    write_groups(select, sql);
    if (select->exists || select->counts) {
        cv_sql_put(sql, select->exists ? " LIMIT 1" : ") AS counted");
        return;
    }
    if (!select->unordered)
        write_orders(select, sql);
    if (select->limited || select->skips) {
        cv_sql_put(sql, " LIMIT ");
        cv_sql_param(sql, CUVEE_INT64);
    }
    if (select->skips) {
        cv_sql_put(sql, " OFFSET ");
        cv_sql_param(sql, CUVEE_INT64);
    }
    if (select->lock)
        cv_sql_put(sql, sql->dialect->row_lock);
}

void cv_select_params(const struct cv_select *select, struct cv_buffer *params)
{
    cv_where_params(select->where, params);
    for (size_t i = 0; i < select->having_count; i++)
        cv_push_value(params, &select->havings[i].value);
    if (select->exists || select->counts)
        return;
    uint64_t limit = select->limited && select->limit < INT64_MAX ? select->limit : INT64_MAX;
    uint64_t offset = select->offset < INT64_MAX ? select->offset : INT64_MAX;
    cuvee_value values[] = {cuvee_int_value((int64_t)limit), cuvee_int_value((int64_t)offset)};
    if (select->limited || select->skips)
        cv_push_value(params, &values[0]);
    if (select->skips)
        cv_push_value(params, &values[1]);
}
