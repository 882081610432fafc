/* Tables made from models, and the check that those which exist are as the models say. */
#include "base/error.h"
#include "blend/blend.h"
#include "migrate/check.h"
#include "sql/sql.h"

/* Whether another model's table is in this pool's database: only then can the engine check a reference to it. */
struct neighbourhood {
    const cuvee_blend *blend;
    const struct cv_pool *pool;
};

static const struct cv_plan *neighbour(void *arg, const cuvee_model *other)
{
    const struct neighbourhood *here = arg;
    const struct cv_route *route = cv_blend_route(here->blend, other);
    return route && route->pool == here->pool ? route->plan : NULL;
}

static bool execute(struct cv_connection *connection, struct cv_sql *sql, cuvee_error *error)
{
    struct cv_statement_text text;
    bool good = cv_sql_finish(sql, &text);
    if (!good)
        cv_error_memory(error);
    else
        good = connection->driver->execute(connection, text.sql, error);
    cv_sql_free(sql);
    return good;
}

static bool create_table(struct cv_connection *connection, const struct cv_plan *plan, struct neighbourhood *here,
                         cuvee_error *error)
{
    struct cv_sql sql;
    cv_sql_init(&sql, connection->driver->dialect);
    cv_table_text(plan, neighbour, here, &sql);
    return execute(connection, &sql, error);
}

static bool create_indexes(struct cv_connection *connection, const struct cv_plan *plan, cuvee_error *error)
{
    for (size_t n = 0;; n++) {
        struct cv_sql sql;
        cv_sql_init(&sql, connection->driver->dialect);
        bool more = cv_index_text(plan, n, &sql);
        if (!more)
            cv_sql_free(&sql);
        if (!more || !execute(connection, &sql, error))
            return !more;
    }
}

/* Looked at before its indexes are made: they could fail on what is wrong with it, and say it worse. */
static bool make_table(struct cv_connection *connection, const struct cv_route *route, struct neighbourhood *here,
                       cuvee_error *error)
{
    return (route->read_only || create_table(connection, route->plan, here, error)) &&
           cv_table_check(connection, route->plan, !route->read_only, error) &&
           (route->read_only || create_indexes(connection, route->plan, error));
}

/* The models of this database, parents before children. */
static bool create_tables_here(struct cv_connection *connection, struct neighbourhood *here, cuvee_error *error)
{
    size_t deepest = 0;
    for (size_t depth = 0; depth <= deepest; depth++) {
        for (size_t b = 0; b < cuvee_blend_base_count(here->blend); b++) {
            const cuvee_base *base = cuvee_blend_base(here->blend, b);
            for (size_t m = 0; m < base->model_count; m++) {
                const struct cv_route *route = cv_blend_route(here->blend, base->models[m]);
                deepest = route->depth > deepest ? route->depth : deepest;
                if (route->pool != here->pool || route->depth != depth)
                    continue;
                if (!make_table(connection, route, here, error)) {
                    cv_error_text(error->model, sizeof error->model, route->plan->model->name);
                    return false;
                }
            }
        }
    }
    return true;
}

static bool create_in_transaction(struct cv_connection *connection, struct neighbourhood *here, cuvee_error *error)
{
    const struct cv_driver *driver = connection->driver;
    if (!driver->begin(connection, CV_BEGIN_WRITE, error))
        return false;
    if (create_tables_here(connection, here, error))
        return driver->commit(connection, error) == CV_COMMITTED;
    driver->rollback(connection);
    return false;
}

static bool all_read_only(const struct neighbourhood *here)
{
    for (size_t b = 0; b < cuvee_blend_base_count(here->blend); b++) {
        const cuvee_base *base = cuvee_blend_base(here->blend, b);
        const struct cv_route *route = base->model_count ? cv_blend_route(here->blend, base->models[0]) : NULL;
        if (route && route->pool == here->pool && !route->read_only)
            return false;
    }
    return true;
}

bool cuvee_create_tables(cuvee_blend *blend)
{
    if (!blend || !cv_blend_freeze(blend, NULL))
        return false;
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    for (size_t i = 0; !error.kind && i < cv_blend_pool_count(blend); i++) {
        struct neighbourhood here = {blend, cv_blend_pool(blend, i)};
        struct cv_connection *connection = cv_pool_lend(cv_blend_pool(blend, i), &error);
        if (!connection)
            break;
        if (all_read_only(&here))
            create_tables_here(connection, &here, &error);
        else
            create_in_transaction(connection, &here, &error);
        if (error.kind && !error.database[0])
            cv_error_text(error.database, sizeof error.database, cv_pool_name(here.pool));
        cv_pool_give_back(cv_blend_pool(blend, i), connection);
    }
    return cv_blend_fail(blend, &error);
}
