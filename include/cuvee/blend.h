/**
 * The blend: bases bound to databases.
 *
 *     cuvee_blend *blend = cuvee_blend_new();
 *     cuvee_blend_bind(blend, &accounts, "sqlite:accounts.db");
 *     cuvee_blend_bind(blend, &sales, "sqlite:sales.db");
 *     if (!cuvee_create_tables(blend))
 *         puts(cuvee_blend_error(blend)->message);
 *
 * URLs: `sqlite:PATH` (relative to the blend's folder), `sqlite::memory:` (one private in-memory database per base and
 * blend, where a session that writes makes the others wait, readers too). Two bases may share a database by naming the
 * same URL; the options of the first count then, and it is opened for writing if one of them may write.
 *
 * Servers: `postgresql://user@host:port/database?option=value`, and the same with `mariadb:`. docs/engines.md has the
 * options, among them those that keep the password out of the URL.
 *
 * Binding connects to nothing. Connections are made when a session needs one, kept, and lent again; each bound database
 * has a limit of its own and waits up to `wait_ms` for a free one. A blend is set up by one thread; from the first
 * session on it does not change and may be used by any number of threads. After fork(), a child must not use its
 * parent's blend (MISUSE); closing its sessions and freeing it there leave the parent's connections and transactions
 * alone.
 */
#ifndef CUVEE_BLEND_H
#define CUVEE_BLEND_H

#include <cuvee/error.h>
#include <cuvee/model.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_blend cuvee_blend;

/** How far a commit on SQLite is on disk when it returns. */
typedef enum cuvee_durability {
    CUVEE_FULL = 0, /**< survives a loss of power */
    CUVEE_NORMAL,   /**< survives a crash of the process; the last commits may be lost with the power */
} cuvee_durability;

/** Options of a binding. Zero means the default. */
typedef struct cuvee_bind_options {
    unsigned max_connections;    /**< to this database; default 16 */
    unsigned wait_ms;            /**< for a free connection, then CUVEE_ERROR_EXHAUSTED; default 5000 */
    unsigned busy_ms;            /**< for a lock of another connection, then CUVEE_ERROR_BUSY; default 5000 */
    cuvee_durability durability; /**< SQLite's synchronous */
    bool read_only;              /**< no session may write; the engine is opened for reading only */
    size_t size;                 /**< sizeof(cuvee_bind_options); set by the macro */
} cuvee_bind_options;

/**
 * An empty blend, or NULL when memory is out (every function here takes NULL and fails). Free it with cuvee_blend_free.
 */
cuvee_blend *cuvee_blend_new(void);

/**
 * Closes all connections and frees the blend. Every session on it must be closed before; a cuvee_cancel that is still
 * on its way is waited for. NULL is fine.
 */
void cuvee_blend_free(cuvee_blend *blend);

/**
 * Binds `base` to the database at `url`: cuvee_blend_bind(blend, &base, url, .read_only = true, …). The url is copied;
 * the base is borrowed for the blend's life. Binding a base again replaces its database, as long as no session was
 * opened. Errors (in the blend, first one stays): CONFIG for a URL that names no engine (sqlite, postgresql or
 * postgres, mariadb or mysql) or a descriptor that cannot be used, MEMORY, MISUSE. What else is wrong with a URL is
 * CONFIG too, at first use: cuvee_blend_open tells it early. Returns false on error.
 */
bool cuvee_blend_bind_with(cuvee_blend *blend, const cuvee_base *base, const char *url,
                           const cuvee_bind_options *options);
#define cuvee_blend_bind(blend, base, ...) CUVEE_BIND_(blend, base, __VA_ARGS__, .size = sizeof(cuvee_bind_options))
#define CUVEE_BIND_(blend, base, url, ...) cuvee_blend_bind_with(blend, base, url, &(cuvee_bind_options){__VA_ARGS__})

/**
 * The folder that relative SQLite paths of later and earlier bindings stand in; copied. Default: the working directory.
 */
bool cuvee_blend_set_folder(cuvee_blend *blend, const char *folder);

/** Makes one connection to each database, to learn early what cannot be opened. False: see cuvee_blend_error. */
bool cuvee_blend_open(cuvee_blend *blend);

/**
 * Creates the tables and indexes of all bound models that do not exist, each database in one transaction, and checks
 * that the tables which exist are as their models need them: columns and their kinds, and, where rows may be written,
 * NULLs, keys, what is unique, no column that would round or cut a value silently, and no other column that would need
 * one. False: see cuvee_blend_error (SCHEMA names model and field).
 */
bool cuvee_create_tables(cuvee_blend *blend);

/**
 * A new blend with the same bases on in-memory SQLite databases: for tests. Bases that share a database share one
 * there, the others have one each; all can be written. NULL when memory is out. The caller frees it.
 */
cuvee_blend *cuvee_blend_in_memory(const cuvee_blend *blend);

/** The number of bound bases, and each in binding order (0 …). Borrowed; NULL past the end. */
size_t cuvee_blend_base_count(const cuvee_blend *blend);
const cuvee_base *cuvee_blend_base(const cuvee_blend *blend, size_t index);

/**
 * The blend's first error while it was set up; kind NONE when there is none. Never NULL; borrowed for the blend's life
 * (static and of kind MEMORY for a NULL blend).
 */
const cuvee_error *cuvee_blend_error(const cuvee_blend *blend);

#ifdef __cplusplus
}
#endif
#endif
