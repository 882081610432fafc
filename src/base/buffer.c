#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void cv_buffer_init(struct cv_buffer *buffer, size_t limit)
{
    *buffer = (struct cv_buffer){.limit = limit ? limit : SIZE_MAX / 2};
}

void cv_buffer_free(struct cv_buffer *buffer)
{
    free(buffer->data);
    cv_buffer_init(buffer, buffer->limit);
}

void cv_buffer_clear(struct cv_buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = CV_BUFFER_GOOD;
}

/* Makes room for `size` bytes and one more for a closing NUL. */
static bool grow(struct cv_buffer *buffer, size_t size)
{
    if (size > buffer->limit - buffer->size) {
        buffer->failed = CV_BUFFER_OVER_LIMIT;
        return false;
    }
    size_t needed = buffer->size + size + 1;
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (capacity < needed)
        capacity *= 2;
    char *data = realloc(buffer->data, capacity);
    if (!data) {
        buffer->failed = CV_BUFFER_NO_MEMORY;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

char *cv_buffer_reserve(struct cv_buffer *buffer, size_t size)
{
    if (buffer->failed)
        return NULL;
    bool fits = buffer->capacity > buffer->size && buffer->capacity - buffer->size > size;
    if ((!fits || size > buffer->limit - buffer->size) && !grow(buffer, size))
        return NULL;
    return buffer->data + buffer->size;
}

void cv_buffer_bytes(struct cv_buffer *buffer, const char *data, size_t size)
{
    char *room = cv_buffer_reserve(buffer, size);
    if (!room || size == 0)
        return;
    memcpy(room, data, size);
    buffer->size += size;
}

void cv_buffer_put(struct cv_buffer *buffer, const char *text)
{
    cv_buffer_bytes(buffer, text, strlen(text));
}

void cv_buffer_char(struct cv_buffer *buffer, char c)
{
    char *room = cv_buffer_reserve(buffer, 1);
    if (!room)
        return;
    *room = c;
    buffer->size++;
}

void cv_buffer_int(struct cv_buffer *buffer, int64_t value)
{
    char digits[20];
    char *p = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        *--p = '-';
    cv_buffer_bytes(buffer, p, (size_t)(digits + sizeof digits - p));
}

void cv_buffer_format(struct cv_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *room = size >= 0 ? cv_buffer_reserve(buffer, (size_t)size) : NULL;
    if (room) {
        vsnprintf(room, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}

const char *cv_buffer_text(struct cv_buffer *buffer)
{
    char *room = cv_buffer_reserve(buffer, 0);
    if (!room)
        return NULL;
    *room = '\0';
    return buffer->data;
}

char *cv_buffer_take(struct cv_buffer *buffer, size_t *size)
{
    char *data = buffer->failed ? NULL : buffer->data;
    *size = data ? buffer->size : 0;
    if (!data)
        free(buffer->data);
    cv_buffer_init(buffer, buffer->limit);
    return data;
}
