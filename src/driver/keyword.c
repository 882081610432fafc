#include "driver/keyword.h"

#include <string.h>

#include "base/ascii.h"

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
    return cv_is_letter(c) || c == '_';
}

/*
 * Behind a comment that starts at `at`; comments may stand in comments. MariaDB runs what stands in a comment with '!'.
 */
static const char *behind_comment(const char *at)
{
    if (at[2] == '!' || (at[2] == 'M' && at[3] == '!'))
        return at;
    int depth = 0;
    do {
        if (at[0] == '/' && at[1] == '*') {
            depth++;
            at += 2;
        } else if (at[0] == '*' && at[1] == '/') {
            depth--;
            at += 2;
        } else {
            at++;
        }
    } while (depth > 0 && *at);
    return at;
}

static const char *to_end_of_line(const char *at)
{
    while (*at && *at != '\n')
        at++;
    return at;
}

/* The first character that is no blank, comment, bracket or semicolon. */
static const char *skip(const char *at)
{
    for (;;) {
        const char *from = at;
        while (is_blank(*at) || *at == '(' || *at == ';')
            at++;
        if (at[0] == '#' || (at[0] == '-' && at[1] == '-'))
            at = to_end_of_line(at);
        else if (at[0] == '/' && at[1] == '*')
            at = behind_comment(at);
        if (at == from)
            return at;
    }
}

/* Whether a word (given in capitals) stands here, whatever its case. */
static bool is_word(const char *at, const char *word)
{
    for (; *word; at++, word++)
        if ((*at & ~0x20) != *word)
            return false;
    return !is_letter(*at) && !(*at >= '0' && *at <= '9');
}

static bool is_one_of(const char *at, const char *const *words)
{
    for (; *words; words++)
        if (is_word(at, *words))
            return true;
    return false;
}

static const char *next_word(const char *at)
{
    while (is_letter(*at))
        at++;
    return skip(at);
}

/* Whether one of the words stands anywhere, be it in a text: then it is taken to be meant. */
static bool has_one_of(const char *at, const char *const *words)
{
    for (; *at; at++) {
        if (!is_letter(*at))
            continue;
        if (is_one_of(at, words))
            return true;
        while (is_letter(at[1]))
            at++;
    }
    return false;
}

bool cv_keyword_reads(const char *sql)
{
    static const char *const reads[] = {"SELECT", "VALUES", "TABLE", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", NULL};
    static const char *const writes[] = {"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", NULL};
    const char *at = skip(sql);
    return is_one_of(at, reads) || (is_word(at, "WITH") && !has_one_of(at, writes));
}

/* CREATE [OR REPLACE] [GLOBAL | LOCAL] TEMP[ORARY] … */
static bool makes_temporary(const char *at)
{
    static const char *const between[] = {"CREATE", "OR", "REPLACE", "GLOBAL", "LOCAL", NULL};
    static const char *const temporary[] = {"TEMP", "TEMPORARY", NULL};
    if (!is_word(at, "CREATE"))
        return false;
    while (is_one_of(at, between))
        at = next_word(at);
    return is_one_of(at, temporary);
}

const char *cv_keyword_refusal(const char *sql)
{
    static const char *const transaction[] = {"BEGIN", "START", "COMMIT", "END", "ABORT", "ROLLBACK", "XA", NULL};
    static const char *const savepoint[] = {"SAVEPOINT", "RELEASE", NULL};
    static const char *const prepared[] = {"PREPARE", "EXECUTE", NULL};
    static const char *const settings[] = {"RESET", "DISCARD", "USE", "LOCK", "UNLOCK", "DEALLOCATE", NULL};
    const char *at = skip(sql);
    if (*at == '\0')
        return "there is no statement in the text";
    if (is_one_of(at, transaction) || (is_word(at, "PREPARE") && is_word(next_word(at), "TRANSACTION")))
        return "SQL cannot begin or end a transaction; the session does";
    if (is_one_of(at, prepared))
        return "SQL cannot prepare or run a statement of its connection; the driver does";
    if (is_one_of(at, savepoint))
        return "SQL cannot set a savepoint; the session does";
    if (is_one_of(at, settings) || (is_word(at, "SET") && !is_word(next_word(at), "LOCAL")))
        return "SQL cannot change a setting of its connection, which others use after it";
    if (makes_temporary(at))
        return "SQL cannot make temporary tables on a lent connection";
    if (at[0] == '/')
        return "SQL cannot begin with a comment that is run";
    return NULL;
}

bool cv_keyword_sets(const char *sql)
{
    return is_word(skip(sql), "SET");
}

bool cv_keyword_ends(const char *sql)
{
    static const char *const tables[] = {"CREATE", "ALTER", "DROP", "TRUNCATE", "RENAME", "GRANT", "REVOKE", NULL};
    static const char *const service[] = {"ANALYZE", "OPTIMIZE", "REPAIR",   "CHECK",     "CACHE",   "FLUSH", "CHANGE",
                                          "STOP",    "PURGE",    "SHUTDOWN", "UNINSTALL", "INSTALL", NULL};
    static const char *const programs[] = {"CALL", "IF", "CASE", "FOR", "WHILE", "LOOP", "REPEAT", "DECLARE", NULL};
    const char *at = skip(sql);
    return is_one_of(at, tables) || is_one_of(at, service) || is_one_of(at, programs) ||
           (is_word(at, "LOAD") && is_word(next_word(at), "INDEX"));
}

/* One name, quoted or not, from `at` on; behind it. */
static const char *read_name(const char *at, char *name, size_t name_size)
{
    char quote = *at == '`' || *at == '"' ? *at++ : '\0';
    size_t size = 0;
    for (; *at && (quote ? *at != quote || at[1] == quote : is_letter(*at) || (*at >= '0' && *at <= '9')); at++) {
        if (quote && *at == quote)
            at++; /* a doubled one stands for itself */
        if (size + 1 < name_size)
            name[size++] = *at;
    }
    name[size] = '\0';
    return quote && *at ? at + 1 : at;
}

void cv_keyword_table(const char *sql, char *table, size_t table_size)
{
    static const char *const between[] = {"INTO", "FROM", "IGNORE", "LOW_PRIORITY", "ONLY", NULL};
    static const char *const writes[] = {"INSERT", "REPLACE", "UPDATE", "DELETE", NULL};
    const char *at = skip(sql);
    table[0] = '\0';
    if (!is_one_of(at, writes))
        return;
    for (at = next_word(at); is_one_of(at, between);)
        at = next_word(at);
    at = read_name(at, table, table_size);
    if (*at == '.')
        read_name(at + 1, table, table_size);
}
