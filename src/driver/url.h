/**
 * URLs of servers: scheme://user:password@host:port,host:port/database?name=value&…
 *
 * Every part may be missing; all are percent-decoded. The parts may be written as options too, and then count: user,
 * password, host (host=a,b or host=a:1&host=b:2), port, dbname. The password may come from elsewhere:
 * `password_env=NAME` takes it from an environment variable, `password_file=PATH` is the first line of a file. None of
 * these is among `options`.
 */
#ifndef CV_DRIVER_URL_H
#define CV_DRIVER_URL_H

#include <cuvee/error.h>

#include "base/arena.h"

struct cv_url_option {
    const char *name;
    const char *value;
};

enum { CV_URL_OPTIONS = 32 };

struct cv_url {
    const char *user; /* this and the next four: NULL when not given */
    const char *password;
    const char *hosts; /* "a" or "a,b"; IPv6 addresses without brackets, sockets as paths */
    const char *ports; /* as many, in the same order, empty where not given; or one for all */
    const char *database;
    struct cv_url_option options[CV_URL_OPTIONS];
    size_t option_count;
    const char *shown; /* may be logged: no password, no options */
    struct cv_arena arena;
};

/** Takes the URL apart. False: CONFIG (without the URL's secrets), MEMORY. Free it with cv_url_free in any case. */
bool cv_url_read(const char *text, struct cv_url *url, cuvee_error *error);
/** Forgets the password and frees the rest. */
void cv_url_free(struct cv_url *url);
/** The value of an option, or NULL. */
const char *cv_url_option(const struct cv_url *url, const char *name);

#endif
