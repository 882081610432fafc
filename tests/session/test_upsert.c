/* Upsert: both outcomes, by every sort of conflict. */
#include "session/sample.h"
#include "session/support.h"

static void inserts_when_nothing_is_in_the_way(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    const User row = {.id = 99, .name = "Jane", .email = "jane@example.com", .age = {true, 30}};
    const User *user = cuvee_upsert(s, &user_model, &row, "email", "name");
    assert_good(s);
    assert_int_equal(user->id, 1); /* the database's */
    assert_string_equal(user->name, "Jane");
    assert_int_equal(user->age.value, 30);
    assert_ptr_equal(cuvee_get(s, &user_model, 1), user);
    commit_and_close(s);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void updates_what_is_in_the_way(void **state)
{
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    const User row = {.name = "Jane Doe", .email = "jane@example.com", .age = {true, 31}};
    const User *user = cuvee_upsert(s, &user_model, &row, "email", "name");
    assert_good(s);
    assert_int_equal(user->id, id);
    assert_string_equal(user->name, "Jane Doe");
    assert_false(user->age.set); /* not among what is updated */
    commit_and_close(s);
    assert_int_equal(rows_of(world, &user_model), 1);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE name = 'Jane Doe' AND age IS NULL"),
                     1);
}

static void the_object_that_is_known_is_brought_up_to_date(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    const User *known = cuvee_first(cuvee_select(s, &user_model));
    User *edit = cuvee_edit(s, known);
    edit->age = (cuvee_opt_int32){true, 50};
    const User row = {.name = "New", .email = "jane@example.com", .age = {true, 1}};
    assert_ptr_equal(cuvee_upsert(s, &user_model, &row, "email", "name"), known);
    assert_string_equal(known->name, "New");
    assert_int_equal(known->age.value, 50); /* the edit was flushed before */
    commit_and_close(s);
}

static void keys_that_the_caller_gives(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    cuvee_upsert(s, &country_model, &(Country){"BE", "Belgium"}, "code", "name");
    const Country *country = cuvee_upsert(s, &country_model, &(Country){"BE", "Belgique"}, "code", "name");
    assert_good(s);
    assert_string_equal(country->name, "Belgique");
    cuvee_upsert(s, &stock_model, &(Stock){1, "x", 5}, "warehouse, sku", "count");
    cuvee_upsert(s, &stock_model, &(Stock){1, "y", 6}, "sku,warehouse", "count");
    const Stock *stock = cuvee_upsert(s, &stock_model, &(Stock){1, "x", 7}, " warehouse ,sku", "count");
    assert_good(s);
    assert_int_equal(stock->count, 7);
    commit_and_close(s);
    assert_int_equal(ask(world, &sales_base, "SELECT sum(count) FROM stock"), 13);
}

static void unique_together_and_the_version(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    const Seat *seat = NULL;
    for (int32_t i = 1; i <= 3; i++) {
        Seat row = {.row = {true, "A"}, .number = 1, .guest = {i > 1, "Ann"}, .version = 1};
        seat = cuvee_upsert(s, &seat_model, &row, "row, number", "guest");
        assert_good(s);
        assert_int_equal(seat->version, i); /* every update raises it */
        assert_int_equal(seat->id, 1);
    }
    assert_string_equal(seat->guest.value, "Ann");
    commit_and_close(s);
    assert_int_equal(rows_of(world, &seat_model), 1);
}

static void defaults_are_filled_in(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    const Note row = {.id.bytes[0] = 7};
    const Note *note = cuvee_upsert(s, &note_model, &row, "id", "title");
    assert_good(s);
    assert_string_equal(note->title, "untitled");
    assert_int_equal(note->at.us, world->now_us);
    commit_and_close(s);
}

static void pending_changes_are_flushed_before(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    const User *jane = add_user(s, "jane");
    const User row = {.name = "Other", .email = "jane@example.com"};
    assert_ptr_equal(cuvee_upsert(s, &user_model, &row, "email", "name"), jane);
    assert_string_equal(jane->name, "Other");
    commit_and_close(s);
    assert_int_equal(rows_of(world, &user_model), 1);
}

/* ---- mistakes ---- */

static void assert_no_upsert(const struct world *world, const cuvee_model *model, const void *row, const char *conflict,
                             const char *update, const char *words)
{
    cuvee_session *s = session_on(world);
    assert_null(cuvee_upsert(s, model, row, conflict, update));
    assert_failed(s, CUVEE_ERROR_MISUSE, words);
    cuvee_session_close(s);
    assert_int_equal(rows_of(world, model), 0);
}

static void fields_that_make_no_sense(void **state)
{
    struct world *world = *state;
    const User user = {.name = "Jane", .email = "jane@example.com"};
    const Seat seat = {.row = {true, "A"}, .number = 1};
    assert_no_upsert(world, &user_model, &user, "nothing", "name", "no field nothing");
    assert_no_upsert(world, &user_model, &user, "email", "nothing", "no field nothing");
    assert_no_upsert(world, &user_model, &user, "", "name", "names no field");
    assert_no_upsert(world, &user_model, &user, "email", "", "names no field");
    assert_no_upsert(world, &user_model, NULL, "email", "name", "NULL");
    assert_no_upsert(world, &user_model, &user, NULL, "name", "NULL");
    assert_no_upsert(world, &user_model, &user, "email", NULL, "NULL");
    assert_no_upsert(world, &user_model, &user, "id", "name", "unique together"); /* never given by the row */
    assert_no_upsert(world, &user_model, &user, "name", "email", "unique together");
    assert_no_upsert(world, &user_model, &user, "email, name", "age", "unique together");
    assert_no_upsert(world, &seat_model, &seat, "row", "guest", "unique together");
    assert_no_upsert(world, &user_model, &user, "email", "id", "User.id is the key");
    assert_no_upsert(world, &seat_model, &seat, "row, number", "version", "Seat.version is the version");
}

static void rows_that_cannot_be_written(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    assert_null(cuvee_upsert(s, &user_model, &(User){.name = "", .email = "jane@example.com"}, "email", "name"));
    assert_failed(s, CUVEE_ERROR_CHECK, "User.name");
    cuvee_rollback(s);
    assert_null(cuvee_upsert(s, &seat_model, &(Seat){.number = 1}, "row, number", "guest"));
    assert_failed(s, CUVEE_ERROR_VALUE, "cannot be NULL");
    assert_string_equal(cuvee_session_error(s)->model, "Seat");
    assert_string_equal(cuvee_session_error(s)->fields, "row");
    cuvee_rollback(s);
    const Order dangling = {.id = 1, .user_id = 4711, .item = "x", .quantity = 1};
    assert_null(cuvee_upsert(s, &order_model, &dangling, "id", "item"));
    assert_failed(s, CUVEE_ERROR_MISUSE, "unique together");
    cuvee_rollback(s);
    assert_null(cuvee_upsert(s, &stranger_model, &(Stranger){1}, "id", "id"));
    assert_failed(s, CUVEE_ERROR_MISUSE, "Stranger");
    cuvee_session_close(s);
    s = cuvee_session_open(world->blend, .read_only = true);
    assert_null(cuvee_upsert(s, &country_model, &(Country){"BE", "Belgium"}, "code", "name"));
    assert_failed(s, CUVEE_ERROR_READ_ONLY, "read-only");
    cuvee_session_close(s);
    assert_null(cuvee_upsert(NULL, &country_model, &(Country){"BE", "Belgium"}, "code", "name"));
}

/* Some engines would update that other row. */
static void a_row_in_the_way_by_another_index(void **state)
{
    struct world *world = *state;
    change_tables(world, &sales_base, "CREATE UNIQUE INDEX one_count ON stock (count)");
    cuvee_session *s = session_on(world);
    cuvee_add(s, &stock_model, &(Stock){1, "x", 5});
    commit_and_close(s);
    s = session_on(world);
    assert_null(cuvee_upsert(s, &stock_model, &(Stock){1, "y", 5}, "warehouse, sku", "count"));
    assert_failed(s, CUVEE_ERROR_UNIQUE, "");
    assert_string_equal(cuvee_session_error(s)->sqlstate, "23505");
    assert_string_equal(cuvee_session_error(s)->model, "Stock");
    cuvee_session_close(s);
    assert_int_equal(ask(world, &sales_base, "SELECT count(*) FROM stock WHERE sku = 'x' AND count = 5"), 1);
    assert_int_equal(rows_of(world, &stock_model), 1);
}

/* Each with a statement of its own. */
static void what_is_updated_may_change_from_call_to_call(void **state)
{
    struct world *world = *state;
    cuvee_session *s = session_on(world);
    User user = {.name = "jane", .email = "jane@example.com", .age = {true, 30}};
    const User *jane = cuvee_upsert(s, &user_model, &user, "email", "name");
    user.name = "janet", user.age.value = 31;
    assert_ptr_equal(cuvee_upsert(s, &user_model, &user, "email", "age"), jane);
    assert_true(strcmp(jane->name, "jane") == 0 && jane->age.value == 31);
    user.age.value = 32;
    assert_ptr_equal(cuvee_upsert(s, &user_model, &user, "email", "name"), jane);
    assert_true(strcmp(jane->name, "janet") == 0 && jane->age.value == 31);
    assert_good(s);
    cuvee_session_close(s);
}

static void what_the_engine_refuses(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *s = session_on(world);
    Profile profile = {.user_id = 1, .biography = "a"};
    assert_non_null(cuvee_upsert(s, &profile_model, &profile, "user_id", "biography"));
    profile.user_id = 2; /* no such user */
    assert_null(cuvee_upsert(s, &profile_model, &profile, "user_id", "biography"));
    assert_failed(s, CUVEE_ERROR_FOREIGN_KEY, "");
    assert_string_equal(cuvee_session_error(s)->model, "Profile");
    assert_string_equal(cuvee_session_error(s)->fields, "user_id");
    cuvee_session_close(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(inserts_when_nothing_is_in_the_way),
        WORLD_TEST(updates_what_is_in_the_way),
        WORLD_TEST(the_object_that_is_known_is_brought_up_to_date),
        WORLD_TEST(keys_that_the_caller_gives),
        WORLD_TEST(unique_together_and_the_version),
        WORLD_TEST(defaults_are_filled_in),
        WORLD_TEST(pending_changes_are_flushed_before),
        WORLD_TEST(fields_that_make_no_sense),
        WORLD_TEST(rows_that_cannot_be_written),
        WORLD_TEST(a_row_in_the_way_by_another_index),
        WORLD_TEST(what_is_updated_may_change_from_call_to_call),
        WORLD_TEST(what_the_engine_refuses),
    };
    return WORLD_MAIN(argc, argv, "upsert", tests);
}
