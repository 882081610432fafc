#include "model/cases.h"

BOX(moment, Moment, cuvee_time, .doc = NULL);
BOX(moment_ge, MomentGe, cuvee_time, .ge = "2024-01-01T00:00:00Z");
BOX(moment_gt, MomentGt, cuvee_time, .gt = "2024-01-01T00:00:00.5Z");
BOX(moment_le, MomentLe, cuvee_time, .le = "2024-01-01T00:00:00Z");
BOX(moment_lt, MomentLt, cuvee_time, .lt = "2024-01-01T00:00:00Z");
BOX(optional_moment, OptionalMoment, cuvee_opt_time, .doc = NULL);
BOX(day, Day, cuvee_date, .doc = NULL);
BOX(day_ge, DayGe, cuvee_date, .ge = "2024-01-01");
BOX(day_gt, DayGt, cuvee_date, .gt = "2024-01-01");
BOX(day_le, DayLe, cuvee_date, .le = "2024-01-01");
BOX(day_lt, DayLt, cuvee_date, .lt = "2024-01-01");
BOX(optional_day, OptionalDay, cuvee_opt_date, .doc = NULL);

#define SPEEDATE  "speedate src/datetime.rs, src/time.rs"
#define STAMP     "speedate src/util.rs timestamp_watershed"
#define TIME_IN   "pydantic-core src/input/input_python.rs validate_datetime"
#define FROM_DATE "pydantic-core src/validators/datetime.rs datetime_from_date"
#define TIME_RULE "pydantic-core src/validators/datetime.rs"
#define DATE_IN   "pydantic-core src/input/input_python.rs validate_date"
#define FROM_TIME "pydantic-core src/validators/date.rs date_from_datetime"
#define DATE_RULE "pydantic-core src/validators/date.rs"

#define DATETIME_TYPE "datetime_type", "Input should be a valid datetime"
#define DATE_TYPE     "date_type", "Input should be a valid date"

#define INEXACT "date_from_datetime_inexact", "Datetimes provided to dates should have zero time - e.g. be exact dates"

#define BAD_TIME(sent, why)                                                                                            \
    BAD(FROM_DATE, moment, sent, "datetime_from_date_parsing", "Input should be a valid datetime or date, " why,       \
        "{\"error\":\"" why "\"}")
#define BAD_STAMP(sent, why)                                                                                           \
    BAD(STAMP, moment, sent, "datetime_parsing", "Input should be a valid datetime, " why, "{\"error\":\"" why "\"}")
#define BAD_DAY(sent, why)                                                                                             \
    BAD(FROM_TIME, day, sent, "date_from_datetime_parsing", "Input should be a valid date or datetime, " why,          \
        "{\"error\":\"" why "\"}")
#define BAD_YEAR_0(sent)                                                                                               \
    BAD("pydantic-core src/input/datetime.rs", day, sent, "date_parsing",                                              \
        "Input should be a valid date in the format YYYY-MM-DD, year 0 is out of range",                               \
        "{\"error\":\"year 0 is out of range\"}")

static const struct read_case cases[] = {
    /* times: what is taken */
    GOOD(SPEEDATE, moment, "\"2024-01-31T10:11:12Z\"", "\"2024-01-31T10:11:12Z\""),
    GOOD(SPEEDATE, moment, "\"2024-01-31T10:11:12.123456Z\"", "\"2024-01-31T10:11:12.123456Z\""),
    GOOD(SPEEDATE, moment, "\"2024-01-31t10:11:12.5z\"", "\"2024-01-31T10:11:12.500000Z\""),
    GOOD(SPEEDATE, moment, "\"2024-01-31 10:11+02:00\"", "\"2024-01-31T08:11:00Z\""),
    GOOD(SPEEDATE, moment, "\"2024-01-31_10:11:12-0530\"", "\"2024-01-31T15:41:12Z\""),
    GOOD("base/time_text.h: without an offset it is UTC", moment, "\"2024-01-31T10:11:12\"",
         "\"2024-01-31T10:11:12Z\""),
    GOOD(SPEEDATE, moment, "\"2024-01-31T10:11:12.1234567891Z\"", "\"2024-01-31T10:11:12.123456Z\""),
    GOOD(FROM_DATE, moment, "\"2024-01-31\"", "\"2024-01-31T00:00:00Z\""),
    GOOD(STAMP, moment, "1706695872", "\"2024-01-31T10:11:12Z\""),
    GOOD(STAMP, moment, "1706695872123", "\"2024-01-31T10:11:12.123000Z\""),
    GOOD(STAMP, moment, "\"1706695872\"", "\"2024-01-31T10:11:12Z\""),
    GOOD(STAMP, moment, "\"+1706695872\"", "\"2024-01-31T10:11:12Z\""),
    GOOD(STAMP, moment, "\"1706695872.25\"", "\"2024-01-31T10:11:12.250000Z\""),
    GOOD(STAMP, moment, "1706695872.25", "\"2024-01-31T10:11:12.250000Z\""),
    GOOD(STAMP, moment, "1706695872123.5", "\"2024-01-31T10:11:12.123500Z\""),
    GOOD(STAMP, moment, "-1", "\"1969-12-31T23:59:59Z\""),
    GOOD(STAMP, moment, "-1.25", "\"1969-12-31T23:59:58.750000Z\""),
    GOOD(STAMP, moment, "0", "\"1970-01-01T00:00:00Z\""),
    GOOD(STAMP, moment, "20000000000", "\"2603-10-11T11:33:20Z\""),
    GOOD(STAMP, moment, "20000000001", "\"1970-08-20T11:33:20.001000Z\""),
    GOOD(STAMP, moment, "-20000000001", "\"1969-05-14T12:26:39.999000Z\""),
    GOOD(STAMP, moment, "253402300799000", "\"9999-12-31T23:59:59Z\""),
    GOOD("pydantic-core src/validators/nullable.rs", optional_moment, "null", "null"),

    /* times: what is not */
    BAD_TIME("\"\"", "input is too short"),
    BAD_TIME("\"2024-01-3\"", "input is too short"),
    BAD_TIME("\"tomorrow, or never\"", "invalid character in year"),
    BAD_TIME("\"2024/01/31\"", "invalid date separator, expected `-`"),
    BAD_TIME("\"2024-0x-31\"", "invalid character in month"),
    BAD_TIME("\"2024-01-3x\"", "invalid character in day"),
    BAD_TIME("\"2024-13-01T00:00\"", "month value is outside expected range of 1-12"),
    BAD_TIME("\"2023-02-29T00:00\"", "day value is outside expected range"),
    BAD_TIME("\"2024-01-31T25:00\"", "unexpected extra characters at the end of the input"),
    BAD_TIME("\"2024-01-31T10:11:12+25:00\"", "unexpected extra characters at the end of the input"),
    BAD_TIME("\"2024-01-31T10:11:60Z\"", "unexpected extra characters at the end of the input"),
    BAD_TIME("\"99999999999999999\"", "dates after 9999 are not supported as unix timestamps"),
    BAD_TIME("\"9223372036854775808\"", "invalid date separator, expected `-`"),
    BAD_TIME("\"1.2.3\"", "input is too short"),
    BAD_STAMP("\"0000-01-01T00:00:00Z\"", "year 0 is out of range"),
    BAD_STAMP("\"0000-01-01\"", "year 0 is out of range"),
    BAD_STAMP("\"0001-01-01T00:00:00+01:00\"", "the offset takes it out of the years 1 to 9999"),
    BAD_STAMP("253402300800000", "dates after 9999 are not supported as unix timestamps"),
    BAD_STAMP("-62167219200001", "dates before 0000 are not supported as unix timestamps"),
    BAD_STAMP("-62167219200000", "year 0 is out of range"),
    BAD_STAMP("9223372036854775807", "dates after 9999 are not supported as unix timestamps"),
    BAD_STAMP("-9223372036854775808", "dates before 0000 are not supported as unix timestamps"),
    BAD_STAMP("12345678901234567890", "dates after 9999 are not supported as unix timestamps"),
    BAD_STAMP("-1e+300", "dates before 0000 are not supported as unix timestamps"),
    BAD_STAMP("1e400", "dates after 9999 are not supported as unix timestamps"),
    BAD(TIME_IN, moment, "true", DATETIME_TYPE),
    BAD(TIME_IN, moment, "null", DATETIME_TYPE),
    BAD(TIME_IN, moment, "[]", DATETIME_TYPE),
    BAD(TIME_IN, moment, "{}", DATETIME_TYPE),
    BAD(TIME_IN, optional_moment, "false", DATETIME_TYPE),

    /* times: bounds */
    GOOD(TIME_RULE, moment_ge, "\"2024-01-01T01:00:00+01:00\"", "\"2024-01-01T00:00:00Z\""),
    BAD(TIME_RULE, moment_ge, "\"2023-12-31T23:59:59Z\"", "greater_than_equal",
        "Input should be greater than or equal to 2024-01-01T00:00:00Z", "{\"ge\":\"2024-01-01T00:00:00Z\"}"),
    BAD(TIME_RULE, moment_gt, "\"2024-01-01\"", "greater_than",
        "Input should be greater than 2024-01-01T00:00:00.500000Z", "{\"gt\":\"2024-01-01T00:00:00.500000Z\"}"),
    BAD(TIME_RULE, moment_le, "1704067201", "less_than_equal",
        "Input should be less than or equal to 2024-01-01T00:00:00Z", "{\"le\":\"2024-01-01T00:00:00Z\"}"),
    BAD(TIME_RULE, moment_lt, "1704067200", "less_than", "Input should be less than 2024-01-01T00:00:00Z",
        "{\"lt\":\"2024-01-01T00:00:00Z\"}"),

    /* dates: what is taken */
    GOOD(DATE_IN, day, "\"2024-02-29\"", "\"2024-02-29\""),
    GOOD(FROM_TIME, day, "\"2024-02-29T00:00:00Z\"", "\"2024-02-29\""),
    GOOD(FROM_TIME, day, "\"2024-02-29T00:00\"", "\"2024-02-29\""),
    GOOD(FROM_TIME, day, "\"2024-02-29 00:00:00+05:00\"", "\"2024-02-29\""),
    GOOD(FROM_TIME, day, "\"0001-01-01T00:00:00+05:00\"", "\"0001-01-01\""),
    GOOD(FROM_TIME, day, "1709164800", "\"2024-02-29\""),
    GOOD(FROM_TIME, day, "1709164800000", "\"2024-02-29\""),
    GOOD(FROM_TIME, day, "1709164800.0", "\"2024-02-29\""),
    GOOD(DATE_IN, day, "\"1709164800\"", "\"2024-02-29\""),
    GOOD(FROM_TIME, day, "\"1709164800.0\"", "\"2024-02-29\""),
    GOOD(FROM_TIME, day, "-86400", "\"1969-12-31\""),
    GOOD("pydantic-core src/validators/nullable.rs", optional_day, "null", "null"),

    /* dates: what is not */
    BAD(FROM_TIME, day, "\"2024-02-29T00:00:01Z\"", INEXACT),
    BAD(FROM_TIME, day, "\"2024-02-29T00:00:00.000001Z\"", INEXACT),
    BAD(FROM_TIME, day, "1709164801", INEXACT),
    BAD(FROM_TIME, day, "\"1709164801\"", INEXACT),
    BAD(FROM_TIME, day, "1709164800.5", INEXACT),
    BAD(FROM_TIME, day, "-1", INEXACT),
    BAD_DAY("\"\"", "input is too short"),
    BAD_DAY("\"2024-13-01\"", "month value is outside expected range of 1-12"),
    BAD_DAY("\"2023-02-29\"", "day value is outside expected range"),
    BAD_DAY("\"2024-02-29x\"", "invalid datetime separator, expected `T`, `t`, `_` or space"),
    BAD_DAY("\"2024-02-29T24:00\"", "hour value is outside expected range of 0-23"),
    BAD_DAY("\"2024-02-29T00:60\"", "minute value is outside expected range of 0-59"),
    BAD_DAY("\"2024-02-29T00:00:00.Z\"", "second fraction digits missing after `.`"),
    BAD_DAY("\"2024-02-29T00:00:00+0\"", "invalid timezone hour"),
    BAD_DAY("253402300800000", "dates after 9999 are not supported as unix timestamps"),
    BAD_DAY("\"253402300800000\"", "dates after 9999 are not supported as unix timestamps"),
    BAD_DAY("12345678901234567890", "dates after 9999 are not supported as unix timestamps"),
    BAD_YEAR_0("\"0000-01-01\""),
    BAD_YEAR_0("\"0000-01-01T00:00:00Z\""),
    BAD_YEAR_0("-62167219200000"),
    BAD(DATE_IN, day, "true", DATE_TYPE),
    BAD(DATE_IN, day, "null", DATE_TYPE),
    BAD(DATE_IN, day, "[\"2024-01-01\"]", DATE_TYPE),

    /* dates: bounds */
    GOOD(DATE_RULE, day_ge, "\"2024-01-01\"", "\"2024-01-01\""),
    BAD(DATE_RULE, day_ge, "\"2023-12-31\"", "greater_than_equal",
        "Input should be greater than or equal to 2024-01-01", "{\"ge\":\"2024-01-01\"}"),
    BAD(DATE_RULE, day_gt, "\"2024-01-01\"", "greater_than", "Input should be greater than 2024-01-01",
        "{\"gt\":\"2024-01-01\"}"),
    BAD(DATE_RULE, day_le, "\"2024-01-02\"", "less_than_equal", "Input should be less than or equal to 2024-01-01",
        "{\"le\":\"2024-01-01\"}"),
    BAD(DATE_RULE, day_lt, "\"2024-01-01T00:00:00Z\"", "less_than", "Input should be less than 2024-01-01",
        "{\"lt\":\"2024-01-01\"}"),
};

const struct read_cases time_cases = {cases, sizeof cases / sizeof cases[0]};
