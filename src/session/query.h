/** What the files that build and run queries share. */
#ifndef CV_SESSION_QUERY_H
#define CV_SESSION_QUERY_H

#include "session/term.h"

/** Whether the query can run as a whole; false: MISUSE. */
bool cv_query_makes_sense(cuvee_query *query);
/** Whether what it finds is as many rows as its conditions meet: it is neither grouped nor distinct. */
bool cv_query_counts_rows(const cuvee_query *query);
/** A condition that no row meets. NULL: out of memory. */
const cuvee_expr *cv_query_never(cuvee_query *query);

#endif
