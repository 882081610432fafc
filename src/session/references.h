/** References across databases. */
#ifndef CV_SESSION_REFERENCES_H
#define CV_SESSION_REFERENCES_H

#include "session/objects.h"
#include "sql/sql.h"

/**
 * Whether the rows that these pending changes (`count` numbers into session->changes) refer to in other databases are
 * there; only the fields of the set are looked at (NULL: all). False: FOREIGN_KEY in the session, or what the queries
 * say.
 */
bool cv_references_check(cuvee_session *session, const struct cv_home *home, const uint32_t *numbers, size_t count,
                         const struct cv_field_set *fields);
/** The same for one row. */
bool cv_references_check_row(cuvee_session *session, const struct cv_home *home, const void *row,
                             const struct cv_field_set *fields);

/**
 * Whether no row of another database refers to the rows that these changes delete. False: FOREIGN_KEY in the session,
 * or what the queries say.
 */
bool cv_references_unused(cuvee_session *session, const struct cv_home *home, const uint32_t *numbers, size_t count);

/**
 * Where the session's error is a FOREIGN_KEY that names no field: looks for what the row, in the fields of the set
 * (NULL: all), refers to in its own database, and says what is not there. What was not found out leaves the error as it
 * is.
 */
void cv_references_blame(cuvee_session *session, const struct cv_home *home, const void *row,
                         const struct cv_field_set *fields);
/** The same for the row of this pending change that was to be deleted, and for who refers to it. */
void cv_references_blame_use(cuvee_session *session, const struct cv_home *home, uint32_t number);

#endif
