/** SQLSTATE, which the servers' drivers get with every error, as our kinds of error. */
#ifndef CV_DRIVER_SQLSTATE_H
#define CV_DRIVER_SQLSTATE_H

#include <cuvee/error.h>

/** The kind that five characters of SQLSTATE stand for: DATABASE when nothing better is known. */
cuvee_error_kind cv_sqlstate_kind(const char *sqlstate);
/** What to do about an error of this kind, where that does not depend on the engine; "" otherwise. Static. */
const char *cv_sqlstate_hint(cuvee_error_kind kind);

#endif
