#include "row.h"
#include "store.h"

#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer texts than the tables take. */
enum { text_size = 512, columns = 3 };

/** A prepared statement and the buffers that its rows are read into. */
struct statement {
    MYSQL_STMT *handle;
    int64_t parameter;
    int64_t numbers[columns];
    char texts[columns][text_size];
    unsigned long lengths[columns];
    my_bool nulls[columns];
};

struct store {
    MYSQL *accounts;
    MYSQL *sales;
    struct statement users;
    struct statement user;
    struct statement orders;
};

typedef void row_writer(const struct statement *row, struct json *json);

static struct text text_of(const struct statement *row, int column)
{
    return (struct text){row->nulls[column] ? NULL : row->texts[column], row->lengths[column]};
}

static void write_user(const struct statement *row, struct json *json)
{
    row_user(json, row->numbers[0], text_of(row, 1), text_of(row, 2));
}

static void write_order(const struct statement *row, struct json *json)
{
    row_order(json, row->numbers[0], text_of(row, 1), row->numbers[2]);
}

/** Runs it and writes every row: an array, or the bare object. False on failure; a truncated text is one. */
static bool write_rows(struct statement *statement, row_writer *write, bool array, struct json *json, size_t *count)
{
    int code = mysql_stmt_execute(statement->handle);
    while (code == 0 && (code = mysql_stmt_fetch(statement->handle)) == 0) {
        if (array) {
            row_begin(json, *count);
        }
        write(statement, json);
        ++*count;
    }
    mysql_stmt_free_result(statement->handle);
    return code == MYSQL_NO_DATA && !json->failed;
}

static enum store_result write_list(struct statement *statement, row_writer *write, struct json *json)
{
    size_t count = 0;
    bool good = write_rows(statement, write, true, json, &count);
    row_end(json, count);
    return good && !json->failed ? STORE_FOUND : STORE_FAILED;
}

enum store_result store_users(struct store *store, struct json *json)
{
    return write_list(&store->users, write_user, json);
}

enum store_result store_orders(struct store *store, struct json *json)
{
    return write_list(&store->orders, write_order, json);
}

enum store_result store_user(struct store *store, int64_t id, struct json *json)
{
    size_t count = 0;
    store->user.parameter = id;
    if (!write_rows(&store->user, write_user, false, json, &count)) {
        return STORE_FAILED;
    }
    return count == 0 ? STORE_MISSING : STORE_FOUND;
}

static MYSQL *open_database(const char *socket, const char *name)
{
    MYSQL *database = mysql_init(NULL);
    if (database == NULL) {
        return NULL;
    }
    mysql_options(database, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (mysql_real_connect(database, NULL, "root", NULL, name, 0, socket, 0) == NULL) {
        fprintf(stderr, "%s: %s\n", socket, mysql_error(database));
        mysql_close(database);
        return NULL;
    }
    return database;
}

/** `kinds` has a letter per column: 't' for text, 'n' for a number. */
static bool bind(struct statement *statement, const char *kinds)
{
    MYSQL_BIND in = {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &statement->parameter};
    MYSQL_BIND out[columns];
    memset(out, 0, sizeof out);
    for (int i = 0; i < columns; i++) {
        bool text = kinds[i] == 't';
        out[i].buffer_type = text ? MYSQL_TYPE_STRING : MYSQL_TYPE_LONGLONG;
        out[i].buffer = text ? (void *)statement->texts[i] : (void *)&statement->numbers[i];
        out[i].buffer_length = text ? text_size : sizeof statement->numbers[i];
        out[i].length = &statement->lengths[i];
        out[i].is_null = &statement->nulls[i];
    }
    return (mysql_stmt_param_count(statement->handle) == 0 || mysql_stmt_bind_param(statement->handle, &in) == 0) &&
           mysql_stmt_bind_result(statement->handle, out) == 0;
}

static bool prepare(struct statement *statement, MYSQL *database, const char *sql, const char *kinds)
{
    statement->handle = mysql_stmt_init(database);
    if (statement->handle == NULL) {
        return false;
    }
    if (mysql_stmt_prepare(statement->handle, sql, strlen(sql)) != 0 || !bind(statement, kinds)) {
        fprintf(stderr, "%s: %s\n", sql, mysql_stmt_error(statement->handle));
        return false;
    }
    return true;
}

static bool prepare_all(struct store *store)
{
    return prepare(&store->users, store->accounts, "SELECT id, name, email FROM users ORDER BY id", "ntt") &&
           prepare(&store->user, store->accounts, "SELECT id, name, email FROM users WHERE id = ?", "ntt") &&
           prepare(&store->orders, store->sales, "SELECT id, item, quantity FROM orders ORDER BY id", "ntn");
}

struct store *store_open(const char *socket)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return NULL;
    }
    store->accounts = open_database(socket, "accounts");
    store->sales = open_database(socket, "sales");
    if (store->accounts == NULL || store->sales == NULL || !prepare_all(store)) {
        store_close(store);
        return NULL;
    }
    return store;
}

static void finalize(struct statement *statement)
{
    if (statement->handle != NULL) {
        mysql_stmt_close(statement->handle);
    }
}

static void close_database(MYSQL *database)
{
    if (database != NULL) {
        mysql_close(database);
    }
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    finalize(&store->users);
    finalize(&store->user);
    finalize(&store->orders);
    close_database(store->accounts);
    close_database(store->sales);
    free(store);
}
