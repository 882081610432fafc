/* What an application's main() ends with: the command line, and serving until a signal comes. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "web/dispatch/dispatch.h"
#include "web/server/arguments.h"
#include "web/server/server.h"

enum { GOOD = 0, FAILED = 1, WRONG_ARGUMENTS = 2, DEFAULT_PORT = 8000 };

static const char *program_name(int argc, char **argv)
{
    if (argc < 1 || !argv[0])
        return "cuvee";
    const char *slash = strrchr(argv[0], '/');
    return slash ? slash + 1 : argv[0];
}

static int complain(const char *program, const cuvee_error *error)
{
    fprintf(stderr, "%s: %s%s%s\n", program, error->message, error->hint[0] ? "; " : "", error->hint);
    return FAILED;
}

static void log_line(void *arg, const char *line)
{
    (void)arg;
    fprintf(stderr, "%s\n", line);
}

/* ---- commands ---- */

static int print_help(const cuvee_app *app, const struct cv_arguments *arguments, const char *program)
{
    struct cv_buffer help;
    cv_buffer_init(&help, 0);
    cv_arguments_help(arguments, program, app->options.title, &help);
    const char *text = cv_buffer_text(&help);
    bool printed = text && fputs(text, stdout) >= 0 && fflush(stdout) == 0;
    cv_buffer_free(&help);
    return printed ? GOOD : FAILED;
}

static int print_routes(const cuvee_app *app)
{
    for (const struct cv_endpoint *endpoint = app->endpoints; endpoint; endpoint = endpoint->next)
        if (!endpoint->options.in_no_schema)
            printf("%-7s %-32s %s\n", endpoint->method, endpoint->path, endpoint->name);
    return fflush(stdout) == 0 ? GOOD : FAILED;
}

static int print_openapi(const cuvee_app *app)
{
    puts(app->openapi.data);
    return fflush(stdout) == 0 ? GOOD : FAILED;
}

/* What the arguments say about where the application is shown counts more than what the program says. */
static void place(const struct cv_arguments *arguments, cuvee_app_options *options)
{
    const char *root_path = arguments->options[CV_OPTION_ROOT_PATH].value;
    const char *proxies = arguments->options[CV_OPTION_PROXIES].value;
    if (root_path)
        options->root_path = root_path;
    if (proxies)
        options->proxies = proxies;
}

/* Binds the bases as the arguments say. */
static bool apply(const struct cv_arguments *arguments, cuvee_blend *blend)
{
    const char *folder = arguments->options[CV_OPTION_DATA].value;
    if (folder && !cuvee_blend_set_folder(blend, folder))
        return false;
    for (size_t i = CV_OPTION_COUNT; i < arguments->count; i++) {
        const struct cv_option *option = &arguments->options[i];
        if (option->value && !cuvee_blend_bind(blend, option->base, option->value))
            return false;
    }
    return true;
}

/* These signals are blocked everywhere and waited for here. The second one ends the program at once. */
static void wait_for_signal(const sigset_t *signals)
{
    int which;
    while (sigwait(signals, &which) != 0)
        ;
    pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static int serve_until_signal(cuvee_app *app, const struct cv_arguments *arguments, const char *program,
                              const sigset_t *signals)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    bool any_port = arguments->options[CV_OPTION_PORT].value != NULL;
    cuvee_server_options options = {
        .host = arguments->options[CV_OPTION_HOST].value,
        .port = any_port ? cv_arguments_number(arguments, CV_OPTION_PORT) : DEFAULT_PORT,
        .event_threads = cv_arguments_number(arguments, CV_OPTION_EVENT_THREADS),
        .workers = cv_arguments_number(arguments, CV_OPTION_WORKERS),
        .log = log_line,
        .log_access = cv_arguments_number(arguments, CV_OPTION_ACCESS_LOG) != 0,
        .size = sizeof options,
    };
    cuvee_server *server = cuvee_server_start(app, &options, &error);
    if (!server)
        return complain(program, &error);
    const char *host = options.host ? options.host : "127.0.0.1";
    bool colons = strchr(host, ':') != NULL;
    printf("%s listens on http://%s%s%s:%u, its docs are at /docs\n", app->options.title, colons ? "[" : "", host,
           colons ? "]" : "", cuvee_server_port(server));
    fflush(stdout);
    wait_for_signal(signals);
    cuvee_server_stop(server);
    return GOOD;
}

static int serve(cuvee_app *app, const struct cv_arguments *arguments, const char *program)
{
    sigset_t signals;
    sigset_t before;
    if (!apply(arguments, app->blend) || !cuvee_create_tables(app->blend))
        return complain(program, cuvee_blend_error(app->blend));
    if (app->options.on_start && !app->options.on_start(app->blend)) {
        fprintf(stderr, "%s: on_start failed\n", program);
        return FAILED;
    }
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, &before);
    int code = serve_until_signal(app, arguments, program, &signals);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (app->options.on_stop)
        app->options.on_stop(app->blend);
    return code;
}

static int run(cuvee_app *app, struct cv_arguments *arguments, const char *program)
{
    if (arguments->command == CV_COMMAND_HELP)
        return print_help(app, arguments, program);
    if (arguments->command == CV_COMMAND_VERSION) {
        printf("%s %s\n", app->options.title, app->options.version);
        return GOOD;
    }
    place(arguments, &app->options);
    if (!cv_app_finish(app))
        return complain(program, cuvee_app_error(app));
    switch (arguments->command) {
    case CV_COMMAND_ROUTES: return print_routes(app);
    case CV_COMMAND_OPENAPI: return print_openapi(app);
    default: return serve(app, arguments, program);
    }
}

int cuvee_app_main(cuvee_app *app, int argc, char **argv)
{
    const char *program = program_name(argc, argv);
    if (!app)
        return complain(program, cuvee_app_error(app));
    struct cv_arena arena;
    struct cv_arguments arguments;
    cuvee_blend *blend = app->blend;
    cv_arena_init(&arena, 0);
    int code = WRONG_ARGUMENTS;
    if (cv_arguments_read(&arguments, &arena, blend, argc, argv))
        code = run(app, &arguments, program);
    else
        fprintf(stderr, "%s: %s (try --help)\n", program, arguments.mistake);
    cv_arena_free(&arena);
    cuvee_app_free(app);
    cuvee_blend_free(blend);
    return code;
}
