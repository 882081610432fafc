/* Queries that give objects. */
#include "session/ask.h"
#include "session/load.h"
#include "session/query.h"
#include "session/relation.h"

/* Runs the query for at most `most` rows. An empty list on error. */
static cuvee_list load(cuvee_query *query, size_t most)
{
    if (cv_query_good(query) && query->select.pick_count > 0)
        cv_query_misuse(query, "a query with picks gives values: run it with cuvee_rows_open and cuvee_next_values");
    struct cv_cursor *cursor = cv_cursor_open(query);
    if (!cursor)
        return (cuvee_list){NULL, 0};
    struct cv_objects objects = {.session = query->session};
    const cuvee_value *cells;
    while (objects.count < most && (cells = cv_cursor_next(cursor)) != NULL)
        if (!cv_objects_add(&objects, cv_object_load(query->session, query->home, cells, query->select.lock)))
            break;
    cuvee_list list = cv_objects_end(&objects);
    cv_cursor_close(cursor);
    bool good = list.count == 0 || query->relation_count == 0 ||
                cv_relations_load(query->session, query->home, list, query->relations, query->relation_count);
    return good ? list : (cuvee_list){NULL, 0};
}

cuvee_list cuvee_all(cuvee_query *query)
{
    return load(query, SIZE_MAX);
}

/* The query for at most `most` rows, without changing the caller's. */
static cuvee_list load_few(cuvee_query *query, uint64_t most)
{
    if (!cv_query_good(query))
        return (cuvee_list){NULL, 0};
    cuvee_query few = *query;
    if (!few.select.limited || few.select.limit > most)
        cuvee_limit(&few, most);
    return load(&few, (size_t)most);
}

const void *cuvee_first(cuvee_query *query)
{
    cuvee_list list = load_few(query, 1);
    return list.count ? list.items[0] : NULL;
}

const void *cuvee_one(cuvee_query *query)
{
    cuvee_list list = load_few(query, 2);
    if (!cv_query_good(query))
        return NULL;
    const char *name = query->select.plan->model->name;
    if (list.count == 0)
        cv_error_set(&query->session->error, CUVEE_ERROR_MISSING, "there is no such %s", name);
    else if (list.count > 1)
        cv_query_misuse(query, "cuvee_one found more than one row");
    cv_session_explain(query->session, query->home->route);
    return list.count == 1 ? list.items[0] : NULL;
}
