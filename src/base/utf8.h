/** UTF-8: whether bytes are it, and how many characters they make. Any thread. */
#ifndef CV_BASE_UTF8_H
#define CV_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/** Whether `size` bytes are UTF-8 as Unicode defines it: nothing overlong, no surrogates, nothing above U+10FFFF. */
bool cv_utf8_valid(const char *data, size_t size);
/** The same, and no NUL among them: what a text field can hold. */
bool cv_utf8_text(const char *data, size_t size);
/** Characters (code points) in `size` bytes of valid UTF-8. */
size_t cv_utf8_count(const char *data, size_t size);

#endif
