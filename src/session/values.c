/* Queries whose answers are values: counts, aggregates, picked columns, and rows one by one. */
#include <stdlib.h>
#include <string.h>

#include "model/row.h"
#include "session/ask.h"
#include "session/objects.h"
#include "session/query.h"
#include "session/rows.h"

/*
 * Runs a select of one column and gives its first value, with texts copied. False: no row, or an error in the session.
 */
static bool single(cuvee_query *query, const struct cv_select *select, cuvee_value *value)
{
    struct cv_cursor *cursor = cv_cursor_start(query->session, query->home->route, select);
    const cuvee_value *cells = cv_cursor_next(cursor);
    *value = cells ? cells[0] : cuvee_null();
    bool found = cells && cv_session_own(query->session, value);
    cv_cursor_close(cursor);
    return found;
}

/* The query's conditions and sources, for one value over all its rows. */
static struct cv_select over_all(const cuvee_query *query)
{
    struct cv_select select = query->select;
    select.order_count = 0;
    select.limited = select.skips = select.distinct = false;
    select.unordered = true;
    select.lock = CV_NO_LOCK;
    return select;
}

/* Without picks, a grouped query is counted by its groups. */
static bool pick_groups(cuvee_query *query, struct cv_select *select)
{
    struct cv_pick *picks = cv_arena_zero(&query->session->arena, (select->group_count + 1) * sizeof *picks);
    if (!picks)
        return cv_error_memory(&query->session->error);
    for (size_t i = 0; i < select->group_count; i++)
        picks[i].ref = select->groups[i];
    if (select->group_count == 0)
        picks[0] = (struct cv_pick){.aggregate = CUVEE_COUNT, .all_rows = true};
    select->picks = picks;
    select->pick_count = select->group_count ? select->group_count : 1;
    return true;
}

/* The rows as the query would give them: each of a group, or of a kind, once. */
static int64_t count_results(cuvee_query *query)
{
    cuvee_query own = *query;
    cuvee_value count;
    own.select = over_all(query);
    own.select.distinct = query->select.distinct;
    own.select.counts = true;
    bool grouped = own.select.group_count > 0 || own.select.having_count > 0;
    if (grouped && own.select.pick_count == 0 && !pick_groups(query, &own.select))
        return 0;
    return cv_query_makes_sense(&own) && single(query, &own.select, &count) ? count.as.integer : 0;
}

int64_t cuvee_count(cuvee_query *query)
{
    if (cv_query_good(query) && !cv_query_counts_rows(query))
        return count_results(query);
    cuvee_value count = cuvee_aggregate_of(query, CUVEE_COUNT, NULL);
    return count.kind ? count.as.integer : 0;
}

bool cuvee_exists(cuvee_query *query)
{
    if (!cv_query_good(query))
        return false;
    struct cv_select select = over_all(query);
    select.exists = true;
    cuvee_value one;
    return single(query, &select, &one);
}

cuvee_value cuvee_aggregate_of(cuvee_query *query, cuvee_aggregate aggregate, const char *field)
{
    cuvee_value value = cuvee_null();
    if (!cv_query_good(query))
        return value;
    if (!cv_query_counts_rows(query)) {
        cv_query_misuse(query, "cuvee_aggregate_of works over rows, not over groups or distinct rows");
        return value;
    }
    cuvee_query own = *query;
    own.select = over_all(query);
    own.select.picks = NULL;
    own.select.pick_count = 0;
    cuvee_pick_aggregate(&own, aggregate, field);
    if (own.select.pick_count > 0 && !single(query, &own.select, &value))
        value = cuvee_null();
    return value;
}

struct cuvee_rows {
    cuvee_session *session;
    struct cv_cursor *cursor;   /* NULL: closed */
    const struct cv_plan *plan; /* NULL: the rows are values only */
    size_t width;
    struct cv_arena memory; /* of the row, which may be aligned as malloc does not */
    void *row;
};

static void end(cuvee_rows *rows)
{
    cv_cursor_close(rows->cursor);
    cv_arena_free(&rows->memory);
    rows->cursor = NULL;
}

cuvee_rows *cv_rows_new(cuvee_session *session, struct cv_cursor *cursor, const struct cv_plan *plan, size_t width)
{
    cuvee_rows *rows = cursor ? cv_arena_alloc(&session->handles, sizeof *rows) : NULL;
    if (!rows) {
        if (cursor)
            cv_error_memory(&session->error);
        cv_cursor_close(cursor);
        return NULL;
    }
    *rows = (struct cuvee_rows){.session = session, .cursor = cursor, .plan = plan, .width = width};
    cv_arena_init(&rows->memory, 0);
    cursor->owner = rows;
    rows->row = plan ? cv_model_zero(plan->model, &rows->memory) : NULL;
    if (!plan || rows->row)
        return rows;
    cv_error_memory(&session->error);
    end(rows);
    return NULL;
}

void cv_rows_end_all(cuvee_session *session)
{
    for (struct cv_cursor *cursor = session->cursors, *next; cursor; cursor = next) {
        next = cursor->next;
        if (cursor->owner)
            end(cursor->owner);
    }
}

struct cv_cursor *cv_rows_cursor(const cuvee_rows *rows)
{
    return rows->cursor;
}

cuvee_rows *cuvee_rows_open(cuvee_query *query)
{
    if (!cv_query_good(query))
        return NULL;
    const struct cv_plan *plan = query->select.pick_count ? NULL : query->select.plan;
    if (query->relation_count > 0) {
        cv_query_misuse(query, "rows one by one come without relations: use cuvee_all");
        return NULL;
    }
    return cv_rows_new(query->session, cv_cursor_open(query), plan, cv_select_width(&query->select));
}

const cuvee_value *cuvee_next_values(cuvee_rows *rows)
{
    if (rows && !rows->cursor && cv_session_good(rows->session))
        cv_error_set(&rows->session->error, CUVEE_ERROR_MISUSE, "the rows are closed");
    return rows ? cv_cursor_next(rows->cursor) : NULL;
}

const void *cuvee_next(cuvee_rows *rows)
{
    if (!rows || !rows->plan)
        return NULL;
    const cuvee_value *cells = cuvee_next_values(rows);
    if (!cells)
        return NULL;
    if (cv_row_load(rows->plan, rows->row, cells, NULL, &rows->session->error))
        return rows->row;
    cv_cursor_explain(rows->cursor);
    return NULL;
}

size_t cuvee_rows_width(const cuvee_rows *rows)
{
    return rows ? rows->width : 0;
}

void cuvee_rows_close(cuvee_rows *rows)
{
    if (rows && rows->cursor && !cv_session_intrudes(rows->session))
        end(rows);
}
