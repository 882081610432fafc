#include "model/json_build.h"

#include <math.h>
#include <string.h>

#include "base/buffer.h"
#include "base/double_text.h"
#include "model/constant.h"

enum { BIG_MARK = 0xFF };

const char *cv_json_big(const json_t *json, size_t *size)
{
    const char *text = json_is_string(json) ? json_string_value(json) : NULL;
    if (!text || (unsigned char)text[0] != BIG_MARK)
        return NULL;
    *size = json_string_length(json) - 1;
    return text + 1;
}

/* What is open, outermost first, each in the one before it; the root holds the outermost. */
struct builder {
    json_t *root;
    json_t *open[CV_JSON_BUILD_DEPTH];
    size_t depth;
    struct cv_buffer name; /* of the member whose value comes next */
    struct cv_buffer text;
};

/* Puts a new value where it belongs. */
static bool add(struct builder *builder, json_t *value)
{
    if (!value)
        return false;
    if (builder->depth == 0) {
        builder->root = value;
        return true;
    }
    json_t *outer = builder->open[builder->depth - 1];
    if (json_is_array(outer))
        return json_array_append_new(outer, value) == 0;
    return json_object_set_new_nocheck(outer, builder->name.data, value) == 0;
}

static bool on_open(void *arg, bool object)
{
    struct builder *builder = arg;
    json_t *value = object ? json_object() : json_array();
    if (!add(builder, value))
        return false;
    builder->open[builder->depth++] = value;
    return true;
}

static bool on_close(void *arg)
{
    struct builder *builder = arg;
    builder->depth--;
    return true;
}

/* ---- texts ---- */

static unsigned hex(const char *digits)
{
    unsigned number = 0;
    for (int i = 0; i < 4; i++) {
        char c = digits[i];
        number = number << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return number;
}

static void put_utf8(struct cv_buffer *out, unsigned point)
{
    char bytes[4];
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--, point >>= 6)
        bytes[i] = (char)(0x80 | (point & 0x3F));
    bytes[0] = (char)(lead[size] | point);
    cv_buffer_bytes(out, bytes, size);
}

/* The escape behind a backslash; what the scanner let pass is good. Returns what follows it. */
static const char *put_escape(struct cv_buffer *out, const char *p)
{
    static const char known[] = "bfnrt";
    static const char meant[] = "\b\f\n\r\t";
    const char *at = strchr(known, *p);
    if (*p != 'u') {
        cv_buffer_char(out, at ? meant[at - known] : *p);
        return p + 1;
    }
    unsigned point = hex(p + 1);
    p += 5;
    if (point >= 0xD800 && point < 0xDC00) {
        point = 0x10000 + ((point - 0xD800) << 10) + (hex(p + 2) - 0xDC00);
        p += 6;
    }
    put_utf8(out, point);
    return p;
}

static bool unescape(struct cv_buffer *out, const char *raw, size_t size)
{
    const char *end = raw + size;
    cv_buffer_clear(out);
    while (raw < end) {
        const char *escape = memchr(raw, '\\', (size_t)(end - raw));
        const char *stop = escape ? escape : end;
        cv_buffer_bytes(out, raw, (size_t)(stop - raw));
        raw = escape ? put_escape(out, escape + 1) : end;
    }
    return cv_buffer_text(out) != NULL;
}

static bool on_name(void *arg, const char *raw, size_t size)
{
    struct builder *builder = arg;
    return unescape(&builder->name, raw, size);
}

static bool on_text(void *arg, const char *raw, size_t size)
{
    struct builder *builder = arg;
    return unescape(&builder->text, raw, size) &&
           add(builder, json_stringn_nocheck(builder->text.data, builder->text.size));
}

/* ---- numbers and words ---- */

static json_t *big_number(struct builder *builder, const char *raw, size_t size)
{
    cv_buffer_clear(&builder->text);
    cv_buffer_char(&builder->text, (char)BIG_MARK);
    cv_buffer_bytes(&builder->text, raw, size);
    return builder->text.failed ? NULL : json_stringn_nocheck(builder->text.data, builder->text.size);
}

static bool on_number(void *arg, const char *raw, size_t size)
{
    struct builder *builder = arg;
    cuvee_value value;
    double real;
    bool whole = !memchr(raw, '.', size) && !memchr(raw, 'e', size) && !memchr(raw, 'E', size);
    if (whole && cv_constant_read(CUVEE_INT64, raw, size, NULL, &value) == CV_CONSTANT_GOOD)
        return add(builder, json_integer(value.as.integer));
    if (!whole && cv_double_parse(raw, size, &real) && isfinite(real))
        return add(builder, json_real(real));
    return add(builder, big_number(builder, raw, size));
}

static bool on_word(void *arg, char first)
{
    return add(arg, first == 'n' ? json_null() : json_boolean(first == 't'));
}

json_t *cv_json_build(const char *text, size_t size, enum cv_json_scan *result, struct cv_json_fault *fault)
{
    struct builder builder = {.root = NULL};
    const struct cv_json_listener listener = {.open = on_open,
                                              .close = on_close,
                                              .name = on_name,
                                              .text = on_text,
                                              .number = on_number,
                                              .word = on_word,
                                              .depth = CV_JSON_BUILD_DEPTH,
                                              .arg = &builder};
    cv_buffer_init(&builder.name, 0);
    cv_buffer_init(&builder.text, 0);
    *result = cv_json_scan(text, size, &listener, fault);
    cv_buffer_free(&builder.name);
    cv_buffer_free(&builder.text);
    if (*result == CV_JSON_GOOD)
        return builder.root;
    json_decref(builder.root);
    return NULL;
}
