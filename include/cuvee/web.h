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
 * fit is answered with 422 and all its errors. After it, the dependencies are closed in reverse order, and only then
 * does the reply leave. A session that was not committed is rolled back; a good reply whose session still has changes
 * becomes a 500, so that a client which reads 2xx has a committed change. If the handler ends with an error in its
 * session, that error makes the reply: unique, foreign key, version 409; missing 404; retry, busy, exhausted 503; else
 * 500. So a handler reads straight down: what it replies counts when all went well, and the first error reply stays.
 *
 * An application is set up by one thread and then serves with many: handlers run on worker threads, one request each.
 */
#ifndef CUVEE_WEB_H
#define CUVEE_WEB_H

#include <cuvee/blend.h>
#include <cuvee/cors.h>
#include <cuvee/event.h>
#include <cuvee/query.h>
#include <cuvee/reply.h>
#include <cuvee/request.h>
#include <cuvee/security.h>
#include <cuvee/server.h>
#include <cuvee/session.h>
#include <cuvee/stream.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An endpoint's function. It reads its parameters, works, and calls one of the cuvee_reply functions. */
typedef void (*cuvee_handler)(cuvee_request *request);

/**
 * A body or reply: one object of a model, or a list of them. A body can also be a part of one, for PATCH: any of its
 * fields but the key's, each checked as usual; what is not given is zero, without defaults (cuvee_body_has,
 * cuvee_body_update).
 */
typedef struct cuvee_shape {
    const cuvee_model *model;
    bool list;
    bool part;
} cuvee_shape;
#define CUVEE_ONE(m)                                                                                                   \
    {                                                                                                                  \
        (m), false, false                                                                                              \
    }
#define CUVEE_LIST(m)                                                                                                  \
    {                                                                                                                  \
        (m), true, false                                                                                               \
    }
#define CUVEE_PART(m)                                                                                                  \
    {                                                                                                                  \
        (m), false, true                                                                                               \
    }

/** A reply that a route may give besides its good one, for OpenAPI. One with the route's own status describes that. */
typedef struct cuvee_response {
    int status;
    const char *doc;     /**< default: the status's own text */
    cuvee_shape returns; /**< its JSON; default: not told */
} cuvee_response;
/** A list of them: CUVEE_RESPONSES({.status = 404, .doc = "No such user"}, {.status = 409}). */
#define CUVEE_RESPONSES(...)                                                                                           \
    (const cuvee_response[])                                                                                           \
    {                                                                                                                  \
        __VA_ARGS__,                                                                                                   \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }

/** What a tag of routes is about, for OpenAPI. */
typedef struct cuvee_tag {
    const char *name;
    const char *doc;
} cuvee_tag;
/**
 * A list of them, in the order in which the docs pages show them: CUVEE_TAGS({"users", "People"}, {"orders", "What they
 * buy"}).
 */
#define CUVEE_TAGS(...)                                                                                                \
    (const cuvee_tag[])                                                                                                \
    {                                                                                                                  \
        __VA_ARGS__,                                                                                                   \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }

/** Options of an application. Zero means the default. Texts are borrowed for the application's life. */
typedef struct cuvee_app_options {
    const char *title;                    /**< default "Cuvee" */
    const char *version;                  /**< of the API; default "0.1.0" */
    const char *doc;                      /**< description on the docs pages */
    const cuvee_tag *tags;                /**< what the routes' tags are about; the list is copied */
    bool (*on_start)(cuvee_blend *blend); /**< `serve` runs it once, after the tables were made; false stops */
    void (*on_stop)(cuvee_blend *blend);  /**< runs once after serving, if on_start did and was good */
    const cuvee_dependency *const
        *dependencies; /**< of all routes, files too, but not the docs pages; the list is copied */
    size_t max_body;   /**< bytes; more is answered with 413; default 1 MiB */
    /** The names that it answers to: "shop.example, *.shop.example"; others get 400; default: any. */
    const char *hosts;
    bool https_only;        /**< sends what comes without TLS to the same URL with https (307) */
    const cuvee_cors *cors; /**< which other sites' scripts may call it; copied; default: none */
    /**
     * Bytes from which on replies are compressed for clients that take gzip; 0: never. Do not put a secret and what a
     * client chose into one compressed reply: its size would tell.
     */
    size_t gzip_min_size;
    /** Where a proxy shows it, "/api": in redirects, docs pages and OpenAPI; requests may come with or without it. */
    const char *root_path;
    /** Whose X-Forwarded-For and X-Forwarded-Proto count: "127.0.0.1, 10.0.0.0/8"; default: nobody's. */
    const char *proxies;
    size_t size; /**< sizeof(cuvee_app_options); set by the macro */
} cuvee_app_options;

/** Options of a route. Zero means the default. Texts and descriptors are borrowed for the application's life. */
typedef struct cuvee_route_options {
    /**
     * Parameters from path, query, headers and cookies. A table's model: only its fields that the path names, so
     * `.params = &user_model` reads the id of "/users/{id}".
     */
    const cuvee_model *params;
    cuvee_shape body;         /**< JSON body */
    cuvee_shape returns;      /**< JSON reply */
    int status;               /**< of a good reply; default 200 */
    const char *content_type; /**< of a good reply, as OpenAPI tells it; default "application/json" */
    const char *name;         /**< default: the handler's name */
    const char *summary;      /**< default: made from the name: read_users, "Read Users" */
    const char *doc;
    const char *tag;                 /**< groups routes on the docs pages */
    const char *operation_id;        /**< in OpenAPI; default: name, path and method: "read_user_users__id__get" */
    const cuvee_response *responses; /**< other replies that it may give, for OpenAPI; the list is copied */
    bool skip_null;                  /**< leaves members that are null out of its JSON reply */
    const cuvee_dependency *const *dependencies; /**< opened before the handler runs; the list is copied */
    /**
     * Runs the handler again, in a fresh session, when the databases ask for it (error kind RETRY): three times in all.
     * It must do nothing that cannot be done twice.
     */
    bool retry;
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
 * `path` may name parameters in braces, one per segment, and as its last one `{name:path}`, which takes all the rest;
 * literal segments win over parameters. Errors stay in the app.
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

/* ---- routers ---- */

/** A part of an application: routes with a common prefix, tag and dependencies. Belongs to the application. */
typedef struct cuvee_router cuvee_router;

/** Options of a router. Zero means the default. */
typedef struct cuvee_router_options {
    cuvee_router *within; /**< a router that it is a part of: prefix, tag and dependencies of that one come first */
    const char *tag;
    const cuvee_dependency *const *dependencies; /**< of its routes; the list is copied */
    const cuvee_response *responses;             /**< other replies that its routes may give; the list is copied */
    bool in_no_schema;                           /**< its routes are left out of OpenAPI */
    size_t size;                                 /**< sizeof(cuvee_router_options); set by the macro */
} cuvee_router_options;

/**
 * A router: cuvee_router_new(app, "/users", .tag = "users"); then cuvee_router_get(router, "/{id}", read_user, …),
 * which is GET /users/{id}. The prefix begins with a slash and ends with none; "" is good too. NULL on error, which is
 * the application's (all functions take NULL).
 */
cuvee_router *cuvee_router_new_with(cuvee_app *app, const char *prefix, const cuvee_router_options *options);
#define cuvee_router_new(app, ...)          CUVEE_ROUTER_NEW_(app, __VA_ARGS__, .size = sizeof(cuvee_router_options))
#define CUVEE_ROUTER_NEW_(app, prefix, ...) cuvee_router_new_with(app, prefix, &(cuvee_router_options){__VA_ARGS__})

/** Adds a route to a router; the path "" is the prefix alone. Otherwise like cuvee_app_get and its kin. */
void cuvee_router_route_named(cuvee_router *router, const char *method, const char *path, cuvee_handler handler,
                              const char *handler_name, const cuvee_route_options *options);
#define cuvee_router_get(router, path, ...)  CUVEE_ROUTER_ROUTE_(router, "GET", path, __VA_ARGS__, .size = CUVEE_SIZE_)
#define cuvee_router_post(router, path, ...) CUVEE_ROUTER_ROUTE_(router, "POST", path, __VA_ARGS__, .size = CUVEE_SIZE_)
#define cuvee_router_put(router, path, ...)  CUVEE_ROUTER_ROUTE_(router, "PUT", path, __VA_ARGS__, .size = CUVEE_SIZE_)
#define cuvee_router_patch(router, path, ...)                                                                          \
    CUVEE_ROUTER_ROUTE_(router, "PATCH", path, __VA_ARGS__, .size = CUVEE_SIZE_)
#define cuvee_router_delete(router, path, ...)                                                                         \
    CUVEE_ROUTER_ROUTE_(router, "DELETE", path, __VA_ARGS__, .size = CUVEE_SIZE_)
#define CUVEE_SIZE_ sizeof(cuvee_route_options)
#define CUVEE_ROUTER_ROUTE_(router, method, path, handler, ...)                                                        \
    CUVEE_ROUTER_NAMED_(router, method, path, handler, #handler, __VA_ARGS__)
#define CUVEE_ROUTER_NAMED_(router, method, path, handler, handler_name, ...)                                          \
    cuvee_router_route_named(router, method, path, handler, handler_name, &(cuvee_route_options){__VA_ARGS__})

/* ---- files ---- */

/** Options of a folder of files. Zero means the default. */
typedef struct cuvee_files_options {
    bool html;                                   /**< index.html for folders, 404.html for what is not there */
    const char *cache_control;                   /**< that header, for good replies; default: none */
    const cuvee_dependency *const *dependencies; /**< opened before a file is sent; the list is copied */
    size_t size;                                 /**< sizeof(cuvee_files_options); set by the macro */
} cuvee_files_options;

/**
 * Serves the files of a folder under a prefix: cuvee_app_files(app, "/static", "public", .html = true). GET and HEAD,
 * with ETag, conditions and ranges. Names that begin with a dot, and whatever is behind a symbolic link, are not there.
 * The folder must exist and is opened now. Not shown in OpenAPI.
 */
void cuvee_app_files_with(cuvee_app *app, const char *prefix, const char *folder, const cuvee_files_options *options);
#define cuvee_app_files(app, prefix, ...) CUVEE_FILES_(app, prefix, __VA_ARGS__, .size = sizeof(cuvee_files_options))
#define CUVEE_FILES_(app, prefix, folder, ...)                                                                         \
    cuvee_app_files_with(app, prefix, folder, &(cuvee_files_options){__VA_ARGS__})

/* ---- hooks ---- */

/**
 * Something that is done before and after every request, also those that no route answers. `before` runs before the
 * route is looked up, in order of adding; if it replies, only the `after` of those that came so far are run. `after`
 * runs when the reply is made, in reverse order: it can look at cuvee_request_status, and add headers, which go with
 * every reply. Dependencies that `before` asks for stay open for the handler, those of `after` are closed behind it.
 * Either may be NULL.
 */
typedef struct cuvee_middleware {
    const char *name;
    void (*before)(cuvee_request *request);
    void (*after)(cuvee_request *request);
} cuvee_middleware;

/** Adds a middleware, which is borrowed for the application's life. */
void cuvee_app_use(cuvee_app *app, const cuvee_middleware *middleware);

/** Makes the reply to a session's error, in place of the standard one. */
typedef void (*cuvee_error_handler)(cuvee_request *request, const cuvee_error *error);
/** Makes the reply in place of one with this status, whose body is given (JSON, or the text of a 500). */
typedef void (*cuvee_status_handler)(cuvee_request *request, int status, const char *body);

/**
 * From now on errors of this kind in a request's session are answered by `handler`. One per kind; a later one replaces
 * it.
 */
void cuvee_app_on_error(cuvee_app *app, cuvee_error_kind kind, cuvee_error_handler handler);
/**
 * From now on replies with this status (400 to 599), whoever makes them, are replaced by what `handler` replies. One
 * per status.
 */
void cuvee_app_on_status(cuvee_app *app, int status, cuvee_status_handler handler);

#ifdef __cplusplus
}
#endif
#endif
