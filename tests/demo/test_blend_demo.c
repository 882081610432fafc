#include "support/check.h"

#include <cuvee/test.h>

/* The program itself, its main under another name. */
int blend_demo_main(int argc, char **argv);
#define main blend_demo_main
#include "blend_demo.c"
#undef main

struct demo {
    cuvee_blend *blend;
    cuvee_app *app;
    cuvee_test *test;
};

static int set_up(void **state)
{
    struct demo *demo = calloc(1, sizeof *demo);
    demo->blend = cuvee_blend_new();
    demo->app = blend_demo(demo->blend);
    demo->test = cuvee_test_open(demo->app);
    *state = demo;
    return 0;
}

static int tear_down(void **state)
{
    struct demo *demo = *state;
    cuvee_test_close(demo->test);
    cuvee_app_free(demo->app);
    cuvee_blend_free(demo->blend);
    free(demo);
    return 0;
}

static void reply_is(const cuvee_test_reply *reply, int status, const char *body)
{
    if (reply->status != status || strcmp(reply->body, body) != 0)
        fail_msg("\nexpected %d %s\n     got %d %s\n%s", status, body, reply->status, reply->body,
                 reply->cause ? reply->cause : "");
}

/* Ten users and ten orders through one session; the handlers get that same session. */
static void both_lists_come_from_the_session_that_was_put_in(void **state)
{
    struct demo *demo = *state;
    cuvee_session *s = cuvee_session_open(cuvee_test_blend(demo->test));
    for (int i = 1; i <= 10; i++) {
        char name[32], email[64];
        snprintf(name, sizeof name, "User %d", i);
        snprintf(email, sizeof email, "user%d@example.com", i);
        cuvee_add(s, &user_model, &(User){.name = name, .email = email});
        cuvee_add(s, &order_model, &(Order){.item = name, .quantity = i});
    }
    cuvee_test_override(demo->test, cuvee_session_dependency(), s);
    const cuvee_test_reply *users = cuvee_test_get(demo->test, "/users");
    const cuvee_test_reply *orders = cuvee_test_get(demo->test, "/orders");
    assert_int_equal(users->status, 200);
    assert_int_equal(orders->status, 200);
    for (int i = 1; i <= 10; i++) {
        char path[32], expected[128];
        snprintf(path, sizeof path, "[%d]", i - 1);
        snprintf(expected, sizeof expected, "{\"id\":%d,\"name\":\"User %d\",\"email\":\"user%d@example.com\"}", i, i,
                 i);
        assert_string_equal(cuvee_test_at(users, path), expected);
        snprintf(expected, sizeof expected, "{\"id\":%d,\"item\":\"User %d\",\"quantity\":%d}", i, i, i);
        assert_string_equal(cuvee_test_at(orders, path), expected);
    }
    assert_null(cuvee_test_at(users, "[10]"));
    assert_null(cuvee_test_at(orders, "[10]"));
    assert_int_equal(cuvee_session_error(s)->kind, CUVEE_ERROR_NONE);
    cuvee_test_override(demo->test, cuvee_session_dependency(), NULL);
    cuvee_session_close(s); /* nothing was committed */
    reply_is(cuvee_test_get(demo->test, "/users"), 200, "[]");
}

static void a_user_is_created_and_read(void **state)
{
    cuvee_test *t = ((struct demo *)*state)->test;
    static const char jane[] = "{\"id\":1,\"name\":\"Jane Doe\",\"email\":\"jane@example.com\"}";
    reply_is(cuvee_test_post(t, "/users", "{\"id\":77,\"name\":\"Jane Doe\",\"email\":\"jane@example.com\"}"), 201,
             jane);
    reply_is(cuvee_test_get(t, "/users/1"), 200, jane);
    reply_is(cuvee_test_get(t, "/users/77"), 404, "{\"detail\":\"Not Found\"}");
    reply_is(
        cuvee_test_get(t, "/users/abc"), 422,
        "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"path\",\"id\"],\"msg\":\"Input should be a valid integer, "
        "unable to parse string as an integer\",\"input\":\"abc\"}]}");
}

static void a_duplicate_email_is_409(void **state)
{
    cuvee_test *t = ((struct demo *)*state)->test;
    cuvee_test_post(t, "/users", "{\"name\":\"Jane\",\"email\":\"jane@example.com\"}");
    reply_is(cuvee_test_post(t, "/users", "{\"name\":\"Other\",\"email\":\"jane@example.com\"}"), 409,
             "{\"detail\":\"There is another User with the same email already\"}");
    assert_null(cuvee_test_at(cuvee_test_get(t, "/users"), "[1]"));
}

static void a_bad_body_is_422_with_all_mistakes(void **state)
{
    cuvee_test *t = ((struct demo *)*state)->test;
    const cuvee_test_reply *r = cuvee_test_post(t, "/orders", "{\"item\":\"\",\"quantity\":0}");
    assert_int_equal(r->status, 422);
    assert_string_equal(cuvee_test_at(r, "detail[0].loc"), "[\"body\",\"item\"]");
    assert_string_equal(cuvee_test_at(r, "detail[1].loc"), "[\"body\",\"quantity\"]");
    r = cuvee_test_post(t, "/users", "{\"name\":\"Jane\",\"email\":\"nobody\"}");
    assert_string_equal(cuvee_test_at(r, "detail[0].loc"), "[\"body\",\"email\"]");
}

static void signing_up_adds_to_both_databases(void **state)
{
    cuvee_test *t = ((struct demo *)*state)->test;
    static const char signup[] = "{\"name\":\"Jane\",\"email\":\"jane@example.com\",\"item\":\"Chair\",\"quantity\":4}";
    reply_is(cuvee_test_post(t, "/signup", signup), 201,
             "{\"user\":{\"id\":1,\"name\":\"Jane\",\"email\":\"jane@example.com\"},"
             "\"order\":{\"id\":1,\"item\":\"Chair\",\"quantity\":4}}");
    reply_is(cuvee_test_get(t, "/orders"), 200, "[{\"id\":1,\"item\":\"Chair\",\"quantity\":4}]");
}

static void signing_up_twice_adds_to_neither(void **state)
{
    cuvee_test *t = ((struct demo *)*state)->test;
    static const char signup[] = "{\"name\":\"Jane\",\"email\":\"jane@example.com\",\"item\":\"Chair\",\"quantity\":4}";
    cuvee_test_post(t, "/signup", signup);
    assert_int_equal(cuvee_test_post(t, "/signup", signup)->status, 409);
    assert_null(cuvee_test_at(cuvee_test_get(t, "/users"), "[1]"));
    assert_null(cuvee_test_at(cuvee_test_get(t, "/orders"), "[1]"));
}

/* Every value comes back as it went in, and the tables stay. */
static void hostile_values_are_values(void **state)
{
    cuvee_test *t = ((struct demo *)*state)->test;
    static const char *const items[] = {"'; DROP TABLE orders;--",
                                        "\\\" OR 1=1 --",
                                        "%_\\\\",
                                        "?1 :a @b $c",
                                        "\\u00e4\\ud83d\\ude00",
                                        "<script>alert(1)</script>",
                                        "/* */",
                                        "x') ; DELETE FROM orders; --"};
    size_t count = sizeof items / sizeof items[0];
    for (size_t i = 0; i < count; i++) {
        char body[256], path[32];
        snprintf(body, sizeof body, "{\"item\":\"%s\",\"quantity\":1}", items[i]);
        const cuvee_test_reply *r = cuvee_test_post(t, "/orders", body);
        assert_int_equal(r->status, 201);
        snprintf(path, sizeof path, "[%zu].item", i);
        assert_string_equal(cuvee_test_at(cuvee_test_get(t, "/orders"), path), cuvee_test_at(r, "item"));
    }
}

static void the_tables_are_filled_when_they_are_empty(void **state)
{
    struct demo *demo = *state;
    assert_true(fill(cuvee_test_blend(demo->test)));
    assert_true(fill(cuvee_test_blend(demo->test)));
    const cuvee_test_reply *users = cuvee_test_get(demo->test, "/users");
    assert_string_equal(cuvee_test_at(users, "[0]"), "{\"id\":1,\"name\":\"Ada\",\"email\":\"Ada@example.com\"}");
    assert_string_equal(cuvee_test_at(users, "[9].name"), "Jon");
    assert_null(cuvee_test_at(users, "[10]"));
    const cuvee_test_reply *orders = cuvee_test_get(demo->test, "/orders");
    assert_string_equal(cuvee_test_at(orders, "[9].id"), "10");
    assert_null(cuvee_test_at(orders, "[10]"));
}

static void the_document_describes_it(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(((struct demo *)*state)->test, "/openapi.json");
    assert_string_equal(cuvee_test_at(r, "info.title"), "Blend demo");
    assert_string_equal(cuvee_test_at(r, "paths./users.get.description"), "All users, by id.");
    assert_string_equal(cuvee_test_at(r, "components.schemas.User-Output.properties.id.description"),
                        "Unique identifier of the user");
    assert_null(cuvee_test_at(r, "components.schemas.User-Input.properties.id"));
    assert_string_equal(cuvee_test_at(r, "components.schemas.SignedUp.properties.user.$ref"),
                        "#/components/schemas/User-Output");
    assert_non_null(cuvee_test_at(r, "paths./signup.post.responses.422"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_lists_come_from_the_session_that_was_put_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_user_is_created_and_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_duplicate_email_is_409, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_bad_body_is_422_with_all_mistakes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(signing_up_adds_to_both_databases, set_up, tear_down),
        cmocka_unit_test_setup_teardown(signing_up_twice_adds_to_neither, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hostile_values_are_values, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_tables_are_filled_when_they_are_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_document_describes_it, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("demo/blend_demo", tests, NULL, NULL);
}
