/** The one row that has these values: in its key, or in other fields that are unique together. */
#ifndef CV_SESSION_MATCH_H
#define CV_SESSION_MATCH_H

#include "session/ask.h"
#include "session/objects.h"

/* Begin with no fields; the condition is made when it is asked for, and lives here. */
struct cv_match {
    size_t count; /* of fields */
    size_t fields[CV_MAX_KEYS];
    cuvee_value values[CV_MAX_KEYS]; /* texts are borrowed */
    cuvee_expr compares[CV_MAX_KEYS];
    cuvee_expr ands[CV_MAX_KEYS];
};

/** Adds a field and its value; there are not more of them than a key may have. */
static inline void cv_match_add(struct cv_match *match, size_t field, cuvee_value value)
{
    match->fields[match->count] = field;
    match->values[match->count++] = value;
}

/** A cursor over the row, which needs the match until it is closed. NULL: the session has the error. */
struct cv_cursor *cv_match_open(cuvee_session *session, const struct cv_route *route, struct cv_match *match,
                                enum cv_lock lock);
/** Its object, see cv_object_load. NULL: there is no such row, or the session has the error. */
void *cv_match_load(cuvee_session *session, struct cv_home *home, struct cv_match *match, enum cv_lock lock,
                    bool renew);

#endif
