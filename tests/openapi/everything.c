/*
 * An application that declares something of everything, for the document that describes it: every kind of value, every
 * rule, every place of a parameter, every shape of bodies and replies, routers, dependencies, security.
 */
#include <cuvee/cuvee.h>

/* ---- every kind of value, and its rules ---- */

typedef struct Part {
    const char *name;
    cuvee_opt_double weight;
} Part;
static const cuvee_field part_fields[] = {
    CUVEE_FIELD(Part, name, .min_length = 1, .max_length = 40),
    CUVEE_FIELD(Part, weight, .gt = "0", .lt = "1000.5"),
};
static const cuvee_model part_model = CUVEE_MODEL(Part, NULL, part_fields, .doc = "A piece of a thing.");

typedef struct Thing {
    int64_t id;
    bool good;
    int32_t small;
    int64_t large;
    double real;
    const char *text;
    const char *state;
    const char *only;
    const char *code;
    const char *email;
    const char *site;
    const char *host;
    const char *v4;
    const char *v6;
    cuvee_time at;
    cuvee_date day;
    cuvee_decimal price;
    cuvee_uuid number;
    cuvee_blob picture;
    cuvee_json more;
    cuvee_opt_bool maybe_good;
    cuvee_opt_int32 maybe_small;
    cuvee_opt_text maybe_text;
    cuvee_opt_time maybe_at;
    cuvee_opt_date maybe_day;
    cuvee_opt_decimal maybe_price;
    cuvee_opt_uuid maybe_number;
    cuvee_opt_blob maybe_picture;
    cuvee_opt_json maybe_more;
    const char *secret;
    const char *made_by;
} Thing;
static const cuvee_field thing_fields[] = {
    CUVEE_FIELD(Thing, id, .key = true, .doc = "Number of the thing", .example = "1"),
    CUVEE_FIELD(Thing, good, .fallback = "true"),
    CUVEE_FIELD(Thing, small, .ge = "-5", .le = "5", .example = "3"),
    CUVEE_FIELD(Thing, large, .gt = "0", .lt = "9000000000000000000", .fallback = "1"),
    CUVEE_FIELD(Thing, real, .ge = "0.5", .example = "1.5"),
    CUVEE_FIELD(Thing, text, .min_length = 1, .max_length = 100, .title = "Its text", .example = "He said \"hello\""),
    CUVEE_FIELD(Thing, state, .choices = "new|paid|sent", .fallback = "new"),
    CUVEE_FIELD(Thing, only, .choices = "this"),
    CUVEE_FIELD(Thing, code, .pattern = "^[A-Z]{2}\\d+$", .unique = true),
    CUVEE_FIELD(Thing, email, .format = CUVEE_EMAIL),
    CUVEE_FIELD(Thing, site, .format = CUVEE_URL),
    CUVEE_FIELD(Thing, host, .format = CUVEE_HOSTNAME),
    CUVEE_FIELD(Thing, v4, .format = CUVEE_IPV4),
    CUVEE_FIELD(Thing, v6, .format = CUVEE_IPV6),
    CUVEE_FIELD(Thing, at, .fallback = CUVEE_NOW, .ge = "2020-01-01T00:00:00Z"),
    CUVEE_FIELD(Thing, day, .example = "2024-02-29"),
    CUVEE_FIELD(Thing, price, .ge = "0", .le = "999.99", .places = 2, .example = "19.90"),
    CUVEE_FIELD(Thing, number, .fallback = CUVEE_NEW_UUID),
    CUVEE_FIELD(Thing, picture, .max_length = 1000),
    CUVEE_FIELD(Thing, more, .fallback = "{}"),
    CUVEE_FIELD(Thing, maybe_good),
    CUVEE_FIELD(Thing, maybe_small, .fallback = "0"),
    CUVEE_FIELD(Thing, maybe_text, .max_length = 10),
    CUVEE_FIELD(Thing, maybe_at),
    CUVEE_FIELD(Thing, maybe_day),
    CUVEE_FIELD(Thing, maybe_price),
    CUVEE_FIELD(Thing, maybe_number),
    CUVEE_FIELD(Thing, maybe_picture),
    CUVEE_FIELD(Thing, maybe_more),
    CUVEE_FIELD(Thing, secret, .hidden = true),
    CUVEE_FIELD(Thing, made_by, .read_only = true, .alias = "madeBy", .fallback = "nobody"),
};
static const cuvee_model thing_model = CUVEE_MODEL(Thing, "things", thing_fields, .doc = "A thing with everything.");
static const cuvee_base shed = CUVEE_BASE("shed", &thing_model);

/* ---- structs in structs, and lists ---- */

typedef struct Machine {
    const Part *motor;
    const Part *spare;
    cuvee_array parts;
    cuvee_array maybe_parts;
    cuvee_array labels;
    cuvee_array sizes;
} Machine;
static const cuvee_field machine_fields[] = {
    CUVEE_OBJECT_FIELD(Machine, motor, &part_model, .doc = "What drives it"),
    CUVEE_OBJECT_FIELD(Machine, spare, &part_model, .nullable = true),
    CUVEE_LIST_FIELD(Machine, parts, &part_model, .min_length = 1, .max_length = 9),
    CUVEE_LIST_FIELD(Machine, maybe_parts, &part_model, .nullable = true),
    CUVEE_VALUES_FIELD(Machine, labels, const char *, .fallback = "[]", .pattern = "^[a-z]+$"),
    CUVEE_VALUES_FIELD(Machine, sizes, int32_t, .ge = "1", .example = "[1, 2]"),
};
static const cuvee_model machine_model = CUVEE_MODEL(Machine, NULL, machine_fields, .forbid_extra = true);

/* What clients may know of a thing. */
typedef struct ThingBrief {
    int64_t id;
    const char *text;
} ThingBrief;
static const cuvee_field brief_fields[] = {CUVEE_FIELD(ThingBrief, id), CUVEE_FIELD(ThingBrief, text)};
static const cuvee_model brief_model = CUVEE_MODEL(ThingBrief, NULL, brief_fields);

/* ---- parameters from everywhere ---- */

typedef struct Search {
    const char *shelf;
    const char *q;
    int32_t limit;
    cuvee_opt_date since;
    const char *order;
    cuvee_array tags;
    cuvee_uuid trace_id;
    cuvee_array x_flags;
    const char *visit;
} Search;
static const cuvee_field search_fields[] = {
    CUVEE_FIELD(Search, shelf, .min_length = 1, .doc = "Where to look"),
    CUVEE_FIELD(Search, q, .min_length = 3, .example = "lamp"),
    CUVEE_FIELD(Search, limit, .ge = "1", .le = "100", .fallback = "20"),
    CUVEE_FIELD(Search, since),
    CUVEE_FIELD(Search, order, .choices = "name|price", .fallback = "name", .alias = "order-by"),
    CUVEE_VALUES_FIELD(Search, tags, const char *, .fallback = "[]", .max_length = 3),
    CUVEE_FIELD(Search, trace_id, .in = CUVEE_IN_HEADER, .fallback = CUVEE_NEW_UUID),
    CUVEE_VALUES_FIELD(Search, x_flags, int32_t, .in = CUVEE_IN_HEADER, .fallback = "[]"),
    CUVEE_FIELD(Search, visit, .in = CUVEE_IN_COOKIE, .fallback = "none"),
};
static const cuvee_model search_model = CUVEE_MODEL(Search, NULL, search_fields);

typedef struct File {
    const char *path;
} File;
static const cuvee_field file_fields[] = {CUVEE_FIELD(File, path)};
static const cuvee_model file_model = CUVEE_MODEL(File, NULL, file_fields);

typedef struct Paging {
    int32_t page;
} Paging;
static const cuvee_field paging_fields[] = {CUVEE_FIELD(Paging, page, .ge = "1", .fallback = "1")};
static const cuvee_model paging_model = CUVEE_MODEL(Paging, NULL, paging_fields);

/* ---- dependencies ---- */

static void *open_nothing(cuvee_request *request)
{
    (void)request;
    return NULL;
}

static const cuvee_security bearer = {.kind = CUVEE_BEARER, .format = "JWT", .doc = "What /login gave"};
static const cuvee_security basic = {.kind = CUVEE_BASIC, .realm = "shed"};
static const cuvee_security header_key = {.kind = CUVEE_API_KEY, .in = CUVEE_IN_HEADER, .name = "X-Key"};
static const cuvee_security query_key = {.kind = CUVEE_API_KEY, .in = CUVEE_IN_QUERY, .name = "key"};
static const cuvee_security cookie_key = {
    .kind = CUVEE_API_KEY, .in = CUVEE_IN_COOKIE, .name = "session", .scheme = "Session"};

static const cuvee_dependency by_token = {.name = "by_token", .open = open_nothing, .security = &bearer};
static const cuvee_dependency by_password = {.name = "by_password", .open = open_nothing, .security = &basic};
static const cuvee_dependency by_header = {.name = "by_header", .open = open_nothing, .security = &header_key};
static const cuvee_dependency by_query = {.name = "by_query", .open = open_nothing, .security = &query_key};
static const cuvee_dependency by_cookie = {.name = "by_cookie", .open = open_nothing, .security = &cookie_key};
static const cuvee_dependency *const needs_token[] = {&by_token, NULL};
static const cuvee_dependency paging = {
    .name = "paging", .open = open_nothing, .params = &paging_model, .dependencies = needs_token};

/* ---- routes ---- */

static void reply(cuvee_request *request)
{
    cuvee_reply_status(request, 204);
}

static void add_things(cuvee_app *app)
{
    cuvee_router *things = cuvee_router_new(
        app, "/things", .tag = "things",
        .responses = CUVEE_RESPONSES({.status = 401}, {.status = 404, .doc = "There is no such thing"}));
    cuvee_router_get(things, "", reply, .name = "read_things", .returns = CUVEE_LIST(&brief_model),
                     .dependencies = CUVEE_DEPENDENCIES(&paging), .doc = "All things, a page of them.");
    cuvee_router_post(things, "", reply, .name = "create_thing", .body = CUVEE_ONE(&thing_model),
                      .returns = CUVEE_ONE(&thing_model), .status = 201);
    cuvee_router_put(things, "/{id}", reply, .name = "replace_thing", .params = &thing_model,
                     .body = CUVEE_ONE(&thing_model), .returns = CUVEE_ONE(&thing_model),
                     .responses = CUVEE_RESPONSES({.status = 409, .returns = CUVEE_ONE(&brief_model)},
                                                  {.status = 300, .returns = CUVEE_LIST(&part_model)}));
    cuvee_router_patch(things, "/{id}", reply, .name = "change_thing", .params = &thing_model,
                       .body = CUVEE_PART(&thing_model), .returns = CUVEE_ONE(&thing_model));
    cuvee_router_delete(things, "/{id}", reply, .name = "delete_thing", .params = &thing_model, .status = 204,
                        .dependencies = CUVEE_DEPENDENCIES(&by_password));
    cuvee_router *bulk = cuvee_router_new(app, "/bulk", .within = things, .tag = "bulk");
    cuvee_router_post(bulk, "", reply, .name = "create_things", .body = CUVEE_LIST(&thing_model),
                      .returns = CUVEE_LIST(&thing_model), .status = 201);
    cuvee_router_patch(bulk, "/machines", reply, .name = "mend_machine", .body = CUVEE_ONE(&machine_model),
                       .returns = CUVEE_ONE(&machine_model), .deprecated = true);
}

static void add_others(cuvee_app *app)
{
    cuvee_app_get(app, "/shelves/{shelf}", reply, .name = "search_shelf", .params = &search_model, .tag = "search",
                  .summary = "Search a shelf", .returns = CUVEE_LIST(&part_model));
    cuvee_app_get(app, "/files/{path:path}", reply, .name = "read_file", .params = &file_model);
    cuvee_app_get(app, "/parts.ndjson", reply, .name = "stream_parts", .returns = CUVEE_LIST(&part_model),
                  .content_type = "application/x-ndjson");
    cuvee_app_get(app, "/events", reply, .name = "read_events", .content_type = "text/event-stream");
    cuvee_app_get(app, "/by-header", reply, .name = "by_header", .dependencies = CUVEE_DEPENDENCIES(&by_header));
    cuvee_app_get(app, "/by-query", reply, .name = "by_query", .dependencies = CUVEE_DEPENDENCIES(&by_query));
    cuvee_app_get(app, "/by-cookie", reply, .name = "by_cookie", .dependencies = CUVEE_DEPENDENCIES(&by_cookie));
    cuvee_app_get(app, "/by-any", reply, .name = "by_any",
                  .dependencies = CUVEE_DEPENDENCIES(&by_header, &by_query, &by_cookie));
    cuvee_app_get(app, "/named", reply, .operation_id = "named", .skip_null = true);
    cuvee_app_get(app, "/unseen", reply, .name = "unseen", .in_no_schema = true);
    cuvee_app_route_named(app, "OPTIONS", "/options", reply, "read_options", NULL);
}

int main(int argc, char **argv)
{
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &shed, "sqlite::memory:");
    cuvee_app *app = cuvee_app_new(
        blend, .title = "Everything", .version = "2.0.0", .doc = "Something of *everything*.", .root_path = "/shed",
        .tags = CUVEE_TAGS({"things", "What is in the shed"}, {"search", "Where it is"}, {"bulk", NULL}));
    add_things(app);
    add_others(app);
    return cuvee_app_main(app, argc, argv);
}
