#include <string.h>

#include "base/error.h"
#include "model/constant.h"
#include "model/plan_make.h"

static bool is_integer(cuvee_kind kind)
{
    return kind == CUVEE_INT32 || kind == CUVEE_INT64;
}

/* ---- keys ---- */

static bool add_key(struct cv_maker *maker, struct cv_plan *plan, size_t index)
{
    const struct cv_field *field = &plan->fields[index];
    if (field->nullable)
        return cv_plan_fault(maker, plan->model, field->declared, "a key cannot be NULL");
    if (field->kind == CUVEE_DOUBLE || field->kind == CUVEE_JSON)
        return cv_plan_fault(maker, plan->model, field->declared, "a %s cannot be a key", cv_kind_name(field->kind));
    if (plan->key_count == CV_MAX_KEYS)
        return cv_plan_fault(maker, plan->model, field->declared, "a key has at most %d fields", CV_MAX_KEYS);
    plan->keys[plan->key_count++] = index;
    return true;
}

static bool read_keys(struct cv_maker *maker, struct cv_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const cuvee_field *declared = plan->fields[i].declared;
        if (declared->by_caller && !declared->key)
            return cv_plan_fault(maker, plan->model, declared, "by_caller is for keys");
        if (declared->key && !add_key(maker, plan, i))
            return false;
    }
    if (plan->key_count == 0)
        return cv_plan_fault(maker, plan->model, NULL, "a model with a table needs a key");
    struct cv_field *first = &plan->fields[plan->keys[0]];
    const cuvee_field *declared = first->declared;
    plan->auto_key = first->auto_key = plan->key_count == 1 && is_integer(first->kind) && !declared->by_caller &&
                                       !declared->refers && !declared->fallback;
    return true;
}

/* ---- version ---- */

static bool read_version(struct cv_maker *maker, struct cv_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (!field->declared->version)
            continue;
        if (!is_integer(field->kind) || field->nullable || field->declared->key)
            return cv_plan_fault(maker, plan->model, field->declared,
                                 "a version is an integer that cannot be NULL and is no key");
        if (plan->version < plan->count)
            return cv_plan_fault(maker, plan->model, field->declared, "there is a version already: %s",
                                 plan->fields[plan->version].name);
        plan->version = i;
    }
    return true;
}

/* ---- unique together ---- */

static size_t find_sized(const struct cv_plan *plan, const char *name, size_t size)
{
    size_t i = 0;
    while (i < plan->count && (strlen(plan->fields[i].name) != size || memcmp(plan->fields[i].name, name, size) != 0))
        i++;
    return i;
}

static bool add_to_unique(struct cv_maker *maker, const struct cv_plan *plan, struct cv_unique *unique,
                          const char *name, size_t size)
{
    size_t index = find_sized(plan, name, size);
    if (index == plan->count)
        return cv_plan_fault(maker, plan->model, NULL, "unique names \"%.*s\", which is no field", (int)size, name);
    if (plan->fields[index].kind == CUVEE_JSON)
        return cv_plan_fault(maker, plan->model, NULL, "unique names \"%.*s\", which is JSON", (int)size, name);
    for (size_t i = 0; i < unique->count; i++)
        if (unique->fields[i] == index)
            return cv_plan_fault(maker, plan->model, NULL, "unique names \"%.*s\" twice", (int)size, name);
    if (unique->count == CV_MAX_KEYS)
        return cv_plan_fault(maker, plan->model, NULL, "at most %d fields are unique together", CV_MAX_KEYS);
    unique->fields[unique->count++] = index;
    return true;
}

/* "tenant,email; tenant,phone" */
static bool read_uniques(struct cv_maker *maker, struct cv_plan *plan)
{
    const char *text = plan->model->unique;
    if (!text)
        return true;
    size_t groups = 1;
    for (const char *p = text; *p; p++)
        groups += *p == ';';
    plan->uniques = cv_arena_zero(&maker->root->arena, groups * sizeof *plan->uniques);
    if (!plan->uniques)
        return cv_error_memory(maker->error);
    plan->unique_count = groups;
    struct cv_unique *unique = plan->uniques;
    for (;;) {
        text += strspn(text, " ");
        size_t size = strcspn(text, ",; ");
        if (!add_to_unique(maker, plan, unique, text, size))
            return false;
        text += size;
        text += strspn(text, " ");
        if (*text == '\0')
            return true;
        if (*text != ',' && *text != ';')
            return cv_plan_fault(maker, plan->model, NULL, "unique is no list of fields: %s", plan->model->unique);
        unique += *text == ';';
        text++;
    }
}

/* ---- foreign keys ---- */

/* The `nth` field of another model's key, or NULL; *count is how many there are. */
static const cuvee_field *key_of(const cuvee_model *model, size_t nth, size_t *count)
{
    const cuvee_field *found = NULL;
    *count = 0;
    for (size_t i = 0; i < model->field_count; i++) {
        const cuvee_field *field = cv_model_field(model, i);
        if (!field->key)
            continue;
        if (*count == nth)
            found = field;
        ++*count;
    }
    return found;
}

/* Where several fields refer to a key of several fields, they stand for its fields in order. */
static bool check_reference(struct cv_maker *maker, const struct cv_plan *plan, size_t index)
{
    const struct cv_field *field = &plan->fields[index];
    const cuvee_model *other = field->declared->refers;
    if (!other->table || !other->name || !cv_model_readable(other))
        return cv_plan_fault(maker, plan->model, field->declared, "it refers to a model that has no table");
    size_t before = 0;
    size_t total = 0;
    for (size_t i = 0; i < plan->count; i++)
        if (plan->fields[i].declared->refers == other) {
            before += i < index;
            total++;
        }
    size_t count;
    key_of(other, 0, &count);
    if (count == 0 || total % count != 0)
        return cv_plan_fault(maker, plan->model, field->declared, "it does not refer to the whole key of %s",
                             other->name);
    const cuvee_field *key = key_of(other, before % count, &count);
    if (key->kind != field->kind)
        return cv_plan_fault(maker, plan->model, field->declared, "it refers to %s.%s, which is of another kind: %s",
                             other->name, key->name, cv_kind_name((cuvee_kind)key->kind));
    return true;
}

static bool check_columns(struct cv_maker *maker, const struct cv_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct cv_field *field = &plan->fields[i];
        if (field->kind >= CUVEE_OBJECT)
            return cv_plan_fault(maker, plan->model, field->declared, "a table has no column for an %s",
                                 cv_kind_name(field->kind));
        if (field->kind == CUVEE_JSON && (field->declared->unique || field->declared->index))
            return cv_plan_fault(maker, plan->model, field->declared, "JSON has no index and is not unique");
        if (field->declared->refers && !check_reference(maker, plan, i))
            return false;
    }
    return true;
}

bool cv_plan_table(struct cv_maker *maker, struct cv_plan *plan)
{
    plan->version = plan->count;
    if (!plan->model->table)
        return true;
    if (!*plan->model->table)
        return cv_plan_fault(maker, plan->model, NULL, "the table needs a name");
    return read_keys(maker, plan) && read_version(maker, plan) && check_columns(maker, plan) &&
           read_uniques(maker, plan);
}
