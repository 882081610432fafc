/** Dates as HTTP writes them. */
#ifndef CV_WEB_WIRE_HTTP_DATE_H
#define CV_WEB_WIRE_HTTP_DATE_H

#include <time.h>

enum { CV_HTTP_DATE_SIZE = 32 };

/** "Sun, 06 Nov 1994 08:49:37 GMT", whatever the locale. */
void cv_http_date(time_t time, char text[CV_HTTP_DATE_SIZE]);

#endif
