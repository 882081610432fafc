/** UTF-8: whether bytes are it, and how many characters they make. Any thread. */
#ifndef CV_BASE_UTF8_H
#define CV_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Whether `size` bytes are UTF-8 as Unicode defines it: nothing overlong, no surrogates, nothing above U+10FFFF. */
bool cv_utf8_valid(const char *data, size_t size);
/** The same, and no NUL among them, of any text; cv_utf8_text is quicker for what most are. */
bool cv_utf8_text_of_any_kind(const char *data, size_t size);
/** Characters (code points) in `size` bytes of valid UTF-8. */
size_t cv_utf8_count(const char *data, size_t size);

/*
 * Of the eight bytes at `data`: the top bit of some is set if one is NUL (taking one from it borrows), or above ASCII.
 */
static inline uint64_t cv_utf8_odd(const char *data)
{
    uint64_t eight;
    memcpy(&eight, data, sizeof eight);
    return (eight - UINT64_C(0x0101010101010101)) | eight;
}

/** Whether `size` bytes are UTF-8 without NUL: what a text field can hold. */
static inline bool cv_utf8_text(const char *data, size_t size)
{
    /*
     * Every text that is read or written comes by here, and most are ASCII of 8 to 32 bytes; those read twice do no
     * harm.
     */
    if (size >= 8 && size <= 32) {
        uint64_t odd = cv_utf8_odd(data) | cv_utf8_odd(data + size - 8);
        if (size > 16)
            odd |= cv_utf8_odd(data + 8) | cv_utf8_odd(data + size - 16);
        if ((odd & UINT64_C(0x8080808080808080)) == 0)
            return true;
    }
    return cv_utf8_text_of_any_kind(data, size);
}

#endif
