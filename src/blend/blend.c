/* The blend while it is set up, and the moment when it is frozen. */
#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "base/uuid_text.h"
#include "blend/internal.h"

static const cuvee_error no_blend = {.kind = CUVEE_ERROR_MEMORY, .message = "out of memory"};

/* Where the system has no random bytes (it always has), an address is better than nothing. */
static uint64_t new_seed(const cuvee_blend *blend)
{
    cuvee_uuid random;
    uint64_t seed = (uintptr_t)blend;
    if (cv_uuid_new(&random))
        memcpy(&seed, random.bytes, sizeof seed);
    return seed;
}

cuvee_blend *cuvee_blend_new(void)
{
    cuvee_blend *blend = calloc(1, sizeof *blend);
    if (!blend || pthread_mutex_init(&blend->freezing, NULL) != 0) {
        free(blend);
        return NULL;
    }
    if (!cv_retirees_init(&blend->retirees)) {
        pthread_mutex_destroy(&blend->freezing);
        free(blend);
        return NULL;
    }
    blend->clock = cv_clock_system();
    blend->seed = new_seed(blend);
    return blend;
}

uint64_t cv_blend_seed(const cuvee_blend *blend)
{
    return blend->seed;
}

const struct cv_clock *cv_blend_clock(const cuvee_blend *blend)
{
    return blend->clock;
}

void cv_blend_set_clock(cuvee_blend *blend, const struct cv_clock *clock)
{
    blend->clock = clock;
}

bool cv_blend_fail(cuvee_blend *blend, const cuvee_error *error)
{
    cv_error_keep(&blend->error, error);
    return error->kind == CUVEE_ERROR_NONE;
}

static void free_binding(struct cv_binding *binding)
{
    for (size_t i = 0; binding->plans && i < binding->base->model_count; i++)
        cv_plan_free(binding->plans[i]);
    free(binding->plans);
    free(binding->url);
}

void cuvee_blend_free(cuvee_blend *blend)
{
    if (!blend)
        return;
    if (blend->pool_count == 0 || cv_pool_is_ours(blend->pools[0], NULL)) /* a child has none of its parent's threads */
        cv_retirees_wait(&blend->retirees);
    cv_retirees_free(&blend->retirees);
    for (size_t i = 0; i < blend->pool_count; i++)
        cv_pool_free(blend->pools[i]);
    for (size_t i = 0; i < blend->binding_count; i++)
        free_binding(&blend->bindings[i]);
    free(blend->pools);
    free(blend->routes);
    free(blend->bindings);
    free(blend->folder);
    pthread_mutex_destroy(&blend->freezing);
    free(blend);
}

const cuvee_error *cuvee_blend_error(const cuvee_blend *blend)
{
    return blend ? &blend->error : &no_blend;
}

size_t cuvee_blend_base_count(const cuvee_blend *blend)
{
    return blend ? blend->binding_count : 0;
}

const cuvee_base *cuvee_blend_base(const cuvee_blend *blend, size_t index)
{
    return blend && index < blend->binding_count ? blend->bindings[index].base : NULL;
}

static bool can_set_up(cuvee_blend *blend)
{
    if (!blend || blend->error.kind)
        return false;
    if (atomic_load(&blend->frozen))
        return cv_error_set(&blend->error, CUVEE_ERROR_MISUSE, "the blend is in use already: set it up before");
    return true;
}

bool cuvee_blend_set_folder(cuvee_blend *blend, const char *folder)
{
    if (!can_set_up(blend))
        return false;
    char *copy = folder ? strdup(folder) : NULL;
    if (folder && !copy)
        return cv_error_memory(&blend->error);
    free(blend->folder);
    blend->folder = copy;
    return true;
}

static bool make_plans(struct cv_binding *binding, cuvee_error *error)
{
    const cuvee_base *base = binding->base;
    binding->plans = calloc(base->model_count ? base->model_count : 1, sizeof(struct cv_plan *));
    if (!binding->plans)
        return cv_error_memory(error);
    if (base->size < offsetof(cuvee_base, size) + sizeof(size_t) || base->size > sizeof(cuvee_base))
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "make base %s with CUVEE_BASE, for this version of the library",
                            base->name ? base->name : "NULL");
    if (!base->name)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "a base needs a name");
    for (size_t i = 0; i < base->model_count; i++) {
        if (!base->models[i])
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "model %zu of base %s is NULL", i, base->name);
        if (!base->models[i]->table)
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "model %s of base %s has no table", base->models[i]->name,
                                base->name);
        binding->plans[i] = cv_plan_make(base->models[i], error);
        if (!binding->plans[i])
            return false;
    }
    return true;
}

/* The place of the base's binding: the one that it has, or a new one at the end. */
static struct cv_binding *binding_for(cuvee_blend *blend, const cuvee_base *base)
{
    for (size_t i = 0; i < blend->binding_count; i++)
        if (blend->bindings[i].base == base)
            return &blend->bindings[i];
    struct cv_binding *more = realloc(blend->bindings, (blend->binding_count + 1) * sizeof *more);
    if (!more)
        return NULL;
    blend->bindings = more;
    more[blend->binding_count] = (struct cv_binding){.base = base};
    return &more[blend->binding_count++];
}

bool cv_blend_bind_place(cuvee_blend *blend, const cuvee_base *base, const struct cv_driver *driver,
                         const struct cv_place *place)
{
    if (!can_set_up(blend))
        return false;
    struct cv_binding *binding = binding_for(blend, base);
    char *url = binding ? strdup(place->url) : NULL;
    if (!url)
        return cv_error_memory(&blend->error);
    free(binding->url);
    binding->url = url;
    binding->driver = driver;
    binding->script = place->script;
    binding->options = place->options;
    return binding->plans || make_plans(binding, &blend->error);
}

bool cuvee_blend_bind_with(cuvee_blend *blend, const cuvee_base *base, const char *url,
                           const cuvee_bind_options *options)
{
    if (!can_set_up(blend))
        return false;
    if (!base || !url)
        return cv_error_set(&blend->error, CUVEE_ERROR_MISUSE, "cuvee_blend_bind takes a base and a URL, got NULL");
    const struct cv_driver *driver = cv_driver_for(url);
    if (!driver) {
        cv_error_set(&blend->error, CUVEE_ERROR_CONFIG, "base %s: the URL names no engine that was built in (%s)",
                     base->name, cv_driver_schemes());
        cv_error_text(blend->error.hint, sizeof blend->error.hint,
                      "write sqlite:PATH, sqlite::memory: or SCHEME://USER@HOST/DATABASE (docs/engines.md)");
        return false;
    }
    struct cv_place place = {.url = url};
    cv_take_options(&place.options, sizeof place.options, options, options ? options->size : 0);
    return cv_blend_bind_place(blend, base, driver, &place);
}

static struct cv_pool *pool_of_same_place(const cuvee_blend *blend, const struct cv_pool *pool)
{
    for (size_t i = 0; i < blend->pool_count; i++)
        if (strcmp(cv_pool_identity(blend->pools[i]), cv_pool_identity(pool)) == 0)
            return blend->pools[i];
    return NULL;
}

static bool only_reads(const cuvee_blend *blend, const struct cv_pool *pool)
{
    for (size_t i = 0; i < blend->binding_count; i++)
        if (blend->bindings[i].pool == pool && !blend->bindings[i].options.read_only)
            return false;
    return true;
}

/*
 * Whether what holds for a whole connection was bound alike: how durable it is, how many there are, how long one waits.
 */
static bool same_settings(const cuvee_blend *blend, const struct cv_pool *pool, const struct cv_binding *binding)
{
    const cuvee_bind_options *a = &binding->options;
    for (size_t i = 0; i < blend->binding_count; i++) {
        const cuvee_bind_options *b = &blend->bindings[i].options;
        if (blend->bindings[i].pool == pool && (a->durability != b->durability || a->busy_ms != b->busy_ms ||
                                                a->wait_ms != b->wait_ms || a->max_connections != b->max_connections))
            return false;
    }
    return true;
}

/* Bases that name one place share the pool of the first; it is opened for writing if one of them may write. */
static void share_pool(cuvee_blend *blend, struct cv_binding *binding, struct cv_pool *pool)
{
    struct cv_pool *same = pool_of_same_place(blend, pool);
    if (!same) {
        binding->pool = blend->pools[blend->pool_count++] = pool;
        return;
    }
    if (!same_settings(blend, same, binding))
        cv_error_set(&blend->error, CUVEE_ERROR_CONFIG,
                     "base %s shares the database of base %s, but is bound with other options", binding->base->name,
                     cv_pool_name(same));
    if (only_reads(blend, same) && !binding->options.read_only)
        cv_pool_swap_databases(same, pool);
    binding->pool = same;
    cv_pool_free(pool);
}

static bool make_pools(cuvee_blend *blend, cuvee_error *error)
{
    blend->pools = calloc(blend->binding_count ? blend->binding_count : 1, sizeof(struct cv_pool *));
    if (!blend->pools)
        return cv_error_memory(error);
    for (size_t i = 0; i < blend->binding_count; i++) {
        struct cv_binding *binding = &blend->bindings[i];
        if (binding->shares) {
            binding->pool = blend->bindings[binding->shares - 1].pool;
            continue;
        }
        struct cv_pool *pool = cv_pool_new(blend, binding, blend->pool_count, error);
        if (!pool)
            return false;
        share_pool(blend, binding, pool);
    }
    return true;
}

bool cv_blend_freeze(cuvee_blend *blend, cuvee_error *error)
{
    if (!blend)
        return cv_error_memory(error);
    if (!atomic_load_explicit(&blend->frozen, memory_order_acquire)) {
        pthread_mutex_lock(&blend->freezing);
        if (!atomic_load(&blend->frozen)) {
            if (!blend->error.kind && make_pools(blend, &blend->error))
                cv_routes_make(blend, &blend->error);
            atomic_store(&blend->frozen, true);
        }
        pthread_mutex_unlock(&blend->freezing);
    }
    cv_error_keep(error, &blend->error);
    return !blend->error.kind;
}

static const struct cv_binding *binding_of(const cuvee_blend *blend, const cuvee_base *base)
{
    for (size_t i = 0; i < blend->binding_count; i++)
        if (blend->bindings[i].base == base)
            return &blend->bindings[i];
    return NULL;
}

struct cv_pool *cv_blend_base_pool(const cuvee_blend *blend, const cuvee_base *base)
{
    const struct cv_binding *binding = binding_of(blend, base);
    return binding ? binding->pool : NULL;
}

bool cv_blend_base_read_only(const cuvee_blend *blend, const cuvee_base *base)
{
    const struct cv_binding *binding = binding_of(blend, base);
    return binding && binding->options.read_only;
}

size_t cv_blend_pool_count(const cuvee_blend *blend)
{
    return blend->pool_count;
}

struct cv_pool *cv_blend_pool(const cuvee_blend *blend, size_t rank)
{
    return blend->pools[rank];
}

bool cuvee_blend_open(cuvee_blend *blend)
{
    if (!cv_blend_freeze(blend, NULL))
        return false;
    for (size_t i = 0; i < blend->pool_count; i++) {
        struct cv_connection *connection = cv_pool_lend(blend->pools[i], &blend->error);
        if (!connection)
            return false;
        cv_pool_give_back(blend->pools[i], connection);
    }
    return true;
}

/*
 * What tells a binding's place from others: its database, opened as long as the names are compared, or the URL where it
 * cannot be.
 */
struct identity {
    struct cv_database *database;
    const char *name;
};

static bool identify(const cuvee_blend *blend, const struct cv_binding *binding, struct identity *identity)
{
    struct cv_place place = {
        .url = binding->url, .folder = blend->folder, .script = binding->script, .options = binding->options};
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    identity->database = binding->driver->open_database(&place, &error);
    identity->name = identity->database ? identity->database->identity : binding->url;
    return error.kind != CUVEE_ERROR_MEMORY;
}

/*
 * Bases that live in one database do so in the copy, too: the engine checks their references, and they can be joined.
 */
static bool copy_bindings(cuvee_blend *copy, const cuvee_blend *blend, struct identity *identities)
{
    for (size_t i = 0; i < blend->binding_count; i++) {
        const struct cv_binding *binding = &blend->bindings[i];
        if (!identify(blend, binding, &identities[i]) || !cuvee_blend_bind(copy, binding->base, "sqlite::memory:"))
            return false;
        size_t first = binding->shares ? binding->shares - 1 : 0;
        while (!binding->shares && strcmp(identities[first].name, identities[i].name) != 0)
            first++;
        copy->bindings[i].shares = first < i ? first + 1 : 0;
    }
    return true;
}

cuvee_blend *cuvee_blend_in_memory(const cuvee_blend *blend)
{
    cuvee_blend *copy = cuvee_blend_new();
    if (!copy || !blend)
        return copy;
    struct identity *identities = calloc(blend->binding_count + 1, sizeof *identities);
    if (!identities || !copy_bindings(copy, blend, identities))
        cv_error_memory(&copy->error);
    for (size_t i = 0; identities && i < blend->binding_count; i++)
        if (identities[i].database)
            identities[i].database->driver->close_database(identities[i].database);
    free(identities);
    return copy;
}
