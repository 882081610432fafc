#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
    [CUVEE_ERROR_NONE] = "none",
    [CUVEE_ERROR_MEMORY] = "memory",
    [CUVEE_ERROR_MISUSE] = "misuse",
    [CUVEE_ERROR_CONFIG] = "config",
    [CUVEE_ERROR_CONNECT] = "connect",
    [CUVEE_ERROR_SCHEMA] = "schema",
    [CUVEE_ERROR_MISSING] = "missing",
    [CUVEE_ERROR_UNIQUE] = "unique",
    [CUVEE_ERROR_FOREIGN_KEY] = "foreign_key",
    [CUVEE_ERROR_NOT_NULL] = "not_null",
    [CUVEE_ERROR_CHECK] = "check",
    [CUVEE_ERROR_VALUE] = "value",
    [CUVEE_ERROR_VERSION] = "version",
    [CUVEE_ERROR_READ_ONLY] = "read_only",
    [CUVEE_ERROR_DENIED] = "denied",
    [CUVEE_ERROR_RETRY] = "retry",
    [CUVEE_ERROR_BUSY] = "busy",
    [CUVEE_ERROR_EXHAUSTED] = "exhausted",
    [CUVEE_ERROR_CANCELLED] = "cancelled",
    [CUVEE_ERROR_FULL] = "full",
    [CUVEE_ERROR_CORRUPT] = "corrupt",
    [CUVEE_ERROR_CONNECTION] = "connection",
    [CUVEE_ERROR_IN_DOUBT] = "in_doubt",
    [CUVEE_ERROR_TORN] = "torn",
    [CUVEE_ERROR_UNSUPPORTED] = "unsupported",
    [CUVEE_ERROR_DATABASE] = "database",
};

const char *cuvee_error_kind_name(cuvee_error_kind kind)
{
    size_t count = sizeof kind_names / sizeof kind_names[0];
    return (size_t)kind < count ? kind_names[kind] : "unknown";
}

/* Where to cut `size` bytes of UTF-8 so that no character is split. */
static size_t character_border(const char *text, size_t size)
{
    while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
        size--;
    return size;
}

void cv_error_text(char *array, size_t array_size, const char *text)
{
    size_t size = strlen(text);
    if (size >= array_size)
        size = character_border(text, array_size - 1);
    memcpy(array, text, size);
    array[size] = '\0';
}

void cv_error_record(cuvee_error *error, cuvee_error_kind kind, const char *format, ...)
{
    if (!error || error->kind != CUVEE_ERROR_NONE)
        return;
    char message[sizeof error->message + 4]; /* longer by a character, to see where the cut falls */
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    cv_error_clear(error);
    error->kind = kind;
    cv_error_text(error->message, sizeof error->message, size >= 0 ? message : format);
}

void cv_error_keep(cuvee_error *to, const cuvee_error *from)
{
    if (to && from && to->kind == CUVEE_ERROR_NONE && from->kind != CUVEE_ERROR_NONE)
        *to = *from;
}

void cv_error_clear(cuvee_error *error)
{
    error->kind = CUVEE_ERROR_NONE;
    error->vendor_code = 0;
    error->sqlstate[0] = error->database[0] = error->model[0] = error->fields[0] = '\0';
    error->message[0] = error->hint[0] = '\0';
}
