/** Servers that say little but who they are: what a client of ours thinks of their version. */
#ifndef TESTS_SUPPORT_OLD_SERVER_H
#define TESTS_SUPPORT_OLD_SERVER_H

struct old_server;

/**
 * Listens on a port of 127.0.0.1, speaks the protocol of "postgres" or "mariadb" without TLS as far as letting
 * everybody in, and names this version. Takes clients one by one. Asserts success.
 */
struct old_server *old_server_start(const char *engine, const char *version);
/** A server that is full: it sends everybody away. */
struct old_server *old_server_start_full(const char *engine);
void old_server_stop(struct old_server *server);
unsigned old_server_port(const struct old_server *server);

#endif
