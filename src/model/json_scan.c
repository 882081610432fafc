#include "model/json_scan.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"

static const char expecting_value[] = "Expecting value";
static const char expecting_name[] = "Expecting property name enclosed in double quotes";
static const char expecting_colon[] = "Expecting ':' delimiter";
static const char expecting_comma[] = "Expecting ',' delimiter";
static const char extra_data[] = "Extra data";
static const char unterminated[] = "Unterminated string starting at";
static const char control_character[] = "Invalid control character at";
static const char bad_escape[] = "Invalid \\escape";
static const char bad_unicode_escape[] = "Invalid \\uXXXX escape";
static const char too_deep[] = "Too many arrays and objects inside each other";

/* Where the scanner stands, and what it stands in: one bit per open array (0) or object (1). */
struct scanner {
    const char *start;
    const char *at;
    const char *end;
    size_t depth;
    unsigned char is_object[CV_JSON_DEPTH / 8];
    const struct cv_json_listener *listener;
    struct cv_json_fault *fault;
};

static bool fail(struct scanner *scanner, const char *message, const char *where)
{
    scanner->fault->message = message;
    scanner->fault->position = cv_utf8_count(scanner->start, (size_t)(where - scanner->start));
    return false;
}

static bool next_is(const struct scanner *scanner, char c)
{
    return scanner->at < scanner->end && *scanner->at == c;
}

static bool take(struct scanner *scanner, char c)
{
    bool there = next_is(scanner, c);
    scanner->at += there;
    return there;
}

static void skip_space(struct scanner *scanner)
{
    while (next_is(scanner, ' ') || next_is(scanner, '\t') || next_is(scanner, '\n') || next_is(scanner, '\r'))
        scanner->at++;
}

static bool is_digit(const struct scanner *scanner)
{
    return scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9';
}

/* Four digits in front of at least one more character; -1 if they are not there. */
static int read_hex(struct scanner *scanner)
{
    if (scanner->end - scanner->at <= 4)
        return -1;
    int number = 0;
    for (int i = 0; i < 4; i++) {
        int digit = cv_hex_value(scanner->at[i]);
        if (digit < 0)
            return -1;
        number = number << 4 | digit;
    }
    scanner->at += 4;
    return number;
}

/* From behind "\u" on. */
static bool read_unicode_escape(struct scanner *scanner, bool in_name)
{
    const char *where = scanner->at - 1;
    int unit = read_hex(scanner);
    if (unit < 0)
        return fail(scanner, bad_unicode_escape, where);
    if (unit == 0) {
        scanner->fault->nul = true;
        return !in_name || fail(scanner, bad_unicode_escape, where);
    }
    if (unit < 0xD800 || unit > 0xDFFF)
        return true;
    bool pair = unit < 0xDC00 && scanner->end - scanner->at > 6 && scanner->at[0] == '\\' && scanner->at[1] == 'u';
    if (!pair)
        return fail(scanner, bad_unicode_escape, where);
    scanner->at += 2;
    const char *second = scanner->at - 1;
    int low = read_hex(scanner);
    if (low < 0)
        return fail(scanner, bad_unicode_escape, second);
    return (low >= 0xDC00 && low <= 0xDFFF) || fail(scanner, bad_unicode_escape, where);
}

/* From behind the opening quote to behind the closing one. */
static bool read_text(struct scanner *scanner, bool in_name)
{
    const char *quote = scanner->at - 1;
    while (scanner->at < scanner->end) {
        char c = *scanner->at++;
        if (c == '"')
            return true;
        if ((unsigned char)c < 0x20)
            return fail(scanner, control_character, scanner->at - 1);
        if (c != '\\')
            continue;
        if (scanner->at == scanner->end)
            break;
        c = *scanner->at++;
        if (c == 'u') {
            if (!read_unicode_escape(scanner, in_name))
                return false;
        } else if (c == '\0' || !strchr("\"\\/bfnrt", c)) {
            return fail(scanner, bad_escape, scanner->at - 2);
        }
    }
    return fail(scanner, unterminated, quote);
}

/* ---- numbers and words ---- */

static void skip_digits(struct scanner *scanner)
{
    while (is_digit(scanner))
        scanner->at++;
}

/* As far as it is a number; what follows is for the caller to dislike. */
static bool read_number(struct scanner *scanner)
{
    const char *start = scanner->at;
    take(scanner, '-');
    if (!take(scanner, '0')) {
        if (!is_digit(scanner))
            return fail(scanner, expecting_value, start);
        skip_digits(scanner);
    }
    const char *good = scanner->at;
    if (take(scanner, '.')) {
        skip_digits(scanner);
        if (scanner->at == good + 1)
            scanner->at = good;
        good = scanner->at;
    }
    if (take(scanner, 'e') || take(scanner, 'E')) {
        if (!take(scanner, '+'))
            take(scanner, '-');
        if (!is_digit(scanner))
            scanner->at = good;
        skip_digits(scanner);
    }
    const struct cv_json_listener *listener = scanner->listener;
    return !listener || listener->number(listener->arg, start, (size_t)(scanner->at - start));
}

static bool next_word(struct scanner *scanner, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(scanner->end - scanner->at) < size || memcmp(scanner->at, word, size) != 0)
        return false;
    scanner->at += size;
    return true;
}

/* ---- structure ---- */

static bool in_object(const struct scanner *scanner)
{
    size_t top = scanner->depth - 1;
    return scanner->is_object[top / 8] >> top % 8 & 1;
}

static bool open(struct scanner *scanner, bool object)
{
    size_t top = scanner->depth++;
    unsigned bit = 1U << top % 8;
    unsigned others = scanner->is_object[top / 8] & ~bit;
    scanner->is_object[top / 8] = (unsigned char)(object ? others | bit : others);
    return !scanner->listener || scanner->listener->open(scanner->listener->arg, object);
}

static bool close(struct scanner *scanner)
{
    scanner->at++;
    scanner->depth--;
    return !scanner->listener || scanner->listener->close(scanner->listener->arg);
}

/* A member's name and colon, in front of its value. */
static bool read_name(struct scanner *scanner)
{
    const struct cv_json_listener *listener = scanner->listener;
    if (!take(scanner, '"'))
        return fail(scanner, expecting_name, scanner->at);
    const char *name = scanner->at;
    if (!read_text(scanner, true))
        return false;
    if (listener && !listener->name(listener->arg, name, (size_t)(scanner->at - 1 - name)))
        return false;
    skip_space(scanner);
    if (!take(scanner, ':'))
        return fail(scanner, expecting_colon, scanner->at);
    skip_space(scanner);
    return true;
}

static bool read_container(struct scanner *scanner, bool object, bool *whole)
{
    scanner->at++;
    if (!open(scanner, object))
        return false;
    skip_space(scanner);
    *whole = next_is(scanner, object ? '}' : ']');
    if (*whole)
        return close(scanner);
    return !object || read_name(scanner);
}

static bool read_scalar(struct scanner *scanner)
{
    const struct cv_json_listener *listener = scanner->listener;
    if (take(scanner, '"')) {
        const char *text = scanner->at;
        return read_text(scanner, false) &&
               (!listener || listener->text(listener->arg, text, (size_t)(scanner->at - 1 - text)));
    }
    char first = scanner->at < scanner->end ? *scanner->at : '\0';
    if (next_word(scanner, "null") || next_word(scanner, "true") || next_word(scanner, "false"))
        return !listener || listener->word(listener->arg, first);
    return read_number(scanner);
}

/* What stands where a value must be: *whole says that it is complete, not an array or object that was opened. */
static bool read_value(struct scanner *scanner, bool *whole)
{
    *whole = true;
    size_t most = scanner->listener ? scanner->listener->depth : CV_JSON_DEPTH;
    if (scanner->depth == most && scanner->at < scanner->end)
        return fail(scanner, too_deep, scanner->at);
    bool object = next_is(scanner, '{');
    if (object || next_is(scanner, '['))
        return read_container(scanner, object, whole);
    return read_scalar(scanner);
}

/* Behind a value: closes what ends here, up to the next comma. *more says that a value must follow. */
static bool read_end(struct scanner *scanner, bool *more)
{
    *more = false;
    while (scanner->depth > 0) {
        skip_space(scanner);
        if (next_is(scanner, in_object(scanner) ? '}' : ']')) {
            if (!close(scanner))
                return false;
            continue;
        }
        if (!take(scanner, ','))
            return fail(scanner, expecting_comma, scanner->at);
        skip_space(scanner);
        *more = true;
        return !in_object(scanner) || read_name(scanner);
    }
    return true;
}

static bool read_all(struct scanner *scanner)
{
    skip_space(scanner);
    for (bool more = true; more;) {
        bool whole;
        if (!read_value(scanner, &whole) || (whole && !read_end(scanner, &more)))
            return false;
    }
    skip_space(scanner);
    return scanner->at == scanner->end || fail(scanner, extra_data, scanner->at);
}

enum cv_json_scan cv_json_scan(const char *text, size_t size, const struct cv_json_listener *listener,
                               struct cv_json_fault *fault)
{
    struct scanner scanner = {.start = text, .at = text, .end = text + size, .listener = listener, .fault = fault};
    *fault = (struct cv_json_fault){.message = NULL};
    if (read_all(&scanner))
        return CV_JSON_GOOD;
    return fault->message ? CV_JSON_FAULT : CV_JSON_STOPPED;
}
