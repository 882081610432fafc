#include "web/support.h"

#include "blend/blend.h"
#include "driver/scripted/script.h"
#include "web/dispatch/dispatch.h"

/* An application on a database whose commits fail as the script says. */
struct scene {
    struct cv_script script;
    cuvee_blend *blend;
    cuvee_app *app;
    struct cv_service service;
    struct cv_arena arena;
    struct cv_reply reply;
};

static struct cv_script *script;
static unsigned failures_left; /* commits that are still to fail */
static unsigned runs;
static unsigned openings;
static cuvee_session *sessions[8];
static cuvee_error_kind kind = CUVEE_ERROR_RETRY;

static void *open_counter(cuvee_request *req)
{
    (void)req;
    openings++;
    return &openings;
}

static const cuvee_dependency counter = {.name = "counter", .open = open_counter};

static void create(cuvee_request *req)
{
    cuvee_session *s = cuvee_request_session(req);
    sessions[runs++] = s;
    if (failures_left > 0) {
        failures_left--;
        cv_script_fail(script, CV_CALL_COMMIT, 1, kind);
        cuvee_set_header(req, "X-Failed", "yes");
        cuvee_set_status(req, 202);
    }
    const Item *item = cuvee_add(s, &item_model, cuvee_body(req, &item_model));
    cuvee_commit(s);
    cuvee_reply_object(req, &item_model, item);
}

static void give_up(cuvee_request *req)
{
    create(req);
    cuvee_reply_error(req, 409, "mine");
}

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct cv_place place = {.url = "scripted:stock", .script = &scene->script};
    cv_script_init(&scene->script);
    script = &scene->script;
    scene->blend = cuvee_blend_new();
    assert_true(cv_blend_bind_place(scene->blend, &stock, &cv_scripted_driver, &place));
    assert_true(cuvee_create_tables(scene->blend));
    scene->app = cuvee_app_new(scene->blend);
    cuvee_app_post(scene->app, "/retry", create, .retry = true, .status = 201, .body = CUVEE_ONE(&item_model),
                   .dependencies = CUVEE_DEPENDENCIES(&counter));
    cuvee_app_post(scene->app, "/once", create, .body = CUVEE_ONE(&item_model));
    cuvee_app_post(scene->app, "/mine", give_up, .retry = true, .body = CUVEE_ONE(&item_model));
    assert_true(cv_app_finish(scene->app));
    cv_service_init(&scene->service, scene->app, scene->blend);
    cv_arena_init(&scene->arena, 0);
    cv_reply_init(&scene->reply);
    runs = openings = failures_left = 0;
    kind = CUVEE_ERROR_RETRY;
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    cv_reply_free(&scene->reply);
    cv_arena_free(&scene->arena);
    cuvee_app_free(scene->app);
    cuvee_blend_free(scene->blend);
    cv_script_free(&scene->script);
    free(scene);
    return 0;
}

static void each_header(const void *of, const char *name, bool (*visit)(void *arg, struct cv_slice value), void *arg)
{
    (void)of;
    if (cv_slice_is_caseless(cv_slice(name), "content-type"))
        visit(arg, cv_slice("application/json"));
}

static void post(struct scene *scene, const char *target)
{
    struct cv_incoming in = {.method = cv_slice("POST"),
                             .target = cv_slice(target),
                             .body = cv_slice("{\"name\":\"Lamp\",\"amount\":1}"),
                             .headers = {.each = each_header}};
    cv_dispatch(&scene->service, &in, &scene->arena, &scene->reply);
}

static int64_t count_items(struct scene *scene)
{
    cuvee_session *s = cuvee_session_open(scene->blend);
    int64_t count = cuvee_count(cuvee_select(s, &item_model));
    cuvee_session_close(s);
    return count;
}

static void the_handler_runs_again_in_a_fresh_session(void **state)
{
    struct scene *scene = *state;
    failures_left = 2;
    post(scene, "/retry");
    assert_int_equal(scene->reply.status, 201);
    assert_string_equal(cv_buffer_text(&scene->reply.body), "{\"id\":1,\"name\":\"Lamp\",\"amount\":1,\"note\":null}");
    assert_null(scene->reply.headers); /* what a failed attempt set is forgotten */
    assert_int_equal(runs, 3);
    assert_int_equal(openings, 3);
    assert_int_equal(count_items(scene), 1);
}

static void three_times_are_enough(void **state)
{
    struct scene *scene = *state;
    failures_left = 3;
    post(scene, "/retry");
    assert_int_equal(scene->reply.status, 503);
    assert_int_equal(runs, 3);
    assert_int_equal(count_items(scene), 0);
}

static void it_has_to_be_asked_for(void **state)
{
    struct scene *scene = *state;
    failures_left = 1;
    post(scene, "/once");
    assert_int_equal(scene->reply.status, 503);
    assert_int_equal(runs, 1);
}

static void other_errors_are_final(void **state)
{
    struct scene *scene = *state;
    failures_left = 1;
    kind = CUVEE_ERROR_BUSY;
    post(scene, "/retry");
    assert_int_equal(scene->reply.status, 503);
    assert_int_equal(runs, 1);
}

static void a_reply_of_the_handlers_own_is_final(void **state)
{
    struct scene *scene = *state;
    failures_left = 1;
    post(scene, "/mine");
    assert_int_equal(scene->reply.status, 409);
    assert_int_equal(runs, 1);
}

static void a_session_that_was_put_in_is_not_run_again(void **state)
{
    struct scene *scene = *state;
    cuvee_session *s = cuvee_session_open(scene->blend);
    struct cv_override override = {.dependency = cuvee_session_dependency(), .value = s};
    scene->service.overrides = &override;
    failures_left = 1;
    post(scene, "/retry");
    assert_int_equal(scene->reply.status, 503);
    assert_int_equal(runs, 1);
    assert_ptr_equal(sessions[0], s);
    cuvee_session_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_handler_runs_again_in_a_fresh_session, set_up, tear_down),
        cmocka_unit_test_setup_teardown(three_times_are_enough, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_has_to_be_asked_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_errors_are_final, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reply_of_the_handlers_own_is_final, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_session_that_was_put_in_is_not_run_again, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("web/dispatch/retry", tests, NULL, NULL);
}
