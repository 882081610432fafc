/* Editing objects: what is written, what is refused, and what is left when it is undone. */
#include "session/support.h"

/* An object of a row that was there before, in a session of its own. */
static const User *loaded_user(struct world *world, cuvee_session **session)
{
    int64_t id = insert_user(world, "jane");
    *session = session_on(world);
    const User *user = cuvee_get(*session, &user_model, id);
    assert_non_null(user);
    calls_clear(world);
    return user;
}

static char *stored_name(const struct world *world, int64_t id)
{
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    assert_non_null(user);
    char *name = strdup(user->name);
    cuvee_session_close(session);
    return name;
}

static void assert_stored_name(const struct world *world, int64_t id, const char *expected)
{
    char *name = stored_name(world, id);
    assert_string_equal(name, expected);
    free(name);
}

/* ---- what is written ---- */

static void an_edit_is_written_at_flush(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    User *edit = cuvee_edit(session, user);
    assert_ptr_equal(edit, user); /* one address for the object's life */
    edit->name = "Jane Doe";
    edit->age = (cuvee_opt_int32){true, 33};
    commit_and_close(session);
    assert_stored_name(world, 1, "Jane Doe");
    assert_int_equal(ask(world, &accounts_base, "SELECT age FROM users"), 33);
}

static void only_changed_columns_are_written(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    User *edit = cuvee_edit(session, user);
    edit->name = "Jane Doe";
    assert_true(cuvee_flush(session));
    assert_calls(&world->accounts_calls, "begin write\n"
                                         "run_many 1 UPDATE \"users\" SET \"name\" = ? WHERE \"id\" = ?\n");
    calls_clear(world);
    edit = cuvee_edit(session, edit);
    edit->age = (cuvee_opt_int32){true, 1};
    edit->country = (cuvee_opt_text){false, NULL};
    assert_true(cuvee_flush(session));
    assert_calls(&world->accounts_calls, "run_many 1 UPDATE \"users\" SET \"age\" = ? WHERE \"id\" = ?\n");
    cuvee_session_close(session);
}

static void what_did_not_change_is_not_written(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    char same[] = "jane";
    User *edit = cuvee_edit(session, user);
    edit->name = same; /* another pointer, the same text */
    edit->age.value = 0;
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_calls(&world->accounts_calls, "");
    assert_int_equal(cuvee_session_statements(session), 1); /* the get */
    same[0] = 'X';
    assert_string_equal(user->name, "jane"); /* the caller's text has no part in the object any more */
    cuvee_session_close(session);
}

static void texts_are_copied_at_flush(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    char name[] = "Jane Doe", same_email[] = "jane@example.com";
    User *edit = cuvee_edit(session, user);
    edit->name = name;
    edit->email = same_email;
    assert_true(cuvee_flush(session));
    memset(name, 'X', sizeof name - 1);
    memset(same_email, 'X', sizeof same_email - 1);
    assert_string_equal(user->name, "Jane Doe");
    assert_string_equal(user->email, "jane@example.com");
    commit_and_close(session);
}

static void other_kinds_that_point_somewhere_are_copied_at_flush(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Note *note = cuvee_add(session, &note_model, &(Note){0});
    assert_true(cuvee_flush(session));
    char bytes[] = {1, 2, 3}, json[] = "[1]", remark[] = "new";
    Note *edit = cuvee_edit(session, note);
    edit->attachment = (cuvee_opt_blob){true, {bytes, sizeof bytes}};
    edit->tags.text = json;
    edit->remark = (cuvee_opt_text){true, remark};
    assert_true(cuvee_flush(session));
    memset(bytes, 9, sizeof bytes);
    memset(json, ' ', sizeof json - 1);
    memset(remark, 'X', sizeof remark - 1);
    assert_memory_equal(note->attachment.value.data, "\1\2\3", 3);
    assert_string_equal(note->tags.text, "[1]");
    assert_string_equal(note->remark.value, "new");
    commit_and_close(session);
}

static void an_optional_becomes_null_and_a_value_again(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    ((User *)cuvee_edit(session, user))->age = (cuvee_opt_int32){true, 0};
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE age = 0"), 1);
    ((User *)cuvee_edit(session, user))->age.set = false;
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE age IS NULL"), 1);
    cuvee_session_close(session);
}

static void edits_of_the_same_columns_go_in_one_batch(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *users[4];
    const char *names[] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; i++)
        users[i] = add_user(session, names[i]);
    assert_true(cuvee_flush(session));
    calls_clear(world);
    for (size_t i = 0; i < 4; i++)
        ((User *)cuvee_edit(session, users[i]))->name = "same";
    ((User *)cuvee_edit(session, users[2]))->age = (cuvee_opt_int32){true, 5};
    assert_true(cuvee_flush(session));
    assert_calls(&world->accounts_calls, "run_many 2 UPDATE \"users\" SET \"name\" = ? WHERE \"id\" = ?\n"
                                         "run_many 1 UPDATE \"users\" SET \"name\" = ?, \"age\" = ? WHERE \"id\" = ?\n"
                                         "run_many 1 UPDATE \"users\" SET \"name\" = ? WHERE \"id\" = ?\n");
    cuvee_session_close(session);
}

static void fields_with_a_column_of_another_name_are_written_there(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const Profile *profile = cuvee_add(session, &profile_model, &(Profile){id, "short", false});
    assert_true(cuvee_flush(session));
    ((Profile *)cuvee_edit(session, profile))->biography = "long";
    commit_and_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM profiles WHERE bio = 'long'"), 1);
}

/* ---- when ---- */

static void a_row_is_edited_again_and_again(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    ((User *)cuvee_edit(session, user))->name = "one";
    assert_true(cuvee_flush(session));
    ((User *)cuvee_edit(session, user))->name = "two"; /* after a flush */
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_stored_name(world, user->id, "two");
    ((User *)cuvee_edit(session, user))->name = "three"; /* after a commit */
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_stored_name(world, user->id, "three");
    ((User *)cuvee_edit(session, user))->name = "four";
    assert_true(cuvee_rollback(session));
    assert_string_equal(user->name, "three");
    ((User *)cuvee_edit(session, user))->name = "five"; /* after a rollback */
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_stored_name(world, user->id, "five");
    cuvee_session_close(session);
}

static void two_edits_before_a_flush_are_one(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    ((User *)cuvee_edit(session, user))->name = "one";
    ((User *)cuvee_edit(session, user))->name = "two";
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(cuvee_session_statements(session), 2);
    assert_stored_name(world, user->id, "two");
    cuvee_session_close(session);
}

static void a_new_object_is_edited_before_it_is_written(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    char name[] = "Jane Doe";
    User *edit = cuvee_edit(session, user);
    assert_ptr_equal(edit, user);
    edit->name = name;
    edit->id = 77;
    assert_true(cuvee_flush(session));
    name[0] = 'X';
    assert_string_equal(user->name, "Jane Doe");
    assert_int_equal(user->id, 1);
    assert_int_equal(cuvee_session_statements(session), 1);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_stored_name(world, 1, "Jane Doe");
    cuvee_session_close(session);
}

static void an_edit_of_a_new_object_is_checked(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    ((User *)cuvee_edit(session, user))->email = "nobody";
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_CHECK, "User.email");
    assert_int_equal(cuvee_session_statements(session), 0);
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

/* ---- what is refused ---- */

static void an_edit_that_breaks_a_rule_is_refused_at_flush(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    ((User *)cuvee_edit(session, user))->age = (cuvee_opt_int32){true, 151};
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_CHECK, "User.age");
    assert_string_equal(cuvee_session_error(session)->fields, "age");
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    assert_true(cuvee_rollback(session));
    assert_false(user->age.set);
    ((User *)cuvee_edit(session, user))->email = NULL;
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_NOT_NULL, "User.email");
    cuvee_session_close(session);
}

/* Every way in keeps to the choices. */
static void a_choice_is_one_of_those_that_are_declared(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Note *note = cuvee_add(session, &note_model, &(Note){.state = "done"});
    assert_true(cuvee_commit(session) == CUVEE_COMMITTED);
    assert_null(cuvee_add(session, &note_model, &(Note){.state = "lost"}));
    assert_failed(session, CUVEE_ERROR_CHECK, "Note.state");
    cuvee_rollback(session);
    assert_null(cuvee_upsert(session, &note_model, &(Note){.id = note->id, .state = "lost"}, "id", "state"));
    assert_failed(session, CUVEE_ERROR_CHECK, "Note.state");
    cuvee_rollback(session);
    const cuvee_set set = {"state", CUVEE_VALUE("lost")};
    assert_int_equal(cuvee_update_where(cuvee_select(session, &note_model), &set, 1), -1);
    assert_failed(session, CUVEE_ERROR_CHECK, "Note.state");
    cuvee_rollback(session);
    ((Note *)cuvee_edit(session, note))->state = "lost";
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_CHECK, "Note.state");
    cuvee_session_close(session);
    assert_int_equal(ask(world, &sales_base, "SELECT count(*) FROM notes WHERE state = 'done'"), 1);
}

static void keys_do_not_change(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    ((User *)cuvee_edit(session, user))->id = 5;
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_MISUSE, "User.id is the key");
    assert_true(cuvee_rollback(session));
    assert_int_equal(user->id, 1);
    assert_ptr_equal(cuvee_get(session, &user_model, 1), user);
    const Stock *stock = cuvee_add(session, &stock_model, &(Stock){1, "bolt", 3});
    assert_true(cuvee_flush(session));
    ((Stock *)cuvee_edit(session, stock))->sku = "nut";
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_MISUSE, "Stock.sku is the key");
    assert_true(cuvee_rollback(session));
    cuvee_session_close(session);
}

static void an_edit_can_be_refused_by_the_database(void **state)
{
    struct world *world = *state;
    insert_user(world, "john");
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    ((User *)cuvee_edit(session, user))->email = "john@example.com";
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_UNIQUE, "");
    assert_string_equal(cuvee_session_error(session)->fields, "email");
    assert_true(cuvee_rollback(session));
    assert_string_equal(user->email, "jane@example.com");
    ((User *)cuvee_edit(session, user))->email = "jane@example.org"; /* and goes on */
    commit_and_close(session);
}

/* ---- somebody else ---- */

static void a_row_that_somebody_deleted_cannot_be_updated(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    assert_int_equal(someone_else(world, &accounts_base, "DELETE FROM users"), 1);
    ((User *)cuvee_edit(session, user))->name = "Jane Doe";
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_VERSION, "User id=1 was changed or deleted by someone else");
    assert_string_equal(cuvee_session_error(session)->model, "User");
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    cuvee_session_close(session);
}

static void a_row_that_somebody_deleted_cannot_be_deleted_again(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Stock *stock = cuvee_add(session, &stock_model, &(Stock){1, "bolt", 3});
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    someone_else(world, &sales_base, "DELETE FROM stock");
    assert_true(cuvee_delete(session, stock));
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_VERSION, "Stock");
    assert_true(cuvee_rollback(session));
    cuvee_session_close(session);
}

/* The new row is written first, and would otherwise stand for both. */
static void a_row_with_its_key_does_not_hide_that_somebody_deleted_it(void **state)
{
    struct world *world = *state;
    for (int deletes = 0; deletes < 2; deletes++) {
        cuvee_session *session = session_on(world);
        const Stock *stock = cuvee_add(session, &stock_model, &(Stock){1, "bolt", 3});
        assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
        assert_int_equal(someone_else(world, &sales_base, "DELETE FROM stock"), 1);
        if (deletes)
            assert_true(cuvee_delete(session, stock));
        else
            ((Stock *)cuvee_edit(session, stock))->count = 4;
        assert_non_null(cuvee_add(session, &stock_model, &(Stock){1, "bolt", 5}));
        assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
        assert_failed(session, CUVEE_ERROR_VERSION, "Stock warehouse=1 was changed or deleted by someone else");
        assert_true(cuvee_rollback(session));
        assert_non_null(
            cuvee_add(session, &stock_model, &(Stock){1, "bolt", 6})); /* nothing is left of it to be told */
        commit_and_close(session);
        assert_int_equal(someone_else(world, &sales_base, "DELETE FROM stock WHERE count = 6"), 1);
    }
}

static void an_update_raises_the_version(void **state)
{
    struct world *world = *state;
    int64_t id = insert_order(world, insert_user(world, "jane"), "Lamp");
    cuvee_session *session = session_on(world);
    const Order *order = cuvee_get(session, &order_model, id);
    assert_int_equal(order->version, 1);
    Order *edit = cuvee_edit(session, order);
    edit->quantity = 2;
    edit->version = 99; /* it is not the caller's to set */
    assert_true(cuvee_flush(session));
    assert_int_equal(order->version, 2);
    ((Order *)cuvee_edit(session, order))->quantity = 3;
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(order->version, 3);
    cuvee_edit(session, order); /* nothing changed: no new version */
    commit_and_close(session);
    assert_int_equal(ask(world, &sales_base, "SELECT version FROM orders WHERE quantity = 3"), 3);
}

static void a_lost_update_is_an_error(void **state)
{
    struct world *world = *state;
    int64_t id = insert_order(world, insert_user(world, "jane"), "Lamp");
    cuvee_session *session = session_on(world), *other = session_on(world);
    const Order *mine = cuvee_get(session, &order_model, id);
    ((Order *)cuvee_edit(session, mine))->quantity = 2;
    const Order *theirs = cuvee_get(other, &order_model, id);
    ((Order *)cuvee_edit(other, theirs))->item = "Chair";
    commit_and_close(other);
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_VERSION, "Order id=1 was changed or deleted by someone else");
    assert_true(cuvee_rollback(session));
    assert_int_equal(mine->quantity, 1);
    assert_int_equal(mine->version, 1);
    assert_true(cuvee_refresh(session, mine)); /* load it again, and repeat the change */
    assert_string_equal(mine->item, "Chair");
    ((Order *)cuvee_edit(session, mine))->quantity = 2;
    commit_and_close(session);
    assert_int_equal(ask(world, &sales_base, "SELECT version FROM orders WHERE quantity = 2 AND item = 'Chair'"), 3);
}

static void a_stale_version_cannot_be_deleted(void **state)
{
    struct world *world = *state;
    int64_t id = insert_order(world, insert_user(world, "jane"), "Lamp");
    cuvee_session *session = session_on(world);
    const Order *order = cuvee_get(session, &order_model, id);
    someone_else(world, &sales_base, "UPDATE orders SET version = version + 1");
    assert_true(cuvee_delete(session, order));
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_VERSION, "Order");
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &order_model), 1);
}

static void without_a_version_the_last_update_counts(void **state)
{
    struct world *world = *state;
    cuvee_session *session;
    const User *user = loaded_user(world, &session);
    someone_else(world, &accounts_base, "UPDATE users SET name = 'theirs', age = 7");
    ((User *)cuvee_edit(session, user))->name = "mine";
    commit_and_close(session);
    assert_stored_name(world, 1, "mine");
    assert_int_equal(ask(world, &accounts_base, "SELECT age FROM users"), 7); /* a column that was not edited stays */
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_edit_is_written_at_flush),
        SCRIPTED_TEST(only_changed_columns_are_written),
        SCRIPTED_TEST(what_did_not_change_is_not_written),
        WORLD_TEST(texts_are_copied_at_flush),
        WORLD_TEST(other_kinds_that_point_somewhere_are_copied_at_flush),
        WORLD_TEST(an_optional_becomes_null_and_a_value_again),
        SCRIPTED_TEST(edits_of_the_same_columns_go_in_one_batch),
        WORLD_TEST(fields_with_a_column_of_another_name_are_written_there),
        WORLD_TEST(a_row_is_edited_again_and_again),
        WORLD_TEST(two_edits_before_a_flush_are_one),
        WORLD_TEST(a_new_object_is_edited_before_it_is_written),
        WORLD_TEST(an_edit_of_a_new_object_is_checked),
        WORLD_TEST(an_edit_that_breaks_a_rule_is_refused_at_flush),
        WORLD_TEST(a_choice_is_one_of_those_that_are_declared),
        WORLD_TEST(keys_do_not_change),
        WORLD_TEST(an_edit_can_be_refused_by_the_database),
        WORLD_TEST(a_row_that_somebody_deleted_cannot_be_updated),
        WORLD_TEST(a_row_that_somebody_deleted_cannot_be_deleted_again),
        WORLD_TEST(a_row_with_its_key_does_not_hide_that_somebody_deleted_it),
        WORLD_TEST(an_update_raises_the_version),
        WORLD_TEST(a_lost_update_is_an_error),
        WORLD_TEST(a_stale_version_cannot_be_deleted),
        WORLD_TEST(without_a_version_the_last_update_counts),
    };
    return WORLD_MAIN(argc, argv, "edit", tests);
}
