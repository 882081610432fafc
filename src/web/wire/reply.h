/** Reply: status, headers and body, free of HTTP's wire form. */
#ifndef CV_WEB_WIRE_REPLY_H
#define CV_WEB_WIRE_REPLY_H

#include <stdint.h>

#include <cuvee/error.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "web/wire/text.h"

struct cv_header {
    struct cv_header *next;
    const char *name;
    const char *value;
};

/* What is done when the reply has left. */
struct cv_task;
struct cuvee_stream;

struct cv_reply {
    int status;               /* 0: none given yet */
    bool exact;               /* the status belongs to the body: 206, 304, 307 */
    const char *content_type; /* NULL: no body */
    struct cv_header *headers;
    struct cv_buffer body;
    struct cv_slice fixed; /* instead of body: bytes that live as long as the application */
    int file;              /* instead of body: open for reading, -1: none; from `file_begin`, `file_size` bytes */
    uint64_t file_begin;
    uint64_t file_size;
    struct cuvee_stream *stream; /* instead of body: made while it leaves; NULL: none */
    struct cv_task *tasks;       /* in order of asking; the reply's owner runs or frees them */
};

#define CV_JSON_TYPE "application/json"
#define CV_TEXT_TYPE "text/plain; charset=utf-8"

void cv_reply_init(struct cv_reply *reply);
void cv_reply_free(struct cv_reply *reply);

/** Begins the reply anew: what an earlier one wrote is forgotten, headers too. */
void cv_reply_begin(struct cv_reply *reply, int status, const char *content_type);
/** Adds a header; name and value are borrowed. False: no memory. */
bool cv_reply_header(struct cv_reply *reply, struct cv_arena *arena, const char *name, const char *value);

/** The value of the first header of this name, without regard to case; NULL: none. */
const char *cv_reply_header_of(const struct cv_reply *reply, const char *name);
/** The same as cv_reply_header, in place of one of this name. */
bool cv_reply_set_header(struct cv_reply *reply, struct cv_arena *arena, const char *name, const char *value);
/** Takes all headers of this name away. */
void cv_reply_drop_header(struct cv_reply *reply, const char *name);
/** Adds a header's name to what Vary lists. False: no memory. */
bool cv_reply_vary(struct cv_reply *reply, struct cv_arena *arena, const char *name);
/** How many bytes its body has. */
uint64_t cv_reply_size(const struct cv_reply *reply);

/** {"detail": detail}. */
void cv_reply_detail(struct cv_reply *reply, int status, const char *detail);
/** 500 as plain text. */
void cv_reply_broken(struct cv_reply *reply);

/** "Not Found" for 404; "" for a number that is no status. */
const char *cv_status_text(int status);

#endif
