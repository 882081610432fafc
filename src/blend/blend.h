/**
 * Which database, and a connection to it for a while.
 *
 * A model belongs to a base, a base is bound to a database. The first use freezes the bindings: each distinct place
 * becomes one struct cv_pool, bases that name the same place share it.
 */
#ifndef CV_BLEND_BLEND_H
#define CV_BLEND_BLEND_H

#include <cuvee/blend.h>

#include "base/clock.h"
#include "driver/driver.h"
#include "model/plan.h"

struct cv_pool;

enum cv_route_mark { CV_ROUTE_NEW = 0, CV_ROUTE_MEASURING, CV_ROUTE_MEASURED };

/* Where a model lives. Made at freeze; does not change; lives as long as the blend. */
struct cv_route {
    const struct cv_plan *plan;
    const cuvee_base *base;
    struct cv_pool *pool;
    bool read_only;
    size_t depth;            /* of references: parents have a smaller one */
    enum cv_route_mark mark; /* while depths are measured */
};

/**
 * Ends the set-up: opens the databases' drivers, makes pools and routes. Safe to call again. False: the blend's error.
 */
bool cv_blend_freeze(cuvee_blend *blend, cuvee_error *error);
/** The route of a model; NULL when it is in no bound base. Any thread, after freeze. */
const struct cv_route *cv_blend_route(const cuvee_blend *blend, const cuvee_model *model);
/** Where sessions take the time from: the system's clock, or a test's. Set before the first session. */
const struct cv_clock *cv_blend_clock(const cuvee_blend *blend);
void cv_blend_set_clock(cuvee_blend *blend, const struct cv_clock *clock);

/** The pool of a base's database, and whether it is bound for reading only; NULL and false when it is not bound. */
struct cv_pool *cv_blend_base_pool(const cuvee_blend *blend, const cuvee_base *base);
bool cv_blend_base_read_only(const cuvee_blend *blend, const cuvee_base *base);

/** Keeps `error` as the blend's, unless it has one already or there is none. Returns whether there was none. */
bool cv_blend_fail(cuvee_blend *blend, const cuvee_error *error);
/** Binds to a place with a driver of the caller's choice (tests: the scripted one). */
bool cv_blend_bind_place(cuvee_blend *blend, const cuvee_base *base, const struct cv_driver *driver,
                         const struct cv_place *place);

/** A number that nobody outside can know, another one in each blend: for hashes of what clients may choose. */
uint64_t cv_blend_seed(const cuvee_blend *blend);

/* ---- what is closed ---- */

/* Stands in something that a program closes and may, wrongly, still call. */
struct cv_retired {
    struct cv_retired *next;
    size_t bytes;  /* of memory that it keeps */
    bool expected; /* see cv_blend_expect */
    void (*free)(struct cv_retired *retired);
};

/**
 * Keeps something closed, so that a late call finds an error there instead of freed memory: the latest ones, as many as
 * 256 KiB hold (and the last one in any case). What is older is freed, all of it with the blend, and at once without
 * one. Any thread.
 */
void cv_blend_retire(cuvee_blend *blend, struct cv_retired *retired);
/**
 * Of something closed that another thread still has to do with and will retire when it has done: the blend's end waits
 * for that.
 */
void cv_blend_expect(cuvee_blend *blend, struct cv_retired *retired);

/* ---- pools ---- */

size_t cv_blend_pool_count(const cuvee_blend *blend);
struct cv_pool *cv_blend_pool(const cuvee_blend *blend, size_t rank);

/** Name of the first base bound to it (for messages), and its rank: the order of binding. */
const char *cv_pool_name(const struct cv_pool *pool);
size_t cv_pool_rank(const struct cv_pool *pool);

/** False (MISUSE) in a child process: its parent's connections are not its own. */
bool cv_pool_is_ours(const struct cv_pool *pool, cuvee_error *error);

/**
 * Lends a connection: one that lies idle, or a new one, or the next that is given back within the binding's wait_ms.
 * NULL on error: EXHAUSTED, CONNECT and what the driver says. Any thread.
 */
struct cv_connection *cv_pool_lend(struct cv_pool *pool, cuvee_error *error);
/** Gives it back. It must be out of its transaction; a lost one is closed. */
void cv_pool_give_back(struct cv_pool *pool, struct cv_connection *connection);

#endif
