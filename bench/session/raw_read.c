#include "raw.h"

/** Copies the row at which the statement stands. */
static bool read_user(User *user, sqlite3_stmt *row, struct arena *arena)
{
    if (user == NULL) {
        return false;
    }
    user->id = sqlite3_column_int64(row, 0);
    user->name = raw_column_text(row, 1, arena);
    user->email = raw_column_text(row, 2, arena);
    return user->name != NULL && user->email != NULL;
}

static bool load_all(sqlite3 *database, struct users *users, struct arena *arena)
{
    sqlite3_stmt *statement = raw_prepare(database, "SELECT id, name, email FROM users ORDER BY id");
    if (statement == NULL) {
        return false;
    }
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW && read_user(users_next(users), statement, arena)) {
    }
    sqlite3_finalize(statement);
    return rc == SQLITE_DONE || raw_failed(database, "load");
}

bool raw_load(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    struct users users = {0};
    struct arena arena = {0};
    harness_start(result);
    bool good = load_all(context, &users, &arena);
    harness_stop(result);
    users_loaded(&users, &arena, result);
    return good;
}

bool raw_rows(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    harness_start(result);
    sqlite3_stmt *statement = raw_prepare(context, "SELECT id, name, email FROM users ORDER BY id");
    if (statement == NULL) {
        return false;
    }
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        /* The texts are SQLite's own and live until the next step. */
        User user = {
            .id = sqlite3_column_int64(statement, 0),
            .name = (const char *)sqlite3_column_text(statement, 1),
            .email = (const char *)sqlite3_column_text(statement, 2),
        };
        result->check += user_check(&user);
    }
    sqlite3_finalize(statement);
    harness_stop(result);
    return rc == SQLITE_DONE || raw_failed(context, "rows");
}

/** The same into a struct whose texts are copied: they live as long as the program wants. */
bool raw_rows_copied(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    struct arena arena = {0};
    User user;
    harness_start(result);
    sqlite3_stmt *statement = raw_prepare(context, "SELECT id, name, email FROM users ORDER BY id");
    if (statement == NULL) {
        return false;
    }
    int rc = SQLITE_ROW;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW && read_user(&user, statement, &arena)) {
        result->check += user_check(&user);
        arena_reuse(&arena);
    }
    sqlite3_finalize(statement);
    harness_stop(result);
    arena_free(&arena);
    return rc == SQLITE_DONE || raw_failed(context, "rows-copied");
}

static bool get_one(sqlite3_stmt *statement, int64_t id, User *user, struct arena *arena)
{
    sqlite3_bind_int64(statement, 1, id);
    bool found = sqlite3_step(statement) == SQLITE_ROW && read_user(user, statement, arena);
    sqlite3_reset(statement);
    return found;
}

bool raw_get(void *context, const struct harness_args *args, struct harness_result *result)
{
    struct arena arena = {0};
    harness_start(result);
    sqlite3_stmt *statement = raw_prepare(context, "SELECT id, name, email FROM users WHERE id = ?1");
    bool good = statement != NULL;
    for (int64_t i = 0; good && i < args->rows; i++) {
        User *user = arena_take(&arena, sizeof *user);
        good = get_one(statement, harness_scattered_id(i, args->rows), user, &arena) || raw_failed(context, "get");
        result->check += good ? user_check(user) : 0;
    }
    sqlite3_finalize(statement);
    harness_stop(result);
    arena_free(&arena);
    return good;
}
