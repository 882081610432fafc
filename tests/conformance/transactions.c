/* Savepoints, isolation, what only reads, and statements that take too long. */
#include "conformance/transcript.h"

static long long teams(cuvee_session *s)
{
    return (long long)cuvee_count(cuvee_select(s, &team_model));
}

static void add_team(cuvee_session *s, const char *name)
{
    cuvee_add(s, &team_model, &(Team){.name = name});
}

static void savepoints(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    add_team(s, "a");
    cuvee_savepoint *outer = cuvee_savepoint_set(s);
    add_team(s, "b");
    cuvee_savepoint *inner = cuvee_savepoint_set(s);
    add_team(s, "c");
    add_team(s, "a");
    say(t, "flush = %d", cuvee_flush(s));
    say(t, "error = %s", fault_of(t, cuvee_session_error(s)));
    say(t, "inner rollback = %d", cuvee_savepoint_rollback(s, inner));
    say(t, "error then = %s", fault_of(t, cuvee_session_error(s)));
    say(t, "after the inner = %lld", teams(s));
    inner = cuvee_savepoint_set(s);
    add_team(s, "d");
    say(t, "release = %d", cuvee_savepoint_release(s, inner));
    say(t, "after a release = %lld", teams(s));
    say(t, "outer rollback = %d", cuvee_savepoint_rollback(s, outer));
    say(t, "after the outer = %lld", teams(s));
    say(t, "outer once more = %d", cuvee_savepoint_rollback(s, outer));
    say(t, "error of that = %s", fault_of(t, cuvee_session_error(s)));
    cuvee_rollback(s);
    say(t, "after a rollback = %lld", teams(s));
    cuvee_session_close(s);
}

static void savepoints_that_stay(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    cuvee_savepoint *point = cuvee_savepoint_set(s);
    add_team(s, "a");
    cuvee_savepoint_set(s);
    add_team(s, "b");
    say(t, "release of the outer = %d", cuvee_savepoint_release(s, point));
    say(t, "commit = %s", outcome(cuvee_commit(s)));
    say(t, "teams = %lld", teams(s));
    cuvee_session_close(s);
}

/* ---- isolation ---- */

static void read_committed(struct transcript *t)
{
    cuvee_session *s = open_session(t), *other = open_session(t);
    say(t, "at first = %lld", teams(s));
    add_team(other, "a");
    cuvee_flush(other);
    say(t, "not committed = %lld", teams(s));
    cuvee_commit(other);
    say(t, "committed = %lld", teams(s));
    cuvee_get(s, &team_model, 1);
    someone_runs(t, "UPDATE teams SET name = 'b'");
    cuvee_query *q = cuvee_select(s, &team_model);
    cuvee_where(q, cuvee_eq(q, "name", "b"));
    say(t, "found by what is new = %s", keys(t, s, q));
    say(t, "an object that is known = %s", ((const Team *)cuvee_get(s, &team_model, 1))->name);
    cuvee_session_close(s);
    cuvee_session_close(other);
}

static void snapshots(struct transcript *t)
{
    someone_runs(t, "INSERT INTO teams (name) VALUES ('a')");
    cuvee_session *s = cuvee_session_open(t->blend, .isolation = CUVEE_SNAPSHOT);
    someone_runs(t, "INSERT INTO teams (name) VALUES ('b')");
    say(t, "before the first read = %lld", teams(s));
    someone_runs(t, "INSERT INTO teams (name) VALUES ('c')");
    someone_runs(t, "UPDATE teams SET name = 'new' WHERE name = 'a'");
    say(t, "after it = %lld", teams(s));
    say(t, "a row that changed = %s", ((const Team *)cuvee_get(s, &team_model, 1))->name);
    say(t, "commit of nothing = %s", outcome(cuvee_commit(s)));
    say(t, "after a commit = %lld", teams(s));
    cuvee_session_close(s);
}

/* Reads a row, which then moves, and does something about it. */
static cuvee_session *moved(struct transcript *t)
{
    someone_runs(t, "DELETE FROM teams");
    someone_runs(t, "INSERT INTO teams (name) VALUES ('a')");
    cuvee_session *s = cuvee_session_open(t->blend, .isolation = CUVEE_SNAPSHOT);
    cuvee_first(cuvee_select(s, &team_model));
    someone_runs(t, "UPDATE teams SET name = 'new'");
    return s;
}

static void snapshots_that_moved(struct transcript *t)
{
    cuvee_session *s = moved(t);
    ((Team *)cuvee_edit(s, cuvee_first(cuvee_select(s, &team_model))))->name = "mine";
    say(t, "write = %s", outcome(cuvee_commit(s)));
    say(t, "why = %s", fault(t, s));
    ((Team *)cuvee_edit(s, cuvee_first(cuvee_select(s, &team_model))))->name = "mine";
    say(t, "write again = %s", outcome(cuvee_commit(s)));
    cuvee_session_close(s);
    s = moved(t);
    cuvee_query *q = cuvee_select(s, &team_model);
    cuvee_for_update(q);
    cuvee_all(q);
    say(t, "lock = %s", fault(t, s));
    cuvee_session_close(s);
    s = moved(t);
    cuvee_delete_where(cuvee_select(s, &team_model));
    say(t, "deletion of many = %s", fault(t, s));
    cuvee_session_close(s);
}

/* A snapshot in which only other rows moved. */
static void snapshots_beside(struct transcript *t)
{
    someone_runs(t, "INSERT INTO teams (name) VALUES ('a')");
    cuvee_session *s = cuvee_session_open(t->blend, .isolation = CUVEE_SNAPSHOT);
    const Team *team = cuvee_first(cuvee_select(s, &team_model));
    someone_runs(t, "INSERT INTO teams (name) VALUES ('b')");
    ((Team *)cuvee_edit(s, team))->name = "mine";
    const char *end = outcome(cuvee_commit(s));
    say(t, "write = %s", or_fault(t, s, end));
    cuvee_session_close(s);
}

/* ---- what only reads ---- */

static const char *insert_in(struct transcript *t, cuvee_session *s)
{
    cuvee_sql_execute(s, &conformance_base, "INSERT INTO teams (name) VALUES ('x')", NULL, 0);
    return fault(t, s);
}

static void reading_only(struct transcript *t)
{
    someone_runs(t, "INSERT INTO teams (name) VALUES ('a')");
    cuvee_session *s = cuvee_session_open(t->blend, .read_only = true);
    add_team(s, "b");
    say(t, "session, add = %s", fault(t, s));
    say(t, "session, raw = %s", insert_in(t, s));
    cuvee_get_locked(s, &team_model, 1);
    say(t, "session, lock = %s", fault(t, s));
    cuvee_rows_close(cuvee_sql_rows(s, &conformance_base, "SELECT name FROM teams", NULL, 0));
    say(t, "session, raw rows = %s", fault(t, s));
    cuvee_session_close(s);
    cuvee_blend *blend = cuvee_blend_new();
    cuvee_blend_bind(blend, &conformance_base, t->place.url, .read_only = true);
    s = cuvee_session_open(blend);
    say(t, "binding, rows = %lld", teams(s));
    add_team(s, "b");
    cuvee_flush(s);
    say(t, "binding, add = %s", fault(t, s));
    say(t, "binding, raw = %s", insert_in(t, s));
    cuvee_session_close(s);
    cuvee_blend_free(blend);
    s = open_session(t);
    cuvee_rows *rows =
        cuvee_sql_rows(s, &conformance_base, "INSERT INTO teams (name) VALUES ('c') RETURNING id", NULL, 0);
    cuvee_next_values(rows);
    cuvee_rows_close(rows);
    say(t, "what is asked for rows = %s", fault(t, s));
    say(t, "teams = %lld", teams(s));
    cuvee_session_close(s);
}

/* ---- a time limit ---- */

/* On a busy machine even this may take too long. */
static long long count_words_in_time(cuvee_session *s)
{
    int64_t count = cuvee_count(cuvee_select(s, &word_model));
    while (cuvee_session_error(s)->kind == CUVEE_ERROR_CANCELLED) {
        cuvee_rollback(s);
        count = cuvee_count(cuvee_select(s, &word_model));
    }
    return count;
}

static void time_limit(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    for (int64_t i = 0; i < 300; i++)
        cuvee_add(s, &word_model, &(Word){.id = i, .text = text(t, "%03d", (int)(i * 7 % 300))});
    commit_and_close(s);
    s = cuvee_session_open(t->blend, .statement_ms = 50);
    say(t, "quick = %lld", count_words_in_time(s));
    cuvee_rows *rows = cuvee_sql_rows(s, &conformance_base,
                                      "SELECT count(*) FROM words a, words b, words c, words d, words e "
                                      "WHERE a.text < b.text AND c.text < d.text AND a.text <> e.text",
                                      NULL, 0);
    cuvee_next_values(rows);
    cuvee_rows_close(rows);
    say(t, "slow = %s", fault(t, s));
    say(t, "then = %lld", count_words_in_time(s));
    cuvee_session_close(s);
}

const struct transcript_case transaction_cases[] = {
    {"savepoints", savepoints},
    {"savepoints that stay", savepoints_that_stay},
    {"read committed", read_committed},
    {"snapshots", snapshots},
    {"snapshots that moved", snapshots_that_moved},
    {"snapshots beside a change", snapshots_beside},
    {"reading only", reading_only},
    {"time limit", time_limit},
    {NULL, NULL},
};
