/**
 * What the session's tests share: a blend of two databases to work in, and short forms of what they ask. All assert
 * success.
 */
#ifndef TESTS_SESSION_SUPPORT_H
#define TESTS_SESSION_SUPPORT_H

#include "support/check.h"
#include "support/folder.h"

#include <cuvee/cuvee.h>

#include "base/error.h"
#include "blend/blend.h"
#include "driver/scripted/script.h"
#include "session/models.h"

/* ---- the world of one test ---- */

struct world {
    char *folder;                    /* SQLite's; empty for servers */
    struct cv_script accounts_calls; /* what the scripted drivers were asked */
    struct cv_script sales_calls;
    int64_t now_us; /* the blend's clock stands here */
    struct cv_clock clock;
    cuvee_blend *blend; /* accounts_base and sales_base, with empty tables */
};

/** cmocka's set-up and tear-down of a test: *state is a struct world on the engine that the program was started for. */
int world_open(void **state);
/** The same on the scripted driver: what is asked of the databases is recorded. */
int world_open_scripted(void **state);
int world_close(void **state);
#define WORLD_TEST(name)    cmocka_unit_test_setup_teardown(name, world_open, world_close)
#define SCRIPTED_TEST(name) cmocka_unit_test_setup_teardown(name, world_open_scripted, world_close)

/**
 * Runs a test program's tests for the engine that its arguments name: sqlite (as without any), memory, postgres,
 * mariadb, or mixed, which has accounts on PostgreSQL and sales on MariaDB. main's result: 77 when a server is not
 * there, which Meson counts as skipped.
 */
int world_main(int argc, char **argv, const char *group, const struct CMUnitTest *tests, size_t count);
#define WORLD_MAIN(argc, argv, group, t) world_main(argc, argv, group, t, sizeof(t) / sizeof(t)[0])

/** Whether that is the engine. */
bool world_is(const char *engine);
/** Skips the test where the base is not on SQLite, and says why it makes no sense there. */
void only_on_sqlite(const cuvee_base *base, const char *why);
/** The engine that the base's database is on: "sqlite", "postgres", "mariadb". */
const char *world_engine(const cuvee_base *base);
/**
 * Skips the test on in-memory databases: there everybody waits for the one who writes, and no other blend reaches them.
 */
void skip_in_memory(void);

/**
 * The URL of a database of this name on the engine, as a blend whose folder is the world's takes it; static. A server
 * has two: one for sales, and one for all other names.
 */
const char *world_url(const char *name);
/** Another blend on the same databases: bound with these options, to be freed. */
cuvee_blend *world_blend(const struct world *world, cuvee_bind_options accounts, cuvee_bind_options sales);

/* ---- sessions ---- */

/** A session on the world's blend, for which nothing is wrong. */
cuvee_session *session_on(const struct world *world);
/** Commits and closes. */
void commit_and_close(cuvee_session *session);

void assert_good(const cuvee_session *session);
/** The session's error is of this kind, and message or hint has these words. */
void assert_failed(const cuvee_session *session, cuvee_error_kind kind, const char *words);
void assert_error(const cuvee_error *error, cuvee_error_kind kind, const char *words);

/** Nothing that is called with the session does anything; `object` may be one of it. */
void assert_dead(cuvee_session *session, const User *object);

/* ---- rows ---- */

/** Adds a user of this name, whose email is made from it. */
const User *add_user(cuvee_session *session, const char *name);
const Order *add_order(cuvee_session *session, int64_t user_id, const char *item);
/** The same in a session of its own, committed: the new key. */
int64_t insert_user(const struct world *world, const char *name);
int64_t insert_order(const struct world *world, int64_t user_id, const char *item);

/** The number of rows that a new session sees. */
int64_t rows_of(const struct world *world, const cuvee_model *model);
/** Runs SQL on a base in a session of its own, and commits: what someone else does. How many rows it changed. */
int64_t someone_else(const struct world *world, const cuvee_base *base, const char *sql);
/**
 * Changes tables, as someone else does: on a server with a connection of his own, since MariaDB does not take it into a
 * session's transaction.
 */
void change_tables(const struct world *world, const cuvee_base *base, const char *sql);
/** SQL whose names stand in double quotes, as the base's engine writes them; static, until the next call. */
const char *quoted(const cuvee_base *base, const char *sql);
/**
 * A decimal as the base's engine keeps it: MariaDB drops the zeros at its end. Static, until the next call but three.
 */
const char *kept(const cuvee_base *base, const char *decimal);
/** One integer that SQL gives in a session of its own. */
int64_t ask(const struct world *world, const cuvee_base *base, const char *sql);

/* ---- what was asked of the databases ---- */

/** Forgets what was recorded, of both databases. */
void calls_clear(struct world *world);
/** What was recorded since of a database, without `prepare` and `next`, one call per line. To be freed. */
char *calls_of(struct cv_script *script);
void assert_calls(struct cv_script *script, const char *calls);

#endif
