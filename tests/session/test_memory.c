/* Out of memory: each allocation of a whole session fails in turn, and it is an error like others. */
#include "session/support.h"

#include <cuvee/relation.h>
#include <cuvee/sql.h>

#include "support/alloc_fault.h"

/* ---- one whole session ---- */

static void read_things(cuvee_session *session)
{
    cuvee_query *query = cuvee_select(session, &user_model);
    cuvee_where(query, cuvee_or(query, cuvee_eq(query, "name", "jane"), cuvee_like(query, "email", "j%")));
    cuvee_order_by(query, "name", CUVEE_ASCENDING);
    cuvee_with(query, "orders.items");
    cuvee_list users = cuvee_all(query);
    if (users.count > 0) {
        cuvee_list orders = cuvee_related(session, users.items[0], "orders");
        if (orders.count > 0)
            cuvee_related(session, orders.items[0], "items");
        cuvee_refresh(session, users.items[0]);
    }
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(session, &order_model));
    while (cuvee_next(rows))
        ;
    cuvee_rows_close(rows);
    cuvee_query *groups = cuvee_select(session, &order_model);
    cuvee_pick(groups, "user_id");
    cuvee_pick_aggregate(groups, CUVEE_SUM, "quantity");
    cuvee_group_by(groups, "user_id");
    rows = cuvee_rows_open(groups);
    cuvee_next_values(rows);
    cuvee_rows_close(rows);
    cuvee_sql_objects(session, &user_model, "SELECT * FROM users", NULL, 0);
    cuvee_value limit = CUVEE_VALUE(0);
    rows = cuvee_sql_rows(session, &accounts_base, "SELECT count(*) FROM users WHERE id > ?", &limit, 1);
    cuvee_next_values(rows);
    cuvee_rows_close(rows);
    cuvee_count(cuvee_select(session, &order_model));
}

static void write_things(cuvee_session *session)
{
    const User *user = cuvee_add(session, &user_model, &(User){.name = "jane", .email = "jane@example.com"});
    const Order *order = cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1});
    cuvee_add_related(session, order, "items", &(Item){.name = "bulb"});
    cuvee_add(session, &note_model, &(Note){0});
    const Category *root = cuvee_add(session, &category_model, &(Category){.name = "root"});
    const Category *leaf = cuvee_add_related(session, root, "children", &(Category){.name = "leaf"});
    cuvee_flush(session);
    User *edit = cuvee_edit(session, user);
    if (edit)
        edit->name = "jane doe";
    cuvee_delete(session, leaf);
    cuvee_delete(session, root);
    cuvee_upsert(session, &stock_model, &(Stock){1, "bolt", 1}, "warehouse, sku", "count");
    const cuvee_set sets[] = {{"quantity", CUVEE_VALUE(3)}};
    cuvee_update_where(cuvee_select(session, &order_model), sets, 1);
    cuvee_sql_execute(session, &accounts_base, "UPDATE users SET age = 30", NULL, 0);
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    cuvee_add(session, &team_model, &(Team){.name = "red"});
    edit = cuvee_edit(session, user);
    if (edit)
        edit->name = "nobody";
    cuvee_flush(session);
    cuvee_savepoint_rollback(session, savepoint);
}

/* Whether all of it is in the databases; otherwise none of it is. */
static bool is_done(const struct world *world)
{
    bool done = rows_of(world, &user_model) == 1;
    assert_int_equal(rows_of(world, &user_model), done);
    assert_int_equal(rows_of(world, &order_model), done);
    assert_int_equal(rows_of(world, &item_model), done);
    assert_int_equal(rows_of(world, &note_model), done);
    assert_int_equal(rows_of(world, &stock_model), done);
    assert_int_equal(rows_of(world, &category_model), 0);
    assert_int_equal(rows_of(world, &team_model), 0);
    if (done) {
        assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'jane doe' AND age = 30"),
                         1);
        assert_int_equal(ask(world, &sales_base, "SELECT count(*) FROM orders WHERE quantity = 3"), 1);
    }
    return done;
}

static void clean_up(const struct world *world)
{
    static const char *const sales[] = {"DELETE FROM items", "DELETE FROM orders", "DELETE FROM notes",
                                        "DELETE FROM stock"};
    someone_else(world, &accounts_base, "DELETE FROM teams");
    someone_else(world, &accounts_base, "DELETE FROM users");
    for (size_t i = 0; i < sizeof sales / sizeof sales[0]; i++)
        someone_else(world, &sales_base, sales[i]);
}

/* Once memory is there again the session is rolled back and goes on. */
static void assert_usable(const struct world *world, cuvee_session *session)
{
    assert_true(cuvee_rollback(session));
    assert_false(is_done(world));
    const Team *team = cuvee_add(session, &team_model, &(Team){.name = "red"});
    cuvee_commit(session);
    assert_good(session);
    assert_ptr_equal(cuvee_get(session, &team_model, team->id), team);
    assert_int_equal(rows_of(world, &team_model), 1);
}

/* Runs the session; with allocation n failing, alone or with all after it. Whether it did fail. */
static bool run_with_fault(struct world *world, size_t n, void (*fault)(size_t n))
{
    fault(n);
    cuvee_session *session = cuvee_session_open(world->blend);
    cuvee_outcome outcome = CUVEE_ROLLED_BACK;
    write_things(session);
    read_things(session);
    outcome = cuvee_commit(session);
    bool happened = alloc_fault_end();
    if (outcome == CUVEE_COMMITTED) {
        assert_good(session);
        assert_true(is_done(world));
    } else {
        assert_int_equal(outcome, CUVEE_ROLLED_BACK);
        assert_true(happened);
        assert_int_equal(cuvee_session_error(session)->kind, CUVEE_ERROR_MEMORY);
        if (session)
            assert_usable(world, session);
    }
    cuvee_session_close(session);
    clean_up(world);
    return happened;
}

static void run_with_faults(struct world *world, void (*fault)(size_t n))
{
    size_t n = 1;
    while (run_with_fault(world, n, fault))
        n++;
    assert_true(n > 50); /* it did ask for memory */
}

/* A blend whose databases have no connections yet. */
static void start_anew(struct world *world)
{
    static const cuvee_bind_options quick = {.durability = CUVEE_NORMAL};
    if (world_is("memory"))
        return;
    cuvee_blend_free(world->blend);
    world->blend = world_blend(world, quick, quick);
    cv_blend_set_clock(world->blend, &world->clock);
}

static void every_allocation_of_a_session_may_fail_with_all_after_it(void **state)
{
    start_anew(*state);
    run_with_faults(*state, alloc_fault_at);
}

static void every_allocation_of_a_session_may_fail_alone(void **state)
{
    start_anew(*state);
    run_with_faults(*state, alloc_fault_once);
}

/* ---- with a blend of its own: connecting, too ---- */

static void every_allocation_of_a_blend_and_its_first_session_may_fail(void **state)
{
    skip_in_memory();
    struct world *world = *state;
    static const cuvee_bind_options quick = {.durability = CUVEE_NORMAL};
    for (size_t n = 1;; n++) {
        alloc_fault_at(n);
        cuvee_blend *blend = cuvee_blend_new();
        cuvee_blend_set_folder(blend, world->folder);
        cuvee_blend_bind_with(blend, &accounts_base, "sqlite:accounts.db", &quick);
        cuvee_blend_bind_with(blend, &sales_base, "sqlite:sales.db", &quick);
        cuvee_session *session = cuvee_session_open(blend);
        write_things(session);
        cuvee_outcome outcome = cuvee_commit(session);
        bool happened = alloc_fault_end();
        if (outcome != CUVEE_COMMITTED) {
            assert_true(happened);
            assert_int_equal(cuvee_session_error(session)->kind, CUVEE_ERROR_MEMORY);
        }
        cuvee_session_close(session);
        cuvee_blend_free(blend);
        assert_int_equal(is_done(world), outcome == CUVEE_COMMITTED);
        clean_up(world);
        if (!happened)
            return;
    }
}

static void every_allocation_of_making_tables_may_fail(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        alloc_fault_at(n);
        cuvee_blend *blend = cuvee_blend_new();
        cuvee_blend_bind(blend, &accounts_base, "sqlite::memory:");
        cuvee_blend_bind(blend, &sales_base, "sqlite::memory:");
        bool good = cuvee_create_tables(blend);
        cuvee_blend *copy = good ? cuvee_blend_in_memory(blend) : NULL;
        bool happened = alloc_fault_end();
        assert_true(good || happened);
        assert_int_equal(cuvee_blend_error(blend)->kind, good ? CUVEE_ERROR_NONE : CUVEE_ERROR_MEMORY);
        cuvee_blend_free(copy);
        cuvee_blend_free(blend);
        if (!happened)
            return;
    }
}

static bool write_and_commit(cuvee_session *session, void *arg)
{
    (void)arg;
    write_things(session);
    return true;
}

static void every_allocation_of_a_unit_of_work_may_fail(void **state)
{
    struct world *world = *state;
    for (size_t n = 1;; n++) {
        cuvee_error error;
        alloc_fault_at(n);
        cuvee_outcome outcome = cuvee_run(world->blend, write_and_commit, NULL, &error);
        bool happened = alloc_fault_end();
        assert_int_equal(outcome, happened ? CUVEE_ROLLED_BACK : CUVEE_COMMITTED);
        assert_int_equal(error.kind, happened ? CUVEE_ERROR_MEMORY : CUVEE_ERROR_NONE);
        clean_up(world);
        if (!happened)
            return;
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(every_allocation_of_a_session_may_fail_with_all_after_it),
        WORLD_TEST(every_allocation_of_a_session_may_fail_alone),
        WORLD_TEST(every_allocation_of_a_blend_and_its_first_session_may_fail),
        WORLD_TEST(every_allocation_of_making_tables_may_fail),
        WORLD_TEST(every_allocation_of_a_unit_of_work_may_fail),
    };
    return WORLD_MAIN(argc, argv, "memory", tests);
}
