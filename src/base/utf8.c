#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

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

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

/* Whether no byte of eight is NUL or above ASCII: taking one from a zero borrows into its top bit. */
static bool is_plain(uint64_t eight)
{
    return (((eight - EACH_BYTE(0x01)) | eight) & EACH_BYTE(0x80)) == 0;
}

/* The same of fewer than eight bytes; those read twice do no harm. */
static bool is_plain_short(const char *data, size_t size)
{
    uint32_t half[2];
    if (size >= sizeof half[0]) {
        memcpy(&half[0], data, sizeof half[0]);
        memcpy(&half[1], data + size - sizeof half[1], sizeof half[1]);
        return is_plain((uint64_t)half[1] << 32 | half[0]);
    }
    const char few[8] = {data[0], data[size / 2], data[size - 1], 1, 1, 1, 1, 1};
    uint64_t eight;
    memcpy(&eight, few, sizeof eight);
    return is_plain(eight);
}

static bool is_plain_text(const char *data, size_t size)
{
    uint64_t eight;
    if (size < sizeof eight)
        return is_plain_short(data, size);
    for (size_t at = 0; at + sizeof eight < size; at += sizeof eight) {
        memcpy(&eight, data + at, sizeof eight);
        if (!is_plain(eight))
            return false;
    }
    memcpy(&eight, data + size - sizeof eight, sizeof eight);
    return is_plain(eight);
}

bool cv_utf8_text(const char *data, size_t size)
{
    /* Most texts are ASCII, and every text that is read or written comes by here. */
    return size == 0 || is_plain_text(data, size) || (!memchr(data, '\0', size) && cv_utf8_valid(data, size));
}

size_t cv_utf8_count(const char *data, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += !is_tail((unsigned char)data[i]);
    return count;
}
