/* Rollback: databases and objects are as they were. */
#include "session/support.h"

#include <cuvee/sql.h>

static void what_was_written_is_undone_everywhere(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1});
    assert_true(cuvee_flush(session));
    assert_true(cuvee_rollback(session));
    assert_good(session);
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 0);
    assert_int_equal(cuvee_count(cuvee_select(session, &order_model)), 0);
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
    assert_int_equal(rows_of(world, &order_model), 0);
}

static void a_closed_session_is_rolled_back(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    assert_true(cuvee_flush(session));
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
    insert_user(world, "jane"); /* and holds no lock */
    cuvee_session_close(NULL);
}

static void added_objects_leave_the_session(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *flushed = add_user(session, "flushed");
    assert_true(cuvee_flush(session));
    const User *pending = add_user(session, "pending");
    assert_true(cuvee_rollback(session));
    assert_string_equal(flushed->name, "flushed"); /* their memory stays */
    assert_string_equal(pending->name, "pending");
    assert_null(cuvee_edit(session, flushed));
    assert_failed(session, CUVEE_ERROR_MISUSE, "this User left the session");
    cuvee_rollback(session);
    assert_false(cuvee_delete(session, pending));
    assert_failed(session, CUVEE_ERROR_MISUSE, "this User left the session");
    cuvee_rollback(session);
    assert_null(cuvee_get(session, &user_model, flushed->id));
    assert_good(session);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

static void edited_objects_have_the_values_that_were_loaded(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    for (int flushes = 0; flushes < 3; flushes++) {
        char name[] = "edited?", more[] = "and edited again";
        User *edit = cuvee_edit(session, user);
        edit->name = name;
        edit->age = (cuvee_opt_int32){true, 5};
        assert_true(flushes < 1 || cuvee_flush(session));
        ((User *)cuvee_edit(session, user))->name = more;
        assert_true(flushes < 2 || cuvee_flush(session));
        assert_true(cuvee_rollback(session));
        assert_string_equal(user->name, "jane");
        assert_false(user->age.set);
        assert_ptr_equal(cuvee_get(session, &user_model, id), user);
    }
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'jane'"), 1);
}

static void an_edited_new_object_keeps_no_text_of_the_callers(void **state)
{
    cuvee_session *session = session_on(*state);
    const User *flushed = add_user(session, "jane");
    assert_true(cuvee_flush(session));
    const User *pending = add_user(session, "john");
    char name[] = "edited";
    ((User *)cuvee_edit(session, flushed))->name = name;
    ((User *)cuvee_edit(session, pending))->name = name;
    assert_true(cuvee_rollback(session));
    memset(name, 'X', sizeof name - 1);
    assert_string_equal(flushed->name, "jane");
    assert_string_equal(pending->name, "john");
    cuvee_session_close(session);
}

static void deleted_objects_are_back(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    for (int flushed = 0; flushed < 2; flushed++) {
        ((User *)cuvee_edit(session, user))->name = "edited";
        assert_true(cuvee_flush(session));
        assert_true(cuvee_delete(session, user));
        assert_true(!flushed || cuvee_flush(session));
        assert_true(cuvee_rollback(session));
        assert_string_equal(user->name, "jane");
        uint64_t statements = cuvee_session_statements(session);
        assert_ptr_equal(cuvee_get(session, &user_model, id), user);
        assert_int_equal(cuvee_session_statements(session), statements);
    }
    ((User *)cuvee_edit(session, user))->name = "edited";
    commit_and_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'edited'"), 1);
}

static void versions_are_as_they_were(void **state)
{
    struct world *world = *state;
    int64_t id = insert_order(world, insert_user(world, "jane"), "Lamp");
    cuvee_session *session = session_on(world);
    const Order *order = cuvee_get(session, &order_model, id);
    ((Order *)cuvee_edit(session, order))->quantity = 2;
    assert_true(cuvee_flush(session));
    assert_int_equal(order->version, 2);
    assert_true(cuvee_rollback(session));
    assert_int_equal(order->version, 1);
    ((Order *)cuvee_edit(session, order))->quantity = 3;
    commit_and_close(session);
}

static void what_was_committed_before_stays(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *first = add_user(session, "first");
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    ((User *)cuvee_edit(session, first))->name = "edited";
    const User *second = add_user(session, "second");
    assert_true(cuvee_rollback(session));
    assert_string_equal(first->name, "first");
    assert_ptr_equal(cuvee_get(session, &user_model, first->id), first);
    assert_null(cuvee_edit(session, second));
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void a_failed_flush_is_undone_and_the_session_goes_on(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *loaded = cuvee_get(session, &user_model, 1);
    ((User *)cuvee_edit(session, loaded))->name = "edited";
    const User *good = add_user(session, "john");
    add_user(session, "jane");
    assert_false(cuvee_flush(session));
    assert_int_equal(good->id, 2); /* it was written, … */
    assert_true(cuvee_rollback(session));
    assert_int_equal(rows_of(world, &user_model), 1); /* … and is not any more */
    assert_string_equal(loaded->name, "jane");
    const User *again = add_user(session, "john");
    assert_true(cuvee_flush(session));
    assert_ptr_equal(cuvee_get(session, &user_model, again->id), again);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 2);
}

static void a_rollback_without_anything_to_undo_is_one(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    assert_true(cuvee_rollback(session));
    const User *user = cuvee_get(session, &user_model, id);
    assert_true(cuvee_rollback(session));
    assert_true(cuvee_rollback(session));
    assert_ptr_equal(cuvee_get(session, &user_model, id), user); /* what was read stays */
    cuvee_session_close(session);
    assert_false(cuvee_rollback(NULL));
}

/* ---- what was written past the objects ---- */

static void rows_that_raw_sql_wrote_are_not_known_after_a_rollback(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *before = cuvee_get(session, &user_model, id);
    cuvee_sql_execute(session, &accounts_base, "INSERT INTO users (name, email) VALUES ('john', 'john@example.com')",
                      NULL, 0);
    cuvee_sql_execute(session, &accounts_base, "UPDATE users SET name = 'changed' WHERE id = 1", NULL, 0);
    const User *john = cuvee_get(session, &user_model, 2);
    assert_non_null(john);
    assert_true(cuvee_refresh(session, before));
    assert_string_equal(before->name, "changed");
    assert_true(cuvee_rollback(session));
    assert_null(cuvee_get(session, &user_model, 2)); /* that row never was */
    const User *after = cuvee_get(session, &user_model, id);
    assert_string_equal(after->name, "jane");
    commit_and_close(session);
}

static void rows_that_a_statement_for_many_wrote_are_not_known_after_a_rollback(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const cuvee_set sets[] = {{"name", CUVEE_VALUE("changed")}};
    assert_int_equal(cuvee_update_where(cuvee_select(session, &user_model), sets, 1), 1);
    assert_string_equal(((const User *)cuvee_get(session, &user_model, id))->name, "changed");
    assert_true(cuvee_rollback(session));
    assert_string_equal(((const User *)cuvee_get(session, &user_model, id))->name, "jane");
    const User *jane = cuvee_get(session, &user_model, id);
    assert_int_equal(cuvee_delete_where(cuvee_select(session, &user_model)), 1);
    assert_true(cuvee_rollback(session));
    assert_string_equal(jane->name, "jane");
    cuvee_session_close(session);
}

static void rows_that_an_upsert_wrote_are_not_known_after_a_rollback(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *jane = cuvee_get(session, &user_model, id);
    User row = {.name = "changed", .email = "jane@example.com"};
    assert_ptr_equal(cuvee_upsert(session, &user_model, &row, "email", "name"), jane);
    assert_string_equal(jane->name, "changed");
    row.email = "john@example.com";
    const User *john = cuvee_upsert(session, &user_model, &row, "email", "name");
    int64_t new_id = john->id; /* servers may have used up the numbers in between */
    assert_true(new_id > id);
    assert_true(cuvee_rollback(session));
    assert_null(cuvee_get(session, &user_model, new_id));
    assert_string_equal(((const User *)cuvee_get(session, &user_model, id))->name, "jane");
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void other_databases_keep_what_they_know(void **state)
{
    struct world *world = *state;
    int64_t user_id = insert_user(world, "jane"), order_id = insert_order(world, user_id, "Lamp");
    cuvee_session *session = session_on(world);
    const Order *order = cuvee_get(session, &order_model, order_id);
    cuvee_sql_execute(session, &accounts_base, "UPDATE users SET name = 'changed'", NULL, 0);
    assert_true(cuvee_rollback(session));
    assert_ptr_equal(cuvee_get(session, &order_model, order_id), order);
    const User *user = cuvee_get(session, &user_model, user_id);
    assert_true(cuvee_rollback(session));
    assert_ptr_equal(cuvee_get(session, &user_model, user_id), user); /* nothing was written since */
    cuvee_session_close(session);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(what_was_written_is_undone_everywhere),
        WORLD_TEST(a_closed_session_is_rolled_back),
        WORLD_TEST(added_objects_leave_the_session),
        WORLD_TEST(edited_objects_have_the_values_that_were_loaded),
        WORLD_TEST(an_edited_new_object_keeps_no_text_of_the_callers),
        WORLD_TEST(deleted_objects_are_back),
        WORLD_TEST(versions_are_as_they_were),
        WORLD_TEST(what_was_committed_before_stays),
        WORLD_TEST(a_failed_flush_is_undone_and_the_session_goes_on),
        WORLD_TEST(a_rollback_without_anything_to_undo_is_one),
        WORLD_TEST(rows_that_raw_sql_wrote_are_not_known_after_a_rollback),
        WORLD_TEST(rows_that_a_statement_for_many_wrote_are_not_known_after_a_rollback),
        WORLD_TEST(rows_that_an_upsert_wrote_are_not_known_after_a_rollback),
        WORLD_TEST(other_databases_keep_what_they_know),
    };
    return WORLD_MAIN(argc, argv, "rollback", tests);
}
