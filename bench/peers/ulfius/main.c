/**
 * The demo's read endpoints as users of Ulfius and Hoel write them: one connection per database for the whole
 * process, queries as JSON, each result a JSON tree that becomes the reply.
 */
#include "args.h"

#include <arpa/inet.h>
#include <errno.h>
#include <hoel.h>
#include <stdio.h>
#include <stdlib.h>
#include <ulfius.h>

enum { path_size = 4096 };

struct databases {
    struct _h_connection *accounts;
    struct _h_connection *sales;
};

static void reply_detail(struct _u_response *response, unsigned status, const char *detail)
{
    json_t *body = json_pack("{ss}", "detail", detail);
    ulfius_set_json_body_response(response, status, body);
    json_decref(body);
}

static void reply_list(struct _h_connection *database, json_t *query, struct _u_response *response)
{
    json_t *rows = NULL;
    if (h_select(database, query, &rows, NULL) == H_OK) {
        ulfius_set_json_body_response(response, 200, rows);
        json_decref(rows);
    } else {
        reply_detail(response, 500, "Internal Server Error");
    }
    json_decref(query);
}

static int read_users(const struct _u_request *request, struct _u_response *response, void *arg)
{
    (void)request;
    const struct databases *databases = arg;
    json_t *query = json_pack("{sss[sss]ss}", "table", "users", "columns", "id", "name", "email", "order_by", "id");
    reply_list(databases->accounts, query, response);
    return U_CALLBACK_CONTINUE;
}

static int read_orders(const struct _u_request *request, struct _u_response *response, void *arg)
{
    (void)request;
    const struct databases *databases = arg;
    json_t *query = json_pack("{sss[sss]ss}", "table", "orders", "columns", "id", "item", "quantity", "order_by", "id");
    reply_list(databases->sales, query, response);
    return U_CALLBACK_CONTINUE;
}

static bool read_id(json_int_t *id, const char *text)
{
    char *end = NULL;
    errno = 0;
    *id = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0';
}

static int read_user(const struct _u_request *request, struct _u_response *response, void *arg)
{
    const struct databases *databases = arg;
    json_int_t id = 0;
    if (!read_id(&id, u_map_get(request->map_url, "id"))) {
        reply_detail(response, 422, "The id must be an integer");
        return U_CALLBACK_CONTINUE;
    }
    json_t *query = json_pack("{sss[sss]s{sI}}", "table", "users", "columns", "id", "name", "email", "where", "id", id);
    json_t *rows = NULL;
    if (h_select(databases->accounts, query, &rows, NULL) != H_OK) {
        reply_detail(response, 500, "Internal Server Error");
    } else if (json_array_size(rows) == 0) {
        reply_detail(response, 404, "Not Found");
    } else {
        ulfius_set_json_body_response(response, 200, json_array_get(rows, 0));
    }
    json_decref(rows);
    json_decref(query);
    return U_CALLBACK_CONTINUE;
}

static struct _h_connection *open_database(const char *folder, const char *name)
{
    char path[path_size];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct _h_connection *database = h_connect_sqlite(path);
    if (database == NULL) {
        fprintf(stderr, "%s: cannot be opened\n", path);
    }
    return database;
}

static bool serve(const struct args *args, struct databases *databases)
{
    struct _u_instance instance;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(args->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (ulfius_init_instance(&instance, args->port, &address, NULL) != U_OK) {
        return false;
    }
    ulfius_add_endpoint_by_val(&instance, "GET", "/users", NULL, 0, &read_users, databases);
    ulfius_add_endpoint_by_val(&instance, "GET", "/users", "/:id", 0, &read_user, databases);
    ulfius_add_endpoint_by_val(&instance, "GET", "/orders", NULL, 0, &read_orders, databases);
    bool started = ulfius_start_framework(&instance) == U_OK;
    if (started) {
        args_wait_stop();
        ulfius_stop_framework(&instance);
    } else {
        fprintf(stderr, "cannot listen on 127.0.0.1:%u\n", (unsigned)args->port);
    }
    ulfius_clean_instance(&instance);
    return started;
}

static void close_database(struct _h_connection *database)
{
    if (database != NULL) {
        h_close_db(database);
        h_clean_connection(database);
    }
}

int main(int argc, char **argv)
{
    struct args args;
    if (!args_read(&args, argc, argv)) {
        return 2;
    }
    args_block_stop();
    struct databases databases = {
        .accounts = open_database(args.data, "accounts.db"),
        .sales = open_database(args.data, "sales.db"),
    };
    bool served = databases.accounts != NULL && databases.sales != NULL && serve(&args, &databases);
    close_database(databases.accounts);
    close_database(databases.sales);
    return served ? EXIT_SUCCESS : EXIT_FAILURE;
}
