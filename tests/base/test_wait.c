#include "support/check.h"

#include <errno.h>
#include <pthread.h>

#include "base/clock.h"
#include "base/wait.h"

/*
 * Waiting ends with a signal or with its deadline. Where the system has no room there is nothing to wait with, and
 * nothing is left.
 */

/* ---- a system without room ---- */

static const char *full; /* the function that has no room */
static int held;         /* what was made and not destroyed */

static bool is_full(const char *name)
{
    bool found = full && strcmp(full, name) == 0;
    held += found ? 0 : 1;
    return found;
}

int __real_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    return is_full("mutex") ? EAGAIN : __real_pthread_mutex_init(mutex, attributes);
}

int __real_pthread_mutex_destroy(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    held--;
    return __real_pthread_mutex_destroy(mutex);
}

int __real_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes);
int __wrap_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes);
int __wrap_pthread_cond_init(pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
    return is_full("condition") ? ENOMEM : __real_pthread_cond_init(condition, attributes);
}

int __real_pthread_cond_destroy(pthread_cond_t *condition);
int __wrap_pthread_cond_destroy(pthread_cond_t *condition);
int __wrap_pthread_cond_destroy(pthread_cond_t *condition)
{
    held--;
    return __real_pthread_cond_destroy(condition);
}

int __real_pthread_condattr_init(pthread_condattr_t *attributes);
int __wrap_pthread_condattr_init(pthread_condattr_t *attributes);
int __wrap_pthread_condattr_init(pthread_condattr_t *attributes)
{
    return is_full("attributes") ? ENOMEM : __real_pthread_condattr_init(attributes);
}

int __real_pthread_condattr_destroy(pthread_condattr_t *attributes);
int __wrap_pthread_condattr_destroy(pthread_condattr_t *attributes);
int __wrap_pthread_condattr_destroy(pthread_condattr_t *attributes)
{
    held--;
    return __real_pthread_condattr_destroy(attributes);
}

static void a_system_without_room_is_told_and_nothing_is_left(void **state)
{
    static const char *const parts[] = {"mutex", "attributes", "condition"};
    (void)state;
    struct cv_wait wait;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        full = parts[i];
        held = 0;
        assert_false(cv_wait_init(&wait));
        assert_int_equal(held, 0);
    }
    full = NULL;
    assert_true(cv_wait_init(&wait));
    assert_int_equal(held, 2);
    cv_wait_free(&wait);
    assert_int_equal(held, 0);
}

/* ---- deadlines ---- */

static int64_t now(void)
{
    const struct cv_clock *clock = cv_clock_system();
    return clock->ticks_us(clock->arg);
}

static void a_deadline_is_as_far_as_it_was_asked_for(void **state)
{
    (void)state;
    static const unsigned far[] = {0, 1, 999, 1000, 3600000, UINT32_MAX};
    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        int64_t before = now();
        int64_t deadline = cv_wait_deadline(far[i]);
        int64_t after = now();
        assert_true(before + far[i] * INT64_C(1000) <= deadline);
        assert_true(deadline <= after + far[i] * INT64_C(1000));
    }
}

/* How it ends when nobody signals; it may wake for no reason before. */
static void wait_in_vain(struct cv_wait *wait, int64_t deadline)
{
    pthread_mutex_lock(&wait->mutex);
    while (cv_wait_until(wait, deadline))
        ;
    pthread_mutex_unlock(&wait->mutex);
}

static void waiting_ends_at_its_deadline_and_not_before(void **state)
{
    (void)state;
    struct cv_wait wait;
    assert_true(cv_wait_init(&wait));
    int64_t deadline = cv_wait_deadline(30);
    wait_in_vain(&wait, deadline);
    assert_true(now() >= deadline);
    cv_wait_free(&wait);
}

static void a_deadline_that_is_over_ends_it_at_once(void **state)
{
    (void)state;
    struct cv_wait wait;
    assert_true(cv_wait_init(&wait));
    wait_in_vain(&wait, cv_wait_deadline(0) - 1);
    wait_in_vain(&wait, 0);
    cv_wait_free(&wait);
}

/* ---- signals ---- */

struct scene {
    struct cv_wait wait;
    bool waiting;
    bool done;
    bool late;
};

static void *wait_for_it(void *arg)
{
    struct scene *scene = arg;
    int64_t deadline = cv_wait_deadline(3600 * 1000);
    pthread_mutex_lock(&scene->wait.mutex);
    scene->waiting = true;
    pthread_cond_broadcast(&scene->wait.changed);
    while (!scene->done && !scene->late)
        scene->late = !cv_wait_until(&scene->wait, deadline);
    pthread_mutex_unlock(&scene->wait.mutex);
    return NULL;
}

/*
 * An hour of a clock that began with the machine is long ago for one that began in 1970: whoever mixes them up is late
 * at once.
 */
static void a_signal_ends_it_long_before_its_deadline(void **state)
{
    (void)state;
    struct scene scene = {.done = false};
    pthread_t thread;
    assert_true(cv_wait_init(&scene.wait));
    assert_int_equal(pthread_create(&thread, NULL, wait_for_it, &scene), 0);
    pthread_mutex_lock(&scene.wait.mutex);
    while (!scene.waiting)
        pthread_cond_wait(&scene.wait.changed, &scene.wait.mutex);
    scene.done = true;
    pthread_cond_broadcast(&scene.wait.changed);
    pthread_mutex_unlock(&scene.wait.mutex);
    pthread_join(thread, NULL);
    assert_false(scene.late);
    wait_in_vain(&scene.wait, cv_wait_deadline(1)); /* and it can be waited for again */
    cv_wait_free(&scene.wait);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_system_without_room_is_told_and_nothing_is_left),
        cmocka_unit_test(a_deadline_is_as_far_as_it_was_asked_for),
        cmocka_unit_test(waiting_ends_at_its_deadline_and_not_before),
        cmocka_unit_test(a_deadline_that_is_over_ends_it_at_once),
        cmocka_unit_test(a_signal_ends_it_long_before_its_deadline),
    };
    return cmocka_run_group_tests_name("base/wait", tests, NULL, NULL);
}
