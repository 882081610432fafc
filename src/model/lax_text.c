#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "base/uuid_text.h"
#include "model/constant.h"
#include "model/json_dump.h"
#include "model/json_scan.h"
#include "model/lax.h"

static const char string_type[] = "Input should be a valid string";
static const char string_unicode[] = "Input should be a valid string, unable to parse raw data as a unicode string";
static const char string_nul[] = "String should not have NUL characters";
static const char url_type[] = "URL input should be a string or URL";
static const char uuid_type[] = "UUID input should be a string, bytes or UUID object";
static const char bytes_type[] = "Input should be a valid bytes";

/* Python's texts may have NUL characters, ours and the databases' may not: this mistake is our own. */
static bool nul_fault(const struct cv_lax *lax)
{
    return cv_lax_fault(lax, "string_nul", string_nul);
}

/* ---- text ---- */

bool cv_lax_text(const struct cv_lax *lax, cuvee_value *value)
{
    const struct cv_input *input = &lax->input;
    if (input->type != CV_INPUT_TEXT) {
        if (lax->field->choice_count > 0)
            return cv_lax_fault_rule(lax, CV_RULE_CHOICES, value);
        bool url = lax->field->declared->format == CUVEE_URL;
        return url ? cv_lax_fault(lax, "url_type", url_type) : cv_lax_fault(lax, "string_type", string_type);
    }
    if (input->size > 0 && memchr(input->text, '\0', input->size))
        return nul_fault(lax);
    if (!input->json && !cv_utf8_valid(input->text, input->size))
        return cv_lax_fault(lax, "string_unicode", string_unicode);
    value->kind = CUVEE_TEXT;
    value->as.text.data = input->text;
    value->as.text.size = input->size;
    return true;
}

/* ---- UUID ---- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* What stands inside of "{…}" or behind "urn:uuid:". */
struct inner {
    const char *text;
    size_t size;
    size_t offset;
    bool simple; /* neither */
};

static struct inner inner_of(const struct cv_input *input)
{
    static const char urn[] = "urn:uuid:";
    size_t urn_size = sizeof urn - 1;
    if (input->size >= 2 && input->text[0] == '{' && input->text[input->size - 1] == '}')
        return (struct inner){.text = input->text + 1, .size = input->size - 2, .offset = 1};
    if (input->size >= urn_size && memcmp(input->text, urn, urn_size) == 0)
        return (struct inner){.text = input->text + urn_size, .size = input->size - urn_size, .offset = urn_size};
    return (struct inner){.text = input->text, .size = input->size, .simple = true};
}

/* Bytes of the character that begins here, so that it is shown whole. */
static int character_size(const char *text, size_t left)
{
    int size = 1;
    while (size < 4 && (size_t)size < left && ((unsigned char)text[size] & 0xC0) == 0x80)
        size++;
    return size;
}

static void explain_groups(const size_t *hyphens, size_t size, char *why, size_t why_size)
{
    static const size_t starts[] = {0, 9, 14, 19, 24};
    static const unsigned expected[] = {8, 4, 4, 4, 12};
    size_t group = 0;
    while (group < 4 && hyphens[group] == starts[group + 1] - 1)
        group++;
    size_t found = (group < 4 ? hyphens[group] : size) - starts[group];
    snprintf(why, why_size, "invalid group length in group %zu: expected %u, found %zu", group, expected[group], found);
}

/* The first thing that is wrong, in the words of the library that Pydantic uses. */
static void explain_uuid(const struct cv_input *input, char *why, size_t why_size)
{
    struct inner inner = inner_of(input);
    size_t hyphens[4] = {0, 0, 0, 0};
    size_t count = 0;
    for (size_t i = 0; i < inner.size; i++) {
        if (inner.text[i] == '-') {
            if (count < 4)
                hyphens[count] = i;
            count++;
        } else if (!is_hex(inner.text[i])) {
            snprintf(why, why_size,
                     "invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found "
                     "`%.*s` at %zu",
                     character_size(inner.text + i, inner.size - i), inner.text + i, i + inner.offset + 1);
            return;
        }
    }
    if (count == 0 && inner.simple)
        snprintf(why, why_size, "invalid length: expected length 32 for simple format, found %zu", input->size);
    else if (count != 4)
        snprintf(why, why_size, "invalid group count: expected 5, found %zu", count + 1);
    else
        explain_groups(hyphens, input->size, why, why_size);
}

bool cv_lax_uuid(const struct cv_lax *lax, cuvee_value *value)
{
    cuvee_uuid uuid;
    char why[160];
    if (lax->input.type != CV_INPUT_TEXT)
        return cv_lax_fault(lax, "uuid_type", uuid_type);
    if (cv_uuid_parse(lax->input.text, lax->input.size, &uuid)) {
        *value = cuvee_uuid_value(uuid);
        return true;
    }
    explain_uuid(&lax->input, why, sizeof why);
    return cv_lax_fault_of(lax, "uuid_parsing", "Input should be a valid UUID, ", "error", why, "");
}

/* ---- blob ---- */

/* Python's words; it lets characters outside of the alphabet pass, we do not. */
static const char *base64_words(enum cv_base64_fault fault)
{
    switch (fault) {
    case CV_BASE64_LENGTH:
        return "Invalid base64-encoded string: number of data characters cannot be 1 more than a multiple of 4";
    case CV_BASE64_PADDING: return "Incorrect padding";
    case CV_BASE64_ALPHABET:
    case CV_BASE64_GOOD: break;
    }
    return "Only base64 data is allowed";
}

bool cv_lax_blob(const struct cv_lax *lax, cuvee_value *value)
{
    const struct cv_input *input = &lax->input;
    if (input->type != CV_INPUT_TEXT)
        return cv_lax_fault(lax, "bytes_type", bytes_type);
    char *bytes = cv_arena_alloc(lax->arena, cv_base64_room(input->size));
    if (!bytes)
        return cv_lax_no_memory(lax);
    value->kind = CUVEE_BLOB;
    value->as.text.data = bytes;
    enum cv_base64_fault fault = cv_base64_decode(bytes, &value->as.text.size, input->text, input->size);
    return !fault ||
           cv_lax_fault_of(lax, "base64_decode", "Base64 decoding error: '", "error", base64_words(fault), "'");
}

/* ---- JSON ---- */

static bool json_of_text(const struct cv_lax *lax, cuvee_value *value)
{
    const struct cv_input *input = &lax->input;
    struct cv_json_fault fault;
    if (!cv_utf8_valid(input->text, input->size))
        return cv_lax_fault(lax, "string_unicode", string_unicode);
    if (cv_json_scan(input->text, input->size, NULL, &fault))
        return cv_lax_fault_of(lax, "json_invalid", "Invalid JSON: ", "error", fault.message, "");
    value->as.text.data = input->text;
    value->as.text.size = input->size;
    return !fault.nul || nul_fault(lax);
}

bool cv_lax_json(const struct cv_lax *lax, cuvee_value *value)
{
    value->kind = CUVEE_JSON;
    if (!lax->input.json)
        return json_of_text(lax, value);
    struct cv_buffer text;
    cv_buffer_init(&text, 0);
    cv_json_dump(&text, lax->input.json);
    value->as.text.size = text.size;
    value->as.text.data = text.failed ? NULL : cv_arena_copy(lax->arena, text.data, text.size);
    cv_buffer_free(&text);
    if (!value->as.text.data)
        return cv_lax_no_memory(lax);
    return cv_json_is(value->as.text.data, value->as.text.size) || nul_fault(lax);
}
