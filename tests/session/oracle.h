/** Filters over samples worked out in C: what a database should find. */
#ifndef TESTS_SESSION_ORACLE_H
#define TESTS_SESSION_ORACLE_H

#include <cuvee/query.h>

#include "session/sample.h"
#include "support/dice.h"

enum { ORACLE_ROWS = 60, ORACLE_NODES = 64 };

/* SQL's three truths. */
enum truth { NO, UNKNOWN, YES };

enum node_kind { NODE_COMPARE, NODE_IN, NODE_BETWEEN, NODE_NULL, NODE_FIELDS, NODE_SUB, NODE_AND, NODE_OR, NODE_NOT };

struct node {
    enum node_kind kind;
    cuvee_comparison comparison;
    size_t field, other; /* other: NODE_FIELDS' second field, NODE_SUB's column */
    cuvee_value values[4];
    size_t value_count;
    const struct node *left, *right; /* NODE_SUB: left is the sub-select's filter */
};

/* Random filters come from here; a new one forgets the one before. */
struct forest {
    struct node nodes[ORACLE_NODES];
    size_t count;
};

/** A value of this kind out of a few, some at the kind's limits. Texts are static. */
cuvee_value oracle_value(cuvee_kind kind, struct dice *dice);
/** A row of such values; an optional is not set every third time. */
Sample oracle_row(struct dice *dice);

/** A random filter at most `height` high. */
const struct node *oracle_tree(struct forest *forest, struct dice *dice, unsigned height);
/** The filter as the library's. */
const cuvee_expr *oracle_build(cuvee_query *query, const struct node *node);
/** What the filter says of a row. `rows` is what sub-selects find theirs in. */
enum truth oracle_judge(const struct node *node, const Sample *row, const Sample *rows, size_t count);

/** Below, at or above zero as a is less than, equal to or greater than b; both of one kind, not NULL. */
int oracle_compare(const cuvee_value *a, const cuvee_value *b);
/** Whether a text is like a pattern. */
bool oracle_like(const char *text, const char *pattern, bool fold);

#endif
