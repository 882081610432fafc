/**
 * Who asks: bearer tokens, basic authentication and API keys, as dependencies. <cuvee/web.h> includes this.
 *
 *     static const cuvee_security bearer = {.kind = CUVEE_BEARER};
 *
 *     static void *open_principal(cuvee_request *req)
 *     {
 *         const cuvee_credentials *given = cuvee_request_credentials(req, &bearer);
 *         const User *user = given ? find_user(req, given->token) : NULL;
 *         if (!user)
 *             cuvee_reply_unauthorized(req, &bearer, NULL);
 *         return (void *)user;
 *     }
 *     static const cuvee_dependency principal = {.name = "principal", .open = open_principal, .security = &bearer};
 *
 *     cuvee_app_get(app, "/me", read_me, .dependencies = CUVEE_DEPENDENCIES(&principal));
 *
 * The library takes the credentials out of the request and answers 401 when there are none; whether they are good is
 * for the program to say. Routes whose dependencies have `.security` show it in OpenAPI.
 */
#ifndef CUVEE_SECURITY_H
#define CUVEE_SECURITY_H

#include <cuvee/request.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cuvee_security_kind {
    CUVEE_BEARER = 1, /**< Authorization: Bearer TOKEN */
    CUVEE_BASIC,      /**< Authorization: Basic base64(USER:PASSWORD) */
    CUVEE_API_KEY,    /**< a header, query parameter or cookie of its own */
} cuvee_security_kind;

/** How a request says who asks. Zero means the default; static. */
typedef struct cuvee_security {
    cuvee_security_kind kind;
    cuvee_place in;   /**< API key: CUVEE_IN_HEADER, CUVEE_IN_QUERY or CUVEE_IN_COOKIE */
    const char *name; /**< API key: name of the header, parameter or cookie */
    /** Name in OpenAPI; default "HTTPBearer", "HTTPBasic", "APIKeyHeader", "APIKeyQuery", "APIKeyCookie". */
    const char *scheme;
    const char *doc;    /**< for OpenAPI */
    const char *format; /**< bearer: what its tokens are, for OpenAPI ("JWT") */
    const char *realm;  /**< basic */
    bool optional;      /**< a request without credentials is no error: they are NULL */
} cuvee_security;

/** What a request gave; lives as long as the request. What does not apply is NULL. */
typedef struct cuvee_credentials {
    const char *token;    /**< bearer, API key */
    const char *user;     /**< basic */
    const char *password; /**< basic */
} cuvee_credentials;

/**
 * The request's credentials. NULL when there are none or they cannot be read: the reply is then 401 with
 * WWW-Authenticate, unless they are `.optional`.
 */
const cuvee_credentials *cuvee_request_credentials(cuvee_request *request, const cuvee_security *security);

/**
 * Replies 401 with {"detail": detail} and WWW-Authenticate; NULL is "Not authenticated". Does nothing after an error
 * reply.
 */
void cuvee_reply_unauthorized(cuvee_request *request, const cuvee_security *security, const char *detail);

/** Whether two secrets are equal, in a time that does not tell where they differ. NULL equals nothing. Any thread. */
bool cuvee_same_secret(const char *a, const char *b);

#ifdef __cplusplus
}
#endif
#endif
