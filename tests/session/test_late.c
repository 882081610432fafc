/* What comes late or at a bad moment: edits after a flush, a database file that goes away, a cancel. */
#include "session/support.h"

#include <stdio.h>
#include <unistd.h>

/* ---- edits after a flush ---- */

static char *name_in_database(const struct world *world)
{
    cuvee_session *session = session_on(world);
    const User *user = cuvee_first(cuvee_select(session, &user_model));
    assert_non_null(user);
    char *name = strdup(user->name);
    cuvee_session_close(session);
    return name;
}

static void assert_name(const struct world *world, const char *expected)
{
    char *name = name_in_database(world);
    assert_string_equal(name, expected);
    free(name);
}

static void what_is_changed_after_a_flush_is_written_too(void **state)
{
    insert_user(*state, "Ada");
    cuvee_session *session = session_on(*state);
    User *edit = cuvee_edit(session, cuvee_first(cuvee_select(session, &user_model)));
    edit->name = "Bea";
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 1); /* flushes */
    edit->name = "Cleo";
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session_close(session);
    assert_name(*state, "Cleo");
}

static void what_is_changed_first_after_a_flush_is_written_too(void **state)
{
    insert_user(*state, "Ada");
    cuvee_session *session = session_on(*state);
    User *edit = cuvee_edit(session, cuvee_first(cuvee_select(session, &user_model)));
    assert_true(cuvee_flush(session)); /* nothing to write yet */
    edit->name = "Bea";
    commit_and_close(session);
    assert_name(*state, "Bea");
}

static void a_new_row_is_changed_after_its_insert(void **state)
{
    cuvee_session *session = session_on(*state);
    User *edit = cuvee_edit(session, add_user(session, "Ada"));
    assert_true(cuvee_flush(session));
    edit->name = "Bea";
    commit_and_close(session);
    assert_name(*state, "Bea");
}

static void a_rollback_to_a_savepoint_undoes_late_changes(void **state)
{
    insert_user(*state, "Ada");
    cuvee_session *session = session_on(*state);
    User *edit = cuvee_edit(session, cuvee_first(cuvee_select(session, &user_model)));
    edit->name = "Bea";
    cuvee_savepoint *savepoint = cuvee_savepoint_set(session);
    edit->name = "Cleo";
    assert_true(cuvee_flush(session));
    assert_true(cuvee_savepoint_rollback(session, savepoint));
    assert_string_equal(edit->name, "Bea");
    commit_and_close(session);
    assert_name(*state, "Bea");
}

static void a_rollback_undoes_late_changes(void **state)
{
    insert_user(*state, "Ada");
    cuvee_session *session = session_on(*state);
    User *edit = cuvee_edit(session, cuvee_first(cuvee_select(session, &user_model)));
    edit->name = "Bea";
    assert_true(cuvee_flush(session));
    edit->name = "Cleo";
    assert_true(cuvee_rollback(session));
    assert_string_equal(edit->name, "Ada");
    cuvee_session_close(session);
    assert_name(*state, "Ada");
}

/* ---- rows, relations ---- */

static void rows_outlive_commit_and_session(void **state)
{
    insert_user(*state, "Ada");
    cuvee_session *session = session_on(*state);
    cuvee_rows *rows = cuvee_rows_open(cuvee_select(session, &user_model));
    assert_non_null(cuvee_next(rows));
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    cuvee_session_close(session);
    assert_null(cuvee_next(rows));
    cuvee_rows_close(rows);
}

static void an_insert_that_the_database_ignores_is_an_error(void **state)
{
    someone_else(
        *state, &accounts_base,
        "CREATE TRIGGER quiet BEFORE INSERT ON users WHEN NEW.name = 'Nobody' BEGIN SELECT RAISE(IGNORE); END");
    cuvee_session *session = session_on(*state);
    add_user(session, "Nobody");
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_DATABASE, "did not keep it");
    cuvee_session_close(session);
}

static void temporary_tables_do_not_stay_behind(void **state)
{
    cuvee_session *session = session_on(*state);
    assert_int_equal(cuvee_sql_execute(session, &accounts_base, "CREATE TEMP TABLE users (id)", NULL, 0), -1);
    assert_failed(session, CUVEE_ERROR_MISUSE, "temporary");
    cuvee_session_close(session);
}

/* ---- a file that goes away ---- */

static char *path_of(const struct world *world, const char *name)
{
    size_t size = strlen(world->folder) + strlen(name) + 2;
    char *path = malloc(size);
    assert_non_null(path);
    snprintf(path, size, "%s/%s", world->folder, name);
    return path;
}

static void nothing_is_lost_when_a_file_is_moved_and_brought_back(void **state)
{
    struct world *world = *state;
    char *path = path_of(world, world_url("accounts") + strlen("sqlite:")), *aside = path_of(world, "aside");
    insert_user(world, "Ada");
    cuvee_session *session = session_on(world);
    add_user(session, "Bea");
    assert_true(cuvee_flush(session));
    assert_int_equal(rename(path, aside), 0);
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_CONNECT, "removed or replaced");
    cuvee_session_close(session);
    assert_int_equal(access(path, F_OK), -1); /* nobody made a new one beside the log */
    assert_int_equal(rename(aside, path), 0);
    assert_int_equal(rows_of(world, &user_model), 1);
    free(path);
    free(aside);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(what_is_changed_after_a_flush_is_written_too),
        WORLD_TEST(what_is_changed_first_after_a_flush_is_written_too),
        WORLD_TEST(a_new_row_is_changed_after_its_insert),
        WORLD_TEST(a_rollback_to_a_savepoint_undoes_late_changes),
        WORLD_TEST(a_rollback_undoes_late_changes),
        WORLD_TEST(rows_outlive_commit_and_session),
        WORLD_TEST(an_insert_that_the_database_ignores_is_an_error),
        WORLD_TEST(temporary_tables_do_not_stay_behind),
        WORLD_TEST(nothing_is_lost_when_a_file_is_moved_and_brought_back),
    };
    return WORLD_MAIN(argc, argv, "late", tests);
}
