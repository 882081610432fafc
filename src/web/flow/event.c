#include "web/flow/event.h"

#include <stdlib.h>
#include <string.h>

/* ---- out ---- */

static bool is_line(const char *text)
{
    return !text || !text[strcspn(text, "\r\n")];
}

static void put_field(struct cv_buffer *out, const char *name, const char *value)
{
    cv_buffer_put(out, name);
    cv_buffer_put(out, ": ");
    cv_buffer_put(out, value);
    cv_buffer_char(out, '\n');
}

/* "\r\n", "\n" and "\r" all end a line for those who read it. */
static void put_data(struct cv_buffer *out, const char *data)
{
    for (;;) {
        size_t size = strcspn(data, "\r\n");
        cv_buffer_put(out, "data: ");
        cv_buffer_bytes(out, data, size);
        cv_buffer_char(out, '\n');
        if (!data[size])
            return;
        data += size + (data[size] == '\r' && data[size + 1] == '\n' ? 2 : 1);
    }
}

bool cv_event_write(struct cv_buffer *out, const cuvee_event *event)
{
    if (!is_line(event->name) || !is_line(event->id))
        return false;
    if (event->name)
        put_field(out, "event", event->name);
    if (event->id)
        put_field(out, "id", event->id);
    if (event->retry_ms)
        cv_buffer_format(out, "retry: %u\n", event->retry_ms);
    if (event->data)
        put_data(out, event->data);
    cv_buffer_char(out, '\n');
    return true;
}

/* ---- in: what cv_event_write wrote ---- */

/* The value when the line is this field's. */
static char *value_of(char *line, const char *field)
{
    size_t size = strlen(field);
    return strncmp(line, field, size) == 0 && strncmp(line + size, ": ", 2) == 0 ? line + size + 2 : NULL;
}

/* Lines of data move up to the first one, joined by line ends. */
static void add_data(cuvee_event *event, char **end, char *line)
{
    size_t size = strlen(line);
    if (*end) {
        *(*end)++ = '\n';
        memmove(*end, line, size + 1);
        line = *end;
    } else {
        event->data = line;
    }
    *end = line + size;
}

static void take_line(cuvee_event *event, char **data_end, char *line)
{
    char *value;
    if ((value = value_of(line, "event")))
        event->name = value;
    else if ((value = value_of(line, "id")))
        event->id = value;
    else if ((value = value_of(line, "retry")))
        event->retry_ms = (unsigned)strtoul(value, NULL, 10);
    else if ((value = value_of(line, "data")))
        add_data(event, data_end, value);
}

bool cv_event_read(char *text, char **rest, cuvee_event *event)
{
    *rest = text;
    for (char *end; *rest[0] == ':' && (end = strstr(*rest, "\n\n"));)
        *rest = end + 2;
    char *end = *rest[0] == ':' ? NULL : strstr(*rest, "\n\n");
    if (!end)
        return false;
    char *data_end = NULL;
    char *line = *rest;
    *event = (cuvee_event){.data = NULL};
    *rest = end + 2;
    end[1] = '\0';
    for (char *next; *line; line = next) {
        next = strchr(line, '\n') + 1;
        next[-1] = '\0';
        take_line(event, &data_end, line);
    }
    return true;
}
