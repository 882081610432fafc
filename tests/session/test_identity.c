/* The identity map: the same row is the same object. */
#include "session/support.h"

#include <cuvee/sql.h>
#include <stdio.h>

#include "session/keys.h"
#include "session/state.h"

static void a_row_is_one_object_however_it_is_found(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    assert_non_null(user);
    assert_ptr_equal(cuvee_get(session, &user_model, id), user);
    assert_ptr_equal(cuvee_one(cuvee_select(session, &user_model)), user);
    assert_ptr_equal(cuvee_all(cuvee_select(session, &user_model)).items[0], user);
    assert_ptr_equal(cuvee_get_locked(session, &user_model, id), user);
    cuvee_list list = cuvee_sql_objects(session, &user_model, "SELECT * FROM users", NULL, 0);
    assert_int_equal(list.count, 1);
    assert_ptr_equal(list.items[0], user);
    commit_and_close(session);
}

static void a_get_of_a_known_row_asks_no_database(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    assert_null(cuvee_get(session, &user_model, 99));
    assert_good(session); /* that there is none is no error */
    const User *user = cuvee_get(session, &user_model, id);
    uint64_t statements = cuvee_session_statements(session);
    assert_int_equal(statements, 2);
    assert_ptr_equal(cuvee_get(session, &user_model, id), user);
    assert_int_equal(cuvee_session_statements(session), statements);
    assert_null(cuvee_get(session, &user_model, 99)); /* what is not there is not remembered */
    assert_int_equal(cuvee_session_statements(session), statements + 1);
    cuvee_session_close(session);
}

static void rows_of_two_databases_with_one_key_are_two_objects(void **state)
{
    struct world *world = *state;
    int64_t user_id = insert_user(world, "jane");
    int64_t order_id = insert_order(world, user_id, "Lamp");
    assert_int_equal(user_id, order_id);
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, 1);
    const Order *order = cuvee_get(session, &order_model, 1);
    assert_string_equal(user->name, "jane");
    assert_string_equal(order->item, "Lamp");
    cuvee_session_close(session);
}

static void an_added_object_is_known_from_its_flush_on(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    const Stock *stock = cuvee_add(session, &stock_model, &(Stock){1, "bolt", 3});
    const Note *note = cuvee_add(session, &note_model, &(Note){0});
    assert_true(cuvee_flush(session));
    uint64_t statements = cuvee_session_statements(session);
    assert_ptr_equal(cuvee_get(session, &user_model, user->id), user);
    cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE("bolt")};
    assert_ptr_equal(cuvee_get_by_key(session, &stock_model, key, 2), stock);
    assert_ptr_equal(cuvee_get(session, &note_model, note->id), note);
    assert_int_equal(cuvee_session_statements(session), statements);
    commit_and_close(session);
}

static void a_get_flushes_what_was_added(void **state)
{
    cuvee_session *session = session_on(*state);
    const Country *country = cuvee_add(session, &country_model, &(Country){"IS", "Iceland"});
    assert_ptr_equal(cuvee_get(session, &country_model, "IS"), country);
    assert_null(cuvee_get(session, &country_model, "NO"));
    assert_null(cuvee_get(session, &country_model, "is")); /* keys are compared by their bytes */
    cuvee_session_close(session);
}

static void without_autoflush_a_get_finds_what_is_written_only(void **state)
{
    struct world *world = *state;
    cuvee_session *session = cuvee_session_open(world->blend, .no_autoflush = true);
    cuvee_add(session, &country_model, &(Country){"IS", "Iceland"});
    assert_null(cuvee_get(session, &country_model, "IS"));
    assert_int_equal(cuvee_count(cuvee_select(session, &country_model)), 0);
    assert_true(cuvee_flush(session));
    assert_non_null(cuvee_get(session, &country_model, "IS"));
    assert_int_equal(cuvee_count(cuvee_select(session, &country_model)), 1);
    commit_and_close(session);
}

static void known_objects_keep_their_values_when_a_query_finds_them_again(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, id);
    someone_else(world, &accounts_base, "UPDATE users SET name = 'changed'");
    cuvee_query *changed = cuvee_select(session, &user_model);
    cuvee_where(changed, cuvee_eq(changed, "name", "changed"));
    assert_ptr_equal(cuvee_one(changed), user);
    assert_string_equal(user->name, "jane");
    assert_ptr_equal(cuvee_get_locked(session, &user_model, id), user); /* a lock brings it up to date */
    assert_string_equal(user->name, "changed");
    cuvee_session_close(session);
}

static void a_locked_get_brings_an_object_up_to_date(void **state)
{
    struct world *world = *state;
    int64_t id = insert_order(world, insert_user(world, "jane"), "Lamp");
    cuvee_session *session = session_on(world);
    const Order *order = cuvee_get(session, &order_model, id);
    someone_else(world, &sales_base, "UPDATE orders SET quantity = 7, version = 2");
    assert_ptr_equal(cuvee_get_locked(session, &order_model, id), order);
    assert_int_equal(order->quantity, 7);
    assert_null(cuvee_get_locked(session, &order_model, 99));
    assert_good(session);
    ((Order *)cuvee_edit(session, order))->quantity = 8;
    commit_and_close(session);
    assert_int_equal(ask(world, &sales_base, "SELECT version FROM orders WHERE quantity = 8"), 3);
}

static void a_locked_row_waits_for_nobody_else(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world), *other = session_on(world);
    assert_non_null(cuvee_get_locked(session, &user_model, id));
    assert_null(cuvee_get_locked(other, &user_model, id));
    assert_failed(other, CUVEE_ERROR_BUSY, "");
    assert_true(cuvee_rollback(other));
    assert_non_null(cuvee_get(other, &user_model, id)); /* a plain read does not mind */
    commit_and_close(session);
    assert_non_null(cuvee_get_locked(other, &user_model, id));
    cuvee_session_close(other);
}

static void keys_of_every_kind_find_their_row(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    for (int i = 0; i < 300; i++) {
        char sku[20];
        snprintf(sku, sizeof sku, "sku %d", i % 100);
        assert_non_null(cuvee_add(session, &stock_model, &(Stock){i / 100, sku, i}));
    }
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session *other = session_on(world);
    for (int pass = 0; pass < 2; pass++) /* from the database, and from the map */
        for (int i = 0; i < 300; i++) {
            char sku[20];
            snprintf(sku, sizeof sku, "sku %d", i % 100);
            cuvee_value key[] = {CUVEE_VALUE(i / 100), CUVEE_VALUE(sku)};
            const Stock *stock = cuvee_get_by_key(other, &stock_model, key, 2);
            assert_non_null(stock);
            assert_int_equal(stock->count, i);
        }
    assert_int_equal(cuvee_session_statements(other), 300);
    cuvee_session_close(session);
    cuvee_session_close(other);
}

static void the_map_grows_with_what_it_holds(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    enum { COUNT = 5000 };
    static const Team *teams[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        teams[i] = cuvee_add(session, &team_model, &(Team){.name = "red"});
    assert_true(cuvee_flush(session));
    uint64_t statements = cuvee_session_statements(session);
    for (size_t i = 0; i < COUNT; i++)
        assert_ptr_equal(cuvee_get(session, &team_model, teams[i]->id), teams[i]);
    assert_int_equal(cuvee_session_statements(session), statements);
    for (size_t i = 0; i < COUNT; i += 2) /* with gaps */
        assert_true(cuvee_expunge(session, teams[i]));
    for (size_t i = 1; i < COUNT; i += 2)
        assert_ptr_equal(cuvee_get(session, &team_model, teams[i]->id), teams[i]);
    assert_int_equal(cuvee_session_statements(session), statements);
    cuvee_session_close(session);
}

static void few_objects_take_little_room(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    assert_non_null(cuvee_get(session, &user_model, id));
    assert_in_range(session->arena.total, 1, 2048);
    cuvee_session_close(session);
}

static void a_key_of_another_form_is_misuse(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE("bolt")};
    assert_null(cuvee_get_by_key(session, &stock_model, key, 1));
    assert_failed(session, CUVEE_ERROR_MISUSE, "the key of Stock has 2 fields, 1 values were given");
    cuvee_rollback(session);
    assert_null(cuvee_get_by_key(session, &stock_model, NULL, 2));
    assert_failed(session, CUVEE_ERROR_MISUSE, "Stock");
    cuvee_rollback(session);
    assert_null(cuvee_get(session, &user_model, "one"));
    assert_failed(session, CUVEE_ERROR_VALUE, "User.id");
    cuvee_rollback(session);
    assert_null(cuvee_get(session, &country_model, 1));
    assert_failed(session, CUVEE_ERROR_VALUE, "Country.code");
    cuvee_rollback(session);
    key[0] = cuvee_int_value(INT64_C(3000000000));
    assert_null(cuvee_get_by_key(session, &stock_model, key, 2));
    assert_failed(session, CUVEE_ERROR_VALUE, "Stock.warehouse");
    cuvee_rollback(session);
    assert_null(cuvee_get(session, &stranger_model, 1));
    assert_failed(session, CUVEE_ERROR_MISUSE, "Stranger");
    cuvee_session_close(session);
}

static void a_key_may_have_any_bytes(void **state)
{
    struct world *world = *state;
    static const char *const skus[] = {"", "'", "\"; DROP TABLE x; --", "%_\\", "caf\xC3\xA9", "\xF0\x9F\x8D\xB7"};
    enum { COUNT = sizeof skus / sizeof skus[0] };
    cuvee_session *session = session_on(world);
    for (int32_t i = 0; i < COUNT; i++)
        assert_non_null(cuvee_add(session, &stock_model, &(Stock){0, skus[i], i}));
    commit_and_close(session);
    session = session_on(world);
    for (int32_t i = 0; i < COUNT; i++) {
        cuvee_value key[] = {CUVEE_VALUE(0), CUVEE_VALUE(skus[i])};
        const Stock *stock = cuvee_get_by_key(session, &stock_model, key, 2);
        assert_non_null(stock);
        assert_int_equal(stock->count, i);
    }
    cuvee_session_close(session);
}

/* Those that stand behind it in the map because its place was taken are found all the same. */
static void objects_that_leave_hide_no_others(void **state)
{
    struct world *world = *state;
    enum { COUNT = 100 };
    cuvee_session *s = session_on(world);
    char name[16];
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "user%d", i);
        add_user(s, name);
    }
    commit_and_close(s);
    s = session_on(world);
    cuvee_list users = cuvee_all(cuvee_select(s, &user_model));
    assert_int_equal(users.count, COUNT);
    for (int i = 0; i < COUNT; i++) {
        assert_true(cuvee_expunge(s, users.items[i]));
        for (int k = i + 1; k < COUNT; k++)
            assert_ptr_equal(cuvee_get(s, &user_model, ((const User *)users.items[k])->id), users.items[k]);
    }
    assert_int_equal(cuvee_session_statements(s), 1);
    cuvee_session_close(s);
}

/* The numbers of two keys of Stock that begin alike and whose hashes are equal, though they are not. */
static void find_twins(const struct world *world, unsigned twins[2])
{
    enum { MOST = 400000 };
    static uint32_t seen[MOST]; /* by slot: the number plus one */
    static uint32_t hashes[MOST];
    for (unsigned i = 0; i < MOST; i++) {
        char sku[16];
        snprintf(sku, sizeof sku, "s%u", i);
        const cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE((const char *)sku)};
        hashes[i] = cv_keys_hash(cv_blend_seed(world->blend), key, 2);
        unsigned slot = hashes[i] % MOST;
        for (; seen[slot]; slot = (slot + 1) % MOST)
            if (hashes[seen[slot] - 1] == hashes[i]) {
                twins[0] = seen[slot] - 1, twins[1] = i;
                return;
            }
        seen[slot] = i + 1;
    }
    fail_msg("no two keys have one hash");
}

static void keys_of_one_hash_are_two_rows(void **state)
{
    struct world *world = *state;
    unsigned twins[2] = {0, 0};
    char skus[2][16];
    find_twins(world, twins);
    cuvee_session *s = session_on(world);
    for (int i = 0; i < 2; i++) {
        snprintf(skus[i], sizeof skus[i], "s%u", twins[i]);
        cuvee_add(s, &stock_model, &(Stock){1, skus[i], i});
    }
    commit_and_close(s);
    s = session_on(world);
    for (int i = 0; i < 2; i++) {
        const cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE((const char *)skus[i])};
        const Stock *stock = cuvee_get_by_key(s, &stock_model, key, 2);
        assert_non_null(stock);
        assert_int_equal(stock->count, i);
    }
    assert_int_equal(cuvee_all(cuvee_select(s, &stock_model)).count, 2);
    cuvee_session_close(s);
}

static void the_only_row_is_the_only_one(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    insert_user(world, "john");
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    assert_null(cuvee_one(q));
    assert_failed(s, CUVEE_ERROR_MISUSE, "User: cuvee_one found more than one row");
    assert_string_equal(cuvee_session_error(s)->model, "User");
    assert_true(cuvee_rollback(s));
    cuvee_limit(q, 1); /* whoever says so has one */
    assert_ptr_equal(cuvee_one(q), cuvee_get(s, &user_model, id));
    assert_good(s);
    cuvee_where(q, cuvee_eq(q, "name", "nobody"));
    assert_null(cuvee_one(q));
    assert_failed(s, CUVEE_ERROR_MISSING, "there is no such User");
    assert_true(cuvee_rollback(s));
    assert_null(cuvee_first(q)); /* which is no error */
    assert_good(s);
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_row_is_one_object_however_it_is_found),
        WORLD_TEST(a_get_of_a_known_row_asks_no_database),
        WORLD_TEST(rows_of_two_databases_with_one_key_are_two_objects),
        WORLD_TEST(an_added_object_is_known_from_its_flush_on),
        WORLD_TEST(a_get_flushes_what_was_added),
        WORLD_TEST(without_autoflush_a_get_finds_what_is_written_only),
        WORLD_TEST(known_objects_keep_their_values_when_a_query_finds_them_again),
        WORLD_TEST(a_locked_get_brings_an_object_up_to_date),
        WORLD_TEST(a_locked_row_waits_for_nobody_else),
        WORLD_TEST(keys_of_every_kind_find_their_row),
        WORLD_TEST(the_map_grows_with_what_it_holds),
        WORLD_TEST(few_objects_take_little_room),
        WORLD_TEST(a_key_of_another_form_is_misuse),
        WORLD_TEST(a_key_may_have_any_bytes),
        WORLD_TEST(objects_that_leave_hide_no_others),
        WORLD_TEST(keys_of_one_hash_are_two_rows),
        WORLD_TEST(the_only_row_is_the_only_one),
    };
    return WORLD_MAIN(argc, argv, "identity", tests);
}
