/**
 * HTTP over two databases: event threads read requests and send replies, workers run the queries in between.
 */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include "args.h"

struct server;

/** Listens on 127.0.0.1 and starts the threads; NULL, with a line on stderr, when that fails. */
struct server *server_start(const struct args *args);

/** Answers what waits, ends the threads and frees the server; NULL is fine. */
void server_stop(struct server *server);

#endif
