/**
 * Text buffer: bytes that grow, up to a limit, with an error that stays.
 *
 * Once an append failed (memory, or over the limit) all further ones do nothing, so builders write straight down and
 * look at `failed` once. The bytes are not closed by NUL unless cv_buffer_text is called. One thread at a time.
 */
#ifndef CV_BASE_BUFFER_H
#define CV_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cv_buffer_failure { CV_BUFFER_GOOD = 0, CV_BUFFER_NO_MEMORY, CV_BUFFER_OVER_LIMIT };

struct cv_buffer {
    char *data; /* from malloc; NULL while empty */
    size_t size;
    size_t capacity;
    size_t limit; /* largest size allowed */
    enum cv_buffer_failure failed;
};

/** An empty buffer that may grow to `limit` bytes (0: no limit but memory). */
void cv_buffer_init(struct cv_buffer *buffer, size_t limit);
/** Frees the bytes; the buffer is empty and usable again, with the same limit. */
void cv_buffer_free(struct cv_buffer *buffer);
/** Forgets the bytes and the failure, keeps the memory. */
void cv_buffer_clear(struct cv_buffer *buffer);

/** Room for `size` more bytes behind data + size, which the caller fills and counts himself; NULL on failure. */
char *cv_buffer_reserve(struct cv_buffer *buffer, size_t size);
void cv_buffer_bytes(struct cv_buffer *buffer, const char *data, size_t size);
void cv_buffer_put(struct cv_buffer *buffer, const char *text);
void cv_buffer_char(struct cv_buffer *buffer, char c);
void cv_buffer_int(struct cv_buffer *buffer, int64_t value);
/** printf's format; for messages, not for hot paths. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void cv_buffer_format(struct cv_buffer *buffer, const char *format, ...);
/** Closes the text with a NUL, which does not count into size. NULL on failure. */
const char *cv_buffer_text(struct cv_buffer *buffer);
/** Hands the bytes to the caller, who frees them; the buffer is empty. NULL when nothing was written or it failed. */
char *cv_buffer_take(struct cv_buffer *buffer, size_t *size);

#endif
