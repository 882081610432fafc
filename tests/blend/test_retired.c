/* What is closed is kept for a while, and freed once. */
#include "session/support.h"

#include <pthread.h>
#include <stdatomic.h>

enum { KIB = 1024 };

struct thing {
    struct cv_retired retired;
    size_t *freed;
};

static void free_thing(struct cv_retired *retired)
{
    struct thing *thing = (struct thing *)retired;
    ++*thing->freed;
    free(thing);
}

static void retire(cuvee_blend *blend, size_t bytes, size_t *freed)
{
    struct thing *thing = malloc(sizeof *thing);
    assert_non_null(thing);
    *thing = (struct thing){{.bytes = bytes, .free = free_thing}, freed};
    cv_blend_retire(blend, &thing->retired);
}

static void the_oldest_go_when_there_are_too_many(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    size_t first = 0, others = 0;
    retire(blend, 64 * KIB, &first);
    for (size_t i = 0; i < 3; i++)
        retire(blend, 64 * KIB, &others);
    assert_int_equal(first + others, 0); /* 256 KiB */
    retire(blend, 1, &others);
    assert_int_equal(first, 1);
    assert_int_equal(others, 0);
    retire(blend, 128 * KIB, &others); /* for which two go */
    assert_int_equal(others, 2);
    cuvee_blend_free(blend);
    assert_int_equal(first, 1);
    assert_int_equal(others, 5);
}

static void the_last_one_stays_however_large(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    size_t small = 0, large = 0;
    retire(blend, KIB, &small);
    retire(blend, 1024 * KIB, &large);
    assert_int_equal(small, 1);
    assert_int_equal(large, 0);
    retire(blend, KIB, &small);
    assert_int_equal(small, 1);
    assert_int_equal(large, 1);
    cuvee_blend_free(blend);
    assert_int_equal(small, 2);
    assert_int_equal(large, 1);
}

static void without_a_blend_nothing_is_kept(void **state)
{
    (void)state;
    size_t freed = 0;
    retire(NULL, KIB, &freed);
    assert_int_equal(freed, 1);
}

/* ---- from many threads ---- */

enum { THREADS = 4, EACH = 1000 };

struct worker {
    cuvee_blend *blend;
    atomic_size_t *freed;
    pthread_t thread;
};

struct shared_thing {
    struct cv_retired retired;
    atomic_size_t *freed;
};

static void free_shared(struct cv_retired *retired)
{
    struct shared_thing *thing = (struct shared_thing *)retired;
    atomic_fetch_add(thing->freed, 1);
    free(thing);
}

static void *retire_many(void *arg)
{
    struct worker *worker = arg;
    for (size_t i = 0; i < EACH; i++) {
        struct shared_thing *thing = malloc(sizeof *thing);
        assert_non_null(thing);
        *thing = (struct shared_thing){{.bytes = KIB, .free = free_shared}, worker->freed};
        cv_blend_retire(worker->blend, &thing->retired);
    }
    return NULL;
}

static void threads_retire_at_once(void **state)
{
    (void)state;
    cuvee_blend *blend = cuvee_blend_new();
    atomic_size_t freed = 0;
    struct worker workers[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.blend = blend, .freed = &freed};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, retire_many, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    assert_int_equal(freed, THREADS * EACH - 256); /* of a KiB each */
    cuvee_blend_free(blend);
    assert_int_equal(freed, THREADS * EACH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_go_when_there_are_too_many),
        cmocka_unit_test(the_last_one_stays_however_large),
        cmocka_unit_test(without_a_blend_nothing_is_kept),
        cmocka_unit_test(threads_retire_at_once),
    };
    return cmocka_run_group_tests_name("retired", tests, NULL, NULL);
}
