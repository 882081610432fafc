/** Expressions: the conditions that queries are filtered by. They are built by the functions of <cuvee/query.h>. */
#ifndef CUVEE_EXPR_H
#define CUVEE_EXPR_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A condition on the rows of a model. It belongs to the query that it was built for, and lives as long as its session.
 */
typedef struct cuvee_expr cuvee_expr;

/** Comparisons. */
typedef enum cuvee_comparison {
    CUVEE_EQ = 1,
    CUVEE_NE,
    CUVEE_LT,
    CUVEE_LE,
    CUVEE_GT,
    CUVEE_GE,
    CUVEE_LIKE,  /**< case-sensitive; % and _ are wildcards, backslash takes their meaning away */
    CUVEE_ILIKE, /**< the same without regard to case (of ASCII letters) */
} cuvee_comparison;

typedef enum cuvee_direction {
    CUVEE_ASCENDING = 0,
    CUVEE_DESCENDING,
} cuvee_direction;

/** What can be worked out over many rows. */
typedef enum cuvee_aggregate {
    CUVEE_COUNT = 1, /**< of the rows, or of those where the field is not NULL; an integer */
    CUVEE_SUM,       /**< of the field's kind, integers as int64; NULL over no rows */
    CUVEE_AVG,       /**< a double; NULL over no rows */
    CUVEE_MIN,
    CUVEE_MAX,
} cuvee_aggregate;

#ifdef __cplusplus
}
#endif
#endif
