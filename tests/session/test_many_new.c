/* Many new rows in one flush, which engines write by their quickest way: on each engine, both bases in one database. */
#include <stdio.h>

#include "session/support.h"
#include "support/engines.h"

enum { MANY = 1200 };

static const char *engine_name = "sqlite";

struct bulk {
    struct engine_place place;
    cuvee_blend *blend;
};

static int bulk_open(void **state)
{
    struct bulk *bulk = calloc(1, sizeof *bulk);
    assert_non_null(bulk);
    bulk->place = engine_place_make(engine_name);
    bulk->blend = cuvee_blend_new();
    assert_true(cuvee_blend_bind(bulk->blend, &accounts_base, bulk->place.url));
    assert_true(cuvee_blend_bind(bulk->blend, &sales_base, bulk->place.url));
    if (!cuvee_create_tables(bulk->blend))
        fail_msg("%s", cuvee_blend_error(bulk->blend)->message);
    *state = bulk;
    return 0;
}

static int bulk_close(void **state)
{
    struct bulk *bulk = *state;
    cuvee_blend_free(bulk->blend);
    engine_place_remove(&bulk->place);
    free(bulk);
    return 0;
}

static const User *add_numbered(cuvee_session *s, int number)
{
    char name[40], email[40];
    snprintf(name, sizeof name, "it's \"%d\"", number);
    snprintf(email, sizeof email, "%d@example.com", number);
    return cuvee_add(s, &user_model, &(User){.name = name, .email = email, .age = {number % 3 == 0, number % 90}});
}

static uint64_t count_of(const struct bulk *bulk, const cuvee_model *model)
{
    cuvee_session *s = cuvee_session_open(bulk->blend);
    int64_t count = cuvee_count(cuvee_select(s, model));
    assert_good(s);
    cuvee_session_close(s);
    return (uint64_t)count;
}

static void each_row_gets_the_key_that_is_its_own(void **state)
{
    const struct bulk *bulk = *state;
    const User *added[MANY];
    cuvee_session *s = cuvee_session_open(bulk->blend);
    for (int i = 0; i < MANY; i++)
        added[i] = add_numbered(s, i);
    cuvee_flush(s);
    assert_good(s);
    cuvee_session *other = cuvee_session_open(bulk->blend);
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    for (int i = 0; i < MANY; i++) {
        const User *found = cuvee_get(other, &user_model, added[i]->id);
        assert_non_null(found);
        assert_string_equal(found->email, added[i]->email);
        assert_string_equal(found->name, added[i]->name);
        assert_int_equal(found->age.set, i % 3 == 0);
        assert_ptr_equal(cuvee_get(s, &user_model, added[i]->id), added[i]);
    }
    cuvee_session_close(other);
    cuvee_session_close(s);
}

static void keys_of_the_caller_are_kept(void **state)
{
    const struct bulk *bulk = *state;
    cuvee_session *s = cuvee_session_open(bulk->blend);
    for (int i = 0; i < MANY; i++) {
        char sku[20];
        snprintf(sku, sizeof sku, "sku %d", i);
        cuvee_add(s, &stock_model, &(Stock){.warehouse = i % 7, .sku = sku, .count = (int64_t)i << 33});
    }
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    cuvee_session_close(s);
    s = cuvee_session_open(bulk->blend);
    cuvee_list stocks = cuvee_all(cuvee_select(s, &stock_model));
    assert_int_equal(stocks.count, MANY);
    for (size_t i = 0; i < stocks.count; i++) {
        const Stock *stock = stocks.items[i];
        int number = (int)strtol(stock->sku + 4, NULL, 10);
        assert_int_equal(stock->warehouse, number % 7);
        assert_true(stock->count == (int64_t)number << 33);
    }
    cuvee_session_close(s);
}

static void one_row_of_them_that_is_refused_is_told_and_undoes_all(void **state)
{
    const struct bulk *bulk = *state;
    cuvee_session *s = cuvee_session_open(bulk->blend);
    for (int i = 0; i < MANY; i++)
        add_numbered(s, i == 900 ? 100 : i);
    assert_false(cuvee_flush(s));
    const cuvee_error *error = cuvee_session_error(s);
    assert_int_equal(error->kind, CUVEE_ERROR_UNIQUE);
    assert_string_equal(error->model, "User");
    assert_string_equal(error->fields, "email");
    cuvee_rollback(s);
    cuvee_session_close(s);
    assert_int_equal(count_of(bulk, &user_model), 0);
}

static void edits_between_add_and_flush_and_after_it_are_kept(void **state)
{
    const struct bulk *bulk = *state;
    cuvee_session *s = cuvee_session_open(bulk->blend);
    const User *users[MANY];
    for (int i = 0; i < MANY; i++)
        users[i] = add_numbered(s, i);
    User *early = cuvee_edit(s, users[7]);
    early->name = "early";
    cuvee_flush(s);
    assert_good(s);
    User *late = cuvee_edit(s, users[1100]);
    late->name = "late";
    early->email = "early@example.com";
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    int64_t early_id = users[7]->id, late_id = users[1100]->id;
    cuvee_session_close(s);
    s = cuvee_session_open(bulk->blend);
    const User *found = cuvee_get(s, &user_model, early_id);
    assert_string_equal(found->name, "early");
    assert_string_equal(found->email, "early@example.com");
    found = cuvee_get(s, &user_model, late_id);
    assert_string_equal(found->name, "late");
    cuvee_session_close(s);
}

static void a_savepoint_takes_them_back(void **state)
{
    const struct bulk *bulk = *state;
    cuvee_session *s = cuvee_session_open(bulk->blend);
    const User *kept = add_numbered(s, -1);
    cuvee_savepoint *before = cuvee_savepoint_set(s);
    for (int i = 0; i < MANY; i++)
        add_numbered(s, i);
    cuvee_flush(s);
    assert_good(s);
    assert_true(cuvee_savepoint_rollback(s, before));
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    assert_true(kept->id > 0);
    cuvee_session_close(s);
    assert_int_equal(count_of(bulk, &user_model), 1);
}

static void note_statement(void *arg, const cuvee_statement_info *info)
{
    uint64_t *rows = arg;
    if (strstr(info->sql, "INSERT"))
        *rows += info->rows;
}

static void the_hook_hears_of_them_once(void **state)
{
    const struct bulk *bulk = *state;
    uint64_t rows = 0;
    cuvee_session *s = cuvee_session_open(bulk->blend, .on_statement = note_statement, .on_statement_arg = &rows);
    for (int i = 0; i < MANY; i++)
        add_numbered(s, i);
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    assert_int_equal(rows, MANY);
    cuvee_session_close(s);
}

#define BULK_TEST(name) cmocka_unit_test_setup_teardown(name, bulk_open, bulk_close)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        BULK_TEST(each_row_gets_the_key_that_is_its_own),
        BULK_TEST(keys_of_the_caller_are_kept),
        BULK_TEST(one_row_of_them_that_is_refused_is_told_and_undoes_all),
        BULK_TEST(edits_between_add_and_flush_and_after_it_are_kept),
        BULK_TEST(a_savepoint_takes_them_back),
        BULK_TEST(the_hook_hears_of_them_once),
    };
    if (argc > 1)
        engine_name = argv[1];
    return engine_is_there(engine_name) ? cmocka_run_group_tests_name("many new", tests, NULL, NULL) : 77;
}
