/**
 * Patterns: PCRE2 behind two calls. A pattern matches a text if it matches somewhere in it; '$' is the very end, and
 * character classes know Unicode. A pattern does not change once made: any thread may match.
 */
#ifndef CV_MODEL_PATTERN_H
#define CV_MODEL_PATTERN_H

#include <cuvee/error.h>

#include <stddef.h>

struct cv_pattern;

/** Compiles it. NULL on error: CONFIG says what is wrong with it and where, MEMORY. */
struct cv_pattern *cv_pattern_make(const char *text, cuvee_error *error);
void cv_pattern_free(struct cv_pattern *pattern);

enum cv_match { CV_MATCH = 0, CV_NO_MATCH, CV_MATCH_NO_MEMORY };

/** Looks for it in `size` bytes of valid UTF-8. One that takes far too many steps to decide does not match. */
enum cv_match cv_pattern_match(const struct cv_pattern *pattern, const char *text, size_t size);

#endif
