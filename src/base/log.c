#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buffer.h"

enum { LONGEST = 4096 };

/* What could forge another line, or drive a terminal, is written as an escape. */
static void put_plain(struct cv_buffer *line, const char *text)
{
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 || c >= 0x7F)
            cv_buffer_format(line, "\\x%02X", c);
        else
            cv_buffer_char(line, *at);
    }
}

void cv_log_line(const struct cv_log *log, const char *format, ...)
{
    if (!log->line)
        return;
    char text[LONGEST];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct cv_buffer line;
    cv_buffer_init(&line, 0);
    put_plain(&line, size < 0 ? format : text);
    const char *plain = cv_buffer_text(&line);
    log->line(log->arg, plain ? plain : "(no memory for a line of the log)");
    cv_buffer_free(&line);
}
