#include "driver/statements.h"

#include <stdlib.h>
#include <string.h>

/* Running out of memory while an entry is added must not end the program (uthash's default). */
#define HASH_NONFATAL_OOM 1
/* For shapes, which are some 80 bytes, it takes half the time of uthash's own choice. */
#define HASH_FUNCTION HASH_SFH
#include <uthash.h>
#include <utlist.h>

#include "base/error.h"

enum { KEPT = 256 }; /* per connection */

struct kept {
    struct cv_statement *statement;
    bool in_use;
    struct kept *prev, *next; /* by last use, latest first */
    UT_hash_handle hh;
    size_t shape_size;
    char shape[];
};

struct cv_statements {
    size_t limit;
    struct kept *by_shape;
    struct kept *by_use;
};

struct cv_statements *cv_statements_new(size_t limit)
{
    struct cv_statements *kept = calloc(1, sizeof *kept);
    if (kept)
        kept->limit = limit;
    return kept;
}

static void finalize(struct cv_statement *statement)
{
    statement->connection->driver->finalize(statement);
}

static void drop(struct cv_statements *all, struct kept *entry)
{
    HASH_DEL(all->by_shape, entry);
    DL_DELETE(all->by_use, entry);
    finalize(entry->statement);
    free(entry);
}

void cv_statements_clear(struct cv_statements *all)
{
    while (all->by_use)
        drop(all, all->by_use);
}

void cv_statements_free(struct cv_statements *all)
{
    if (!all)
        return;
    cv_statements_clear(all);
    free(all);
}

void *cv_connection_new(size_t size, const struct cv_database *database, cuvee_error *error)
{
    struct cv_connection *connection = calloc(1, size);
    struct cv_statements *kept = cv_statements_new(KEPT);
    if (!connection || !kept) {
        cv_statements_free(kept);
        free(connection);
        cv_error_memory(error);
        return NULL;
    }
    *connection = (struct cv_connection){.driver = database->driver, .database = database, .kept = kept};
    return connection;
}

static struct kept *find(const struct cv_statements *all, const void *shape, size_t shape_size)
{
    struct kept *entry = NULL;
    HASH_FIND(hh, all->by_shape, shape, shape_size, entry);
    return entry;
}

struct cv_statement *cv_statement_find(struct cv_connection *connection, const void *shape, size_t shape_size)
{
    struct kept *entry = find(connection->kept, shape, shape_size);
    if (!entry || entry->in_use)
        return NULL;
    entry->in_use = true;
    return entry->statement;
}

/* Drops the statements that were not used for longest until the limit holds, or all that are left are in use. */
static void trim(struct cv_statements *all)
{
    struct kept *entry = all->by_use ? all->by_use->prev : NULL; /* utlist: the head's prev is the tail */
    while (entry && HASH_COUNT(all->by_shape) > all->limit) {
        struct kept *newer = entry == all->by_use ? NULL : entry->prev;
        if (!entry->in_use)
            drop(all, entry);
        entry = newer;
    }
}

/* False when memory is out. */
static bool keep(struct cv_statements *all, const void *shape, size_t shape_size, struct cv_statement *statement)
{
    struct kept *entry = malloc(sizeof *entry + shape_size);
    if (!entry)
        return false;
    *entry = (struct kept){.statement = statement, .in_use = true, .shape_size = shape_size};
    memcpy(entry->shape, shape, shape_size);
    HASH_ADD_KEYPTR(hh, all->by_shape, entry->shape, shape_size, entry);
    if (!entry->hh.tbl) {
        free(entry);
        return false;
    }
    DL_PREPEND(all->by_use, entry);
    statement->kept = entry;
    trim(all);
    return true;
}

struct cv_statement *cv_statement_make(struct cv_connection *connection, const void *shape, size_t shape_size,
                                       const struct cv_statement_text *text, cuvee_error *error)
{
    struct cv_statement *statement = connection->driver->prepare(connection, text, error);
    if (!statement || find(connection->kept, shape, shape_size))
        return statement;
    if (!keep(connection->kept, shape, shape_size, statement)) {
        finalize(statement);
        cv_error_memory(error);
        return NULL;
    }
    return statement;
}

void cv_statement_give_back(struct cv_statement *statement, int64_t *changes)
{
    struct kept *entry = statement->kept;
    struct cv_statements *all = statement->connection->kept;
    statement->connection->driver->finish(statement, changes);
    if (!entry) {
        finalize(statement);
        return;
    }
    entry->in_use = false;
    if (statement->stale) {
        drop(all, entry);
        return;
    }
    if (all->by_use != entry) {
        DL_DELETE(all->by_use, entry);
        DL_PREPEND(all->by_use, entry);
    }
    trim(all);
}
