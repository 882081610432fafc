/** Files as replies. */
#ifndef CV_WEB_FILE_H
#define CV_WEB_FILE_H

#include "web/request.h"

/**
 * Makes the reply from an open file, which it takes over (also on failure): ETag, Last-Modified, and what the request's
 * conditions and range ask for. 404 when it is no regular file. `content_type` is borrowed.
 */
void cv_reply_open_file(cuvee_request *request, int fd, const char *content_type);
/** The same for a page that stands for an error: all of it with this status, whatever the request asks for. */
void cv_reply_error_file(cuvee_request *request, int fd, const char *content_type, int status);

/** The content type for a file of this name, by its ending; "application/octet-stream" when it is not known. Static. */
const char *cv_content_type(const char *name);

/* Which bytes of a file a Range header asks for. */
enum cv_range { CV_RANGE_ALL = 0, CV_RANGE_PART, CV_RANGE_BAD };

/**
 * Reads "bytes=0-99", "bytes=100-" and "bytes=-100" for a file of `size` bytes. Several ranges, other units and what is no range
 * are CV_RANGE_ALL, as is allowed; a range that the file has not is CV_RANGE_BAD.
 */
enum cv_range cv_range_read(struct cv_slice header, uint64_t size, uint64_t *begin, uint64_t *count);

#endif
