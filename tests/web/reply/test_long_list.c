/* A long list through a small pipe, on every engine that is there. CUVEE_LONG=1 makes it a million rows. */
#include "web/support.h"

#include <stdio.h>
#include <unistd.h>

#include "support/engines.h"
#include "support/resident.h"
#include "web/wire.h"

/*
 * AddressSanitizer keeps what was freed, up to a quarter of a gigabyte: how much is in memory says nothing about us
 * then.
 */
#if defined(__SANITIZE_ADDRESS__)
enum { KEEPS_FREED = 1 };
#else
enum { KEEPS_FREED = 0 };
#endif

enum { ROWS = 50000, ROWS_LONG = 1000000, BATCH = 1000, MOST_BYTES = 32 << 20 };

static size_t row_count(void)
{
    return getenv("CUVEE_LONG") ? ROWS_LONG : ROWS;
}

static void stream_items(cuvee_request *req)
{
    cuvee_reply_query_stream(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void add_batch(cuvee_blend *blend, size_t from)
{
    static char names[BATCH][16];
    static Item items[BATCH];
    for (size_t i = 0; i < BATCH; i++) {
        snprintf(names[i], sizeof names[i], "item %zu", from + i);
        items[i] = (Item){.name = names[i], .amount = (int32_t)i, .note = {true, "so far, so good"}};
    }
    cuvee_session *s = cuvee_session_open(blend);
    cuvee_add_all(s, &item_model, items, BATCH);
    if (cuvee_commit(s) != CUVEE_COMMITTED)
        fail_msg("%s", cuvee_session_error(s)->message);
    cuvee_session_close(s);
}

/* Reads a whole reply and keeps nothing. Returns how many objects there were, and the most memory meanwhile. */
static size_t count_objects(int fd, size_t *most)
{
    bool whole = false;
    size_t count = 0;
    size_t chunks = 0;
    struct wire_reply reply = wire_hear_begin(fd);
    assert_int_equal(reply.status, 200);
    while (wire_hear_chunk(fd, &reply, &whole)) {
        for (size_t i = 0; i < reply.body_size; i++)
            count += reply.body[i] == '{';
        reply.body_size = 0;
        size_t now = ++chunks % 16 == 0 ? resident() : 0;
        *most = now > *most ? now : *most;
    }
    assert_true(whole);
    wire_free(&reply);
    return count;
}

static void takes_little_memory(const char *url)
{
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &stock, url, .durability = CUVEE_NORMAL);
    assert_true(cuvee_create_tables(blend));
    for (size_t from = 0; from < row_count(); from += BATCH)
        add_batch(blend, from);
    cuvee_app *app = cuvee_app_new(blend);
    cuvee_app_get(app, "/items", stream_items);
    cuvee_server *server = cuvee_server_start(app, NULL, NULL);
    int fd = wire_dial(cuvee_server_port(server));
    wire_say(fd, "GET /items HTTP/1.1\r\nHost: h\r\n\r\n");
    size_t before = resident();
    size_t most = before;
    assert_int_equal(count_objects(fd, &most), row_count());
    print_message("%zu rows of %s: %zu KiB more\n", row_count(), url, (most - before) / 1024);
    if (!KEEPS_FREED)
        assert_in_range(most - before, 0, MOST_BYTES);
    close(fd);
    cuvee_server_stop(server);
    cuvee_app_free(app);
    cuvee_blend_free(blend);
}

static void long_list_on(const char *engine)
{
    if (!engine_is_there(engine))
        skip();
    struct engine_place place = engine_place_make(engine);
    takes_little_memory(place.url);
    engine_place_remove(&place);
}

static void a_long_list_of_sqlite_takes_little_memory(void **state)
{
    (void)state;
    long_list_on("sqlite");
}

static void a_long_list_of_postgres_takes_little_memory(void **state)
{
    (void)state;
    long_list_on("postgres");
}

static void a_long_list_of_mariadb_takes_little_memory(void **state)
{
    (void)state;
    long_list_on("mariadb");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_list_of_sqlite_takes_little_memory),
        cmocka_unit_test(a_long_list_of_postgres_takes_little_memory),
        cmocka_unit_test(a_long_list_of_mariadb_takes_little_memory),
    };
    return cmocka_run_group_tests_name("web/reply/long_list", tests, NULL, NULL);
}
