#include "support/check.h"

#include <stdio.h>

#include "model/json_read.h"
#include "model/json_write.h"
#include "model/models.h"
#include "support/alloc_fault.h"

/* ---- one body or parameter at a time ---- */

static struct cv_arena arena;
static struct cv_issues issues;

static int begin(void **state)
{
    (void)state;
    cv_arena_init(&arena, 0);
    cv_issues_init(&issues);
    return 0;
}

static int end(void **state)
{
    (void)state;
    cv_arena_free(&arena);
    cv_issues_free(&issues);
    return 0;
}

static struct cv_plan *make(const cuvee_model *model)
{
    cuvee_error error = {.kind = CUVEE_ERROR_NONE};
    struct cv_plan *plan = cv_plan_make(model, &error);
    if (!plan)
        fail_msg("%s", error.message);
    return plan;
}

static bool read_body(const cuvee_model *model, const char *body, void *row)
{
    struct cv_plan *plan = make(model);
    struct cv_loc loc = {.name = "body"};
    bool bad_utf8;
    json_t *json = cv_json_parse(body, strlen(body), &issues, &bad_utf8);
    assert_non_null(json);
    memset(row, 0, model->struct_size);
    bool good = cv_json_read_object(plan, json, &loc, row, &arena, &issues);
    assert_int_equal(good, issues.count == 0);
    json_decref(json);
    cv_plan_free(plan);
    return good;
}

static void body_is_read(const cuvee_model *model, const char *body, void *row)
{
    if (!read_body(model, body, row))
        fail_msg("%s: %s", body, cv_buffer_text(&issues.json));
}

/* The mistakes that the body is, in order; each without the braces around it. */
static void body_is_refused(const cuvee_model *model, const char *body, const char *mistakes)
{
    max_align_t row[32];
    cv_issues_free(&issues);
    assert_true(model->struct_size <= sizeof row);
    assert_false(read_body(model, body, row));
    assert_string_equal(cv_buffer_text(&issues.json), mistakes);
}

/* ---- members ---- */

static void every_kind_is_read(void **state)
{
    (void)state;
    static const char body[] =
        "{\"flag\":true,\"small\":-32,\"large\":9007199254740993,\"real\":0.1,\"text\":\"caf\xC3\xA9\","
        "\"at\":\"1970-01-01T00:00:00.000001Z\",\"day\":\"2024-02-29\",\"amount\":\"12.50\","
        "\"uuid\":\"12340000-0000-0000-0000-000000000000\",\"blob\":\"YQBi\",\"json\":{\"a\":[1,2.5]},"
        "\"opt_flag\":false,\"opt_small\":7,\"opt_large\":-9223372036854775808,\"opt_real\":-2.5,\"opt_text\":\"nick\","
        "\"opt_at\":\"1969-12-31T23:59:59.999999Z\",\"opt_day\":\"1969-12-31\",\"opt_amount\":\"-0.5\","
        "\"opt_uuid\":\"ff000000-0000-0000-0000-000000000000\",\"opt_blob\":\"\",\"opt_json\":[null]}";
    Everything row;
    body_is_read(&everything_model, body, &row);
    struct cv_plan *plan = make(&everything_model);
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    cv_json_row(&out, plan, &row);
    const char *written = cv_buffer_text(&out);
    assert_memory_equal(written, "{\"id\":0,", 8);
    assert_string_equal(written + 8, body + 1);
    cv_buffer_free(&out);
    cv_plan_free(plan);
}

static void nullable_fields_may_be_absent_or_null(void **state)
{
    (void)state;
    Visit row;
    body_is_read(&visit_model, "{\"visit-name\":\"x\",\"place\":{\"city\":\"Rom\"},\"stops\":[],\"numbers\":[]}", &row);
    assert_null(row.second);
    assert_null(row.tags.items);
    assert_false(row.place->street.set);
    assert_non_null(row.stops.items); /* empty, not null */
    assert_non_null(row.parts.items); /* the default */
    assert_int_equal(row.parts.count, 0);
    body_is_read(&visit_model,
                 "{\"visit-name\":\"x\",\"place\":{\"city\":\"Rom\",\"street\":null},\"second\":null,\"stops\":[],"
                 "\"numbers\":[],\"tags\":null,\"parts\":[]}",
                 &row);
    assert_null(row.second);
    assert_null(row.tags.items);
}

static void objects_and_arrays_are_read(void **state)
{
    (void)state;
    Visit row;
    body_is_read(
        &visit_model,
        "{\"visit-name\":\"outer\",\"place\":{\"city\":\"Rom\"},\"second\":{\"city\":\"Bonn\",\"street\":\"A\"},"
        "\"stops\":[{\"city\":\"Ulm\"},{\"city\":\"Jena\",\"street\":\"B\"}],\"numbers\":[1,\"2\",3.0],"
        "\"tags\":[\"red\",\"\"],"
        "\"parts\":[{\"visit-name\":\"inner\",\"place\":{\"city\":\"Kiel\"},\"stops\":[],\"numbers\":[]}]}",
        &row);
    assert_string_equal(row.name, "outer");
    assert_string_equal(row.second->street.value, "A");
    assert_int_equal(row.stops.count, 2);
    assert_string_equal(((const Place *)row.stops.items)[1].city, "Jena");
    assert_int_equal(row.numbers.count, 3);
    assert_int_equal(((const int32_t *)row.numbers.items)[1], 2);
    assert_int_equal(((const int32_t *)row.numbers.items)[2], 3);
    assert_string_equal(((const char *const *)row.tags.items)[0], "red");
    assert_string_equal(((const Visit *)row.parts.items)[0].place->city, "Kiel");
}

static void all_mistakes_are_told_at_once(void **state)
{
    (void)state;
    body_is_refused(
        &visit_model,
        "{\"place\":{\"city\":\"X\"},\"second\":5,\"stops\":[{\"city\":\"Ulm\"},{\"street\":1},7],"
        "\"numbers\":[1,-1,\"x\"],\"tags\":{},\"parts\":[{\"visit-name\":null,\"place\":null,\"stops\":[],\"numbers\":["
        "]}]}",
        "{\"type\":\"missing\",\"loc\":[\"body\",\"visit-name\"],\"msg\":\"Field "
        "required\",\"input\":{\"place\":{\"city\":"
        "\"X\"},\"second\":5,\"stops\":[{\"city\":\"Ulm\"},{\"street\":1},7],\"numbers\":[1,-1,\"x\"],\"tags\":{},"
        "\"parts\":[{\"visit-name\":null,\"place\":null,\"stops\":[],\"numbers\":[]}]}},"
        "{\"type\":\"string_too_short\",\"loc\":[\"body\",\"place\",\"city\"],\"msg\":\"String should have at least 2 "
        "characters\",\"input\":\"X\",\"ctx\":{\"min_length\":2}},"
        "{\"type\":\"model_attributes_type\",\"loc\":[\"body\",\"second\"],\"msg\":\"Input should be a valid "
        "dictionary or "
        "object to extract fields from\",\"input\":5},"
        "{\"type\":\"missing\",\"loc\":[\"body\",\"stops\",1,\"city\"],\"msg\":\"Field "
        "required\",\"input\":{\"street\":1}},"
        "{\"type\":\"string_type\",\"loc\":[\"body\",\"stops\",1,\"street\"],\"msg\":\"Input should be a valid "
        "string\","
        "\"input\":1},"
        "{\"type\":\"model_attributes_type\",\"loc\":[\"body\",\"stops\",2],\"msg\":\"Input should be a valid "
        "dictionary or "
        "object to extract fields from\",\"input\":7},"
        "{\"type\":\"greater_than_equal\",\"loc\":[\"body\",\"numbers\",1],\"msg\":\"Input should be greater than or "
        "equal "
        "to 0\",\"input\":-1,\"ctx\":{\"ge\":0}},"
        "{\"type\":\"int_parsing\",\"loc\":[\"body\",\"numbers\",2],\"msg\":\"Input should be a valid integer, unable "
        "to "
        "parse string as an integer\",\"input\":\"x\"},"
        "{\"type\":\"list_type\",\"loc\":[\"body\",\"tags\"],\"msg\":\"Input should be a valid list\",\"input\":{}},"
        "{\"type\":\"string_type\",\"loc\":[\"body\",\"parts\",0,\"visit-name\"],\"msg\":\"Input should be a valid "
        "string\",\"input\":null},"
        "{\"type\":\"model_attributes_type\",\"loc\":[\"body\",\"parts\",0,\"place\"],\"msg\":\"Input should be a "
        "valid "
        "dictionary or object to extract fields from\",\"input\":null}");
}

typedef struct Lists {
    cuvee_array few;
    cuvee_array one;
    cuvee_array many;
} Lists;
static const cuvee_field lists_fields[] = {
    CUVEE_VALUES_FIELD(Lists, few, int64_t, .max_length = 2),
    CUVEE_VALUES_FIELD(Lists, one, int64_t, .min_length = 1, .fallback = NULL),
    CUVEE_VALUES_FIELD(Lists, many, int64_t, .min_length = 2, .max_length = 3, .nullable = true),
};
static const cuvee_model lists_model = CUVEE_MODEL(Lists, NULL, lists_fields);

static void arrays_have_lengths(void **state)
{
    (void)state;
    Lists row;
    body_is_read(&lists_model, "{\"few\":[1,2],\"one\":[1],\"many\":[1,2,3]}", &row);
    body_is_refused(
        &lists_model, "{\"few\":[1,2,\"x\"],\"one\":[],\"many\":[1]}",
        "{\"type\":\"too_long\",\"loc\":[\"body\",\"few\"],\"msg\":\"List should have at most 2 items after "
        "validation, "
        "not 3\",\"input\":[1,2,\"x\"],\"ctx\":{\"field_type\":\"List\",\"max_length\":2,\"actual_length\":3}},"
        "{\"type\":\"too_short\",\"loc\":[\"body\",\"one\"],\"msg\":\"List should have at least 1 item after "
        "validation, "
        "not 0\",\"input\":[],\"ctx\":{\"field_type\":\"List\",\"min_length\":1,\"actual_length\":0}},"
        "{\"type\":\"too_short\",\"loc\":[\"body\",\"many\"],\"msg\":\"List should have at least 2 items after "
        "validation, not 1\",\"input\":[1],\"ctx\":{\"field_type\":\"List\",\"min_length\":2,\"actual_length\":1}}");
    /* Too few are no mistake of their own while the items have some. */
    body_is_refused(
        &lists_model, "{\"few\":[],\"one\":[1],\"many\":[\"x\"]}",
        "{\"type\":\"int_parsing\",\"loc\":[\"body\",\"many\",0],\"msg\":\"Input should be a valid integer, "
        "unable to parse string as an integer\",\"input\":\"x\"}");
}

static void a_list_as_the_whole_body(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&place_model);
    struct cv_loc loc = {.name = "body"};
    cuvee_array list;
    json_t *json = json_loads("[{\"city\":\"Ulm\"},{\"city\":\"Jena\"}]", 0, NULL);
    assert_true(cv_json_read_list(plan, json, &loc, &list, &arena, &issues));
    assert_int_equal(list.count, 2);
    assert_string_equal(((const Place *)list.items)[1].city, "Jena");
    json_decref(json);
    json = json_loads("[]", 0, NULL);
    assert_true(cv_json_read_list(plan, json, &loc, &list, &arena, &issues));
    assert_int_equal(list.count, 0);
    json_decref(json);
    json = json_loads("{\"city\":\"Ulm\"}", 0, NULL);
    assert_false(cv_json_read_list(plan, json, &loc, &list, &arena, &issues));
    assert_string_equal(cv_buffer_text(&issues.json),
                        "{\"type\":\"list_type\",\"loc\":[\"body\"],\"msg\":\"Input should be a valid list\","
                        "\"input\":{\"city\":\"Ulm\"}}");
    json_decref(json);
    cv_plan_free(plan);
}

static void a_body_that_is_not_there_is_missing(void **state)
{
    (void)state;
    static const char expected[] =
        "{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null}";
    struct cv_plan *plan = make(&place_model);
    struct cv_loc loc = {.name = "body"};
    Place row;
    cuvee_array list;
    json_t *null = json_null();
    for (size_t i = 0; i < 4; i++) {
        const json_t *json = i % 2 ? null : NULL;
        cv_issues_free(&issues);
        bool good = i < 2 ? cv_json_read_object(plan, json, &loc, &row, &arena, &issues)
                          : cv_json_read_list(plan, json, &loc, &list, &arena, &issues);
        assert_false(good);
        assert_string_equal(cv_buffer_text(&issues.json), expected);
    }
    cv_plan_free(plan);
}

static void a_body_of_another_type_is_a_mistake(void **state)
{
    (void)state;
    static const char *const bodies[] = {"5", "\"x\"", "[]", "true", "1.5"};
    for (size_t i = 0; i < 5; i++) {
        char expected[200];
        snprintf(
            expected, sizeof expected,
            "{\"type\":\"model_attributes_type\",\"loc\":[\"body\"],\"msg\":\"Input should be a valid dictionary or "
            "object to extract fields from\",\"input\":%s}",
            bodies[i]);
        body_is_refused(&place_model, bodies[i], expected);
    }
}

/* ---- what is not taken ---- */

typedef struct Account {
    int64_t id;
    const char *name;
    const char *password;
    cuvee_time created;
    cuvee_uuid token;
    int64_t version;
} Account;

static const cuvee_field account_fields[] = {
    CUVEE_FIELD(Account, id, .key = true),          CUVEE_FIELD(Account, name),
    CUVEE_FIELD(Account, password, .hidden = true), CUVEE_FIELD(Account, created, .fallback = CUVEE_NOW),
    CUVEE_FIELD(Account, token, .read_only = true), CUVEE_FIELD(Account, version, .version = true, .fallback = "1"),
};
static const cuvee_model account_model = CUVEE_MODEL(Account, "accounts", account_fields);
static const cuvee_model strict_model = CUVEE_MODEL(Account, "accounts", account_fields, .forbid_extra = true);
static const cuvee_model body_model = CUVEE_MODEL(Account, NULL, account_fields);

static void keys_of_the_database_and_read_only_fields_are_not_taken(void **state)
{
    (void)state;
    Account row;
    body_is_read(&account_model,
                 "{\"id\":\"x\",\"name\":\"Jane\",\"password\":\"p\",\"token\":5,\"unknown\":[1],\"version\":3}", &row);
    assert_int_equal(row.id, 0);
    assert_int_equal(row.token.bytes[0], 0);
    assert_string_equal(row.password, "p"); /* hidden only hides what leaves */
    assert_int_equal(row.version, 3);
    body_is_read(&account_model, "{\"name\":\"Jane\",\"password\":\"p\"}", &row);
    assert_int_equal(row.version, 1);
}

static void unknown_members_are_refused_on_request(void **state)
{
    (void)state;
    Account row;
    body_is_read(&strict_model, "{\"name\":\"Jane\",\"password\":\"p\"}", &row);
    body_is_refused(
        &strict_model, "{\"id\":1,\"password\":\"p\",\"x\":[1],\"token\":\"t\",\"name\":5}",
        "{\"type\":\"string_type\",\"loc\":[\"body\",\"name\"],\"msg\":\"Input should be a valid string\",\"input\":5},"
        "{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"id\"],\"msg\":\"Extra inputs are not "
        "permitted\",\"input\":1},"
        "{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"x\"],\"msg\":\"Extra inputs are not permitted\","
        "\"input\":[1]},"
        "{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"token\"],\"msg\":\"Extra inputs are not permitted\","
        "\"input\":\"t\"}");
}

static void a_member_is_unknown_wherever_it_stands(void **state)
{
    (void)state;
    static const cuvee_field name[] = {CUVEE_FIELD(Account, name), CUVEE_FIELD(Account, password, .read_only = true)};
    static const cuvee_model model = CUVEE_MODEL(Account, NULL, name, .forbid_extra = true);
    Account row;
    body_is_read(&model, "{\"name\":\"Jane\"}", &row);
    body_is_refused(
        &model, "{\"nam\":1,\"name\":\"Jane\",\"names\":2}",
        "{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"nam\"],\"msg\":\"Extra inputs are not permitted\","
        "\"input\":1},{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"names\"],\"msg\":\"Extra inputs are not "
        "permitted\",\"input\":2}");
}

static void a_part_leaves_what_is_not_given(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&account_model);
    struct cv_loc loc = {.name = "body"};
    Account row = {.name = "kept", .password = "kept", .version = 4};
    json_t *json = json_loads("{\"password\":\"new\",\"id\":\"x\",\"token\":5,\"unknown\":1}", 0, NULL);
    assert_true(cv_json_read_part(plan, json, &loc, &row, &arena, &issues));
    assert_string_equal(row.name, "kept");
    assert_string_equal(row.password, "new");
    assert_int_equal(row.version, 4);
    json_decref(json);
    json = json_loads("{\"name\":null}", 0, NULL);
    assert_false(cv_json_read_part(plan, json, &loc, &row, &arena, &issues));
    assert_string_equal(cv_buffer_text(&issues.json),
                        "{\"type\":\"string_type\",\"loc\":[\"body\",\"name\"],\"msg\":\"Input should be a valid "
                        "string\",\"input\":null}");
    json_decref(json);
    cv_issues_free(&issues);
    assert_false(cv_json_read_part(plan, NULL, &loc, &row, &arena, &issues));
    assert_string_equal(cv_buffer_text(&issues.json),
                        "{\"type\":\"missing\",\"loc\":[\"body\"],\"msg\":\"Field required\",\"input\":null}");
    for (size_t i = 0; i < plan->count; i++)
        assert_int_equal(cv_json_takes(&plan->fields[i], true),
                         cv_json_takes(&plan->fields[i], false) && !plan->fields[i].declared->key);
    cv_plan_free(plan);
}

/* A number of this many digits, as a text. */
static bool read_digits(size_t count)
{
    struct cv_plan *plan = make(&lists_model);
    struct cv_loc loc = {.name = "few"};
    char *digits = malloc(count);
    Lists row;
    memset(digits, '7', count);
    cv_issues_free(&issues);
    bool good = cv_texts_read(&plan->fields[0], &(struct cv_text){.data = digits, .size = count}, 1, &loc, &row, &arena,
                              &issues);
    free(digits);
    cv_plan_free(plan);
    return good;
}

static void endless_digits_are_not_read_to_their_end(void **state)
{
    (void)state;
    assert_false(read_digits(4300));
    assert_non_null(strstr(cv_buffer_text(&issues.json), "\"less_than_equal\""));
    assert_false(read_digits(4301));
    assert_non_null(strstr(cv_buffer_text(&issues.json), "\"int_parsing_size\""));
}

static void worked_out_defaults_wait_for_the_session(void **state)
{
    (void)state;
    Account row;
    body_is_read(&account_model, "{\"name\":\"Jane\",\"password\":\"p\"}", &row);
    assert_true(row.created.us == 0); /* cuvee_add fills it in */
    body_is_read(&body_model, "{\"id\":7,\"name\":\"Jane\",\"password\":\"p\"}", &row);
    assert_int_equal(row.id, 7);
    assert_true(row.created.us > INT64_C(1700000000000000)); /* nobody else would */
}

static void the_last_of_two_members_counts(void **state)
{
    (void)state;
    Place row;
    body_is_read(&place_model, "{\"city\":\"Ulm\",\"city\":\"Jena\"}", &row);
    assert_string_equal(row.city, "Jena");
}

/* ---- parameters ---- */

typedef struct Search {
    const char *q;
    cuvee_opt_int32 limit;
    int32_t page;
    cuvee_array tags;
    cuvee_array ids;
    cuvee_json filter;
    cuvee_time since;
} Search;

static const cuvee_field search_fields[] = {
    CUVEE_FIELD(Search, q, .max_length = 3),
    CUVEE_FIELD(Search, limit),
    CUVEE_FIELD(Search, page, .fallback = "1", .ge = "1"),
    CUVEE_VALUES_FIELD(Search, tags, const char *, .fallback = "[]", .max_length = 2),
    CUVEE_VALUES_FIELD(Search, ids, cuvee_uuid, .min_length = 2),
    CUVEE_FIELD(Search, filter),
    CUVEE_FIELD(Search, since, .fallback = CUVEE_NOW),
};
static const cuvee_model search_model = CUVEE_MODEL(Search, NULL, search_fields);

static struct cv_plan *search;
static const struct cv_loc query = {.name = "query"};

static const struct cv_field *field_of(const char *name)
{
    return &search->fields[cv_plan_find(search, name)];
}

static bool read_texts(const char *name, Search *row, size_t count, const char *const *texts)
{
    struct cv_text given[8];
    struct cv_loc loc = {.outer = &query, .name = name};
    for (size_t i = 0; i < count; i++)
        given[i] = (struct cv_text){.data = texts[i], .size = strlen(texts[i])};
    cv_issues_free(&issues);
    return cv_texts_read(field_of(name), given, count, &loc, row, &arena, &issues);
}

static void parameters_are_read_from_texts(void **state)
{
    (void)state;
    Search row = {.q = NULL};
    search = make(&search_model);
    assert_true(read_texts("q", &row, 1, (const char *const[]){"abc"}));
    assert_string_equal(row.q, "abc");
    assert_true(read_texts("q", &row, 2, (const char *const[]){"toolong", "ab"})); /* the last one counts */
    assert_string_equal(row.q, "ab");
    assert_true(read_texts("limit", &row, 1, (const char *const[]){"10"}));
    assert_true(row.limit.set && row.limit.value == 10);
    assert_true(read_texts("tags", &row, 2, (const char *const[]){"red", "dry"}));
    assert_int_equal(row.tags.count, 2);
    assert_string_equal(((const char *const *)row.tags.items)[1], "dry");
    assert_true(
        read_texts("ids", &row, 2,
                   (const char *const[]){"12345678-1234-5678-1234-567812345678", "12345678123456781234567812345679"}));
    assert_int_equal(((const cuvee_uuid *)row.ids.items)[1].bytes[15], 0x79);
    assert_true(read_texts("filter", &row, 1, (const char *const[]){" {\"a\": 1} "}));
    assert_string_equal(row.filter.text, " {\"a\": 1} ");
    cv_plan_free(search);
}

static void texts_are_refused(const char *name, size_t count, const char *const *texts, const char *mistakes)
{
    Search row = {.q = NULL};
    assert_false(read_texts(name, &row, count, texts));
    assert_string_equal(cv_buffer_text(&issues.json), mistakes);
}

static void parameters_that_do_not_fit_are_mistakes(void **state)
{
    (void)state;
    search = make(&search_model);
    texts_are_refused(
        "page", 1, (const char *const[]){"0"},
        "{\"type\":\"greater_than_equal\",\"loc\":[\"query\",\"page\"],\"msg\":\"Input should be greater than "
        "or equal to 1\",\"input\":\"0\",\"ctx\":{\"ge\":1}}");
    texts_are_refused(
        "limit", 1, (const char *const[]){""},
        "{\"type\":\"int_parsing\",\"loc\":[\"query\",\"limit\"],\"msg\":\"Input should be a valid integer, "
        "unable to parse string as an integer\",\"input\":\"\"}");
    texts_are_refused(
        "tags", 3, (const char *const[]){"a", "b", "c"},
        "{\"type\":\"too_long\",\"loc\":[\"query\",\"tags\"],\"msg\":\"List should have at most 2 items after "
        "validation, "
        "not "
        "3\",\"input\":[\"a\",\"b\",\"c\"],\"ctx\":{\"field_type\":\"List\",\"max_length\":2,\"actual_length\":3}}");
    texts_are_refused(
        "ids", 2, (const char *const[]){"x", "12345678-1234-5678-1234-567812345678"},
        "{\"type\":\"uuid_parsing\",\"loc\":[\"query\",\"ids\",0],\"msg\":\"Input should be a valid UUID, "
        "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `x` "
        "at 1\",\"input\":\"x\",\"ctx\":{\"error\":\"invalid character: expected an optional prefix of "
        "`urn:uuid:` followed by [0-9a-fA-F-], found `x` at 1\"}}");
    texts_are_refused(
        "q", 1, (const char *const[]){"a\xFF"},
        "{\"type\":\"string_unicode\",\"loc\":[\"query\",\"q\"],\"msg\":\"Input should be a valid string, "
        "unable to parse raw data as a unicode string\",\"input\":\"a\xEF\xBF\xBD\"}");
    texts_are_refused(
        "filter", 1, (const char *const[]){"{"},
        "{\"type\":\"json_invalid\",\"loc\":[\"query\",\"filter\"],\"msg\":\"Invalid JSON: Expecting property "
        "name enclosed in double quotes\",\"input\":\"{\",\"ctx\":{\"error\":\"Expecting property name "
        "enclosed in double quotes\"}}");
    texts_are_refused("filter", 1, (const char *const[]){"\xFF"},
                      "{\"type\":\"string_unicode\",\"loc\":[\"query\",\"filter\"],\"msg\":\"Input should be a valid "
                      "string, unable to parse raw data as a unicode string\",\"input\":\"\xEF\xBF\xBD\"}");
    texts_are_refused("filter", 1, (const char *const[]){"\"\\u0000\""},
                      "{\"type\":\"string_nul\",\"loc\":[\"query\",\"filter\"],\"msg\":\"String should not have NUL "
                      "characters\",\"input\":\"\\\"\\\\u0000\\\"\"}");
    cv_plan_free(search);
}

static bool read_absent(const char *name, Search *row)
{
    struct cv_loc loc = {.outer = &query, .name = name};
    return cv_text_absent(search, field_of(name), &loc, row, &arena, &issues);
}

static void parameters_that_are_absent(void **state)
{
    (void)state;
    Search row = {.limit = {.set = true, .value = 5}};
    search = make(&search_model);
    assert_true(read_absent("limit", &row));
    assert_false(row.limit.set);
    assert_true(read_absent("page", &row));
    assert_int_equal(row.page, 1);
    assert_true(read_absent("tags", &row));
    assert_non_null(row.tags.items);
    assert_int_equal(row.tags.count, 0);
    assert_true(read_absent("since", &row));
    assert_true(row.since.us > INT64_C(1700000000000000));
    assert_int_equal(issues.count, 0);
    assert_false(read_absent("q", &row));
    assert_false(read_absent("ids", &row));
    assert_string_equal(cv_buffer_text(&issues.json),
                        "{\"type\":\"missing\",\"loc\":[\"query\",\"q\"],\"msg\":\"Field required\",\"input\":null},"
                        "{\"type\":\"missing\",\"loc\":[\"query\",\"ids\"],\"msg\":\"Field required\",\"input\":null}");
    cv_plan_free(search);
}

static void an_object_is_no_parameter(void **state)
{
    (void)state;
    struct cv_plan *plan = make(&visit_model);
    struct cv_loc loc = {.outer = &query, .name = "place"};
    const struct cv_text text = {.data = "{}", .size = 2};
    Visit row = {.name = NULL};
    assert_false(cv_texts_read(&plan->fields[1], &text, 1, &loc, &row, &arena, &issues));
    assert_false(cv_texts_read(&plan->fields[3], &text, 1, &loc, &row, &arena, &issues));
    assert_int_equal(issues.count, 2);
    assert_non_null(strstr(cv_buffer_text(&issues.json), "model_attributes_type"));
    cv_plan_free(plan);
}

/* ---- memory ---- */

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "{\"visit-name\":\"x\",\"place\":{\"city\":\"Rom\"},\"stops\":[{\"city\":\"Ulm\"}],\"numbers\":[1,2],"
        "\"tags\":[\"a\"],\"parts\":[]}",
        "{\"place\":{\"city\":\"X\"},\"second\":5,\"stops\":[{\"city\":7},7,1,2],\"numbers\":[-1,\"x\"],\"tags\":[1]}",
    };
    struct cv_plan *plan = make(&visit_model);
    struct cv_loc loc = {.name = "body"};
    for (size_t i = 0; i < 2; i++) {
        json_t *json = json_loads(bodies[i], 0, NULL);
        for (size_t n = 1;; n++) {
            struct cv_arena small;
            struct cv_issues found;
            Visit row = {.name = NULL};
            cv_arena_init(&small, 8);
            cv_issues_init(&found);
            alloc_fault_once(n);
            bool good = cv_json_read_object(plan, json, &loc, &row, &small, &found);
            bool failed = alloc_fault_end();
            assert_int_equal(found.no_memory, failed);
            assert_int_equal(good, !failed && i == 0);
            cv_issues_free(&found);
            cv_arena_free(&small);
            if (!failed)
                break;
        }
        json_decref(json);
    }
    cv_plan_free(plan);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(every_kind_is_read),
        TEST(nullable_fields_may_be_absent_or_null),
        TEST(objects_and_arrays_are_read),
        TEST(all_mistakes_are_told_at_once),
        TEST(arrays_have_lengths),
        TEST(a_list_as_the_whole_body),
        TEST(a_body_that_is_not_there_is_missing),
        TEST(a_body_of_another_type_is_a_mistake),
        TEST(keys_of_the_database_and_read_only_fields_are_not_taken),
        TEST(unknown_members_are_refused_on_request),
        TEST(a_member_is_unknown_wherever_it_stands),
        TEST(a_part_leaves_what_is_not_given),
        TEST(endless_digits_are_not_read_to_their_end),
        TEST(worked_out_defaults_wait_for_the_session),
        TEST(the_last_of_two_members_counts),
        TEST(parameters_are_read_from_texts),
        TEST(parameters_that_do_not_fit_are_mistakes),
        TEST(parameters_that_are_absent),
        TEST(an_object_is_no_parameter),
        TEST(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
