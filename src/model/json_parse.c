#include <string.h>

#include "base/utf8.h"
#include "model/json_build.h"
#include "model/json_read.h"
#include "model/json_write.h"

/* The mistake that the body as a whole is. */
static void refuse(struct cv_issues *issues, const struct cv_json_fault *fault)
{
    struct cv_loc body = {.name = "body"};
    struct cv_loc place = {.outer = &body, .index = fault->position};
    struct cv_buffer ctx;
    cv_buffer_init(&ctx, 0);
    cv_buffer_put(&ctx, "{\"error\":");
    cv_json_string(&ctx, fault->message, strlen(fault->message));
    cv_buffer_char(&ctx, '}');
    const char *text = cv_buffer_text(&ctx);
    issues->no_memory = issues->no_memory || !text;
    cv_issue_add(issues, "json_invalid", &place, "JSON decode error", "{}", text ? text : "{}");
    cv_buffer_free(&ctx);
}

json_t *cv_json_parse(const char *body, size_t size, struct cv_issues *issues, bool *bad_utf8)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* a byte order mark is no part of the text */
    *bad_utf8 = !cv_utf8_valid(body, size);
    if (*bad_utf8)
        return NULL;
    if (size >= sizeof mark - 1 && memcmp(body, mark, sizeof mark - 1) == 0) {
        body += sizeof mark - 1;
        size -= sizeof mark - 1;
    }
    enum cv_json_scan result;
    struct cv_json_fault fault;
    json_t *json = cv_json_build(body, size, &result, &fault);
    if (result == CV_JSON_FAULT)
        refuse(issues, &fault);
    issues->no_memory = issues->no_memory || result == CV_JSON_STOPPED;
    return json;
}
