/* Raw SQL: parameters are written `?` and become what the engine wants. */
#include <string.h>

#include "base/ascii.h"
#include "sql/shape.h"
#include "sql/sql.h"

static bool is_name(char c)
{
    return cv_is_alnum(c) || c == '_' || c & 0x80;
}

/*
 * The end of a text between $tag$ and $tag$ (the tag may be empty) that begins at `at`; `at` itself where none begins.
 */
static const char *skip_dollars(const char *at)
{
    const char *close = at + 1;
    while (is_name(*close))
        close++;
    if (*close != '$' || cv_is_digit(at[1]))
        return at;
    size_t size = (size_t)(close + 1 - at);
    for (const char *end = strchr(close + 1, '$'); end; end = strchr(end + 1, '$'))
        if (strncmp(end, at, size) == 0)
            return end + size;
    return at + strlen(at);
}

/* The end of a quoted piece or a comment that begins at `at`; `at` itself where none begins. */
static const char *skip_quoted(const char *at)
{
    if (*at == '\'' || *at == '"' || *at == '`') {
        const char *end = strchr(at + 1, *at); /* a doubled quote begins the next piece */
        return end ? end + 1 : at + strlen(at);
    }
    if (at[0] == '-' && at[1] == '-')
        return at + strcspn(at, "\n");
    if (at[0] == '/' && at[1] == '*') {
        const char *end = strstr(at + 2, "*/");
        return end ? end + 2 : at + strlen(at);
    }
    return at;
}

void cv_raw_text(const char *text, const cuvee_value *values, size_t count, struct cv_sql *sql)
{
    size_t used = 0;
    bool in_name = false; /* where a dollar is a letter of it */
    while (*text) {
        const char *end = *text == '$' && !in_name ? skip_dollars(text) : skip_quoted(text);
        in_name = end == text && (is_name(*text) || *text == '$');
        if (end > text) {
            cv_buffer_bytes(&sql->text, text, (size_t)(end - text));
            text = end;
            continue;
        }
        if (text[0] == '?' && text[1] == '?') {
            cv_buffer_char(&sql->text, '?');
            text += 2;
        } else if (text[0] == '?') {
            cv_sql_param(sql, used < count ? values[used].kind : 0);
            used++;
            text++;
        } else {
            cv_buffer_char(&sql->text, *text++);
        }
    }
}

void cv_raw_shape(const struct cv_plan *plan, const char *text, const cuvee_value *values, size_t count,
                  struct cv_buffer *shape)
{
    cv_shape_head(shape, CV_SHAPE_RAW, plan, (unsigned)count);
    for (size_t i = 0; i < count; i++)
        cv_shape_number(shape, (size_t)values[i].kind);
    cv_buffer_put(shape, text);
}
