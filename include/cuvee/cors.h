/**
 * CORS: which other sites' scripts may call the application. <cuvee/web.h> includes this.
 *
 *     cuvee_app_new(blend, .cors = CUVEE_CORS(.origins = "https://shop.example", .methods = "GET, POST",
 *                                             .credentials = true));
 *
 * Browsers ask first (OPTIONS with Access-Control-Request-Method): the library answers these preflights itself, before
 * middleware and routes, with 200 "OK" or with 400 that says what is not allowed. All other replies to an allowed
 * origin, errors and failures too, get the headers that let its scripts read them. Nothing is refused but preflights:
 * that is the browser's part.
 */
#ifndef CUVEE_CORS_H
#define CUVEE_CORS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Lists are texts with commas between their words; the word "*" is every one. Zero means the default. */
typedef struct cuvee_cors {
    /** "https://a.example, https://b.example:8443", exactly as browsers send them; default: none. */
    const char *origins;
    const char *origin_pattern; /**< PCRE2 pattern; origins that match it as a whole are allowed too */
    const char *methods;        /**< default "GET" */
    const char *headers;        /**< of requests, besides Accept, Accept-Language, Content-Language and Content-Type */
    const char *expose;         /**< headers of replies that scripts may read, besides the few that they always may */
    bool credentials;           /**< cookies and Authorization may come along */
    unsigned max_age;           /**< seconds for which a browser may remember a preflight's answer; default 600 */
    size_t size;                /**< sizeof(cuvee_cors); set by the macro */
} cuvee_cors;
#define CUVEE_CORS(...) (&(const cuvee_cors){__VA_ARGS__, .size = sizeof(cuvee_cors)})

#ifdef __cplusplus
}
#endif
#endif
