/* The test client's cookies: kept and sent as browsers do it. */
#include <stdlib.h>
#include <string.h>

#include "web/client/test_client.h"

static char *copy(struct cv_slice text)
{
    char *kept = malloc(text.size + 1);
    if (!kept)
        return NULL;
    if (text.size > 0)
        memcpy(kept, text.data, text.size);
    kept[text.size] = '\0';
    return kept;
}

static void free_cookie(struct cv_test_cookie *cookie)
{
    free(cookie->name);
    free(cookie->value);
    free(cookie->path);
    free(cookie);
}

void cv_test_cookies_free(struct cv_test_cookie *cookies)
{
    while (cookies) {
        struct cv_test_cookie *next = cookies->next;
        free_cookie(cookies);
        cookies = next;
    }
}

bool cv_test_cookies_put(struct cv_test_cookie **cookies, struct cv_slice name, struct cv_slice path,
                         const struct cv_slice *value)
{
    struct cv_test_cookie **slot = cookies;
    while (*slot && !(cv_slice_is(name, (*slot)->name) && cv_slice_is(path, (*slot)->path)))
        slot = &(*slot)->next;
    struct cv_test_cookie *old = *slot;
    if (old) {
        *slot = old->next;
        free_cookie(old);
    }
    if (!value)
        return true;
    struct cv_test_cookie *cookie = calloc(1, sizeof *cookie);
    if (!cookie)
        return false;
    *cookie = (struct cv_test_cookie){.name = copy(name), .value = copy(*value), .path = copy(path)};
    if (!cookie->name || !cookie->value || !cookie->path) {
        free_cookie(cookie);
        return false;
    }
    while (*slot)
        slot = &(*slot)->next;
    *slot = cookie;
    return true;
}

/* ---- what replies set ---- */

static bool is_over(struct cv_slice age)
{
    bool zero = age.size > 0;
    for (size_t i = 0; i < age.size; i++)
        zero &= age.data[i] == '0';
    return zero || (age.size > 0 && age.data[0] == '-');
}

/* "name=value; Path=/; Max-Age=0; …" */
static bool take(struct cv_test_cookie **cookies, struct cv_slice header)
{
    struct cv_slice value = cv_slice_cut(&header, ';');
    struct cv_slice name = cv_slice_trim(cv_slice_cut(&value, '='));
    struct cv_slice path = cv_slice("/");
    bool over = false;
    value = cv_slice_trim(value);
    while (header.size > 0) {
        struct cv_slice text = cv_slice_cut(&header, ';');
        struct cv_slice attribute = cv_slice_trim(cv_slice_cut(&text, '='));
        text = cv_slice_trim(text);
        if (cv_slice_is_caseless(attribute, "path") && text.size > 0 && text.data[0] == '/')
            path = text;
        if (cv_slice_is_caseless(attribute, "max-age"))
            over = is_over(text);
    }
    return name.size == 0 || cv_test_cookies_put(cookies, name, path, over ? NULL : &value);
}

bool cv_test_cookies_take(struct cv_test_cookie **cookies, const struct cv_reply *reply)
{
    for (const struct cv_header *header = reply->headers; header; header = header->next)
        if (cv_slice_is_caseless(cv_slice(header->name), "set-cookie") && !take(cookies, cv_slice(header->value)))
            return false;
    return true;
}

/* ---- what requests send ---- */

/* "/a" is for "/a" and "/a/b", not for "/ab". */
static bool is_for(const struct cv_test_cookie *cookie, struct cv_slice path)
{
    size_t size = strlen(cookie->path);
    if (path.size < size || memcmp(path.data, cookie->path, size) != 0)
        return false;
    return path.size == size || cookie->path[size - 1] == '/' || path.data[size] == '/';
}

const char *cv_test_cookies_for(const struct cv_test_cookie *cookies, struct cv_slice target, struct cv_arena *arena)
{
    struct cv_buffer line;
    struct cv_slice path = cv_slice_cut(&target, '?');
    cv_buffer_init(&line, 0);
    for (; cookies; cookies = cookies->next)
        if (is_for(cookies, path))
            cv_buffer_format(&line, "%s%s=%s", line.size > 0 ? "; " : "", cookies->name, cookies->value);
    const char *text = cv_buffer_text(&line);
    const char *kept = text ? cv_arena_text(arena, text) : NULL;
    cv_buffer_free(&line);
    return kept;
}
