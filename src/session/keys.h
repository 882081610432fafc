/** Values as keys: hashing and comparing them, for the identity map and for grouping related rows. */
#ifndef CV_SESSION_KEYS_H
#define CV_SESSION_KEYS_H

#include <cuvee/value.h>

/**
 * A hash of `count` values, one at least, of which all bits can be used. Who does not know the seed cannot choose keys
 * that meet: a client that may name its rows could else make a session slow.
 */
uint32_t cv_keys_hash(uint64_t seed, const cuvee_value *values, size_t count);
/** Whether two values are of one kind and equal. NULL equals nothing. */
bool cv_keys_equal(const cuvee_value *a, const cuvee_value *b);

#endif
