/** Events as text: what a text/event-stream is made of. */
#ifndef CV_WEB_FLOW_EVENT_H
#define CV_WEB_FLOW_EVENT_H

#include <cuvee/event.h>

#include "base/buffer.h"

/** What is sent where there is nothing to tell: a comment, which clients skip. */
#define CV_EVENT_COMMENT ":\n\n"

/**
 * Writes an event with the empty line that ends it. False: its name or id has a line's end in it; nothing is written.
 */
bool cv_event_write(struct cv_buffer *out, const cuvee_event *event);

/**
 * Takes the first whole event off the text, which is changed and keeps its lines. *rest is behind it. Comments are
 * skipped. False: there is none yet; *rest is where the next one may begin.
 */
bool cv_event_read(char *text, char **rest, cuvee_event *event);

#endif
