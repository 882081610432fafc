/** Lists of lines, and two of them compared by what stands in front of " = ". */
#ifndef TESTS_CONFORMANCE_LINES_H
#define TESTS_CONFORMANCE_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct lines {
    char **items; /* without line ends */
    size_t count;
};

/** Adds a line, which is from malloc and now the list's. */
void lines_add(struct lines *lines, char *line);
void lines_clear(struct lines *lines);
/** The lines of a file, without empty ones and those that begin with '#'. Asserts that it can be read. */
struct lines lines_read(const char *path);
/** The line that begins like this one, up to " = "; NULL: none. */
char **lines_find(const struct lines *lines, const char *like);
/** Whether the line belongs to a case: begins with "NAME: ". */
bool line_is_of(const char *line, const char *name);

/**
 * Puts an engine's own results into the expected lines: each line of `differences` is "engine | case: what = result |
 * row of docs/engines.md". Prints what is wrong with the table: a result that is nowhere expected or no other, or a row
 * that `manual` has not. Returns the number of these mistakes.
 */
size_t lines_differ(struct lines *expected, const struct lines *differences, const char *engine, const char *manual);
/** Prints where the lines of a case are others than expected. Returns in how many places. */
size_t lines_compare(const struct lines *actual, const struct lines *expected, const char *name);

#endif
