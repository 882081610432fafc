/**
 * What a case of the transcript is written with.
 *
 * A case works on a fresh blend of one engine, through the public API alone, and says each result in a line: "case:
 * what = result". No line may depend on the engine, on what ran before, or on time. All functions are for one thread.
 */
#ifndef TESTS_CONFORMANCE_TRANSCRIPT_H
#define TESTS_CONFORMANCE_TRANSCRIPT_H

#include "support/check.h"

#include <cuvee/cuvee.h>

#include "conformance/lines.h"
#include "conformance/models.h"
#include "session/sample.h"
#include "support/engines.h"

struct transcript {
    const char *engine;
    const char *name; /* of the case */
    struct engine_place place;
    cuvee_blend *blend;  /* conformance_base, with empty tables; locks are waited for a moment only */
    struct lines lines;  /* what the case said */
    struct lines scraps; /* texts that live as long as the case */
};

struct transcript_case {
    const char *name; /* NULL behind the last one */
    void (*run)(struct transcript *t);
};

extern const struct transcript_case value_cases[], order_cases[], text_cases[], query_cases[], write_cases[],
    error_cases[], transaction_cases[], lock_cases[];

/** Says a line: "what = result", as printf would. What is in front of " = " must be said once in a case. */
void say(struct transcript *t, const char *format, ...);
/** A text of the case's own, as printf would make it. */
const char *text(struct transcript *t, const char *format, ...);

/* ---- results as text; they live as long as the case ---- */

/**
 * Kind and value: doubles by their bits, times in microseconds, blobs in hex, texts in quotes (long ones by length and
 * sum).
 */
const char *shown(struct transcript *t, cuvee_value value);
/** Kind, model and fields (but for RETRY and BUSY), and class of the SQLSTATE (but for MISUSE); "none". */
const char *fault_of(struct transcript *t, const cuvee_error *error);
/** The same for a session's error, which is then rolled back. */
const char *fault(struct transcript *t, cuvee_session *session);
/** The result, or the session's error if there is one, which is then rolled back. */
const char *or_fault(struct transcript *t, cuvee_session *session, const char *result);
/** The keys of the rows that a query finds, in their order: "[3 1 2]". Models whose first member is an int64_t. */
const char *keys(struct transcript *t, cuvee_session *session, cuvee_query *query);
/** All rows of a query as values: "(int64 1, "a") (int64 2, NULL)". Closes them. */
const char *values_of(struct transcript *t, cuvee_session *session, cuvee_rows *rows);
const char *outcome(cuvee_outcome outcome);

/* ---- sessions ---- */

/** A session on the case's blend. */
cuvee_session *open_session(const struct transcript *t);
/** Commits, which must be good, and closes. */
void commit_and_close(cuvee_session *session);
void assert_good(const cuvee_session *session);
/** Runs SQL in a session of its own and commits. */
void someone_runs(const struct transcript *t, const char *sql);

#endif
