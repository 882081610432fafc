#include "row.h"
#include "store.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

enum { place_size = 4096, binary = 1 };

struct store {
    PGconn *accounts;
    PGconn *sales;
};

typedef void row_writer(const PGresult *result, int row, struct json *json);

/** Reads a bigint (8 bytes) or an integer (4), highest byte first. */
static int64_t integer_of(const PGresult *result, int row, int column)
{
    const unsigned char *bytes = (const unsigned char *)PQgetvalue(result, row, column);
    int length = PQgetlength(result, row, column);
    uint64_t value = length > 0 && bytes[0] > 127 ? UINT64_MAX : 0;
    for (int i = 0; i < length; i++) {
        value = value << 8 | bytes[i];
    }
    return (int64_t)value;
}

static struct text text_of(const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column)) {
        return (struct text){NULL, 0};
    }
    return (struct text){PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column)};
}

static void write_user(const PGresult *result, int row, struct json *json)
{
    row_user(json, integer_of(result, row, 0), text_of(result, row, 1), text_of(result, row, 2));
}

static void write_order(const PGresult *result, int row, struct json *json)
{
    row_order(json, integer_of(result, row, 0), text_of(result, row, 1), integer_of(result, row, 2));
}

static enum store_result write_rows(PGconn *database, const char *statement, row_writer *write, struct json *json)
{
    PGresult *result = PQexecPrepared(database, statement, 0, NULL, NULL, NULL, binary);
    bool good = PQresultStatus(result) == PGRES_TUPLES_OK;
    int count = good ? PQntuples(result) : 0;
    for (int i = 0; i < count; i++) {
        row_begin(json, (size_t)i);
        write(result, i, json);
    }
    row_end(json, (size_t)count);
    PQclear(result);
    return good && !json->failed ? STORE_FOUND : STORE_FAILED;
}

enum store_result store_users(struct store *store, struct json *json)
{
    return write_rows(store->accounts, "users", write_user, json);
}

enum store_result store_orders(struct store *store, struct json *json)
{
    return write_rows(store->sales, "orders", write_order, json);
}

enum store_result store_user(struct store *store, int64_t id, struct json *json)
{
    char bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (char)((uint64_t)id >> (56 - 8 * i) & 0xFF);
    }
    const char *values[] = {bytes};
    const int lengths[] = {sizeof bytes};
    const int formats[] = {binary};
    PGresult *result = PQexecPrepared(store->accounts, "user", 1, values, lengths, formats, binary);
    enum store_result answer = STORE_FAILED;
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        answer = PQntuples(result) == 1 ? STORE_FOUND : STORE_MISSING;
    }
    if (answer == STORE_FOUND) {
        write_user(result, 0, json);
    }
    PQclear(result);
    return json->failed ? STORE_FAILED : answer;
}

static PGconn *open_database(const char *place, const char *name)
{
    char info[place_size];
    int length = snprintf(info, sizeof info, "%s dbname=%s", place, name);
    if (length < 0 || (size_t)length >= sizeof info) {
        fprintf(stderr, "%s: the connection string is too long\n", place);
        return NULL;
    }
    PGconn *database = PQconnectdb(info);
    if (PQstatus(database) != CONNECTION_OK) {
        fprintf(stderr, "%s", PQerrorMessage(database));
        PQfinish(database);
        return NULL;
    }
    return database;
}

static bool prepare(PGconn *database, const char *name, const char *sql)
{
    PGresult *result = PQprepare(database, name, sql, 0, NULL);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!good) {
        fprintf(stderr, "%s: %s", sql, PQerrorMessage(database));
    }
    PQclear(result);
    return good;
}

static bool prepare_all(const struct store *store)
{
    return prepare(store->accounts, "users", "SELECT id, name, email FROM users ORDER BY id") &&
           prepare(store->accounts, "user", "SELECT id, name, email FROM users WHERE id = $1") &&
           prepare(store->sales, "orders", "SELECT id, item, quantity FROM orders ORDER BY id");
}

struct store *store_open(const char *place)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return NULL;
    }
    store->accounts = open_database(place, "accounts");
    store->sales = open_database(place, "sales");
    if (store->accounts == NULL || store->sales == NULL || !prepare_all(store)) {
        store_close(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    PQfinish(store->accounts);
    PQfinish(store->sales);
    free(store);
}
