/* Joins, left joins and sub-selects inside one database. */
#include <cuvee/sql.h>

#include "session/support.h"

/* Countries BE and NL; users ada (BE, 30), ben (BE, 20), cleo (nowhere); teams red (ada, ben), blue (ada). */
static void add_people(const struct world *world)
{
    cuvee_session *s = session_on(world);
    cuvee_add(s, &country_model, &(Country){"BE", "Belgium"});
    cuvee_add(s, &country_model, &(Country){"NL", "Netherlands"});
    const User users[] = {
        {.name = "ada", .email = "ada@example.com", .age = {true, 30}, .country = {true, "BE"}},
        {.name = "ben", .email = "ben@example.com", .age = {true, 20}, .country = {true, "BE"}},
        {.name = "cleo", .email = "cleo@example.com"},
    };
    assert_true(cuvee_add_all(s, &user_model, users, 3));
    cuvee_add(s, &team_model, &(Team){.name = "red"});
    cuvee_add(s, &team_model, &(Team){.name = "blue"});
    assert_true(cuvee_flush(s));
    const Membership pairs[] = {{1, 1, {true, "lead"}}, {2, 1, {false, NULL}}, {1, 2, {false, NULL}}};
    assert_true(cuvee_add_all(s, &membership_model, pairs, 3));
    commit_and_close(s);
}

/* The names of the users that are found, one letter each. */
static void assert_users(cuvee_query *q, const char *letters)
{
    char found[20] = "";
    cuvee_list list = cuvee_all(q);
    for (size_t i = 0; i < list.count; i++)
        found[i] = ((const User *)list.items[i])->name[0];
    assert_string_equal(found, letters);
}

static void only_rows_with_a_partner(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_join(q, &country_model, "code", "country");
    assert_users(q, "ab");
    assert_int_equal(cuvee_count(q), 2);
    cuvee_where(q, cuvee_eq(q, "Country.name", "Belgium"));
    cuvee_where(q, cuvee_eq(q, "User.age", 20));
    assert_users(q, "b");
    assert_true(cuvee_exists(q));
    assert_good(s);
    cuvee_session_close(s);
}

static void rows_without_a_partner_stay(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_left_join(q, &country_model, "code", "country");
    cuvee_order_by(q, "Country.name", CUVEE_ASCENDING); /* NULL for cleo: last */
    cuvee_order_by(q, "age", CUVEE_ASCENDING);
    assert_users(q, "bac");
    cuvee_where(q, cuvee_is_null(q, "Country.code"));
    assert_users(q, "c");
    assert_good(s);
    cuvee_session_close(s);
}

static void nulls_of_a_left_join_stand_where_told(void **state)
{
    struct world *world = *state;
    add_people(world);
    for (int descending = 0; descending < 2; descending++)
        for (int first = 0; first < 2; first++) {
            cuvee_session *s = session_on(world);
            cuvee_query *q = cuvee_select(s, &user_model);
            cuvee_left_join(q, &country_model, "code", "country");
            cuvee_order_by_nulls(q, "Country.name", (cuvee_direction)descending, first);
            cuvee_order_by(q, "id", CUVEE_ASCENDING);
            assert_users(q, first ? "cab" : "abc");
            cuvee_session_close(s);
        }
}

static void each_once_per_match(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_join(q, &membership_model, "user_id", "id");
    assert_users(q, "aab");
    cuvee_list list = cuvee_all(q);
    assert_ptr_equal(list.items[0], list.items[1]); /* one object */
    assert_int_equal(cuvee_count(q), 3);
    cuvee_distinct(q);
    assert_users(q, "ab");
    assert_int_equal(cuvee_count(q), 2);
    assert_good(s);
    cuvee_order_by(q, "Membership.role", CUVEE_ASCENDING);
    cuvee_all(q);
    assert_failed(s, CUVEE_ERROR_MISUSE, "distinct");
    cuvee_session_close(s);
}

static void over_three_models(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_join(q, &membership_model, "user_id", "id");
    cuvee_join(q, &team_model, "id", "Membership.team_id");
    cuvee_left_join(q, &country_model, "code", "User.country");
    cuvee_where(q, cuvee_and(q, cuvee_eq(q, "Team.name", "red"), cuvee_is_null(q, "Membership.role")));
    assert_users(q, "b");
    assert_good(s);
    cuvee_session_close(s);
}

static void values_of_joined_models(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &country_model);
    cuvee_left_join(q, &user_model, "country", "code");
    cuvee_pick(q, "Country.code");
    cuvee_pick_aggregate(q, CUVEE_COUNT, "User.id");
    cuvee_pick_aggregate(q, CUVEE_AVG, "User.age");
    cuvee_group_by(q, "code");
    cuvee_having(q, CUVEE_COUNT, NULL, CUVEE_GE, 1);
    cuvee_order_by(q, "code", CUVEE_ASCENDING);
    cuvee_rows *rows = cuvee_rows_open(q);
    const cuvee_value *row = cuvee_next_values(rows);
    assert_good(s);
    assert_string_equal(row[0].as.text.data, "BE");
    assert_int_equal(row[1].as.integer, 2);
    assert_true(row[2].as.real == 25);
    row = cuvee_next_values(rows);
    assert_string_equal(row[0].as.text.data, "NL");
    assert_int_equal(row[1].as.integer, 0);
    assert_int_equal(row[2].kind, 0);
    cuvee_rows_close(rows);
    cuvee_session_close(s);
}

static void field_against_field_of_another_model(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_join(q, &membership_model, "user_id", "id");
    cuvee_where(q, cuvee_compare_fields(q, "id", CUVEE_EQ, "Membership.team_id"));
    assert_users(q, "a");
    assert_good(s);
    cuvee_session_close(s);
}

/* ---- sub-selects ---- */

static void among_the_rows_of_another_query(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    cuvee_query *members = cuvee_select(s, &membership_model);
    cuvee_join(members, &team_model, "id", "team_id");
    cuvee_where(members, cuvee_eq(members, "Team.name", "blue"));
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_where(q, cuvee_in_query(q, "id", members, "user_id"));
    assert_users(q, "a");
    cuvee_query *others = cuvee_select(s, &user_model);
    cuvee_where(others, cuvee_not(others, cuvee_in_query(others, "id", members, "user_id")));
    assert_users(others, "bc");
    assert_good(s);
    cuvee_session_close(s);
}

static void the_sub_select_is_taken_as_it_is_then(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    cuvee_query *oldest = cuvee_select(s, &user_model), *q = cuvee_select(s, &user_model);
    cuvee_order_by(oldest, "age", CUVEE_DESCENDING);
    cuvee_where(oldest, cuvee_gt(oldest, "age", 0));
    cuvee_limit(oldest, 1);
    cuvee_where(q, cuvee_in_query(q, "age", oldest, "age"));
    cuvee_limit(oldest, 2); /* too late */
    cuvee_where(oldest, cuvee_eq(oldest, "age", 0));
    assert_users(q, "a");
    assert_good(s);
    cuvee_session_close(s);
}

static void sub_selects_of_groups(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    cuvee_query *busy = cuvee_select(s, &membership_model), *q = cuvee_select(s, &user_model);
    cuvee_group_by(busy, "user_id");
    cuvee_having(busy, CUVEE_COUNT, NULL, CUVEE_GT, 1);
    cuvee_where(q, cuvee_in_query(q, "id", busy, "user_id"));
    assert_users(q, "a");
    assert_good(s);
    assert_null(cuvee_in_query(q, "id", busy, "team_id"));
    assert_failed(s, CUVEE_ERROR_MISUSE, "not grouped by");
    assert_string_equal(cuvee_session_error(s)->model, "Membership");
    cuvee_session_close(s);
}

/* ---- mistakes ---- */

static void assert_misuse(cuvee_session *s, const char *words)
{
    assert_failed(s, CUVEE_ERROR_MISUSE, words);
    assert_string_equal(cuvee_session_error(s)->model, "User");
    cuvee_rollback(s);
}

static void joins_that_cannot_be(void **state)
{
    cuvee_session *s = session_on(*state);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_join(q, &order_model, "user_id", "id");
    assert_misuse(s, "another database");
    cuvee_join(q, &country_model, "nothing", "country");
    assert_misuse(s, "no such field in Country");
    cuvee_join(q, &country_model, NULL, "country");
    assert_misuse(s, "no such field");
    cuvee_join(q, &country_model, "code", "nothing");
    assert_misuse(s, "no such field in User");
    cuvee_join(q, &country_model, "code", NULL);
    assert_misuse(s, "NULL");
    cuvee_join(q, &country_model, "code", "id");
    assert_misuse(s, "another kind");
    cuvee_join(q, &user_model, "id", "id");
    assert_misuse(s, "in the query already");
    cuvee_join(q, &country_model, "code", "country");
    assert_good(s);
    cuvee_left_join(q, &country_model, "code", "country");
    assert_misuse(s, "in the query already");
    cuvee_join(q, &stranger_model, "id", "id");
    assert_failed(s, CUVEE_ERROR_MISUSE, "Stranger");
    cuvee_rollback(s);
    cuvee_after(q, NULL);
    assert_misuse(s, "without joins");
    const Country *other = cuvee_add(s, &country_model, &(Country){"nl", "Netherlands"});
    cuvee_after(cuvee_select(s, &user_model), other);
    assert_misuse(s, "got a Country");
    cuvee_session_close(s);
}

static void sub_selects_that_cannot_be(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world), *other = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    assert_null(cuvee_in_query(q, "id", cuvee_select(s, &order_model), "user_id"));
    assert_misuse(s, "another database");
    assert_null(cuvee_in_query(q, "id", cuvee_select(other, &user_model), "id"));
    assert_misuse(s, "another session");
    assert_null(cuvee_in_query(q, "id", cuvee_select(s, &country_model), "code"));
    assert_misuse(s, "another kind");
    assert_null(cuvee_in_query(q, "id", cuvee_select(s, &country_model), "nothing"));
    assert_failed(s, CUVEE_ERROR_MISUSE, "no such field in Country");
    cuvee_rollback(s);
    cuvee_where(q, cuvee_in_query(q, "id", NULL, "code"));
    assert_misuse(s, "the sub-select is NULL");
    cuvee_session_close(s);
    cuvee_session_close(other);
}

/* ---- locks ---- */

static void rows_are_locked_and_renewed(void **state)
{
    struct world *world = *state;
    add_people(world);
    cuvee_session *s = session_on(world);
    const User *ada = cuvee_get(s, &user_model, 1);
    someone_else(world, &accounts_base, "UPDATE users SET age = 31 WHERE id = 1");
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_where(q, cuvee_eq(q, "id", 1));
    assert_ptr_equal(cuvee_first(q), ada);
    assert_int_equal(ada->age.value, 30); /* as it was loaded */
    cuvee_for_update(q);
    assert_ptr_equal(cuvee_first(q), ada);
    assert_int_equal(ada->age.value, 31);
    cuvee_session *other = session_on(world);
    assert_int_equal(cuvee_sql_execute(other, &accounts_base, "UPDATE users SET age = 32 WHERE id = 1", NULL, 0), -1);
    assert_failed(other, CUVEE_ERROR_BUSY, "");
    cuvee_session_close(other);
    commit_and_close(s);
    someone_else(world, &accounts_base, "UPDATE users SET age = 32 WHERE id = 1");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(only_rows_with_a_partner),
        WORLD_TEST(rows_without_a_partner_stay),
        WORLD_TEST(nulls_of_a_left_join_stand_where_told),
        WORLD_TEST(each_once_per_match),
        WORLD_TEST(over_three_models),
        WORLD_TEST(values_of_joined_models),
        WORLD_TEST(field_against_field_of_another_model),
        WORLD_TEST(among_the_rows_of_another_query),
        WORLD_TEST(the_sub_select_is_taken_as_it_is_then),
        WORLD_TEST(sub_selects_of_groups),
        WORLD_TEST(joins_that_cannot_be),
        WORLD_TEST(sub_selects_that_cannot_be),
        WORLD_TEST(rows_are_locked_and_renewed),
    };
    return WORLD_MAIN(argc, argv, "joins", tests);
}
