#include "web/support.h"

/* Replies with what it read. */
static void echo_item(cuvee_request *req)
{
    cuvee_reply_object(req, &item_model, cuvee_body(req, &item_model));
}

static void echo_items(cuvee_request *req)
{
    cuvee_array body = cuvee_body_list(req, &item_model);
    const void *pointers[8];
    for (size_t i = 0; i < body.count && i < 8; i++)
        pointers[i] = (const Item *)body.items + i;
    cuvee_reply_list(req, &item_model, (cuvee_list){pointers, body.count});
}

typedef struct Place {
    int64_t row;
} Place;
static const cuvee_field place_fields[] = {CUVEE_FIELD(Place, row)};
static const cuvee_model place_model = CUVEE_MODEL(Place, NULL, place_fields);

typedef struct Strict {
    int64_t number;
} Strict;
static const cuvee_field strict_fields[] = {CUVEE_FIELD(Strict, number)};
static const cuvee_model strict_model = CUVEE_MODEL(Strict, NULL, strict_fields, .forbid_extra = true);

static void take_strict(cuvee_request *req)
{
    cuvee_reply_object(req, &strict_model, cuvee_body(req, &strict_model));
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_post(world->app, "/items", echo_item, .body = CUVEE_ONE(&item_model));
    cuvee_app_post(world->app, "/lists", echo_items, .body = CUVEE_LIST(&item_model));
    cuvee_app_post(world->app, "/rows/{row}", echo_item, .params = &place_model, .body = CUVEE_ONE(&item_model));
    cuvee_app_post(world->app, "/strict", take_strict, .body = CUVEE_ONE(&strict_model));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static const char good[] = "{\"name\":\"Lamp\",\"amount\":3}";
static const char echoed[] = "{\"id\":0,\"name\":\"Lamp\",\"amount\":3,\"note\":null}";

static void an_object_becomes_a_struct(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_post(t, "/items", good), 200, echoed);
    reply_is(
        cuvee_test_post(t, "/items", "{\"id\":99,\"name\":\"\\u00e4\",\"amount\":1,\"note\":\"n\",\"more\":[]}"), 200,
        "{\"id\":0,\"name\":\"\xC3\xA4\",\"amount\":1,\"note\":\"n\"}"); /* the key is not for the client to choose */
}

static void all_mistakes_are_told_at_once(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_post(t, "/items", "{\"name\":\"\",\"amount\":-1,\"note\":7}");
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].type", "string_too_short");
    at_is(r, "detail[0].loc", "[\"body\",\"name\"]");
    at_is(r, "detail[1].type", "greater_than_equal");
    at_is(r, "detail[2].type", "string_type");
    at_is(r, "detail[2].input", "7");
    at_is(r, "detail[3]", NULL);
}

static void mistakes_of_parameters_come_before_those_of_the_body(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_post(t, "/rows/x", "{}");
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].loc", "[\"path\",\"row\"]");
    at_is(r, "detail[1].loc", "[\"body\",\"name\"]");
    at_is(r, "detail[1].input", "{}");
    at_is(r, "detail[2].loc", "[\"body\",\"amount\"]");
}

static const char missing_body[] =
    "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null}]}";

static void a_body_that_is_not_there_is_told(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_request(t, "POST", "/items"), 422, missing_body);
    reply_is(cuvee_test_post(t, "/items", ""), 422, missing_body);
    reply_is(cuvee_test_post(t, "/items", "null"), 422, missing_body);
    reply_is(cuvee_test_post(t, "/lists", "null"), 422, missing_body);
}

static void broken_json_is_told_with_its_place_and_nothing_else(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_post(t, "/rows/x", "{\"name\": }"), 422,
             "{\"detail\":[{\"type\":\"json_invalid\",\"loc\":[\"body\",9],\"msg\":\"JSON decode error\",\"input\":{},"
             "\"ctx\":{\"error\":\"Expecting value\"}}]}");
}

static void invalid_utf8_is_a_400(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_post(t, "/items", "{\"name\":\"\xFF\",\"amount\":1}"), 400,
             "{\"detail\":\"There was an error parsing the body\"}");
}

static void nul_in_a_text_is_told(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_post(t, "/items", "{\"name\":\"a\\u0000b\",\"amount\":1}");
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].loc", "[\"body\",\"name\"]");
    r = cuvee_test_request(t, "POST", "/items", .body = "{\0}", .body_size = 3);
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].type", "json_invalid");
}

static void only_json_types_are_read_as_json(void **state)
{
    cuvee_test *t = client(*state);
    static const char *const types[] = {"application/json", "application/json; charset=utf-8", "APPLICATION/JSON",
                                        "application/problem+json", " application/json "};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        reply_is(cuvee_test_request(t, "POST", "/items", .body = good, .content_type = types[i]), 200, echoed);
    static const char *const others[] = {
        "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json", "", "application/", "+json",
        "text/json"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const cuvee_test_reply *r = cuvee_test_request(t, "POST", "/items", .body = "{}", .content_type = others[i]);
        reply_is(
            r, 422,
            "{\"detail\":[{\"type\":\"model_attributes_type\",\"loc\":[\"body\"],\"msg\":\"Input should be a valid "
            "dictionary or object to extract fields from\",\"input\":\"{}\"}]}");
    }
    const cuvee_test_reply *r = cuvee_test_request(t, "POST", "/lists", .body = "\xFF", .content_type = "text/plain");
    at_is(r, "detail[0].type", "list_type");
    at_is(r, "detail[0].input", "\xEF\xBF\xBD");
}

static void a_json_value_of_another_kind_is_told(void **state)
{
    cuvee_test *t = client(*state);
    at_is(cuvee_test_post(t, "/items", "[]"), "detail[0].type", "model_attributes_type");
    at_is(cuvee_test_post(t, "/items", "7"), "detail[0].loc", "[\"body\"]");
    at_is(cuvee_test_post(t, "/lists", "{}"), "detail[0].type", "list_type");
}

static void a_list_becomes_an_array_of_structs(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_post(t, "/lists", "[]"), 200, "[]");
    reply_is(
        cuvee_test_post(t, "/lists", "[{\"name\":\"a\",\"amount\":1},{\"name\":\"b\",\"amount\":2}]"), 200,
        "[{\"id\":0,\"name\":\"a\",\"amount\":1,\"note\":null},{\"id\":0,\"name\":\"b\",\"amount\":2,\"note\":null}]");
    const cuvee_test_reply *r = cuvee_test_post(t, "/lists", "[{\"name\":\"a\",\"amount\":1},{\"name\":\"b\"}]");
    at_is(r, "detail[0].loc", "[\"body\",1,\"amount\"]");
}

static void extra_members_are_refused_on_request(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_post(t, "/strict", "{\"number\":1}"), 200, "{\"number\":1}");
    at_is(cuvee_test_post(t, "/strict", "{\"number\":1,\"more\":2}"), "detail[0].type", "extra_forbidden");
}

static void take_other(cuvee_request *req)
{
    assert_int_equal(((const Strict *)cuvee_body(req, &strict_model))->number, 0);
    cuvee_reply_status(req, 204);
}

static void take_other_list(cuvee_request *req)
{
    assert_int_equal(cuvee_body_list(req, &item_model).count, 0);
    cuvee_reply_status(req, 204);
}

static void another_descriptor_than_the_routes_is_a_500(void **state)
{
    struct world *world = new_world();
    (void)state;
    cuvee_app_post(world->app, "/a", take_other, .body = CUVEE_ONE(&item_model));
    cuvee_app_post(world->app, "/b", take_other);
    cuvee_app_post(world->app, "/c", take_other, .body = CUVEE_LIST(&strict_model));
    cuvee_app_post(world->app, "/d", take_other_list, .body = CUVEE_ONE(&item_model));
    reply_is(cuvee_test_post(client(world), "/a", good), 500, "Internal Server Error");
    reply_is(cuvee_test_post(client(world), "/b", good), 500, "Internal Server Error");
    reply_is(cuvee_test_post(client(world), "/c", "[{\"number\":1}]"), 500, "Internal Server Error");
    reply_is(cuvee_test_post(client(world), "/d", good), 500, "Internal Server Error");
    free_world(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_object_becomes_a_struct, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_mistakes_are_told_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_of_parameters_come_before_those_of_the_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_that_is_not_there_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_json_is_told_with_its_place_and_nothing_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(invalid_utf8_is_a_400, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nul_in_a_text_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_json_types_are_read_as_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_json_value_of_another_kind_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_becomes_an_array_of_structs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(extra_members_are_refused_on_request, set_up, tear_down),
        cmocka_unit_test(another_descriptor_than_the_routes_is_a_500),
    };
    return cmocka_run_group_tests_name("web/request/body", tests, NULL, NULL);
}
