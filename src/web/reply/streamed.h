/** Streams as replies. */
#ifndef CV_WEB_REPLY_STREAMED_H
#define CV_WEB_REPLY_STREAMED_H

#include "web/flow/stream.h"
#include "web/request/request.h"

/**
 * A new stream as the request's reply, empty and open: `write` or `channel` makes its body. NULL: the request has
 * failed, with 503 when there are enough.
 */
struct cuvee_stream *cv_stream_new(cuvee_request *request, const char *content_type, cuvee_stream_writer write,
                                   cuvee_channel *channel);

#endif
