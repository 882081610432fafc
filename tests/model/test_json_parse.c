#include "support/check.h"

#include "model/json_build.h"
#include "model/json_dump.h"
#include "model/json_read.h"
#include "support/alloc_fault.h"

/* ---- where a text stops being JSON ---- */

struct fault_case {
    const char *text;
    const char *message; /* what Python 3.11's json.loads says; NULL: nothing, it is JSON */
    size_t position;
};

static const struct fault_case fault_cases[] = {
    {"", "Expecting value", 0},
    {"  ", "Expecting value", 2},
    {"nul", "Expecting value", 0},
    {"[", "Expecting value", 1},
    {"[1,]", "Expecting value", 3},
    {"[1,,2]", "Expecting value", 3},
    {"-", "Expecting value", 0},
    {"+1", "Expecting value", 0},
    {".5", "Expecting value", 0},
    {"{\"a\":}", "Expecting value", 5},
    {"'a'", "Expecting value", 0},
    {"{", "Expecting property name enclosed in double quotes", 1},
    {"{a:1}", "Expecting property name enclosed in double quotes", 1},
    {"{\"a\":1,}", "Expecting property name enclosed in double quotes", 7},
    {"{1:2}", "Expecting property name enclosed in double quotes", 1},
    {"{\"a\"}", "Expecting ':' delimiter", 4},
    {"{\"a\" 1}", "Expecting ':' delimiter", 5},
    {"[1 2]", "Expecting ',' delimiter", 3},
    {"[1.]", "Expecting ',' delimiter", 2},
    {"[01]", "Expecting ',' delimiter", 2},
    {"{\"a\":1 \"b\":2}", "Expecting ',' delimiter", 7},
    {"[\"a\" \n", "Expecting ',' delimiter", 6},
    {"1 2", "Extra data", 2},
    {"{} x", "Extra data", 3},
    {"1.e5", "Extra data", 1},
    {"truefalse", "Extra data", 4},
    {"\"abc", "Unterminated string starting at", 0},
    {"[\"abc\\", "Unterminated string starting at", 1},
    {"{\"a", "Unterminated string starting at", 1},
    {"\"a\nb\"", "Invalid control character at", 2},
    {"[\"\t\"]", "Invalid control character at", 2},
    {"\"\\x41\"", "Invalid \\escape", 1},
    {"[\"ab\\'\"]", "Invalid \\escape", 4},
    {"\"\\u12G4\"", "Invalid \\uXXXX escape", 2},
    {"\"\\u12", "Invalid \\uXXXX escape", 2},
    {"\"\\ud83c\\u12G4x\"", "Invalid \\uXXXX escape", 8},
    {"[\"a\", \"\\ud83c\\uzzzz\"]", "Invalid \\uXXXX escape", 14},
    {"\"\xC3\xA9\xE2\x82\xAC\" x", "Extra data", 5}, /* counted in characters */
    {"[\"\xF0\x9F\x8D\xB7\", x]", "Expecting value", 6},
    {" [1, 2.5e-3, -0, \"\\u00e9\\ud83c\\udf77\", {\"a\": [true, false, null], \"b\": {}}, []] \r\n\t", NULL, 0},
    {"0", NULL, 0},
    {"\"\"", NULL, 0},
    /* Python takes these, we do not. */
    {"NaN", "Expecting value", 0},
    {"[-Infinity]", "Expecting value", 1},
    {"\"\\ud800\"", "Invalid \\uXXXX escape", 2},
    {"\"a\\udc00\"", "Invalid \\uXXXX escape", 3},
    {"\"\\ud800\\u0041\"", "Invalid \\uXXXX escape", 2},
    {"{\"\\u0000\":1}", "Invalid \\uXXXX escape", 3},
};

static void finds_what_python_finds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fault_cases / sizeof fault_cases[0]; i++) {
        const struct fault_case *test = &fault_cases[i];
        size_t size = strlen(test->text);
        char *exact = malloc(size ? size : 1); /* of this size, so that a sanitizer sees a step too far */
        memcpy(exact, test->text, size);
        struct cv_json_fault fault;
        bool found = cv_json_scan(exact, size, NULL, &fault);
        if (found != (test->message != NULL) || (found && strcmp(fault.message, test->message) != 0) ||
            fault.position != test->position)
            fail_msg("%s: %s at %zu", test->text, found ? fault.message : "nothing", fault.position);
        free(exact);
    }
}

/* jansson's own reader is another opinion on what JSON is. */
static void agrees_with_jansson(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fault_cases / sizeof fault_cases[0]; i++) {
        const struct fault_case *test = &fault_cases[i];
        json_t *json = json_loadb(test->text, strlen(test->text), JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        if ((json != NULL) != (test->message == NULL))
            fail_msg("%s", test->text);
        json_decref(json);
    }
}

static void says_whether_a_text_has_nul(void **state)
{
    (void)state;
    struct cv_json_fault fault;
    assert_false(cv_json_scan("[\"\\u0000\"]", 10, NULL, &fault));
    assert_true(fault.nul);
    assert_false(cv_json_scan("[\"\\\\u0000\"]", 11, NULL, &fault));
    assert_false(fault.nul);
}

/* `count` brackets around a value, which is one more level. */
static struct cv_buffer deep(size_t count, const char *open, const char *close)
{
    struct cv_buffer text;
    cv_buffer_init(&text, 0);
    for (size_t i = 0; i < count; i++)
        cv_buffer_put(&text, open);
    cv_buffer_put(&text, "1");
    for (size_t i = 0; i < count; i++)
        cv_buffer_put(&text, close);
    return text;
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"[", "]"}, {"{\"a\":", "}"}};
    for (size_t i = 0; i < 2; i++)
        for (size_t depth = CV_JSON_DEPTH - 2; depth <= CV_JSON_DEPTH; depth++) {
            struct cv_buffer text = deep(depth, pairs[i][0], pairs[i][1]);
            struct cv_json_fault fault;
            bool found = cv_json_scan(text.data, text.size, NULL, &fault);
            assert_int_equal(found, depth + 1 > CV_JSON_DEPTH);
            assert_true(!found || fault.position == (depth * (strlen(pairs[i][0]))));
            cv_buffer_free(&text);
        }
    struct cv_buffer text = deep(1000000, "[", "");
    struct cv_json_fault fault;
    assert_true(cv_json_scan(text.data, text.size, NULL, &fault));
    assert_int_equal(fault.position, CV_JSON_DEPTH);
    cv_buffer_free(&text);
}

/* ---- bodies ---- */

static json_t *parse(const char *body, size_t size, struct cv_issues *issues)
{
    bool bad_utf8;
    json_t *json = cv_json_parse(body, size, issues, &bad_utf8);
    assert_false(bad_utf8);
    return json;
}

static void a_body_that_is_no_json_is_one_mistake(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"name\": \"x\" \"y\"}",
         "{\"type\":\"json_invalid\",\"loc\":[\"body\",13],\"msg\":\"JSON decode error\",\"input\":{},"
         "\"ctx\":{\"error\":\"Expecting ',' delimiter\"}}"},
        {"{a}", "{\"type\":\"json_invalid\",\"loc\":[\"body\",1],\"msg\":\"JSON decode error\",\"input\":{},"
                "\"ctx\":{\"error\":\"Expecting property name enclosed in double quotes\"}}"},
        {"\"\\x\"", "{\"type\":\"json_invalid\",\"loc\":[\"body\",1],\"msg\":\"JSON decode error\",\"input\":{},"
                    "\"ctx\":{\"error\":\"Invalid \\\\escape\"}}"},
        {"", "{\"type\":\"json_invalid\",\"loc\":[\"body\",0],\"msg\":\"JSON decode error\",\"input\":{},"
             "\"ctx\":{\"error\":\"Expecting value\"}}"},
        {"\xEF\xBB\xBF{\"\xC3\xA9\":x}", /* the mark in front does not count */
         "{\"type\":\"json_invalid\",\"loc\":[\"body\",5],\"msg\":\"JSON decode error\",\"input\":{},"
         "\"ctx\":{\"error\":\"Expecting value\"}}"},
        {"[12345678901234567890,]",
         "{\"type\":\"json_invalid\",\"loc\":[\"body\",22],\"msg\":\"JSON decode error\",\"input\":{},"
         "\"ctx\":{\"error\":\"Expecting value\"}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cv_issues issues;
        cv_issues_init(&issues);
        assert_null(parse(cases[i][0], strlen(cases[i][0]), &issues));
        assert_int_equal(issues.count, 1);
        assert_string_equal(cv_buffer_text(&issues.json), cases[i][1]);
        cv_issues_free(&issues);
    }
}

static void a_body_that_is_no_utf8_is_told_apart(void **state)
{
    (void)state;
    static const char *const bodies[] = {"\"\xFF\"", "{\"a\":\"\xC3\"}", "\"\xED\xA0\x80\""};
    for (size_t i = 0; i < 3; i++) {
        struct cv_issues issues;
        bool bad_utf8 = false;
        cv_issues_init(&issues);
        assert_null(cv_json_parse(bodies[i], strlen(bodies[i]), &issues, &bad_utf8));
        assert_true(bad_utf8);
        assert_int_equal(issues.count, 0);
        cv_issues_free(&issues);
    }
}

static void a_body_too_deep_is_a_mistake(void **state)
{
    (void)state;
    struct cv_buffer text = deep(100000, "[", "]");
    struct cv_issues issues;
    cv_issues_init(&issues);
    assert_null(parse(text.data, text.size, &issues));
    assert_non_null(strstr(cv_buffer_text(&issues.json), "\"loc\":[\"body\",256]"));
    assert_non_null(strstr(issues.json.data, "Too many arrays and objects inside each other"));
    cv_issues_free(&issues);
    cv_buffer_free(&text);
}

static void dump_is(const char *body, const char *expected)
{
    struct cv_issues issues;
    struct cv_buffer text;
    cv_issues_init(&issues);
    cv_buffer_init(&text, 0);
    json_t *json = parse(body, strlen(body), &issues);
    if (!json)
        fail_msg("%s", body);
    cv_json_dump(&text, json);
    assert_string_equal(cv_buffer_text(&text), expected);
    json_decref(json);
    cv_buffer_free(&text);
    cv_issues_free(&issues);
}

static void dumps_as_python_does(void **state)
{
    (void)state;
    dump_is("{ \"b\" : 1 , \"a\" : [ ] , \"c\" : { } }", "{\"b\":1,\"a\":[],\"c\":{}}");
    dump_is("[1, -0, 1.0, 1e2, 0.1, 1E-7, true, false, null]", "[1,0,1.0,100.0,0.1,1e-07,true,false,null]");
    dump_is("\"\\u00e9\\n\\u0000\\ud83c\\udf77\\/\"", "\"\xC3\xA9\\n\\u0000\xF0\x9F\x8D\xB7/\"");
    dump_is("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}");
}

static void numbers_of_any_size_stay_what_they_are(void **state)
{
    (void)state;
    dump_is("12345678901234567890", "12345678901234567890");
    dump_is("[1, 12345678901234567890, \"1\", -1e400, 9007199254740993, 1.5]",
            "[1,12345678901234567890,\"1\",-1e400,9007199254740993,1.5]");
    dump_is("{\"a\": {\"b\": [9223372036854775808]}, \"12345678901234567890\": \"\\\"12345678901234567890\"}",
            "{\"a\":{\"b\":[9223372036854775808]},\"12345678901234567890\":\"\\\"12345678901234567890\"}");
    dump_is("[9223372036854775807, -9223372036854775808, 1E999]", "[9223372036854775807,-9223372036854775808,1E999]");
    struct cv_issues issues;
    cv_issues_init(&issues);
    json_t *json = parse("[12345678901234567890, \"12345678901234567890\"]", 46, &issues);
    size_t size;
    assert_non_null(cv_json_big(json_array_get(json, 0), &size));
    assert_int_equal(size, 20);
    assert_null(cv_json_big(json_array_get(json, 1), &size));
    assert_null(cv_json_big(json, &size));
    json_decref(json);
    cv_issues_free(&issues);
}

/* ---- mistakes ---- */

static void mistakes_tell_where(void **state)
{
    (void)state;
    struct cv_issues issues;
    struct cv_loc body = {.name = "body"};
    struct cv_loc item = {.outer = &body, .index = 3};
    struct cv_loc name = {.outer = &item, .name = "a \"b\""};
    cv_issues_init(&issues);
    cv_issue_add(&issues, "missing", &name, "Field \"required\"", "null", NULL);
    cv_issue_add(&issues, "x", NULL, "y", "[1]", "{\"le\":1}");
    assert_int_equal(issues.count, 2);
    assert_string_equal(
        cv_buffer_text(&issues.json),
        "{\"type\":\"missing\",\"loc\":[\"body\",3,\"a \\\"b\\\"\"],\"msg\":\"Field \\\"required\\\"\",\"input\":null},"
        "{\"type\":\"x\",\"loc\":[],\"msg\":\"y\",\"input\":[1],\"ctx\":{\"le\":1}}");
    cv_issues_free(&issues);
    assert_int_equal(issues.count, 0);
}

static void mistakes_beyond_the_limit_are_counted_but_not_told(void **state)
{
    (void)state;
    struct cv_issues issues;
    char *input = malloc(1000001);
    memset(input, '1', 1000000);
    input[1000000] = '\0';
    cv_issues_init(&issues);
    for (size_t i = 0; i < 40; i++)
        cv_issue_add(&issues, "x", NULL, "y", input, NULL);
    assert_int_equal(issues.count, 40);
    assert_true(issues.json.size <= 16 * 1024 * 1024 && issues.json.size > 15000000);
    assert_int_equal(issues.json.data[issues.json.size - 1], '}');
    assert_false(issues.no_memory);
    assert_int_equal(issues.json.failed, CV_BUFFER_GOOD);
    cv_issues_free(&issues);
    free(input);
}

static void parsing_survives_every_failing_allocation(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{\"a\": [1, 2.5, \"text\", {\"b\": null}], \"c\": true}",
        "{\"a\": [1, 12345678901234567890, \"text\", {\"b\": 1e400}], \"c\": true}",
        "{\"a\": [1, 2}",
    };
    for (size_t i = 0; i < 3; i++)
        for (size_t n = 1;; n++) {
            struct cv_issues issues;
            bool bad_utf8;
            cv_issues_init(&issues);
            alloc_fault_at(n);
            json_t *json = cv_json_parse(bodies[i], strlen(bodies[i]), &issues, &bad_utf8);
            bool failed = alloc_fault_end();
            assert_int_equal(issues.no_memory, failed);
            assert_int_equal(json != NULL, !failed && i < 2);
            json_decref(json);
            cv_issues_free(&issues);
            if (!failed)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_python_finds),
        cmocka_unit_test(agrees_with_jansson),
        cmocka_unit_test(says_whether_a_text_has_nul),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(a_body_that_is_no_json_is_one_mistake),
        cmocka_unit_test(a_body_that_is_no_utf8_is_told_apart),
        cmocka_unit_test(a_body_too_deep_is_a_mistake),
        cmocka_unit_test(dumps_as_python_does),
        cmocka_unit_test(numbers_of_any_size_stay_what_they_are),
        cmocka_unit_test(mistakes_tell_where),
        cmocka_unit_test(mistakes_beyond_the_limit_are_counted_but_not_told),
        cmocka_unit_test(parsing_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
