#include "web/support.h"

#include <pthread.h>
#include <stdio.h>

#include "web/flow/event.h"

/* ---- the text ---- */

static void is_written_as(const cuvee_event *event, const char *expected)
{
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    assert_true(cv_event_write(&out, event));
    assert_string_equal(cv_buffer_text(&out), expected);
    cv_buffer_free(&out);
}

static void events_are_fields_line_by_line(void **state)
{
    (void)state;
    is_written_as(&(cuvee_event){.data = "x"}, "data: x\n\n");
    is_written_as(&(cuvee_event){.data = ""}, "data: \n\n");
    is_written_as(&(cuvee_event){.retry_ms = 500}, "retry: 500\n\n");
    is_written_as(&(cuvee_event){.name = "paid", .data = "{\"id\":7}", .id = "7", .retry_ms = 1},
                  "event: paid\nid: 7\nretry: 1\ndata: {\"id\":7}\n\n");
}

static void every_line_of_data_stays_data(void **state)
{
    (void)state;
    is_written_as(&(cuvee_event){.data = "a\nb\r\nc\rd"}, "data: a\ndata: b\ndata: c\ndata: d\n\n");
    is_written_as(&(cuvee_event){.data = "a\n\nevent: x\n"}, "data: a\ndata: \ndata: event: x\ndata: \n\n");
}

static void names_and_ids_are_one_line(void **state)
{
    (void)state;
    static const char *const wrong[] = {"a\nb", "a\rb", "\n", "a\r\n\r\ndata: x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct cv_buffer out;
        cv_buffer_init(&out, 0);
        assert_false(cv_event_write(&out, &(cuvee_event){.data = "x", .name = wrong[i]}));
        assert_false(cv_event_write(&out, &(cuvee_event){.data = "x", .id = wrong[i]}));
        assert_int_equal(out.size, 0);
    }
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    char text[] = ":\n\n:\n\nevent: paid\nid: 7\nretry: 1\ndata: a\ndata: \ndata: b\n\ndata: x\n\n:\n\ndata: half\n";
    cuvee_event event;
    char *rest;
    assert_true(cv_event_read(text, &rest, &event));
    assert_string_equal(event.name, "paid");
    assert_string_equal(event.id, "7");
    assert_int_equal(event.retry_ms, 1);
    assert_string_equal(event.data, "a\n\nb");
    assert_true(cv_event_read(rest, &rest, &event));
    assert_null(event.name);
    assert_string_equal(event.data, "x");
    assert_false(cv_event_read(rest, &rest, &event));
    assert_string_equal(rest, "data: half\n");
}

/* ---- channels ---- */

static cuvee_channel *news;

static void listen_to_news(cuvee_request *req)
{
    cuvee_reply_events(req, news);
}

static void greet_and_listen(cuvee_request *req)
{
    cuvee_reply_events(req, news);
    cuvee_reply_event(req, &(cuvee_event){.name = "hello", .data = cuvee_request_header(req, "Last-Event-ID")});
}

static void publish_and_answer(cuvee_request *req)
{
    cuvee_blob body = cuvee_request_bytes(req);
    char text[64] = "";
    memcpy(text, body.data, body.size);
    cuvee_reply_text(req, cuvee_channel_publish(news, &(cuvee_event){.data = text}) ? "yes" : "no");
}

static void say_done(cuvee_session *session, void *arg)
{
    (void)session;
    cuvee_channel_publish(news, &(cuvee_event){.name = "done", .data = arg});
}

static void publish_afterwards(cuvee_request *req)
{
    cuvee_after_reply(req, say_done, "7", 2);
    cuvee_reply_text(req, "x");
}

static void change_the_mind(cuvee_request *req)
{
    cuvee_reply_events(req, news);
    cuvee_reply_text(req, "rather not");
}

static void listen_to_nothing(cuvee_request *req)
{
    cuvee_reply_events(req, NULL);
}

static void send_without_listening(cuvee_request *req)
{
    cuvee_reply_event(req, &(cuvee_event){.data = "x"});
}

static void send_no_event(cuvee_request *req)
{
    cuvee_reply_event(req, NULL);
}

static void send_a_wrong_event(cuvee_request *req)
{
    cuvee_reply_events(req, news);
    cuvee_reply_event(req, &(cuvee_event){.data = "x", .id = "a\nb"});
}

static int set_up_with(void **state, size_t kept, size_t queue)
{
    struct world *world = new_world();
    news = cuvee_channel_new("news", .keep = kept, .queue = queue);
    cuvee_app_get(world->app, "/news", listen_to_news, .content_type = "text/event-stream");
    cuvee_app_get(world->app, "/hello", greet_and_listen);
    cuvee_app_post(world->app, "/news", publish_and_answer);
    cuvee_app_get(world->app, "/afterwards", publish_afterwards);
    cuvee_app_get(world->app, "/mind", change_the_mind);
    cuvee_app_get(world->app, "/nothing", listen_to_nothing);
    cuvee_app_get(world->app, "/unasked", send_without_listening);
    cuvee_app_get(world->app, "/no-event", send_no_event);
    cuvee_app_get(world->app, "/wrong", send_a_wrong_event);
    *state = world;
    return 0;
}

static int set_up(void **state)
{
    return set_up_with(state, 0, 0);
}

static int set_up_keeping(void **state)
{
    return set_up_with(state, 3, 0);
}

static int set_up_narrow(void **state)
{
    return set_up_with(state, 0, 100);
}

static int tear_down(void **state)
{
    free_world(*state);
    assert_int_equal(cuvee_channel_listeners(news), 0);
    cuvee_channel_free(news);
    return 0;
}

static void hears(const cuvee_test_reply *reply, const char *data)
{
    const cuvee_event *event = cuvee_test_next_event(reply, data ? 20000 : 0);
    const char *heard = event ? event->data : NULL;
    if (data ? !heard || strcmp(heard, data) != 0 : event != NULL)
        fail_msg("heard %s, expected %s", heard ? heard : "nothing", data ? data : "nothing");
}

static void publish(const char *data, const char *id)
{
    assert_true(cuvee_channel_publish(news, &(cuvee_event){.data = data, .id = id}));
}

static void all_who_listen_hear_what_is_published(void **state)
{
    cuvee_test *t = client(*state);
    publish("too early", NULL);
    const cuvee_test_reply *a = cuvee_test_get(t, "/news");
    publish("one", NULL);
    const cuvee_test_reply *b = cuvee_test_get(t, "/news");
    assert_int_equal(cuvee_channel_listeners(news), 2);
    publish("two", NULL);
    reply_is(cuvee_test_post(t, "/news", "three"), 200, "yes");
    reply_is(a, 200, "");
    header_is(a, "Content-Type", "text/event-stream");
    header_is(a, "Cache-Control", "no-store");
    hears(a, "one");
    hears(a, "two");
    hears(a, "three");
    hears(a, NULL);
    hears(b, "two");
    hears(b, "three");
    hears(b, NULL);
}

static void who_hangs_up_hears_no_more(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *a = cuvee_test_get(t, "/news");
    const cuvee_test_reply *b = cuvee_test_get(t, "/news");
    const cuvee_test_reply *c = cuvee_test_get(t, "/news");
    cuvee_test_hang_up(b);
    cuvee_test_hang_up(b);
    assert_int_equal(cuvee_channel_listeners(news), 2);
    publish("one", NULL);
    hears(a, "one");
    hears(b, NULL);
    hears(c, "one");
    cuvee_test_hang_up(a);
    cuvee_test_hang_up(c);
    assert_int_equal(cuvee_channel_listeners(news), 0);
}

static void work_after_a_reply_can_publish(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *a = cuvee_test_get(t, "/news");
    cuvee_test_get(t, "/afterwards");
    const cuvee_event *event = cuvee_test_next_event(a, 0);
    assert_non_null(event);
    assert_string_equal(event->name, "done");
    assert_string_equal(event->data, "7");
}

static void a_client_can_be_told_something_first(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *a = cuvee_test_get(t, "/hello", .headers = CUVEE_HEADERS("Last-Event-ID: 41"));
    publish("one", NULL);
    const cuvee_event *event = cuvee_test_next_event(a, 0);
    assert_non_null(event);
    assert_string_equal(event->name, "hello");
    assert_string_equal(event->data, "41");
    hears(a, "one");
}

static const cuvee_test_reply *come_back(cuvee_test *t, const char *id)
{
    char header[40];
    snprintf(header, sizeof header, "Last-Event-ID: %s", id);
    return cuvee_test_get(t, "/news", .headers = CUVEE_HEADERS(header));
}

static void who_comes_back_hears_what_it_missed(void **state)
{
    cuvee_test *t = client(*state);
    hears(come_back(t, "0"), NULL); /* nothing was published yet */
    publish("one", "1");
    publish("two", "2");
    publish("between", NULL);
    const cuvee_test_reply *a = come_back(t, "1");
    hears(a, "two");
    hears(a, "between");
    hears(a, NULL);
    publish("three", "3"); /* and "one" is forgotten */
    hears(a, "three");
    hears(come_back(t, "3"), NULL);
    const cuvee_test_reply *b = come_back(t, "1"); /* what there is */
    hears(b, "two");
    hears(b, "between");
    hears(b, "three");
    hears(b, NULL);
    hears(cuvee_test_get(t, "/news"), NULL); /* who is new hears nothing old */
}

static void too_slow_clients_are_hung_up_on(void **state)
{
    cuvee_test *t = client(*state);
    char large[101];
    memset(large, 'x', 100);
    large[100] = '\0';
    const cuvee_test_reply *slow = cuvee_test_get(t, "/news");
    const cuvee_test_reply *quick = cuvee_test_get(t, "/news");
    publish(large, NULL); /* one event is fine, whatever its size */
    hears(quick, large);
    publish("more", NULL);
    hears(quick, "more");
    publish("still there", NULL);
    hears(quick, "still there");
    hears(slow, large);
    hears(slow, NULL);
}

static void what_cannot_be_sent_is_refused(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *a = cuvee_test_get(t, "/news");
    assert_false(cuvee_channel_publish(news, &(cuvee_event){.data = "x", .name = "a\nb"}));
    assert_false(cuvee_channel_publish(news, NULL));
    assert_false(cuvee_channel_publish(NULL, &(cuvee_event){.data = "x"}));
    assert_int_equal(cuvee_channel_listeners(NULL), 0);
    cuvee_channel_free(NULL);
    hears(a, NULL);
    assert_null(cuvee_test_next_event(cuvee_test_post(t, "/news", "x"), 0)); /* no events in that one */
}

static void a_reply_that_is_replaced_listens_no_more(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_get(t, "/mind"), 200, "rather not");
    assert_int_equal(cuvee_channel_listeners(news), 0);
    const cuvee_test_reply *r = cuvee_test_get(t, "/wrong");
    assert_int_equal(r->status, 500);
    assert_non_null(strstr(r->cause, "sends an event with a line's end in its name or id"));
    assert_int_equal(cuvee_channel_listeners(news), 0);
}

static void mistakes_are_told(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_get(t, "/nothing");
    assert_int_equal(r->status, 500);
    assert_non_null(strstr(r->cause, "listen_to_nothing replies with the events of no channel"));
    r = cuvee_test_get(t, "/unasked");
    assert_int_equal(r->status, 500);
    assert_non_null(strstr(r->cause, "send_without_listening sends an event before cuvee_reply_events"));
    r = cuvee_test_get(t, "/no-event");
    assert_int_equal(r->status, 500);
    assert_non_null(strstr(r->cause, "sends an event that is NULL"));
}

static void openapi_shows_what_is_streamed(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/openapi.json");
    const char *content = cuvee_test_at(r, "paths");
    assert_non_null(content);
    assert_non_null(strstr(content, "\"200\":{\"description\":\"Successful Response\",\"content\":{"
                                    "\"text/event-stream\":{\"schema\":{\"type\":\"string\"}}}}"));
}

/* ---- threads ---- */

enum { PUBLISHERS = 4, EVENTS = 200 };

static void *publish_many(void *arg)
{
    char data[32];
    for (int i = 0; i < EVENTS; i++) {
        snprintf(data, sizeof data, "%d.%d", *(int *)arg, i);
        publish(data, NULL);
    }
    return NULL;
}

static void everybody_hears_everything_in_one_order(void **state)
{
    cuvee_test *t = client(*state);
    pthread_t threads[PUBLISHERS];
    int numbers[PUBLISHERS];
    int next[PUBLISHERS] = {0};
    const cuvee_test_reply *a = cuvee_test_get(t, "/news");
    const cuvee_test_reply *b = cuvee_test_get(t, "/news");
    for (int i = 0; i < PUBLISHERS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, publish_many, &numbers[i]), 0);
    }
    for (int i = 0; i < PUBLISHERS * EVENTS; i++) {
        const cuvee_event *event = cuvee_test_next_event(a, 20000);
        assert_non_null(event);
        char *end;
        long who = strtol(event->data, &end, 10);
        assert_int_equal(strtol(end + 1, NULL, 10), next[who]++);
        hears(b, event->data);
    }
    for (int i = 0; i < PUBLISHERS; i++)
        pthread_join(threads[i], NULL);
    hears(a, NULL);
    hears(b, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_fields_line_by_line),
        cmocka_unit_test(every_line_of_data_stays_data),
        cmocka_unit_test(names_and_ids_are_one_line),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test_setup_teardown(all_who_listen_hear_what_is_published, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_hangs_up_hears_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(work_after_a_reply_can_publish, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_client_can_be_told_something_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_comes_back_hears_what_it_missed, set_up_keeping, tear_down),
        cmocka_unit_test_setup_teardown(too_slow_clients_are_hung_up_on, set_up_narrow, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_sent_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reply_that_is_replaced_listens_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(openapi_shows_what_is_streamed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(everybody_hears_everything_in_one_order, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/flow/event", tests, NULL, NULL);
}
