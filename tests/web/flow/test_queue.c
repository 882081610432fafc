#include "support/check.h"

#include <stdatomic.h>

#include "web/flow/queue.h"

static void first_in_first_out(void **state)
{
    (void)state;
    struct cv_queue queue;
    struct cv_queued items[3];
    assert_true(cv_queue_init(&queue, 3));
    for (size_t i = 0; i < 3; i++)
        assert_true(cv_queue_push(&queue, &items[i]));
    assert_ptr_equal(cv_queue_pop(&queue), &items[0]);
    assert_ptr_equal(cv_queue_pop(&queue), &items[1]);
    assert_true(cv_queue_push(&queue, &items[0]));
    assert_ptr_equal(cv_queue_pop(&queue), &items[2]);
    assert_ptr_equal(cv_queue_pop(&queue), &items[0]);
    cv_queue_free(&queue);
}

static void takes_no_more_than_its_limit(void **state)
{
    (void)state;
    struct cv_queue queue;
    struct cv_queued items[3];
    assert_true(cv_queue_init(&queue, 2));
    assert_true(cv_queue_push(&queue, &items[0]));
    assert_true(cv_queue_push(&queue, &items[1]));
    assert_false(cv_queue_push(&queue, &items[2]));
    cv_queue_pop(&queue);
    assert_true(cv_queue_push(&queue, &items[2]));
    cv_queue_free(&queue);
}

static void closing_hands_out_what_waits(void **state)
{
    (void)state;
    struct cv_queue queue;
    struct cv_queued items[3];
    assert_true(cv_queue_init(&queue, 3));
    cv_queue_push(&queue, &items[0]);
    cv_queue_push(&queue, &items[1]);
    struct cv_queued *waiting = cv_queue_close(&queue);
    assert_ptr_equal(waiting, &items[0]);
    assert_ptr_equal(waiting->next, &items[1]);
    assert_null(waiting->next->next);
    assert_false(cv_queue_push(&queue, &items[2]));
    assert_null(cv_queue_pop(&queue));
    assert_null(cv_queue_close(&queue));
    cv_queue_free(&queue);
}

struct shared {
    struct cv_queue queue;
    atomic_uint popped;
};

static void *pop_until_closed(void *arg)
{
    struct shared *shared = arg;
    while (cv_queue_pop(&shared->queue))
        atomic_fetch_add(&shared->popped, 1);
    return NULL;
}

/* Every item comes out once, however many threads take and however few there are to take. */
static void threads_get_each_item_once(void **state)
{
    (void)state;
    enum { THREADS = 4, ITEMS = 2000 };
    struct shared shared;
    static struct cv_queued items[ITEMS];
    pthread_t threads[THREADS];
    atomic_init(&shared.popped, 0);
    assert_true(cv_queue_init(&shared.queue, ITEMS));
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, pop_until_closed, &shared), 0);
    for (size_t i = 0; i < ITEMS; i++)
        assert_true(cv_queue_push(&shared.queue, &items[i]));
    unsigned left = 0;
    for (struct cv_queued *item = cv_queue_close(&shared.queue); item; item = item->next)
        left++;
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&shared.popped) + left, ITEMS);
    cv_queue_free(&shared.queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_in_first_out),
        cmocka_unit_test(takes_no_more_than_its_limit),
        cmocka_unit_test(closing_hands_out_what_waits),
        cmocka_unit_test(threads_get_each_item_once),
    };
    return cmocka_run_group_tests_name("web/flow/queue", tests, NULL, NULL);
}
