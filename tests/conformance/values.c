/* What goes in comes out: each kind to the bit and to the microsecond, and it is found by its own value. */
#include "conformance/transcript.h"

#include <math.h>

/* A row with one member that matters. */
struct sample {
    const char *what;
    Sample row;
};

static size_t field_of(const char *name)
{
    for (size_t i = 1; i <= 2 * SAMPLE_KINDS; i++)
        if (strcmp(sample_name(i), name) == 0)
            return i;
    fail_msg("no field %s", name);
    return 0;
}

/* What another session finds by that value, or why it was not taken. */
static const char *there_and_back(struct transcript *t, const Sample *row, size_t field)
{
    cuvee_session *s = open_session(t);
    const Sample *added = cuvee_add(s, &sample_model, row);
    cuvee_commit(s);
    if (cuvee_session_error(s)->kind) {
        const char *why = fault(t, s);
        cuvee_session_close(s);
        return why;
    }
    int64_t id = added->id;
    cuvee_session_close(s);
    s = open_session(t);
    const Sample *found = cuvee_get(s, &sample_model, id);
    const char *value = shown(t, sample_value(found, field));
    cuvee_query *q = cuvee_select(s, &sample_model);
    cuvee_where(q, cuvee_and(q, cuvee_compare(q, sample_name(field), CUVEE_EQ, sample_value(row, field)),
                             cuvee_eq(q, "id", id)));
    const char *by_it = cuvee_count(q) == 1 ? "" : ", not found by it";
    value = or_fault(t, s, text(t, "%s%s", value, by_it));
    cuvee_session_close(s);
    return value;
}

static void there_and_back_all(struct transcript *t, const char *field, const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        say(t, "%s = %s", samples[i].what, there_and_back(t, &samples[i].row, field_of(field)));
}
#define ALL_BACK(t, field, samples) there_and_back_all(t, field, samples, sizeof(samples) / sizeof(samples)[0])

static void integers(struct transcript *t)
{
    static const struct sample small[] = {
        {"int32 least", {.small = INT32_MIN}},
        {"int32 greatest", {.small = INT32_MAX}},
        {"int32 minus one", {.small = -1}},
    };
    static const struct sample large[] = {
        {"int64 least", {.large = INT64_MIN}},
        {"int64 greatest", {.large = INT64_MAX}},
        {"int64 beyond doubles", {.large = INT64_C(9007199254740993)}},
    };
    static const struct sample flags[] = {{"yes", {.flag = true}}, {"no", {.flag = false}}};
    ALL_BACK(t, "small", small);
    ALL_BACK(t, "large", large);
    ALL_BACK(t, "flag", flags);
}

static void doubles(struct transcript *t)
{
    static const struct sample samples[] = {
        {"0.1", {.real = 0.1}},
        {"a third", {.real = 1.0 / 3}},
        {"greatest", {.real = 1.7976931348623157e308}},
        {"least", {.real = -1.7976931348623157e308}},
        {"least normal", {.real = 2.2250738585072014e-308}},
        {"greatest subnormal", {.real = 2.2250738585072009e-308}},
        {"least subnormal", {.real = 4.9406564584124654e-324}},
        {"minus zero", {.real = -0.0}},
        {"2 to the 53 and 2", {.real = 9007199254740994.0}},
        {"1e23", {.real = 1e23}},
        {"infinity", {.real = INFINITY}},
        {"minus infinity", {.real = -INFINITY}},
        {"not a number", {.real = NAN}},
    };
    ALL_BACK(t, "real", samples);
}

static void times(struct transcript *t)
{
    static const struct sample samples[] = {
        {"first of year 1", {.at = {INT64_C(-62135596800000000)}}},
        {"before year 1", {.at = {INT64_C(-62135596800000001)}}},
        {"last of 9999", {.at = {INT64_C(253402300799999999)}}},
        {"after 9999", {.at = {INT64_C(253402300800000000)}}},
        {"a microsecond before 1970", {.at = {-1}}},
        {"a microsecond", {.at = {1}}},
        {"9 microseconds of 2024", {.at = {INT64_C(1706702400000009)}}},
        {"999999 microseconds of 1969", {.at = {-1000001}}},
        {"before 1901", {.at = {INT64_C(-2177452800123457)}}},
        {"after 2038", {.at = {INT64_C(2177452800123457)}}},
        {"the hour that summer time leaves out", {.at = {INT64_C(1711852200000000)}}},
    };
    ALL_BACK(t, "at", samples);
}

/* A time that was written with an offset is an instant. */
static void offsets(struct transcript *t)
{
    cuvee_session *s = open_session(t);
    cuvee_add(s, &word_model, &(Word){.id = 1, .text = ""});
    commit_and_close(s);
    s = open_session(t);
    const Word *word = cuvee_get(s, &word_model, 1);
    say(t, "2024-03-31T02:30:00.000001+02:00 = %s", shown(t, CUVEE_VALUE(word->at)));
    cuvee_query *q = cuvee_select(s, &word_model);
    cuvee_where(q, cuvee_eq(q, "at", ((cuvee_time){INT64_C(1711845000000001)})));
    say(t, "found by UTC = %s", keys(t, s, q));
    cuvee_session_close(s);
}

static void dates(struct transcript *t)
{
    static const struct sample samples[] = {
        {"first of year 1", {.day = {-719162}}},
        {"before year 1", {.day = {-719163}}},
        {"last of 9999", {.day = {2932896}}},
        {"after 9999", {.day = {2932897}}},
        {"29 February 1600", {.day = {-135081}}},
        {"the day before 1970", {.day = {-1}}},
        {"4 October 1582, Gregorian", {.day = {-141438}}},
    };
    ALL_BACK(t, "day", samples);
}

#define DIGITS_35 "12345678901234567890123456789012345"
#define DIGITS_30 "123456789012345678901234567891"

static void decimals(struct transcript *t)
{
    static const struct sample samples[] = {
        {"35 digits", {.amount = {DIGITS_35}}},
        {"35 and 30 digits", {.amount = {DIGITS_35 "." DIGITS_30}}},
        {"minus 35 and 30 digits", {.amount = {"-" DIGITS_35 "." DIGITS_30}}},
        {"36 digits", {.amount = {"1" DIGITS_35}}},
        {"31 digits behind the point", {.amount = {"0." DIGITS_30 "1"}}},
        {"zeros at the end", {.amount = {"1.500"}}},
        {"zeros behind the point", {.amount = {"7.00"}}},
        {"zeros in front", {.amount = {"007.5"}}},
        {"nothing in front", {.amount = {".5"}}},
        {"minus zero", {.amount = {"-0"}}},
        {"smallest", {.amount = {"0.000000000000000000000000000001"}}},
        {"no number", {.amount = {"1e5"}}},
    };
    ALL_BACK(t, "amount", samples);
}

static void uuids_and_blobs(struct transcript *t)
{
    static const struct sample uuids[] = {
        {"uuid",
         {.uuid = {{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10}}}},
        {"uuid of ones", {.uuid = {{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}}}},
        {"uuid of zeros", {.uuid = {{0}}}},
    };
    static const struct sample blobs[] = {
        {"blob", {.blob = {"\x00\xff\x7f\x80'\\\n", 7}}},
        {"blob of a zero", {.blob = {"", 1}}},
        {"empty blob", {.blob = {"", 0}}},
        {"empty blob without data", {.blob = {NULL, 0}}},
        {"blob with spaces at its end", {.blob = {"a  ", 3}}},
    };
    static const struct sample optional[] = {{"no blob", {0}}, {"optional empty blob", {.opt_blob = {true, {"", 0}}}}};
    ALL_BACK(t, "uuid", uuids);
    ALL_BACK(t, "blob", blobs);
    ALL_BACK(t, "opt_blob", optional);
}

static void json(struct transcript *t)
{
    static const struct sample samples[] = {
        {"object", {.json = {"{\"b\":1,\"a\":[true,null,\"x\"]}"}}},
        {"spaces", {.json = {"{ \"a\" : 1 }"}}},
        {"a member twice", {.json = {"{\"a\":1,\"a\":2}"}}},
        {"number", {.json = {"1.50e2"}}},
        {"large number", {.json = {"123456789012345678901234567890"}}},
        {"text", {.json = {"\"\\u00e9 \\n\""}}},
        {"null", {.json = {"null"}}},
        {"no JSON", {.json = {"{a:1}"}}},
        {"nothing", {.json = {""}}},
    };
    static const struct sample optional[] = {{"none", {0}}, {"optional null", {.opt_json = {true, {"null"}}}}};
    ALL_BACK(t, "json", samples);
    ALL_BACK(t, "opt_json", optional);
}

static void optionals(struct transcript *t)
{
    static const struct sample none = {"none", {0}};
    static const struct sample samples[] = {
        {"opt_flag", {.opt_flag = {true, false}}}, {"opt_small", {.opt_small = {true, 0}}},
        {"opt_large", {.opt_large = {true, 0}}},   {"opt_real", {.opt_real = {true, 0}}},
        {"opt_text", {.opt_text = {true, ""}}},    {"opt_at", {.opt_at = {true, {0}}}},
        {"opt_day", {.opt_day = {true, {0}}}},     {"opt_amount", {.opt_amount = {true, {"0"}}}},
        {"opt_uuid", {.opt_uuid = {true, {{0}}}}},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        size_t field = field_of(samples[i].what);
        say(t, "%s without value = %s", samples[i].what, there_and_back(t, &none.row, field));
        say(t, "%s of nothing = %s", samples[i].what, there_and_back(t, &samples[i].row, field));
    }
}

const struct transcript_case value_cases[] = {
    {"integers", integers}, {"doubles", doubles},     {"times", times},
    {"offsets", offsets},   {"dates", dates},         {"decimals", decimals},
    {"json", json},         {"optionals", optionals}, {"uuids and blobs", uuids_and_blobs},
    {NULL, NULL},
};
