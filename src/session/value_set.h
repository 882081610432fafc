/** A set of values, each with its number in order of arrival: for gathering distinct keys and grouping rows by them. */
#ifndef CV_SESSION_VALUE_SET_H
#define CV_SESSION_VALUE_SET_H

#include "sql/expr.h"

struct cv_value_set {
    cuvee_value *values; /* by number; texts are borrowed */
    size_t count, room;
    uint32_t *slots; /* number + 1; 0: empty */
    uint64_t seed;   /* of the hashes */
    size_t slot_mask;
};

/** An empty set is all zeros but for its seed. This frees what it took, and leaves it empty. */
void cv_value_set_free(struct cv_value_set *set);
/** The number of this value, which is added when it is new. SIZE_MAX when memory is out. */
size_t cv_value_set_add(struct cv_value_set *set, const cuvee_value *value);
/** The number of this value, or SIZE_MAX. */
size_t cv_value_set_find(const struct cv_value_set *set, const cuvee_value *value);
/**
 * The condition that a field has one of the set's values from number `*from` on, as many of them as one statement takes
 * well, and `*from` behind them. False: there are no more. The condition borrows the values until one is added.
 */
bool cv_value_set_page(const struct cv_value_set *set, size_t *from, cv_ref ref, cuvee_expr *in);

#endif
