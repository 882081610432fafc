#include "json.h"

#include <stdlib.h>
#include <string.h>

enum { first_capacity = 1024 };

static bool reserve(struct json *json, size_t more)
{
    if (json->failed) {
        return false;
    }
    size_t wanted = json->length + more;
    if (wanted <= json->capacity) {
        return true;
    }
    size_t capacity = json->capacity == 0 ? first_capacity : json->capacity * 2;
    while (capacity < wanted) {
        capacity *= 2;
    }
    char *data = realloc(json->data, capacity);
    if (data == NULL) {
        json->failed = true;
        return false;
    }
    json->data = data;
    json->capacity = capacity;
    return true;
}

void json_raw(struct json *json, const char *bytes, size_t length)
{
    if (reserve(json, length)) {
        memcpy(json->data + json->length, bytes, length);
        json->length += length;
    }
}

void json_int64(struct json *json, int64_t value)
{
    char digits[20];
    char *start = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--start = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0) {
        *--start = '-';
    }
    json_raw(json, start, (size_t)(digits + sizeof digits - start));
}

static bool needs_escape(unsigned char byte)
{
    return byte < 0x20 || byte == '"' || byte == '\\';
}

/** The letter after the backslash for bytes that have a short escape, else NUL. */
static char short_escape(unsigned char byte)
{
    switch (byte) {
    case '"':
    case '\\': return (char)byte;
    case '\b': return 'b';
    case '\f': return 'f';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    default: return '\0';
    }
}

static void escape(struct json *json, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    char letter = short_escape(byte);
    if (letter != '\0') {
        json_raw(json, (char[]){'\\', letter}, 2);
    } else {
        json_raw(json, (char[]){'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]}, 6);
    }
}

void json_text(struct json *json, const char *text, size_t length)
{
    const char *end = text + length;
    const char *plain = text;
    json_raw(json, "\"", 1);
    for (const char *at = text; at < end; at++) {
        if (needs_escape((unsigned char)*at)) {
            json_raw(json, plain, (size_t)(at - plain));
            escape(json, (unsigned char)*at);
            plain = at + 1;
        }
    }
    json_raw(json, plain, (size_t)(end - plain));
    json_raw(json, "\"", 1);
}

void json_free(struct json *json)
{
    free(json->data);
    *json = (struct json){0};
}
