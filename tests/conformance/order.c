/* Order, comparison and what is worked out over many values of a kind. */
#include "conformance/transcript.h"

/* Rows with keys from 1 on. */
static cuvee_session *with_rows(struct transcript *t, const Sample *rows, size_t count)
{
    cuvee_session *s = open_session(t);
    cuvee_add_all(s, &sample_model, rows, count);
    commit_and_close(s);
    return open_session(t);
}
#define WITH_ROWS(t, rows) with_rows(t, rows, sizeof(rows) / sizeof(rows)[0])

static void say_order(struct transcript *t, cuvee_session *s, const char *field)
{
    for (int down = 0; down < 2; down++) {
        cuvee_query *q = cuvee_select(s, &sample_model);
        cuvee_order_by(q, field, down ? CUVEE_DESCENDING : CUVEE_ASCENDING);
        say(t, "%s %s = %s", field, down ? "descending" : "ascending", keys(t, s, q));
    }
}

/* The rows whose field compares so with the value, as often as there are comparisons. */
static void say_comparisons(struct transcript *t, cuvee_session *s, const char *field, cuvee_value value)
{
    static const char *const names[] = {"",        "equal to",     "other than", "less than",
                                        "at most", "greater than", "at least"};
    for (cuvee_comparison comparison = CUVEE_EQ; comparison <= CUVEE_GE; comparison++) {
        cuvee_query *q = cuvee_select(s, &sample_model);
        cuvee_where(q, cuvee_compare(q, field, comparison, value));
        say(t, "%s %s %s = %s", field, names[comparison], shown(t, value), keys(t, s, q));
    }
}

static void say_aggregates(struct transcript *t, cuvee_session *s, const char *field)
{
    static const char *const names[] = {"", "count", "sum", "average", "least", "greatest"};
    for (cuvee_aggregate aggregate = CUVEE_COUNT; aggregate <= CUVEE_MAX; aggregate++) {
        cuvee_value value = cuvee_aggregate_of(cuvee_select(s, &sample_model), aggregate, field);
        say(t, "%s of %s = %s", names[aggregate], field, or_fault(t, s, shown(t, value)));
    }
}

static void nulls(struct transcript *t)
{
    static const Sample rows[] = {{.opt_small = {true, 2}, .opt_text = {true, ""}},
                                  {.opt_text = {true, "a"}},
                                  {.opt_small = {true, -2}},
                                  {.opt_amount = {true, {"1"}}},
                                  {.opt_small = {true, 0}}};
    cuvee_session *s = WITH_ROWS(t, rows);
    say_order(t, s, "opt_small");
    say_order(t, s, "opt_text");
    say_order(t, s, "opt_amount");
    for (int i = 0; i < 4; i++) {
        cuvee_query *q = cuvee_select(s, &sample_model);
        cuvee_order_by_nulls(q, "opt_small", i & 1 ? CUVEE_DESCENDING : CUVEE_ASCENDING, i & 2);
        say(t, "%s, nulls %s = %s", i & 1 ? "descending" : "ascending", i & 2 ? "first" : "last", keys(t, s, q));
    }
    say_comparisons(t, s, "opt_small", CUVEE_VALUE(0));
    say_aggregates(t, s, "opt_small");
    cuvee_session_close(s);
}

static void integers(struct transcript *t)
{
    static const Sample rows[] = {{.small = 5, .large = INT64_MAX},
                                  {.small = INT32_MAX, .large = INT64_MIN},
                                  {.small = INT32_MIN, .large = 0},
                                  {.small = INT32_MAX, .large = 1}};
    cuvee_session *s = WITH_ROWS(t, rows);
    say_order(t, s, "small");
    say_order(t, s, "large");
    say_comparisons(t, s, "small", CUVEE_VALUE(INT32_MAX));
    say_comparisons(t, s, "small", CUVEE_VALUE(INT64_C(3000000000)));
    say_aggregates(t, s, "small");
    say_aggregates(t, s, "large");
    say_order(t, s, "flag");
    cuvee_session_close(s);
}

static void doubles(struct transcript *t)
{
    static const Sample rows[] = {{.real = 0.1},  {.real = -0.0}, {.real = 5e-324}, {.real = 1e300},
                                  {.real = -2.5}, {.real = 0.0},  {.real = 0.2}};
    cuvee_session *s = WITH_ROWS(t, rows);
    say_order(t, s, "real");
    say_comparisons(t, s, "real", CUVEE_VALUE(0.1));
    say_comparisons(t, s, "real", CUVEE_VALUE(0.0));
    say_comparisons(t, s, "real", CUVEE_VALUE(5e-324));
    say_aggregates(t, s, "real");
    cuvee_session_close(s);
}

static void sums_too_large(struct transcript *t)
{
    static const Sample rows[] = {{.large = INT64_MAX, .real = 1.7e308}, {.large = 1, .real = 1.7e308}};
    cuvee_session *s = WITH_ROWS(t, rows);
    say_aggregates(t, s, "large");
    say_aggregates(t, s, "real");
    cuvee_session_close(s);
}

static void decimals(struct transcript *t)
{
    static const Sample rows[] = {{.amount = {"9"}},     {.amount = {"10"}},
                                  {.amount = {"-9.99"}}, {.amount = {"9.000000000000000000000000000001"}},
                                  {.amount = {"0.1"}},   {.amount = {"0.10"}},
                                  {.amount = {"-10"}},   {.amount = {"99999999999999999999999999999999999"}}};
    cuvee_session *s = WITH_ROWS(t, rows);
    say_order(t, s, "amount");
    say_comparisons(t, s, "amount", CUVEE_VALUE(((cuvee_decimal){"9"})));
    say_comparisons(t, s, "amount", CUVEE_VALUE(((cuvee_decimal){"0.1000"})));
    say_aggregates(t, s, "amount");
    cuvee_session_close(s);
}

static void decimal_sums(struct transcript *t)
{
    static const Sample rows[] = {{.amount = {"0.1"}}, {.amount = {"0.2"}}, {.amount = {"-0.05"}}, {.amount = {"3"}}};
    cuvee_session *s = WITH_ROWS(t, rows);
    say_aggregates(t, s, "amount");
    cuvee_session_close(s);
}

static void times_and_dates(struct transcript *t)
{
    static const Sample rows[] = {{.at = {0}, .day = {5}},
                                  {.at = {-1}, .day = {-5}},
                                  {.at = {INT64_C(253402300799999999)}, .day = {2932896}},
                                  {.at = {INT64_C(-62135596800000000)}, .day = {-719162}},
                                  {.at = {1}, .day = {0}}};
    cuvee_session *s = WITH_ROWS(t, rows);
    say_order(t, s, "at");
    say_order(t, s, "day");
    say_comparisons(t, s, "at", CUVEE_VALUE(((cuvee_time){0})));
    say_comparisons(t, s, "day", CUVEE_VALUE(((cuvee_date){0})));
    say_aggregates(t, s, "at");
    say_aggregates(t, s, "day");
    cuvee_session_close(s);
}

static void uuids_and_blobs(struct transcript *t)
{
    static const Sample rows[] = {
        {.uuid = {{0x80}}, .blob = {"b", 1}},
        {.uuid = {{0x7f, 0xff}}, .blob = {"", 0}},
        {.uuid = {{0, 0, 0, 0, 0, 0, 0x10, 1}}, .blob = {"\xff", 1}},
        {.uuid = {{0, 0, 0, 0, 0, 0, 0x01, 0x10}}, .blob = {"ba", 2}},
        {.uuid = {{[15] = 1}}, .blob = {"b\0", 2}},
        {.uuid = {{[10] = 1}}, .blob = {"B", 1}},
        {.uuid = {{1}}, .blob = {"b ", 2}},
    };
    cuvee_session *s = WITH_ROWS(t, rows);
    say_order(t, s, "uuid");
    say_order(t, s, "blob");
    say_comparisons(t, s, "uuid", CUVEE_VALUE(((cuvee_uuid){{1}})));
    say_comparisons(t, s, "blob", CUVEE_VALUE(((cuvee_blob){"b", 1})));
    say_aggregates(t, s, "uuid");
    cuvee_session_close(s);
}

static void json(struct transcript *t)
{
    static const Sample rows[] = {{.json = {"{\"a\":1}"}}, {.json = {"{\"a\": 1}"}}, {.json = {"null"}},
                                  {.json = {"10"}},        {.json = {"9"}},          {.json = {"\"A\""}},
                                  {.json = {"\"a\""}},     {.json = {"[1]"}}};
    cuvee_session *s = WITH_ROWS(t, rows);
    say_order(t, s, "json");
    say_comparisons(t, s, "json", CUVEE_VALUE(((cuvee_json){"{\"a\":1}"})));
    say_comparisons(t, s, "json", CUVEE_VALUE(((cuvee_json){"\"a\""})));
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_pick(q, "json");
    cuvee_distinct(q);
    say(t, "distinct = %lld", (long long)cuvee_count(q));
    cuvee_session_close(s);
}

static void no_rows(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    static const char *const fields[] = {"small", "large", "real", "amount", "text", "at", "day"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        say_aggregates(t, s, fields[i]);
    cuvee_query *q = cuvee_select(s, &sample_model);
    say(t, "count = %lld", (long long)cuvee_count(q));
    say(t, "exists = %d", cuvee_exists(q));
    say(t, "first = %s", cuvee_first(q) ? "a row" : "none");
    cuvee_one(q);
    say(t, "one = %s", fault(t, s));
    cuvee_session_close(s);
}

const struct transcript_case order_cases[] = {
    {"order of nulls", nulls},
    {"order of integers", integers},
    {"order of doubles", doubles},
    {"sums too large", sums_too_large},
    {"order of decimals", decimals},
    {"sums of decimals", decimal_sums},
    {"order of times and dates", times_and_dates},
    {"order of uuids and blobs", uuids_and_blobs},
    {"order of json", json},
    {"over no rows", no_rows},
    {NULL, NULL},
};
