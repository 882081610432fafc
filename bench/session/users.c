#include "users.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t user_check(const User *user)
{
    return user->id + (int64_t)strlen(user->name) + (int64_t)strlen(user->email);
}

static bool fill(User *user, int64_t number, struct arena *arena)
{
    char name[64];
    char email[64];
    snprintf(name, sizeof name, "Name of user %" PRId64, number);
    snprintf(email, sizeof email, "user.%" PRId64 "@example.com", number);
    user->name = arena_text(arena, name, strlen(name));
    user->email = arena_text(arena, email, strlen(email));
    return user->name != NULL && user->email != NULL;
}

User *users_make(int64_t count, struct arena *arena)
{
    User *users = calloc((size_t)count, sizeof *users);
    for (int64_t i = 0; users != NULL && i < count; i++) {
        if (!fill(&users[i], i + 1, arena)) {
            free(users);
            return NULL;
        }
    }
    return users;
}
