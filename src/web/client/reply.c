/* What a test wants to know of a reply. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "web/client/test_client.h"

const char *cuvee_test_header(const cuvee_test_reply *reply, const char *name)
{
    const struct cv_kept *kept = (const struct cv_kept *)reply;
    if (kept->reply.content_type && cv_slice_is_caseless(cv_slice("content-type"), name))
        return kept->reply.content_type;
    return cv_reply_header_of(&kept->reply, name);
}

/* The value at a path like "users[0].name", or NULL. */
static const json_t *walk(const json_t *json, const char *path)
{
    while (json && *path) {
        char name[128];
        size_t size = strcspn(path + (*path == '.'), ".[");
        if (*path == '[') {
            char *end;
            json = json_array_get(json, strtoul(path + 1, &end, 10));
            path = *end == ']' ? end + 1 : "";
            continue;
        }
        path += *path == '.';
        if (size >= sizeof name)
            return NULL;
        memcpy(name, path, size);
        name[size] = '\0';
        json = json_object_get(json, name);
        path += size;
    }
    return json;
}

const char *cuvee_test_at(const cuvee_test_reply *reply, const char *path)
{
    struct cv_kept *kept = (struct cv_kept *)reply;
    json_t *json = json_loadb(reply->body, reply->body_size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    const json_t *value = walk(json, path);
    char *found = NULL;
    if (json_is_string(value)) {
        found = cv_arena_text(&kept->arena, json_string_value(value));
    } else if (value) {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        found = text ? cv_arena_text(&kept->arena, text) : NULL;
        free(text);
    }
    json_decref(json);
    return found;
}

/* ---- expectations ---- */

/* The first line of what is told: what was asked, expected and found. */
static void put_status(struct cv_buffer *out, const struct cv_kept *kept, int status)
{
    cv_buffer_format(out, "%s %s: expected %d, got %d", kept->method, kept->target, status, kept->seen.status);
}

static void put_value(struct cv_buffer *out, const struct cv_kept *kept, const char *path, const char *value,
                      const char *found)
{
    cv_buffer_format(out, "%s %s: expected %s%s%s at \"%s\", got %s%s%s", kept->method, kept->target, value ? "\"" : "",
                     value ? value : "nothing", value ? "\"" : "", path, found ? "\"" : "", found ? found : "nothing",
                     found ? "\"" : "");
}

const char *cuvee_test_difference(const cuvee_test_reply *reply, int status, const char *path, const char *value)
{
    struct cv_kept *kept = (struct cv_kept *)reply;
    struct cv_buffer out;
    if (!kept->method)
        return reply->body; /* there was no memory for a reply */
    const char *found = path ? cuvee_test_at(reply, path) : NULL;
    bool same = value ? found && strcmp(found, value) == 0 : !found;
    cv_buffer_init(&out, 0);
    if (reply->status != status)
        put_status(&out, kept, status);
    else if (!same)
        put_value(&out, kept, path, value, found);
    else
        return NULL;
    cv_buffer_format(&out, "\n  body: %s", reply->body);
    if (reply->cause)
        cv_buffer_format(&out, "\n  cause: %s", reply->cause);
    const char *text = cv_buffer_text(&out);
    const char *told = text ? cv_arena_text(&kept->arena, text) : NULL;
    cv_buffer_free(&out);
    return told ? told : "out of memory";
}
