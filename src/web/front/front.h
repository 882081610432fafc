/**
 * Front: what is decided about a request before its route is looked up, and done to each reply before it leaves. All of
 * it is asked for by the application's options; without them it costs a few comparisons.
 */
#ifndef CV_WEB_FRONT_FRONT_H
#define CV_WEB_FRONT_FRONT_H

#include <cuvee/web.h>

#include "model/pattern.h"
#include "web/wire/address.h"
#include "web/wire/incoming.h"
#include "web/wire/reply.h"

/* The options, worked out when the application ends its set-up. */
struct cv_front {
    const char *hosts; /* NULL: any */
    bool https_only;
    size_t gzip_min_size;
    struct cv_slice root_path;
    struct cv_network *proxies;
    size_t proxy_count;
    const cuvee_cors *cors;            /* NULL: none */
    struct cv_pattern *origin_pattern; /* NULL: none */
    const char *cors_methods;
    const char *cors_headers;
    const char *cors_max_age;
};

/** In `arena`; texts are borrowed or there too. NULL: CONFIG says which option is wrong, MEMORY. */
struct cv_front *cv_front_make(const cuvee_app_options *options, struct cv_arena *arena, cuvee_error *error);
/** NULL is fine. */
void cv_front_free(struct cv_front *front);

/** Finds out who asks and how, takes the root path off the path, and replies if the request goes no further. */
void cv_front_enter(cuvee_request *request);
/** Puts headers and encoding of the finished reply right. */
void cv_front_leave(cuvee_request *request);

/** Sends the client on to another path of this application, with the query that it gave. */
void cv_reply_moved(cuvee_request *request, struct cv_slice path);

/* ---- its parts ---- */

/** Reads the options' lists. False: CONFIG, MEMORY. */
bool cv_hosts_check(const char *hosts, cuvee_error *error);
bool cv_proxies_read(struct cv_front *front, const char *list, struct cv_arena *arena, cuvee_error *error);
bool cv_cors_make(struct cv_front *front, const cuvee_cors *cors, struct cv_arena *arena, cuvee_error *error);

/** The client and the scheme that a trusted proxy tells. */
void cv_proxy_believe(cuvee_request *request);
/** 400 for a host that is not listed; 307 to https. True: that is the reply. */
bool cv_hosts_answer(cuvee_request *request);
/** Replies if the request is a preflight. */
void cv_cors_answer(cuvee_request *request);
/** Adds what a browser wants to see of any reply. False: no memory. */
bool cv_cors_mark(const struct cv_front *front, const struct cv_headers *headers, struct cv_arena *arena,
                  struct cv_reply *reply);
/** Compresses the body if it is worth it and wanted. False: no memory for the headers. */
bool cv_gzip(const struct cv_front *front, const struct cv_headers *headers, bool head, struct cv_arena *arena,
             struct cv_reply *reply);

#endif
