/** What the drivers' catalogs share. */
#ifndef CV_DRIVER_CATALOG_H
#define CV_DRIVER_CATALOG_H

#include "driver/driver.h"

/**
 * Adds a column (NULL: an expression, or a part of a column) to the unique index of this name; the columns of an index are told one
 * after the other. Of more columns than an index description holds the rest count as an expression. False: out of memory.
 */
bool cv_table_add_unique(struct cv_table *table, const char *index, const char *column, struct cv_arena *arena);

#endif
