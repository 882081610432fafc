/**
 * Plan: what a model's descriptor means, worked out once.
 *
 * A descriptor is constant data with everything as text; a plan holds the same with bounds parsed, patterns compiled,
 * names ready to be copied into JSON, and the lists of columns and keys. Whoever takes a model in (a blend at bind, an
 * application at route) makes its plan. A plan does not change afterwards: any thread may read it.
 */
#ifndef CV_MODEL_PLAN_H
#define CV_MODEL_PLAN_H

#include <cuvee/error.h>
#include <cuvee/model.h>

#include "base/arena.h"

enum { CV_MAX_KEYS = 8, CV_MAX_FIELDS = 512, CV_MAX_ALIGN = 4096 };

struct cv_plan;
struct cv_pattern; /* compiled pattern, model/pattern.h */

struct cv_choice {
    const char *text;
    size_t size;
};

/* What stands in for a value that was not given. */
enum cv_fallback { CV_NO_FALLBACK = 0, CV_CONSTANT, CV_NOW, CV_NEW_UUID };

struct cv_field {
    const cuvee_field *declared; /* a copy; members that the program's older descriptor lacks are zero */
    const char *name;            /* in C and in messages */
    const char *column;          /* in the table */
    const char *wire;            /* in JSON and parameters */
    const char *json;            /* the wire name as it stands in JSON: `"name":` */
    size_t json_size;
    cuvee_kind kind;
    cuvee_kind item_kind; /* of an array's items */
    bool nullable;
    bool auto_key;     /* the database assigns it */
    bool ruled;        /* has bounds, lengths, places, a pattern, a format or choices */
    size_t offset;     /* of the value in the struct; of an optional's `value` */
    size_t set_offset; /* nullable: of its `set` */
    enum cv_fallback fallback;
    cuvee_value constant;       /* CV_CONSTANT; kind ARRAY: the empty one */
    cuvee_value gt, ge, lt, le; /* of the field's kind, or of its items'; kind 0: no bound */
    cuvee_value example;        /* of the field's kind; of an OBJECT or ARRAY as JSON; kind 0: none */
    struct cv_choice *choices;  /* choice_count of them */
    size_t choice_count;
    struct cv_pattern *pattern;   /* NULL: none */
    const struct cv_plan *nested; /* OBJECT, ARRAY of OBJECT */
};

/* Fields that are unique together, as indexes into cv_plan.fields. */
struct cv_unique {
    size_t count;
    size_t fields[CV_MAX_KEYS];
};

struct cv_plan {
    const cuvee_model *model;
    struct cv_field *fields; /* in declared order */
    size_t count;
    size_t keys[CV_MAX_KEYS]; /* fields of the primary key, in declared order */
    size_t key_count;
    bool auto_key;             /* the lone key is assigned by the database */
    bool fills;                /* some fields have a fallback */
    size_t version;            /* index of the version field; == count: none */
    struct cv_unique *uniques; /* of several fields each */
    size_t unique_count;
    struct cv_plan *next;  /* of the plans that were made along with the first one, which owns them all */
    struct cv_arena arena; /* of the first one: holds all of the above */
};

/**
 * Makes the plan of `model` and of every model nested in it. NULL on error: CONFIG names model, field and what cannot
 * be (unknown kind, bad bound or default text, pattern that does not compile, two fields of one name, version that is
 * no integer, key that may be NULL, …), MEMORY. For a model with a table it must have a key, and no object or array
 * fields. Free it with cv_plan_free.
 */
struct cv_plan *cv_plan_make(const cuvee_model *model, cuvee_error *error);
void cv_plan_free(struct cv_plan *plan);

/** The relation at `index` of a model, whose relations may be smaller than this library's. */
const cuvee_relation *cv_model_relation(const cuvee_model *model, size_t index);
/** Memory for `count` structs of a model side by side, not zeroed. NULL when memory is out. */
void *cv_model_alloc(const cuvee_model *model, size_t count, struct cv_arena *arena);
/** The same for one struct, zeroed. */
void *cv_model_zero(const cuvee_model *model, struct cv_arena *arena);

/** Index of the field with this C name, or plan->count. */
size_t cv_plan_find(const struct cv_plan *plan, const char *name);

#endif
