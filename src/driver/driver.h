/**
 * The driver room's face: one const object per engine, the same for every engine.
 *
 * Four faces: connection (struct cv_driver), dialect (struct cv_dialect, data for the SQL writer), catalog (`describe`)
 * and participant (`begin`, `vote`, `commit`, `rollback`: a transaction as the commit room sees it). Nobody above this
 * room asks which engine it talks to; what differs is a fact in the dialect or behind these functions.
 *
 * All functions that can fail return false, or CV_ERROR, and set *error (with kind, SQLSTATE, vendor code and message);
 * model and fields are added by callers. A connection and its statements are used by one thread at a time; cancel alone
 * may come from another.
 */
#ifndef CV_DRIVER_DRIVER_H
#define CV_DRIVER_DRIVER_H

#include <cuvee/blend.h>
#include <cuvee/error.h>
#include <cuvee/expr.h>
#include <cuvee/value.h>

#include "base/arena.h"
#include "base/buffer.h"

struct cv_driver;
struct cv_statement;

/* ---- database: a live place ---- */

/* What is known of a database before connecting. Borrowed during open_database. */
struct cv_place {
    const char *url;    /* as the user wrote it */
    const char *folder; /* for relative paths; NULL: the working directory */
    void *script;       /* scripted driver: its struct cv_script */
    cuvee_bind_options options;
};

/* Made by open_database, embedded first in each driver's own struct. Does not change; any thread may read it. */
struct cv_database {
    const struct cv_driver *driver;
    char *identity; /* equal for two URLs of the same place */
    char *shown;    /* the URL as it may be logged: without secrets */
};

/* ---- connection ---- */

/* Made by connect, embedded first in each driver's own struct. */
struct cv_connection {
    const struct cv_driver *driver;
    const struct cv_database *database;
    unsigned limit_ms;          /* as set by `limit` */
    bool lost;                  /* broken: to be closed, not lent again */
    bool marked;                /* raw SQL ran on it, and may have left something behind: see `reset` */
    bool in_transaction;        /* kept by begin, commit, rollback */
    struct cv_statements *kept; /* prepared statements by shape, driver/statements.h */
    unsigned cancels; /* calls of `cancel` that are on their way, as whoever borrows the connection counts them … */
    bool left;        /* … who has gone: the last of them gives it back */
};

enum cv_step { CV_ERROR = -1, CV_DONE = 0, CV_ROW = 1 };

/* What is prepared. Borrowed during prepare. */
struct cv_statement_text {
    const char *sql;       /* ends with NUL */
    const uint8_t *params; /* cuvee_kind of each parameter */
    size_t param_count;
    const uint8_t *columns; /* cuvee_kind wanted of each result column; NULL: as the engine has it (raw SQL) */
    size_t column_count;
    /*
     * The user's own SQL, of which nobody knows what it does. Outside of a transaction it runs in one of its own in
     * which the engine refuses all writes.
     */
    bool raw;
};

/* A prepared statement, embedded first in each driver's own struct. */
struct cv_statement {
    struct cv_connection *connection;
    size_t param_count;
    size_t column_count; /* of its rows; 0 for none */
    const char *sql;     /* its text; lives as long as the statement */
    bool reads;          /* it changes nothing, as far as its text tells */
    bool raw;            /* as it was prepared */
    bool stale;          /* set by the driver: must be prepared anew before its next run */
    void *kept;          /* its entry in connection->kept; NULL: it is not kept */
};

/*
 * One statement run many times: `row` fills in the parameters of run i, `done` hears what it did. Run i may begin
 * before `done` of earlier runs is heard, but `done` is called in order. What `row` points to lives until `done` of
 * that run.
 */
struct cv_batch {
    size_t count;
    bool (*row)(void *arg, size_t i, cuvee_value *params);
    /* NULL: not wanted. `id`: the key that the engine assigned. False stops; its error is the caller's own. */
    bool (*done)(void *arg, size_t i, int64_t changes, int64_t id);
    void *arg;
};

/*
 * New rows of one table, all at once. `rows.row` fills in one value per column; `rows.done` hears the key that the
 * engine assigned, in the order of the rows.
 */
struct cv_bulk {
    const char *table;
    const char *const *columns; /* their names, as they are */
    const uint8_t *kinds;       /* cuvee_kind of each column */
    size_t column_count;
    const char *key; /* the column, not among these, that the engine assigns; NULL: none */
    struct cv_batch rows;
};

/* ---- participant ---- */

enum cv_begin {
    CV_BEGIN_WRITE,    /* takes the write lock where the engine has one per database */
    CV_BEGIN_SNAPSHOT, /* all reads see one moment; a later write in it may be refused with RETRY */
    CV_BEGIN_LOOK,     /* the same, and the engine refuses every write */
};

enum cv_committed {
    CV_COMMITTED,     /* it is durable */
    CV_NOT_COMMITTED, /* nothing of it will ever be seen */
    CV_UNKNOWN,       /* the connection was lost in the middle */
};

/* ---- catalog ---- */

struct cv_column {
    const char *name;
    const char *type; /* as the engine calls it */
    cuvee_kind kind;  /* nearest kind; 0: none fits */
    bool nullable;
    bool filled;  /* the engine gives it a value when an INSERT does not: a default, the next number, a computed one */
    unsigned key; /* position in the primary key from 1; 0: not in it */
};

/* An index over columns that are unique together. */
struct cv_unique_index {
    struct cv_unique_index *next;
    const char *name;
    size_t count;
    const char *columns[32]; /* their names; NULL: an expression, or a part of a column */
};

struct cv_table {
    bool exists;
    struct cv_column *columns;
    size_t count;
    struct cv_unique_index *uniques; /* over all rows; the primary key's may be among them */
};

/* ---- dialect ---- */

/* A column as DDL needs it. */
struct cv_column_need {
    cuvee_kind kind;
    bool auto_key;       /* the engine assigns ascending numbers */
    uint32_t min_length; /* text: characters */
    uint32_t max_length; /* text: characters, 0 none */
    uint32_t places;     /* decimal: most digits behind the point, 0 as many as there are */
    bool indexed;        /* part of a key, unique or index (some engines limit such text) */
};

struct cv_dialect {
    const char *name;
    char quote;            /* around identifiers, doubled inside */
    bool numbered;         /* parameters are $1, $2, … instead of ? */
    bool id_by_returning;  /* an assigned key comes back as a row of RETURNING, not by itself */
    bool nulls_first;      /* NULLs sort before all values ascending, unless told otherwise */
    bool nulls_order;      /* NULLS FIRST / NULLS LAST are understood */
    bool on_duplicate_key; /* upsert is ON DUPLICATE KEY UPDATE instead of ON CONFLICT … DO UPDATE */
    bool delete_by_key;    /* DELETE may ask a sub-select of its condition when some rows are gone already */
    bool limit_inside;     /* behind IN, a sub-select with a limit must stand in another one */
    unsigned max_params;   /* of one statement */
    /*
     * What stands before and behind JSON that is compared, sorted or grouped, where its own type does that otherwise
     * than by the bytes of its text, or not at all. NULL: nothing.
     */
    const char *json_before, *json_behind;
    unsigned max_name;     /* bytes of an identifier; 0: no limit */
    const char *no_values; /* stands behind INSERT INTO table when no column is given a value */
    /** The column's type and what belongs to it ("INTEGER PRIMARY KEY" is the table's matter, not its). */
    void (*type)(struct cv_buffer *sql, const struct cv_column_need *need);
    /** What must stand behind CREATE TABLE (…): " STRICT", " ENGINE=InnoDB", or "". */
    const char *table_suffix;
    /** `column` LIKE `parameter` (both SQL text), case-sensitive, or folding ASCII case; backslash escapes. */
    void (*like)(struct cv_buffer *sql, const char *column, const char *parameter, bool fold);
    /** Whether a live column, as `describe` found it, holds values of this kind as this driver writes them. */
    bool (*holds)(const struct cv_column *column, cuvee_kind kind);
    /**
     * What a column that holds the kind would do to some of the values, as words behind the column's name ("rounds …");
     * NULL when it keeps them all. The function is NULL where no column does such a thing.
     */
    const char *(*loses)(const struct cv_column *column, const struct cv_column_need *need);
    /** An aggregate over `column` (SQL text) of this kind; its result has the kind that cuvee_aggregate says. */
    void (*aggregate)(struct cv_buffer *sql, cuvee_aggregate aggregate, const char *column, cuvee_kind kind);
    /** What stands behind a SELECT that locks its rows until the transaction ends: " FOR UPDATE", or "" where the write
     * transaction, or `lock`, locks the whole database anyway. */
    const char *row_lock;
};

/* ---- the engine ---- */

struct cv_driver {
    const char *name;
    const char *const *schemes; /* of URLs, without the colon; ends with NULL */
    const struct cv_dialect *dialect;

    struct cv_database *(*open_database)(const struct cv_place *place, cuvee_error *error);
    void (*close_database)(struct cv_database *database);

    struct cv_connection *(*connect)(const struct cv_database *database, cuvee_error *error);
    void (*disconnect)(struct cv_connection *connection);
    /** Whether a connection that lay idle can be used again. Cheap. */
    bool (*usable)(struct cv_connection *connection);
    /**
     * Takes away what raw SQL may have left on a connection (`marked`) that is out of its transaction: settings,
     * temporary tables, locks, cursors. It is as good as new, or lost. NULL: nothing can be left.
     */
    void (*reset)(struct cv_connection *connection);
    /**
     * Stops what the connection is doing; that call then fails with CANCELLED. Any thread, until the connection is lent
     * to somebody else or closed: a server that has to be told may take its time. Once this returns nothing is stopped
     * any more.
     */
    void (*cancel)(struct cv_connection *connection);
    /**
     * Whether there is something that a server would have to be told to stop. Any thread, at once. NULL: `cancel`
     * itself is done at once.
     */
    bool (*works)(struct cv_connection *connection);
    /**
     * From now on a statement that works for longer than this fails with CANCELLED; 0: no limit, as after connecting.
     */
    bool (*limit)(struct cv_connection *connection, unsigned ms, cuvee_error *error);

    /** Runs one or more statements without parameters and rows (DDL, PRAGMA, SAVEPOINT). */
    bool (*execute)(struct cv_connection *connection, const char *sql, cuvee_error *error);

    struct cv_statement *(*prepare)(struct cv_connection *connection, const struct cv_statement_text *text,
                                    cuvee_error *error);
    void (*finalize)(struct cv_statement *statement);
    /** The name of a result column; lives until the statement's next call. */
    const char *(*column_name)(const struct cv_statement *statement, size_t column);
    /**
     * Begins a run with these parameters (param_count of them, borrowed until finish). Another statement's rows may
     * still be open on the connection; an engine that cannot interleave reads those into memory first. A statement
     * without columns has done its work when this returns; one with columns may do it as rows are fetched, so whoever
     * wants to know that a write succeeded calls `next` until CV_DONE. MISUSE while an earlier run is not finished.
     */
    bool (*start)(struct cv_statement *statement, const cuvee_value *params, cuvee_error *error);
    /**
     * The next row into `cells` (column_count of them; texts end with NUL and live until the next call). A value that
     * is not of the kind wanted is an error (SCHEMA), never converted silently.
     */
    enum cv_step (*next)(struct cv_statement *statement, cuvee_value *cells, cuvee_error *error);
    /** Ends the run. The statement can be started again. *changes (may be NULL): rows inserted, updated, deleted. */
    void (*finish)(struct cv_statement *statement, int64_t *changes);
    /**
     * Runs a statement for a batch; on failure *error is the engine's (or unset when the caller's function stopped it).
     */
    bool (*run_many)(struct cv_statement *statement, const struct cv_batch *batch, cuvee_error *error);

    /**
     * Inserts many rows by the engine's quickest way; errors are those of an INSERT. To be called inside a transaction,
     * which can only be rolled back after an error. NULL: there is none quicker than run_many.
     */
    bool (*insert_many)(struct cv_connection *connection, const struct cv_bulk *bulk, cuvee_error *error);
    size_t insert_many_from; /* it is quicker than run_many from so many rows on */

    bool (*describe)(struct cv_connection *connection, const char *table, struct cv_arena *arena,
                     struct cv_table *description, cuvee_error *error);

    bool (*begin)(struct cv_connection *connection, enum cv_begin mode, cuvee_error *error);
    /**
     * In a snapshot, before a row is locked: takes the write lock of the whole database, which is all there is; RETRY
     * when others have written since. NULL: rows are locked one by one (`row_lock`).
     */
    bool (*lock)(struct cv_connection *connection, cuvee_error *error);
    /** Could this transaction commit? (deferred constraints, failed transaction). Changes nothing. */
    bool (*vote)(struct cv_connection *connection, cuvee_error *error);
    enum cv_committed (*commit)(struct cv_connection *connection, cuvee_error *error);
    /** After it the connection is out of its transaction, or lost. */
    void (*rollback)(struct cv_connection *connection);
};

/** The driver for a URL's scheme among those that were built in; NULL if there is none. */
const struct cv_driver *cv_driver_for(const char *url);
/** The schemes that were built in, for messages: "sqlite, postgresql". */
const char *cv_driver_schemes(void);

#endif
