/**
 * Which endpoint a path leads to.
 *
 * Paths are a tree of segments: literal ones, `{name}` for one segment of any text, and `{name:path}` as the last for
 * all that is left. Literal wins over `{name}`, that over `{name:path}`, whatever the order of declaration. A path that
 * ends in "/" has an empty last segment; no `{name}` takes an empty one.
 */
#ifndef CV_WEB_APP_PATH_H
#define CV_WEB_APP_PATH_H

#include <cuvee/error.h>

#include "base/buffer.h"
#include "web/wire/text.h"

enum { CV_MAX_PATH_PARAMETERS = 16 };

struct cv_endpoint;
struct cv_path_node;

struct cv_paths {
    struct cv_path_node *root;
};

/* What a path names in braces, in order. */
struct cv_path_names {
    const char *items[CV_MAX_PATH_PARAMETERS];
    size_t count;
};

struct cv_path_match {
    struct cv_endpoint *endpoint;
    struct cv_slice values[CV_MAX_PATH_PARAMETERS]; /* decoded; as many as the endpoint's path has names */
};

/* What finding came to. */
enum cv_found { CV_FOUND = 0, CV_NO_PATH, CV_NO_METHOD, CV_NO_PATH_MEMORY };

/**
 * Adds `endpoint` (whose method is read from it) under `path` and gives the names in it. Everything is in `arena`.
 * False: CONFIG says what is wrong with the path, or that the route is there already; MEMORY.
 */
bool cv_paths_add(struct cv_paths *paths, struct cv_arena *arena, const char *path, struct cv_endpoint *endpoint,
                  struct cv_path_names *names, cuvee_error *error);

/**
 * Finds the endpoint for a method and a path that is not decoded yet. Values that need decoding are put into `arena`.
 */
enum cv_found cv_paths_find(const struct cv_paths *paths, struct cv_arena *arena, struct cv_slice method,
                            struct cv_slice path, struct cv_path_match *match);

/** The methods that a path has, as the Allow header lists them: "GET, POST". */
void cv_paths_allow(const struct cv_paths *paths, struct cv_arena *arena, struct cv_slice path, struct cv_buffer *out);

#endif
