/* What a session sees of others, and they of it. */
#include "session/support.h"

#include <cuvee/sql.h>

static int64_t users_seen_by(cuvee_session *session)
{
    int64_t count = cuvee_count(cuvee_select(session, &user_model));
    assert_good(session);
    return count;
}

/* ---- read committed ---- */

static void a_read_is_one_statement_without_a_transaction(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    calls_clear(world);
    cuvee_session *session = session_on(world);
    assert_int_equal(cuvee_all(cuvee_select(session, &user_model)).count, 1);
    assert_non_null(cuvee_get(session, &user_model, 1));
    assert_null(strstr(cv_script_text(&world->accounts_calls), "begin"));
    cuvee_session_close(session);
    assert_null(strstr(cv_script_text(&world->accounts_calls), "rollback"));
}

static void each_statement_sees_what_is_committed(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    assert_int_equal(users_seen_by(session), 0);
    insert_user(world, "jane");
    assert_int_equal(users_seen_by(session), 1);
    insert_user(world, "john");
    assert_int_equal(users_seen_by(session), 2);
    cuvee_session_close(session);
}

static void what_is_not_committed_is_seen_by_nobody_else(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    cuvee_session *session = session_on(world), *other = session_on(world);
    add_user(session, "jane");
    assert_int_equal(users_seen_by(session), 1); /* its own */
    assert_int_equal(users_seen_by(other), 0);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(users_seen_by(other), 1);
    cuvee_session_close(session);
    cuvee_session_close(other);
}

static void the_first_write_begins_a_transaction_in_that_database(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    assert_null(cuvee_get(session, &user_model, 1));
    assert_int_equal(cuvee_count(cuvee_select(session, &order_model)), 0);
    calls_clear(world);
    add_user(session, "jane");
    assert_true(cuvee_flush(session));
    add_user(session, "john");
    assert_true(cuvee_flush(session));
    const char *calls = cv_script_text(&world->accounts_calls);
    assert_int_equal(strncmp(calls, "begin write\n", 12), 0);
    assert_null(strstr(calls + 1, "begin"));
    assert_calls(&world->sales_calls, "");
    cuvee_session_close(session);
}

static void two_writers_wait_for_each_other_for_a_while(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane"); /* servers lock rows, SQLite the database */
    cuvee_session *session = session_on(world), *other = session_on(world);
    const User *mine = cuvee_get(session, &user_model, id), *theirs = cuvee_get(other, &user_model, id);
    ((User *)cuvee_edit(session, mine))->name = "mine";
    ((User *)cuvee_edit(other, theirs))->name = "theirs";
    assert_true(cuvee_flush(session));
    assert_false(cuvee_flush(other)); /* after the binding's busy_ms */
    assert_failed(other, CUVEE_ERROR_BUSY, "");
    assert_string_equal(cuvee_session_error(other)->database, "accounts");
    assert_true(cuvee_rollback(other));
    commit_and_close(session);
    ((User *)cuvee_edit(other, theirs))->name = "theirs";
    commit_and_close(other);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'theirs'"), 1);
}

/* ---- snapshot ---- */

static cuvee_session *snapshot_on(const struct world *world)
{
    cuvee_session *session = cuvee_session_open(world->blend, .isolation = CUVEE_SNAPSHOT);
    assert_good(session);
    return session;
}

static void a_snapshot_begins_at_the_first_read(void **state)
{
    struct world *world = *state;
    cuvee_session *session = snapshot_on(world);
    insert_user(world, "jane");
    calls_clear(world);
    assert_int_equal(users_seen_by(session), 1);
    assert_int_equal(strncmp(cv_script_text(&world->accounts_calls), "begin snapshot\n", 15), 0);
    assert_calls(&world->sales_calls, "");
    cuvee_session_close(session);
    assert_non_null(strstr(cv_script_text(&world->accounts_calls), "rollback\n"));
}

static void a_snapshot_stays_where_it_is(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = snapshot_on(world);
    assert_int_equal(users_seen_by(session), 1);
    insert_user(world, "john");
    someone_else(world, &accounts_base, "UPDATE users SET name = 'changed' WHERE id = 1");
    assert_int_equal(users_seen_by(session), 1);
    assert_string_equal(((const User *)cuvee_get(session, &user_model, id))->name, "jane");
    insert_order(world, id, "Lamp");
    assert_int_equal(cuvee_count(cuvee_select(session, &order_model)), 1); /* each database has its own moment */
    insert_order(world, id, "Chair");
    assert_int_equal(cuvee_count(cuvee_select(session, &order_model)), 1);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED); /* the next one begins with the next read */
    assert_int_equal(users_seen_by(session), 2);
    insert_user(world, "jack");
    assert_int_equal(users_seen_by(session), 2);
    assert_true(cuvee_rollback(session));
    assert_int_equal(users_seen_by(session), 3);
    cuvee_session_close(session);
}

static void a_snapshot_that_did_not_move_can_be_written(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = snapshot_on(world);
    ((User *)cuvee_edit(session, cuvee_get(session, &user_model, id)))->name = "edited";
    add_user(session, "john");
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 2);
}

static void a_snapshot_that_moved_is_to_be_run_again(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = snapshot_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    someone_else(world, &accounts_base, "UPDATE users SET name = 'changed'");
    ((User *)cuvee_edit(session, user))->age = (cuvee_opt_int32){true, 5};
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_RETRY, "");
    assert_string_equal(cuvee_session_error(session)->sqlstate, "40001");
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    assert_true(cuvee_rollback(session));
    assert_false(user->age.set);
    assert_true(cuvee_refresh(session, user));
    ((User *)cuvee_edit(session, user))->age = (cuvee_opt_int32){true, 5};
    commit_and_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'changed' AND age = 5"), 1);
}

static void a_lock_in_a_snapshot_that_moved_is_to_be_run_again(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = snapshot_on(world);
    assert_int_equal(users_seen_by(session), 1);
    someone_else(world, &accounts_base, "UPDATE users SET name = 'changed'");
    assert_null(cuvee_get_locked(session, &user_model, id));
    assert_failed(session, CUVEE_ERROR_RETRY, "");
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    cuvee_session_close(session);
}

static void a_lock_in_a_snapshot_keeps_others_from_writing(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = snapshot_on(world), *other = session_on(world);
    assert_int_equal(users_seen_by(session), 1);
    assert_non_null(cuvee_get_locked(session, &user_model, id));
    ((User *)cuvee_edit(other, cuvee_get(other, &user_model, id)))->name = "changed";
    assert_false(cuvee_flush(other));
    assert_failed(other, CUVEE_ERROR_BUSY, "");
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_true(cuvee_rollback(other));
    ((User *)cuvee_edit(other, cuvee_get(other, &user_model, id)))->name = "changed";
    commit_and_close(other);
    cuvee_session_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'changed'"), 1);
}

static void a_read_only_session_can_be_a_snapshot(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = cuvee_session_open(world->blend, .read_only = true, .isolation = CUVEE_SNAPSHOT);
    assert_int_equal(users_seen_by(session), 1);
    insert_user(world, "john");
    assert_int_equal(users_seen_by(session), 1);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(users_seen_by(session), 2);
    cuvee_session_close(session);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST(a_read_is_one_statement_without_a_transaction),
        WORLD_TEST(each_statement_sees_what_is_committed),
        WORLD_TEST(what_is_not_committed_is_seen_by_nobody_else),
        SCRIPTED_TEST(the_first_write_begins_a_transaction_in_that_database),
        WORLD_TEST(two_writers_wait_for_each_other_for_a_while),
        SCRIPTED_TEST(a_snapshot_begins_at_the_first_read),
        WORLD_TEST(a_snapshot_stays_where_it_is),
        WORLD_TEST(a_snapshot_that_did_not_move_can_be_written),
        WORLD_TEST(a_snapshot_that_moved_is_to_be_run_again),
        WORLD_TEST(a_lock_in_a_snapshot_that_moved_is_to_be_run_again),
        WORLD_TEST(a_lock_in_a_snapshot_keeps_others_from_writing),
        WORLD_TEST(a_read_only_session_can_be_a_snapshot),
    };
    return WORLD_MAIN(argc, argv, "isolation", tests);
}
