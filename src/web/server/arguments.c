#include "web/server/arguments.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cv_option common_options[CV_OPTION_COUNT] = {
    [CV_OPTION_HOST] = {.name = "host",
                        .variable = "CUVEE_HOST",
                        .value_name = "ADDRESS",
                        .help = "address to listen on; default 127.0.0.1"},
    [CV_OPTION_PORT] = {.name = "port",
                        .variable = "CUVEE_PORT",
                        .value_name = "N",
                        .help = "port to listen on, 0 for any free one; default 8000",
                        .most = 65535},
    [CV_OPTION_DATA] = {.name = "data",
                        .variable = "CUVEE_DATA",
                        .value_name = "DIR",
                        .help = "folder that relative paths of databases stand in; default: this one"},
    [CV_OPTION_EVENT_THREADS] = {.name = "event-threads",
                                 .variable = "CUVEE_EVENT_THREADS",
                                 .value_name = "N",
                                 .help = "threads that read requests and write replies; default 2",
                                 .least = 1,
                                 .most = 64},
    [CV_OPTION_WORKERS] = {.name = "workers",
                           .variable = "CUVEE_WORKERS",
                           .value_name = "N",
                           .help = "threads that run handlers; default 4",
                           .least = 1,
                           .most = 1024},
    [CV_OPTION_ROOT_PATH] = {.name = "root-path",
                             .variable = "CUVEE_ROOT_PATH",
                             .value_name = "PATH",
                             .help = "where a proxy shows the application, \"/api\"; default: at the root"},
    [CV_OPTION_PROXIES] = {.name = "proxies",
                           .variable = "CUVEE_PROXIES",
                           .value_name = "LIST",
                           .help = "proxies whose X-Forwarded headers count, \"10.0.0.0/8, ::1\"; default: none"},
    [CV_OPTION_ACCESS_LOG] = {.name = "access-log",
                              .variable = "CUVEE_ACCESS_LOG",
                              .help = "a line on standard error for every request; 1 in the environment",
                              .most = 1},
};

static const struct {
    const char *name;
    enum cv_command command;
    const char *help;
} commands[] = {
    {"serve", CV_COMMAND_SERVE, "create missing tables and serve until SIGTERM or SIGINT (the default)"},
    {"routes", CV_COMMAND_ROUTES, "list the endpoints"},
    {"openapi", CV_COMMAND_OPENAPI, "print the OpenAPI document"},
};

/* "CUVEE_ACCOUNTS_URL" */
static char *variable_of(struct cv_arena *arena, const char *base)
{
    static const char prefix[] = "CUVEE_";
    static const char suffix[] = "_URL";
    size_t size = strlen(base);
    char *name = cv_arena_alloc(arena, sizeof prefix + size + sizeof suffix);
    if (!name)
        return NULL;
    memcpy(name, prefix, sizeof prefix - 1);
    for (size_t i = 0; i < size; i++) {
        int c = (unsigned char)base[i];
        name[sizeof prefix - 1 + i] = (char)(isalnum(c) ? toupper(c) : '_');
    }
    memcpy(name + sizeof prefix - 1 + size, suffix, sizeof suffix);
    return name;
}

static bool make_options(struct cv_arguments *arguments, struct cv_arena *arena, const cuvee_blend *blend)
{
    size_t bases = cuvee_blend_base_count(blend);
    arguments->count = CV_OPTION_COUNT + bases;
    arguments->options = cv_arena_alloc(arena, arguments->count * sizeof *arguments->options);
    if (!arguments->options)
        return false;
    memcpy(arguments->options, common_options, sizeof common_options);
    for (size_t i = 0; i < bases; i++) {
        const cuvee_base *base = cuvee_blend_base(blend, i);
        arguments->options[CV_OPTION_COUNT + i] = (struct cv_option){.name = base->name,
                                                                     .variable = variable_of(arena, base->name),
                                                                     .value_name = "URL",
                                                                     .help = "database of this base",
                                                                     .base = base};
        if (!arguments->options[CV_OPTION_COUNT + i].variable)
            return false;
    }
    return true;
}

/* ---- reading ---- */

static bool is_number(const char *text, unsigned least, unsigned most)
{
    unsigned long value = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9' && value <= most; p++)
        value = value * 10 + (unsigned long)(*p - '0');
    return p > text && *p == '\0' && value >= least && value <= most;
}

static bool check(struct cv_arguments *arguments, const struct cv_option *option, const char *given_as)
{
    if (option->most == 0 ? option->value[0] != '\0' : is_number(option->value, option->least, option->most))
        return true;
    if (option->most == 0)
        snprintf(arguments->mistake, sizeof arguments->mistake, "%s is empty", given_as);
    else
        snprintf(arguments->mistake, sizeof arguments->mistake, "%s must be a number from %u to %u, not \"%s\"",
                 given_as, option->least, option->most, option->value);
    return false;
}

/* The option that an argument "--name" or "--name=value" is; NULL: none. */
static struct cv_option *find_option(struct cv_arguments *arguments, const char *argument)
{
    size_t size = strcspn(argument + 2, "=");
    for (size_t i = 0; i < arguments->count; i++)
        if (strlen(arguments->options[i].name) == size && memcmp(arguments->options[i].name, argument + 2, size) == 0)
            return &arguments->options[i];
    return NULL;
}

/* Reads the option at argv[*i]; *i moves to its last part. */
static bool read_option(struct cv_arguments *arguments, int argc, char **argv, int *i)
{
    char *argument = argv[*i];
    struct cv_option *option = find_option(arguments, argument);
    const char *equals = strchr(argument, '=');
    if (!option) {
        snprintf(arguments->mistake, sizeof arguments->mistake, "there is no option %s", argument);
        return false;
    }
    if (equals)
        option->value = equals + 1;
    else if (!option->value_name)
        option->value = "1";
    else
        option->value = *i + 1 < argc ? argv[++*i] : NULL;
    if (!option->value) {
        snprintf(arguments->mistake, sizeof arguments->mistake, "%s needs a value: %s", argument, option->value_name);
        return false;
    }
    return check(arguments, option, argument);
}

static bool read_command(struct cv_arguments *arguments, const char *argument)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].name, argument) == 0) {
            arguments->command = commands[i].command;
            return true;
        }
    snprintf(arguments->mistake, sizeof arguments->mistake, "there is no command %s", argument);
    return false;
}

static bool read_environment(struct cv_arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        struct cv_option *option = &arguments->options[i];
        /* Before any thread of ours runs. */
        const char *value = option->value ? NULL : getenv(option->variable); /* NOLINT(concurrency-mt-unsafe) */
        if (!value)
            continue;
        option->value = value;
        if (!check(arguments, option, option->variable))
            return false;
    }
    return true;
}

bool cv_arguments_read(struct cv_arguments *arguments, struct cv_arena *arena, const cuvee_blend *blend, int argc,
                       char **argv)
{
    bool commanded = false;
    *arguments = (struct cv_arguments){.command = CV_COMMAND_SERVE};
    if (!make_options(arguments, arena, blend)) {
        snprintf(arguments->mistake, sizeof arguments->mistake, "out of memory");
        return false;
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            arguments->command = CV_COMMAND_HELP;
            return true;
        }
        if (strcmp(argv[i], "--version") == 0) {
            arguments->command = CV_COMMAND_VERSION;
            return true;
        }
        bool option = strncmp(argv[i], "--", 2) == 0;
        if (!option && commanded) {
            snprintf(arguments->mistake, sizeof arguments->mistake, "one command is enough: %s", argv[i]);
            return false;
        }
        if (option ? !read_option(arguments, argc, argv, &i) : !read_command(arguments, argv[i]))
            return false;
        commanded |= !option;
    }
    return read_environment(arguments);
}

unsigned cv_arguments_number(const struct cv_arguments *arguments, size_t option)
{
    const char *value = arguments->options[option].value;
    return value ? (unsigned)strtoul(value, NULL, 10) : 0;
}

/* ---- help ---- */

void cv_arguments_help(const struct cv_arguments *arguments, const char *program, const char *title,
                       struct cv_buffer *out)
{
    cv_buffer_format(out, "%s\n\nUsage: %s [serve|routes|openapi] [options]\n\n", title, program);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        cv_buffer_format(out, "  %-22s %s\n", commands[i].name, commands[i].help);
    cv_buffer_format(out, "\nOptions, and the environment variables that stand for them:\n\n");
    for (size_t i = 0; i < arguments->count; i++) {
        const struct cv_option *option = &arguments->options[i];
        char usage[80];
        snprintf(usage, sizeof usage, "--%s %s", option->name, option->value_name ? option->value_name : "");
        cv_buffer_format(out, "  %-22s %s [%s]\n", usage, option->help, option->variable);
    }
    cv_buffer_format(out, "  %-22s %s\n  %-22s %s\n", "--help", "print this", "--version",
                     "print the application's version");
    cv_buffer_format(out, "\nExit codes: 0 done, 1 it could not be done, 2 wrong arguments.\n");
}
