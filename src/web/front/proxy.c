/* What a proxy in front of the server tells about the client, if it is one that is believed. */
#include "base/error.h"
#include "web/front/front.h"
#include "web/request/request.h"

static size_t count_words(const char *list)
{
    struct cv_slice rest = cv_slice(list);
    struct cv_slice word;
    size_t count = 0;
    while (cv_list_next(&rest, &word))
        count++;
    return count;
}

bool cv_proxies_read(struct cv_front *front, const char *list, struct cv_arena *arena, cuvee_error *error)
{
    if (!list)
        return true;
    struct cv_slice rest = cv_slice(list);
    struct cv_slice word;
    front->proxies = cv_arena_alloc(arena, (count_words(list) + 1) * sizeof *front->proxies);
    if (!front->proxies)
        return cv_error_memory(error);
    while (cv_list_next(&rest, &word))
        if (!cv_network_read(word, &front->proxies[front->proxy_count++]))
            return cv_error_set(error, CUVEE_ERROR_CONFIG, "proxy %.*s is no address and no network like 10.0.0.0/8",
                                (int)word.size, word.data);
    return true;
}

static bool is_believed(const struct cv_front *front, const struct cv_address *address)
{
    for (size_t i = 0; i < front->proxy_count; i++)
        if (cv_network_has(&front->proxies[i], address))
            return true;
    return false;
}

/* The way that a request came, as X-Forwarded-For tells it: each proxy has added the address behind it. */
struct way {
    const struct cv_front *front;
    struct cv_slice first;
    /* The last one that is no proxy of ours: nobody whom we believe vouches for those before. */
    struct cv_slice last_stranger;
};

static bool see_step(void *arg, struct cv_slice value)
{
    struct way *way = arg;
    struct cv_slice word;
    while (cv_list_next(&value, &word)) {
        struct cv_address address;
        if (!way->first.data)
            way->first = word;
        if (!cv_address_read(word, &address) || !is_believed(way->front, &address))
            way->last_stranger = word;
    }
    return true;
}

static bool see_scheme(void *arg, struct cv_slice value)
{
    bool *secure = arg;
    if (cv_slice_is_caseless(cv_slice_trim(value), "https"))
        *secure = true;
    else if (cv_slice_is_caseless(cv_slice_trim(value), "http"))
        *secure = false;
    return true;
}

void cv_proxy_believe(cuvee_request *request)
{
    const struct cv_headers *headers = &request->in->headers;
    struct way way = {.front = request->service->app->front};
    if (!headers->each || !is_believed(way.front, &request->client))
        return;
    struct cv_address client;
    headers->each(headers->of, "X-Forwarded-For", see_step, &way);
    if (cv_address_read(way.last_stranger.data ? way.last_stranger : way.first, &client))
        request->client = client;
    headers->each(headers->of, "X-Forwarded-Proto", see_scheme, &request->secure);
}
