/* Deleting objects, and taking them out of the session. */
#include "session/support.h"

#include <cuvee/sql.h>

static void a_deleted_row_is_gone_after_the_flush(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    assert_true(cuvee_delete(session, user));
    assert_int_equal(cuvee_session_statements(session), 1);
    assert_true(cuvee_flush(session));
    assert_null(cuvee_get(session, &user_model, id));
    assert_good(session);
    assert_string_equal(user->name, "jane"); /* its memory stays */
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

static void a_deleted_object_is_not_found_before_the_flush_either(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    assert_true(cuvee_delete(session, cuvee_get(session, &user_model, id)));
    assert_null(cuvee_get(session, &user_model, id));
    assert_good(session);
    assert_int_equal(cuvee_all(cuvee_select(session, &user_model)).count, 0);
    commit_and_close(session);
}

static void what_was_deleted_cannot_be_used(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    for (int flushed = 0; flushed < 2; flushed++) {
        cuvee_session *session = session_on(world);
        const User *user = cuvee_get(session, &user_model, id);
        assert_true(cuvee_delete(session, user));
        assert_true(!flushed || cuvee_flush(session));
        assert_null(cuvee_edit(session, user));
        assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_edit: this User was deleted");
        cuvee_rollback(session);
        assert_true(cuvee_delete(session, user));
        assert_true(!flushed || cuvee_flush(session));
        assert_false(cuvee_delete(session, user));
        assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_delete: this User was deleted");
        cuvee_rollback(session);
        assert_true(cuvee_delete(session, user));
        assert_true(!flushed || cuvee_flush(session));
        assert_false(cuvee_refresh(session, user));
        assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_refresh: this User was deleted");
        cuvee_session_close(session);
    }
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    assert_true(cuvee_delete(session, user));
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_null(cuvee_edit(session, user));
    assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_edit: this User left the session");
    cuvee_session_close(session);
}

static void a_new_object_that_is_deleted_is_never_written(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    ((User *)cuvee_edit(session, user))->name = "edited";
    assert_true(cuvee_delete(session, user));
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_calls(&world->accounts_calls, "");
    assert_int_equal(cuvee_session_statements(session), 0);
    assert_null(cuvee_edit(session, user));
    assert_failed(session, CUVEE_ERROR_MISUSE, "left the session");
    cuvee_session_close(session);
}

static void an_edited_object_is_deleted_without_an_update(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    User *user = cuvee_edit(session, cuvee_get(session, &user_model, id));
    user->name = "edited";
    user->id = 99; /* a key that was changed and never written is no matter either */
    assert_true(cuvee_delete(session, user));
    calls_clear(world);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_calls(&world->accounts_calls, "begin write\n"
                                         "run_many 1 DELETE FROM \"users\" WHERE \"id\" = ?\n"
                                         "commit\n");
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

static void a_flushed_edit_is_deleted(void **state)
{
    struct world *world = *state;
    int64_t id = insert_order(world, insert_user(world, "jane"), "Lamp");
    cuvee_session *session = session_on(world);
    Order *order = cuvee_edit(session, cuvee_get(session, &order_model, id));
    order->quantity = 5;
    assert_true(cuvee_flush(session));
    order = cuvee_edit(session, order);
    order->quantity = 6;
    assert_true(cuvee_delete(session, order)); /* by the version that the flush wrote */
    commit_and_close(session);
    assert_int_equal(rows_of(world, &order_model), 0);
}

static void an_added_and_flushed_object_is_deleted(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    assert_true(cuvee_flush(session));
    assert_true(cuvee_delete(session, user));
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_null(cuvee_get(session, &user_model, user->id));
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

static void a_key_is_free_again_after_the_flush(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Stock *first = cuvee_add(session, &stock_model, &(Stock){1, "bolt", 1});
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_true(cuvee_delete(session, first));
    assert_true(cuvee_flush(session));
    const Stock *second = cuvee_add(session, &stock_model, &(Stock){1, "bolt", 2});
    assert_true(cuvee_flush(session));
    cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE("bolt")};
    assert_ptr_equal(cuvee_get_by_key(session, &stock_model, key, 2), second);
    assert_true(cuvee_rollback(session));
    assert_ptr_equal(cuvee_get_by_key(session, &stock_model, key, 2), first);
    assert_null(cuvee_edit(session, second));
    cuvee_rollback(session);
    ((Stock *)cuvee_edit(session, first))->count = 3;
    commit_and_close(session);
    assert_int_equal(ask(world, &sales_base, "SELECT count FROM stock"), 3);
}

/* The row of a known object went without the session's knowing, and another has its key now. */
static void a_new_row_takes_the_place_of_one_that_somebody_deleted(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Stock *first = cuvee_add(session, &stock_model, &(Stock){1, "bolt", 1});
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    someone_else(world, &sales_base, "DELETE FROM stock");
    const Stock *second = cuvee_add(session, &stock_model, &(Stock){1, "bolt", 2});
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE("bolt")};
    assert_ptr_equal(cuvee_get_by_key(session, &stock_model, key, 2), second);
    assert_ptr_not_equal(first, second);
    cuvee_session_close(session);
}

static void a_row_that_is_referred_to_is_not_deleted(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    someone_else(world, &accounts_base, "INSERT INTO profiles (user_id, bio, is_public) VALUES (1, 'x', TRUE)");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    assert_true(cuvee_delete(session, user));
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "");
    assert_true(cuvee_rollback(session));
    assert_ptr_equal(cuvee_get(session, &user_model, id), user);
    const Profile *profile = cuvee_get(session, &profile_model, id);
    assert_true(cuvee_delete(session, user)); /* with what refers to it, in whatever order they are named */
    assert_true(cuvee_delete(session, profile));
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

static void a_tree_is_deleted_whatever_the_order(void **state)
{
    struct world *world = *state;
    for (int from_root = 0; from_root < 2; from_root++) {
        cuvee_session *session = session_on(world);
        const Category *root = cuvee_add(session, &category_model, &(Category){.name = "root"});
        const Category *branch = cuvee_add_related(session, root, "children", &(Category){.name = "branch"});
        const Category *leaf = cuvee_add_related(session, branch, "children", &(Category){.name = "leaf"});
        assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
        assert_int_equal(leaf->parent_id.value, branch->id);
        assert_true(cuvee_delete(session, from_root ? root : leaf));
        assert_true(cuvee_delete(session, branch));
        assert_true(cuvee_delete(session, from_root ? leaf : root));
        commit_and_close(session);
        assert_int_equal(rows_of(world, &category_model), 0);
    }
}

/* ---- expunge ---- */

static void an_expunged_object_is_no_object_of_the_session(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    assert_true(cuvee_expunge(session, user));
    assert_string_equal(user->name, "jane");
    const User *again = cuvee_get(session, &user_model, id);
    assert_non_null(again);
    assert_ptr_not_equal(again, user);
    assert_null(cuvee_edit(session, user));
    assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_edit: this User left the session");
    cuvee_rollback(session);
    assert_false(cuvee_expunge(session, user));
    assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_expunge: this User left the session");
    cuvee_session_close(session);
}

static void what_an_expunged_object_had_to_write_is_forgotten(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *added = add_user(session, "new");
    const User *added_and_edited = add_user(session, "newer");
    ((User *)cuvee_edit(session, added_and_edited))->age.set = true;
    User *edited = cuvee_edit(session, cuvee_get(session, &user_model, id));
    char name[] = "edited";
    edited->name = name;
    edited->id = 99;
    assert_true(cuvee_expunge(session, added));
    assert_true(cuvee_expunge(session, added_and_edited));
    assert_true(cuvee_expunge(session, edited));
    name[0] = 'X';
    assert_string_equal(edited->name, "jane"); /* as it was loaded, and with a text of its own */
    assert_int_equal(edited->id, id);
    assert_ptr_not_equal(cuvee_get(session, &user_model, id), edited);
    commit_and_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'edited'"), 0);
}

static void what_was_flushed_before_stays_written(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    assert_true(cuvee_flush(session));
    assert_true(cuvee_expunge(session, user));
    const User *again = cuvee_get(session, &user_model, user->id);
    assert_non_null(again);
    assert_ptr_not_equal(again, user);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void the_rest_goes_on_without_an_expunged_object(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *first = add_user(session, "a"), *second = add_user(session, "b"), *third = add_user(session, "c");
    assert_true(cuvee_expunge(session, second));
    assert_true(cuvee_flush(session));
    assert_int_equal(first->id, 1);
    assert_int_equal(third->id, 2);
    assert_true(cuvee_expunge(session, first));
    ((User *)cuvee_edit(session, third))->name = "edited";
    assert_true(cuvee_rollback(session));
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

/* ---- refresh ---- */

static void a_refresh_reads_the_row_again(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    someone_else(world, &accounts_base, "UPDATE users SET name = 'changed', age = 5");
    assert_true(cuvee_refresh(session, user));
    assert_string_equal(user->name, "changed");
    assert_int_equal(user->age.value, 5);
    ((User *)cuvee_edit(session, user))->age.value = 6;
    assert_true(cuvee_rollback(session));
    assert_int_equal(user->age.value, 5); /* what the refresh read is what a rollback returns to */
    cuvee_session_close(session);
}

static void a_refresh_writes_what_was_edited_first(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    someone_else(world, &accounts_base, "UPDATE users SET age = 5");
    ((User *)cuvee_edit(session, user))->name = "edited";
    assert_true(cuvee_refresh(session, user));
    assert_string_equal(user->name, "edited");
    assert_int_equal(user->age.value, 5);
    const User *added = add_user(session, "new");
    assert_true(cuvee_refresh(session, added)); /* a new row is written, then read */
    assert_int_equal(added->id, 2);
    commit_and_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'edited' AND age = 5"), 1);
}

static void without_autoflush_a_refresh_loses_what_was_edited(void **state)
{
    struct world *world = *state;
    int64_t id = insert_order(world, insert_user(world, "jane"), "Lamp");
    cuvee_session *session = cuvee_session_open(world->blend, .no_autoflush = true);
    const Order *order = cuvee_get(session, &order_model, id);
    someone_else(world, &sales_base, "UPDATE orders SET quantity = 5, version = 2");
    ((Order *)cuvee_edit(session, order))->item = "edited";
    assert_true(cuvee_refresh(session, order));
    assert_string_equal(order->item, "Lamp");
    assert_int_equal(order->quantity, 5);
    uint64_t statements = cuvee_session_statements(session);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_good(session);
    assert_int_equal(cuvee_session_statements(session), statements); /* there is nothing to write */
    ((Order *)cuvee_edit(session, order))->item = "Chair";
    assert_non_null(cuvee_get_locked(session, &order_model, id)); /* reads it again, too */
    assert_string_equal(order->item, "Lamp");
    ((Order *)cuvee_edit(session, order))->quantity = 6;
    commit_and_close(session);
    assert_int_equal(ask(world, &sales_base, "SELECT version FROM orders WHERE quantity = 6 AND item = 'Lamp'"), 3);
}

static void a_refresh_of_a_row_that_is_gone_is_an_error(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    someone_else(world, &accounts_base, "DELETE FROM users");
    assert_false(cuvee_refresh(session, user));
    assert_failed(session, CUVEE_ERROR_MISSING, "User");
    assert_string_equal(cuvee_session_error(session)->model, "User");
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    assert_string_equal(user->name, "jane");
    cuvee_session_close(session);
}

static void a_refresh_sees_what_the_session_wrote_past_its_objects(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    assert_true(cuvee_flush(session));
    assert_int_equal(cuvee_sql_execute(session, &accounts_base, "UPDATE users SET name = 'changed'", NULL, 0), 1);
    assert_string_equal(user->name, "jane");
    assert_true(cuvee_refresh(session, user));
    assert_string_equal(user->name, "changed");
    commit_and_close(session);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_deleted_row_is_gone_after_the_flush),
        WORLD_TEST(a_deleted_object_is_not_found_before_the_flush_either),
        WORLD_TEST(what_was_deleted_cannot_be_used),
        SCRIPTED_TEST(a_new_object_that_is_deleted_is_never_written),
        SCRIPTED_TEST(an_edited_object_is_deleted_without_an_update),
        WORLD_TEST(a_flushed_edit_is_deleted),
        WORLD_TEST(an_added_and_flushed_object_is_deleted),
        WORLD_TEST(a_key_is_free_again_after_the_flush),
        WORLD_TEST(a_new_row_takes_the_place_of_one_that_somebody_deleted),
        WORLD_TEST(a_row_that_is_referred_to_is_not_deleted),
        WORLD_TEST(a_tree_is_deleted_whatever_the_order),
        WORLD_TEST(an_expunged_object_is_no_object_of_the_session),
        WORLD_TEST(what_an_expunged_object_had_to_write_is_forgotten),
        WORLD_TEST(what_was_flushed_before_stays_written),
        WORLD_TEST(the_rest_goes_on_without_an_expunged_object),
        WORLD_TEST(a_refresh_reads_the_row_again),
        WORLD_TEST(a_refresh_writes_what_was_edited_first),
        WORLD_TEST(without_autoflush_a_refresh_loses_what_was_edited),
        WORLD_TEST(a_refresh_of_a_row_that_is_gone_is_an_error),
        WORLD_TEST(a_refresh_sees_what_the_session_wrote_past_its_objects),
    };
    return WORLD_MAIN(argc, argv, "delete", tests);
}
