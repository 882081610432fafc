#include "web/support.h"

#include <pthread.h>

/* The client that all other tests use. */

static void read_items(cuvee_request *req)
{
    cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void add_item(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    const Item *item = cuvee_add(s, &item_model, cuvee_body(req, &item_model));
    cuvee_commit(s);
    cuvee_reply_object(req, &item_model, item);
}

static void give_json(cuvee_request *req)
{
    cuvee_reply_json(req, "{\"a\":{\"b\":[{\"c\":\"text\"},[1,2.5,true,null]]},\"\":{\"x\":1},\"text\":\"\\u0000\"}");
}

static void tell_headers(cuvee_request *req)
{
    const char *type = cuvee_request_header(req, "content-type");
    const char *word = cuvee_request_header(req, "x-word");
    cuvee_set_header(req, "X-Type", type ? type : "none");
    cuvee_set_header(req, "X-Seen", word ? word : "none");
    cuvee_reply_status(req, 204);
}

static unsigned starts;
static unsigned stops;

static bool fill(cuvee_blend *blend)
{
    cuvee_session *s = cuvee_session_open(blend);
    cuvee_add(s, &item_model, &(Item){.name = "first", .amount = 1});
    bool good = cuvee_commit(s) == CUVEE_COMMITTED;
    cuvee_session_close(s);
    starts++;
    return good;
}

static bool refuse(cuvee_blend *blend)
{
    (void)blend;
    return false;
}

static void stop(cuvee_blend *blend)
{
    assert_non_null(blend);
    stops++;
}

static struct world *world_of(bool (*on_start)(cuvee_blend *blend))
{
    struct world *world = calloc(1, sizeof *world);
    world->blend = cuvee_blend_new();
    cuvee_blend_bind(world->blend, &stock, "sqlite:/nonexistent/never-opened.db");
    world->app = cuvee_app_new(world->blend, .on_start = on_start, .on_stop = stop);
    cuvee_app_get(world->app, "/items", read_items);
    cuvee_app_post(world->app, "/items", add_item, .body = CUVEE_ONE(&item_model));
    cuvee_app_get(world->app, "/json", give_json);
    cuvee_app_put(world->app, "/headers", tell_headers);
    starts = stops = 0;
    return world;
}

static int set_up(void **state)
{
    *state = world_of(fill);
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void clients_have_databases_of_their_own(void **state)
{
    struct world *world = *state;
    cuvee_test *other = cuvee_test_open(world->app);
    put_item(world, "mine", 1);
    at_is(cuvee_test_get(world->test, "/items"), "[0].name", "mine");
    reply_is(cuvee_test_get(other, "/items"), 200, "[]");
    cuvee_test_close(other);
}

static int64_t count_items(cuvee_blend *blend)
{
    cuvee_session *session = cuvee_session_open(blend);
    int64_t count = cuvee_count(cuvee_select(session, &item_model));
    assert_int_equal(cuvee_session_error(session)->kind, CUVEE_ERROR_NONE);
    cuvee_session_close(session);
    return count;
}

static void a_blend_of_the_callers_keeps_its_rows(void **state)
{
    struct world *world = *state;
    cuvee_blend *blend = cuvee_blend_in_memory(world->blend);
    static const char one[] = "{\"name\":\"one\",\"amount\":1}";
    for (int i = 1; i <= 2; i++) {
        cuvee_test *t = cuvee_test_open_on(world->app, blend);
        assert_ptr_equal(cuvee_test_blend(t), blend);
        assert_int_equal(cuvee_test_post(t, "/items", one)->status, i == 1 ? 200 : 409);
        cuvee_test_close(t);
        assert_int_equal(count_items(blend), 1);
    }
    cuvee_blend_free(blend);
    cuvee_test *t = cuvee_test_open_on(world->app, NULL);
    reply_is(cuvee_test_get(t, "/items"), 0, "out of memory");
    assert_null(cuvee_test_blend(t));
    cuvee_test_close(t);
}

static void a_blend_that_cannot_be_used_says_why(void **state)
{
    struct world *world = *state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &stock, "sqlite:/nowhere/at/all.db");
    cuvee_test *t = cuvee_test_open_on(world->app, blend);
    assert_int_equal(cuvee_test_get(t, "/items")->status, 0);
    assert_non_null(strstr(cuvee_test_get(t, "/items")->body, "/nowhere/at/all.db"));
    cuvee_test_close(t);
    cuvee_blend_free(blend);
}

static void replies_live_until_the_client_is_closed(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *first = cuvee_test_get(t, "/items");
    for (int i = 0; i < 50; i++)
        cuvee_test_get(t, "/json");
    reply_is(first, 200, "[]");
    header_is(first, "content-type", "application/json");
}

static void requests_carry_what_they_are_told(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_request(t, "PUT", "/headers");
    header_is(r, "x-type", "none");
    header_is(r, "x-seen", "none");
    r = cuvee_test_request(t, "PUT", "/headers", .body = "{}", .headers = CUVEE_HEADERS("x-WORD:  w: v "));
    header_is(r, "x-type", "application/json");
    header_is(r, "x-seen", "w: v");
    r = cuvee_test_request(t, "PUT", "/headers", .body = "x", .content_type = "text/plain",
                           .headers = CUVEE_HEADERS("no colon", "X-Word: first", "X-Word: second"));
    header_is(r, "x-type", "text/plain");
    header_is(r, "x-seen", "first");
}

static void values_are_found_by_path(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/json");
    at_is(r, "a.b[0].c", "text");
    at_is(r, "a.b[1][0]", "1");
    at_is(r, "a.b[1][1]", "2.5");
    at_is(r, "a.b[1][2]", "true");
    at_is(r, "a.b[1][3]", "null");
    at_is(r, "a.b[1]", "[1,2.5,true,null]");
    static const char *const nowhere[] = {"b", "a.b[2]", "a.b[0].d", "a[0]", "a.b.c", "a.b[0].c.d", "text[0]"};
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++)
        at_is(r, nowhere[i], NULL);
    assert_non_null(cuvee_test_at(r, ""));
    at_is(cuvee_test_request(client(*state), "PUT", "/headers"), "a", NULL); /* no JSON */
}

static void on_start_runs_when_it_is_asked_for(void **state)
{
    struct world *world = *state;
    reply_is(cuvee_test_get(client(world), "/items"), 200, "[]");
    assert_int_equal(starts, 0);
    assert_true(cuvee_test_start(world->test));
    at_is(cuvee_test_get(world->test, "/items"), "[0].name", "first");
    cuvee_test_close(world->test);
    world->test = NULL;
    assert_int_equal(stops, 1);
    cuvee_test_close(client(world));
    world->test = NULL;
    assert_int_equal(stops, 1); /* that one was not started */
}

static void a_start_that_fails_is_told(void **state)
{
    (void)state;
    struct world *world = world_of(refuse);
    assert_false(cuvee_test_start(client(world)));
    free_world(world);
    assert_int_equal(stops, 0);
}

static void what_cannot_be_opened_says_why(void **state)
{
    (void)state;
    cuvee_test *t = cuvee_test_open(NULL);
    reply_is(cuvee_test_get(t, "/"), 0, "out of memory");
    assert_false(cuvee_test_start(t));
    assert_null(cuvee_test_blend(t));
    assert_null(cuvee_test_header(cuvee_test_get(t, "/"), "content-type"));
    cuvee_test_close(t);
    cuvee_test_close(NULL);
    assert_int_equal(cuvee_test_get(NULL, "/")->status, 0);
    assert_null(cuvee_test_blend(NULL));
    assert_false(cuvee_test_start(NULL));
    cuvee_test_override(NULL, cuvee_session_dependency(), NULL);
}

static void *work_with_a_client(void *arg)
{
    cuvee_test *t = cuvee_test_open(arg);
    size_t good = 0;
    for (int i = 0; i < 20; i++) {
        good += cuvee_test_post(t, "/items", "{\"name\":\"Lamp\",\"amount\":1}")->status == (i == 0 ? 200 : 409);
        good += cuvee_test_get(t, "/openapi.json")->status == 200;
    }
    cuvee_test_close(t);
    return (void *)good;
}

static void clients_work_side_by_side(void **state)
{
    struct world *world = *state;
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work_with_a_client, world->app), 0);
    for (size_t i = 0; i < 4; i++) {
        void *good;
        pthread_join(threads[i], &good);
        assert_int_equal((size_t)good, 40);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(clients_have_databases_of_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_blend_of_the_callers_keeps_its_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_blend_that_cannot_be_used_says_why, set_up, tear_down),
        cmocka_unit_test_setup_teardown(replies_live_until_the_client_is_closed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(requests_carry_what_they_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_found_by_path, set_up, tear_down),
        cmocka_unit_test_setup_teardown(on_start_runs_when_it_is_asked_for, set_up, tear_down),
        cmocka_unit_test(a_start_that_fails_is_told),
        cmocka_unit_test(what_cannot_be_opened_says_why),
        cmocka_unit_test_setup_teardown(clients_work_side_by_side, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/client/client", tests, NULL, NULL);
}
