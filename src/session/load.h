/** Loading: rows become objects. */
#ifndef CV_SESSION_LOAD_H
#define CV_SESSION_LOAD_H

#include <cuvee/query.h>

#include "session/objects.h"

/**
 * The object for a row of cells: the one that the session knows, or a new one. `renew`: a known one takes the cells'
 * values. NULL: the session has the error.
 */
void *cv_object_load(cuvee_session *session, struct cv_home *home, const cuvee_value *cells, bool renew);

/** The object takes the cells' values; what was edited and not flushed is no more. False: the session has the error. */
bool cv_object_renew(cuvee_session *session, struct cv_home *home, void *object, const cuvee_value *cells);

/* Objects on their way into a list. Start it with the session and zeros. */
struct cv_objects {
    cuvee_session *session;
    const void **items; /* malloc'ed */
    size_t count, room;
};

/** Adds an object; false when it is NULL or memory is out. */
bool cv_objects_add(struct cv_objects *objects, const void *object);
/** The list, in the session's memory; empty when the session has an error. Frees what was gathered. */
cuvee_list cv_objects_end(struct cv_objects *objects);

#endif
