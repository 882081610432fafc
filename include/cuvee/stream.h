/**
 * Streams: replies that leave while they are made. <cuvee/web.h> includes this.
 *
 *     static void read_orders(cuvee_request *req)
 *     {
 *         cuvee_reply_query_stream(req, cuvee_select(cuvee_request_session(req), &order_model));
 *     }
 *
 * or with a function of the program's own:
 *
 *     static void write_squares(cuvee_stream *stream, void *arg)
 *     {
 *         char line[32];
 *         for (int i = 0, count = *(int *)arg; i < count; i++) {
 *             snprintf(line, sizeof line, "%d\n", i * i);
 *             if (!cuvee_stream_text(stream, line))
 *                 return;
 *         }
 *     }
 *     …
 *     cuvee_reply_stream(req, "text/plain", write_squares, &count, sizeof count);
 *
 * The handler ends first. Its dependencies are closed, middleware sees the reply, and its status and headers leave.
 * Then a thread for streams fills a bounded buffer (64 KiB) as fast as the client takes it, so a stream of any length
 * needs little memory and a slow client costs no worker. The server has so many of these threads as may be streamed at
 * once (`max_streams`); beyond that the reply is 503 with Retry-After. A client that takes nothing for `stall_seconds`
 * is given up, and thread and lease are free again.
 *
 * An error in the middle cannot change the status any more: the connection is cut before the body's end, so that no
 * client takes a part for the whole, and the log says why.
 */
#ifndef CUVEE_STREAM_H
#define CUVEE_STREAM_H

#include <cuvee/query.h>
#include <cuvee/session.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cuvee_request cuvee_request;
/** A reply's body on its way. Used by its own writer alone. */
typedef struct cuvee_stream cuvee_stream;

/**
 * Like cuvee_reply_query, as a stream: the same JSON list. The query must be one of cuvee_request_session; that session
 * then stays open until the last row has been read, and must have nothing uncommitted, or the reply is 500. It is run,
 * and its first row read, at once, so that errors up to there make an ordinary error reply. It holds one lease, and on
 * SQLite one snapshot, for as long as the client takes.
 */
void cuvee_reply_query_stream(cuvee_request *request, cuvee_query *query);
/** The same with one JSON object a line and no list around it: application/x-ndjson. */
void cuvee_reply_query_lines(cuvee_request *request, cuvee_query *query);

/** Writes a stream's body. Returns when it is complete, or when a write was false. */
typedef void (*cuvee_stream_writer)(cuvee_stream *stream, void *arg);

/**
 * Replies with what `write` writes when the handler is done, on a thread for streams. `size` bytes at `arg` are copied;
 * what they point to must outlive the stream. The request, its parameters and its session are gone by then.
 * `content_type` is copied.
 */
void cuvee_reply_stream(cuvee_request *request, const char *content_type, cuvee_stream_writer write, const void *arg,
                        size_t size);

/**
 * Sends bytes: waits while the buffer is full. False, now and ever after: the client has gone or takes nothing any
 * more, the server stops, or memory is out. Then return.
 */
bool cuvee_stream_write(cuvee_stream *stream, const void *data, size_t size);
/** The same for a text that ends with NUL. */
bool cuvee_stream_text(cuvee_stream *stream, const char *text);
/**
 * A read-only session for the writer, opened at the first call and closed when it returns. An error in it cuts the
 * connection, and so does its lack: NULL when memory is out (all functions take NULL).
 */
cuvee_session *cuvee_stream_session(cuvee_stream *stream);
/** Gives up: the connection is cut, and `reason` goes to the log. */
void cuvee_stream_fail(cuvee_stream *stream, const char *reason);

#ifdef __cplusplus
}
#endif
#endif
