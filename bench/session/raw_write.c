#include "raw.h"

static bool insert_one(sqlite3 *database, sqlite3_stmt *statement, User *user)
{
    sqlite3_bind_text(statement, 1, user->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, user->email, -1, SQLITE_STATIC);
    bool good = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    user->id = sqlite3_last_insert_rowid(database);
    return good || raw_failed(database, "insert");
}

static bool insert_all(void *context, User *users, int64_t count)
{
    sqlite3 *database = context;
    sqlite3_stmt *statement = raw_prepare(database, "INSERT INTO users (name, email) VALUES (?1, ?2)");
    bool good = statement != NULL && raw_execute(database, "BEGIN IMMEDIATE");
    for (int64_t i = 0; good && i < count; i++) {
        good = insert_one(database, statement, &users[i]);
    }
    good = good && raw_execute(database, "COMMIT");
    sqlite3_finalize(statement);
    return good;
}

bool raw_insert(void *context, const struct harness_args *args, struct harness_result *result)
{
    return users_measure_insert(insert_all, context, false, args, result);
}

static bool update_one(sqlite3 *database, sqlite3_stmt *statement, int64_t id)
{
    sqlite3_bind_text(statement, 1, "Renamed", -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, id);
    bool good = sqlite3_step(statement) == SQLITE_DONE && sqlite3_changes(database) == 1;
    sqlite3_reset(statement);
    return good || raw_failed(database, "update");
}

bool raw_update(void *context, const struct harness_args *args, struct harness_result *result)
{
    harness_start(result);
    sqlite3_stmt *statement = raw_prepare(context, "UPDATE users SET name = ?1 WHERE id = ?2");
    bool good = statement != NULL && raw_execute(context, "BEGIN IMMEDIATE");
    for (int64_t id = 1; good && id <= args->rows; id++) {
        good = update_one(context, statement, id);
        result->check++;
    }
    good = good && raw_execute(context, "COMMIT");
    sqlite3_finalize(statement);
    harness_stop(result);
    return good;
}
