/** Endpoint: one method of one path, with everything about it worked out when it is declared. */
#ifndef CV_WEB_ENDPOINT_H
#define CV_WEB_ENDPOINT_H

#include <stdatomic.h>

#include <cuvee/web.h>

#include "model/plan.h"
#include "web/path.h"

/* Where a parameter is read from, in the order in which mistakes are told. */
enum cv_place { CV_PLACE_PATH = 0, CV_PLACE_QUERY, CV_PLACE_HEADER, CV_PLACE_COOKIE, CV_PLACE_COUNT };

struct cv_param {
    const struct cv_field *field;
    enum cv_place place;
    size_t index;     /* CV_PLACE_PATH: which of the path's values */
    const char *name; /* as the request carries it: a header's has hyphens */
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
    const struct cv_plan *params; /* NULL: none */
    struct cv_param *param_list;  /* by place, then in declared order */
    size_t param_count;
    size_t place_count[CV_PLACE_COUNT];
    const struct cv_plan *body;    /* NULL: none */
    const struct cv_plan *returns; /* NULL: not declared */
    atomic_size_t usual_size;      /* of a reply's body: the next buffer starts with it */
};

/** "path", "query", "header" or "cookie": the first step of a mistake's place, and OpenAPI's "in". */
const char *cv_place_name(enum cv_place place);

/** Works out param_list. False: CONFIG (a path name without a field, a kind that no text can be, …), MEMORY. */
bool cv_endpoint_params(struct cv_endpoint *endpoint, struct cv_arena *arena, cuvee_error *error);

#endif
