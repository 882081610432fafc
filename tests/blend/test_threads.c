/* One blend in many threads: each with sessions of its own, on two databases. */
#include "session/support.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, ROUNDS = 15 };

struct worker {
    cuvee_blend *blend;
    int number;
    pthread_t thread;
    cuvee_error error;
};

/* A user with an order, in both databases at once. */
static bool sign_up(cuvee_session *session, void *arg)
{
    const char *name = arg;
    char email[60];
    snprintf(email, sizeof email, "%s@example.com", name);
    const User *user = cuvee_add(session, &user_model, &(User){.name = name, .email = email});
    cuvee_add_related(session, user, "orders", &(Order){.item = "Lamp", .quantity = 1, .version = 1});
    return true;
}

/* Finds it again and changes it. */
static bool change(cuvee_session *session, void *arg)
{
    cuvee_query *query = cuvee_select(session, &user_model);
    cuvee_where(query, cuvee_eq(query, "name", (const char *)arg));
    cuvee_with(query, "orders");
    const User *user = cuvee_one(query);
    const Order *order = cuvee_related_one(session, user, "orders");
    User *edit = cuvee_edit(session, user);
    Order *edit_order = cuvee_edit(session, order);
    if (!edit || !edit_order)
        return false;
    edit->age = (cuvee_opt_int32){true, 30};
    edit_order->quantity = 2;
    return true;
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    for (int i = 0; i < ROUNDS && !worker->error.kind; i++) {
        char name[30];
        snprintf(name, sizeof name, "user-%d-%d", worker->number, i);
        if (cuvee_run(worker->blend, sign_up, name, &worker->error) == CUVEE_COMMITTED)
            cuvee_run(worker->blend, change, name, &worker->error);
    }
    return NULL;
}

static void run_workers(cuvee_blend *blend)
{
    struct worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.blend = blend, .number = i};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++)
        if (workers[i].error.kind)
            fail_msg("worker %d: %s: %s", i, cuvee_error_kind_name(workers[i].error.kind), workers[i].error.message);
}

static const cuvee_bind_options patient = {
    .max_connections = 3, .wait_ms = 60000, .busy_ms = 60000, .durability = CUVEE_NORMAL};

static void many_sessions_work_at_once(void **state)
{
    struct world *world = *state;
    cuvee_blend *blend = world_blend(world, patient, patient);
    run_workers(blend);
    cuvee_blend_free(blend);
    assert_int_equal(rows_of(world, &user_model), THREADS * ROUNDS);
    assert_int_equal(ask(world, &accounts_base, "SELECT count(*) FROM users WHERE age = 30"), THREADS * ROUNDS);
    assert_int_equal(ask(world, &sales_base, "SELECT count(*) FROM orders WHERE quantity = 2 AND version = 2"),
                     THREADS * ROUNDS);
}

static void they_may_all_be_the_first(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) { /* who comes first freezes the blend */
        cuvee_blend *blend = cuvee_blend_new();
        cuvee_blend_bind_with(blend, &accounts_base, "sqlite::memory:", &patient);
        cuvee_blend_bind_with(blend, &sales_base, "sqlite::memory:", &patient);
        struct worker workers[THREADS];
        for (int w = 0; w < THREADS; w++) {
            workers[w] = (struct worker){.blend = blend, .number = w};
            assert_int_equal(pthread_create(&workers[w].thread, NULL, work, &workers[w]), 0);
        }
        for (int w = 0; w < THREADS; w++) {
            pthread_join(workers[w].thread, NULL);
            assert_int_equal(workers[w].error.kind, CUVEE_ERROR_SCHEMA); /* there are no tables */
        }
        cuvee_blend_free(blend);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(many_sessions_work_at_once),
        cmocka_unit_test(they_may_all_be_the_first),
    };
    return WORLD_MAIN(argc, argv, "threads", tests);
}
