/** HTTP as bytes on a socket, for what no well-behaved client would send. */
#ifndef TESTS_WEB_WIRE_H
#define TESTS_WEB_WIRE_H

#include <stdbool.h>
#include <stddef.h>

/* One reply as it came. Free it with wire_free. */
struct wire_reply {
    int status; /* 0: the connection ended before one came */
    char *head; /* status line and headers; ends with NUL */
    char *body; /* ends with NUL */
    size_t body_size;
};

/** A connection to a port of this machine; -1: refused. */
int wire_dial(unsigned port);
/** Sends all of it; false when the other side does not take it any more. */
bool wire_send(int fd, const char *bytes, size_t size);
bool wire_say(int fd, const char *text);
/** Reads one reply, with Content-Length or until the end. Waits for at most two minutes, then gives status 0. */
struct wire_reply wire_hear(int fd);
/**
 * Reads a reply in chunks, taken out of them. *whole: the chunk that ends it came, and not just the connection's end.
 */
struct wire_reply wire_hear_chunks(int fd, bool *whole);
/** Reads status line and headers alone: the rest is still to come. */
struct wire_reply wire_hear_begin(int fd);
/**
 * Reads the next chunk of such a reply behind the others. False: it was the last one, which is empty, or the connection
 * ended.
 */
bool wire_hear_chunk(int fd, struct wire_reply *reply, bool *whole);
/** Reads a reply to HEAD: no body, whatever the headers say. */
struct wire_reply wire_hear_head(int fd);
void wire_free(struct wire_reply *reply);
/** Whether the head has this header; the value up to the line's end is put into `value`. */
bool wire_header(const struct wire_reply *reply, const char *name, char *value, size_t size);
/** Reads until the other side hangs up. False when it does not within two minutes. */
bool wire_hung_up(int fd);

/** dial, say, hear, close. */
struct wire_reply wire_ask(unsigned port, const char *request);

#endif
