/**
 * SQLSTATE, which the servers' drivers get with every error: one table of what kind of error it is and what is to be
 * done.
 *
 * Each driver adds what its engine alone says: MariaDB its numbers, for which it has a SQLSTATE of the other engines
 * (mariadb/error.c); PostgreSQL how severe the error is (postgres/error.c).
 */
#ifndef CV_DRIVER_SQLSTATE_H
#define CV_DRIVER_SQLSTATE_H

#include <cuvee/error.h>

/* What to do about an error. */
enum cv_action {
    CV_ACTION_FATAL = 0,  /* nothing: the same again fails again */
    CV_ACTION_RETRY,      /* the transaction is over or cannot go on; the whole of it again may succeed */
    CV_ACTION_RECONNECT,  /* the connection is of no use any more; on another one it may succeed */
    CV_ACTION_CONSTRAINT, /* a rule of the tables refused the row: give it another one */
    CV_ACTION_IN_DOUBT,   /* the engine does not know whether it happened: look before doing it again */
};

/** What five characters of SQLSTATE ask for: FATAL when nothing better is known. */
enum cv_action cv_sqlstate_action(const char *sqlstate);
/** The kind that five characters of SQLSTATE stand for: DATABASE when nothing better is known. */
cuvee_error_kind cv_sqlstate_kind(const char *sqlstate);
/** What to do about an error of this kind, where that does not depend on the engine; "" otherwise. Static. */
const char *cv_sqlstate_hint(cuvee_error_kind kind);

#endif
