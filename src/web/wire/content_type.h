/** What a file holds, as its name tells. */
#ifndef CV_WEB_WIRE_CONTENT_TYPE_H
#define CV_WEB_WIRE_CONTENT_TYPE_H

/** The content type for a file of this name, by its ending; "application/octet-stream" when it is not known. Static. */
const char *cv_content_type(const char *name);

#endif
