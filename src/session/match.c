#include "session/match.h"

#include "session/load.h"

static const cuvee_expr *condition_of(struct cv_match *match)
{
    const cuvee_expr *where = NULL;
    for (size_t i = 0; i < match->count; i++) {
        match->compares[i] = (cuvee_expr){.kind = CV_EXPR_COMPARE,
                                          .comparison = CUVEE_EQ,
                                          .ref = cv_ref_make(0, match->fields[i]),
                                          .values = &match->values[i],
                                          .value_count = 1};
        match->ands[i] = (cuvee_expr){.kind = CV_EXPR_AND, .left = where, .right = &match->compares[i]};
        where = i == 0 ? &match->compares[0] : &match->ands[i];
    }
    return where;
}

struct cv_cursor *cv_match_open(cuvee_session *session, const struct cv_route *route, struct cv_match *match,
                                enum cv_lock lock)
{
    struct cv_select select = {.plan = route->plan, .unordered = true, .lock = lock};
    select.where = condition_of(match);
    return cv_cursor_start(session, route, &select);
}

void *cv_match_load(cuvee_session *session, struct cv_home *home, struct cv_match *match, enum cv_lock lock, bool renew)
{
    struct cv_cursor *cursor = cv_match_open(session, home->route, match, lock);
    const cuvee_value *cells = cv_cursor_next(cursor);
    void *object = cells ? cv_object_load(session, home, cells, renew) : NULL;
    cv_cursor_close(cursor);
    return object;
}
