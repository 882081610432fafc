#include "web/support.h"

#include <stdio.h>

/* ---- one of each place ---- */

typedef struct Search {
    int64_t shelf;
    const char *q;
    cuvee_opt_int32 limit;
    bool deep;
    const char *x_token;
    cuvee_opt_text agent;
    const char *visit;
} Search;
static const cuvee_field search_fields[] = {
    CUVEE_FIELD(Search, visit, .in = CUVEE_IN_COOKIE, .fallback = "none"),
    CUVEE_FIELD(Search, x_token, .in = CUVEE_IN_HEADER, .fallback = "none"),
    CUVEE_FIELD(Search, agent, .in = CUVEE_IN_HEADER, .alias = "User-Agent"),
    CUVEE_FIELD(Search, q, .max_length = 5),
    CUVEE_FIELD(Search, limit, .ge = "1", .le = "100"),
    CUVEE_FIELD(Search, deep, .fallback = "false"),
    CUVEE_FIELD(Search, shelf, .ge = "1"),
};
static const cuvee_model search_model = CUVEE_MODEL(Search, NULL, search_fields);

/* What the handler saw last. */
static Search seen;
static char seen_q[64];
static char seen_token[64];
static char seen_agent[64];
static char seen_visit[64];

static void search(cuvee_request *req)
{
    const Search *in = cuvee_params(req, &search_model);
    seen = *in;
    snprintf(seen_q, sizeof seen_q, "%s", in->q);
    snprintf(seen_token, sizeof seen_token, "%s", in->x_token);
    snprintf(seen_agent, sizeof seen_agent, "%s", in->agent.set ? in->agent.value : "");
    snprintf(seen_visit, sizeof seen_visit, "%s", in->visit);
    cuvee_reply_status(req, 204);
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_get(world->app, "/shelves/{shelf}", search, .params = &search_model);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void reads_every_place(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_get(
        t, "/shelves/7?q=a%20b&limit=3&deep=yes&unknown=1",
        .headers = CUVEE_HEADERS("X-Token: t1", "user-agent: test", "Cookie: other=1; visit=\"second\""));
    reply_is(r, 204, "");
    assert_int_equal(seen.shelf, 7);
    assert_string_equal(seen_q, "a b");
    assert_true(seen.limit.set);
    assert_int_equal(seen.limit.value, 3);
    assert_true(seen.deep);
    assert_string_equal(seen_token, "t1");
    assert_string_equal(seen_agent, "test");
    assert_string_equal(seen_visit, "second");
}

static void what_is_not_given_gets_its_default(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/shelves/7?q="), 204, "");
    assert_string_equal(seen_q, "");
    assert_false(seen.limit.set);
    assert_false(seen.deep);
    assert_string_equal(seen_token, "none");
    assert_false(seen.agent.set);
    assert_string_equal(seen_visit, "none");
}

static void the_last_of_a_query_and_the_first_of_a_header_count(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/shelves/7?q=a&q=b", .headers = CUVEE_HEADERS("X-Token: 1", "X-Token: 2")), 204, "");
    assert_string_equal(seen_q, "b");
    assert_string_equal(seen_token, "1");
}

static void names_in_queries_are_decoded(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/shelves/7?%71=b"), 204, "");
    assert_string_equal(seen_q, "b");
    at_is(cuvee_test_get(t, "/shelves/7?Q=b"), "detail[0].type", "missing");
}

static void a_wrong_path_is_told(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/shelves/abc?q=x"), 422,
             "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"path\",\"shelf\"],\"msg\":\"Input should be a valid "
             "integer, "
             "unable to parse string as an integer\",\"input\":\"abc\"}]}");
    header_is(cuvee_test_get(t, "/shelves/abc?q=x"), "content-type", "application/json");
}

static void a_missing_query_is_told(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(
        cuvee_test_get(t, "/shelves/1"), 422,
        "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"query\",\"q\"],\"msg\":\"Field required\",\"input\":null}]}");
}

static void all_mistakes_are_told_at_once_by_place(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_get(t, "/shelves/0?q=toolong&limit=101&deep=perhaps");
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].type", "greater_than_equal");
    at_is(r, "detail[0].loc", "[\"path\",\"shelf\"]");
    at_is(r, "detail[0].ctx", "{\"ge\":1}");
    at_is(r, "detail[1].type", "string_too_long");
    at_is(r, "detail[1].loc", "[\"query\",\"q\"]");
    at_is(r, "detail[2].type", "less_than_equal");
    at_is(r, "detail[2].loc", "[\"query\",\"limit\"]");
    at_is(r, "detail[3].type", "bool_parsing");
    at_is(r, "detail[3].loc", "[\"query\",\"deep\"]");
    at_is(r, "detail[4]", NULL);
}

static void bytes_that_are_no_text_are_told(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_get(t, "/shelves/1?q=a%FF", .headers = CUVEE_HEADERS("X-Token: \xC3"));
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].type", "string_unicode");
    at_is(r, "detail[0].loc", "[\"query\",\"q\"]");
    at_is(r, "detail[0].input", "a\xEF\xBF\xBD");
    at_is(r, "detail[1].type", "string_unicode");
    at_is(r, "detail[1].loc", "[\"header\",\"x-token\"]");
    r = cuvee_test_get(t, "/shelves/%FF?q=a");
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].loc", "[\"path\",\"shelf\"]");
}

/* A text with NUL could not be a C string; it must not arrive cut. */
static void nul_bytes_are_told(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_get(t, "/shelves/1?q=a%00b");
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].loc", "[\"query\",\"q\"]");
    assert_int_equal(cuvee_test_get(t, "/shelves/1%00?q=a")->status, 422);
    assert_int_equal(cuvee_test_get(t, "/shelves/%00?q=a")->status, 422);
}

static void percent_signs_alone_are_harmless(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/shelves/1?q=%zz%"), 204, "");
    assert_string_equal(seen_q, "%zz%");
}

/* ---- lists ---- */

typedef struct Many {
    cuvee_array ids;
    cuvee_array words;
    cuvee_array x_part;
} Many;
static const cuvee_field many_fields[] = {
    CUVEE_VALUES_FIELD(Many, ids, int64_t, .alias = "id", .max_length = 3),
    CUVEE_VALUES_FIELD(Many, words, const char *, .fallback = "[]"),
    CUVEE_VALUES_FIELD(Many, x_part, const char *, .in = CUVEE_IN_HEADER, .fallback = "[]"),
};
static const cuvee_model many_model = CUVEE_MODEL(Many, NULL, many_fields);

static void tell_many(cuvee_request *req)
{
    const Many *in = cuvee_params(req, &many_model);
    const int64_t *ids = in->ids.items;
    const char *const *words = in->words.items;
    const char *const *parts = in->x_part.items;
    char text[200];
    int size = 0;
    for (size_t i = 0; i < in->ids.count; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, "%d ", (int)ids[i]);
    for (size_t i = 0; i < in->words.count; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, "%s ", words[i]);
    for (size_t i = 0; i < in->x_part.count; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, "%s ", parts[i]);
    cuvee_reply_text(req, size ? text : "");
}

static void a_key_that_is_repeated_makes_a_list(void **state)
{
    (void)state;
    struct world *world = new_world();
    cuvee_app_get(world->app, "/many", tell_many, .params = &many_model);
    cuvee_test *t = client(world);
    reply_is(cuvee_test_get(t, "/many?id=1&words=a&id=2&words=b%20c&id=3",
                            .headers = CUVEE_HEADERS("X-Part: one", "x-part: two", "x-part: three")),
             200, "1 2 3 a b c one two three ");
    reply_is(cuvee_test_get(t, "/many?id=7"), 200, "7 ");
    const cuvee_test_reply *r = cuvee_test_get(t, "/many?id=1&id=x&id=3&ids=4");
    assert_int_equal(r->status, 422);
    at_is(r, "detail[0].loc", "[\"query\",\"id\",1]");
    at_is(r, "detail[0].type", "int_parsing");
    at_is(cuvee_test_get(t, "/many"), "detail[0].type", "missing");
    at_is(cuvee_test_get(t, "/many?id=1&id=2&id=3&id=4"), "detail[0].type", "too_long");
    free_world(world);
}

/* ---- a table's model as parameters ---- */

static int64_t seen_id;

static void read_item(cuvee_request *req)
{
    seen_id = ((const Item *)cuvee_params(req, &item_model))->id;
    cuvee_reply_status(req, 204);
}

static void of_a_table_only_what_the_path_names_is_read(void **state)
{
    struct world *world = new_world();
    (void)state;
    cuvee_app_get(world->app, "/items/{id}", read_item, .params = &item_model);
    reply_is(cuvee_test_get(client(world), "/items/12"), 204, "");
    assert_int_equal(seen_id, 12);
    at_is(cuvee_test_get(client(world), "/items/x"), "detail[0].loc", "[\"path\",\"id\"]");
    free_world(world);
}

/* ---- mistakes of the program ---- */

static void ask_for_another_struct(cuvee_request *req)
{
    const Item *item = cuvee_params(req, &item_model);
    assert_int_equal(item->id, 0);
    cuvee_reply_status(req, 204);
}

static void another_descriptor_than_the_routes_is_a_500(void **state)
{
    struct world *world = new_world();
    (void)state;
    cuvee_app_get(world->app, "/shelves/{shelf}", ask_for_another_struct, .params = &search_model);
    cuvee_app_get(world->app, "/none", ask_for_another_struct);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/shelves/1?q=a");
    reply_is(r, 500, "Internal Server Error");
    assert_non_null(strstr(r->cause, "ask_for_another_struct reads its parameters as Item"));
    reply_is(cuvee_test_get(client(world), "/none"), 500, "Internal Server Error");
    free_world(world);
}

typedef struct Nested {
    const Item *item;
} Nested;
static const cuvee_field nested_fields[] = {CUVEE_OBJECT_FIELD(Nested, item, &item_model)};
static const cuvee_model nested_model = CUVEE_MODEL(Nested, NULL, nested_fields);

static void refuses(const char *path, const cuvee_model *params, const char *words)
{
    struct world *world = new_world();
    cuvee_app_get(world->app, path, search, .params = params);
    app_error_says(world->app, CUVEE_ERROR_CONFIG, words);
    free_world(world);
}

static void mistakes_of_routes_stay_in_the_application(void **state)
{
    (void)state;
    refuses("/shelves/{shelf}/{row}", &search_model,
            "GET /shelves/{shelf}/{row}: no field of its parameters reads {row}");
    refuses("/shelves/{row}", &search_model, "reads {row}");
    refuses("/shelves/{row}", NULL, "reads {row}");
    refuses("/nested", &nested_model, "Nested.item");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_every_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_given_gets_its_default, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_of_a_query_and_the_first_of_a_header_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_in_queries_are_decoded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrong_path_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_missing_query_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_mistakes_are_told_at_once_by_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_text_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nul_bytes_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(percent_signs_alone_are_harmless, set_up, tear_down),
        cmocka_unit_test(a_key_that_is_repeated_makes_a_list),
        cmocka_unit_test(of_a_table_only_what_the_path_names_is_read),
        cmocka_unit_test(another_descriptor_than_the_routes_is_a_500),
        cmocka_unit_test(mistakes_of_routes_stay_in_the_application),
    };
    return cmocka_run_group_tests_name("web/request/params", tests, NULL, NULL);
}
