#include "web/support.h"

#include "support/alloc_fault.h"

/*
 * Whole requests with every allocation made to fail in turn: an error is the reply, and nothing is lost or half done.
 */

typedef struct Search {
    const char *q;
    const char *visit;
} Search;
static const cuvee_field search_fields[] = {CUVEE_FIELD(Search, q), CUVEE_FIELD(Search, visit, .in = CUVEE_IN_COOKIE)};
static const cuvee_model search_model = CUVEE_MODEL(Search, NULL, search_fields);

static void read_items(cuvee_request *req)
{
    cuvee_params(req, &search_model);
    cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void create_item(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    const Item *item = cuvee_add(s, &item_model, cuvee_body(req, &item_model));
    cuvee_commit(s);
    cuvee_reply_object(req, &item_model, item);
}

static void mend_item(cuvee_request *req)
{
    Item item = {.name = "Lamp", .secret = ""};
    if (cuvee_body_has(req, &item_model, "name"))
        cuvee_body_update(req, &item_model, &item);
    cuvee_reply_object(req, &item_model, &item);
}

static cuvee_app *make_app(cuvee_blend *blend)
{
    cuvee_app *app = cuvee_app_new(
        blend, .title = "Memory", .hosts = "*", .gzip_min_size = 1, .root_path = "/api", .proxies = "127.0.0.1",
        .cors = CUVEE_CORS(.origins = "https://a.example", .origin_pattern = "x", .headers = "X-A", .expose = "X-B"));
    cuvee_app_get(app, "/items", read_items, .params = &search_model, .returns = CUVEE_LIST(&item_model));
    cuvee_app_post(app, "/items", create_item, .body = CUVEE_ONE(&item_model), .returns = CUVEE_ONE(&item_model));
    cuvee_app_patch(app, "/items", mend_item, .body = CUVEE_PART(&item_model), .skip_null = true);
    cuvee_app_get(app, "/items/{id}", read_items, .params = &item_model);
    return app;
}

static void is_an_error(const cuvee_test_reply *r)
{
    if (r->status != 0 && r->status != 500 && r->status != 503)
        fail_msg("%d %s", r->status, r->body);
}

/* Makes allocation n of this request fail, n = 1, 2, … until it needs no more. Returns the last reply. */
static const cuvee_test_reply *with_each_failure(cuvee_test *t, const char *method, const char *target,
                                                 const char *body, int status)
{
    for (size_t n = 1;; n++) {
        alloc_fault_at(n);
        const cuvee_test_reply *r = cuvee_test_request(
            t, method, target, .body = body,
            .headers = CUVEE_HEADERS("Cookie: visit=1", "Origin: https://a.example", "Accept-Encoding: gzip",
                                     "X-Request-ID: 7", "Access-Control-Request-Method: GET"));
        bool failed = alloc_fault_end();
        if (!failed) {
            assert_int_equal(r->status, status);
            return r;
        }
        if (r->status != status)
            is_an_error(r);
    }
}

static void every_kind_of_request_survives(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &stock, "sqlite::memory:");
    cuvee_app *app = make_app(blend);
    cuvee_test *t = cuvee_test_open(app);
    assert_int_equal(cuvee_test_get(t, "/items?q=1", .headers = CUVEE_HEADERS("Cookie: visit=1"))->status, 200);
    with_each_failure(t, "GET", "/items?q=a%20b", NULL, 200);
    with_each_failure(t, "GET", "/items?q=%FF", NULL, 422);
    with_each_failure(t, "GET", "/items", NULL, 422);
    with_each_failure(t, "GET", "/items/%31x", NULL, 422);
    with_each_failure(t, "GET", "/none", NULL, 404);
    with_each_failure(t, "GET", "/items/?q=1", NULL, 307);
    with_each_failure(t, "DELETE", "/items", NULL, 405);
    with_each_failure(t, "OPTIONS", "/items", NULL, 200);
    with_each_failure(t, "GET", "/openapi.json", NULL, 200);
    with_each_failure(t, "GET", "/docs", NULL, 200);
    with_each_failure(t, "POST", "/items", "{\"name\":\"\",\"amount\":-1}", 422);
    with_each_failure(t, "POST", "/items", "{", 422);
    with_each_failure(t, "POST", "/items", "null", 422);
    with_each_failure(t, "PATCH", "/items", "{\"name\":\"x\"}", 200);
    with_each_failure(t, "PATCH", "/items", "{\"name\":5}", 422);
    cuvee_test_close(t);
    cuvee_app_free(app);
    cuvee_blend_free(blend);
}

/* Whatever fails on the way, a reply of 200 means that the row is there, and any other that it is not. */
static void a_write_is_done_or_not_done(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &stock, "sqlite::memory:");
    cuvee_app *app = make_app(blend);
    for (size_t n = 1, failed = 1; failed; n++) {
        cuvee_test *t = cuvee_test_open(app);
        alloc_fault_at(n);
        int status = cuvee_test_post(t, "/items", "{\"name\":\"Lamp\",\"amount\":3}")->status;
        failed = alloc_fault_end();
        cuvee_session *s = cuvee_session_open(cuvee_test_blend(t));
        int64_t count = cuvee_count(cuvee_select(s, &item_model));
        assert_int_equal(cuvee_session_error(s)->kind, CUVEE_ERROR_NONE);
        cuvee_session_close(s);
        assert_true(status == 200 ? count == 1 : count <= 1);
        assert_true(failed || status == 200);
        cuvee_test_close(t);
    }
    cuvee_app_free(app);
    cuvee_blend_free(blend);
}

static void setting_up_survives(void **state)
{
    (void)state;
    for (size_t n = 1, failed = 1; failed; n++) {
        cuvee_blend *blend = cuvee_blend_new();
        cuvee_blend_bind(blend, &stock, "sqlite::memory:");
        alloc_fault_at(n);
        cuvee_app *app = make_app(blend);
        cuvee_test *t = cuvee_test_open(app);
        int status = cuvee_test_get(t, "/openapi.json")->status;
        failed = alloc_fault_end();
        assert_true(failed || status == 200);
        assert_true(status == 200 || status == 0 || status == 500);
        cuvee_test_close(t);
        cuvee_app_free(app);
        cuvee_blend_free(blend);
    }
}

/* ---- streams ---- */

static cuvee_channel *news;

static void stream_items(cuvee_request *req)
{
    cuvee_reply_query_stream(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void write_names(cuvee_stream *stream, void *arg)
{
    cuvee_list all = cuvee_all(cuvee_select(cuvee_stream_session(stream), &item_model));
    for (size_t i = 0; i < all.count; i++)
        if (!cuvee_stream_text(stream, ((const Item *)all.items[i])->name))
            return;
    cuvee_stream_text(stream, arg);
}

static void names(cuvee_request *req)
{
    cuvee_reply_stream(req, "text/plain", write_names, "end", 4);
}

static void listen_to_news(cuvee_request *req)
{
    cuvee_reply_events(req, news);
    cuvee_reply_event(req, &(cuvee_event){.data = "hello"});
}

/* A stream is the whole, or it is seen not to be. */
static void a_stream_is_whole_or_cut(void **state)
{
    (void)state;
    static const char *const paths[] = {"/items", "/names"};
    struct world *world = new_world();
    cuvee_app_get(world->app, "/items", stream_items, .returns = CUVEE_LIST(&item_model));
    cuvee_app_get(world->app, "/names", names);
    put_item(world, "Lamp", 3);
    put_item(world, "Bulb", 4);
    for (size_t i = 0; i < 2; i++) {
        const char *whole = cuvee_test_get(world->test, paths[i])->body;
        for (size_t n = 1, failed = 1; failed; n++) {
            alloc_fault_once(n);
            const cuvee_test_reply *r = cuvee_test_get(world->test, paths[i]);
            failed = alloc_fault_end();
            if (r->status == 200 && !r->cut)
                assert_string_equal(r->body, whole);
            else if (r->status != 200)
                is_an_error(r);
            assert_true(failed || (r->status == 200 && !r->cut));
        }
    }
    free_world(world);
}

/* Who is told that it listens hears everything, or is hung up on. */
static void events_come_or_are_refused(void **state)
{
    (void)state;
    for (size_t n = 1, failed = 1; failed; n++) {
        struct world *world = new_world();
        cuvee_app_get(world->app, "/news", listen_to_news);
        cuvee_test *t = client(world);
        alloc_fault_once(n);
        news = cuvee_channel_new("news", .keep = 2);
        bool published = cuvee_channel_publish(news, &(cuvee_event){.data = "early", .id = "1"});
        const cuvee_test_reply *r = cuvee_test_get(t, "/news", .headers = CUVEE_HEADERS("Last-Event-ID: 0"));
        bool again = cuvee_channel_publish(news, &(cuvee_event){.data = "late", .id = "2"});
        failed = alloc_fault_end();
        if (r->status != 200)
            is_an_error(r);
        const cuvee_event *event = cuvee_test_next_event(r, 0);
        if (event && published && strcmp(event->data, "early") == 0)
            event = cuvee_test_next_event(r, 0);
        if (event)
            assert_string_equal(event->data, "hello");
        assert_true(failed || (published && again && event));
        free_world(world);
        cuvee_channel_free(news);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_request_survives),
        cmocka_unit_test(a_write_is_done_or_not_done),
        cmocka_unit_test(setting_up_survives),
        cmocka_unit_test(a_stream_is_whole_or_cut),
        cmocka_unit_test(events_come_or_are_refused),
    };
    return cmocka_run_group_tests_name("web/dispatch/memory", tests, NULL, NULL);
}
