/** Addresses of clients and proxies. */
#ifndef CV_WEB_WIRE_ADDRESS_H
#define CV_WEB_WIRE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "web/wire/text.h"

/* An IPv6 address; one of IPv4 is mapped to ::ffff:a.b.c.d, as sockets that take both do it. All zeros: not known. */
struct cv_address {
    uint8_t bytes[16];
};

/* All addresses whose first `bits` bits are these. */
struct cv_network {
    struct cv_address address;
    unsigned bits;
};

enum { CV_ADDRESS_TEXT_SIZE = 46 };

/** The address at the other end of a connection; not known for NULL and for other families. */
struct cv_address cv_address_of(const struct sockaddr *socket);
/** "192.0.2.7" or "2001:db8::7". False: it is none, and *address is not known. */
bool cv_address_read(struct cv_slice text, struct cv_address *address);
/** Writes it as text; "" if it is not known. */
void cv_address_format(const struct cv_address *address, char text[CV_ADDRESS_TEXT_SIZE]);

/** "192.0.2.0/24", a lone address, or "*" for all. False: it is none. */
bool cv_network_read(struct cv_slice text, struct cv_network *network);
bool cv_network_has(const struct cv_network *network, const struct cv_address *address);

#endif
