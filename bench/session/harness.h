/**
 * What the measured programs share: the command line, the clock, and one JSON line per repetition.
 *
 *     PROGRAM --case NAME --db PLACE [--rows N] [--repeat N]
 *
 * A case prepares what it needs, starts the clock, works, stops the clock and reports a check sum, by which bench/run
 * sees that every program did the same work.
 */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What the command line asked for; texts point into argv. */
struct harness_args {
    const char *case_name;
    const char *db;  /**< the database, as the program takes it */
    int64_t rows;    /**< users in it, or to read one by one, or to insert */
    unsigned repeat; /**< measured repetitions; above 1, one more comes first and is not reported */
};

/** What one repetition came to. */
struct harness_result {
    double began;   /**< seconds of the monotonic clock */
    double seconds; /**< between start and stop */
    int64_t check;  /**< sum over what was read or written */
    size_t bytes;   /**< memory that holds what was loaded; 0: not measured */
};

/** One way to work on the program's own context (a connection, a blend). False on failure, which it tells on stderr. */
typedef bool harness_run(void *context, const struct harness_args *args, struct harness_result *result);

struct harness_case {
    const char *name;
    harness_run *run;
};

/** Reads the command line. On a mistake it says what is wrong on stderr and returns false. */
bool harness_read(struct harness_args *args, int argc, char **argv);

void harness_start(struct harness_result *result);
void harness_stop(struct harness_result *result);

/** Runs the case that args names, printing its JSON lines. False when it fails or is not among the `count` cases. */
bool harness_main(const struct harness_args *args, const struct harness_case *cases, size_t count, void *context);

/** The id that is read in the n-th place (0 …): each of 1 … rows once, in an order that jumps about. */
int64_t harness_scattered_id(int64_t n, int64_t rows);

#endif
