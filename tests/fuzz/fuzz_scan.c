/* The scanner against jansson's own reader: both must have the same opinion of what JSON is. */
#include "fuzz/fuzz.h"

#include <jansson.h>
#include <string.h>

#include "base/utf8.h"
#include "model/json_build.h"
#include "model/json_dump.h"

static json_t *build(const char *text, size_t size, enum cv_json_scan *result, struct cv_json_fault *fault)
{
    json_t *json = cv_json_build(text, size, result, fault);
    MUST((json != NULL) == (*result == CV_JSON_GOOD));
    MUST(*result != CV_JSON_STOPPED);
    return json;
}

/* What is written is JSON, and reads back as the same. */
static void check_dump(const json_t *json)
{
    struct cv_buffer first;
    struct cv_buffer second;
    struct cv_json_fault fault;
    enum cv_json_scan result;
    cv_buffer_init(&first, 0);
    cv_buffer_init(&second, 0);
    cv_json_dump(&first, json);
    json_t *again = build(first.data, first.size, &result, &fault);
    MUST(again);
    cv_json_dump(&second, again);
    MUST(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
    json_decref(again);
    cv_buffer_free(&first);
    cv_buffer_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = size > 0 ? (const char *)data : "";
    struct cv_json_fault fault;
    enum cv_json_scan result;
    json_error_t why;
    if (!cv_utf8_valid(text, size))
        return 0;
    json_t *ours = build(text, size, &result, &fault);
    json_t *theirs = json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
    bool nul = size > 0 && memchr(text, '\0', size);      /* which jansson takes for the end */
    bool deep = fault.message && fault.message[0] == 'T'; /* which we take less of */
    if (!nul && !deep && (theirs || json_error_code(&why) != json_error_numeric_overflow))
        MUST((ours != NULL) == (theirs != NULL));
    if (ours && theirs)
        MUST(json_equal(ours, theirs));
    if (!ours)
        MUST(fault.message && fault.position <= cv_utf8_count(text, size));
    if (ours)
        check_dump(ours);
    json_decref(ours);
    json_decref(theirs);
    return 0;
}
