#include "model/json_locate.h"

#include <string.h>

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

/* Where the reader stands, and what it stands in: one bit per open array (0) or object (1). */
struct reader {
    const char *start;
    const char *at;
    const char *end;
    size_t depth;
    unsigned char is_object[CV_JSON_DEPTH / 8];
    struct cv_json_fault *fault;
};

static bool fail(struct reader *reader, const char *message, const char *where)
{
    reader->fault->message = message;
    reader->fault->position = cv_utf8_count(reader->start, (size_t)(where - reader->start));
    return false;
}

static bool next_is(const struct reader *reader, char c)
{
    return reader->at < reader->end && *reader->at == c;
}

static void skip_space(struct reader *reader)
{
    while (next_is(reader, ' ') || next_is(reader, '\t') || next_is(reader, '\n') || next_is(reader, '\r'))
        reader->at++;
}

static bool is_digit(const struct reader *reader)
{
    return reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9';
}

/* ---- texts ---- */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four digits in front of at least one more character; -1 if they are not there. */
static int read_hex(struct reader *reader)
{
    if (reader->end - reader->at <= 4)
        return -1;
    int number = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex(reader->at[i]);
        if (digit < 0)
            return -1;
        number = number << 4 | digit;
    }
    reader->at += 4;
    return number;
}

/* From behind "\u" on. */
static bool read_unicode_escape(struct reader *reader, bool in_name)
{
    const char *where = reader->at - 1;
    int unit = read_hex(reader);
    if (unit < 0)
        return fail(reader, bad_unicode_escape, where);
    if (unit == 0) {
        reader->fault->nul = true;
        return !in_name || fail(reader, bad_unicode_escape, where);
    }
    if (unit < 0xD800 || unit > 0xDFFF)
        return true;
    bool pair = unit < 0xDC00 && reader->end - reader->at > 6 && reader->at[0] == '\\' && reader->at[1] == 'u';
    if (!pair)
        return fail(reader, bad_unicode_escape, where);
    reader->at += 2;
    const char *second = reader->at - 1;
    int low = read_hex(reader);
    if (low < 0)
        return fail(reader, bad_unicode_escape, second);
    return (low >= 0xDC00 && low <= 0xDFFF) || fail(reader, bad_unicode_escape, where);
}

/* From behind the opening quote to behind the closing one. */
static bool read_text(struct reader *reader, bool in_name)
{
    const char *quote = reader->at - 1;
    while (reader->at < reader->end) {
        char c = *reader->at++;
        if (c == '"')
            return true;
        if ((unsigned char)c < 0x20)
            return fail(reader, control_character, reader->at - 1);
        if (c != '\\')
            continue;
        if (reader->at == reader->end)
            break;
        c = *reader->at++;
        if (c == 'u') {
            if (!read_unicode_escape(reader, in_name))
                return false;
        } else if (c == '\0' || !strchr("\"\\/bfnrt", c)) {
            return fail(reader, bad_escape, reader->at - 2);
        }
    }
    return fail(reader, unterminated, quote);
}

/* ---- numbers and words ---- */

static void skip_digits(struct reader *reader)
{
    while (is_digit(reader))
        reader->at++;
}

/* As far as it is a number; what follows is for the caller to dislike. */
static bool read_number(struct reader *reader)
{
    const char *start = reader->at;
    if (next_is(reader, '-'))
        reader->at++;
    if (next_is(reader, '0'))
        reader->at++;
    else if (is_digit(reader))
        skip_digits(reader);
    else
        return fail(reader, expecting_value, start);
    const char *good = reader->at;
    if (next_is(reader, '.')) {
        reader->at++;
        skip_digits(reader);
        if (reader->at == good + 1)
            reader->at = good;
        good = reader->at;
    }
    if (next_is(reader, 'e') || next_is(reader, 'E')) {
        reader->at++;
        if (next_is(reader, '+') || next_is(reader, '-'))
            reader->at++;
        if (!is_digit(reader))
            reader->at = good;
        skip_digits(reader);
    }
    return true;
}

static bool read_word(struct reader *reader, const char *word)
{
    size_t size = strlen(word);
    if ((size_t)(reader->end - reader->at) < size || memcmp(reader->at, word, size) != 0)
        return false;
    reader->at += size;
    return true;
}

/* ---- structure ---- */

static bool in_object(const struct reader *reader)
{
    size_t top = reader->depth - 1;
    return reader->is_object[top / 8] >> top % 8 & 1;
}

static bool open(struct reader *reader, bool object)
{
    if (reader->depth == CV_JSON_DEPTH)
        return fail(reader, too_deep, reader->at - 1);
    size_t top = reader->depth++;
    unsigned char bit = (unsigned char)(1U << top % 8);
    reader->is_object[top / 8] =
        (unsigned char)(object ? reader->is_object[top / 8] | bit : reader->is_object[top / 8] & ~bit);
    return true;
}

/* A member's name and colon, in front of its value. */
static bool read_name(struct reader *reader)
{
    if (!next_is(reader, '"'))
        return fail(reader, expecting_name, reader->at);
    reader->at++;
    if (!read_text(reader, true))
        return false;
    skip_space(reader);
    if (!next_is(reader, ':'))
        return fail(reader, expecting_colon, reader->at);
    reader->at++;
    skip_space(reader);
    return true;
}

/* What stands where a value must be: *whole says that it is complete, not an array or object that was opened. */
static bool read_value(struct reader *reader, bool *whole)
{
    *whole = true;
    bool object = next_is(reader, '{');
    if (object || next_is(reader, '[')) {
        reader->at++;
        if (!open(reader, object))
            return false;
        skip_space(reader);
        if (next_is(reader, object ? '}' : ']')) {
            reader->at++;
            reader->depth--;
            return true;
        }
        *whole = false;
        return !object || read_name(reader);
    }
    if (next_is(reader, '"')) {
        reader->at++;
        return read_text(reader, false);
    }
    return read_word(reader, "null") || read_word(reader, "true") || read_word(reader, "false") || read_number(reader);
}

/* Behind a value: closes what ends here, up to the next comma. *more says that a value must follow. */
static bool read_end(struct reader *reader, bool *more)
{
    *more = false;
    for (; reader->depth > 0; reader->depth--) {
        skip_space(reader);
        if (next_is(reader, in_object(reader) ? '}' : ']')) {
            reader->at++;
            continue;
        }
        if (!next_is(reader, ','))
            return fail(reader, expecting_comma, reader->at);
        reader->at++;
        skip_space(reader);
        *more = true;
        return !in_object(reader) || read_name(reader);
    }
    return true;
}

bool cv_json_locate(const char *text, size_t size, struct cv_json_fault *fault)
{
    struct reader reader = {.start = text, .at = text, .end = text + size, .fault = fault};
    *fault = (struct cv_json_fault){.message = NULL};
    skip_space(&reader);
    bool more = true;
    while (more) {
        bool whole;
        if (!read_value(&reader, &whole) || (whole && !read_end(&reader, &more)))
            return true;
    }
    skip_space(&reader);
    return reader.at < reader.end && !fail(&reader, extra_data, reader.at);
}
