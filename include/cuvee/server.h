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
    unsigned max_connections; /**< default 1000 */
    unsigned max_tasks;       /**< that wait to be run after a reply (cuvee_after_reply); default 1000 */
    void (*log)(void *arg,
                const char *line); /**< takes the lines about failures, without a newline; from any thread, until the
                                                   server has stopped; default: nobody does */
    void *log_arg;                 /**< its first argument */
    bool log_access;               /**< a line for every request too: id, client, method, path, status, bytes, time */
    size_t size;
} cuvee_server_options;

typedef struct cuvee_server cuvee_server;

/** Starts to serve in threads of its own. NULL on error, which goes to *error. The app must outlive the server. */
cuvee_server *cuvee_server_start(cuvee_app *app, const cuvee_server_options *options, cuvee_error *error);
/** The port that it listens on. */
unsigned cuvee_server_port(const cuvee_server *server);
/** Takes no new connections, answers what was asked (for at most 10 s), ends the threads and frees the server. */
void cuvee_server_stop(cuvee_server *server);

/**
 * The application's command line: `serve`, `routes`, `openapi`, `--help`. Returns the program's exit code: 0 good, 1 could not do
 * it, 2 wrong arguments. Prints. `serve` creates missing tables, calls on_start, and serves until SIGTERM or SIGINT. Each base
 * has an option with its name (`--accounts URL`), `--data DIR` is the folder for relative SQLite paths. The app and its blend
 * are freed.
 */
int cuvee_app_main(cuvee_app *app, int argc, char **argv);

#ifdef __cplusplus
}
#endif
#endif
