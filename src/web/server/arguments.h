/** An application's command line: a command, and options that environment variables can stand for. */
#ifndef CV_WEB_SERVER_ARGUMENTS_H
#define CV_WEB_SERVER_ARGUMENTS_H

#include <cuvee/web.h>

#include "base/arena.h"
#include "base/buffer.h"

enum cv_command { CV_COMMAND_SERVE = 0, CV_COMMAND_ROUTES, CV_COMMAND_OPENAPI, CV_COMMAND_HELP, CV_COMMAND_VERSION };

struct cv_option {
    const char *name;       /* "--port" without the hyphens */
    const char *variable;   /* of the environment */
    const char *value_name; /* for the help: "N"; NULL: a switch, which is "1" when it is given */
    const char *help;
    unsigned most; /* > 0: a number from `least` to this */
    unsigned least;
    const cuvee_base *base; /* its database; NULL: an option of all applications */
    const char *value;      /* what was given; NULL: nothing */
};

/* The options that all applications have, in the order of the table. */
enum {
    CV_OPTION_HOST = 0,
    CV_OPTION_PORT,
    CV_OPTION_DATA,
    CV_OPTION_EVENT_THREADS,
    CV_OPTION_WORKERS,
    CV_OPTION_ROOT_PATH,
    CV_OPTION_PROXIES,
    CV_OPTION_ACCESS_LOG,
    CV_OPTION_COUNT /* the bases' follow */
};

struct cv_arguments {
    enum cv_command command;
    struct cv_option *options;
    size_t count;
    char mistake[256]; /* one line */
};

/** Reads the command line and the environment; it is in `arena` and borrows argv. False: see arguments->mistake. */
bool cv_arguments_read(struct cv_arguments *arguments, struct cv_arena *arena, const cuvee_blend *blend, int argc,
                       char **argv);
/** The number that was given, or 0. */
unsigned cv_arguments_number(const struct cv_arguments *arguments, size_t option);
/** Writes the help. */
void cv_arguments_help(const struct cv_arguments *arguments, const char *program, const char *title,
                       struct cv_buffer *out);

#endif
