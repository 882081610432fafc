#include "base/utf8.h"

static bool is_tail(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Bytes of the character that starts at p, or 0 if none does. */
static size_t character(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2) /* a tail, or an overlong form of ASCII */
        return 0;
    if (p[0] < 0xE0)
        return left >= 2 && is_tail(p[1]) ? 2 : 0;
    if (p[0] < 0xF0) {
        if (left < 3 || !is_tail(p[1]) || !is_tail(p[2]))
            return 0;
        bool overlong = p[0] == 0xE0 && p[1] < 0xA0;
        bool surrogate = p[0] == 0xED && p[1] >= 0xA0;
        return overlong || surrogate ? 0 : 3;
    }
    if (p[0] > 0xF4 || left < 4 || !is_tail(p[1]) || !is_tail(p[2]) || !is_tail(p[3]))
        return 0;
    bool overlong = p[0] == 0xF0 && p[1] < 0x90;
    bool too_high = p[0] == 0xF4 && p[1] >= 0x90;
    return overlong || too_high ? 0 : 4;
}

bool cv_utf8_valid(const char *data, size_t size)
{
    const unsigned char *p = (const unsigned char *)data;
    const unsigned char *end = p + size;
    while (p < end) {
        uint64_t eight;
        if (end - p >= 8 && (memcpy(&eight, p, 8), (eight & UINT64_C(0x8080808080808080)) == 0)) {
            p += 8;
            continue;
        }
        size_t step = character(p, (size_t)(end - p));
        if (step == 0)
            return false;
        p += step;
    }
    return true;
}

/* Whether no byte is NUL or above ASCII. */
static bool is_plain(const char *data, size_t size)
{
    const uint64_t tops = UINT64_C(0x8080808080808080);
    if (size < 8) {
        uint64_t odd = 0;
        for (size_t at = 0; at < size; at++)
            odd |= (uint64_t)(unsigned char)data[at] | ((uint64_t)(unsigned char)data[at] - 1);
        return (odd & tops) == 0;
    }
    for (size_t at = 0; at + 8 < size; at += 8)
        if (cv_utf8_odd(data + at) & tops)
            return false;
    return (cv_utf8_odd(data + size - 8) & tops) == 0;
}

bool cv_utf8_text_of_any_kind(const char *data, size_t size)
{
    return size == 0 || is_plain(data, size) || (!memchr(data, '\0', size) && cv_utf8_valid(data, size));
}

size_t cv_utf8_count(const char *data, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += !is_tail((unsigned char)data[i]);
    return count;
}
