#include "model/cases.h"

BOX(text, Text, const char *, .doc = NULL);
BOX(text_min1, TextMin1, const char *, .min_length = 1);
BOX(text_min3, TextMin3, const char *, .min_length = 3);
BOX(text_max1, TextMax1, const char *, .max_length = 1);
BOX(text_max3, TextMax3, const char *, .max_length = 3);
BOX(text_pattern, TextPattern, const char *, .pattern = "^fixed\"query$");
BOX(text_all, TextAll, const char *, .min_length = 2, .max_length = 3, .pattern = "^a");
BOX(choice1, Choice1, const char *, .choices = "alexnet");
BOX(choice2, Choice2, const char *, .choices = "alexnet|resnet");
BOX(choice3, Choice3, const char *, .choices = "alexnet|resnet|lenet");
BOX(choice_odd, ChoiceOdd, const char *, .choices = "it's|a\\b|tab \t\x01\x7F");
BOX(optional_choice, OptionalChoice, cuvee_opt_text, .choices = "a|b");
BOX(optional_text, OptionalText, cuvee_opt_text, .max_length = 3);
BOX(email, Email, const char *, .format = CUVEE_EMAIL);
BOX(url, Url, const char *, .format = CUVEE_URL);
BOX(hostname, Hostname, const char *, .format = CUVEE_HOSTNAME);
BOX(ipv4, Ipv4, const char *, .format = CUVEE_IPV4);
BOX(ipv6, Ipv6, const char *, .format = CUVEE_IPV6);
BOX(uuid, Uuid, cuvee_uuid, .doc = NULL);
BOX(optional_uuid, OptionalUuid, cuvee_opt_uuid, .doc = NULL);
BOX(blob, Blob, cuvee_blob, .doc = NULL);
BOX(blob_min, BlobMin, cuvee_blob, .min_length = 2);
BOX(blob_max, BlobMax, cuvee_blob, .max_length = 1);
BOX(json, Json, cuvee_json, .doc = NULL);
BOX(optional_json, OptionalJson, cuvee_opt_json, .doc = NULL);

#define STR_IN   "pydantic-core src/input/input_python.rs validate_str"
#define STR_RULE "pydantic-core src/validators/string.rs"
#define LITERAL  "pydantic-core src/validators/literal.rs"
#define UUID_IN  "pydantic-core src/validators/uuid.rs"
#define UUID_LIB "uuid-rs 1.18 src/error.rs, pydantic-core tests/validators/test_uuid.py"
#define NETWORKS "pydantic pydantic/networks.py"
#define BASE64   "pydantic pydantic/types.py Base64Encoder"
#define OWN      "model/json_read.h: ours"

#define STRING_TYPE "string_type", "Input should be a valid string"
#define UUID_TYPE   "uuid_type", "UUID input should be a string, bytes or UUID object"
#define BYTES_TYPE  "bytes_type", "Input should be a valid bytes"
#define NUL         "string_nul", "String should not have NUL characters"
#define UUID_CHAR   "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found "
#define BAD_UUID(sent, why)                                                                                            \
    BAD(UUID_LIB, uuid, sent, "uuid_parsing", "Input should be a valid UUID, " why, "{\"error\":\"" why "\"}")
#define BAD_EMAIL(sent, why)                                                                                           \
    BAD(NETWORKS " validate_email", email, sent, "value_error", "value is not a valid email address: " why,            \
        "{\"reason\":\"" why "\"}")
#define BAD_URL(sent, why)                                                                                             \
    BAD("pydantic-core src/validators/url.rs", url, sent, "url_parsing", "Input should be a valid URL, " why,          \
        "{\"error\":\"" why "\"}")
#define BAD_BASE64(sent, why)                                                                                          \
    BAD(BASE64, blob, sent, "base64_decode", "Base64 decoding error: '" why "'", "{\"error\":\"" why "\"}")

static const struct read_case cases[] = {
    /* text */
    GOOD(STR_IN, text, "\"text\"", "\"text\""),
    GOOD(STR_IN, text, "\"\"", "\"\""),
    GOOD(STR_IN, text, "\"caf\xC3\xA9 \\\"\\n\"", "\"caf\xC3\xA9 \\\"\\n\""),
    GOOD(STR_IN, text, "\"12\"", "\"12\""),
    BAD(STR_IN, text, "12", STRING_TYPE),
    BAD(STR_IN, text, "1.5", STRING_TYPE),
    BAD(STR_IN, text, "true", STRING_TYPE),
    BAD(STR_IN, text, "null", STRING_TYPE),
    BAD(STR_IN, text, "[\"a\"]", STRING_TYPE),
    BAD(STR_IN, text, "{\"a\":\"b\"}", STRING_TYPE),
    BAD(STR_IN, text, "12345678901234567890", STRING_TYPE),
    BAD(OWN, text, "\"a\\u0000b\"", NUL),
    BAD(STR_RULE, text_min1, "\"\"", "string_too_short", "String should have at least 1 character",
        "{\"min_length\":1}"),
    GOOD("fastapi tests/test_path.py", text_min3, "\"foobar\"", "\"foobar\""),
    BAD("fastapi tests/test_path.py", text_min3, "\"fo\"", "string_too_short",
        "String should have at least 3 characters", "{\"min_length\":3}"),
    GOOD(STR_RULE, text_min3, "\"\xC3\xA9\xC3\xA9\xC3\xA9\"", "\"\xC3\xA9\xC3\xA9\xC3\xA9\""),
    BAD(STR_RULE, text_min3, "\"\xF0\x9F\x8D\xB7\"", "string_too_short", "String should have at least 3 characters",
        "{\"min_length\":3}"),
    BAD(STR_IN, text_min3, "3", STRING_TYPE),
    BAD("fastapi tests/test_path.py", text_max3, "\"foobar\"", "string_too_long",
        "String should have at most 3 characters", "{\"max_length\":3}"),
    GOOD(STR_RULE, text_max3, "\"\xC3\xA9\xC3\xA9\xC3\xA9\"", "\"\xC3\xA9\xC3\xA9\xC3\xA9\""),
    BAD(STR_RULE, text_max1, "\"ab\"", "string_too_long", "String should have at most 1 character",
        "{\"max_length\":1}"),
    GOOD(STR_RULE, text_pattern, "\"fixed\\\"query\"", "\"fixed\\\"query\""),
    BAD("fastapi tests/test_tutorial/test_query_params_str_validations", text_pattern, "\"nonregexquery\"",
        "string_pattern_mismatch", "String should match pattern '^fixed\"query$'",
        "{\"pattern\":\"^fixed\\\"query$\"}"),
    BAD(STR_RULE, text_all, "\"b\"", "string_too_short", "String should have at least 2 characters",
        "{\"min_length\":2}"),
    BAD(STR_RULE, text_all, "\"bbbb\"", "string_too_long", "String should have at most 3 characters",
        "{\"max_length\":3}"),
    BAD(STR_RULE, text_all, "\"bb\"", "string_pattern_mismatch", "String should match pattern '^a'",
        "{\"pattern\":\"^a\"}"),
    GOOD("pydantic-core src/validators/nullable.rs", optional_text, "null", "null"),
    GOOD(STR_RULE, optional_text, "\"\"", "\"\""),
    BAD(STR_RULE, optional_text, "\"abcd\"", "string_too_long", "String should have at most 3 characters",
        "{\"max_length\":3}"),

    /* choices */
    GOOD(LITERAL, choice3, "\"resnet\"", "\"resnet\""),
    BAD("fastapi tests/test_tutorial/test_path_params/test_tutorial005.py", choice3, "\"foo\"", "literal_error",
        "Input should be 'alexnet', 'resnet' or 'lenet'", "{\"expected\":\"'alexnet', 'resnet' or 'lenet'\"}"),
    BAD(LITERAL, choice3, "\"resne\"", "literal_error", "Input should be 'alexnet', 'resnet' or 'lenet'",
        "{\"expected\":\"'alexnet', 'resnet' or 'lenet'\"}"),
    BAD(LITERAL, choice3, "\"Resnet\"", "literal_error", "Input should be 'alexnet', 'resnet' or 'lenet'",
        "{\"expected\":\"'alexnet', 'resnet' or 'lenet'\"}"),
    BAD(LITERAL, choice2, "\"\"", "literal_error", "Input should be 'alexnet' or 'resnet'",
        "{\"expected\":\"'alexnet' or 'resnet'\"}"),
    BAD(LITERAL, choice1, "5", "literal_error", "Input should be 'alexnet'", "{\"expected\":\"'alexnet'\"}"),
    BAD(LITERAL, choice1, "null", "literal_error", "Input should be 'alexnet'", "{\"expected\":\"'alexnet'\"}"),
    BAD(LITERAL ", repr of Python", choice_odd, "\"x\"", "literal_error",
        "Input should be \"it's\", 'a\\\\b' or 'tab \\t\\x01\\x7f'",
        "{\"expected\":\"\\\"it's\\\", 'a\\\\\\\\b' or 'tab \\\\t\\\\x01\\\\x7f'\"}"),
    GOOD(LITERAL, optional_choice, "null", "null"),
    BAD(LITERAL, optional_choice, "\"c\"", "literal_error", "Input should be 'a' or 'b'",
        "{\"expected\":\"'a' or 'b'\"}"),

    /* formats */
    GOOD(NETWORKS, email, "\"jane@example.com\"", "\"jane@example.com\""),
    BAD_EMAIL("\"jane\"", "An email address must have an @-sign."),
    BAD_EMAIL("\"@example.com\"", "There must be something before the @-sign."),
    BAD_EMAIL("\"jane@\"", "There must be something after the @-sign."),
    BAD_EMAIL("\"jane@localhost\"", "The part after the @-sign is not valid. It should have a period."),
    BAD(STR_IN, email, "5", STRING_TYPE),
    GOOD("pydantic-core src/validators/url.rs", url, "\"https://example.com/a?b#c\"", "\"https://example.com/a?b#c\""),
    BAD_URL("\"example.com\"", "relative URL without a base"),
    BAD_URL("\"\"", "input is empty"),
    BAD_URL("\"http://\"", "empty host"),
    BAD_URL("\"http://example.com:99999\"", "invalid port number"),
    BAD("pydantic-core src/validators/url.rs", url, "5", "url_type", "URL input should be a string or URL"),
    GOOD(OWN, hostname, "\"db.example.com\"", "\"db.example.com\""),
    BAD(OWN, hostname, "\"-x\"", "value_error", "Value error, it is not a valid host name", "{\"error\":{}}"),
    GOOD("pydantic pydantic/_internal/_validators.py", ipv4, "\"192.0.2.1\"", "\"192.0.2.1\""),
    BAD("pydantic pydantic/_internal/_validators.py", ipv4, "\"192.0.2\"", "ip_v4_address",
        "Input is not a valid IPv4 address"),
    GOOD("pydantic pydantic/_internal/_validators.py", ipv6, "\"2001:db8::1\"", "\"2001:db8::1\""),
    BAD("pydantic pydantic/_internal/_validators.py", ipv6, "\"192.0.2.1\"", "ip_v6_address",
        "Input is not a valid IPv6 address"),

    /* UUID */
    GOOD(UUID_IN, uuid, "\"12345678-1234-5678-1234-567812345678\"", "\"12345678-1234-5678-1234-567812345678\""),
    GOOD(UUID_IN, uuid, "\"12345678123456781234567812345678\"", "\"12345678-1234-5678-1234-567812345678\""),
    GOOD(UUID_IN, uuid, "\"{12345678-1234-5678-1234-56781234ABCD}\"", "\"12345678-1234-5678-1234-56781234abcd\""),
    GOOD(UUID_IN, uuid, "\"urn:uuid:12345678-1234-5678-1234-567812345678\"",
         "\"12345678-1234-5678-1234-567812345678\""),
    GOOD(UUID_IN, optional_uuid, "null", "null"),
    BAD_UUID("\"not-a-valid-uuid\"", UUID_CHAR "`n` at 1"),
    BAD_UUID("\"12345678-1234-5678-1234-56781234567\xC3\xA9\"", UUID_CHAR "`\xC3\xA9` at 36"),
    BAD_UUID("\"urn:uuid:x\"", UUID_CHAR "`x` at 10"),
    BAD_UUID("\"\"", "invalid length: expected length 32 for simple format, found 0"),
    BAD_UUID("\"1234\"", "invalid length: expected length 32 for simple format, found 4"),
    BAD_UUID("\"550e8400-e29b-41d4-a716\"", "invalid group count: expected 5, found 4"),
    BAD_UUID("\"{550e8400}\"", "invalid group count: expected 5, found 1"),
    BAD_UUID("\"12345678-1234-5678-1234-5678123456789\"", "invalid group length in group 4: expected 12, found 13"),
    BAD_UUID("\"f47ac10b-58cc-4372-a567-0e02b2c3d47\"", "invalid group length in group 4: expected 12, found 11"),
    BAD_UUID("\"123456789-1234-5678-1234-567812345678\"", "invalid group length in group 0: expected 8, found 9"),
    BAD_UUID("\"12345678-123-45678-1234-567812345678\"", "invalid group length in group 1: expected 4, found 3"),
    BAD(UUID_IN, uuid, "5", UUID_TYPE),
    BAD(UUID_IN, uuid, "null", UUID_TYPE),
    BAD(UUID_IN, uuid, "[]", UUID_TYPE),

    /* blob */
    GOOD(BASE64, blob, "\"Zm9v\"", "\"Zm9v\""),
    GOOD(BASE64, blob, "\"\"", "\"\""),
    GOOD(BASE64, blob, "\"AA==\"", "\"AA==\""),
    BAD_BASE64("\"Zm9\"", "Incorrect padding"),
    BAD_BASE64("\"Zm9vY\"",
               "Invalid base64-encoded string: number of data characters cannot be 1 more than a multiple of 4"),
    BAD_BASE64("\"Zm9$\"", "Only base64 data is allowed"),
    BAD("pydantic-core src/input/input_python.rs validate_bytes", blob, "5", BYTES_TYPE),
    BAD("pydantic-core src/input/input_python.rs validate_bytes", blob, "null", BYTES_TYPE),
    BAD("pydantic-core src/validators/bytes.rs", blob_min, "\"AA==\"", "bytes_too_short",
        "Data should have at least 2 bytes", "{\"min_length\":2}"),
    BAD("pydantic-core src/validators/bytes.rs", blob_max, "\"Zm9v\"", "bytes_too_long",
        "Data should have at most 1 byte", "{\"max_length\":1}"),

    /* JSON as a value */
    GOOD("pydantic-core src/validators/any.rs", json, "{\"a\":[1,2.5,\"x\",null,true,{}],\"b\":[]}",
         "{\"a\":[1,2.5,\"x\",null,true,{}],\"b\":[]}"),
    GOOD("pydantic-core src/validators/any.rs", json, "null", "null"),
    GOOD("pydantic-core src/validators/any.rs", json, "12345678901234567890", "12345678901234567890"),
    GOOD("pydantic-core src/validators/any.rs", json, "[0.1,1e+100,-0.5]", "[0.1,1e+100,-0.5]"),
    GOOD("pydantic-core src/validators/nullable.rs", optional_json, "null", "null"),
    BAD(OWN, json, "[\"a\\u0000\"]", NUL),
    BAD(OWN, json, "{\"x\":{\"y\":\"\\u0000\"}}", NUL),
};

const struct read_cases text_cases = {cases, sizeof cases / sizeof cases[0]};
