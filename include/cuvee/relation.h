/**
 * Relations: loading what belongs to objects, when asked.
 *
 *     cuvee_query *q = cuvee_select(s, &user_model);
 *     cuvee_with(q, "orders.items");                       // one more statement per level, not per user
 *     cuvee_list users = cuvee_all(q);
 *     cuvee_list orders = cuvee_related(s, users.items[0], "orders");
 *
 * Nothing is ever fetched behind the caller's back: what was not asked for is an error, not a query. Each level is one
 * statement (`WHERE key IN (…)`, in pages of 512 keys), the same whether the other model is in this database or in
 * another.
 */
#ifndef CUVEE_RELATION_H
#define CUVEE_RELATION_H

#include <cuvee/query.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The query's objects come with this relation, or chain of relations joined by dots. MISUSE: no such relation. */
void cuvee_with(cuvee_query *query, const char *relation);

/**
 * Loads a relation (or chain) for objects of `model` that the session has. False on error: MISUSE, CONFIG for a
 * relation whose fields are not there or of different kinds, and what queries say.
 */
bool cuvee_load(cuvee_session *session, const cuvee_model *model, cuvee_list objects, const char *relation);
/**
 * The same for one object; MISSING for NULL, as cuvee_edit. In a loop over many it would be a statement for each: there
 * cuvee_load takes them all.
 */
bool cuvee_load_one(cuvee_session *session, const void *object, const char *relation);

/**
 * What was loaded for an object, in the order of the other model's key, or, many to many, of the pairs' key; pairs
 * whose other end is not there are left out. As it was when it was loaded: load it again to see what was added since.
 * The array belongs to the session. An empty list with an error (MISUSE) when it was not loaded.
 */
cuvee_list cuvee_related(cuvee_session *session, const void *object, const char *relation);
/**
 * The same for a relation to at most one; NULL when there is none, also when the row that is referred to is not there.
 */
const void *cuvee_related_one(cuvee_session *session, const void *object, const char *relation);

/**
 * Adds a row that belongs to `parent` by a relation of the parent's model (not through pairs): like cuvee_add, and the
 * row's foreign field gets the parent's key, at flush if the parent has none before. NULL on error.
 */
const void *cuvee_add_related(cuvee_session *session, const void *parent, const char *relation, const void *row);

#ifdef __cplusplus
}
#endif
#endif
