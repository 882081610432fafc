/** Flush: pending changes become statements. */
#ifndef CV_SESSION_FLUSH_H
#define CV_SESSION_FLUSH_H

#include "session/state.h"

/** Writes pending changes of the databases of this pool (NULL: of all). */
bool cv_flush_pool(cuvee_session *session, const struct cv_pool *pool);

#endif
