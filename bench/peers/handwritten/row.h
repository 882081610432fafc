/**
 * Rows as JSON objects.
 */
#ifndef BENCH_ROW_H
#define BENCH_ROW_H

#include "json.h"

/** A text that is not copied; `bytes` is NULL for SQL's NULL. */
struct text {
    const char *bytes;
    size_t length;
};

/** Appends {"id":…,"name":…,"email":…}. */
void row_user(struct json *json, int64_t id, struct text name, struct text email);

/** Appends {"id":…,"item":…,"quantity":…}. */
void row_order(struct json *json, int64_t id, struct text item, int64_t quantity);

/** Begins the row with this number (0 …) of an array. */
void row_begin(struct json *json, size_t number);

/** Ends an array of so many rows. */
void row_end(struct json *json, size_t count);

#endif
