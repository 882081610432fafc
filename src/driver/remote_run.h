/**
 * Runs of statements on a server, as its drivers share them.
 *
 * Rows are read one by one as they come, so a large result takes no memory; when another statement wants the
 * connection, what is left of them is set aside. One thread at a time.
 */
#ifndef CV_DRIVER_REMOTE_RUN_H
#define CV_DRIVER_REMOTE_RUN_H

#include "driver/driver.h"
#include "driver/spill.h"

/* How a driver talks to its server. */
struct cv_remote {
    /** Runs a command of the driver's own on a connection that is free. */
    bool (*command)(struct cv_connection *connection, const char *sql, cuvee_error *error);
    /** The next row on the wire. At their end, and after an error, it calls cv_remote_run_over. */
    enum cv_step (*receive)(struct cv_statement *statement, cuvee_error *error);
    /** The cells of the row received last. */
    bool (*cells)(struct cv_statement *statement, cuvee_value *cells, cuvee_error *error);
    bool stop_ends_transaction; /* to stop a read is an error to the transaction around it */
};

enum cv_remote_state { CV_REMOTE_IDLE = 0, CV_REMOTE_RUNNING, CV_REMOTE_ENDED };

/* Part of each driver's own statement. */
struct cv_remote_run {
    const struct cv_remote *remote;
    struct cv_statement *statement;
    struct cv_remote_run **streaming; /* the connection's: whose rows are still on the wire; NULL: none */
    enum cv_remote_state state;
    bool guarded;          /* it runs in a transaction of its own, in which nothing can be written */
    struct cv_spill spill; /* rows set aside */
    cuvee_error late;      /* an error met while rows were set aside */
    int64_t changes;       /* rows inserted, updated, deleted; set by the driver */
    cuvee_value *cells;    /* room for a row that is set aside; the driver's */
};

void cv_remote_run_init(struct cv_remote_run *run, const struct cv_remote *remote, struct cv_statement *statement,
                        struct cv_remote_run **streaming);
/** Whether it can be started; MISUSE otherwise. */
bool cv_remote_run_is_idle(const struct cv_remote_run *run, cuvee_error *error);
/** Puts raw SQL that is outside of a transaction into one that only reads. */
bool cv_remote_run_guard(struct cv_remote_run *run, cuvee_error *error);
/** From now on its rows are on the wire. */
void cv_remote_run_streams(struct cv_remote_run *run);
/** None of its rows is on the wire any more, and its guard ends. */
void cv_remote_run_over(struct cv_remote_run *run);
/** The run was started; it gives rows, or has done its work. */
void cv_remote_run_started(struct cv_remote_run *run, bool gives_rows);

/** The next row, off the wire or set aside: see `next` in struct cv_driver. */
enum cv_step cv_remote_run_next(struct cv_remote_run *run, cuvee_value *cells, cuvee_error *error);
/** Sets aside the rows that are still on the wire. NULL: there are none. */
void cv_remote_run_set_aside(struct cv_remote_run *run);
/** Reads what is still on the wire; of a long read the server is told to stop. */
void cv_remote_run_throw_away(struct cv_remote_run *run);
/** Ends the run: see `finish` in struct cv_driver. */
void cv_remote_run_finish(struct cv_remote_run *run, int64_t *changes);

#endif
