#include "web/server/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "web/flow/stream.h"

/* So many times the allowed size are read and thrown away, so that the client gets to read why it was refused. */
enum { PATIENCE = 8 };

/* A search for one header. */
struct header_search {
    const char *name;
    bool (*visit)(void *arg, struct cv_slice value);
    void *arg;
};

static enum MHD_Result visit_header(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
    const struct header_search *search = arg;
    (void)kind;
    if (!value || !cv_slice_is_caseless(cv_slice(name), search->name))
        return MHD_YES;
    return search->visit(search->arg, cv_slice(value)) ? MHD_YES : MHD_NO;
}

/* A suspended connection's headers do not change, so a worker may read them. */
static void each_header(const void *of, const char *name, bool (*visit)(void *arg, struct cv_slice value), void *arg)
{
    const struct cv_exchange *exchange = of;
    struct header_search search = {name, visit, arg};
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, visit_header, &search);
}

struct cv_exchange *cv_exchange_new(struct MHD_Connection *connection, const char *target, size_t max_body)
{
    struct cv_exchange *exchange = malloc(sizeof *exchange);
    if (!exchange)
        return NULL;
    size_t size = strlen(target);
    *exchange = (struct cv_exchange){.connection = connection, .in.headers = {each_header, exchange}};
    cv_arena_init(&exchange->arena, 0);
    cv_buffer_init(&exchange->body, max_body);
    cv_reply_init(&exchange->reply);
    exchange->in.target = (struct cv_slice){cv_arena_copy(&exchange->arena, target, size), size};
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    exchange->in.client = info ? info->client_addr : NULL;
    if (exchange->in.target.data)
        return exchange;
    cv_exchange_free(exchange);
    return NULL;
}

void cv_exchange_free(struct cv_exchange *exchange)
{
    if (!exchange)
        return;
    cv_reply_free(&exchange->reply);
    cv_buffer_free(&exchange->body);
    cv_arena_free(&exchange->arena);
    free(exchange);
}

void cv_exchange_begin(struct cv_exchange *exchange, const char *method, const char *version)
{
    exchange->in.method = cv_slice(method);
    exchange->old = strcmp(version, MHD_HTTP_VERSION_1_0) == 0;
    exchange->state = CV_EXCHANGE_READING;
}

/* What the headers say about where the body ends, and for whom it is. */
struct framing {
    struct cv_slice length; /* data NULL: not said */
    unsigned hosts;
    bool chunked;
    bool wrong;
};

static void see_length(struct framing *framing, struct cv_slice value)
{
    framing->wrong |= framing->length.data && !cv_slice_same(framing->length, value);
    framing->length = value;
}

/* Not trimmed: it is compared as the library compares it. */
static void see_encoding(struct framing *framing, struct cv_slice value)
{
    framing->wrong |= framing->chunked || !cv_slice_is_caseless(value, "chunked");
    framing->chunked = true;
}

/* Whether a name is the other with more behind it: the library hangs a folded line on the name. */
static bool is_longer(struct cv_slice name, const char *prefix)
{
    size_t size = strlen(prefix);
    return name.size > size && cv_slice_is_caseless((struct cv_slice){name.data, size}, prefix);
}

/* Who passes a request on may take "Content-Length : 5", or a folded line, for what the library does not see in it. */
static bool is_ambiguous(struct cv_slice name)
{
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] > '\0' && name.data[i] <= ' ')
            return true;
    return is_longer(name, "Content-Length") || is_longer(name, "Transfer-Encoding");
}

/* What may be read in two ways: where the request ends, and, with two hosts, whom it is for. */
static enum MHD_Result see_header(void *arg, enum MHD_ValueKind kind, const char *text, const char *value)
{
    struct framing *framing = arg;
    struct cv_slice name = cv_slice(text);
    (void)kind;
    if (is_ambiguous(name))
        framing->wrong = true;
    else if (value && cv_slice_is_caseless(name, "Host"))
        framing->wrong |= framing->hosts++ > 0;
    else if (value && cv_slice_is_caseless(name, "Content-Length"))
        see_length(framing, cv_slice(value));
    else if (value && cv_slice_is_caseless(name, "Transfer-Encoding"))
        see_encoding(framing, cv_slice(value));
    return framing->wrong ? MHD_NO : MHD_YES;
}

bool cv_exchange_is_framed(const struct cv_exchange *exchange)
{
    struct framing framing = {.wrong = false};
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, see_header, &framing);
    return !framing.wrong && !(framing.chunked && framing.length.data);
}

bool cv_exchange_announces_too_much(const struct cv_exchange *exchange)
{
    if (cv_slice_is(exchange->in.method, "GET"))
        return false; /* has no body as a rule, and is watched while it comes */
    const char *text = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, "Content-Length");
    errno = 0;
    unsigned long long size = text ? strtoull(text, NULL, 10) : 0;
    return errno != 0 || size > exchange->body.limit;
}

bool cv_exchange_take(struct cv_exchange *exchange, const char *data, size_t size)
{
    cv_buffer_bytes(&exchange->body, data, size);
    if (exchange->body.failed == CV_BUFFER_NO_MEMORY)
        return false;
    if (exchange->body.failed == CV_BUFFER_OVER_LIMIT)
        exchange->refused += size;
    exchange->in.body = (struct cv_slice){exchange->body.data, exchange->body.size};
    return exchange->refused / PATIENCE <= exchange->body.limit;
}

bool cv_exchange_is_whole(const struct cv_exchange *exchange)
{
    return exchange->body.failed == CV_BUFFER_GOOD;
}

/* ---- a stream ---- */

static void suspend(void *arg)
{
    struct cv_exchange *exchange = arg;
    MHD_suspend_connection(exchange->connection);
}

static void resume(void *arg)
{
    struct cv_exchange *exchange = arg;
    MHD_resume_connection(exchange->connection);
}

/* An old client cannot tell a body that was cut from one that ended, unless the connection is reset. */
static bool end_socket(const struct cv_exchange *exchange, bool reset)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info && (!reset || connect(info->connect_fd, &nowhere, sizeof nowhere) != 0))
        shutdown(info->connect_fd, SHUT_RDWR);
    return info != NULL;
}

/* From another thread: who takes nothing would keep its connection until its time is over. */
static void cut(void *arg)
{
    const struct cv_exchange *exchange = arg;
    end_socket(exchange, exchange->old);
}

/*
 * Ends the connection behind what was sent, or by a reset. The library (0.9.75) forgets to close a connection whose
 * body ends by closing it until its time is over, but not one to which it cannot send: so the socket is ended here, and
 * a byte is given that never leaves.
 */
static ssize_t hang_up(const struct cv_exchange *exchange, bool reset, char *into)
{
    if (!end_socket(exchange, reset))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    *into = '\0';
    return 1;
}

static ssize_t read_stream(void *arg, uint64_t position, char *into, size_t size)
{
    struct cv_exchange *exchange = arg;
    enum cv_pipe_state state;
    (void)position;
    size_t got = cv_pipe_read(&exchange->reply.stream->pipe, into, size, &state);
    if (got > 0 || state == CV_PIPE_OPEN)
        return (ssize_t)got;
    if (state == CV_PIPE_ENDED && !exchange->old)
        return MHD_CONTENT_READER_END_OF_STREAM;
    return hang_up(exchange, exchange->old && state == CV_PIPE_BROKEN, into);
}

static struct MHD_Response *make_stream(struct cv_exchange *exchange)
{
    enum { PIECE = 16 * 1024 };
    const struct cv_pipe_reader reader = {.sleep = suspend, .wake = resume, .cut = cut, .arg = exchange};
    cv_pipe_set_reader(&exchange->reply.stream->pipe, &reader);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, read_stream, exchange, NULL);
}

/* ---- the reply ---- */

static struct MHD_Response *make_response(struct cv_exchange *exchange)
{
    struct cv_reply *reply = &exchange->reply;
    size_t size;
    if (reply->stream)
        return make_stream(exchange);
    if (reply->file >= 0) {
        struct MHD_Response *response =
            MHD_create_response_from_fd_at_offset64(reply->file_size, reply->file, reply->file_begin);
        if (response)
            reply->file = -1; /* the response closes it */
        return response;
    }
    if (reply->fixed.data)
        return MHD_create_response_from_buffer(reply->fixed.size, (void *)reply->fixed.data, MHD_RESPMEM_PERSISTENT);
    if (reply->body.size == 0)
        return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
    char *body = cv_buffer_take(&reply->body, &size);
    struct MHD_Response *response = MHD_create_response_from_buffer(size, body, MHD_RESPMEM_MUST_FREE);
    if (!response)
        free(body);
    return response;
}

static bool add_headers(struct MHD_Response *response, const struct cv_reply *reply, bool last)
{
    bool good = !reply->content_type || MHD_add_response_header(response, "Content-Type", reply->content_type);
    for (const struct cv_header *header = reply->headers; good && header; header = header->next)
        good = MHD_add_response_header(response, header->name, header->value);
    return good && (!last || MHD_add_response_header(response, "Connection", "close"));
}

enum MHD_Result cv_exchange_send(struct cv_exchange *exchange, bool last)
{
    struct cv_reply *reply = &exchange->reply;
    if (reply->stream && cv_slice_is(exchange->in.method, "HEAD"))
        last = true; /* the library sends the last chunk, which no client would expect on a connection that goes on */
    struct MHD_Response *response = make_response(exchange);
    if (!response)
        return MHD_NO;
    enum MHD_Result sent = MHD_NO;
    if (add_headers(response, reply, last))
        sent = MHD_queue_response(exchange->connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return sent;
}
