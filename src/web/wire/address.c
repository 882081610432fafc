#include "web/wire/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { BITS = 128, MAPPED_BITS = 96 };

static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};

static struct cv_address map(const struct in_addr *address)
{
    struct cv_address result;
    memcpy(result.bytes, mapped, sizeof mapped);
    memcpy(result.bytes + sizeof mapped, address, 4);
    return result;
}

struct cv_address cv_address_of(const struct sockaddr *socket)
{
    struct cv_address address = {{0}};
    if (socket && socket->sa_family == AF_INET)
        return map(&((const struct sockaddr_in *)(const void *)socket)->sin_addr);
    if (socket && socket->sa_family == AF_INET6)
        memcpy(address.bytes, &((const struct sockaddr_in6 *)(const void *)socket)->sin6_addr, sizeof address.bytes);
    return address;
}

bool cv_address_read(struct cv_slice text, struct cv_address *address)
{
    char closed[CV_ADDRESS_TEXT_SIZE] = "";
    struct in_addr four;
    *address = (struct cv_address){{0}};
    if (text.size >= sizeof closed || (text.size > 0 && memchr(text.data, '\0', text.size)))
        return false;
    if (text.size > 0)
        memcpy(closed, text.data, text.size);
    if (inet_pton(AF_INET, closed, &four) != 1)
        return inet_pton(AF_INET6, closed, address->bytes) == 1;
    *address = map(&four);
    return true;
}

void cv_address_format(const struct cv_address *address, char text[CV_ADDRESS_TEXT_SIZE])
{
    static const struct cv_address unknown = {{0}};
    bool four = memcmp(address->bytes, mapped, sizeof mapped) == 0;
    text[0] = '\0';
    if (memcmp(address, &unknown, sizeof unknown) != 0)
        inet_ntop(four ? AF_INET : AF_INET6, address->bytes + (four ? sizeof mapped : 0), text, CV_ADDRESS_TEXT_SIZE);
}

/* ---- networks ---- */

/* Up to three digits; false for anything else. */
static bool read_bits(struct cv_slice text, unsigned most, unsigned *bits)
{
    *bits = 0;
    for (size_t i = 0; i < text.size && i < 3; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *bits = *bits * 10 + (unsigned)(text.data[i] - '0');
    }
    return text.size > 0 && text.size <= 3 && *bits <= most;
}

bool cv_network_read(struct cv_slice text, struct cv_network *network)
{
    *network = (struct cv_network){.bits = 0};
    if (cv_slice_is(text, "*"))
        return true;
    bool whole = text.size == 0 || !memchr(text.data, '/', text.size);
    struct cv_slice rest = text;
    struct cv_slice address = cv_slice_cut(&rest, '/');
    if (!cv_address_read(address, &network->address))
        return false;
    network->bits = BITS;
    bool four = memchr(address.data, '.', address.size) && !memchr(address.data, ':', address.size);
    if (!whole && !read_bits(rest, four ? BITS - MAPPED_BITS : BITS, &network->bits))
        return false;
    if (!whole && four)
        network->bits += MAPPED_BITS;
    return true;
}

bool cv_network_has(const struct cv_network *network, const struct cv_address *address)
{
    unsigned whole = network->bits / 8;
    unsigned rest = network->bits % 8;
    if (memcmp(network->address.bytes, address->bytes, whole) != 0)
        return false;
    uint8_t differing = rest ? network->address.bytes[whole] ^ address->bytes[whole] : 0;
    return differing >> (8 - rest) == 0;
}
