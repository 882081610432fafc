#include "web/app/path.h"

#include <string.h>

#include "base/ascii.h"
#include "base/error.h"
#include "web/app/endpoint.h"

struct cv_path_node {
    struct cv_path_node *next;      /* the next literal of the same parent */
    struct cv_slice text;           /* a literal's */
    struct cv_path_node *literals;  /* below this one */
    struct cv_path_node *parameter; /* `{name}` below this one */
    struct cv_path_node *rest;      /* `{name:path}` below this one */
    struct cv_endpoint *endpoints;  /* of the path that ends here, one per method */
};

/* ---- declaring ---- */

/* One declared segment. */
struct segment {
    enum { LITERAL, PARAMETER, REST } kind;
    struct cv_slice text; /* the literal, or the parameter's name */
};

static bool is_name(struct cv_slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        if (!cv_is_letter(c) && c != '_' && !(i > 0 && cv_is_digit(c)))
            return false;
    }
    return name.size > 0;
}

static bool read_segment(struct cv_slice text, struct segment *segment)
{
    static const char rest[] = ":path";
    size_t rest_size = sizeof rest - 1;
    *segment = (struct segment){LITERAL, text};
    bool opened = text.size > 0 && memchr(text.data, '{', text.size);
    bool closed = text.size > 0 && memchr(text.data, '}', text.size);
    if (!opened && !closed)
        return true;
    if (text.size < 3 || text.data[0] != '{' || text.data[text.size - 1] != '}')
        return false;
    struct cv_slice name = {text.data + 1, text.size - 2};
    segment->kind = PARAMETER;
    if (name.size > rest_size && memcmp(name.data + name.size - rest_size, rest, rest_size) == 0) {
        segment->kind = REST;
        name.size -= rest_size;
    }
    segment->text = name;
    return is_name(name);
}

static struct cv_path_node *child(struct cv_path_node **slot, struct cv_arena *arena)
{
    if (!*slot)
        *slot = cv_arena_zero(arena, sizeof **slot);
    return *slot;
}

static struct cv_path_node *literal_child(struct cv_path_node *node, struct cv_arena *arena, struct cv_slice text)
{
    struct cv_path_node **slot = &node->literals;
    while (*slot && !cv_slice_same((*slot)->text, text))
        slot = &(*slot)->next;
    bool fresh = !*slot;
    struct cv_path_node *found = child(slot, arena);
    if (found && fresh)
        found->text = text;
    return found;
}

static struct cv_path_node *below(struct cv_path_node *node, struct cv_arena *arena, const struct segment *segment)
{
    if (segment->kind == LITERAL)
        return literal_child(node, arena, segment->text);
    return child(segment->kind == PARAMETER ? &node->parameter : &node->rest, arena);
}

static bool add_name(struct cv_path_names *names, struct cv_arena *arena, const char *path, struct cv_slice name,
                     cuvee_error *error)
{
    for (size_t i = 0; i < names->count; i++)
        if (cv_slice_is(name, names->items[i]))
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "path %s names %s twice", path, names->items[i]);
    if (names->count == CV_MAX_PATH_PARAMETERS)
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "path %s has more than %d parameters", path,
                            CV_MAX_PATH_PARAMETERS);
    char *copy = cv_arena_copy(arena, name.data, name.size);
    if (!copy)
        return cv_error_memory(error);
    names->items[names->count++] = copy;
    return true;
}

static bool add_endpoint(struct cv_path_node *node, const char *path, struct cv_endpoint *endpoint, cuvee_error *error)
{
    struct cv_endpoint **slot = &node->endpoints;
    for (; *slot; slot = &(*slot)->sibling)
        if (strcmp((*slot)->method, endpoint->method) == 0)
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "%s %s is declared twice", endpoint->method, path);
    *slot = endpoint;
    return true;
}

/* The part of `path` between the slash at *start and the next one; *start moves to that or becomes NULL. */
static struct cv_slice next_segment(struct cv_slice path, size_t *start, bool *last)
{
    size_t begin = *start + 1;
    const char *slash = begin < path.size ? memchr(path.data + begin, '/', path.size - begin) : NULL;
    size_t end = slash ? (size_t)(slash - path.data) : path.size;
    *start = end;
    *last = !slash;
    return (struct cv_slice){path.data + begin, end - begin};
}

bool cv_paths_add(struct cv_paths *paths, struct cv_arena *arena, const char *path, struct cv_endpoint *endpoint,
                  struct cv_path_names *names, cuvee_error *error)
{
    names->count = 0;
    if (!path || path[0] != '/')
        return cv_error_set(error, CUVEE_ERROR_CONFIG, "path %s must begin with /", path ? path : "NULL");
    struct cv_path_node *node = child(&paths->root, arena);
    size_t at = 0;
    for (bool last = false; node && !last;) {
        struct segment segment;
        bool good = read_segment(next_segment(cv_slice(path), &at, &last), &segment);
        if (!good || (segment.kind == REST && !last))
            return cv_error_set(
                error, CUVEE_ERROR_CONFIG,
                "path %s: a parameter is written {name} and fills its segment, {name:path} the last one", path);
        if (segment.kind != LITERAL && !add_name(names, arena, path, segment.text, error))
            return false;
        node = below(node, arena, &segment);
    }
    return node ? add_endpoint(node, path, endpoint, error) : cv_error_memory(error);
}

/* ---- finding ---- */

struct search {
    struct cv_arena *arena;
    struct cv_slice method;
    struct cv_slice path;
    bool encoded; /* the path has something to decode */
    struct cv_path_match *match;
    bool partial; /* a path was found, without the method */
    bool no_memory;
    struct cv_buffer *allow; /* collects the methods instead, when it is there */
};

static void add_allowed(struct cv_buffer *allow, const struct cv_path_node *node)
{
    for (const struct cv_endpoint *endpoint = node->endpoints; endpoint; endpoint = endpoint->sibling) {
        if (allow->size > 0)
            cv_buffer_put(allow, ", ");
        cv_buffer_put(allow, endpoint->method);
    }
}

/* Looks for the method among the endpoints of a node where the path ends. */
static bool arrive(struct search *search, const struct cv_path_node *node)
{
    if (search->allow)
        add_allowed(search->allow, node);
    else
        for (struct cv_endpoint *endpoint = node->endpoints; endpoint; endpoint = endpoint->sibling)
            if (cv_slice_is(search->method, endpoint->method)) {
                search->match->endpoint = endpoint;
                return true;
            }
    search->partial |= node->endpoints != NULL;
    return false;
}

static struct cv_slice decoded(struct search *search, struct cv_slice segment)
{
    if (search->encoded && !cv_percent_decode(search->arena, segment, false, &segment))
        search->no_memory = true;
    return segment;
}

static bool find(struct search *search, const struct cv_path_node *node, size_t at, size_t depth);

static bool step(struct search *search, const struct cv_path_node *node, size_t at, bool last, size_t depth)
{
    return last ? arrive(search, node) : find(search, node, at, depth);
}

static bool find_rest(struct search *search, const struct cv_path_node *node, size_t at, size_t depth)
{
    struct cv_slice rest = {search->path.data + at + 1, search->path.size - at - 1};
    search->match->values[depth] = decoded(search, rest);
    return arrive(search, node);
}

/* Goes down from `node` with the segment that begins after the slash at `at`. As deep as the declared paths are. */
static bool find(struct search *search, const struct cv_path_node *node, size_t at, size_t depth)
{
    size_t next = at;
    bool last;
    struct cv_slice segment = decoded(search, next_segment(search->path, &next, &last));
    for (const struct cv_path_node *literal = node->literals; literal; literal = literal->next)
        if (cv_slice_same(literal->text, segment) && step(search, literal, next, last, depth))
            return true;
    if (node->parameter && segment.size > 0) {
        search->match->values[depth] = segment;
        if (step(search, node->parameter, next, last, depth + 1))
            return true;
    }
    return node->rest && find_rest(search, node->rest, at, depth);
}

static bool search_paths(const struct cv_paths *paths, struct search *search)
{
    if (!paths->root || search->path.size == 0 || search->path.data[0] != '/')
        return false;
    search->encoded = memchr(search->path.data, '%', search->path.size) != NULL;
    return find(search, paths->root, 0, 0);
}

enum cv_found cv_paths_find(const struct cv_paths *paths, struct cv_arena *arena, struct cv_slice method,
                            struct cv_slice path, struct cv_path_match *match)
{
    struct search search = {.arena = arena, .method = method, .path = path, .match = match};
    match->endpoint = NULL;
    bool found = search_paths(paths, &search);
    if (search.no_memory)
        return CV_NO_PATH_MEMORY;
    return found ? CV_FOUND : search.partial ? CV_NO_METHOD : CV_NO_PATH;
}

void cv_paths_allow(const struct cv_paths *paths, struct cv_arena *arena, struct cv_slice path, struct cv_buffer *out)
{
    struct cv_path_match match;
    struct search search = {.arena = arena, .path = path, .match = &match, .allow = out};
    search_paths(paths, &search);
}
