/* Row locks and deadlocks: sessions that get in each other's way. */
#include "conformance/transcript.h"

#include <pthread.h>

static void add_teams(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    cuvee_add_all(s, &team_model, (Team[]){{.name = "a"}, {.name = "b"}}, 2);
    commit_and_close(s);
}

static const char *lock(struct transcript *t, cuvee_session *s, int64_t id)
{
    return cuvee_get_locked(s, &team_model, id) ? "locked" : fault(t, s);
}

static void row_locks(struct transcript *t)
{
    add_teams(t);
    cuvee_session *s = open_session(t), *other = open_session(t), *third = open_session(t);
    say(t, "first = %s", lock(t, s, 1));
    say(t, "second, the same row = %s", lock(t, other, 1));
    say(t, "second, another row = %s", lock(t, third, 2));
    say(t, "a read = %s", keys(t, other, cuvee_select(other, &team_model)));
    cuvee_rollback(third);
    cuvee_set set = {"name", CUVEE_VALUE("x")};
    cuvee_query *q = cuvee_select(other, &team_model);
    cuvee_where(q, cuvee_eq(q, "id", 1));
    cuvee_update_where(q, &set, 1);
    say(t, "a write = %s", fault(t, other));
    say(t, "no such row = %s", cuvee_get_locked(s, &team_model, 77) ? "a row" : fault(t, s));
    cuvee_rollback(s);
    say(t, "when it is free = %s", lock(t, other, 1));
    cuvee_session_close(s);
    cuvee_session_close(other);
    cuvee_session_close(third);
}

/* A lock brings an object up to date. */
static void locks_read_again(struct transcript *t)
{
    add_teams(t);
    cuvee_session *s = open_session(t);
    const Team *team = cuvee_get(s, &team_model, 1);
    someone_runs(t, "UPDATE teams SET name = 'new' WHERE id = 1");
    say(t, "before = %s", team->name);
    lock(t, s, 1);
    say(t, "after = %s", team->name);
    cuvee_session_close(s);
}

/* ---- two that want the same rows the other way round ---- */

/*
 * One of them. Where rows are locked and not the whole database, each has its first row before it asks for its second.
 */
struct side {
    struct transcript *t;
    pthread_barrier_t *both; /* NULL: the database is locked as a whole */
    cuvee_blend *blend;
    int64_t first, second;
    int runs;
    int retries;
    cuvee_outcome outcome;
    cuvee_error error;
};

static bool append(cuvee_session *session, int64_t id, const char *name)
{
    Team *team = cuvee_edit(session, cuvee_get_locked(session, &team_model, id));
    if (team)
        team->name = name;
    return cuvee_flush(session);
}

static bool work(cuvee_session *session, void *arg)
{
    struct side *side = arg;
    static const char *const names[] = {"", "one", "two"};
    bool good = append(session, side->first, names[side->first]);
    if (side->both && side->runs == 0)
        pthread_barrier_wait(side->both);
    side->runs++;
    good = good && append(session, side->second, names[side->second]);
    side->retries += cuvee_session_error(session)->kind == CUVEE_ERROR_RETRY;
    if (!good)
        side->error = *cuvee_session_error(session);
    return good;
}

static void *run_side(void *arg)
{
    struct side *side = arg;
    side->outcome = cuvee_run(side->blend, work, side, NULL);
    return NULL;
}

static void *try_side(void *arg)
{
    struct side *side = arg;
    cuvee_session *session = cuvee_session_open(side->blend);
    if (work(session, side))
        side->outcome = cuvee_commit(session);
    cuvee_session_close(session);
    return NULL;
}

/* Both sides at once, on a blend that waits long for locks: a deadlock is told at once. */
static void meet(struct transcript *t, struct side *sides, void *(*each)(void *))
{
    bool rows = strcmp(t->engine, "sqlite") != 0;
    pthread_barrier_t both;
    pthread_t threads[2];
    assert_int_equal(pthread_barrier_init(&both, NULL, 2), 0);
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &conformance_base, t->place.url, .busy_ms = 20000);
    for (int i = 0; i < 2; i++) {
        sides[i] = (struct side){.t = t, .both = rows ? &both : NULL, .blend = blend, .first = 1 + i, .second = 2 - i};
        assert_int_equal(pthread_create(&threads[i], NULL, each, &sides[i]), 0);
    }
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    pthread_barrier_destroy(&both);
    cuvee_blend_free(blend);
}

static void deadlock(struct transcript *t)
{
    struct side sides[2];
    add_teams(t);
    meet(t, sides, try_side);
    const struct side *loser = &sides[sides[1].outcome != CUVEE_COMMITTED];
    const struct side *winner = loser == &sides[0] ? &sides[1] : &sides[0];
    say(t, "winner = %s", outcome(winner->outcome));
    say(t, "loser = %s", outcome(loser->outcome));
    say(t, "its error = %s", fault_of(t, &loser->error));
}

static void deadlock_is_run_again(struct transcript *t)
{
    struct side sides[2];
    add_teams(t);
    meet(t, sides, run_side);
    say(t, "outcomes = %s, %s", outcome(sides[0].outcome), outcome(sides[1].outcome));
    say(t, "runs = %d", sides[0].runs + sides[1].runs);
    say(t, "retries = %d", sides[0].retries + sides[1].retries);
    cuvee_session *s = open_session(t);
    cuvee_query *q = cuvee_select(s, &team_model);
    cuvee_order_by(q, "name", CUVEE_ASCENDING);
    say(t, "rows = %s", values_of(t, s, cuvee_rows_open(q)));
    cuvee_session_close(s);
}

const struct transcript_case lock_cases[] = {
    {"row locks", row_locks},
    {"locks read again", locks_read_again},
    {"deadlock", deadlock},
    {"deadlock is run again", deadlock_is_run_again},
    {NULL, NULL},
};
