/* A cancel that is slow on its way to the server: it holds up nothing, and meets nothing but its own session. */
#include "session/support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

/* ---- a way that is blocked ---- */

/* Cancels stand here until they are let through, one by one; who has to wait for them comes by `changed`. */
struct way {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int came, let, gone;
};

static void on_the_way(void *arg, enum cv_call call)
{
    struct way *way = arg;
    if (call != CV_CALL_CANCEL)
        return;
    pthread_mutex_lock(&way->lock);
    int number = ++way->came;
    pthread_cond_broadcast(&way->changed);
    while (way->let < number)
        pthread_cond_wait(&way->changed, &way->lock);
    way->gone++;
    pthread_cond_broadcast(&way->changed);
    pthread_mutex_unlock(&way->lock);
}

static void way_block(struct way *way, struct cv_script *script)
{
    *way = (struct way){0};
    pthread_mutex_init(&way->lock, NULL);
    pthread_cond_init(&way->changed, NULL);
    script->on_call_arg = way;
    script->on_call = on_the_way;
}

static void way_free(struct way *way)
{
    pthread_cond_destroy(&way->changed);
    pthread_mutex_destroy(&way->lock);
}

/* Waits until so many cancels stand there, or have stood there. */
static void wait_for(struct way *way, int came)
{
    pthread_mutex_lock(&way->lock);
    while (way->came < came)
        pthread_cond_wait(&way->changed, &way->lock);
    pthread_mutex_unlock(&way->lock);
}

static void let_through(struct way *way, int more)
{
    pthread_mutex_lock(&way->lock);
    way->let += more;
    pthread_cond_broadcast(&way->changed);
    pthread_mutex_unlock(&way->lock);
}

/* ---- who cancels ---- */

static void *cancel(void *session)
{
    cuvee_cancel(session);
    return NULL;
}

/* A cancel of the session that stands on its way now, as the n-th. */
static pthread_t cancel_slowly(cuvee_session *session, struct way *way, int n)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel, session), 0);
    wait_for(way, n);
    return thread;
}

/* A session with a row that is written and not committed, and a cancel on its way to it. */
static cuvee_session *cancelled_slowly(struct world *world, struct way *way, pthread_t *thread)
{
    cuvee_session *session = session_on(world);
    add_user(session, "jane");
    assert_true(cuvee_flush(session));
    way_block(way, &world->accounts_calls);
    *thread = cancel_slowly(session, way, 1);
    return session;
}

static void end_cancel(struct way *way, pthread_t thread)
{
    let_through(way, 1);
    pthread_join(thread, NULL);
}

static size_t connects(const struct world *world)
{
    return world->accounts_calls.calls[CV_CALL_CONNECT];
}

/* Has so many connections to accounts in use at the same time. */
static void use_connections(const struct world *world, int count)
{
    cuvee_session *sessions[4];
    for (int i = 0; i < count; i++) {
        sessions[i] = session_on(world);
        assert_int_equal(cuvee_count(cuvee_select(sessions[i], &user_model)), 0);
    }
    for (int i = 0; i < count; i++)
        cuvee_session_close(sessions[i]);
}

/* ---- its session goes on ---- */

static void a_rollback_does_not_wait(void **state)
{
    struct way way;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(*state, &way, &thread);
    assert_true(cuvee_rollback(session));
    end_cancel(&way, thread);
    cuvee_session_close(session);
    assert_int_equal(rows_of(*state, &user_model), 0);
    way_free(&way);
}

static void a_close_does_not_wait(void **state)
{
    struct way way;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(*state, &way, &thread);
    cuvee_session_close(session);
    assert_int_equal(rows_of(*state, &user_model), 0);
    end_cancel(&way, thread);
    way_free(&way);
}

static void the_session_goes_on_with_another_connection(void **state)
{
    struct world *world = *state;
    struct way way;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(world, &way, &thread);
    size_t before = connects(world);
    assert_true(cuvee_rollback(session));
    add_user(session, "john");
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    assert_int_equal(connects(world), before + 1);
    end_cancel(&way, thread);
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
    way_free(&way);
}

/* ---- commit ---- */

static void a_commit_is_refused_before_it_begins(void **state)
{
    struct world *world = *state;
    struct way way;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(world, &way, &thread);
    calls_clear(world);
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    assert_failed(session, CUVEE_ERROR_CANCELLED, "a cancel was on its way");
    assert_string_equal(cuvee_session_error(session)->database, "accounts");
    assert_calls(&world->accounts_calls, "rollback\n");
    end_cancel(&way, thread);
    assert_true(cuvee_rollback(session));
    add_user(session, "john");
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
    way_free(&way);
}

static void so_is_the_commit_of_all_other_databases(void **state)
{
    struct world *world = *state;
    struct way way;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(world, &way, &thread);
    cuvee_add(session, &note_model, &(Note){0});
    assert_true(cuvee_flush(session));
    assert_int_equal(cuvee_commit(session), CUVEE_ROLLED_BACK);
    end_cancel(&way, thread);
    cuvee_session_close(session);
    assert_int_equal(rows_of(world, &note_model), 0);
    way_free(&way);
}

static void what_only_reads_may_be_committed(void **state)
{
    struct world *world = *state;
    struct way way;
    cuvee_session *session = session_on(world);
    assert_int_equal(cuvee_count(cuvee_select(session, &user_model)), 0);
    way_block(&way, &world->accounts_calls);
    pthread_t thread = cancel_slowly(session, &way, 1);
    assert_int_equal(cuvee_commit(session), CUVEE_COMMITTED);
    end_cancel(&way, thread);
    cuvee_session_close(session);
    way_free(&way);
}

struct committer {
    cuvee_session *session;
    bool cancelled;
};

/* Cancels in the middle of the commit. */
static void cancel_at_commit(void *arg, enum cv_call call)
{
    struct committer *committer = arg;
    if (call == CV_CALL_COMMIT && !committer->cancelled) {
        cuvee_cancel(committer->session);
        committer->cancelled = true;
    }
    assert_true(call != CV_CALL_CANCEL);
}

static void no_cancel_begins_while_a_commit_is_on_its_way(void **state)
{
    struct world *world = *state;
    struct committer committer = {.session = session_on(world)};
    add_user(committer.session, "jane");
    assert_true(cuvee_flush(committer.session));
    world->accounts_calls.on_call_arg = &committer;
    world->accounts_calls.on_call = cancel_at_commit;
    assert_int_equal(cuvee_commit(committer.session), CUVEE_COMMITTED);
    assert_true(committer.cancelled);
    world->accounts_calls.on_call = NULL;
    cuvee_session_close(committer.session);
    assert_int_equal(rows_of(world, &user_model), 1);
}

/* ---- the connection ---- */

static void the_connection_is_nobody_elses_until_the_cancel_is_over(void **state)
{
    struct world *world = *state;
    struct way way;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(world, &way, &thread);
    size_t before = connects(world);
    cuvee_session_close(session);
    use_connections(world, 1);
    assert_int_equal(connects(world), before + 1); /* none of them is the one that the cancel will meet */
    end_cancel(&way, thread);
    use_connections(world, 2);
    assert_int_equal(connects(world), before + 1); /* now it is */
    way_free(&way);
}

static void the_last_of_several_cancels_gives_it_back(void **state)
{
    struct world *world = *state;
    struct way way;
    pthread_t first, second;
    cuvee_session *session = cancelled_slowly(world, &way, &first);
    second = cancel_slowly(session, &way, 2);
    size_t before = connects(world);
    cuvee_session_close(session);
    end_cancel(&way, first);
    use_connections(world, 1);
    assert_int_equal(connects(world), before + 1);
    end_cancel(&way, second);
    use_connections(world, 2);
    assert_int_equal(connects(world), before + 1);
    way_free(&way);
}

static void one_that_was_lost_is_closed_by_the_cancel(void **state)
{
    struct world *world = *state;
    struct way way;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(world, &way, &thread);
    size_t before = connects(world);
    cv_script_fail(&world->accounts_calls, CV_CALL_ROLLBACK, 1, CUVEE_ERROR_CONNECTION);
    cuvee_session_close(session);
    end_cancel(&way, thread);
    use_connections(world, 1);
    assert_int_equal(connects(world), before + 1);
    way_free(&way);
}

static void a_connection_that_stays_can_be_used_on(void **state)
{
    struct world *world = *state;
    struct way way;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(world, &way, &thread);
    size_t before = connects(world);
    end_cancel(&way, thread);
    commit_and_close(session);
    assert_int_equal(rows_of(world, &user_model), 1);
    assert_int_equal(connects(world), before);
    way_free(&way);
}

/* ---- the end ---- */

/* Closes so many sessions that the blend no longer remembers those before. */
static void close_many(const struct world *world)
{
    for (int i = 0; i < 1000; i++)
        cuvee_session_close(session_on(world));
}

static void a_closed_session_stays_until_its_cancel_is_over(void **state)
{
    struct world *world = *state;
    struct way way;
    pthread_t thread;
    cuvee_session *session = cancelled_slowly(world, &way, &thread);
    cuvee_session_close(session);
    close_many(world);
    assert_failed(session, CUVEE_ERROR_MISUSE, "the session is closed");
    end_cancel(&way, thread);
    cuvee_cancel(session); /* a late one finds nothing, and does not end it again */
    close_many(world);
    way_free(&way);
}

struct gatekeeper {
    struct way *way;
    atomic_bool open;
};

static void *open_when_told(void *arg)
{
    struct gatekeeper *keeper = arg;
    while (!atomic_load(&keeper->open))
        ;
    let_through(keeper->way, 1);
    return NULL;
}

static void the_blend_waits_for_cancels_at_its_end(void **state)
{
    struct world *world = *state;
    struct way way;
    struct gatekeeper keeper = {.way = &way};
    pthread_t thread, opener;
    cuvee_session *session = cancelled_slowly(world, &way, &thread);
    assert_int_equal(pthread_create(&opener, NULL, open_when_told, &keeper), 0);
    cuvee_session_close(session);
    atomic_store(&keeper.open, true);
    cuvee_blend_free(world->blend);
    assert_int_equal(way.gone, 1);
    world->blend = NULL;
    pthread_join(opener, NULL);
    pthread_join(thread, NULL);
    way_free(&way);
}

/* ---- all at once ---- */

static void *cancel_often(void *arg)
{
    for (int i = 0; i < 300; i++)
        cuvee_cancel(arg);
    return NULL;
}

static void cancels_come_at_any_moment(void **state)
{
    struct world *world = *state;
    int64_t committed = 0;
    for (int round = 0; round < 40; round++) {
        char name[20];
        pthread_t threads[2];
        cuvee_session *session = session_on(world);
        for (int i = 0; i < 2; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, cancel_often, session), 0);
        for (int i = 0; i < 5; i++) {
            snprintf(name, sizeof name, "user %d %d", round, i);
            cuvee_add(session, &user_model, &(User){.name = name, .email = "jane@example.com"});
            cuvee_delete(session, cuvee_first(cuvee_select(session, &user_model)));
            cuvee_add(session, &team_model, &(Team){.name = name});
            cuvee_outcome outcome = cuvee_commit(session);
            cuvee_error_kind kind = cuvee_session_error(session)->kind;
            assert_int_equal(outcome, kind ? CUVEE_ROLLED_BACK : CUVEE_COMMITTED);
            if (kind && kind != CUVEE_ERROR_CANCELLED)
                fail_msg("%s", cuvee_session_error(session)->message);
            committed += outcome == CUVEE_COMMITTED;
            assert_true(cuvee_rollback(session));
        }
        cuvee_session_close(session);
        for (int i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
    }
    assert_int_equal(rows_of(world, &team_model), committed);
    assert_int_equal(rows_of(world, &user_model), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST(a_rollback_does_not_wait),
        SCRIPTED_TEST(a_close_does_not_wait),
        SCRIPTED_TEST(the_session_goes_on_with_another_connection),
        SCRIPTED_TEST(a_commit_is_refused_before_it_begins),
        SCRIPTED_TEST(so_is_the_commit_of_all_other_databases),
        SCRIPTED_TEST(what_only_reads_may_be_committed),
        SCRIPTED_TEST(no_cancel_begins_while_a_commit_is_on_its_way),
        SCRIPTED_TEST(the_connection_is_nobody_elses_until_the_cancel_is_over),
        SCRIPTED_TEST(the_last_of_several_cancels_gives_it_back),
        SCRIPTED_TEST(one_that_was_lost_is_closed_by_the_cancel),
        SCRIPTED_TEST(a_connection_that_stays_can_be_used_on),
        SCRIPTED_TEST(a_closed_session_stays_until_its_cancel_is_over),
        SCRIPTED_TEST(the_blend_waits_for_cancels_at_its_end),
        SCRIPTED_TEST(cancels_come_at_any_moment),
    };
    return WORLD_MAIN(argc, argv, "cancel", tests);
}
