/**
 * The work of a session, done by hand with MariaDB Connector/C: whole tables by the text protocol, which is the quicker one
 * for them, rows by key with a prepared statement, many rows by bulk binding.
 */
#include "arena.h"
#include "harness.h"
#include "users.h"

#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { columns = 3, text_size = 512, portion = 5000 };

#define SELECT_ALL "SELECT id, name, email FROM users ORDER BY id"
#define SELECT_ONE "SELECT id, name, email FROM users WHERE id = ?"
#define INSERT     "INSERT INTO users (id, name, email) VALUES (?, ?, ?)"

static bool failed(MYSQL *database, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, mysql_error(database));
    return false;
}

static bool statement_failed(MYSQL_STMT *statement, const char *what)
{
    fprintf(stderr, "%s: %s\n", what, mysql_stmt_error(statement));
    return false;
}

/** A prepared statement to be closed; NULL, with a line on stderr, when that fails. */
static MYSQL_STMT *prepare(MYSQL *database, const char *sql)
{
    MYSQL_STMT *statement = mysql_stmt_init(database);
    if (statement != NULL && mysql_stmt_prepare(statement, sql, strlen(sql)) != 0) {
        statement_failed(statement, sql);
        mysql_stmt_close(statement);
        return NULL;
    }
    return statement;
}

/* --- reading ------------------------------------------------------------------------------------------------- */

typedef bool row_reader(void *arg, const User *user, const unsigned long *lengths);

/** Reads all rows as they come; the texts are the client's own and live until the next row. */
static bool read_all(MYSQL *database, row_reader *reader, void *arg)
{
    if (mysql_query(database, SELECT_ALL) != 0) {
        return failed(database, SELECT_ALL);
    }
    MYSQL_RES *result = mysql_use_result(database);
    MYSQL_ROW row = NULL;
    bool good = result != NULL;
    while (good && (row = mysql_fetch_row(result)) != NULL) {
        User user = {strtoll(row[0], NULL, 10), row[1], row[2]};
        good = reader(arg, &user, mysql_fetch_lengths(result));
    }
    good = good && mysql_errno(database) == 0;
    mysql_free_result(result);
    return good || failed(database, SELECT_ALL);
}

struct loaded {
    struct users users;
    struct arena arena;
};

static bool keep(void *arg, const User *row, const unsigned long *lengths)
{
    struct loaded *loaded = arg;
    User *user = users_next(&loaded->users);
    if (user == NULL) {
        return false;
    }
    user->id = row->id;
    user->name = arena_text(&loaded->arena, row->name, lengths[1]);
    user->email = arena_text(&loaded->arena, row->email, lengths[2]);
    return user->name != NULL && user->email != NULL;
}

static bool load(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    struct loaded loaded = {0};
    harness_start(result);
    bool good = read_all(context, keep, &loaded);
    harness_stop(result);
    users_loaded(&loaded.users, &loaded.arena, result);
    return good;
}

static bool add_check(void *arg, const User *row, const unsigned long *lengths)
{
    (void)lengths;
    struct harness_result *result = arg;
    result->check += user_check(row);
    return true;
}

static bool rows(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    harness_start(result);
    bool good = read_all(context, add_check, result);
    harness_stop(result);
    return good;
}

/** A statement by key, and the buffers that it works on. */
struct getter {
    MYSQL_STMT *statement;
    int64_t wanted;
    int64_t id;
    char texts[columns][text_size];
    unsigned long lengths[columns];
};

static bool bind_getter(struct getter *getter)
{
    MYSQL_BIND in = {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &getter->wanted};
    MYSQL_BIND out[columns] = {{.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &getter->id}};
    for (int i = 1; i < columns; i++) {
        out[i].buffer_type = MYSQL_TYPE_STRING;
        out[i].buffer = getter->texts[i];
        out[i].buffer_length = text_size;
        out[i].length = &getter->lengths[i];
    }
    return (mysql_stmt_bind_param(getter->statement, &in) == 0 &&
            mysql_stmt_bind_result(getter->statement, out) == 0) ||
           statement_failed(getter->statement, SELECT_ONE);
}

static bool get_one(struct getter *getter, int64_t id, User *user, struct arena *arena)
{
    getter->wanted = id;
    if (user == NULL || mysql_stmt_execute(getter->statement) != 0 || mysql_stmt_fetch(getter->statement) != 0) {
        return statement_failed(getter->statement, SELECT_ONE);
    }
    user->id = getter->id;
    user->name = arena_text(arena, getter->texts[1], getter->lengths[1]);
    user->email = arena_text(arena, getter->texts[2], getter->lengths[2]);
    mysql_stmt_free_result(getter->statement);
    return user->name != NULL && user->email != NULL;
}

static bool get(void *context, const struct harness_args *args, struct harness_result *result)
{
    struct arena arena = {0};
    harness_start(result);
    struct getter getter = {.statement = prepare(context, SELECT_ONE)};
    bool good = getter.statement != NULL && bind_getter(&getter);
    for (int64_t i = 0; good && i < args->rows; i++) {
        User *user = arena_take(&arena, sizeof *user);
        good = get_one(&getter, harness_scattered_id(i, args->rows), user, &arena);
        result->check += good ? user_check(user) : 0;
    }
    if (getter.statement != NULL) {
        mysql_stmt_close(getter.statement);
    }
    harness_stop(result);
    arena_free(&arena);
    return good;
}

/* --- writing ------------------------------------------------------------------------------------------------- */

/** The columns of one portion, as bulk binding wants them. */
struct bulk {
    int64_t ids[portion];
    const char *texts[columns][portion];
    unsigned long lengths[columns][portion];
};

static unsigned fill(struct bulk *bulk, const User *users, int64_t left)
{
    unsigned count = left < portion ? (unsigned)left : portion;
    for (unsigned i = 0; i < count; i++) {
        bulk->ids[i] = users[i].id;
        bulk->texts[1][i] = users[i].name;
        bulk->lengths[1][i] = strlen(users[i].name);
        bulk->texts[2][i] = users[i].email;
        bulk->lengths[2][i] = strlen(users[i].email);
    }
    return count;
}

static bool insert_portion(MYSQL_STMT *statement, struct bulk *bulk, unsigned count)
{
    MYSQL_BIND in[columns] = {{.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = bulk->ids}};
    for (int i = 1; i < columns; i++) {
        in[i].buffer_type = MYSQL_TYPE_STRING;
        in[i].buffer = bulk->texts[i];
        in[i].length = bulk->lengths[i];
    }
    return (mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &count) == 0 &&
            mysql_stmt_bind_param(statement, in) == 0 && mysql_stmt_execute(statement) == 0) ||
           statement_failed(statement, INSERT);
}

static bool insert_all(void *context, User *users, int64_t count)
{
    static struct bulk bulk;
    MYSQL_STMT *statement = prepare(context, INSERT);
    bool good = statement != NULL && mysql_autocommit(context, 0) == 0;
    for (int64_t i = 0; good && i < count; i += portion) {
        good = insert_portion(statement, &bulk, fill(&bulk, users + i, count - i));
    }
    good = good && (mysql_commit(context) == 0 || failed(context, "COMMIT"));
    if (statement != NULL) {
        mysql_stmt_close(statement);
    }
    return good;
}

static bool insert_keys(void *context, const struct harness_args *args, struct harness_result *result)
{
    return users_measure_insert(insert_all, context, true, args, result);
}

/* --- life ---------------------------------------------------------------------------------------------------- */

/** `place` is the server's socket, a blank, and the database's name. */
static bool open_database(MYSQL *database, const char *place)
{
    char socket[256];
    const char *blank = strrchr(place, ' ');
    size_t length = blank == NULL ? 0 : (size_t)(blank - place);
    if (length == 0 || length >= sizeof socket) {
        fprintf(stderr, "'%s' is not a socket and a database\n", place);
        return false;
    }
    memcpy(socket, place, length);
    socket[length] = '\0';
    mysql_options(database, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    return mysql_real_connect(database, NULL, "root", NULL, blank + 1, 0, socket, 0) != NULL ||
           failed(database, socket);
}

int main(int argc, char **argv)
{
    static const struct harness_case cases[] = {
        {"load", load}, {"rows", rows}, {"get", get}, {"insert-keys", insert_keys}};
    struct harness_args args;
    if (!harness_read(&args, argc, argv)) {
        return 2;
    }
    MYSQL *database = mysql_init(NULL);
    bool good = database != NULL && open_database(database, args.db) &&
                harness_main(&args, cases, sizeof cases / sizeof *cases, database);
    mysql_close(database);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
