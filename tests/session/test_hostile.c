/*
 * Strings that mean something in SQL, in every place that takes a value: no value ever changes what is asked of a
 * database.
 */
#include <cuvee/sql.h>
#include <stdio.h>

#include "session/sample.h"
#include "session/support.h"
#include "support/dice.h"

enum { STRINGS = 120, MOST_PIECES = 8, LONGEST = 20 /* characters of Stock.sku */ };

static const char *const known[] = {"",
                                    "'",
                                    "''",
                                    "\"",
                                    "\\",
                                    "\\'",
                                    "%",
                                    "_",
                                    "?",
                                    "$1",
                                    ":x",
                                    ";",
                                    "--",
                                    "/*",
                                    "NULL",
                                    "' OR '1'='1",
                                    "'; DROP TABLE x;--",
                                    "x') OR (1=1",
                                    "\xF0\x9F\x8D\xB7",
                                    "\xE2\x80\xA8\xEF\xBB\xBF",
                                    "a\nb\r\tc",
                                    "\x01\x1F\x7F",
                                    "0",
                                    "1e9",
                                    "{\"a\":1}"};
enum { KNOWN = sizeof known / sizeof known[0] };

/* One of the known strings, or some random pieces of them in a row. */
static const char *make_string(struct dice *dice, size_t number, char *buffer)
{
    static const char *const pieces[] = {"'", "\"", "`", "\\", "%",  "_", "?",  "$", ";",  "--",       "/*", "*/", "(",
                                         ")", "[",  "]", "=",  "OR", "x", "\n", " ", "\t", "\xC3\xA9", ",",  "{",  "}"};
    if (number < KNOWN)
        return known[number];
    char *end = buffer;
    for (uint32_t i = dice_throw(dice, MOST_PIECES) + 1; i > 0; i--) {
        const char *piece = pieces[dice_throw(dice, sizeof pieces / sizeof pieces[0])];
        size_t size = strlen(piece);
        memcpy(end, piece, size);
        end += size;
    }
    *end = '\0';
    return buffer;
}

/* The pattern that only this text is like. */
static void escape(const char *text, char *pattern)
{
    for (; *text; text++) {
        if (*text == '%' || *text == '_' || *text == '\\')
            *pattern++ = '\\';
        *pattern++ = *text;
    }
    *pattern = '\0';
}

static void assert_found(cuvee_session *s, cuvee_query *q, const char *text)
{
    const Sample *sample = cuvee_first(q);
    assert_good(s);
    assert_non_null(sample);
    assert_string_equal(sample->text, text);
    assert_string_equal(sample->opt_text.value, text);
}

static void write_everywhere(cuvee_session *s, const char *text)
{
    cuvee_set set = {"opt_text", CUVEE_VALUE(text)};
    cuvee_value values[] = {CUVEE_VALUE(text), CUVEE_VALUE(text)};
    const Sample *sample = cuvee_add(s, &sample_model, &(Sample){.text = text, .blob = {text, strlen(text)}});
    assert_true(cuvee_flush(s));
    ((Sample *)cuvee_edit(s, sample))->opt_text = (cuvee_opt_text){true, text};
    assert_true(cuvee_flush(s));
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_eq(q, "text", text));
    assert_int_equal(cuvee_update_where(q, &set, 1), 1);
    cuvee_upsert(s, &stock_model, &(Stock){1, text, 1}, "warehouse, sku", "count");
    cuvee_upsert(s, &stock_model, &(Stock){1, text, 2}, "warehouse, sku", "count");
    assert_int_equal(cuvee_sql_execute(s, &sales_base, "UPDATE samples SET text = ? WHERE text = ?", values, 2), 1);
    assert_good(s);
}

static void find_by_everything(cuvee_session *s, const char *text)
{
    char pattern[2 * (LONGEST + 1) * 4];
    escape(text, pattern);
    cuvee_value values[] = {CUVEE_VALUE(text), CUVEE_VALUE("other"), CUVEE_VALUE(text)};
    for (int i = 0; i < 9; i++) {
        cuvee_query *q = cuvee_select(s, &sample_model), *sub = cuvee_select(s, &sample_model);
        switch (i) {
        case 0: cuvee_where(q, cuvee_eq(q, "text", text)); break;
        case 1: cuvee_where(q, cuvee_not(q, cuvee_ne(q, "text", text))); break;
        case 2: cuvee_where(q, cuvee_like(q, "text", (const char *)pattern)); break;
        case 3: cuvee_where(q, cuvee_ilike(q, "text", (const char *)pattern)); break;
        case 4: cuvee_where(q, cuvee_in(q, "text", values, 3)); break;
        case 5: cuvee_where(q, cuvee_between(q, "text", text, text)); break;
        case 6: cuvee_where(q, cuvee_eq(q, "blob", ((cuvee_blob){text, strlen(text)}))); break;
        case 7:
            cuvee_where(sub, cuvee_eq(sub, "opt_text", text));
            cuvee_where(q, cuvee_in_query(q, "text", sub, "text"));
            break;
        case 8:
            cuvee_order_by(q, "text", CUVEE_DESCENDING);
            cuvee_after(q, NULL);
            break;
        }
        assert_found(s, q, text);
    }
}

static void ask_for_values(cuvee_session *s, const char *text)
{
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_order_by(q, "text", CUVEE_ASCENDING);
    cuvee_after(q, cuvee_first(cuvee_select(s, &sample_model)));
    assert_int_equal(cuvee_count(q), 0);
    q = cuvee_select(s, &sample_model);
    cuvee_group_by(q, "text");
    cuvee_having(q, CUVEE_MAX, "opt_text", CUVEE_EQ, text);
    assert_int_equal(cuvee_count(q), 1);
    const cuvee_value key[] = {CUVEE_VALUE(1), CUVEE_VALUE(text)};
    const Stock *stock = cuvee_get_by_key(s, &stock_model, key, 2);
    assert_non_null(stock);
    assert_int_equal(stock->count, 2);
    assert_string_equal(stock->sku, text);
    cuvee_rows *rows = cuvee_sql_rows(s, &sales_base, "SELECT ? FROM samples WHERE text = ?",
                                      (cuvee_value[]){CUVEE_VALUE(text), CUVEE_VALUE(text)}, 2);
    assert_string_equal(cuvee_next_values(rows)->as.text.data, text);
    cuvee_rows_close(rows);
    assert_good(s);
}

static void delete_everything(cuvee_session *s, const char *text)
{
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_eq(q, "text", text));
    assert_true(cuvee_delete(s, cuvee_one(q)));
    assert_true(cuvee_flush(s));
    q = cuvee_select(s, &stock_model);
    cuvee_where(q, cuvee_eq(q, "sku", text));
    assert_int_equal(cuvee_delete_where(q), 1);
    assert_good(s);
}

static void no_value_changes_what_is_asked(void **state)
{
    struct world *world = *state;
    struct dice dice = {13};
    char buffer[100], *first = NULL;
    for (size_t i = 0; i < STRINGS; i++) {
        const char *text = make_string(&dice, i, buffer);
        calls_clear(world);
        cuvee_session *s = session_on(world);
        write_everywhere(s, text);
        find_by_everything(s, text);
        ask_for_values(s, text);
        delete_everything(s, text);
        commit_and_close(s);
        char *calls = calls_of(&world->sales_calls);
        if (!first)
            first = calls;
        else
            assert_string_equal(calls, first);
        if (first != calls)
            free(calls);
    }
    assert_non_null(strstr(first, "WHERE"));
    free(first);
    assert_int_equal(ask(world, &sales_base, "SELECT (SELECT count(*) FROM samples) + (SELECT count(*) FROM stock)"),
                     0);
}

/* Names are the program's own, but a name that is none must not reach a statement either. */
static void no_name_changes_what_is_asked(void **state)
{
    struct world *world = *state;
    for (size_t i = 0; i < KNOWN; i++) {
        cuvee_session *s = session_on(world);
        cuvee_query *q = cuvee_select(s, &sample_model);
        calls_clear(world);
        cuvee_where(q, cuvee_eq(q, known[i], 1));
        cuvee_rollback(s);
        cuvee_order_by(q, known[i], CUVEE_ASCENDING);
        cuvee_rollback(s);
        cuvee_pick(q, known[i]);
        cuvee_rollback(s);
        cuvee_group_by(q, known[i]);
        cuvee_rollback(s);
        cuvee_with(q, known[i]);
        cuvee_rollback(s);
        const cuvee_set set = {known[i], CUVEE_VALUE(1)};
        assert_int_equal(cuvee_update_where(q, &set, 1), -1);
        cuvee_rollback(s);
        assert_null(cuvee_upsert(s, &stock_model, &(Stock){1, "x", 1}, known[i], "count"));
        assert_int_equal(cuvee_session_error(s)->kind, CUVEE_ERROR_MISUSE);
        cuvee_session_close(s);
        assert_calls(&world->sales_calls, "");
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST(no_value_changes_what_is_asked),
        SCRIPTED_TEST(no_name_changes_what_is_asked),
    };
    return WORLD_MAIN(argc, argv, "hostile", tests);
}
