#include "web/wire/reply.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "model/json_write.h"
#include "web/flow/stream.h"

void cv_reply_init(struct cv_reply *reply)
{
    *reply = (struct cv_reply){.file = -1};
    cv_buffer_init(&reply->body, 0);
}

/* The bodies that are no bytes. */
static void close_sources(struct cv_reply *reply)
{
    if (reply->file >= 0)
        close(reply->file);
    reply->file = -1;
    cv_stream_leave(reply->stream);
    reply->stream = NULL;
}

void cv_reply_free(struct cv_reply *reply)
{
    cv_buffer_free(&reply->body);
    close_sources(reply);
}

void cv_reply_begin(struct cv_reply *reply, int status, const char *content_type)
{
    reply->status = status;
    reply->content_type = content_type;
    reply->headers = NULL;
    reply->exact = false;
    reply->fixed = (struct cv_slice){NULL, 0};
    close_sources(reply);
    cv_buffer_clear(&reply->body);
}

bool cv_reply_header(struct cv_reply *reply, struct cv_arena *arena, const char *name, const char *value)
{
    struct cv_header *header = cv_arena_alloc(arena, sizeof *header);
    if (!header)
        return false;
    struct cv_header **slot = &reply->headers;
    while (*slot)
        slot = &(*slot)->next;
    *header = (struct cv_header){.name = name, .value = value};
    *slot = header;
    return true;
}

static struct cv_header **slot_of(struct cv_header **list, const char *name)
{
    while (*list && !cv_slice_is_caseless(cv_slice((*list)->name), name))
        list = &(*list)->next;
    return list;
}

const char *cv_reply_header_of(const struct cv_reply *reply, const char *name)
{
    struct cv_header *list = reply->headers;
    struct cv_header *found = *slot_of(&list, name);
    return found ? found->value : NULL;
}

bool cv_reply_set_header(struct cv_reply *reply, struct cv_arena *arena, const char *name, const char *value)
{
    struct cv_header *found = *slot_of(&reply->headers, name);
    if (!found)
        return cv_reply_header(reply, arena, name, value);
    found->value = value;
    return true;
}

void cv_reply_drop_header(struct cv_reply *reply, const char *name)
{
    for (struct cv_header **slot = slot_of(&reply->headers, name); *slot; slot = slot_of(slot, name))
        *slot = (*slot)->next;
}

bool cv_reply_vary(struct cv_reply *reply, struct cv_arena *arena, const char *name)
{
    const char *before = cv_reply_header_of(reply, "Vary");
    struct cv_slice rest = cv_slice(before ? before : "");
    struct cv_slice word;
    while (cv_list_next(&rest, &word))
        if (cv_slice_is(word, "*") || cv_slice_is_caseless(word, name))
            return true;
    if (!before)
        return cv_reply_header(reply, arena, "Vary", name);
    size_t size = strlen(before) + strlen(name) + sizeof ", ";
    char *both = cv_arena_alloc(arena, size);
    if (!both)
        return false;
    snprintf(both, size, "%s, %s", before, name);
    return cv_reply_set_header(reply, arena, "Vary", both);
}

uint64_t cv_reply_size(const struct cv_reply *reply)
{
    return reply->file >= 0 ? reply->file_size : reply->fixed.data ? reply->fixed.size : reply->body.size;
}

void cv_reply_detail(struct cv_reply *reply, int status, const char *detail)
{
    cv_reply_begin(reply, status, CV_JSON_TYPE);
    cv_buffer_put(&reply->body, "{\"detail\":");
    struct cv_slice text = cv_slice(cv_utf8_valid(detail, strlen(detail)) ? detail : cv_status_text(status));
    cv_json_string(&reply->body, text.data, text.size);
    cv_buffer_char(&reply->body, '}');
}

void cv_reply_broken(struct cv_reply *reply)
{
    cv_reply_begin(reply, 500, CV_TEXT_TYPE);
    reply->fixed = cv_slice("Internal Server Error");
}

const char *cv_status_text(int status)
{
    static const struct {
        int status;
        const char *text;
    } texts[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {402, "Payment Required"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {422, "Unprocessable Content"},
        {423, "Locked"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {507, "Insufficient Storage"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].status == status)
            return texts[i].text;
    return "";
}
