/** Random selects over people, for properties that all of them have. */
#ifndef TESTS_SQL_RANDOM_SELECT_H
#define TESTS_SQL_RANDOM_SELECT_H

#include "sql/support.h"
#include "support/dice.h"

enum { MOST_JOINS = 2, MOST_PICKS = 3, MOST_ORDERS = 2, MOST_NODES = 64 };

/* A select with everything that it points to. */
struct random_select {
    struct cv_select select;
    struct cv_join joins[MOST_JOINS];
    struct cv_pick picks[MOST_PICKS];
    cv_ref groups[MOST_ORDERS];
    struct cv_having havings[MOST_ORDERS];
    struct cv_order orders[MOST_ORDERS];
    cuvee_expr nodes[MOST_NODES];
    size_t node_count;
    cuvee_value values[MOST_NODES * 8];
    size_t value_count;
    struct random_select *sub; /* from malloc, or NULL */
};

/**
 * Fills in a select in which nothing is said that its text would not show, so that two of the same text have the same
 * shape. random_select_free frees what it took.
 */
void random_select_make(struct random_select *random, struct dice *dice, unsigned depth);
void random_select_free(struct random_select *random);
/** Other values of the same kinds, and lists of other lengths that are filled up to the same. */
void random_select_revalue(struct random_select *random, struct dice *dice);
/** One thing about it is said otherwise, or, by chance, the same again. */
void random_select_mutate(struct random_select *random, struct dice *dice);

#endif
