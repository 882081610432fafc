/** Rows that are given to the caller one by one, and lists of objects that grow. */
#ifndef CV_SESSION_ROWS_H
#define CV_SESSION_ROWS_H

#include "session/internal.h"

/** Takes over the cursor (also on failure). `plan`: what a row is a struct of; NULL: values only. */
cuvee_rows *cv_rows_new(cuvee_session *session, struct cv_cursor *cursor, const struct cv_plan *plan, size_t width);
struct cv_cursor *cv_rows_cursor(const cuvee_rows *rows);
/** Adds what the driver cannot know to a fresh error of the session. */
void cv_cursor_explain(const struct cv_cursor *cursor);
/** NULL when the session was closed. */
cuvee_session *cv_cursor_session(const struct cv_cursor *cursor);
/** NULL when the rows were cut off. */
struct cv_statement *cv_cursor_statement(const struct cv_cursor *cursor);

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
