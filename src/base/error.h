/** Filling in a cuvee_error. The first error stays: setting one over another does nothing. */
#ifndef CV_BASE_ERROR_H
#define CV_BASE_ERROR_H

#include <cuvee/error.h>

/**
 * Sets kind and message (printf's format, cut at a character's border) unless there is an error already. Always false,
 * so that a function can end with `return cv_error_set(…)`; a macro, so that compiler and analyser see that it is. A
 * NULL error is ignored.
 */
#define cv_error_set(...) (cv_error_record(__VA_ARGS__), cv_error_false())

#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void cv_error_record(cuvee_error *error, cuvee_error_kind kind, const char *format, ...);

static inline bool cv_error_false(void)
{
    return false;
}

/** The same for memory: "out of memory". */
static inline bool cv_error_memory(cuvee_error *error)
{
    return cv_error_set(error, CUVEE_ERROR_MEMORY, "out of memory");
}

/**
 * Copies `text` into one of the error's arrays, cut at a character's border: cv_error_text(e->hint, sizeof e->hint, …).
 */
void cv_error_text(char *array, size_t array_size, const char *text);
/** Copies `from` over `to` unless `to` holds an error already. */
void cv_error_keep(cuvee_error *to, const cuvee_error *from);
/** No error. */
void cv_error_clear(cuvee_error *error);

#endif
