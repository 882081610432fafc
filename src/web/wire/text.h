/** Text as it stands in requests: percent-encoding, UTF-8, pairs of a query, cookies. */
#ifndef CV_WEB_WIRE_TEXT_H
#define CV_WEB_WIRE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Bytes that somebody else owns; not closed by NUL. */
struct cv_slice {
    const char *data;
    size_t size;
};

struct cv_slice cv_slice(const char *text);
bool cv_slice_is(struct cv_slice slice, const char *text);
bool cv_slice_same(struct cv_slice a, struct cv_slice b);
/** The same without regard to the case of ASCII letters. */
bool cv_slice_is_caseless(struct cv_slice slice, const char *text);
bool cv_slice_same_caseless(struct cv_slice a, struct cv_slice b);
/** A letter of ASCII as a small one. */
char cv_lower(char c);
/** Without spaces and tabs at both ends. */
struct cv_slice cv_slice_trim(struct cv_slice slice);
/** Cuts the part before the next separator off `rest`, and the separator. */
struct cv_slice cv_slice_cut(struct cv_slice *rest, char separator);

/** The next word of a list with commas, trimmed; empty ones are left out. False: there is no other. */
bool cv_list_next(struct cv_slice *rest, struct cv_slice *word);

/** The same with a '/' behind it and a closing NUL, in `arena`. data NULL: no memory. */
struct cv_slice cv_slice_with_slash(struct cv_arena *arena, struct cv_slice slice);

/**
 * Takes the percent-encoding away; `%` that two hexadecimal digits do not follow stays as it is. `plus` makes '+' a
 * space, as in queries. Without anything to decode the result is the input itself, else it is in the arena. False: no
 * memory.
 */
bool cv_percent_decode(struct cv_arena *arena, struct cv_slice in, bool plus, struct cv_slice *out);

/** The bytes with U+FFFD in the place of each that is no UTF-8. data NULL: no memory. */
struct cv_slice cv_utf8_repair(struct cv_arena *arena, struct cv_slice in);

struct cv_pair {
    struct cv_slice name;
    struct cv_slice value;
};

struct cv_pairs {
    struct cv_pair *items;
    size_t count;
};

/** Splits "a=1&b=2&c" and decodes names and values. False: no memory. */
bool cv_query_split(struct cv_arena *arena, struct cv_slice query, struct cv_pairs *pairs);
/** Splits "a=1; b=\"2\"" of a Cookie header. False: no memory. */
bool cv_cookie_split(struct cv_arena *arena, struct cv_slice cookies, struct cv_pairs *pairs);

#endif
