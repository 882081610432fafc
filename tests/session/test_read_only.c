/* What only reads: sessions, and bindings. */
#include "session/support.h"

#include <cuvee/relation.h>
#include <cuvee/sql.h>

/* Each way of writing is refused, in words that say why; nothing reaches a database. */
static void assert_refuses(cuvee_session *session, const User *user, const char *words)
{
    const User row = {.name = "john", .email = "john@example.com"};
    const cuvee_set sets[] = {{"name", CUVEE_VALUE("x")}};
    for (int way = 0; way < 10; way++) {
        uint64_t statements = cuvee_session_statements(session);
        cuvee_query *query = cuvee_select(session, &user_model);
        switch (way) {
        case 0: assert_null(cuvee_add(session, &user_model, &row)); break;
        case 1: assert_false(cuvee_add_all(session, &user_model, &row, 1)); break;
        case 2: assert_null(cuvee_edit(session, user)); break;
        case 3: assert_false(cuvee_delete(session, user)); break;
        case 4: assert_null(cuvee_upsert(session, &user_model, &row, "email", "name")); break;
        case 5: assert_int_equal(cuvee_update_where(query, sets, 1), -1); break;
        case 6: assert_int_equal(cuvee_delete_where(query), -1); break;
        case 7: assert_int_equal(cuvee_sql_execute(session, &accounts_base, "DELETE FROM users", NULL, 0), -1); break;
        case 8: assert_null(cuvee_get_locked(session, &user_model, user->id)); break;
        default: cuvee_for_update(query); assert_int_equal(cuvee_all(query).count, 0);
        }
        assert_failed(session, CUVEE_ERROR_READ_ONLY, words);
        assert_int_equal(cuvee_session_statements(session), statements);
        assert_true(cuvee_rollback(session));
    }
    assert_null(cuvee_add_related(session, user, "profile", &(Profile){.biography = "x"}));
    assert_failed(session, CUVEE_ERROR_READ_ONLY, words);
    assert_true(cuvee_rollback(session));
}

static void a_read_only_session_refuses_to_write(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = cuvee_session_open(world->blend, .read_only = true);
    const User *user = cuvee_get(session, &user_model, id);
    assert_non_null(user);
    calls_clear(world);
    assert_refuses(session, user, "the session is read-only");
    assert_calls(&world->accounts_calls, "");
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session_close(session);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'jane'"), 1);
}

static void raw_sql_that_writes_does_not_pass_for_a_query(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    static const char *const texts[] = {"DELETE FROM users RETURNING id",
                                        "INSERT INTO users (name, email) VALUES ('x', 'x@x') RETURNING id",
                                        "INSERT INTO teams (name) VALUES ('x') RETURNING id"};
    for (size_t i = 0; i < 2 * sizeof texts / sizeof texts[0]; i++) {
        cuvee_session *session = cuvee_session_open(world->blend, .read_only = i % 2);
        assert_null(cuvee_sql_rows(session, &accounts_base, texts[i / 2], NULL, 0));
        assert_failed(session, CUVEE_ERROR_MISUSE, "cuvee_sql_execute");
        cuvee_session_close(session);
    }
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'jane'"), 1);
    assert_int_equal(rows_of(world, &team_model), 0);
}

static void a_read_only_session_keeps_no_map(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *session = cuvee_session_open(world->blend, .read_only = true);
    const User *first = cuvee_get(session, &user_model, id);
    someone_else(world, &accounts_base, "UPDATE users SET name = 'changed'");
    const User *second = cuvee_get(session, &user_model, id);
    assert_ptr_not_equal(first, second);
    assert_string_equal(first->name, "jane");
    assert_string_equal(second->name, "changed");
    assert_true(cuvee_refresh(session, first));
    assert_string_equal(first->name, "changed");
    assert_true(cuvee_expunge(session, first));
    assert_true(cuvee_rollback(session));
    assert_string_equal(first->name, "changed");
    assert_true(cuvee_savepoint_release(session, cuvee_savepoint_set(session)));
    someone_else(world, &accounts_base, "DELETE FROM users");
    assert_false(cuvee_refresh(session, second));
    assert_failed(session, CUVEE_ERROR_MISSING, "User");
    cuvee_session_close(session);
}

static void a_read_only_session_loads_relations(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    insert_order(world, id, "Lamp");
    insert_order(world, id, "Chair");
    cuvee_session *session = cuvee_session_open(world->blend, .read_only = true);
    cuvee_query *query = cuvee_select(session, &user_model);
    cuvee_with(query, "orders.user");
    const User *user = cuvee_first(query);
    cuvee_list orders = cuvee_related(session, user, "orders");
    assert_good(session);
    assert_int_equal(orders.count, 2);
    assert_string_equal(((const User *)cuvee_related_one(session, orders.items[1], "user"))->name, "jane");
    cuvee_session_close(session);
}

/* ---- bindings ---- */

static void a_read_only_binding_refuses_to_write(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_blend *blend = world_blend(world, (cuvee_bind_options){.read_only = true}, (cuvee_bind_options){0});
    cuvee_session *session = cuvee_session_open(blend);
    const User *user = cuvee_get(session, &user_model, id);
    assert_non_null(user);
    assert_refuses(session, user, "base accounts is read-only");
    add_order(session, id, "Lamp"); /* the other base is not */
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    add_order(session, 99, "Chair"); /* references are looked for in what only reads, too */
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "User 99");
    cuvee_session_close(session);
    cuvee_blend_free(blend);
    assert_int_equal(rows_of(world, &order_model), 1);
}

/* Past the API: what a statement would meet that got through. */
static void the_engine_refuses_as_well(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    cuvee_blend *blend = world_blend(world, (cuvee_bind_options){.read_only = true}, (cuvee_bind_options){0});
    assert_true(cv_blend_freeze(blend, NULL));
    struct cv_pool *pool = cv_blend_base_pool(blend, &accounts_base);
    cuvee_error error = {0};
    struct cv_connection *connection = cv_pool_lend(pool, &error);
    assert_non_null(connection);
    assert_false(connection->driver->execute(connection, "INSERT INTO teams (name) VALUES ('x')", &error));
    assert_error(&error, CUVEE_ERROR_READ_ONLY, "");
    cv_pool_give_back(pool, connection);
    cuvee_blend_free(blend);
}

static void a_database_is_written_through_the_base_that_may(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    cuvee_blend *maker = cuvee_blend_new();
    cuvee_blend_set_folder(maker, world->folder);
    cuvee_blend_bind(maker, &accounts_base, "sqlite:both.db");
    cuvee_blend_bind(maker, &sales_base, "sqlite:both.db");
    assert_true(cuvee_create_tables(maker));
    cuvee_blend_free(maker);
    for (int accounts_first = 0; accounts_first < 2; accounts_first++) {
        cuvee_blend *blend = cuvee_blend_new();
        cuvee_blend_set_folder(blend, world->folder);
        if (accounts_first)
            cuvee_blend_bind(blend, &accounts_base, "sqlite:both.db", .read_only = true);
        cuvee_blend_bind(blend, &sales_base, "sqlite:both.db");
        cuvee_blend_bind(blend, &accounts_base, "sqlite:both.db", .read_only = true);
        cuvee_session *session = cuvee_session_open(blend);
        cuvee_add(session, &stock_model, &(Stock){accounts_first, "bolt", 1});
        cuvee_commit(session);
        assert_good(session);
        assert_int_equal(cv_blend_pool_count(blend), 1);
        assert_null(cuvee_add(session, &team_model, &(Team){.name = "red"}));
        assert_failed(session, CUVEE_ERROR_READ_ONLY, "base accounts is read-only");
        cuvee_session_close(session);
        cuvee_blend_free(blend);
    }
}

/* What no rollback would undo is refused by the engine: a sequence keeps what it gave away. */
static void snapshots_of_a_session_that_only_reads_cannot_write(void **state)
{
    const struct world *world = *state;
    if (strcmp(world_engine(&sales_base), "postgres") != 0)
        skip();
    cuvee_session *s = cuvee_session_open(world->blend, .read_only = true, .isolation = CUVEE_SNAPSHOT);
    cuvee_rows *rows =
        cuvee_sql_rows(s, &sales_base, "SELECT nextval(pg_get_serial_sequence('orders', 'id'))", NULL, 0);
    assert_null(cuvee_next_values(rows));
    assert_failed(s, CUVEE_ERROR_READ_ONLY, "");
    cuvee_rows_close(rows);
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST(a_read_only_session_refuses_to_write),
        WORLD_TEST(raw_sql_that_writes_does_not_pass_for_a_query),
        WORLD_TEST(a_read_only_session_keeps_no_map),
        WORLD_TEST(a_read_only_session_loads_relations),
        WORLD_TEST(a_read_only_binding_refuses_to_write),
        WORLD_TEST(the_engine_refuses_as_well),
        WORLD_TEST(a_database_is_written_through_the_base_that_may),
        WORLD_TEST(snapshots_of_a_session_that_only_reads_cannot_write),
    };
    return WORLD_MAIN(argc, argv, "read_only", tests);
}
