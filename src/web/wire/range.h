/** Range: a part of a file. */
#ifndef CV_WEB_WIRE_RANGE_H
#define CV_WEB_WIRE_RANGE_H

#include <stdint.h>

#include "web/wire/text.h"

/* Which bytes of a file a Range header asks for. */
enum cv_range { CV_RANGE_ALL = 0, CV_RANGE_PART, CV_RANGE_BAD };

/**
 * Reads "bytes=0-99", "bytes=100-" and "bytes=-100" for a file of `size` bytes. Several ranges, other units and what is
 * no range are CV_RANGE_ALL, as is allowed; a range that the file has not is CV_RANGE_BAD.
 */
enum cv_range cv_range_read(struct cv_slice header, uint64_t size, uint64_t *begin, uint64_t *count);

#endif
