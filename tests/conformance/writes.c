/* Writes that succeed: generated keys, defaults, composite keys, upsert, many rows at once, raw SQL. */
#include "conformance/transcript.h"

/* Whether keys were given in the order in which rows were added. */
static const char *ascend(const int64_t *ids, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (ids[i] <= ids[i - 1])
            return "do not ascend";
    return "ascend";
}

static void generated_keys(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    int64_t ids[5];
    for (int i = 0; i < 3; i++) {
        const Team *team = cuvee_add(s, &team_model, &(Team){.id = 99, .name = text(t, "t%d", i)});
        cuvee_flush(s);
        ids[i] = team->id;
    }
    say(t, "the first = %lld", (long long)ids[0]);
    cuvee_rollback(s);
    for (int i = 3; i < 5; i++) {
        const Team *team = cuvee_add(s, &team_model, &(Team){.name = text(t, "t%d", i)});
        cuvee_flush(s);
        ids[i] = team->id;
    }
    say(t, "in one session = %s", ascend(ids, 3));
    say(t, "after a rollback = %s", ascend(ids + 3, 2));
    commit_and_close(s);
    someone_runs(t, "DELETE FROM teams");
    s = open_session(t);
    const Team *team = cuvee_add(s, &team_model, &(Team){.name = "last"});
    cuvee_flush(s);
    ids[0] = ids[4];
    ids[1] = team->id;
    say(t, "after the last was deleted = %s", ascend(ids, 2));
    commit_and_close(s);
}

/* Many rows may go to the server in a way of their own. */
static void many_rows(struct transcript *t)
{
    enum { ROWS = 1500 };
    static Team teams[ROWS];
    static Word words[ROWS];
    for (int i = 0; i < ROWS; i++) {
        teams[i] = (Team){.name = text(t, "%05d", i)};
        words[i] = (Word){.id = ROWS - i, .text = text(t, "line\n\\N\t%d", i), .note = {i % 2, ""}};
    }
    cuvee_session *s = open_session(t);
    cuvee_add_all(s, &team_model, teams, ROWS);
    cuvee_add_all(s, &word_model, words, ROWS);
    say(t, "outcome = %s", outcome(cuvee_commit(s)));
    cuvee_query *q = cuvee_select(s, &team_model);
    say(t, "teams = %lld", (long long)cuvee_count(q));
    cuvee_order_by(q, "name", CUVEE_ASCENDING);
    cuvee_list all = cuvee_all(q);
    int64_t ids[ROWS];
    for (size_t i = 0; i < all.count; i++)
        ids[i] = ((const Team *)all.items[i])->id;
    say(t, "their keys, by name = %s", ascend(ids, all.count));
    cuvee_query *word = cuvee_select(s, &word_model);
    say(t, "words = %lld", (long long)cuvee_count(word));
    cuvee_pick(word, "text");
    cuvee_pick(word, "note");
    cuvee_order_by(word, "id", CUVEE_ASCENDING);
    cuvee_limit(word, 2);
    say(t, "the first = %s", values_of(t, s, cuvee_rows_open(word)));
    cuvee_session_close(s);
}

static void composite_keys(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    static const Mark marks[] = {{1, "b", 1.5}, {1, "a", 2}, {0, "b", 3}, {1, "B", 4}, {1, "b ", 5}};
    cuvee_add_all(s, &mark_model, marks, 5);
    commit_and_close(s);
    s = open_session(t);
    cuvee_query *q = cuvee_select(s, &mark_model);
    say(t, "in the order of the key = %s", values_of(t, s, cuvee_rows_open(q)));
    cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE("b ")};
    const Mark *mark = cuvee_get_by_key(s, &mark_model, key, 2);
    say(t, "by its key = %s", mark ? shown(t, CUVEE_VALUE(mark->grade)) : "none");
    cuvee_delete(s, mark);
    cuvee_commit(s);
    say(t, "after its deletion = %lld", (long long)cuvee_count(cuvee_select(s, &mark_model)));
    cuvee_session_close(s);
}

static void defaults(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    cuvee_add(s, &sample_model, &(Sample){0});
    commit_and_close(s);
    s = open_session(t);
    const Sample *row = cuvee_get(s, &sample_model, 1);
    for (size_t i = 1; row && i <= 2 * SAMPLE_KINDS; i++)
        say(t, "%s = %s", sample_name(i), shown(t, sample_value(row, i)));
    cuvee_session_close(s);
}

/* ---- upsert ---- */

static const char *member(struct transcript *t, cuvee_session *s, const Member *m)
{
    return m ? text(t, "%lld %s in %s %d, version %d", (long long)m->id, m->name, m->city, m->number, m->version)
             : fault(t, s);
}

static void upsert(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    Member first = {.name = "Ann", .city = "Graz", .number = 1, .version = 1};
    say(t, "new = %s", member(t, s, cuvee_upsert(s, &member_model, &first, "city, number", "name")));
    Member again = {.name = "Bob", .city = "Graz", .number = 1, .version = 1};
    say(t, "the same city and number = %s",
        member(t, s, cuvee_upsert(s, &member_model, &again, "city, number", "name")));
    Member other = {.name = "Cid", .city = "graz", .number = 1, .version = 1};
    say(t, "a city of another case = %s",
        text(t, "%s",
             cuvee_upsert(s, &member_model, &other, "city, number", "name") == cuvee_get(s, &member_model, 1)
                 ? "the same row"
                 : "another row"));
    say(t, "members = %lld", (long long)cuvee_count(cuvee_select(s, &member_model)));
    commit_and_close(s);
    s = open_session(t);
    const Label *label = cuvee_upsert(s, &label_model, &(Label){"a", "one"}, "code", "tag");
    label = cuvee_upsert(s, &label_model, &(Label){"a", "two"}, "code", "tag");
    say(t, "by a key of the caller = %s", label ? label->tag : fault(t, s));
    cuvee_upsert(s, &label_model, &(Label){"b", "two"}, "tag", "code");
    cuvee_query *q = cuvee_select(s, &label_model);
    say(t, "changes a key = %s", values_of(t, s, cuvee_rows_open(q)));
    cuvee_session_close(s);
}

/* What is unique, and not what the upsert is told to look at, is in the way. */
static void upsert_meets_another_conflict(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    cuvee_add_all(s, &label_model, (Label[]){{"a", "one"}, {"b", "two"}}, 2);
    commit_and_close(s);
    s = open_session(t);
    cuvee_upsert(s, &label_model, &(Label){"c", "two"}, "code", "tag");
    say(t, "result = %s", fault(t, s));
    cuvee_query *q = cuvee_select(s, &label_model);
    say(t, "rows = %s", values_of(t, s, cuvee_rows_open(q)));
    cuvee_session_close(s);
}

/* ---- many rows in one statement ---- */

static cuvee_query *numbers_above(cuvee_session *s, int number)
{
    cuvee_query *q = cuvee_select(s, &member_model);
    cuvee_where(q, cuvee_gt(q, "number", number));
    return q;
}

static void mass(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    for (int i = 1; i <= 5; i++)
        cuvee_add(s, &member_model, &(Member){.name = "x", .city = "Graz", .number = i, .version = 1});
    cuvee_flush(s);
    cuvee_set y = {"name", CUVEE_VALUE("y")};
    say(t, "updated = %lld", (long long)cuvee_update_where(numbers_above(s, 2), &y, 1));
    say(t, "updated to what they are = %lld", (long long)cuvee_update_where(numbers_above(s, 2), &y, 1));
    say(t, "updated, none = %lld", (long long)cuvee_update_where(numbers_above(s, 9), &y, 1));
    cuvee_query *q = cuvee_select(s, &member_model);
    cuvee_pick(q, "name");
    cuvee_pick(q, "version");
    cuvee_order_by(q, "id", CUVEE_ASCENDING);
    say(t, "rows = %s", values_of(t, s, cuvee_rows_open(q)));
    cuvee_set low = {"number", CUVEE_VALUE(0)};
    cuvee_update_where(numbers_above(s, 4), &low, 1);
    say(t, "to what the model refuses = %s", fault(t, s));
    for (int i = 1; i <= 5; i++)
        cuvee_add(s, &member_model, &(Member){.name = "x", .city = "Graz", .number = i, .version = 1});
    say(t, "deleted = %lld", (long long)cuvee_delete_where(numbers_above(s, 3)));
    say(t, "deleted, none = %lld", (long long)cuvee_delete_where(numbers_above(s, 3)));
    say(t, "left = %lld", (long long)cuvee_count(cuvee_select(s, &member_model)));
    say(t, "outcome = %s", outcome(cuvee_commit(s)));
    cuvee_session_close(s);
}

/* ---- raw SQL ---- */

static void raw_sql(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    cuvee_value row[] = {CUVEE_VALUE(1), CUVEE_VALUE("it's ?"), CUVEE_VALUE(((cuvee_time){5}))};
    static const char insert[] = "INSERT INTO words (id, text, at) VALUES (?, ?, ?)";
    say(t, "inserted = %lld", (long long)cuvee_sql_execute(s, &conformance_base, insert, row, 3));
    cuvee_value none[] = {CUVEE_VALUE("x"), CUVEE_VALUE(77)};
    static const char update[] = "UPDATE words SET text = ? WHERE id = ?";
    say(t, "updated, none = %lld", (long long)cuvee_sql_execute(s, &conformance_base, update, none, 2));
    cuvee_sql_execute(s, &conformance_base, insert, row, 2);
    say(t, "a value too few = %s", fault(t, s));
    cuvee_sql_execute(s, &conformance_base, insert, row, 3);
    cuvee_commit(s);
    cuvee_rows *rows =
        cuvee_sql_rows(s, &conformance_base, "SELECT text, note, '?' AS mark FROM words WHERE id = ?", row, 1);
    say(t, "columns = %s %s %s", cuvee_rows_name(rows, 0), cuvee_rows_name(rows, 1), cuvee_rows_name(rows, 2));
    say(t, "rows = %s", values_of(t, s, rows));
    cuvee_list words = cuvee_sql_objects(s, &word_model, "SELECT * FROM words WHERE id = ?", row, 1);
    say(t, "objects = %zu", words.count);
    say(t, "its time = %s", words.count ? shown(t, CUVEE_VALUE(((const Word *)words.items[0])->at)) : fault(t, s));
    cuvee_sql_rows(s, &conformance_base, "SELECT absent FROM words", NULL, 0);
    say(t, "no such column = %s", fault(t, s));
    cuvee_sql_rows(s, &conformance_base, "SELECT id FROM nowhere", NULL, 0);
    say(t, "no such table = %s", fault(t, s));
    cuvee_sql_execute(s, &conformance_base, "COMMIT", NULL, 0);
    say(t, "COMMIT = %s", fault(t, s));
    cuvee_session_close(s);
}

static void statements(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    cuvee_add_all(s, &word_model, (Word[]){{.id = 1, .text = "a"}, {.id = 2, .text = "b"}}, 2);
    cuvee_flush(s);
    say(t, "two rows with keys = %llu", (unsigned long long)cuvee_session_statements(s));
    cuvee_add_all(s, &team_model, (Team[]){{.name = "a"}, {.name = "b"}}, 2);
    cuvee_flush(s);
    say(t, "two rows without = %llu", (unsigned long long)cuvee_session_statements(s));
    ((Word *)cuvee_edit(s, cuvee_get(s, &word_model, 1)))->text = "c";
    cuvee_flush(s);
    say(t, "an edit = %llu", (unsigned long long)cuvee_session_statements(s));
    cuvee_flush(s);
    say(t, "nothing to write = %llu", (unsigned long long)cuvee_session_statements(s));
    cuvee_upsert(s, &label_model, &(Label){"a", "one"}, "code", "tag");
    say(t, "an upsert = %llu", (unsigned long long)cuvee_session_statements(s));
    commit_and_close(s);
}

const struct transcript_case write_cases[] = {
    {"generated keys", generated_keys},
    {"many rows", many_rows},
    {"composite keys", composite_keys},
    {"defaults", defaults},
    {"upsert", upsert},
    {"upsert meets another conflict", upsert_meets_another_conflict},
    {"many in one statement", mass},
    {"raw sql", raw_sql},
    {"statements of writes", statements},
    {NULL, NULL},
};
