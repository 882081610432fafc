/* What the databases refuse: kind, model and fields; and the session goes on. */
#include "conformance/transcript.h"

/* A team with a member, and a label. */
static void fill(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    cuvee_add(s, &team_model, &(Team){.name = "red"});
    cuvee_add(s, &member_model, &(Member){.team = {true, 1}, .name = "Ann", .city = "Graz", .number = 1, .version = 1});
    cuvee_add(s, &label_model, &(Label){"a", "one"});
    cuvee_add(s, &mark_model, &(Mark){1, "b", 1});
    commit_and_close(s);
}

/* Adds the row: why not. */
static const char *added(struct transcript *t, const cuvee_model *model, const void *row)
{
    cuvee_session *s = open_session(t);
    cuvee_add(s, model, row);
    const char *end = outcome(cuvee_commit(s));
    end = or_fault(t, s, end);
    cuvee_session_close(s);
    return end;
}

static const char *run(struct transcript *t, const char *sql)
{
    cuvee_session *s = open_session(t);
    int64_t changes = cuvee_sql_execute(s, &conformance_base, sql, NULL, 0);
    const char *end = or_fault(t, s, text(t, "%lld", (long long)changes));
    cuvee_session_close(s);
    return end;
}

static void unique(struct transcript *t)
{
    fill(t);
    say(t, "alone = %s", added(t, &team_model, &(Team){.name = "red"}));
    say(t, "together = %s", added(t, &member_model, &(Member){.name = "Bob", .city = "Graz", .number = 1}));
    say(t, "the key = %s", added(t, &label_model, &(Label){"a", "two"}));
    say(t, "a composite key = %s", added(t, &mark_model, &(Mark){1, "b", 2}));
    say(t, "raw = %s", run(t, "INSERT INTO teams (name) VALUES ('red')"));
    cuvee_session *s = open_session(t);
    cuvee_add(s, &team_model, &(Team){.name = "blue"});
    cuvee_flush(s);
    ((Team *)cuvee_edit(s, cuvee_get(s, &team_model, 1)))->name = "blue";
    cuvee_commit(s);
    say(t, "by an edit = %s", fault(t, s));
    cuvee_set blue = {"code", CUVEE_VALUE("b")};
    cuvee_update_where(cuvee_select(s, &label_model), &blue, 1);
    say(t, "a key by an update of many = %s", fault(t, s));
    cuvee_session_close(s);
}

static void among_many(struct transcript *t)
{
    fill(t);
    enum { ROWS = 300 };
    static Team teams[ROWS];
    static Label labels[ROWS];
    for (int i = 0; i < ROWS; i++) {
        teams[i].name = i == 200 ? "red" : text(t, "t%d", i);
        labels[i] = (Label){i == 200 ? "a" : text(t, "l%d", i), text(t, "tag%d", i)};
    }
    cuvee_session *s = open_session(t);
    cuvee_add_all(s, &team_model, teams, ROWS);
    cuvee_commit(s);
    say(t, "a unique text = %s", fault(t, s));
    cuvee_add_all(s, &label_model, labels, ROWS);
    cuvee_commit(s);
    say(t, "a key = %s", fault(t, s));
    say(t, "teams = %lld", (long long)cuvee_count(cuvee_select(s, &team_model)));
    say(t, "labels = %lld", (long long)cuvee_count(cuvee_select(s, &label_model)));
    cuvee_session_close(s);
}

static void foreign_keys(struct transcript *t)
{
    fill(t);
    Member lost = {.team = {true, 77}, .name = "Bob", .city = "Linz", .number = 1};
    say(t, "of nobody = %s", added(t, &member_model, &lost));
    cuvee_session *s = open_session(t);
    cuvee_delete(s, cuvee_get(s, &team_model, 1));
    cuvee_commit(s);
    say(t, "deleting what is referred to = %s", fault(t, s));
    cuvee_delete_where(cuvee_select(s, &team_model));
    say(t, "deleting many = %s", fault(t, s));
    ((Member *)cuvee_edit(s, cuvee_get(s, &member_model, 1)))->team.value = 77;
    cuvee_commit(s);
    say(t, "by an edit = %s", fault(t, s));
    cuvee_session_close(s);
    say(t, "raw, of nobody = %s", run(t, "UPDATE members SET team = 77"));
    say(t, "raw, deleting = %s", run(t, "DELETE FROM teams"));
    s = open_session(t);
    const Team *team = cuvee_get(s, &team_model, 1);
    const Member *member = cuvee_get(s, &member_model, 1);
    cuvee_delete(s, team);
    cuvee_delete(s, member);
    say(t, "both, the parent first = %s", outcome(cuvee_commit(s)));
    cuvee_session_close(s);
}

static void nulls(struct transcript *t)
{
    fill(t);
    say(t, "raw insert = %s", run(t, "INSERT INTO teams (name) VALUES (NULL)"));
    say(t, "raw insert without = %s", run(t, "INSERT INTO labels (code) VALUES ('x')"));
    say(t, "raw update = %s", run(t, "UPDATE members SET name = NULL"));
    say(t, "a key = %s", run(t, "INSERT INTO labels (code, tag) VALUES (NULL, 'x')"));
    say(t, "a text = %s", added(t, &team_model, &(Team){.name = NULL}));
}

static void rules(struct transcript *t)
{
    fill(t);
    say(t, "a bound = %s", added(t, &member_model, &(Member){.name = "Bob", .city = "Linz", .number = 0}));
    say(t, "a length = %s", added(t, &label_model, &(Label){"abcdef", "x"}));
    say(t, "no UTF-8 = %s", added(t, &team_model, &(Team){.name = "\xc3"}));
    cuvee_session *s = open_session(t);
    ((Member *)cuvee_edit(s, cuvee_get(s, &member_model, 1)))->number = -1;
    cuvee_flush(s);
    say(t, "by an edit = %s", fault(t, s));
    cuvee_session_close(s);
}

static void versions(struct transcript *t)
{
    fill(t);
    cuvee_session *s = open_session(t), *other = open_session(t);
    Member *mine = cuvee_edit(s, cuvee_get(s, &member_model, 1));
    Member *theirs = cuvee_edit(other, cuvee_get(other, &member_model, 1));
    mine->name = "mine";
    theirs->name = "theirs";
    say(t, "first = %s", outcome(cuvee_commit(other)));
    say(t, "its version = %d", theirs->version);
    say(t, "second = %s", outcome(cuvee_commit(s)));
    say(t, "why = %s", fault(t, s));
    cuvee_refresh(s, mine);
    ((Member *)cuvee_edit(s, mine))->name = "mine";
    say(t, "again = %s", outcome(cuvee_commit(s)));
    say(t, "the version then = %d", mine->version);
    cuvee_delete(other, theirs);
    cuvee_commit(other);
    say(t, "deleting what changed = %s", fault(t, other));
    cuvee_session_close(s);
    cuvee_session_close(other);
}

static void rows_that_are_gone(struct transcript *t)
{
    fill(t);
    cuvee_session *s = open_session(t);
    const Label *label = cuvee_get(s, &label_model, "a");
    someone_runs(t, "DELETE FROM labels");
    say(t, "refresh = %d", cuvee_refresh(s, label));
    say(t, "why not = %s", fault(t, s));
    ((Label *)cuvee_edit(s, label))->tag = "new";
    cuvee_commit(s);
    say(t, "edit = %s", fault(t, s));
    cuvee_session_close(s);
}

/* The first error stays; rollback clears it, and the session is as good as new. */
static void sessions_go_on(struct transcript *t)
{
    fill(t);
    cuvee_session *s = open_session(t);
    cuvee_add(s, &team_model, &(Team){.name = "blue"});
    cuvee_flush(s);
    cuvee_add(s, &team_model, &(Team){.name = "red"});
    say(t, "flush = %d", cuvee_flush(s));
    say(t, "then count = %lld", (long long)cuvee_count(cuvee_select(s, &team_model)));
    say(t, "then commit = %s", outcome(cuvee_commit(s)));
    say(t, "error = %s", fault(t, s));
    say(t, "after rollback, count = %lld", (long long)cuvee_count(cuvee_select(s, &team_model)));
    cuvee_add(s, &team_model, &(Team){.name = "green"});
    say(t, "commit = %s", outcome(cuvee_commit(s)));
    say(t, "count = %lld", (long long)cuvee_count(cuvee_select(s, &team_model)));
    cuvee_session_close(s);
}

const struct transcript_case error_cases[] = {
    {"unique", unique},
    {"unique among many", among_many},
    {"foreign keys", foreign_keys},
    {"not null", nulls},
    {"rules of the model", rules},
    {"versions", versions},
    {"rows that are gone", rows_that_are_gone},
    {"sessions go on", sessions_go_on},
    {NULL, NULL},
};
