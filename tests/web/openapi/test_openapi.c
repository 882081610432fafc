#include "web/support.h"

#include <stdio.h>

static void ok(cuvee_request *req)
{
    cuvee_reply_status(req, 204);
}

typedef struct Page {
    int64_t id;
    cuvee_opt_int32 limit;
    const char *sort_by;
    const char *x_token;
    cuvee_opt_text visit;
} Page;
static const cuvee_field page_fields[] = {
    CUVEE_FIELD(Page, limit, .doc = "How many"),
    CUVEE_FIELD(Page, sort_by, .fallback = "name"),
    CUVEE_FIELD(Page, x_token, .in = CUVEE_IN_HEADER),
    CUVEE_FIELD(Page, visit, .in = CUVEE_IN_COOKIE),
    CUVEE_FIELD(Page, id),
};
static const cuvee_model page_model = CUVEE_MODEL(Page, NULL, page_fields);

typedef struct Pair {
    const Item *first;
} Pair;
static const cuvee_field pair_fields[] = {CUVEE_OBJECT_FIELD(Pair, first, &item_model)};
static const cuvee_model pair_model = CUVEE_MODEL(Pair, NULL, pair_fields);

/* Another model of the same name. */
static const cuvee_model other_item = CUVEE_MODEL(Item, NULL, pair_fields);

static const cuvee_test_reply *document(struct world *world)
{
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/openapi.json");
    assert_int_equal(r->status, 200);
    return r;
}

static void an_empty_application_has_an_empty_document(void **state)
{
    (void)state;
    struct world *world = new_world();
    reply_is(document(world), 200,
             "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Stock\",\"version\":\"0.1.0\"},\"paths\":{}}");
    free_world(world);
}

static void titles_and_versions_are_the_applications(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_app *app = cuvee_app_new(blend, .title = "T", .version = "2", .doc = "D");
    cuvee_test *t = cuvee_test_open(app);
    at_is(cuvee_test_get(t, "/openapi.json"), "info", "{\"title\":\"T\",\"description\":\"D\",\"version\":\"2\"}");
    cuvee_test_close(t);
    cuvee_app_free(app);
    cuvee_blend_free(blend);
}

static void an_operation_is_named_as_fastapi_names_it(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_route_named(
        world->app, "GET", "/items/{id}", ok, "read_2nd_item",
        &(cuvee_route_options){.params = &item_model, .tag = "things", .doc = "Long.", .deprecated = true});
    cuvee_app_post(world->app, "/", ok, .name = "other_name", .summary = "Short", .status = 204);
    cuvee_app_delete(world->app, "/hidden", ok, .in_no_schema = true);
    const cuvee_test_reply *r = document(world);
    at_is(r, "paths./items/{id}.get.tags", "[\"things\"]");
    at_is(r, "paths./items/{id}.get.summary", "Read 2Nd Item");
    at_is(r, "paths./items/{id}.get.description", "Long.");
    at_is(r, "paths./items/{id}.get.operationId", "read_2nd_item_items__id__get");
    at_is(r, "paths./items/{id}.get.deprecated", "true");
    at_is(r, "paths./.post",
          "{\"summary\":\"Short\",\"operationId\":\"other_name__post\","
          "\"responses\":{\"204\":{\"description\":\"Successful Response\"}}}");
    at_is(r, "paths./hidden", NULL);
    at_is(r, "paths./docs", NULL);
    free_world(world);
}

static void parameters_come_by_place(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/p/{id}", ok, .params = &page_model);
    const cuvee_test_reply *r = document(world);
    static const char *const expected[][3] = {{"id", "path", "true"},
                                              {"limit", "query", "false"},
                                              {"sort_by", "query", "false"},
                                              {"x-token", "header", "true"},
                                              {"visit", "cookie", "false"}};
    for (size_t i = 0; i < 5; i++) {
        char path[64];
        snprintf(path, sizeof path, "paths./p/{id}.get.parameters[%zu].name", i);
        at_is(r, path, expected[i][0]);
        snprintf(path, sizeof path, "paths./p/{id}.get.parameters[%zu].in", i);
        at_is(r, path, expected[i][1]);
        snprintf(path, sizeof path, "paths./p/{id}.get.parameters[%zu].required", i);
        at_is(r, path, expected[i][2]);
    }
    at_is(r, "paths./p/{id}.get.parameters[1].description", "How many");
    at_is(r, "paths./p/{id}.get.parameters[5]", NULL);
    at_is(r, "paths./p/{id}.get.responses.422",
          "{\"description\":\"Validation Error\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
          "\"#/components/schemas/HTTPValidationError\"}}}}");
    at_is(r, "paths./p/{id}.get.responses.200.content.application/json.schema", "{}");
    free_world(world);
}

static void bodies_and_replies_refer_to_components(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/pairs", ok, .returns = CUVEE_LIST(&pair_model));
    cuvee_app_post(world->app, "/pairs", ok, .body = CUVEE_LIST(&item_model), .returns = CUVEE_ONE(&pair_model),
                   .status = 201);
    const cuvee_test_reply *r = document(world);
    at_is(
        r, "paths./pairs.get.responses.200.content.application/json.schema",
        "{\"items\":{\"$ref\":\"#/components/schemas/Pair\"},\"type\":\"array\",\"title\":\"Response Ok Pairs Get\"}");
    at_is(r, "paths./pairs.get.responses.422", NULL);
    at_is(r, "paths./pairs.post.requestBody",
          "{\"content\":{\"application/json\":{\"schema\":{\"items\":{\"$ref\":\"#/components/schemas/Item-Input\"},"
          "\"type\":\"array\",\"title\":\"Body\"}}},\"required\":true}");
    at_is(r, "paths./pairs.post.responses.201.content.application/json.schema.$ref", "#/components/schemas/Pair");
    /* the nested model is written and read, so it has two schemas, and the reference knows which */
    at_is(r, "components.schemas.Pair.properties.first.$ref", "#/components/schemas/Item-Output");
    at_is(r, "components.schemas.Item-Input.properties.id", NULL);
    assert_non_null(cuvee_test_at(r, "components.schemas.Item-Output.properties.id"));
    at_is(r, "components.schemas.Item-Output.title", "Item");
    at_is(r, "components.schemas.Item", NULL);
    free_world(world);
}

static void one_use_needs_one_schema(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/items", ok, .returns = CUVEE_LIST(&item_model));
    const cuvee_test_reply *r = document(world);
    assert_non_null(cuvee_test_at(r, "components.schemas.Item.properties.id"));
    at_is(r, "components.schemas.HTTPValidationError", NULL);
    free_world(world);
    world = new_world();
    cuvee_app_post(world->app, "/items", ok, .body = CUVEE_ONE(&item_model));
    r = document(world);
    at_is(r, "components.schemas.Item.properties.id", NULL);
    at_is(r, "components.schemas.Item.title", "Item");
    free_world(world);
}

static void the_components_of_mistakes_are_fastapis(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/items/{id}", ok, .params = &item_model);
    const cuvee_test_reply *r = document(world);
    at_is(
        r, "components.schemas",
        "{\"HTTPValidationError\":{\"properties\":{\"detail\":{\"items\":{\"$ref\":\"#/components/schemas/"
        "ValidationError\"},\"type\":\"array\",\"title\":\"Detail\"}},\"type\":\"object\",\"title\":"
        "\"HTTPValidationError\"},\"ValidationError\":{\"properties\":{\"loc\":{\"items\":{\"anyOf\":[{\"type\":"
        "\"string\"},{\"type\":\"integer\"}]},\"type\":\"array\",\"title\":\"Location\"},\"msg\":{\"type\":\"string\","
        "\"title\":\"Message\"},\"type\":{\"type\":\"string\",\"title\":\"Error "
        "Type\"},\"input\":{\"title\":\"Input\"},"
        "\"ctx\":{\"type\":\"object\",\"title\":\"Context\"}},\"type\":\"object\",\"required\":[\"loc\",\"msg\","
        "\"type\"],"
        "\"title\":\"ValidationError\"}}");
    free_world(world);
}

static void components_stand_in_alphabetical_order(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_post(world->app, "/pairs", ok, .body = CUVEE_ONE(&pair_model), .returns = CUVEE_ONE(&item_model));
    const char *body = document(world)->body;
    static const char *const names[] = {"\"HTTPValidationError\":{", "\"Item-Input\":{", "\"Item-Output\":{",
                                        "\"Pair\":{", "\"ValidationError\":{"};
    const char *before = body;
    for (size_t i = 0; i < 5; i++) {
        const char *found = strstr(before, names[i]);
        if (!found)
            fail_msg("%s is not behind %s", names[i], i ? names[i - 1] : "the start");
        before = found;
    }
    free_world(world);
}

static void two_models_of_one_name_are_a_mistake(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/a", ok, .returns = CUVEE_ONE(&item_model));
    cuvee_app_get(world->app, "/b", ok, .returns = CUVEE_ONE(&other_item));
    assert_int_equal(cuvee_test_get(client(world), "/a")->status, 0);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "are called Item");
    free_world(world);
}

static void the_rest_of_a_path_is_an_ordinary_parameter(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/items/{id:path}", ok, .params = &item_model);
    const cuvee_test_reply *r = document(world);
    at_is(r, "paths./items/{id}.get.operationId", "ok_items__id__get");
    free_world(world);
}

static void other_replies_are_described(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_router *outer =
        cuvee_router_new(world->app, "/shop", .responses = CUVEE_RESPONSES({.status = 418}, {.status = 404}));
    cuvee_router *inner =
        cuvee_router_new(world->app, "/items", .within = outer,
                         .responses = CUVEE_RESPONSES({.status = 404, .doc = "No such shop"}, {.status = 503}));
    cuvee_router_get(inner, "/{id}", ok, .params = &item_model, .returns = CUVEE_ONE(&item_model),
                     .responses =
                         CUVEE_RESPONSES({.status = 409, .doc = "Changed", .returns = CUVEE_ONE(&pair_model)},
                                         {.status = 300, .returns = CUVEE_LIST(&item_model)},
                                         {.status = 200, .doc = "The item"}, {.status = 422, .doc = "No number"}));
    const cuvee_test_reply *r = document(world);
    at_is(r, "paths./shop/items/{id}.get.responses",
          "{\"200\":{\"description\":\"The item\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
          "\"#/components/schemas/Item\"}}}},"
          "\"418\":{\"description\":\"Additional Response\"},"
          "\"404\":{\"description\":\"No such shop\"},"
          "\"503\":{\"description\":\"Service Unavailable\"},"
          "\"409\":{\"description\":\"Changed\",\"content\":{\"application/json\":{\"schema\":{\"$ref\":"
          "\"#/components/schemas/Pair\"}}}},"
          "\"300\":{\"description\":\"Additional Response\",\"content\":{\"application/json\":{\"schema\":{\"items\":"
          "{\"$ref\":\"#/components/schemas/Item\"},\"type\":\"array\",\"title\":\"Response 300 Ok Shop Items  Id  "
          "Get\"}}}},"
          "\"422\":{\"description\":\"No number\"}}");
    at_is(r, "components.schemas.Pair.title", "Pair"); /* used there only */
    free_world(world);
    world = new_world();
    cuvee_app_get(world->app, "/", ok, .responses = CUVEE_RESPONSES({.status = 42}));
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "GET /: 42 is no status");
    free_world(world);
}

/* The options' lists may go away once they were given. */
static cuvee_app *app_with_tags(cuvee_blend *blend)
{
    const cuvee_tag tags[] = {{"people", "Who they are"}, {"bare", NULL}, {NULL, NULL}};
    return cuvee_app_new(blend, .tags = tags);
}

static void tags_are_described_in_their_order(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_app *app = app_with_tags(blend);
    cuvee_app_get(app, "/", ok, .tag = "other");
    cuvee_test *t = cuvee_test_open(app);
    at_is(cuvee_test_get(t, "/openapi.json"), "tags",
          "[{\"name\":\"people\",\"description\":\"Who they are\"},{\"name\":\"bare\"}]");
    cuvee_test_close(t);
    cuvee_app_free(app);
    cuvee_blend_free(blend);
}

static void no_two_operations_have_one_id(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/a-b", ok);
    cuvee_app_get(world->app, "/a_b", ok, .operation_id = "other");
    at_is(document(world), "paths./a_b.get.operationId", "other");
    free_world(world);
    world = new_world();
    cuvee_app_get(world->app, "/a-b", ok);
    cuvee_app_get(world->app, "/a_b", ok);
    assert_int_equal(cuvee_test_get(client(world), "/")->status, 0);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, "GET /a_b has the operation id ok_a_b_get of GET /a-b");
    free_world(world);
    world = new_world();
    cuvee_app_get(world->app, "/a", ok, .operation_id = "same");
    cuvee_app_get(world->app, "/b", ok, .operation_id = "same", .in_no_schema = true);
    document(world);
    free_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_application_has_an_empty_document),
        cmocka_unit_test(titles_and_versions_are_the_applications),
        cmocka_unit_test(an_operation_is_named_as_fastapi_names_it),
        cmocka_unit_test(parameters_come_by_place),
        cmocka_unit_test(bodies_and_replies_refer_to_components),
        cmocka_unit_test(one_use_needs_one_schema),
        cmocka_unit_test(the_components_of_mistakes_are_fastapis),
        cmocka_unit_test(components_stand_in_alphabetical_order),
        cmocka_unit_test(two_models_of_one_name_are_a_mistake),
        cmocka_unit_test(the_rest_of_a_path_is_an_ordinary_parameter),
        cmocka_unit_test(other_replies_are_described),
        cmocka_unit_test(tags_are_described_in_their_order),
        cmocka_unit_test(no_two_operations_have_one_id),
    };
    return cmocka_run_group_tests_name("web/openapi/openapi", tests, NULL, NULL);
}
