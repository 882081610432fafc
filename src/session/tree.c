/* Rows that refer to rows of their own model: the order in which they can be deleted. */
#include <stdlib.h>

#include "model/row.h"
#include "session/changes.h"
#include "session/tree.h"
#include "session/value_set.h"

/* What is known of the rows to be sorted, by their place in the list. */
struct forest {
    const struct cv_plan *plan;
    struct cv_value_set keys; /* a key's number is its row's place */
    size_t *parents;          /* per reference and row: the parent's place, or SIZE_MAX */
    size_t references;
    struct ranked {
        size_t depth; /* below the top of its tree */
        uint32_t number;
    } * ranked;
    size_t count;
};

static bool refers_to_itself(const struct cv_plan *plan, size_t field)
{
    return plan->key_count == 1 && plan->fields[field].declared->refers == plan->model;
}

size_t cv_tree_references(const struct cv_plan *plan)
{
    size_t count = 0;
    for (size_t f = 0; f < plan->count; f++)
        count += refers_to_itself(plan, f);
    return count;
}

static bool note_keys(struct forest *forest, const cuvee_session *session)
{
    const struct cv_field *key = &forest->plan->fields[forest->plan->keys[0]];
    for (size_t i = 0; i < forest->count; i++) {
        cuvee_value value = cv_row_get(key, session->changes[forest->ranked[i].number].row);
        if (cv_value_set_add(&forest->keys, &value) == SIZE_MAX)
            return false;
    }
    return true;
}

static void note_parents(struct forest *forest, const cuvee_session *session)
{
    size_t *parent = forest->parents;
    for (size_t f = 0; f < forest->plan->count; f++) {
        if (!refers_to_itself(forest->plan, f))
            continue;
        for (size_t i = 0; i < forest->count; i++) {
            cuvee_value value = cv_row_get(&forest->plan->fields[f], session->changes[forest->ranked[i].number].row);
            *parent++ = cv_value_set_find(&forest->keys, &value);
        }
    }
}

/* A row lies deeper than those it refers to; rows in a circle end somewhere. */
static void measure(struct forest *forest)
{
    bool changed = true;
    for (size_t round = 0; changed && round < forest->count; round++) {
        changed = false;
        for (size_t i = 0; i < forest->count * forest->references; i++) {
            struct ranked *row = &forest->ranked[i % forest->count];
            const struct ranked *parent = forest->parents[i] == SIZE_MAX ? NULL : &forest->ranked[forest->parents[i]];
            if (!parent || parent == row || parent->depth < row->depth)
                continue;
            row->depth = parent->depth + 1;
            changed = true;
        }
    }
}

/* Deepest first, else as they were. */
static int compare(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->depth != right->depth)
        return left->depth > right->depth ? -1 : 1;
    return left->number < right->number ? -1 : 1;
}

bool cv_tree_sort(cuvee_session *session, const struct cv_plan *plan, uint32_t *numbers, size_t count)
{
    struct forest forest = {.plan = plan,
                            .keys = {.seed = cv_blend_seed(session->blend)},
                            .references = cv_tree_references(plan),
                            .count = count};
    forest.ranked = calloc(count + 1, sizeof *forest.ranked);
    forest.parents = calloc(count * forest.references + 1, sizeof *forest.parents);
    bool good = forest.ranked && forest.parents;
    for (size_t i = 0; good && i < count; i++)
        forest.ranked[i].number = numbers[i];
    good = good && note_keys(&forest, session);
    if (good) {
        note_parents(&forest, session);
        measure(&forest);
        qsort(forest.ranked, count, sizeof *forest.ranked, compare);
        for (size_t i = 0; i < count; i++)
            numbers[i] = forest.ranked[i].number;
    }
    free(forest.ranked);
    free(forest.parents);
    cv_value_set_free(&forest.keys);
    return good || cv_error_memory(&session->error);
}
