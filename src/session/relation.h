/** Relations inside the session room. */
#ifndef CV_SESSION_RELATION_H
#define CV_SESSION_RELATION_H

#include <cuvee/relation.h>

#include "session/objects.h"

/* What a relation joins: fields by their index in the plans. */
struct cv_ends {
    const cuvee_relation *relation;
    size_t here;
    struct cv_home *other;
    size_t there;
    struct cv_home *pairs; /* many to many; else NULL */
    size_t pair_here, pair_there;
};

/* What was loaded of one relation of a home: a list per row number; items NULL: not loaded. */
struct cv_loaded {
    struct cv_loaded *next;
    const cuvee_relation *relation;
    cuvee_list *lists;
    size_t count;
};

/** The relation of this name (`size` bytes of it) of a model, or NULL. */
const cuvee_relation *cv_relation_find(const cuvee_model *model, const char *name, size_t size);
/**
 * Whether every step of a chain ("orders.items") is a relation of the model that the step before leads to; false:
 * MISUSE.
 */
bool cv_relation_is_chain(cuvee_session *session, const cuvee_model *model, const char *chain);
/** Works out a relation of `home`; false: CONFIG or MISUSE in the session. */
bool cv_relation_ends(cuvee_session *session, const struct cv_home *home, const cuvee_relation *relation,
                      struct cv_ends *ends);
/** Keeps what was loaded for a row. False: out of memory. */
bool cv_relation_keep(cuvee_session *session, struct cv_home *home, const cuvee_relation *relation, const void *row,
                      cuvee_list list);
void cv_relations_free(struct cv_home *home);
/**
 * Loads chains of relations, which must be some, for objects of a home; levels that several begin with are loaded once.
 */
bool cv_relations_load(cuvee_session *session, struct cv_home *home, cuvee_list objects, const char *const *chains,
                       size_t count);

#endif
