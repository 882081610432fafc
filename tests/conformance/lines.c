#include "support/check.h"

#include "conformance/lines.h"

#include <stdio.h>

void lines_add(struct lines *lines, char *line)
{
    assert_non_null(line);
    lines->items = realloc(lines->items, (lines->count + 1) * sizeof *lines->items);
    assert_non_null(lines->items);
    lines->items[lines->count++] = line;
}

void lines_clear(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->items[i]);
    free(lines->items);
    *lines = (struct lines){0};
}

static char *copy(const char *text, size_t size)
{
    char *line = calloc(1, size + 1);
    assert_non_null(line);
    memcpy(line, text, size);
    return line;
}

struct lines lines_read(const char *path)
{
    struct lines lines = {0};
    char line[8192];
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s cannot be read", path);
    while (fgets(line, sizeof line, file)) {
        size_t size = strcspn(line, "\n");
        assert_true(line[size] == '\n'); /* else it is too long */
        if (size && line[0] != '#')
            lines_add(&lines, copy(line, size));
    }
    fclose(file);
    return lines;
}

/* ---- looking for lines ---- */

static size_t key_size(const char *line)
{
    const char *end = strstr(line, " = ");
    assert_non_null(end);
    return (size_t)(end - line) + 3;
}

char **lines_find(const struct lines *lines, const char *like)
{
    size_t size = key_size(like);
    for (size_t i = 0; i < lines->count; i++)
        if (strncmp(lines->items[i], like, size) == 0)
            return &lines->items[i];
    return NULL;
}

bool line_is_of(const char *line, const char *name)
{
    size_t size = strlen(name);
    return strncmp(line, name, size) == 0 && line[size] == ':';
}

/* ---- differences ---- */

/* Whether a table in the file has a row of that name. */
static bool has_row(const char *path, const char *name)
{
    size_t size = strlen(name);
    struct lines lines = lines_read(path);
    bool found = false;
    for (size_t i = 0; i < lines.count; i++)
        found |= strncmp(lines.items[i], "| ", 2) == 0 && strncmp(lines.items[i] + 2, name, size) == 0 &&
                 strncmp(lines.items[i] + 2 + size, " |", 2) == 0;
    lines_clear(&lines);
    return found;
}

static const char *put(struct lines *expected, const char *own, const char *row, const char *manual)
{
    char **line = lines_find(expected, own);
    if (!line)
        return "expected.txt has no such result";
    if (strcmp(*line, own) == 0)
        return "that is what is expected of all engines, or the same difference twice";
    if (!has_row(manual, row))
        return "docs/engines.md has no such row";
    free(*line);
    *line = copy(own, strlen(own));
    return NULL;
}

/* One line of the table, if it is the engine's: what is wrong with it, or NULL. */
static const char *differ(struct lines *expected, const char *difference, const char *engine, const char *manual)
{
    static const char bar[] = " | ";
    const char *own = strstr(difference, bar), *row = NULL;
    for (const char *next = own; next; next = strstr(next + 3, bar))
        row = next;
    if (!own || row == own)
        return "that is no line of the form: engine | case: what = result | row of docs/engines.md";
    if (strlen(engine) != (size_t)(own - difference) || strncmp(difference, engine, strlen(engine)) != 0)
        return NULL;
    char *result = copy(own + 3, (size_t)(row - own) - 3);
    const char *mistake = put(expected, result, row + 3, manual);
    free(result);
    return mistake;
}

size_t lines_differ(struct lines *expected, const struct lines *differences, const char *engine, const char *manual)
{
    size_t mistakes = 0;
    for (size_t i = 0; i < differences->count; i++) {
        const char *mistake = differ(expected, differences->items[i], engine, manual);
        if (mistake)
            print_error("differences.txt: %s\n    %s\n", mistake, differences->items[i]);
        mistakes += mistake != NULL;
    }
    return mistakes;
}

/* ---- comparing ---- */

static size_t compare_line(const struct lines *expected, const char *line)
{
    char **other = lines_find(expected, line);
    if (other && strcmp(*other, line) == 0)
        return 0;
    if (other)
        print_error("- %s\n", *other);
    print_error("+ %s\n", line);
    return 1;
}

size_t lines_compare(const struct lines *actual, const struct lines *expected, const char *name)
{
    size_t places = 0;
    for (size_t i = 0; i < actual->count; i++) {
        places += compare_line(expected, actual->items[i]);
        if (lines_find(actual, actual->items[i]) != &actual->items[i]) {
            print_error("said twice: %s\n", actual->items[i]);
            places++;
        }
    }
    for (size_t i = 0; i < expected->count; i++)
        if (line_is_of(expected->items[i], name) && !lines_find(actual, expected->items[i])) {
            print_error("- %s\n", expected->items[i]);
            places++;
        }
    return places;
}
