/* A database server that takes no more connections: the client is asked to come back. */
#include "web/support.h"

#include <stdio.h>

#include "support/old_server.h"
#include "web/wire.h"

static char last_line[500];

static void keep_line(void *arg, const char *line)
{
    (void)arg;
    snprintf(last_line, sizeof last_line, "%s", line);
}

static void read_items(cuvee_request *req)
{
    cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void a_server_that_is_full_is_503(void **state)
{
    (void)state;
    char url[60];
    struct old_server *server = old_server_start_full("mariadb");
    snprintf(url, sizeof url, "mariadb://guest@127.0.0.1:%u/stock", old_server_port(server));
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &stock, url);
    cuvee_app *app = cuvee_app_new(blend);
    cuvee_app_get(app, "/items", read_items);
    cuvee_server *serving = cuvee_server_start(app, &(cuvee_server_options){.log = keep_line}, NULL);
    struct wire_reply reply = wire_ask(cuvee_server_port(serving), "GET /items HTTP/1.1\r\nHost: h\r\n\r\n");
    char after[8];
    assert_int_equal(reply.status, 503);
    assert_string_equal(reply.body, "{\"detail\":\"Busy, please try again\"}");
    assert_true(wire_header(&reply, "Retry-After", after, sizeof after));
    assert_string_equal(after, "1");
    wire_free(&reply);
    cuvee_server_stop(serving);
    assert_non_null(strstr(last_line, "Too many connections"));
    cuvee_app_free(app);
    cuvee_blend_free(blend);
    old_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_server_that_is_full_is_503)};
    return cmocka_run_group_tests_name("web/request/full", tests, NULL, NULL);
}
