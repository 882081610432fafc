/* Descriptors as the program wrote them, which may be older than the library. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "model/plan_make.h"

/* Members that later versions add come behind `size`, so what stands in front of it is there in every program. */
enum {
    FIRST_FIELD_SIZE = offsetof(cuvee_field, size) + sizeof(size_t),
    FIRST_MODEL_SIZE = offsetof(cuvee_model, size) + sizeof(size_t),
    FIRST_RELATION_SIZE = offsetof(cuvee_relation, size) + sizeof(size_t),
};

bool cv_plan_fault(struct cv_maker *maker, const cuvee_model *model, const cuvee_field *field, const char *format, ...)
{
    char reason[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    bool first = maker->error && maker->error->kind == CUVEE_ERROR_NONE;
    const char *name = model->name ? model->name : "(model without a name)";
    const char *member = field && field->name ? field->name : "";
    cv_error_set(maker->error, CUVEE_ERROR_CONFIG, "%s%s%s: %s", name, *member ? "." : "", member, reason);
    if (first) {
        cv_error_text(maker->error->model, sizeof maker->error->model, name);
        cv_error_text(maker->error->fields, sizeof maker->error->fields, member);
    }
    return false;
}

bool cv_model_readable(const cuvee_model *model)
{
    size_t size = model->field_count > 0 ? model->fields[0].size : FIRST_FIELD_SIZE;
    return size >= FIRST_FIELD_SIZE && size <= sizeof(cuvee_field) && size % _Alignof(cuvee_field) == 0;
}

const cuvee_field *cv_model_field(const cuvee_model *model, size_t index)
{
    const char *first = (const char *)model->fields;
    return (const cuvee_field *)(const void *)(first + index * model->fields[0].size);
}

const cuvee_relation *cv_model_relation(const cuvee_model *model, size_t index)
{
    const char *first = (const char *)model->relations;
    return (const cuvee_relation *)(const void *)(first + index * model->relations[0].size);
}

void *cv_model_alloc(const cuvee_model *model, size_t count, struct cv_arena *arena)
{
    size_t size = model->struct_size;
    size_t align = model->struct_align;
    if (align == 0)
        align = size & (~size + 1) & (_Alignof(max_align_t) * 2 - 1);
    return cv_arena_aligned(arena, size * count, align > 0 ? align : _Alignof(max_align_t));
}

void *cv_model_zero(const cuvee_model *model, struct cv_arena *arena)
{
    void *row = cv_model_alloc(model, 1, arena);
    return row ? memset(row, 0, model->struct_size) : NULL;
}

static bool check_relations(struct cv_maker *maker, const cuvee_model *model)
{
    size_t size = model->relation_count > 0 && model->relations ? model->relations[0].size : FIRST_RELATION_SIZE;
    bool readable = size >= FIRST_RELATION_SIZE && size <= sizeof(cuvee_relation);
    if (model->relation_count > 0 && !model->relations)
        return cv_plan_fault(maker, model, NULL, "its relations are missing");
    for (size_t i = 0; readable && i < model->relation_count; i++)
        readable = cv_model_relation(model, i)->size == size;
    return readable ||
           cv_plan_fault(maker, model, NULL, "make each relation with its macro, for this version of the library");
}

bool cv_model_check(struct cv_maker *maker, const cuvee_model *model)
{
    if (!model->name || !*model->name || !cv_utf8_valid(model->name, strlen(model->name)))
        return cv_plan_fault(maker, model, NULL, "a model needs a name");
    if (model->size < FIRST_MODEL_SIZE || model->size > sizeof(cuvee_model))
        return cv_plan_fault(maker, model, NULL, "make the model with CUVEE_MODEL, for this version of the library");
    if (model->field_count > CV_MAX_FIELDS || (model->field_count > 0 && !model->fields))
        return cv_plan_fault(maker, model, NULL, "a model has at most %d fields", CV_MAX_FIELDS);
    if (model->struct_size == 0)
        return cv_plan_fault(maker, model, NULL, "the size of the struct is missing");
    if (!cv_model_readable(model))
        return cv_plan_fault(maker, model, NULL, "make each field with CUVEE_FIELD, for this version of the library");
    if (model->struct_align & (model->struct_align - 1) || model->struct_align > CV_MAX_ALIGN)
        return cv_plan_fault(maker, model, NULL, "no struct can be aligned to %zu bytes here", model->struct_align);
    return check_relations(maker, model);
}
