/**
 * Option structs that grow from version to version: behind their `size`, which stays where the first version has it.
 */
#ifndef CV_BASE_OPTIONS_H
#define CV_BASE_OPTIONS_H

#include <string.h>

/**
 * Copies a caller's options, which may be of an older, shorter version: what they lack is zero. `from` may be NULL;
 * `from_size` 0 is the whole struct.
 */
static inline void cv_take_options(void *to, size_t to_size, const void *from, size_t from_size)
{
    memset(to, 0, to_size);
    if (from)
        memcpy(to, from, from_size > 0 && from_size < to_size ? from_size : to_size);
}

#endif
