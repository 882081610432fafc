/** What the files of this room share. */
#ifndef CV_BLEND_INTERNAL_H
#define CV_BLEND_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/wait.h"
#include "blend/blend.h"

/* A base and where it lives. */
struct cv_binding {
    const cuvee_base *base;
    const struct cv_driver *driver;
    char *url;
    void *script; /* the scripted driver's */
    cuvee_bind_options options;
    struct cv_plan **plans; /* one per model of the base */
    size_t shares;          /* number, from 1, of the binding whose in-memory database is this one's too; 0: its own */
    struct cv_pool *pool;   /* from freeze on */
};

/* A queue of what is closed. */
struct cv_retirees {
    struct cv_wait came;                /* guards what follows */
    struct cv_retired *oldest, *newest; /* newest: only if there is an oldest */
    size_t bytes;
    size_t expected; /* that are still to come */
};

struct cuvee_blend {
    cuvee_error error;
    const struct cv_clock *clock;
    uint64_t seed;
    char *folder; /* NULL: working directory */
    struct cv_binding *bindings;
    size_t binding_count;
    struct cv_pool **pools; /* by rank */
    size_t pool_count;
    struct cv_route *routes; /* open addressing by the model's address; an empty place has no plan */
    size_t route_mask;
    atomic_bool frozen;
    pthread_mutex_t freezing;
    struct cv_retirees retirees;
};

/** A pool of connections to the place of `binding`; NULL on error. */
struct cv_pool *cv_pool_new(const cuvee_blend *blend, const struct cv_binding *binding, size_t rank,
                            cuvee_error *error);
void cv_pool_free(struct cv_pool *pool);
/** Before either has connections: each takes the other's database, as that was opened. */
void cv_pool_swap_databases(struct cv_pool *a, struct cv_pool *b);
const char *cv_pool_identity(const struct cv_pool *pool);

/** Fills blend->routes. Called once, at freeze. */
bool cv_routes_make(cuvee_blend *blend, cuvee_error *error);

/** False: the system gives no lock. */
bool cv_retirees_init(struct cv_retirees *retirees);
/** Waits for those that are still to come. */
void cv_retirees_wait(struct cv_retirees *retirees);
void cv_retirees_free(struct cv_retirees *retirees);

#endif
