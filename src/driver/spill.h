/**
 * Rows set aside: what is left of a result when its connection is wanted for another statement. Values are copied. One
 * thread at a time.
 */
#ifndef CV_DRIVER_SPILL_H
#define CV_DRIVER_SPILL_H

#include <cuvee/value.h>

#include "base/arena.h"

struct cv_spilled;

struct cv_spill {
    struct cv_arena arena;
    struct cv_spilled *first; /* the next to be taken */
    struct cv_spilled *last;
};

/** Nothing set aside. */
void cv_spill_init(struct cv_spill *spill);
void cv_spill_free(struct cv_spill *spill);
/** Copies a row behind the others. False when memory is out. */
bool cv_spill_add(struct cv_spill *spill, const cuvee_value *cells, size_t count);
/** Takes the first row; its texts live until cv_spill_free. False when there is none. */
bool cv_spill_take(struct cv_spill *spill, cuvee_value *cells, size_t count);

#endif
