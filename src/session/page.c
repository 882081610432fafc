/*
 * Keyset pages: the rows after one that was seen.
 *
 * For sort keys a, b, c and a last row with values x, y, z that is
 *     a > x  OR  (a = x AND b > y)  OR  (a = x AND b = y AND c > z)
 * with < for descending keys, and with NULLs as values of their own at the end where they stand.
 */
#include "model/row.h"
#include "session/objects.h"
#include "session/query.h"
#include "session/state.h"

static bool orders_by(const struct cv_select *select, size_t field)
{
    for (size_t i = 0; i < select->order_count; i++)
        if (select->orders[i].ref == cv_ref_make(0, field))
            return true;
    return false;
}

/* Pages need an order in which no two rows are equal: the key closes it. */
static void close_order(cuvee_query *query)
{
    const struct cv_plan *plan = query->select.plan;
    for (size_t i = 0; i < plan->key_count; i++)
        if (!orders_by(&query->select, plan->keys[i]))
            cuvee_order_by(query, plan->fields[plan->keys[i]].name, CUVEE_ASCENDING);
}

static const cuvee_expr *comes_after(cuvee_query *query, const struct cv_order *order, const struct cv_field *field,
                                     cuvee_value value)
{
    if (!value.kind)
        return order->nulls_first ? cuvee_not(query, cuvee_is_null(query, field->name)) : cv_query_never(query);
    const cuvee_expr *beyond = cuvee_compare(query, field->name, order->descending ? CUVEE_LT : CUVEE_GT, value);
    if (!field->nullable || order->nulls_first)
        return beyond;
    return cuvee_or(query, beyond, cuvee_is_null(query, field->name));
}

/* Whether the row may be one of the query's model: of a struct that is no object of the session nobody knows. */
static bool may_follow(cuvee_query *query, const void *last)
{
    struct cv_place_of place;
    if (query->select.pick_count > 0 || query->select.join_count > 0)
        return cv_query_misuse(query, "cuvee_after takes a query without joins and picks");
    if (last && cv_object_find(query->session, last, &place) && place.slab->home != query->home)
        return cv_query_misuse(query, "cuvee_after got a %s", place.slab->home->route->plan->model->name);
    return true;
}

void cuvee_after(cuvee_query *query, const void *last)
{
    if (!cv_query_good(query) || !may_follow(query, last))
        return;
    close_order(query);
    if (!last)
        return;
    const cuvee_expr *after = NULL, *equal = NULL;
    for (size_t i = 0; cv_query_good(query) && i < query->select.order_count; i++) {
        const struct cv_order *order = &query->select.orders[i];
        const struct cv_field *field = cv_select_field(&query->select, order->ref);
        cuvee_value value = cv_row_get(field, last);
        const cuvee_expr *here = comes_after(query, order, field, value);
        const cuvee_expr *step = equal ? cuvee_and(query, equal, here) : here;
        const cuvee_expr *same = cuvee_compare(query, field->name, CUVEE_EQ, value);
        after = after ? cuvee_or(query, after, step) : step;
        equal = equal ? cuvee_and(query, equal, same) : same;
    }
    if (cv_query_good(query))
        cuvee_where(query, after);
}
