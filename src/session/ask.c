/* Asking a database for rows, with what is pending for it written before. */
#include "session/ask.h"

#include "session/flush.h"
#include "session/objects.h"
#include "session/query.h"

struct cv_cursor *cv_cursor_start(cuvee_session *session, const struct cv_route *route, const struct cv_select *select)
{
    if (!session->options.no_autoflush && !cv_flush_pool(session, route->pool))
        return NULL;
    return cv_cursor_run(session, route, select);
}

struct cv_cursor *cv_cursor_open(cuvee_query *query)
{
    if (!cv_query_good(query) || !cv_query_makes_sense(query))
        return NULL;
    return cv_cursor_start(query->session, query->home->route, &query->select);
}
