/* URLs of SQLite databases, what place they name, and the driver as one object. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "driver/sqlite/sqlite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/error.h"

enum { DEFAULT_BUSY_MS = 5000 };

/* The part behind "sqlite:", or NULL (error set) when it is no path. */
static const char *path_in_url(const char *url, cuvee_error *error)
{
    const char *path = url + strlen("sqlite:");
    if (*path == '\0')
        cv_error_set(error, CUVEE_ERROR_CONFIG, "%s names no file", url);
    else if (strncmp(path, "//", 2) == 0)
        cv_error_set(error, CUVEE_ERROR_CONFIG, "%s: slashes in front of an SQLite path say nothing clear", url);
    else if (strchr(path, '?'))
        cv_error_set(error, CUVEE_ERROR_CONFIG, "%s: an SQLite URL takes no options behind '?'", url);
    else
        return path;
    cv_error_text(error->hint, sizeof error->hint,
                  "Write sqlite:relative/path.db, sqlite:/full/path.db or sqlite::memory:.");
    return NULL;
}

/* `size` bytes of head, then tail; from malloc. */
static char *join(const char *head, size_t size, const char *tail, cuvee_error *error)
{
    size_t tail_size = strlen(tail);
    char *joined = malloc(size + tail_size + 1);
    if (!joined) {
        cv_error_memory(error);
        return NULL;
    }
    memcpy(joined, head, size);
    memcpy(joined + size, tail, tail_size + 1);
    return joined;
}

static char *in_folder(const char *folder, const char *name, cuvee_error *error)
{
    size_t size = strlen(folder);
    char *ended = join(folder, size, size > 0 && folder[size - 1] == '/' ? "" : "/", error);
    char *whole = ended ? join(ended, strlen(ended), name, error) : NULL;
    free(ended);
    return whole;
}

/* The path of a file that need not exist in a folder that must, since two URLs of one place are to be known as one. */
static char *resolve_new(const char *path, cuvee_error *error)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? join(path, (size_t)(slash + 1 - path), "", error) : join(".", 1, "", error);
    if (!folder)
        return NULL;
    char *resolved = realpath(folder, NULL);
    free(folder);
    if (!resolved) {
        cv_error_set(error, CUVEE_ERROR_CONNECT, "cannot open %s: %s", path,
                     errno == ENOENT    ? "its folder does not exist"
                     : errno == ENOTDIR ? "a part of its path is no folder"
                                        : "its folder cannot be reached");
        cv_error_text(error->hint, sizeof error->hint, "Create the folder, or name another path.");
        return NULL;
    }
    char *whole = in_folder(resolved, slash ? slash + 1 : path, error);
    free(resolved);
    return whole;
}

/* The path without links and dots. */
static char *resolve(const char *path, cuvee_error *error)
{
    char *resolved = realpath(path, NULL);
    return resolved ? resolved : resolve_new(path, error);
}

static bool find_file(struct cv_sqlite_database *database, const char *path, const char *folder, cuvee_error *error)
{
    char *given = path[0] == '/' || !folder ? join(path, strlen(path), "", error) : in_folder(folder, path, error);
    if (!given)
        return false;
    database->path = resolve(given, error);
    free(given);
    return database->path != NULL;
}

/* A name that no other open in-memory database of this process has: the struct's own address. */
static bool make_memory(struct cv_sqlite_database *database, cuvee_error *error)
{
    char uri[80];
    snprintf(uri, sizeof uri, "file:/cuvee-%ld-%p?vfs=memdb", (long)getpid(), (void *)database);
    database->memory = true;
    database->path = join(uri, strlen(uri), "", error);
    if (!database->path)
        return false;
    database->keeper = cv_sqlite_open(database, error);
    return database->keeper != NULL;
}

static void close_database(struct cv_database *base)
{
    struct cv_sqlite_database *database = (struct cv_sqlite_database *)base;
    sqlite3_close(database->keeper);
    free(database->file);
    free(database->path);
    free(base->identity);
    free(base->shown);
    free(database);
}

static struct cv_database *open_database(const struct cv_place *place, cuvee_error *error)
{
    const char *path = path_in_url(place->url, error);
    struct cv_sqlite_database *database = path ? calloc(1, sizeof *database) : NULL;
    struct cv_sqlite_file *file = calloc(1, sizeof *file);
    if (!database || !file) {
        free(database);
        free(file);
        cv_error_memory(error); /* the first error stays */
        return NULL;
    }
    database->base.driver = &cv_sqlite_driver;
    database->file = file;
    database->read_only = place->options.read_only;
    database->durability = place->options.durability;
    database->busy_ms = place->options.busy_ms ? place->options.busy_ms : DEFAULT_BUSY_MS;
    bool memory = strcmp(path, ":memory:") == 0;
    bool found = memory ? make_memory(database, error) : find_file(database, path, place->folder, error);
    if (found) {
        database->base.shown = join(place->url, strlen(place->url), "", error);
        database->base.identity = join("sqlite:", strlen("sqlite:"), database->path, error);
    }
    if (!database->base.shown || !database->base.identity) {
        close_database(&database->base);
        return NULL;
    }
    return &database->base;
}

static const char *const schemes[] = {"sqlite", NULL};

const struct cv_driver cv_sqlite_driver = {
    .name = "sqlite",
    .schemes = schemes,
    .dialect = &cv_sqlite_dialect,
    .open_database = open_database,
    .close_database = close_database,
    .connect = cv_sqlite_connect,
    .disconnect = cv_sqlite_disconnect,
    .usable = cv_sqlite_usable,
    .cancel = cv_sqlite_cancel,
    .limit = cv_sqlite_limit,
    .execute = cv_sqlite_execute,
    .prepare = cv_sqlite_prepare,
    .finalize = cv_sqlite_finalize,
    .column_name = cv_sqlite_column_name,
    .start = cv_sqlite_start,
    .next = cv_sqlite_next,
    .finish = cv_sqlite_finish,
    .run_many = cv_sqlite_run_many,
    .describe = cv_sqlite_describe,
    .begin = cv_sqlite_begin,
    .lock = cv_sqlite_lock,
    .vote = cv_sqlite_vote,
    .commit = cv_sqlite_commit,
    .rollback = cv_sqlite_rollback,
};
