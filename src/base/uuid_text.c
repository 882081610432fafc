#include "base/uuid_text.h"

#include <openssl/rand.h>
#include <string.h>

#include "base/ascii.h"

static bool hyphen_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

bool cv_uuid_parse(const char *text, size_t size, cuvee_uuid *uuid)
{
    static const char urn[] = "urn:uuid:";
    if (size > sizeof urn - 1 && memcmp(text, urn, sizeof urn - 1) == 0) {
        text += sizeof urn - 1;
        size -= sizeof urn - 1;
        if (size != CV_UUID_TEXT_SIZE)
            return false;
    } else if (size == CV_UUID_TEXT_SIZE + 2 && text[0] == '{' && text[size - 1] == '}') {
        text++;
        size -= 2;
    }
    bool hyphens = size == CV_UUID_TEXT_SIZE;
    if (!hyphens && size != 32)
        return false;
    for (size_t i = 0; i < 16; i++) {
        if (hyphens && hyphen_before(i) && *text++ != '-')
            return false;
        int high = cv_hex_value(text[0]);
        int low = cv_hex_value(text[1]);
        if (high < 0 || low < 0)
            return false;
        uuid->bytes[i] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    return true;
}

void cv_uuid_format(char *out, const uint8_t uuid[16])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 16; i++) {
        if (hyphen_before(i))
            *out++ = '-';
        *out++ = digits[uuid[i] >> 4];
        *out++ = digits[uuid[i] & 15];
    }
}

bool cv_uuid_new(cuvee_uuid *uuid)
{
    if (RAND_bytes(uuid->bytes, sizeof uuid->bytes) != 1)
        return false;
    uuid->bytes[6] = (uint8_t)((uuid->bytes[6] & 0x0F) | 0x40); /* version 4 */
    uuid->bytes[8] = (uint8_t)((uuid->bytes[8] & 0x3F) | 0x80); /* the variant of RFC 9562 */
    return true;
}
