/**
 * Making a plan, in its parts: plan.c walks the models, descriptor.c reads what the program wrote, plan_field.c one
 * field, plan_table.c what only tables have.
 */
#ifndef CV_MODEL_PLAN_MAKE_H
#define CV_MODEL_PLAN_MAKE_H

#include "model/plan.h"

struct cv_maker {
    struct cv_plan *root; /* the plan that was asked for; its arena holds everything */
    cuvee_error *error;
};

/**
 * A mistake in the descriptor: CONFIG, "User.age: …" (or "User: …" for a NULL field), with model and field in their
 * places. Always false.
 */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
bool cv_plan_fault(struct cv_maker *maker, const cuvee_model *model, const cuvee_field *field, const char *format, ...);

/** The plan of `model`, made now or before; NULL on error. */
struct cv_plan *cv_plan_of(struct cv_maker *maker, const cuvee_model *model);
/** Fills in `field` from field->declared. */
bool cv_plan_field(struct cv_maker *maker, const cuvee_model *model, struct cv_field *field);
/** Keys, version, unique groups, foreign keys: whatever concerns the model as a table. */
bool cv_plan_table(struct cv_maker *maker, struct cv_plan *plan);

/** Whether the descriptor itself can be read; false: a fault. */
bool cv_model_check(struct cv_maker *maker, const cuvee_model *model);
/** The field at `index` of a descriptor, whose fields may be smaller than this library's. */
const cuvee_field *cv_model_field(const cuvee_model *model, size_t index);
/** Whether the size that the macro left in a model's fields is one that this library can read; true without fields. */
bool cv_model_readable(const cuvee_model *model);

#endif
