/**
 * The two databases, accounts and sales, as one worker sees them: its own connections, each statement prepared once.
 * store_sqlite.c, store_postgres.c and store_mariadb.c are this for an engine each; a program has one of them.
 */
#ifndef BENCH_STORE_H
#define BENCH_STORE_H

#include "json.h"

#include <stdint.h>

struct store;

enum store_result { STORE_FOUND, STORE_MISSING, STORE_FAILED };

/**
 * Opens both. `place` is the folder of accounts.db and sales.db, libpq's connection string but for the database's name,
 * or the socket of a MariaDB server. NULL, with a line on stderr, when that fails. One thread at a time.
 */
struct store *store_open(const char *place);

/** Writes all users by id as a JSON array. */
enum store_result store_users(struct store *store, struct json *json);

/** Writes all orders by id as a JSON array. */
enum store_result store_orders(struct store *store, struct json *json);

/** Writes the user with this id as a JSON object, or answers STORE_MISSING. */
enum store_result store_user(struct store *store, int64_t id, struct json *json);

/** Closes the connections; NULL is fine. */
void store_close(struct store *store);

#endif
