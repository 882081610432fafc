/* Adding rows: what becomes of them, what is filled in, and what is refused. */
#include "session/support.h"

#include <cuvee/sql.h>
#include <math.h>
#include <stdio.h>

/* ---- the live object ---- */

static void an_added_row_is_a_live_object(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    char name[] = "Jane";
    const User *user = cuvee_add(session, &user_model, &(User){.id = 77, .name = name, .email = "jane@example.com"});
    assert_non_null(user);
    name[0] = 'X'; /* the session has its own copy */
    assert_string_equal(user->name, "Jane");
    assert_int_equal(user->id, 0); /* a key that the database assigns is not the caller's to give */
    assert_int_equal(cuvee_session_statements(session), 0);
    assert_true(cuvee_flush(session));
    assert_int_equal(user->id, 1);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void blobs_are_copied_too(void **state)
{
    cuvee_session *session = session_on(*state);
    char data[3] = {1, 0, 2};
    const Note *note = cuvee_add(session, &note_model,
                                 &(Note){.attachment = {.set = true, .value = {.data = data, .size = sizeof data}}});
    assert_non_null(note);
    memset(data, 9, sizeof data);
    assert_int_equal(note->attachment.value.size, 3);
    assert_memory_equal(note->attachment.value.data, "\1\0\2", 3);
    commit_and_close(session);
}

static void added_rows_get_ascending_keys_in_the_order_of_adding(void **state)
{
    cuvee_session *session = session_on(*state);
    const User *first = add_user(session, "first");
    const User *second = add_user(session, "second");
    const Team *team = cuvee_add(session, &team_model, &(Team){.name = "red"});
    const User *third = add_user(session, "third");
    assert_true(cuvee_flush(session));
    assert_int_equal(first->id, 1);
    assert_int_equal(second->id, 2);
    assert_int_equal(third->id, 3);
    assert_int_equal(team->id, 1);
    cuvee_session_close(session);
}

static void keys_of_the_caller_are_kept(void **state)
{
    struct world *world = *state;
    int64_t user_id = insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const Country *country = cuvee_add(session, &country_model, &(Country){"IS", "Iceland"});
    const Profile *profile = cuvee_add(session, &profile_model, &(Profile){user_id, "born in 1990", true});
    const Stock *stock = cuvee_add(session, &stock_model, &(Stock){-3, "bolt", 12});
    assert_true(cuvee_flush(session));
    assert_string_equal(country->code, "IS");
    assert_int_equal(profile->user_id, user_id);
    assert_int_equal(stock->warehouse, -3);
    assert_string_equal(stock->sku, "bolt");
    commit_and_close(session);
}

static void many_rows_are_added_at_once(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    User rows[1000];
    char emails[1000][24];
    for (size_t i = 0; i < 1000; i++) {
        snprintf(emails[i], sizeof emails[i], "%zu@example.com", i);
        rows[i] = (User){.name = "somebody", .email = emails[i]};
    }
    assert_true(cuvee_add_all(session, &user_model, rows, 1000));
    assert_true(cuvee_add_all(session, &user_model, NULL, 0));
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 1000);
    assert_int_equal(ask(world, &accounts_base, "SELECT id FROM users WHERE email = '999@example.com'"), 1000);
}

/* ---- defaults ---- */

static bool is_zero(const cuvee_uuid *uuid)
{
    static const cuvee_uuid zero;
    return memcmp(uuid, &zero, sizeof zero) == 0;
}

static void defaults_replace_what_no_row_can_hold(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Note *note = cuvee_add(session, &note_model, &(Note){0});
    const Note *other = cuvee_add(session, &note_model, &(Note){0});
    assert_non_null(other);
    assert_true(cuvee_flush(session));
    assert_false(is_zero(&note->id));
    assert_memory_not_equal(&note->id, &other->id, sizeof note->id);
    assert_string_equal(note->title, "untitled");
    assert_int_equal(note->at.us, world->now_us);
    assert_true(note->weight.set);
    assert_true(note->weight.value == 2.5);
    assert_string_equal(note->tags.text, "[]");
    assert_string_equal(note->state, "new");
    assert_false(note->remark.set); /* no default: NULL */
    assert_false(note->due.set);
    commit_and_close(session);
}

static void values_that_are_given_stay(void **state)
{
    cuvee_session *session = session_on(*state);
    const Note given = {
        .id = {.bytes = {1, 2, 3}},
        .title = "",
        .at = {.us = -1},
        .weight = {.set = true, .value = 0},
        .due = {.set = true, .value = {.us = 0}},
        .tags = {.text = "{\"a\":1}"},
        .state = "done",
    };
    const Note *note = cuvee_add(session, &note_model, &given);
    assert_true(cuvee_flush(session));
    assert_memory_equal(&note->id, &given.id, sizeof given.id);
    assert_string_equal(note->title, "");
    assert_int_equal(note->at.us, -1);
    assert_true(note->weight.set);
    assert_true(note->weight.value == 0);
    assert_true(note->due.set);
    assert_int_equal(note->due.value.us, 0);
    assert_string_equal(note->tags.text, "{\"a\":1}");
    assert_string_equal(note->state, "done");
    commit_and_close(session);
}

static void what_was_filled_in_is_what_was_written(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Note *note = cuvee_add(session, &note_model, &(Note){0});
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session *other = session_on(world);
    const Note *read = cuvee_get(other, &note_model, note->id);
    assert_non_null(read);
    assert_string_equal(read->title, "untitled");
    assert_int_equal(read->at.us, world->now_us);
    assert_true(read->weight.set && read->weight.value == 2.5);
    assert_string_equal(read->tags.text, "[]");
    assert_false(read->remark.set || read->due.set || read->attachment.set);
    cuvee_session_close(session);
    cuvee_session_close(other);
}

/* ---- what is refused ---- */

static void assert_refused(const struct world *world, const cuvee_model *model, const void *row, cuvee_error_kind kind,
                           const char *field)
{
    cuvee_session *session = session_on(world);
    assert_null(cuvee_add(session, model, row));
    assert_failed(session, kind, field);
    const cuvee_error *error = cuvee_session_error(session);
    assert_string_equal(error->model, model->name);
    assert_string_equal(error->fields, field);
    assert_int_equal(cuvee_session_statements(session), 0); /* no database was asked */
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    cuvee_session_close(session);
}

static void rows_that_break_a_rule_of_the_model_are_refused_at_once(void **state)
{
    const struct world *world = *state;
    const User good = {.name = "jane", .email = "jane@example.com"};
    User user = good;
    user.name = "";
    assert_refused(world, &user_model, &user, CUVEE_ERROR_CHECK, "name");
    user.name = "a name of more than forty characters, as nobody has";
    assert_refused(world, &user_model, &user, CUVEE_ERROR_CHECK, "name");
    user.name = NULL;
    assert_refused(world, &user_model, &user, CUVEE_ERROR_NOT_NULL, "name");
    user.name = "\xC3";
    assert_refused(world, &user_model, &user, CUVEE_ERROR_VALUE, "name");
    user = good;
    user.email = "nobody";
    assert_refused(world, &user_model, &user, CUVEE_ERROR_CHECK, "email");
    user = good;
    user.age = (cuvee_opt_int32){true, 151};
    assert_refused(world, &user_model, &user, CUVEE_ERROR_CHECK, "age");
    assert_int_equal(rows_of(world, &user_model), 0);
}

static void values_that_no_database_can_hold_are_refused_at_once(void **state)
{
    const struct world *world = *state;
    assert_refused(world, &note_model, &(Note){.weight = {true, NAN}}, CUVEE_ERROR_VALUE, "weight");
    assert_refused(world, &note_model, &(Note){.weight = {true, INFINITY}}, CUVEE_ERROR_VALUE, "weight");
    assert_refused(world, &note_model, &(Note){.at = {INT64_MAX}}, CUVEE_ERROR_VALUE, "at");
    assert_refused(world, &note_model, &(Note){.tags = {"[1,"}}, CUVEE_ERROR_VALUE, "tags");
    assert_refused(world, &note_model, &(Note){.state = "old"}, CUVEE_ERROR_CHECK, "state");
    assert_refused(world, &item_model, &(Item){.order_id = 1, .name = "x", .price = {"1e3"}}, CUVEE_ERROR_VALUE,
                   "price");
    assert_refused(world, &item_model, &(Item){.order_id = 1, .name = "x", .price = {"-0.01"}}, CUVEE_ERROR_CHECK,
                   "price");
}

static void of_many_rows_a_bad_one_stops_all(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    const Team teams[] = {{0, "red"}, {0, "blue"}, {0, NULL}, {0, "green"}};
    assert_false(cuvee_add_all(session, &team_model, teams, 4));
    assert_failed(session, CUVEE_ERROR_NOT_NULL, "Team.name");
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_true(cuvee_rollback(session));
    assert_true(cuvee_add_all(session, &team_model, teams, 2));
    commit_and_close(session);
    assert_int_equal(rows_of(world, &team_model), 2);
}

static void a_model_in_no_base_is_misuse(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    assert_null(cuvee_add(session, &stranger_model, &(Stranger){1}));
    assert_failed(session, CUVEE_ERROR_MISUSE, "Stranger");
    cuvee_rollback(session);
    assert_null(cuvee_add(session, NULL, &(Stranger){1}));
    assert_failed(session, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_rollback(session);
    assert_null(cuvee_add(session, &user_model, NULL));
    assert_failed(session, CUVEE_ERROR_MISUSE, "User");
    cuvee_rollback(session);
    assert_false(cuvee_add_all(session, &user_model, NULL, 1));
    assert_failed(session, CUVEE_ERROR_MISUSE, "User");
    cuvee_session_close(session);
}

/* ---- what the database refuses ---- */

static void a_value_that_must_be_unique_is_refused_at_flush(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    const User *again = add_user(session, "jane");
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_UNIQUE, "there is another User with the same email already");
    assert_failed(session, CUVEE_ERROR_UNIQUE, "cuvee_upsert"); /* what to do */
    const cuvee_error *error = cuvee_session_error(session);
    assert_string_equal(error->database, "accounts");
    assert_string_equal(error->model, "User");
    assert_string_equal(error->fields, "email");
    assert_true(cuvee_rollback(session));
    assert_null(cuvee_edit(session, again)); /* it left the session */
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

static void a_key_of_the_caller_that_is_taken_is_refused_at_flush(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    cuvee_add(session, &stock_model, &(Stock){1, "bolt", 1});
    cuvee_add(session, &stock_model, &(Stock){1, "nut", 1});
    cuvee_add(session, &stock_model, &(Stock){1, "bolt", 2});
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_UNIQUE, "there is another Stock with the same warehouse, sku already");
    assert_string_equal(cuvee_session_error(session)->model, "Stock");
    assert_string_equal(cuvee_session_error(session)->fields, "warehouse, sku");
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &stock_model), 0);
}

static void a_reference_to_no_row_of_the_same_base_is_refused(void **state)
{
    struct world *world = *state;
    cuvee_session *session = session_on(world);
    cuvee_add(session, &item_model, &(Item){.order_id = 99, .name = "bolt"});
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_FOREIGN_KEY, "");
    assert_string_equal(cuvee_session_error(session)->database, "sales");
    assert_string_equal(cuvee_session_error(session)->model, "Item");
    assert_string_equal(cuvee_session_error(session)->fields, "order_id"); /* SQLite alone would not say which */
    assert_string_equal(cuvee_session_error(session)->sqlstate, "23503");
    cuvee_session_close(session);
}

/* ---- keys that do not fit ---- */

typedef struct Ticket {
    int32_t id;
    const char *seat;
} Ticket;

static const cuvee_field ticket_fields[] = {
    CUVEE_FIELD(Ticket, id, .key = true),
    CUVEE_FIELD(Ticket, seat),
};
static const cuvee_model ticket_model = CUVEE_MODEL(Ticket, "tickets", ticket_fields);
static const cuvee_base tickets_base = CUVEE_BASE("tickets", &ticket_model);

static void a_new_key_that_the_struct_cannot_hold_is_an_error(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &tickets_base, "sqlite::memory:");
    assert_true(cuvee_create_tables(blend));
    cuvee_session *session = cuvee_session_open(blend);
    assert_int_equal(cuvee_sql_execute(session, &tickets_base, "INSERT INTO tickets VALUES (2147483646, 'A')", NULL, 0),
                     1);
    const Ticket *last = cuvee_add(session, &ticket_model, &(Ticket){.seat = "B"});
    assert_true(cuvee_flush(session));
    assert_int_equal(last->id, INT32_MAX);
    cuvee_add(session, &ticket_model, &(Ticket){.seat = "C"});
    assert_false(cuvee_flush(session));
    assert_failed(session, CUVEE_ERROR_FULL, "Ticket.id");
    cuvee_session_close(session);
    cuvee_blend_free(blend);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(an_added_row_is_a_live_object),
        WORLD_TEST(blobs_are_copied_too),
        WORLD_TEST(added_rows_get_ascending_keys_in_the_order_of_adding),
        WORLD_TEST(keys_of_the_caller_are_kept),
        WORLD_TEST(many_rows_are_added_at_once),
        WORLD_TEST(defaults_replace_what_no_row_can_hold),
        WORLD_TEST(values_that_are_given_stay),
        WORLD_TEST(what_was_filled_in_is_what_was_written),
        WORLD_TEST(rows_that_break_a_rule_of_the_model_are_refused_at_once),
        WORLD_TEST(values_that_no_database_can_hold_are_refused_at_once),
        WORLD_TEST(of_many_rows_a_bad_one_stops_all),
        WORLD_TEST(a_model_in_no_base_is_misuse),
        WORLD_TEST(a_value_that_must_be_unique_is_refused_at_flush),
        WORLD_TEST(a_key_of_the_caller_that_is_taken_is_refused_at_flush),
        WORLD_TEST(a_reference_to_no_row_of_the_same_base_is_refused),
        cmocka_unit_test(a_new_key_that_the_struct_cannot_hold_is_an_error),
    };
    return WORLD_MAIN(argc, argv, "add", tests);
}
