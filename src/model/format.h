/** Formats of text: e-mail addresses, URLs, host names and IP addresses. Any thread. */
#ifndef CV_MODEL_FORMAT_H
#define CV_MODEL_FORMAT_H

#include <cuvee/model.h>

/** NULL if `size` bytes of valid UTF-8 have the format, else why not, as a sentence or part of one; static. */
const char *cv_format_fault(cuvee_format format, const char *text, size_t size);

#endif
