#define PCRE2_CODE_UNIT_WIDTH 8

#include "model/pattern.h"

#include <pcre2.h>
#include <stdlib.h>

#include "base/error.h"

/* A hostile text must not keep a worker busy: a good pattern needs a small part of these steps. */
enum { MOST_STEPS = 1000000 };

struct cv_pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
};

/* PCRE2 takes its memory from here, so that a test which makes malloc fail reaches it. */
static void *take(size_t size, void *arg)
{
    (void)arg;
    return malloc(size);
}

static void give_back(void *memory, void *arg)
{
    (void)arg;
    free(memory);
}

static bool compile(struct cv_pattern *pattern, pcre2_general_context *general, const char *text, cuvee_error *error)
{
    pcre2_compile_context *options = pcre2_compile_context_create(general);
    pattern->limits = pcre2_match_context_create(general);
    if (!options || !pattern->limits) {
        pcre2_compile_context_free(options);
        return cv_error_memory(error);
    }
    pcre2_set_match_limit(pattern->limits, MOST_STEPS);
    int code = 0;
    PCRE2_SIZE offset = 0;
    uint32_t flags = PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    pattern->code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, flags, &code, &offset, options);
    pcre2_compile_context_free(options);
    if (pattern->code)
        return true;
    if (code == PCRE2_ERROR_HEAP_FAILED || code == PCRE2_ERROR_NOMEMORY)
        return cv_error_memory(error);
    char reason[128] = "";
    pcre2_get_error_message(code, (PCRE2_UCHAR *)reason, sizeof reason);
    return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s at byte %zu", reason, (size_t)offset);
}

struct cv_pattern *cv_pattern_make(const char *text, cuvee_error *error)
{
    struct cv_pattern *pattern = calloc(1, sizeof *pattern);
    pcre2_general_context *general = pcre2_general_context_create(take, give_back, NULL);
    bool good = pattern && general ? compile(pattern, general, text, error) : cv_error_memory(error);
    pcre2_general_context_free(general);
    if (good)
        return pattern;
    cv_pattern_free(pattern);
    return NULL;
}

void cv_pattern_free(struct cv_pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    pcre2_match_context_free(pattern->limits);
    free(pattern);
}

enum cv_match cv_pattern_match(const struct cv_pattern *pattern, const char *text, size_t size)
{
    pcre2_match_data *where = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    if (!where)
        return CV_MATCH_NO_MEMORY;
    int found = pcre2_match(pattern->code, (PCRE2_SPTR)text, size, 0, PCRE2_NO_UTF_CHECK, where, pattern->limits);
    pcre2_match_data_free(where);
    if (found == PCRE2_ERROR_NOMEMORY)
        return CV_MATCH_NO_MEMORY;
    return found >= 0 ? CV_MATCH : CV_NO_MATCH;
}
