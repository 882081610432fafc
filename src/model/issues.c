#include <string.h>

#include "model/json_read.h"
#include "model/json_write.h"

enum { MOST_BYTES = 16 * 1024 * 1024 }; /* of all mistakes of a request; what comes then is counted but not told */

void cv_issues_init(struct cv_issues *issues)
{
    cv_buffer_init(&issues->json, MOST_BYTES);
    issues->count = 0;
    issues->no_memory = false;
}

void cv_issues_free(struct cv_issues *issues)
{
    cv_buffer_free(&issues->json);
    issues->count = 0;
    issues->no_memory = false;
}

static void put_loc(struct cv_buffer *out, const struct cv_loc *loc)
{
    if (!loc)
        return;
    if (loc->outer) {
        put_loc(out, loc->outer);
        cv_buffer_char(out, ',');
    }
    if (loc->name)
        cv_json_string(out, loc->name, strlen(loc->name));
    else
        cv_buffer_int(out, (int64_t)loc->index);
}

void cv_issue_add(struct cv_issues *issues, const char *type, const struct cv_loc *loc, const char *msg,
                  const char *input, const char *ctx)
{
    struct cv_buffer *out = &issues->json;
    size_t before = out->size;
    if (issues->count++ > 0)
        cv_buffer_char(out, ',');
    cv_buffer_put(out, "{\"type\":");
    cv_json_string(out, type, strlen(type));
    cv_buffer_put(out, ",\"loc\":[");
    put_loc(out, loc);
    cv_buffer_put(out, "],\"msg\":");
    cv_json_string(out, msg, strlen(msg));
    cv_buffer_put(out, ",\"input\":");
    cv_buffer_put(out, input);
    if (ctx) {
        cv_buffer_put(out, ",\"ctx\":");
        cv_buffer_put(out, ctx);
    }
    cv_buffer_char(out, '}');
    if (!out->failed)
        return;
    issues->no_memory = issues->no_memory || out->failed == CV_BUFFER_NO_MEMORY;
    out->failed = CV_BUFFER_GOOD;
    out->size = before;
}
