/* Hooks: before changes are written, before a commit, after it. */
#include "session/support.h"

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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(they_are_called_in_order),          WORLD_TEST(what_a_hook_adds_is_written_too),
        WORLD_TEST(a_refused_flush_is_an_error),       WORLD_TEST(a_refused_commit_writes_nothing),
        WORLD_TEST(a_hook_cannot_end_the_transaction),
    };
    return WORLD_MAIN(argc, argv, "hooks", tests);
}
