/** Dispatch: the end of an application's set-up, and one request from the way in to the way out. */
#ifndef CV_WEB_DISPATCH_DISPATCH_H
#define CV_WEB_DISPATCH_DISPATCH_H

#include "web/request/request.h"

/**
 * Ends the set-up: adds the docs pages' routes and writes the OpenAPI document. Once; safe from any thread. False: the
 * application's error.
 */
bool cv_app_finish(cuvee_app *app);

/**
 * Answers a request: the one way from a request to a reply. `reply` is initialised here; its headers and content type
 * live in `arena`. Always gives a reply. Any thread.
 */
void cv_dispatch(struct cv_service *service, const struct cv_incoming *in, struct cv_arena *arena,
                 struct cv_reply *reply);

/** No path, or none with this method: 404, 405, or 307 to the path with its slash put right. */
void cv_reply_no_route(cuvee_request *request, enum cv_found found);

#endif
