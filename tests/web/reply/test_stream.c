#include "web/support.h"

#include <stdio.h>

/* Streams as the test client sees them: what is written, when, and what becomes of errors. */

static char story[256];

static void tell(const char *what)
{
    size_t size = strlen(story);
    snprintf(story + size, sizeof story - size, "%s%s", size ? " " : "", what);
}

static cuvee_query *all_items(cuvee_request *req)
{
    return cuvee_select(cuvee_request_session(req), &item_model);
}

/* ---- rows ---- */

static void stream_items(cuvee_request *req)
{
    cuvee_reply_query_stream(req, all_items(req));
}

static void list_items(cuvee_request *req)
{
    cuvee_reply_query(req, all_items(req));
}

static void items_by_line(cuvee_request *req)
{
    cuvee_reply_query_lines(req, all_items(req));
}

typedef struct Label {
    int64_t id;
    const char *name;
} Label;
static const cuvee_field label_fields[] = {CUVEE_FIELD(Label, id), CUVEE_FIELD(Label, name)};
static const cuvee_model label_model = CUVEE_MODEL(Label, NULL, label_fields);

static void add_and_stream(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    cuvee_add(s, &item_model, &(Item){.name = "new", .amount = 1});
    cuvee_commit(s);
    cuvee_set_status(req, 201);
    cuvee_set_header(req, "X-Rows", "many");
    cuvee_reply_query_stream(req, all_items(req));
}

static void add_and_forget(cuvee_request *req)
{
    cuvee_add(cuvee_request_session(req), &item_model, &(Item){.name = "lost", .amount = 1});
    cuvee_reply_query_stream(req, all_items(req));
}

static void stream_and_add(cuvee_request *req)
{
    cuvee_reply_query_stream(req, all_items(req));
    cuvee_add(cuvee_request_session(req), &item_model, &(Item){.name = "lost", .amount = 1});
}

static void stream_and_roll_back(cuvee_request *req)
{
    cuvee_reply_query_stream(req, all_items(req));
    cuvee_rollback(cuvee_request_session(req)); /* ends the rows that were begun */
}

static cuvee_blend *blend_of_the_test;

static void stream_of_another_session(cuvee_request *req)
{
    cuvee_session *other = cuvee_session_open(blend_of_the_test);
    cuvee_request_session(req);
    cuvee_reply_query_stream(req, cuvee_select(other, &item_model));
    cuvee_session_close(other);
}

static void stream_nothing(cuvee_request *req)
{
    cuvee_request_session(req);
    cuvee_reply_query_stream(req, NULL);
}

static void stream_what_cannot_be_built(cuvee_request *req)
{
    cuvee_reply_query_stream(req, cuvee_select(cuvee_request_session(req), &label_model));
}

static void stream_and_fail(cuvee_request *req)
{
    cuvee_reply_query_stream(req, all_items(req));
    cuvee_reply_error(req, 418, "a teapot");
}

static void text_and_stream(cuvee_request *req)
{
    cuvee_reply_text(req, "x");
    cuvee_reply_query_stream(req, all_items(req));
}

static void stream_and_text(cuvee_request *req)
{
    cuvee_reply_query_stream(req, all_items(req));
    cuvee_reply_query_lines(req, all_items(req));
    cuvee_reply_text(req, "x");
}

/* ---- a writer of one's own ---- */

static void write_story(cuvee_stream *stream, void *arg)
{
    tell("writer");
    assert_true(cuvee_stream_text(stream, arg));
    assert_true(cuvee_stream_write(stream, "\0b", 2));
}

static void end_of_story(cuvee_session *session, void *arg)
{
    (void)session;
    tell(arg);
}

static void *open_thing(cuvee_request *req)
{
    (void)req;
    return story;
}

static void close_thing(cuvee_request *req, void *value)
{
    (void)req;
    assert_ptr_equal(value, story);
    tell("closed");
}

static const cuvee_dependency thing = {.name = "thing", .open = open_thing, .close = close_thing};

static void tell_a_story(cuvee_request *req)
{
    char text[8] = "a";
    char type[16] = "text/plain";
    cuvee_depend(req, &thing);
    cuvee_after_reply(req, end_of_story, "after", 6);
    cuvee_reply_stream(req, type, write_story, text, sizeof text);
    memcpy(text, "changed", 8); /* both were copied */
    memcpy(type, "changed", 8);
    tell("handler");
}

static void see_reply(cuvee_request *req)
{
    char text[16];
    snprintf(text, sizeof text, "%d", cuvee_request_status(req));
    tell(text);
    cuvee_set_header(req, "X-Seen", text);
}
static const cuvee_middleware onlooker = {.name = "onlooker", .after = see_reply};

static void write_names(cuvee_stream *stream, void *arg)
{
    cuvee_session *s = cuvee_stream_session(stream);
    assert_ptr_equal(cuvee_stream_session(stream), s);
    cuvee_list all = cuvee_all(cuvee_select(s, &item_model));
    for (size_t i = 0; i < all.count; i++)
        cuvee_stream_text(stream, ((const Item *)all.items[i])->name);
    if (*(bool *)arg)
        cuvee_add(s, &item_model, &(Item){.name = "no", .amount = 1});
}

static void names(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_names, &(bool){false}, sizeof(bool));
}

static void names_and_more(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_names, &(bool){true}, sizeof(bool));
}

static size_t writes;

static void write_for_ever(cuvee_stream *stream, void *arg)
{
    assert_non_null(arg);
    while (cuvee_stream_text(stream, "0123456789"))
        writes++;
    assert_false(cuvee_stream_text(stream, "x"));
    cuvee_stream_fail(stream, "says nothing any more");
}

static void for_ever(cuvee_request *req)
{
    writes = 0;
    cuvee_reply_stream(req, "text/plain", write_for_ever, NULL, 0);
}

static void write_and_give_up(cuvee_stream *stream, void *arg)
{
    (void)arg;
    cuvee_stream_text(stream, "some");
    cuvee_stream_fail(stream, "the printer is on fire");
    assert_false(cuvee_stream_text(stream, "more"));
}

static void give_up(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_and_give_up, NULL, 0);
}

static void no_writer(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", NULL, NULL, 0);
}

static void write_nothing(cuvee_stream *stream, void *arg)
{
    (void)arg;
    cuvee_stream_text(stream, NULL);
}

static void null_text(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_nothing, NULL, 0);
}

static void no_argument(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_nothing, NULL, 8);
}

static void no_type(cuvee_request *req)
{
    cuvee_reply_stream(req, NULL, write_and_give_up, NULL, 0);
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app *app = world->app;
    cuvee_app_use(app, &onlooker);
    cuvee_app_get(app, "/items", stream_items, .returns = CUVEE_LIST(&item_model));
    cuvee_app_get(app, "/list", list_items, .returns = CUVEE_LIST(&item_model));
    cuvee_app_get(app, "/lines", items_by_line, .returns = CUVEE_LIST(&item_model),
                  .content_type = "application/x-ndjson");
    cuvee_app_get(app, "/labels", stream_items, .returns = CUVEE_LIST(&label_model));
    cuvee_app_get(app, "/one", stream_items, .returns = CUVEE_ONE(&item_model));
    cuvee_app_get(app, "/undeclared", stream_items);
    cuvee_app_get(app, "/retried", add_and_stream, .retry = true);
    cuvee_app_get(app, "/forget", add_and_forget);
    cuvee_app_get(app, "/late", stream_and_add);
    cuvee_app_get(app, "/back", stream_and_roll_back);
    cuvee_app_get(app, "/another", stream_of_another_session);
    cuvee_app_get(app, "/nothing", stream_nothing);
    cuvee_app_get(app, "/unbuilt", stream_what_cannot_be_built);
    cuvee_app_get(app, "/teapot", stream_and_fail);
    cuvee_app_get(app, "/text-stream", text_and_stream);
    cuvee_app_get(app, "/stream-text", stream_and_text);
    cuvee_app_get(app, "/story", tell_a_story);
    cuvee_app_get(app, "/names", names);
    cuvee_app_get(app, "/more", names_and_more);
    cuvee_app_get(app, "/ever", for_ever);
    cuvee_app_get(app, "/fire", give_up);
    cuvee_app_get(app, "/no-writer", no_writer);
    cuvee_app_get(app, "/no-type", no_type);
    cuvee_app_get(app, "/no-argument", no_argument);
    cuvee_app_get(app, "/null-text", null_text);
    story[0] = '\0';
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void is_500(const cuvee_test_reply *r, const char *cause)
{
    assert_int_equal(r->status, 500);
    assert_false(r->cut);
    if (!r->cause || !strstr(r->cause, cause))
        fail_msg("\"%s\" is not in: %s", cause, r->cause ? r->cause : "nothing");
}

static void is_cut(const cuvee_test_reply *r, const char *cause)
{
    assert_int_equal(r->status, 200);
    assert_true(r->cut);
    if (!r->cause || !strstr(r->cause, cause))
        fail_msg("\"%s\" is not in: %s", cause, r->cause ? r->cause : "nothing");
}

/* ---- rows ---- */

static void a_streamed_list_is_the_list(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/items"), 200, "[]");
    reply_is(cuvee_test_get(t, "/lines"), 200, "");
    put_item(*state, "Lamp", 3);
    put_item(*state, "Bulb", 4);
    const cuvee_test_reply *r = cuvee_test_get(t, "/items");
    reply_is(r, 200, cuvee_test_get(t, "/list")->body);
    header_is(r, "Content-Type", "application/json");
    assert_false(r->cut);
    assert_null(r->cause);
    reply_is(cuvee_test_get(t, "/undeclared"), 200, r->body);
    at_is(r, "[1].name", "Bulb");
    assert_null(strstr(r->body, "secret"));
}

static void lines_are_one_object_each(void **state)
{
    put_item(*state, "Lamp", 3);
    put_item(*state, "Bulb", 4);
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/lines");
    header_is(r, "Content-Type", "application/x-ndjson");
    reply_is(r, 200,
             "{\"id\":1,\"name\":\"Lamp\",\"amount\":3,\"note\":null}\n"
             "{\"id\":2,\"name\":\"Bulb\",\"amount\":4,\"note\":null}\n");
}

static void many_rows_come_whole(void **state)
{
    enum { COUNT = 5000 };
    cuvee_session *s = cuvee_session_open(cuvee_test_blend(client(*state)));
    for (int i = 0; i < COUNT; i++) {
        char name[16];
        snprintf(name, sizeof name, "item %d", i);
        cuvee_add(s, &item_model, &(Item){.name = name, .amount = i});
    }
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    cuvee_session_close(s);
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/items");
    assert_int_equal(r->body_size, cuvee_test_get(client(*state), "/list")->body_size);
    at_is(r, "[4999].name", "item 4999");
}

static void the_routes_fields_leave(void **state)
{
    put_item(*state, "Lamp", 3);
    reply_is(cuvee_test_get(client(*state), "/labels"), 200, "[{\"id\":1,\"name\":\"Lamp\"}]");
    is_500(cuvee_test_get(client(*state), "/one"), "replies with a list, but the route declares one object");
}

static void what_was_committed_before_is_streamed(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/retried");
    reply_is(r, 201, "[{\"id\":1,\"name\":\"new\",\"amount\":1,\"note\":null}]");
    header_is(r, "X-Rows", "many");
    header_is(r, "X-Seen", "201");
}

static void uncommitted_changes_are_refused_and_undone(void **state)
{
    static const char *const paths[] = {"/forget", "/late"};
    cuvee_test *t = client(*state);
    for (size_t i = 0; i < 2; i++) {
        is_500(cuvee_test_get(t, paths[i]), "replied without committing the changes of its session");
        reply_is(cuvee_test_get(t, "/items"), 200, "[]");
    }
}

static void errors_before_the_first_row_are_ordinary_replies(void **state)
{
    cuvee_test *t = client(*state);
    is_500(cuvee_test_get(t, "/nothing"), "stream_nothing streams a query that is none of cuvee_request_session");
    blend_of_the_test = cuvee_test_blend(t);
    is_500(cuvee_test_get(t, "/another"), "streams a query that is none of cuvee_request_session");
    is_500(cuvee_test_get(t, "/unbuilt"), "misuse");
    reply_is(cuvee_test_get(t, "/teapot"), 418, "{\"detail\":\"a teapot\"}");
}

static void an_error_in_the_middle_cuts_the_body(void **state)
{
    put_item(*state, "Lamp", 3);
    put_item(*state, "Bulb", 4);
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/back");
    is_cut(r, "GET /back: cut in the middle: misuse: the rows ended with their transaction");
    assert_true(r->body_size == 0 || r->body[r->body_size - 1] != ']');
}

static void the_last_good_reply_counts(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/text-stream"), 200, "[]");
    for (int i = 0; i < 20; i++) /* more than there are places: those that are not used are given back */
        reply_is(cuvee_test_get(t, "/stream-text"), 200, "x");
    reply_is(cuvee_test_get(t, "/items"), 200, "[]");
}

static void a_tests_own_session_stays_open(void **state)
{
    cuvee_test *t = client(*state);
    put_item(*state, "Lamp", 3);
    cuvee_session *s = cuvee_session_open(cuvee_test_blend(t));
    cuvee_test_override(t, cuvee_session_dependency(), s);
    const char *body = cuvee_test_get(t, "/items")->body;
    assert_non_null(strstr(body, "Lamp"));
    reply_is(cuvee_test_get(t, "/items"), 200, body);
    assert_int_equal(cuvee_count(cuvee_select(s, &item_model)), 1);
    cuvee_test_override(t, cuvee_session_dependency(), NULL);
    cuvee_session_close(s);
}

/* ---- writers ---- */

static void a_writer_comes_behind_all_but_the_work_afterwards(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/story");
    assert_int_equal(r->status, 200);
    assert_int_equal(r->body_size, 3);
    assert_memory_equal(r->body, "a\0b", 4);
    header_is(r, "Content-Type", "text/plain");
    header_is(r, "X-Seen", "200");
    assert_string_equal(story, "handler closed 200 writer after");
}

static void a_writer_has_a_session_to_read_from(void **state)
{
    cuvee_test *t = client(*state);
    put_item(*state, "Lamp", 3);
    put_item(*state, "Bulb", 4);
    reply_is(cuvee_test_get(t, "/names"), 200, "LampBulb");
    is_cut(cuvee_test_get(t, "/more"), "cut in the middle: read_only");
    reply_is(cuvee_test_get(t, "/names"), 200, "LampBulb");
}

static void a_client_may_hang_up(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/ever", .hang_up_after = 1005);
    is_cut(r, "cut in the middle: the client takes nothing any more");
    assert_int_equal(r->body_size, 1005);
    assert_int_equal(writes, 100);
    r = cuvee_test_get(client(*state), "/ever"); /* goes away at last */
    assert_true(r->cut);
    assert_int_equal(r->body_size, 64 * 1024 * 1024);
}

static void a_writer_may_give_up(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/fire");
    is_cut(r, "GET /fire: cut in the middle: the printer is on fire");
    assert_string_equal(r->body, "some");
}

static void mistakes_are_told(void **state)
{
    cuvee_test *t = client(*state);
    is_500(cuvee_test_get(t, "/no-writer"), "no_writer streams without a writer");
    is_500(cuvee_test_get(t, "/no-type"), "no_type streams without a content type");
    is_500(cuvee_test_get(t, "/no-argument"), "no_argument streams without its argument");
    is_cut(cuvee_test_get(t, "/null-text"), "cuvee_stream_text got NULL");
    assert_false(cuvee_stream_write(NULL, "x", 1));
    assert_null(cuvee_stream_session(NULL));
    cuvee_stream_fail(NULL, "x");
}

static void openapi_shows_what_the_lines_hold(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/openapi.json");
    const char *paths = cuvee_test_at(r, "paths");
    assert_non_null(strstr(paths, "{\"application/x-ndjson\":{\"schema\":{\"type\":\"string\",\"contentMediaType\":"
                                  "\"application/x-ndjson\",\"contentSchema\":"
                                  "{\"$ref\":\"#/components/schemas/Item\"}}}}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_streamed_list_is_the_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_are_one_object_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_rows_come_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_routes_fields_leave, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_committed_before_is_streamed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(uncommitted_changes_are_refused_and_undone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_before_the_first_row_are_ordinary_replies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_error_in_the_middle_cuts_the_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_good_reply_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_tests_own_session_stays_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_writer_comes_behind_all_but_the_work_afterwards, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_writer_has_a_session_to_read_from, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_client_may_hang_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_writer_may_give_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(openapi_shows_what_the_lines_hold, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/reply/stream", tests, NULL, NULL);
}
