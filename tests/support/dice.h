/** A source of numbers for random tests: the same in every run. */
#ifndef TESTS_SUPPORT_DICE_H
#define TESTS_SUPPORT_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state; /* the seed at first */
};

/** A number from 0 to sides - 1. Knuth's MMIX generator; its high bits. */
static inline uint32_t dice_throw(struct dice *dice, uint32_t sides)
{
    dice->state = dice->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(dice->state >> 33) % sides;
}

static inline bool dice_coin(struct dice *dice)
{
    return dice_throw(dice, 2) == 0;
}

#endif
