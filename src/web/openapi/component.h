/** The document's components: schemas of the models. */
#ifndef CV_WEB_OPENAPI_COMPONENT_H
#define CV_WEB_OPENAPI_COMPONENT_H

#include <jansson.h>

#include "model/schema.h"

/* A model that the document describes, and how the routes use it. */
struct cv_component {
    struct cv_component *next; /* by name */
    const struct cv_plan *plan;
    bool used[CV_SCHEMA_USES];
};

/** Adds the model and those nested in it. False: CONFIG (two models of one name), MEMORY. */
bool cv_component_add(struct cv_component **list, struct cv_arena *arena, const struct cv_plan *plan,
                      enum cv_schema_use use, cuvee_error *error);
/**
 * {"$ref": …} to the model's schema. It has two, "-Input" and "-Output", when the application uses both and they
 * differ, and one for parts, "-Part". New reference; NULL: no memory.
 */
json_t *cv_component_ref(const struct cv_component *list, const struct cv_plan *plan, enum cv_schema_use use);
/** All models' schemas by name, and FastAPI's two for mistakes if `validation`. New reference; NULL: no memory. */
json_t *cv_component_schemas(const struct cv_component *list, bool validation);

/** Sets `key`, taking over the reference `value`. False when either is NULL or memory is out. */
static inline bool cv_json_put(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

#endif
