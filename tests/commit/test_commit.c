/*
 * Settling several databases: who commits when, and what is said of it. On scripted databases, each with a table of one
 * row.
 */
#include "support/check.h"

#include <stdio.h>

#include "base/error.h"
#include "commit/commit.h"
#include "driver/scripted/script.h"
#include "support/alloc_fault.h"

enum { MOST = 40 };

/* A database whose transaction has written one row. */
struct side {
    char name[80];
    struct cv_script script;
    struct cv_database *database;
    struct cv_connection *connection;
};

struct scene {
    struct side sides[MOST];
    struct cv_participant participants[MOST];
    size_t count;
    cuvee_error error;
};

static void execute(struct cv_connection *connection, const char *sql)
{
    cuvee_error error = {0};
    assert_true(connection->driver->execute(connection, sql, &error));
}

static void begin(struct side *side)
{
    cuvee_error error = {0};
    assert_true(cv_scripted_driver.begin(side->connection, CV_BEGIN_WRITE, &error));
    execute(side->connection, "INSERT INTO t VALUES (1)");
    pthread_mutex_lock(&side->script.lock);
    cv_buffer_clear(&side->script.record);
    pthread_mutex_unlock(&side->script.lock);
}

static void open_side(struct side *side, const char *name)
{
    cuvee_error error = {0};
    snprintf(side->name, sizeof side->name, "%s", name);
    cv_script_init(&side->script);
    struct cv_place place = {.url = "scripted:", .script = &side->script};
    side->database = cv_scripted_driver.open_database(&place, &error);
    assert_non_null(side->database);
    side->connection = cv_scripted_driver.connect(side->database, &error);
    assert_non_null(side->connection);
    execute(side->connection, "CREATE TABLE t (v INTEGER)");
    begin(side);
}

/* The participants stand in the reverse order of their ranks. */
static struct scene *open_scene(size_t count, const char *const *names)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    scene->count = count;
    for (size_t i = 0; i < count; i++) {
        open_side(&scene->sides[i], names[i]);
        scene->participants[count - 1 - i] =
            (struct cv_participant){.connection = scene->sides[i].connection, .name = scene->sides[i].name, .rank = i};
    }
    return scene;
}

static const char *const abc[] = {"a", "b", "c"};

static cuvee_outcome settle(struct scene *scene)
{
    return cv_commit_all(scene->participants, scene->count, &scene->error);
}

/* Whether its row is there. Looks past the script. */
static bool has_row(struct side *side)
{
    cuvee_error error = {0};
    const uint8_t kinds[] = {CUVEE_INT64};
    struct cv_statement_text text = {.sql = "SELECT count(*) FROM t", .columns = kinds, .column_count = 1};
    struct cv_connection *other = cv_scripted_driver.connect(side->database, &error);
    assert_non_null(other);
    struct cv_statement *statement = cv_scripted_driver.prepare(other, &text, &error);
    assert_non_null(statement);
    cuvee_value cell;
    assert_true(cv_scripted_driver.start(statement, NULL, &error));
    assert_int_equal(cv_scripted_driver.next(statement, &cell, &error), CV_ROW);
    cv_scripted_driver.finish(statement, NULL);
    cv_scripted_driver.finalize(statement);
    cv_scripted_driver.disconnect(other);
    return cell.as.integer == 1;
}

static void assert_calls(struct side *side, const char *calls)
{
    assert_string_equal(cv_script_text(&side->script), calls);
}

static void assert_says(const struct scene *scene, cuvee_error_kind kind, const char *words)
{
    if (scene->error.kind != kind || !strstr(scene->error.message, words))
        fail_msg("%s \"%s\" expected, but %s: %s", cuvee_error_kind_name(kind), words,
                 cuvee_error_kind_name(scene->error.kind), scene->error.message);
}

/* Every connection is out of its transaction. */
static void close_scene(struct scene *scene)
{
    for (size_t i = 0; i < scene->count; i++) {
        assert_false(scene->sides[i].connection->in_transaction);
        cv_scripted_driver.disconnect(scene->sides[i].connection);
        cv_scripted_driver.close_database(scene->sides[i].database);
        cv_script_free(&scene->sides[i].script);
    }
    free(scene);
}

/* ---- all goes well ---- */

static void without_participants_there_is_nothing_to_do(void **state)
{
    (void)state;
    cuvee_error error = {0};
    assert_int_equal(cv_commit_all(NULL, 0, &error), CUVEE_COMMITTED);
    assert_int_equal(error.kind, CUVEE_ERROR_NONE);
}

static void one_database_is_committed_and_nothing_else(void **state)
{
    (void)state;
    struct scene *scene = open_scene(1, abc);
    assert_int_equal(settle(scene), CUVEE_COMMITTED);
    assert_calls(&scene->sides[0], "commit\n");
    assert_int_equal(scene->error.kind, CUVEE_ERROR_NONE);
    assert_true(has_row(&scene->sides[0]));
    close_scene(scene);
}

static void several_vote_before_they_commit(void **state)
{
    (void)state;
    struct scene *scene = open_scene(3, abc);
    assert_int_equal(settle(scene), CUVEE_COMMITTED);
    for (size_t i = 0; i < 3; i++) {
        assert_calls(&scene->sides[i], "vote\ncommit\n");
        assert_int_equal(scene->participants[i].rank, i); /* in the order of rank */
        assert_int_equal(scene->participants[i].result, CV_COMMITTED);
        assert_true(has_row(&scene->sides[i]));
    }
    close_scene(scene);
}

/* ---- before the first commit: nothing happened ---- */

static void a_vote_against_rolls_all_back(void **state)
{
    (void)state;
    for (size_t against = 0; against < 3; against++) {
        struct scene *scene = open_scene(3, abc);
        cv_script_fail(&scene->sides[against].script, CV_CALL_VOTE, 1, CUVEE_ERROR_FOREIGN_KEY);
        assert_int_equal(settle(scene), CUVEE_ROLLED_BACK);
        assert_says(scene, CUVEE_ERROR_FOREIGN_KEY, "the script makes this vote fail");
        assert_string_equal(scene->error.database, abc[against]);
        for (size_t i = 0; i < 3; i++) {
            assert_calls(&scene->sides[i], i <= against ? "vote\nrollback\n" : "rollback\n");
            assert_int_equal(scene->participants[i].result, CV_NOT_COMMITTED);
            assert_false(has_row(&scene->sides[i]));
        }
        close_scene(scene);
    }
}

static void a_failure_of_the_first_rolls_all_back(void **state)
{
    (void)state;
    for (size_t count = 1; count <= 3; count++) {
        struct scene *scene = open_scene(count, abc);
        cv_script_fail(&scene->sides[0].script, CV_CALL_COMMIT, 1, CUVEE_ERROR_BUSY);
        assert_int_equal(settle(scene), CUVEE_ROLLED_BACK);
        assert_says(scene, CUVEE_ERROR_BUSY, "the script makes this commit fail");
        assert_string_equal(scene->error.database, "a");
        for (size_t i = 1; i < count; i++)
            assert_calls(&scene->sides[i], "vote\nrollback\n");
        for (size_t i = 0; i < count; i++)
            assert_false(has_row(&scene->sides[i]));
        close_scene(scene);
    }
}

/* ---- behind it: torn ---- */

static void a_failure_behind_the_first_is_torn(void **state)
{
    (void)state;
    struct scene *scene = open_scene(2, abc);
    cv_script_fail(&scene->sides[1].script, CV_CALL_COMMIT, 1, CUVEE_ERROR_FULL);
    assert_int_equal(settle(scene), CUVEE_TORN);
    assert_says(scene, CUVEE_ERROR_TORN, "torn commit: committed in a; rolled back in b; unknown in none");
    assert_says(scene, CUVEE_ERROR_TORN, "the script makes this commit fail");
    assert_string_equal(scene->error.database, "b");
    assert_string_not_equal(scene->error.hint, "");
    assert_true(has_row(&scene->sides[0]));
    assert_false(has_row(&scene->sides[1]));
    close_scene(scene);
}

static void the_others_are_still_asked_to_commit(void **state)
{
    (void)state;
    struct scene *scene = open_scene(3, abc);
    cv_script_fail(&scene->sides[1].script, CV_CALL_COMMIT, 1, CUVEE_ERROR_FULL);
    assert_int_equal(settle(scene), CUVEE_TORN);
    assert_says(scene, CUVEE_ERROR_TORN, "committed in a, c; rolled back in b; unknown in none");
    assert_true(has_row(&scene->sides[2]));
    close_scene(scene);
}

/* ---- lost connections: in doubt ---- */

static void lose_commit(struct side *side)
{
    cv_script_fail(&side->script, CV_CALL_COMMIT, 1, CUVEE_ERROR_CONNECTION);
    side->script.fail_commit = CV_UNKNOWN;
}

static void a_lost_commit_is_in_doubt(void **state)
{
    (void)state;
    struct scene *scene = open_scene(1, abc);
    lose_commit(&scene->sides[0]);
    assert_int_equal(settle(scene), CUVEE_IN_DOUBT);
    assert_says(scene, CUVEE_ERROR_IN_DOUBT, "commit in doubt: committed in none; rolled back in none; unknown in a");
    assert_string_equal(scene->error.database, "a");
    assert_true(scene->sides[0].connection->lost);
    assert_int_equal(scene->participants[0].result, CV_UNKNOWN);
    close_scene(scene);
}

static void the_others_are_rolled_back_when_the_first_is_in_doubt(void **state)
{
    (void)state;
    struct scene *scene = open_scene(3, abc);
    lose_commit(&scene->sides[0]);
    assert_int_equal(settle(scene), CUVEE_IN_DOUBT);
    assert_says(scene, CUVEE_ERROR_IN_DOUBT, "committed in none; rolled back in b, c; unknown in a");
    assert_false(has_row(&scene->sides[1]));
    assert_false(has_row(&scene->sides[2]));
    close_scene(scene);
}

static void a_commit_that_is_lost_later_is_in_doubt(void **state)
{
    (void)state;
    struct scene *scene = open_scene(3, abc);
    lose_commit(&scene->sides[1]);
    assert_int_equal(settle(scene), CUVEE_IN_DOUBT);
    assert_says(scene, CUVEE_ERROR_IN_DOUBT, "committed in a, c; rolled back in none; unknown in b");
    assert_true(has_row(&scene->sides[0]));
    assert_true(has_row(&scene->sides[2]));
    close_scene(scene);
}

static void what_is_torn_for_certain_is_said_to_be(void **state)
{
    (void)state;
    struct scene *scene = open_scene(3, abc);
    lose_commit(&scene->sides[1]);
    cv_script_fail(&scene->sides[2].script, CV_CALL_COMMIT, 1, CUVEE_ERROR_FULL);
    assert_int_equal(settle(scene), CUVEE_TORN);
    assert_says(scene, CUVEE_ERROR_TORN, "committed in a; rolled back in c; unknown in b");
    assert_string_equal(scene->error.database, "b"); /* whose error was the first */
    close_scene(scene);
}

/* ---- the error ---- */

static void an_error_that_was_there_stays(void **state)
{
    (void)state;
    struct scene *scene = open_scene(2, abc);
    cv_error_set(&scene->error, CUVEE_ERROR_MISUSE, "before");
    cv_script_fail(&scene->sides[1].script, CV_CALL_COMMIT, 1, CUVEE_ERROR_FULL);
    assert_int_equal(settle(scene), CUVEE_TORN);
    assert_says(scene, CUVEE_ERROR_MISUSE, "before");
    close_scene(scene);
}

static void many_long_names_are_cut(void **state)
{
    (void)state;
    const char *names[MOST];
    for (size_t i = 0; i < MOST; i++)
        names[i] = "a base whose name is longer than anybody would think of making it";
    struct scene *scene = open_scene(MOST, names);
    cv_script_fail(&scene->sides[MOST - 1].script, CV_CALL_COMMIT, 1, CUVEE_ERROR_FULL);
    assert_int_equal(settle(scene), CUVEE_TORN);
    assert_says(scene, CUVEE_ERROR_TORN, "");
    assert_string_not_equal(scene->error.message, "");
    close_scene(scene);
}

static void without_memory_the_outcome_is_told_all_the_same(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        struct scene *scene = open_scene(2, abc);
        cv_script_fail(&scene->sides[1].script, CV_CALL_COMMIT, 1, CUVEE_ERROR_FULL);
        alloc_fault_at(n);
        cuvee_outcome outcome = settle(scene);
        bool happened = alloc_fault_end();
        assert_int_equal(outcome, has_row(&scene->sides[0]) ? CUVEE_TORN : CUVEE_ROLLED_BACK);
        assert_int_equal(scene->error.kind, outcome == CUVEE_TORN ? CUVEE_ERROR_TORN : CUVEE_ERROR_MEMORY);
        assert_string_not_equal(scene->error.message, "");
        assert_false(has_row(&scene->sides[1]));
        close_scene(scene);
        if (!happened)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_participants_there_is_nothing_to_do),
        cmocka_unit_test(one_database_is_committed_and_nothing_else),
        cmocka_unit_test(several_vote_before_they_commit),
        cmocka_unit_test(a_vote_against_rolls_all_back),
        cmocka_unit_test(a_failure_of_the_first_rolls_all_back),
        cmocka_unit_test(a_failure_behind_the_first_is_torn),
        cmocka_unit_test(the_others_are_still_asked_to_commit),
        cmocka_unit_test(a_lost_commit_is_in_doubt),
        cmocka_unit_test(the_others_are_rolled_back_when_the_first_is_in_doubt),
        cmocka_unit_test(a_commit_that_is_lost_later_is_in_doubt),
        cmocka_unit_test(what_is_torn_for_certain_is_said_to_be),
        cmocka_unit_test(an_error_that_was_there_stays),
        cmocka_unit_test(many_long_names_are_cut),
        cmocka_unit_test(without_memory_the_outcome_is_told_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
