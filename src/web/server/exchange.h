/**
 * Exchange: one request and its reply on the wire. The only files that know libmicrohttpd are this one's and the
 * server's.
 */
#ifndef CV_WEB_SERVER_EXCHANGE_H
#define CV_WEB_SERVER_EXCHANGE_H

#include <microhttpd.h>

#include "web/flow/queue.h"
#include "web/request/service.h"

enum cv_exchange_state {
    CV_EXCHANGE_NEW = 0, /* its target is known */
    CV_EXCHANGE_READING, /* its headers are; the body comes */
    CV_EXCHANGE_WAITING, /* suspended, for a worker or with one */
    CV_EXCHANGE_ANSWERED /* the reply is made */
};

struct cv_exchange {
    struct cv_queued queued; /* first, for the queue */
    struct MHD_Connection *connection;
    enum cv_exchange_state state;
    bool counted; /* among the server's exchanges in flight */
    bool old;     /* HTTP/1.0: the connection's end is the body's */
    struct cv_arena arena;
    struct cv_incoming in;
    struct cv_buffer body;
    size_t refused; /* bytes of a body that is too large */
    struct cv_reply reply;
};

/** NULL: no memory. `max_body` bounds the body. */
struct cv_exchange *cv_exchange_new(struct MHD_Connection *connection, const char *target, size_t max_body);
void cv_exchange_free(struct cv_exchange *exchange);

/** Method, version and headers, which the library keeps while the exchange lasts. */
void cv_exchange_begin(struct cv_exchange *exchange, const char *method, const char *version);
/**
 * Whether the headers say in one way only where the body ends, and for which host: others on the way may choose another
 * one.
 */
bool cv_exchange_is_framed(const struct cv_exchange *exchange);
/** Whether the body that the headers announce is larger than allowed. */
bool cv_exchange_announces_too_much(const struct cv_exchange *exchange);
/** Takes a piece of the body. False: the connection has to be cut. */
bool cv_exchange_take(struct cv_exchange *exchange, const char *data, size_t size);
/** True when all of the body was taken. */
bool cv_exchange_is_whole(const struct cv_exchange *exchange);

/** Queues the reply. `last` closes the connection behind it. */
enum MHD_Result cv_exchange_send(struct cv_exchange *exchange, bool last);

#endif
