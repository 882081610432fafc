/* How keys are spread over a table with open addressing, as the identity map is. */
#include "support/check.h"

#include <stdio.h>

#include "session/keys.h"

enum { KEYS = 14000, PLACES = 16384 };

static uint32_t hash_of(int64_t number)
{
    cuvee_value key = cuvee_int_value(number);
    return cv_keys_hash(&key, 1);
}

/* How many places are looked at on the average when so many keys are put into a table that is then full by 7/8. */
static double steps(uint32_t (*hash)(int64_t i, int64_t stride), int64_t stride)
{
    static bool taken[PLACES];
    size_t looked = 0;
    memset(taken, 0, sizeof taken);
    for (int64_t i = 0; i < KEYS; i++) {
        size_t place = hash(i, stride) % PLACES;
        for (looked++; taken[place]; looked++)
            place = (place + 1) % PLACES;
        taken[place] = true;
    }
    return (double)looked / KEYS;
}

static uint32_t one_number(int64_t i, int64_t stride)
{
    return hash_of((int64_t)((uint64_t)i * (uint64_t)stride));
}

static uint32_t two_numbers(int64_t i, int64_t stride)
{
    cuvee_value keys[] = {cuvee_int_value(i / 100 * stride), cuvee_int_value(i % 100 * stride)};
    return cv_keys_hash(keys, 2);
}

static uint32_t a_text(int64_t i, int64_t stride)
{
    char text[32];
    snprintf(text, sizeof text, "key %lld", (long long)(i * stride));
    cuvee_value key = cuvee_text_value(text);
    return cv_keys_hash(&key, 1);
}

static void keys_that_follow_a_pattern_are_spread(void **state)
{
    (void)state;
    static const int64_t strides[] = {1, 2, 7, 8, 10, 64, 1000, 1024, 4096, 65536, 1 << 20, INT64_C(1) << 32, -1, -8};
    for (size_t i = 0; i < sizeof strides / sizeof strides[0]; i++) {
        double one = steps(one_number, strides[i]), two = steps(two_numbers, strides[i]);
        double text = steps(a_text, strides[i]);
        if (one > 16 || two > 16 || text > 16)
            fail_msg("stride %lld: %.1f, %.1f and %.1f steps", (long long)strides[i], one, two, text);
    }
}

static void neighbours_stand_side_by_side(void **state)
{
    (void)state;
    for (int64_t number = -80; number < 80; number++)
        if ((number & 3) != 3)
            assert_int_equal(hash_of(number + 1), hash_of(number) + 1);
    assert_int_not_equal(hash_of(3) + 1, hash_of(4));
}

static void keys_that_differ_have_other_hashes(void **state)
{
    (void)state;
    cuvee_value a[] = {cuvee_int_value(1), cuvee_int_value(2)};
    cuvee_value b[] = {cuvee_int_value(2), cuvee_int_value(1)};
    assert_int_not_equal(cv_keys_hash(a, 2), cv_keys_hash(b, 2));
    assert_int_not_equal(hash_of(INT64_MIN), hash_of(INT64_MAX));
    assert_int_not_equal(hash_of(0), hash_of(INT64_C(1) << 40));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_follow_a_pattern_are_spread),
        cmocka_unit_test(neighbours_stand_side_by_side),
        cmocka_unit_test(keys_that_differ_have_other_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
