#include "support.h"

static const cuvee_field item_fields[] = {
    CUVEE_FIELD(Item, id, .key = true, .doc = "Number of the item"),
    CUVEE_FIELD(Item, name, .unique = true, .min_length = 1, .max_length = 20, .example = "Lamp"),
    CUVEE_FIELD(Item, amount, .ge = "0", .doc = "How many there are"),
    CUVEE_FIELD(Item, note),
    CUVEE_FIELD(Item, secret, .hidden = true, .fallback = "none"),
};
const cuvee_model item_model = CUVEE_MODEL(Item, "items", item_fields);
const cuvee_base stock = CUVEE_BASE("stock", &item_model);

struct world *new_world_with(const cuvee_app_options *options)
{
    struct world *world = calloc(1, sizeof *world);
    world->blend = cuvee_blend_new();
    cuvee_blend_bind(world->blend, &stock, "sqlite::memory:");
    world->app = cuvee_app_new_with(world->blend, options);
    return world;
}

struct world *new_world(void)
{
    return new_world_with(&(cuvee_app_options){.title = "Stock"});
}

cuvee_test *client(struct world *world)
{
    if (!world->test)
        world->test = cuvee_test_open(world->app);
    return world->test;
}

void free_world(struct world *world)
{
    cuvee_test_close(world->test);
    cuvee_app_free(world->app);
    cuvee_blend_free(world->blend);
    free(world);
}

int64_t put_item(struct world *world, const char *name, int32_t amount)
{
    cuvee_session *session = cuvee_session_open(cuvee_test_blend(client(world)));
    const Item *item = cuvee_add(session, &item_model, &(Item){.name = name, .amount = amount});
    if (cuvee_commit(session) != CUVEE_COMMITTED)
        fail_msg("%s", cuvee_session_error(session)->message);
    int64_t id = item->id;
    cuvee_session_close(session);
    return id;
}

void reply_is(const cuvee_test_reply *reply, int status, const char *body)
{
    if (reply->status != status || strcmp(reply->body, body) != 0)
        fail_msg("\nexpected %d %s\n     got %d %s\n%s", status, body, reply->status, reply->body,
                 reply->cause ? reply->cause : "");
    assert_int_equal(reply->body_size, strlen(body));
}

void header_is(const cuvee_test_reply *reply, const char *name, const char *value)
{
    const char *header = cuvee_test_header(reply, name);
    if (value ? !header || strcmp(header, value) != 0 : header != NULL)
        fail_msg("%s: %s, expected %s", name, header ? header : "nothing", value ? value : "nothing");
}

void at_is(const cuvee_test_reply *reply, const char *path, const char *value)
{
    const char *found = cuvee_test_at(reply, path);
    if (value ? !found || strcmp(found, value) != 0 : found != NULL)
        fail_msg("%s: %s, expected %s, in %d %s", path, found ? found : "nothing", value ? value : "nothing",
                 reply->status, reply->body);
}

void app_error_says(const cuvee_app *app, cuvee_error_kind kind, const char *words)
{
    const cuvee_error *error = cuvee_app_error(app);
    assert_int_equal(error->kind, kind);
    if (!strstr(error->message, words))
        fail_msg("\"%s\" is not in: %s", words, error->message);
}
