/* One endpoint in the document. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/buffer.h"
#include "web/openapi/operation.h"
#include "web/request/security.h"
#include "web/wire/reply.h"

/* "read_users" becomes "Read Users": a letter behind anything but a letter is a capital, all others are small. */
static void title_case(struct cv_buffer *out, const char *name)
{
    bool after_letter = false;
    for (const char *p = name; *p; p++) {
        unsigned char c = (unsigned char)*p;
        int shown = after_letter ? tolower(c) : toupper(c);
        cv_buffer_char(out, (char)(shown == '_' ? ' ' : shown));
        after_letter = isalpha(c) != 0;
    }
}

/* read_user of GET /users/{id} is "read_user_users__id__get": unique, and a good name in generated clients. */
static void operation_id(struct cv_buffer *out, const struct cv_endpoint *endpoint)
{
    cv_buffer_put(out, endpoint->name);
    for (const char *p = endpoint->path; *p; p++) {
        if (strcmp(p, ":path}") == 0)
            p += sizeof ":path" - 1;
        cv_buffer_char(out, cv_is_alnum(*p) ? *p : '_');
    }
    cv_buffer_char(out, '_');
    for (const char *p = endpoint->method; *p; p++)
        cv_buffer_char(out, cv_lower(*p));
}

static json_t *text_of(struct cv_buffer *buffer)
{
    const char *text = cv_buffer_text(buffer);
    json_t *json = text ? json_string(text) : NULL;
    cv_buffer_free(buffer);
    return json;
}

static json_t *summary(const struct cv_endpoint *endpoint)
{
    if (endpoint->options.summary)
        return json_string(endpoint->options.summary);
    struct cv_buffer buffer;
    cv_buffer_init(&buffer, 0);
    title_case(&buffer, endpoint->name);
    return text_of(&buffer);
}

static json_t *id(const struct cv_endpoint *endpoint)
{
    if (endpoint->options.operation_id)
        return json_string(endpoint->options.operation_id);
    struct cv_buffer buffer;
    cv_buffer_init(&buffer, 0);
    operation_id(&buffer, endpoint);
    return text_of(&buffer);
}

/* ---- parameters ---- */

static bool is_required(const struct cv_param *param)
{
    return param->source == CV_FROM_PATH || (!param->field->nullable && param->field->fallback == CV_NO_FALLBACK);
}

static json_t *parameter(const struct cv_param *param)
{
    json_t *json = json_pack("{s:s,s:s,s:b,s:o}", "name", param->name, "in", cv_source_name(param->source), "required",
                             is_required(param), "schema", cv_schema_field(param->field, CV_SCHEMA_IN));
    const char *doc = param->field->declared->doc;
    if (!json || !doc || cv_json_put(json, "description", json_string(doc)))
        return json;
    json_decref(json);
    return NULL;
}

/* The list's entry for a parameter of this name and place, which another input has given already. */
static json_t *find_parameter(json_t *list, const struct cv_param *param)
{
    size_t i;
    json_t *entry;
    json_array_foreach(list, i,
                       entry) if (strcmp(json_string_value(json_object_get(entry, "name")), param->name) == 0 &&
                                  strcmp(json_string_value(json_object_get(entry, "in")),
                                         cv_source_name(param->source)) == 0) return entry;
    return NULL;
}

static bool add_parameters(json_t *list, const struct cv_input *input, enum cv_source source)
{
    for (size_t i = 0; i < input->count; i++) {
        const struct cv_param *param = &input->params[i];
        if (param->source == source && !find_parameter(list, param) &&
            json_array_append_new(list, parameter(param)) != 0)
            return false;
    }
    return true;
}

/* By place; the route's own before its dependencies'. */
static json_t *parameters(const struct cv_endpoint *endpoint)
{
    json_t *list = json_array();
    for (enum cv_source source = 0; source < CV_SOURCE_COUNT; source++)
        for (size_t i = endpoint->input_count; i > 0; i--)
            if (!add_parameters(list, &endpoint->inputs[i - 1], source)) {
                json_decref(list);
                return NULL;
            }
    return list;
}

static bool has_parameters(const struct cv_endpoint *endpoint)
{
    size_t count = 0;
    for (size_t i = 0; i < endpoint->input_count; i++)
        count += endpoint->inputs[i].count;
    return count > 0;
}

/* ---- tags and security ---- */

static json_t *tags(const struct cv_endpoint *endpoint)
{
    json_t *list = json_array();
    for (size_t i = 0; i < endpoint->tag_count; i++)
        if (json_array_append_new(list, json_string(endpoint->tags[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static bool is_secured(const struct cv_endpoint *endpoint)
{
    for (size_t i = 0; i < endpoint->dependency_count; i++)
        if (endpoint->dependencies[i]->security)
            return true;
    return false;
}

static json_t *security(const struct cv_endpoint *endpoint)
{
    json_t *list = json_array();
    for (size_t i = 0; i < endpoint->dependency_count; i++) {
        const cuvee_security *scheme = endpoint->dependencies[i]->security;
        if (scheme && json_array_append_new(list, json_pack("{s:[]}", cv_security_name(scheme))) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* ---- body and replies ---- */

static json_t *list_of(json_t *items, json_t *title)
{
    return json_pack("{s:o,s:s,s:o}", "items", items, "type", "array", "title", title);
}

enum cv_schema_use cv_body_use(const struct cv_endpoint *endpoint)
{
    return endpoint->options.body.part ? CV_SCHEMA_PART : CV_SCHEMA_IN;
}

static json_t *request_body(const struct cv_endpoint *endpoint, const struct cv_component *components)
{
    json_t *schema = cv_component_ref(components, endpoint->body, cv_body_use(endpoint));
    if (endpoint->options.body.list)
        schema = list_of(schema, json_string("Body"));
    return json_pack("{s:{s:{s:o}},s:b}", "content", "application/json", "schema", schema, "required", 1);
}

/* "Response Read Users Users Get", of another reply "Response 404 Read Users Users Get" */
static json_t *list_title(const struct cv_endpoint *endpoint, int other_status)
{
    struct cv_buffer name;
    struct cv_buffer title;
    cv_buffer_init(&name, 0);
    cv_buffer_init(&title, 0);
    cv_buffer_put(&name, "response_");
    if (other_status)
        cv_buffer_format(&name, "%d_", other_status);
    operation_id(&name, endpoint);
    const char *text = cv_buffer_text(&name);
    if (text)
        title_case(&title, text);
    cv_buffer_free(&name);
    return text_of(&title);
}

static const char *content_type(const struct cv_endpoint *endpoint)
{
    return endpoint->options.content_type ? endpoint->options.content_type : CV_JSON_TYPE;
}

/* What a reply's JSON is; `other_status` 0: of the good one. */
static json_t *reply_schema(const struct cv_endpoint *endpoint, const struct cv_plan *returns, bool list,
                            int other_status, const struct cv_component *components)
{
    if (!returns)
        return json_object();
    json_t *schema = cv_component_ref(components, returns, CV_SCHEMA_OUT);
    return list ? list_of(schema, list_title(endpoint, other_status)) : schema;
}

/* What is no JSON is a text to OpenAPI; of what its lines hold, the schema can be told. */
static json_t *text_schema(const struct cv_endpoint *endpoint, const struct cv_component *components)
{
    if (!endpoint->returns)
        return json_pack("{s:s}", "type", "string");
    return json_pack("{s:s,s:s,s:o}", "type", "string", "contentMediaType", content_type(endpoint), "contentSchema",
                     cv_component_ref(components, endpoint->returns, CV_SCHEMA_OUT));
}

static bool has_body(int status)
{
    return status >= 200 && status != 204 && status != 205 && status != 304;
}

static json_t *response(const char *description, const char *type, json_t *schema)
{
    return json_pack("{s:s,s:{s:{s:o}}}", "description", description, "content", type, "schema", schema);
}

static bool put_response(json_t *responses, int status, json_t *response)
{
    char key[16];
    snprintf(key, sizeof key, "%d", status);
    return cv_json_put(responses, key, response);
}

/* With a body or, `type` NULL, without. */
static bool put_reply(json_t *responses, int status, const char *doc, const char *type, json_t *schema)
{
    return put_response(responses, status, type ? response(doc, type, schema) : json_pack("{s:s}", "description", doc));
}

/* What the route says about replies of this status; NULL: nothing. */
static const struct cv_response *declared_of(const struct cv_endpoint *endpoint, int status)
{
    for (size_t i = 0; i < endpoint->response_count; i++)
        if (endpoint->responses[i].status == status)
            return &endpoint->responses[i];
    return NULL;
}

static bool put_good(json_t *responses, const struct cv_endpoint *endpoint, const struct cv_component *components)
{
    int status = endpoint->options.status;
    const struct cv_response *declared = declared_of(endpoint, status);
    const char *doc = declared && declared->doc ? declared->doc : "Successful Response";
    const char *type = content_type(endpoint);
    if (!has_body(status))
        return put_reply(responses, status, doc, NULL, NULL);
    json_t *schema = strcmp(type, CV_JSON_TYPE) == 0
                         ? reply_schema(endpoint, endpoint->returns, endpoint->options.returns.list, 0, components)
                         : text_schema(endpoint, components);
    return put_reply(responses, status, doc, type, schema);
}

static bool put_declared(json_t *responses, const struct cv_endpoint *endpoint, const struct cv_response *declared,
                         const struct cv_component *components)
{
    const char *text = cv_status_text(declared->status);
    const char *doc = declared->doc ? declared->doc : text[0] ? text : "Additional Response";
    json_t *schema = NULL;
    if (declared->returns)
        schema = reply_schema(endpoint, declared->returns, declared->list, declared->status, components);
    return put_reply(responses, declared->status, doc, declared->returns ? CV_JSON_TYPE : NULL, schema);
}

static bool put_responses(json_t *responses, const struct cv_endpoint *endpoint, const struct cv_component *components)
{
    if (!put_good(responses, endpoint, components))
        return false;
    for (size_t i = 0; i < endpoint->response_count; i++)
        if (endpoint->responses[i].status != endpoint->options.status &&
            !put_declared(responses, endpoint, &endpoint->responses[i], components))
            return false;
    if (!cv_endpoint_takes_input(endpoint) || declared_of(endpoint, 422))
        return true;
    json_t *schema = json_pack("{s:s}", "$ref", "#/components/schemas/HTTPValidationError");
    return put_response(responses, 422, response("Validation Error", CV_JSON_TYPE, schema));
}

static json_t *responses(const struct cv_endpoint *endpoint, const struct cv_component *components)
{
    json_t *json = json_object();
    if (json && put_responses(json, endpoint, components))
        return json;
    json_decref(json);
    return NULL;
}

/* ---- all of it ---- */

static bool fill(json_t *json, const struct cv_endpoint *endpoint, const struct cv_component *components)
{
    const cuvee_route_options *options = &endpoint->options;
    return (endpoint->tag_count == 0 || cv_json_put(json, "tags", tags(endpoint))) &&
           cv_json_put(json, "summary", summary(endpoint)) &&
           (!options->doc || cv_json_put(json, "description", json_string(options->doc))) &&
           cv_json_put(json, "operationId", id(endpoint)) &&
           (!has_parameters(endpoint) || cv_json_put(json, "parameters", parameters(endpoint))) &&
           (!endpoint->body || cv_json_put(json, "requestBody", request_body(endpoint, components))) &&
           cv_json_put(json, "responses", responses(endpoint, components)) &&
           (!options->deprecated || cv_json_put(json, "deprecated", json_true())) &&
           (!is_secured(endpoint) || cv_json_put(json, "security", security(endpoint)));
}

json_t *cv_openapi_operation(const struct cv_endpoint *endpoint, const struct cv_component *components)
{
    json_t *json = json_object();
    if (json && fill(json, endpoint, components))
        return json;
    json_decref(json);
    return NULL;
}
