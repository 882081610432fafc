/**
 * JSON and parameter text into a struct by a descriptor, with every mistake collected as FastAPI with Pydantic 2 words
 * it.
 */
#ifndef CV_MODEL_JSON_READ_H
#define CV_MODEL_JSON_READ_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "model/plan.h"

/* The mistakes of one request, as the items of the reply's "detail" list: {"type":…,"loc":[…],"msg":…,"input":…},… */
struct cv_issues {
    struct cv_buffer json;
    size_t count;
    bool no_memory;
};

void cv_issues_init(struct cv_issues *issues);
void cv_issues_free(struct cv_issues *issues);

/* Where a value stood: a chain from the innermost step outwards; a step is a name or a list index. */
struct cv_loc {
    const struct cv_loc *outer;
    const char *name; /* NULL: index */
    size_t index;
};

/** Adds one mistake. `input` is JSON text (or "null"), `ctx` JSON text of an object or NULL. */
void cv_issue_add(struct cv_issues *issues, const char *type, const struct cv_loc *loc, const char *msg,
                  const char *input, const char *ctx);

/**
 * Reads a JSON object into `row` (zeroed, plan->model->struct_size bytes). Texts live in `arena`. Keys that the
 * database assigns and read-only fields are not taken from the body: there they are members like unknown ones. What is
 * absent becomes the default, or NULL where the field is nullable; CUVEE_NOW and CUVEE_NEW_UUID of a model with a table
 * are left for cuvee_add. NULL or JSON null for `json` is the mistake "missing". Returns false when issues were added
 * or memory ran out.
 *
 * As FastAPI with Pydantic 2, but for these: an integer beyond the field's kind is "less_than_equal" or
 * "greater_than_equal" with the kind's own limit; infinity and NaN are "finite_number"; a NUL in a text is
 * "string_nul"; blobs are base64.
 */
bool cv_json_read_object(const struct cv_plan *plan, const json_t *json, const struct cv_loc *loc, void *row,
                         struct cv_arena *arena, struct cv_issues *issues);
/**
 * The same for a part of an object: what is absent stays as it is in `row`, and is no mistake. The key's fields are not
 * taken either: it is known which row is meant.
 */
bool cv_json_read_part(const struct cv_plan *plan, const json_t *json, const struct cv_loc *loc, void *row,
                       struct cv_arena *arena, struct cv_issues *issues);
/** Whether a body gives this field, as a whole object or a part of one. */
bool cv_json_takes(const struct cv_field *field, bool part);
/** A JSON list of objects into an array of structs in `arena`. */
bool cv_json_read_list(const struct cv_plan *plan, const json_t *json, const struct cv_loc *loc, cuvee_array *list,
                       struct cv_arena *arena, struct cv_issues *issues);

/* The text of one parameter. */
struct cv_text {
    const char *data;
    size_t size;
};

/**
 * A parameter from the texts that it was given as (path, query, header, cookie; count > 0), the way Pydantic reads a
 * str in lax mode. An array takes them all, anything else the last one.
 */
bool cv_texts_read(const struct cv_field *field, const struct cv_text *texts, size_t count, const struct cv_loc *loc,
                   void *row, struct cv_arena *arena, struct cv_issues *issues);
/** A parameter that was not given: its default, NULL if nullable, else the mistake "missing". */
bool cv_text_absent(const struct cv_plan *plan, const struct cv_field *field, const struct cv_loc *loc, void *row,
                    struct cv_arena *arena, struct cv_issues *issues);

/**
 * Parses a whole body. NULL on failure, with the mistake "json_invalid" added (Python's message and character
 * position), or *bad_utf8 set when the bytes are not UTF-8, or issues->no_memory. The caller releases it with
 * json_decref. Numbers beyond int64 and double are kept (model/json_build.h), so read the result with the functions
 * above only.
 */
json_t *cv_json_parse(const char *body, size_t size, struct cv_issues *issues, bool *bad_utf8);

#endif
