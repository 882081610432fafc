#include "web/support.h"

static int set_up(void **state)
{
    *state = new_world();
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

/* ---- good replies ---- */

static void read_items(cuvee_request *req)
{
    cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void read_loaded(cuvee_request *req)
{
    cuvee_reply_list(req, &item_model, cuvee_all(cuvee_select(cuvee_request_session(req), &item_model)));
}

static void read_item(cuvee_request *req)
{
    const Item *asked = cuvee_params(req, &item_model);
    cuvee_reply_object(req, &item_model, cuvee_get(cuvee_request_session(req), &item_model, asked->id));
}

static void create_item(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    const Item *item = cuvee_add(s, &item_model, cuvee_body(req, &item_model));
    cuvee_commit(s);
    cuvee_reply_object(req, &item_model, item);
}

static void queries_and_lists_are_arrays(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/items", read_items, .returns = CUVEE_LIST(&item_model));
    cuvee_app_get(world->app, "/loaded", read_loaded);
    cuvee_test *t = client(world);
    reply_is(cuvee_test_get(t, "/items"), 200, "[]");
    reply_is(cuvee_test_get(t, "/loaded"), 200, "[]");
    put_item(world, "Lamp", 3);
    put_item(world, "a \"b\" \xC3\xA4", 0);
    static const char expected[] = "[{\"id\":1,\"name\":\"Lamp\",\"amount\":3,\"note\":null},"
                                   "{\"id\":2,\"name\":\"a \\\"b\\\" \xC3\xA4\",\"amount\":0,\"note\":null}]";
    reply_is(cuvee_test_get(t, "/items"), 200, expected);
    reply_is(cuvee_test_get(t, "/loaded"), 200, expected);
    header_is(cuvee_test_get(t, "/items"), "Content-Type", "application/json");
}

static void one_object_or_404(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/items/{id}", read_item, .params = &item_model, .returns = CUVEE_ONE(&item_model));
    put_item(world, "Lamp", 3);
    reply_is(cuvee_test_get(world->test, "/items/1"), 200, "{\"id\":1,\"name\":\"Lamp\",\"amount\":3,\"note\":null}");
    reply_is(cuvee_test_get(world->test, "/items/2"), 404, "{\"detail\":\"Not Found\"}");
}

static void a_good_reply_has_the_routes_status(void **state)
{
    struct world *world = *state;
    cuvee_app_post(world->app, "/items", create_item, .body = CUVEE_ONE(&item_model), .status = 201);
    reply_is(cuvee_test_post(client(world), "/items", "{\"name\":\"Lamp\",\"amount\":3}"), 201,
             "{\"id\":1,\"name\":\"Lamp\",\"amount\":3,\"note\":null}");
}

static void reply_nothing(cuvee_request *req)
{
    (void)req;
}

static void no_reply_is_good_for_204_only(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/a", reply_nothing);
    cuvee_app_get(world->app, "/b", reply_nothing, .status = 204);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/a");
    reply_is(r, 500, "Internal Server Error");
    assert_non_null(strstr(r->cause, "GET /a: reply_nothing did not reply"));
    r = cuvee_test_get(world->test, "/b");
    reply_is(r, 204, "");
    header_is(r, "content-type", NULL);
    assert_null(r->cause);
}

static void reply_twice(cuvee_request *req)
{
    cuvee_reply_object(req, &item_model, &(Item){.name = "first", .secret = ""});
    cuvee_reply_object(req, &item_model, &(Item){.name = "last", .secret = ""});
}

static void the_last_good_reply_counts(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/", reply_twice);
    at_is(cuvee_test_get(client(world), "/"), "name", "last");
}

/* ---- errors of the handler's own ---- */

static void fail_twice(cuvee_request *req)
{
    cuvee_reply_object(req, &item_model, &(Item){.name = "good", .secret = ""});
    cuvee_reply_error(req, 418, "first \"quoted\"");
    cuvee_reply_error(req, 400, "second");
    cuvee_reply_status(req, 200);
    cuvee_reply_object(req, &item_model, NULL);
    cuvee_reply_list(req, &item_model, (cuvee_list){NULL, 0});
    read_items(req);
    assert_null(cuvee_request_session(req)); /* nothing is opened for a request that has failed */
}

static void the_first_error_stays(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/", fail_twice);
    reply_is(cuvee_test_get(client(world), "/"), 418, "{\"detail\":\"first \\\"quoted\\\"\"}");
}

static void fail_without_words(cuvee_request *req)
{
    cuvee_reply_error(req, 403, NULL);
}

static void fail_with_bad_words(cuvee_request *req)
{
    cuvee_reply_error(req, 409, "\xFF");
}

static void only_status(cuvee_request *req)
{
    cuvee_reply_status(req, 401);
    cuvee_reply_status(req, 204);
}

static void errors_without_words_have_the_statuss_own(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/a", fail_without_words);
    cuvee_app_get(world->app, "/b", fail_with_bad_words);
    cuvee_app_get(world->app, "/c", only_status);
    reply_is(cuvee_test_get(client(world), "/a"), 403, "{\"detail\":\"Forbidden\"}");
    reply_is(cuvee_test_get(world->test, "/b"), 409, "{\"detail\":\"Conflict\"}");
    reply_is(cuvee_test_get(world->test, "/c"), 401, "");
}

/* ---- the session's errors ---- */

static void a_duplicate_is_a_409_that_names_model_and_field(void **state)
{
    struct world *world = *state;
    cuvee_app_post(world->app, "/items", create_item, .body = CUVEE_ONE(&item_model), .status = 201);
    put_item(world, "Lamp", 3);
    const cuvee_test_reply *r = cuvee_test_post(world->test, "/items", "{\"name\":\"Lamp\",\"amount\":3}");
    reply_is(r, 409, "{\"detail\":\"There is another Item with the same name already\"}");
    assert_null(r->cause);
}

static void change_without_commit(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    const Item *item = cuvee_add(s, &item_model, &(Item){.name = "gone", .amount = 1});
    cuvee_flush(s);
    cuvee_reply_object(req, &item_model, item);
}

static void fail_after_a_change(cuvee_request *req)
{
    change_without_commit(req);
    cuvee_reply_error(req, 400, "no");
}

static int64_t count_items(struct world *world)
{
    cuvee_session *s = cuvee_session_open(cuvee_test_blend(client(world)));
    int64_t count = cuvee_count(cuvee_select(s, &item_model));
    assert_int_equal(cuvee_session_error(s)->kind, CUVEE_ERROR_NONE);
    cuvee_session_close(s);
    return count;
}

static void what_was_not_committed_is_rolled_back(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/failing", fail_after_a_change);
    reply_is(cuvee_test_get(client(world), "/failing"), 400, "{\"detail\":\"no\"}");
    assert_int_equal(count_items(world), 0);
}

static void roll_back_on_purpose(cuvee_request *req)
{
    change_without_commit(req);
    cuvee_rollback(cuvee_request_session(req));
    cuvee_reply_text(req, "tried");
}

static void a_good_reply_with_uncommitted_changes_is_a_500(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/forgetful", change_without_commit);
    cuvee_app_get(world->app, "/dry", roll_back_on_purpose);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/forgetful");
    reply_is(r, 500, "Internal Server Error");
    assert_non_null(strstr(r->cause, "change_without_commit replied without committing the changes of its session"));
    assert_int_equal(count_items(world), 0);
    reply_is(cuvee_test_get(world->test, "/dry"), 200, "tried");
}

static void close_and_reply(cuvee_request *req)
{
    cuvee_query *items = cuvee_select(cuvee_request_session(req), &item_model);
    cuvee_session_close(cuvee_request_session(req));
    cuvee_reply_query(req, items);
}

static void a_handler_that_closes_its_session_is_a_500(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/closing", close_and_reply, .returns = CUVEE_LIST(&item_model));
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/closing");
    reply_is(r, 500, "Internal Server Error");
    assert_non_null(strstr(r->cause, "the session is closed"));
}

static void call_it_an_error(cuvee_request *req)
{
    change_without_commit(req);
    cuvee_reply_error(req, 201, "made");
}

static void call_it_an_error_in_json(cuvee_request *req)
{
    change_without_commit(req);
    cuvee_reply_error_json(req, 600, "{}");
}

static void errors_have_the_status_of_one(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/text", call_it_an_error);
    cuvee_app_get(world->app, "/json", call_it_an_error_in_json);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/text");
    reply_is(r, 500, "Internal Server Error");
    assert_non_null(strstr(r->cause, "call_it_an_error replies with an error of status 201: use 400 to 599"));
    reply_is(cuvee_test_get(client(world), "/json"), 500, "Internal Server Error");
    assert_int_equal(count_items(world), 0);
}

static void a_session_that_a_test_gave_need_not_be_committed(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/forgetful", change_without_commit, .returns = CUVEE_ONE(&item_model));
    cuvee_session *session = cuvee_session_open(cuvee_test_blend(client(world)));
    cuvee_test_override(world->test, cuvee_session_dependency(), session);
    assert_int_equal(cuvee_test_get(world->test, "/forgetful")->status, 200);
    cuvee_session_close(session);
}

static void ask_for_nonsense(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    cuvee_query *q = cuvee_select(s, &item_model);
    cuvee_where(q, cuvee_eq(q, "no_such_field", 1));
    cuvee_reply_query(req, q);
}

static void misuse_is_a_500_that_tells_nothing(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/", ask_for_nonsense);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/?token=1");
    reply_is(r, 500, "Internal Server Error");
    header_is(r, "content-type", "text/plain; charset=utf-8");
    assert_non_null(strstr(r->cause, "misuse: "));
    assert_non_null(strstr(r->cause, "no_such_field"));
    assert_null(strstr(r->cause, "token")); /* queries can hold secrets */
    const char *id = cuvee_test_header(r, "x-request-id");
    assert_non_null(id);
    assert_int_equal(strlen(id), 16);
    assert_memory_equal(r->cause, id, 16);
    assert_string_not_equal(cuvee_test_header(cuvee_test_get(world->test, "/"), "x-request-id"), id);
}

typedef struct Any {
    const char *any;
} Any;
static const cuvee_field any_fields[] = {CUVEE_FIELD(Any, any, .fallback = "")};
static const cuvee_model any_model = CUVEE_MODEL(Any, NULL, any_fields);

static void a_path_cannot_forge_log_lines(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/{any}/log", reply_nothing, .params = &any_model);
    const cuvee_test_reply *r = cuvee_test_get(client(world), "/a\r\nb\x1b\xC3\xA4/log");
    assert_non_null(strstr(r->cause, "GET /a\\x0D\\x0Ab\\x1B\\xC3\\xA4/log: "));
}

static void the_sessions_error_beats_a_good_reply(cuvee_request *req)
{
    cuvee_reply_status(req, 204);
    cuvee_session *s = cuvee_request_session(req);
    cuvee_select(s, NULL);
}

static void own_error_beats_the_sessions(cuvee_request *req)
{
    cuvee_select(cuvee_request_session(req), NULL);
    cuvee_reply_error(req, 409, "mine");
}

static void which_error_counts(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/a", the_sessions_error_beats_a_good_reply);
    cuvee_app_get(world->app, "/b", own_error_beats_the_sessions);
    reply_is(cuvee_test_get(client(world), "/a"), 500, "Internal Server Error");
    reply_is(cuvee_test_get(world->test, "/b"), 409, "{\"detail\":\"mine\"}");
}

static void reply_with_no_query(cuvee_request *req)
{
    cuvee_reply_query(req, NULL);
}

static void a_query_that_is_none_is_a_500(void **state)
{
    struct world *world = *state;
    cuvee_app_get(world->app, "/", reply_with_no_query);
    reply_is(cuvee_test_get(client(world), "/"), 500, "Internal Server Error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(queries_and_lists_are_arrays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_object_or_404, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_good_reply_has_the_routes_status, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_reply_is_good_for_204_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_good_reply_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_error_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_without_words_have_the_statuss_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_duplicate_is_a_409_that_names_model_and_field, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_committed_is_rolled_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_good_reply_with_uncommitted_changes_is_a_500, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_handler_that_closes_its_session_is_a_500, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_have_the_status_of_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_session_that_a_test_gave_need_not_be_committed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(misuse_is_a_500_that_tells_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_cannot_forge_log_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(which_error_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_query_that_is_none_is_a_500, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/reply/reply", tests, NULL, NULL);
}
