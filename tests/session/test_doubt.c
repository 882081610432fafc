/* Rows that were written without their objects: what the session has of them is read again before it counts. */
#include "session/support.h"

#include <cuvee/sql.h>

static void execute(cuvee_session *s, const char *sql)
{
    assert_true(cuvee_sql_execute(s, &accounts_base, sql, NULL, 0) >= 0);
    assert_good(s);
}

static cuvee_query *user_named(cuvee_session *s, const char *name)
{
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_where(q, cuvee_eq(q, "name", name));
    return q;
}

static int64_t rename_all(cuvee_session *s, const char *name)
{
    return cuvee_update_where(cuvee_select(s, &user_model), &(cuvee_set){"name", CUVEE_VALUE(name)}, 1);
}

/* ---- after a rollback ---- */

static void a_row_stays_one_object_when_raw_sql_is_undone(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    const User *jane = cuvee_get(s, &user_model, id);
    execute(s, "UPDATE users SET name = 'eve'");
    assert_true(cuvee_rollback(s));
    assert_ptr_equal(cuvee_get(s, &user_model, id), jane);
    assert_ptr_equal(cuvee_one(cuvee_select(s, &user_model)), jane);
    assert_string_equal(jane->name, "jane");
    uint64_t statements = cuvee_session_statements(s);
    assert_ptr_equal(cuvee_get(s, &user_model, id), jane); /* once is enough */
    assert_int_equal(cuvee_session_statements(s), statements);
    cuvee_session_close(s);
}

static void values_that_were_undone_do_not_stay(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    execute(s, "UPDATE users SET name = 'eve'");
    const User *eve = cuvee_get(s, &user_model, id);
    assert_string_equal(eve->name, "eve");
    assert_true(cuvee_rollback(s));
    assert_ptr_equal(cuvee_one(user_named(s, "jane")), eve);
    assert_string_equal(eve->name, "jane");
    cuvee_session_close(s);
}

static void a_row_that_was_undone_is_not_found(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    execute(s, "INSERT INTO users (id, name, email) VALUES (7, 'ann', 'ann@example.com')");
    const User *ann = cuvee_get(s, &user_model, 7);
    assert_non_null(ann);
    assert_true(cuvee_rollback(s));
    assert_null(cuvee_get(s, &user_model, 7));
    someone_else(world, &accounts_base, "INSERT INTO users (id, name, email) VALUES (7, 'bob', 'bob@example.com')");
    assert_ptr_equal(cuvee_get(s, &user_model, 7), ann);
    assert_string_equal(ann->name, "bob");
    cuvee_session_close(s);
}

static void an_edit_that_was_undone_is_read_again_too(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    execute(s, "UPDATE users SET name = 'eve'");
    User *edit = cuvee_edit(s, cuvee_get(s, &user_model, id));
    edit->age = (cuvee_opt_int32){true, 30};
    assert_true(cuvee_flush(s));
    assert_true(cuvee_rollback(s));
    assert_ptr_equal(cuvee_get(s, &user_model, id), edit);
    assert_string_equal(edit->name, "jane");
    assert_false(edit->age.set);
    cuvee_session_close(s);
}

/* Deleted, made anew without an object, and back: of two objects with one key the older one stays. */
static void of_two_objects_one_leaves(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    const User *jane = cuvee_get(s, &user_model, id);
    assert_true(cuvee_delete(s, jane));
    execute(s, "INSERT INTO users (id, name, email) VALUES (1, 'eve', 'eve@example.com')");
    const User *eve = cuvee_get(s, &user_model, id);
    assert_ptr_not_equal(eve, jane);
    User *edit = cuvee_edit(s, eve);
    edit->age = (cuvee_opt_int32){true, 30};
    assert_true(cuvee_flush(s));
    assert_true(cuvee_rollback(s));
    assert_ptr_equal(cuvee_get(s, &user_model, id), jane);
    assert_string_equal(jane->name, "jane");
    assert_non_null(cuvee_edit(s, jane));
    assert_null(cuvee_edit(s, eve));
    assert_failed(s, CUVEE_ERROR_MISUSE, "left the session");
    cuvee_session_close(s);
}

static void going_back_to_a_savepoint_is_the_same(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    const User *jane = cuvee_get(s, &user_model, id);
    User *edit = cuvee_edit(s, jane);
    edit->age = (cuvee_opt_int32){true, 30};
    cuvee_savepoint *point = cuvee_savepoint_set(s);
    execute(s, "UPDATE users SET name = 'eve'");
    assert_true(cuvee_refresh(s, jane));
    assert_true(cuvee_savepoint_rollback(s, point));
    assert_ptr_equal(cuvee_get(s, &user_model, id), jane);
    assert_string_equal(jane->name, "jane");
    assert_int_equal(jane->age.value, 30);
    commit_and_close(s);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE age = 30 AND name = 'jane'"), 1);
}

/* ---- after updates and deletes of many ---- */

static void an_updated_row_is_read_again(void **state)
{
    struct world *world = *state;
    int64_t jane_id = insert_user(world, "jane"), john_id = insert_user(world, "john");
    cuvee_session *s = session_on(world);
    const User *jane = cuvee_get(s, &user_model, jane_id), *john = cuvee_get(s, &user_model, john_id);
    assert_int_equal(rename_all(s, "eve"), 2);
    assert_string_equal(jane->name, "jane"); /* nothing happens behind the caller's back */
    assert_ptr_equal(cuvee_get(s, &user_model, jane_id), jane);
    assert_string_equal(jane->name, "eve");
    cuvee_list all = cuvee_all(cuvee_select(s, &user_model));
    assert_ptr_equal(all.items[1], john);
    assert_string_equal(john->name, "eve");
    uint64_t statements = cuvee_session_statements(s);
    cuvee_get(s, &user_model, jane_id);
    cuvee_get(s, &user_model, john_id);
    assert_int_equal(cuvee_session_statements(s), statements);
    commit_and_close(s);
}

static void a_commit_does_not_make_it_sure(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    User *edit = cuvee_edit(s, cuvee_get(s, &user_model, id));
    edit->age = (cuvee_opt_int32){true, 30};
    assert_int_equal(rename_all(s, "eve"), 1);
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    assert_ptr_equal(cuvee_get(s, &user_model, id), edit);
    assert_string_equal(edit->name, "eve");
    assert_int_equal(edit->age.value, 30);
    cuvee_session_close(s);
}

static void edits_that_are_not_written_are_not_lost(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = cuvee_session_open(world->blend, .no_autoflush = true);
    User *edit = cuvee_edit(s, cuvee_get(s, &user_model, id));
    assert_int_equal(rename_all(s, "eve"), 1);
    edit->age = (cuvee_opt_int32){true, 30};
    assert_ptr_equal(cuvee_first(cuvee_select(s, &user_model)), edit);
    assert_int_equal(edit->age.value, 30);
    assert_string_equal(edit->name, "jane");
    assert_true(cuvee_flush(s)); /* what changed since, and no more */
    assert_ptr_equal(cuvee_get(s, &user_model, id), edit);
    assert_string_equal(edit->name, "eve");
    assert_int_equal(edit->age.value, 30);
    commit_and_close(s);
}

/* The same value in another place is no edit, and neither is what lies between members. */
static void what_is_as_it_was_is_read_again(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    char same[] = "jane";
    cuvee_session *s = cuvee_session_open(world->blend, .no_autoflush = true);
    User *edit = cuvee_edit(s, cuvee_get(s, &user_model, id));
    assert_int_equal(rename_all(s, "eve"), 1);
    edit->name = same;
    assert_ptr_equal(cuvee_get(s, &user_model, id), edit);
    assert_string_equal(edit->name, "eve");
    commit_and_close(s);
}

static void a_deleted_row_is_not_found(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    const User *jane = cuvee_get(s, &user_model, id);
    assert_int_equal(cuvee_delete_where(cuvee_select(s, &user_model)), 1);
    assert_null(cuvee_get(s, &user_model, id));
    assert_good(s);
    User *edit = cuvee_edit(s, jane); /* who still has it and writes to it learns that it is gone */
    edit->name = "lost";
    assert_false(cuvee_flush(s));
    assert_failed(s, CUVEE_ERROR_VERSION, "changed or deleted");
    assert_true(cuvee_rollback(s));
    assert_ptr_equal(cuvee_get(s, &user_model, id), jane);
    assert_string_equal(jane->name, "jane");
    cuvee_session_close(s);
}

static void a_new_row_takes_a_deleted_ones_place(void **state)
{
    struct world *world = *state;
    someone_else(world, &accounts_base, "INSERT INTO countries (code, name) VALUES ('IS', 'Iceland')");
    cuvee_session *s = session_on(world);
    Country *old = cuvee_edit(s, cuvee_get(s, &country_model, "IS"));
    assert_int_equal(cuvee_delete_where(cuvee_select(s, &country_model)), 1);
    const Country *new = cuvee_add(s, &country_model, &(Country){"IS", "Ísland"});
    assert_ptr_equal(cuvee_get(s, &country_model, "IS"), new);
    old->name = "nobody's"; /* no row is its any more */
    assert_null(cuvee_edit(s, old));
    assert_failed(s, CUVEE_ERROR_MISUSE, "left the session");
    assert_true(cuvee_rollback(s));
    const Country *again = cuvee_get(s, &country_model, "IS");
    assert_string_equal(again->name, "Iceland");
    assert_null(cuvee_edit(s, new));
    cuvee_session_close(s);
}

static void other_models_are_as_sure_as_before(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    const User *jane = cuvee_get(s, &user_model, id);
    assert_int_equal(cuvee_delete_where(cuvee_select(s, &country_model)), 0);
    uint64_t statements = cuvee_session_statements(s);
    assert_ptr_equal(cuvee_get(s, &user_model, id), jane);
    assert_int_equal(cuvee_session_statements(s), statements);
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_row_stays_one_object_when_raw_sql_is_undone),
        WORLD_TEST(values_that_were_undone_do_not_stay),
        WORLD_TEST(a_row_that_was_undone_is_not_found),
        WORLD_TEST(an_edit_that_was_undone_is_read_again_too),
        WORLD_TEST(of_two_objects_one_leaves),
        WORLD_TEST(going_back_to_a_savepoint_is_the_same),
        WORLD_TEST(an_updated_row_is_read_again),
        WORLD_TEST(a_commit_does_not_make_it_sure),
        WORLD_TEST(edits_that_are_not_written_are_not_lost),
        WORLD_TEST(what_is_as_it_was_is_read_again),
        WORLD_TEST(a_deleted_row_is_not_found),
        WORLD_TEST(a_new_row_takes_a_deleted_ones_place),
        WORLD_TEST(other_models_are_as_sure_as_before),
    };
    return WORLD_MAIN(argc, argv, "doubt", tests);
}
