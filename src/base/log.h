/** The log: where lines for the operator go. Nowhere, unless somebody listens. */
#ifndef CV_BASE_LOG_H
#define CV_BASE_LOG_H

struct cv_log {
    void (*line)(void *arg, const char *text); /* NULL: nobody listens. Called from any thread; keeps nothing */
    void *arg;
};

/**
 * One line (printf's format, without a newline), cut at 4 KiB. Everything but printable ASCII is written as \xNN, so
 * that nothing that a client sent can look like a line of its own. Any thread.
 */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void cv_log_line(const struct cv_log *log, const char *format, ...);

#endif
