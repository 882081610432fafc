#include "web/wire/text.h"

#include <stdint.h>
#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

struct cv_slice cv_slice(const char *text)
{
    return (struct cv_slice){text, strlen(text)};
}

bool cv_slice_same(struct cv_slice a, struct cv_slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool cv_slice_is(struct cv_slice slice, const char *text)
{
    return cv_slice_same(slice, cv_slice(text));
}

char cv_lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        c = (char)(c - 'A' + 'a');
    return c;
}

bool cv_slice_same_caseless(struct cv_slice a, struct cv_slice b)
{
    if (a.size != b.size)
        return false;
    size_t i = 0;
    while (i < a.size && cv_lower(a.data[i]) == cv_lower(b.data[i]))
        i++;
    return i == a.size;
}

bool cv_slice_is_caseless(struct cv_slice slice, const char *text)
{
    return cv_slice_same_caseless(slice, cv_slice(text));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct cv_slice cv_slice_trim(struct cv_slice slice)
{
    while (slice.size > 0 && is_blank(slice.data[0])) {
        slice.data++;
        slice.size--;
    }
    while (slice.size > 0 && is_blank(slice.data[slice.size - 1]))
        slice.size--;
    return slice;
}

struct cv_slice cv_slice_with_slash(struct cv_arena *arena, struct cv_slice slice)
{
    char *longer = cv_arena_alloc(arena, slice.size + 2);
    if (!longer)
        return (struct cv_slice){NULL, 0};
    memcpy(longer, slice.data, slice.size);
    memcpy(longer + slice.size, "/", 2);
    return (struct cv_slice){longer, slice.size + 1};
}

/* The byte that starts at in[i]; *i moves behind what was read. */
static char decode_one(struct cv_slice in, bool plus, size_t *i)
{
    char c = in.data[*i];
    if (c == '%' && in.size - *i > 2) {
        int high = cv_hex_value(in.data[*i + 1]);
        int low = cv_hex_value(in.data[*i + 2]);
        if (high >= 0 && low >= 0) {
            *i += 3;
            return (char)(high * 16 + low);
        }
    }
    *i += 1;
    if (plus && c == '+')
        c = ' ';
    return c;
}

static bool needs_decoding(struct cv_slice in, bool plus)
{
    return in.size > 0 && (memchr(in.data, '%', in.size) || (plus && memchr(in.data, '+', in.size)));
}

bool cv_percent_decode(struct cv_arena *arena, struct cv_slice in, bool plus, struct cv_slice *out)
{
    *out = in;
    if (!needs_decoding(in, plus))
        return true;
    char *decoded = cv_arena_copy(arena, in.data, in.size);
    if (!decoded)
        return false;
    size_t size = 0;
    for (size_t i = 0; i < in.size;)
        decoded[size++] = decode_one(in, plus, &i);
    *out = (struct cv_slice){decoded, size};
    return true;
}

/* How long the character at `text` is; 0: it is none. */
static size_t character_size(const char *text, size_t size)
{
    enum { LONGEST = 4 };
    for (size_t length = 1; length <= LONGEST && length <= size; length++)
        if (cv_utf8_valid(text, length))
            return length;
    return 0;
}

struct cv_slice cv_utf8_repair(struct cv_arena *arena, struct cv_slice in)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    char *repaired = in.size < SIZE_MAX / 3 ? cv_arena_alloc(arena, in.size * 3 + 1) : NULL;
    if (!repaired)
        return (struct cv_slice){NULL, 0};
    size_t size = 0;
    for (size_t i = 0; i < in.size;) {
        size_t length = character_size(in.data + i, in.size - i);
        const char *from = length ? in.data + i : replacement;
        size_t count = length ? length : sizeof replacement - 1;
        memcpy(repaired + size, from, count);
        size += count;
        i += length ? length : 1;
    }
    return (struct cv_slice){repaired, size};
}

static size_t count_of(struct cv_slice in, char separator)
{
    size_t count = 1;
    for (size_t i = 0; i < in.size; i++)
        count += in.data[i] == separator;
    return count;
}

struct cv_slice cv_slice_cut(struct cv_slice *rest, char separator)
{
    if (rest->size == 0)
        return *rest; /* also where there is no text at all */
    const char *end = memchr(rest->data, separator, rest->size);
    struct cv_slice part = {rest->data, end ? (size_t)(end - rest->data) : rest->size};
    size_t taken = part.size + (end != NULL);
    rest->data += taken;
    rest->size -= taken;
    return part;
}

bool cv_list_next(struct cv_slice *rest, struct cv_slice *word)
{
    do {
        if (rest->size == 0)
            return false;
        *word = cv_slice_trim(cv_slice_cut(rest, ','));
    } while (word->size == 0);
    return true;
}

static bool room_for(struct cv_arena *arena, struct cv_slice in, char separator, struct cv_pairs *pairs)
{
    *pairs = (struct cv_pairs){0};
    if (in.size == 0)
        return true;
    pairs->items = cv_arena_alloc(arena, count_of(in, separator) * sizeof *pairs->items);
    return pairs->items != NULL;
}

bool cv_query_split(struct cv_arena *arena, struct cv_slice query, struct cv_pairs *pairs)
{
    if (!room_for(arena, query, '&', pairs))
        return false;
    while (query.size > 0) {
        struct cv_slice value = cv_slice_cut(&query, '&');
        if (value.size == 0)
            continue;
        struct cv_slice name = cv_slice_cut(&value, '=');
        struct cv_pair *pair = &pairs->items[pairs->count++];
        if (!cv_percent_decode(arena, name, true, &pair->name) || !cv_percent_decode(arena, value, true, &pair->value))
            return false;
    }
    return true;
}

static struct cv_slice unquote(struct cv_slice value)
{
    if (value.size >= 2 && value.data[0] == '"' && value.data[value.size - 1] == '"')
        return (struct cv_slice){value.data + 1, value.size - 2};
    return value;
}

bool cv_cookie_split(struct cv_arena *arena, struct cv_slice cookies, struct cv_pairs *pairs)
{
    if (!room_for(arena, cookies, ';', pairs))
        return false;
    while (cookies.size > 0) {
        struct cv_slice value = cv_slice_cut(&cookies, ';');
        if (value.size == 0 || !memchr(value.data, '=', value.size))
            continue;
        struct cv_slice name = cv_slice_cut(&value, '=');
        struct cv_pair pair = {cv_slice_trim(name), unquote(cv_slice_trim(value))};
        if (pair.name.size > 0)
            pairs->items[pairs->count++] = pair;
    }
    return true;
}
