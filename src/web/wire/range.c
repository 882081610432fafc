/* The Range header. */
#include "web/wire/range.h"

#include <string.h>

/* Reads digits from *at on. False: there are none, or too many. */
static bool read_number(struct cv_slice text, size_t *at, uint64_t *number)
{
    size_t start = *at;
    *number = 0;
    while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9') {
        unsigned digit = (unsigned)(text.data[*at] - '0');
        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
        ++*at;
    }
    return *at > start;
}

static enum cv_range last_bytes(uint64_t size, uint64_t count, uint64_t *begin, uint64_t *taken)
{
    if (count == 0 || size == 0)
        return CV_RANGE_BAD;
    *taken = count < size ? count : size;
    *begin = size - *taken;
    return CV_RANGE_PART;
}

enum cv_range cv_range_read(struct cv_slice header, uint64_t size, uint64_t *begin, uint64_t *count)
{
    static const char unit[] = "bytes=";
    size_t at = sizeof unit - 1;
    uint64_t first;
    uint64_t last;
    if (header.size <= at || memcmp(header.data, unit, at) != 0)
        return CV_RANGE_ALL;
    bool has_first = read_number(header, &at, &first);
    if (at >= header.size || header.data[at] != '-')
        return CV_RANGE_ALL;
    at++;
    bool has_last = read_number(header, &at, &last);
    if (at != header.size || (!has_first && !has_last) || (has_first && has_last && last < first))
        return CV_RANGE_ALL;
    if (!has_first)
        return last_bytes(size, last, begin, count);
    if (first >= size)
        return CV_RANGE_BAD;
    *begin = first;
    *count = (has_last && last < size - 1 ? last : size - 1) - first + 1;
    return CV_RANGE_PART;
}
