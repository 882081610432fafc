/**
 * Allocations that fail: for tests that prove that running out of memory is an error like any other.
 *
 *     for (size_t n = 1;; n++) {
 *         alloc_fault_at(n);
 *         … the scenario; it may fail, but not crash, leak or lie …
 *         if (!alloc_fault_end())
 *             break; // it ran to its end without needing allocation n
 *     }
 *
 * It reaches what the library asks of malloc, calloc and realloc (also through jansson), in all threads. One scenario
 * at a time; memory taken before or after is not touched.
 */
#ifndef TESTS_SUPPORT_ALLOC_FAULT_H
#define TESTS_SUPPORT_ALLOC_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/** From now on allocation number n (the first is 1) returns NULL, and all after it too until alloc_fault_end. */
void alloc_fault_at(size_t n);
/** The same, but allocation n alone fails and later ones succeed again. */
void alloc_fault_once(size_t n);
/** Makes it reach what SQLite allocates too. Once, before the program's first use of SQLite. */
void alloc_fault_reach_sqlite(void);
/** Allocations succeed again. True when one was made to fail since the beginning. */
bool alloc_fault_end(void);

#endif
