/* What a handler needs before it runs: its dependencies, and its structs filled from the request. */
#include "web/request/request.h"

/* Reads the parameters of a dependency, which is opened only if they are good. */
static bool read_dependency(cuvee_request *request, size_t *input, const cuvee_dependency *dependency,
                            struct cv_issues *issues)
{
    const struct cv_endpoint *endpoint = request->endpoint;
    size_t before = issues->count;
    if (*input < endpoint->input_count && endpoint->inputs[*input].dependency == dependency &&
        !cv_read_params(request, (*input)++, issues))
        return false;
    if (issues->count == before && !issues->no_memory)
        cuvee_depend(request, dependency);
    return !request->failed;
}

static bool read_dependencies(cuvee_request *request, size_t *input, struct cv_issues *issues)
{
    const struct cv_endpoint *endpoint = request->endpoint;
    for (size_t i = 0; i < endpoint->dependency_count; i++)
        if (!read_dependency(request, input, endpoint->dependencies[i], issues))
            return false;
    return true;
}

bool cv_open_declared(cuvee_request *request)
{
    const struct cv_endpoint *endpoint = request->endpoint;
    for (size_t i = 0; i < endpoint->dependency_count && !request->failed; i++)
        cuvee_depend(request, endpoint->dependencies[i]);
    return !request->failed;
}

/* The dependencies come first: who may not ask learns nothing about what he sent. */
static bool read_all(cuvee_request *request, struct cv_issues *issues)
{
    size_t input = 0;
    if (!read_dependencies(request, &input, issues) || !cv_parse_body(request))
        return false;
    if (input < request->endpoint->input_count && !cv_read_params(request, input, issues))
        return false;
    return cv_read_body(request, issues);
}

static bool make_room(cuvee_request *request)
{
    request->inputs = cv_arena_zero(request->arena, request->endpoint->input_count * sizeof *request->inputs);
    if (!request->inputs)
        cv_fail(request, "out of memory");
    return request->inputs != NULL;
}

bool cv_read_input(cuvee_request *request)
{
    if (!cv_endpoint_takes_input(request->endpoint))
        return cv_open_declared(request);
    struct cv_issues issues;
    cv_issues_init(&issues);
    if (make_room(request) && read_all(request, &issues)) {
        if (issues.no_memory || issues.json.failed)
            cv_fail(request, "out of memory");
        else if (issues.count > 0)
            cv_reply_issues(request, &issues);
    }
    cv_issues_free(&issues);
    return !request->failed;
}
