/**
 * The work of a session, done by hand with MariaDB Connector/C: prepared statements with bound buffers, whose rows are
 * read as they come, and many new rows by bulk binding.
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

/** A statement that reads users, and the buffers that it works on. */
struct reader {
    MYSQL_STMT *statement;
    int64_t wanted;
    int64_t id;
    char texts[columns][text_size];
    unsigned long lengths[columns];
};

static bool bind_reader(struct reader *reader, const char *sql)
{
    MYSQL_BIND in = {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &reader->wanted};
    MYSQL_BIND out[columns] = {{.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &reader->id}};
    for (int i = 1; i < columns; i++) {
        out[i].buffer_type = MYSQL_TYPE_STRING;
        out[i].buffer = reader->texts[i];
        out[i].buffer_length = text_size;
        out[i].length = &reader->lengths[i];
    }
    bool keyed = mysql_stmt_param_count(reader->statement) > 0;
    return ((!keyed || mysql_stmt_bind_param(reader->statement, &in) == 0) &&
            mysql_stmt_bind_result(reader->statement, out) == 0) ||
           statement_failed(reader->statement, sql);
}

/** To be closed also when it cannot be used. */
static bool open_reader(struct reader *reader, MYSQL *database, const char *sql)
{
    reader->statement = prepare(database, sql);
    return reader->statement != NULL && bind_reader(reader, sql);
}

static void close_reader(struct reader *reader)
{
    if (reader->statement != NULL) {
        mysql_stmt_close(reader->statement);
    }
}

/** Copies the row that was fetched. */
static bool copy_user(User *user, const struct reader *reader, struct arena *arena)
{
    if (user == NULL) {
        return false;
    }
    user->id = reader->id;
    user->name = arena_text(arena, reader->texts[1], reader->lengths[1]);
    user->email = arena_text(arena, reader->texts[2], reader->lengths[2]);
    return user->name != NULL && user->email != NULL;
}

static bool load(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    struct users users = {0};
    struct arena arena = {0};
    struct reader reader = {0};
    harness_start(result);
    bool good = open_reader(&reader, context, SELECT_ALL) && mysql_stmt_execute(reader.statement) == 0;
    int code = 0;
    while (good && (code = mysql_stmt_fetch(reader.statement)) == 0) {
        good = copy_user(users_next(&users), &reader, &arena);
    }
    good = good && (code == MYSQL_NO_DATA || statement_failed(reader.statement, SELECT_ALL));
    close_reader(&reader);
    harness_stop(result);
    users_loaded(&users, &arena, result);
    return good;
}

static bool rows(void *context, const struct harness_args *args, struct harness_result *result)
{
    (void)args;
    struct reader reader = {0};
    harness_start(result);
    bool good = open_reader(&reader, context, SELECT_ALL) && mysql_stmt_execute(reader.statement) == 0;
    int code = 0;
    while (good && (code = mysql_stmt_fetch(reader.statement)) == 0) {
        result->check += user_check(&(User){reader.id, reader.texts[1], reader.texts[2]});
    }
    good = good && (code == MYSQL_NO_DATA || statement_failed(reader.statement, SELECT_ALL));
    close_reader(&reader);
    harness_stop(result);
    return good;
}

static bool get_one(struct reader *reader, int64_t id, User *user, struct arena *arena)
{
    reader->wanted = id;
    if (mysql_stmt_execute(reader->statement) != 0 || mysql_stmt_fetch(reader->statement) != 0) {
        return statement_failed(reader->statement, SELECT_ONE);
    }
    bool good = copy_user(user, reader, arena);
    mysql_stmt_free_result(reader->statement);
    return good;
}

static bool get(void *context, const struct harness_args *args, struct harness_result *result)
{
    struct arena arena = {0};
    struct reader reader = {0};
    harness_start(result);
    bool good = open_reader(&reader, context, SELECT_ONE);
    for (int64_t i = 0; good && i < args->rows; i++) {
        User *user = arena_take(&arena, sizeof *user);
        good = get_one(&reader, harness_scattered_id(i, args->rows), user, &arena);
        result->check += good ? user_check(user) : 0;
    }
    close_reader(&reader);
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
