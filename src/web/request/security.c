#include "web/request/security.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "web/request/request.h"

const char *cv_security_name(const cuvee_security *security)
{
    if (security->scheme)
        return security->scheme;
    if (security->kind == CUVEE_BEARER)
        return "HTTPBearer";
    if (security->kind == CUVEE_BASIC)
        return "HTTPBasic";
    return security->in == CUVEE_IN_COOKIE  ? "APIKeyCookie"
           : security->in == CUVEE_IN_QUERY ? "APIKeyQuery"
                                            : "APIKeyHeader";
}

static const char *key_place(const cuvee_security *security)
{
    return security->in == CUVEE_IN_COOKIE ? "cookie" : security->in == CUVEE_IN_QUERY ? "query" : "header";
}

json_t *cv_security_schema(const cuvee_security *security)
{
    if (security->kind == CUVEE_API_KEY)
        return json_pack("{s:s,s:s*,s:s,s:s}", "type", "apiKey", "description", security->doc, "in",
                         key_place(security), "name", security->name);
    return json_pack("{s:s,s:s*,s:s,s:s*}", "type", "http", "description", security->doc, "scheme",
                     security->kind == CUVEE_BEARER ? "bearer" : "basic", "bearerFormat",
                     security->kind == CUVEE_BEARER ? security->format : NULL);
}

/* ---- replies ---- */

void cuvee_reply_unauthorized(cuvee_request *request, const cuvee_security *security, const char *detail)
{
    char challenge[160];
    if (request->failed)
        return;
    if (security->kind == CUVEE_BASIC && security->realm)
        snprintf(challenge, sizeof challenge, "Basic realm=\"%s\"", security->realm);
    else
        snprintf(challenge, sizeof challenge, "%s",
                 security->kind == CUVEE_BASIC    ? "Basic"
                 : security->kind == CUVEE_BEARER ? "Bearer"
                                                  : "APIKey");
    cuvee_reply_error(request, 401, detail ? detail : "Not authenticated");
    char *kept = cv_keep_text(request, challenge);
    if (kept)
        cv_add_header(request, "WWW-Authenticate", kept);
}

/* ---- credentials ---- */

/* Texts for C end at the first NUL, so one inside is no credential. */
static const char *keep(cuvee_request *request, struct cv_slice text)
{
    if (!text.data || text.size == 0 || !cv_utf8_text(text.data, text.size))
        return NULL;
    char *kept = cv_arena_copy(request->arena, text.data, text.size);
    if (!kept)
        cv_fail(request, "out of memory");
    return kept;
}

/* What follows the scheme in "Authorization: SCHEME …". */
static struct cv_slice authorization(cuvee_request *request, const char *scheme)
{
    struct cv_slice header = cv_request_header(request, "Authorization");
    const char *space = header.size ? memchr(header.data, ' ', header.size) : NULL;
    struct cv_slice word = {header.data, space ? (size_t)(space - header.data) : 0};
    if (!space || !cv_slice_is_caseless(word, scheme))
        return (struct cv_slice){NULL, 0};
    return cv_slice_trim((struct cv_slice){space + 1, header.size - word.size - 1});
}

static bool read_basic(cuvee_request *request, cuvee_credentials *credentials)
{
    struct cv_slice encoded = authorization(request, "basic");
    size_t size = 0;
    char *text = encoded.size ? cv_arena_alloc(request->arena, cv_base64_room(encoded.size) + 1) : NULL;
    if (!text || cv_base64_decode(text, &size, encoded.data, encoded.size) != CV_BASE64_GOOD ||
        !cv_utf8_text(text, size))
        return false;
    text[size] = '\0';
    char *colon = strchr(text, ':');
    if (!colon)
        return false;
    *colon = '\0';
    credentials->user = text;
    credentials->password = colon + 1;
    return true;
}

static struct cv_slice api_key(cuvee_request *request, const cuvee_security *security)
{
    if (security->in == CUVEE_IN_COOKIE)
        return cv_request_cookie(request, security->name);
    if (security->in == CUVEE_IN_QUERY)
        return cv_request_query(request, security->name);
    return cv_request_header(request, security->name);
}

static bool read_credentials(cuvee_request *request, const cuvee_security *security, cuvee_credentials *credentials)
{
    if (security->kind == CUVEE_BASIC)
        return read_basic(request, credentials);
    credentials->token =
        keep(request, security->kind == CUVEE_BEARER ? authorization(request, "bearer") : api_key(request, security));
    return credentials->token != NULL;
}

const cuvee_credentials *cuvee_request_credentials(cuvee_request *request, const cuvee_security *security)
{
    cuvee_credentials *credentials = cv_arena_zero(request->arena, sizeof *credentials);
    if (!credentials)
        cv_fail(request, "out of memory");
    if (credentials && read_credentials(request, security, credentials))
        return credentials;
    if (!security->optional)
        cuvee_reply_unauthorized(request, security, NULL);
    return NULL;
}

bool cuvee_same_secret(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    size_t size = strlen(a);
    bool same_size = strlen(b) == size;
    return CRYPTO_memcmp(a, same_size ? b : a, size) == 0 && same_size;
}
