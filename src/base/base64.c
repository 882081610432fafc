#include "base/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t cv_base64_size(size_t size)
{
    return size / 3 * 4 + (size % 3 > 0 ? 4 : 0);
}

void cv_base64_encode(char *out, const void *data, size_t size)
{
    const unsigned char *p = data;
    for (; size >= 3; size -= 3, p += 3, out += 4) {
        uint32_t three = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        out[0] = alphabet[three >> 18];
        out[1] = alphabet[three >> 12 & 63];
        out[2] = alphabet[three >> 6 & 63];
        out[3] = alphabet[three & 63];
    }
    if (size > 0) {
        uint32_t rest = (uint32_t)p[0] << 16 | (size > 1 ? (uint32_t)p[1] << 8 : 0);
        out[0] = alphabet[rest >> 18];
        out[1] = alphabet[rest >> 12 & 63];
        out[2] = size > 1 ? alphabet[rest >> 6 & 63] : '=';
        out[3] = '=';
    }
}

size_t cv_base64_room(size_t size)
{
    return size / 4 * 3 + 3;
}

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

enum cv_base64_fault cv_base64_decode(void *out, size_t *decoded, const char *text, size_t size)
{
    size_t padding = 0;
    while (padding < 2 && size > 0 && text[size - 1] == '=') {
        padding++;
        size--;
    }
    unsigned char *p = out;
    uint32_t bits = 0;
    for (size_t i = 0; i < size; i++) {
        int six = digit(text[i]);
        if (six < 0)
            return CV_BASE64_ALPHABET;
        bits = bits << 6 | (uint32_t)six;
        if (i % 4 > 0)
            *p++ = (unsigned char)(bits >> (6 - i % 4 * 2));
    }
    if (size % 4 == 1)
        return CV_BASE64_LENGTH;
    if ((size + padding) % 4 != 0)
        return CV_BASE64_PADDING;
    *decoded = (size_t)(p - (unsigned char *)out);
    return CV_BASE64_GOOD;
}
