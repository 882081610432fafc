/** Channels: events that are published, kept for a while, and sent to all who listen. */
#ifndef CV_WEB_FLOW_CHANNEL_H
#define CV_WEB_FLOW_CHANNEL_H

#include <cuvee/event.h>

struct cuvee_stream;

/** Bytes that may wait for one who listens to the channel. */
size_t cv_channel_queue(const cuvee_channel *channel);
/**
 * The stream listens from now on, and is sent what was kept behind the event `last_id` (NULL: nothing). False: no
 * memory.
 */
bool cv_channel_join(cuvee_channel *channel, struct cuvee_stream *stream, const char *last_id);
/** The stream listens no more. */
void cv_channel_leave(cuvee_channel *channel, struct cuvee_stream *stream);

#endif
