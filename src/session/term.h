/** What a query is, and what it is built of. */
#ifndef CV_SESSION_TERM_H
#define CV_SESSION_TERM_H

#include <cuvee/query.h>

#include "base/error.h"
#include "sql/sql.h"

struct cv_home;

struct cuvee_query {
    cuvee_session *session;
    struct cv_home *home;
    struct cv_select select;
    const char *const *relations; /* chains that come with the objects */
    size_t relation_count;
};

/** Whether the query and its session can go on. */
bool cv_query_good(const cuvee_query *query);
/**
 * Sets MISUSE with "MODEL: ", or "MODEL.FIELD: ", and a message in the query's session. Always false; see cv_error_set.
 */
#define cv_query_misuse(query, ...)              (cv_query_record(query, NULL, __VA_ARGS__), cv_error_false())
#define cv_query_misuse_field(query, field, ...) (cv_query_record(query, field, __VA_ARGS__), cv_error_false())
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
void cv_query_record(cuvee_query *query, const char *field, const char *format, ...);
/** A field by its name, "name" or "Model.name"; false: MISUSE, naming model and field. */
bool cv_query_field(cuvee_query *query, const char *name, cv_ref *ref);
/** A value as the field `ref` holds it, with texts copied; false: MISUSE, naming model and field. */
bool cv_query_value(cuvee_query *query, cv_ref ref, cuvee_comparison comparison, cuvee_value *value);

#endif
