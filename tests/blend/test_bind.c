/* Setting a blend up: bases, URLs, folders, and when it is too late. */
#define _XOPEN_SOURCE 700 /* symlink, mkdir */
#include "session/support.h"

#include <cuvee/sql.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int make_folder(void **state)
{
    *state = folder_make();
    return 0;
}

static int remove_folder(void **state)
{
    folder_remove(*state);
    return 0;
}

#define FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

static cuvee_blend *blend_in(const char *folder)
{
    cuvee_blend *blend = cuvee_blend_new();
    assert_non_null(blend);
    assert_true(cuvee_blend_set_folder(blend, folder));
    return blend;
}

static void assert_blend_error(const cuvee_blend *blend, cuvee_error_kind kind, const char *words)
{
    assert_error(cuvee_blend_error(blend), kind, words);
}

static bool exists(const char *folder, const char *name)
{
    char *path = path_in(folder, name);
    struct stat info;
    bool there = stat(path, &info) == 0;
    free(path);
    return there;
}

/* ---- bases ---- */

static void bases_stand_in_the_order_of_binding(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    assert_int_equal(cuvee_blend_error(blend)->kind, CUVEE_ERROR_NONE);
    assert_int_equal(cuvee_blend_base_count(blend), 0);
    assert_null(cuvee_blend_base(blend, 0));
    assert_true(cuvee_blend_bind(blend, &sales_base, "sqlite::memory:"));
    assert_true(cuvee_blend_bind(blend, &accounts_base, "sqlite::memory:"));
    assert_int_equal(cuvee_blend_base_count(blend), 2);
    assert_ptr_equal(cuvee_blend_base(blend, 0), &sales_base);
    assert_ptr_equal(cuvee_blend_base(blend, 1), &accounts_base);
    assert_null(cuvee_blend_base(blend, 2));
    assert_true(cv_blend_freeze(blend, NULL));
    assert_int_equal(cv_pool_rank(cv_blend_base_pool(blend, &sales_base)), 0);
    assert_int_equal(cv_pool_rank(cv_blend_base_pool(blend, &accounts_base)), 1);
    cuvee_blend_free(blend);
}

static void no_blend_is_taken_everywhere_and_fails(void **state)
{
    (void)state;
    assert_false(cuvee_blend_bind(NULL, &sales_base, "sqlite::memory:"));
    assert_false(cuvee_blend_set_folder(NULL, "/"));
    assert_false(cuvee_blend_open(NULL));
    assert_false(cuvee_create_tables(NULL));
    assert_int_equal(cuvee_blend_base_count(NULL), 0);
    assert_null(cuvee_blend_base(NULL, 0));
    assert_int_equal(cuvee_blend_error(NULL)->kind, CUVEE_ERROR_MEMORY);
    cuvee_blend_free(NULL);
}

static void binding_again_replaces_the_database(void **state)
{
    cuvee_blend *blend = blend_in(*state);
    assert_true(cuvee_blend_bind(blend, &accounts_base, "sqlite:old.db"));
    assert_true(cuvee_blend_bind(blend, &sales_base, "sqlite:sales.db"));
    assert_true(cuvee_blend_bind(blend, &accounts_base, "sqlite:new.db"));
    assert_int_equal(cuvee_blend_base_count(blend), 2);
    assert_ptr_equal(cuvee_blend_base(blend, 0), &accounts_base);
    assert_true(cuvee_create_tables(blend));
    cuvee_blend_free(blend);
    assert_false(exists(*state, "old.db"));
    assert_true(exists(*state, "new.db"));
}

static const cuvee_base other = CUVEE_BASE("other", &stock_model, &user_model);

static void a_model_lives_in_one_base(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &accounts_base, "sqlite::memory:");
    cuvee_blend_bind(blend, &other, "sqlite::memory:");
    cuvee_session *session = cuvee_session_open(blend);
    assert_failed(session, CUVEE_ERROR_CONFIG, "model User is in base accounts and in base other");
    cuvee_session_close(session);
    assert_false(cuvee_create_tables(blend));
    assert_blend_error(blend, CUVEE_ERROR_CONFIG, "User");
    cuvee_blend_free(blend);
}

static void assert_base_refused(const cuvee_base *base, const char *words)
{
    cuvee_blend *blend = cuvee_blend_new();
    assert_false(cuvee_blend_bind(blend, base, "sqlite::memory:"));
    assert_blend_error(blend, CUVEE_ERROR_CONFIG, words);
    cuvee_blend_free(blend);
}

typedef struct Broken {
    int64_t id;
} Broken;

static const cuvee_field fields[] = {CUVEE_FIELD(Broken, id, .key = true)};
static const cuvee_field keyless_fields[] = {CUVEE_FIELD(Broken, id)};
static const cuvee_model homeless = CUVEE_MODEL(Broken, NULL, fields);
static const cuvee_model keyless = CUVEE_MODEL(Broken, "broken", keyless_fields);
static const cuvee_base homeless_base = CUVEE_BASE("homeless", &stock_model, &homeless);
static const cuvee_base keyless_base = CUVEE_BASE("keyless", &keyless);
static const cuvee_base hollow_base = CUVEE_BASE("hollow", &stock_model, NULL);
static const cuvee_base nameless_base = CUVEE_BASE(NULL, &stock_model);

static void descriptors_that_cannot_be_used_are_refused(void **state)
{
    (void)state;
    assert_base_refused(&homeless_base, "model Broken of base homeless has no table");
    assert_base_refused(&keyless_base, "Broken");
    assert_base_refused(&hollow_base, "base hollow");
    assert_base_refused(&nameless_base, "name");
}

/* ---- URLs and folders ---- */

static void urls_of_no_engine_are_refused(void **state)
{
    (void)state;
    static const char *const urls[] = {"", "paper:accounts.db", "accounts.db", "sqlite"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        cuvee_blend *blend = cuvee_blend_new();
        assert_false(cuvee_blend_bind(blend, &accounts_base, urls[i]));
        assert_blend_error(blend, CUVEE_ERROR_CONFIG, "base accounts: the URL names no engine");
        assert_blend_error(blend, CUVEE_ERROR_CONFIG, "sqlite:PATH");
        cuvee_blend_free(blend);
    }
}

static void nothing_cannot_be_bound(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    assert_false(cuvee_blend_bind(blend, NULL, "sqlite::memory:"));
    assert_blend_error(blend, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_blend_free(blend);
    blend = cuvee_blend_new();
    assert_false(cuvee_blend_bind(blend, &accounts_base, NULL));
    assert_blend_error(blend, CUVEE_ERROR_MISUSE, "NULL");
    cuvee_blend_free(blend);
}

static void the_first_error_stays(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &accounts_base, "paper:first");
    assert_false(cuvee_blend_bind(blend, NULL, NULL));
    assert_false(cuvee_blend_bind(blend, &accounts_base, "sqlite::memory:"));
    assert_false(cuvee_blend_set_folder(blend, "/"));
    assert_false(cuvee_blend_open(blend));
    assert_false(cuvee_create_tables(blend));
    assert_blend_error(blend, CUVEE_ERROR_CONFIG, "base accounts");
    assert_int_equal(cuvee_blend_base_count(blend), 0);
    cuvee_blend_free(blend);
}

static void relative_paths_stand_in_the_folder_set_before_or_after(void **state)
{
    const char *folder = *state;
    char *path = path_in(folder, "absolute.db"), *url = path_in("sqlite:", path + 1); /* "sqlite:" and "/…" */
    cuvee_blend *blend = cuvee_blend_new();
    assert_true(cuvee_blend_set_folder(blend, "/nowhere"));
    cuvee_blend_bind(blend, &accounts_base, "sqlite:relative.db");
    cuvee_blend_bind(blend, &sales_base, url);
    assert_true(cuvee_blend_set_folder(blend, folder));
    assert_true(cuvee_blend_open(blend));
    cuvee_blend_free(blend);
    assert_true(exists(folder, "relative.db"));
    assert_true(exists(folder, "absolute.db"));
    free(path);
    free(url);
}

static void the_folder_is_the_working_one_by_default(void **state)
{
    const char *folder = *state;
    char before[4096];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder), 0);
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_set_folder(blend, "/nowhere");
    cuvee_blend_set_folder(blend, NULL);
    cuvee_blend_bind(blend, &accounts_base, "sqlite:here.db");
    assert_true(cuvee_blend_open(blend));
    cuvee_blend_free(blend);
    assert_int_equal(chdir(before), 0);
    assert_true(exists(folder, "here.db"));
}

static size_t pools_of(const char *folder, const char *first, const char *second)
{
    cuvee_blend *blend = blend_in(folder);
    cuvee_blend_bind(blend, &accounts_base, first);
    cuvee_blend_bind(blend, &sales_base, second);
    assert_true(cv_blend_freeze(blend, NULL));
    size_t count = cv_blend_pool_count(blend);
    assert_int_equal(count == 1, cv_blend_base_pool(blend, &accounts_base) == cv_blend_base_pool(blend, &sales_base));
    cuvee_blend_free(blend);
    return count;
}

static void one_place_is_one_database_however_it_is_written(void **state)
{
    const char *folder = *state;
    char *sub = path_in(folder, "sub"), *link = path_in(folder, "link");
    assert_int_equal(mkdir(sub, 0700), 0);
    assert_int_equal(symlink("sub", link), 0);
    assert_int_equal(pools_of(folder, "sqlite:a.db", "sqlite:b.db"), 2);
    assert_int_equal(pools_of(folder, "sqlite:a.db", "sqlite:a.db"), 1);
    assert_int_equal(pools_of(folder, "sqlite:a.db", "sqlite:./sub/../a.db"), 1);
    assert_int_equal(pools_of(folder, "sqlite:sub/a.db", "sqlite:link/a.db"), 1);
    assert_int_equal(pools_of(folder, "sqlite:a.db", "sqlite:sub/a.db"), 2);
    assert_int_equal(pools_of(folder, "sqlite::memory:", "sqlite::memory:"), 2);
    free(sub);
    free(link);
}

/* ---- when it is in use ---- */

static void a_blend_in_use_does_not_change(void **state)
{
    cuvee_blend *blend = blend_in(*state);
    cuvee_blend_bind(blend, &accounts_base, "sqlite:accounts.db");
    cuvee_session *session = cuvee_session_open(blend);
    assert_good(session);
    assert_false(cuvee_blend_bind(blend, &sales_base, "sqlite:sales.db"));
    assert_blend_error(blend, CUVEE_ERROR_MISUSE, "in use already");
    cuvee_session_close(session);
    cuvee_blend_free(blend);
    blend = blend_in(*state);
    assert_true(cv_blend_freeze(blend, NULL));
    assert_false(cuvee_blend_set_folder(blend, "/"));
    assert_blend_error(blend, CUVEE_ERROR_MISUSE, "in use already");
    cuvee_blend_free(blend);
}

static void opening_early_tells_what_cannot_be_opened(void **state)
{
    cuvee_blend *blend = blend_in(*state);
    cuvee_blend_bind(blend, &accounts_base, "sqlite:accounts.db");
    cuvee_blend_bind(blend, &sales_base, "sqlite:no/such/folder/sales.db");
    assert_false(cuvee_blend_open(blend));
    assert_blend_error(blend, CUVEE_ERROR_CONNECT, "no/such/folder");
    assert_string_equal(cuvee_blend_error(blend)->database, "sales");
    cuvee_blend_free(blend);
    char *path = path_in(*state, "noise.db");
    char noise[4096];
    memset(noise, 0x5A, sizeof noise);
    file_write(path, noise, sizeof noise);
    blend = blend_in(*state);
    cuvee_blend_bind(blend, &accounts_base, "sqlite:noise.db");
    assert_false(cuvee_blend_open(blend));
    assert_blend_error(blend, CUVEE_ERROR_CORRUPT, "noise.db");
    assert_string_equal(cuvee_blend_error(blend)->database, "accounts");
    cuvee_blend_free(blend);
    free(path);
}

static void a_read_only_database_must_be_there(void **state)
{
    cuvee_blend *blend = blend_in(*state);
    cuvee_blend_bind(blend, &accounts_base, "sqlite:accounts.db", .read_only = true);
    assert_false(cuvee_blend_open(blend));
    assert_blend_error(blend, CUVEE_ERROR_CONNECT, "accounts.db");
    cuvee_blend_free(blend);
    assert_false(exists(*state, "accounts.db"));
}

/* ---- options ---- */

static int64_t pragma(cuvee_blend *blend, const cuvee_base *base, const char *name)
{
    cuvee_session *session = cuvee_session_open(blend);
    cuvee_rows *rows = cuvee_sql_rows(session, base, name, NULL, 0);
    const cuvee_value *values = cuvee_next_values(rows);
    assert_good(session);
    int64_t value = values[0].as.integer;
    cuvee_rows_close(rows);
    cuvee_session_close(session);
    return value;
}

static void a_commit_is_on_disk_unless_told_otherwise(void **state)
{
    cuvee_blend *blend = blend_in(*state);
    cuvee_blend_bind(blend, &accounts_base, "sqlite:accounts.db");
    cuvee_blend_bind(blend, &sales_base, "sqlite:sales.db", .durability = CUVEE_NORMAL);
    assert_int_equal(pragma(blend, &accounts_base, "PRAGMA synchronous"), 2);
    assert_int_equal(pragma(blend, &sales_base, "PRAGMA synchronous"), 1);
    cuvee_blend_free(blend);
}

static void options_that_an_older_program_did_not_know_are_defaults(void **state)
{
    cuvee_bind_options options;
    memset(&options, 0xFF, sizeof options);
    options.max_connections = 3;
    options.wait_ms = options.busy_ms = 0;
    options.size = offsetof(cuvee_bind_options, durability);
    cuvee_blend *blend = blend_in(*state);
    assert_true(cuvee_blend_bind_with(blend, &accounts_base, "sqlite:accounts.db", &options));
    assert_true(cuvee_blend_bind_with(blend, &sales_base, "sqlite:sales.db", NULL));
    assert_true(cuvee_create_tables(blend)); /* so it is not read-only */
    assert_int_equal(pragma(blend, &accounts_base, "PRAGMA synchronous"), 2);
    cuvee_blend_free(blend);
}

/* ---- in memory ---- */

static int64_t users_in(cuvee_blend *blend)
{
    cuvee_session *session = cuvee_session_open(blend);
    int64_t count = cuvee_count(cuvee_select(session, &user_model));
    assert_good(session);
    cuvee_session_close(session);
    return count;
}

static void each_blend_has_its_own_memory(void **state)
{
    (void)state;
    cuvee_blend *blends[2];
    for (int i = 0; i < 2; i++) {
        blends[i] = cuvee_blend_new();
        cuvee_blend_bind(blends[i], &accounts_base, "sqlite::memory:");
        assert_true(cuvee_create_tables(blends[i]));
    }
    cuvee_session *session = cuvee_session_open(blends[0]);
    add_user(session, "jane");
    commit_and_close(session);
    assert_int_equal(users_in(blends[0]), 1);
    assert_int_equal(users_in(blends[1]), 0);
    cuvee_blend_free(blends[0]);
    cuvee_blend_free(blends[1]);
}

static void a_copy_in_memory_has_the_same_bases(void **state)
{
    cuvee_blend *blend = blend_in(*state);
    cuvee_blend_bind(blend, &sales_base, "sqlite:sales.db");
    cuvee_blend_bind(blend, &accounts_base, "sqlite:accounts.db");
    cuvee_blend *copy = cuvee_blend_in_memory(blend);
    assert_int_equal(cuvee_blend_base_count(copy), 2);
    assert_ptr_equal(cuvee_blend_base(copy, 0), &sales_base);
    assert_true(cuvee_create_tables(copy));
    assert_int_equal(users_in(copy), 0);
    cuvee_blend_free(copy);
    assert_false(exists(*state, "accounts.db"));
    assert_true(cuvee_blend_bind(blend, &accounts_base, "sqlite:other.db")); /* the blend itself is not in use yet */
    cuvee_blend_free(blend);
    copy = cuvee_blend_in_memory(NULL);
    assert_int_equal(cuvee_blend_base_count(copy), 0);
    cuvee_blend_free(copy);
}

/* What production joins and checks, a test must be able to join and check, however the database is spelled. */
static void bases_of_one_database_share_one_in_memory(void **state)
{
    const char *folder = *state;
    cuvee_blend *blend = blend_in(folder);
    static const cuvee_base third = {.name = "third", .size = sizeof(cuvee_base)};
    cuvee_blend_bind(blend, &third, "sqlite::memory:");
    cuvee_blend_bind(blend, &accounts_base, "sqlite:one.db");
    cuvee_blend_bind(blend, &sales_base, "sqlite:./one.db");
    for (int copies = 0; copies < 2; copies++) { /* a copy's copy is no worse */
        cuvee_blend *copy = cuvee_blend_in_memory(blend);
        cuvee_blend_free(blend);
        blend = copy;
        assert_true(cuvee_create_tables(blend));
        cuvee_session *s = cuvee_session_open(blend);
        cuvee_rows *rows = cuvee_sql_rows(s, &sales_base, "SELECT count(*) FROM users JOIN orders ON 1", NULL, 0);
        assert_non_null(cuvee_next_values(rows));
        assert_good(s);
        cuvee_rows_close(rows);
        assert_null(cuvee_sql_rows(s, &third, "SELECT count(*) FROM users", NULL, 0));
        assert_failed(s, CUVEE_ERROR_SCHEMA, "users");
        cuvee_rollback(s);
        cuvee_add(s, &order_model, &(Order){.user_id = 7, .item = "lamp", .quantity = 1});
        assert_false(cuvee_flush(s));
        assert_failed(s, CUVEE_ERROR_FOREIGN_KEY, "");
        cuvee_session_close(s);
    }
    cuvee_blend_free(blend);
}

static void in_memory_databases_of_two_bases_stay_two(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &accounts_base, "sqlite::memory:");
    cuvee_blend_bind(blend, &sales_base, "sqlite::memory:");
    cuvee_blend *copy = cuvee_blend_in_memory(blend);
    assert_true(cuvee_create_tables(copy));
    cuvee_session *s = cuvee_session_open(copy);
    assert_null(cuvee_sql_rows(s, &sales_base, "SELECT count(*) FROM users", NULL, 0));
    cuvee_session_close(s);
    cuvee_blend_free(copy);
    cuvee_blend_free(blend);
}

/* A test copies what is bound, on machines where the folder is not there. */
static void a_place_that_is_not_there_is_copied_by_its_url(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &accounts_base, "sqlite:/nowhere/at/all/one.db");
    cuvee_blend_bind(blend, &sales_base, "sqlite:/nowhere/at/all/one.db");
    cuvee_blend *copy = cuvee_blend_in_memory(blend);
    assert_true(cuvee_create_tables(copy));
    cuvee_session *s = cuvee_session_open(copy);
    cuvee_rows *rows = cuvee_sql_rows(s, &sales_base, "SELECT count(*) FROM users", NULL, 0);
    assert_non_null(cuvee_next_values(rows));
    cuvee_rows_close(rows);
    cuvee_session_close(s);
    cuvee_blend_free(copy);
    cuvee_blend_free(blend);
}

/* ---- processes ---- */

static void a_child_cannot_use_its_parents_blend(void **state)
{
    cuvee_blend *blend = blend_in(*state);
    cuvee_blend_bind(blend, &accounts_base, "sqlite:accounts.db");
    assert_true(cuvee_create_tables(blend));
    cuvee_session *parents = cuvee_session_open(blend);
    add_user(parents, "jane");
    assert_true(cuvee_flush(parents));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        cuvee_session *session = cuvee_session_open(blend);
        bool refused = !cuvee_get(session, &user_model, 1) && !cuvee_exists(cuvee_select(session, &user_model));
        const cuvee_error *error = cuvee_session_error(session);
        refused = refused && error->kind == CUVEE_ERROR_MISUSE && strstr(error->message, "fork");
        cuvee_session_close(session);
        refused = refused && cuvee_commit(parents) == CUVEE_ROLLED_BACK;
        refused = refused && cuvee_session_error(parents)->kind == CUVEE_ERROR_MISUSE;
        cuvee_session_close(parents); /* what a child that cleans up does: it must not roll back its parent's work */
        cuvee_blend_free(blend);
        _exit(refused ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    commit_and_close(parents); /* goes on as if nothing had been */
    assert_int_equal(users_in(blend), 1);
    cuvee_blend_free(blend);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bases_stand_in_the_order_of_binding),
        cmocka_unit_test(no_blend_is_taken_everywhere_and_fails),
        FOLDER_TEST(binding_again_replaces_the_database),
        cmocka_unit_test(a_model_lives_in_one_base),
        cmocka_unit_test(descriptors_that_cannot_be_used_are_refused),
        cmocka_unit_test(urls_of_no_engine_are_refused),
        cmocka_unit_test(nothing_cannot_be_bound),
        cmocka_unit_test(the_first_error_stays),
        FOLDER_TEST(relative_paths_stand_in_the_folder_set_before_or_after),
        FOLDER_TEST(the_folder_is_the_working_one_by_default),
        FOLDER_TEST(one_place_is_one_database_however_it_is_written),
        FOLDER_TEST(a_blend_in_use_does_not_change),
        FOLDER_TEST(opening_early_tells_what_cannot_be_opened),
        FOLDER_TEST(a_read_only_database_must_be_there),
        FOLDER_TEST(a_commit_is_on_disk_unless_told_otherwise),
        FOLDER_TEST(options_that_an_older_program_did_not_know_are_defaults),
        cmocka_unit_test(each_blend_has_its_own_memory),
        FOLDER_TEST(a_copy_in_memory_has_the_same_bases),
        FOLDER_TEST(bases_of_one_database_share_one_in_memory),
        FOLDER_TEST(in_memory_databases_of_two_bases_stay_two),
        FOLDER_TEST(a_place_that_is_not_there_is_copied_by_its_url),
        FOLDER_TEST(a_child_cannot_use_its_parents_blend),
    };
    return WORLD_MAIN(argc, argv, "bind", tests);
}
