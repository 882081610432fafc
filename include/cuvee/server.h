/** Running an application: as a server, or as a program with a command line. <cuvee/web.h> includes this. */
#ifndef CUVEE_SERVER_H
#define CUVEE_SERVER_H

#include <cuvee/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_app cuvee_app;

/** Options of a server. Zero means the default. */
typedef struct cuvee_server_options {
    const char *host;         /**< address to listen on; default 127.0.0.1 */
    unsigned port;            /**< default 0: any free one */
    unsigned event_threads;   /**< default 2 */
    unsigned workers;         /**< threads that run handlers; default 4 */
    unsigned idle_seconds;    /**< after which a silent connection is closed; default 30 */
    unsigned max_connections; /**< at once, who comes then waits for a place; default 1000 */
    unsigned max_tasks;       /**< that wait to be run after a reply (cuvee_after_reply); default 1000 */
    /**
     * Takes the lines about failures, without a newline; from any thread, until the server has stopped; default: nobody
     * does. It may publish, but not stop the server.
     */
    void (*log)(void *arg, const char *line);
    void *log_arg; /**< its first argument */
    /**
     * A line for every request too, and for a stream at its end: id, client, method, path, status, bytes of body, time.
     */
    bool log_access;
    unsigned max_streams;   /**< replies that are streamed at once, each with a thread and maybe a lease; default 8 */
    unsigned max_listeners; /**< clients that listen to events at once; default 500. They count as connections too */
    unsigned stall_seconds; /**< after which a stream is cut whose client takes nothing; default 30 */
    unsigned keepalive_seconds; /**< between the comments that keep silent listeners connected; default 15 */
    unsigned stop_seconds;      /**< for what was asked before a stop; default 10 */
    size_t size;                /**< sizeof(cuvee_server_options), or 0 */
} cuvee_server_options;

typedef struct cuvee_server cuvee_server;

/**
 * Starts to serve in threads of its own; `options` NULL: the defaults. NULL on error, which goes to *error. The app
 * must outlive the server. Makes no tables and calls neither on_start nor on_stop: that is the caller's, as it is
 * cuvee_app_main's for `serve`.
 */
cuvee_server *cuvee_server_start(cuvee_app *app, const cuvee_server_options *options, cuvee_error *error);
/** The port that it listens on. Any thread. */
unsigned cuvee_server_port(const cuvee_server *server);
/**
 * Takes no new connections, ends the streams of events, answers what was asked (for at most `stop_seconds`), cuts
 * streams that are not done by then, does what is left to do after replies, ends the threads and frees the server. NULL
 * is fine.
 */
void cuvee_server_stop(cuvee_server *server);

/**
 * The application's command line: `serve`, `routes`, `openapi`, `--help`. Returns the program's exit code: 0 good, 1
 * could not do it, 2 wrong arguments. Prints. `serve` creates missing tables, calls on_start, serves until SIGTERM or
 * SIGINT, and calls on_stop. Each base has an option with its name (`--accounts URL`), `--data DIR` is the folder for
 * relative SQLite paths; options that are not given may stand in the environment (CUVEE_ACCOUNTS_URL, CUVEE_DATA;
 * --help names them). The app and its blend are freed. Call it from main(), before other threads run: it waits for
 * signals.
 */
int cuvee_app_main(cuvee_app *app, int argc, char **argv);

#ifdef __cplusplus
}
#endif
#endif
