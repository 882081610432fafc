/* A pool: the connections to one database, lent one by one. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/wait.h"
#include "blend/internal.h"

enum { DEFAULT_CONNECTIONS = 16, DEFAULT_WAIT_MS = 5000, DEFAULT_BUSY_MS = 5000 };

/* A connection is in one of three places: idle (in the list), lent (counted in `open` only), or being made. */
struct cv_pool {
    struct cv_database *database;
    const char *name; /* of the first base bound here; borrowed from its descriptor */
    size_t rank;
    pid_t owner; /* after fork() a child must not touch its parent's connections */
    unsigned wait_ms;
    size_t limit;
    struct cv_wait given_back; /* guards what follows */
    size_t open;
    size_t idle_count;
    struct cv_connection **idle; /* last given back is lent first: its caches are warm */
};

static struct cv_place place_of(const cuvee_blend *blend, const struct cv_binding *binding)
{
    struct cv_place place = {
        .url = binding->url, .folder = blend->folder, .script = binding->script, .options = binding->options};
    if (place.options.busy_ms == 0)
        place.options.busy_ms = DEFAULT_BUSY_MS;
    return place;
}

static void name_pool(cuvee_error *error, const char *name)
{
    if (error && !error->database[0])
        cv_error_text(error->database, sizeof error->database, name);
}

struct cv_pool *cv_pool_new(const cuvee_blend *blend, const struct cv_binding *binding, size_t rank, cuvee_error *error)
{
    size_t limit = binding->options.max_connections ? binding->options.max_connections : DEFAULT_CONNECTIONS;
    struct cv_place place = place_of(blend, binding);
    struct cv_pool *pool = calloc(1, sizeof *pool);
    struct cv_connection **idle = calloc(limit, sizeof(struct cv_connection *));
    struct cv_database *database = NULL;
    if (!pool || !idle)
        cv_error_memory(error);
    else
        database = binding->driver->open_database(&place, error);
    if (!database || !cv_wait_init(&pool->given_back)) {
        cv_error_memory(error);
        if (database)
            binding->driver->close_database(database);
        name_pool(error, binding->base->name);
        free(idle);
        free(pool);
        return NULL;
    }
    pool->database = database;
    pool->name = binding->base->name;
    pool->rank = rank;
    pool->owner = getpid();
    pool->wait_ms = binding->options.wait_ms ? binding->options.wait_ms : DEFAULT_WAIT_MS;
    pool->limit = limit;
    pool->idle = idle;
    return pool;
}

void cv_pool_swap_databases(struct cv_pool *a, struct cv_pool *b)
{
    struct cv_database *of_a = a->database;
    a->database = b->database;
    b->database = of_a;
}

void cv_pool_free(struct cv_pool *pool)
{
    if (!pool)
        return;
    if (cv_pool_is_ours(pool, NULL)) { /* a child's closing would disturb its parent's connections */
        for (size_t i = 0; i < pool->idle_count; i++)
            pool->idle[i]->driver->disconnect(pool->idle[i]);
        pool->database->driver->close_database(pool->database);
    }
    free(pool->idle);
    cv_wait_free(&pool->given_back);
    free(pool);
}

const char *cv_pool_name(const struct cv_pool *pool)
{
    return pool->name;
}

size_t cv_pool_rank(const struct cv_pool *pool)
{
    return pool->rank;
}

const char *cv_pool_identity(const struct cv_pool *pool)
{
    return pool->database->identity;
}

/* An idle connection, or NULL with a place reserved for a new one in *make, or NULL without when the time is over. */
static struct cv_connection *take_place(struct cv_pool *pool, bool *make)
{
    struct cv_connection *connection = NULL;
    *make = false;
    pthread_mutex_lock(&pool->given_back.mutex);
    if (pool->idle_count == 0 && pool->open >= pool->limit) {
        int64_t deadline = cv_wait_deadline(pool->wait_ms);
        bool early = true;
        while (early && pool->idle_count == 0 && pool->open >= pool->limit)
            early = cv_wait_until(&pool->given_back, deadline);
    }
    if (pool->idle_count > 0) {
        connection = pool->idle[--pool->idle_count];
    } else if (pool->open < pool->limit) {
        pool->open++;
        *make = true;
    }
    pthread_mutex_unlock(&pool->given_back.mutex);
    return connection;
}

static void free_place(struct cv_pool *pool)
{
    pthread_mutex_lock(&pool->given_back.mutex);
    pool->open--;
    pthread_cond_signal(&pool->given_back.changed);
    pthread_mutex_unlock(&pool->given_back.mutex);
}

bool cv_pool_is_ours(const struct cv_pool *pool, cuvee_error *error)
{
    return pool->owner == getpid() ||
           cv_error_set(error, CUVEE_ERROR_MISUSE,
                        "the blend was made by another process: make a new one after fork()");
}

struct cv_connection *cv_pool_lend(struct cv_pool *pool, cuvee_error *error)
{
    if (!cv_pool_is_ours(pool, error))
        return NULL;
    bool make;
    struct cv_connection *connection = take_place(pool, &make);
    if (connection && !connection->driver->usable(connection)) {
        connection->driver->disconnect(connection); /* its place is ours now */
        connection = NULL;
        make = true;
    }
    if (make) {
        connection = pool->database->driver->connect(pool->database, error);
        if (!connection)
            free_place(pool);
    } else if (!connection) {
        cv_error_set(error, CUVEE_ERROR_EXHAUSTED, "no connection to %s became free within %u ms (%zu are in use)",
                     pool->name, pool->wait_ms, pool->limit);
        if (error)
            cv_error_text(error->hint, sizeof error->hint, "raise max_connections, or hold sessions for less time");
    }
    if (!connection)
        name_pool(error, pool->name);
    return connection;
}

void cv_pool_give_back(struct cv_pool *pool, struct cv_connection *connection)
{
    if (!cv_pool_is_ours(pool, NULL))
        return;
    if (connection->marked && !connection->lost && connection->driver->reset)
        connection->driver->reset(connection);
    if (connection->lost) {
        connection->driver->disconnect(connection);
        free_place(pool);
        return;
    }
    pthread_mutex_lock(&pool->given_back.mutex);
    pool->idle[pool->idle_count++] = connection;
    pthread_cond_signal(&pool->given_back.changed);
    pthread_mutex_unlock(&pool->given_back.mutex);
}
