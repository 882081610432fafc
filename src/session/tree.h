/** Rows that refer to rows of their own model. */
#ifndef CV_SESSION_TREE_H
#define CV_SESSION_TREE_H

#include "model/plan.h"
#include "session/state.h"

/** How many fields of a model refer to the model itself. */
size_t cv_tree_references(const struct cv_plan *plan);
/** Sorts changes (numbers into session->changes) to rows of such a model so that children come before their parents. */
bool cv_tree_sort(cuvee_session *session, const struct cv_plan *plan, uint32_t *numbers, size_t count);

#endif
