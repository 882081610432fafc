/** Outcome: what became of a commit. */
#ifndef CUVEE_OUTCOME_H
#define CUVEE_OUTCOME_H

#ifdef __cplusplus
extern "C" {
#endif

/** What became of a commit. */
typedef enum cuvee_outcome {
    CUVEE_ROLLED_BACK = 0, /**< nothing was changed anywhere; see cuvee_session_error for why */
    CUVEE_COMMITTED,       /**< all changes are in all databases */
    CUVEE_PENDING,         /**< committed; named participants finish later */
    CUVEE_IN_DOUBT,        /**< not known yet; see cuvee_session_error */
    CUVEE_TORN,            /**< some databases committed, others did not; the error names both */
} cuvee_outcome;

#ifdef __cplusplus
}
#endif
#endif
