#include "web/flow/queue.h"

bool cv_queue_init(struct cv_queue *queue, size_t limit)
{
    *queue = (struct cv_queue){.limit = limit};
    return cv_wait_init(&queue->wait);
}

void cv_queue_free(struct cv_queue *queue)
{
    cv_wait_free(&queue->wait);
}

bool cv_queue_push(struct cv_queue *queue, struct cv_queued *item)
{
    item->next = NULL;
    pthread_mutex_lock(&queue->wait.mutex);
    bool taken = !queue->closed && queue->count < queue->limit;
    if (taken) {
        if (queue->last)
            queue->last->next = item;
        else
            queue->first = item;
        queue->last = item;
        queue->count++;
    }
    bool wake = taken && queue->idle > 0;
    pthread_mutex_unlock(&queue->wait.mutex);
    if (wake)
        pthread_cond_signal(&queue->wait.changed);
    return taken;
}

struct cv_queued *cv_queue_pop(struct cv_queue *queue)
{
    pthread_mutex_lock(&queue->wait.mutex);
    while (!queue->first && !queue->closed) {
        queue->idle++;
        pthread_cond_wait(&queue->wait.changed, &queue->wait.mutex);
        queue->idle--;
    }
    struct cv_queued *item = queue->first;
    if (item) {
        queue->first = item->next;
        queue->count--;
        if (!queue->first)
            queue->last = NULL;
    }
    pthread_mutex_unlock(&queue->wait.mutex);
    return item;
}

struct cv_queued *cv_queue_close(struct cv_queue *queue)
{
    pthread_mutex_lock(&queue->wait.mutex);
    struct cv_queued *waiting = queue->first;
    queue->first = queue->last = NULL;
    queue->count = 0;
    queue->closed = true;
    pthread_mutex_unlock(&queue->wait.mutex);
    pthread_cond_broadcast(&queue->wait.changed);
    return waiting;
}
