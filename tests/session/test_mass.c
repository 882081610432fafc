/* Updates and deletes by filter. */
#include <stdio.h>

#include "session/sample.h"
#include "session/support.h"

#define SETS(...) (const cuvee_set[]){__VA_ARGS__}, sizeof((const cuvee_set[]){__VA_ARGS__}) / sizeof(cuvee_set)

static void add_seats(const struct world *world)
{
    cuvee_session *s = session_on(world);
    for (int32_t i = 1; i <= 6; i++) {
        Seat seat = {.row = {true, i <= 3 ? "A" : "B"}, .number = i, .guest = {i % 2 == 0, "Ann"}, .version = 1};
        assert_non_null(cuvee_add(s, &seat_model, &seat));
    }
    commit_and_close(s);
}

static int64_t seats_where(const struct world *world, const char *condition)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM seats WHERE %s", condition);
    return ask(world, &sales_base, sql);
}

static void updates_what_it_finds(void **state)
{
    struct world *world = *state;
    add_seats(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &seat_model);
    cuvee_where(q, cuvee_eq(q, "row", "A"));
    cuvee_where(q, cuvee_ne(q, "number", 2));
    assert_int_equal(cuvee_update_where(q, SETS({"guest", CUVEE_VALUE("Bob")}, {"row", CUVEE_VALUE("C")})), 2);
    assert_int_equal(cuvee_update_where(q, SETS({"guest", cuvee_null()})), 0);
    commit_and_close(s);
    assert_int_equal(seats_where(world, "guest = 'Bob' AND row = 'C'"), 2);
    assert_int_equal(seats_where(world, "guest = 'Bob'"), 2);
    s = session_on(world);
    assert_int_equal(cuvee_update_where(cuvee_select(s, &seat_model), SETS({"guest", cuvee_null()})), 6);
    commit_and_close(s);
    assert_int_equal(seats_where(world, "guest IS NULL"), 6);
}

static void deletes_what_it_finds(void **state)
{
    struct world *world = *state;
    add_seats(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &seat_model);
    cuvee_where(q, cuvee_is_null(q, "guest"));
    assert_int_equal(cuvee_delete_where(q), 3);
    assert_int_equal(cuvee_delete_where(q), 0);
    assert_int_equal(cuvee_count(cuvee_select(s, &seat_model)), 3);
    cuvee_rollback(s);
    assert_int_equal(cuvee_count(cuvee_select(s, &seat_model)), 6);
    assert_int_equal(cuvee_delete_where(cuvee_select(s, &seat_model)), 6);
    commit_and_close(s);
    assert_int_equal(rows_of(world, &seat_model), 0);
}

static void sub_selects_name_the_rows(void **state)
{
    struct world *world = *state;
    add_seats(world);
    cuvee_session *s = session_on(world);
    cuvee_query *taken = cuvee_select(s, &seat_model), *q = cuvee_select(s, &seat_model);
    cuvee_where(taken, cuvee_eq(taken, "guest", "Ann"));
    cuvee_where(taken, cuvee_eq(taken, "row", "B"));
    cuvee_where(q, cuvee_in_query(q, "number", taken, "number"));
    assert_int_equal(cuvee_update_where(q, SETS({"row", CUVEE_VALUE("Z")})), 2);
    commit_and_close(s);
    assert_int_equal(seats_where(world, "row = 'Z' AND guest = 'Ann' AND seat_number >= 4"), 2);
}

/* What a sub-select finds is what was there before the first row went. */
static void sub_selects_see_all_rows(void **state)
{
    struct world *world = *state;
    add_seats(world); /* 1 to 6 */
    cuvee_session *s = session_on(world);
    cuvee_query *first = cuvee_select(s, &seat_model), *q = cuvee_select(s, &seat_model);
    cuvee_where(first, cuvee_le(first, "number", 3));
    cuvee_where(q, cuvee_or(q, cuvee_eq(q, "number", 1), cuvee_not(q, cuvee_in_query(q, "number", first, "number"))));
    assert_int_equal(cuvee_count(q), 4);
    assert_int_equal(cuvee_update_where(q, SETS({"guest", CUVEE_VALUE("Bob")})), 4);
    assert_int_equal(cuvee_delete_where(q), 4); /* 2 and 3 stay */
    commit_and_close(s);
    assert_int_equal(seats_where(world, "seat_number IN (2, 3)"), 2);
    assert_int_equal(rows_of(world, &seat_model), 2);
    s = session_on(world);
    cuvee_upsert(s, &stock_model, &(Stock){1, "a", 1}, "warehouse, sku", "count");
    cuvee_upsert(s, &stock_model, &(Stock){1, "b", 2}, "warehouse, sku", "count");
    cuvee_query *a = cuvee_select(s, &stock_model);
    q = cuvee_select(s, &stock_model);
    cuvee_where(a, cuvee_eq(a, "sku", "a"));
    cuvee_where(q, cuvee_or(q, cuvee_eq(q, "sku", "a"), cuvee_not(q, cuvee_in_query(q, "warehouse", a, "warehouse"))));
    assert_int_equal(cuvee_delete_where(q), 1);
    assert_good(s);
    cuvee_session_close(s);
}

/* Pending changes are written before, also without autoflush: an update must not miss what the session added. */
static void pending_changes_count(void **state)
{
    struct world *world = *state;
    add_seats(world);
    cuvee_session *s = cuvee_session_open(world->blend, .no_autoflush = true);
    cuvee_add(s, &seat_model, &(Seat){.row = {true, "A"}, .number = 70});
    cuvee_query *q = cuvee_select(s, &seat_model);
    cuvee_where(q, cuvee_eq(q, "row", "A"));
    assert_int_equal(cuvee_update_where(q, SETS({"guest", CUVEE_VALUE("Bob")})), 4);
    assert_int_equal(cuvee_delete_where(q), 4);
    assert_good(s);
    cuvee_session_close(s);
}

static void loaded_objects_can_be_refreshed(void **state)
{
    struct world *world = *state;
    add_seats(world);
    cuvee_session *s = session_on(world);
    const Seat *seat = cuvee_get(s, &seat_model, 2);
    assert_int_equal(cuvee_update_where(cuvee_select(s, &seat_model), SETS({"guest", CUVEE_VALUE("Eve")})), 6);
    assert_string_equal(seat->guest.value, "Ann");
    assert_true(cuvee_refresh(s, seat));
    assert_string_equal(seat->guest.value, "Eve");
    assert_int_equal(cuvee_delete_where(cuvee_select(s, &seat_model)), 6);
    assert_false(cuvee_refresh(s, seat));
    assert_failed(s, CUVEE_ERROR_MISSING, "no longer there");
    cuvee_session_close(s);
}

/* Who edits a row that was updated in between notices it. */
static void the_version_goes_up(void **state)
{
    struct world *world = *state;
    add_seats(world);
    cuvee_session *s = session_on(world), *other = session_on(world);
    Seat *edit = cuvee_edit(s, cuvee_get(s, &seat_model, 1));
    edit->guest = (cuvee_opt_text){true, "Lost"};
    cuvee_query *q = cuvee_select(other, &seat_model);
    cuvee_where(q, cuvee_eq(q, "id", 1));
    assert_int_equal(cuvee_update_where(q, SETS({"row", CUVEE_VALUE("X")})), 1);
    commit_and_close(other);
    assert_int_equal(seats_where(world, "version = 2"), 1);
    assert_int_equal(cuvee_commit(s), CUVEE_ROLLED_BACK);
    assert_failed(s, CUVEE_ERROR_VERSION, "changed or deleted");
    cuvee_session_close(s);
}

static void references_to_other_databases_are_looked_up(void **state)
{
    struct world *world = *state;
    int64_t jane = insert_user(world, "jane");
    insert_order(world, jane, "lamp");
    cuvee_session *s = session_on(world);
    const User *john = add_user(s, "john"); /* not written yet */
    assert_true(cuvee_flush(s));
    cuvee_query *q = cuvee_select(s, &order_model);
    assert_int_equal(cuvee_update_where(q, SETS({"user_id", CUVEE_VALUE(john->id)})), 1);
    assert_int_equal(cuvee_update_where(q, SETS({"user_id", CUVEE_VALUE(4711)})), -1);
    assert_failed(s, CUVEE_ERROR_FOREIGN_KEY, "4711");
    assert_string_equal(cuvee_session_error(s)->model, "Order");
    assert_string_equal(cuvee_session_error(s)->fields, "user_id");
    cuvee_session_close(s);
}

/* Nothing else writes them first here, neither what is changed nor what is referred to. */
static void a_change_of_many_flushes_by_itself(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    add_user(s, "john");
    assert_int_equal(cuvee_delete_where(cuvee_select(s, &user_model)), 1);
    cuvee_add(s, &parcel_model, &(Parcel){.tracking = "P1"});
    cuvee_add(s, &country_model, &(Country){"IS", "Iceland"}); /* in another database */
    assert_int_equal(cuvee_update_where(cuvee_select(s, &parcel_model), SETS({"country", CUVEE_VALUE("IS")})), 1);
    assert_good(s);
    cuvee_session_close(s);
}

/* ---- mistakes ---- */

static void assert_no_update(const struct world *world, const cuvee_set *sets, size_t count, cuvee_error_kind kind,
                             const char *field, const char *words)
{
    cuvee_session *s = session_on(world);
    assert_int_equal(cuvee_update_where(cuvee_select(s, &seat_model), sets, count), -1);
    assert_failed(s, kind, words);
    assert_string_equal(cuvee_session_error(s)->model, "Seat");
    assert_string_equal(cuvee_session_error(s)->fields, field);
    cuvee_session_close(s);
    assert_int_equal(seats_where(world, "version = 1"), 6);
}

static void what_cannot_be_set(void **state)
{
    struct world *world = *state;
    add_seats(world);
    cuvee_error_kind misuse = CUVEE_ERROR_MISUSE;
    assert_no_update(world, NULL, 0, misuse, "", "no field");
    assert_no_update(world, NULL, 1, misuse, "", "no field");
    assert_no_update(world, SETS({"nothing", CUVEE_VALUE(1)}), misuse, "nothing", "no such field");
    assert_no_update(world, SETS({NULL, CUVEE_VALUE(1)}), misuse, "", "NULL");
    assert_no_update(world, SETS({"id", CUVEE_VALUE(1)}), misuse, "id", "key");
    assert_no_update(world, SETS({"version", CUVEE_VALUE(7)}), misuse, "version", "raises");
    assert_no_update(world, SETS({"row", CUVEE_VALUE("A")}, {"row", CUVEE_VALUE("B")}), misuse, "row", "twice");
    assert_no_update(world, SETS({"number", CUVEE_VALUE("1")}), CUVEE_ERROR_VALUE, "number", "does not fit");
    assert_no_update(world, SETS({"number", cuvee_null()}), CUVEE_ERROR_NOT_NULL, "number", "NULL");
    assert_no_update(world, SETS({"number", CUVEE_VALUE(0)}), CUVEE_ERROR_CHECK, "number", "at least 1");
    assert_no_update(world, SETS({"guest", CUVEE_VALUE("Bartholomew")}), CUVEE_ERROR_CHECK, "guest", "10");
    assert_no_update(world, SETS({"guest", CUVEE_VALUE("\xFF")}), CUVEE_ERROR_VALUE, "guest", "UTF-8");
}

static void constraints_hold(void **state)
{
    struct world *world = *state;
    add_seats(world);
    cuvee_session *s = session_on(world);
    const cuvee_set set = {"number", CUVEE_VALUE(1)};
    assert_int_equal(cuvee_update_where(cuvee_select(s, &seat_model), &set, 1), -1);
    assert_failed(s, CUVEE_ERROR_UNIQUE, "");
    assert_string_equal(cuvee_session_error(s)->model, "Seat");
    assert_string_equal(cuvee_session_error(s)->fields, "row, number");
    assert_string_equal(cuvee_session_error(s)->database, "sales");
    cuvee_rollback(s);
    int64_t jane = insert_user(world, "jane");
    cuvee_add(s, &profile_model, &(Profile){.user_id = jane, .biography = ""});
    assert_true(cuvee_flush(s));
    assert_int_equal(cuvee_delete_where(cuvee_select(s, &user_model)), -1);
    assert_failed(s, CUVEE_ERROR_FOREIGN_KEY, "");
    cuvee_session_close(s);
}

static void only_conditions_count(void **state)
{
    struct world *world = *state;
    add_seats(world);
    for (int i = 0; i < 8; i++) {
        cuvee_session *s = session_on(world);
        cuvee_query *q = cuvee_select(s, i == 0 ? &item_model : &seat_model);
        switch (i) {
        case 0: cuvee_join(q, &order_model, "id", "order_id"); break;
        case 1: cuvee_order_by(q, "id", CUVEE_ASCENDING); break;
        case 2: cuvee_limit(q, 1); break;
        case 3: cuvee_offset(q, 1); break;
        case 4: cuvee_pick(q, "id"); break;
        case 5: cuvee_group_by(q, "row"); break;
        case 6: cuvee_having(q, CUVEE_COUNT, NULL, CUVEE_GT, 1); break;
        case 7: cuvee_distinct(q); break;
        }
        assert_good(s);
        assert_int_equal(cuvee_delete_where(q), -1);
        assert_failed(s, CUVEE_ERROR_MISUSE, "conditions only");
        cuvee_session_close(s);
    }
    assert_int_equal(rows_of(world, &seat_model), 6);
}

static void read_only_means_no_writes(void **state)
{
    struct world *world = *state;
    add_seats(world);
    cuvee_session *s = cuvee_session_open(world->blend, .read_only = true);
    const cuvee_set set = {"number", CUVEE_VALUE(1)};
    assert_int_equal(cuvee_update_where(cuvee_select(s, &seat_model), &set, 1), -1);
    assert_failed(s, CUVEE_ERROR_READ_ONLY, "read-only");
    cuvee_rollback(s);
    assert_int_equal(cuvee_delete_where(cuvee_select(s, &seat_model)), -1);
    assert_failed(s, CUVEE_ERROR_READ_ONLY, "read-only");
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(updates_what_it_finds),
        WORLD_TEST(deletes_what_it_finds),
        WORLD_TEST(sub_selects_name_the_rows),
        WORLD_TEST(sub_selects_see_all_rows),
        WORLD_TEST(a_change_of_many_flushes_by_itself),
        WORLD_TEST(pending_changes_count),
        WORLD_TEST(loaded_objects_can_be_refreshed),
        WORLD_TEST(the_version_goes_up),
        WORLD_TEST(references_to_other_databases_are_looked_up),
        WORLD_TEST(what_cannot_be_set),
        WORLD_TEST(constraints_hold),
        WORLD_TEST(only_conditions_count),
        WORLD_TEST(read_only_means_no_writes),
    };
    return WORLD_MAIN(argc, argv, "mass", tests);
}
