/** What every fuzz target needs: libFuzzer's entry, and a check that ends the run. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/** Called by libFuzzer for each input. Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Ends the run with the place when a rule does not hold; unlike assert in every build. */
#define MUST(rule)                                                                                                     \
    do {                                                                                                               \
        if (!(rule)) {                                                                                                 \
            fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, #rule);                                      \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

#endif
