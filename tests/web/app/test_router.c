#include "web/support.h"

#include <stdio.h>

#include "web/app/endpoint.h"

static void ok(cuvee_request *req)
{
    cuvee_reply_text(req, cuvee_request_path(req));
}

/* What was opened, in order. */
static char opened[64];

static void *note(const char *name)
{
    static char value[] = "value";
    size_t size = strlen(opened);
    snprintf(opened + size, sizeof opened - size, "%s", name);
    return value;
}

static void *open_a(cuvee_request *req)
{
    (void)req;
    return note("a");
}

static void *open_b(cuvee_request *req)
{
    (void)req;
    return note("b");
}

static void *open_c(cuvee_request *req)
{
    (void)req;
    return note("c");
}

static void *open_refusing(cuvee_request *req)
{
    cuvee_reply_error(req, 403, "not you");
    return note("r");
}

static const cuvee_dependency a = {.name = "a", .open = open_a};
static const cuvee_dependency b = {.name = "b", .open = open_b};
static const cuvee_dependency *const needed[] = {&a, &b, NULL};
static const cuvee_dependency c = {.name = "c", .open = open_c, .dependencies = needed};
static const cuvee_dependency refusing = {.name = "refusing", .open = open_refusing};

static int set_up(void **state)
{
    *state = new_world();
    opened[0] = '\0';
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void gives(cuvee_test *t, const char *method, const char *path)
{
    reply_is(cuvee_test_request(t, method, path), 200, path);
}

static void prefixes_are_put_before_paths(void **state)
{
    struct world *world = *state;
    cuvee_router *users = cuvee_router_new(world->app, "/users");
    cuvee_router *orders = cuvee_router_new(world->app, "/orders", .within = users);
    cuvee_router *plain = cuvee_router_new(world->app, "");
    char prefix[] = "/built";
    cuvee_router *built = cuvee_router_new(world->app, prefix);
    prefix[1] = 'x'; /* it was copied */
    cuvee_router_get(users, "", ok);
    cuvee_router_post(users, "/a", ok);
    cuvee_router_put(orders, "/b", ok);
    cuvee_router_patch(orders, "", ok);
    cuvee_router_delete(plain, "/c", ok);
    cuvee_router_get(built, "/d", ok);
    cuvee_test *t = client(world);
    gives(t, "GET", "/users");
    gives(t, "POST", "/users/a");
    gives(t, "PUT", "/users/orders/b");
    gives(t, "PATCH", "/users/orders");
    gives(t, "DELETE", "/c");
    gives(t, "GET", "/built/d");
    assert_int_equal(cuvee_test_get(t, "/a")->status, 404);
}

static void tags_are_collected_from_outside_in(void **state)
{
    struct world *world = *state;
    cuvee_router *outer = cuvee_router_new(world->app, "/outer", .tag = "outer");
    cuvee_router *inner = cuvee_router_new(world->app, "/inner", .within = outer, .tag = "inner");
    cuvee_router *silent = cuvee_router_new(world->app, "/silent", .within = outer, .in_no_schema = true);
    cuvee_router_get(inner, "/x", ok, .tag = "own");
    cuvee_router_get(outer, "/y", ok);
    cuvee_router_get(silent, "/z", ok);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/openapi.json");
    at_is(r, "paths./outer/inner/x.get.tags", "[\"outer\",\"inner\",\"own\"]");
    at_is(r, "paths./outer/inner/x.get.operationId", "ok_outer_inner_x_get");
    at_is(r, "paths./outer/y.get.tags", "[\"outer\"]");
    at_is(r, "paths./outer/silent/z", NULL);
}

static void declared_dependencies_are_opened_before_the_handler(void **state)
{
    struct world *world = *state;
    cuvee_router *router = cuvee_router_new(world->app, "/r", .dependencies = CUVEE_DEPENDENCIES(&b));
    cuvee_router_get(router, "/one", ok, .dependencies = CUVEE_DEPENDENCIES(&a));
    cuvee_router_get(router, "/two", ok, .dependencies = CUVEE_DEPENDENCIES(&c, &b));
    cuvee_app_get(world->app, "/none", ok);
    cuvee_test *t = client(world);
    gives(t, "GET", "/r/one");
    assert_string_equal(opened, "ba");
    opened[0] = '\0';
    gives(t, "GET", "/r/two");
    assert_string_equal(opened, "bac"); /* c needs a and b, and b was there */
    opened[0] = '\0';
    gives(t, "GET", "/none");
    assert_string_equal(opened, "");
}

static void those_of_the_application_come_first(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_app *app = cuvee_app_new(blend, .dependencies = CUVEE_DEPENDENCIES(&b));
    cuvee_app_get(app, "/", ok, .dependencies = CUVEE_DEPENDENCIES(&a));
    cuvee_test *t = cuvee_test_open(app);
    gives(t, "GET", "/");
    assert_string_equal(opened, "ba");
    cuvee_test_close(t);
    cuvee_app_free(app);
    cuvee_blend_free(blend);
}

static void one_that_refuses_stops_everything_behind_it(void **state)
{
    struct world *world = *state;
    cuvee_app_post(world->app, "/", ok, .dependencies = CUVEE_DEPENDENCIES(&a, &refusing, &b),
                   .body = CUVEE_ONE(&item_model));
    reply_is(cuvee_test_post(client(world), "/", "{nonsense"), 403, "{\"detail\":\"not you\"}");
    assert_string_equal(opened, "ar");
}

/* ---- parameters of dependencies ---- */

typedef struct Page {
    int32_t limit;
    int32_t offset;
} Page;
static const cuvee_field page_fields[] = {CUVEE_FIELD(Page, limit, .fallback = "10", .le = "100"),
                                          CUVEE_FIELD(Page, offset, .fallback = "0", .ge = "0")};
static const cuvee_model page_model = CUVEE_MODEL(Page, NULL, page_fields);

static void *open_page(cuvee_request *req)
{
    note("p");
    return (void *)cuvee_params(req, &page_model);
}

static const cuvee_dependency page = {.name = "page", .open = open_page, .params = &page_model};

static void tell_page(cuvee_request *req)
{
    const Page *given = cuvee_depend(req, &page);
    const Item *item = cuvee_params(req, &item_model);
    char text[64];
    snprintf(text, sizeof text, "%d %d %d", (int)item->id, (int)given->limit, (int)given->offset);
    cuvee_reply_text(req, text);
}

static void dependencies_have_parameters_of_their_own(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/{id}", tell_page, .params = &item_model, .dependencies = CUVEE_DEPENDENCIES(&page));
    cuvee_test *t = client(world);
    reply_is(cuvee_test_get(t, "/7?limit=3"), 200, "7 3 0");
    opened[0] = '\0';
    const cuvee_test_reply *r = cuvee_test_get(t, "/x?limit=101&offset=-1");
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].loc", "[\"query\",\"limit\"]");
    at_is(r, "detail[1].loc", "[\"query\",\"offset\"]");
    at_is(r, "detail[2].loc", "[\"path\",\"id\"]");
    assert_string_equal(opened, ""); /* it is not opened on parameters that are wrong */
    r = cuvee_test_get(t, "/openapi.json");
    at_is(r, "paths./{id}.get.parameters[0].name", "id");
    at_is(r, "paths./{id}.get.parameters[1].name", "limit");
    at_is(r, "paths./{id}.get.parameters[2].name", "offset");
    at_is(r, "paths./{id}.get.parameters[3]", NULL);
}

static void tell_undeclared(cuvee_request *req)
{
    cuvee_depend(req, &page);
    cuvee_reply_text(req, "x");
}

static void undeclared_ones_have_not_been_read(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/", tell_undeclared);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/?limit=1");
    assert_int_equal(r->status, 500);
    assert_non_null(strstr(r->cause, "reads its parameters as Page, which the route does not declare"));
}

/* ---- mistakes ---- */

static void refuses_prefix(const char *prefix)
{
    struct world *world = new_world();
    cuvee_router *router = cuvee_router_new(world->app, prefix);
    assert_null(router);
    cuvee_router_get(router, "/x", ok);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "must begin with / and end without one");
    free_world(world);
}

static const cuvee_dependency circle_a;
static const cuvee_dependency *const circle_needs[] = {&circle_a, NULL};
static const cuvee_dependency circle_b = {.name = "circle_b", .open = open_b, .dependencies = circle_needs};
static const cuvee_dependency *const other_needs[] = {&circle_b, NULL};
static const cuvee_dependency circle_a = {.name = "circle_a", .open = open_a, .dependencies = other_needs};

static void mistakes_stay_in_the_application(void **state)
{
    (void)state;
    refuses_prefix("users");
    refuses_prefix("/users/");
    refuses_prefix("/");
    refuses_prefix(NULL);
    assert_null(cuvee_router_new(NULL, "/x"));
    struct world *world = new_world();
    cuvee_app_get(world->app, "/", ok, .dependencies = CUVEE_DEPENDENCIES(&circle_a));
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "depends on itself");
    free_world(world);
    world = new_world();
    static const cuvee_dependency nothing = {.name = "nothing"};
    cuvee_app_get(world->app, "/", ok, .dependencies = CUVEE_DEPENDENCIES(&nothing));
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "dependency nothing has no open");
    free_world(world);
    world = new_world();
    cuvee_router *router = cuvee_router_new(world->app, "/r");
    cuvee_router_get(router, "x", ok);
    cuvee_router_get(router, "no-slash", ok);
    assert_int_equal(cuvee_app_error(world->app)->kind, CUVEE_ERROR_NONE); /* "/rx" is a path */
    cuvee_router_get(router, "x", ok);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "GET /rx is declared twice");
    free_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(prefixes_are_put_before_paths, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tags_are_collected_from_outside_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(declared_dependencies_are_opened_before_the_handler, set_up, tear_down),
        cmocka_unit_test_setup_teardown(those_of_the_application_come_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_refuses_stops_everything_behind_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dependencies_have_parameters_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(undeclared_ones_have_not_been_read, set_up, tear_down),
        cmocka_unit_test(mistakes_stay_in_the_application),
    };
    return cmocka_run_group_tests_name("web/app/router", tests, NULL, NULL);
}
