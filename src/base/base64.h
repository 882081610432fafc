/** Base64 (RFC 4648, the standard alphabet, padded). Any thread. */
#ifndef CV_BASE_BASE64_H
#define CV_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/** Bytes of text that `size` bytes become. */
size_t cv_base64_size(size_t size);
/** Writes cv_base64_size(size) bytes of text, without a closing NUL, into `out`. */
void cv_base64_encode(char *out, const void *data, size_t size);

enum cv_base64_fault {
    CV_BASE64_GOOD = 0,
    CV_BASE64_ALPHABET, /* a character that is none of the alphabet's, or padding in the middle */
    CV_BASE64_PADDING,  /* not padded to a multiple of four */
    CV_BASE64_LENGTH,   /* one character too many for any number of bytes */
};

/** Bytes of room that decoding `size` bytes of text needs at most. */
size_t cv_base64_room(size_t size);
/** Reads the whole text into `out`; *decoded is the number of bytes. */
enum cv_base64_fault cv_base64_decode(void *out, size_t *decoded, const char *text, size_t size);

#endif
