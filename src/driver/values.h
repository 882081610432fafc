/**
 * New rows as statements of many: INSERT INTO … VALUES (…), (…), … RETURNING …, for engines that have nothing quicker.
 */
#ifndef CV_DRIVER_VALUES_H
#define CV_DRIVER_VALUES_H

#include "driver/driver.h"

/** Inserts the rows, some hundred by a statement; the statements are kept like others. As cv_driver.insert_many. */
bool cv_values_insert(struct cv_connection *connection, const struct cv_bulk *bulk, cuvee_error *error);
/** The kept statement that inserts so many rows, to be given back. */
struct cv_statement *cv_values_statement(struct cv_connection *connection, const struct cv_bulk *bulk, size_t rows,
                                         cuvee_error *error);
/** Tells the caller of rows without an assigned key of which the engine kept so many: all, or one was lost. */
bool cv_values_heard(const struct cv_batch *rows, size_t first, size_t count, int64_t kept);
/** Appends the name between the dialect's quotes. */
void cv_values_name(struct cv_buffer *sql, const struct cv_dialect *dialect, const char *name);

#endif
