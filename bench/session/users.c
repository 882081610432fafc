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

User *users_make(int64_t count, bool with_ids, struct arena *arena)
{
    User *users = calloc((size_t)count, sizeof *users);
    for (int64_t i = 0; users != NULL && i < count; i++) {
        if (!fill(&users[i], i + 1, arena)) {
            free(users);
            return NULL;
        }
        users[i].id = with_ids ? i + 1 : 0;
    }
    return users;
}

bool users_measure_insert(users_insert *insert, void *context, bool with_ids, const struct harness_args *args,
                          struct harness_result *result)
{
    struct arena arena = {0};
    User *users = users_make(args->rows, with_ids, &arena);
    bool good = false;
    if (users != NULL) {
        harness_start(result);
        good = insert(context, users, args->rows);
        harness_stop(result);
    }
    for (int64_t i = 0; good && i < args->rows; i++) {
        result->check += users[i].id;
    }
    free(users);
    arena_free(&arena);
    return good;
}

User *users_next(struct users *users)
{
    if (users->count == users->capacity) {
        size_t capacity = users->capacity == 0 ? 1024 : users->capacity * 2;
        User *items = realloc(users->items, capacity * sizeof *items);
        if (items == NULL) {
            return NULL;
        }
        users->items = items;
        users->capacity = capacity;
    }
    return &users->items[users->count++];
}

void users_loaded(struct users *users, struct arena *texts, struct harness_result *result)
{
    for (size_t i = 0; i < users->count; i++) {
        result->check += user_check(&users->items[i]);
    }
    result->bytes = users->count * sizeof *users->items + texts->used;
    arena_free(texts);
    free(users->items);
    *users = (struct users){0};
}
