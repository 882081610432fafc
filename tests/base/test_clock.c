#include "support/check.h"

#include "base/clock.h"

static void the_machines_clock_goes_forward(void **state)
{
    (void)state;
    const struct cv_clock *clock = cv_clock_system();
    int64_t now = clock->now_us(clock->arg);
    assert_true(now > INT64_C(1700000000000000)); /* November 2023, in microseconds */
    int64_t before = clock->ticks_us(clock->arg);
    for (int i = 0; i < 1000; i++) {
        int64_t after = clock->ticks_us(clock->arg);
        assert_true(after >= before);
        before = after;
    }
}

static int64_t fixed(void *arg)
{
    return *(int64_t *)arg;
}

static void a_test_can_say_what_time_it_is(void **state)
{
    (void)state;
    int64_t hand = 42;
    struct cv_clock clock = {.now_us = fixed, .ticks_us = fixed, .arg = &hand};
    assert_int_equal(clock.now_us(clock.arg), 42);
    hand = 43;
    assert_int_equal(clock.ticks_us(clock.arg), 43);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_machines_clock_goes_forward),
        cmocka_unit_test(a_test_can_say_what_time_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
