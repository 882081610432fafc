/* Savepoints: places in the unit of work that one can go back to, over every database. */
#include "session/support.h"

#include <cuvee/sql.h>

/* ---- what is undone and what is kept ---- */

static void going_back_undoes_what_was_written_since(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *before = add_user(session, "before");
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    assert_non_null(savepoint);
    assert_int_equal(before->id, 1); /* setting it flushes */
    const User *since = add_user(session, "since");
    assert_true(cuvee_flush(session));
    const User *pending = add_user(session, "pending");
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    assert_null(cuvee_get(session, &user_model, since->id));
    assert_ptr_equal(cuvee_get(session, &user_model, 1), before);
    assert_good(session);
    const User *after = add_user(session, "after");
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_ptr_equal(cuvee_get(session, &user_model, after->id), after);
    assert_null(cuvee_edit(session, since));
    cuvee_rollback(session);
    assert_null(cuvee_edit(session, pending));
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 2);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name IN ('before', 'after')"), 2);
}

static void releasing_keeps_what_was_written_since(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "before");
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    const User *since = add_user(session, "since");
    assert_true(cuvee_savepoint_release(session, savepoint));
    assert_int_equal(since->id, 2); /* it flushes, too */
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 2);
}

static void a_rollback_takes_what_was_released_with_it(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    const User *user = add_user(session, "jane");
    assert_true(cuvee_savepoint_release(session, savepoint));
    assert_true(cuvee_rollback(session));
    assert_null(cuvee_edit(session, user));
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

static void savepoints_stand_in_each_other(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "a");
    cuvee_savepoint *outer = cuvee_savepoint_set(session);
    add_user(session, "b");
    cuvee_savepoint *middle = cuvee_savepoint_set(session);
    add_user(session, "c");
    cuvee_savepoint *inner = cuvee_savepoint_set(session);
    add_user(session, "d");
    assert_true(cuvee_savepoint_rollback(session, inner));
    add_user(session, "e");
    inner = cuvee_savepoint_set(session);
    add_user(session, "f");
    assert_true(cuvee_savepoint_release(session, inner));
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 5); /* a b c e f */
    assert_true(cuvee_savepoint_rollback(session, middle));
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 2); /* a b */
    assert_true(cuvee_savepoint_release(session, outer));
    commit_and_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name IN ('a', 'b')"), 2);
    assert_int_equal(rows_of(world, &user_model), 2);
}

static void the_outer_one_takes_the_inner_ones_with_it(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "a");
    cuvee_savepoint *outer = cuvee_savepoint_set(session);
    add_user(session, "b");
    cuvee_savepoint *inner = cuvee_savepoint_set(session);
    add_user(session, "c");
    assert_true(cuvee_savepoint_rollback(session, outer));
    assert_false(cuvee_savepoint_release(session, inner));
    assert_failed(session, CUVEE_ERROR_MISUSE, "the savepoint is over");
    cuvee_rollback(session);
    outer = cuvee_savepoint_set(session);
    inner = cuvee_savepoint_set(session);
    assert_true(cuvee_savepoint_release(session, outer));
    assert_false(cuvee_savepoint_rollback(session, inner));
    assert_failed(session, CUVEE_ERROR_MISUSE, "the savepoint is over");
    cuvee_session_close(session);
}

/* ---- over several databases ---- */

static void every_database_goes_back(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1});
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    add_user(session, "john");
    cuvee_add_related(session, user, "orders", &(Order){.item = "Chair", .quantity = 1});
    assert_true(cuvee_flush(session));
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1);
    assert_int_equal(cuvee_count(cuvee_select(session, &order_model)), 1);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &order_model), 1);
}

static void a_database_that_is_written_since_goes_back_to_nothing(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    calls_clear(world);
    cuvee_add(session, &stock_model, &(Stock){1, "bolt", 1});
    assert_true(cuvee_flush(session));
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    assert_calls(&world->sales_calls, "begin write\n"
                                      "run_many 1 INSERT INTO \"stock\" (\"warehouse\", \"sku\", \"count\") "
                                      "VALUES (?, ?, ?)\n"
                                      "rollback\n");
    assert_calls(&world->accounts_calls, "execute ROLLBACK TO SAVEPOINT cuvee_1\n"
                                         "execute RELEASE SAVEPOINT cuvee_1\n");
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 0);
    cuvee_add(session, &stock_model, &(Stock){1, "bolt", 2}); /* and may be written again */
    commit_and_close(session);
    assert_int_equal(rows_of(world, &stock_model), 1);
}

/* What was first written inside a savepoint that was released belongs to the one around it. */
static void a_database_that_is_written_in_an_inner_one_goes_back_with_the_outer(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    cuvee_savepoint *outer = cuvee_savepoint_set(session);
    cuvee_savepoint *inner = cuvee_savepoint_set(session);
    cuvee_add(session, &stock_model, &(Stock){1, "bolt", 1});
    assert_true(cuvee_savepoint_release(session, inner));
    cuvee_add(session, &stock_model, &(Stock){1, "nut", 1});
    inner = cuvee_savepoint_set(session); /* which that database does know */
    cuvee_add(session, &stock_model, &(Stock){1, "washer", 1});
    assert_true(cuvee_savepoint_rollback(session, inner));
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 2);
    assert_true(cuvee_savepoint_rollback(session, outer));
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 0);
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &stock_model), 0);
}

static void a_savepoint_in_a_session_that_wrote_nothing_asks_nothing(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    assert_non_null(savepoint);
    assert_true(cuvee_savepoint_release(session, savepoint));
    savepoint = cuvee_savepoint_set(session);
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    assert_calls(&world->accounts_calls, "");
    assert_calls(&world->sales_calls, "");
    cuvee_session_close(session);
}

/* ---- objects ---- */

static void objects_are_what_they_were_when_it_was_set(void **state)
{
    struct world *world = *state;
    int64_t loaded_id = insert_user(world, "loaded");
    int64_t order_id = insert_order(world, loaded_id, "Lamp");
    cuvee_session *session = session_on(world);
    const User *loaded = cuvee_get(session, &user_model, loaded_id);
    const User *added = add_user(session, "added");
    const Order *order = cuvee_get(session, &order_model, order_id);
    ((Order *)cuvee_edit(session, order))->quantity = 2;
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    char name[] = "edited since";
    ((User *)cuvee_edit(session, loaded))->name = name;
    ((User *)cuvee_edit(session, added))->name = name;
    ((Order *)cuvee_edit(session, order))->quantity = 3;
    assert_true(cuvee_flush(session));
    assert_int_equal(order->version, 3);
    ((User *)cuvee_edit(session, added))->name = name;
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    memset(name, 'X', sizeof name - 1);
    assert_string_equal(loaded->name, "loaded");
    assert_string_equal(added->name, "added");
    assert_int_equal(order->quantity, 2); /* as the edit before it left it */
    assert_int_equal(order->version, 2);
    assert_ptr_equal(cuvee_get(session, &user_model, added->id), added);
    ((Order *)cuvee_edit(session, order))->quantity = 4;
    assert_true(cuvee_flush(session));
    assert_true(cuvee_rollback(session));
    assert_int_equal(order->quantity, 1); /* as it was loaded */
    cuvee_session_close(session);
}

static void deleted_objects_are_back(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "loaded");
    cuvee_session *session = session_on(world);
    const User *loaded = cuvee_get(session, &user_model, id);
    const User *added = add_user(session, "added");
    const Team *edited = cuvee_add(session, &team_model, &(Team){.name = "red"});
    assert_true(cuvee_flush(session));
    ((Team *)cuvee_edit(session, edited))->name = "blue";
    for (int flushed = 0; flushed < 2; flushed++) {
        cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
        assert_true(cuvee_delete(session, loaded));
        assert_true(cuvee_delete(session, added));
        assert_true(cuvee_delete(session, edited));
        assert_true(!flushed || cuvee_flush(session));
        assert_true(cuvee_savepoint_rollback(session, savepoint));
        assert_ptr_equal(cuvee_get(session, &user_model, id), loaded);
        assert_ptr_equal(cuvee_get(session, &user_model, added->id), added);
        assert_ptr_equal(cuvee_get(session, &team_model, edited->id), edited);
    }
    ((User *)cuvee_edit(session, added))->name = "edited";
    assert_true(cuvee_delete(session, loaded));
    commit_and_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'edited'"), 1);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM teams WHERE name = 'blue'"), 1);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void what_was_expunged_stays_out(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    assert_true(cuvee_expunge(session, user));
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    const User *again = cuvee_get(session, &user_model, user->id);
    assert_non_null(again);
    assert_ptr_not_equal(again, user);
    commit_and_close(session);
}

static void rows_that_raw_sql_wrote_since_are_not_known(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *before = add_user(session, "before");
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    cuvee_sql_execute(session, &accounts_base, "INSERT INTO users (name, email) VALUES ('john', 'john@example.com')",
                      NULL, 0);
    assert_non_null(cuvee_get(session, &user_model, 2));
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    assert_null(cuvee_get(session, &user_model, 2));
    assert_ptr_equal(cuvee_get(session, &user_model, 1), before); /* this one the session wrote itself */
    commit_and_close(session);
}

/* ---- errors ---- */

static void an_error_inside_is_recovered_from(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *john = add_user(session, "john");
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    add_user(session, "jack");
    add_user(session, "jane");
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_UNIQUE, "");
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    assert_good(session);
    const User *jill = add_user(session, "jill");
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_ptr_equal(cuvee_get(session, &user_model, john->id), john);
    assert_ptr_equal(cuvee_get(session, &user_model, jill->id), jill);
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 3);
}

static void an_error_of_the_model_is_recovered_from_as_well(void **state)
{
    cuvee_session *session = session_on(*state);
    add_user(session, "john");
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    assert_null(cuvee_add(session, &user_model, &(User){.name = "jane", .email = "nobody"}));
    assert_null(cuvee_savepoint_set(session));
    assert_false(cuvee_savepoint_release(session, savepoint));
    assert_failed(session, CUVEE_ERROR_CHECK, "email");
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    commit_and_close(session);
}

static void a_savepoint_that_a_database_refuses_is_none(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    assert_true(cuvee_flush(session));
    cv_script_fail(&world->accounts_calls, CV_CALL_EXECUTE, 1, CUVEE_ERROR_DATABASE);
    assert_null(cuvee_savepoint_set(session));
    assert_failed(session, CUVEE_ERROR_DATABASE, "the script makes this execute fail");
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    assert_true(cuvee_rollback(session));
    add_user(session, "jane");
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    cv_script_fail(&world->accounts_calls, CV_CALL_EXECUTE, 1, CUVEE_ERROR_DATABASE);
    assert_false(cuvee_savepoint_rollback(session, savepoint));
    assert_failed(session, CUVEE_ERROR_DATABASE, "the script makes this execute fail");
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_true(cuvee_rollback(session));
    add_user(session, "jane");
    savepoint = cuvee_savepoint_set(session);
    cv_script_fail(&world->accounts_calls, CV_CALL_EXECUTE, 1, CUVEE_ERROR_CONNECTION);
    assert_false(cuvee_savepoint_release(session, savepoint));
    assert_failed(session, CUVEE_ERROR_CONNECTION, "the script makes this execute fail");
    assert_true(cuvee_rollback(session));
    add_user(session, "jane");
    commit_and_close(session); /* on another connection */
    assert_int_equal(rows_of(world, &user_model), 1);
}

/* ---- misuse ---- */

static void a_savepoint_is_over_once(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    assert_true(cuvee_savepoint_release(session, savepoint));
    assert_false(cuvee_savepoint_release(session, savepoint));
    assert_failed(session, CUVEE_ERROR_MISUSE, "the savepoint is over");
    cuvee_rollback(session);
    savepoint = cuvee_savepoint_set(session);
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    assert_false(cuvee_savepoint_rollback(session, savepoint));
    assert_failed(session, CUVEE_ERROR_MISUSE, "the savepoint is over");
    cuvee_session_close(session);
}

static void a_savepoint_ends_with_the_transaction(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_false(cuvee_savepoint_rollback(session, savepoint));
    assert_failed(session, CUVEE_ERROR_MISUSE, "the savepoint is over");
    assert_true(cuvee_rollback(session));
    add_user(session, "john");
    savepoint = cuvee_savepoint_set(session);
    assert_true(cuvee_rollback(session));
    assert_false(cuvee_savepoint_release(session, savepoint));
    assert_failed(session, CUVEE_ERROR_MISUSE, "the savepoint is over");
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void an_error_that_was_there_before_stays_when_a_savepoint_is_over(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    assert_true(cuvee_savepoint_release(session, savepoint));
    assert_null(cuvee_add(session, &user_model, NULL));
    assert_false(cuvee_savepoint_rollback(session, savepoint));
    assert_failed(session, CUVEE_ERROR_MISUSE, "User to be added");
    cuvee_session_close(session);
}

static void a_savepoint_of_another_session_or_none_is_misuse(void **state)
{
    cuvee_session *session = session_on(*state), *other = session_on(*state);
    cuvee_savepoint *foreign = cuvee_savepoint_set(other);
    assert_false(cuvee_savepoint_release(session, foreign));
    assert_failed(session, CUVEE_ERROR_MISUSE, "");
    cuvee_rollback(session);
    assert_false(cuvee_savepoint_rollback(session, foreign));
    assert_failed(session, CUVEE_ERROR_MISUSE, "");
    cuvee_rollback(session);
    assert_false(cuvee_savepoint_release(session, NULL));
    assert_failed(session, CUVEE_ERROR_MISUSE, "");
    cuvee_rollback(session);
    assert_false(cuvee_savepoint_rollback(session, NULL));
    assert_failed(session, CUVEE_ERROR_MISUSE, "");
    assert_true(cuvee_savepoint_release(other, foreign));
    assert_null(cuvee_savepoint_set(NULL));
    assert_false(cuvee_savepoint_release(NULL, NULL));
    assert_false(cuvee_savepoint_rollback(NULL, NULL));
    cuvee_session_close(session);
    cuvee_session_close(other);
}

static void there_is_an_end_to_nesting(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    for (int i = 0; i < 100; i++)
        assert_non_null(cuvee_savepoint_set(session));
    assert_null(cuvee_savepoint_set(session));
    assert_failed(session, CUVEE_ERROR_MISUSE, "100 savepoints");
    cuvee_session_close(session);
}

/* ---- snapshots ---- */

static void going_back_does_not_move_a_snapshot(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = cuvee_session_open(world->blend, .isolation = CUVEE_SNAPSHOT);
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1);
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 0); /* sales' snapshot begins inside */
    cuvee_sql_execute(session, &accounts_base, "UPDATE users SET name = 'edited' WHERE id = 99", NULL, 0);
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    assert_good(session);
    cuvee_session *other = session_on(world);
    add_user(other, "john");
    if (cuvee_commit(other) != CUVEE_COMMITTED) /* SQLite's lock is held to the end of the transaction */
        assert_failed(other, CUVEE_ERROR_BUSY, "");
    cuvee_rollback(other);
    cuvee_add(other, &stock_model, &(Stock){1, "bolt", 1});
    commit_and_close(other);
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1);
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 0);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 1);
    cuvee_session_close(session);
}

static void a_snapshot_that_began_inside_may_be_written_after(void **state)
{
    struct world *world = *state;
    cuvee_session *session = cuvee_session_open(world->blend, .isolation = CUVEE_SNAPSHOT);
    cuvee_savepoint *outer = cuvee_savepoint_set(session);
    cuvee_savepoint *inner = cuvee_savepoint_set(session);
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 0);
    assert_true(cuvee_savepoint_rollback(session, inner)); /* it only read */
    cuvee_add(session, &stock_model, &(Stock){1, "bolt", 1});
    inner = cuvee_savepoint_set(session);
    cuvee_add(session, &stock_model, &(Stock){1, "nut", 1});
    assert_true(cuvee_savepoint_rollback(session, inner));
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 1);
    assert_true(cuvee_savepoint_rollback(session, outer));
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 0);
    cuvee_add(session, &stock_model, &(Stock){1, "washer", 1});
    commit_and_close(session);
    assert_int_equal(rows_of(world, &stock_model), 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(going_back_undoes_what_was_written_since),
        WORLD_TEST(releasing_keeps_what_was_written_since),
        WORLD_TEST(a_rollback_takes_what_was_released_with_it),
        WORLD_TEST(savepoints_stand_in_each_other),
        WORLD_TEST(the_outer_one_takes_the_inner_ones_with_it),
        WORLD_TEST(every_database_goes_back),
        SCRIPTED_TEST(a_database_that_is_written_since_goes_back_to_nothing),
        WORLD_TEST(a_database_that_is_written_in_an_inner_one_goes_back_with_the_outer),
        SCRIPTED_TEST(a_savepoint_in_a_session_that_wrote_nothing_asks_nothing),
        WORLD_TEST(objects_are_what_they_were_when_it_was_set),
        WORLD_TEST(deleted_objects_are_back),
        WORLD_TEST(what_was_expunged_stays_out),
        WORLD_TEST(rows_that_raw_sql_wrote_since_are_not_known),
        WORLD_TEST(an_error_inside_is_recovered_from),
        WORLD_TEST(an_error_of_the_model_is_recovered_from_as_well),
        SCRIPTED_TEST(a_savepoint_that_a_database_refuses_is_none),
        WORLD_TEST(a_savepoint_is_over_once),
        WORLD_TEST(a_savepoint_ends_with_the_transaction),
        WORLD_TEST(an_error_that_was_there_before_stays_when_a_savepoint_is_over),
        WORLD_TEST(a_savepoint_of_another_session_or_none_is_misuse),
        WORLD_TEST(there_is_an_end_to_nesting),
        WORLD_TEST(going_back_does_not_move_a_snapshot),
        WORLD_TEST(a_snapshot_that_began_inside_may_be_written_after),
    };
    return WORLD_MAIN(argc, argv, "savepoints", tests);
}
