#include "queue.h"

#include <stddef.h>

void queue_init(struct queue *queue)
{
    *queue = (struct queue){0};
    pthread_mutex_init(&queue->mutex, NULL);
    pthread_cond_init(&queue->filled, NULL);
}

bool queue_push(struct queue *queue, struct queue_link *link)
{
    link->next = NULL;
    pthread_mutex_lock(&queue->mutex);
    bool accepted = !queue->closed;
    bool wake = accepted && queue->idle > 0;
    if (accepted && queue->last != NULL) {
        queue->last->next = link;
    } else if (accepted) {
        queue->first = link;
    }
    if (accepted) {
        queue->last = link;
    }
    pthread_mutex_unlock(&queue->mutex);
    if (wake) {
        pthread_cond_signal(&queue->filled);
    }
    return accepted;
}

struct queue_link *queue_pop(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    while (queue->first == NULL && !queue->closed) {
        queue->idle++;
        pthread_cond_wait(&queue->filled, &queue->mutex);
        queue->idle--;
    }
    struct queue_link *link = queue->first;
    if (link != NULL) {
        queue->first = link->next;
    }
    if (queue->first == NULL) {
        queue->last = NULL;
    }
    pthread_mutex_unlock(&queue->mutex);
    return link;
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->mutex);
    queue->closed = true;
    pthread_mutex_unlock(&queue->mutex);
    pthread_cond_broadcast(&queue->filled);
}

void queue_destroy(struct queue *queue)
{
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->mutex);
}
