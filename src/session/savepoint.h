/** Savepoints inside the session room. */
#ifndef CV_SESSION_SAVEPOINT_H
#define CV_SESSION_SAVEPOINT_H

#include "session/state.h"

/** All savepoints end: their transaction did. */
void cv_savepoints_end(cuvee_session *session);

#endif
