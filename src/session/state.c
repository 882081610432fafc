/* What all files of the room use of a session. */
#include "session/state.h"

#include <stdlib.h>
#include <string.h>

bool cv_session_grow(cuvee_session *session, void *array, size_t *room, size_t count, size_t element)
{
    if (count < *room)
        return true;
    size_t more = *room ? *room * 2 : 4;
    void *old;
    memcpy(&old, array, sizeof old); /* any pointer to objects has one representation here; see the callers */
    void *grown = realloc(old, more * element);
    if (!grown)
        return cv_error_memory(&session->error);
    memcpy(array, &grown, sizeof grown);
    *room = more;
    return true;
}
