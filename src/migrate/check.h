/** Whether a live table is as a model needs it. */
#ifndef CV_MIGRATE_CHECK_H
#define CV_MIGRATE_CHECK_H

#include "driver/driver.h"
#include "model/plan.h"

/**
 * Looks whether the model's table is there and each field has a column that holds its kind. With `writes` also whether
 * NULL is taken where the field can be NULL and only there, whether no column rounds or cuts what it is given, whether
 * the database assigns an automatic key, whether columns that no field names can do without a value, and whether the
 * key and what is declared to be unique are kept so. False: SCHEMA, naming the fields, or what the driver says.
 */
bool cv_table_check(struct cv_connection *connection, const struct cv_plan *plan, bool writes, cuvee_error *error);

#endif
