/**
 * Prepared statements kept per connection, found by their shape.
 *
 * A shape is a string of bytes that tells two statement texts apart (made by the SQL room); so the text of a shape is
 * built and prepared once per connection. The least recently used are dropped when there are more than the limit; one
 * that is in use never is.
 */
#ifndef CV_DRIVER_STATEMENTS_H
#define CV_DRIVER_STATEMENTS_H

#include "driver/driver.h"

struct cv_statements;

/** An empty store for at most `limit` statements; NULL when memory is out. */
struct cv_statements *cv_statements_new(size_t limit);
/** Finalizes all statements, none of which is in use. */
void cv_statements_clear(struct cv_statements *statements);
/** The same, and frees the store. NULL is fine. */
void cv_statements_free(struct cv_statements *statements);
/**
 * A connection to `database` with an empty store, in a struct of `size` bytes that begins with it; the rest is zeros.
 * From malloc; NULL when memory is out.
 */
void *cv_connection_new(size_t size, const struct cv_database *database, cuvee_error *error);

/**
 * The statement of this shape if it is kept and not in use; it is in use until cv_statement_give_back. NULL otherwise.
 */
struct cv_statement *cv_statement_find(struct cv_connection *connection, const void *shape, size_t shape_size);
/**
 * Prepares `text`, keeps it under `shape`, and gives it out for use. While the same shape is in use a second one is
 * made that is finalized when it is given back. NULL on error.
 */
struct cv_statement *cv_statement_make(struct cv_connection *connection, const void *shape, size_t shape_size,
                                       const struct cv_statement_text *text, cuvee_error *error);
/** Finishes the statement's run and makes it free for the next use. */
void cv_statement_give_back(struct cv_statement *statement, int64_t *changes);

#endif
