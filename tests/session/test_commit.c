/* Commit: what it asks of the databases, and what becomes of the session's objects. */
#include "session/support.h"

#include <cuvee/sql.h>

/* ---- one database ---- */

static void one_database_is_committed_and_nothing_else(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_calls(&world->accounts_calls,
                 "begin write\n"
                 "run_many 1 INSERT INTO \"users\" (\"name\", \"email\", \"age\", \"country\") VALUES (?, ?, ?, ?)\n"
                 "commit\n");
    assert_calls(&world->sales_calls, "");
    cuvee_session_close(session);
    assert_int_equal(world->sales_calls.calls[CV_CALL_CONNECT], 1); /* the one that made the tables */
}

static void reads_alone_commit_nothing(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    assert_null(cuvee_get(session, &user_model, 1));
    assert_int_equal(cuvee_count(cuvee_select(session, &order_model)), 0);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_null(strstr(cv_script_text(&world->accounts_calls), "begin"));
    assert_null(strstr(cv_script_text(&world->accounts_calls), "commit"));
    assert_null(strstr(cv_script_text(&world->sales_calls), "commit"));
    cuvee_session_close(session);
}

static void objects_are_plain_rows_after_a_commit(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *loaded = cuvee_get(session, &user_model, id);
    const User *added = add_user(session, "john");
    ((User *)cuvee_edit(session, loaded))->name = "edited";
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    someone_else(world, &accounts_base, "UPDATE users SET name = 'changed'");
    uint64_t statements = cuvee_session_statements(session);
    assert_string_equal(loaded->name, "edited"); /* nothing is fetched behind the caller's back */
    assert_ptr_equal(cuvee_get(session, &user_model, id), loaded);
    assert_ptr_equal(cuvee_get(session, &user_model, added->id), added);
    assert_int_equal(cuvee_session_statements(session), statements);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(cuvee_session_statements(session), statements);
    cuvee_session_close(session);
}

static void a_commit_gives_its_connections_back(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    cuvee_blend *narrow = world_blend(world, (cuvee_bind_options){.max_connections = 1, .wait_ms = 20},
                                      (cuvee_bind_options){.max_connections = 1, .wait_ms = 20});
    cuvee_session *first = cuvee_session_open(narrow), *second = cuvee_session_open(narrow);
    assert_int_equal(cuvee_count(cuvee_select(first, &user_model)), 0);
    assert_int_equal(cuvee_count(cuvee_select(second, &user_model)), 0);
    assert_failed(second, CUVEE_ERROR_EXHAUSTED, "accounts");
    assert_int_equal(cuvee_commit(first), CUVEE_COMMITTED);
    assert_true(cuvee_rollback(second));
    add_user(second, "jane");
    assert_int_equal(cuvee_commit(second), CUVEE_COMMITTED);
    assert_int_equal(cuvee_count(cuvee_select(first, &user_model)), 1);
    cuvee_session_close(first);
    cuvee_session_close(second);
    cuvee_blend_free(narrow);
}

static void a_session_commits_again_and_again(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    for (int i = 0; i < 50; i++) {
        cuvee_add(session, &team_model, &(Team){.name = "red"});
        cuvee_add(session, &note_model, &(Note){0});
        assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    }
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &team_model), 50);
    assert_int_equal(rows_of(world, &note_model), 50);
}

/* ---- whether there is something to commit ---- */

static void what_is_not_committed_is_known(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "loaded");
    cuvee_session *session = session_on(world);
    assert_false(cuvee_session_has_changes(NULL));
    assert_false(cuvee_session_has_changes(session));
    const User *user = cuvee_get(session, &user_model, id);
    User *edit = cuvee_edit(session, user);
    assert_false(cuvee_session_has_changes(session)); /* not yet */
    edit->name = "other";
    assert_true(cuvee_session_has_changes(session));
    assert_true(cuvee_flush(session));
    assert_true(cuvee_session_has_changes(session));
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_false(cuvee_session_has_changes(session));
    add_user(session, "jane");
    assert_true(cuvee_session_has_changes(session));
    assert_true(cuvee_rollback(session));
    assert_false(cuvee_session_has_changes(session));
    assert_true(cuvee_delete(session, user));
    assert_true(cuvee_session_has_changes(session));
    assert_true(cuvee_flush(session));
    assert_true(cuvee_session_has_changes(session));
    commit_and_close(session);
}

static void statements_that_changed_nothing_are_no_changes(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    cuvee_query *nobody = cuvee_select(session, &user_model);
    cuvee_where(nobody, cuvee_eq(nobody, "name", "nobody"));
    assert_int_equal(cuvee_delete_where(nobody), 0);
    cuvee_query *locked = cuvee_select(session, &user_model);
    cuvee_for_update(locked);
    assert_int_equal(cuvee_all(locked).count, 1);
    assert_false(cuvee_session_has_changes(session));
    cuvee_savepoint *place = cuvee_savepoint_set(session);
    assert_int_equal(cuvee_delete_where(cuvee_select(session, &user_model)), 1);
    assert_true(cuvee_session_has_changes(session));
    assert_true(cuvee_savepoint_rollback(session, place));
    assert_false(cuvee_session_has_changes(session));
    cuvee_session_close(session);
}

/* ---- two databases ---- */

/* A user that was there is edited, a user and an order are added, a stock is deleted. */
struct work {
    cuvee_session *session;
    const User *edited, *added;
    const Order *order;
    const Stock *deleted;
};

static struct work work_in_two_databases(struct world *world)
{
    int64_t id = insert_user(world, "loaded");
    cuvee_session *before = session_on(world);
    cuvee_add(before, &stock_model, &(Stock){1, "bolt", 1});
    commit_and_close(before);
    struct work work = {.session = session_on(world)};
    work.edited = cuvee_get(work.session, &user_model, id);
    work.deleted = cuvee_first(cuvee_select(work.session, &stock_model));
    ((User *)cuvee_edit(work.session, work.edited))->name = "edited";
    work.added = add_user(work.session, "added");
    work.order = cuvee_add_related(work.session, work.added, "orders", &(Order){.item = "Lamp", .quantity = 1});
    assert_true(cuvee_delete(work.session, work.deleted));
    return work;
}

static void assert_accounts(const struct world *world, bool committed)
{
    assert_int_equal(rows_of(world, &user_model), committed ? 2 : 1);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'edited'"), committed);
}

static void assert_sales(const struct world *world, bool committed)
{
    assert_int_equal(rows_of(world, &order_model), committed);
    assert_int_equal(rows_of(world, &stock_model), !committed);
}

/* The objects are as before, and the session can do the same once more. */
static void assert_undone(struct work *work, cuvee_error_kind kind)
{
    assert_failed(work->session, kind, "");
    assert_string_equal(work->edited->name, "loaded");
    assert_null(cuvee_edit(work->session, work->edited)); /* the error stays until the rollback */
    assert_failed(work->session, kind, "");
    assert_true(cuvee_rollback(work->session));
    assert_ptr_equal(cuvee_get(work->session, &user_model, work->edited->id), work->edited);
    cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE("bolt")};
    assert_ptr_equal(cuvee_get_by_key(work->session, &stock_model, key, 2), work->deleted);
    assert_null(cuvee_edit(work->session, work->added));
    assert_true(cuvee_rollback(work->session));
    const User *again = add_user(work->session, "added");
    ((User *)cuvee_edit(work->session, work->edited))->name = "edited";
    cuvee_add_related(work->session, again, "orders", &(Order){.item = "Lamp", .quantity = 1});
    assert_true(cuvee_delete(work->session, work->deleted));
    assert_int_equal(cuvee_commit(work->session), CUVEE_COMMITTED);
}

static void two_databases_are_committed_after_both_voted(void **state)
{
    struct world *world = *state;
    struct work work = work_in_two_databases(world);
    assert_true(cuvee_flush(work.session));
    calls_clear(world);
    assert_int_equal(cuvee_commit(work.session), CUVEE_COMMITTED);
    assert_calls(&world->accounts_calls, "vote\ncommit\n");
    assert_calls(&world->sales_calls, "vote\ncommit\n");
    cuvee_session_close(work.session);
    assert_accounts(world, true);
    assert_sales(world, true);
}

static void cancel_on_commit(void *session, enum cv_call call)
{
    if (call == CV_CALL_VOTE || call == CV_CALL_COMMIT)
        cuvee_cancel(session);
}

/* What is on its way is not stopped half-way: one database would have it and the other not. */
static void a_commit_cannot_be_cancelled(void **state)
{
    struct world *world = *state;
    struct work work = work_in_two_databases(world);
    assert_true(cuvee_flush(work.session));
    calls_clear(world);
    world->sales_calls.on_call = cancel_on_commit;
    world->sales_calls.on_call_arg = work.session;
    assert_int_equal(cuvee_commit(work.session), CUVEE_COMMITTED);
    assert_calls(&world->accounts_calls, "vote\ncommit\n");
    assert_calls(&world->sales_calls, "vote\ncommit\n");
    world->sales_calls.on_call = NULL;
    assert_good(work.session);
    add_order(work.session, 1, "Chair");
    assert_true(cuvee_flush(work.session));
    cuvee_cancel(work.session); /* now there is something to be stopped again */
    assert_non_null(strstr(cv_script_text(&world->sales_calls), "cancel"));
    cuvee_session_close(work.session);
}

static void a_vote_against_undoes_both(void **state)
{
    struct world *world = *state;
    struct work work = work_in_two_databases(world);
    cv_script_fail(&world->sales_calls, CV_CALL_VOTE, 1, CUVEE_ERROR_FOREIGN_KEY);
    assert_int_equal(cuvee_commit(work.session), CUVEE_ROLLED_BACK);
    assert_string_equal(cuvee_session_error(work.session)->database, "sales");
    assert_accounts(world, false);
    assert_sales(world, false);
    assert_undone(&work, CUVEE_ERROR_FOREIGN_KEY);
    cuvee_session_close(work.session);
    assert_accounts(world, true);
    assert_sales(world, true);
}

static void a_failure_of_the_first_undoes_both(void **state)
{
    struct world *world = *state;
    struct work work = work_in_two_databases(world);
    cv_script_fail(&world->accounts_calls, CV_CALL_COMMIT, 1, CUVEE_ERROR_FULL); /* the one that was bound first */
    assert_int_equal(cuvee_commit(work.session), CUVEE_ROLLED_BACK);
    assert_string_equal(cuvee_session_error(work.session)->database, "accounts");
    assert_accounts(world, false);
    assert_sales(world, false);
    assert_undone(&work, CUVEE_ERROR_FULL);
    cuvee_session_close(work.session);
}

static void a_failed_flush_undoes_both(void **state)
{
    struct world *world = *state;
    struct work work = work_in_two_databases(world);
    assert_true(cuvee_flush(work.session));
    add_user(work.session, "loaded"); /* whose email is taken */
    assert_int_equal(cuvee_commit(work.session), CUVEE_ROLLED_BACK);
    assert_accounts(world, false);
    assert_sales(world, false);
    assert_undone(&work, CUVEE_ERROR_UNIQUE);
    cuvee_session_close(work.session);
}

/* Objects that the unit of work held leave the session, since nobody knows which of them are in the database. */
static void assert_left(struct work *work)
{
    assert_true(cuvee_rollback(work->session));
    assert_null(cuvee_edit(work->session, work->edited));
    assert_failed(work->session, CUVEE_ERROR_MISUSE, "left the session");
    assert_true(cuvee_rollback(work->session));
    assert_null(cuvee_edit(work->session, work->order));
    assert_failed(work->session, CUVEE_ERROR_MISUSE, "left the session");
    assert_true(cuvee_rollback(work->session));
}

static void a_failure_of_the_second_is_torn(void **state)
{
    struct world *world = *state;
    struct work work = work_in_two_databases(world);
    cv_script_fail(&world->sales_calls, CV_CALL_COMMIT, 1, CUVEE_ERROR_FULL);
    assert_int_equal(cuvee_commit(work.session), CUVEE_TORN);
    assert_failed(work.session, CUVEE_ERROR_TORN, "committed in accounts; rolled back in sales");
    assert_accounts(world, true);
    assert_sales(world, false);
    assert_left(&work);
    const User *edited = cuvee_get(work.session, &user_model, work.edited->id);
    assert_ptr_not_equal(edited, work.edited);
    assert_string_equal(edited->name, "edited");
    cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE("bolt")};
    assert_non_null(cuvee_get_by_key(work.session, &stock_model, key, 2));
    assert_int_equal(cuvee_count(cuvee_select(work.session, &order_model)), 0);
    commit_and_close(work.session);
}

static void a_lost_connection_leaves_a_commit_in_doubt(void **state)
{
    struct world *world = *state;
    struct work work = work_in_two_databases(world);
    cv_script_fail(&world->sales_calls, CV_CALL_COMMIT, 1, CUVEE_ERROR_CONNECTION);
    world->sales_calls.fail_commit = CV_UNKNOWN;
    size_t connected = world->sales_calls.calls[CV_CALL_CONNECT];
    assert_int_equal(cuvee_commit(work.session), CUVEE_IN_DOUBT);
    assert_failed(work.session, CUVEE_ERROR_IN_DOUBT, "committed in accounts; rolled back in none; unknown in sales");
    assert_left(&work);
    assert_int_equal(cuvee_count(cuvee_select(work.session, &order_model)), 1); /* as it turns out */
    assert_int_equal(world->sales_calls.calls[CV_CALL_CONNECT], connected + 1); /* the lost one is not lent again */
    commit_and_close(work.session);
}

static void raw_sql_of_a_torn_commit_is_forgotten_as_well(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    cuvee_sql_execute(session, &sales_base, "INSERT INTO stock VALUES (1, 'bolt', 1)", NULL, 0);
    assert_int_equal(cuvee_all(cuvee_select(session, &stock_model)).count, 1);
    cv_script_fail(&world->sales_calls, CV_CALL_COMMIT, 1, CUVEE_ERROR_FULL);
    assert_int_equal(cuvee_commit(session), CUVEE_TORN);
    assert_true(cuvee_rollback(session));
    cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE("bolt")};
    assert_null(cuvee_get_by_key(session, &stock_model, key, 2));
    cuvee_session_close(session);
}

/* ---- who takes part ---- */

static void a_database_that_was_only_read_takes_no_part(void **state)
{
    struct world *world = *state;
    cuvee_session *session = cuvee_session_open(world->blend, .isolation = CUVEE_SNAPSHOT);
    assert_int_equal(cuvee_count(cuvee_select(session, &order_model)), 0);
    add_user(session, "jane");
    assert_true(cuvee_flush(session));
    calls_clear(world);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_calls(&world->accounts_calls, "commit\n");
    assert_calls(&world->sales_calls, "rollback\n");
    cuvee_session_close(session);
}

static void what_was_only_locked_is_let_go(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    assert_non_null(cuvee_get_locked(session, &user_model, id));
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    insert_user(world, "john"); /* nobody holds a lock */
    cuvee_session_close(session);
}

static void bases_in_one_database_are_one_participant(void **state)
{
    struct world *world = *state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_set_folder(blend, world->folder);
    cuvee_blend_bind(blend, &accounts_base, "sqlite:both.db");
    cuvee_blend_bind(blend, &sales_base, "sqlite:both.db");
    assert_true(cuvee_create_tables(blend));
    assert_int_equal(cv_blend_pool_count(blend), 1);
    cuvee_session *session = cuvee_session_open(blend);
    const User *user = add_user(session, "jane");
    cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1});
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(cuvee_session_statements(session), 2); /* the engine itself checks the reference */
    add_order(session, 99, "Chair");
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "");
    cuvee_session_close(session);
    cuvee_blend_free(blend);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST(one_database_is_committed_and_nothing_else),
        SCRIPTED_TEST(reads_alone_commit_nothing),
        WORLD_TEST(objects_are_plain_rows_after_a_commit),
        WORLD_TEST(a_commit_gives_its_connections_back),
        WORLD_TEST(a_session_commits_again_and_again),
        WORLD_TEST(what_is_not_committed_is_known),
        WORLD_TEST(statements_that_changed_nothing_are_no_changes),
        SCRIPTED_TEST(two_databases_are_committed_after_both_voted),
        SCRIPTED_TEST(a_commit_cannot_be_cancelled),
        SCRIPTED_TEST(a_vote_against_undoes_both),
        SCRIPTED_TEST(a_failure_of_the_first_undoes_both),
        WORLD_TEST(a_failed_flush_undoes_both),
        SCRIPTED_TEST(a_failure_of_the_second_is_torn),
        SCRIPTED_TEST(a_lost_connection_leaves_a_commit_in_doubt),
        SCRIPTED_TEST(raw_sql_of_a_torn_commit_is_forgotten_as_well),
        SCRIPTED_TEST(a_database_that_was_only_read_takes_no_part),
        WORLD_TEST(what_was_only_locked_is_let_go),
        WORLD_TEST(bases_in_one_database_are_one_participant),
    };
    return WORLD_MAIN(argc, argv, "commit", tests);
}
