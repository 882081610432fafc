/**
 * The row that the programs in C load and save, and the rows that they start from.
 */
#ifndef BENCH_USERS_H
#define BENCH_USERS_H

#include "arena.h"
#include "harness.h"

#include <stdint.h>

typedef struct User {
    int64_t id;
    const char *name;
    const char *email;
} User;

/** What a user adds to the check sum. */
int64_t user_check(const User *user);

/**
 * `count` users as a program has them before it saves them: with ids from 1 on, or none yet. Free the array; the texts
 * are in the arena.
 */
User *users_make(int64_t count, bool with_ids, struct arena *arena);

/** Inserts all, setting the ids that the database gives. False on failure, told on stderr. */
typedef bool users_insert(void *context, User *users, int64_t count);

/** The case of inserting users that were made before: the time of `insert`, and the sum of their ids afterwards. */
bool users_measure_insert(users_insert *insert, void *context, bool with_ids, const struct harness_args *args,
                          struct harness_result *result);

/** A growing list; starts as all zero. The texts lie elsewhere. */
struct users {
    User *items;
    size_t count;
    size_t capacity;
};

/** Room for one more, not cleared; NULL when there is no memory. */
User *users_next(struct users *users);

/** What loading came to: the check sum, and the memory of structs and texts. Frees the list and the arena. */
void users_loaded(struct users *users, struct arena *texts, struct harness_result *result);

#endif
