/*
 * Whether a query makes sense as a whole. Engines differ in what they make of nonsense: SQLite gives any row's value
 * where others refuse the statement, so it is refused here.
 */
#include "session/query.h"

static bool is_grouped(const struct cv_select *select)
{
    bool grouped = select->group_count > 0 || select->having_count > 0;
    for (size_t i = 0; !grouped && i < select->pick_count; i++)
        grouped = select->picks[i].aggregate != 0;
    return grouped;
}

static bool is_group(const struct cv_select *select, cv_ref ref)
{
    for (size_t i = 0; i < select->group_count; i++)
        if (select->groups[i] == ref)
            return true;
    return false;
}

/* Whether a field is among what each row shows. */
static bool is_shown(const struct cv_select *select, cv_ref ref)
{
    if (select->pick_count == 0)
        return cv_ref_source(ref) == 0;
    for (size_t i = 0; i < select->pick_count; i++)
        if (!select->picks[i].aggregate && select->picks[i].ref == ref)
            return true;
    return false;
}

static bool refuse(cuvee_query *query, cv_ref ref, const char *reason)
{
    return cv_query_misuse_field(query, cv_select_field(&query->select, ref)->name, "%s", reason);
}

static bool groups_make_sense(cuvee_query *query)
{
    const struct cv_select *select = &query->select;
    for (size_t i = 0; i < select->pick_count; i++)
        if (!select->picks[i].aggregate && !is_group(select, select->picks[i].ref))
            return refuse(query, select->picks[i].ref, "it is picked beside groups, but not grouped by");
    for (size_t i = 0; i < select->order_count; i++)
        if (!is_group(select, select->orders[i].ref))
            return refuse(query, select->orders[i].ref, "groups are ordered by it, but it is not grouped by");
    return true;
}

static bool is_distinct_enough(cuvee_query *query)
{
    const struct cv_select *select = &query->select;
    for (size_t i = 0; i < select->order_count; i++)
        if (!is_shown(select, select->orders[i].ref))
            return refuse(query, select->orders[i].ref, "distinct rows are ordered by it, but do not show it");
    return true;
}

bool cv_query_makes_sense(cuvee_query *query)
{
    const struct cv_select *select = &query->select;
    bool grouped = is_grouped(select);
    if (grouped && select->pick_count == 0)
        return cv_query_misuse(query, "groups are no objects: pick what is wanted of them");
    if (select->lock && (grouped || select->distinct))
        return cv_query_misuse(query, "rows that are grouped or distinct cannot be locked");
    return (!grouped || groups_make_sense(query)) && (!select->distinct || is_distinct_enough(query));
}

bool cv_query_counts_rows(const cuvee_query *query)
{
    return !query->select.distinct && !is_grouped(&query->select);
}
