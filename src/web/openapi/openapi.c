#include "web/openapi/openapi.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "web/openapi/operation.h"
#include "web/request/security.h"

static bool is_shown(const struct cv_endpoint *endpoint)
{
    return !endpoint->options.in_no_schema;
}

static bool collect(cuvee_app *app, struct cv_component **components)
{
    for (const struct cv_endpoint *endpoint = app->endpoints; endpoint; endpoint = endpoint->next) {
        if (!is_shown(endpoint))
            continue;
        if (endpoint->body &&
            !cv_component_add(components, &app->arena, endpoint->body, cv_body_use(endpoint), &app->error))
            return false;
        if (endpoint->returns &&
            !cv_component_add(components, &app->arena, endpoint->returns, CV_SCHEMA_OUT, &app->error))
            return false;
        for (size_t i = 0; i < endpoint->response_count; i++)
            if (endpoint->responses[i].returns &&
                !cv_component_add(components, &app->arena, endpoint->responses[i].returns, CV_SCHEMA_OUT, &app->error))
                return false;
    }
    return true;
}

static json_t *info(const cuvee_app *app)
{
    json_t *info = json_pack("{s:s}", "title", app->options.title);
    if (app->options.doc && !cv_json_put(info, "description", json_string(app->options.doc))) {
        json_decref(info);
        return NULL;
    }
    if (cv_json_put(info, "version", json_string(app->options.version)))
        return info;
    json_decref(info);
    return NULL;
}

/* "/files/{name:path}" is "/files/{name}" in the document. */
static void shown_path(const char *path, char *shown, size_t size)
{
    size_t length = strlen(path);
    static const char rest[] = ":path}";
    size_t rest_size = sizeof rest - 1;
    bool cut = length > rest_size && strcmp(path + length - rest_size, rest) == 0;
    snprintf(shown, size, "%.*s%s", (int)(cut ? length - rest_size : length), path, cut ? "}" : "");
}

/* Clients are generated with a function per id, so two must not be the same. `ids` has those so far. */
static bool is_new_id(cuvee_app *app, json_t *ids, const struct cv_endpoint *endpoint, const json_t *operation)
{
    const char *id = json_string_value(json_object_get(operation, "operationId"));
    const char *other = json_string_value(json_object_get(ids, id));
    if (other)
        return cv_error_set(&app->error, CUVEE_ERROR_CONFIG, "%s %s has the operation id %s of %s", endpoint->method,
                            endpoint->path, id, other);
    return cv_json_put(ids, id, json_sprintf("%s %s", endpoint->method, endpoint->path));
}

static bool add_operation(cuvee_app *app, json_t *paths, json_t *ids, const struct cv_endpoint *endpoint,
                          const struct cv_component *components)
{
    enum { LONGEST = 2048 };
    char path[LONGEST];
    shown_path(endpoint->path, path, sizeof path);
    json_t *item = json_object_get(paths, path);
    if (!item) {
        item = json_object();
        if (!cv_json_put(paths, path, item))
            return false;
    }
    char method[32];
    snprintf(method, sizeof method, "%s", endpoint->method);
    for (char *p = method; *p; p++)
        *p = cv_lower(*p);
    json_t *operation = cv_openapi_operation(endpoint, components);
    return cv_json_put(item, method, operation) && is_new_id(app, ids, endpoint, operation);
}

static bool add_operations(cuvee_app *app, json_t *paths, json_t *ids, const struct cv_component *components)
{
    for (const struct cv_endpoint *endpoint = app->endpoints; endpoint; endpoint = endpoint->next)
        if (is_shown(endpoint) && !add_operation(app, paths, ids, endpoint, components))
            return false;
    return true;
}

static bool add_paths(cuvee_app *app, json_t *document, const struct cv_component *components)
{
    json_t *paths = json_object();
    json_t *ids = json_object();
    bool good = cv_json_put(document, "paths", paths) && ids && add_operations(app, paths, ids, components);
    json_decref(ids);
    return good;
}

static bool takes_input(const cuvee_app *app)
{
    for (const struct cv_endpoint *endpoint = app->endpoints; endpoint; endpoint = endpoint->next)
        if (is_shown(endpoint) && cv_endpoint_takes_input(endpoint))
            return true;
    return false;
}

static bool add_schemes(const struct cv_endpoint *endpoint, json_t *schemes)
{
    for (size_t i = 0; i < endpoint->dependency_count; i++) {
        const cuvee_security *scheme = endpoint->dependencies[i]->security;
        if (scheme && !cv_json_put(schemes, cv_security_name(scheme), cv_security_schema(scheme)))
            return false;
    }
    return true;
}

static json_t *security_schemes(const cuvee_app *app)
{
    json_t *schemes = json_object();
    for (const struct cv_endpoint *endpoint = app->endpoints; endpoint; endpoint = endpoint->next)
        if (is_shown(endpoint) && !add_schemes(endpoint, schemes)) {
            json_decref(schemes);
            return NULL;
        }
    return schemes;
}

/* The document's components; an empty object when it needs none. */
static json_t *components_of(const cuvee_app *app, const struct cv_component *components)
{
    bool validation = takes_input(app);
    json_t *json = json_object();
    json_t *schemes = security_schemes(app);
    bool good = schemes != NULL;
    if (good && (components || validation))
        good = cv_json_put(json, "schemas", cv_component_schemas(components, validation));
    if (good && json_object_size(schemes) > 0)
        good = json_object_set(json, "securitySchemes", schemes) == 0;
    json_decref(schemes);
    if (good)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *tags(const cuvee_tag *list)
{
    json_t *tags = json_array();
    for (; list->name; list++)
        if (json_array_append_new(tags, json_pack("{s:s,s:s*}", "name", list->name, "description", list->doc)) != 0) {
            json_decref(tags);
            return NULL;
        }
    return tags;
}

static bool fill(cuvee_app *app, json_t *document, const struct cv_component *components)
{
    const char *root = app->options.root_path;
    if (!cv_json_put(document, "openapi", json_string("3.1.0")) || !cv_json_put(document, "info", info(app)) ||
        (root && *root && !cv_json_put(document, "servers", json_pack("[{s:s}]", "url", root))) ||
        !add_paths(app, document, components))
        return false;
    json_t *all = components_of(app, components);
    bool good = all && (json_object_size(all) == 0 || json_object_set(document, "components", all) == 0);
    json_decref(all);
    const cuvee_tag *list = app->options.tags;
    return good && (!list->name || cv_json_put(document, "tags", tags(list)));
}

/* The ETag is the content's own hash, so it stays the same over restarts. */
static bool keep(cuvee_app *app, const char *text)
{
    enum { ETAG_BYTES = 16 };
    unsigned char digest[EVP_MAX_MD_SIZE];
    char etag[2 * ETAG_BYTES + 3];
    size_t size = 0;
    if (EVP_Q_digest(NULL, "SHA256", NULL, text, strlen(text), digest, &size) != 1 || size < ETAG_BYTES)
        return false;
    etag[0] = '"';
    for (size_t i = 0; i < ETAG_BYTES; i++)
        snprintf(etag + 1 + i + i, 3, "%02x", digest[i]);
    etag[sizeof etag - 2] = '"';
    etag[sizeof etag - 1] = '\0';
    app->openapi.data = cv_arena_text(&app->arena, text);
    app->openapi.size = strlen(text);
    app->openapi_etag = cv_arena_text(&app->arena, etag);
    return app->openapi.data && app->openapi_etag;
}

bool cv_openapi_make(cuvee_app *app)
{
    struct cv_component *components = NULL;
    if (!collect(app, &components))
        return false;
    json_t *document = json_object();
    char *text = document && fill(app, document, components) ? json_dumps(document, JSON_COMPACT) : NULL;
    bool good = text && keep(app, text);
    json_decref(document);
    free(text);
    return good || cv_error_memory(&app->error);
}
