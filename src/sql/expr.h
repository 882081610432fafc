/**
 * Filter expressions: what public cuvee_expr is.
 *
 * A tree of nodes in an arena. Fields are indexes into the plan, values have the field's kind already (the session
 * checked and converted them), so nothing here can fail but memory.
 */
#ifndef CV_SQL_EXPR_H
#define CV_SQL_EXPR_H

#include <cuvee/expr.h>

#include "model/plan.h"

/* A field of one of a query's sources: source 0 is the query's own model, others are joined ones. */
typedef uint32_t cv_ref;

static inline cv_ref cv_ref_make(size_t source, size_t field)
{
    return (cv_ref)(source << 16 | field);
}

static inline size_t cv_ref_source(cv_ref ref)
{
    return ref >> 16;
}

static inline size_t cv_ref_field(cv_ref ref)
{
    return ref & 0xFFFF;
}

enum cv_expr_kind {
    CV_EXPR_COMPARE = 1, /* ref, comparison, values[0] */
    CV_EXPR_IN,          /* ref, values[0 … value_count) */
    CV_EXPR_BETWEEN,     /* ref, values[0], values[1] */
    CV_EXPR_IS_NULL,     /* ref */
    CV_EXPR_FIELDS,      /* ref, comparison, other */
    CV_EXPR_IN_SELECT,   /* ref, sub, which picks one column */
    CV_EXPR_AND,         /* left, right */
    CV_EXPR_OR,          /* left, right */
    CV_EXPR_NOT,         /* left */
    CV_EXPR_FALSE,       /* no row meets it */
};

struct cv_select;

struct cuvee_expr {
    enum cv_expr_kind kind;
    cuvee_comparison comparison;
    cv_ref ref;
    cv_ref other;
    const cuvee_value *values;
    size_t value_count;
    const struct cv_select *sub;
    const cuvee_expr *left;
    const cuvee_expr *right;
    const void *query; /* for which it was built */
    unsigned depth;    /* places that its text takes on an engine's parser stack */
    unsigned size;     /* conditions in it */
};

/*
 * The tightest engine decides for all: SQLite's parser has a stack of 100 places, and its expressions are at most 1000
 * high, which a chain of as many conditions is. The rest is for what stands around a filter.
 */
enum { CV_EXPR_MAX_DEPTH = 84, CV_EXPR_MAX_SIZE = 900, CV_EXPR_LEAF_DEPTH = 8, CV_EXPR_SUB_DEPTH = 9 };

#endif
