#include "model/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/pattern.h"
#include "model/plan_make.h"

/* ---- fields ---- */

/* Names that would collide, in C, in the table or on the wire. */
static bool check_names(struct cv_maker *maker, const struct cv_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        for (size_t k = 0; k < i; k++) {
            const struct cv_field *a = &plan->fields[i];
            const struct cv_field *b = &plan->fields[k];
            if (strcmp(a->name, b->name) == 0)
                return cv_plan_fault(maker, plan->model, a->declared, "there are two fields of this name");
            if (plan->model->table && strcmp(a->column, b->column) == 0)
                return cv_plan_fault(maker, plan->model, a->declared, "column \"%s\" is that of %s already", a->column,
                                     b->name);
            if (strcmp(a->wire, b->wire) == 0)
                return cv_plan_fault(maker, plan->model, a->declared, "\"%s\" is the name of %s on the wire already",
                                     a->wire, b->name);
        }
    return true;
}

static bool make_fields(struct cv_maker *maker, struct cv_plan *plan)
{
    const cuvee_model *model = plan->model;
    plan->count = model->field_count;
    plan->fields = cv_arena_zero(&maker->root->arena, (plan->count + 1) * sizeof *plan->fields);
    cuvee_field *declared = cv_arena_zero(&maker->root->arena, (plan->count + 1) * sizeof *declared);
    if (!plan->fields || !declared)
        return cv_error_memory(maker->error);
    for (size_t i = 0; i < plan->count; i++) {
        const cuvee_field *original = cv_model_field(model, i);
        if (original->size != model->fields[0].size)
            return cv_plan_fault(maker, model, original, "make each field with CUVEE_FIELD, all in one program");
        memcpy(&declared[i], original, original->size);
        plan->fields[i].declared = &declared[i];
        if (!cv_plan_field(maker, model, &plan->fields[i]))
            return false;
        plan->fills = plan->fills || plan->fields[i].fallback != CV_NO_FALLBACK;
    }
    return check_names(maker, plan) && cv_plan_table(maker, plan);
}

/* ---- plans ---- */

static struct cv_plan *find_made(const struct cv_maker *maker, const cuvee_model *model)
{
    for (struct cv_plan *plan = maker->root; plan; plan = plan->next)
        if (plan->model == model)
            return plan;
    return NULL;
}

struct cv_plan *cv_plan_of(struct cv_maker *maker, const cuvee_model *model)
{
    struct cv_plan *plan = find_made(maker, model);
    if (plan)
        return plan;
    plan = cv_arena_zero(&maker->root->arena, sizeof *plan);
    if (!plan) {
        cv_error_memory(maker->error);
        return NULL;
    }
    plan->model = model;
    plan->next = maker->root->next; /* in place before its fields are read: a model may contain itself */
    maker->root->next = plan;
    return cv_model_check(maker, model) && make_fields(maker, plan) ? plan : NULL;
}

struct cv_plan *cv_plan_make(const cuvee_model *model, cuvee_error *error)
{
    if (!model) {
        cv_error_set(error, CUVEE_ERROR_CONFIG, "there is no model");
        return NULL;
    }
    struct cv_plan *plan = calloc(1, sizeof *plan);
    if (!plan) {
        cv_error_memory(error);
        return NULL;
    }
    plan->model = model;
    cv_arena_init(&plan->arena, 0);
    struct cv_maker maker = {.root = plan, .error = error};
    if (cv_model_check(&maker, model) && make_fields(&maker, plan))
        return plan;
    cv_plan_free(plan);
    return NULL;
}

void cv_plan_free(struct cv_plan *plan)
{
    if (!plan)
        return;
    for (struct cv_plan *made = plan; made; made = made->next)
        for (size_t i = 0; i < made->count && made->fields; i++)
            cv_pattern_free(made->fields[i].pattern);
    cv_arena_free(&plan->arena);
    free(plan);
}

size_t cv_plan_find(const struct cv_plan *plan, const char *name)
{
    size_t i = 0;
    while (i < plan->count && strcmp(plan->fields[i].name, name) != 0)
        i++;
    return i;
}
