#include "model/json_dump.h"

#include <string.h>

#include "model/json_build.h"
#include "model/json_write.h"

static void dump_text(struct cv_buffer *out, const json_t *json)
{
    size_t size;
    const char *number = cv_json_big(json, &size);
    if (number)
        cv_buffer_bytes(out, number, size);
    else
        cv_json_string(out, json_string_value(json), json_string_length(json));
}

static void dump_array(struct cv_buffer *out, const json_t *json)
{
    cv_buffer_char(out, '[');
    for (size_t i = 0; i < json_array_size(json) && !out->failed; i++) {
        if (i > 0)
            cv_buffer_char(out, ',');
        cv_json_dump(out, json_array_get(json, i));
    }
    cv_buffer_char(out, ']');
}

static void dump_object(struct cv_buffer *out, const json_t *json)
{
    json_t *object = (json_t *)json; /* the iterator changes nothing, but asks for it */
    bool first = true;
    cv_buffer_char(out, '{');
    for (void *at = json_object_iter(object); at && !out->failed; at = json_object_iter_next(object, at)) {
        if (!first)
            cv_buffer_char(out, ',');
        first = false;
        const char *name = json_object_iter_key(at);
        cv_json_string(out, name, strlen(name));
        cv_buffer_char(out, ':');
        cv_json_dump(out, json_object_iter_value(at));
    }
    cv_buffer_char(out, '}');
}

void cv_json_dump(struct cv_buffer *out, const json_t *json)
{
    cuvee_value value;
    switch (json_typeof(json)) {
    case JSON_OBJECT: dump_object(out, json); return;
    case JSON_ARRAY: dump_array(out, json); return;
    case JSON_STRING: dump_text(out, json); return;
    case JSON_INTEGER: cv_buffer_int(out, json_integer_value(json)); return;
    case JSON_REAL:
        value = cuvee_double_value(json_real_value(json));
        cv_json_value(out, &value);
        return;
    case JSON_TRUE: cv_buffer_put(out, "true"); return;
    case JSON_FALSE: cv_buffer_put(out, "false"); return;
    case JSON_NULL: cv_buffer_put(out, "null"); return;
    }
}
