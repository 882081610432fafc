/* Bodies that are a part of an object: PATCH. */
#include "web/support.h"

#include <stdio.h>

typedef struct Detail {
    const char *colour;
    cuvee_opt_int32 weight;
} Detail;
static const cuvee_field detail_fields[] = {CUVEE_FIELD(Detail, colour), CUVEE_FIELD(Detail, weight)};
static const cuvee_model detail_model = CUVEE_MODEL(Detail, NULL, detail_fields);

typedef struct Thing {
    const char *name;
    int32_t count;
    cuvee_opt_text note;
    const Detail *detail;
    cuvee_array labels;
    const char *origin;
} Thing;
static const cuvee_field thing_fields[] = {
    CUVEE_FIELD(Thing, name, .min_length = 1, .alias = "Name"),
    CUVEE_FIELD(Thing, count, .fallback = "7", .ge = "0"),
    CUVEE_FIELD(Thing, note),
    CUVEE_OBJECT_FIELD(Thing, detail, &detail_model),
    CUVEE_VALUES_FIELD(Thing, labels, const char *, .fallback = "[]"),
    CUVEE_FIELD(Thing, origin, .read_only = true, .fallback = "here"),
};
static const cuvee_model thing_model = CUVEE_MODEL(Thing, NULL, thing_fields, .forbid_extra = true);

typedef struct Note {
    int64_t id;
    int64_t version;
    const char *text;
    cuvee_opt_int32 stars;
} Note;
static const cuvee_field note_fields[] = {
    CUVEE_FIELD(Note, id, .key = true),
    CUVEE_FIELD(Note, version, .version = true),
    CUVEE_FIELD(Note, text, .max_length = 5),
    CUVEE_FIELD(Note, stars),
};
static const cuvee_model note_model = CUVEE_MODEL(Note, "notes", note_fields);
static const cuvee_base notes = CUVEE_BASE("notes", &note_model);

/* Writes which fields the body gave. */
static void tell_given(cuvee_request *req)
{
    static const char *const names[] = {"name", "count", "note", "detail", "labels", "origin"};
    char text[80] = "given:";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (cuvee_body_has(req, &thing_model, names[i]))
            snprintf(text + strlen(text), sizeof text - strlen(text), " %s", names[i]);
    cuvee_reply_text(req, text);
}

static void mend_thing(cuvee_request *req)
{
    const Detail detail = {.colour = "red"};
    Thing thing = {.name = "old", .count = 1, .note = {true, "kept"}, .detail = &detail, .origin = "there"};
    cuvee_body_update(req, &thing_model, &thing);
    cuvee_body_update(req, &thing_model, NULL);
    cuvee_reply_object(req, &thing_model, &thing);
}

static void mend_note(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    const Note *asked = cuvee_params(req, &note_model);
    const Note *note = cuvee_get(s, &note_model, asked->id);
    if (note)
        cuvee_body_update(req, &note_model, cuvee_edit(s, note));
    cuvee_commit(s);
    cuvee_reply_object(req, &note_model, note);
}

static void mend_struct(cuvee_request *req)
{
    Note note = {.id = 1, .version = 2, .text = "old"};
    cuvee_body_update(req, &note_model, &note);
    cuvee_reply_object(req, &note_model, &note);
}

static void create_note(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    const Note *note = cuvee_add(s, &note_model, cuvee_body(req, &note_model));
    cuvee_commit(s);
    cuvee_reply_object(req, &note_model, note);
}

static void ask_for_nonsense(cuvee_request *req)
{
    assert_false(cuvee_body_has(req, &thing_model, "nonsense"));
    cuvee_reply_status(req, 204);
}

static void ask_as_another(cuvee_request *req)
{
    cuvee_body_update(req, &item_model, &(Item){.id = 0});
    assert_false(cuvee_body_has(req, &item_model, "id"));
    cuvee_reply_status(req, 204);
}

static int set_up(void **state)
{
    struct world *world = new_world();
    cuvee_blend_bind(world->blend, &notes, "sqlite::memory:");
    cuvee_app_patch(world->app, "/given", tell_given, .body = CUVEE_PART(&thing_model));
    cuvee_app_put(world->app, "/given", tell_given, .body = CUVEE_ONE(&thing_model));
    cuvee_app_patch(world->app, "/thing", mend_thing, .body = CUVEE_PART(&thing_model));
    cuvee_app_patch(world->app, "/nonsense", ask_for_nonsense, .body = CUVEE_PART(&thing_model));
    cuvee_app_patch(world->app, "/another", ask_as_another, .body = CUVEE_PART(&thing_model));
    cuvee_app_patch(world->app, "/list", ask_as_another, .body = CUVEE_LIST(&item_model));
    cuvee_app_put(world->app, "/struct", mend_struct, .body = CUVEE_ONE(&note_model));
    cuvee_app_post(world->app, "/notes", create_note, .body = CUVEE_ONE(&note_model));
    cuvee_app_patch(world->app, "/notes/{id}", mend_note, .params = &note_model, .body = CUVEE_PART(&note_model),
                    .returns = CUVEE_ONE(&note_model));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    free_world(*state);
    return 0;
}

static void what_was_given_is_known(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_patch(t, "/given", "{}"), 200, "given:");
    reply_is(cuvee_test_patch(t, "/given", "{\"count\":1,\"Name\":\"a\"}"), 200, "given: name count");
    reply_is(cuvee_test_patch(t, "/given", "{\"note\":null,\"labels\":[]}"), 200, "given: note labels");
    reply_is(cuvee_test_put(t, "/given", "{\"Name\":\"a\",\"detail\":{\"colour\":\"x\"}}"), 200, "given: name detail");
}

static void what_was_not_given_stays(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_patch(t, "/thing", "{}"), 200,
             "{\"Name\":\"old\",\"count\":1,\"note\":\"kept\",\"detail\":{\"colour\":\"red\",\"weight\":null},"
             "\"labels\":[],\"origin\":\"there\"}");
    reply_is(cuvee_test_patch(t, "/thing",
                              "{\"note\":null,\"Name\":\"new\",\"labels\":[\"a\"],\"detail\":{\"colour\":\"blue\","
                              "\"weight\":3}}"),
             200,
             "{\"Name\":\"new\",\"count\":1,\"note\":null,\"detail\":{\"colour\":\"blue\",\"weight\":3},"
             "\"labels\":[\"a\"],\"origin\":\"there\"}");
}

static void what_is_given_is_checked(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_patch(t, "/thing", "{\"Name\":\"\",\"count\":null,\"detail\":{\"weight\":1},\"origin\":\"x\"}"),
             422,
             "{\"detail\":[{\"type\":\"string_too_short\",\"loc\":[\"body\",\"Name\"],\"msg\":\"String should have at "
             "least 1 character\",\"input\":\"\",\"ctx\":{\"min_length\":1}},"
             "{\"type\":\"int_type\",\"loc\":[\"body\",\"count\"],\"msg\":\"Input should be a valid "
             "integer\",\"input\":null},"
             "{\"type\":\"missing\",\"loc\":[\"body\",\"detail\",\"colour\"],\"msg\":\"Field "
             "required\",\"input\":{\"weight\":1}},"
             "{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"origin\"],\"msg\":\"Extra inputs are not permitted\","
             "\"input\":\"x\"}]}");
    static const char missing[] =
        "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null}]}";
    reply_is(cuvee_test_request(t, "PATCH", "/thing"), 422, missing);
    reply_is(cuvee_test_patch(t, "/thing", "null"), 422, missing);
    at_is(cuvee_test_patch(t, "/thing", "[]"), "detail[0].type", "model_attributes_type");
}

static void rows_are_updated(void **state)
{
    cuvee_test *t = client(*state);
    reply_is(cuvee_test_post(t, "/notes", "{\"text\":\"one\",\"stars\":5,\"version\":1}"), 200,
             "{\"id\":1,\"version\":1,\"text\":\"one\",\"stars\":5}");
    reply_is(cuvee_test_patch(t, "/notes/1", "{\"text\":\"two\"}"), 200,
             "{\"id\":1,\"version\":2,\"text\":\"two\",\"stars\":5}");
    reply_is(cuvee_test_patch(t, "/notes/1", "{\"stars\":null,\"id\":9,\"version\":40}"), 200,
             "{\"id\":1,\"version\":3,\"text\":\"two\",\"stars\":null}");
    reply_is(cuvee_test_put(t, "/struct", "{\"id\":9,\"version\":40,\"text\":\"new\"}"), 200,
             "{\"id\":1,\"version\":2,\"text\":\"new\",\"stars\":null}");
    assert_int_equal(cuvee_test_patch(t, "/notes/1", "{\"text\":\"too long\"}")->status, 422);
    assert_int_equal(cuvee_test_patch(t, "/notes/9", "{}")->status, 404);
}

static void mistakes_of_the_program_are_500(void **state)
{
    cuvee_test *t = client(*state);
    const cuvee_test_reply *r = cuvee_test_patch(t, "/nonsense", "{}");
    reply_is(r, 500, "Internal Server Error");
    assert_non_null(strstr(r->cause, "asks its body for nonsense, which Thing has not"));
    r = cuvee_test_patch(t, "/another", "{}");
    assert_int_equal(r->status, 500);
    assert_non_null(strstr(r->cause, "reads its body as Item, which the route does not declare"));
    assert_int_equal(cuvee_test_patch(t, "/list", "[]")->status, 500);
}

static void the_document_has_a_schema_for_it(void **state)
{
    const cuvee_test_reply *r = cuvee_test_get(client(*state), "/openapi.json");
    at_is(r, "paths./thing.patch.requestBody.content.application/json.schema",
          "{\"$ref\":\"#/components/schemas/Thing-Part\"}");
    at_is(r, "components.schemas.Thing-Part.required", NULL);
    at_is(r, "components.schemas.Thing-Part.properties.count.default", NULL);
    at_is(r, "components.schemas.Thing-Part.properties.count.minimum", "0");
    at_is(r, "components.schemas.Thing-Part.properties.origin", NULL);
    at_is(r, "components.schemas.Thing-Part.properties.detail.$ref", "#/components/schemas/Detail");
    at_is(r, "components.schemas.Thing.required", "[\"Name\",\"detail\"]");
    at_is(r, "components.schemas.Thing-Output", NULL);
    at_is(r, "components.schemas.Note-Part.properties.id", NULL);
    assert_non_null(cuvee_test_at(r, "components.schemas.Note-Input"));
    assert_non_null(cuvee_test_at(r, "components.schemas.Note-Output"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_given_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_given_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_given_is_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_are_updated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(mistakes_of_the_program_are_500, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_document_has_a_schema_for_it, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/request/part", tests, NULL, NULL);
}
