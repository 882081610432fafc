/* Disks that are full, that fail, that only read, and files that go: on SQLite. */
#define _XOPEN_SOURCE 700 /* setuid, chmod */
#include "session/support.h"

#include <cuvee/sql.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/sqlite/fault_vfs.h"

/* ---- looking ---- */

static void assert_whole(const struct world *world, const cuvee_base *base)
{
    cuvee_session *session = session_on(world);
    cuvee_rows *rows = cuvee_sql_rows(session, base, "PRAGMA integrity_check", NULL, 0);
    const cuvee_value *values = cuvee_next_values(rows);
    assert_good(session);
    assert_int_equal(values[0].as.text.size, 2);
    assert_memory_equal(values[0].as.text.data, "ok", 2);
    cuvee_rows_close(rows);
    cuvee_session_close(session);
}

/* Users and stocks of a size that fills some pages. */
static void add_much(cuvee_session *session, int count)
{
    char text[31];
    for (int i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%010d%010d%010d", i, i, i);
        cuvee_add(session, &country_model, &(Country){(char[]){'A' + i / 26 % 26, 'A' + i % 26, 0}, text});
        cuvee_add(session, &parcel_model, &(Parcel){text, {false, NULL}});
    }
}

enum { MUCH = 300 };

static void remove_much(const struct world *world)
{
    someone_else(world, &accounts_base, "DELETE FROM countries");
    someone_else(world, &sales_base, "DELETE FROM parcels");
}

/* What the databases hold is what the outcome says. */
static void assert_outcome(const struct world *world, const cuvee_session *session, cuvee_outcome outcome)
{
    bool accounts = rows_of(world, &country_model) == MUCH, sales = rows_of(world, &parcel_model) == MUCH;
    assert_true(accounts || rows_of(world, &country_model) == 0);
    assert_true(sales || rows_of(world, &parcel_model) == 0);
    switch (outcome) {
    case CUVEE_COMMITTED: assert_true(accounts && sales); break;
    case CUVEE_ROLLED_BACK: assert_true(!accounts && !sales); break;
    case CUVEE_TORN:
        assert_true(accounts && !sales);
        assert_failed(session, CUVEE_ERROR_TORN, "committed in accounts; rolled back in sales");
        break;
    case CUVEE_IN_DOUBT: assert_failed(session, CUVEE_ERROR_IN_DOUBT, "unknown in "); break;
    default: fail();
    }
}

static void assert_goes_on(const struct world *world, cuvee_session *session)
{
    assert_true(cuvee_rollback(session));
    cuvee_add(session, &team_model, &(Team){.name = "red"});
    cuvee_add(session, &note_model, &(Note){0});
    cuvee_commit(session);
    assert_good(session);
    assert_whole(world, &accounts_base);
    assert_whole(world, &sales_base);
}

/* ---- every call of the file system fails in turn ---- */

struct seen {
    int outcomes[CUVEE_TORN + 1];
    int kinds[CUVEE_ERROR_DATABASE + 1];
};

/* The n-th call and all after it fail, in a session that writes two databases. Whether it failed at all. */
static bool fail_at(const struct world *world, enum fault_call call, size_t n, int code, struct seen *seen)
{
    cuvee_session *session = session_on(world);
    add_much(session, MUCH);
    fault_vfs_at(call, n, code);
    cuvee_outcome outcome = cuvee_commit(session);
    fault_vfs_end();
    seen->outcomes[outcome]++;
    seen->kinds[cuvee_session_error(session)->kind]++;
    assert_outcome(world, session, outcome);
    if (outcome != CUVEE_COMMITTED)
        assert_goes_on(world, session);
    cuvee_session_close(session);
    remove_much(world);
    return outcome != CUVEE_COMMITTED;
}

static struct seen fail_in_turn(const struct world *world, enum fault_call call, int code)
{
    struct seen seen = {{0}, {0}};
    size_t n = 1;
    while (fail_at(world, call, n, code, &seen))
        n++;
    assert_true(n > 2);
    return seen;
}

static void a_full_disk_undoes_what_was_written(void **state)
{
    struct seen seen = fail_in_turn(*state, FAULT_WRITE, SQLITE_FULL);
    assert_true(seen.kinds[CUVEE_ERROR_FULL] > 0);
    assert_int_equal(seen.kinds[CUVEE_ERROR_FULL], seen.outcomes[CUVEE_ROLLED_BACK]);
    assert_int_equal(seen.outcomes[CUVEE_IN_DOUBT], 0);
    assert_true(seen.outcomes[CUVEE_TORN] > 0); /* in the second database's commit */
}

static void a_disk_that_became_read_only_undoes_what_was_written(void **state)
{
    struct seen seen = fail_in_turn(*state, FAULT_WRITE, SQLITE_READONLY);
    assert_true(seen.kinds[CUVEE_ERROR_READ_ONLY] > 0);
    assert_int_equal(seen.kinds[CUVEE_ERROR_READ_ONLY], seen.outcomes[CUVEE_ROLLED_BACK]);
}

static void a_disk_that_fails_undoes_what_was_written(void **state)
{
    struct seen seen = fail_in_turn(*state, FAULT_WRITE, SQLITE_IOERR_WRITE);
    assert_true(seen.kinds[CUVEE_ERROR_DATABASE] > 0);
    assert_int_equal(seen.kinds[CUVEE_ERROR_DATABASE], seen.outcomes[CUVEE_ROLLED_BACK]);
}

static void a_commit_that_cannot_be_synced_is_in_doubt(void **state)
{
    struct seen seen = fail_in_turn(*state, FAULT_SYNC, SQLITE_IOERR_FSYNC);
    assert_true(seen.outcomes[CUVEE_IN_DOUBT] > 0);
    assert_int_equal(seen.outcomes[CUVEE_TORN], 0);
}

/* ---- a limit of the system, in a process of its own ---- */

/* What a child does, from the start: 0 when all is as it should be. */
typedef int (*child_work)(const char *folder);

static int run_child(const struct world *world, child_work work)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(work(world->folder));
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static cuvee_blend *blend_in(const char *folder)
{
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_set_folder(blend, folder);
    cuvee_blend_bind(blend, &accounts_base, "sqlite:accounts.db");
    cuvee_blend_bind(blend, &sales_base, "sqlite:sales.db");
    return blend;
}

static int write_until_a_file_is_too_large(const char *folder)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 400 * 1024;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 2;
    cuvee_blend *blend = blend_in(folder);
    cuvee_session *session = cuvee_session_open(blend);
    char text[31];
    for (int i = 0; i < 100000 && !cuvee_session_error(session)->kind; i++) {
        snprintf(text, sizeof text, "%030d", i);
        cuvee_add(session, &parcel_model, &(Parcel){text, {false, NULL}});
        if (i % 100 == 0)
            cuvee_flush(session);
    }
    cuvee_commit(session);
    cuvee_error_kind kind = cuvee_session_error(session)->kind;
    if (kind != CUVEE_ERROR_FULL && kind != CUVEE_ERROR_DATABASE)
        return 3;
    if (!cuvee_rollback(session))
        return 4;
    cuvee_add(session, &parcel_model, &(Parcel){"after", {false, NULL}}); /* a little does fit */
    if (cuvee_commit(session) != CUVEE_COMMITTED)
        return 5;
    cuvee_session_close(session);
    cuvee_blend_free(blend);
    return 0;
}

static void a_file_that_may_not_grow_is_a_full_disk(void **state)
{
    struct world *world = *state;
    assert_int_equal(run_child(world, write_until_a_file_is_too_large), 0);
    assert_int_equal(rows_of(world, &parcel_model), 1);
    assert_whole(world, &sales_base);
}

static bool protect(const char *folder, mode_t files, mode_t folders)
{
    static const char *const names[] = {"accounts.db", "sales.db"};
    bool good = true;
    for (size_t i = 0; i < 2; i++) {
        char path[4200];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        good = good && chmod(path, files) == 0;
    }
    return good && chmod(folder, folders) == 0;
}

static int write_what_may_only_be_read(const char *folder)
{
    if (geteuid() == 0 && setuid(65534) != 0) /* nobody */
        return 2;
    cuvee_blend *blend = blend_in(folder);
    cuvee_session *session = cuvee_session_open(blend);
    cuvee_add(session, &team_model, &(Team){.name = "red"});
    if (cuvee_commit(session) != CUVEE_ROLLED_BACK)
        return 3;
    cuvee_error_kind kind = cuvee_session_error(session)->kind;
    if (kind != CUVEE_ERROR_READ_ONLY && kind != CUVEE_ERROR_CONNECT)
        return 4;
    if (!strstr(cuvee_session_error(session)->message, "accounts.db"))
        return 5;
    cuvee_session_close(session);
    cuvee_blend_free(blend);
    return 0;
}

static void a_file_that_may_only_be_read_is_told(void **state)
{
    struct world *world = *state;
    cuvee_blend_free(world->blend);
    world->blend = NULL;
    assert_true(protect(world->folder, 0444, 0555));
    int code = run_child(world, write_what_may_only_be_read);
    assert_true(protect(world->folder, 0644, 0755));
    world->blend = blend_in(world->folder);
    assert_int_equal(code, 0);
    assert_int_equal(rows_of(world, &team_model), 0);
}

/* ---- files that go ---- */

static void nothing_is_committed_into_a_file_that_was_moved(void **state)
{
    struct world *world = *state;
    insert_user(world, "jane");
    cuvee_session *session = session_on(world);
    add_user(session, "lost");
    assert_true(cuvee_flush(session));
    char *path = path_in(world->folder, "accounts.db"), *moved = path_in(world->folder, "moved.db");
    assert_int_equal(rename(path, moved), 0);
    assert_int_not_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_not_equal(cuvee_session_error(session)->kind, CUVEE_ERROR_NONE);
    cuvee_session_close(session);
    assert_int_equal(rename(moved, path), 0);
    assert_int_equal(rows_of(world, &user_model), 1);
    assert_whole(world, &accounts_base);
    insert_user(world, "john");
    free(path);
    free(moved);
}

int main(int argc, char **argv)
{
    fault_vfs_install();
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_full_disk_undoes_what_was_written),
        WORLD_TEST(a_disk_that_became_read_only_undoes_what_was_written),
        WORLD_TEST(a_disk_that_fails_undoes_what_was_written),
        WORLD_TEST(a_commit_that_cannot_be_synced_is_in_doubt),
        WORLD_TEST(a_file_that_may_not_grow_is_a_full_disk),
        WORLD_TEST(a_file_that_may_only_be_read_is_told),
        WORLD_TEST(nothing_is_committed_into_a_file_that_was_moved),
    };
    return WORLD_MAIN(argc, argv, "storage", tests);
}
