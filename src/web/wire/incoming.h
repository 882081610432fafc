/** A request as it came, free of HTTP's wire form. */
#ifndef CV_WEB_WIRE_INCOMING_H
#define CV_WEB_WIRE_INCOMING_H

#include <stdbool.h>

#include "web/wire/text.h"

struct sockaddr;

/* How a request's headers are looked up, whoever carries them. */
struct cv_headers {
    /* Calls visit with the value of each header `name` (any case), in order, until it returns false. */
    void (*each)(const void *of, const char *name, bool (*visit)(void *arg, struct cv_slice value), void *arg);
    const void *of;
};

/** The value of the first header of this name; data NULL: none. */
struct cv_slice cv_header_of(const struct cv_headers *headers, const char *name);
/** Whether a reply should rather come as gzip than as it is. */
bool cv_wants_gzip(const struct cv_headers *headers);

/* One request as it came. Borrowed until the reply has been made. */
struct cv_incoming {
    struct cv_slice method;
    struct cv_slice target; /* path and query, not decoded */
    struct cv_slice body;
    struct cv_headers headers;
    const struct sockaddr *client; /* who is at the other end of the connection; NULL: not known */
};

#endif
