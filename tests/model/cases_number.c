#include "model/cases.h"

BOX(boolean, Boolean, bool, .doc = NULL);
BOX(small, Small, int32_t, .doc = NULL);
BOX(small_ruled, SmallRuled, int32_t, .le = "100", .gt = "-100");
BOX(integer, Integer, int64_t, .doc = NULL);
BOX(integer_ge, IntegerGe, int64_t, .ge = "1");
BOX(integer_gt, IntegerGt, int64_t, .gt = "3");
BOX(integer_le, IntegerLe, int64_t, .le = "3");
BOX(integer_lt, IntegerLt, int64_t, .lt = "3");
BOX(integer_between, IntegerBetween, int64_t, .ge = "1", .le = "3");
BOX(optional, Optional, cuvee_opt_int64, .ge = "1");
BOX(real, Real, double, .doc = NULL);
BOX(real_gt, RealGt, double, .gt = "3");
BOX(real_ge, RealGe, double, .ge = "0.5");
BOX(real_le, RealLe, double, .le = "1e16");
BOX(real_lt, RealLt, double, .lt = "0.0000001");
BOX(decimal, Decimal, cuvee_decimal, .doc = NULL);
BOX(decimal_gt, DecimalGt, cuvee_decimal, .gt = "0");
BOX(decimal_ge, DecimalGe, cuvee_decimal, .ge = "0.50");
BOX(decimal_le, DecimalLe, cuvee_decimal, .le = "99.99");
BOX(decimal_lt, DecimalLt, cuvee_decimal, .lt = "100");
BOX(decimal_place, DecimalPlace, cuvee_decimal, .places = 1);
BOX(decimal_places, DecimalPlaces, cuvee_decimal, .places = 2, .le = "99.99");

#define TYPES     "pydantic-core src/errors/types.rs"
#define BOOLS     "pydantic-core src/input/shared.rs str_as_bool"
#define BOOL_IN   "pydantic-core src/input/input_python.rs validate_bool"
#define INT_TEXT  "pydantic-core src/input/shared.rs str_as_int"
#define INT_REAL  "pydantic-core src/input/shared.rs float_as_int"
#define INT_IN    "pydantic-core src/input/input_python.rs validate_int"
#define INT_RULE  "pydantic-core src/validators/int.rs"
#define REAL_TEXT "pydantic-core src/input/shared.rs str_as_float"
#define REAL_IN   "pydantic-core src/input/input_python.rs validate_float"
#define REAL_RULE "pydantic-core src/validators/float.rs"
#define DEC_IN    "pydantic-core src/input/input_python.rs validate_decimal"
#define DEC_RULE  "pydantic-core src/validators/decimal.rs"
#define OWN       "model/json_read.h: ours"

#define BOOL_TYPE    "bool_type", "Input should be a valid boolean"
#define BOOL_PARSING "bool_parsing", "Input should be a valid boolean, unable to interpret input"
#define INT_TYPE     "int_type", "Input should be a valid integer"
#define INT_PARSING  "int_parsing", "Input should be a valid integer, unable to parse string as an integer"
#define INT_FLOAT    "int_from_float", "Input should be a valid integer, got a number with a fractional part"
#define INT_SIZE     "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size"
#define FLOAT_TYPE   "float_type", "Input should be a valid number"
#define FLOAT_PARSE  "float_parsing", "Input should be a valid number, unable to parse string as a number"
#define FINITE       "finite_number", "Input should be a finite number"
#define DEC_TYPE     "decimal_type", "Decimal input should be an integer, float, string or Decimal object"
#define DEC_PARSING  "decimal_parsing", "Input should be a valid decimal"

static const struct read_case cases[] = {
    /* bool */
    GOOD(BOOL_IN, boolean, "true", "true"),
    GOOD(BOOL_IN, boolean, "false", "false"),
    GOOD(BOOL_IN, boolean, "1", "true"),
    GOOD(BOOL_IN, boolean, "0", "false"),
    GOOD(BOOL_IN, boolean, "1.0", "true"),
    GOOD(BOOL_IN, boolean, "-0.0", "false"),
    GOOD(BOOLS, boolean, "\"1\"", "true"),
    GOOD(BOOLS, boolean, "\"0\"", "false"),
    GOOD(BOOLS, boolean, "\"t\"", "true"),
    GOOD(BOOLS, boolean, "\"F\"", "false"),
    GOOD(BOOLS, boolean, "\"y\"", "true"),
    GOOD(BOOLS, boolean, "\"N\"", "false"),
    GOOD(BOOLS, boolean, "\"YES\"", "true"),
    GOOD(BOOLS, boolean, "\"no\"", "false"),
    GOOD(BOOLS, boolean, "\"on\"", "true"),
    GOOD(BOOLS, boolean, "\"Off\"", "false"),
    GOOD(BOOLS, boolean, "\"True\"", "true"),
    GOOD(BOOLS, boolean, "\"fAlSe\"", "false"),
    BAD(BOOLS, boolean, "\"\"", BOOL_PARSING),
    BAD(BOOLS, boolean, "\"2\"", BOOL_PARSING),
    BAD(BOOLS, boolean, "\" true\"", BOOL_PARSING),
    BAD(BOOLS, boolean, "\"truee\"", BOOL_PARSING),
    BAD(BOOLS, boolean, "\"tru\"", BOOL_PARSING),
    BAD(BOOLS, boolean, "\"\\u0011\"", BOOL_PARSING),
    BAD(BOOL_IN, boolean, "2", BOOL_PARSING),
    BAD(BOOL_IN, boolean, "-1", BOOL_PARSING),
    BAD(BOOL_IN, boolean, "9223372036854775807", BOOL_PARSING),
    BAD(BOOL_IN, boolean, "2.0", BOOL_PARSING),
    BAD(BOOL_IN, boolean, "0.5", BOOL_TYPE),
    BAD(BOOL_IN, boolean, "1e+300", BOOL_TYPE),
    BAD(BOOL_IN, boolean, "12345678901234567890", BOOL_TYPE),
    BAD(BOOL_IN, boolean, "null", BOOL_TYPE),
    BAD(BOOL_IN, boolean, "[]", BOOL_TYPE),
    BAD(BOOL_IN, boolean, "{\"a\":1}", BOOL_TYPE),

    /* integers: what is taken */
    GOOD(INT_IN, integer, "12", "12"),
    GOOD(INT_IN, integer, "-0", "0"),
    GOOD(INT_IN, integer, "9007199254740993", "9007199254740993"),
    GOOD(INT_IN, integer, "9223372036854775807", "9223372036854775807"),
    GOOD(INT_IN, integer, "-9223372036854775808", "-9223372036854775808"),
    GOOD(INT_IN, integer, "true", "1"),
    GOOD(INT_IN, integer, "false", "0"),
    GOOD(INT_REAL, integer, "1.0", "1"),
    GOOD(INT_REAL, integer, "-2e3", "-2000"),
    GOOD(INT_TEXT, integer, "\"12\"", "12"),
    GOOD(INT_TEXT, integer, "\"-12\"", "-12"),
    GOOD(INT_TEXT, integer, "\"+12\"", "12"),
    GOOD(INT_TEXT, integer, "\" 12\\t\"", "12"),
    GOOD(INT_TEXT, integer, "\"007\"", "7"),
    GOOD(INT_TEXT, integer, "\"-007\"", "-7"),
    GOOD(INT_TEXT, integer, "\"000\"", "0"),
    GOOD(INT_TEXT, integer, "\"1_000\"", "1000"),
    GOOD(INT_TEXT, integer, "\"0_1\"", "1"),
    GOOD(INT_TEXT, integer, "\"12.0\"", "12"),
    GOOD(INT_TEXT, integer, "\"-12.000\"", "-12"),
    GOOD(INT_TEXT, integer, "\"00.0\"", "0"),
    GOOD(INT_TEXT, integer, "\"-9223372036854775808\"", "-9223372036854775808"),

    /* integers: what is not */
    BAD(INT_TEXT, integer, "\"foo\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\" \"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"-\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"+-1\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"--1\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"-+1\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"1 2\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"1.5\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"1.\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\".0\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"1e3\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"0x10\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"_1\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"1_\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"1__0\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"0_\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"12\\u0000\"", INT_PARSING),
    BAD(INT_TEXT, integer, "\"true\"", INT_PARSING),
    BAD(INT_REAL, integer, "1.5", INT_FLOAT),
    BAD(INT_REAL, integer, "-0.1", INT_FLOAT),
    BAD(INT_REAL, integer, "1e+19", INT_SIZE),
    BAD(INT_REAL, integer, "1e400", FINITE),
    BAD(INT_IN, integer, "null", INT_TYPE),
    BAD(INT_IN, integer, "[1]", INT_TYPE),
    BAD(INT_IN, integer, "{}", INT_TYPE),
    BAD(OWN, integer, "9223372036854775808", "less_than_equal",
        "Input should be less than or equal to 9223372036854775807", "{\"le\":9223372036854775807}"),
    BAD(OWN, integer, "-9223372036854775809", "greater_than_equal",
        "Input should be greater than or equal to -9223372036854775808", "{\"ge\":-9223372036854775808}"),
    BAD(OWN, integer, "\"123456789012345678901234567890\"", "less_than_equal",
        "Input should be less than or equal to 9223372036854775807", "{\"le\":9223372036854775807}"),
    BAD(OWN, integer_le, "123456789012345678901234567890", "less_than_equal", "Input should be less than or equal to 3",
        "{\"le\":3}"),
    BAD(OWN, integer_lt, "123456789012345678901234567890", "less_than", "Input should be less than 3", "{\"lt\":3}"),
    BAD(OWN, integer_ge, "-123456789012345678901234567890", "greater_than_equal",
        "Input should be greater than or equal to 1", "{\"ge\":1}"),
    BAD(OWN, integer_gt, "-123456789012345678901234567890", "greater_than", "Input should be greater than 3",
        "{\"gt\":3}"),
    GOOD(OWN, small, "2147483647", "2147483647"),
    GOOD(OWN, small, "\"-2147483648\"", "-2147483648"),
    BAD(OWN, small, "2147483648", "less_than_equal", "Input should be less than or equal to 2147483647",
        "{\"le\":2147483647}"),
    BAD(OWN, small, "-2147483649", "greater_than_equal", "Input should be greater than or equal to -2147483648",
        "{\"ge\":-2147483648}"),
    BAD(OWN, small, "12345678901234567890", "less_than_equal", "Input should be less than or equal to 2147483647",
        "{\"le\":2147483647}"),
    BAD(OWN, small_ruled, "2147483648", "less_than_equal", "Input should be less than or equal to 100", "{\"le\":100}"),
    BAD(OWN, small_ruled, "-12345678901234567890", "greater_than", "Input should be greater than -100",
        "{\"gt\":-100}"),
    BAD(INT_TEXT, small, "\"foo\"", INT_PARSING),

    /* integers: bounds */
    GOOD(INT_RULE, integer_ge, "1", "1"),
    BAD(INT_RULE, integer_ge, "0", "greater_than_equal", "Input should be greater than or equal to 1", "{\"ge\":1}"),
    BAD(INT_RULE, integer_ge, "\"0\"", "greater_than_equal", "Input should be greater than or equal to 1",
        "{\"ge\":1}"),
    GOOD("fastapi tests/test_path.py", integer_gt, "\"42\"", "42"),
    BAD("fastapi tests/test_path.py", integer_gt, "\"2\"", "greater_than", "Input should be greater than 3",
        "{\"gt\":3}"),
    BAD(INT_RULE, integer_gt, "3", "greater_than", "Input should be greater than 3", "{\"gt\":3}"),
    GOOD(INT_RULE, integer_le, "3", "3"),
    BAD("fastapi tests/test_path.py", integer_le, "\"4\"", "less_than_equal", "Input should be less than or equal to 3",
        "{\"le\":3}"),
    GOOD(INT_RULE, integer_lt, "2", "2"),
    BAD("fastapi tests/test_path.py", integer_lt, "\"42\"", "less_than", "Input should be less than 3", "{\"lt\":3}"),
    BAD(INT_RULE, integer_lt, "3.0", "less_than", "Input should be less than 3", "{\"lt\":3}"),
    BAD("fastapi tests/test_path.py", integer_between, "\"4\"", "less_than_equal",
        "Input should be less than or equal to 3", "{\"le\":3}"),
    BAD("fastapi tests/test_path.py", integer_between, "\"0\"", "greater_than_equal",
        "Input should be greater than or equal to 1", "{\"ge\":1}"),
    BAD("fastapi tests/test_path.py", integer_between, "\"2.7\"", INT_PARSING),
    GOOD("pydantic-core src/validators/nullable.rs", optional, "null", "null"),
    GOOD(INT_RULE, optional, "\"5\"", "5"),
    BAD(INT_RULE, optional, "0", "greater_than_equal", "Input should be greater than or equal to 1", "{\"ge\":1}"),
    BAD(INT_TEXT, optional, "\"null\"", INT_PARSING),

    /* doubles */
    GOOD(REAL_IN, real, "1.5", "1.5"),
    GOOD(REAL_IN, real, "1", "1.0"),
    GOOD(REAL_IN, real, "true", "1.0"),
    GOOD(REAL_IN, real, "12345678901234567890", "1.2345678901234567e+19"),
    GOOD(REAL_TEXT, real, "\"1.5\"", "1.5"),
    GOOD(REAL_TEXT, real, "\" -1.5e3 \"", "-1500.0"),
    GOOD(REAL_TEXT, real, "\".5\"", "0.5"),
    GOOD(REAL_TEXT, real, "\"1.\"", "1.0"),
    GOOD(REAL_TEXT, real, "\"1_000.5\"", "1000.5"),
    BAD("fastapi tests/test_path.py", real, "\"foobar\"", FLOAT_PARSE),
    BAD("fastapi tests/test_path.py", real, "\"True\"", FLOAT_PARSE),
    BAD(REAL_TEXT, real, "\"\"", FLOAT_PARSE),
    BAD(REAL_TEXT, real, "\"1,5\"", FLOAT_PARSE),
    BAD(REAL_TEXT, real, "\"0x1p3\"", FLOAT_PARSE),
    BAD(REAL_TEXT, real, "\"1__0\"", FLOAT_PARSE),
    BAD(REAL_TEXT, real, "\"_1\"", FLOAT_PARSE),
    BAD(REAL_IN, real, "null", FLOAT_TYPE),
    BAD(REAL_IN, real, "[]", FLOAT_TYPE),
    BAD(OWN, real, "\"inf\"", FINITE),
    BAD(OWN, real, "\"-Infinity\"", FINITE),
    BAD(OWN, real, "\"NaN\"", FINITE),
    BAD(OWN, real, "\"1e999\"", FINITE),
    BAD(OWN, real, "1e999", FINITE),
    GOOD(REAL_RULE, real_gt, "3.05", "3.05"),
    BAD("fastapi tests/test_path.py", real_gt, "\"2\"", "greater_than", "Input should be greater than 3",
        "{\"gt\":3.0}"),
    BAD(REAL_RULE, real_ge, "0.4", "greater_than_equal", "Input should be greater than or equal to 0.5",
        "{\"ge\":0.5}"),
    BAD(REAL_RULE, real_le, "2e+16", "less_than_equal", "Input should be less than or equal to 10000000000000000",
        "{\"le\":1e+16}"),
    BAD(REAL_RULE, real_lt, "1.0", "less_than", "Input should be less than 0.0000001", "{\"lt\":1e-07}"),

    /* decimals */
    GOOD(DEC_IN, decimal, "\"12.50\"", "\"12.50\""),
    GOOD(DEC_IN, decimal, "\" +1_000.5 \"", "\"1000.5\""),
    GOOD(DEC_IN, decimal, "\"1e3\"", "\"1000\""),
    GOOD(DEC_IN, decimal, "12", "\"12\""),
    GOOD(DEC_IN, decimal, "12345678901234567890123", "\"12345678901234567890123\""),
    GOOD(DEC_IN, decimal, "-9223372036854775808", "\"-9223372036854775808\""),
    GOOD(DEC_IN, decimal, "0.1", "\"0.1\""),
    GOOD(DEC_IN, decimal, "1e+16", "\"10000000000000000\""),
    BAD(DEC_IN, decimal, "\"\"", DEC_PARSING),
    BAD(DEC_IN, decimal, "\"1.2.3\"", DEC_PARSING),
    BAD(DEC_IN, decimal, "\"12,5\"", DEC_PARSING),
    BAD(DEC_IN, decimal, "\"foo\"", DEC_PARSING),
    BAD(DEC_IN, decimal, "true", DEC_TYPE),
    BAD(DEC_IN, decimal, "null", DEC_TYPE),
    BAD(DEC_IN, decimal, "[\"1\"]", DEC_TYPE),
    BAD(DEC_RULE, decimal, "\"NaN\"", FINITE),
    BAD(DEC_RULE, decimal, "\"-Infinity\"", FINITE),
    BAD(DEC_RULE, decimal, "1e400", FINITE),
    BAD(OWN, decimal, "\"1e1000\"", "decimal_max_digits", "Decimal input should have no more than 1000 digits in total",
        "{\"max_digits\":1000}"),
    GOOD(DEC_RULE, decimal_gt, "\"0.01\"", "\"0.01\""),
    BAD(DEC_RULE, decimal_gt, "\"0.00\"", "greater_than", "Input should be greater than 0", "{\"gt\":0}"),
    BAD(DEC_RULE, decimal_ge, "0.4", "greater_than_equal", "Input should be greater than or equal to 0.50",
        "{\"ge\":0.5}"),
    BAD(DEC_RULE, decimal_le, "\"100\"", "less_than_equal", "Input should be less than or equal to 99.99",
        "{\"le\":99.99}"),
    BAD(DEC_RULE, decimal_lt, "\"100.0\"", "less_than", "Input should be less than 100", "{\"lt\":100}"),
    GOOD(DEC_RULE, decimal_places, "\"12.34\"", "\"12.34\""),
    GOOD(DEC_RULE, decimal_places, "-12", "\"-12\""),
    GOOD(DEC_RULE, decimal_places, "\"1.5000\"", "\"1.5000\""),
    GOOD(DEC_RULE, decimal_places, "\"0.000\"", "\"0.000\""),
    GOOD(DEC_RULE, decimal_places, "\"1e1\"", "\"10\""),
    BAD(DEC_RULE, decimal_places, "\"12.345\"", "decimal_max_places",
        "Decimal input should have no more than 2 decimal places", "{\"decimal_places\":2}"),
    BAD(DEC_RULE, decimal_places, "\"1e-3\"", "decimal_max_places",
        "Decimal input should have no more than 2 decimal places", "{\"decimal_places\":2}"),
    BAD(DEC_RULE, decimal_places, "100.001", "decimal_max_places", /* before the bounds */
        "Decimal input should have no more than 2 decimal places", "{\"decimal_places\":2}"),
    BAD(DEC_RULE, decimal_places, "100", "less_than_equal", "Input should be less than or equal to 99.99",
        "{\"le\":99.99}"),
    BAD(DEC_RULE, decimal_place, "0.25", "decimal_max_places", "Decimal input should have no more than 1 decimal place",
        "{\"decimal_places\":1}"),
    BAD(DEC_RULE, decimal_lt, "12345678901234567890123", "less_than", "Input should be less than 100", "{\"lt\":100}"),
};

const struct read_cases number_cases = {cases, sizeof cases / sizeof cases[0]};
