/**
 * The MariaDB driver, inside.
 *
 * Files: database.c (URL, identity), open.c (options, hosts), connection.c (settings, cancel), command.c (SQL without
 * parameters), prepare.c and statement.c (runs), bulk.c (many rows at once), bind.c (values in), cell.c (values out),
 * transaction.c (participant), catalog.c, dialect.c, error.c and blame.c (what an error says about columns).
 */
#ifndef CV_DRIVER_MARIADB_MARIADB_H
#define CV_DRIVER_MARIADB_MARIADB_H

#include <mysql.h>
#include <stdatomic.h>

#include "driver/driver.h"
#include "driver/remote_database.h"
#include "driver/remote_run.h"

extern const struct cv_driver cv_mariadb_driver;
extern const struct cv_dialect cv_mariadb_dialect;

struct cv_maria_connection {
    struct cv_connection base;
    const struct cv_remote_database *database;
    MYSQL *my;
    size_t host;                       /* which of the URL's it is on */
    unsigned long thread;              /* the server's number of it */
    unsigned long long largest_packet; /* that the server takes, in bytes */
    struct cv_remote_run *streaming;   /* whose rows are still on the wire; NULL: none */
    atomic_bool working;               /* the server works for us */
    atomic_bool unanswered;            /* it was told to stop that, and whether it still will nobody knows */
};

/* Where a column's value is put: a number or time as it is, a text into room that grows. */
struct cv_maria_slot {
    enum enum_field_types type; /* of the column */
    bool binary;                /* its texts are bytes */
    bool is_unsigned;
    bool computed; /* it is no table's column */
    uint8_t kind;  /* that it is read as */
    my_bool null;
    unsigned long size;
    union {
        int64_t integer;
        double real;
        MYSQL_TIME time;
    } as;
    char *room; /* of a text; from malloc */
    unsigned long room_size;
};

struct cv_maria_statement {
    struct cv_statement base;
    struct cv_remote_run run;
    MYSQL_STMT *handle;
    MYSQL_RES *description; /* names and types of its columns */
    bool upserts;           /* ON DUPLICATE KEY UPDATE, which counts a change twice */
    const uint8_t *kinds;   /* wanted of each column; NULL: as the engine has them */
    int64_t rows;           /* read in this run */
    cuvee_value *params;    /* room for a batch's run */
    MYSQL_BIND *in;         /* parameters … */
    MYSQL_TIME *times;      /* … and their times */
    MYSQL_BIND *out;        /* columns … */
    struct cv_maria_slot *slots;
    struct cv_arena arena; /* holds the arrays and base.sql */
};

/* ---- open.c ---- */

/** Whether the URL's options are ones that there are, with values that they can have; CONFIG otherwise. */
bool cv_maria_check_options(const struct cv_url *url, cuvee_error *error);
/** Whether the URL asks for TLS. */
bool cv_maria_wants_tls(const struct cv_url *url);
/** A handle connected to the n-th host of the URL, or one with the reason why not; NULL when memory is out. */
MYSQL *cv_maria_connect_to(const struct cv_url *url, size_t n, bool *connected);
/**
 * Connected to the first host that takes us, whose number is noted; otherwise the last one's reason stands in the
 * handle.
 */
MYSQL *cv_maria_connect_to_any(const struct cv_url *url, size_t *host, bool *connected);

/* ---- connection.c ---- */

struct cv_connection *cv_maria_connect(const struct cv_database *database, cuvee_error *error);
void cv_maria_disconnect(struct cv_connection *connection);
void cv_maria_reset(struct cv_connection *connection);
bool cv_maria_usable(struct cv_connection *connection);
void cv_maria_cancel(struct cv_connection *connection);
bool cv_maria_works(struct cv_connection *connection);

/* ---- command.c ---- */

/**
 * Makes the connection free for the next command: what is left of rows on the wire is set aside. False also when the
 * engine ended the connection's transaction by itself, or the connection is lost.
 */
bool cv_maria_enter(struct cv_maria_connection *connection, cuvee_error *error);
/** Runs one or more statements without parameters, throwing away their rows. */
bool cv_maria_do(struct cv_maria_connection *connection, const char *sql, cuvee_error *error);
/** Whether the server has a transaction open for us. */
bool cv_maria_in_transaction(const struct cv_maria_connection *connection);
/** Runs a query and gives all its rows as texts; `%s` in it stands for the escaped name. NULL: *error. */
MYSQL_RES *cv_maria_ask(struct cv_maria_connection *connection, const char *format, const char *name,
                        cuvee_error *error);
bool cv_maria_limit(struct cv_connection *connection, unsigned ms, cuvee_error *error);
bool cv_maria_execute(struct cv_connection *connection, const char *sql, cuvee_error *error);

/* ---- prepare.c, statement.c, bulk.c ---- */

struct cv_statement *cv_maria_prepare(struct cv_connection *connection, const struct cv_statement_text *text,
                                      cuvee_error *error);
void cv_maria_finalize(struct cv_statement *statement);
const char *cv_maria_column_name(const struct cv_statement *statement, size_t column);
/** How rows are read; of struct cv_remote_run. */
extern const struct cv_remote cv_maria_remote;
bool cv_maria_start(struct cv_statement *statement, const cuvee_value *params, cuvee_error *error);
enum cv_step cv_maria_next(struct cv_statement *statement, cuvee_value *cells, cuvee_error *error);
void cv_maria_finish(struct cv_statement *statement, int64_t *changes);
bool cv_maria_run_many(struct cv_statement *statement, const struct cv_batch *batch, cuvee_error *error);
bool cv_maria_insert_many(struct cv_connection *connection, const struct cv_bulk *bulk, cuvee_error *error);

/* ---- bind.c, cell.c ---- */

/** Points the statement's parameters to the values, which are checked. */
bool cv_maria_bind(struct cv_maria_statement *statement, const cuvee_value *params, cuvee_error *error);
/**
 * Takes the description of the columns that the server has given by now and chooses how each is read; SCHEMA when its
 * type is not of the kind wanted, MISUSE when there are more or fewer.
 */
bool cv_maria_make_slots(struct cv_maria_statement *statement, cuvee_error *error);
/** Forgets the description and the rooms, if there are any. */
void cv_maria_free_slots(struct cv_maria_statement *statement);
/** Reads the row that was fetched into the slots. */
bool cv_maria_cells(struct cv_maria_statement *statement, cuvee_value *cells, cuvee_error *error);

/* ---- transaction.c ---- */

bool cv_maria_begin(struct cv_connection *connection, enum cv_begin mode, cuvee_error *error);
bool cv_maria_vote(struct cv_connection *connection, cuvee_error *error);
enum cv_committed cv_maria_commit(struct cv_connection *connection, cuvee_error *error);
void cv_maria_rollback(struct cv_connection *connection);

/* ---- catalog.c ---- */

bool cv_maria_describe(struct cv_connection *connection, const char *table, struct cv_arena *arena,
                       struct cv_table *description, cuvee_error *error);

/* ---- error.c, blame.c ---- */

/**
 * The SQLSTATE that other engines have for a number of the server's errors; "" when the server's own is as good.
 * Static.
 */
const char *cv_maria_state_of(unsigned number);
/** Sets the error from the connection's last failure. A lost connection is noted. False. */
bool cv_maria_fail(struct cv_maria_connection *connection, cuvee_error *error);
/** The same with what the server said elsewhere. */
bool cv_maria_fail_with(struct cv_maria_connection *connection, unsigned number, const char *sqlstate,
                        const char *message, cuvee_error *error);
/**
 * The same from a statement's; then the connection is asked which table and columns it was about, and values are taken
 * out of the message.
 */
bool cv_maria_fail_run(struct cv_maria_statement *statement, cuvee_error *error);

#endif
