/* Headers and cookies that a handler adds to its reply. */
#include <inttypes.h>
#include <string.h>

#include "base/ascii.h"
#include "base/options.h"
#include "web/request/request.h"

bool cv_header_has(const cuvee_request *request, const char *name, const char *word)
{
    struct cv_slice value = cv_request_header(request, name);
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= value.size; i++)
        if (memcmp(value.data + i, word, size) == 0)
            return true;
    return false;
}

bool cv_add_header(cuvee_request *request, const char *name, const char *value)
{
    if (cv_reply_header(request->reply, request->arena, name, value))
        return true;
    cv_fail(request, "out of memory");
    return false;
}

/* What a header's name may be made of (RFC 9110, token). */
static bool is_token(const char *text)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (const char *p = text; *p; p++) {
        if (!cv_is_alnum(*p) && !strchr(others, *p))
            return false;
    }
    return *text != '\0';
}

/* A line's end in a value would begin a header of its own. */
static bool is_value(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (*p < 0x20 || *p == 0x7F)
            return false;
    return true;
}

static void add(cuvee_request *request, const char *name, const char *value)
{
    struct cv_header **end = &request->headers;
    while (*end)
        end = &(*end)->next;
    struct cv_header *header = cv_arena_alloc(request->arena, sizeof *header);
    const char *kept_name = header ? cv_arena_text(request->arena, name) : NULL;
    const char *kept_value = kept_name ? cv_arena_text(request->arena, value) : NULL;
    if (!kept_value) {
        cv_fail(request, "out of memory");
        return;
    }
    *header = (struct cv_header){.name = kept_name, .value = kept_value};
    *end = header;
}

void cuvee_set_header(cuvee_request *request, const char *name, const char *value)
{
    if (!name || !value || !is_token(name) || !is_value(value))
        cv_fail(request, "%s sets a header that cannot be sent: %s", request->endpoint->name, name ? name : "NULL");
    else
        add(request, name, value);
}

/* ---- cookies ---- */

/* What a cookie's value may hold without quotes (RFC 6265, cookie-octet). */
static bool is_plain(const char *value)
{
    for (const unsigned char *p = (const unsigned char *)value; *p; p++)
        if (*p <= 0x20 || *p >= 0x7F || strchr("\",;\\", *p))
            return false;
    return true;
}

/* Other bytes are percent-encoded: that comes back as it is, and no cookie parser stumbles over it. */
static void put_value(struct cv_buffer *out, const char *value)
{
    for (const unsigned char *p = (const unsigned char *)value; *p; p++) {
        bool plain = *p > 0x20 && *p < 0x7F && !strchr("\",;\\%", *p);
        if (plain)
            cv_buffer_char(out, (char)*p);
        else
            cv_buffer_format(out, "%%%02X", *p);
    }
}

static void put_attribute(struct cv_buffer *out, const char *name, const char *value)
{
    if (value)
        cv_buffer_format(out, "; %s=%s", name, value);
}

static void put_cookie(struct cv_buffer *out, const char *name, const char *value, const cuvee_cookie *options)
{
    cv_buffer_format(out, "%s=", name);
    if (is_plain(value))
        cv_buffer_put(out, value);
    else
        put_value(out, value);
    put_attribute(out, "Domain", options->domain);
    if (options->max_age != 0)
        cv_buffer_format(out, "; Max-Age=%" PRId64, options->max_age > 0 ? options->max_age : 0);
    put_attribute(out, "Path", options->path ? options->path : "/");
    put_attribute(out, "SameSite", options->same_site ? options->same_site : "lax");
    if (options->http_only)
        cv_buffer_put(out, "; HttpOnly");
    if (options->secure)
        cv_buffer_put(out, "; Secure");
}

/* An attribute's text must not bring attributes of its own. */
static bool is_attribute(const char *text)
{
    return !text || (is_value(text) && !strchr(text, ';'));
}

void cuvee_set_cookie_with(cuvee_request *request, const char *name, const char *value, const cuvee_cookie *given)
{
    cuvee_cookie options;
    cv_take_options(&options, sizeof options, given, given ? given->size : 0);
    if (!name || !value || !is_token(name) || !is_attribute(options.path) || !is_attribute(options.domain) ||
        !is_attribute(options.same_site)) {
        cv_fail(request, "%s sets a cookie that cannot be sent: %s", request->endpoint->name, name ? name : "NULL");
        return;
    }
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    put_cookie(&out, name, value, &options);
    const char *text = cv_buffer_text(&out);
    if (text)
        add(request, "Set-Cookie", text);
    else
        cv_fail(request, "out of memory");
    cv_buffer_free(&out);
}
