/**
 * A proxy between a client and a server's socket that can be told to lose connections: what a network does, at a chosen
 * moment.
 */
#ifndef TESTS_SUPPORT_PROXY_H
#define TESTS_SUPPORT_PROXY_H

#include <stdbool.h>

struct proxy;

enum proxy_cut {
    PROXY_BEFORE = 1, /* what holds the word never reaches the server */
    PROXY_BEHIND,     /* it does, and the server answers, but the client does not hear it */
};

/** Listens on a port of 127.0.0.1 and passes on to the Unix socket at `path`. Asserts success. */
struct proxy *proxy_start(const char *path);
void proxy_stop(struct proxy *proxy);
unsigned proxy_port(const struct proxy *proxy);

/** Cuts the connection whose client sends this word next, once. */
void proxy_cut(struct proxy *proxy, const char *word, enum proxy_cut when);
/** Cuts all connections, and takes no more until proxy_up. */
void proxy_down(struct proxy *proxy);
void proxy_up(struct proxy *proxy);
/** Lets whoever connects wait: neither taken nor refused, until proxy_hear. */
void proxy_ignore(struct proxy *proxy);
void proxy_hear(struct proxy *proxy);
/** Returns when somebody waits so. */
void proxy_await(struct proxy *proxy);
/** How many connections it has taken so far. */
unsigned proxy_taken(struct proxy *proxy);

#endif
