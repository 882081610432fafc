/**
 * A growing text buffer and the JSON that this server writes into it.
 *
 * The first allocation that fails is remembered: every later call does nothing, so a writer writes straight down and
 * looks at `failed` once. Text is UTF-8 and is copied as it is, but for what JSON must escape.
 */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Starts as all zero. `data` is malloc'ed and is not terminated by a NUL byte. */
struct json {
    char *data;
    size_t length;
    size_t capacity;
    bool failed;
};

/** Appends bytes as they are. */
void json_raw(struct json *json, const char *bytes, size_t length);

/** Appends an integer in decimal. */
void json_int64(struct json *json, int64_t value);

/** Appends a quoted and escaped JSON string. */
void json_text(struct json *json, const char *text, size_t length);

/** Frees the text; the buffer may be used again. */
void json_free(struct json *json);

#endif
