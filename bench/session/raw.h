/**
 * The work of a session, done by hand with sqlite3: what the figures of Cuvee's session are divided by.
 */
#ifndef BENCH_RAW_H
#define BENCH_RAW_H

#include "arena.h"
#include "harness.h"
#include "users.h"

#include <sqlite3.h>

/* Each takes a `sqlite3 *` as its context. */
harness_run raw_load, raw_rows, raw_rows_copied, raw_get, raw_insert, raw_update, raw_relation;

/** Prepares a statement; NULL, with a line on stderr, when that fails. */
sqlite3_stmt *raw_prepare(sqlite3 *database, const char *sql);

/** Runs a statement without result. False, with a line on stderr, when that fails. */
bool raw_execute(sqlite3 *database, const char *sql);

/** Says on stderr what went wrong in the database and answers false. */
bool raw_failed(sqlite3 *database, const char *what);

/** A column's text in the arena; NULL when there is no memory. */
const char *raw_column_text(sqlite3_stmt *row, int column, struct arena *arena);
#endif
