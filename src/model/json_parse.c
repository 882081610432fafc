#include <string.h>

#include "base/utf8.h"
#include "model/json_big.h"
#include "model/json_locate.h"
#include "model/json_read.h"
#include "model/json_write.h"

/* The mistake that the body as a whole is. */
static json_t *refuse(struct cv_issues *issues, const char *message, size_t position)
{
    struct cv_loc body = {.name = "body"};
    struct cv_loc place = {.outer = &body, .index = position};
    struct cv_buffer ctx;
    cv_buffer_init(&ctx, 0);
    cv_buffer_put(&ctx, "{\"error\":");
    cv_json_string(&ctx, message, strlen(message));
    cv_buffer_char(&ctx, '}');
    const char *text = cv_buffer_text(&ctx);
    issues->no_memory = issues->no_memory || !text;
    cv_issue_add(issues, "json_invalid", &place, "JSON decode error", "{}", text ? text : "{}");
    cv_buffer_free(&ctx);
    return NULL;
}

/* What jansson refused: because it is no JSON, or because of a number. */
static json_t *second_try(const char *body, size_t size, const json_error_t *why, struct cv_issues *issues)
{
    struct cv_json_fault fault;
    json_t *json = NULL;
    if (json_error_code(why) == json_error_out_of_memory)
        issues->no_memory = true;
    else if (cv_json_locate(body, size, &fault))
        refuse(issues, fault.message, fault.position);
    else if (json_error_code(why) == json_error_numeric_overflow)
        issues->no_memory = !(json = cv_json_big_load(body, size)) || issues->no_memory;
    else
        refuse(issues, "Expecting value", 0);
    return json;
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
    json_error_t why;
    json_t *json = json_loadb(body, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
    return json ? json : second_try(body, size, &why, issues);
}
