/* Replies that are compressed on their way out. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "web/front/front.h"

/* A larger file is sent as it is: it would have to be held in memory. */
enum { LARGEST_FILE = 8 * 1024 * 1024 };

/* ---- whether ---- */

static bool begins(struct cv_slice text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

static bool ends(struct cv_slice text, const char *suffix)
{
    size_t size = strlen(suffix);
    return text.size >= size && memcmp(text.data + text.size - size, suffix, size) == 0;
}

/* Types that become smaller; pictures, films, fonts and archives are compressed already, and events must not wait. */
static bool is_compressible(const char *content_type)
{
    static const char *const others[] = {"application/json", "application/javascript", "application/xml",
                                         "application/wasm"};
    struct cv_slice rest = cv_slice(content_type);
    struct cv_slice type = cv_slice_trim(cv_slice_cut(&rest, ';'));
    if (begins(type, "text/"))
        return !cv_slice_is(type, "text/event-stream");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (cv_slice_is(type, others[i]))
            return true;
    return ends(type, "+json") || ends(type, "+xml");
}

static bool is_whole(const struct cv_reply *reply)
{
    return reply->status >= 200 && reply->status != 204 && reply->status != 206 && reply->status != 304;
}

static bool is_worth_it(const struct cv_front *front, const struct cv_reply *reply)
{
    return front->gzip_min_size > 0 && reply->content_type && is_whole(reply) && !reply->body.failed &&
           cv_reply_size(reply) >= front->gzip_min_size && (reply->file < 0 || reply->file_size <= LARGEST_FILE) &&
           is_compressible(reply->content_type) && !cv_reply_header_of(reply, "Content-Encoding");
}

/* ---- how ---- */

/* Compresses all of `in` into `out`. False: no memory; or it did not become smaller. */
static bool compress_all(struct cv_slice in, struct cv_buffer *out)
{
    enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };
    z_stream stream = {.next_in = (Bytef *)in.data, .avail_in = (uInt)in.size};
    if (in.size > UINT32_MAX ||
        deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    uLong most = deflateBound(&stream, (uLong)in.size);
    stream.next_out = (Bytef *)cv_buffer_reserve(out, most);
    stream.avail_out = stream.next_out ? (uInt)most : 0;
    bool done = stream.next_out && deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out->size = done ? most - stream.avail_out : 0;
    deflateEnd(&stream);
    return done && out->size < in.size;
}

static bool read_file(const struct cv_reply *reply, struct cv_buffer *content)
{
    char *room = cv_buffer_reserve(content, reply->file_size);
    while (room && content->size < reply->file_size) {
        ssize_t got = pread(reply->file, content->data + content->size, reply->file_size - content->size,
                            (off_t)(reply->file_begin + content->size));
        if (got <= 0)
            return false;
        content->size += (size_t)got;
    }
    return room != NULL;
}

static bool compress_reply(const struct cv_reply *reply, struct cv_buffer *out)
{
    if (reply->file < 0)
        return compress_all(reply->fixed.data ? reply->fixed : (struct cv_slice){reply->body.data, reply->body.size},
                            out);
    struct cv_buffer content;
    cv_buffer_init(&content, 0);
    bool good = read_file(reply, &content) && compress_all((struct cv_slice){content.data, content.size}, out);
    cv_buffer_free(&content);
    return good;
}

static void replace_body(struct cv_reply *reply, struct cv_buffer *body)
{
    cv_buffer_free(&reply->body);
    reply->body = *body;
    reply->fixed = (struct cv_slice){NULL, 0};
    if (reply->file >= 0)
        close(reply->file);
    reply->file = -1;
}

/* The bytes are not those of the strong ETag any more, and no part of them can be asked for. */
static bool weaken(struct cv_reply *reply, struct cv_arena *arena)
{
    const char *etag = cv_reply_header_of(reply, "ETag");
    cv_reply_drop_header(reply, "Accept-Ranges");
    if (!etag || etag[0] != '"')
        return true;
    size_t size = sizeof "W/" + strlen(etag);
    char *weak = cv_arena_alloc(arena, size);
    if (!weak)
        return false;
    snprintf(weak, size, "W/%s", etag);
    return cv_reply_set_header(reply, arena, "ETag", weak);
}

bool cv_gzip(const struct cv_front *front, const struct cv_headers *headers, bool head, struct cv_arena *arena,
             struct cv_reply *reply)
{
    if (!is_worth_it(front, reply))
        return true;
    if (!cv_reply_vary(reply, arena, "Accept-Encoding"))
        return false;
    struct cv_buffer out;
    cv_buffer_init(&out, 0);
    if (head || !cv_wants_gzip(headers) || !compress_reply(reply, &out)) {
        cv_buffer_free(&out);
        return true;
    }
    replace_body(reply, &out);
    return weaken(reply, arena) && cv_reply_set_header(reply, arena, "Content-Encoding", "gzip");
}
