#include "row.h"
#include "store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { busy_ms = 5000, path_size = 4096 };

struct store {
    sqlite3 *accounts;
    sqlite3 *sales;
    sqlite3_stmt *users;
    sqlite3_stmt *user;
    sqlite3_stmt *orders;
};

typedef void row_writer(sqlite3_stmt *row, struct json *json);

static struct text text_of(sqlite3_stmt *row, int column)
{
    const char *bytes = (const char *)sqlite3_column_text(row, column);
    return (struct text){bytes, (size_t)sqlite3_column_bytes(row, column)};
}

static void write_user(sqlite3_stmt *row, struct json *json)
{
    row_user(json, sqlite3_column_int64(row, 0), text_of(row, 1), text_of(row, 2));
}

static void write_order(sqlite3_stmt *row, struct json *json)
{
    row_order(json, sqlite3_column_int64(row, 0), text_of(row, 1), sqlite3_column_int64(row, 2));
}

static enum store_result write_rows(sqlite3_stmt *statement, row_writer *write, struct json *json)
{
    size_t count = 0;
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        row_begin(json, count++);
        write(statement, json);
    }
    sqlite3_reset(statement);
    row_end(json, count);
    return rc == SQLITE_DONE && !json->failed ? STORE_FOUND : STORE_FAILED;
}

enum store_result store_users(struct store *store, struct json *json)
{
    return write_rows(store->users, write_user, json);
}

enum store_result store_orders(struct store *store, struct json *json)
{
    return write_rows(store->orders, write_order, json);
}

enum store_result store_user(struct store *store, int64_t id, struct json *json)
{
    sqlite3_bind_int64(store->user, 1, id);
    int rc = sqlite3_step(store->user);
    if (rc == SQLITE_ROW) {
        write_user(store->user, json);
    }
    sqlite3_reset(store->user);
    if (rc == SQLITE_DONE) {
        return STORE_MISSING;
    }
    return rc == SQLITE_ROW && !json->failed ? STORE_FOUND : STORE_FAILED;
}

static sqlite3 *open_database(const char *folder, const char *name)
{
    char path[path_size];
    sqlite3 *database = NULL;
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path) {
        fprintf(stderr, "%s: the path is too long\n", folder);
        return NULL;
    }
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(database));
        sqlite3_close(database);
        return NULL;
    }
    sqlite3_busy_timeout(database, busy_ms);
    return database;
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(database));
    }
    return statement;
}

static bool prepare_all(struct store *store)
{
    store->users = prepare(store->accounts, "SELECT id, name, email FROM users ORDER BY id");
    store->user = prepare(store->accounts, "SELECT id, name, email FROM users WHERE id = ?1");
    store->orders = prepare(store->sales, "SELECT id, item, quantity FROM orders ORDER BY id");
    return store->users != NULL && store->user != NULL && store->orders != NULL;
}

struct store *store_open(const char *folder)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return NULL;
    }
    store->accounts = open_database(folder, "accounts.db");
    store->sales = open_database(folder, "sales.db");
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
    sqlite3_finalize(store->users);
    sqlite3_finalize(store->user);
    sqlite3_finalize(store->orders);
    sqlite3_close(store->accounts);
    sqlite3_close(store->sales);
    free(store);
}
