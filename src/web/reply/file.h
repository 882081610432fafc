/** Files as replies. */
#ifndef CV_WEB_REPLY_FILE_H
#define CV_WEB_REPLY_FILE_H

#include "web/request/request.h"

/**
 * Makes the reply from an open file, which it takes over (also on failure): ETag, Last-Modified, and what the request's
 * conditions and range ask for. 404 when it is no regular file. `content_type` is borrowed.
 */
void cv_reply_open_file(cuvee_request *request, int fd, const char *content_type);
/** The same for a page that stands for an error: all of it with this status, whatever the request asks for. */
void cv_reply_error_file(cuvee_request *request, int fd, const char *content_type, int status);

#endif
