/* Which names the application answers to, and by which scheme. */
#include <string.h>

#include "base/ascii.h"
#include "base/error.h"
#include "web/front/front.h"
#include "web/reply/begin.h"
#include "web/request/request.h"

bool cv_hosts_check(const char *hosts, cuvee_error *error)
{
    struct cv_slice rest = cv_slice(hosts ? hosts : "");
    struct cv_slice name;
    while (cv_list_next(&rest, &name)) {
        bool wild = name.data[0] == '*';
        bool good = !memchr(name.data + 1, '*', name.size - 1) && (!wild || name.size == 1 || name.data[1] == '.');
        if (!good)
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "host %.*s: a wildcard is written *.example.com",
                                (int)name.size, name.data);
    }
    return true;
}

/*
 * A name or address and a port, and nothing that would end the host in a URL: what is before a '/' or '@' is another
 * one there.
 */
static bool is_plain(struct cv_slice host)
{
    static const char others[] = "-._:[]";
    for (size_t i = 0; i < host.size; i++) {
        char c = host.data[i];
        if (!cv_is_alnum(c) && (c == '\0' || !strchr(others, c)))
            return false;
    }
    return true;
}

/* Without its port; the address in brackets stays whole. */
static struct cv_slice name_of(struct cv_slice host)
{
    const char *end = host.size > 0 && host.data[0] == '[' ? memchr(host.data, ']', host.size) : NULL;
    if (end)
        return (struct cv_slice){host.data, (size_t)(end - host.data) + 1};
    return cv_slice_cut(&host, ':');
}

/* "*.example.com" is every name that ends in ".example.com", "*" every one. */
static bool fits(struct cv_slice pattern, struct cv_slice name)
{
    if (pattern.data[0] != '*')
        return cv_slice_same_caseless(pattern, name);
    size_t size = pattern.size - 1;
    struct cv_slice ending = {pattern.data + 1, size};
    return name.size >= size && cv_slice_same_caseless(ending, (struct cv_slice){name.data + name.size - size, size});
}

static bool is_listed(const char *hosts, struct cv_slice name)
{
    struct cv_slice rest = cv_slice(hosts);
    struct cv_slice pattern;
    while (cv_list_next(&rest, &pattern))
        if (fits(pattern, name))
            return true;
    return false;
}

/* The port of http goes away with it; another one is kept: who runs both schemes on one port knows why. */
static struct cv_slice without_usual_port(struct cv_slice host)
{
    struct cv_slice name = name_of(host);
    struct cv_slice port = {host.data + name.size, host.size - name.size};
    return cv_slice_is(port, ":80") || cv_slice_is(port, ":443") ? name : host;
}

static void go_to_https(cuvee_request *request, struct cv_slice host)
{
    struct cv_buffer url;
    host = without_usual_port(host);
    cv_buffer_init(&url, 0);
    cv_buffer_put(&url, "https://");
    cv_buffer_bytes(&url, host.data, host.size);
    if (request->path.size == 0 || request->path.data[0] != '/')
        cv_buffer_char(&url, '/'); /* else it would go on with the host's name */
    cv_buffer_bytes(&url, request->path.data, request->path.size);
    const char *location =
        url.failed ? NULL : cv_location(request, (struct cv_slice){url.data, url.size}, request->query);
    cv_buffer_free(&url);
    cv_reply_begin(request->reply, 307, NULL);
    request->reply->exact = true;
    if (!location || !cv_reply_header(request->reply, request->arena, "Location", location))
        cv_fail(request, "out of memory");
}

bool cv_hosts_answer(cuvee_request *request)
{
    const struct cv_front *front = request->service->app->front;
    struct cv_slice given = cv_request_header(request, "Host");
    struct cv_slice host = given.data ? given : cv_slice("");
    bool moves = front->https_only && !request->secure;
    if (!is_plain(host) || (moves && host.size == 0) || (front->hosts && !is_listed(front->hosts, name_of(host)))) {
        cv_reply_begin(request->reply, 400, CV_TEXT_TYPE);
        request->reply->fixed = cv_slice("Invalid host header");
        request->failed = true;
        return true;
    }
    if (moves)
        go_to_https(request, host);
    return moves;
}
