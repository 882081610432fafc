/**
 * The work of a session, done by hand with libpq: values in binary, many rows by COPY.
 */
#include "arena.h"
#include "harness.h"
#include "users.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { binary = 1, sent_at_once = 64 * 1024 };

#define SELECT_ALL "SELECT id, name, email FROM users ORDER BY id"
#define SELECT_ONE "SELECT id, name, email FROM users WHERE id = $1"
#define COPY_IN    "COPY users (id, name, email) FROM STDIN (FORMAT binary)"

static bool failed(PGconn *database, const char *what)
{
    fprintf(stderr, "%s: %s", what, PQerrorMessage(database));
    return false;
}

/** Throws the result away; false, with a line on stderr, when it has not this status. */
static bool expect(PGconn *database, PGresult *result, ExecStatusType status, const char *what)
{
    bool good = PQresultStatus(result) == status || failed(database, what);
    PQclear(result);
    return good;
}

static void put_number(char *bytes, uint64_t number, int count)
{
    for (int i = 0; i < count; i++) {
        bytes[i] = (char)(number >> (8 * (count - 1 - i)) & 0xFF);
    }
}

static int64_t bigint_of(const char *bytes)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++) {
        number = number << 8 | (unsigned char)bytes[i];
    }
    return (int64_t)number;
}

/* --- reading ------------------------------------------------------------------------------------------------- */

static const char *copy_text(const PGresult *result, int row, int column, struct arena *arena)
{
    return arena_text(arena, PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column));
}

static bool copy_user(User *user, const PGresult *result, int row, struct arena *arena)
{
    if (user == NULL) {
        return false;
    }
    user->id = bigint_of(PQgetvalue(result, row, 0));
    user->name = copy_text(result, row, 1, arena);
    user->email = copy_text(result, row, 2, arena);
    return user->name != NULL && user->email != NULL;
}

static bool load(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    struct users users = {0};
    struct arena arena = {0};
    harness_start(result);
    PGresult *rows = PQexecParams(context, SELECT_ALL, 0, NULL, NULL, NULL, NULL, binary);
    bool good = PQresultStatus(rows) == PGRES_TUPLES_OK || failed(context, SELECT_ALL);
    for (int i = 0; good && i < PQntuples(rows); i++) {
        good = copy_user(users_next(&users), rows, i, &arena);
    }
    PQclear(rows);
    harness_stop(result);
    users_loaded(&users, &arena, result);
    return good;
}

static bool rows(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    harness_start(result);
    if (!PQsendQueryParams(context, SELECT_ALL, 0, NULL, NULL, NULL, NULL, binary) || !PQsetSingleRowMode(context)) {
        return failed(context, SELECT_ALL);
    }
    PGresult *row = NULL;
    while (PQresultStatus(row = PQgetResult(context)) == PGRES_SINGLE_TUPLE) {
        /* The texts are libpq's own and live as long as the row. */
        User user = {bigint_of(PQgetvalue(row, 0, 0)), PQgetvalue(row, 0, 1), PQgetvalue(row, 0, 2)};
        result->check += user_check(&user);
        PQclear(row);
    }
    bool good = expect(context, row, PGRES_TUPLES_OK, SELECT_ALL);
    PQclear(PQgetResult(context));
    harness_stop(result);
    return good;
}

static bool get_one(PGconn *database, int64_t id, User *user, struct arena *arena)
{
    char bytes[8];
    put_number(bytes, (uint64_t)id, sizeof bytes);
    PGresult *row = PQexecPrepared(database, "get", 1, (const char *[]){bytes}, (const int[]){sizeof bytes},
                                   (const int[]){binary}, binary);
    bool good = PQresultStatus(row) == PGRES_TUPLES_OK && PQntuples(row) == 1 && copy_user(user, row, 0, arena);
    PQclear(row);
    return good || failed(database, SELECT_ONE);
}

static bool get(void *context, const struct harness_args *args, struct harness_result *result)
{
    struct arena arena = {0};
    harness_start(result);
    bool good = expect(context, PQprepare(context, "get", SELECT_ONE, 0, NULL), PGRES_COMMAND_OK, SELECT_ONE);
    for (int64_t i = 0; good && i < args->rows; i++) {
        User *user = arena_take(&arena, sizeof *user);
        good = get_one(context, harness_scattered_id(i, args->rows), user, &arena);
        result->check += good ? user_check(user) : 0;
    }
    harness_stop(result);
    arena_free(&arena);
    return good && expect(context, PQexec(context, "DEALLOCATE get"), PGRES_COMMAND_OK, "DEALLOCATE");
}

/* --- writing ------------------------------------------------------------------------------------------------- */

/** Rows on their way into COPY. */
struct copy {
    PGconn *database;
    size_t used;
    char bytes[sent_at_once];
};

static bool send(struct copy *copy)
{
    bool good = PQputCopyData(copy->database, copy->bytes, (int)copy->used) == 1 || failed(copy->database, COPY_IN);
    copy->used = 0;
    return good;
}

static void put(struct copy *copy, const void *bytes, size_t size)
{
    memcpy(copy->bytes + copy->used, bytes, size);
    copy->used += size;
}

static void put_integer(struct copy *copy, uint64_t number, int bytes)
{
    put_number(copy->bytes + copy->used, number, bytes);
    copy->used += (size_t)bytes;
}

static void put_text(struct copy *copy, const char *text, size_t length)
{
    put_integer(copy, length, 4);
    put(copy, text, length);
}

/** The number of columns, and each behind its length. */
static bool put_user(struct copy *copy, const User *user)
{
    size_t name = strlen(user->name);
    size_t email = strlen(user->email);
    size_t size = 2 + 4 + 8 + 4 + name + 4 + email;
    /* Room is left for the two bytes that end it all. */
    if (size + 2 > sizeof copy->bytes - copy->used && (!send(copy) || size + 2 > sizeof copy->bytes)) {
        return false;
    }
    put_integer(copy, 3, 2);
    put_integer(copy, 8, 4);
    put_integer(copy, (uint64_t)user->id, 8);
    put_text(copy, user->name, name);
    put_text(copy, user->email, email);
    return true;
}

static bool copy_users(void *context, User *users, int64_t count)
{
    static struct copy copy;
    copy.database = context;
    bool good = expect(context, PQexec(context, COPY_IN), PGRES_COPY_IN, COPY_IN);
    put(&copy, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    for (int64_t i = 0; good && i < count; i++) {
        good = put_user(&copy, &users[i]);
    }
    put_integer(&copy, 0xFFFF, 2);
    good = good && send(&copy) && (PQputCopyEnd(context, NULL) == 1 || failed(context, COPY_IN));
    return good && expect(context, PQgetResult(context), PGRES_COMMAND_OK, COPY_IN) && PQgetResult(context) == NULL;
}

static bool insert_keys(void *context, const struct harness_args *args, struct harness_result *result)
{
    return users_measure_insert(copy_users, context, true, args, result);
}

int main(int argc, char **argv)
{
    static const struct harness_case cases[] = {
        {"load", load}, {"rows", rows}, {"get", get}, {"insert-keys", insert_keys}};
    struct harness_args args;
    if (!harness_read(&args, argc, argv)) {
        return 2;
    }
    PGconn *database = PQconnectdb(args.db);
    bool good = (PQstatus(database) == CONNECTION_OK || failed(database, "connecting")) &&
                harness_main(&args, cases, sizeof cases / sizeof *cases, database);
    PQfinish(database);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
