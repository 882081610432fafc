/**
 * The web layer: typed endpoints over a blend, with validation, OpenAPI and docs pages.
 *
 *     static void read_users(cuvee_request *req)
 *     {
 *         cuvee_reply_query(req, cuvee_select(cuvee_request_session(req), &user_model));
 *     }
 *     …
 *     cuvee_app *app = cuvee_app_new(blend, .title = "Demo");
 *     cuvee_app_get(app, "/users", read_users, .returns = CUVEE_LIST(&user_model));
 *     return cuvee_app_main(app, argc, argv);
 *
 * Before a handler runs, its parameters and body have been read, checked and put into structs; a request that does not
 * fit is answered with 422 and all its errors. After it, the dependencies are closed in reverse order, and only then does
 * the reply leave. A session that was not committed is rolled back. If the handler ends with an error in its session, that
 * error makes the reply: unique, foreign key, version 409; missing 404; retry, busy, exhausted 503; else 500. So a handler
 * reads straight down: what it replies counts when all went well, and the first error reply stays.
 *
 * An application is set up by one thread and then serves with many: handlers run on worker threads, one request each.
 */
#ifndef CUVEE_WEB_H
#define CUVEE_WEB_H

#include <cuvee/blend.h>
#include <cuvee/query.h>
#include <cuvee/reply.h>
#include <cuvee/server.h>
#include <cuvee/session.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An endpoint's function. It reads its parameters, works, and calls one of the cuvee_reply functions. */
typedef void (*cuvee_handler)(cuvee_request *request);

/** A body or reply: one object of a model, or a list of them. */
typedef struct cuvee_shape {
    const cuvee_model *model;
    bool list;
} cuvee_shape;
#define CUVEE_ONE(m)                                                                                                   \
    {                                                                                                                  \
        (m), false                                                                                                     \
    }
#define CUVEE_LIST(m)                                                                                                  \
    {                                                                                                                  \
        (m), true                                                                                                      \
    }

/** Options of an application. Zero means the default. Texts are borrowed for the application's life. */
typedef struct cuvee_app_options {
    const char *title;                    /**< default "Cuvee" */
    const char *version;                  /**< of the API; default "0.1.0" */
    const char *doc;                      /**< description on the docs pages */
    bool (*on_start)(cuvee_blend *blend); /**< runs once before serving, after the tables were made; false stops */
    size_t max_body;                      /**< bytes; more is answered with 413; default 1 MiB */
    size_t size;                          /**< sizeof(cuvee_app_options); set by the macro */
} cuvee_app_options;

/** Options of a route. Zero means the default. Everything is borrowed for the application's life. */
typedef struct cuvee_route_options {
    const cuvee_model *params; /**< parameters from path, query, headers and cookies. A table's model: only its fields
                                    that the path names, so `.params = &user_model` reads the id of "/users/{id}" */
    cuvee_shape body;          /**< JSON body */
    cuvee_shape returns;       /**< JSON reply */
    int status;                /**< of a good reply; default 200 */
    const char *name;          /**< default: the handler's name */
    const char *summary;       /**< default: made from the name: read_users, "Read Users" */
    const char *doc;
    const char *tag; /**< groups routes on the docs pages */
    bool deprecated;
    bool in_no_schema; /**< left out of OpenAPI */
    size_t size;       /**< sizeof(cuvee_route_options); set by the macro */
} cuvee_route_options;

/**
 * A new application over `blend`, which it borrows: cuvee_app_new(blend, .title = "Demo"). NULL when memory is out (all
 * functions take NULL). Mistakes in routes stay in the application and are told by cuvee_app_error and cuvee_app_main.
 */
cuvee_app *cuvee_app_new_with(cuvee_blend *blend, const cuvee_app_options *options);
#define cuvee_app_new(...)         CUVEE_APP_NEW_(__VA_ARGS__, .size = sizeof(cuvee_app_options))
#define CUVEE_APP_NEW_(blend, ...) cuvee_app_new_with(blend, &(cuvee_app_options){__VA_ARGS__})

/** Frees the application, not the blend. NULL is fine. */
void cuvee_app_free(cuvee_app *app);

/** The first mistake made while setting up; kind NONE when there is none. Never NULL. */
const cuvee_error *cuvee_app_error(const cuvee_app *app);

/**
 * Adds a route: cuvee_app_get(app, "/users/{id}", read_user, .params = &user_model, .returns = CUVEE_ONE(&user_model)).
 * `path` may name parameters in braces, one per segment; literal segments win over parameters. Errors stay in the app.
 */
void cuvee_app_route(cuvee_app *app, const char *method, const char *path, cuvee_handler handler,
                     const cuvee_route_options *options);
#define cuvee_app_get(app, path, ...)  CUVEE_ROUTE_(app, "GET", path, __VA_ARGS__, .size = sizeof(cuvee_route_options))
#define cuvee_app_post(app, path, ...) CUVEE_ROUTE_(app, "POST", path, __VA_ARGS__, .size = sizeof(cuvee_route_options))
#define cuvee_app_put(app, path, ...)  CUVEE_ROUTE_(app, "PUT", path, __VA_ARGS__, .size = sizeof(cuvee_route_options))
#define cuvee_app_patch(app, path, ...)                                                                                \
    CUVEE_ROUTE_(app, "PATCH", path, __VA_ARGS__, .size = sizeof(cuvee_route_options))
#define cuvee_app_delete(app, path, ...)                                                                               \
    CUVEE_ROUTE_(app, "DELETE", path, __VA_ARGS__, .size = sizeof(cuvee_route_options))
#define CUVEE_ROUTE_(app, method, path, handler, ...)                                                                  \
    CUVEE_ROUTE_NAMED_(app, method, path, handler, #handler, __VA_ARGS__)
#define CUVEE_ROUTE_NAMED_(app, method, path, handler, handler_name, ...)                                              \
    cuvee_app_route_named(app, method, path, handler, handler_name, &(cuvee_route_options){__VA_ARGS__})
/** cuvee_app_route with the handler's name, which the macros take from the source. */
void cuvee_app_route_named(cuvee_app *app, const char *method, const char *path, cuvee_handler handler,
                           const char *handler_name, const cuvee_route_options *options);

/* ---- in a handler ---- */

/**
 * The request's session, opened at the first call. It is closed before the reply leaves, and rolled back if it was not
 * committed. Never close it yourself.
 */
cuvee_session *cuvee_request_session(cuvee_request *request);

/**
 * The request's parameters as the struct that `params` (the route's own descriptor) describes; the struct and its texts live
 * as long as the request. With another descriptor than the route's the request fails with 500 and the struct is zeros. NULL
 * only in that case and when memory is out, too.
 */
const void *cuvee_params(cuvee_request *request, const cuvee_model *params);

/** The request's body, in the same way. For a list body use cuvee_body_list. */
const void *cuvee_body(cuvee_request *request, const cuvee_model *model);
/** The request's list body: `count` structs side by side at `items`. */
cuvee_array cuvee_body_list(cuvee_request *request, const cuvee_model *model);

/** How the request came: its method, and its path without the query, as it stood in the request line (not decoded). */
const char *cuvee_request_method(cuvee_request *request);
const char *cuvee_request_path(cuvee_request *request);
/** The first header of this name, without regard to case; NULL: none. Lives as long as the request. */
const char *cuvee_request_header(cuvee_request *request, const char *name);
/** The body's bytes, whatever they are; borrowed. */
cuvee_blob cuvee_request_bytes(cuvee_request *request);

/* ---- dependencies ---- */

/**
 * A dependency: something that handlers ask for by cuvee_depend. `open` is called at the first request for it and `close`
 * before the reply leaves, in reverse order. The descriptor's address is its identity (and what a test overrides).
 */
typedef struct cuvee_dependency {
    const char *name;
    void *(*open)(cuvee_request *request);
    void (*close)(cuvee_request *request, void *value); /**< may be NULL */
} cuvee_dependency;

/** The dependency's value for this request; NULL when `open` failed. */
void *cuvee_depend(cuvee_request *request, const cuvee_dependency *dependency);

/** The dependency behind cuvee_request_session, for overriding it in tests. */
const cuvee_dependency *cuvee_session_dependency(void);

#ifdef __cplusplus
}
#endif
#endif
