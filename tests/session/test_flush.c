/* Flush: which statements, in which order, and in which database. */
#include "session/support.h"

#include <cuvee/relation.h>
#include <cuvee/sql.h>
#include <stdio.h>

/* ---- the order over all databases, as the session tells it ---- */

struct log {
    char text[2000];
};

/* "accounts INSERT users 3; " for each statement. */
static void note_statement(void *arg, const cuvee_statement_info *statement)
{
    struct log *log = arg;
    size_t used = strlen(log->text);
    const char *sql = statement->sql, *from = strstr(sql, " FROM ");
    const char *table = strpbrk(from ? from : sql, "\"`") + 1;
    snprintf(log->text + used, sizeof log->text - used, "%s %.*s %.*s %d; ", statement->database,
             (int)strcspn(sql, " "), sql, (int)strcspn(table, "\"`"), table, (int)statement->rows);
}

static cuvee_session *logged_session(const struct world *world, struct log *log)
{
    log->text[0] = '\0';
    return cuvee_session_open(world->blend, .on_statement = note_statement, .on_statement_arg = log);
}

/* ---- nothing and many ---- */

static void where_nothing_changed_nothing_is_asked(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    assert_true(cuvee_flush(session));
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_true(cuvee_rollback(session));
    cuvee_session_close(session);
    assert_calls(&world->accounts_calls, "");
    assert_calls(&world->sales_calls, "");
}

static void many_new_rows_are_one_batch(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    for (int i = 0; i < 500; i++)
        assert_non_null(cuvee_add(session, &team_model, &(Team){.name = "red"}));
    assert_true(cuvee_flush(session));
    assert_true(cuvee_flush(session)); /* what was written is not written again */
    assert_calls(&world->accounts_calls, "begin write\nrun_many 500 INSERT INTO \"teams\" (\"name\") VALUES (?)\n");
    assert_int_equal(cuvee_session_statements(session), 1);
    cuvee_session_close(session);
    assert_calls(&world->sales_calls, "");
}

static void many_deletes_are_one_batch(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Team *teams[50];
    for (int i = 0; i < 50; i++)
        teams[i] = cuvee_add(session, &team_model, &(Team){.name = "red"});
    assert_true(cuvee_flush(session));
    calls_clear(world);
    for (int i = 0; i < 50; i++)
        assert_true(cuvee_delete(session, teams[i]));
    assert_true(cuvee_flush(session));
    assert_calls(&world->accounts_calls, "run_many 50 DELETE FROM \"teams\" WHERE \"id\" = ?\n");
    cuvee_session_close(session);
}

static void a_statement_is_prepared_once_per_connection(void **state)
{
    struct world *world = *state;
    for (int i = 0; i < 3; i++) {
        cuvee_session *session = session_on(world);
        cuvee_add(session, &team_model, &(Team){.name = "red"});
        commit_and_close(session);
    }
    assert_int_equal(world->accounts_calls.calls[CV_CALL_CONNECT], 1);
    const char *record = cv_script_text(&world->accounts_calls);
    const char *first = strstr(record, "prepare INSERT INTO \"teams\"");
    assert_non_null(first);
    assert_null(strstr(first + 1, "prepare INSERT INTO \"teams\""));
}

/* ---- order ---- */

static void parents_are_written_before_children(void **state)
{
    struct world *world = *state;
    insert_user(world, "first");
    insert_order(world, 1, "Lamp");
    struct log log;
    cuvee_session *session = logged_session(world, &log);
    cuvee_add(session, &item_model, &(Item){.order_id = 2, .name = "bulb"}); /* its order is the one added next */
    add_order(session, 2, "Chair");                                          /* so is its user */
    cuvee_add(session, &profile_model, &(Profile){2, "short", false});
    cuvee_add(session, &user_model, &(User){.name = "jane", .email = "jane@example.com", .country = {true, "IS"}});
    cuvee_add(session, &country_model, &(Country){"IS", "Iceland"});
    assert_true(cuvee_flush(session));
    assert_string_equal(log.text, "accounts INSERT countries 1; accounts INSERT users 1; accounts SELECT users 1; "
                                  "sales INSERT orders 1; accounts INSERT profiles 1; sales INSERT items 1; ");
    commit_and_close(session);
}

static void inserts_come_before_updates_and_those_before_deletes(void **state)
{
    struct world *world = *state;
    int64_t first = insert_user(world, "first"), second = insert_user(world, "second");
    int64_t order = insert_order(world, first, "Lamp");
    struct log log;
    cuvee_session *session = logged_session(world, &log);
    const User *gone = cuvee_get(session, &user_model, first);
    const User *edited = cuvee_get(session, &user_model, second);
    const Order *lamp = cuvee_get(session, &order_model, order);
    log.text[0] = '\0';
    assert_true(cuvee_delete(session, gone));
    assert_true(cuvee_delete(session, lamp));
    ((User *)cuvee_edit(session, edited))->name = "edited";
    add_user(session, "third");
    assert_true(cuvee_flush(session));
    assert_string_equal(log.text, "accounts INSERT users 1; accounts UPDATE users 1; "
                                  "sales DELETE orders 1; sales SELECT orders 0; "
                                  "accounts DELETE users 1; ");
    commit_and_close(session);
}

/* ---- autoflush ---- */

static void a_query_flushes_the_database_that_it_reads(void **state)
{
    struct world *world = *state;
    struct log log;
    cuvee_session *session = logged_session(world, &log);
    cuvee_add(session, &stock_model, &(Stock){1, "bolt", 1});
    cuvee_add(session, &team_model, &(Team){.name = "red"});
    assert_int_equal(cuvee_count(cuvee_select(session, &team_model)), 1);
    assert_string_equal(log.text, "accounts INSERT teams 1; accounts SELECT teams 1; ");
    log.text[0] = '\0';
    assert_int_equal(cuvee_count(cuvee_select(session, &stock_model)), 1);
    assert_string_equal(log.text, "sales INSERT stock 1; sales SELECT stock 1; ");
    commit_and_close(session);
}

static void raw_sql_flushes_the_database_that_it_reads(void **state)
{
    cuvee_session *session = session_on(*state);
    cuvee_add(session, &stock_model, &(Stock){1, "bolt", 1});
    assert_int_equal(cuvee_sql_execute(session, &sales_base, "UPDATE stock SET count = 2", NULL, 0), 1);
    cuvee_add(session, &stock_model, &(Stock){1, "nut", 1});
    cuvee_rows *rows = cuvee_sql_rows(session, &sales_base, "SELECT count(*) FROM stock", NULL, 0);
    assert_int_equal(cuvee_next_values(rows)[0].as.integer, 2);
    cuvee_rows_close(rows);
    commit_and_close(session);
}

static void without_autoflush_a_query_flushes_nothing(void **state)
{
    struct world *world = *state;
    cuvee_session *session = cuvee_session_open(world->blend, .no_autoflush = true);
    cuvee_add(session, &team_model, &(Team){.name = "red"});
    assert_int_equal(cuvee_count(cuvee_select(session, &team_model)), 0);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED); /* a commit does */
    assert_int_equal(cuvee_count(cuvee_select(session, &team_model)), 1);
    cuvee_session_close(session);
}

static void a_flush_of_one_database_writes_the_parents_in_another(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    cuvee_add(session, &parcel_model, &(Parcel){"P1", {true, "IS"}});
    cuvee_add(session, &country_model, &(Country){"IS", "Iceland"});
    assert_int_equal(cuvee_count(cuvee_select(session, &parcel_model)), 1);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &country_model), 1);
}

/* ---- references across bases ---- */

static void a_reference_to_no_row_of_another_base_is_refused(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    add_order(session, 1, "Lamp");
    add_order(session, 99, "Chair");
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "Order.user_id refers to User 99, which is not in base accounts");
    const cuvee_error *error = cuvee_session_error(session);
    assert_string_equal(error->model, "Order");
    assert_string_equal(error->fields, "user_id");
    cuvee_rollback(session);
    cuvee_add(session, &parcel_model, &(Parcel){"P1", {true, "IS"}});
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "Parcel.country refers to a Country that is not in base accounts");
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &order_model), 0);
}

static void no_reference_is_no_dangling_one(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    cuvee_add(session, &parcel_model, &(Parcel){"P1", {false, NULL}});
    commit_and_close(session);
    assert_int_equal(world->accounts_calls.calls[CV_CALL_START], 0);
}

static void a_reference_that_is_edited_is_checked_too(void **state)
{
    struct world *world = *state;
    int64_t id = insert_order(world, insert_user(world, "jane"), "Lamp");
    struct log log;
    cuvee_session *session = logged_session(world, &log);
    const Order *order = cuvee_get(session, &order_model, id);
    log.text[0] = '\0';
    ((Order *)cuvee_edit(session, order))->quantity = 2;
    assert_true(cuvee_flush(session)); /* a reference that was not edited is not */
    assert_string_equal(log.text, "sales UPDATE orders 1; ");
    ((Order *)cuvee_edit(session, order))->user_id = 99;
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "User 99");
    cuvee_session_close(session);
}

static void a_reference_that_is_upserted_is_checked_too(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Parcel row = {"P1", {true, "IS"}};
    assert_null(cuvee_upsert(session, &parcel_model, &row, "tracking", "country"));
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "Parcel.country");
    assert_true(cuvee_rollback(session));
    cuvee_add(session, &country_model, &(Country){"IS", "Iceland"});
    assert_non_null(cuvee_upsert(session, &parcel_model, &row, "tracking", "country"));
    assert_non_null(cuvee_upsert(session, &parcel_model, &(Parcel){"P1", {false, NULL}}, "tracking", "country"));
    commit_and_close(session);
    assert_int_equal(rows_of(world, &parcel_model), 1);
}

static void many_references_are_checked_in_pages(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    enum { COUNT = 1300 };
    char name[20];
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "u%d", i);
        add_user(session, name);
    }
    assert_true(cuvee_flush(session));
    uint64_t before = cuvee_session_statements(session);
    for (int i = 0; i < COUNT; i++)
        add_order(session, i + 1, "Lamp");
    assert_true(cuvee_flush(session));
    assert_int_equal(cuvee_session_statements(session) - before, 1 + (COUNT + 511) / 512);
    add_order(session, COUNT, "Lamp");
    add_order(session, COUNT + 1, "Lamp");
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "User 1301");
    cuvee_session_close(session);
}

static void a_row_that_another_base_refers_to_is_not_deleted(void **state)
{
    struct world *world = *state;
    int64_t user_id = insert_user(world, "jane");
    int64_t order_id = insert_order(world, user_id, "Lamp");
    cuvee_session *session = session_on(world);
    const User *user = cuvee_get(session, &user_model, user_id);
    assert_true(cuvee_delete(session, user));
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "Order.user_id in base sales still refers to User 1");
    assert_string_equal(cuvee_session_error(session)->model, "User");
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    assert_true(cuvee_rollback(session));
    const Order *order = cuvee_get(session, &order_model, order_id);
    assert_true(cuvee_delete(session, user)); /* together with the order it goes, whatever comes first */
    assert_true(cuvee_delete(session, order));
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 0);
}

static void references_to_many_deleted_rows_are_looked_for(void **state)
{
    struct world *world = *state;
    enum { COUNT = 600 }; /* more than one question asks for */
    cuvee_session *session = session_on(world);
    char name[16];
    for (int i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "user%d", i);
        add_user(session, name);
    }
    commit_and_close(session);
    insert_order(world, COUNT, "Lamp");
    session = session_on(world);
    cuvee_list users = cuvee_all(cuvee_select(session, &user_model));
    assert_int_equal(users.count, COUNT);
    for (int i = 0; i < COUNT; i++)
        assert_true(cuvee_delete(session, users.items[i]));
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "still refers to User 600");
    cuvee_session_close(session);
}

static void a_row_that_a_new_row_of_another_base_refers_to_is_not_deleted(void **state)
{
    struct world *world = *state;
    int64_t user_id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    assert_true(cuvee_delete(session, cuvee_get(session, &user_model, user_id)));
    add_order(session, user_id, "Lamp");
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "still refers to User 1");
    cuvee_rollback(session);
    cuvee_add(session, &country_model, &(Country){"IS", "Iceland"});
    cuvee_add(session, &parcel_model, &(Parcel){"P1", {true, "IS"}});
    assert_true(cuvee_flush(session));
    assert_true(cuvee_delete(session, cuvee_get(session, &country_model, "IS")));
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "Parcel.country in base sales still refers to a Country");
    cuvee_session_close(session);
}

static void assert_reference(cuvee_session *session, const char *model, const char *fields)
{
    const cuvee_error *error = cuvee_session_error(session);
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "");
    assert_string_equal(error->model, model);
    assert_string_equal(error->fields, fields);
    assert_string_equal(error->sqlstate, "23503");
    assert_true(cuvee_rollback(session));
}

/*
 * Also by an engine that only says that some foreign key failed; the row that failed is neither the first nor the last.
 */
static void references_that_the_engine_refuses_are_named(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Category *root = cuvee_add(session, &category_model, &(Category){.name = "root"});
    assert_true(cuvee_flush(session));
    const Category nodes[] = {{.name = "a", .parent_id = {true, root->id}},
                              {.name = "b", .parent_id = {true, 4711}},
                              {.name = "c", .parent_id = {true, root->id}}};
    assert_true(cuvee_add_all(session, &category_model, nodes, 3));
    assert_false(cuvee_flush(session));
    assert_reference(session, "Category", "parent_id");
    insert_user(world, "jane");
    root = cuvee_add(session, &category_model, &(Category){.name = "root"});
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    ((Category *)cuvee_edit(session, root))->parent_id = (cuvee_opt_int64){true, 4711};
    assert_false(cuvee_flush(session));
    assert_reference(session, "Category", "parent_id");
    const cuvee_set set = {"parent_id", CUVEE_VALUE(4711)};
    assert_int_equal(cuvee_update_where(cuvee_select(session, &category_model), &set, 1), -1);
    assert_reference(session, "Category", "parent_id");
    cuvee_add(session, &profile_model, &(Profile){.user_id = 1, .biography = ""});
    assert_true(cuvee_flush(session) && cuvee_delete(session, cuvee_get(session, &user_model, 1)));
    assert_false(cuvee_flush(session));
    if (strcmp(world_engine(&accounts_base), "sqlite") == 0)
        assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "Profile.user_id in base accounts still refers to User 1");
    assert_reference(session, "User", "");
    cuvee_session_close(session);
}

/* A reference that no model knows of: the engine's own words stay. */
static void references_that_nobody_declared(void **state)
{
    struct world *world = *state;
    only_on_sqlite(&sales_base, "servers name the column themselves");
    change_tables(world, &sales_base, "CREATE TABLE stamps (code TEXT PRIMARY KEY) STRICT");
    change_tables(world, &sales_base, "DROP TABLE parcels");
    change_tables(world, &sales_base,
                  "CREATE TABLE parcels (tracking TEXT PRIMARY KEY NOT NULL REFERENCES stamps, country TEXT) STRICT");
    cuvee_session *session = session_on(world);
    cuvee_add(session, &parcel_model, &(Parcel){.tracking = "P1"});
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "FOREIGN KEY constraint failed");
    assert_reference(session, "Parcel", "");
    cuvee_session_close(session);
}

/* ---- links ---- */

static void a_related_row_takes_its_parents_key(void **state)
{
    struct world *world = *state;
    struct log log;
    cuvee_session *session = logged_session(world, &log);
    const User *user = add_user(session, "jane");
    const Order *order = cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1});
    const Item *item = cuvee_add_related(session, order, "items", &(Item){.name = "bulb"});
    const Profile *profile = cuvee_add_related(session, user, "profile", &(Profile){.biography = "short"});
    assert_int_equal(order->user_id, 0);
    assert_int_equal(cuvee_count(cuvee_select(session, &item_model)), 1); /* one database's flush brings the others' */
    assert_int_equal(order->user_id, user->id);
    assert_int_equal(item->order_id, order->id);
    assert_int_equal(profile->user_id, user->id);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    const Order *second = cuvee_add_related(session, user, "orders", &(Order){.item = "Chair", .quantity = 1});
    assert_int_equal(second->user_id, user->id); /* the parent has its key already */
    commit_and_close(session);
    assert_int_equal(ask(world, &sales_base, "SELECT count(*) FROM orders WHERE user_id = 1"), 2);
}

static void a_tree_is_added_at_once(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Category *nodes[64];
    nodes[0] = cuvee_add(session, &category_model, &(Category){.name = "root"});
    for (int i = 1; i < 64; i++)
        nodes[i] = cuvee_add_related(session, nodes[(i - 1) / 2], "children", &(Category){.name = "node"});
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_false(nodes[0]->parent_id.set);
    for (int i = 1; i < 64; i++)
        assert_int_equal(nodes[i]->parent_id.value, nodes[(i - 1) / 2]->id);
    assert_true(cuvee_session_statements(session) <= 7); /* a batch per level, at most */
    cuvee_session_close(session);
}

static void a_related_row_that_is_deleted_or_expunged_waits_for_nothing(void **state)
{
    struct world *world = *state;
    struct log log;
    cuvee_session *session = logged_session(world, &log);
    const User *user = add_user(session, "jane");
    const Order *order = cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1});
    const Order *other = cuvee_add_related(session, user, "orders", &(Order){.item = "Chair", .quantity = 1});
    assert_true(cuvee_delete(session, order));
    assert_true(cuvee_expunge(session, other));
    cuvee_add(session, &stock_model, &(Stock){1, "bolt", 1});
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1);
    assert_string_equal(log.text, "accounts INSERT users 1; accounts SELECT users 1; "); /* sales has no part in it */
    commit_and_close(session);
    assert_int_equal(rows_of(world, &order_model), 0);
}

static void a_row_whose_parent_was_never_written_is_refused(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const User *user = add_user(session, "jane");
    cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1});
    assert_true(cuvee_expunge(session, user));
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "Order.user_id");
    assert_true(cuvee_rollback(session));
    user = add_user(session, "jane");
    cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1});
    assert_true(cuvee_delete(session, user)); /* before it was written */
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_MISUSE, "a Order was added to a parent that is not in the database");
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &order_model), 0);
}

static void rows_are_related_to_objects_by_relations_that_can_hold_them(void **state)
{
    cuvee_session *session = session_on(*state);
    const User *user = add_user(session, "jane");
    assert_null(cuvee_add_related(session, user, "debts", &(Order){.item = "Lamp"}));
    assert_failed(session, CUVEE_ERROR_MISUSE, "User has no relation debts");
    cuvee_rollback(session);
    user = add_user(session, "jane");
    assert_null(cuvee_add_related(session, user, "teams", &(Team){.name = "red"})); /* through pairs */
    assert_failed(session, CUVEE_ERROR_MISUSE, "User has no relation teams that rows can be added to");
    assert_failed(session, CUVEE_ERROR_MISUSE, "add the pair with both keys");
    cuvee_rollback(session);
    user = add_user(session, "jane");
    assert_null(cuvee_add_related(session, user, "home", &(Country){"IS", "Iceland"})); /* the other way */
    assert_failed(session, CUVEE_ERROR_MISUSE, "User has no relation home that rows can be added to");
    assert_failed(session, CUVEE_ERROR_MISUSE, "set the field that refers to it");
    cuvee_rollback(session);
    assert_null(cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp"}));
    assert_failed(session, CUVEE_ERROR_MISUSE, "left the session");
    cuvee_rollback(session);
    user = add_user(session, "jane");
    assert_null(cuvee_add_related(session, user, NULL, &(Order){.item = "Lamp"}));
    assert_failed(session, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_rollback(session);
    user = add_user(session, "jane");
    assert_null(cuvee_add_related(session, user, "orders", NULL));
    assert_failed(session, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_session_close(session);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST(where_nothing_changed_nothing_is_asked),
        SCRIPTED_TEST(many_new_rows_are_one_batch),
        SCRIPTED_TEST(many_deletes_are_one_batch),
        SCRIPTED_TEST(a_statement_is_prepared_once_per_connection),
        WORLD_TEST(parents_are_written_before_children),
        WORLD_TEST(inserts_come_before_updates_and_those_before_deletes),
        WORLD_TEST(a_query_flushes_the_database_that_it_reads),
        WORLD_TEST(raw_sql_flushes_the_database_that_it_reads),
        WORLD_TEST(without_autoflush_a_query_flushes_nothing),
        WORLD_TEST(a_flush_of_one_database_writes_the_parents_in_another),
        WORLD_TEST(a_reference_to_no_row_of_another_base_is_refused),
        SCRIPTED_TEST(no_reference_is_no_dangling_one),
        WORLD_TEST(a_reference_that_is_edited_is_checked_too),
        WORLD_TEST(a_reference_that_is_upserted_is_checked_too),
        WORLD_TEST(many_references_are_checked_in_pages),
        WORLD_TEST(a_row_that_another_base_refers_to_is_not_deleted),
        WORLD_TEST(references_to_many_deleted_rows_are_looked_for),
        WORLD_TEST(a_row_that_a_new_row_of_another_base_refers_to_is_not_deleted),
        WORLD_TEST(references_that_the_engine_refuses_are_named),
        WORLD_TEST(references_that_nobody_declared),
        WORLD_TEST(a_related_row_takes_its_parents_key),
        WORLD_TEST(a_tree_is_added_at_once),
        WORLD_TEST(a_related_row_that_is_deleted_or_expunged_waits_for_nothing),
        WORLD_TEST(a_row_whose_parent_was_never_written_is_refused),
        WORLD_TEST(rows_are_related_to_objects_by_relations_that_can_hold_them),
    };
    return WORLD_MAIN(argc, argv, "flush", tests);
}
