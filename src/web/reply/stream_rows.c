/* A query's rows as a stream. */
#include "web/reply/begin.h"
#include "web/reply/projection.h"
#include "web/reply/streamed.h"

/* Rows go on in pieces of this size: each piece wakes the reader. */
enum { PIECE = 16 * 1024 };

struct rows {
    struct cv_projection projection;
    struct cv_slice first; /* row's object: the handler may yet do what ends the cursor. data NULL: there is none */
    bool lines;            /* one object a line, instead of a list */
};

static bool send_piece(cuvee_stream *stream, struct cv_buffer *piece)
{
    if (piece->failed) {
        cuvee_stream_fail(stream, "out of memory");
        return false;
    }
    bool sent = cuvee_stream_write(stream, piece->data, piece->size);
    cv_buffer_clear(piece);
    return sent;
}

/* What stands behind an object and before the next one. */
static bool write_border(cuvee_stream *stream, struct cv_buffer *piece, char border)
{
    cv_buffer_char(piece, border);
    return piece->size < PIECE || send_piece(stream, piece);
}

static bool write_objects(cuvee_stream *stream, const struct rows *rows, struct cv_buffer *piece)
{
    const cuvee_value *cells;
    char border = rows->lines ? '\n' : ',';
    bool good = true;
    cv_buffer_bytes(piece, rows->first.data, rows->first.size);
    while (good && (cells = cv_cursor_next(stream->cursor))) {
        good = write_border(stream, piece, border);
        cv_project_cells(piece, &rows->projection, cells);
    }
    return good && cuvee_session_error(stream->session)->kind == CUVEE_ERROR_NONE;
}

static void write_rows(cuvee_stream *stream, void *arg)
{
    const struct rows *rows = arg;
    struct cv_buffer piece;
    cv_buffer_init(&piece, 0);
    if (!rows->lines)
        cv_buffer_char(&piece, '[');
    if (!rows->first.data || write_objects(stream, rows, &piece)) {
        if (!rows->lines)
            cv_buffer_char(&piece, ']');
        else if (rows->first.data)
            cv_buffer_char(&piece, '\n');
        send_piece(stream, &piece);
    }
    cv_buffer_free(&piece);
}

/* False: no memory. */
static bool keep_first(struct rows *rows, const cuvee_value *cells, struct cv_arena *arena)
{
    struct cv_buffer object;
    if (!cells)
        return true;
    cv_buffer_init(&object, 0);
    cv_project_cells(&object, &rows->projection, cells);
    if (!object.failed)
        rows->first = (struct cv_slice){cv_arena_copy(arena, object.data, object.size), object.size};
    cv_buffer_free(&object);
    return rows->first.data != NULL;
}

/* Its errors until here make an ordinary reply, and the first row's too. */
static void start(cuvee_request *request, struct cuvee_stream *stream, cuvee_query *query, bool lines)
{
    struct rows *rows = cv_arena_zero(&stream->arena, sizeof *rows);
    if (!rows) {
        cv_fail(request, "out of memory");
        return;
    }
    stream->arg = rows;
    rows->lines = lines;
    if (!cv_projection_make(request, &stream->arena, cv_query_plan(query), true, &rows->projection))
        return;
    stream->session = request->session;
    stream->cursor = cv_cursor_open(query);
    if (!keep_first(rows, cv_cursor_next(stream->cursor), &stream->arena))
        cv_fail(request, "out of memory");
}

static void reply(cuvee_request *request, cuvee_query *query, bool lines)
{
    if (!cv_begin_good(request, NULL))
        return;
    if (!query || cv_query_session(query) != request->session) {
        cv_fail(request, "%s streams a query that is none of cuvee_request_session; see cuvee_reply_stream",
                request->endpoint->name);
        return;
    }
    struct cuvee_stream *stream =
        cv_stream_new(request, lines ? "application/x-ndjson" : CV_JSON_TYPE, write_rows, NULL);
    if (stream)
        start(request, stream, query, lines);
}

void cuvee_reply_query_stream(cuvee_request *request, cuvee_query *query)
{
    reply(request, query, false);
}

void cuvee_reply_query_lines(cuvee_request *request, cuvee_query *query)
{
    reply(request, query, true);
}
