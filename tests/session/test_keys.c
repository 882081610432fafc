/* How keys are spread over a table with open addressing, as the identity map is. */
#include "support/check.h"

#include <stdio.h>

#include "blend/blend.h"
#include "session/keys.h"

enum { KEYS = 14000, PLACES = 16384 };

static uint64_t seed = UINT64_C(0x5DEECE66D1234567);

static uint32_t hash_of(int64_t number)
{
    cuvee_value key = cuvee_int_value(number);
    return cv_keys_hash(seed, &key, 1);
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
    return cv_keys_hash(seed, keys, 2);
}

static uint32_t a_text(int64_t i, int64_t stride)
{
    char text[32];
    snprintf(text, sizeof text, "key %lld", (long long)(i * stride));
    cuvee_value key = cuvee_text_value(text);
    return cv_keys_hash(seed, &key, 1);
}

static void keys_that_follow_a_pattern_are_spread(void **state)
{
    (void)state;
    static const uint64_t seeds[] = {
        0, 1, 3, UINT64_C(1) << 63, UINT64_MAX, UINT64_C(0x9E3779B97F4A7C15), UINT64_C(0x5DEECE66D1234567)};
    static const int64_t strides[] = {1, 2, 7, 8, 10, 64, 1000, 1024, 4096, 65536, 1 << 20, INT64_C(1) << 32, -1, -8};
    for (size_t i = 0; i < sizeof strides / sizeof strides[0] * sizeof seeds / sizeof seeds[0]; i++) {
        int64_t stride = strides[i % (sizeof strides / sizeof strides[0])];
        seed = seeds[i / (sizeof strides / sizeof strides[0])];
        double one = steps(one_number, stride), two = steps(two_numbers, stride), text = steps(a_text, stride);
        if (one > 16 || two > 16 || text > 16)
            fail_msg("seed %llx, stride %lld: %.1f, %.1f and %.1f steps", (unsigned long long)seed, (long long)stride,
                     one, two, text);
    }
}

/* Numbers that meet under one seed (their hashes' low bits are equal) do not under another. */
static void keys_that_meet_by_one_seed_do_not_by_another(void **state)
{
    (void)state;
    enum { MEETING = 1000, MASK = 1023 };
    size_t still = 0;
    for (int64_t number = 0, found = 0; found < MEETING; number += 4) {
        seed = UINT64_C(0x5DEECE66D1234567);
        if ((hash_of(number) & MASK) != (hash_of(0) & MASK))
            continue;
        found++;
        seed = UINT64_C(0x0123456789ABCDEF);
        still += (hash_of(number) & MASK) == (hash_of(0) & MASK);
    }
    assert_true(still < MEETING / 20);
}

static void each_blend_has_a_seed_of_its_own(void **state)
{
    (void)state;
    cuvee_blend *a = cuvee_blend_new(), *b = cuvee_blend_new();
    assert_int_not_equal(cv_blend_seed(a), cv_blend_seed(b));
    cuvee_blend_free(a);
    cuvee_blend_free(b);
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
    assert_int_not_equal(cv_keys_hash(seed, a, 2), cv_keys_hash(seed, b, 2));
    assert_int_not_equal(hash_of(INT64_MIN), hash_of(INT64_MAX));
    assert_int_not_equal(hash_of(0), hash_of(INT64_C(1) << 40));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_that_follow_a_pattern_are_spread),
        cmocka_unit_test(keys_that_meet_by_one_seed_do_not_by_another),
        cmocka_unit_test(each_blend_has_a_seed_of_its_own),
        cmocka_unit_test(neighbours_stand_side_by_side),
        cmocka_unit_test(keys_that_differ_have_other_hashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
