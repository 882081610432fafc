/** What the drivers' catalogs share. */
#ifndef CV_DRIVER_CATALOG_H
#define CV_DRIVER_CATALOG_H

#include "driver/driver.h"

/**
 * Adds a column (NULL: an expression, or a part of a column) to the unique index of this name; the columns of an index
 * are told one after the other. Of more columns than an index description holds the rest count as an expression. False:
 * out of memory.
 */
bool cv_table_add_unique(struct cv_table *table, const char *index, const char *column, struct cv_arena *arena);

/** The n-th number from 0 in a type's parentheses: 2 is number 1 of "decimal(10,2)". `missing` when there is none. */
long cv_type_number(const char *type, int n, long missing);

/** Whether a column of `length` characters takes every text that the field may have. */
bool cv_text_fits(long length, const struct cv_column_need *need);
/**
 * Whether every text that the field may have is that long: then none is padded, and no spaces are taken from its end.
 */
bool cv_text_fills(long length, const struct cv_column_need *need);

#endif
