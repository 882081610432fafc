/* Text: what is equal, what is like what, and how much there may be. */
#include "conformance/transcript.h"

static const char *const texts[] = {
    "",
    " ",
    "a",
    "A",
    "a ",
    "a  ",
    " a",
    "\xc3\xa4",
    "a\xcc\x88",
    "\xc3\x84",
    "b",
    "\xc3\x9f",
    "ss",
    "SS",
    "i",
    "I",
    "\xc4\xb0",
    "\xc4\xb1",
    "e",
    "\xc3\xa9",
    "\xf0\x9f\x98\x80",
    "\xf0\x9f\x98\x81",
    "\xef\xbc\xa1",
    "a\nb",
    "a\tb",
    "100%",
    "100x",
    "a_b",
    "axb",
    "a\\b",
    "a'b",
    "a\"b",
};
enum { TEXTS = sizeof texts / sizeof texts[0] };

/* Words 0 … with these texts. */
static cuvee_session *with_texts(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    for (int64_t i = 0; i < TEXTS; i++)
        cuvee_add(s, &word_model, &(Word){.id = i, .text = texts[i]});
    commit_and_close(s);
    return open_session(t);
}

static const char *found(struct transcript *t, cuvee_session *s, cuvee_comparison comparison, const char *value)
{
    cuvee_query *q = cuvee_select(s, &word_model);
    cuvee_where(q, cuvee_compare(q, "text", comparison, CUVEE_VALUE(value)));
    return keys(t, s, q);
}

static void equal_texts(struct transcript *t)
{
    cuvee_session *s = with_texts(t);
    for (size_t i = 0; i < TEXTS; i++)
        say(t, "equal to %s = %s", shown(t, CUVEE_VALUE(texts[i])), found(t, s, CUVEE_EQ, texts[i]));
    cuvee_session_close(s);
}

static void texts_come_back(struct transcript *t)
{
    cuvee_session *s = with_texts(t);
    for (int64_t i = 0; i < TEXTS; i++) {
        const Word *word = cuvee_get(s, &word_model, i);
        say(t, "%lld = %s%s", (long long)i, shown(t, CUVEE_VALUE(word->text)),
            strcmp(word->text, texts[i]) == 0 ? "" : ", which is another");
    }
    cuvee_session_close(s);
}

static void order_of_texts(struct transcript *t)
{
    cuvee_session *s = with_texts(t);
    cuvee_query *q = cuvee_select(s, &word_model);
    cuvee_order_by(q, "text", CUVEE_ASCENDING);
    say(t, "ascending = %s", keys(t, s, q));
    q = cuvee_select(s, &word_model);
    cuvee_order_by(q, "text", CUVEE_DESCENDING);
    say(t, "descending = %s", keys(t, s, q));
    say(t, "less than \"a\" = %s", found(t, s, CUVEE_LT, "a"));
    say(t, "greater than \"a\" = %s", found(t, s, CUVEE_GT, "a"));
    say(t, "at least \"\xc3\xa4\" = %s", found(t, s, CUVEE_GE, "\xc3\xa4"));
    q = cuvee_select(s, &word_model);
    say(t, "least = %s", shown(t, cuvee_aggregate_of(q, CUVEE_MIN, "text")));
    say(t, "greatest = %s", shown(t, cuvee_aggregate_of(q, CUVEE_MAX, "text")));
    cuvee_pick(q, "text");
    cuvee_distinct(q);
    say(t, "distinct = %lld", (long long)cuvee_count(q));
    cuvee_session_close(s);
}

static void patterns(struct transcript *t)
{
    static const char *const all[] = {
        "",
        "%",
        "a%",
        "A%",
        "%a",
        "a",
        "a ",
        "_",
        "__",
        "\xc3\xa4",
        "\xc3\x84",
        "s_",
        "Ss",
        "\xc3\x9f",
        "i",
        "\xc4\xb0",
        "\xf0\x9f\x98\x80%",
        "100\\%",
        "100%",
        "a\\_b",
        "a_b",
        "a\\\\b",
        "a'b",
        "%\"%",
        "a\\nb",
        "a%b",
        "[a-z]",
        "*",
        "?",
        "(a)",
        "^a$",
        "a.b",
    };
    cuvee_session *s = with_texts(t);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const char *pattern = shown(t, CUVEE_VALUE(all[i]));
        say(t, "like %s = %s", pattern, found(t, s, CUVEE_LIKE, all[i]));
        say(t, "ilike %s = %s", pattern, found(t, s, CUVEE_ILIKE, all[i]));
    }
    say(t, "like with a backslash at its end = %s", found(t, s, CUVEE_LIKE, "a\\"));
    cuvee_session_close(s);
}

static void empty_and_null(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    cuvee_add(s, &word_model, &(Word){.id = 1, .text = "", .note = {true, ""}});
    cuvee_add(s, &word_model, &(Word){.id = 2, .text = "", .note = {true, " "}});
    cuvee_add(s, &word_model, &(Word){.id = 3, .text = ""});
    commit_and_close(s);
    s = open_session(t);
    cuvee_query *q = cuvee_select(s, &word_model);
    cuvee_where(q, cuvee_eq(q, "note", ""));
    say(t, "equal to the empty text = %s", keys(t, s, q));
    q = cuvee_select(s, &word_model);
    cuvee_where(q, cuvee_ne(q, "note", ""));
    say(t, "other than the empty text = %s", keys(t, s, q));
    q = cuvee_select(s, &word_model);
    cuvee_where(q, cuvee_not(q, cuvee_eq(q, "note", "")));
    say(t, "not equal to the empty text = %s", keys(t, s, q));
    q = cuvee_select(s, &word_model);
    cuvee_where(q, cuvee_is_null(q, "note"));
    say(t, "null = %s", keys(t, s, q));
    q = cuvee_select(s, &word_model);
    cuvee_where(q, cuvee_ne(q, "note", (const char *)NULL));
    say(t, "other than null = %s", keys(t, s, q));
    cuvee_session_close(s);
}

/* A label of the code: how it ends. */
static const char *label(struct transcript *t, const char *code, const char *tag)
{
    cuvee_session *s = open_session(t);
    cuvee_add(s, &label_model, &(Label){code, tag});
    const char *end = outcome(cuvee_commit(s));
    end = or_fault(t, s, end);
    cuvee_session_close(s);
    return end;
}

static void limits(struct transcript *t)
{
    say(t, "5 letters = %s", label(t, "abcde", "1"));
    say(t, "6 letters = %s", label(t, "abcdef", "2"));
    say(t, "5 faces = %s",
        label(t, "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80", "3"));
    say(t, "5 letters and a space = %s", label(t, "abcde ", "4"));
    say(t, "bytes that are no UTF-8 = %s", label(t, "\xff", "5"));
    say(t, "half of a surrogate = %s", label(t, "\xed\xa0\x80", "6"));
}

static void long_texts(struct transcript *t)
{
    static const size_t sizes[] = {1000, 70000, 1000000};
    cuvee_session *s = open_session(t);
    for (int64_t i = 0; i < 3; i++) {
        char *long_one = malloc(sizes[i] + 1);
        assert_non_null(long_one);
        memset(long_one, 'x', sizes[i]);
        memcpy(long_one + sizes[i] - 2, "\xc3\xa4", 3);
        cuvee_add(s, &word_model, &(Word){.id = i, .text = long_one});
        free(long_one);
    }
    commit_and_close(s);
    s = open_session(t);
    for (int64_t i = 0; i < 3; i++) {
        const Word *word = cuvee_get(s, &word_model, i);
        say(t, "%zu bytes = %s", sizes[i], word ? shown(t, CUVEE_VALUE(word->text)) : fault(t, s));
        cuvee_query *q = cuvee_select(s, &word_model);
        cuvee_where(q, cuvee_eq(q, "text", word ? word->text : ""));
        say(t, "found by %zu bytes = %s", sizes[i], keys(t, s, q));
    }
    cuvee_session_close(s);
}

/* Which of them are the same to a unique text and to a key. */
static void unique_texts(struct transcript *t)
{
    static const char *const all[] = {"a",        "A",        "a ", "a  ", "\xc3\xa4", "a\xcc\x88",
                                      "\xc3\x84", "\xc3\x9f", "ss", "",    " ",        "a"};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const char *shown_one = shown(t, CUVEE_VALUE(all[i]));
        say(t, "key %zu %s = %s", i, shown_one, label(t, all[i], text(t, "tag %zu", i)));
        say(t, "tag %zu %s = %s", i, shown_one, label(t, text(t, "k%zu", i), all[i]));
    }
}

const struct transcript_case text_cases[] = {
    {"equal texts", equal_texts}, {"texts come back", texts_come_back}, {"order of texts", order_of_texts},
    {"patterns", patterns},       {"empty and null", empty_and_null},   {"limits", limits},
    {"long texts", long_texts},   {"unique texts", unique_texts},       {NULL, NULL},
};
