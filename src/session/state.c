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

bool cv_session_own(cuvee_session *session, cuvee_value *value)
{
    if (value->kind != CUVEE_TEXT && value->kind != CUVEE_DECIMAL && value->kind != CUVEE_BLOB &&
        value->kind != CUVEE_JSON)
        return true;
    value->as.text.data = cv_arena_copy(&session->arena, value->as.text.data, value->as.text.size);
    return value->as.text.data || cv_error_memory(&session->error);
}

void cv_session_leave(cuvee_session *session, uintptr_t outer)
{
    atomic_store_explicit(&session->user, outer, memory_order_relaxed);
    if (outer == 0 && atomic_load_explicit(&session->intruded, memory_order_relaxed)) {
        atomic_store(&session->intruded, false);
        cv_error_set(&session->error, CUVEE_ERROR_MISUSE,
                     "another thread used the session in the middle of a statement: what it was to do was not done");
        cv_error_text(session->error.hint, sizeof session->error.hint, "Open one session per thread.");
    }
}

bool cv_session_hook(cuvee_session *session, cuvee_before_hook hook, const char *name)
{
    if (!hook)
        return true;
    bool outer = session->in_hook;
    session->in_hook = true;
    bool good = hook(session->options.hook_arg, session);
    session->in_hook = outer;
    if (!good)
        cv_error_set(&session->error, CUVEE_ERROR_CHECK, "%s refused", name);
    return cv_session_good(session);
}
