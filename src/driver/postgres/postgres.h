/**
 * The PostgreSQL driver, inside.
 *
 * Files: database.c (URL, identity), connection.c (connecting, settings, cancel), wire.c (commands and results),
 * prepare.c and statement.c (runs), batch.c (many runs in a pipeline), copy.c and copy_fit.c (many rows at once),
 * encode.c and decode.c (values), numeric.c (decimals on the wire), transaction.c (participant), catalog.c, dialect.c,
 * error.c.
 *
 * Rows are read one by one ("single row mode"). Values go in binary. They come out binary too where the kinds of all
 * columns are known, otherwise as text.
 */
#ifndef CV_DRIVER_POSTGRES_POSTGRES_H
#define CV_DRIVER_POSTGRES_POSTGRES_H

#include <libpq-fe.h>
#include <stdatomic.h>

#include "driver/driver.h"
#include "driver/remote_database.h"
#include "driver/remote_run.h"

extern const struct cv_driver cv_postgres_driver;
extern const struct cv_dialect cv_postgres_dialect;

/* Types of columns as the server numbers them; they never change. */
enum {
    CV_PG_BOOL = 16,
    CV_PG_BYTEA = 17,
    CV_PG_CHAR = 18,
    CV_PG_NAME = 19,
    CV_PG_INT8 = 20,
    CV_PG_INT2 = 21,
    CV_PG_INT4 = 23,
    CV_PG_TEXT = 25,
    CV_PG_OID = 26,
    CV_PG_JSON = 114,
    CV_PG_FLOAT4 = 700,
    CV_PG_FLOAT8 = 701,
    CV_PG_BPCHAR = 1042,
    CV_PG_VARCHAR = 1043,
    CV_PG_DATE = 1082,
    CV_PG_TIMESTAMP = 1114,
    CV_PG_TIMESTAMPTZ = 1184,
    CV_PG_NUMERIC = 1700,
    CV_PG_UUID = 2950,
    CV_PG_JSONB = 3802,
    CV_PG_FIRST_OWN = 16384, /* types that users make */
};

struct cv_pg_connection {
    struct cv_connection base;
    const struct cv_remote_database *database;
    PGconn *pg;
    PGcancel *cancel;                /* made once, usable from any thread */
    struct cv_remote_run *streaming; /* whose rows are still on the wire; NULL: none */
    uint64_t names;                  /* statements named so far */
    struct cv_buffer closing;        /* DEALLOCATE …; of statements that were finalized */
    atomic_bool working;             /* the server works for us */
};

struct cv_pg_statement {
    struct cv_statement base;
    struct cv_remote_run run;
    char name[24];
    bool text_format;      /* its rows come as text */
    PGresult *description; /* names and types of its columns */
    PGresult *row;         /* the row read last, which its cells point into */
    struct cv_buffer wire; /* encoded parameters; decoded cells */
    uint8_t *param_kinds;  /* … of base.param_count */
    uint8_t *column_kinds; /* … of base.column_count; 0: as the engine has it */
    cuvee_value *params;   /* room for a batch's run */
    const char **values;   /* as libpq takes parameters */
    int *lengths;
    int *formats;
    struct cv_arena arena; /* holds the arrays and base.sql */
};

/* ---- connection.c ---- */

/** libpq's name of an option of the URL: "ssl" is "sslmode". */
const char *cv_pg_keyword(const char *option);
struct cv_connection *cv_pg_connect(const struct cv_database *database, cuvee_error *error);
void cv_pg_disconnect(struct cv_connection *connection);
void cv_pg_reset(struct cv_connection *connection);
bool cv_pg_usable(struct cv_connection *connection);
void cv_pg_cancel(struct cv_connection *connection);
bool cv_pg_works(struct cv_connection *connection);
bool cv_pg_limit(struct cv_connection *connection, unsigned ms, cuvee_error *error);
bool cv_pg_execute(struct cv_connection *connection, const char *sql, cuvee_error *error);

/* ---- wire.c ---- */

/**
 * Makes the connection free for the next command: what is left of rows on the wire is set aside. False also when the
 * engine ended the connection's transaction by itself, or the connection is lost.
 */
bool cv_pg_enter(struct cv_pg_connection *connection, cuvee_error *error);
/** The next result of the command that was sent; NULL when there is no more, and the connection is free. */
PGresult *cv_pg_result(struct cv_pg_connection *connection);
/** Reads and throws away all results. */
void cv_pg_discard(struct cv_pg_connection *connection);
/**
 * Runs a command of the driver's own and gives its last result, which may be an error; NULL only when memory is out.
 */
PGresult *cv_pg_command(struct cv_pg_connection *connection, const char *sql);
/** The same, with the result turned into success or *error. */
bool cv_pg_do(struct cv_pg_connection *connection, const char *sql, cuvee_error *error);
/** Leaves pipeline mode, throwing away what still comes. */
void cv_pg_end_pipeline(struct cv_pg_connection *connection);

/* ---- prepare.c, statement.c, batch.c, copy.c, copy_fit.c ---- */

struct cv_statement *cv_pg_prepare(struct cv_connection *connection, const struct cv_statement_text *text,
                                   cuvee_error *error);
void cv_pg_finalize(struct cv_statement *statement);
const char *cv_pg_column_name(const struct cv_statement *statement, size_t column);
/** How rows are read; of struct cv_remote_run. */
extern const struct cv_remote cv_pg_remote;
bool cv_pg_start(struct cv_statement *statement, const cuvee_value *params, cuvee_error *error);
enum cv_step cv_pg_next(struct cv_statement *statement, cuvee_value *cells, cuvee_error *error);
void cv_pg_finish(struct cv_statement *statement, int64_t *changes);
/** The number of rows that a finished command changed. */
int64_t cv_pg_changes(PGresult *result);
bool cv_pg_run_many(struct cv_statement *statement, const struct cv_batch *batch, cuvee_error *error);
bool cv_pg_insert_many(struct cv_connection *connection, const struct cv_bulk *bulk, cuvee_error *error);
/**
 * Whether COPY does what INSERT would do with these rows; *key_kind is that of the key which the sequence is to give.
 */
bool cv_pg_copy_fits(struct cv_pg_connection *connection, const struct cv_bulk *bulk, bool *fit, cuvee_kind *key_kind,
                     cuvee_error *error);

/* ---- encode.c, decode.c, numeric.c ---- */

/** The type that a parameter of this kind is declared with; 0: the server is to find out. */
Oid cv_pg_param_type(cuvee_kind kind);
/** Fills in values, lengths and formats of the statement. */
bool cv_pg_encode_params(struct cv_pg_statement *statement, const cuvee_value *params, cuvee_error *error);
/**
 * Whether values can be parameters and stand where these kinds were declared (integers stand in for each other), and
 * are not too many bytes.
 */
bool cv_pg_check_kinds(const uint8_t *kinds, const cuvee_value *values, size_t count, cuvee_error *error);
/** Writes an integer of `size` bytes as the server reads it, the highest one first. */
void cv_pg_write_integer(char *room, uint64_t number, size_t size);
/** Appends one. */
void cv_pg_put_integer(struct cv_buffer *wire, uint64_t number, size_t size);
/** Appends a value, which is not NULL, in the binary form of its kind's type. */
void cv_pg_encode(struct cv_buffer *wire, cuvee_kind kind, const cuvee_value *value);
/**
 * Whether columns of this type can be read as the kind (0: as the engine has it); `computed`: it is no table's column.
 */
bool cv_pg_can_decode(Oid type, cuvee_kind kind, bool computed);
/**
 * The kind that a column is read as when none is wanted; 0: as the text that the server prints, since no binary form is
 * known.
 */
cuvee_kind cv_pg_kind_of(Oid type);
/** A bigint in binary form. */
int64_t cv_pg_get_int8(const char *data);
/** Reads the row that the statement holds. */
bool cv_pg_cells(struct cv_pg_statement *statement, cuvee_value *cells, cuvee_error *error);
/** Appends a canonical decimal in NUMERIC's binary form. */
void cv_pg_encode_numeric(struct cv_buffer *wire, const char *text, size_t size);
/** Appends NUMERIC's binary form as canonical text. False for NaN, infinity and what is no such form. */
bool cv_pg_decode_numeric(struct cv_buffer *text, const unsigned char *data, size_t size);

/* ---- transaction.c ---- */

bool cv_pg_begin(struct cv_connection *connection, enum cv_begin mode, cuvee_error *error);
bool cv_pg_vote(struct cv_connection *connection, cuvee_error *error);
enum cv_committed cv_pg_commit(struct cv_connection *connection, cuvee_error *error);
void cv_pg_rollback(struct cv_connection *connection);

/* ---- catalog.c ---- */

bool cv_pg_describe(struct cv_connection *connection, const char *table, struct cv_arena *arena,
                    struct cv_table *description, cuvee_error *error);

/* ---- error.c ---- */

/** Sets the error from a result, or from the connection when it is NULL. A lost connection is noted. False. */
bool cv_pg_fail(struct cv_pg_connection *connection, const PGresult *result, cuvee_error *error);

#endif
