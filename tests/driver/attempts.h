/**
 * Steps in the use of a database that may fail, for tests in which allocations do. The table is t (id, v): a number and
 * a text.
 */
#ifndef TESTS_DRIVER_ATTEMPTS_H
#define TESTS_DRIVER_ATTEMPTS_H

#include "driver/support.h"

/** The kept or a new statement that writes t's two columns, or reads them when it `reads`. NULL: *error. */
struct cv_statement *try_statement(struct cv_connection *connection, const char *sql, bool reads, bool raw,
                                   cuvee_error *error);
/**
 * Reads all rows and counts them. With `interrupt`, another statement runs while rows are still to come. False: *error.
 */
bool try_read(struct cv_connection *connection, const char *sql, bool raw, bool interrupt, size_t *rows,
              cuvee_error *error);
/** Describes t, which has two columns. False: *error. */
bool try_describe(struct cv_connection *connection, cuvee_error *error);

#endif
