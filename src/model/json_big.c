#include "model/json_big.h"

#include <math.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/double_text.h"
#include "model/constant.h"
#include "model/json_write.h"

enum { MARK = 0xFF, SECRET_SIZE = 16, NONCE_SIZE = 2 * SECRET_SIZE };

const char *cv_json_big(const json_t *json, size_t *size)
{
    const char *text = json_is_string(json) ? json_string_value(json) : NULL;
    if (!text || (unsigned char)text[0] != MARK)
        return NULL;
    *size = json_string_length(json) - 1;
    return text + 1;
}

/* ---- the text once more, with the large numbers as texts that begin with a nonce ---- */

/* Nobody outside can know it, so no text from there begins with it. */
static bool make_nonce(char nonce[NONCE_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char secret[SECRET_SIZE];
    if (RAND_bytes(secret, sizeof secret) != 1)
        return false;
    for (size_t i = 0; i < SECRET_SIZE; i++) {
        nonce[2 * i] = digits[secret[i] >> 4];
        nonce[2 * i + 1] = digits[secret[i] & 15];
    }
    return true;
}

static bool fits_jansson(const char *number, size_t size)
{
    cuvee_value value;
    double real;
    bool integer = !memchr(number, '.', size) && !memchr(number, 'e', size) && !memchr(number, 'E', size);
    if (integer)
        return cv_constant_read(CUVEE_INT64, number, size, NULL, &value) == CV_CONSTANT_GOOD;
    return cv_double_parse(number, size, &real) && isfinite(real);
}

/* From an opening quote to behind the closing one. */
static const char *skip_text(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        p += *p == '\\';
    return p < end ? p + 1 : end;
}

static const char *skip_number(const char *p, const char *end)
{
    while (p < end && ((*p >= '0' && *p <= '9') || *p == '-' || *p == '+' || *p == '.' || *p == 'e' || *p == 'E'))
        p++;
    return p;
}

static void rewrite(struct cv_buffer *out, const char *p, const char *end, const char *nonce)
{
    while (p < end) {
        const char *from = p;
        bool number = *p == '-' || (*p >= '0' && *p <= '9');
        p = number ? skip_number(p, end) : *p == '"' ? skip_text(p, end) : p + 1;
        bool big = number && !fits_jansson(from, (size_t)(p - from));
        if (big) {
            cv_buffer_char(out, '"');
            cv_buffer_bytes(out, nonce, NONCE_SIZE);
        }
        cv_buffer_bytes(out, from, (size_t)(p - from));
        if (big)
            cv_buffer_char(out, '"');
    }
}

/* ---- the values once more, with the nonce replaced by the mark ---- */

/* The marked text that stands for this one; NULL if it is none of ours. *good becomes false when memory is out. */
static json_t *marked(const json_t *json, const char *nonce, bool *good)
{
    size_t size = json_string_length(json);
    if (!json_is_string(json) || size < NONCE_SIZE || memcmp(json_string_value(json), nonce, NONCE_SIZE) != 0)
        return NULL;
    struct cv_buffer text;
    cv_buffer_init(&text, 0);
    cv_buffer_char(&text, (char)MARK);
    cv_buffer_bytes(&text, json_string_value(json) + NONCE_SIZE, size - NONCE_SIZE);
    json_t *number = text.failed ? NULL : json_stringn_nocheck(text.data, text.size);
    cv_buffer_free(&text);
    *good = *good && number;
    return number;
}

static bool mark(json_t *json, const char *nonce)
{
    bool good = true;
    for (size_t i = 0; i < json_array_size(json) && good; i++) {
        json_t *number = marked(json_array_get(json, i), nonce, &good);
        good = good && (number ? json_array_set_new(json, i, number) == 0 : mark(json_array_get(json, i), nonce));
    }
    for (void *at = json_object_iter(json); at && good; at = json_object_iter_next(json, at)) {
        json_t *number = marked(json_object_iter_value(at), nonce, &good);
        good = good &&
               (number ? json_object_iter_set_new(json, at, number) == 0 : mark(json_object_iter_value(at), nonce));
    }
    return good;
}

static json_t *mark_root(json_t *json, const char *nonce)
{
    bool good = true;
    json_t *number = json ? marked(json, nonce, &good) : NULL;
    if (json && !number && good && mark(json, nonce))
        return json;
    json_decref(json);
    return number;
}

json_t *cv_json_big_load(const char *text, size_t size)
{
    char nonce[NONCE_SIZE];
    if (!make_nonce(nonce))
        return NULL;
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    rewrite(&out, text, text + size, nonce);
    json_t *json = out.failed ? NULL : json_loadb(out.data, out.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    cv_buffer_free(&out);
    return mark_root(json, nonce);
}
