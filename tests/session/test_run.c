/* cuvee_run: a unit of work in a session of its own, again when the databases ask for it. */
#include "session/support.h"

/* What a unit of work did, and is to do. */
struct task {
    struct world *world;
    int runs;
    cuvee_session *sessions[8]; /* the session of each run; not to be used */
    enum cv_call fails;         /* the first `failing` runs let the first such call fail, … */
    cuvee_error_kind kind;      /* … with this kind */
    int failing;
    bool gives_up;
    size_t objects; /* in the session when a run began */
};

static bool add_one(cuvee_session *session, void *arg)
{
    struct task *task = arg;
    task->sessions[task->runs++] = session;
    assert_good(session);
    assert_int_equal(cuvee_session_statements(session), 0);
    if (task->runs <= task->failing)
        cv_script_fail(&task->world->accounts_calls, task->fails, 1, task->kind);
    cuvee_add(session, &team_model, &(Team){.name = "red"});
    return !task->gives_up;
}

static cuvee_outcome run(struct task *task, cuvee_error *error)
{
    memset(error, 0xFF, sizeof *error); /* what was there is no matter */
    return cuvee_run(task->world->blend, add_one, task, error);
}

static void work_that_says_yes_is_committed(void **state)
{
    struct task task = {.world = *state};
    cuvee_error error;
    assert_int_equal(run(&task, &error), CUVEE_COMMITTED);
    assert_int_equal(error.kind, CUVEE_ERROR_NONE);
    assert_string_equal(error.message, "");
    assert_int_equal(task.runs, 1);
    assert_int_equal(cuvee_run(task.world->blend, add_one, &task, NULL), CUVEE_COMMITTED);
    assert_int_equal(rows_of(task.world, &team_model), 2);
}

static void work_that_says_no_is_rolled_back_and_not_run_again(void **state)
{
    struct task task = {.world = *state, .gives_up = true};
    cuvee_error error;
    assert_int_equal(run(&task, &error), CUVEE_ROLLED_BACK);
    assert_int_equal(error.kind, CUVEE_ERROR_NONE);
    assert_int_equal(task.runs, 1);
    assert_int_equal(rows_of(task.world, &team_model), 0);
}

static void work_is_run_again_when_a_database_asks_for_it(void **state)
{
    static const enum cv_call calls[] = {CV_CALL_BEGIN, CV_CALL_RUN_MANY, CV_CALL_COMMIT};
    struct world *world = *state;
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (int failing = 1; failing <= 2; failing++) {
            struct task task = {.world = world, .fails = calls[i], .kind = CUVEE_ERROR_RETRY, .failing = failing};
            cuvee_error error;
            int64_t before = rows_of(world, &team_model);
            assert_int_equal(run(&task, &error), CUVEE_COMMITTED);
            assert_int_equal(error.kind, CUVEE_ERROR_NONE);
            assert_int_equal(task.runs, failing + 1);
            assert_int_equal(rows_of(world, &team_model), before + 1); /* once, not once per run */
        }
    }
}

static void it_is_run_three_times_in_all(void **state)
{
    struct task task = {.world = *state, .fails = CV_CALL_COMMIT, .kind = CUVEE_ERROR_RETRY, .failing = 8};
    cuvee_error error;
    assert_int_equal(run(&task, &error), CUVEE_ROLLED_BACK);
    assert_error(&error, CUVEE_ERROR_RETRY, "the script makes this commit fail");
    assert_string_equal(error.database, "accounts");
    assert_int_equal(task.runs, 3);
    cv_script_fail(&task.world->accounts_calls, CV_CALL_COMMIT, 0, CUVEE_ERROR_RETRY);
    assert_int_equal(rows_of(task.world, &team_model), 0);
}

static void other_errors_are_no_reason_to_run_again(void **state)
{
    static const cuvee_error_kind kinds[] = {CUVEE_ERROR_BUSY,   CUVEE_ERROR_UNIQUE,     CUVEE_ERROR_CANCELLED,
                                             CUVEE_ERROR_MEMORY, CUVEE_ERROR_CONNECTION, CUVEE_ERROR_EXHAUSTED};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct task task = {.world = *state, .fails = CV_CALL_RUN_MANY, .kind = kinds[i], .failing = 8};
        cuvee_error error;
        assert_int_equal(run(&task, &error), CUVEE_ROLLED_BACK);
        assert_error(&error, kinds[i], "the script makes this run_many fail");
        assert_int_equal(task.runs, 1);
    }
}

/* Nobody knows whether it was committed: it may not be done twice. */
static void a_commit_in_doubt_is_no_reason_to_run_again(void **state)
{
    struct task task = {.world = *state, .fails = CV_CALL_COMMIT, .kind = CUVEE_ERROR_RETRY, .failing = 8};
    cuvee_error error;
    task.world->accounts_calls.fail_commit = CV_UNKNOWN;
    assert_int_equal(run(&task, &error), CUVEE_IN_DOUBT);
    assert_error(&error, CUVEE_ERROR_IN_DOUBT, "unknown in accounts");
    assert_int_equal(task.runs, 1);
}

static bool retry_and_say_no(cuvee_session *session, void *arg)
{
    struct task *task = arg;
    add_one(session, arg);
    task->gives_up = !cuvee_flush(session);
    return !task->gives_up;
}

/* A handler that reads straight down says no because of the error: it is the error that counts. */
static void work_that_says_no_because_of_a_retry_is_run_again(void **state)
{
    struct task task = {.world = *state, .fails = CV_CALL_RUN_MANY, .kind = CUVEE_ERROR_RETRY, .failing = 1};
    cuvee_error error;
    assert_int_equal(cuvee_run(task.world->blend, retry_and_say_no, &task, &error), CUVEE_COMMITTED);
    assert_int_equal(task.runs, 2);
    assert_int_equal(rows_of(task.world, &team_model), 1);
}

static void what_cannot_be_run_is_an_error(void **state)
{
    struct world *world = *state;
    cuvee_error error;
    struct task task = {.world = world};
    assert_int_equal(cuvee_run(world->blend, NULL, NULL, &error), CUVEE_ROLLED_BACK);
    assert_error(&error, CUVEE_ERROR_MISUSE, "cuvee_run");
    assert_int_equal(cuvee_run(world->blend, NULL, NULL, NULL), CUVEE_ROLLED_BACK);
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &accounts_base, "paper:x");
    assert_int_equal(cuvee_run(blend, add_one, &task, &error), CUVEE_ROLLED_BACK);
    assert_error(&error, CUVEE_ERROR_CONFIG, "accounts");
    assert_int_equal(task.runs, 0); /* it has nothing to work with */
    assert_int_equal(cuvee_run(NULL, add_one, &task, &error), CUVEE_ROLLED_BACK);
    assert_int_equal(error.kind, CUVEE_ERROR_MEMORY);
    cuvee_blend_free(blend);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(work_that_says_yes_is_committed),
        WORLD_TEST(work_that_says_no_is_rolled_back_and_not_run_again),
        SCRIPTED_TEST(work_is_run_again_when_a_database_asks_for_it),
        SCRIPTED_TEST(it_is_run_three_times_in_all),
        SCRIPTED_TEST(other_errors_are_no_reason_to_run_again),
        SCRIPTED_TEST(a_commit_in_doubt_is_no_reason_to_run_again),
        SCRIPTED_TEST(work_that_says_no_because_of_a_retry_is_run_again),
        WORLD_TEST(what_cannot_be_run_is_an_error),
    };
    return WORLD_MAIN(argc, argv, "run", tests);
}
