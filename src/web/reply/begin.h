/** What all kinds of replies begin with. */
#ifndef CV_WEB_REPLY_BEGIN_H
#define CV_WEB_REPLY_BEGIN_H

#include "web/request/request.h"

/** Begins a good reply of the handler; NULL when the request has failed, or its session: then that stays. */
struct cv_buffer *cv_begin_good(cuvee_request *request, const char *content_type);
/** What stands in a Location header for this path and query (data NULL: none), in the arena. NULL: no memory. */
char *cv_location(cuvee_request *request, struct cv_slice path, struct cv_slice query);

#endif
