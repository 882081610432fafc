/** Endpoint: one method of one path, with everything about it worked out when it is declared. */
#ifndef CV_WEB_APP_ENDPOINT_H
#define CV_WEB_APP_ENDPOINT_H

#include <stdatomic.h>

#include <cuvee/web.h>

#include "model/plan.h"
#include "web/app/path.h"

/* Where a parameter is read from, in the order in which mistakes are told. */
enum cv_source { CV_FROM_PATH = 0, CV_FROM_QUERY, CV_FROM_HEADER, CV_FROM_COOKIE, CV_SOURCE_COUNT };

struct cv_param {
    const struct cv_field *field;
    enum cv_source source;
    size_t index;     /* CV_FROM_PATH: which of the path's values */
    const char *name; /* as the request carries it: a header's has hyphens */
};

/* One struct of parameters: a declared dependency's, or the route's own. */
struct cv_input {
    const struct cv_plan *plan;
    const cuvee_dependency *dependency; /* NULL: the route's own */
    struct cv_param *params;            /* by source, then in declared order */
    size_t count;
};

/* A reply besides the good one, as OpenAPI tells it. */
struct cv_response {
    int status;
    const char *doc;
    const struct cv_plan *returns; /* NULL: not told */
    bool list;
};

struct cv_endpoint {
    struct cv_endpoint *next;    /* in order of declaration */
    struct cv_endpoint *sibling; /* of the same path */
    const char *method;
    const char *path;
    struct cv_path_names path_names;
    cuvee_handler handler;
    const char *name;
    cuvee_route_options options;
    const char **tags; /* the routers', outermost first, then its own */
    size_t tag_count;
    const cuvee_dependency **dependencies; /* in the order of opening */
    size_t dependency_count;
    struct cv_input *inputs; /* in the order of reading: the dependencies', then its own */
    size_t input_count;
    const struct cv_plan *body;    /* NULL: none */
    const struct cv_plan *returns; /* NULL: not declared */
    struct cv_response *responses; /* the routers', outermost first, then its own; each status once */
    size_t response_count;
    atomic_size_t usual_size; /* of a reply's body: the next buffer starts with it */
    const void *data;         /* of a handler of this room's own */
};

/** "path", "query", "header" or "cookie": the first step of a mistake's place, and OpenAPI's "in". */
const char *cv_source_name(enum cv_source source);

/**
 * Works out an input's params. False: CONFIG (a kind that no text can be, …), MEMORY.
 */
bool cv_input_fill(const struct cv_endpoint *endpoint, struct cv_input *input, struct cv_arena *arena,
                   cuvee_error *error);
/** Whether every name in the path has a field that reads it. False: CONFIG. */
bool cv_endpoint_check_path(const struct cv_endpoint *endpoint, cuvee_error *error);
/** Whether it has parameters or a body, so that a request can be wrong. */
bool cv_endpoint_takes_input(const struct cv_endpoint *endpoint);

#endif
