/**
 * The row that the programs in C load and save, and the rows that they start from.
 */
#ifndef BENCH_USERS_H
#define BENCH_USERS_H

#include "arena.h"

#include <stdint.h>

typedef struct User {
    int64_t id;
    const char *name;
    const char *email;
} User;

/** What a user adds to the check sum. */
int64_t user_check(const User *user);

/** `count` users as a program has them before it saves them: no ids yet. Free the array; the texts are in the arena. */
User *users_make(int64_t count, struct arena *arena);

#endif
