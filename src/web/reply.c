#include "web/reply.h"

#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "model/json_write.h"

void cv_reply_init(struct cv_reply *reply)
{
    *reply = (struct cv_reply){.file = -1};
    cv_buffer_init(&reply->body, 0);
}

static void close_file(struct cv_reply *reply)
{
    if (reply->file >= 0)
        close(reply->file);
    reply->file = -1;
}

void cv_reply_free(struct cv_reply *reply)
{
    cv_buffer_free(&reply->body);
    close_file(reply);
}

void cv_reply_begin(struct cv_reply *reply, int status, const char *content_type)
{
    reply->status = status;
    reply->content_type = content_type;
    reply->headers = NULL;
    reply->exact = false;
    reply->fixed = (struct cv_slice){NULL, 0};
    close_file(reply);
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
