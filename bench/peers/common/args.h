/**
 * The options that every C peer takes, so that bench/run starts them all in the same way.
 */
#ifndef BENCH_ARGS_H
#define BENCH_ARGS_H

#include <stdbool.h>
#include <stdint.h>

/** What the command line asked for; texts point into argv. */
struct args {
    uint16_t port;          /**< TCP port on 127.0.0.1 */
    unsigned event_threads; /**< threads that read requests and send replies */
    unsigned workers;       /**< threads that run handlers */
    const char *data;       /**< where the databases accounts and sales are: a folder, or how to reach a server */
};

/** Reads the command line. On a mistake it says what is wrong on stderr and returns false. */
bool args_read(struct args *args, int argc, char **argv);

/** Blocks SIGINT and SIGTERM in this thread and in every thread started afterwards. */
void args_block_stop(void);

/** Waits until SIGINT or SIGTERM asks the process to end. */
void args_wait_stop(void);

#endif
