/** The C types behind the kinds: how large they are, and where an optional keeps its value. */
#ifndef CV_MODEL_CTYPE_H
#define CV_MODEL_CTYPE_H

#include <cuvee/value.h>

struct cv_ctype {
    size_t size;
    size_t align;
    size_t value; /* offset of the value: behind `set` in an optional, else 0 */
};

/** The C type of a field's member. Kind 1 to 13; OBJECT and ARRAY have no optional form of their own. */
struct cv_ctype cv_ctype_of(cuvee_kind kind, bool nullable);

#endif
