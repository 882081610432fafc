#include "web/flow/pipe.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1024 };

bool cv_pipe_init(struct cv_pipe *pipe, size_t limit, unsigned patience_ms)
{
    *pipe = (struct cv_pipe){.limit = limit, .patience_ms = patience_ms};
    return cv_wait_init(&pipe->wait);
}

void cv_pipe_free(struct cv_pipe *pipe)
{
    free(pipe->data);
    cv_wait_free(&pipe->wait);
}

/* ---- under the lock ---- */

static void notify(struct cv_pipe *pipe)
{
    pthread_cond_broadcast(&pipe->wait.changed);
    if (!pipe->asleep)
        return;
    pipe->asleep = false;
    if (pipe->reader.wake)
        pipe->reader.wake(pipe->reader.arg);
}

/* Room for `size` bytes behind the others. False: no memory. */
static bool make_room(struct cv_pipe *pipe, size_t size)
{
    size_t held = pipe->end - pipe->begin;
    if (pipe->capacity - pipe->end >= size)
        return true;
    if (pipe->begin > 0) {
        memmove(pipe->data, pipe->data + pipe->begin, held);
        pipe->begin = 0;
        pipe->end = held;
    }
    size_t capacity = pipe->capacity ? pipe->capacity : FIRST_CAPACITY;
    while (capacity - held < size)
        capacity *= 2;
    char *data = capacity > pipe->capacity ? realloc(pipe->data, capacity) : pipe->data;
    if (!data)
        return false;
    pipe->data = data;
    pipe->capacity = capacity;
    return true;
}

static enum cv_pipe_put put(struct cv_pipe *pipe, const char *data, size_t size)
{
    if (size == 0)
        return CV_PUT_GOOD;
    if (!make_room(pipe, size))
        return CV_PUT_NO_MEMORY;
    memcpy(pipe->data + pipe->end, data, size);
    pipe->end += size;
    notify(pipe);
    return CV_PUT_GOOD;
}

static size_t room_in(const struct cv_pipe *pipe)
{
    size_t held = pipe->end - pipe->begin;
    return held < pipe->limit ? pipe->limit - held : 0;
}

/* Each byte that is taken buys the reader new patience. False: it is over. */
static bool wait_for_room(struct cv_pipe *pipe)
{
    int64_t until = cv_wait_deadline(pipe->patience_ms);
    bool early = true;
    while (early && pipe->state == CV_PIPE_OPEN && room_in(pipe) == 0)
        early = cv_wait_until(&pipe->wait, until);
    return pipe->state != CV_PIPE_OPEN || room_in(pipe) > 0;
}

/* ---- the writer ---- */

enum cv_pipe_put cv_pipe_write(struct cv_pipe *pipe, const char *data, size_t size)
{
    enum cv_pipe_put outcome = CV_PUT_GOOD;
    pthread_mutex_lock(&pipe->wait.mutex);
    while (size > 0 && outcome == CV_PUT_GOOD && pipe->state == CV_PIPE_OPEN) {
        size_t room = room_in(pipe);
        size_t piece = room < size ? room : size;
        outcome = put(pipe, data, piece);
        data += piece;
        size -= piece;
        if (size > 0 && outcome == CV_PUT_GOOD && !wait_for_room(pipe))
            outcome = CV_PUT_STALLED;
    }
    if (outcome == CV_PUT_GOOD && pipe->state != CV_PIPE_OPEN)
        outcome = CV_PUT_CLOSED;
    pthread_mutex_unlock(&pipe->wait.mutex);
    return outcome;
}

enum cv_pipe_put cv_pipe_offer(struct cv_pipe *pipe, const char *data, size_t size, bool anyway)
{
    enum cv_pipe_put outcome = CV_PUT_CLOSED;
    pthread_mutex_lock(&pipe->wait.mutex);
    bool fits = anyway || pipe->begin == pipe->end || room_in(pipe) >= size;
    if (pipe->state == CV_PIPE_OPEN)
        outcome = fits ? put(pipe, data, size) : CV_PUT_STALLED;
    pthread_mutex_unlock(&pipe->wait.mutex);
    return outcome;
}

void cv_pipe_close(struct cv_pipe *pipe, enum cv_pipe_state state)
{
    pthread_mutex_lock(&pipe->wait.mutex);
    if (state > pipe->state) {
        pipe->state = state;
        notify(pipe);
    }
    pthread_mutex_unlock(&pipe->wait.mutex);
}

void cv_pipe_cut(struct cv_pipe *pipe)
{
    pthread_mutex_lock(&pipe->wait.mutex);
    pipe->state = CV_PIPE_BROKEN;
    notify(pipe);
    if (pipe->reader.cut)
        pipe->reader.cut(pipe->reader.arg);
    pthread_mutex_unlock(&pipe->wait.mutex);
}

/* ---- the reader ---- */

void cv_pipe_leave(struct cv_pipe *pipe)
{
    pthread_mutex_lock(&pipe->wait.mutex);
    pipe->reader = (struct cv_pipe_reader){.arg = NULL};
    pipe->state = CV_PIPE_BROKEN;
    notify(pipe);
    pthread_mutex_unlock(&pipe->wait.mutex);
}

void cv_pipe_set_reader(struct cv_pipe *pipe, const struct cv_pipe_reader *reader)
{
    pthread_mutex_lock(&pipe->wait.mutex);
    pipe->reader = *reader;
    pthread_mutex_unlock(&pipe->wait.mutex);
}

/* Many that sleep should not hold what only those need that are busy. */
static void fall_asleep(struct cv_pipe *pipe)
{
    free(pipe->data);
    pipe->data = NULL;
    pipe->capacity = 0;
    pipe->asleep = true;
    if (pipe->reader.sleep)
        pipe->reader.sleep(pipe->reader.arg);
}

size_t cv_pipe_read(struct cv_pipe *pipe, char *into, size_t size, enum cv_pipe_state *state)
{
    pthread_mutex_lock(&pipe->wait.mutex);
    size_t held = pipe->end - pipe->begin;
    if (size > held)
        size = held;
    if (size > 0) {
        memcpy(into, pipe->data + pipe->begin, size);
        pipe->begin += size;
        pipe->taken += size;
        pthread_cond_broadcast(&pipe->wait.changed);
    }
    if (pipe->begin == pipe->end)
        pipe->begin = pipe->end = 0;
    *state = pipe->state;
    if (size == 0 && pipe->state == CV_PIPE_OPEN)
        fall_asleep(pipe);
    pthread_mutex_unlock(&pipe->wait.mutex);
    return size;
}

bool cv_pipe_wait(struct cv_pipe *pipe, unsigned ms)
{
    int64_t until = cv_wait_deadline(ms);
    bool early = true;
    pthread_mutex_lock(&pipe->wait.mutex);
    while (early && pipe->state == CV_PIPE_OPEN && pipe->begin == pipe->end)
        early = cv_wait_until(&pipe->wait, until);
    bool found = pipe->begin < pipe->end;
    pthread_mutex_unlock(&pipe->wait.mutex);
    return found;
}
