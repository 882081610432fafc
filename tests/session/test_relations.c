/* Relations: each sort of them, chains, in one database and across, and what they cost. */
#include <cuvee/sql.h>
#include <stdio.h>

#include "session/support.h"

/* ada and ben of BE, cleo of nowhere; ada ordered lamp and desk, ben chair; the lamp has two items, the chair one. */
static void add_world(const struct world *world)
{
    cuvee_session *s = session_on(world);
    cuvee_add(s, &country_model, &(Country){"BE", "Belgium"});
    const User users[] = {
        {.name = "ada", .email = "ada@example.com", .country = {true, "BE"}},
        {.name = "ben", .email = "ben@example.com", .country = {true, "BE"}},
        {.name = "cleo", .email = "cleo@example.com"},
    };
    assert_true(cuvee_add_all(s, &user_model, users, 3) && cuvee_flush(s));
    const Order orders[] = {{.user_id = 1, .item = "lamp", .quantity = 1},
                            {.user_id = 2, .item = "chair", .quantity = 1},
                            {.user_id = 1, .item = "desk", .quantity = 1}};
    assert_true(cuvee_add_all(s, &order_model, orders, 3) && cuvee_flush(s));
    const Item items[] = {
        {.order_id = 1, .name = "bulb"}, {.order_id = 2, .name = "leg"}, {.order_id = 1, .name = "foot"}};
    assert_true(cuvee_add_all(s, &item_model, items, 3));
    cuvee_add(s, &profile_model, &(Profile){.user_id = 2, .biography = "born in Ghent"});
    commit_and_close(s);
}

static void add_teams(const struct world *world)
{
    cuvee_session *s = session_on(world);
    const Team teams[] = {{.name = "red"}, {.name = "blue"}, {.name = "empty"}};
    assert_true(cuvee_add_all(s, &team_model, teams, 3) && cuvee_flush(s));
    const Membership pairs[] = {{1, 2, {false, NULL}}, {1, 1, {false, NULL}}, {2, 1, {false, NULL}}};
    assert_true(cuvee_add_all(s, &membership_model, pairs, 3));
    commit_and_close(s);
}

static const User *user_of(cuvee_list users, size_t i)
{
    return users.items[i];
}

/* ---- each sort ---- */

static void one_to_many_across_databases(void **state)
{
    struct world *world = *state;
    add_world(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "orders");
    cuvee_list users = cuvee_all(q);
    assert_good(s);
    assert_int_equal(cuvee_session_statements(s), 2);
    cuvee_list orders = cuvee_related(s, users.items[0], "orders");
    assert_int_equal(orders.count, 2);
    assert_string_equal(((const Order *)orders.items[0])->item, "lamp"); /* by its key */
    assert_string_equal(((const Order *)orders.items[1])->item, "desk");
    assert_int_equal(cuvee_related(s, users.items[1], "orders").count, 1);
    assert_int_equal(cuvee_related(s, users.items[2], "orders").count, 0);
    assert_good(s); /* none is no error */
    assert_int_equal(cuvee_session_statements(s), 2);
    assert_ptr_equal(cuvee_get(s, &order_model, 1), orders.items[0]);
    cuvee_session_close(s);
}

static void many_to_one_across_databases(void **state)
{
    struct world *world = *state;
    add_world(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &order_model);
    cuvee_with(q, "user");
    cuvee_list orders = cuvee_all(q);
    assert_int_equal(cuvee_session_statements(s), 2);
    const User *ada = cuvee_related_one(s, orders.items[0], "user");
    assert_string_equal(ada->name, "ada");
    assert_ptr_equal(cuvee_related_one(s, orders.items[2], "user"), ada);
    assert_ptr_equal(cuvee_get(s, &user_model, 1), ada);
    assert_int_equal(cuvee_session_statements(s), 2);
    assert_good(s);
    cuvee_session_close(s);
}

static void one_to_one_from_both_sides(void **state)
{
    struct world *world = *state;
    add_world(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "profile.user");
    cuvee_list users = cuvee_all(q);
    assert_good(s);
    assert_int_equal(cuvee_session_statements(s), 3);
    assert_null(cuvee_related_one(s, users.items[0], "profile"));
    const Profile *profile = cuvee_related_one(s, users.items[1], "profile");
    assert_string_equal(profile->biography, "born in Ghent");
    assert_ptr_equal(cuvee_related_one(s, profile, "user"), users.items[1]);
    assert_good(s);
    cuvee_session_close(s);
}

static void references_that_are_null(void **state)
{
    struct world *world = *state;
    add_world(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "home");
    cuvee_list users = cuvee_all(q);
    const Country *belgium = cuvee_related_one(s, users.items[0], "home");
    assert_string_equal(belgium->name, "Belgium");
    assert_ptr_equal(cuvee_related_one(s, users.items[1], "home"), belgium);
    assert_null(cuvee_related_one(s, users.items[2], "home"));
    assert_good(s);
    cuvee_session_close(s);
}

static void many_to_many(void **state)
{
    struct world *world = *state;
    add_world(world);
    add_teams(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "teams");
    cuvee_list users = cuvee_all(q);
    assert_int_equal(cuvee_session_statements(s), 3); /* pairs, and what they lead to */
    cuvee_list teams = cuvee_related(s, users.items[0], "teams");
    assert_int_equal(teams.count, 2);
    assert_string_equal(((const Team *)teams.items[0])->name, "red");
    assert_string_equal(((const Team *)teams.items[1])->name, "blue");
    assert_int_equal(cuvee_related(s, users.items[1], "teams").count, 1);
    assert_int_equal(cuvee_related(s, users.items[2], "teams").count, 0);
    assert_true(cuvee_load(s, &team_model, teams, "members"));
    cuvee_list members = cuvee_related(s, teams.items[0], "members");
    assert_int_equal(members.count, 2);
    assert_ptr_equal(members.items[0], users.items[0]);
    assert_ptr_equal(members.items[1], users.items[1]);
    assert_good(s);
    cuvee_session_close(s);
}

/* Whatever the order in which they were written, or lie in the table. */
static void many_come_in_the_order_of_their_key(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    const Country *iceland = cuvee_add(s, &country_model, &(Country){"IS", "Iceland"});
    cuvee_add(s, &country_model, &(Country){"BE", "Belgium"});
    const Parcel parcels[] = {{"b", {true, "IS"}}, {"d", {true, "BE"}}, {"c", {true, "IS"}}, {"a", {true, "IS"}}};
    assert_true(cuvee_add_all(s, &parcel_model, parcels, 4));
    assert_true(cuvee_load(s, &country_model, (cuvee_list){(const void *const[]){iceland}, 1}, "parcels"));
    cuvee_list list = cuvee_related(s, iceland, "parcels");
    assert_int_equal(list.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(((const Parcel *)list.items[i])->tracking[0], 'a' + (int)i);
    assert_good(s);
    cuvee_session_close(s);
}

static void trees(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    const Category roots[] = {{.name = "a"}, {.name = "b"}};
    assert_true(cuvee_add_all(s, &category_model, roots, 2) && cuvee_flush(s));
    const Category nodes[] = {{.name = "aa", .parent_id = {true, 1}}, {.name = "ab", .parent_id = {true, 1}}};
    assert_true(cuvee_add_all(s, &category_model, nodes, 2) && cuvee_flush(s));
    cuvee_add(s, &category_model, &(Category){.name = "aaa", .parent_id = {true, 3}});
    cuvee_query *q = cuvee_select(s, &category_model);
    cuvee_where(q, cuvee_is_null(q, "parent_id"));
    cuvee_with(q, "children.children");
    cuvee_list tops = cuvee_all(q);
    assert_int_equal(tops.count, 2);
    cuvee_list children = cuvee_related(s, tops.items[0], "children");
    assert_int_equal(children.count, 2);
    cuvee_list grandchildren = cuvee_related(s, children.items[0], "children");
    assert_int_equal(grandchildren.count, 1);
    assert_string_equal(((const Category *)grandchildren.items[0])->name, "aaa");
    assert_int_equal(cuvee_related(s, children.items[1], "children").count, 0);
    assert_int_equal(cuvee_related(s, tops.items[1], "children").count, 0);
    assert_true(cuvee_load(s, &category_model, grandchildren, "parent.parent"));
    const Category *parent = cuvee_related_one(s, grandchildren.items[0], "parent");
    assert_ptr_equal(parent, children.items[0]);
    assert_ptr_equal(cuvee_related_one(s, parent, "parent"), tops.items[0]);
    assert_good(s);
    cuvee_session_close(s);
}

static void chains_and_several_at_once(void **state)
{
    struct world *world = *state;
    add_world(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "orders.items");
    cuvee_with(q, "home");
    cuvee_where(q, cuvee_ne(q, "name", "ben"));
    cuvee_list users = cuvee_all(q);
    assert_good(s);
    assert_int_equal(users.count, 2);
    assert_int_equal(cuvee_session_statements(s), 4);
    cuvee_list orders = cuvee_related(s, users.items[0], "orders");
    cuvee_list items = cuvee_related(s, orders.items[0], "items");
    assert_int_equal(items.count, 2);
    assert_string_equal(((const Item *)items.items[1])->name, "foot");
    assert_int_equal(cuvee_related(s, orders.items[1], "items").count, 0);
    assert_string_equal(((const Country *)cuvee_related_one(s, users.items[0], "home"))->code, "BE");
    assert_int_equal(cuvee_session_statements(s), 4);
    assert_good(s);
    cuvee_session_close(s);
}

/* What two chains have in common is loaded once, also where nobody knows that two rows are the same. */
static void load_forks(const struct world *world, bool read_only)
{
    cuvee_session *s = cuvee_session_open(world->blend, .read_only = read_only);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "orders");
    cuvee_with(q, "orders.items");
    cuvee_with(q, "orders.user.home");
    cuvee_with(q, "orders.user");
    cuvee_with(q, "homeland");
    cuvee_with(q, "home"); /* another one, whose name only begins alike */
    cuvee_list users = cuvee_all(q);
    assert_good(s);
    assert_int_equal(cuvee_session_statements(s), 7); /* users, orders, items, users, and three times countries */
    assert_non_null(cuvee_related_one(s, users.items[0], "home"));
    const Order *lamp = cuvee_related(s, users.items[0], "orders").items[0];
    assert_int_equal(cuvee_related(s, lamp, "items").count, 2);
    const User *ada = cuvee_related_one(s, lamp, "user");
    assert_string_equal(ada->name, "ada");
    assert_string_equal(((const Country *)cuvee_related_one(s, ada, "home"))->code, "BE");
    assert_good(s);
    cuvee_session_close(s);
}

static void chains_with_a_common_beginning(void **state)
{
    add_world(*state);
    load_forks(*state, false);
    load_forks(*state, true);
}

/* ---- what it costs ---- */

static void one_statement_per_level_and_512_keys(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    enum { MANY = 1025 };
    char name[20];
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "user%d", i);
        add_user(s, name);
    }
    assert_true(cuvee_flush(s));
    for (int i = 1; i <= MANY; i++)
        add_order(s, i, "lamp");
    commit_and_close(s);
    s = session_on(world);
    cuvee_list users = cuvee_all(cuvee_select(s, &user_model));
    assert_int_equal(users.count, MANY);
    assert_true(cuvee_load(s, &user_model, (cuvee_list){users.items, 512}, "orders"));
    assert_int_equal(cuvee_session_statements(s), 1 + 1);
    assert_true(cuvee_load(s, &user_model, (cuvee_list){users.items, 513}, "orders"));
    assert_int_equal(cuvee_session_statements(s), 2 + 2);
    assert_true(cuvee_load(s, &user_model, users, "orders.user"));
    assert_int_equal(cuvee_session_statements(s), 4 + 3 + 3);
    for (size_t i = 0; i < users.count; i++) {
        cuvee_list orders = cuvee_related(s, users.items[i], "orders");
        assert_int_equal(orders.count, 1);
        assert_int_equal(((const Order *)orders.items[0])->user_id, user_of(users, i)->id);
        assert_ptr_equal(cuvee_related_one(s, orders.items[0], "user"), users.items[i]);
    }
    assert_good(s);
    cuvee_session_close(s);
}

static void nothing_to_load_costs_nothing(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "orders.items");
    assert_int_equal(cuvee_all(q).count, 0);
    assert_int_equal(cuvee_session_statements(s), 1);
    assert_true(cuvee_load(s, &user_model, (cuvee_list){NULL, 0}, "orders.items"));
    assert_int_equal(cuvee_session_statements(s), 1);
    assert_good(s);
    cuvee_session_close(s);
}

static void keys_are_asked_for_once(void **state)
{
    struct world *world = *state;
    add_world(world);
    calls_clear(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &order_model);
    cuvee_with(q, "user");
    cuvee_all(q);
    assert_good(s);
    char *calls = calls_of(&world->accounts_calls);
    assert_non_null(strstr(calls, "\"id\" IN (?, ?) ORDER BY \"id\"")); /* of three orders, two users */
    free(calls);
    cuvee_session_close(s);
}

/* ---- what was not loaded ---- */

static void assert_misuse(cuvee_session *s, const char *words)
{
    assert_failed(s, CUVEE_ERROR_MISUSE, words);
    cuvee_rollback(s);
}

static void nothing_is_loaded_behind_ones_back(void **state)
{
    struct world *world = *state;
    add_world(world);
    cuvee_session *s = session_on(world);
    cuvee_list users = cuvee_all(cuvee_select(s, &user_model));
    assert_int_equal(cuvee_related(s, users.items[0], "orders").count, 0);
    assert_misuse(s, "User.orders was not loaded");
    assert_null(cuvee_related_one(s, users.items[0], "profile"));
    assert_misuse(s, "User.profile was not loaded");
    assert_int_equal(cuvee_session_statements(s), 1);
    assert_true(cuvee_load(s, &user_model, (cuvee_list){users.items, 1}, "orders"));
    assert_int_equal(cuvee_related(s, users.items[0], "orders").count, 2);
    assert_int_equal(cuvee_related(s, users.items[1], "orders").count, 0);
    assert_misuse(s, "not loaded");
    cuvee_session_close(s);
}

static void new_objects_have_nothing_loaded(void **state)
{
    struct world *world = *state;
    add_world(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "orders");
    cuvee_all(q);
    for (int i = 0; i < 300; i++) { /* more than the rows that lie together */
        char name[20];
        snprintf(name, sizeof name, "new%d", i);
        const User *user = add_user(s, name);
        cuvee_related(s, user, "orders");
        assert_failed(s, CUVEE_ERROR_MISUSE, "not loaded");
        cuvee_rollback(s);
    }
    const User *user = add_user(s, "last");
    assert_true(cuvee_flush(s));
    add_order(s, user->id, "lamp");
    assert_true(cuvee_load_one(s, user, "orders.items"));
    assert_int_equal(cuvee_related(s, user, "orders").count, 1);
    assert_int_equal(cuvee_related(s, cuvee_related(s, user, "orders").items[0], "items").count, 0);
    assert_good(s);
    cuvee_session_close(s);
}

static void loading_again_brings_what_is_new(void **state)
{
    struct world *world = *state;
    add_world(world);
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "orders");
    cuvee_list users = cuvee_all(q), before = cuvee_related(s, users.items[2], "orders");
    assert_int_equal(before.count, 0);
    const Order *order = add_order(s, 3, "bed");
    assert_int_equal(cuvee_related(s, users.items[2], "orders").count, 0);
    assert_true(cuvee_load(s, &user_model, users, "orders"));
    cuvee_list after = cuvee_related(s, users.items[2], "orders");
    assert_int_equal(after.count, 1);
    assert_ptr_equal(after.items[0], order);
    assert_good(s);
    cuvee_session_close(s);
}

static void rows_that_are_gone(void **state)
{
    struct world *world = *state;
    add_world(world);
    someone_else(world, &accounts_base, "DELETE FROM users WHERE id = 1"); /* which no engine can refuse */
    cuvee_session *s = session_on(world);
    cuvee_query *q = cuvee_select(s, &order_model);
    cuvee_with(q, "user.profile");
    cuvee_list orders = cuvee_all(q);
    assert_good(s);
    assert_null(cuvee_related_one(s, orders.items[0], "user"));
    assert_non_null(cuvee_related_one(s, orders.items[1], "user"));
    assert_good(s);
    cuvee_session_close(s);
}

static void read_only_sessions_load_too(void **state)
{
    struct world *world = *state;
    add_world(world);
    add_teams(world);
    cuvee_session *s = cuvee_session_open(world->blend, .read_only = true);
    cuvee_query *q = cuvee_select(s, &user_model);
    cuvee_with(q, "orders.items");
    cuvee_with(q, "teams.members");
    cuvee_list users = cuvee_all(q);
    assert_good(s);
    cuvee_list orders = cuvee_related(s, users.items[0], "orders");
    assert_int_equal(orders.count, 2);
    assert_int_equal(cuvee_related(s, orders.items[0], "items").count, 2);
    cuvee_list teams = cuvee_related(s, users.items[1], "teams");
    assert_int_equal(teams.count, 1);
    assert_int_equal(cuvee_related(s, teams.items[0], "members").count, 2);
    assert_good(s);
    cuvee_session_close(s);
}

/* ---- mistakes ---- */

static void relations_that_are_not_there(void **state)
{
    struct world *world = *state;
    add_world(world);
    cuvee_session *s = session_on(world), *other = session_on(world);
    cuvee_query *q = cuvee_select(s, &user_model);
    static const char *const names[] = {"",        "order",         "ordersx",        "orders.",
                                        ".orders", "orders..items", "orders.nothing", "orders.items.user"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        cuvee_with(q, names[i]);
        assert_misuse(s, "has no relation");
    }
    cuvee_with(q, NULL);
    assert_misuse(s, "NULL");
    cuvee_list users = cuvee_all(q), others = cuvee_all(cuvee_select(other, &user_model));
    assert_good(s);
    assert_false(cuvee_load(s, &user_model, users, "nothing"));
    assert_misuse(s, "User has no relation nothing");
    assert_false(cuvee_load(s, &user_model, users, "orders.nothing"));
    assert_misuse(s, "Order has no relation nothing");
    assert_false(cuvee_load(s, &user_model, (cuvee_list){NULL, 0}, "orders.nothing"));
    assert_misuse(s, "Order has no relation nothing");
    assert_false(cuvee_load(s, &user_model, users, NULL));
    assert_misuse(s, "NULL");
    assert_false(cuvee_load(s, &order_model, users, "user"));
    assert_misuse(s, "no Order of this session");
    assert_false(cuvee_load(s, &user_model, others, "orders"));
    assert_misuse(s, "no User of this session");
    const void *const nobody[] = {NULL};
    assert_false(cuvee_load(s, &user_model, (cuvee_list){nobody, 1}, "orders"));
    assert_misuse(s, "item 0");
    assert_false(cuvee_load_one(s, NULL, "orders"));
    assert_failed(s, CUVEE_ERROR_MISSING, "cuvee_load_one got NULL");
    cuvee_rollback(s);
    assert_false(cuvee_load_one(s, others.items[0], "orders"));
    assert_misuse(s, "no object of this session");
    assert_false(cuvee_load_one(s, users.items[0], "nothing"));
    assert_misuse(s, "User has no relation nothing");
    assert_false(cuvee_load_one(s, users.items[0], NULL));
    assert_misuse(s, "NULL");
    assert_false(cuvee_load_one(NULL, users.items[0], "orders"));
    assert_false(cuvee_load(s, &stranger_model, users, "orders"));
    assert_misuse(s, "Stranger");
    cuvee_related(s, users.items[0], "nothing");
    assert_misuse(s, "User has no relation nothing");
    cuvee_related(s, users.items[0], NULL);
    assert_misuse(s, "User has no relation NULL");
    cuvee_related(s, others.items[0], "orders");
    assert_misuse(s, "no object of this session");
    cuvee_related(s, NULL, "orders");
    assert_misuse(s, "no object of this session");
    assert_int_equal(cuvee_related(NULL, users.items[0], "orders").count, 0);
    assert_null(cuvee_related_one(NULL, users.items[0], "orders"));
    assert_false(cuvee_load(NULL, &user_model, users, "orders"));
    cuvee_session_close(other);
    cuvee_session_close(s);
}

/* ---- relations that are declared wrongly, and over three databases ---- */

typedef struct Writer {
    int64_t id;
    const char *name;
} Writer;
typedef struct Book {
    const char *title;
    int32_t year;
} Book;
typedef struct Wrote {
    int64_t id;
    cuvee_opt_int64 writer;
    cuvee_opt_text book;
} Wrote;

static const cuvee_model book_model, wrote_model;
static const cuvee_field writer_fields[] = {CUVEE_FIELD(Writer, id, .key = true), CUVEE_FIELD(Writer, name)};
static const cuvee_field book_fields[] = {CUVEE_FIELD(Book, title, .key = true), CUVEE_FIELD(Book, year)};
static const cuvee_field wrote_fields[] = {CUVEE_FIELD(Wrote, id, .key = true), CUVEE_FIELD(Wrote, writer),
                                           CUVEE_FIELD(Wrote, book)};
static const cuvee_relation writer_relations[] = {
    CUVEE_HAS_MANY_THROUGH("books", &book_model, &wrote_model, "writer", "book"),
    CUVEE_HAS_MANY("no_field", &book_model, "nothing"),
    CUVEE_HAS_MANY("other_kind", &book_model, "title"),
    CUVEE_BELONGS_TO("no_own_field", &book_model, "nothing"),
    CUVEE_HAS_MANY("unbound", &stranger_model, "id"),
    CUVEE_HAS_MANY("several_keys", &membership_model, NULL),
    CUVEE_HAS_MANY_THROUGH("no_pairs", &book_model, &stranger_model, "writer", "book"),
    CUVEE_HAS_MANY_THROUGH("wrong_pairs", &book_model, &wrote_model, "book", "writer"),
    CUVEE_HAS_MANY_THROUGH("no_pair_field", &book_model, &wrote_model, "writer", "nothing"),
};
static const cuvee_model writer_model =
    CUVEE_MODEL(Writer, "writers", writer_fields, CUVEE_RELATIONS(writer_relations));
static const cuvee_model book_model = CUVEE_MODEL(Book, "books", book_fields);
static const cuvee_model wrote_model = CUVEE_MODEL(Wrote, "wrote", wrote_fields);
static const cuvee_base writers = CUVEE_BASE("writers", &writer_model);
static const cuvee_base books =
    CUVEE_BASE("books", &book_model, &country_model, &user_model, &team_model, &membership_model);
static const cuvee_base pairs = CUVEE_BASE("pairs", &wrote_model);

static cuvee_blend *library(void)
{
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &writers, "sqlite::memory:");
    cuvee_blend_bind(blend, &books, "sqlite::memory:");
    cuvee_blend_bind(blend, &pairs, "sqlite::memory:");
    if (!cuvee_create_tables(blend))
        fail_msg("%s", cuvee_blend_error(blend)->message);
    return blend;
}

static void many_to_many_over_three_databases(void **state)
{
    (void)state;
    cuvee_blend *blend = library();
    cuvee_session *s = cuvee_session_open(blend);
    const Writer people[] = {{.name = "ada"}, {.name = "ben"}};
    const Book titles[] = {{"C", 1978}, {"Awk", 1988}};
    assert_true(cuvee_add_all(s, &writer_model, people, 2) && cuvee_add_all(s, &book_model, titles, 2));
    const Wrote rows[] = {{0, {true, 1}, {true, "C"}},    {0, {true, 2}, {true, "C"}},   {0, {true, 1}, {true, "lost"}},
                          {0, {false, 0}, {true, "Awk"}}, {0, {true, 1}, {false, NULL}}, {0, {true, 1}, {true, "Awk"}},
                          {0, {true, 99}, {true, "Awk"}}};
    assert_true(cuvee_add_all(s, &wrote_model, rows, 7));
    cuvee_query *q = cuvee_select(s, &writer_model);
    cuvee_with(q, "books");
    cuvee_list found = cuvee_all(q);
    assert_good(s);
    cuvee_list of_ada = cuvee_related(s, found.items[0], "books"), of_ben = cuvee_related(s, found.items[1], "books");
    assert_int_equal(of_ada.count, 2); /* what is not there, or NULL, is left out; the pairs' order */
    assert_string_equal(((const Book *)of_ada.items[0])->title, "C");
    assert_string_equal(((const Book *)of_ada.items[1])->title, "Awk");
    assert_int_equal(of_ben.count, 1);
    assert_ptr_equal(of_ben.items[0], of_ada.items[0]);
    assert_good(s);
    cuvee_session_close(s);
    cuvee_blend_free(blend);
}

static void relations_that_are_declared_wrongly(void **state)
{
    (void)state;
    static const struct {
        const char *relation, *words;
        cuvee_error_kind kind;
    } cases[] = {
        {"no_field", "Book has no nothing", CUVEE_ERROR_CONFIG},
        {"other_kind", "different kinds", CUVEE_ERROR_CONFIG},
        {"no_own_field", "Writer has no nothing", CUVEE_ERROR_CONFIG},
        {"unbound", "Stranger", CUVEE_ERROR_MISUSE},
        {"several_keys", "Membership has no single key", CUVEE_ERROR_CONFIG},
        {"no_pairs", "Stranger", CUVEE_ERROR_MISUSE},
        {"wrong_pairs", "different kinds", CUVEE_ERROR_CONFIG},
        {"no_pair_field", "Wrote has no nothing", CUVEE_ERROR_CONFIG},
    };
    cuvee_blend *blend = library();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cuvee_session *s = cuvee_session_open(blend);
        cuvee_add(s, &writer_model, &(Writer){.name = "ada"});
        cuvee_query *q = cuvee_select(s, &writer_model);
        cuvee_with(q, cases[i].relation);
        assert_int_equal(cuvee_all(q).count, 0);
        assert_failed(s, cases[i].kind, cases[i].words);
        cuvee_session_close(s);
    }
    cuvee_blend_free(blend);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(one_to_many_across_databases),
        WORLD_TEST(many_to_one_across_databases),
        WORLD_TEST(one_to_one_from_both_sides),
        WORLD_TEST(references_that_are_null),
        WORLD_TEST(many_to_many),
        WORLD_TEST(many_come_in_the_order_of_their_key),
        WORLD_TEST(trees),
        WORLD_TEST(chains_and_several_at_once),
        WORLD_TEST(chains_with_a_common_beginning),
        WORLD_TEST(one_statement_per_level_and_512_keys),
        WORLD_TEST(nothing_to_load_costs_nothing),
        SCRIPTED_TEST(keys_are_asked_for_once),
        WORLD_TEST(nothing_is_loaded_behind_ones_back),
        WORLD_TEST(new_objects_have_nothing_loaded),
        WORLD_TEST(loading_again_brings_what_is_new),
        WORLD_TEST(rows_that_are_gone),
        WORLD_TEST(read_only_sessions_load_too),
        WORLD_TEST(relations_that_are_not_there),
        cmocka_unit_test(many_to_many_over_three_databases),
        cmocka_unit_test(relations_that_are_declared_wrongly),
    };
    return WORLD_MAIN(argc, argv, "relations", tests);
}
