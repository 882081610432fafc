/* The document's components: one schema per model, or two where reading and writing differ. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "web/openapi/component.h"
#include "web/wire/text.h"

static const char ref_prefix[] = "#/components/schemas/";

/* The place of this name in the sorted list. */
static struct cv_component **slot_of(struct cv_component **list, const char *name)
{
    while (*list && strcmp((*list)->plan->model->name, name) < 0)
        list = &(*list)->next;
    return list;
}

static struct cv_component *find_or_insert(struct cv_component **list, struct cv_arena *arena,
                                           const struct cv_plan *plan, cuvee_error *error)
{
    struct cv_component **slot = slot_of(list, plan->model->name);
    struct cv_component *component = *slot;
    if (component && strcmp(component->plan->model->name, plan->model->name) == 0) {
        if (component->plan->model == plan->model)
            return component;
        cv_error_set(error, CUVEE_ERROR_CONFIG, "two models that bodies or replies use are called %s",
                     plan->model->name);
        return NULL;
    }
    component = cv_arena_zero(arena, sizeof *component);
    if (!component) {
        cv_error_memory(error);
        return NULL;
    }
    component->plan = plan;
    component->next = *slot;
    *slot = component;
    return component;
}

/* What is given of a part is whole. */
static enum cv_schema_use nested_use(enum cv_schema_use use)
{
    return use == CV_SCHEMA_PART ? CV_SCHEMA_IN : use;
}

bool cv_component_add(struct cv_component **list, struct cv_arena *arena, const struct cv_plan *plan,
                      enum cv_schema_use use, cuvee_error *error)
{
    struct cv_component *component = find_or_insert(list, arena, plan, error);
    if (!component)
        return false;
    if (component->used[use])
        return true; /* and so are those nested in it */
    component->used[use] = true;
    for (size_t i = 0; i < plan->count; i++)
        if (plan->fields[i].nested && !cv_component_add(list, arena, plan->fields[i].nested, nested_use(use), error))
            return false;
    return true;
}

/* What the two uses of a model add to its name. */
static const char *suffix(const struct cv_component *component, enum cv_schema_use use)
{
    if (use == CV_SCHEMA_PART)
        return "-Part";
    if (!component->used[CV_SCHEMA_IN] || !component->used[CV_SCHEMA_OUT] || !cv_schema_differs(component->plan))
        return "";
    return use == CV_SCHEMA_IN ? "-Input" : "-Output";
}

static const struct cv_component *find(const struct cv_component *list, struct cv_slice name)
{
    while (list && !cv_slice_is(name, list->plan->model->name))
        list = list->next;
    return list;
}

static json_t *ref_text(const struct cv_component *component, enum cv_schema_use use)
{
    return json_sprintf("%s%s%s", ref_prefix, component->plan->model->name, suffix(component, use));
}

json_t *cv_component_ref(const struct cv_component *list, const struct cv_plan *plan, enum cv_schema_use use)
{
    return json_pack("{s:o}", "$ref", ref_text(find(list, cv_slice(plan->model->name)), use));
}

/* The component that a reference in a model's schema means, whatever suffix it has. */
static const struct cv_component *target_of(const struct cv_component *list, const char *ref)
{
    size_t prefix = sizeof ref_prefix - 1;
    if (strncmp(ref, ref_prefix, prefix) != 0)
        return NULL;
    const char *name = ref + prefix;
    return find(list, (struct cv_slice){name, strcspn(name, "-")});
}

/* A model's schema names nested models without knowing the application; here the names become those of the document. */
static bool settle_refs(const struct cv_component *list, json_t *schema, enum cv_schema_use use)
{
    const char *key;
    json_t *value;
    size_t i;
    if (json_is_array(schema))
        json_array_foreach(schema, i, value) if (!settle_refs(list, value, use)) return false;
    if (!json_is_object(schema))
        return true;
    json_t *ref = json_object_get(schema, "$ref");
    const struct cv_component *target = json_is_string(ref) ? target_of(list, json_string_value(ref)) : NULL;
    if (target && !cv_json_put(schema, "$ref", ref_text(target, use)))
        return false;
    json_object_foreach(schema, key, value) if (!settle_refs(list, value, use)) return false;
    return true;
}

static bool add_schema(const struct cv_component *list, const struct cv_component *component, enum cv_schema_use use,
                       json_t *schemas)
{
    char name[256];
    snprintf(name, sizeof name, "%s%s", component->plan->model->name, suffix(component, use));
    json_t *schema = cv_schema_object(component->plan, use);
    return cv_json_put(schemas, name, schema) && settle_refs(list, schema, nested_use(use));
}

static bool add_schemas(const struct cv_component *list, const struct cv_component *component, json_t *schemas)
{
    const bool *used = component->used;
    bool split = suffix(component, CV_SCHEMA_IN)[0] != '\0';
    bool out = used[CV_SCHEMA_OUT] && (split || !used[CV_SCHEMA_IN]);
    return (!used[CV_SCHEMA_IN] || add_schema(list, component, CV_SCHEMA_IN, schemas)) &&
           (!out || add_schema(list, component, CV_SCHEMA_OUT, schemas)) &&
           (!used[CV_SCHEMA_PART] || add_schema(list, component, CV_SCHEMA_PART, schemas));
}

static json_t *validation_error(void)
{
    return json_pack(
        "{s:{s:{s:{s:[{s:s},{s:s}]},s:s,s:s},s:{s:s,s:s},s:{s:s,s:s},s:{s:s},s:{s:s,s:s}},s:s,s:[s,s,s],s:s}",
        "properties", "loc", "items", "anyOf", "type", "string", "type", "integer", "type", "array", "title",
        "Location", "msg", "type", "string", "title", "Message", "type", "type", "string", "title", "Error Type",
        "input", "title", "Input", "ctx", "type", "object", "title", "Context", "type", "object", "required", "loc",
        "msg", "type", "title", "ValidationError");
}

static json_t *http_validation_error(void)
{
    return json_pack("{s:{s:{s:{s:s},s:s,s:s}},s:s,s:s}", "properties", "detail", "items", "$ref",
                     "#/components/schemas/ValidationError", "type", "array", "title", "Detail", "type", "object",
                     "title", "HTTPValidationError");
}

static bool fill(const struct cv_component *list, bool validation, json_t *schemas)
{
    for (const struct cv_component *component = list; component; component = component->next)
        if (!add_schemas(list, component, schemas))
            return false;
    return !validation || (cv_json_put(schemas, "HTTPValidationError", http_validation_error()) &&
                           cv_json_put(schemas, "ValidationError", validation_error()));
}

/* The member whose name comes first in the alphabet behind `after` (NULL: of all). */
static const char *next_key(json_t *object, const char *after)
{
    const char *first = NULL;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) if ((!after || strcmp(key, after) > 0) &&
                                                (!first || strcmp(key, first) < 0)) first = key;
    return first;
}

static json_t *sorted(json_t *object)
{
    json_t *result = json_object();
    for (const char *key = next_key(object, NULL); key; key = next_key(object, key))
        if (json_object_set(result, key, json_object_get(object, key)) != 0) {
            json_decref(result);
            return NULL;
        }
    return result;
}

json_t *cv_component_schemas(const struct cv_component *list, bool validation)
{
    json_t *schemas = json_object();
    json_t *result = schemas && fill(list, validation, schemas) ? sorted(schemas) : NULL;
    json_decref(schemas);
    return result;
}
