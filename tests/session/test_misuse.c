/* Errors stay put, and what is called wrongly is a clear error, never a crash. */
#include "session/support.h"

#include <pthread.h>

/* ---- errors stay put ---- */

static void after_an_error_nothing_is_done_until_the_rollback(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    cuvee_query *query = cuvee_select(session, &user_model);
    add_user(session, "lost");
    assert_null(cuvee_add(session, &user_model, &(User){.name = "", .email = "x@example.com"}));
    uint64_t statements = cuvee_session_statements(session);
    assert_dead(session, user);
    assert_int_equal(cuvee_all(query).count, 0);
    assert_null(cuvee_first(query));
    assert_null(cuvee_one(query));
    assert_int_equal(cuvee_count(query), 0);
    assert_false(cuvee_exists(query));
    assert_null(cuvee_rows_open(query));
    assert_int_equal(cuvee_delete_where(query), -1);
    assert_int_equal(cuvee_session_statements(session), statements);
    assert_failed(session, CUVEE_ERROR_CHECK, "User.name"); /* the first error is the one that is told */
    assert_true(cuvee_rollback(session));
    assert_good(session);
    assert_int_equal(cuvee_all(query).count, 1);
    ((User *)cuvee_edit(session, user))->name = "edited";
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void no_session_is_like_one_with_an_error(void **state)
{
    (void)state;
    const User user = {.name = "jane"};
    assert_dead(NULL, &user);
    assert_false(cuvee_rollback(NULL));
    assert_false(cuvee_savepoint_rollback(NULL, NULL));
    assert_int_equal(cuvee_session_error(NULL)->kind, CUVEE_ERROR_MEMORY);
    assert_string_not_equal(cuvee_session_error(NULL)->message, "");
    assert_int_equal(cuvee_session_statements(NULL), 0);
    cuvee_cancel(NULL);
    cuvee_session_close(NULL);
}

static void a_blend_that_could_not_be_set_up_gives_sessions_its_error(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &accounts_base, "paper:accounts.db");
    cuvee_session *session = cuvee_session_open(blend);
    assert_non_null(session);
    assert_failed(session, CUVEE_ERROR_CONFIG, "accounts");
    const User user = {.name = "jane"};
    assert_dead(session, &user);
    assert_false(cuvee_rollback(session)); /* this error does not go away */
    assert_failed(session, CUVEE_ERROR_CONFIG, "accounts");
    cuvee_cancel(session);
    cuvee_session_close(session);
    cuvee_blend_free(blend);
}

static void no_blend_gives_sessions_an_error(void **state)
{
    (void)state;
    cuvee_session *session = cuvee_session_open(NULL);
    assert_non_null(session);
    assert_failed(session, CUVEE_ERROR_MEMORY, "out of memory"); /* which is why there is none */
    const User user = {.name = "jane"};
    assert_dead(session, &user);
    cuvee_session_close(session);
}

static void a_database_that_cannot_be_opened_is_told_at_first_use(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_set_folder(blend, "/dev");
    cuvee_blend_bind(blend, &accounts_base, "sqlite:null/accounts.db");
    cuvee_session *session = cuvee_session_open(blend);
    assert_null(cuvee_get(session, &user_model, 1));
    assert_failed(session, CUVEE_ERROR_CONNECT, "");
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    cuvee_session_close(session);
    cuvee_blend_free(blend);
}

/* ---- objects ---- */

static void assert_no_object(cuvee_session *session, const void *pointer, const char *words)
{
    assert_null(cuvee_edit(session, pointer));
    assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_edit");
    assert_failed(session, CUVEE_ERROR_MISUSE, words);
    cuvee_rollback(session);
    assert_false(cuvee_delete(session, pointer));
    assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_delete");
    cuvee_rollback(session);
    assert_false(cuvee_refresh(session, pointer));
    assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_refresh");
    cuvee_rollback(session);
    assert_false(cuvee_expunge(session, pointer));
    assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_expunge");
    cuvee_rollback(session);
    assert_null(cuvee_add_related(session, pointer, "orders", &(Order){.item = "Lamp"}));
    assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_add_related");
    cuvee_rollback(session);
}

static void pointers_that_are_no_objects_of_the_session_are_misuse(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world), *other = session_on(world);
    User on_the_stack = {.id = id};
    User *on_the_heap = calloc(1, sizeof *on_the_heap);
    const char *no = "no object of this session";
    assert_no_object(session, &on_the_stack, no); /* before it has any object */
    const User *user = cuvee_get(session, &user_model, id);
    const User *foreign = cuvee_get(other, &user_model, id);
    assert_no_object(session, &on_the_stack, no);
    assert_no_object(session, on_the_heap, no);
    assert_no_object(session, foreign, no);
    assert_no_object(session, (const char *)user + 8, no); /* into an object */
    assert_no_object(session, user + 1, no);               /* where the next one would be */
    assert_no_object(session, user - 1, no);
    assert_no_object(session, user->name, no);
    assert_no_object(session, (const void *)UINTPTR_MAX, no);
    assert_non_null(cuvee_edit(session, user));
    assert_good(session);
    free(on_the_heap);
    cuvee_session_close(session);
    cuvee_session_close(other);
}

static void what_was_not_found_is_missing(void **state)
{
    cuvee_session *session = session_on(*state);
    assert_null(cuvee_edit(session, cuvee_get(session, &user_model, 99)));
    assert_failed(session, CUVEE_ERROR_MISSING, "cuvee_edit got NULL");
    cuvee_rollback(session);
    assert_false(cuvee_delete(session, NULL));
    assert_failed(session, CUVEE_ERROR_MISSING, "cuvee_delete got NULL");
    cuvee_rollback(session);
    assert_false(cuvee_refresh(session, NULL));
    assert_failed(session, CUVEE_ERROR_MISSING, "cuvee_refresh got NULL");
    cuvee_rollback(session);
    assert_false(cuvee_expunge(session, NULL));
    assert_failed(session, CUVEE_ERROR_MISSING, "cuvee_expunge got NULL");
    cuvee_rollback(session);
    assert_null(cuvee_add_related(session, NULL, "orders", &(Order){.item = "Lamp"}));
    assert_failed(session, CUVEE_ERROR_MISSING, "cuvee_add_related got NULL");
    cuvee_session_close(session);
}

static void objects_that_left_are_misuse(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    assert_true(cuvee_rollback(session));
    assert_no_object(session, user, "left the session");
    cuvee_session_close(session);
}

static void the_other_models_of_a_relation_must_be_bound(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &accounts_base, "sqlite::memory:"); /* and sales is not */
    assert_true(cuvee_create_tables(blend));
    cuvee_session *session = cuvee_session_open(blend);
    const User *user = cuvee_add(session, &user_model, &(User){.name = "jane", .email = "jane@example.com"});
    assert_null(cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1}));
    assert_failed(session, CUVEE_ERROR_MISUSE, "model Order is in no base that is bound in this blend");
    cuvee_session_close(session);
    cuvee_blend_free(blend);
}

static void models_in_no_base_are_misuse(void **state)
{
    cuvee_session *session = session_on(*state);
    const Stranger stranger = {1};
    assert_null(cuvee_upsert(session, &stranger_model, &stranger, "id", "id"));
    assert_failed(session, CUVEE_ERROR_MISUSE, "model Stranger is in no base");
    cuvee_rollback(session);
    assert_null(cuvee_select(session, &stranger_model));
    assert_failed(session, CUVEE_ERROR_MISUSE, "model Stranger is in no base");
    cuvee_rollback(session);
    assert_null(cuvee_select(session, NULL));
    assert_failed(session, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_rollback(session);
    assert_null(cuvee_get_locked(session, &stranger_model, 1));
    assert_failed(session, CUVEE_ERROR_MISUSE, "model Stranger is in no base");
    cuvee_rollback(session);
    assert_int_equal(cuvee_sql_objects(session, &stranger_model, "SELECT 1 AS id", NULL, 0).count, 0);
    assert_failed(session, CUVEE_ERROR_MISUSE, "model Stranger is in no base");
    cuvee_session_close(session);
}

static void an_upsert_needs_all_it_is_told(void **state)
{
    cuvee_session *session = session_on(*state);
    const User row = {.name = "jane", .email = "jane@example.com"};
    static const struct {
        const char *conflict, *update, *words;
    } wrong[] = {
        {NULL, "name", "an argument is NULL"},
        {"email", NULL, "an argument is NULL"},
        {"", "name", "names no field"},
        {"email", " ", "names no field"},
        {"mail", "name", "User has no field mail"},
        {"email", "name, phone", "User has no field phone"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_null(cuvee_upsert(session, &user_model, &row, wrong[i].conflict, wrong[i].update));
        assert_failed(session, CUVEE_ERROR_MISUSE, wrong[i].words);
        assert_true(cuvee_rollback(session));
    }
    assert_null(cuvee_upsert(session, &user_model, NULL, "email", "name"));
    assert_failed(session, CUVEE_ERROR_MISUSE, "an argument is NULL");
    cuvee_rollback(session);
    assert_null(cuvee_upsert(session, &user_model, &(User){.name = "", .email = "jane@example.com"}, "email", "name"));
    assert_failed(session, CUVEE_ERROR_CHECK, "User.name");
    cuvee_session_close(session);
}

/* ---- a second thread ---- */

struct intruder {
    cuvee_session *session;
    const void *object;
    cuvee_query *query;
    cuvee_rows *rows;
    bool came;
};

/* Everything that is public, but cuvee_cancel, from a thread that the session does not belong to. */
static void *intrude(void *arg)
{
    struct intruder *intruder = arg;
    cuvee_session *session = intruder->session;
    assert_dead(session, intruder->object);
    assert_int_equal(cuvee_all(intruder->query).count, 0);
    assert_false(cuvee_exists(intruder->query));
    assert_null(cuvee_next(intruder->rows));
    cuvee_rows_close(intruder->rows);
    assert_false(cuvee_rollback(session));
    assert_false(cuvee_savepoint_rollback(session, NULL));
    cuvee_session_close(session);
    assert_error(cuvee_session_error(session), CUVEE_ERROR_MISUSE, "another thread is using the session");
    return NULL;
}

/* In the middle of the first statement, where the session is in use for certain. */
static void let_another_come(void *arg, const cuvee_statement_info *statement)
{
    struct intruder *intruder = arg;
    (void)statement;
    if (intruder->came)
        return;
    intruder->came = true;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, intrude, intruder), 0);
    pthread_join(thread, NULL);
}

static void two_threads_at_the_same_moment_are_misuse(void **state)
{
    struct world *world = *state;
    struct intruder intruder = {.came = true};
    int64_t id = insert_user(world, "jane");
    intruder.session =
        cuvee_session_open(world->blend, .on_statement = let_another_come, .on_statement_arg = &intruder);
    cuvee_session *session = intruder.session;
    intruder.object = cuvee_get(session, &user_model, id);
    intruder.query = cuvee_select(session, &user_model);
    intruder.rows = cuvee_rows_open(intruder.query);
    intruder.came = false;
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1); /* what it was doing is done */
    assert_true(intruder.came);
    assert_failed(session, CUVEE_ERROR_MISUSE, "another thread used the session");
    assert_null(cuvee_get(session, &user_model, id)); /* and it stays an error, until somebody has looked */
    assert_true(cuvee_rollback(session));
    add_user(session, "john");
    cuvee_rows_close(intruder.rows);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 2);
}

static void *work_alone(void *arg)
{
    add_user(arg, "john");
    assert_true(cuvee_flush(arg));
    return NULL;
}

static void one_thread_after_the_other_is_fine(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    assert_true(cuvee_flush(session));
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, work_alone, session), 0);
    pthread_join(thread, NULL);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 2);
}

/* ---- options of a program that was compiled with an older header ---- */

static void options_that_an_older_program_did_not_know_are_defaults(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session_options options;
    memset(&options, 0xFF, sizeof options); /* what lies behind the older struct is not looked at */
    options.read_only = true;
    options.isolation = CUVEE_READ_COMMITTED;
    options.no_autoflush = false;
    options.size = offsetof(cuvee_session_options, statement_ms);
    cuvee_session *session = cuvee_session_open_with(world->blend, &options);
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1);
    assert_null(cuvee_add(session, &user_model, &(User){0}));
    assert_failed(session, CUVEE_ERROR_READ_ONLY, "");
    cuvee_session_close(session);
    session = cuvee_session_open_with(world->blend, NULL);
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1);
    cuvee_session_close(session);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(after_an_error_nothing_is_done_until_the_rollback),
        cmocka_unit_test(no_session_is_like_one_with_an_error),
        cmocka_unit_test(a_blend_that_could_not_be_set_up_gives_sessions_its_error),
        cmocka_unit_test(no_blend_gives_sessions_an_error),
        cmocka_unit_test(a_database_that_cannot_be_opened_is_told_at_first_use),
        WORLD_TEST(pointers_that_are_no_objects_of_the_session_are_misuse),
        WORLD_TEST(what_was_not_found_is_missing),
        WORLD_TEST(objects_that_left_are_misuse),
        cmocka_unit_test(the_other_models_of_a_relation_must_be_bound),
        WORLD_TEST(models_in_no_base_are_misuse),
        WORLD_TEST(an_upsert_needs_all_it_is_told),
        WORLD_TEST(two_threads_at_the_same_moment_are_misuse),
        WORLD_TEST(one_thread_after_the_other_is_fine),
        WORLD_TEST(options_that_an_older_program_did_not_know_are_defaults),
    };
    return WORLD_MAIN(argc, argv, "misuse", tests);
}
