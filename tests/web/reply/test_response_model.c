#include "web/support.h"

#include <stdio.h>

/* What a route declares decides what leaves, whatever the handler replies with. */

typedef struct ItemOut {
    const char *name;
    int64_t id;
} ItemOut;
static const cuvee_field out_fields[] = {CUVEE_FIELD(ItemOut, name), CUVEE_FIELD(ItemOut, id)};
static const cuvee_model item_out = CUVEE_MODEL(ItemOut, NULL, out_fields);

typedef struct ItemNote {
    cuvee_opt_text note;
} ItemNote;
static const cuvee_field note_fields[] = {CUVEE_FIELD(ItemNote, note)};
static const cuvee_model item_note = CUVEE_MODEL(ItemNote, NULL, note_fields);

typedef struct Wrong {
    int64_t name;
} Wrong;
static const cuvee_field wrong_fields[] = {CUVEE_FIELD(Wrong, name)};
static const cuvee_model wrong_kind = CUVEE_MODEL(Wrong, NULL, wrong_fields);

typedef struct More {
    int64_t id;
    const char *colour;
} More;
static const cuvee_field more_fields[] = {CUVEE_FIELD(More, id), CUVEE_FIELD(More, colour)};
static const cuvee_model more = CUVEE_MODEL(More, NULL, more_fields);

static void read_items(cuvee_request *req)
{
    cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &item_model));
}

static void read_loaded(cuvee_request *req)
{
    cuvee_reply_list(req, &item_model, cuvee_all(cuvee_select(cuvee_request_session(req), &item_model)));
}

static void read_first(cuvee_request *req)
{
    cuvee_reply_object(req, &item_model, cuvee_first(cuvee_select(cuvee_request_session(req), &item_model)));
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_app_get(world->app, "/query", read_items, .returns = CUVEE_LIST(&item_out));
    cuvee_app_get(world->app, "/list", read_loaded, .returns = CUVEE_LIST(&item_out));
    cuvee_app_get(world->app, "/one", read_first, .returns = CUVEE_ONE(&item_out));
    cuvee_app_get(world->app, "/query-as-one", read_items, .returns = CUVEE_ONE(&item_model));
    cuvee_app_get(world->app, "/list-as-one", read_loaded, .returns = CUVEE_ONE(&item_model));
    cuvee_app_get(world->app, "/one-as-list", read_first, .returns = CUVEE_LIST(&item_model));
    cuvee_app_get(world->app, "/wrong", read_items, .returns = CUVEE_LIST(&wrong_kind));
    cuvee_app_get(world->app, "/more", read_first, .returns = CUVEE_ONE(&more));
    *state = world;
    put_item(world, "Lamp", 3);
    put_item(world, "Desk", 1);
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void only_declared_fields_leave_in_declared_order(void **state)
{
    cuvee_test *t = client(*state);
    static const char both[] = "[{\"name\":\"Lamp\",\"id\":1},{\"name\":\"Desk\",\"id\":2}]";
    reply_is(cuvee_test_get(t, "/query"), 200, both);
    reply_is(cuvee_test_get(t, "/list"), 200, both);
    reply_is(cuvee_test_get(t, "/one"), 200, "{\"name\":\"Lamp\",\"id\":1}");
}

static void breaks(cuvee_test *t, const char *path, const char *words)
{
    const cuvee_test_reply *r = cuvee_test_get(t, path);
    reply_is(r, 500, "Internal Server Error");
    if (!r->cause || !strstr(r->cause, words))
        fail_msg("\"%s\" is not in: %s", words, r->cause ? r->cause : "nothing");
}

static void a_reply_of_another_shape_is_a_500(void **state)
{
    cuvee_test *t = client(*state);
    breaks(t, "/query-as-one", "read_items replies with a list, but the route declares one object");
    breaks(t, "/list-as-one", "read_loaded replies with a list, but the route declares one object");
    breaks(t, "/one-as-list", "read_first replies with one object, but the route declares a list");
    breaks(t, "/wrong", "read_items replies with Item, but the route declares Wrong, whose field name it has not");
    breaks(t, "/more", "whose field colour it has not");
}

static void reply_list_and_one(struct world *world, bool skip_null)
{
    cuvee_app_get(world->app, "/null/query", read_items, .skip_null = skip_null);
    cuvee_app_get(world->app, "/null/list", read_loaded, .returns = CUVEE_LIST(&item_model), .skip_null = skip_null);
    cuvee_app_get(world->app, "/null/one", read_first, .skip_null = skip_null);
    cuvee_app_get(world->app, "/null/less", read_first, .returns = CUVEE_ONE(&item_note), .skip_null = skip_null);
}

static void members_that_are_null_can_be_left_out(void **state)
{
    (void)state;
    for (int skip = 0; skip < 2; skip++) {
        struct world *world = new_world();
        reply_list_and_one(world, skip);
        put_item(world, "Lamp", 3);
        const char *one = skip ? "{\"id\":1,\"name\":\"Lamp\",\"amount\":3}"
                               : "{\"id\":1,\"name\":\"Lamp\",\"amount\":3,\"note\":null}";
        char list[80];
        snprintf(list, sizeof list, "[%s]", one);
        reply_is(cuvee_test_get(client(world), "/null/query"), 200, list);
        reply_is(cuvee_test_get(client(world), "/null/list"), 200, list);
        reply_is(cuvee_test_get(client(world), "/null/one"), 200, one);
        reply_is(cuvee_test_get(client(world), "/null/less"), 200, skip ? "{}" : "{\"note\":null}");
        free_world(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_declared_fields_leave_in_declared_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reply_of_another_shape_is_a_500, set_up, tear_down),
        cmocka_unit_test(members_that_are_null_can_be_left_out),
    };
    return cmocka_run_group_tests_name("web/reply/response_model", tests, NULL, NULL);
}
