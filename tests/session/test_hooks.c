/* Hooks: before changes are written, before a commit, after it, and when a statement is over. */
#include "session/support.h"

#include <cuvee/sql.h>

/* What the hooks heard, a letter each: F flush, C commit, c committed, r rolled back. */
struct heard {
    char letters[32];
    const Country *added; /* what before_flush adds, once */
    bool adds, refuses_flush, refuses_commit, ends;
};

static void note(struct heard *heard, char letter)
{
    heard->letters[strlen(heard->letters)] = letter;
}

static bool flushing(void *arg, cuvee_session *session)
{
    struct heard *heard = arg;
    note(heard, 'F');
    if (heard->adds && !heard->added) {
        heard->added = cuvee_add(session, &country_model, &(Country){"NO", "Norway"});
        assert_int_equal(cuvee_count(cuvee_select(session, &country_model)),
                         2); /* which flushes without asking again */
    }
    if (heard->ends)
        assert_false(cuvee_rollback(session));
    return !heard->refuses_flush;
}

static bool committing(void *arg, cuvee_session *session)
{
    struct heard *heard = arg;
    note(heard, 'C');
    assert_good(session);
    return !heard->refuses_commit;
}

static void ended(void *arg, cuvee_session *session, cuvee_outcome outcome)
{
    note(arg, outcome == CUVEE_COMMITTED ? 'c' : 'r');
    assert_int_equal(cuvee_session_error(session)->kind == CUVEE_ERROR_NONE, outcome == CUVEE_COMMITTED);
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK); /* not from here */
}

static cuvee_session *session_with(const struct world *world, struct heard *heard)
{
    return cuvee_session_open(world->blend, .before_flush = flushing, .before_commit = committing,
                              .after_commit = ended, .hook_arg = heard);
}

static void add_iceland(cuvee_session *s)
{
    assert_non_null(cuvee_add(s, &country_model, &(Country){"IS", "Iceland"}));
}

static void they_are_called_in_order(void **state)
{
    struct heard heard = {.adds = false};
    cuvee_session *s = session_with(*state, &heard);
    assert_true(cuvee_flush(s)); /* nothing to write */
    assert_string_equal(heard.letters, "");
    add_iceland(s);
    assert_true(cuvee_flush(s));
    assert_string_equal(heard.letters, "F");
    assert_true(cuvee_delete(s, cuvee_get(s, &country_model, "IS")));
    cuvee_commit(s);
    assert_string_equal(heard.letters, "FCFc");
    cuvee_session_close(s);
}

static void what_a_hook_adds_is_written_too(void **state)
{
    struct world *world = *state;
    struct heard heard = {.adds = true};
    cuvee_session *s = session_with(world, &heard);
    add_iceland(s);
    cuvee_commit(s);
    assert_string_equal(heard.letters, "CFc");
    cuvee_session_close(s);
    assert_int_equal(rows_of(world, &country_model), 2);
}

static void a_refused_flush_is_an_error(void **state)
{
    struct world *world = *state;
    struct heard heard = {.refuses_flush = true};
    cuvee_session *s = session_with(world, &heard);
    add_iceland(s);
    assert_false(cuvee_flush(s));
    assert_failed(s, CUVEE_ERROR_CHECK, "before_flush refused");
    assert_int_equal(cuvee_session_statements(s), 0);
    assert_true(cuvee_rollback(s));
    add_iceland(s);
    assert_int_equal(cuvee_commit(s), CUVEE_ROLLED_BACK);
    assert_string_equal(heard.letters, "FCFr");
    cuvee_session_close(s);
    assert_int_equal(rows_of(world, &country_model), 0);
}

static void a_refused_commit_writes_nothing(void **state)
{
    struct world *world = *state;
    struct heard heard = {.refuses_commit = true};
    cuvee_session *s = session_with(world, &heard);
    add_iceland(s);
    assert_int_equal(cuvee_commit(s), CUVEE_ROLLED_BACK);
    assert_failed(s, CUVEE_ERROR_CHECK, "before_commit refused");
    assert_string_equal(heard.letters, "Cr");
    cuvee_session_close(s);
    assert_int_equal(rows_of(world, &country_model), 0);
}

static void a_hook_cannot_end_the_transaction(void **state)
{
    struct heard heard = {.ends = true};
    cuvee_session *s = session_with(*state, &heard);
    add_iceland(s);
    assert_false(cuvee_flush(s));
    assert_failed(s, CUVEE_ERROR_MISUSE, "a hook must not commit or roll back");
    cuvee_session_close(s);
}

/* ---- a hook must not close ---- */

static bool closes_before(void *arg, cuvee_session *session)
{
    (void)arg;
    cuvee_session_close(session);
    return true;
}

static void closes_after(void *arg, cuvee_session *session, cuvee_outcome outcome)
{
    (void)arg;
    assert_int_equal(outcome, CUVEE_COMMITTED);
    cuvee_session_close(session);
}

static void a_hook_cannot_close_its_session(void **state)
{
    struct world *world = *state;
    cuvee_session *s = cuvee_session_open(world->blend, .before_flush = closes_before);
    add_iceland(s);
    assert_false(cuvee_flush(s));
    assert_failed(s, CUVEE_ERROR_MISUSE, "a hook must not close");
    cuvee_session_close(s);
    s = cuvee_session_open(world->blend, .before_commit = closes_before);
    add_iceland(s);
    assert_int_equal(cuvee_commit(s), CUVEE_ROLLED_BACK);
    assert_failed(s, CUVEE_ERROR_MISUSE, "a hook must not close");
    cuvee_session_close(s);
    assert_int_equal(rows_of(world, &country_model), 0);
    s = cuvee_session_open(world->blend, .after_commit = closes_after);
    add_iceland(s);
    assert_int_equal(cuvee_commit(s), CUVEE_COMMITTED);
    assert_failed(s, CUVEE_ERROR_MISUSE, "a hook must not close");
    cuvee_session_close(s);
    assert_int_equal(rows_of(world, &country_model), 1);
}

/* ---- the hook that hears of statements only listens ---- */

/* What it tries to do with the session, once, and what it had got of it before. */
struct meddler {
    cuvee_session *session;
    void (*meddle)(const struct meddler *meddler);
    const User *user;
    cuvee_query *query;
    cuvee_savepoint *savepoint;
    cuvee_rows *rows;
};

/* So many that what the session is in the middle of would lie elsewhere. */
static void adds(const struct meddler *meddler)
{
    for (int i = 0; i < 100; i++)
        assert_null(cuvee_add(meddler->session, &order_model, &(Order){.user_id = 1, .item = "log", .quantity = 1}));
}
static void edits(const struct meddler *meddler)
{
    assert_null(cuvee_edit(meddler->session, meddler->user));
}
static void deletes(const struct meddler *meddler)
{
    assert_false(cuvee_delete(meddler->session, meddler->user));
    assert_false(cuvee_expunge(meddler->session, meddler->user));
    assert_false(cuvee_refresh(meddler->session, meddler->user));
}
static void queries(const struct meddler *meddler)
{
    assert_null(cuvee_select(meddler->session, &user_model));
    assert_int_equal(cuvee_count(meddler->query), 0);
    assert_int_equal(cuvee_delete_where(meddler->query), -1);
    assert_int_equal(cuvee_sql_execute(meddler->session, &accounts_base, "DELETE FROM users", NULL, 0), -1);
}
static void reads_on(const struct meddler *meddler)
{
    assert_null(cuvee_next(meddler->rows));
}
static void flushes(const struct meddler *meddler)
{
    assert_false(cuvee_flush(meddler->session));
}
static void goes_back(const struct meddler *meddler)
{
    assert_false(cuvee_savepoint_rollback(meddler->session, meddler->savepoint));
    assert_false(cuvee_savepoint_release(meddler->session, meddler->savepoint));
    assert_null(cuvee_savepoint_set(meddler->session));
}
static void ends(const struct meddler *meddler)
{
    assert_int_equal(cuvee_commit(meddler->session), CUVEE_ROLLED_BACK);
    assert_false(cuvee_rollback(meddler->session));
}
static void closes(const struct meddler *meddler)
{
    cuvee_session_close(meddler->session);
}

static void hear(void *arg, const cuvee_statement_info *statement)
{
    struct meddler *meddler = arg;
    if (!meddler->meddle || statement->failed)
        return;
    assert_int_equal(cuvee_session_error(meddler->session)->kind, CUVEE_ERROR_NONE); /* this may be read */
    meddler->meddle(meddler);
    assert_true(cuvee_session_statements(meddler->session) > 0);
    meddler->meddle = NULL;
}

/* A unit of work whose statements are heard of while batches are written, references looked for and rows read. */
static void work_with(struct meddler *meddler, void (*meddle)(const struct meddler *))
{
    cuvee_session *s = meddler->session;
    meddler->savepoint = cuvee_savepoint_set(s);
    meddler->query = cuvee_select(s, &user_model);
    meddler->rows = cuvee_rows_open(meddler->query);
    assert_non_null(cuvee_next(meddler->rows));
    for (int i = 0; i < 3; i++)
        assert_non_null(add_order(s, meddler->user->id, "lamp"));
    ((User *)cuvee_edit(s, meddler->user))->name = "eve";
    assert_good(s);
    meddler->meddle = meddle;
    assert_int_equal(cuvee_commit(s), CUVEE_ROLLED_BACK);
    assert_null(meddler->meddle);
    assert_failed(s, CUVEE_ERROR_MISUSE, "a hook must not use the session whose statement it hears of");
    cuvee_rows_close(meddler->rows);
    assert_true(cuvee_rollback(s));
    assert_string_equal(meddler->user->name, "jane");
}

static void a_hook_that_hears_of_statements_may_not_use_the_session(void **state)
{
    static void (*const meddling[])(const struct meddler *) = {adds,    edits,     deletes, queries, reads_on,
                                                               flushes, goes_back, ends,    closes};
    struct world *world = *state;
    int64_t id = insert_user(world, "jane");
    for (size_t i = 0; i < sizeof meddling / sizeof meddling[0]; i++) {
        struct meddler meddler = {.meddle = NULL};
        cuvee_session *s = cuvee_session_open(world->blend, .on_statement = hear, .on_statement_arg = &meddler);
        meddler.session = s;
        meddler.user = cuvee_get(s, &user_model, id);
        work_with(&meddler, meddling[i]);
        assert_non_null(add_order(s, id, "desk")); /* and afterwards it is as good as any */
        commit_and_close(s);
        assert_int_equal(rows_of(world, &order_model), i + 1);
        assert_int_equal(rows_of(world, &user_model), 1);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(they_are_called_in_order),
        WORLD_TEST(what_a_hook_adds_is_written_too),
        WORLD_TEST(a_refused_flush_is_an_error),
        WORLD_TEST(a_refused_commit_writes_nothing),
        WORLD_TEST(a_hook_cannot_end_the_transaction),
        WORLD_TEST(a_hook_cannot_close_its_session),
        WORLD_TEST(a_hook_that_hears_of_statements_may_not_use_the_session),
    };
    return WORLD_MAIN(argc, argv, "hooks", tests);
}
