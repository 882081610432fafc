/* Every allocation of every sort of query fails in turn: an error like others, nothing lost, nothing left behind. */
#include <cuvee/sql.h>

#include "session/sample.h"
#include "session/support.h"
#include "support/alloc_fault.h"

static void add_rows(const struct world *world)
{
    cuvee_session *s = session_on(world);
    cuvee_add(s, &country_model, &(Country){"BE", "Belgium"});
    const User *ada = add_user(s, "ada");
    add_user(s, "ben");
    assert_true(cuvee_flush(s));
    ((User *)cuvee_edit(s, ada))->country = (cuvee_opt_text){true, "BE"};
    cuvee_add(s, &team_model, &(Team){.name = "red"});
    assert_true(cuvee_flush(s));
    cuvee_add(s, &membership_model, &(Membership){1, 1, {false, NULL}});
    add_order(s, 1, "lamp");
    add_order(s, 1, "desk");
    for (int i = 0; i < 20; i++)
        cuvee_add(s, &sample_model, &(Sample){.small = i, .text = "text", .amount = {"1.5"}});
    commit_and_close(s);
}

/* What a session is asked while allocations fail; it is good or not, and never wrong. */
typedef void (*scenario)(cuvee_session *s);

static void filters(cuvee_session *s)
{
    cuvee_query *q = cuvee_select(s, &sample_model), *sub = cuvee_select(s, &sample_model);
    const cuvee_value values[] = {CUVEE_VALUE(1), CUVEE_VALUE(2), CUVEE_VALUE(3)};
    cuvee_where(sub, cuvee_between(sub, "large", -5, 5));
    cuvee_where(q, cuvee_or(q, cuvee_in(q, "small", values, 3), cuvee_ilike(q, "text", "t%")));
    cuvee_where(q, cuvee_in_query(q, "small", sub, "small"));
    cuvee_where(q, cuvee_not(q, cuvee_eq(q, "amount", "7.25")));
    cuvee_where(q, cuvee_compare_fields(q, "small", CUVEE_NE, "opt_small"));
    cuvee_where(q, cuvee_is_null(q, "opt_text"));
    cuvee_order_by(q, "text", CUVEE_DESCENDING);
    cuvee_after(q, NULL);
    cuvee_limit(q, 5);
    assert_int_equal(cuvee_all(q).count, 0); /* small <> NULL is not true */
}

static void objects(cuvee_session *s)
{
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_list list = cuvee_all(q);
    assert_true(list.count == 20 || cuvee_session_error(s)->kind);
    const Sample *one = cuvee_get(s, &sample_model, 3);
    assert_true(!one || one->small == 2);
    cuvee_query *page = cuvee_select(s, &sample_model);
    cuvee_order_by(page, "small", CUVEE_DESCENDING);
    cuvee_after(page, one);
    assert_true(!one || cuvee_session_error(s)->kind || cuvee_count(page) == 2 || cuvee_session_error(s)->kind);
    cuvee_for_update(q);
    cuvee_first(q);
    cuvee_refresh(s, one);
}

static void values(cuvee_session *s)
{
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_value sum = cuvee_aggregate_of(q, CUVEE_SUM, "amount");
    assert_true(cuvee_session_error(s)->kind || (sum.kind == CUVEE_DECIMAL && strcmp(sum.as.text.data, "30.0") == 0));
    cuvee_group_by(q, "text");
    cuvee_having(q, CUVEE_MAX, "text", CUVEE_EQ, "text");
    int64_t count = cuvee_count(q);
    assert_true(count == 1 || cuvee_session_error(s)->kind);
    cuvee_pick(q, "text");
    cuvee_pick_aggregate(q, CUVEE_COUNT, NULL);
    cuvee_order_by(q, "text", CUVEE_ASCENDING);
    cuvee_rows *rows = cuvee_rows_open(q);
    const cuvee_value *row = cuvee_next_values(rows);
    assert_true(row ? row[1].as.integer == 20 : cuvee_session_error(s)->kind != CUVEE_ERROR_NONE);
    cuvee_rows_close(rows);
}

static void joins(cuvee_session *s)
{
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_join(q, &country_model, "code", "country");
    cuvee_left_join(q, &membership_model, "user_id", "User.id");
    cuvee_where(q, cuvee_like(q, "Country.name", "Bel%"));
    cuvee_distinct(q);
    int64_t count = cuvee_count(q);
    assert_true(count == 1 || cuvee_session_error(s)->kind);
    cuvee_list list = cuvee_all(q);
    assert_true(list.count == 1 || cuvee_session_error(s)->kind);
}

static void one_by_one(cuvee_session *s)
{
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(s, &sample_model));
    cuvee_rows *others = cuvee_rows_open(cuvee_select(s, &sample_model));
    const Sample *row;
    int seen = 0;
    while ((row = cuvee_next(rows)) != NULL) {
        assert_int_equal(row->small, seen++);
        cuvee_next(others);
    }
    assert_true(seen == 20 || cuvee_session_error(s)->kind);
    cuvee_rows_close(rows);
    cuvee_rows_close(others);
}

static void relations(cuvee_session *s)
{
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "orders.user");
    cuvee_with(q, "teams");
    cuvee_with(q, "home");
    cuvee_list users = cuvee_all(q);
    assert_true(users.count == 2 || cuvee_session_error(s)->kind);
    if (users.count < 2)
        return;
    cuvee_list orders = cuvee_related(s, users.items[0], "orders");
    assert_true(orders.count == 2 || cuvee_session_error(s)->kind);
    cuvee_load(s, &user_model, users, "profile");
    assert_null(cuvee_related_one(s, users.items[1], "profile"));
}

static void changes(cuvee_session *s)
{
    cuvee_query *q = cuvee_select(s, &sample_model);
    const cuvee_set set = {"text", CUVEE_VALUE("other")};
    int64_t changed = cuvee_update_where(q, &set, 1);
    assert_true(changed == 20 || cuvee_session_error(s)->kind);
    const Stock *stock = cuvee_upsert(s, &stock_model, &(Stock){1, "sku", 5}, "warehouse,sku", "count");
    assert_true(stock || cuvee_session_error(s)->kind);
    changed = cuvee_delete_where(q);
    assert_true(changed == 20 || cuvee_session_error(s)->kind);
}

static void raw(cuvee_session *s)
{
    const cuvee_value values[] = {CUVEE_VALUE("BE"), CUVEE_VALUE(1)};
    cuvee_rows *rows =
        cuvee_sql_rows(s, &accounts_base, "SELECT name FROM countries WHERE code = ? LIMIT ?", values, 2);
    const cuvee_value *row = cuvee_next_values(rows);
    assert_true(row ? strcmp(row->as.text.data, "Belgium") == 0 : cuvee_session_error(s)->kind != CUVEE_ERROR_NONE);
    cuvee_rows_close(rows);
    cuvee_list list = cuvee_sql_objects(s, &user_model, "SELECT * FROM users", NULL, 0);
    assert_true(list.count == 2 || cuvee_session_error(s)->kind);
    int64_t changed = cuvee_sql_execute(s, &accounts_base, "DELETE FROM memberships", NULL, 0);
    assert_true(changed == 1 || cuvee_session_error(s)->kind);
}

/* A fresh blend each time, so that connecting and preparing are among what fails. */
static bool run_with_fault(const struct world *world, scenario ask_it, size_t n)
{
    cuvee_blend *blend = world_blend(world, (cuvee_bind_options){.max_connections = 1}, (cuvee_bind_options){0});
    assert_true(cv_blend_freeze(blend, NULL)); /* a blend that could not be set up stays so */
    alloc_fault_at(n);
    cuvee_session *s = cuvee_session_open(blend);
    ask_it(s);
    bool good = s && cuvee_session_error(s)->kind == CUVEE_ERROR_NONE;
    bool memory = !s || cuvee_session_error(s)->kind == CUVEE_ERROR_MEMORY;
    bool happened = alloc_fault_end();
    if (!good && !memory)
        fail_msg("allocation %zu: %s", n, cuvee_session_error(s)->message);
    assert_true(good || happened);
    if (cuvee_rollback(s)) { /* and then it goes on, if it was opened at all */
        assert_int_equal(cuvee_count(cuvee_select(s, &sample_model)), 20);
        assert_int_equal(cuvee_session_error(s)->kind, CUVEE_ERROR_NONE);
    }
    cuvee_session_close(s);
    cuvee_blend_free(blend);
    return happened;
}

static void fail_each(const struct world *world, scenario ask_it)
{
    size_t n = 1;
    while (run_with_fault(world, ask_it, n))
        n++;
    assert_true(n > 10);
}

#define SCENARIO(name)                                                                                                 \
    static void memory_for_##name(void **state)                                                                        \
    {                                                                                                                  \
        add_rows(*state);                                                                                              \
        fail_each(*state, name);                                                                                       \
    }
SCENARIO(filters)
SCENARIO(objects)
SCENARIO(values)
SCENARIO(joins)
SCENARIO(one_by_one)
SCENARIO(relations)
SCENARIO(changes)
SCENARIO(raw)

int main(int argc, char **argv)
{
    alloc_fault_reach_sqlite();
    const struct CMUnitTest tests[] = {
        WORLD_TEST(memory_for_filters), WORLD_TEST(memory_for_objects),    WORLD_TEST(memory_for_values),
        WORLD_TEST(memory_for_joins),   WORLD_TEST(memory_for_one_by_one), WORLD_TEST(memory_for_relations),
        WORLD_TEST(memory_for_changes), WORLD_TEST(memory_for_raw),
    };
    return WORLD_MAIN(argc, argv, "memory for queries", tests);
}
